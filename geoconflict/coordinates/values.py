"""The values that pass between the readers of one notation each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import unique
from typing import Any, NamedTuple, NoReturn

import shapely
from shapely.geometry.base import BaseGeometry

from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, InputError
from geoconflict.vocabulary import Word

COUNTRY_MARGIN_DEG = 0.25
"""How far outside its country a point may lie and still count as inside: coasts and coarse outlines."""
NEIGHBOURHOOD_DEG = 5.0
"""How far outside its country a pair in the usual order is still believed."""
SAME_PLACE_DEG = 1e-7
"""Readings closer than this, about 1 cm, are one reading."""


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
    """One reading of a text.

    Attributes
    ----------
    lat, lon : float
        Degrees on WGS84.
    uncertainty_m : float
        Half the diagonal of the cell that the written digits name, in metres.
    notation : Notation
    note : str
        What was decided on the way; empty when there was nothing to decide.
    """

    lat: float
    lon: float
    uncertainty_m: float
    notation: Notation
    note: str = ""

    def __str__(self) -> str:
        """Return the reading as a person reads it."""
        ns, ew = "N" if self.lat >= 0 else "S", "E" if self.lon >= 0 else "W"
        how = f"{self.notation.label}, {self.note}" if self.note else self.notation.label
        return f"{abs(self.lat):.6f}°{ns} {abs(self.lon):.6f}°{ew} ({how})"

    def is_same_place(self, other: ParsedCoordinate) -> bool:
        """Tell whether another reading names the same place."""
        return abs(self.lat - other.lat) < SAME_PLACE_DEG and abs(self.lon - other.lon) < SAME_PLACE_DEG


@dataclass(frozen=True, slots=True)
class CountryContext:
    """The country that a coordinate is said to lie in.

    Attributes
    ----------
    name : str
        As the messages should name it.
    bounds : Bounds
    geometry : shapely geometry, optional
        The outline in lon, lat. Where it is missing the bounds stand for it.
    iso : str
        ISO 3166-1 alpha-2 code, where known.

    Examples
    --------
    >>> lithuania = CountryContext("Lithuania", Bounds(20.9, 53.8, 26.9, 56.5))
    >>> lithuania.contains(lon=25.28, lat=54.69), lithuania.contains(lon=54.69, lat=25.28)
    (True, False)
    """

    name: str
    bounds: Bounds
    geometry: BaseGeometry | None = None
    iso: str = ""

    @classmethod
    def from_value(cls, value: object, *, name: str = "the country") -> CountryContext:
        """Make a context of what a caller holds.

        Parameters
        ----------
        value : CountryContext, Bounds, shapely geometry or GeoDataFrame
            A table gives the union of its rows, and its column ``name`` the name.
        name : str
            Used where the value does not bring one.

        Returns
        -------
        CountryContext

        Raises
        ------
        InputError
            For a text: the outline of a country is looked up by the caller.
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
                f"the country must come as an outline (CountryContext, Bounds, geometry or one row of COUNTRIES), "
                f"found {value!r}; look its outline up first, as with geoconflict.country(...)"
            )
            raise InputError(msg)
        west, south, east, north = geometry.bounds
        return cls(name, Bounds(west, south, east, north), geometry)

    def distance_deg(self, *, lon: float, lat: float) -> float:
        """Return how far outside a point lies, in degrees; 0 inside. The bounds answer where they can."""
        box = self.bounds
        dy = max(box.south - lat, lat - box.north, 0.0)
        if box.crosses_antimeridian:
            dx = max(min(box.west - lon, lon - box.east), 0.0)
        else:
            dx = max(box.west - lon, lon - box.east, 0.0)
        outside = math.hypot(dx, dy)
        if outside > COUNTRY_MARGIN_DEG or self.geometry is None:
            return outside
        shapely.prepare(self.geometry)  # once; later calls find it prepared
        if shapely.contains_xy(self.geometry, lon, lat):
            return 0.0
        return float(shapely.distance(self.geometry, shapely.Point(lon, lat)))

    def contains(self, *, lon: float, lat: float) -> bool:
        """Tell whether a point lies inside, or less than a quarter of a degree outside."""
        return self.distance_deg(lon=lon, lat=lat) <= COUNTRY_MARGIN_DEG


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the text.

    Attributes
    ----------
    country : CountryContext or None
    reference : tuple of float or None
        ``(lon, lat)`` near the place, for codes that leave out what the reader knows.
    """

    country: CountryContext | None = None
    reference: tuple[float, float] | None = None


NO_CONTEXT = Context()


def refuse(message: str, candidates: Iterable[ParsedCoordinate | str] = ()) -> NoReturn:
    """Raise the refusal of a text that was understood, but cannot be read as one point."""
    raise CoordinateError(message, candidates=[str(parsed) for parsed in candidates])


def distinct(candidates: Iterable[ParsedCoordinate]) -> list[ParsedCoordinate]:
    """Drop candidates of a place that an earlier one names already."""
    kept: list[ParsedCoordinate] = []
    for parsed in candidates:
        if not any(parsed.is_same_place(other) for other in kept):
            kept.append(parsed)
    return kept


def disambiguate(candidates: Sequence[ParsedCoordinate], context: Context, message: str) -> ParsedCoordinate:
    """Return the one reading that remains, with the help of the country, or refuse.

    Parameters
    ----------
    candidates : sequence of ParsedCoordinate
        Every reading that the text allows; at least one.
    context : Context
    message : str
        Why the text alone does not tell.

    Returns
    -------
    ParsedCoordinate

    Raises
    ------
    CoordinateError
        With the candidates.
    """
    choices = distinct(candidates)
    if len(choices) == 1:
        return choices[0]
    country = context.country
    if country is None:
        refuse(f"{message}; say which country it lies in, or write it out", choices)
    inside = [parsed for parsed in choices if country.contains(lon=parsed.lon, lat=parsed.lat)]
    if len(inside) != 1:
        many = "more than one reading lies" if inside else "no reading lies"
        refuse(f"{message}; {many} in {country.name}", choices)
    return inside[0]._replace(note=f"of {len(choices)} candidates the only one in {country.name}")


def half_diagonal_m(lat: float, height_deg: float, width_deg: float) -> float:
    """Return half the diagonal of a small cell given in degrees, in metres on WGS84.

    The lengths of a degree are the usual series in the latitude (NGA.STND.0036), good to
    a few centimetres.

    Examples
    --------
    >>> round(half_diagonal_m(0.0, 1.0, 1.0))
    78452
    """
    phi = math.radians(lat)
    north = 111132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return math.hypot(height_deg * north, width_deg * east) / 2


NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"


class Angle(NamedTuple):
    """One angle as written.

    Attributes
    ----------
    degrees : float
        With its sign.
    step_deg : float
        The worth of the last digit written, in degrees.
    notation : Notation
        DECIMAL, DM or DMS.
    signed : bool
        Whether a sign was written.
    bare : bool
        Whether it is a whole number without any mark.
    """

    degrees: float
    step_deg: float
    notation: Notation
    signed: bool = False
    bare: bool = False


def point(lat: Angle, lon: Angle, note: str = "") -> ParsedCoordinate:
    """Join a latitude and a longitude; what no globe has is refused."""
    if abs(lat.degrees) > 90:
        refuse(f"latitude {lat.degrees:g} is beyond 90")
    if abs(lon.degrees) > 180:
        other = lon.degrees - 360 if 180 < lon.degrees <= 360 else None
        hint = f"; counted eastward it would be {other:g}" if other is not None else ""
        refuse(f"longitude {lon.degrees:g} is beyond 180{hint}")
    finest = min(lat, lon, key=lambda angle: angle.step_deg)
    uncertainty = half_diagonal_m(lat.degrees, lat.step_deg, lon.step_deg)
    return ParsedCoordinate(lat.degrees, lon.degrees, uncertainty, finest.notation, note)


def is_on_globe(lat: Angle, lon: Angle) -> bool:
    """Tell whether a globe has such a point."""
    return abs(lat.degrees) <= 90 and abs(lon.degrees) <= 180


def point_in_usual_order(first: Angle, second: Angle, context: Context) -> ParsedCoordinate:
    """Read two angles of which nothing says which is which.

    The order is latitude, longitude: so do people and map sites write. It is longitude,
    latitude where only that fits a globe, or only that lies in the country. A pair that lies
    in the country in neither order is believed within 5 degrees of it, unless another sign
    would bring it inside, and refused beyond.

    Raises
    ------
    CoordinateError
        Where nothing settles it; with the candidates.
    """
    if not is_on_globe(first, second):
        if not is_on_globe(second, first):
            refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
        return point(second, first, f"longitude first, since {first.degrees:g} is beyond 90")
    usual = point(first, second)
    country = context.country
    if country is None:
        return usual
    if country.contains(lon=usual.lon, lat=usual.lat):
        return usual
    swapped = (
        point(second, first, f"longitude first: only so does it lie in {country.name}")
        if is_on_globe(second, first)
        else None
    )
    if swapped is not None and country.contains(lon=swapped.lon, lat=swapped.lat):
        return swapped
    with_other_sign = [
        parsed for parsed in _with_other_signs(usual) if country.contains(lon=parsed.lon, lat=parsed.lat)
    ]
    if with_other_sign or country.distance_deg(lon=usual.lon, lat=usual.lat) > NEIGHBOURHOOD_DEG:
        tried = [usual, *([swapped] if swapped else []), *with_other_sign]
        what = "another sign would bring it inside" if with_other_sign else "not even near"
        refuse(f"the pair does not lie in {country.name} as it is written; {what}", tried)
    return usual._replace(note=f"outside {country.name}")


def point_in_either_order(first: Angle, second: Angle, context: Context, message: str) -> ParsedCoordinate:
    """Read two angles whose order no convention tells: only the globe or the country can."""
    pairs = [(first, second), (second, first)]
    candidates = [point(lat, lon) for lat, lon in pairs if is_on_globe(lat, lon)]
    if not candidates:
        refuse(f"{first.degrees:g} and {second.degrees:g} are not a latitude and a longitude in either order")
    return disambiguate(candidates, context, message)


def _with_other_signs(parsed: ParsedCoordinate) -> Iterator[ParsedCoordinate]:
    for lat_sign, lon_sign in ((1, -1), (-1, 1), (-1, -1)):
        for lat, lon in ((parsed.lat, parsed.lon), (parsed.lon, parsed.lat)):
            if abs(lat) <= 90:
                yield parsed._replace(lat=lat_sign * lat, lon=lon_sign * lon, note="with another sign")


def decimal_angle(text: str) -> Angle:
    """Return an angle of a decimal number with the worth of its last digit."""
    value = text.strip()
    mantissa, _, exponent = value.lower().partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Angle(
        float(value), float(10.0 ** (int(exponent or 0) - decimals)), Notation.DECIMAL, signed=value[0] in "+-"
    )
