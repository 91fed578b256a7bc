"""Projected metres to degrees, one transformer a reference system, through PROJ."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from geoconflict.coordinates.values import CountryContext
from geoconflict.crs import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable


@lru_cache(maxsize=256)
def to_wgs84(epsg: int) -> Callable[[float, float], tuple[float, float]]:
    """Return a function from (easting, northing), or (lon, lat), to (lon, lat) on WGS84.

    The datum shift is the one that PROJ holds best for the place; a point outside every
    area of use gives infinities.

    Raises
    ------
    pyproj.exceptions.CRSError
        For a code that PROJ does not know.

    Examples
    --------
    >>> lon, lat = to_wgs84(32635)(500000, 6061234)
    >>> round(lon, 6), round(lat, 3)
    (27.0, 54.698)
    """
    from pyproj import Transformer

    transformer = Transformer.from_crs(epsg, 4326, always_xy=True)

    def convert(x: float, y: float) -> tuple[float, float]:
        lon, lat = transformer.transform(x, y)
        return float(lon), float(lat)

    return convert


@lru_cache(maxsize=256)
def area_of_use(epsg: int) -> CountryContext:
    """Return where a reference system may be used, as its authority says; the globe where it does not.

    Examples
    --------
    >>> area_of_use(3346).name
    'EPSG:3346'
    """
    from pyproj import CRS

    area = CRS.from_epsg(epsg).area_of_use
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
