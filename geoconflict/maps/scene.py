"""The scene of a map: layer specs, view, date, options and credits; built once, then immutable.

The web page and the printed figure are both drawn from a ``Scene``, independently of each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict import reference
from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError
from geoconflict.maps import words as page_words
from geoconflict.maps.basemap import Archive, BaseMap, archived, read
from geoconflict.maps.detail import Detail, slim
from geoconflict.maps.layers.base import Drawable
from geoconflict.maps.layers.countries import Countries
from geoconflict.maps.spec import UNKNOWN_DAY, LayerSpec, format_count, iso_date
from geoconflict.maps.view import View, bounds_of_specs, clip_spec, extent_of
from geoconflict.maps.words import Words
from geoconflict.vocabulary import Worldview

DISCLAIMER = "Boundaries and names shown do not imply endorsement or acceptance by the authors."
_MANY_SOURCES = 25


@dataclass(frozen=True, slots=True)
class MapOptions:
    """Options of a map.

    Attributes
    ----------
    lang : str
        Language of the user interface, as a BCP 47 tag; also for numbers and dates. Included are
        English, Arabic, French, German, Russian, Spanish and Ukrainian; for others the text is
        English, with a ``LanguageWarning``.
    method : str
        How the map was made; shown under "Sources and method".
    disclaimer : str
        Statement about boundaries and names.
    time : bool
        Whether layers with dates get a time slider.
    theme : str
        ``auto`` (as the reader's device), ``light``, ``dark`` or ``contrast``.
    tiles : str, Path or Archive
        Basemap: a local ``.pmtiles`` file, whose tiles in view are embedded in the page (``Archive``
        sets limits and attribution); or the name of online tiles in xyzservices, such as
        ``OpenStreetMap.Mapnik``. Empty for none. Only online tiles make requests; without a network
        the embedded background is shown.
    static : bool
        Whether the file contains the printed figure as a picture, for readers without JavaScript
        and in case the script fails; needs matplotlib, adds 50 to 200 kB.
    words : mapping of str to str
        English text → text in another language, for languages that are not included, or to replace
        texts; ``geoconflict.maps.words.keys()`` lists the English texts.
    locator : bool
        Whether to show a locator map; maps of a continent or more have none.
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
        """Raise if an option is invalid; lists every error."""
        faults = page_words.faults(self.words)
        if not all(part.isalnum() and part.isascii() and len(part) <= 8 for part in self.lang.split("-")):
            faults.append(Fault(f"{self.lang!r} is not a BCP 47 tag such as 'en' or 'pt-BR'", field="lang"))
        if self.theme not in {"auto", "light", "dark", "contrast"}:
            faults.append(Fault(f"{self.theme!r} is not auto, light, dark or contrast", field="theme"))
        if faults:
            msg = "invalid options of a map"
            raise InputError(msg, faults)
        page_words.warn_of_english(self.lang, self.words)

    def wording(self) -> Words:
        """Return the texts of the user interface."""
        return Words.of(self.lang, self.words)


@dataclass(frozen=True, slots=True)
class Facts:
    """The texts beside a map, on screen and in print.

    Attributes
    ----------
    sources, methods, attributions, notes : tuple of str
    cited : dict
        Number of each listed source.
    disclaimer, summary : str
        ``summary`` describes the map in words.
    """

    sources: tuple[str, ...]
    cited: dict[str, int]
    methods: tuple[str, ...]
    attributions: tuple[str, ...]
    notes: tuple[str, ...]
    disclaimer: str
    summary: str


@dataclass(frozen=True)
class Scene:
    """Everything that a map shows, ready to be drawn.

    Attributes
    ----------
    title : str
    as_of : str or None
        Date of the map, as ``YYYY-MM-DD``.
    view : View
        What the map shows at first, and the extent of its background.
    specs : tuple of LayerSpec
        The layers, from bottom to top; the background comes first.
    options : MapOptions
    basemap : BaseMap or None
        Tiles of a local archive for the view.
    """

    title: str
    as_of: str | None
    view: View
    specs: tuple[LayerSpec, ...]
    options: MapOptions
    basemap: BaseMap | None = None

    @cached_property
    def clipped_specs(self) -> tuple[LayerSpec, ...]:
        """The layers, with the background clipped to the extent of the view."""
        return tuple(clip_spec(spec, self.view) for spec in self.specs)

    @cached_property
    def details(self) -> tuple[Detail, ...]:
        """The clipped layers with their lines and outlines simplified for the page."""
        # Less than a pixel at the first view.
        coarse_deg = self.view.extent.width_deg / 12_000
        return tuple(slim(spec, coarse_deg=coarse_deg) for spec in self.clipped_specs)

    @property
    def worldviews(self) -> tuple[str, ...]:
        """The worldviews of the layers."""
        return unique(spec.worldviews for spec in self.specs)

    @property
    def state_date(self) -> str | None:
        """The date of the state that is shown of layers that change over time; None without such layers."""
        return at_date([spec for spec in self.specs if spec.visible], self.as_of)[1]

    def facts(self, words: Words | None = None) -> Facts:
        """Return the texts beside the map, in the language of the page or in that of ``words``."""
        words = words or self.options.wording()
        sources, cited = _sources(self.specs, words)
        base = self.basemap
        return Facts(
            sources=sources,
            cited=cited,
            methods=self._methods(words),
            attributions=unique([*(spec.attributions for spec in self.specs), (base.attribution,) if base else ()]),
            notes=unique([*(spec.notes for spec in self.specs), base.notes if base else ()]),
            disclaimer=self._disclaimer(words),
            summary=self._summary(words),
        )

    def _methods(self, words: Words) -> tuple[str, ...]:
        own = (self.options.method,) if self.options.method else ()
        coarser = tuple(text for text in (detail.note(words) for detail in self.details) if text)
        return (*own, *unique(spec.methods for spec in self.specs if not spec.background), *coarser)

    def _disclaimer(self, words: Words) -> str:
        # A custom disclaimer is not translated.
        own = self.options.disclaimer
        parts = [words.say(DISCLAIMER) if own == DISCLAIMER else own]
        if self.worldviews:
            parts.append(_worldview_text(self.worldviews, words))
        if any(spec.uncertainty_m is not None and (spec.uncertainty_m > 0).any() for spec in self.specs):
            parts.append(words.say("Circles around points show location uncertainty."))
        return " ".join(part for part in parts if part)

    def _summary(self, words: Words) -> str:
        parts = [self.title + "."]
        if self.as_of:
            parts.append(words.say("As of {day}", day=words.day(self.as_of)).rstrip(".") + ".")
        for spec in self.specs:
            if spec.background:
                continue
            kinds = ", ".join(f"{words.term(e.label)}: {e.count}" for e in spec.legend[:8])
            listed = f" ({kinds})" if kinds else ""
            name = words.term(spec.name)
            parts.append(words.say("{layer}: {n} on the map{kinds}.", layer=name, n=len(spec.table), kinds=listed))
        return " ".join(parts)


def _worldview_text(worldviews: Sequence[str], words: Words) -> str:
    """Return the sentence about the worldview of disputed areas."""
    if worldviews == (Worldview.DE_FACTO,):
        return words.say("Disputed areas: shown by who administers them (de facto).")
    if worldviews == (Worldview.INTERNATIONAL,):
        return words.say(
            "Disputed areas: shown by the position of the United Nations General Assembly where it has voted (international)."
        )
    named = ", ".join(view.replace("_", " ") for view in worldviews)
    return words.say("Disputed areas: shown according to this worldview: {views}.", views=named)


def build_scene(
    layers: Sequence[Drawable],
    *,
    title: str,
    as_of: str | None = None,
    background: gpd.GeoDataFrame | Drawable | None = None,
    view: Bounds | None = None,
    options: MapOptions | None = None,
) -> Scene:
    """Describe the layers, find the view, and add the background.

    Parameters
    ----------
    layers : sequence of Drawable
        From bottom to top.
    title : str
    as_of : str, optional
        ``YYYY-MM-DD``.
    background : GeoDataFrame or Drawable, optional
        Countries below the layers; by default the embedded ones, unless a layer is a background.
    view : Bounds, optional
        By default the bounds of the layers.
    options : MapOptions, optional

    Returns
    -------
    Scene
    """
    options = options or MapOptions()
    specs = [layer.describe() for layer in layers]
    box = view or bounds_of_specs(specs)
    below = _background(background, specs, box)
    archive = archived(options.tiles)
    base = read(archive, box, extent_of(box), lang=options.lang) if archive is not None else None
    if base is not None and base.specs:
        # The places and boundaries of the archive replace the embedded ones.
        below = [] if base.whole else [replace(spec, labels=None) for spec in below]
        below += base.specs
    specs = [*below, *specs]
    box = view or bounds_of_specs([spec for spec in specs if not spec.background] or specs)
    return Scene(title, as_of, View(box, extent_of(box), box.center[0]), tuple(specs), options, base)


def _background(given: gpd.GeoDataFrame | Drawable | None, specs: Sequence[LayerSpec], box: Bounds) -> list[LayerSpec]:
    """Return the background: the given one, or the embedded countries around the view."""
    if isinstance(given, Drawable):
        return [given.describe()]
    if given is not None:
        return [Countries(given).describe()]
    if any(spec.background for spec in specs):
        return []
    ground = extent_of(box)
    # In views wider than about 40 degrees, the finer outlines differ by less than a pixel.
    below = reference.background(ground, scale="10m" if ground.width_deg < 40 else "50m")
    views = unique(spec.worldviews for spec in specs)
    if set(views) - {"de_facto"} and len(views) == 1:
        # The coarse background has the de-facto worldview only.
        below = _by_worldview(below["iso"].tolist(), views[0])
    return [Countries(below).describe()]


def _by_worldview(codes: Sequence[str], worldview: str) -> gpd.GeoDataFrame:
    """Return countries in a worldview; territories that are part of another country in it have no row."""
    tables = []
    for code in codes:
        try:
            tables.append(reference.countries([code], worldview=worldview, resolution=500))
        except InputError:
            continue
    joined: gpd.GeoDataFrame = pd.concat(tables, ignore_index=True)
    return joined


def translated(spec: LayerSpec, words: Words) -> LayerSpec:
    """Return a spec with the terms of this package translated; texts from data are not."""
    return replace(
        spec,
        name=words.term(spec.name),
        legend=tuple(replace(entry, label=words.term(entry.label)) for entry in spec.legend),
        fields=tuple(replace(f, label=words.say(f.label)) for f in spec.fields),
    )


def _sources(specs: Sequence[LayerSpec], words: Words) -> tuple[tuple[str, ...], dict[str, int]]:
    """Return the list of sources, and the number of each; of a layer with many, only their count is listed."""
    listed: list[str] = []
    cited: dict[str, int] = {}
    for spec in specs:
        if len(spec.sources) > _MANY_SOURCES:
            count = format_count(len(spec.sources))
            name = words.term(spec.name)
            listed.append(words.say("{layer}: {n} sources, listed in the popups", layer=name, n=count))
            continue
        for source in spec.sources:
            if source not in cited:
                listed.append(source)
                cited[source] = len(listed)
    return tuple(listed), cited


def unique(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the distinct texts of groups, in order of appearance."""
    return tuple(dict.fromkeys(text for group in groups for text in group))


def at_date(specs: Sequence[LayerSpec], as_of: str | None) -> tuple[tuple[LayerSpec, ...], str | None]:
    """Keep the state of one day of areas and rasters that have dates; points and lines are not changed.

    The day is ``as_of``, or the nearest day for which the layers have data; without ``as_of``,
    the last day. The web map opens on the same day.

    Parameters
    ----------
    specs : sequence of LayerSpec
    as_of : str or None

    Returns
    -------
    specs, day
        ``day`` is None if no layer changes over time.
    """
    spans = [span for spec in specs if _changes(spec) for span in _spans(spec)]
    if not spans:
        return tuple(specs), None
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    wanted = last if as_of is None else (dt.date.fromisoformat(as_of) - dt.date(1970, 1, 1)).days
    day = min(max(wanted, first), last)
    return tuple(_at(s, day) if _changes(s) else s for s in specs), iso_date(day)


def _changes(spec: LayerSpec) -> bool:
    return spec.kind in {"area", "raster"} and spec.start is not None


def _spans(spec: LayerSpec) -> list[tuple[int, int]]:
    if spec.start is None:
        return []
    end = spec.start if spec.end is None else spec.end
    return [
        (int(a), int(a if b == UNKNOWN_DAY else b)) for a, b in zip(spec.start, end, strict=True) if a != UNKNOWN_DAY
    ]


def _at(spec: LayerSpec, day: int) -> LayerSpec:
    start = spec.start if spec.start is not None else np.empty(0)
    end = start if spec.end is None else spec.end
    return spec.take((start == UNKNOWN_DAY) | ((start <= day) & ((end >= day) | (end == UNKNOWN_DAY))))
