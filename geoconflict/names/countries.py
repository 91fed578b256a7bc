"""Names of countries: English names, ISO 3166-1 codes, aliases, and former states."""

from __future__ import annotations

import csv
import difflib
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geoconflict.errors import NameAmbiguousError, NameUnknownError, nearest_names

_NOT_WORD = re.compile(r"[^\w]+")
# A spelling is not suggested if another is more alike by more than this much of difflib's ratio.
_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class CountryName:
    """A country or territory.

    Attributes
    ----------
    iso : str
        ISO 3166-1 alpha-2 code; ``XK`` for Kosovo; ``X`` and two letters for a territory
        that ISO 3166 does not list.
    iso3 : str or None
        ISO 3166-1 alpha-3 code, if there is one.
    name : str
        Name in English, as used in the tables.
    """

    iso: str
    iso3: str | None
    name: str


@dataclass(frozen=True, slots=True)
class _FormerState:
    name: str
    until: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    by_iso: dict[str, CountryName]
    by_code: dict[str, str]
    by_key: dict[str, str]
    spellings: tuple[str, ...]
    ambiguous: dict[str, tuple[str, ...]]
    former: dict[str, _FormerState]


def resolve(name: object) -> CountryName:
    """Return the country of a name or code.

    Case, diacritics, punctuation, "the", "and" and "&" are ignored.

    Parameters
    ----------
    name : str
        English name, alias, ISO 3166-1 alpha-2 or alpha-3 code.

    Returns
    -------
    CountryName

    Raises
    ------
    NameUnknownError
        With the nearest names; for a former state, with its successors.
    NameAmbiguousError
        If several countries have the name ("Congo", "Korea", "Guinea").

    Examples
    --------
    >>> resolve("lithuania")
    CountryName(iso='LT', iso3='LTU', name='Lithuania')
    >>> resolve("Ivory Coast").iso, resolve("blr").name
    ('CI', 'Belarus')
    """
    if not isinstance(name, str):
        msg = f"a country must be a name or code as text, found {type(name).__name__} {name!r}"
        raise NameUnknownError(msg)
    index = _index()
    code = name.strip().upper()
    if code in index.by_code:
        return index.by_iso[index.by_code[code]]
    key = _key(name)
    if key in index.ambiguous:
        meanings = [index.by_iso[iso] for iso in index.ambiguous[key]]
        listed = ", ".join(f"{one.name} ({one.iso})" for one in meanings)
        msg = f"{name!r} is the name of several countries: {listed}; use one of these or its code"
        raise NameAmbiguousError(msg, suggestions=[one.name for one in meanings])
    if key in index.by_key:
        return index.by_iso[index.by_key[key]]
    if key in index.former:
        state = index.former[key]
        names = [index.by_iso[iso].name for iso in state.successors]
        msg = f"{name!r} is a former state: {state.name} (until {state.until}); its territory is now in {', '.join(names)}"
        raise NameUnknownError(msg, suggestions=names)
    near = _nearest(name, index)
    listed = f"{', '.join(near[:-1])} or {near[-1]}" if len(near) > 1 else "".join(near)
    hint = (
        f"did you mean {listed}?" if near else "use the English name or an ISO 3166 code, such as Lithuania, LT or LTU"
    )
    msg = f"unknown country {name!r}; {hint}"
    raise NameUnknownError(msg, suggestions=near)


def _nearest(name: str, index: _Index) -> list[str]:
    """Return the countries of the nearest spellings, each once and by its name in the tables."""
    spellings = nearest_names(name, index.spellings)
    likeness = [difflib.SequenceMatcher(None, one.casefold(), name.casefold()).ratio() for one in spellings]
    near = [one for one, ratio in zip(spellings, likeness, strict=True) if ratio >= max(likeness) - _MARGIN]
    return list(dict.fromkeys(index.by_iso[index.by_key[_key(spelling)]].name for spelling in near))


def resolve_all(names: object) -> list[CountryName]:
    """Return the countries of one or several names, without duplicates; one error lists all unclear names."""
    if not isinstance(names, Iterable):
        names = [names]
    wanted = [names] if isinstance(names, str) else list(names)
    if not wanted:
        msg = "no country is given; give at least one name or code"
        raise NameUnknownError(msg)
    found: dict[str, CountryName] = {}
    wrong: list[NameUnknownError | NameAmbiguousError] = []
    for name in wanted:
        try:
            one = resolve(name)
        except (NameUnknownError, NameAmbiguousError) as error:
            wrong.append(error)
        else:
            found[one.iso] = one
    if len(wrong) == 1:
        raise wrong[0]
    if wrong:
        suggestions = [name for error in wrong for name in error.suggestions]
        msg = f"{len(wrong)} names are unknown or ambiguous: " + "; ".join(error.message for error in wrong)
        kind = NameUnknownError if any(isinstance(error, NameUnknownError) for error in wrong) else NameAmbiguousError
        raise kind(msg, suggestions=suggestions)
    return list(found.values())


def by_iso(iso: str) -> CountryName:
    """Return the country of an alpha-2 code that the data use."""
    return _index().by_iso[iso]


def is_code(iso: str) -> bool:
    """Return whether a country or territory has that alpha-2 code."""
    return iso in _index().by_iso


def read_rows(table: str, package: str = "geoconflict.names") -> list[dict[str, str]]:
    """Return the rows of a CSV table in the folder ``tables`` of a package."""
    text = (importlib.resources.files(package) / "tables" / table).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i").replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _NOT_WORD.sub(" ", letters.replace("'", "").replace("’", "").replace(".", "")).split()
    return " ".join(word for word in words if word not in {"the", "and"})


@lru_cache(maxsize=1)
def _index() -> _Index:
    by_iso: dict[str, CountryName] = {}
    by_code: dict[str, str] = {}
    by_key: dict[str, str] = {}
    spellings: list[str] = []
    for row in read_rows("countries.csv"):
        one = CountryName(row["iso"], row["iso3"] or None, row["name"])
        by_iso[one.iso] = one
        by_code.update({code: one.iso for code in (one.iso, one.iso3) if code})
        aliases = [alias for alias in row["aliases"].split(";") if alias]
        spellings += [one.name, *aliases]
        for spelling in (one.name, *aliases):
            by_key.setdefault(_key(spelling), one.iso)
    ambiguous = {_key(row["name"]): tuple(row["meanings"].split(";")) for row in read_rows("ambiguous.csv")}
    former: dict[str, _FormerState] = {}
    for row in read_rows("historical.csv"):
        state = _FormerState(row["name"], row["until"], tuple(row["successors"].split(";")))
        for spelling in (row["name"], *(row["aliases"].split(";") if row["aliases"] else [])):
            former.setdefault(_key(spelling), state)
    return _Index(by_iso, by_code, by_key, tuple(spellings), ambiguous, former)
