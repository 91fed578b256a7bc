"""Translations of the page's own texts: the languages shipped, and those that a caller adds.

The key of a text is its English wording. ``words.json`` holds all translations; a page carries
those of its own language.
"""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

_SLOT = re.compile(r"\{(\w+)\}")
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


class LanguageWarning(UserWarning):
    """Texts of the page are shown in English because they have no translation in its language."""


@cache
def _file() -> dict[str, Any]:
    text = resources.files("geoconflict.maps.web").joinpath("words.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def languages() -> tuple[str, ...]:
    """Return the languages with shipped translations.

    Examples
    --------
    >>> languages()
    ('en', 'ar', 'de', 'es', 'fr', 'ru', 'uk')
    """
    return ("en", *(code for code in sorted(_file()["dates"]) if code != "en"))


def keys() -> tuple[str, ...]:
    """Return the keys of all texts of the page, which are their English wordings.

    They include the terms of the package: the words of its vocabularies, which legends and
    popups show, and the default names of layers.

    Examples
    --------
    >>> "Sources and method" in keys()
    True
    """
    return tuple(_all())


def _all() -> dict[str, dict[str, str]]:
    return {**_file()["words"], **_file()["terms"]}


def shipped(tag: str) -> str:
    """Return the shipped language for a BCP 47 tag, or an empty string.

    Examples
    --------
    >>> shipped("fr-CA"), shipped("pl")
    ('fr', '')
    """
    first = tag.lower().split("-")[0]
    return first if first in _file()["dates"] else ""


def right_to_left(tag: str) -> bool:
    """Return whether a language is written right to left.

    Examples
    --------
    >>> right_to_left("ar-SY"), right_to_left("en")
    (True, False)
    """
    parts = tag.lower().split("-")
    return parts[0] in _RIGHT_TO_LEFT or any(part in {"arab", "hebr", "thaa", "syrc"} for part in parts[1:])


def faults(own: Mapping[str, str]) -> list[Fault]:
    """Return the faults of a caller's translations: unknown keys, empty texts, wrong placeholders."""
    known = _all()
    out = []
    for key, text in own.items():
        if key not in known:
            hint = did_you_mean(str(key), known) or "geoconflict.maps.web.words.keys() lists all of them"
            out.append(Fault(f"the page has no text {str(key)!r}", field="words", hint=hint))
        elif not isinstance(text, str) or not text.strip():
            out.append(Fault(f"the translation of {key!r} is {text!r}; it must be a non-empty string", field="words"))
        elif set(_SLOT.findall(text)) != set(_SLOT.findall(key)):
            found = ", ".join(sorted(set(_SLOT.findall(text)))) or "none"
            want = ", ".join(sorted(set(_SLOT.findall(key)))) or "none"
            out.append(
                Fault(f"the translation of {key!r} has the placeholders {found}; it must have {want}", field="words")
            )
    return out


def warn_of_english(tag: str, own: Mapping[str, str]) -> None:
    """Warn if a page would show English texts for lack of a translation."""
    if shipped(tag):
        return
    lacking = [key for key in keys() if key not in own]
    if lacking:
        msg = (
            f"{len(lacking)} of {len(keys())} texts of the page have no translation into {tag!r} and stay in English; "
            f"shipped languages: {', '.join(languages())}; add translations with MapOptions(words=…)"
        )
        warnings.warn(msg, LanguageWarning, stacklevel=4)


@dataclass(frozen=True, slots=True)
class Words:
    """The translations of one page.

    Attributes
    ----------
    lang : str
        The language of dates; English if the page's language is not shipped.
    table : dict of str to str
        Translation by English text; missing texts stay English.

    Examples
    --------
    >>> Words.of("fr").say("Sources and method")
    'Sources et méthode'
    >>> Words.of("de").day("2025-08-19")
    '19. August 2025'
    """

    lang: str
    table: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tag: str, own: Mapping[str, str] | None = None) -> Words:
        """Return the translations for a language, updated with those of a caller."""
        lang = shipped(tag) or "en"
        table = {key: row[lang] for key, row in _all().items() if lang in row}
        return cls(lang, {**table, **(own or {})})

    def say(self, key: str, **slots: object) -> str:
        """Return the translation of a text with its placeholders filled."""
        text = self.table.get(key, key)
        return _SLOT.sub(lambda found: str(slots.get(found[1], found[0])), text)

    def term(self, label: str) -> str:
        """Translate the label of a legend or the name of a layer if it is one of the package's terms.

        Examples
        --------
        >>> Words.of("de").term("anti-tank ditch, planned (illustrative)")
        'Panzergraben, geplant (zur Veranschaulichung)'
        >>> Words.of("de").term("Fort William")
        'Fort William'
        """
        if label in _file()["terms"]:
            return self.say(label)
        for form in ("{kind} (illustrative)", "{kind}, planned"):
            tail = form.removeprefix("{kind}")
            kind = label.removesuffix(tail)
            if kind != label and (worded := self.term(kind)) != kind:
                return self.say(form, kind=worded)
        return label

    def day(self, iso: str) -> str:
        """Format a date in full, independent of the machine's locale."""
        form = _file()["dates"][self.lang]
        year, month, number = iso.split("-")
        slots = {"day": str(int(number)), "month": form["months"][int(month) - 1], "year": year.lstrip("0")}
        return _SLOT.sub(lambda found: slots[found[1]], form["form"])
