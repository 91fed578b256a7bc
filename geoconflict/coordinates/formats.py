"""Parse formats that programs write: ISO 6709, geo: URIs, WKT and WKB, GeoJSON and other JSON, KML, GPX, GML."""

from __future__ import annotations

import json
import math
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shapely
from shapely.errors import ShapelyError

from geoconflict.coordinates.projected import area_of_use, cell_half_diagonal_m, reference_system, transform
from geoconflict.coordinates.values import (
    NO_CONTEXT,
    NUMBER,
    Angle,
    Context,
    Notation,
    ParsedCoordinate,
    decimal_angle,
    distinct,
    point,
    point_in_either_order,
    refuse,
)

_ISO = re.compile(
    r"(?P<lat>[+-]\d{2}(?:\d{2}){0,2}(?:\.\d+)?)(?P<lon>[+-]\d{3}(?:\d{2}){0,2}(?:\.\d+)?)"
    r"(?P<alt>[+-]\d+(?:\.\d+)?)?(?P<crs>CRS[\w:/-]+?)?/?"
)
_SIGNED_PAIR = re.compile(r"\+(\d{1,2}\.\d+)([+-]\d{1,3}\.\d+)/?|-(\d{1,2}\.\d+)(\+\d{1,3}\.\d+)/?")


def parse_iso6709(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse an ISO 6709 string: signed, with leading zeros; degrees, minutes or seconds.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_iso6709("+5441.2+02516.8/"))
    54.686667°N 25.280000°E (iso 6709)
    """
    del context
    if text[0] not in "+-":
        return None
    compact = text.replace(" ", "") if text.endswith("/") else text
    match = _ISO.fullmatch(compact)
    if match is None:
        pair = _SIGNED_PAIR.fullmatch(compact)
        if pair is None:
            return None
        lat = f"+{pair[1]}" if pair[1] else f"-{pair[3]}"
        return point(decimal_angle(lat), decimal_angle(pair[2] or pair[4]))
    crs = (match["crs"] or "").upper()
    if crs and "84" not in crs and "4326" not in crs:
        refuse(f"the ISO 6709 string names the reference system {match['crs']}; only WGS 84 is supported")
    lat_angle, lon_angle = _sexagesimal(match["lat"], 2), _sexagesimal(match["lon"], 3)
    return point(lat_angle, lon_angle)._replace(notation=Notation.ISO_6709)


def _sexagesimal(text: str, degree_digits: int) -> Angle:
    whole, _, fraction = text[1:].partition(".")
    pieces = [whole[:degree_digits], *(whole[i : i + 2] for i in range(degree_digits, len(whole), 2))]
    unit_deg = (1.0, 1 / 60, 1 / 3600)[len(pieces) - 1]
    values = [float(piece) for piece in pieces[:-1]] + [float(f"{pieces[-1]}.{fraction or 0}")]
    for value in values[1:]:
        if value >= 60:
            refuse(f"{value:g} minutes or seconds in {text} are not less than 60")
    degrees = sum(value / 60**i for i, value in enumerate(values))
    sign = -1 if text[0] == "-" else 1
    return Angle(sign * degrees, 10.0 ** -len(fraction) * unit_deg, Notation.ISO_6709, signed=True)


_GEO = re.compile(rf"geo:\s*({NUMBER})\s*,\s*({NUMBER})(?:,{NUMBER})?((?:;[^?]*)?)(\?.*)?", re.IGNORECASE)


def parse_geo_uri(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a geo: URI (RFC 5870); its ``u`` is the uncertainty if it is larger than that of the digits.

    In ``geo:0,0?q=lat,lon(label)``, which Android uses, the pair in ``q`` is the point.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> parse_geo_uri("geo:54.6872,25.2797;u=35").uncertainty_m
    35.0
    """
    del context
    if text[:4].lower() != "geo:":
        return None
    match = _GEO.fullmatch(text)
    if match is None:
        return None
    parameters = dict(part.partition("=")[::2] for part in match[3].lower().split(";") if part)
    crs = parameters.get("crs", "wgs84")
    if crs != "wgs84":
        refuse(f"the geo: URI names the reference system {crs!r}; only wgs84 is supported")
    lat, lon = decimal_angle(match[1]), decimal_angle(match[2])
    if lat.degrees == 0 and lon.degrees == 0:
        query = parse_qs(urlsplit(text).query).get("q", [""])[0] if match[4] else ""
        inner = re.match(rf"\s*({NUMBER})\s*,\s*({NUMBER})\s*(?:\(.*\))?\s*$", query)
        if inner is None:
            refuse("the geo: URI is a search for a name: it has 0,0 and no coordinates in q")
        lat, lon = decimal_angle(inner[1]), decimal_angle(inner[2])
    parsed = point(lat, lon)
    uncertainty = parsed.uncertainty_m
    if "u" in parameters:
        try:
            stated = float(parameters["u"])
        except ValueError:
            stated = math.nan
        if not (math.isfinite(stated) and stated >= 0):
            refuse(f"the geo: URI has the uncertainty u={parameters['u']!r}, which is not a length in metres")
        uncertainty = max(uncertainty, stated)
    return parsed._replace(uncertainty_m=uncertainty, notation=Notation.GEO_URI)


_WKT = re.compile(
    rf"(?:SRID\s*=\s*(?P<srid>\d{{1,6}})\s*;\s*)?(?:<(?P<uri>[^>]+)>\s*)?(?P<multi>MULTI)?POINT\s*(?P<dim>Z\s?M|Z|M)?\s*"
    rf"\(+\s*(?P<x>{NUMBER})\s+(?P<y>{NUMBER})(?P<more>(?:\s+{NUMBER}){{0,2}})\s*\)+\s*;?",
    re.IGNORECASE,
)
_WKT_START = re.compile(
    r"(?:SRID\s*=\s*\d+\s*;\s*|<[^>]+>\s*)?((?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION|CIRCULARSTRING|TRIANGLE|TIN)\s*(?:Z\s?M|Z|M)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
_HEX = re.compile(r"0[01][0-9A-Fa-f]{40,200}")
_GEOGRAPHIC = {4326, 4979, 4258, 4269}


def parse_wkt(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a point in WKT, EWKT or hexadecimal WKB; x is the longitude.

    A point with another SRID than 4326 is transformed. A GeoSPARQL literal with EPSG:4326 has
    the latitude first, as EPSG defines it.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_wkt("POINT(25.2797 54.6872)"))
    54.687200°N 25.279700°E (wkt)
    """
    if text[0] == "0" and _HEX.fullmatch(text):
        return _wkb(text)
    start = _WKT_START.match(text) if text[0].isalpha() or text[0] == "<" else None
    if start is None:
        return None
    match = _WKT.fullmatch(text)
    if match is None:
        refuse(f"the well-known text starts with {start[1].upper()} but is not one point with coordinates")
    x, y = match["x"], match["y"]
    if (
        re.match(r"[+-]?0\d", x)
        or re.match(r"[+-]?0\d", y)
        or (match["more"] and not match["dim"] and "." in match["more"] and "." not in y)
    ):
        refuse("the numbers of the WKT point look as if a space had split them")
    srid = int(match["srid"] or 4326)
    uri = match["uri"] or ""
    if uri:
        code = re.search(r"EPSG/[^/]*/(\d{1,6})(?!\d)|(CRS84)", uri)
        if code is None:
            refuse(f"the reference system <{uri}> is not supported; use http://www.opengis.net/def/crs/EPSG/0/...")
        srid = int(code[1] or 4326)
        if srid in _GEOGRAPHIC and not code[2]:
            x, y = y, x
    parsed = _planar(x, y, srid)
    return _order_doubt(parsed, context, srid)


def _order_doubt(parsed: ParsedCoordinate, context: Context, srid: int) -> ParsedCoordinate:
    country = context.country
    if country is not None and srid in _GEOGRAPHIC and abs(parsed.lon) <= 90:
        swapped = parsed._replace(lat=parsed.lon, lon=parsed.lat, note="latitude written first")
        if not country.contains(lon=parsed.lon, lat=parsed.lat) and country.contains(lon=swapped.lon, lat=swapped.lat):
            refuse(
                f"the point lies outside {country.name}, but inside if the latitude was written first, against the format",
                [parsed, swapped],
            )
    return parsed


def _planar(x: str, y: str, srid: int) -> ParsedCoordinate:
    east, north = decimal_angle(x), decimal_angle(y)
    if srid in _GEOGRAPHIC:
        return point(north, east)._replace(notation=Notation.WKT)
    lon, lat = transform(east.degrees, north.degrees, srid)
    if not area_of_use(srid).contains(lon=lon, lat=lat):
        refuse(f"{x}, {y} lies outside the area of use of EPSG:{srid}")
    step = max(east.step_deg, north.step_deg)
    geographic = reference_system(srid).is_geographic
    uncertainty = point(north, east).uncertainty_m if geographic else cell_half_diagonal_m(step)
    return ParsedCoordinate(lat, lon, uncertainty, Notation.WKT, f"from EPSG:{srid}")


def _wkb(text: str) -> ParsedCoordinate:
    try:
        geometry = shapely.from_wkb(text)
    except ShapelyError:
        refuse("the text looks like hexadecimal WKB, but is not valid")
    if geometry.geom_type != "Point" or geometry.is_empty:
        refuse(f"the WKB geometry is a {geometry.geom_type}, not one point with coordinates")
    srid = int(shapely.get_srid(geometry)) or 4326
    x, y = shapely.get_coordinates(geometry)[0].tolist()
    if not (math.isfinite(x) and math.isfinite(y)):
        refuse("the WKB point has coordinates that are not finite")
    return _planar(repr(x), repr(y), srid)


_MEMBERS = (
    ({"lat", "latitude"}, {"lon", "lng", "long", "longitude"}),
    ({"y"}, {"x"}),
)
_COORDINATES = re.compile(
    rf"<coordinates>\s*({NUMBER})\s*,\s*({NUMBER})(?:\s*,\s*{NUMBER})?\s*</coordinates>", re.IGNORECASE
)
_WPT = re.compile(r"<(?:\w+:)?(?:wpt|trkpt|rtept|node|point)\b([^<>]*)/?>", re.IGNORECASE)
_POS = re.compile(rf"<(?:\w+:)?pos\b([^<>]*)>\s*({NUMBER})\s+({NUMBER})\s*</", re.IGNORECASE)
_ATTRIBUTE = re.compile(rf"\b(lat|lon|lng)\s*=\s*[\"']\s*({NUMBER})\s*[\"']", re.IGNORECASE)


def parse_json(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse a GeoJSON point (longitude first, RFC 7946), or an object with members such as lat and lon.

    Raises
    ------
    CoordinateError

    Examples
    --------
    >>> print(parse_json('{"type": "Point", "coordinates": [25.2797, 54.6872]}'))
    54.687200°N 25.279700°E (json)
    """
    if text[0] != "{" or text[-1] != "}":
        return None
    quoted = text if '"' in text else text.replace("'", '"')
    try:
        # Keep numbers as texts: their digits give the uncertainty.
        value = json.loads(quoted, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    return _json_point(value, context) if isinstance(value, dict) else None


def _json_point(value: dict[str, Any], context: Context) -> ParsedCoordinate | None:
    kind = value.get("type")
    if kind == "Feature" and isinstance(value.get("geometry"), dict):
        return _json_point(value["geometry"], context)
    if kind is not None and "coordinates" in value:
        pair = value["coordinates"]
        if kind != "Point" or not isinstance(pair, list) or len(pair) not in {2, 3} or not all(map(_is_number, pair)):
            refuse(f"the GeoJSON object is a {kind}, not one point with coordinates")
        parsed = point(decimal_angle(pair[1]), decimal_angle(pair[0]))._replace(notation=Notation.JSON)
        return _order_doubt(parsed, context, 4326)
    lowered = {str(key).lower(): member for key, member in value.items()}
    for lats, lons in _MEMBERS:
        lat = [lowered[key] for key in lowered if key in lats]
        lon = [lowered[key] for key in lowered if key in lons]
        if len(lat) == 1 and len(lon) == 1 and _is_number(lat[0]) and _is_number(lon[0]):
            return point(decimal_angle(lat[0]), decimal_angle(lon[0]))._replace(notation=Notation.JSON)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(NUMBER, value.strip()) is not None


def parse_xml(text: str, context: Context = NO_CONTEXT) -> ParsedCoordinate | None:
    """Parse the only point in a piece of KML (longitude first), GPX (attributes) or GML (by its srsName).

    It uses patterns, not an XML parser, so entities are not expanded and no file is opened.

    Raises
    ------
    CoordinateError
    """
    if "<" not in text:
        return None
    candidates = [point(decimal_angle(m[2]), decimal_angle(m[1])) for m in _COORDINATES.finditer(text)]
    for tag in _WPT.finditer(text):
        found = {m[1].lower().replace("lng", "lon"): m[2] for m in _ATTRIBUTE.finditer(tag[1])}
        if {"lat", "lon"} <= found.keys():
            candidates.append(point(decimal_angle(found["lat"]), decimal_angle(found["lon"])))
    for position in _POS.finditer(text):
        first, second = decimal_angle(position[2]), decimal_angle(position[3])
        if "urn:" in position[1] and "4326" in position[1]:
            candidates.append(point(first, second))
        elif "CRS84" in position[1]:
            candidates.append(point(second, first))
        else:
            candidates.append(
                point_in_either_order(first, second, context, "the GML position does not give the order of its axes")
            )
    places = distinct(candidates)
    if len(places) > 1:
        refuse(f"the text has {len(places)} points", places)
    return places[0]._replace(notation=Notation.XML) if places else None
