"""Words that name a datum other than WGS84 beside degrees.

Leaving such a word out of account would move a point by about a hundred metres without a
sign of it.
"""

from __future__ import annotations

import re

from geoconflict.coordinates.formats import transformed
from geoconflict.coordinates.values import Notation, Reading, refuse

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
_OTHERS = re.compile(
    r"\b(?:GCJ[\s-]?02|BD[\s-]?09|OSGB(?:36)?|TOKYO DATUM|DHDN|AGD[\s-]?(?:66|84)|ARC[\s-]?1950|PZ-?90|ПЗ-?90)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"\(?\b(?:ETRS[\s-]?(?:19)?89|NAD[\s-]?(?:19)?83|WGS[\s_-]?(?:19)?84)\b\)?", re.IGNORECASE)
_DEGREES = frozenset({Notation.DECIMAL, Notation.DM, Notation.DMS})
SHIFT_UNCERTAINTY_M = 10.0


def take_datum(text: str) -> tuple[str, int, str]:
    """Return the text without the name of its datum, the EPSG code of that (0 for WGS84) and its name.

    Raises
    ------
    CoordinateError
        For a datum that cannot be transformed, or several.

    Examples
    --------
    >>> take_datum("48.5 N 37.9 E (SK-42)")
    ('48.5 N 37.9 E', 4284, 'SK-42')
    """
    if other := _OTHERS.search(text):
        refuse(f"the text names the datum {other[0]}, which is not read; transform the coordinates to WGS84 first")
    found = [(match, code, name) for pattern, code, name in _DATUMS if (match := pattern.search(text))]
    if len(found) > 1:
        refuse(f"the text names several datums: {', '.join(name for _, _, name in found)}")
    if not found:
        return text, 0, ""
    match, code, name = found[0]
    if _SAME.search(text):
        refuse(f"the text names both {name} and another datum")
    return (text[: match.start()] + " " + text[match.end() :]).strip(" ,;:-"), code, name


def shift(reading: Reading, epsg: int, name: str) -> Reading:
    """Return the reading moved from its datum to WGS84.

    Raises
    ------
    CoordinateError
        For a notation that is not in degrees: grids and codes are defined on WGS84.
    """
    if not epsg:
        return reading
    if reading.notation not in _DEGREES:
        refuse(f"{reading.notation.label} is defined on WGS84, but the text names {name}", [reading])
    lon, lat = transformed(reading.lon, reading.lat, epsg)
    note = ", ".join(filter(None, [reading.note, f"moved from {name}"]))
    return reading._replace(lat=lat, lon=lon, uncertainty_m=reading.uncertainty_m + SHIFT_UNCERTAINTY_M, note=note)
