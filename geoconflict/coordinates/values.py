"""Values that the modules of this room share: parsed coordinates, angles, the country, candidates."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import unique
from typing import Any, NamedTuple, NoReturn, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, InputError
from geoconflict.vocabulary import Word

Floats: TypeAlias = NDArray[np.float64]

COUNTRY_MARGIN_DEG = 0.25
"""Tolerance for coasts and simplified outlines: a point this close to its country counts as inside."""
NEIGHBOURHOOD_DEG = 5.0
"""A pair in the usual order is accepted up to this distance from its country."""
SAME_PLACE_DEG = 1e-7
"""Candidates closer than this (about 1 cm) are the same place."""


@unique
class Notation(Word):
    """How a coordinate was written."""

    DECIMAL = "decimal", "decimal degrees"
    DM = "dm", "degrees and decimal minutes"
    DMS = "dms", "degrees, minutes and seconds"
    MGRS = "mgrs", "Military Grid Reference System, or the U.S. National Grid"
    UTM = "utm", "Universal Transverse Mercator: zone, easting, northing"
    PLUS_CODE = "plus_code", "Open Location Code"
    GEOHASH = "geohash", "geohash"
    GEO_URI = "geo_uri", "geo: URI of RFC 5870"
    URL = "url", "address of a map site"
    ISO_6709 = "iso_6709", "ISO 6709 string"
    WKT = "wkt", "well-known text or binary, with or without an SRID"
    JSON = "json", "GeoJSON point, or an object with named members"
    XML = "xml", "a point of KML, GPX or GML"
    SK_42 = "sk_42", "Gauss-Krüger on Pulkovo 1942"
    SK_95 = "sk_95", "Gauss-Krüger on Pulkovo 1995"
    PROJECTED = "projected", "metres of a reference system named by its EPSG code"
    WEB_MERCATOR = "web_mercator", "spherical Mercator metres, EPSG:3857"


class ParsedCoordinate(NamedTuple):
    """A point, and how it was written.

    Attributes
    ----------
    lat, lon : float
        Degrees on WGS84.
    uncertainty_m : float
        Half the diagonal, in metres, of the cell that the written digits stand for.
    notation : Notation
    note : str
        How an ambiguity was resolved, or where the coordinate was found; usually empty.
    """

    lat: float
    lon: float
    uncertainty_m: float
    notation: Notation
    note: str = ""

    def __str__(self) -> str:
        """Return the point in degrees with its hemispheres, notation and note."""
        ns, ew = "N" if self.lat >= 0 else "S", "E" if self.lon >= 0 else "W"
        how = f"{self.notation.label}, {self.note}" if self.note else self.notation.label
        return f"{abs(self.lat):.6f}°{ns} {abs(self.lon):.6f}°{ew} ({how})"

    def is_same_place(self, other: ParsedCoordinate) -> bool:
        """Return whether another candidate is the same place."""
        return abs(self.lat - other.lat) < SAME_PLACE_DEG and abs(self.lon - other.lon) < SAME_PLACE_DEG


@dataclass(frozen=True, slots=True)
class CountryContext:
    """The country that a coordinate should lie in.

    Attributes
    ----------
    name : str
        The name used in messages.
    bounds : Bounds
    geometry : shapely geometry, optional
        The outline in longitude, latitude. Without it, the bounds are used.

    Examples
    --------
    >>> lithuania = CountryContext("Lithuania", Bounds(20.9, 53.8, 26.9, 56.5))
    >>> lithuania.contains(lon=25.28, lat=54.69), lithuania.contains(lon=54.69, lat=25.28)
    (True, False)
    """

    name: str
    bounds: Bounds
    geometry: BaseGeometry | None = None

    @classmethod
    def from_value(cls, value: object, *, name: str = "the country") -> CountryContext:
        """Make a context from bounds, a geometry or a table.

        Parameters
        ----------
        value : CountryContext, Bounds, shapely geometry or GeoDataFrame
            Of a table, the union of its rows is used, and ``name`` of a table with one row.
        name : str
            Name to use if the value has none.

        Returns
        -------
        CountryContext

        Raises
        ------
        InputError
            If the value is something else, such as the name of a country.
        """
        if isinstance(value, CountryContext):
            return value
        if isinstance(value, Bounds):
            return cls(name, value)
        geometry: Any = getattr(value, "geometry", None)
        if geometry is not None and hasattr(geometry, "union_all"):
            names = list(value["name"]) if "name" in getattr(value, "columns", ()) else []  # type: ignore[index] # a table
            geometry, name = geometry.union_all(), names[0] if len(names) == 1 else name
        else:
            geometry = value
        if not hasattr(geometry, "bounds") or not hasattr(geometry, "geom_type") or geometry.is_empty:
            msg = (
                f"country must be a CountryContext, Bounds, a geometry or a table of COUNTRIES, found {value!r}; "
                f"for a country by name, pass country=geoconflict.country(name)"
            )
            raise InputError(msg)
        west, south, east, north = geometry.bounds
        return cls(name, Bounds(west, south, east, north), geometry)

    def distance_deg(self, *, lon: float, lat: float) -> float:
        """Return the distance of a point from the country in degrees; 0 if it is inside.

        If the point is outside the bounds, the distance is measured to the bounds.
        """
        box = self.bounds
        dy = max(box.south - lat, lat - box.north, 0.0)
        if box.crosses_antimeridian:
            dx = max(min(box.west - lon, lon - box.east), 0.0)
        else:
            dx = max(box.west - lon, lon - box.east, 0.0)
        outside = math.hypot(dx, dy)
        if outside > COUNTRY_MARGIN_DEG or self.geometry is None:
            return outside
        shapely.prepare(self.geometry)  # does nothing if it is prepared
        if shapely.contains_xy(self.geometry, lon, lat):
            return 0.0
        return float(shapely.distance(self.geometry, shapely.Point(lon, lat)))

    def contains(self, *, lon: float, lat: float) -> bool:
        """Return whether a point is inside, or at most 0.25 degrees outside."""
        return self.distance_deg(lon=lon, lat=lat) <= COUNTRY_MARGIN_DEG


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about the place besides the text.

    Attributes
    ----------
    country : CountryContext or None
    reference : tuple of float or None
        ``(lon, lat)`` near the place, for shortened codes.
    """

    country: CountryContext | None = None
    reference: tuple[float, float] | None = None


NO_CONTEXT = Context()


def refuse(message: str, candidates: Iterable[ParsedCoordinate | str] = ()) -> NoReturn:
    """Raise CoordinateError for a text that is in a known notation, but wrong or ambiguous."""
    raise CoordinateError(message, candidates=[str(parsed) for parsed in candidates])


def distinct(candidates: Iterable[ParsedCoordinate]) -> list[ParsedCoordinate]:
    """Return the candidates without repetitions of a place."""
    kept: list[ParsedCoordinate] = []
    for parsed in candidates:
        if not any(parsed.is_same_place(other) for other in kept):
            kept.append(parsed)
    return kept


def disambiguate(candidates: Sequence[ParsedCoordinate], context: Context, message: str) -> ParsedCoordinate:
    """Return the only candidate, or the only one in the country.

    Parameters
    ----------
    candidates : sequence of ParsedCoordinate
        Every point that the text can mean; at least one.
    context : Context
    message : str
        Why the text is ambiguous.

    Returns
    -------
    ParsedCoordinate

    Raises
    ------
    CoordinateError
        If several candidates remain, or none; with the candidates.
    """
    choices = distinct(candidates)
    if len(choices) == 1:
        return choices[0]
    country = context.country
    if country is None:
        refuse(f"{message}; give the country, or write the coordinate unambiguously", choices)
    inside = [parsed for parsed in choices if country.contains(lon=parsed.lon, lat=parsed.lat)]
    if len(inside) != 1:
        count = len(inside) or "none"
        refuse(f"{message}; {count} of the {len(choices)} candidates lie in {country.name}", choices)
    return inside[0]._replace(note=f"the only one of {len(choices)} candidates in {country.name}")


def half_diagonal_m(lat: float, height_deg: float, width_deg: float) -> float:
    """Return half the diagonal of a small cell given in degrees, in metres on WGS84.

    The lengths of a degree of latitude and longitude are series in the latitude
    (NGA.STND.0036), exact to a few centimetres.

    Examples
    --------
    >>> round(half_diagonal_m(0.0, 1.0, 1.0))
    78452
    """
    return float(_half_diagonal_m(math, lat, height_deg, width_deg))


def half_diagonals_m(lat: Floats, height_deg: Floats, width_deg: Floats) -> Floats:
    """Return half the diagonals of small cells; see :func:`half_diagonal_m`."""
    found: Floats = _half_diagonal_m(np, lat, height_deg, width_deg)
    return found


def _half_diagonal_m(xp: Any, lat: Any, height_deg: Any, width_deg: Any) -> Any:  # noqa: ANN401 - math or NumPy
    phi = xp.radians(lat)
    north = 111132.954 - 559.822 * xp.cos(2 * phi) + 1.175 * xp.cos(4 * phi)
    east = 111412.84 * xp.cos(phi) - 93.5 * xp.cos(3 * phi) + 0.118 * xp.cos(5 * phi)
    return xp.hypot(height_deg * north, width_deg * east) / 2


# Exponents of more than two digits would overflow a float.
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"


class Angle(NamedTuple):
    """One angle as written.

    Attributes
    ----------
    degrees : float
        Signed.
    step_deg : float
        The place value of the last written digit, in degrees.
    notation : Notation
        DECIMAL, DM or DMS.
    signed : bool
        Whether a sign was written.
    bare : bool
        Whether it is a whole number without a degree mark.
    """

    degrees: float
    step_deg: float
    notation: Notation
    signed: bool = False
    bare: bool = False


def point(lat: Angle, lon: Angle, note: str = "") -> ParsedCoordinate:
    """Return the point of a latitude and a longitude.

    Raises
    ------
    CoordinateError
        If one of them is out of range.
    """
    if abs(lat.degrees) > 90:
        refuse(f"latitude {lat.degrees:g} is not between -90 and 90")
    if abs(lon.degrees) > 180:
        other = lon.degrees - 360 if 180 < lon.degrees <= 360 else None
        hint = f"; counted from 0 to 360 degrees it would be {other:g}" if other is not None else ""
        refuse(f"longitude {lon.degrees:g} is not between -180 and 180{hint}")
    finest = min(lat, lon, key=lambda angle: angle.step_deg)
    uncertainty = half_diagonal_m(lat.degrees, lat.step_deg, lon.step_deg)
    return ParsedCoordinate(lat.degrees, lon.degrees, uncertainty, finest.notation, note)


def is_in_range(lat: Angle, lon: Angle) -> bool:
    """Return whether latitude and longitude are in range."""
    return abs(lat.degrees) <= 90 and abs(lon.degrees) <= 180


def point_in_usual_order(first: Angle, second: Angle, context: Context) -> ParsedCoordinate:
    """Return the point of two angles without axis labels.

    The order is latitude, longitude, as people and map sites write it. It is longitude,
    latitude if only that is in range, or only that lies in the country. A pair that lies
    outside the country in both orders is accepted up to 5 degrees from it, unless another
    sign would put it inside.

    Raises
    ------
    CoordinateError
        If neither order is in range or in the country; with the candidates.
    """
    if not is_in_range(first, second):
        if not is_in_range(second, first):
            refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
        return point(second, first, f"longitude first, since {first.degrees:g} cannot be a latitude")
    usual = point(first, second)
    country = context.country
    if country is None:
        return usual
    if country.contains(lon=usual.lon, lat=usual.lat):
        return usual
    swapped = (
        point(second, first, f"longitude first, since only then it lies in {country.name}")
        if is_in_range(second, first)
        else None
    )
    if swapped is not None and country.contains(lon=swapped.lon, lat=swapped.lat):
        return swapped
    with_other_sign = [
        parsed for parsed in _with_other_signs(usual) if country.contains(lon=parsed.lon, lat=parsed.lat)
    ]
    if with_other_sign or country.distance_deg(lon=usual.lon, lat=usual.lat) > NEIGHBOURHOOD_DEG:
        tried = [usual, *([swapped] if swapped else []), *with_other_sign]
        what = (
            "with another sign it would" if with_other_sign else f"it is more than {NEIGHBOURHOOD_DEG:g} degrees away"
        )
        refuse(f"the pair does not lie in {country.name} as written; {what}", tried)
    return usual._replace(note=f"outside {country.name}")


def point_in_either_order(first: Angle, second: Angle, context: Context, message: str) -> ParsedCoordinate:
    """Return the point of two angles that are written in both orders in practice; ``message`` says why."""
    pairs = [(first, second), (second, first)]
    candidates = [point(lat, lon) for lat, lon in pairs if is_in_range(lat, lon)]
    if not candidates:
        refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
    return disambiguate(candidates, context, message)


def _with_other_signs(parsed: ParsedCoordinate) -> Iterator[ParsedCoordinate]:
    for lat_sign, lon_sign in ((1, -1), (-1, 1), (-1, -1)):
        for lat, lon in ((parsed.lat, parsed.lon), (parsed.lon, parsed.lat)):
            if abs(lat) <= 90:
                yield parsed._replace(lat=lat_sign * lat, lon=lon_sign * lon, note="with another sign")


def decimal_angle(text: str) -> Angle:
    """Return the angle of a decimal number in degrees."""
    value = text.strip()
    mantissa, _, exponent = value.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Angle(
        float(value), float(10.0 ** (int(exponent or 0) - decimals)), Notation.DECIMAL, signed=value[0] in "+-"
    )
