"""The values that pass between the readers of one notation each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import unique
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from geoconflict.crs import Bounds
from geoconflict.errors import CoordinateError, InputError
from geoconflict.vocabulary import Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

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
    GEOREF = "georef", "World Geographic Reference System"
    GARS = "gars", "Global Area Reference System"
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


class Reading(NamedTuple):
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

    def same_as(self, other: Reading) -> bool:
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
    >>> lithuania.holds(lon=25.28, lat=54.69), lithuania.holds(lon=54.69, lat=25.28)
    (True, False)
    """

    name: str
    bounds: Bounds
    geometry: BaseGeometry | None = None
    iso: str = ""

    @classmethod
    def of(cls, value: object, *, name: str = "the country") -> CountryContext:
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
        import shapely

        shapely.prepare(self.geometry)  # once; later calls find it prepared
        if shapely.contains_xy(self.geometry, lon, lat):
            return 0.0
        return float(shapely.distance(self.geometry, shapely.Point(lon, lat)))

    def holds(self, *, lon: float, lat: float) -> bool:
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


def refuse(message: str, readings: Iterable[Reading | str] = ()) -> NoReturn:
    """Raise the refusal of a text that was understood, but cannot be read as one point."""
    raise CoordinateError(message, readings=[str(reading) for reading in readings])


def distinct(readings: Iterable[Reading]) -> list[Reading]:
    """Drop readings of a place that an earlier one names already."""
    kept: list[Reading] = []
    for reading in readings:
        if not any(reading.same_as(other) for other in kept):
            kept.append(reading)
    return kept


def settle(readings: Sequence[Reading], context: Context, message: str) -> Reading:
    """Return the one reading that remains, with the help of the country, or refuse.

    Parameters
    ----------
    readings : sequence of Reading
        Every reading that the text allows; at least one.
    context : Context
    message : str
        Why the text alone does not tell.

    Returns
    -------
    Reading

    Raises
    ------
    CoordinateError
        With the readings.
    """
    choices = distinct(readings)
    if len(choices) == 1:
        return choices[0]
    country = context.country
    if country is None:
        refuse(f"{message}; say which country it lies in, or write it out", choices)
    inside = [reading for reading in choices if country.holds(lon=reading.lon, lat=reading.lat)]
    if len(inside) != 1:
        many = "more than one reading lies" if inside else "no reading lies"
        refuse(f"{message}; {many} in {country.name}", choices)
    return inside[0]._replace(note=f"of {len(choices)} readings the only one in {country.name}")


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
