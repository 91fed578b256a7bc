"""Grid references: MGRS (and the U.S. National Grid, which is written alike) and UTM.

The letters of MGRS are those of NGA.STND.0037 for WGS84. A reference names a cell; the
point is its centre and the uncertainty half its diagonal. A reference whose letters
contradict one another is refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from geoconflict.coordinates.project import cell_half_diagonal_m, to_wgs84
from geoconflict.coordinates.values import Context, Notation, Reading, refuse, settle

BANDS = "CDEFGHJKLMNPQRSTUVWX"
_LEAST_NORTHING_KM = dict(
    zip(
        BANDS,
        (
            1100,
            2000,
            2800,
            3700,
            4600,
            5500,
            6400,
            7300,
            8200,
            9100,
            0,
            800,
            1700,
            2600,
            3500,
            4400,
            5300,
            6200,
            7000,
            7900,
        ),
        strict=True,
    )
)
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_SLACK_DEG = 0.6
"""How far over the edge of its zone a point may lie: agencies let neighbouring grids overlap by about 40 km."""

_MGRS = re.compile(
    r"(?:MGRS|USNG|GRID|UTMREF)?[:\s]*(\d{1,2})\s*([C-HJ-NP-X])[\s-]*([A-HJ-NP-Z])([A-HJ-NP-V])[\s-]*(\d*)(?:[\s,/-]+(\d+))?"
)
_POLAR = re.compile(r"(?:MGRS|USNG)?[:\s]*[ABYZ]\s*[A-HJ-NP-Z]{2}[\s-]*(?:\d{2}|\d{4}|\d{6}|\d{8}|\d{10}|\d+\s+\d+)")
_SQUARE_ONLY = re.compile(
    r"(?:MGRS|USNG|UTMREF)?[:\s]*([A-HJ-NP-Z][A-HJ-NP-V])[\s-]*(\d{2}[\s-]*\d{2}|\d{3}[\s-]*\d{3}|\d{4}[\s-]*\d{4}|\d{5}[\s-]*\d{5})"
)


def zone_meridian(zone: int) -> int:
    """Return the central meridian of a UTM zone.

    Examples
    --------
    >>> zone_meridian(35)
    27
    """
    return zone * 6 - 183


def band_limits(band: str) -> tuple[int, int]:
    """Return the latitudes between which a band letter is used; X is 12 degrees high.

    Examples
    --------
    >>> band_limits("U"), band_limits("X")
    ((48, 56), (72, 84))
    """
    south = BANDS.index(band) * 8 - 80
    return south, 84 if band == "X" else south + 8


def zone_limits(zone: int, band: str) -> tuple[float, float] | None:
    """Return the longitudes of a zone in a band, with the exceptions of Norway and Svalbard.

    Examples
    --------
    >>> zone_limits(32, "V"), zone_limits(32, "X")
    ((3.0, 12.0), None)
    """
    special: dict[tuple[int, str], tuple[float, float] | None] = {
        (31, "V"): (0, 3),
        (32, "V"): (3.0, 12.0),
        (31, "X"): (0, 9),
        (32, "X"): None,
        (33, "X"): (9, 21),
        (34, "X"): None,
        (35, "X"): (21, 33),
        (36, "X"): None,
        (37, "X"): (33, 42),
    }
    if (zone, band) in special:
        return special[zone, band]
    middle = zone_meridian(zone)
    return middle - 3, middle + 3


def read_mgrs(text: str, context: Context) -> Reading | None:
    """Read an MGRS reference of any precision, from 100 km (no digits) to 1 m (ten digits).

    Raises
    ------
    CoordinateError
        Where the digits cannot be halved, or the letters contradict one another.

    Examples
    --------
    >>> from geoconflict.coordinates.values import NO_CONTEXT
    >>> reading = read_mgrs("35U LA 8000 6100", NO_CONTEXT)
    >>> round(reading.uncertainty_m, 1), reading.notation.value
    (7.1, 'mgrs')
    """
    upper = text.upper()
    match = _MGRS.fullmatch(upper)
    if match is None:
        return _read_other_mgrs(upper, context)
    zone, band, column, row = int(match[1]), match[2], match[3], match[4]
    if not 1 <= zone <= 60:
        refuse(f"there is no UTM zone {zone}; zones run from 1 to 60")
    east, north = _halves(match[5], match[6])
    return _cell(zone, band, column + row, (east, north))


def _read_other_mgrs(upper: str, context: Context) -> Reading | None:
    if _POLAR.fullmatch(upper) and upper.startswith(("MGRS", "USNG")):
        refuse("polar MGRS references (letters A, B, Y and Z) are not read")
    match = _SQUARE_ONLY.fullmatch(upper)
    if match is None:
        return None
    labelled = upper.startswith(("MGRS", "USNG", "UTMREF"))
    digits = re.sub(r"\D", "", match[2])
    if not labelled:  # national grids write alike: TQ 300 800 is in London
        if " " not in upper:
            return None
        refuse("this looks like an MGRS reference without its zone (such as 35U); the square recurs in other zones")
    found = [reading for reading in _zones_of_square(match[1], digits) if _wanted(reading, context)]
    if not found:
        refuse("this MGRS reference lacks its zone (such as 35U), and no zone near the given place has the square")
    return settle(found, Context(), "this MGRS reference lacks its zone, and several zones have the square")


def _wanted(reading: Reading, context: Context) -> bool:
    if context.country is not None and not context.country.holds(lon=reading.lon, lat=reading.lat):
        return False
    if context.reference is not None:
        lon, lat = context.reference
        return abs(reading.lat - lat) < 4 and abs((reading.lon - lon + 180) % 360 - 180) < 5
    return context.country is not None


def _zones_of_square(square: str, digits: str) -> list[Reading]:
    half = len(digits) // 2
    found = []
    for zone in range(1, 61):
        if square[0] not in _COLUMNS[(zone - 1) % 3]:
            continue
        for band in BANDS:
            try:
                found.append(_cell(zone, band, square, (digits[:half], digits[half:])))
            except ValueError:
                continue
    return [reading._replace(note="zone from the context") for reading in found]


def _halves(first: str, second: str | None) -> tuple[str, str]:
    if second is None:
        if len(first) % 2:
            refuse(f"an MGRS reference has as many digits east as north; {len(first)} digits cannot be halved")
        half = len(first) // 2
        first, second = first[:half], first[half:]
    if len(first) != len(second):
        refuse(f"an MGRS reference has as many digits east as north; found {len(first)} and {len(second)}")
    if len(first) > 5:
        refuse(f"an MGRS reference has at most 5 digits each way; found {len(first)}")
    return first, second


def _cell(zone: int, band: str, square: str, digits: tuple[str, str]) -> Reading:
    columns = _COLUMNS[(zone - 1) % 3]
    name = f"{zone}{band} {square}"
    if square[0] not in columns:
        refuse(f"{name}: zone {zone} has no column {square[0]}; its columns are {columns[0]} to {columns[-1]}")
    if zone_limits(zone, band) is None:
        refuse(f"{name}: there is no zone {zone}{band}; its neighbours are wider")
    size = 10.0 ** (5 - len(digits[0]))
    east_cell, north_cell = (float(int(part) if part else 0) * size for part in digits)
    east = (columns.index(square[0]) + 1) * 1e5 + east_cell + size / 2
    row = (_ROWS.index(square[1]) - (0 if zone % 2 else 5)) % 20
    least = _LEAST_NORTHING_KM[band] * 1e3
    north = row * 1e5
    while north + 1e5 <= least:
        north += 2e6
    north += north_cell + size / 2
    lon, lat = to_wgs84((32600 if band >= "N" else 32700) + zone)(east, north)
    _check_letters(zone, band, (lon, lat), name=name, slack_deg=size / 1.0e5)
    return Reading(lat, lon, cell_half_diagonal_m(size), Notation.MGRS)


def _check_letters(zone: int, band: str, place: tuple[float, float], *, name: str, slack_deg: float) -> None:
    """Refuse a point that does not lie where its zone and band say, within the size of its cell."""
    lon, lat = place
    south, north = band_limits(band)
    limits = zone_limits(zone, band)
    if limits is None:
        refuse(f"{name}: there is no zone {zone}{band}; its neighbours are wider")
    west, east = limits
    middle = (west + east) / 2
    off = abs((lon - middle + 180) % 360 - 180)
    if not (south - 0.01 - slack_deg <= lat <= north + 0.01 + slack_deg):
        refuse(f"{name}: the point has latitude {lat:.2f}, but band {band} runs from {south} to {north}")
    if off > (east - west) / 2 + _SLACK_DEG + 2 * slack_deg:
        refuse(f"{name}: the point has longitude {lon:.2f}, but zone {zone} runs from {west:g} to {east:g}")


class _Metres(NamedTuple):
    digits: str
    label: str

    @property
    def value(self) -> float:
        return float(self.digits)

    @property
    def step_m(self) -> float:
        return float(10.0 ** -len(self.digits.partition(".")[2]))


_BIG = re.compile(
    r"(?:(?<![A-Z])(?P<before>EASTINGS?|NORTHINGS?|E|N|X|Y)\s*[:=]?\s*)?(?<![\d.])(?P<digits>\d{1,3}(?:[, ']\d{3}){1,2}(?:\.\d+)?|\d{5,8}(?:\.\d+)?)(?![\d.])"
    r"\s*(?:(?P<after>M\s?[EN]|M\.?\s?(?:EAST|NORTH)|EAST|NORTH|[EN]|M)(?![A-Z]))?"
)
_ZONE = re.compile(r"(?<!\d)(\d{1,2})\s*°?\s*(?:([C-HJ-NP-X])(?![A-Z])|(NORTH|SOUTH)(?:ERN)?)?")
_MANY_DIGITS = re.compile(r"(?<![.\d])\d{5}|(?<![.\d])\d{1,3}[, ']\d{3}(?!\d)")
_ZONE_FIRST = re.compile(r"^[^\d]*?\b\d{1,2}\s*[C-HJ-NP-X](?![A-Z])")
_UTM_FILLER = re.compile(r"UTM|WGS\s?-?84|ZONE|HEMISPHERE|GRID|\bM\b|[\s,;:/()=.|-]")
_HEMISPHERE_WORD = re.compile(
    r"(?:\b(NORTH|SOUTH)(?:ERN)?\b\s*(?:HEMISPHERE)?|\b([NS])\s+HEMISPHERE|HEMISPHERE\s*[:=]?\s*([NS])\b)"
)
_EPSG_UTM = re.compile(r"EPSG\s*[:=]*\s*(32[67])(\d\d)\b")


def read_utm(text: str, context: Context) -> Reading | None:
    """Read a UTM coordinate with its zone: "35U 379123 6061234" and its many spellings.

    The letter behind the zone may be the band of MGRS or N and S for the hemisphere. Every
    reading that the northing allows is tried; S (the band from 32 to 40 degrees north, or
    south) remains ambiguous more often than not, and then only the country tells.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> from geoconflict.coordinates.values import NO_CONTEXT
    >>> print(read_utm("35U 379123 6061234", NO_CONTEXT))
    54.683925°N 25.124967°E (utm)
    """
    upper = text.upper()
    if _MANY_DIGITS.search(upper) is None:
        return None
    epsg = _EPSG_UTM.search(upper)
    rest = upper if epsg is None else upper[: epsg.start()] + " " + upper[epsg.end() :]
    found = _two_lengths(_ZONE_FIRST.sub(r"\g<0>|", rest, count=1))
    if found is None:
        return None
    metres, rest = found
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
        refuse(f"there is no UTM zone {zone}; zones run from 1 to 60")
    return _utm_point(zone, letters, _in_order(metres), context)


def _two_lengths(text: str) -> tuple[tuple[_Metres, _Metres], str] | None:
    for pattern in (_BIG,):
        hits = [m for m in pattern.finditer(text) if len(re.sub(r"\D", "", m["digits"].partition(".")[0])) >= 5]
        if len(hits) != 2:
            return None
        values = tuple(_Metres(re.sub(r"[, ']", "", m["digits"]), _which(m)) for m in hits)
        rest = text[: hits[0].start()] + " " + text[hits[0].end() : hits[1].start()] + " " + text[hits[1].end() :]
        return (values[0], values[1]), rest
    return None


def _which(match: re.Match[str]) -> str:
    label = (match["before"] or match["after"] or "").replace(" ", "").replace(".", "")
    if label in {"X", "Y"}:
        return "E" if label == "X" else "N"
    last = label.removeprefix("M")[:1]
    return last if last in {"E", "N"} else ""


def _zone_and_letters(rest: str, upper: str) -> tuple[int, list[str]] | None:
    word = _HEMISPHERE_WORD.search(rest)
    zone = _ZONE.search(rest)
    if zone is None:
        return None
    left = rest[: zone.start()] + " " + rest[zone.end() :]
    spoken = zone[3]
    if word is not None and spoken is None:
        spoken = word[1] or ("NORTH" if (word[2] or word[3]) == "N" else "SOUTH")
        left = _HEMISPHERE_WORD.sub(" ", left)
    if _UTM_FILLER.sub("", left):
        return None
    letter = zone[2]
    if spoken:
        return int(zone[1]), ["N" if spoken == "NORTH" else "SOUTH"]
    if letter is None:
        return (int(zone[1]), ["N", "SOUTH"]) if "UTM" in upper or "ZONE" in upper else None
    return int(zone[1]), ["S", "SOUTH"] if letter == "S" else [letter]


def _in_order(metres: tuple[_Metres, _Metres]) -> list[tuple[_Metres, _Metres]]:
    """Return the (easting, northing) pairs that the labels, or else the sizes, allow."""
    first, second = metres
    if first.label == "N" or second.label == "E":
        return [(second, first)]
    if first.label == "E" or second.label == "N":
        return [(first, second)]
    if first.value >= 1e6 > second.value:
        return [(second, first)]
    return [(first, second)]


def _utm_point(zone: int, letters: list[str], pairs: list[tuple[_Metres, _Metres]], context: Context) -> Reading:
    readings: list[Reading] = []
    faults: list[str] = []
    for letter in letters:
        for east, north in pairs:
            if not 1e5 <= east.value < 9e5 or not 0 <= north.value <= 1e7:
                faults.append(f"easting {east.digits} and northing {north.digits} are not of UTM")
                continue
            south = letter == "SOUTH" or letter < "N"
            lon, lat = to_wgs84((32700 if south else 32600) + zone)(east.value, north.value)
            step = max(east.step_m, north.step_m)
            if letter in {"N", "SOUTH"}:
                if not (-80.5 <= lat <= 0.01 if south else -0.01 <= lat <= 84.5):
                    faults.append(f"northing {north.digits} is not of that hemisphere")
                    continue
            else:
                try:
                    _check_letters(zone, letter, (lon, lat), name=f"{zone}{letter}", slack_deg=0.0)
                except ValueError as fault:
                    faults.append(str(fault))
                    continue
            note = "S read as the band from 32 to 40 N" if letter == "S" else ""
            readings.append(Reading(lat, lon, cell_half_diagonal_m(step), Notation.UTM, note))
    if not readings:
        refuse(faults[0])
    return settle(readings, context, "the zone does not tell the hemisphere")
