"""Find countries, peoples and parties that a text mentions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

_TOKEN: Final = re.compile(r"[^\W_]+(?:\.[A-Z]\b)*(?:'(?!s\b)[^\W\d_]+)*")
_CAPITALISED: Final = re.compile(
    r"[A-ZÀ-ÖØ-ÞİŞĞČŠŽa](?:(?<!a)[^\W_]*|(?<=a)l(?=[- ][A-Z]))(?:\.[A-Z]\b)*(?:'(?!s\b)[^\W\d_]+)*"
)
_GAP: Final = re.compile(r" - |' |[ '-]")
_DOTTED: Final = {"u.s": "us", "u.k": "uk", "u.s.a": "usa", "u.a.e": "uae", "u.n": "un"}
# Names that are common words or persons' names elsewhere count only with a capital in the middle of these.
_NOT_AFTER: Final = re.compile(r"(?:New|South|North|Papua|Equatorial|Michael|State of|Lake|Air|Gulf of|Sea of) $")
_NOT_BEFORE: Final = re.compile(r" (?:River|Sea|Ocean|Gulf|Airlines|Times|Post|State University|Bank\b|Cup)")


@dataclass(frozen=True, slots=True)
class CountryMention:
    """A name of a state or party at a place in the text.

    Attributes
    ----------
    code : str
        ISO 3166 alpha-2, or the name of a party that is no state.
    kind : str
        ``name``, ``adjective``, ``capital`` or ``party``.
    """

    start: int
    end: int
    code: str
    kind: str
    surface: str

    @property
    def is_state(self) -> bool:
        """Whether the code is an ISO code."""
        return self.kind != "party"


@lru_cache(maxsize=1)
def names() -> Mapping[str, Any]:
    """Return the file of names: countries, capitals that stand for their states, parties."""
    text = resources.files("geoconflict.names").joinpath("tables", "mentions.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@lru_cache(maxsize=1)
def _index() -> Mapping[str, tuple[tuple[tuple[str, ...], str, str, str], ...]]:
    """Return first word → (words, code, kind, spelling), longest names first."""
    rows: list[tuple[tuple[str, ...], str, str, str]] = []
    data = names()
    for code, entry in data["countries"].items():
        rows += [(_words(name), code, "name", name) for name in entry["names"]]
        rows += [(_words(name), code, "adjective", name) for name in entry["adjectives"]]
    rows += [(_words(name), code, "capital", name) for name, code in data["capitals"].items()]
    rows += [(_words(name), code, "party", name) for code, spelled in data["parties"].items() for name in spelled]
    index: dict[str, list[tuple[tuple[str, ...], str, str, str]]] = {}
    for row in rows:
        index.setdefault(row[0][0], []).append(row)
    return {first: tuple(sorted(found, key=lambda row: -len(row[0]))) for first, found in index.items()}


def _words(name: str) -> tuple[str, ...]:
    return tuple(match.group().lower() for match in _TOKEN.finditer(name))


def find_countries(norm: str) -> list[CountryMention]:
    """Return the states and parties of a text in order, the longest reading of each name.

    Examples
    --------
    >>> [(m.code, m.kind) for m in find_countries("South Sudan and Moroccan troops; the U.S. and Hezbollah")]
    [('SS', 'name'), ('MA', 'adjective'), ('US', 'name'), ('Hezbollah', 'party')]
    """
    index = _index()
    found: list[CountryMention] = []
    skip_to = 0
    for match in _CAPITALISED.finditer(norm):
        start = match.start()
        if start < skip_to or (start and (norm[start - 1].isalnum() or norm[start - 1] == "_")):
            continue
        word = match.group().lower()
        for words, code, kind, spelled in index.get(_DOTTED.get(word, word), ()):
            end = _end_of(norm, match.end(), words)
            if end is None or not _fits(norm, start, end, spelled):
                continue
            if "." in match.group() and norm[end : end + 1] == "." and end + 1 < len(norm):
                end += 1
            found.append(CountryMention(start, end, code, kind, norm[start:end]))
            skip_to = end
            break
    return found


def _end_of(norm: str, end: int, words: tuple[str, ...]) -> int | None:
    """Return where a name ends whose first word ends at ``end``, or None when its other words do not follow."""
    for expected in words[1:]:
        gap = _GAP.match(norm, end)
        token = _TOKEN.match(norm, gap.end()) if gap else None
        if token is None or token.group().lower() != expected:
            return None
        end = token.end()
    return end


def _fits(norm: str, start: int, end: int, spelled: str) -> bool:
    text = norm[start:end]
    # Abbreviations and words such as "Polish" or "is" count only as they are spelled.
    if spelled.isupper() and not text.replace(".", "").isupper():
        return False
    if not spelled.islower() and spelled[0].isupper() and not text[0].isupper():
        return False
    if _NOT_AFTER.search(norm, max(0, start - 12), start):
        return False
    return _NOT_BEFORE.match(norm, end) is None
