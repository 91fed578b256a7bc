"""Parse dates in common notations without guessing the order of day and month.

``03/04/2025`` is 3 April or March 4. A value of the column with a number above 12 in one of the two
positions proves the order; otherwise the source or the caller must give it. A date with dots
(``3.4.2025``) has the day first, as in all countries that use this notation.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from geoconflict.vocabulary import TimePrecision

Order = Literal["dmy", "mdy"]

_TIME = r"(?:(?:\s*[T,]\s*|\s+)(?:at\s+)?\d{1,2}[:h]\d{2}.*)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}Z?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0|T?\d{4}(?:\d{2})?)?")
_NUMERIC = re.compile(rf"(\d{{1,2}})([./-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_DAY_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+([^\W\d_]+)\.?,?[\s./-]+(\d{{4}}|\d{{2}}){_TIME}")
_NAME_DAY = re.compile(rf"([^\W\d_]+)\.?[\s.-]+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}){_TIME}")
_MONTH = re.compile(r"([^\W\d_]+)\.?,?\s+(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})")
_EPOCH = re.compile(r"-?\d{12,13}(?:\.0)?")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)

_MONTH_WORDS = (
    "january jan januar janvier enero gennaio janeiro січень січня январь января янв",
    "february feb februar février fevrier febrero febbraio fevereiro лютий лютого февраль февраля фев",
    "march mar märz maerz mars marzo março березень березня март марта",
    "april apr avril abril aprile квітень квітня апрель апреля апр",
    "may mai mayo maggio maio травень травня май мая",
    "june jun juni juin junio giugno junho червень червня июнь июня",
    "july jul juli juillet julio luglio julho липень липня июль июля",
    "august aug août aout agosto серпень серпня август августа авг",
    "september sep sept septembre septiembre settembre setembro вересень вересня сентябрь сентября сен",
    "october oct oktober okt octobre octubre ottobre outubro жовтень жовтня октябрь октября окт",
    "november nov novembre noviembre novembro листопад листопада ноябрь ноября ноя",
    "december dec dezember dez décembre decembre diciembre dicembre dezembro грудень грудня декабрь декабря дек",
)
_MONTHS: dict[str, int] = {word: number for number, words in enumerate(_MONTH_WORDS, 1) for word in words.split()}


@dataclass(frozen=True, slots=True)
class Days:
    """A column of parsed dates.

    Attributes
    ----------
    first, last : ndarray of object
        First and last day in ISO format; None if the value could not be parsed.
    precision : ndarray of object
        A value of ``TimePrecision``.
    reason : ndarray of object
        Why a value could not be parsed; None if it was, or is missing.
    reread : ndarray of object
        The result for notations that needed an order or a repair; None for others.
    order : str
        The order of day and month that was used; empty if none.
    """

    first: np.ndarray[Any, np.dtype[np.object_]]
    last: np.ndarray[Any, np.dtype[np.object_]]
    precision: np.ndarray[Any, np.dtype[np.object_]]
    reason: np.ndarray[Any, np.dtype[np.object_]]
    reread: np.ndarray[Any, np.dtype[np.object_]]
    order: str


@dataclass(frozen=True, slots=True)
class _Day:
    first: str | None = None
    last: str | None = None
    precision: str = TimePrecision.DAY.value
    reason: str | None = None
    reread: str | None = None


def read_days(
    values: np.ndarray[Any, np.dtype[np.object_]],
    *,
    proven: frozenset[Order] | None = None,
    order: Order | None = None,
    otherwise: Order | None = None,
    years: tuple[int, int] = (1900, 2100),
    short_years: bool = False,
) -> Days:
    """Parse a column of dates.

    Each distinct value is parsed once. Partial dates ("July 2025", "2025") become an interval with
    its precision.

    Parameters
    ----------
    values : ndarray of object, shape (n,)
        Text, ``datetime`` or ``date`` values, or missing.
    proven : frozenset of {"dmy", "mdy"}, optional
        The orders of day and month that the whole column proves; found in ``values`` by default.
    order : {"dmy", "mdy"}, optional
        Order of day and month; proven by the column by default.
    otherwise : {"dmy", "mdy"}, optional
        The order if the column proves none.
    years : tuple of int
        First and last year that are accepted.
    short_years : bool
        Whether two digits of a year mean 20xx.

    Returns
    -------
    Days

    Examples
    --------
    >>> import numpy as np
    >>> days = read_days(np.array(["25/12/2024", "03/04/2025", "July 2025"], dtype=object))
    >>> list(days.first), list(days.last)[2], days.order
    (['2024-12-25', '2025-04-03', '2025-07-01'], '2025-07-31', 'dmy')
    """
    codes, uniques = pd.factorize(values)
    texts = [as_text(value) for value in uniques]
    if proven is None:
        proven = proven_orders(texts)
    used: Order | None = order
    if used is None and len(proven) == 1:
        used = next(iter(proven))
    if used is None and not proven:
        used = otherwise
    conflict = order is None and len(proven) > 1
    read = [_read(text, used, conflict=conflict, years=years, short_years=short_years) for text in texts]
    read.append(_Day())  # missing values, which factorize codes as -1
    first, last, precision, reason, reread = (
        np.array([getattr(day, name) for day in read], dtype=object)[codes]
        for name in ("first", "last", "precision", "reason", "reread")
    )
    return Days(first, last, precision, reason, reread, used or "")


def proven_orders(texts: Iterable[str]) -> frozenset[Order]:
    """Return the orders of day and month that the values prove.

    Examples
    --------
    >>> sorted(proven_orders(["13/01/2025", "1/2/2025"]))
    ['dmy']
    """
    found: set[Order] = set()
    for text in texts:
        hit = _NUMERIC.fullmatch(text)
        if hit and hit[2] != ".":
            first, second = int(hit[1]), int(hit[3])
            if first > 12 >= second:
                found.add("dmy")
            elif second > 12 >= first:
                found.add("mdy")
    return frozenset(found)


def as_text(value: object) -> str:
    """Return a date of any type as text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (dt.date, dt.datetime, np.datetime64)):
        return pd.Timestamp(value).isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _read(text: str, order: Order | None, *, conflict: bool, years: tuple[int, int], short_years: bool) -> _Day:
    if not text:
        return _Day()
    for reader in (_read_iso, _read_named):
        day = reader(text, years, short_years=short_years)
        if day is not None:
            return day
    day = _read_numeric(text, order, conflict=conflict, years=years, short_years=short_years)
    if day is not None:
        return day
    if _EPOCH.fullmatch(text):
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=int(float(text)))
        found = _day(moment.year, moment.month, moment.day, years)
        return found if found.reason else _Day(found.first, found.last, reread=f"{found.first} (milliseconds)")
    bare = _WEEKDAY.sub("", text, count=1)
    if bare != text:
        return _read(bare, order, conflict=conflict, years=years, short_years=short_years)
    return _Day(reason="not a date in a known notation")


def _read_iso(text: str, years: tuple[int, int], *, short_years: bool) -> _Day | None:
    del short_years
    hit = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    if hit:
        return _day(int(hit[1]), int(hit[2]), int(hit[3]), years)
    hit = _YEAR_MONTH.fullmatch(text)
    if hit and 1 <= int(hit[2]) <= 12:
        return _month(int(hit[1]), int(hit[2]), years)
    if re.fullmatch(r"\d{4}(?:\.0)?", text):
        year = int(text[:4])
        wrong = _wrong_year(year, years)
        if wrong:
            return _Day(reason=wrong)
        return _Day(f"{year:04d}-01-01", f"{year:04d}-12-31", TimePrecision.YEAR.value)
    return None


def _read_named(text: str, years: tuple[int, int], *, short_years: bool) -> _Day | None:
    hit = _DAY_NAME.fullmatch(text)
    if hit and hit[2].casefold() in _MONTHS:
        year = _year(hit[3], short_years=short_years)
        if year is None:
            return _Day(reason="a year of two digits is ambiguous")
        return _day(year, _MONTHS[hit[2].casefold()], int(hit[1]), years)
    hit = _NAME_DAY.fullmatch(text)
    if hit and hit[1].casefold() in _MONTHS:
        return _day(int(hit[3]), _MONTHS[hit[1].casefold()], int(hit[2]), years)
    hit = _MONTH.fullmatch(text)
    if hit and hit[1].casefold() in _MONTHS:
        return _month(int(hit[2]), _MONTHS[hit[1].casefold()], years)
    return None


def _read_numeric(  # noqa: PLR0911 - one line per case
    text: str, order: Order | None, *, conflict: bool, years: tuple[int, int], short_years: bool
) -> _Day | None:
    hit = _NUMERIC.fullmatch(text)
    if not hit:
        return None
    year = _year(hit[4], short_years=short_years)
    if year is None:
        return _Day(reason="a year of two digits is ambiguous")
    first, second = int(hit[1]), int(hit[3])
    if hit[2] == ".":
        return _day(year, second, first, years)
    if first == second:
        return _day(year, second, first, years)
    if first > 12 or second > 12:
        day, month = (first, second) if first > 12 else (second, first)
        own = "dmy" if first > 12 else "mdy"
        if order is not None and own != order:
            return _Day(reason=f"not a date with {_ORDER_WORDS[order]} first")
        found = _day(year, month, day, years)
        return found if found.reason else _Day(found.first, found.last, reread=found.first)
    if order is None:
        why = "the column proves both orders" if conflict else "nothing in the column proves it"
        return _Day(reason=f"the order of day and month is ambiguous: {why}")
    day, month = (first, second) if order == "dmy" else (second, first)
    found = _day(year, month, day, years)
    return found if found.reason else _Day(found.first, found.last, reread=found.first)


_ORDER_WORDS: dict[Order, str] = {"dmy": "the day", "mdy": "the month"}


def _year(text: str, *, short_years: bool) -> int | None:
    if len(text) == 4:
        return int(text)
    return 2000 + int(text) if short_years else None


def _wrong_year(year: int, years: tuple[int, int]) -> str | None:
    if years[0] <= year <= years[1]:
        return None
    if year < 100 and years[0] <= 2000 + year <= years[1]:
        return f"the year {year:04d} is outside {years[0]}–{years[1]}; perhaps {2000 + year}"
    return f"the year is outside {years[0]}–{years[1]}"


def _day(year: int, month: int, day: int, years: tuple[int, int]) -> _Day:
    wrong = _wrong_year(year, years)
    if wrong:
        return _Day(reason=wrong)
    try:
        iso = dt.date(year, month, day).isoformat()
    except ValueError:
        return _Day(reason="this date does not exist")
    return _Day(iso, iso)


def _month(year: int, month: int, years: tuple[int, int]) -> _Day:
    wrong = _wrong_year(year, years)
    if wrong:
        return _Day(reason=wrong)
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    return _Day(f"{year:04d}-{month:02d}-01", (after - dt.timedelta(days=1)).isoformat(), TimePrecision.MONTH.value)
