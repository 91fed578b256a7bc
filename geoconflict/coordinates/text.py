"""Find the one coordinate inside a sentence.

Grid references, codes, formats and addresses are found by patterns. What is left is cut into
runs of the characters and words that degrees are written with. A run is parsed as a whole or
not at all, so that no part of a longer number becomes a coordinate. The same place in two
notations counts once. Two places are refused, and so are ranges and distances from a point
("5 km north of …").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from geoconflict.coordinates.codes import parse_geohash, parse_mgrs, parse_plus_code
from geoconflict.coordinates.degrees import DIRECTED_PAIR, parse_degrees
from geoconflict.coordinates.formats import parse_geo_uri, parse_iso6709, parse_wkt
from geoconflict.coordinates.projected import parse_utm
from geoconflict.coordinates.spelling import WORDS, expand_abbreviations, is_direction
from geoconflict.coordinates.urls import URL, parse_url
from geoconflict.coordinates.values import NO_CONTEXT, Context, Notation, ParsedCoordinate, disambiguate, refuse
from geoconflict.errors import CoordinateError

_NMEA = re.compile(r"(?<=,)\d{4}\.\d+,[NS],\d{5}\.\d+,[EW](?=,|$|\*)")
_ZONE_LETTER = r"[C-HJ-NP-Xc-hj-np-x]"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str, Context], ParsedCoordinate | None]], ...] = (
    (re.compile(r"\bgeo:[^\s<>\"']+", re.IGNORECASE), parse_geo_uri),
    (_NMEA, parse_degrees),
    (
        re.compile(r"(?<!>)(?<!> )(?:SRID\s*=\s*\d+\s*;\s*)?\bPOINT\s*(?:ZM?|M)?\s*\([^()]{1,100}\)", re.IGNORECASE),
        parse_wkt,
    ),
    (re.compile(r"(?<![\w.])[+-]\d{2,6}(?:\.\d+)?[+-]\d{3,7}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?/"), parse_iso6709),
    (
        re.compile(
            rf"(?<![\w.])(?:UTM\s*)?(?:zone\s*)?\d{{1,2}}\s?{_ZONE_LETTER}[\s,:;]+(?:[EX]\w{{0,6}}[\s:=]*)?\d{{6}}(?:\.\d+)?\s?(?:m?\s?E\b)?[\s,;/]+(?:[NY]\w{{0,7}}[\s:=]*)?\d{{6,7}}(?:\.\d+)?(?:\s?m?\s?N\b)?(?![\w.]*\d)",
            re.IGNORECASE,
        ),
        parse_utm,
    ),
    (
        re.compile(
            r"(?<![\w.])(?:MGRS:?\s*)?\d{1,2}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z][A-HJ-NP-V]\s?(?:\d{5}\s\d{5}|\d{4}\s\d{4}|\d{3}\s\d{3}|\d{2}\s\d{2}|\d{4}(?:\d\d){0,3})(?![\w+-]|\s?\d)"
        ),
        parse_mgrs,
    ),
    (re.compile(r"\bMGRS:?\s*\d{1,2}\s?[A-Z]\s?[A-Z]{2}\s?[\d ]{4,11}(?![\w+])", re.IGNORECASE), parse_mgrs),
    (
        re.compile(
            r"(?<![\w+])[23456789CFGHJMPQRVWXcfghjmpqrvwx]{4,8}\+[23456789CFGHJMPQRVWXcfghjmpqrvwx]{2,7}(?![\w+])"
        ),
        parse_plus_code,
    ),
    (re.compile(r"\bgeo-?hash\s*[:=]?\s*[0-9b-hjkmnp-z]{1,12}(?!\w)", re.IGNORECASE), parse_geohash),
)

_PIECE = re.compile(
    r"(?P<keep>[+-]?\d+(?:[.,]\d+)?(?:e[+-]\d{2})?|[°'\"*,;/|:=+()\[\]&~-]|\s+)|(?P<word>[^\W\d_]+\.?)|(?P<other>.)",
    re.DOTALL,
)
_FILLERS = frozenset(
    [
        "and", "degrees", "degree", "deg", "minutes", "minute", "min", "seconds", "second", "sec", "of", "is",
        "град", "градусов", "градусы", "мин", "минут", "сек", "секунд"
    ]
)  # fmt: skip
_LABEL_BEFORE = frozenset(
    [
        "coordinates", "coords", "coordinate", "location", "loc", "position", "pos", "gps", "координаты",
        "координати", "wgs"
    ]
)  # fmt: skip
_DIGIT_PAIR = re.compile(
    r"(?<![\w.,:/°=-])[+-]?\d{1,3}\.\d{3,}\s*°?\s*(?:,\s*|;\s*|/\s*|\s)[+-]?\d{1,3}\.\d{3,}°?(?![\w°]|[.,:/-]\d|\s*,\s*[\d+-])"
)
_ADDRESS = re.compile(r"[^\s(<¦]*://[^\s¦]*|[^\s(<¦]*\w\.[a-z]{2,}/[^\s¦]*|[^\s¦]*\?\w+=[^\s¦]*", re.IGNORECASE)
_LONG_WORD = re.compile(r"\S{200,}")
_MAX_RUN_CHARS = 300
_ASSIGNED = re.compile(r"(\w+)\]?\s*=\s*$|\w(/)$")
_LON_BEFORE = re.compile(r"\b(?:lon|lng|long|longitude|долг\w*|довг\w*|x)\b[^.;\n]{0,40}$", re.IGNORECASE)
_BARE_HYPHEN = re.compile(r"(?<![^\W\d_])\s*-\s*$")
_MARKUP = re.compile(r"[<>{}]|\":")
_POINT_BEFORE = re.compile(r"(?<![a-z])(?:multi)?point\s*[zm]{0,2}\s*[(\[]*\s*$", re.IGNORECASE)
_CALL = re.compile(r"([A-Za-z_][\w.]*)\([\s(\[]*$")
_BEARING_AFTER = re.compile(r"\s*(?:NW|NE|SW|SE)\b")
_CAPITAL = re.compile(r"\d['\"]?\s?[NSEWСЮВЗ](?![^\W_])|(?<![^\W_])[NSEWСЮВЗ]\s?\d")
_COARSE_PAIR = re.compile(r"(?<![\w.])[+-]?\d{1,3}\.\d+\s*[,;/]\s*[+-]?\d{1,3}\.\d+(?![\w.])")
_LEADING_WORDS = re.compile(
    r"(?:[\s,;:)\]=/|~&*'\"]|-\s|(?:and|of|is)\b|[^\W\d_A-ZА-ЯЁІЇЄҐ](?![^\W\d_])\.?(?=\s|[,;:]))+"
)
_TRAILING_WORDS = re.compile(r"(?:[\s,;:(\[=/|~&+*-]|\band\b|\bof\b|\bis\b|(?<=[\s,;])[^\W\d_A-ZА-ЯЁІЇЄҐ]\.?)+$")
_OFFSET = re.compile(
    r"\d\s*(?:km|kilomet\w*|m|met(?:er|re)s?|mi|miles?|nmi?|nautical miles|км|километр\w*|кілометр\w*|м|метр\w*)\.?\s[^.;\n]{0,40}?"
    r"\b(?:of|from|off|от|від|od|von|de|du|del|da)\b[^.;\n\d]{0,25}$",
    re.IGNORECASE,
)
_BEARING = re.compile(
    r"\b(?:north|south|east|west)\w*\s+(?:of|from)\s*$|\b(?:север|юж|южн|восточ|запад)\w*нее\s*(?:от\s*)?$"
    r"|\b(?:північ|півден|схід|захід)\w*іше\s*(?:від\s*)?$|\b(?:nord|sud|süd|ost|est|ouest|west)\w*\s+(?:de|von|d')\s*$",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"(?:\d|°|['\"]|\b[NSEW])\s*(?:\bto\b|\bthrough\b|\buntil\b|\bдо\b|\bbis\b|–|\.\.|-)\s*$", re.IGNORECASE
)
_RANGE_AFTER = re.compile(r"^\s*(?:(?:to|through|until|до|bis)\b|–|\.\.)\s*[\dNSEW+-]", re.IGNORECASE)
_METRES_A_DEGREE = 111_320.0


class _Hit(NamedTuple):
    start: int
    end: int
    parsed: ParsedCoordinate


def parse_sentence(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse the only coordinate in a sentence.

    Raises
    ------
    CoordinateError
        If it has several, or one that is wrong or ambiguous.

    Examples
    --------
    >>> print(parse_sentence("A drone fell at 54.6872, 25.2797 near Vilnius."))
    54.687200°N 25.279700°E (decimal, found in a sentence)
    """
    refusals: list[CoordinateError] = []
    weak: list[CoordinateError] = []
    hits, rest = _addresses(text, context, weak)
    for pattern, parser in _PATTERNS:
        for match in pattern.finditer(rest):
            parsed = _try(parser, match[0].strip(), context, refusals)
            if parsed is not None:
                hits.append(_Hit(match.start(), match.end(), parsed))
                rest = _mask(rest, match.start(), match.end())
    hits.extend(_degrees(rest, context, refusals))
    for hit in hits:
        rest = _mask(rest, hit.start, hit.end)
    if hits and text[0] != "$" and (other := _COARSE_PAIR.search(rest)) is not None:  # $ starts an NMEA 0183 sentence
        refuse(f"the text has another pair of numbers that may be a place: {other[0]!r}", [hits[0].parsed])
    hits = [_apply_call_order(text, hit, context) for hit in hits]
    for hit in hits:
        _refuse_relative(text, hit)
    places = _distinct_places(hits)
    if len(places) > 1 or (places and refusals):
        others = [parsed for refusal in refusals for parsed in refusal.candidates]
        refuse("the text has more than one place", [*places, *others])
    if places:
        return places[0]._replace(note=", ".join(filter(None, [places[0].note, "found in a sentence"])))
    if refusals or weak:
        raise (refusals or weak)[0]
    return None


def _addresses(text: str, context: Context, weak: list[CoordinateError]) -> tuple[list[_Hit], str]:
    """Parse the addresses in a text; also return the text with them masked."""
    hits: list[_Hit] = []
    rest = text
    for match in URL.finditer(text):
        parsed = _try(parse_url, match[0].rstrip(".,;)'"), context, weak)
        if parsed is not None:
            hits.append(_Hit(match.start(), match.end(), parsed))
        rest = _mask(rest, match.start(), match.end())
    for match in _LONG_WORD.finditer(rest):  # longer than any coordinate, and slow to match
        rest = _mask(rest, match.start(), match.end())
    for match in _ADDRESS.finditer(rest):
        if not match[0].lower().startswith("geo:"):
            rest = _mask(rest, match.start(), match.end())
    return hits, rest


def _try(
    parser: Callable[[str, Context], ParsedCoordinate | None],
    text: str,
    context: Context,
    refusals: list[CoordinateError],
) -> ParsedCoordinate | None:
    try:
        return parser(text, context)
    except CoordinateError as refusal:
        refusals.append(refusal)
        return None


def _mask(text: str, start: int, end: int) -> str:
    return text[:start] + "¦" * (end - start) + text[end:]


def _degrees(text: str, context: Context, refusals: list[CoordinateError]) -> Iterator[_Hit]:
    labelled = any(word in text.lower() for word in _LABEL_BEFORE)
    for start, run in _runs(text):
        if len(run) > _MAX_RUN_CHARS or sum(character.isdigit() for character in run) < 4:
            continue
        lead, body = _trimmed(run)
        found: list[CoordinateError] = []
        if _is_sure(body, labelled=labelled):
            candidates = _whole_run(body, context, found)
            refusals.extend(found)
            if candidates and not _out_of_order(text, start + lead, body):
                yield from (_Hit(start + lead, start + lead + len(body), parsed) for parsed in candidates)
            if candidates or found:
                continue
        yield from _pairs(text, start, run, context, refusals)


def _whole_run(body: str, context: Context, refusals: list[CoordinateError]) -> list[ParsedCoordinate]:
    """Parse a run as one pair, or as several notations if all of them can be parsed."""
    parsed = _try(parse_degrees, body, context, refusals)
    if parsed is not None or refusals:
        return [parsed] if parsed else []
    parts = _parts(body)
    candidates = [_try(parse_degrees, part, context, []) for part in parts]
    if len(parts) > 1 and all(candidates):
        return [r for r in candidates if r]
    pairs = DIRECTED_PAIR.findall(body)
    left = DIRECTED_PAIR.sub(" ", body)
    if len(pairs) != 1 or re.search(r"°|\d{5}|\d\.\d{3}", left) or is_directed(left):
        return []
    found = _try(parse_degrees, pairs[0], context, refusals)
    return [found] if found else []


def _pairs(text: str, start: int, run: str, context: Context, refusals: list[CoordinateError]) -> Iterator[_Hit]:
    """Find plain pairs with many decimals in a run that has other numbers too, such as a date."""
    pairs = list(_DIGIT_PAIR.finditer(run))
    for pair in pairs:
        left = run[: pair.start()] + run[pair.end() :]
        if len(pairs) == 1 and re.search(r"\d[.,]\d|°", left):
            continue
        parsed = _try(parse_degrees, pair[0], context, refusals)
        if parsed is not None and not _out_of_order(text, start + pair.start(), pair[0]):
            yield _Hit(start + pair.start(), start + pair.end(), parsed)


def _out_of_order(text: str, start: int, body: str) -> bool:
    """Return whether the text before a bare pair makes its order doubtful: a parameter, a path, "point", "lon"."""
    if any(
        is_direction(word.lower()) for word in re.findall(r"(?<![^\W\d_])[^\W\d_]+", expand_abbreviations(body.lower()))
    ):
        return False
    if _MARKUP.search(text):
        return True
    before = text[:start]
    if _BARE_HYPHEN.search(before):
        return True
    assigned = _ASSIGNED.search(before)
    if assigned is not None and (assigned[2] or assigned[1].lower() not in _LABEL_BEFORE):
        return True
    return _LON_BEFORE.search(before) is not None or _POINT_BEFORE.search(before) is not None


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the start and text of runs of numbers, marks, separators and words for directions."""
    low = text
    start: int | None = None
    for match in _PIECE.finditer(low):
        word = match["word"]
        keep = match["keep"] is not None
        if word is not None:
            plain = word.rstrip(".").lower()
            keep = (
                plain in _FILLERS
                or plain in {"ш", "д", "шир", "долг", "дов", "br"}
                or is_direction(plain)
                or expand_abbreviations(plain) != plain
            )
            keep = keep and not (word[-1] == "." and plain in WORDS and len(plain) > 3)
        if keep and start is None:
            start = match.start()
        elif not keep and start is not None:
            yield start, text[start : match.start()]
            start = None
    if start is not None:
        yield start, text[start:]


def _trimmed(run: str) -> tuple[int, str]:
    """Remove words and punctuation of the sentence from the ends of a run; return the start, too.

    A single small letter there is a word: the Russian "в" and "с" mean "in" and "with", not
    east and north.
    """
    body = run
    while edge := _LEADING_WORDS.match(body):
        body = body[edge.end() :]
    lead = len(run) - len(body)
    while edge := _TRAILING_WORDS.search(body):
        body = body[: edge.start()]
    return lead, body


def _parts(body: str) -> list[str]:
    """Split a run between notations; return the parts with decimals or degree signs."""
    pieces = [piece.strip(" ,;:=") for piece in re.split(r"\s+/\s+|[()=|;]|\[|\]", body)]
    return [piece for piece in pieces if re.search(r"\d[.,]\d|°", piece)]


def _is_sure(body: str, *, labelled: bool) -> bool:
    """Return whether a run is surely a coordinate: it has marks, hemispheres or many decimals."""
    decimals = [len(digits) for digits in re.findall(r"\d[.,](\d+)", body)]
    if is_directed(body):
        return "°" in body or len(decimals) >= 2 or sum(character.isdigit() for character in body) >= 8
    if "°" in body and body.count("'") >= 2:
        return True
    return len(decimals) == 2 and min(decimals) >= (2 if labelled else 3)


def is_directed(text: str) -> bool:
    """Return whether a capital next to a number, or a word, names a hemisphere or an axis."""
    words = re.findall(r"(?<![^\W\d_])[^\W\d_]{2,}", expand_abbreviations(text.lower()))
    return _CAPITAL.search(text) is not None or any(word in WORDS for word in words)


def _apply_call_order(text: str, hit: _Hit, context: Context) -> _Hit:
    """Apply the order of a function call such as ``ST_MakePoint(x, y)`` around the pair."""
    bracket = re.match(r"[(\[\s]*", text[hit.start :])
    call = _CALL.search(text[: hit.start] + (bracket[0] if bracket else ""))
    if call is None or hit.parsed.notation is not Notation.DECIMAL:
        return hit
    swapped = hit.parsed._replace(lat=hit.parsed.lon, lon=hit.parsed.lat)
    name = call[1].lower()
    if name.endswith(("latlng", "latlon", "marker", "setview", "circle", "coord", "coords", "location")):
        return hit
    if name.endswith(("makepoint", "lonlat", "lnglat")) and abs(swapped.lat) <= 90:
        return hit._replace(parsed=swapped)
    if abs(swapped.lat) > 90:
        return hit
    return hit._replace(
        parsed=disambiguate(
            [hit.parsed, swapped], context, f"{call[1]}(...) may take the longitude or the latitude first"
        )
    )


def _refuse_relative(text: str, hit: _Hit) -> None:
    before, after = text[: hit.start].rstrip(" (["), text[hit.end :]
    lead = text[max(0, hit.start - 80) : hit.start].rstrip(" ([") + " "
    if _OFFSET.search(lead) or _BEARING.search(lead):
        refuse("the text gives a distance or direction from these coordinates; the place is elsewhere", [hit.parsed])
    if _RANGE_BEFORE.search(before) or _RANGE_AFTER.search(after):
        refuse("the coordinates are one end of a range, not one place", [hit.parsed])
    if _BEARING_AFTER.match(after):
        refuse("a compass direction follows the coordinates; it may mean their hemispheres", [hit.parsed])


def _distinct_places(hits: list[_Hit]) -> list[ParsedCoordinate]:
    """Return the most precise candidate of each place."""
    places: list[ParsedCoordinate] = []
    for parsed in sorted((hit.parsed for hit in hits), key=lambda r: r.uncertainty_m):
        if not any(_may_be_same_place(parsed, place) for place in places):
            places.append(parsed)
    return places


def _may_be_same_place(one: ParsedCoordinate, other: ParsedCoordinate) -> bool:
    dy = (one.lat - other.lat) * _METRES_A_DEGREE
    dx = (one.lon - other.lon) * _METRES_A_DEGREE * math.cos(math.radians(one.lat))
    if Notation.URL in {one.notation, other.notation} and "centre of the view" in one.note + other.note:
        return False
    # The full diagonals, since both may be truncated instead of rounded.
    return math.hypot(dx, dy) <= 2 * (one.uncertainty_m + other.uncertainty_m)
