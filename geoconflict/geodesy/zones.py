"""Which points lie in which zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict.errors import Fault, GeometryError
from geoconflict.geodesy.checks import Edges, as_geometries, as_points, require_edges, require_valid
from geoconflict.geodesy.inside import pairs_inside, pairs_inside_plane, slabs
from geoconflict.geodesy.pieces import cut_geodesic
from geoconflict.geodesy.shapes import take_apart

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def points_in_zones(points: object, zones: object, *, edges: Edges = "geodesic") -> tuple[Ints, Ints]:
    """Pair every point with every zone that holds it.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    zones : polygon, sequence of polygons and multipolygons, or table
    edges : {"geodesic", "lonlat"}
        What joins two vertices of a zone.

    Returns
    -------
    point_index, zone_index : arrays of int of the same length
        Ordered by point, then by zone; a point may be in several zones or in none.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import box
    >>> point, zone = points_in_zones([[1, 1], [5, 5], [11, 1]], [box(0, 0, 4, 4), box(0, 0, 9, 9)])
    >>> point.tolist(), zone.tolist()
    ([0, 0, 1], [0, 1, 1])
    """
    require_edges(edges)
    lon, lat = as_points(points)
    array = as_geometries(zones, what="the zones")
    wrong = [
        Fault(f"a {g.geom_type} is no zone", row=i + 1)
        for i, g in enumerate(array)
        if g.geom_type not in ("Polygon", "MultiPolygon")
    ]
    if wrong:
        msg = "zones must be polygons or multipolygons"
        raise GeometryError(msg, wrong)
    require_valid(array, what="the zones")
    if edges == "lonlat":
        point, zone = pairs_inside_plane(lon, lat, array)
    else:
        shapes = take_apart(array)
        start, end = shapes.edges()
        pieces = cut_geodesic(shapes.lon[start], shapes.lat[start], shapes.lon[end], shapes.lat[end])
        index = slabs(shapes, pieces, shapes.line[start])
        point, zone = pairs_inside(lon, lat, index)
    return point, zone
