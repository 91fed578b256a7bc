"""Names of countries: English names, ISO 3166-1 codes, aliases, and names of the past."""

from __future__ import annotations

import csv
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geoconflict.errors import NameAmbiguousError, NameUnknownError, did_you_mean, nearest_names

_DROPPED = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class CountryName:
    """A country or territory.

    Attributes
    ----------
    iso : str
        ISO 3166-1 alpha-2 code; ``XK`` for Kosovo; ``X`` and two letters for a territory
        that ISO 3166 does not list.
    iso3 : str or None
        ISO 3166-1 alpha-3 code, where there is one.
    name : str
        Name in English, as the tables write it.
    """

    iso: str
    iso3: str | None
    name: str


@dataclass(frozen=True, slots=True)
class _Past:
    name: str
    until: str
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Book:
    by_iso: dict[str, CountryName]
    by_numeric: dict[str, str]
    by_code: dict[str, str]
    by_key: dict[str, str]
    spellings: tuple[str, ...]
    ambiguous: dict[str, tuple[str, ...]]
    past: dict[str, _Past]


def resolve(name: object) -> CountryName:
    """Return the country that a name or code means.

    Case, accents, punctuation, "the" and "and" or "&" do not matter.

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
        With the nearest names; for a state of the past, with its successors.
    NameAmbiguousError
        If several countries go by the name ("Congo", "Korea", "Guinea").

    Examples
    --------
    >>> resolve("lithuania")
    CountryName(iso='LT', iso3='LTU', name='Lithuania')
    >>> resolve("Ivory Coast").iso, resolve("blr").name
    ('CI', 'Belarus')
    """
    if not isinstance(name, str):
        msg = f"a country is given by its name or code as text, found {type(name).__name__} {name!r}"
        raise NameUnknownError(msg)
    book = _book()
    code = name.strip().upper()
    if code in book.by_code:
        return book.by_iso[book.by_code[code]]
    key = _key(name)
    if key in book.ambiguous:
        meanings = [book.by_iso[iso] for iso in book.ambiguous[key]]
        listed = ", ".join(f"{one.name} ({one.iso})" for one in meanings)
        msg = f"{name!r} is the name of several countries: {listed}; write one of these or its code"
        raise NameAmbiguousError(msg, suggestions=[one.name for one in meanings])
    if key in book.by_key:
        return book.by_iso[book.by_key[key]]
    if key in book.past:
        past = book.past[key]
        names = [book.by_iso[iso].name for iso in past.successors]
        now = f"its ground is now in {', '.join(names)}"
        msg = f"{name!r} is a name of the past: {past.name} (until {past.until}); {now}"
        raise NameUnknownError(msg, suggestions=names)
    known = book.spellings
    hint = did_you_mean(name, known) or "write the English name or an ISO 3166 code, such as Lithuania, LT or LTU"
    msg = f"{name!r} is no country known here; {hint}"
    raise NameUnknownError(msg, suggestions=nearest_names(name, known))


def resolve_all(names: object) -> list[CountryName]:
    """Return the countries of one name or several; all faults in one error, repeats kept out."""
    if not isinstance(names, Iterable):
        names = [names]
    wanted = [names] if isinstance(names, str) else list(names)
    if not wanted:
        msg = "no country is named; give at least one name or code"
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
        msg = f"{len(wrong)} names are not clear: " + "; ".join(error.message for error in wrong)
        kind = NameUnknownError if any(isinstance(error, NameUnknownError) for error in wrong) else NameAmbiguousError
        raise kind(msg, suggestions=suggestions)
    return list(found.values())


def by_iso(iso: str) -> CountryName:
    """Return the country of a code that the data use."""
    return _book().by_iso[iso]


def is_code(iso: str) -> bool:
    """Tell whether a country or territory of that code is known."""
    return iso in _book().by_iso


def iso_of_numeric(numeric: str) -> str | None:
    """Return the alpha-2 code of an ISO 3166-1 numeric code, or None."""
    return _book().by_numeric.get(numeric)


def read_rows(table: str, package: str = "geoconflict.names") -> list[dict[str, str]]:
    """Return the rows of a CSV table in the folder ``tables`` of a package."""
    text = (importlib.resources.files(package) / "tables" / table).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i").replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _DROPPED.sub(" ", letters.replace("'", "").replace("’", "").replace(".", "")).split()
    return " ".join(word for word in words if word not in {"the", "and"})


@lru_cache(maxsize=1)
def _book() -> _Book:
    by_iso: dict[str, CountryName] = {}
    by_code: dict[str, str] = {}
    numeric: dict[str, str] = {}
    by_key: dict[str, str] = {}
    spellings: list[str] = []
    for row in read_rows("countries.csv"):
        one = CountryName(row["iso"], row["iso3"] or None, row["name"])
        by_iso[one.iso] = one
        by_code.update({code: one.iso for code in (one.iso, one.iso3) if code})
        if row["numeric"]:
            numeric[row["numeric"]] = one.iso
        aliases = [alias for alias in row["aliases"].split(";") if alias]
        spellings += [one.name, *aliases]
        for spelling in (one.name, *aliases):
            by_key.setdefault(_key(spelling), one.iso)
    ambiguous = {_key(row["name"]): tuple(row["meanings"].split(";")) for row in read_rows("ambiguous.csv")}
    past: dict[str, _Past] = {}
    for row in read_rows("historical.csv"):
        state = _Past(row["name"], row["until"], tuple(row["successors"].split(";")))
        for spelling in (row["name"], *(row["aliases"].split(";") if row["aliases"] else [])):
            past.setdefault(_key(spelling), state)
    return _Book(by_iso, numeric, by_code, by_key, tuple(spellings), ambiguous, past)
