"""Parse eastings and northings: UTM, Gauss-Krüger, Web Mercator, any EPSG code; shift datums.

PROJ transforms them to WGS84. A UTM zone is 6 degrees wide; so is a Gauss-Krüger zone, zone
*n* around the meridian 6*n* - 3. In SK-42 and SK-95 (GOST 32453), X is the northing, and Y the
easting with 500 km added and the zone number before it: X = 5 401 234, Y = 6 378 912 lies in
zone 6, 121 km west of 33 degrees east (EPSG:28402 to 28432 and EPSG:20004 to 20032).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geoconflict.coordinates.values import (
    NO_CONTEXT,
    Context,
    CountryContext,
    Notation,
    ParsedCoordinate,
    disambiguate,
    refuse,
)
from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError


@lru_cache(maxsize=256)
def transformer_to_wgs84(epsg: int) -> Callable[[float, float], tuple[float, float]]:
    """Return a function from (easting, northing), or (lon, lat), to (lon, lat) on WGS84.

    PROJ chooses the datum shift that fits the place best. It returns infinity for a point
    that cannot be transformed.

    Raises
    ------
    pyproj.exceptions.CRSError
        If PROJ does not know the code.

    Examples
    --------
    >>> lon, lat = transformer_to_wgs84(32635)(500000, 6061234)
    >>> round(lon, 6), round(lat, 3)
    (27.0, 54.698)
    """
    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)

    def convert(x: float, y: float) -> tuple[float, float]:
        lon, lat = transformer.transform(x, y)
        return float(lon), float(lat)

    return convert


@lru_cache(maxsize=256)
def reference_system(epsg: int) -> CRS:
    """Return a reference system that is geographic or projected.

    Raises
    ------
    CoordinateError
        If PROJ does not know the code, or the system is a vertical or geocentric one.
    """
    try:
        crs = CRS.from_epsg(epsg)
    except CRSError:
        refuse(f"EPSG:{epsg} is not a known reference system")
    if crs.is_geocentric or not (crs.is_geographic or crs.is_projected):
        refuse(f"EPSG:{epsg} ({crs.name}) is neither geographic nor projected")
    return crs


@lru_cache(maxsize=256)
def area_of_use(epsg: int) -> CountryContext:
    """Return the area of use of a reference system; the whole globe if EPSG gives none.

    Examples
    --------
    >>> area_of_use(3346).name
    'EPSG:3346'
    """
    area = reference_system(epsg).area_of_use
    bounds = Bounds(-180, -90, 180, 90) if area is None else Bounds(area.west, area.south, area.east, area.north)
    return CountryContext(f"EPSG:{epsg}", bounds)


def cell_half_diagonal_m(step_m: float) -> float:
    """Return half the diagonal of a square cell.

    Examples
    --------
    >>> round(cell_half_diagonal_m(1000), 1)
    707.1
    """
    return step_m / math.sqrt(2)


WEB_MERCATOR_EDGE_M = 20037508.35


def transform(x: float, y: float, epsg: int) -> tuple[float, float]:
    """Return (lon, lat) on WGS84 of a point in another reference system.

    Raises
    ------
    CoordinateError
        If the system is not known, or the point cannot be transformed.
    """
    reference_system(epsg)
    if epsg == 3857 and max(abs(x), abs(y)) > WEB_MERCATOR_EDGE_M:
        refuse(f"{x:g}, {y:g} is not in Web Mercator, whose coordinates are at most {WEB_MERCATOR_EDGE_M} m")
    try:
        lon, lat = transformer_to_wgs84(epsg)(x, y)
    except (CRSError, ProjError):
        refuse(f"EPSG:{epsg} cannot be transformed to longitude and latitude")
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lat) <= 90 and abs(lon) <= 180):
        refuse(f"{x:g}, {y:g} cannot be transformed from EPSG:{epsg}; it is too far from the area of use")
    return lon, lat


BANDS = "CDEFGHJKLMNPQRSTUVWX"
_ZONE_SLACK_DEG = 0.6
"""Tolerance at the edge of a zone: neighbouring grids overlap by about 40 km."""


_SPECIAL_ZONES: dict[tuple[int, str], tuple[int, int] | None] = {
    (31, "V"): (0, 3),
    (32, "V"): (3, 12),
    (31, "X"): (0, 9),
    (32, "X"): None,
    (33, "X"): (9, 21),
    (34, "X"): None,
    (35, "X"): (21, 33),
    (36, "X"): None,
    (37, "X"): (33, 42),
}


def band_limits(band: str) -> tuple[int, int]:
    """Return the southern and northern latitude of an MGRS band; X is 12 degrees high.

    Examples
    --------
    >>> band_limits("U"), band_limits("X")
    ((48, 56), (72, 84))
    """
    south = BANDS.index(band) * 8 - 80
    return south, 84 if band == "X" else south + 8


def zone_limits(zone: int, band: str) -> tuple[int, int] | None:
    """Return the western and eastern longitude of a zone in a band; None if the band lacks the zone.

    Zones near Norway and Svalbard have other widths.

    Examples
    --------
    >>> zone_limits(32, "V"), zone_limits(32, "X")
    ((3, 12), None)
    """
    if (zone, band) in _SPECIAL_ZONES:
        return _SPECIAL_ZONES[zone, band]
    return zone * 6 - 186, zone * 6 - 180


def check_zone_and_band(zone: int, band: str, place: tuple[float, float], *, name: str, cell_m: float = 0.0) -> None:
    """Refuse a point or the centre of a cell that lies outside its zone and band.

    Part of the cell may lie outside, and a point up to 0.6 degrees outside its zone.
    """
    lon, lat = place
    south, north = band_limits(band)
    limits = zone_limits(zone, band)
    if limits is None:
        refuse(f"{name}: there is no zone {zone}{band}")
    west, east = limits
    middle = (west + east) / 2
    off = abs((lon - middle + 180) % 360 - 180)
    # A tenth more than half the cell, since the cell is not aligned with the meridians.
    half_height_deg = cell_m / 2 / 100_000
    half_width_deg = half_height_deg / math.cos(math.radians(lat))
    if not (south - 0.01 - half_height_deg <= lat <= north + 0.01 + half_height_deg):
        refuse(f"{name}: latitude {lat:.2f} is not in band {band}, which is from {south} to {north}")
    if off > (east - west) / 2 + _ZONE_SLACK_DEG + half_width_deg:
        refuse(f"{name}: longitude {lon:.2f} is not in zone {zone}, which is from {west} to {east}")


class _Metres(NamedTuple):
    """An easting or northing as written, with its axis label."""

    digits: str
    label: str

    @property
    def value(self) -> float:
        return float(self.digits)

    @property
    def step_m(self) -> float:
        return float(10.0 ** -len(self.digits.partition(".")[2]))


def _two_numbers(hits: list[re.Match[str]], text: str) -> tuple[re.Match[str], re.Match[str], str] | None:
    """Return the only two matches and the text without them, or None if there are not two."""
    if len(hits) != 2:
        return None
    first, second = hits
    return first, second, f"{text[: first.start()]} {text[first.end() : second.start()]} {text[second.end() :]}"


_UTM_LENGTH = re.compile(
    r"(?:(?<![A-Z])(?P<before>EASTINGS?|NORTHINGS?|E|N|X|Y)\s*[:=]?\s*)?(?<![\d.])(?P<digits>\d{1,3}(?:[, ']\d{3}){1,2}(?:\.\d+)?|\d{5,8}(?:\.\d+)?)(?![\d.])"
    r"\s*(?:(?P<after>M\s?[EN]|M\.?\s?(?:EAST|NORTH)|EAST|NORTH|[EN]|M)(?![A-Z]))?"
)
_UTM_ZONE = re.compile(r"(?<!\d)(\d{1,2})\s*°?\s*(?:([C-HJ-NP-X])(?![A-Z])|(NORTH|SOUTH)(?:ERN)?)?")
_MANY_DIGITS = re.compile(r"(?<![.\d])\d{5}|(?<![.\d])\d{1,3}[, ']\d{3}(?!\d)")
_ZONE_FIRST = re.compile(r"^[^\d]*?\b\d{1,2}\s*[C-HJ-NP-X](?![A-Z])")
_UTM_FILLER = re.compile(r"UTM|WGS\s?-?84|ZONE|HEMISPHERE|GRID|\bM\b|[\s,;:/()=.|-]")
_HEMISPHERE_WORD = re.compile(
    r"(?:\b(NORTH|SOUTH)(?:ERN)?\b\s*(?:HEMISPHERE)?|\b([NS])\s+HEMISPHERE|HEMISPHERE\s*[:=]?\s*([NS])\b)"
)
_EPSG_UTM = re.compile(r"EPSG\s*[:=]*\s*(32[67])(\d\d)\b")


def parse_utm(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a UTM coordinate with its zone, such as "35U 379123 6061234".

    The letter after the zone may be an MGRS band, or N or S for the hemisphere. S is both a
    band (32 to 40 degrees north) and a hemisphere, and often only the country decides.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_utm("35U 379123 6061234"))
    54.683925°N 25.124967°E (utm)
    """
    upper = text.upper()
    if _MANY_DIGITS.search(upper) is None:
        return None
    epsg = _EPSG_UTM.search(upper)
    rest = upper if epsg is None else upper[: epsg.start()] + " " + upper[epsg.end() :]
    rest = _ZONE_FIRST.sub(r"\g<0>|", rest, count=1)
    hits = [m for m in _UTM_LENGTH.finditer(rest) if len(re.sub(r"\D", "", m["digits"].partition(".")[0])) >= 5]
    found = _two_numbers(hits, rest)
    if found is None:
        return None
    first, second = (_Metres(re.sub(r"[, ']", "", m["digits"]), _utm_axis(m)) for m in found[:2])
    rest = found[2]
    if epsg is not None:
        zone, letters = int(epsg[2]), ["N" if epsg[1] == "326" else "SOUTH"]
        if _UTM_FILLER.sub("", rest):
            return None
    else:
        parsed = _zone_and_letters(rest, upper)
        if parsed is None:
            return None
        zone, letters = parsed
    if not 1 <= zone <= 60:
        refuse(f"there is no UTM zone {zone}; zones are numbered from 1 to 60")
    return _utm_point(zone, letters, _east_and_north(first, second), context)


def _utm_axis(match: re.Match[str]) -> str:
    label = (match["before"] or match["after"] or "").replace(" ", "").replace(".", "")
    if label in {"X", "Y"}:
        return "E" if label == "X" else "N"
    last = label.removeprefix("M")[:1]
    return last if last in {"E", "N"} else ""


def _zone_and_letters(rest: str, upper: str) -> tuple[int, list[str]] | None:
    word = _HEMISPHERE_WORD.search(rest)
    zone = _UTM_ZONE.search(rest)
    if zone is None:
        return None
    left = rest[: zone.start()] + " " + rest[zone.end() :]
    word_of_hemisphere = zone[3]
    if word is not None and word_of_hemisphere is None:
        word_of_hemisphere = word[1] or ("NORTH" if (word[2] or word[3]) == "N" else "SOUTH")
        left = _HEMISPHERE_WORD.sub(" ", left)
    if _UTM_FILLER.sub("", left):
        return None
    letter = zone[2]
    if word_of_hemisphere:
        return int(zone[1]), ["N" if word_of_hemisphere == "NORTH" else "SOUTH"]
    if letter is None:
        return (int(zone[1]), ["N", "SOUTH"]) if "UTM" in upper or "ZONE" in upper else None
    return int(zone[1]), ["S", "SOUTH"] if letter == "S" else [letter]


def _east_and_north(first: _Metres, second: _Metres) -> tuple[_Metres, _Metres]:
    """Return (easting, northing) by the labels, else by the size of the numbers."""
    if first.label == "N" or second.label == "E":
        return second, first
    if first.label == "E" or second.label == "N":
        return first, second
    return (second, first) if first.value >= 1e6 > second.value else (first, second)


def _utm_point(zone: int, letters: list[str], metres: tuple[_Metres, _Metres], context: Context) -> ParsedCoordinate:
    east, north = metres
    if not 1e5 <= east.value < 9e5 or not 0 <= north.value <= 1e7:
        refuse(f"{east.digits} and {north.digits} are not an easting and a northing of UTM")
    cell_m = cell_half_diagonal_m(max(east.step_m, north.step_m))
    candidates: list[ParsedCoordinate] = []
    faults: list[str] = []
    for letter in letters:
        south = letter == "SOUTH" or letter < "N"
        lon, lat = transformer_to_wgs84((32700 if south else 32600) + zone)(east.value, north.value)
        if letter in {"N", "SOUTH"}:
            if not (-80.5 <= lat <= 0.01 if south else -0.01 <= lat <= 84.5):
                faults.append(f"northing {north.digits} is not in the {'southern' if south else 'northern'} hemisphere")
                continue
        else:
            try:
                check_zone_and_band(zone, letter, (lon, lat), name=f"{zone}{letter}")
            except CoordinateError as fault:
                faults.append(fault.message)
                continue
        note = "S taken as the band from 32 to 40 N" if letter == "S" else ""
        candidates.append(ParsedCoordinate(lat, lon, cell_m, Notation.UTM, note))
    if not candidates:
        refuse("; ".join(faults))
    return disambiguate(candidates, context, "the zone does not give the hemisphere")


METRE_SHIFT_UNCERTAINTY_M = 5.0
"""Accuracy of the shift from Pulkovo 1942 and 1995 to WGS84 (EPSG: 1 to 6 m, by area)."""

_SK42 = re.compile(
    r"(?:СК|SK|CK|S)[\s-]*42\b|ПУЛКОВО[\s-]*(?:19)?42|PULKOVO[\s-]*(?:19)?42|СИСТЕМА КООРДИНАТ 1942", re.IGNORECASE
)
_SK95 = re.compile(r"(?:СК|SK|CK)[\s-]*95\b|ПУЛКОВО[\s-]*(?:19)?95|PULKOVO[\s-]*(?:19)?95", re.IGNORECASE)
_SK63 = re.compile(r"(?:СК|SK|CK)[\s-]*63\b", re.IGNORECASE)
_GK = re.compile(r"GAU(?:SS|ß|SZ)[\s-]*KR(?:Ü|UE|U)GER|ГАУСС\w*[\s-]*КРЮГЕР\w*|\bГК\b", re.IGNORECASE)
_MERCATOR = re.compile(
    r"EPSG\s*[:=]*\s*(?:3857|900913|102100|3785)\b|(?:WEB|PSEUDO)[\s-]*MERCATOR|\b(?:900913|102100)\b", re.IGNORECASE
)
_EPSG_GK = re.compile(r"EPSG\s*[:=]*\s*(284\d\d|200[0-3]\d)\b", re.IGNORECASE)
_GK_ZONE = re.compile(r"(?:ZONE|ЗОНА|ЗОНІ|ЗОНЕ|З\.)\s*[:=№#]?\s*(\d{1,2})\b", re.IGNORECASE)
_GK_LENGTH = re.compile(
    r"(?:(?<![^\W_])(?P<label>X|Y|Х|У|E|N|EASTING|NORTHING)\s*[:=–-]?\s*)?(?<![\d.,])(?P<digits>\d{1,2}(?:[ ']\d{3}){2}(?:[.,]\d+)?|\d{6,8}(?:[.,]\d+)?)(?![\d])(?:\s*(?:M|М)\b)?",
    re.IGNORECASE,
)
_GK_INSIDE = re.compile(
    rf"(?:{_SK42.pattern}|{_SK95.pattern})[^\d\n]{{0,30}}(?:(?:zone|зона|зоне|зоні)\s*\d{{1,2}}\b[^\d\n]{{0,20}})?"
    r"\d[\d ']{5,11}(?:[.,]\d+)?[^\d\n]{1,20}\d[\d ']{5,11}(?:[.,]\d+)?",
    re.IGNORECASE,
)
_MERCATOR_NUMBER = re.compile(
    r"(?:(?<![^\W_])(?P<label>X|Y)\s*[:=]?\s*)?(?<![\d.])(?P<digits>[+-]?\d{1,8}(?:\.\d+)?)(?![\d.])(?:\s*M\b)?",
    re.IGNORECASE,
)
_GK_FILLER = re.compile(
    r"(?:EPSG|WGS\s?84|PULKOVO|COORDINATES?|COORDS?|КООРДИНАТЫ|КООРДИНАТИ|M|М|И|AND)\b|[\s,;:/()=.–|-]", re.IGNORECASE
)


def parse_gauss_krueger(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse Gauss-Krüger metres labelled with their datum, or labelled Web Mercator metres.

    The labels X and Y (X is the northing) say which number is the easting; else the order
    that fits a zone, or the country.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_gauss_krueger("СК-42 X=6062345 Y=5379123"))
    54.670984°N 25.124364°E (sk 42)
    """
    if _MERCATOR.search(text):
        return _web_mercator(text)
    parsed = _gauss_krueger(text, context)
    if parsed is None and len(inside := _GK_INSIDE.findall(text)) == 1:
        parsed = _gauss_krueger(inside[0].strip(), context)
    return parsed


def _gauss_krueger(text: str, context: Context) -> ParsedCoordinate | None:
    system = _gk_system(text)
    if system is None:
        return None
    notation, rest, zone = system
    found = _two_numbers(list(_GK_LENGTH.finditer(rest)), rest)
    if found is None or _GK_FILLER.sub("", found[2]):
        return None
    first, second = (
        _Metres(re.sub(r"[ ']", "", hit["digits"]).replace(",", "."), _gk_axis(hit["label"])) for hit in found[:2]
    )
    return _disambiguate_gk(first, second, notation, zone, context)


def _gk_system(text: str) -> tuple[Notation, str, int | None] | None:
    if _SK63.search(text):
        refuse("SK-63 coordinates are not supported, since the parameters of its regions are not public")
    zone: int | None = None
    rest = text
    if epsg := _EPSG_GK.search(text):
        code = int(epsg[1])
        notation = Notation.SK_42 if code >= 28000 else Notation.SK_95
        zone = code % 100
        rest = rest[: epsg.start()] + " " + rest[epsg.end() :]
    else:
        found = [(n, m) for n, p in ((Notation.SK_42, _SK42), (Notation.SK_95, _SK95)) if (m := p.search(text))]
        if len(found) != 1:
            if _GK.search(text) and sum(c.isdigit() for c in text) >= 13:
                refuse("Gauss-Krüger coordinates without a datum; write SK-42 (Pulkovo 1942) or SK-95 before them")
            return None
        notation, match = found[0]
        rest = rest[: match.start()] + " " + rest[match.end() :]
    rest = _GK.sub(" ", rest)
    if zone_match := _GK_ZONE.search(rest):
        zone = int(zone_match[1])
        rest = rest[: zone_match.start()] + " " + rest[zone_match.end() :]
    return notation, rest, zone


def _gk_axis(label: str | None) -> str:
    letter = (label or "").upper()[:1].replace("Х", "X").replace("У", "Y")
    return {"N": "X", "E": "Y"}.get(letter, letter)


def _disambiguate_gk(
    first: _Metres, second: _Metres, notation: Notation, zone: int | None, context: Context
) -> ParsedCoordinate:
    north, east = (second, first) if first.label == "Y" or second.label == "X" else (first, second)
    labelled = bool(first.label or second.label)
    as_written = _gk_point(north, east, notation, zone)
    swapped = _gk_point(east, north, notation, zone)
    if as_written is None and swapped is None:
        refuse(f"{first.digits} and {second.digits} are not a northing and an easting of a Gauss-Krüger zone")
    if as_written is not None and labelled:
        return as_written
    if swapped is not None:
        swapped = swapped._replace(
            note="X and Y swapped, since only then they fit a zone" if labelled else "easting first"
        )
    candidates = [parsed for parsed in (as_written, swapped) if parsed is not None]
    return disambiguate(candidates, context, "both orders fit a zone; label the northing X and the easting Y")


def _gk_point(north: _Metres, east: _Metres, notation: Notation, zone: int | None) -> ParsedCoordinate | None:
    prefix, offset = divmod(east.value, 1e6)
    if prefix and zone is not None and int(prefix) != zone:
        return None
    number = int(prefix) or zone
    if number is None or not 1 <= number <= 60 or not 1e5 <= north.value <= 9.4e6:
        return None
    low, base = (2, 28400) if notation is Notation.SK_42 else (4, 20000)
    if not low <= number <= 32:
        return None
    meridian = 6 * number - 3
    # In the EPSG systems, the zone number is part of the false easting.
    lon, lat = transformer_to_wgs84(base + number)(number * 1e6 + offset, north.value)
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs((lon - meridian + 180) % 360 - 180) > 3.6:
        return None
    step = max(north.step_m, east.step_m)
    return ParsedCoordinate(lat, lon, cell_half_diagonal_m(step) + METRE_SHIFT_UNCERTAINTY_M, notation)


def _web_mercator(text: str) -> ParsedCoordinate | None:
    rest = _MERCATOR.sub(" ", text)
    found = _two_numbers(list(_MERCATOR_NUMBER.finditer(rest)), rest)
    if found is None or _GK_FILLER.sub("", found[2]):
        return None
    first, second = (_Metres(hit["digits"], _gk_axis(hit["label"])) for hit in found[:2])
    x, y = (second, first) if first.label == "Y" or second.label == "X" else (first, second)
    if max(abs(x.value), abs(y.value)) <= 180:
        refuse("the text is labelled Web Mercator, but its numbers look like degrees")
    lon, lat = transform(x.value, y.value, 3857)
    # Web Mercator stretches distances by 1 / cos(latitude).
    step_m = max(x.step_m, y.step_m) * math.cos(math.radians(lat))
    return ParsedCoordinate(lat, lon, cell_half_diagonal_m(step_m), Notation.WEB_MERCATOR)


_EPSG_LABEL = re.compile(r"EPSG\s*[:=]*\s*(\d{4,6})\b[\s,;:]*", re.IGNORECASE)
_EPSG_PAIR = re.compile(r"\(?\s*([+-]?\d{4,8}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{4,8}(?:\.\d+)?)\s*\)?")


def parse_epsg(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse two numbers in metres next to an EPSG code, if only one order lies in its area of use.

    Many programs ignore the official order of axes, so the order is not assumed.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_epsg("EPSG:3346 582510 6061949"))
    54.687203°N 25.279694°E (projected, from EPSG:3346)
    """
    label = _EPSG_LABEL.search(text) if text[:4].upper() == "EPSG" or "epsg" in text.lower() else None
    if label is None:
        return None
    pair = _EPSG_PAIR.fullmatch(text[: label.start()] + text[label.end() :])
    if pair is None:
        return None
    epsg = int(label[1])
    reference_system(epsg)
    candidates = list(_epsg_candidates(pair[1], pair[2], epsg))
    if not candidates:
        refuse(f"{pair[1]} and {pair[2]} lie outside the area of use of EPSG:{epsg} in either order")
    return disambiguate(candidates, context, f"both orders lie in the area of use of EPSG:{epsg}")


def _epsg_candidates(first: str, second: str, epsg: int) -> Iterator[ParsedCoordinate]:
    for x, y in ((first, second), (second, first)):
        try:
            lon, lat = transform(float(x), float(y), epsg)
        except CoordinateError:
            continue
        if area_of_use(epsg).contains(lon=lon, lat=lat):
            step = 10.0 ** -max(len(number.partition(".")[2]) for number in (x, y))
            yield ParsedCoordinate(lat, lon, cell_half_diagonal_m(step), Notation.PROJECTED, f"from EPSG:{epsg}")


_DATUMS: tuple[tuple[re.Pattern[str], int, str], ...] = (
    (
        re.compile(r"\(?\b(?:СК|SK|CK)[\s-]?42\b\)?|\(?\b(?:PULKOVO|ПУЛКОВО)[\s-]*(?:19)?42\b\)?", re.IGNORECASE),
        4284,
        "SK-42",
    ),
    (
        re.compile(r"\(?\b(?:СК|SK|CK)[\s-]?95\b\)?|\(?\b(?:PULKOVO|ПУЛКОВО)[\s-]*(?:19)?95\b\)?", re.IGNORECASE),
        4200,
        "SK-95",
    ),
    (re.compile(r"\(?\b(?:ED[\s-]?(?:19)?50|EUROPEAN DATUM 1950)\b\)?", re.IGNORECASE), 4230, "ED50"),
    (re.compile(r"\(?\bNAD[\s-]?(?:19)?27\b\)?", re.IGNORECASE), 4267, "NAD27"),
)
_OTHER_DATUMS = re.compile(
    r"\b(?:GCJ[\s-]?02|BD[\s-]?09|OSGB(?:36)?|TOKYO DATUM|DHDN|AGD[\s-]?(?:66|84)|ARC[\s-]?1950|PZ-?90|ПЗ-?90)\b",
    re.IGNORECASE,
)
_SAME_DATUM = re.compile(r"\(?\b(?:ETRS[\s-]?(?:19)?89|NAD[\s-]?(?:19)?83|WGS[\s_-]?(?:19)?84)\b\)?", re.IGNORECASE)
_IN_DEGREES = frozenset({Notation.DECIMAL, Notation.DM, Notation.DMS})
DEGREE_SHIFT_UNCERTAINTY_M = 10.0
"""Accuracy of the datum shifts in ``_DATUMS`` to WGS84, rounded up."""


def take_datum(text: str) -> tuple[str, int, str]:
    """Return the text without the name of its datum, the EPSG code (0 for WGS84) and the name.

    Raises
    ------
    CoordinateError
        If the datum is not supported, or the text names several.

    Examples
    --------
    >>> take_datum("48.5 N 37.9 E (SK-42)")
    ('48.5 N 37.9 E', 4284, 'SK-42')
    """
    if other := _OTHER_DATUMS.search(text):
        refuse(f"the datum {other[0]} is not supported; transform the coordinates to WGS84 first")
    found = [(match, code, name) for pattern, code, name in _DATUMS if (match := pattern.search(text))]
    if len(found) > 1:
        refuse(f"the text names several datums: {', '.join(name for _, _, name in found)}")
    if not found:
        return text, 0, ""
    match, code, name = found[0]
    if _SAME_DATUM.search(text):
        refuse(f"the text names both {name} and another datum")
    return (text[: match.start()] + " " + text[match.end() :]).strip(" ,;:-"), code, name


def shift_to_wgs84(parsed: ParsedCoordinate, epsg: int, name: str) -> ParsedCoordinate:
    """Return the coordinate shifted from a datum to WGS84.

    Raises
    ------
    CoordinateError
        If the notation is not in degrees, since grids and codes are defined on WGS84.
    """
    if not epsg:
        return parsed
    if parsed.notation not in _IN_DEGREES:
        refuse(f"{parsed.notation.label} is defined on WGS84, but the text names {name}", [parsed])
    lon, lat = transform(parsed.lon, parsed.lat, epsg)
    note = ", ".join(filter(None, [parsed.note, f"shifted from {name}"]))
    return parsed._replace(lat=lat, lon=lon, uncertainty_m=parsed.uncertainty_m + DEGREE_SHIFT_UNCERTAINTY_M, note=note)
