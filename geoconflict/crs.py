"""Coordinate reference systems: WGS84 in, WGS84 out, and never a guess.

Coordinates are ``lon, lat`` everywhere, as in GeoJSON (RFC 7946).
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pyproj

from geoconflict.errors import CRSError, GeometryError, InputError

WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees; ``west > east`` means that it crosses the antimeridian.

    Examples
    --------
    >>> Bounds(west=20.9, south=53.9, east=26.9, north=56.5).center
    (23.9, 55.2)
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Refuse what no map can show."""
        if not (-90 <= self.south <= self.north <= 90):
            msg = f"bounds need -90 <= south <= north <= 90, found south {self.south} and north {self.north}"
            raise GeometryError(msg)
        if not (-180 <= self.west <= 180 and -180 <= self.east <= 180):
            msg = f"bounds need longitudes from -180 to 180, found west {self.west} and east {self.east}"
            raise GeometryError(msg)

    @property
    def crosses_antimeridian(self) -> bool:
        """Whether the box spans the 180th meridian."""
        return self.west > self.east

    @property
    def width_deg(self) -> float:
        """Width in degrees of longitude."""
        return self.east - self.west + (360 if self.crosses_antimeridian else 0)

    @property
    def center(self) -> tuple[float, float]:
        """The middle as ``(lon, lat)``."""
        lon = self.west + self.width_deg / 2
        return (round((lon + 180) % 360 - 180, 9), round((self.south + self.north) / 2, 9))

    def union(self, other: Bounds) -> Bounds:
        """Return the smallest box round both, across the antimeridian if that is narrower.

        Examples
        --------
        >>> Bounds(178, -19, 179, -17).union(Bounds(-180, -20, -178, -18))
        Bounds(west=178, south=-20, east=-178, north=-17)
        """
        south, north = min(self.south, other.south), max(self.north, other.north)
        wests, easts = (self.west, other.west), (self.east, other.east)
        options = [Bounds(west, south, east, north) for west in wests for east in easts]
        fits = [box for box in options if _spans(box, self) and _spans(box, other)]
        if not fits:
            return Bounds(-180, south, 180, north)
        return min(fits, key=lambda box: (box.width_deg, box.crosses_antimeridian, box.west))

    def pad(self, share: float) -> Bounds:
        """Return the box with a margin of a share of its size on each side."""
        dx, dy = self.width_deg * share, (self.north - self.south) * share
        if self.width_deg + 2 * dx >= 360:
            west, east = -180.0, 180.0
        else:
            west, east = ((x + 180) % 360 - 180 for x in (self.west - dx, self.east + dx))
            if not self.crosses_antimeridian and self.west - dx >= -180 and self.east + dx <= 180:
                west, east = self.west - dx, self.east + dx
        return Bounds(west, max(-90.0, self.south - dy), east, min(90.0, self.north + dy))


def require_crs(table: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str = "the table") -> pyproj.CRS:
    """Return the CRS of a table.

    Raises
    ------
    InputError
        If the table has no geometries.
    CRSError
        If the CRS is missing; the message says how to set it.
    """
    if not isinstance(table, gpd.GeoDataFrame | gpd.GeoSeries):
        msg = f"{what} must be a GeoDataFrame or GeoSeries, found {type(table).__name__}"
        raise InputError(msg)
    if table.crs is None:
        msg = (
            f"{what} has no coordinate reference system; say which it is with "
            'table.set_crs("EPSG:4326") (degrees) or the code of your projection'
        )
        raise CRSError(msg)
    crs: pyproj.CRS = table.crs
    return crs


def require_wgs84(table: gpd.GeoDataFrame | gpd.GeoSeries, *, what: str = "the table") -> None:
    """Refuse a table that is not in longitude and latitude on WGS84.

    Raises
    ------
    CRSError
        If the CRS is missing or another; the message says how to transform.
    """
    crs = require_crs(table, what=what)
    if not is_wgs84(crs):
        msg = f'{what} is in {crs.name} ({crs.to_string()[:40]}), not WGS84; transform it with table.to_crs("{WGS84}")'
        raise CRSError(msg)


def is_wgs84(crs: object) -> bool:
    """Tell whether a CRS is longitude and latitude on WGS84 (EPSG:4326 or OGC:CRS84).

    Examples
    --------
    >>> is_wgs84("OGC:CRS84"), is_wgs84("EPSG:3857")
    (True, False)
    """
    found = pyproj.CRS.from_user_input(crs)
    return bool(found.to_epsg() == 4326 or found.to_authority() == ("OGC", "CRS84"))


def _spans(box: Bounds, other: Bounds) -> bool:
    start = (other.west - box.west) % 360
    return start + other.width_deg <= box.width_deg + 1e-12
