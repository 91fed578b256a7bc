"""Dates of a text, as ISO 8601 of the precision that is written; relative ones are resolved against the document's date."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.numbers import NUMBER, read_number
from geoconflict.fortifications.prose.scene import Scene
from geoconflict.fortifications.prose.windows import windows

_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_WEEKDAYS: Final = {name.lower(): number for number, name in enumerate(calendar.day_name)}
_MONTH: Final = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?)"
_DATE: Final = re.compile(
    # Every form begins at the beginning of a word, with a digit or one of these letters.
    r"\b(?=[\dabdefijlmnostuwy])(?:"
    rf"(?P<iso>\b(?:19|20)\d\d-[01]\d-[0-3]\d\b)"
    rf"|\b(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH}),?(?: (?P<y1>(?:19|20)\d\d))?\b"
    rf"|\b(?P<m2>{_MONTH}) (?P<d2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d|:\d| ?(?:km|people|soldiers|percent))(?:,? (?P<y2>(?:19|20)\d\d)\b)?"
    rf"|\b(?P<m3>{_MONTH}),?(?: of)? (?P<y3>(?:19|20)\d\d)\b"
    rf"|\b(?:in|since|by|until|from|last|early|late|mid-|during|of|this|next|to|before|after) (?P<m4>january|february|march|april|june|july|august|september|october|november|december|may(?= (?:this|last|and|,|when|after)|[.,;]))\b(?! \d)"
    rf"|(?P<w1>\b(?:last |next |this |on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b(?!')"
    rf"|\b(?P<rel>today|yesterday|tomorrow|(?:earlier |later )?(?:this|last|next) (?:month|year))\b"
    rf"|(?<![\d$€£.,/-])\b(?P<y>(?:19[5-9]|20[0-4])\d)(?![\d%/]|[.,]\d|s\b|-\d|'s\b| ?(?:km|kilomet|met|miles?|m\b|people|soldiers|troops|men|feet|ft|square|bunkers|mines|towers|euros|dollars|fighters))\b)"
)
_AGO: Final = re.compile(rf"\b(?P<ago>(?:{NUMBER}|an?)) (?P<unit>days?|weeks?|months?|years?) ago\b")
_STEMS: Final = (
    "19",
    "20",
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "day",
    "yesterday",
    "tomorrow",
    "month",
    "year",
)
_FUTURE: Final = re.compile(r"\b(?:will|by|next|until|plans?|planned|due|expected|scheduled|from)\b")
_YEAR_CUE: Final = re.compile(
    r"(?:\b(?:in|since|by|from|until|till|after|before|during|between|of|and|to|late|early|mid|end|year|summer|winter|spring|autumn|fall|around|circa|or|fiscal|for|the|through|throughout)[ -]|-|\(|—|[a-z], )$"
)


def date_facts(scene: Scene) -> Iterator[Fact]:
    """Yield the dates of the text: a day, a month ("2025-07") or a year ("2025").

    A weekday is the last such day up to the document's date, after "next" the first one past it.
    A month or day without a year is taken in the last twelve months, or the next twelve where the
    words look ahead. Without a document's date, relative dates are left out.
    """
    if scene.document.doc_date is not None and " ago" in scene.low:
        yield from _ago_facts(scene, scene.document.doc_date)
    stretches = windows(scene.low, _STEMS, before=30, after=40)
    for match in (match for start, end in stretches for match in _DATE.finditer(scene.low, start, end)):
        start = match.start()
        if not scene.is_open(start):
            continue
        found = _read(scene, match)
        if found is not None:
            iso, begin, end = found
            yield Fact("date", {"iso": iso}, begin, end, confidence=0.85, rule="date")


def _read(scene: Scene, match: re.Match[str]) -> tuple[str, int, int] | None:  # noqa: C901, PLR0911 - a cascade of rules; the first that fits wins
    today = scene.document.doc_date
    if match["iso"]:
        return (match["iso"], *match.span()) if _is_day(match["iso"]) else None
    for parts in (("d1", "m1", "y1"), ("d2", "m2", "y2")):
        if match[parts[0]]:
            return _read_day(scene, match, (match[parts[0]], match[parts[1]], match[parts[2]]))
    if match["m3"]:
        return f"{match['y3']}-{_month(match['m3']):02d}", match.start("m3"), match.end()
    if match["y"]:
        if not _YEAR_CUE.search(scene.low[max(0, match.start() - 12) : match.start()]):
            return None
        return match["y"], *match.span("y")
    if today is None:
        return None
    if match["m4"]:
        is_future = _FUTURE.search(scene.before(match.start("m4"), 40)) is not None
        month = _month(match["m4"])
        told = re.findall(r"\b((?:19|20)\d\d)\b(?! ?(?:km|m\b|people|troops))", scene.before(match.start("m4"), 200))
        if told:
            return f"{told[-1]}-{month:02d}", match.start("m4"), match.end("m4")
        return f"{_year_of_month(today, month, is_future=is_future)}-{month:02d}", match.start("m4"), match.end("m4")
    if match["w1"]:
        return _weekday(match, today)
    iso = _relative(match, today)
    if iso is None:
        return None
    begin = match.start()
    return iso, begin, match.end()


def _read_day(scene: Scene, match: re.Match[str], parts: tuple[str, str, str | None]) -> tuple[str, int, int] | None:
    day, month, year = int(parts[0]), _month(parts[1]), parts[2]
    today = scene.document.doc_date
    if year is None:
        if today is None:
            return None
        is_future = _FUTURE.search(scene.before(match.start(), 30)) is not None
        year = str(_year_of_day(today, month, day, is_future=is_future))
    iso = f"{year}-{month:02d}-{day:02d}"
    return (iso, match.start(), match.end()) if _is_day(iso) else None


def _month(word: str) -> int:
    return _MONTHS[word.rstrip(".").lower()]


def _is_day(iso: str) -> bool:
    try:
        dt.date.fromisoformat(iso)
    except ValueError:
        return False
    return True


def _year_of_month(today: dt.date, month: int, *, is_future: bool) -> int:
    if is_future:
        return today.year if month >= today.month else today.year + 1
    return today.year if month <= today.month else today.year - 1


def _year_of_day(today: dt.date, month: int, day: int, *, is_future: bool) -> int:
    if is_future:
        return today.year if (month, day) >= (today.month, today.day) else today.year + 1
    return today.year if (month, day) <= (today.month, today.day) else today.year - 1


def _weekday(match: re.Match[str], today: dt.date) -> tuple[str, int, int]:
    words = match["w1"].split()
    wanted = _WEEKDAYS[words[-1]]
    back = (today.weekday() - wanted) % 7
    day = today - dt.timedelta(days=back)
    if words[0] == "next":
        day = today + dt.timedelta(days=(wanted - today.weekday()) % 7 or 7)
    elif words[0] == "last" and back == 0:
        day = today - dt.timedelta(days=7)
    start = match.start("w1") + (3 if words[0] == "on" else 0)
    return day.isoformat(), start, match.end("w1")


def _ago_facts(scene: Scene, today: dt.date) -> Iterator[Fact]:
    for match in _AGO.finditer(scene.low):
        number = read_number(match["ago"]) if match["ago"] not in {"a", "an"} else 1.0
        iso = None if number is None else _ago(today, int(number), match["unit"].rstrip("s"))
        if iso is not None and scene.is_open(match.start()):
            yield Fact("date", {"iso": iso}, match.start(), match.end(), confidence=0.8, rule="ago")


def _relative(match: re.Match[str], today: dt.date) -> str | None:
    words = match["rel"].split()
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if words[-1] in days:
        return (today + dt.timedelta(days=days[words[-1]])).isoformat()
    step = {"this": 0, "last": -1, "next": 1}[words[-2]]
    if words[-1] == "year":
        return str(today.year + step)
    return _months_on(today, step)


def _months_on(today: dt.date, step: int) -> str:
    months = today.year * 12 + today.month - 1 + step
    return f"{months // 12}-{months % 12 + 1:02d}"


def _ago(today: dt.date, number: int, unit: str) -> str | None:
    if number > 500:
        return None
    if unit in {"day", "week"}:
        return (today - dt.timedelta(days=number * (7 if unit == "week" else 1))).isoformat()
    return _months_on(today, -number) if unit == "month" else str(today.year - number)
