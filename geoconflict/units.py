"""Parse lengths such as "30 mi" to metres and keep the original text.

Factors are exact by definition: the international mile is 1609.344 m, foot 0.3048 m and
yard 0.9144 m (agreement of 1959); the nautical mile is 1852 m (IHO, 1929).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real

from geoconflict.errors import UnitError, did_you_mean

METRES_PER: dict[str, float] = {
    "m": 1.0,
    "km": 1000.0,
    "mi": 1609.344,
    "nmi": 1852.0,
    "ft": 0.3048,
    "yd": 0.9144,
}

_SPELLINGS: dict[str, str] = {
    **{unit: unit for unit in METRES_PER},
    **dict.fromkeys(("metre", "metres", "meter", "meters", "mtr"), "m"),
    **dict.fromkeys(("kilometre", "kilometres", "kilometer", "kilometers", "kms"), "km"),
    **dict.fromkeys(("mile", "miles", "statute mile", "statute miles"), "mi"),
    **dict.fromkeys(("nautical mile", "nautical miles", "nm", "naut mi"), "nmi"),
    **dict.fromkeys(("foot", "feet"), "ft"),
    **dict.fromkeys(("yard", "yards", "yds"), "yd"),
}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_UNIT = r"[a-z]+(?:[ ][a-z]+)?"
_RANGE = re.compile(
    rf"(?P<first>{_NUMBER})\s*(?P<unit1>{_UNIT})?\s*(?:-|–|—|‒|−|\bto\b|\.\.)\s*(?P<second>{_NUMBER})\s*(?P<unit2>{_UNIT})?",
)
_SINGLE = re.compile(rf"(?P<value>{_NUMBER})\s*(?P<unit>{_UNIT})?")
_UP_TO = re.compile(r"(?:up to|at most|no more than|less than|under|<=|<|≤)\s*(?P<rest>.+)")
_AT_LEAST = re.compile(r"(?:at least|more than|over|no less than|>=|>|≥)\s*(?P<rest>.+)")
_ABOUT = re.compile(
    r"(?:about|around|roughly|some|approximately|approx\.?|nearly|almost|circa|ca\.?|~|≈)\s*(?P<rest>.+)"
)


@dataclass(frozen=True, slots=True)
class Length:
    """A length or a range of lengths, as written and in metres.

    Attributes
    ----------
    min_m, max_m : float or None
        The ends in metres; equal for a single value, None for an open end ("up to 50 km").
    text : str
        What was written.
    about : bool
        Whether the text marks the figure as approximate ("about", "roughly").
    """

    min_m: float | None
    max_m: float | None
    text: str
    about: bool = False

    @property
    def is_range(self) -> bool:
        """Whether the two ends differ."""
        return self.min_m != self.max_m

    @property
    def value_m(self) -> float:
        """The one value in metres; the middle of a range; the known end of an open one.

        Raises
        ------
        UnitError
            If neither end is known.
        """
        if self.min_m is not None and self.max_m is not None:
            return (self.min_m + self.max_m) / 2
        known = self.max_m if self.min_m is None else self.min_m
        if known is None:
            msg = f"the length {self.text!r} has no known end"
            raise UnitError(msg)
        return known

    def __str__(self) -> str:
        """Return what was written."""
        return self.text


def parse_length(text: object) -> Length:
    """Read a length such as ``"30 mi"``, ``"3-5 km"`` or ``"up to 12 nmi"``.

    A comma groups thousands and a point marks decimals. A comma that could be a decimal
    mark ("3,5 km") is refused: nothing is guessed.

    Parameters
    ----------
    text : str or Length
        A number or a range with its unit: m, km, mi, nmi, ft, yd, or their full names.

    Returns
    -------
    Length

    Raises
    ------
    UnitError
        If the unit is missing or unknown, or the text is not a length.

    Examples
    --------
    >>> parse_length("30 mi").value_m
    48280.32
    >>> parse_length("3–5 km").min_m, parse_length("3–5 km").max_m
    (3000.0, 5000.0)
    >>> parse_length("about 12 nmi").about
    True
    >>> parse_length("30")
    Traceback (most recent call last):
        ...
    geoconflict.errors.UnitError: the length '30' has no unit; add the one that is meant, such as '30 km' (known: m, km, mi, nmi, ft, yd)
    """
    if isinstance(text, Length):
        return text
    if not isinstance(text, str):
        number = str(text) if isinstance(text, (int, float)) and not isinstance(text, bool) else "5"
        msg = (
            f"the length {text!r} has no unit; write it as a text such as '{number} {_likely_unit(number)}' "
            f"(known: {', '.join(METRES_PER)})"
        )
        raise UnitError(msg)
    written = text.strip()
    body = " ".join(written.casefold().split())
    if match := _ABOUT.fullmatch(body):
        inner = _plain(match["rest"], written)
        return Length(inner[0], inner[1], written, about=True)
    low, high = _plain(body, written)
    return Length(low, high, written)


def parse_metres(value: object, *, what: str = "length", allow_negative: bool = False) -> float:
    """Return one length in metres.

    Parameters
    ----------
    value : str, float or Length
        A text with its unit, or a number of metres.
    what : str
        Name of the length in error messages.
    allow_negative : bool
        Whether the length may be negative.

    Returns
    -------
    float
        Metres.

    Raises
    ------
    UnitError
        If a text has no unit or is a range, or a number is negative or not finite.

    Examples
    --------
    >>> parse_metres("50 km"), parse_metres(50_000)
    (50000.0, 50000.0)
    """
    if not isinstance(value, bool) and isinstance(value, Real):
        metres = float(value)
        if not math.isfinite(metres):
            msg = f"the {what} {value!r} is not finite; give metres, or a text such as '5 km'"
            raise UnitError(msg)
    else:
        sign = 1.0
        if allow_negative and isinstance(value, str) and value.strip()[:1] in {"-", "−"}:
            sign, value = -1.0, value.strip()[1:]
        length = parse_length(value)
        if length.is_range or length.min_m is None:
            msg = f"the {what} {length.text!r} is a range; give one value"
            raise UnitError(msg)
        metres = sign * length.min_m
    if metres < 0 and not allow_negative:
        msg = f"the {what} {value!r} is negative; give 0 or more"
        raise UnitError(msg)
    return metres


def format_length(metres: float, unit: str = "km") -> str:
    """Write metres in a unit with about three significant digits.

    Examples
    --------
    >>> format_length(678_900)
    '679 km'
    >>> format_length(4828, "mi")
    '3 mi'
    >>> format_length(350)
    '0.35 km'
    """
    if unit not in METRES_PER:
        msg = f"unknown unit {unit!r}; known: {', '.join(METRES_PER)}"
        raise UnitError(msg)
    value = metres / METRES_PER[unit]
    if not math.isfinite(value):
        return f"{value} {unit}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    number = f"{value:,.{digits}f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {unit}"


def _plain(body: str, written: str) -> tuple[float | None, float | None]:
    if match := _UP_TO.fullmatch(body):
        return None, _single(match["rest"], written)
    if match := _AT_LEAST.fullmatch(body):
        return _single(match["rest"], written), None
    if match := _RANGE.fullmatch(body):
        second = _metres(match["second"], match["unit2"] or match["unit1"], written)
        first = _metres(match["first"], match["unit1"] or match["unit2"], written)
        if first > second:
            msg = f"the range {written!r} ends before it starts"
            raise UnitError(msg)
        return first, second
    value = _single(body, written)
    return value, value


def _single(body: str, written: str) -> float:
    match = _SINGLE.fullmatch(body)
    if match is None:
        if re.match(r"-|−", body):
            msg = f"the length {written!r} is negative"
        elif re.match(r"\d+,\d{1,2}(?!\d)", body):
            msg = f"the length {written!r} has a comma that could be a decimal mark; write a point"
        else:
            msg = f"{written!r} is not a length; write one such as '5 km', '3-5 km' or '30 mi'"
        raise UnitError(msg)
    return _metres(match["value"], match["unit"], written)


def _likely_unit(number: str) -> str:
    """Return metres for a number that would be absurd as kilometres."""
    return "m" if float(number.replace(",", "")) >= 500 else "km"


def _metres(number: str, unit: str | None, written: str) -> float:
    if not unit:
        msg = (
            f"the length {written!r} has no unit; add the one that is meant, such as '{number} {_likely_unit(number)}' "
            f"(known: {', '.join(METRES_PER)})"
        )
        raise UnitError(msg)
    known = _SPELLINGS.get(unit.strip())
    if known is None:
        hint = did_you_mean(unit, _SPELLINGS)
        msg = f"the unit {unit!r} in {written!r} is not known; {hint or 'known: ' + ', '.join(METRES_PER)}"
        raise UnitError(msg)
    return float(number.replace(",", "")) * METRES_PER[known]
