"""Parse one text, a column of texts, or lines of text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geoconflict.coordinates.codes import parse_geohash, parse_mgrs, parse_plus_code
from geoconflict.coordinates.degrees import parse_degrees
from geoconflict.coordinates.formats import parse_geo_uri, parse_iso6709, parse_json, parse_wkt, parse_xml
from geoconflict.coordinates.projected import parse_epsg, parse_gauss_krueger, parse_utm, shift_to_wgs84, take_datum
from geoconflict.coordinates.spelling import normalise_characters
from geoconflict.coordinates.text import parse_sentence
from geoconflict.coordinates.urls import parse_url
from geoconflict.coordinates.values import (
    Context,
    CountryContext,
    Floats,
    Notation,
    ParsedCoordinate,
    distinct,
    half_diagonals_m,
    refuse,
)
from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, Fault, InputError

MAX_CHARS = 20_000
"""Longer texts are refused, so that matching a pattern never takes long."""

_PLAIN = re.compile(r"\s*([+-]?\d{1,3}\.(\d+))\s*[,;\s]\s*([+-]?\d{1,3}\.(\d+))\s*")

Country: TypeAlias = CountryContext | Bounds | BaseGeometry | gpd.GeoDataFrame
Reference: TypeAlias = tuple[float, float] | shapely.Point

_Parser: TypeAlias = "Callable[[str, Context], ParsedCoordinate | None]"
_FORMATS: tuple[_Parser, ...] = (parse_iso6709, parse_geo_uri, parse_json, parse_wkt, parse_url)
_GRIDS: tuple[_Parser, ...] = (parse_mgrs, parse_utm, parse_epsg, parse_plus_code)
_MAY_NAME_DATUM = re.compile(
    r"(?:СК|SK|CK|\bS)[\s-]?\d\d|PULKOVO|ПУЛКОВО|DATUM|OSGB|DHDN|GCJ|BD[\s-]?09|ED[\s-]?(?:19)?50|NAD[\s-]?(?:19)?27|EPSG|MERCATOR|GAU|ГАУСС|\bГК"
    r"|900913|102100|TOKYO|AGD|ARC[\s-]?19|PZ-?90|ПЗ-?90|СИСТЕМА",
    re.IGNORECASE,
)
_MAX_CODE_CHARS = 60
# With no letters except N, S, E and W, a text has no datum and is no address, JSON object or geometry.
_FEW_LETTERS = re.compile(r"[\d\s.,;:/|°'\"()NSEWnsew–+-]+")
_MAX_FEW_CHARS = 41  # a hexadecimal WKB point has at least 42
_OF_FEW_LETTERS: tuple[_Parser, ...] = (parse_mgrs, parse_utm, parse_plus_code)
_DEGREES = (Notation.DECIMAL, Notation.DM, Notation.DMS)
_SWAPPABLE = frozenset([*_DEGREES, Notation.URL, Notation.JSON, Notation.XML, Notation.GEO_URI, Notation.WKT])


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The coordinates of a column of texts: every array has one element for each text.

    Attributes
    ----------
    lat, lon : numpy.ndarray of float64
        Degrees on WGS84; NaN where the text was refused.
    uncertainty_m : numpy.ndarray of float64
        Half the diagonal of the cell that the written digits stand for.
    notation : numpy.ndarray of object
        A :class:`Notation`, or None.
    note : numpy.ndarray of object
        How an ambiguity was resolved ("longitude first, since …"); usually empty.
    error : numpy.ndarray of object
        Why the text was refused, or None.
    candidates : numpy.ndarray of object
        A tuple of texts: what a refused text could mean.
    """

    lat: Floats
    lon: Floats
    uncertainty_m: Floats
    notation: NDArray[np.object_]
    note: NDArray[np.object_]
    error: NDArray[np.object_]
    candidates: NDArray[np.object_]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.lat)

    @property
    def ok(self) -> NDArray[np.bool_]:
        """Whether each text was parsed."""
        return ~np.isnan(self.lat)

    def table(self, index: pd.Index | None = None) -> pd.DataFrame:
        """Return the arrays as columns of a DataFrame."""
        columns = {name: getattr(self, name) for name in self.__slots__}
        return pd.DataFrame(columns, index=index)

    def records(self) -> list[dict[str, Any]]:
        """Return a JSON-serialisable dict for each text; empty values are left out.

        Examples
        --------
        >>> parse_column(["54.68, 25.28"]).records()
        [{'lat': 54.68, 'lon': 25.28, 'uncertainty_m': 643.3, 'notation': 'decimal'}]
        """
        return [self._record(i) for i in range(len(self))]

    def _record(self, i: int) -> dict[str, Any]:
        if self.error[i] is not None:
            record: dict[str, Any] = {"error": self.error[i]}
            if self.candidates[i]:
                record["candidates"] = list(self.candidates[i])
            return record
        record = {
            "lat": round(float(self.lat[i]), 9),
            "lon": round(float(self.lon[i]), 9),
            "uncertainty_m": round(float(self.uncertainty_m[i]), 1 if self.uncertainty_m[i] >= 1 else 6),
            "notation": str(self.notation[i]),
        }
        if self.note[i]:
            record["note"] = self.note[i]
        return record

    def faults(self, *, field: str | None = None) -> list[Fault]:
        """Return a Fault for each refused text; rows count from 1."""
        found = []
        for i in np.flatnonzero(~self.ok):
            candidates = f"; it could be {' or '.join(self.candidates[i])}" if self.candidates[i] else ""
            found.append(Fault(f"{self.error[i]}{candidates}", row=int(i) + 1, field=field))
        return found


def parse_one(text: object, *, country: Country | None = None, reference: Reference | None = None) -> ParsedCoordinate:
    """Parse one coordinate in any notation.

    Parameters
    ----------
    text : str
    country, reference : optional
        See :func:`parse_column`.

    Returns
    -------
    ParsedCoordinate

    Raises
    ------
    CoordinateError
        If the text is not one point; ``candidates`` lists what it could mean.

    Examples
    --------
    >>> print(parse_one("54°41′14″N 25°16′47″E"))
    54.687222°N 25.279722°E (dms)
    >>> parse_one("[25.28, 54.68]")
    Traceback (most recent call last):
        ...
    geoconflict.errors.CoordinateError: pairs in square brackets or labelled EPSG:4326 are written in both orders; give the country, or write the coordinate unambiguously
    """
    return _parse(text, _context(country, reference))


def parse_column(
    texts: Iterable[object], *, country: Country | None = None, reference: Reference | None = None
) -> Coordinates:
    """Parse a column of coordinates; every row may be in another notation.

    An ambiguous text is refused with its candidates, unless only one of them lies in the
    country. A bare pair of decimals is latitude, longitude, as people and map sites write it;
    it is longitude, latitude if only that is in range or in the country. The uncertainty is
    half the diagonal of the cell that the digits stand for. It is a lower limit: a place may
    be known less well than it is written.

    Parameters
    ----------
    texts : iterable of str
        Missing values and values that are not texts are refused row by row.
    country : CountryContext, Bounds, geometry or GeoDataFrame, optional
        Where the points should lie; see :class:`CountryContext`.
    reference : tuple of float or shapely Point, optional
        ``(lon, lat)`` near the points, for short plus codes and MGRS without a zone.

    Returns
    -------
    Coordinates

    Examples
    --------
    >>> found = parse_column(["54.6872, 25.2797", "35U LA 80 61", "54.68 N 25.28 O"])
    >>> found.lat.round(4)
    array([54.6872, 54.6866,     nan])
    >>> found.candidates[2]
    ('54.680000°N 25.280000°E (decimal)', '54.680000°N 25.280000°W (decimal)')
    """
    context = _context(country, reference)
    rows = list(texts)
    count = len(rows)
    lat, lon, uncertainty = (np.full(count, np.nan) for _ in range(3))
    notation, note, error, candidates = (np.full(count, None, dtype=object) for _ in range(4))
    note[:] = ""
    candidates[:] = [()] * count
    plain = _parse_plain(rows, context)
    done = plain.rows
    lat[done], lon[done], uncertainty[done] = plain.lat, plain.lon, plain.uncertainty_m
    notation[done] = Notation.DECIMAL
    rest = np.ones(count, dtype=bool)
    rest[done] = False
    known: dict[object, ParsedCoordinate | CoordinateError] = {}  # tables repeat texts
    for i in np.flatnonzero(rest):
        text = rows[i]
        found = known.get(text) if isinstance(text, str) else _parse_or_error(text, context)
        if found is None:
            found = known[text] = _parse_or_error(text, context)
        if isinstance(found, ParsedCoordinate):
            lat[i], lon[i], uncertainty[i], notation[i], note[i] = found
        else:
            error[i], candidates[i] = found.message, found.candidates
    return Coordinates(lat, lon, uncertainty, notation, note, error, candidates)


@dataclass(frozen=True, slots=True)
class _Plain:
    rows: NDArray[np.intp]
    lat: Floats
    lon: Floats
    uncertainty_m: Floats


def _parse_plain(rows: list[object], context: Context) -> _Plain:
    """Parse all rows that are a plain pair of decimals in range, and in the country if there is one."""
    match = _PLAIN.fullmatch
    at: list[int] = []
    found: list[tuple[str | Any, ...]] = []
    for i, row in enumerate(rows):
        if type(row) is str and (hit := match(row)) is not None and len(row) < 80:
            at.append(i)
            found.append(hit.groups())
    if not at:
        none = np.empty(0)
        return _Plain(np.empty(0, dtype=np.intp), none, none, none)
    lat = np.fromiter((float(groups[0]) for groups in found), float, len(at))
    lon = np.fromiter((float(groups[2]) for groups in found), float, len(at))
    lat_digits = np.fromiter((len(groups[1]) for groups in found), float, len(at))
    lon_digits = np.fromiter((len(groups[3]) for groups in found), float, len(at))
    sure = (np.abs(lat) <= 90) & (np.abs(lon) <= 180) & ((lat != 0) | (lon != 0))
    if context.country is not None:
        # Rows outside the country are parsed one by one later.
        box = context.country.bounds
        if context.country.geometry is not None or box.crosses_antimeridian:
            if context.country.geometry is None:
                sure[:] = False
            else:
                shapely.prepare(context.country.geometry)
                sure[sure] = shapely.contains_xy(context.country.geometry, lon[sure], lat[sure])
        else:
            sure &= (lat >= box.south) & (lat <= box.north) & (lon >= box.west) & (lon <= box.east)
    uncertainty = half_diagonals_m(lat[sure], 10.0 ** -lat_digits[sure], 10.0 ** -lon_digits[sure])
    return _Plain(np.array(at, dtype=np.intp)[sure], lat[sure], lon[sure], uncertainty)


def _parse_or_error(text: object, context: Context) -> ParsedCoordinate | CoordinateError:
    try:
        return _parse(text, context)
    except CoordinateError as error:
        return error


def _context(country: Country | None, reference: Reference | None) -> Context:
    known = None if country is None else CountryContext.from_value(country)
    if reference is None:
        return Context(known)
    pair: Any = reference
    try:
        x, y = (pair.x, pair.y) if hasattr(pair, "x") else pair
        lon, lat = float(x), float(y)
    except (TypeError, ValueError):
        lon, lat = math.nan, math.nan
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        msg = f"reference must be a pair (lon, lat) in degrees or a shapely Point, found {reference!r}"
        raise InputError(msg)
    return Context(known, (lon, lat))


def _parse(text: object, context: Context) -> ParsedCoordinate:
    if not isinstance(text, str):
        missing = (
            text is None
            or type(text).__name__ in {"NAType", "NaTType"}
            or (isinstance(text, float) and math.isnan(text))
        )
        refuse("the value is missing" if missing else f"{text!r} is not a text but of type {type(text).__name__}")
    if len(text) > MAX_CHARS:
        refuse(f"the text has {len(text)} characters; the limit is {MAX_CHARS}")
    body = normalise_characters(text)
    if not body:
        refuse("the text is empty")
    datum, name = 0, ""
    few_letters = len(body) <= _MAX_FEW_CHARS and _FEW_LETTERS.fullmatch(body) is not None
    if not few_letters and _MAY_NAME_DATUM.search(body):
        direct = parse_gauss_krueger(body, context)
        if direct is not None:
            return direct
        body, datum, name = take_datum(body)
        if not body:
            refuse(f"the text has no coordinates besides the datum {name}")
    parsed = (
        _parse_whole(body, context, few_letters=few_letters)
        or parse_xml(body, context)
        or parse_sentence(body, context)
    )
    if parsed is None:
        refuse("no coordinates found in the text")
    return _refuse_swapped(shift_to_wgs84(parsed, datum, name), context)


def _refuse_swapped(parsed: ParsedCoordinate, context: Context) -> ParsedCoordinate:
    """Refuse a point outside the country that would lie inside with latitude and longitude swapped."""
    country = context.country
    if country is None or parsed.notation not in _SWAPPABLE or abs(parsed.lon) > 90:
        return parsed
    other = parsed._replace(lat=parsed.lon, lon=parsed.lat, note="latitude and longitude swapped")
    if not country.contains(lon=parsed.lon, lat=parsed.lat) and country.contains(lon=other.lon, lat=other.lat):
        message = f"the point lies outside {country.name}, but inside with latitude and longitude swapped"
        refuse(message, [parsed, other])
    return parsed


def _parse_whole(body: str, context: Context, *, few_letters: bool) -> ParsedCoordinate | None:
    for parser in _FORMATS[:1] if few_letters else _FORMATS:
        parsed = parser(body, context)
        if parsed is not None:
            return parsed
    if "°" not in body and len(body) <= _MAX_CODE_CHARS:
        parsers = _OF_FEW_LETTERS if few_letters else _GRIDS
        found = [parsed for parser in parsers if (parsed := parser(body, context)) is not None]
        if len(choices := distinct(found)) > 1:
            refuse("the text is valid in more than one notation; name the notation before it", choices)
        if choices:
            return choices[0]
    parsed = parse_degrees(body, context)
    if parsed is not None:
        return parsed
    # Last, since nearly any code is also a geohash.
    return parse_geohash(body, context) if body.isalnum() or body[:3].lower() == "geo" else None


_BATCH = 10_000


def coordinate_lines(
    lines: Iterable[str], *, country: Country | None = None, reference: Reference | None = None
) -> Iterator[str]:
    r"""Yield a JSON object for each line, also for an empty one.

    An object has ``lat``, ``lon``, ``uncertainty_m``, ``notation`` and possibly ``note``, or
    it has ``error`` and possibly ``candidates``. Lines are parsed in batches of 10,000.

    Parameters
    ----------
    lines : iterable of str
        With or without line ends.
    country, reference : optional
        See :func:`parse_column`.

    Yields
    ------
    str
        Without a line end.

    Examples
    --------
    >>> print(next(coordinate_lines(["54.6872, 25.2797\n"])))
    {"lat": 54.6872, "lon": 25.2797, "uncertainty_m": 6.4, "notation": "decimal"}
    """
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        found = parse_column([line.rstrip("\r\n") for line in batch], country=country, reference=reference)
        for record in found.records():
            yield json.dumps(record, ensure_ascii=False)
