"""A text in degrees, cut into numbers with their marks, directions and separators."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from geoconflict.coordinates.directions import is_direction
from geoconflict.coordinates.order import Angle
from geoconflict.coordinates.values import Notation, refuse

if TYPE_CHECKING:
    from collections.abc import Sequence


class Number(NamedTuple):
    """A number with its sign and the mark behind it: ``°``, ``'``, ``"``, ``:`` or none."""

    sign: str
    digits: str
    mark: str


class Word(NamedTuple):
    """A word that says a hemisphere or an axis."""

    text: str


class Separator(NamedTuple):
    """Something between two numbers; blank where it is only white space."""

    text: str


Item: TypeAlias = Number | Word | Separator

_TOKEN = re.compile(
    r"(?P<number>[+-]?(?:\d+(?:\.\d+)?|(?<![\d.])\.\d+)(?:e[+-]\d{2})?)(?P<mark>\s*(?:°|deg(?=[nsew](?![a-z]))|deg(?:rees?|s)?\b\.?|度|градус\w*|град?\b\.?|гр\b\.?"
    r"|grad\b|grados\b|degrés?\b|gradi\b|stopni\b|\*(?=\s*\d)|\^o?(?=\s*\d)|[do](?=\s*\d+(?:\.\d+)?\s*['m])|(?<=\d)d(?=\s*[nsew]\b)"
    r"|'|分|min(?:utes?|\.)?(?![a-z])|мин\w*\.?|хв\w*\.?|m(?=\s*\d|\s*[nsew]\b)"
    r'|"|秒|sec(?:onds?|\.)?(?![a-z])|сек\w*\.?|s(?=\s*[nsew](?![a-z]))))?'
    r"|(?P<word>[^\W\d_]+)(?P<dot>\.)?"
    r"|(?P<separator>\s*[,;/|&_=:~]\s*)"
    r"|(?P<space>\s+)"
    r"|(?P<other>.)"
)
_AND = frozenset(["and", "und", "et", "y", "та"])
_FILLERS = frozenset(
    ["degrees", "degree", "of", "is", "a", "de", "the", "by", "geogr", "geographic", "geographical", "geograficznej"]
)
_DEGREES = {"°", "度", "d", "o", "*", "^", "^o"}


def tokenise(body: str) -> list[Item] | None:
    """Cut a text into its items, or return None where it holds anything else.

    Examples
    --------
    >>> [type(item).__name__ for item in tokenise("54.68 n")]
    ['Number', 'Separator', 'Word']
    """
    items: list[Item] = []
    for match in _TOKEN.finditer(body):
        kind = match.lastgroup
        if match["number"] is not None:
            if items and isinstance(items[-1], Number) and not items[-1].mark:
                return None
            digits = match["number"]
            sign = digits[0] if digits[0] in "+-" else ""
            items.append(Number(sign, digits.lstrip("+-"), _mark(match["mark"])))
        elif match["word"] is not None:
            if match["word"] in _AND and any(isinstance(item, Number) for item in items):
                items.append(Separator(","))
            elif match["word"] in _FILLERS:
                continue
            elif is_direction(match["word"]):
                items.append(Word(match["word"]))
            else:
                return None
        elif kind == "separator":
            items.append(Separator(match["separator"].strip()))
        elif kind == "space":
            items.append(Separator(""))
        else:
            return None
    return tidy(items)


def _mark(text: str | None) -> str:
    mark = (text or "").strip()
    if not mark:
        return ""
    if mark in _DEGREES or mark[0] in "°d" or mark.startswith(("град", "гр", "grad", "stop")):
        return "°"
    if mark[0] in "'mмх分":
        return "'"
    return '"'


def tidy(items: list[Item]) -> list[Item]:
    """Join what belongs together and drop separators that separate nothing."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        if isinstance(item, Separator):
            if item.text in {":", "="} and isinstance(last, Word):
                continue
            if isinstance(last, Separator):
                out[-1] = Separator(last.text + item.text)
                continue
            if last is None:
                continue
        out.append(item)
    while out and isinstance(out[-1], Separator):
        out.pop()
    return out


def joints(items: Sequence[Item]) -> list[str]:
    """Return what stands between each number and the next; nothing is a joint too, after a mark or before a sign."""
    found: list[str] = []
    last: Item | None = None
    for item in items:
        if isinstance(item, Number) and last is not None:
            found.append(last.text if isinstance(last, Separator) else "")
        last = item
    return found


_ORDER = ("°", "'", '"')
_WORTH = (1.0, 1 / 60, 1 / 3600)


def angle(group: Sequence[Number], *, packed: bool = False) -> Angle | None:
    """Make one angle of one to three numbers, or None where they are not one."""
    if not 1 <= len(group) <= 3 or not _in_order(group):
        return None
    whole = group[0].digits.split(".")[0]
    if packed and len(group) == 1 and not group[0].mark and len(whole) >= 4:
        return _packed(group[0])
    if len(whole) > 3:
        return None
    parts = [float(number.digits) for number in group]
    for part, name in zip(parts[1:], ("minutes", "seconds"), strict=False):
        if part >= 60:
            refuse(f"{part:g} {name} are 60 or more")
    degrees = sum(part * worth for part, worth in zip(parts, _WORTH, strict=False))
    sign = -1.0 if group[0].sign == "-" else 1.0
    step = _step(group[-1].digits) * _WORTH[len(group) - 1]
    notation = (Notation.DECIMAL, Notation.DM, Notation.DMS)[len(group) - 1]
    bare = len(group) == 1 and not group[0].mark and "." not in group[0].digits
    return Angle(sign * degrees, step, notation, signed=bool(group[0].sign), bare=bare)


def _in_order(group: Sequence[Number]) -> bool:
    """Tell whether numbers can be degrees, minutes and seconds: signs, decimals, marks and lengths allow it."""
    for place, number in enumerate(group):
        if number.mark and number.mark != _ORDER[place]:
            return False
        if place and (number.sign or len(number.digits.partition(".")[0]) > 2):
            return False
        if place < len(group) - 1 and ("." in number.digits or "e" in number.digits):
            return False
    return True


def _packed(number: Number) -> Angle | None:
    """Read DDMM, DDDMM, DDMMSS or DDDMMSS, with decimals of the last."""
    whole, _, fraction = number.digits.partition(".")
    if len(whole) in {8, 9} and not fraction:  # DDMMSShh and DDDMMSShh of ARINC 424
        whole, fraction = whole[:-2], whole[-2:]
    if len(whole) not in {4, 5, 6, 7}:
        return None
    tail = f".{fraction}" if fraction else ""
    pieces = [whole[:-2], whole[-2:] + tail] if len(whole) <= 5 else [whole[:-4], whole[-4:-2], whole[-2:] + tail]
    marks = _ORDER
    return angle([Number(number.sign if i == 0 else "", piece, marks[i]) for i, piece in enumerate(pieces)])


def _step(digits: str) -> float:
    """Return the worth of the last digit of a number."""
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(10.0 ** (int(exponent or 0) - decimals))
