"""Gauss-Krüger metres on Pulkovo 1942 and 1995 (SK-42, SK-95), and labelled Web Mercator.

A zone is 6 degrees wide, zone *n* round the meridian 6*n* - 3. X is the northing and Y the
easting with the number of the zone before it and 500 km added (GOST 32453): X = 5 401 234,
Y = 6 378 912 lies in zone 6, 121 km west of 33 degrees east. The reference systems are
EPSG:28402 to 28432 and EPSG:20004 to 20032.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from geoconflict.coordinates.project import cell_half_diagonal_m, to_wgs84
from geoconflict.coordinates.values import Context, Notation, Reading, refuse, settle

SHIFT_UNCERTAINTY_M = 5.0
"""How well the shift from Pulkovo to WGS84 is known (EPSG gives 1 to 6 m, by area)."""

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
_ZONE = re.compile(r"(?:ZONE|ЗОНА|ЗОНІ|ЗОНЕ|З\.)\s*[:=№#]?\s*(\d{1,2})\b", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?:(?<![^\W_])(?P<label>X|Y|Х|У|E|N|EASTING|NORTHING)\s*[:=–-]?\s*)?(?<![\d.,])(?P<digits>\d{1,2}(?:[ ']\d{3}){2}(?:[.,]\d+)?|\d{6,8}(?:[.,]\d+)?)(?![\d])(?:\s*(?:M|М)\b)?",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?:{_SK42.pattern}|{_SK95.pattern})[^\d\n]{{0,30}}(?:(?:zone|зона|зоне|зоні)\s*\d{{1,2}}\b[^\d\n]{{0,20}})?"
    r"\d[\d ']{5,11}(?:[.,]\d+)?[^\d\n]{1,20}\d[\d ']{5,11}(?:[.,]\d+)?",
    re.IGNORECASE,
)
_MERCATOR_NUMBER = re.compile(
    r"(?:(?<![^\W_])(?P<label>X|Y)\s*[:=]?\s*)?(?<![\d.])(?P<digits>[+-]?\d{1,8}(?:\.\d+)?)(?![\d.])(?:\s*M\b)?",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:EPSG|WGS\s?84|PULKOVO|COORDINATES?|COORDS?|КООРДИНАТЫ|КООРДИНАТИ|M|М|И|AND)\b|[\s,;:/()=.–|-]", re.IGNORECASE
)


class _Length(NamedTuple):
    digits: str
    label: str

    @property
    def value(self) -> float:
        return float(self.digits)

    @property
    def step_m(self) -> float:
        return float(10.0 ** -len(self.digits.partition(".")[2]))


def read_gauss_krueger(text: str, context: Context) -> Reading | None:
    """Read Gauss-Krüger metres that are labelled with their datum, or Web Mercator ones that are labelled.

    Which of two numbers is the easting is told by X and Y (X is north), or by only one
    order fitting a zone of 6 degrees; else by the country.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> from geoconflict.coordinates.values import NO_CONTEXT
    >>> print(read_gauss_krueger("СК-42 X=6062345 Y=5379123", NO_CONTEXT))
    54.670984°N 25.124364°E (sk 42)
    """
    if _MERCATOR.search(text):
        return _web_mercator(text, context)
    reading = _read(text, context)
    if reading is None and len(inside := _INSIDE.findall(text)) == 1:
        reading = _read(inside[0].strip(), context)
    return reading


def _read(text: str, context: Context) -> Reading | None:
    system = _system(text)
    if system is None:
        return None
    notation, rest, zone = system
    hits = list(_LENGTH.finditer(rest))
    if len(hits) != 2:
        return None
    left = rest[: hits[0].start()] + " " + rest[hits[0].end() : hits[1].start()] + " " + rest[hits[1].end() :]
    if _FILLER.sub("", left):
        return None
    values = [_Length(re.sub(r"[ ']", "", hit["digits"]).replace(",", "."), _axis(hit["label"])) for hit in hits]
    return _settled(values[0], values[1], notation, zone, context)


def _system(text: str) -> tuple[Notation, str, int | None] | None:
    if _SK63.search(text):
        refuse("SK-63 coordinates cannot be read: the parameters of its regions are not public")
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
                refuse("Gauss-Krüger coordinates need their datum: SK-42 (Pulkovo 1942), SK-95 or another")
            return None
        notation, match = found[0]
        rest = rest[: match.start()] + " " + rest[match.end() :]
    rest = _GK.sub(" ", rest)
    if said := _ZONE.search(rest):
        zone = int(said[1])
        rest = rest[: said.start()] + " " + rest[said.end() :]
    return notation, rest, zone


def _axis(label: str | None) -> str:
    letter = (label or "").upper()[:1].replace("Х", "X").replace("У", "Y")
    return {"N": "X", "E": "Y"}.get(letter, letter)


def _settled(first: _Length, second: _Length, notation: Notation, zone: int | None, context: Context) -> Reading:
    literal = [(second, first)] if first.label == "Y" or second.label == "X" else [(first, second)]
    labelled = bool(first.label or second.label)
    readings = [r for north, east in literal if (r := _place(north, east, notation, zone))]
    other = _place(literal[0][1], literal[0][0], notation, zone)
    if not readings and other is None:
        refuse(f"{first.digits} and {second.digits} are not a northing and an easting of a Gauss-Krüger zone")
    if labelled and readings:
        return readings[0]
    if other is not None:
        readings.append(
            other._replace(
                note="easting written first" if not labelled else "X and Y exchanged: only so does it fit a zone"
            )
        )
    return settle(readings, context, "both orders fit a zone, and nothing says which number is X, the northing")


def _place(north: _Length, east: _Length, notation: Notation, zone: int | None) -> Reading | None:
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
    # The systems of EPSG have the zone in their false easting.
    lon, lat = to_wgs84(base + number)(number * 1e6 + offset, north.value)
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs((lon - meridian + 180) % 360 - 180) > 3.6:
        return None
    step = max(north.step_m, east.step_m)
    return Reading(lat, lon, cell_half_diagonal_m(step) + SHIFT_UNCERTAINTY_M, notation)


def _web_mercator(text: str, context: Context) -> Reading | None:
    rest = _MERCATOR.sub(" ", text)
    hits = list(_MERCATOR_NUMBER.finditer(rest))
    if len(hits) != 2:
        return None
    left = rest[: hits[0].start()] + " " + rest[hits[0].end() : hits[1].start()] + " " + rest[hits[1].end() :]
    if _FILLER.sub("", left):
        return None
    del context
    first, second = (_Length(hit["digits"], _axis(hit["label"])) for hit in hits)
    x, y = (second, first) if first.label == "Y" or second.label == "X" else (first, second)
    if max(abs(x.value), abs(y.value)) > 20037508.35:
        refuse("Web Mercator coordinates do not exceed 20037508.34 m")
    if max(abs(x.value), abs(y.value)) <= 180:
        refuse("the text says Web Mercator, but its numbers are the size of degrees")
    lon, lat = to_wgs84(3857)(x.value, y.value)
    # A metre of this projection is shorter on the ground by the cosine of the latitude.
    ground = max(x.step_m, y.step_m) * math.cos(math.radians(lat))
    return Reading(lat, lon, cell_half_diagonal_m(ground), Notation.WEB_MERCATOR)
