"""Degrees in all their dress: decimal, with minutes, with seconds, packed, labelled.

A text is cut into numbers, marks, directions and separators; the numbers are grouped into
two angles; the angles are given their axes. A text with anything else in it is left to the
other readers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from geoconflict.errors import CoordinateError
from geoconflict.incidents.coordinates.directions import (
    RARE_LETTERS,
    WORDS,
    Direction,
    is_direction,
    meanings_of,
    readings_of,
    spell_out,
)
from geoconflict.incidents.coordinates.order import Angle, either_order, fits, point, unlabelled
from geoconflict.incidents.coordinates.values import Context, Notation, Reading, distinct, refuse, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHARS = 200
"""Longer texts are prose, not one pair."""


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


class Hints(NamedTuple):
    """What the text tells beside its items.

    Attributes
    ----------
    squared : bool
        Whether it stands in square brackets or names EPSG:4326: its order is doubtful.
    small : frozenset of str
        Small single letters that only as capitals are believed to be hemispheres.
    """

    squared: bool
    small: frozenset[str]


Item: TypeAlias = Number | Word | Separator

_TOKEN = re.compile(
    r"(?P<number>[+-]?(?:\d+(?:\.\d+)?|(?<![\d.])\.\d+)(?:e[+-]\d{2})?)(?P<mark>\s*(?:°|deg(?:rees?|s)?\b\.?|度|градус\w*|град?\b\.?|гр\b\.?"
    r"|grad\b|grados\b|degrés?\b|gradi\b|stopni\b|\*(?=\s*\d)|\^o?(?=\s*\d)|[do](?=\s*\d+(?:\.\d+)?\s*['m])|d(?=\s*[nsew]\b)"
    r"|'|分|min(?:utes?|\.)?(?![a-z])|мин\w*\.?|хв\w*\.?|m(?=\s*\d|\s*[nsew]\b)"
    r'|"|秒|sec(?:onds?|\.)?(?![a-z])|сек\w*\.?|s(?=\s*[nsew](?![a-z]))))?'
    r"|(?P<word>[^\W\d_]+)(?P<dot>\.)?"
    r"|(?P<separator>\s*[,;/|&_=:~]\s*)"
    r"|(?P<space>\s+)"
    r"|(?P<other>.)"
)
_AND = frozenset("and und et y та".split())
_FILLERS = frozenset("degrees degree of is a de the by geogr geographic geographical geograficznej".split())
_DEGREES = {"°", "度", "d", "o", "*", "^", "^o"}
_DROPPED = re.compile(
    r"\(?\bwgs[\s_-]?'?(?:19)?84\b\)?|\bepsg\s*[:=]*\s*4326\b|^(?:approx(?:imately|\.)?|ca\.|circa|about|around|near)\s+|^(?:gps|geo)?[\s-]*(?:coord(?:inate)?s?|coordonnées|coordenadas|koordinaten|"
    r"koordinatės|координаты|координати|position|pos|location|loc|gps|место|точка|grid)\b\.?\s*(?:gps\b)?\s*(?:[:=]|is\b|are\b)?\s*"
)
_LAT_LON = re.compile(r"\blat(?:itude)?\s*[-_/,&]?\s*(lng|lon|long)(?:itude)?\b")
_LON_LAT = re.compile(r"\b(?:lng|lon|long)(?:itude)?\s*[-_/,&]?\s*lat(?:itude)?\b")
_TEMPLATE = re.compile(r"\{\{\s*coord\s*\|([^{}]*)\}\}")
_QUOTED = re.compile(r"([\"'])([^\"',;]+)\1\s*([,;])\s*\1([^\"',;]+)\1")
_LONE_LETTER = re.compile(r"(?<![^\W\d_])[^\W\d_](?![^\W\d_])")
_SQUARED = re.compile(r"\[\s*[+-]?\d[\d.,\s+-]*\]")
_SECONDS = re.compile(r"(\d\s*d\s*\d+\s*m\s*\d+(?:\.\d+)?)\s*s(?=\s*[nsew]?(?![a-z]))")
_NUMBERED = re.compile(r"\(\d{1,2}\)")
_EPSG_4326 = re.compile(r"\bepsg\s*[:=]*\s*4326\b")
_FULL_STOP = re.compile(r"(?<=[a-z°'\"])\.\s+(?=[a-z]?\s?\d)")
_NAMED_X, _NAMED_Y = re.compile(r"\bx\s*[:=]\s*"), re.compile(r"\by\s*[:=]\s*")
_LOOSE_SIGN = re.compile(r"(^|[,;:(|/=]\s*)([+-]) +(?=\d)")
_LEADING_DASH = re.compile(r"(^|[,;:(|/=]\s*)–(?=\d)")
_HYPHENATED = re.compile(r"(?<=\d)-(?=\d)")
_HYPHEN_AFTER_LETTER = re.compile(r"(?<=[\d°'\"][nsew])-(?=\d)")
_ANY_HEMISPHERE = re.compile(r"(?<![^\W_])[nsew](?![^\W\d_])|(?<=\d)[nsew](?![^\W\d_])|north|south|east|west")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?)(?![\d.])")
_COMMA_BETWEEN_DIGITS = re.compile(r"(\d),(?=\d)")
_COMMA_DECIMAL = re.compile(r"(\d+),(\d+)")
_ALL_COMMAS = re.compile(r"[^\s;/|–]+")
_ALTITUDE = re.compile(
    r"[,;\s]+\(?(?:alt(?:itude)?|h|elev(?:ation)?|высота|висота)?\.?\s*[:=]?\s*[+-]?\d+(?:\.\d+)?\s*(?:m|met(?:er|re)s?|ft|feet|м)\.?(?:\s*(?:a\.?m?\.?s\.?l\.?))?\)?$"
)
_ACCURACY = re.compile(r"[,;\s]*\(?\s*(?:±|\+/-|accuracy|acc\.?|uncertainty|radius)\s*[:=]?\s*(\d+(?:\.\d+)?)\s*(km|m)\b\.?\s*\)?$")
_LEFTOVER = re.compile(r"[()\[\]{}<>]")


def read_degrees(text: str, context: Context) -> Reading | None:
    """Read a latitude and a longitude in degrees.

    Parameters
    ----------
    text : str
        Folded by :func:`characters.fold`.
    context : Context

    Returns
    -------
    Reading or None
        None where the text is not a pair in degrees.

    Raises
    ------
    CoordinateError
        Where it is one, but wrong or ambiguous.

    Examples
    --------
    >>> from geoconflict.incidents.coordinates.values import NO_CONTEXT
    >>> print(read_degrees("54°41'14\\"N 25°16'47\\"E", NO_CONTEXT))
    54.687222°N 25.279722°E (dms)
    >>> print(read_degrees("N5441.2 E02516.8", NO_CONTEXT))
    54.686667°N 25.280000°E (dm)
    """
    if len(text) > MAX_CHARS:
        return None
    accuracy = _ACCURACY.search(text.lower())
    if accuracy is not None:
        text = text[: accuracy.start()]
    squared = _SQUARED.search(text) is not None or _EPSG_4326.search(text.lower()) is not None
    body = _prepare(text)
    if body is None:
        return None
    hints = Hints(squared, frozenset(_LONE_LETTER.findall(text)) & RARE_LETTERS)
    reading = _read_commas(body, context, hints)
    if accuracy is not None and reading is not None:
        stated = float(accuracy[1]) * (1000 if accuracy[2] == "km" else 1)
        return reading._replace(uncertainty_m=max(stated, reading.uncertainty_m))
    return reading


def _read_commas(body: str, context: Context, hints: Hints) -> Reading | None:
    """Read a text in which commas may mark decimals."""
    if _COMMA_BETWEEN_DIGITS.search(body) is None or re.search(r"\d\.\d", body):
        return _read(body, context, hints)
    decimal = _COMMA_DECIMAL.sub(r"\1.\2", body)
    variants = [decimal, body] if _ALL_COMMAS.fullmatch(body) else [decimal]
    readings: list[Reading] = []
    refusals: list[CoordinateError] = []
    for variant in variants:
        try:
            reading = _read(variant, context, hints)
        except CoordinateError as refusal:
            refusals.append(refusal)
        else:
            readings.extend([reading] if reading else [])
    if len(distinct(readings)) > 1:
        return settle(readings, context, "the commas may mark decimals or separate degrees from minutes")
    for refusal in refusals:
        if refusal.readings or not readings:
            raise refusal
    return readings[0] if readings else None


def _prepare(text: str) -> str | None:
    low = text.lower()
    if _NUMBERED.search(low):
        return None
    if template := _TEMPLATE.search(low):
        low = " ".join(part for part in template[1].split("|") if ":" not in part and "=" not in part)
    elif quoted := _QUOTED.fullmatch(low):
        low = quoted[2] + quoted[3] + quoted[4]
    low = _SECONDS.sub(r'\1"', low) if "d" in low and "m" in low else low
    if "lat" in low:
        low = _LON_LAT.sub(" lon lat ", _LAT_LON.sub(" lat lon ", low))
    body = _DROPPED.sub(" ", _FULL_STOP.sub(", ", spell_out(low)).lstrip("📍📌🌍🌎🌏🎯@~≈? ")).strip()
    if altitude := _ALTITUDE.search(body):
        body = body[: altitude.start()]
    body = body.strip("()[]{}<>.,; ")
    body = _LEADING_DASH.sub(r"\1-", _LOOSE_SIGN.sub(r"\1\2", body))
    body = _HYPHEN_AFTER_LETTER.sub(",", body)
    body = _NAMED_X.sub(" lon ", _NAMED_Y.sub(" lat ", body)) if _NAMED_X.search(body) and _NAMED_Y.search(body) else body
    if "–" in body and _ANY_HEMISPHERE.search(body):
        body = re.sub(r"(?<=[a-z])\s*–\s*(?=[a-z\d])", ",", body)
    body = _DOTTED.sub(_undot, body) if _ANY_HEMISPHERE.search(body) else body
    if _HYPHENATED.search(body):
        if not _ANY_HEMISPHERE.search(body):
            return None
        body = _HYPHENATED.sub(":", body)
    return _LEFTOVER.sub(" ", body).strip() or None


def _undot(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}:{match[3]}"


def _read(body: str, context: Context, hints: Hints) -> Reading | None:
    items = _tokenise(body)
    if items is None:
        return None
    words = [item for item in items if isinstance(item, Word)]
    if not words:
        if three := _three(items):
            return either_order(three[0], three[1], context, "three numbers may be latitude, longitude, height or longitude, latitude, height")
        groups = _split([item for item in items if not isinstance(item, Word)])
        if groups is None:
            return None
        reading = _without_words(groups, context, squared=hints.squared)
        if reading is not None and Separator(":") in items and max(abs(reading.lat), abs(reading.lon)) < 24:
            refuse("angles of less than 24 with colons could be times of day", [reading])
        return reading
    if any(word.text in hints.small for word in words):
        return None
    return _with_words(items, context)


def _three(items: list[Item]) -> tuple[Angle, Angle] | None:
    """Return the angles of "a, b, height", of which two have decimals and all are parted by commas."""
    numbers = [item for item in items if isinstance(item, Number)]
    if len(numbers) != 3 or any(joint != "," for joint in _joints(items)) or any(number.mark for number in numbers):
        return None
    first, second = _angle(numbers[:1]), _angle(numbers[1:2])
    return None if first is None or second is None or first.bare or second.bare else (first, second)


def _tokenise(body: str) -> list[Item] | None:
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
    return _tidy(items)


def _mark(text: str | None) -> str:
    mark = (text or "").strip()
    if not mark:
        return ""
    if mark in _DEGREES or mark[0] in "°d" or mark.startswith(("град", "гр", "grad", "stop")):
        return "°"
    if mark[0] in "'mмх分":
        return "'"
    return '"'


def _tidy(items: list[Item]) -> list[Item]:
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


def _split(items: Sequence[Item]) -> tuple[list[Number], list[Number]] | None:
    """Cut a run of numbers without words into two angles, or give up."""
    numbers = [item for item in items if isinstance(item, Number)]
    joints = _joints(items)
    count = len(numbers)
    if count < 2 or count > 6 or len(joints) != count - 1:
        return None
    if any(len(joint) > 1 for joint in joints):
        return None
    degree_marks = [i for i, number in enumerate(numbers) if number.mark == "°"]
    hard = [i for i, joint in enumerate(joints) if joint not in {"", ":"}]
    colons = [i for i, joint in enumerate(joints) if joint == ":"]
    signs = [i for i, number in enumerate(numbers) if number.sign]
    if len(degree_marks) == 2 and degree_marks[0] == 0:
        cut = degree_marks[1]
    elif degree_marks and degree_marks != [0]:
        return None
    elif len(hard) == 1:
        cut = hard[0] + 1
    elif colons and len(colons) == count - 2:
        cut = next(i for i in range(count - 1) if i not in colons) + 1
    elif count % 2 == 0 and len(hard) in {0, count - 1}:
        cut = count // 2
    else:
        return None
    if any(sign not in {0, cut} for sign in signs):
        return None
    if any(joint not in {"", ":"} for i, joint in enumerate(joints) if i != cut - 1) and len(hard) != count - 1:
        return None
    return numbers[:cut], numbers[cut:]


def _joints(items: Sequence[Item]) -> list[str]:
    """Return what stands between each number and the next; nothing is a joint too, after a mark or before a sign."""
    joints: list[str] = []
    last: Item | None = None
    for item in items:
        if isinstance(item, Number) and last is not None:
            joints.append(last.text if isinstance(last, Separator) else "")
        last = item
    return joints


def _without_words(groups: tuple[list[Number], list[Number]], context: Context, *, squared: bool) -> Reading | None:
    first, second = (_angle(group) for group in groups)
    if first is None or second is None:
        return None
    if first.notation is not second.notation:
        return None
    if first.bare and second.bare:
        message = "two whole numbers may be degrees, or degrees and minutes of one angle"
        return either_order(first, second, context, message) if context.country else _refuse_bare(first, second, message)
    numbers = [*groups[0], *groups[1]]
    unmarked = not any(number.mark for number in numbers)
    if unmarked and len(numbers) == 4 and not any("." in number.digits for number in numbers):
        return either_order(first, second, context, "four whole numbers may be split in several ways")
    if first.degrees == 0 and second.degrees == 0:
        refuse("0, 0 is what programs write for a missing place", [point(first, second)])
    if squared and fits(first, second) and fits(second, first):
        return either_order(first, second, context, "square brackets and EPSG:4326 are used with the longitude first and with the latitude first")
    return unlabelled(first, second, context)


def _refuse_bare(first: Angle, second: Angle, message: str) -> Reading:
    readings = [point(lat, lon) for lat, lon in ((first, second), (second, first)) if fits(lat, lon)]
    refuse(message, readings)


def _with_words(items: list[Item], context: Context) -> Reading | None:
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
    angles = [_angle(group, packed=not labelled) for group in groups]
    if angles[0] is None or angles[1] is None:
        return None
    if angles[0].notation is not angles[1].notation and not all(number.mark for group in groups for number in group):
        refuse("one angle is written with more parts than the other, and without the marks that would tell them apart")
    if len({len(number.digits) >= 8 and "." not in number.digits for group in groups for number in group}) > 1:
        refuse("one angle is packed with hundredths of a second and the other is not")
    return _directed(angles[0], angles[1], words, context)


def _drop_labels(items: list[Item]) -> list[Item]:
    """Let "latitude 54.68 north, longitude 25.28 east" be said by its hemispheres, where the labels agree."""
    words = _words(items)
    if len(words) != 4:
        return items
    labels = [_label(word) for word in words]
    for first in (0, 1):
        pairs = [(labels[first], words[1 - first]), (labels[first + 2], words[3 - first])]
        if all(label in {m.axis for m in meanings_of(word)} and not _label(word) for label, word in pairs):
            return _tidy([item for item in items if not (isinstance(item, Word) and _label(item.text))])
    return items


def _merge_words(items: list[Item]) -> list[Item]:
    """Let "latitude: N", "north latitude" and the like be one word: the hemisphere."""
    out: list[Item] = []
    for item in items:
        last = out[-1] if out else None
        before = out[-2] if len(out) > 1 else None
        if isinstance(item, Word):
            gap = isinstance(last, Separator) and last.text in {"", ":"}
            partner = before if gap else last
            if isinstance(partner, Word):
                both = [partner.text, item.text]
                axes = [{meaning.axis for meaning in meanings_of(word)} for word in both]
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
    """Give each of two words its numbers: all words before, all behind, or both between or around."""
    solid = [item for item in items if not isinstance(item, Separator)]
    at = [i for i, item in enumerate(solid) if isinstance(item, Word)]
    last = len(solid) - 1
    if at in ([0, 1], [last - 1, last]) and not all(_label(word) or word in "nsew" for word in _words(items)):
        return None
    if at in ([0, 1], [last - 1, last], [0, last]):
        return _split(_without(items, Word))
    if at[0] == 0:
        cut = at[1]
    elif at[1] == last:
        cut = at[0]
    elif at[1] == at[0] + 1:
        cut = at[0]
    else:
        return None
    halves = ([i for i in solid[:cut] if isinstance(i, Number)], [i for i in solid[cut:] if isinstance(i, Number)])
    return halves if all(halves) and _quiet(items) else None


def _quiet(items: list[Item]) -> bool:
    """Tell whether the separators are ones that may stand inside or between angles."""
    return all(len(item.text) <= 1 or set(item.text) <= {",", ";"} for item in items if isinstance(item, Separator))


def _without(items: list[Item], kind: type[Word]) -> list[Item]:
    kept = _tidy([item for item in items if not isinstance(item, kind)])
    return kept


def _one_word(items: list[Item], word: str, context: Context) -> Reading | None:
    """Read a pair of which only one half says its hemisphere."""
    groups = _split(_without(items, Word))
    meanings = meanings_of(word)
    if groups is None:
        return None
    first, second = (_angle(group, packed=True) for group in groups)
    if first is None or second is None:
        return None
    solid = [item for item in items if not isinstance(item, Separator)]
    if len({meaning.axis for meaning in meanings}) != 1:
        refuse(f"only one of the two angles says its hemisphere ({word!r})")
    if first.notation is not second.notation:
        return None
    place = next(i for i, item in enumerate(solid) if isinstance(item, Word))
    on_first = place <= len(groups[0])
    if place == len(groups[0]):  # between the two: behind the first, or before the second
        refuse(f"only one of the two angles says its hemisphere ({word!r}), and it stands between them")
    if _label(word) is not None:
        return either_order(first, second, context, f"only one of the two angles says what it is ({word!r})")
    words = [word, ""] if on_first else ["", word]
    readings = []
    for meaning in meanings:
        axes = [meaning, Direction("lon" if meaning.axis == "lat" else "lat", 0)]
        pair = axes if words[0] else axes[::-1]
        readings.extend(_signed(first, second, pair))
    other = second if words[0] else first
    if other.signed:
        return settle([readings[0]], context, "")
    mirrored = [reading._replace(lon=-reading.lon) if meaning_lat(meanings) else reading._replace(lat=-reading.lat) for reading in readings]
    return settle([*readings, *mirrored], context, f"only one of the two angles says its hemisphere ({word!r})")


def meaning_lat(meanings: set[Direction]) -> bool:
    """Tell whether the meanings are of the latitude."""
    return next(iter(meanings)).axis == "lat"


def _directed(first: Angle, second: Angle, words: list[str], context: Context) -> Reading | None:
    meanings = readings_of(words[0], words[1])
    if not meanings:
        refuse(f"{words[0]!r} and {words[1]!r} do not name a latitude and a longitude")
    readings = [reading for pair in meanings for reading in _signed(first, second, list(pair))]
    languages = "; ".join(f"{', '.join(names)}" for names in meanings.values())
    return settle(readings, context, f"{words[0].upper()!r} and {words[1].upper()!r} differ by language ({languages})")


def _signed(first: Angle, second: Angle, directions: list[Direction]) -> list[Reading]:
    """Give two angles their axes and signs; a minus beside a hemisphere says it twice, or undoes it."""
    values: dict[str, Angle] = {}
    for angle, direction in zip((first, second), directions, strict=True):
        if direction.sign and angle.degrees < 0:
            refuse(
                f"a minus sign and a hemisphere stand on the same angle ({angle.degrees:g}); "
                "it may be said twice, or be undone"
            )
        sign = direction.sign or 1
        values[direction.axis] = angle._replace(degrees=sign * angle.degrees)
    return [point(values["lat"], values["lon"])]


_ORDER = ("°", "'", '"')
_WORTH = (1.0, 1 / 60, 1 / 3600)


def _angle(group: Sequence[Number], *, packed: bool = False) -> Angle | None:
    """Make one angle of one to three numbers, or None where they are not one."""
    if not 1 <= len(group) <= 3 or any(number.sign for number in group[1:]):
        return None
    if any("." in number.digits or "e" in number.digits for number in group[:-1]):
        return None
    for place, number in enumerate(group):
        if number.mark and number.mark != _ORDER[place]:
            return None
    if any(len(number.digits.partition(".")[0]) > 2 for number in group[1:]):
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


def _packed(number: Number) -> Angle | None:
    """Read DDMM, DDDMM, DDMMSS or DDDMMSS, with decimals of the last."""
    whole, _, fraction = number.digits.partition(".")
    if len(whole) in {8, 9} and not fraction:  # DDMMSShh and DDDMMSShh of ARINC 424
        whole, fraction = whole[:-2], whole[-2:]
    if len(whole) not in {4, 5, 6, 7}:
        return None
    tail = f".{fraction}" if fraction else ""
    if len(whole) <= 5:
        pieces = [whole[:-2], whole[-2:] + tail]
    else:
        pieces = [whole[:-4], whole[-4:-2], whole[-2:] + tail]
    marks = _ORDER
    return _angle([Number(number.sign if i == 0 else "", piece, marks[i]) for i, piece in enumerate(pieces)])


def _step(digits: str) -> float:
    """Return the worth of the last digit of a number."""
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return float(10.0 ** (int(exponent or 0) - decimals))
