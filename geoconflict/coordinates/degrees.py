"""Parse a latitude and a longitude in degrees: decimal, with minutes and seconds, packed, labelled.

The text is cut into numbers with their marks, words and separators. The numbers are grouped
into two angles, and the words or the usual order say which one is the latitude. A text that
holds anything else is not in this notation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from geoconflict.coordinates.spelling import (
    RARE_LETTERS,
    WORDS,
    Direction,
    directions_of,
    directions_of_pair,
    is_direction,
    normalise_degrees,
)
from geoconflict.coordinates.values import (
    NO_CONTEXT,
    Angle,
    Context,
    Notation,
    ParsedCoordinate,
    disambiguate,
    distinct,
    is_in_range,
    point,
    point_in_either_order,
    point_in_usual_order,
    refuse,
)
from geoconflict.errors import CoordinateError


class Number(NamedTuple):
    """A number with its sign and the mark after it: ``°``, ``'``, ``"`` or none."""

    sign: str
    digits: str
    mark: str


class Word(NamedTuple):
    """A word or letter that names a hemisphere or an axis."""

    text: str


class Separator(NamedTuple):
    """The text between two numbers; empty for white space."""

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
    """Cut a text into items, or return None if it holds anything else.

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
    return merge_separators(items)


def _mark(text: str | None) -> str:
    mark = (text or "").strip()
    if not mark:
        return ""
    if mark in _DEGREES or mark[0] in "°d" or mark.startswith(("град", "гр", "grad", "stop")):
        return "°"
    if mark[0] in "'mмх分":
        return "'"
    return '"'


def merge_separators(items: list[Item]) -> list[Item]:
    """Join neighbouring separators; remove those at the ends and after a label."""
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


def gaps_between(items: Sequence[Item]) -> list[str]:
    """Return the separators between each number and the next; empty if there is none."""
    found: list[str] = []
    last: Item | None = None
    for item in items:
        if isinstance(item, Number) and last is not None:
            found.append(last.text if isinstance(last, Separator) else "")
        last = item
    return found


_ORDER = ("°", "'", '"')
_UNITS_DEG = (1.0, 1 / 60, 1 / 3600)


def angle(group: Sequence[Number], *, packed: bool = False) -> Angle | None:
    """Return the angle of one to three numbers, or None if they are not an angle."""
    if not 1 <= len(group) <= 3 or not _are_degrees_minutes_seconds(group):
        return None
    whole = group[0].digits.split(".")[0]
    if packed and len(group) == 1 and not group[0].mark and len(whole) >= 4:
        return _packed(group[0])
    if len(whole) > 3:
        return None
    parts = [float(number.digits) for number in group]
    for part, name in zip(parts[1:], ("minutes", "seconds"), strict=False):
        if part >= 60:
            refuse(f"{part:g} {name} are not less than 60")
    degrees = sum(part * unit_deg for part, unit_deg in zip(parts, _UNITS_DEG, strict=False))
    sign = -1.0 if group[0].sign == "-" else 1.0
    step = _step(group[-1].digits) * _UNITS_DEG[len(group) - 1]
    notation = (Notation.DECIMAL, Notation.DM, Notation.DMS)[len(group) - 1]
    bare = len(group) == 1 and not group[0].mark and "." not in group[0].digits
    return Angle(sign * degrees, step, notation, signed=bool(group[0].sign), bare=bare)


def _are_degrees_minutes_seconds(group: Sequence[Number]) -> bool:
    """Return whether signs, decimals, marks and lengths allow degrees, minutes and seconds."""
    for place, number in enumerate(group):
        if number.mark and number.mark != _ORDER[place]:
            return False
        if place and (number.sign or len(number.digits.partition(".")[0]) > 2):
            return False
        if place < len(group) - 1 and ("." in number.digits or "e" in number.digits):
            return False
    return True


def _packed(number: Number) -> Angle | None:
    """Return the angle of DDMM, DDDMM, DDMMSS or DDDMMSS, possibly with decimals."""
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
    """Return the place value of the last digit of a number."""
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(10.0 ** (int(exponent or 0) - decimals))


MAX_CHARS = 200
"""Longer texts are prose."""

_LONE_LETTER = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
_IN_SQUARE_BRACKETS = re.compile(r"\[\s*[+-]?\d[\d.,\s+-]*\]")
_EPSG_4326 = re.compile(r"\bepsg\s*[:=]*\s*4326\b", re.IGNORECASE)
_COMMA_BETWEEN_DIGITS = re.compile(r"(\d),(?=\d)")
_COMMA_DECIMAL = re.compile(r"(\d+),(\d+)")
_ALL_COMMAS = re.compile(r"[^\s;/|–]+")
_MAY_STATE_ACCURACY = re.compile(r"±|\+/|acc|uncert|radius", re.IGNORECASE)
_ACCURACY = re.compile(
    r"[,;\s]*\(?\s*(?:±|\+/-|accuracy|acc\.?|uncertainty|radius)\s*[:=]?\s*(\d+(?:\.\d+)?)\s*(km|m)\b\.?\s*\)?$"
)

# The two most common forms: angles with marks, and their hemispheres after or before them.
_FORM = r"(\d{1,3})(?:(\.\d+) ?°?|° ?(\d{1,2})(?:(\.\d+) ?'|' ?(\d{1,2}(?:\.\d+)?) ?\"))"
_HEMISPHERE_AFTER = re.compile(rf"{_FORM} ?([NS])(?: ?[,;/] ?| )?{_FORM} ?([EW])")
_HEMISPHERE_BEFORE = re.compile(rf"([NS]) ?{_FORM}(?: ?[,;/] ?| )?([EW]) ?{_FORM}")
_WHOLE = _FORM.replace("(", "(?:").replace("(?:?:", "(?:")
_DECIMAL = r"[+-]?\d{1,3}\.\d+°?"
DIRECTED_PAIR = re.compile(
    rf"(?<![\w.,°-])(?<!\d )(?:{_WHOLE} ?[NS](?: ?[,;/] ?| )?{_WHOLE} ?[EW]|[NS] ?{_WHOLE}(?: ?[,;/] ?| )?[EW] ?{_WHOLE}"
    r"|\d{4}(?:\d\d)?(?:\.\d+)?[NS] ?/? ?\d{5}(?:\d\d)?(?:\.\d+)?[EW]"
    rf"|[Ll]at(?:itude)?[:=. ]{{1,2}}{_DECIMAL}[,;]? [Ll](?:on|ng|ong|ongitude)[:=. ]{{1,2}}{_DECIMAL})(?![\w.°])"
)
"""One of these forms, a packed pair or a labelled pair inside a longer text."""


class _Hints(NamedTuple):
    """Properties of the text that its items do not show.

    Attributes
    ----------
    order_doubtful : bool
        Whether it has square brackets or EPSG:4326, which are used with both orders.
    lone_letters : frozenset of str
        Small single letters that mean a hemisphere only as capitals.
    has_capitals : bool
        "с 48 в 38" is Russian prose, "С48 В38" is a place.
    """

    order_doubtful: bool
    lone_letters: frozenset[str]
    has_capitals: bool


def parse_degrees(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    r"""Parse a latitude and a longitude in degrees.

    Parameters
    ----------
    text : str
        As returned by ``spelling.normalise_characters``.
    context : Context

    Returns
    -------
    ParsedCoordinate or None
        None if the text is not a pair in degrees.

    Raises
    ------
    CoordinateError
        If it is a pair in degrees, but wrong or ambiguous.

    Examples
    --------
    >>> print(parse_degrees("54°41'14\"N 25°16'47\"E"))
    54.687222°N 25.279722°E (dms)
    >>> print(parse_degrees("N5441.2 E02516.8"))
    54.686667°N 25.280000°E (dm)
    """
    if len(text) > MAX_CHARS:
        return None
    if (match := _HEMISPHERE_AFTER.fullmatch(text)) is not None:
        return _from_match(match.groups()[:5], match.groups()[6:11], (match[6], match[12]))
    if (match := _HEMISPHERE_BEFORE.fullmatch(text)) is not None:
        return _from_match(match.groups()[1:6], match.groups()[7:], (match[1], match[7]))
    accuracy = _ACCURACY.search(text.lower()) if _MAY_STATE_ACCURACY.search(text) else None
    if accuracy is not None:
        text = text[: accuracy.start()]
    in_brackets = "[" in text and _IN_SQUARE_BRACKETS.search(text) is not None
    order_doubtful = in_brackets or _EPSG_4326.search(text) is not None
    body = normalise_degrees(text)
    if body is None:
        return None
    hints = _Hints(order_doubtful, frozenset(_LONE_LETTER.findall(text)) & RARE_LETTERS, text != text.lower())
    parsed = _parse_commas(body, context, hints)
    if accuracy is not None and parsed is not None:
        stated = float(accuracy[1]) * (1000 if accuracy[2] == "km" else 1)
        return parsed._replace(uncertainty_m=max(stated, parsed.uncertainty_m))
    return parsed


def _from_match(
    first: Sequence[str | None], second: Sequence[str | None], hemispheres: tuple[str | None, str | None]
) -> ParsedCoordinate | None:
    """Return the point of a match of ``_HEMISPHERE_AFTER`` or ``_HEMISPHERE_BEFORE``."""
    angles = []
    for parts in (first, second):
        degrees, fraction, minutes, minute_fraction, seconds = (part or "" for part in parts)
        if fraction:
            numbers = [Number("", degrees + fraction, "°")]
        elif seconds:
            numbers = [Number("", degrees, "°"), Number("", minutes, "'"), Number("", seconds, '"')]
        else:
            numbers = [Number("", degrees, "°"), Number("", minutes + minute_fraction, "'")]
        angles.append(angle(numbers))
    one, two = angles
    if one is None or two is None:
        return None
    lat = one._replace(degrees=-one.degrees) if hemispheres[0] == "S" else one
    lon = two._replace(degrees=-two.degrees) if hemispheres[1] == "W" else two
    return point(lat, lon)


def _parse_commas(body: str, context: Context, hints: _Hints) -> ParsedCoordinate | None:
    """Parse a text whose commas may be decimal commas."""
    if _COMMA_BETWEEN_DIGITS.search(body) is None or re.search(r"\d\.\d", body):
        return _parse(body, context, hints)
    decimal = _COMMA_DECIMAL.sub(r"\1.\2", body)
    variants = [decimal, body] if _ALL_COMMAS.fullmatch(body) else [decimal]
    candidates: list[ParsedCoordinate] = []
    refusals: list[CoordinateError] = []
    for variant in variants:
        try:
            parsed = _parse(variant, context, hints)
        except CoordinateError as refusal:
            refusals.append(refusal)
        else:
            candidates.extend([parsed] if parsed else [])
    if len(distinct(candidates)) > 1:
        return disambiguate(candidates, context, "the commas may be decimal commas, or separate degrees from minutes")
    for refused in refusals:
        if refused.candidates or not candidates:
            raise refused
    return candidates[0] if candidates else None


def _parse(body: str, context: Context, hints: _Hints) -> ParsedCoordinate | None:
    items = tokenise(body)
    if items is None:
        return None
    words = [item for item in items if isinstance(item, Word)]
    if not words:
        if three := _three(items):
            return point_in_either_order(
                three[0],
                three[1],
                context,
                "three numbers may be latitude, longitude, height, or longitude, latitude, height",
            )
        groups = _split([item for item in items if not isinstance(item, Word)])
        if groups is None:
            return None
        parsed = _without_words(groups, context, order_doubtful=hints.order_doubtful)
        if parsed is not None and Separator(":") in items and max(abs(parsed.lat), abs(parsed.lon)) < 24:
            refuse("two angles below 24 with colons may be times of day", [parsed])
        return parsed
    if any(word.text in hints.lone_letters for word in words):
        return None
    digits = sum(len(item.digits) for item in items if isinstance(item, Number))
    if "." not in body and "°" not in body and (digits < 4 or (digits < 8 and not hints.has_capitals)):
        refuse("too few digits for a coordinate; it may be the name of a road or a part of a sentence")
    return _with_words(items, context)


def _three(items: list[Item]) -> tuple[Angle, Angle] | None:
    """Return the angles of ``a, b, height`` if both have decimals."""
    numbers = [item for item in items if isinstance(item, Number)]
    if len(numbers) != 3 or any(gap != "," for gap in gaps_between(items)) or any(number.mark for number in numbers):
        return None
    first, second = angle(numbers[:1]), angle(numbers[1:2])
    return None if first is None or second is None or first.bare or second.bare else (first, second)


def _split(items: Sequence[Item]) -> tuple[list[Number], list[Number]] | None:
    """Split the numbers of a text without words into two angles, or return None."""
    numbers = [item for item in items if isinstance(item, Number)]
    gaps = gaps_between(items)
    if not 2 <= len(numbers) <= 6 or any(len(gap) > 1 for gap in gaps):
        return None
    hard = [i for i, gap in enumerate(gaps) if gap not in {"", ":"}]
    cut = _cut(numbers, gaps, hard)
    if cut is None or any(number.sign and i not in {0, cut} for i, number in enumerate(numbers)):
        return None
    if any(i != cut - 1 for i in hard) and len(hard) != len(gaps):
        return None
    return numbers[:cut], numbers[cut:]


def _cut(numbers: list[Number], gaps: list[str], hard: list[int]) -> int | None:
    """Return where the second angle starts: at its degree mark, at the only separator, or in the middle."""
    count = len(numbers)
    degree_marks = [i for i, number in enumerate(numbers) if number.mark == "°"]
    if degree_marks and degree_marks != [0]:
        return degree_marks[1] if len(degree_marks) == 2 and degree_marks[0] == 0 else None
    if len(hard) == 1:
        return hard[0] + 1
    if gaps.count(":") == count - 2 and count > 2:
        return next(i for i, gap in enumerate(gaps) if gap != ":") + 1
    return count // 2 if count % 2 == 0 and len(hard) in {0, count - 1} else None


def _without_words(
    groups: tuple[list[Number], list[Number]], context: Context, *, order_doubtful: bool
) -> ParsedCoordinate | None:
    first, second = (angle(group) for group in groups)
    if first is None or second is None:
        return None
    if first.notation is not second.notation:
        return None
    if first.bare and second.bare:
        message = "two whole numbers may be two angles, or degrees and minutes of one angle"
        return (
            point_in_either_order(first, second, context, message)
            if context.country
            else _refuse_bare(first, second, message)
        )
    numbers = [*groups[0], *groups[1]]
    unmarked = not any(number.mark for number in numbers)
    if unmarked and len(numbers) == 4 and not any("." in number.digits for number in numbers):
        return point_in_either_order(first, second, context, "four whole numbers can be split in several ways")
    if first.degrees == 0 and second.degrees == 0:
        refuse("0, 0 is what programs write for a missing location", [point(first, second)])
    if order_doubtful and is_in_range(first, second) and is_in_range(second, first):
        return point_in_either_order(
            first,
            second,
            context,
            "pairs in square brackets or labelled EPSG:4326 are written in both orders",
        )
    return point_in_usual_order(first, second, context)


def _refuse_bare(first: Angle, second: Angle, message: str) -> ParsedCoordinate:
    candidates = [point(lat, lon) for lat, lon in ((first, second), (second, first)) if is_in_range(lat, lon)]
    refuse(message, candidates)


def _with_words(items: list[Item], context: Context) -> ParsedCoordinate | None:
    merged = _drop_labels(_merge_words(items))
    words = _words(merged)
    if len(words) == 1:
        return _one_word(merged, words[0], context)
    if len(words) != 2:
        return None
    groups = _groups(merged)
    if groups is None:
        return None
    labelled = all(word in WORDS and WORDS[word].sign == 0 for word in words)
    angles = [angle(group, packed=not labelled) for group in groups]
    if angles[0] is None or angles[1] is None:
        return None
    if angles[0].notation is not angles[1].notation and not all(number.mark for group in groups for number in group):
        refuse("one angle has more parts than the other; write °, ' and \" after the numbers")
    if len({len(number.digits) >= 8 and "." not in number.digits for group in groups for number in group}) > 1:
        refuse("one angle has hundredths of a second without a decimal point, the other has not")
    return _directed(angles[0], angles[1], words, context)


def _drop_labels(items: list[Item]) -> list[Item]:
    """Remove the labels of "latitude 54.68 north, longitude 25.28 east" if they agree with the hemispheres."""
    words = _words(items)
    if len(words) != 4:
        return items
    labels = [_label(word) for word in words]
    if labels[0] and labels[1]:  # "lat/lon: 54.68 N, 25.28 E"
        agreed = _label_matches(labels[0], words[2]) and _label_matches(labels[1], words[3])
        return _without_labels(items) if agreed else items
    for first in (0, 1):
        pairs = [(labels[first], words[1 - first]), (labels[first + 2], words[3 - first])]
        if all(_label_matches(*pair) for pair in pairs):
            return _without_labels(items)
    return items


def _label_matches(label: str | None, word: str) -> bool:
    return _label(word) is None and label in {direction.axis for direction in directions_of(word)}


def _without_labels(items: list[Item]) -> list[Item]:
    return merge_separators([item for item in items if not (isinstance(item, Word) and _label(item.text))])


def _merge_words(items: list[Item]) -> list[Item]:
    """Replace pairs such as "latitude: N" or "north latitude" by the hemisphere."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        before = out[-2] if len(out) > 1 else None
        if isinstance(item, Word):
            gap = isinstance(last, Separator) and last.text in {"", ":"}
            partner = before if gap else last
            if isinstance(partner, Word):
                both = [partner.text, item.text]
                axes = [{direction.axis for direction in directions_of(word)} for word in both]
                if _label(both[0]) in axes[1] or _label(both[1]) in axes[0]:
                    keep = both[1] if _label(both[0]) else both[0]
                    if gap:
                        out.pop()
                    out[-1] = Word(keep)
                    continue
        out.append(item)
    return out


def _label(word: str) -> str | None:
    direction = WORDS.get(word)
    return direction.axis if direction is not None and direction.sign == 0 else None


def _words(items: list[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Word)]


def _groups(items: list[Item]) -> tuple[list[Number], list[Number]] | None:
    """Assign the numbers to two words that stand before, after, between or around them."""
    solid = [item for item in items if not isinstance(item, Separator)]
    at = [i for i, item in enumerate(solid) if isinstance(item, Word)]
    last = len(solid) - 1
    if at in ([0, 1], [last - 1, last]) and not all(_label(word) or word in "nsew" for word in _words(items)):
        return None
    if at in ([0, 1], [last - 1, last], [0, last]):
        return _split(_without(items, Word))
    if at[0] == 0:
        cut = at[1]
    elif at[1] in {last, at[0] + 1}:
        cut = at[0]
    else:
        return None
    halves = ([i for i in solid[:cut] if isinstance(i, Number)], [i for i in solid[cut:] if isinstance(i, Number)])
    return halves if all(halves) and _are_plain_separators(items) else None


def _are_plain_separators(items: list[Item]) -> bool:
    """Return whether all separators may stand inside or between angles."""
    return all(len(item.text) <= 1 or set(item.text) <= {",", ";"} for item in items if isinstance(item, Separator))


def _without(items: list[Item], kind: type[Word]) -> list[Item]:
    return merge_separators([item for item in items if not isinstance(item, kind)])


def _one_word(items: list[Item], word: str, context: Context) -> ParsedCoordinate | None:
    """Parse a pair with a hemisphere or label on one angle only."""
    groups = _split(_without(items, Word))
    directions = directions_of(word)
    if groups is None:
        return None
    first, second = (angle(group, packed=True) for group in groups)
    if first is None or second is None:
        return None
    solid = [item for item in items if not isinstance(item, Separator)]
    if len({direction.axis for direction in directions}) != 1:
        refuse(f"only one of the two angles has a hemisphere ({word!r})")
    if first.notation is not second.notation:
        return None
    place = next(i for i, item in enumerate(solid) if isinstance(item, Word))
    on_first = place <= len(groups[0])
    if place == len(groups[0]):  # between the two angles
        refuse(f"only one of the two angles has a hemisphere ({word!r}), and it stands between them")
    if _label(word) is not None:
        return point_in_either_order(first, second, context, f"only one of the two angles has a label ({word!r})")
    words = [word, ""] if on_first else ["", word]
    candidates = []
    for direction in directions:
        axes = [direction, Direction("lon" if direction.axis == "lat" else "lat", 0)]
        pair = axes if words[0] else axes[::-1]
        candidates.extend(_signed(first, second, pair))
    other = second if words[0] else first
    if other.signed:
        return disambiguate([candidates[0]], context, "")
    mirrored = [
        parsed._replace(lon=-parsed.lon) if _of_latitude(directions) else parsed._replace(lat=-parsed.lat)
        for parsed in candidates
    ]
    return disambiguate([*candidates, *mirrored], context, f"only one of the two angles has a hemisphere ({word!r})")


def _of_latitude(directions: Sequence[Direction]) -> bool:
    """Return whether the directions are of the latitude."""
    return directions[0].axis == "lat"


def _directed(first: Angle, second: Angle, words: list[str], context: Context) -> ParsedCoordinate | None:
    directions = directions_of_pair(words[0], words[1])
    if not directions:
        refuse(f"{words[0]!r} and {words[1]!r} are not a latitude and a longitude")
    candidates = [parsed for pair in directions for parsed in _signed(first, second, list(pair))]
    for (one, two), sure in ((pair, (first.signed, second.signed)) for pair in directions):
        if bool(one.sign) != bool(two.sign) and not (sure[0] if two.sign else sure[1]):
            # The axis without a hemisphere may have either sign.
            lat_is_open = (one.axis == "lat") is not bool(one.sign)
            mirrored = [r._replace(lat=-r.lat) if lat_is_open else r._replace(lon=-r.lon) for r in candidates]
            return disambiguate([*candidates, *mirrored], context, "only one of the two angles has a hemisphere")
    languages = "; ".join(f"{', '.join(names)}" for names in directions.values())
    return disambiguate(
        candidates, context, f"{words[0].upper()!r} and {words[1].upper()!r} differ between languages ({languages})"
    )


def _signed(first: Angle, second: Angle, directions: list[Direction]) -> list[ParsedCoordinate]:
    """Apply axes and signs to two angles."""
    values: dict[str, Angle] = {}
    for written, direction in zip((first, second), directions, strict=True):
        if direction.sign and written.degrees < 0:
            refuse(f"an angle has both a minus sign and a hemisphere ({written.degrees:g}); write only one of them")
        sign = direction.sign or 1
        values[direction.axis] = written._replace(degrees=sign * written.degrees)
    return [point(values["lat"], values["lon"])]
