"""Parse codes of grid cells: MGRS (also the U.S. National Grid), plus codes, geohashes.

The point is the centre of the cell, the uncertainty half its diagonal. The decoders are our
own: the packages ``mgrs``, ``openlocationcode`` and ``pygeohash`` return the same points, and
the tests compare with the first two, but they check less (``mgrs`` accepts squares outside
their zone) and report less.

The letters of MGRS are those of NGA.STND.0037 for WGS84. Many words and the names of weapons
are valid geohashes, so an unlabelled one is accepted only if it can hardly be anything else.
"""

from __future__ import annotations

import re

from geoconflict.coordinates.projected import (
    BANDS,
    cell_half_diagonal_m,
    check_zone_and_band,
    transformer_to_wgs84,
    zone_limits,
)
from geoconflict.coordinates.values import (
    NO_CONTEXT,
    Context,
    Notation,
    ParsedCoordinate,
    disambiguate,
    half_diagonal_m,
    refuse,
)

_NORTHINGS = "1100 2000 2800 3700 4600 5500 6400 7300 8200 9100 0 800 1700 2600 3500 4400 5300 6200 7000 7900"
_MIN_NORTHING_KM = dict(zip(BANDS, map(int, _NORTHINGS.split()), strict=True))
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"

_MGRS = re.compile(
    r"(?:MGRS|USNG|GRID|UTMREF)?[:\s]*(\d{1,2})\s*([C-HJ-NP-X])[\s-]*([A-HJ-NP-Z])([A-HJ-NP-V])[\s-]*(\d*)(?:[\s,/-]+(\d+))?"
)
_POLAR = re.compile(r"(?:MGRS|USNG)?[:\s]*[ABYZ]\s*[A-HJ-NP-Z]{2}[\s-]*(?:\d{2}|\d{4}|\d{6}|\d{8}|\d{10}|\d+\s+\d+)")
_SQUARE_ONLY = re.compile(
    r"(?:MGRS|USNG|UTMREF)?[:\s]*([A-HJ-NP-Z][A-HJ-NP-V])[\s-]*(\d{2}[\s-]*\d{2}|\d{3}[\s-]*\d{3}|\d{4}[\s-]*\d{4}|\d{5}[\s-]*\d{5})"
)


def parse_mgrs(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse an MGRS reference with a precision from 100 km (no digits) to 1 m (ten digits).

    Raises
    ------
    CoordinateError
        If the number of digits is odd, or the square is not in its zone and band.

    Examples
    --------
    >>> parsed = parse_mgrs("35U LA 8000 6100")
    >>> round(parsed.uncertainty_m, 1), parsed.notation.value
    (7.1, 'mgrs')
    """
    upper = text.upper()
    match = _MGRS.fullmatch(upper)
    if match is None:
        return _mgrs_without_zone(upper, context)
    zone, band, column, row = int(match[1]), match[2], match[3], match[4]
    if not 1 <= zone <= 60:
        refuse(f"there is no UTM zone {zone}; zones are numbered from 1 to 60")
    east, north = _mgrs_halves(match[5], match[6])
    return _mgrs_cell(zone, band, column + row, (east, north))


def _mgrs_without_zone(upper: str, context: Context) -> ParsedCoordinate | None:
    if _POLAR.fullmatch(upper) and upper.startswith(("MGRS", "USNG")):
        refuse("polar MGRS references (letters A, B, Y and Z) are not supported")
    match = _SQUARE_ONLY.fullmatch(upper)
    if match is None:
        return None
    labelled = upper.startswith(("MGRS", "USNG", "UTMREF"))
    digits = re.sub(r"\D", "", match[2])
    if not labelled:  # national grids look the same: TQ 300 800 is in London
        if " " not in upper:
            return None
        refuse("this looks like an MGRS reference without its zone; write the zone (such as 35U) before it")
    found = [parsed for parsed in _zones_of_square(match[1], digits) if _is_near_context(parsed, context)]
    if not found:
        refuse("the MGRS reference has no zone (such as 35U), and no zone near the country or reference has the square")
    return disambiguate(found, Context(), "the MGRS reference has no zone, and several zones have the square")


def _is_near_context(parsed: ParsedCoordinate, context: Context) -> bool:
    if context.country is not None and not context.country.contains(lon=parsed.lon, lat=parsed.lat):
        return False
    if context.reference is not None:
        lon, lat = context.reference
        return abs(parsed.lat - lat) < 4 and abs((parsed.lon - lon + 180) % 360 - 180) < 5
    return context.country is not None


def _zones_of_square(square: str, digits: str) -> list[ParsedCoordinate]:
    half = len(digits) // 2
    found = []
    for zone in range(1, 61):
        if square[0] not in _COLUMNS[(zone - 1) % 3]:
            continue
        for band in BANDS:
            try:
                found.append(_mgrs_cell(zone, band, square, (digits[:half], digits[half:])))
            except ValueError:
                continue
    return [parsed._replace(note="zone taken from the country or reference") for parsed in found]


def _mgrs_halves(first: str, second: str | None) -> tuple[str, str]:
    if second is None:
        if len(first) % 2:
            refuse(f"an MGRS reference needs an even number of digits, found {len(first)}")
        half = len(first) // 2
        first, second = first[:half], first[half:]
    if len(first) != len(second):
        refuse(f"an MGRS reference needs as many digits east as north, found {len(first)} and {len(second)}")
    if len(first) > 5:
        refuse(f"an MGRS reference has at most 5 digits east and north, found {len(first)}")
    return first, second


def _mgrs_cell(zone: int, band: str, square: str, digits: tuple[str, str]) -> ParsedCoordinate:
    columns = _COLUMNS[(zone - 1) % 3]
    name = f"{zone}{band} {square}"
    if square[0] not in columns:
        refuse(f"{name}: zone {zone} has the columns {columns[0]} to {columns[-1]}, not {square[0]}")
    if zone_limits(zone, band) is None:
        refuse(f"{name}: there is no zone {zone}{band}")
    size = 10.0 ** (5 - len(digits[0]))
    east_cell, north_cell = (float(int(part) if part else 0) * size for part in digits)
    east = (columns.index(square[0]) + 1) * 1e5 + east_cell + size / 2
    row = (_ROWS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    least = _MIN_NORTHING_KM[band] * 1e3
    north = row * 1e5
    while north + 1e5 <= least:
        north += 2e6
    north += north_cell + size / 2
    lon, lat = transformer_to_wgs84((32600 if band >= "N" else 32700) + zone)(east, north)
    if band == "M" and north - size / 2 >= 1e7:
        refuse(f"{name}: the cell is north of the equator, but band M is south of it")
    check_zone_and_band(zone, band, (lon, lat), name=name, cell_m=size)
    return ParsedCoordinate(lat, lon, cell_half_diagonal_m(size), Notation.MGRS)


_PLUS_ALPHABET = "23456789CFGHJMPQRVWX"
_PLUS = re.compile(
    r"(?<![A-Z0-9+])(?P<head>[23456789CFGHJMPQRVWX0]{0,8})\+(?P<tail>[23456789CFGHJMPQRVWX]{2,7})?(?![A-Z0-9+])",
    re.IGNORECASE,
)
_PLUS_LABEL = re.compile(r"^(?:plus\s?code|open location code|olc)\s*[:=]?\s*", re.IGNORECASE)
_PLUS_STEPS = tuple(20.0 / 20**i for i in range(5))

_GEOHASH_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
_GEOHASH_LABEL = re.compile(r"^geo-?hash\s*[:=]?\s*", re.IGNORECASE)
_GEOHASH = re.compile(r"[0-9bcdefghjkmnpqrstuvwxyz]{1,12}")
_SURE_GEOHASH_CHARS = 7
_DESIGNATION = re.compile(
    r"[a-z]+\d+|\d+[a-z]+|[a-r]{2}\d\d[a-x]{2}(?:\d\d)?|(?:s[345]00|su\d\d|t(?:54|55|62|64|72|80|90)|b[mt][prd]?\d|9[akmpst]\d|2[bs]\d|3m\d\d|kh\d\d|tu\d\d|mt12|m\d{3}|kh|pzh).*"
)


def parse_plus_code(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a plus code (Open Location Code); a short one needs a reference point.

    A name after the code ("M7QH+VV Vilnius") is ignored.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_plus_code("9G67M7QH+VV"))
    54.689687°N 25.279688°E (plus code)
    """
    if "+" not in text:
        return None
    body = _PLUS_LABEL.sub("", text)
    match = _PLUS.match(body)
    if match is None:
        return None
    head, tail = match["head"].upper(), (match["tail"] or "").upper()
    after = body[match.end() :].strip()
    if after and ((after[0] not in ",;(" and not after[0].isalpha()) or any(c.isdigit() for c in after)):
        return None
    if ((head + tail).isdigit() or not head) and body is text and context.reference is None:
        return None
    return _plus_code_point(head, tail, context)


def _plus_code_point(head: str, tail: str, context: Context) -> ParsedCoordinate:
    """Return the centre of the cell of a code; ``head`` and ``tail`` are the digits before and after the plus sign."""
    code = head + "+" + tail
    if len(head) % 2:
        refuse(f"{code} has an odd number of digits before the plus sign")
    stripped = head.rstrip("0")
    if "0" in stripped or (stripped != head and (len(head) < 8 or tail or len(stripped) % 2)):
        refuse(f"{code} is not a valid plus code: only the last digits before the plus sign can be zeros")
    if len(head) < 8:
        return _short_plus_code(head, tail, context)
    if len(tail) == 1:
        refuse(f"{code} has one digit after the plus sign; plus codes have none, or at least two")
    return _plus_cell(stripped + tail, code)


def _plus_cell(digits: str, code: str) -> ParsedCoordinate:
    lat, lon = -90.0, -180.0
    height = width = 20.0
    for i in range(0, min(len(digits), 10), 2):
        height = width = _PLUS_STEPS[i // 2]
        lat += _PLUS_ALPHABET.index(digits[i]) * height
        lon += _PLUS_ALPHABET.index(digits[i + 1]) * width
    for digit in digits[10:15]:
        height, width = height / 5, width / 4
        row, column = divmod(_PLUS_ALPHABET.index(digit), 4)
        lat += row * height
        lon += column * width
    if lat >= 90 or lon >= 180:
        refuse(f"{code} is outside the range of latitude and longitude")
    lat, lon = lat + height / 2, lon + width / 2
    return ParsedCoordinate(round(lat, 10), round(lon, 10), half_diagonal_m(lat, height, width), Notation.PLUS_CODE)


def _short_plus_code(head: str, tail: str, context: Context) -> ParsedCoordinate:
    code = head + "+" + tail
    if context.reference is None:
        refuse(
            f"the short plus code {code} needs its first {8 - len(head)} digits, or a point near it (reference=(lon, lat))"
        )
    if not tail:
        refuse(f"the short plus code {code} has no digits after the plus sign")
    ref_lon, ref_lat = context.reference
    step = _PLUS_STEPS[(8 - len(head)) // 2 - 1]
    prefix = _plus_digits(ref_lat, ref_lon)[: 8 - len(head)]
    found = _plus_cell(prefix + head + tail, code)
    lat, lon = found.lat, found.lon
    if ref_lat + step / 2 < lat and lat - step >= -90:
        lat -= step
    elif ref_lat - step / 2 > lat and lat + step <= 90:
        lat += step
    if ref_lon + step / 2 < lon:
        lon -= step
    elif ref_lon - step / 2 > lon:
        lon += step
    lon = (lon + 180) % 360 - 180
    return found._replace(lat=round(lat, 10), lon=round(lon, 10), note="short code, nearest to the reference point")


def _plus_digits(lat: float, lon: float) -> str:
    y, x = min(lat + 90.0, 179.9999999), (lon + 180.0) % 360.0
    digits = ""
    for step in _PLUS_STEPS[:4]:
        digits += _PLUS_ALPHABET[int(y // step)] + _PLUS_ALPHABET[int(x // step)]
        y, x = y % step, x % step
    return digits


def parse_geohash(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a geohash that is labelled, or that can hardly be anything else.

    Without a label it must have at least seven characters, small letters and digits, and a
    letter after f (else it could be a hexadecimal number), and must not look like the name of
    a weapon (s300pmu2) or a Maidenhead locator. If it lies in the given country, five
    characters are enough.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_geohash("geohash: u99zp"))
    54.689941°N 25.290527°E (geohash)
    """
    label = _GEOHASH_LABEL.match(text)
    code = text[label.end() :].strip() if label else text
    lower = code.lower()
    if _GEOHASH.fullmatch(lower) is None or (code != lower and code != code.upper()):
        if label:
            refuse(f"{code!r} is not a geohash, which has 1 to 12 of the characters {_GEOHASH_ALPHABET}")
        return None
    parsed = geohash_point(lower)
    if label:
        return parsed
    has_digit = any(c.isdigit() for c in lower)
    has_letter = any(c.isalpha() for c in lower)
    if not (has_digit and has_letter and len(lower) >= 5):
        return None
    country = context.country
    if country is not None:
        if country.contains(lon=parsed.lon, lat=parsed.lat):
            return parsed
        refuse(f"{code!r} may be a geohash, but its cell is outside {country.name}", [parsed])
    beyond_f = any(c > "f" for c in lower)
    if len(lower) < _SURE_GEOHASH_CHARS or not beyond_f or code != lower or _DESIGNATION.fullmatch(lower):
        refuse(f"{code!r} may be a geohash or another code; write geohash: before it if it is one", [parsed])
    return parsed


def geohash_point(code: str) -> ParsedCoordinate:
    """Return the centre of the cell of a geohash in lower case.

    Examples
    --------
    >>> geohash_point("ezs42").lat, geohash_point("ezs42").lon
    (42.60498046875, -5.60302734375)
    """
    count = 5 * len(code)
    bits = "".join(f"{_GEOHASH_ALPHABET.index(character):05b}" for character in code)
    x, y = int(bits[::2], 2), int(bits[1::2], 2)
    width, height = 360.0 / (1 << (count + 1) // 2), 180.0 / (1 << count // 2)
    lat, lon = -90 + (y + 0.5) * height, -180 + (x + 0.5) * width
    return ParsedCoordinate(lat, lon, half_diagonal_m(lat, height, width), Notation.GEOHASH)
