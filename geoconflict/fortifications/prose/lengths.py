"""Lengths in a text: value or range in metres, and the dimension word beside it, if there is one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from geoconflict.fortifications.prose.numbers import (
    ABOUT,
    AT_LEAST,
    FIRST,
    NUMBER,
    UP_TO,
    VAGUE,
    find_numbers,
    read_number,
)
from geoconflict.units import METRES_PER

_UNITS: Final = {
    "km": r"kilomet(?:re|er)s?|kms?|klicks",
    "nmi": r"nautical[- ]miles?|nmi|nm",
    "mi": r"(?:statute )?miles?|mi",
    "m": r"met(?:re|er)s?|m",
    "ft": r"f(?:ee|oo)t|ft",
    "yd": r"yards?|yds?",
}
_UNIT: Final = "|".join(f"(?:{pattern})" for pattern in _UNITS.values())
_READ_UNIT: Final = [(unit, re.compile(pattern)) for unit, pattern in _UNITS.items()]
DIMENSIONS: Final = {
    "long": "length",
    "length": "length",
    "deep": "depth",
    "depth": "depth",
    "wide": "width",
    "width": "width",
    "broad": "width",
    "across": "width",
    "thick": "thickness",
    "high": "height",
    "tall": "height",
    "height": "height",
}
_LENGTH: Final = re.compile(
    rf"(?<![\w$€£.])(?<!\d,){FIRST}(?:(?P<upto>{UP_TO}) |(?P<atleast>{AT_LEAST}) |(?P<about>{ABOUT}) ?)?"
    rf"(?:between (?P<b1>{NUMBER}) ?(?P<bu>{_UNIT})? and (?P<b2>{NUMBER})[- ]?(?P<u1>{_UNIT})"
    rf"|(?P<r1>{NUMBER}) ?(?P<ru>{_UNIT})?(?: ?[-—] ?(?=\d)| to (?:about |more than |over |nearly |around |almost |some |as much as |just over )?|-to-| or |(?<=\w) and up to )(?P<r2>{NUMBER})[- ]?(?P<u2>{_UNIT})"
    rf"|(?P<half>(?:a |one )?half[- ](?:a[- ])?|(?:a )?quarter[- ](?:of )?(?:a[- ])?|three[- ]quarters of an? )(?P<u3>{_UNIT})"
    rf"|(?P<andhalf>(?:an? |one )(?P<u4>{_UNIT}) and a half)"
    rf"|(?P<vague>{VAGUE}|(?:a few|several|many) (?:hundred|thousand|dozen))(?: of)? (?P<u5>{_UNIT})"
    rf"|(?P<one>{NUMBER})[- ]?(?P<u6>{_UNIT})"
    rf"|(?P<each>an?) (?P<u7>kilomet(?:re|er)|(?:nautical )?mile|met(?:re|er)))"
    rf"(?![\w²³])(?:[- ](?P<dim>long|deep|wide|broad|across(?! the)|thick|high|tall)\b| in (?P<dim2>length|depth|width|height)\b)?",
)
# Where a length can begin, behind the character before it; the engine finds such places fast.
_LENGTH_FIRST: Final = re.compile(rf"[^a-z0-9_$.]{FIRST}")
_SQUARE: Final = re.compile(r"[- ]?(?:square|sq\b|cubic)")
# "$5m", "5m people": millions, not metres.
_MONEY: Final = re.compile(
    r" ?(?:people|dollars|euros?|pounds|zloty|zlotys|rubles|hryvnias?|inhabitants|residents|usd|eur)"
)
# Speeds and the reach of weapons are lengths of nothing on the ground.
_CONVERTED: Final = re.compile(
    r"(?:[- ](?:long|deep|wide|high|tall))? ?[(\[/,] ?(?:or |about |roughly |some |approximately )*"
)
_RATE: Final = re.compile(r"(?: per |/| an )(?:hour|h\b|second|s\b|day)|[- ]range\b")
_HALVES: Final = {"half": 0.5, "quarter": 0.25, "three": 0.75}


@dataclass(frozen=True, slots=True)
class LengthMention:
    """A length in a text; the dimension is what the word right after it says.

    ``start`` and ``end`` hold the value, its unit and the words of an open end ("up to");
    ``full_end`` also holds the dimension word.
    """

    start: int
    end: int
    full_end: int
    min_m: float | None
    max_m: float | None
    about: bool
    dimension: str | None

    @property
    def value(self) -> dict[str, Any]:
        """The value in the exchange format."""
        return {"min_m": self.min_m, "max_m": self.max_m}

    @property
    def pair(self) -> list[float | None]:
        """The two ends as a list."""
        return [self.min_m, self.max_m]


def find_lengths(low: str) -> list[LengthMention]:
    """Return the lengths of a text in lower case, in order; a conversion in brackets is skipped.

    Examples
    --------
    >>> [(m.min_m, m.max_m, m.dimension) for m in find_lengths("a 30-mile-deep belt, 5-10 km from the border")]
    [(48280.32, 48280.32, 'depth'), (5000.0, 10000.0, None)]
    >>> [(m.min_m, m.max_m) for m in find_lengths("half a mile; a mile and a half; up to three kilometres (1.9 miles)")]
    [(804.672, 804.672), (2414.016, 2414.016), (None, 3000.0)]
    """
    found: list[LengthMention] = []
    last = 0
    # With a blank before it, a text has a character before every word, at the word's own position in the text.
    for first in _LENGTH_FIRST.finditer(" " + low):
        match = _LENGTH.match(low, first.start()) if first.start() >= last else None
        if match is None:
            continue
        last = match.end()
        mention = _mention(low, match)
        if mention is None:
            continue
        if found and _is_conversion(low, found[-1], mention):
            found[-1] = _past_conversion(low, found[-1], mention)
            continue
        found.append(mention)
    return found


def _is_conversion(low: str, last: LengthMention, this: LengthMention) -> bool:
    """Whether this length only repeats the one before in another unit: "30 miles (48 km)"."""
    between = low[last.end : this.start]
    if not _CONVERTED.fullmatch(between):
        return False
    one, two = last.max_m or last.min_m, this.max_m or this.min_m
    return one is not None and two is not None and abs(one - two) <= 0.12 * max(one, two)


_AFTER_CONVERSION: Final = re.compile(
    r"[)\]]?(?:[- ](?P<dim>long|deep|wide|broad|thick|high|tall)\b| in (?P<dim2>length|depth|width|height)\b)?"
)


def _past_conversion(low: str, mention: LengthMention, conversion: LengthMention) -> LengthMention:
    """Return a length whose dimension stands after its conversion: "2,700 km (1,700 mi) long"."""
    match = _AFTER_CONVERSION.match(low, conversion.full_end)
    if match is None:
        return mention
    word = match["dim"] or match["dim2"]
    dimension = DIMENSIONS[word] if word else mention.dimension or conversion.dimension
    return replace(mention, full_end=match.end(), dimension=dimension)


def _mention(low: str, match: re.Match[str]) -> LengthMention | None:
    end = match.start("dim") - 1 if match["dim"] else match.start("dim2") - 4 if match["dim2"] else match.end()
    if (
        _SQUARE.match(low, match.end())
        or _RATE.match(low, match.end())
        or low[max(0, match.start() - 7) : match.start()].endswith(("square ", "sq "))
    ):
        return None
    unit = next(match[name] for name in ("u1", "u2", "u3", "u4", "u5", "u6", "u7") if match[name])
    if unit == "m" and _MONEY.match(low, match.end()):
        return None
    ends = _ends(match, _metres_per(unit))
    if ends is None:
        return None
    word = match["dim"] or match["dim2"]
    return LengthMention(
        _value_start(match), end, match.end(), *ends, match["about"] is not None, DIMENSIONS[word] if word else None
    )


def _value_start(match: re.Match[str]) -> int:
    for name in ("upto", "atleast", "b1", "r1", "half", "andhalf", "vague", "one", "each"):
        if match[name]:
            return match.start(name) - (8 if name == "b1" else 0)
    return match.start()


def _ends(match: re.Match[str], factor: float) -> tuple[float | None, float | None] | None:
    first = match["b1"] or match["r1"]
    if first:
        low, high = read_number(first), read_number(match["b2"] or match["r2"])
        other = match["bu"] or match["ru"]
        if low is None or high is None:
            return None
        low, high = low * (_metres_per(other) if other else factor), high * factor
        return (low, high) if low <= high else None
    if match["vague"]:
        return (find_numbers(match["vague"])[0].low or 0.0) * factor, None
    value = _single(match)
    if value is None:
        return None
    value *= factor
    if match["upto"]:
        return None, value
    return (value, None) if match["atleast"] else (value, value)


def _single(match: re.Match[str]) -> float | None:
    if match["andhalf"]:
        return 1.5
    if match["half"]:
        return next(value for word, value in _HALVES.items() if word in match["half"])
    return 1.0 if match["each"] else read_number(match["one"])


def _metres_per(unit: str) -> float:
    return next(METRES_PER[name] for name, pattern in _READ_UNIT if pattern.fullmatch(unit))
