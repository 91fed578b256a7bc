"""What a map says and offers beside its layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geoconflict.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geoconflict.maps.basemap import Archive
    from geoconflict.maps.web.words import Words

DISCLAIMER = (
    "Boundaries and names shown do not imply endorsement or acceptance by the authors. "
    "Circles around points show location uncertainty."
)


@dataclass(frozen=True, slots=True)
class MapOptions:
    """What a map says and offers beside its layers.

    Attributes
    ----------
    lang : str
        Language of the page's own words and texts, as a BCP 47 tag; numbers and dates follow it.
        Shipped are English, Arabic, French, German, Russian, Spanish and Ukrainian; in another
        the words are English, and a ``LanguageWarning`` says so.
    words : mapping of str to str
        English wording → wording, for a language that is not shipped or in place of what is;
        ``geoconflict.maps.web.words.keys()`` lists all of them.
    method : str
        How the map was made, in a sentence or two; shown under "Sources and method".
    disclaimer : str
        About boundaries and names.
    time : bool
        Whether layers with dates get a slider.
    locator : bool
        Whether a small picture shows where the view lies in the wider region; a map of a
        continent has none.
    tiles : str, Path or Archive
        A local ``.pmtiles`` whose tiles of the view are put into the file (an ``Archive`` sets its
        limits and whom to credit); or the name of online tiles as xyzservices has it, such as
        ``OpenStreetMap.Mapnik``, under which the embedded ground shows without a network; or
        empty. Only online tiles make requests.
    static : bool
        Whether the file holds the printed figure as a picture, for readers without scripts and
        for the case that the page's script fails; needs matplotlib, and takes 50 to 200 KB.
    theme : str
        ``auto`` (as the reader's device), ``light``, ``dark`` or ``contrast``.
    """

    lang: str = "en"
    method: str = ""
    disclaimer: str = DISCLAIMER
    time: bool = True
    theme: str = "light"
    tiles: str | Path | Archive = ""
    static: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    locator: bool = True

    def __post_init__(self) -> None:
        """Refuse what a page cannot take."""
        from geoconflict.maps.web import words

        faults = words.faults(self.words)
        if not all(part.isalnum() and part.isascii() and len(part) <= 8 for part in self.lang.split("-")):
            faults.append(Fault(f"{self.lang!r} is no BCP 47 tag such as 'en' or 'pt-BR'", field="lang"))
        if self.theme not in {"auto", "light", "dark", "contrast"}:
            faults.append(Fault(f"{self.theme!r} is not auto, light, dark or contrast", field="theme"))
        if faults:
            msg = "the options of the map are wrong"
            raise InputError(msg, faults)
        words.warn_of_english(self.lang, self.words)

    def wording(self) -> Words:
        """Return the page's own words in its language."""
        from geoconflict.maps.web.words import Words

        return Words.of(self.lang, self.words)
