"""Bands of equal distance inside a polygon, tiling it exactly."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import GeometryError, LimitError
from geoconflict.geodesy import buffers
from geoconflict.geodesy.checks import as_geometries, require_valid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


def bands(
    line: BaseGeometry | Sequence[BaseGeometry], polygon: BaseGeometry, edges_m: Sequence[float], *, tol: float = 1e-4
) -> list[shapely.Polygon | shapely.MultiPolygon]:
    """Cut a polygon into bands by distance to a line.

    One band a pair of adjacent edges: the points of the polygon whose distance to the line is in
    ``[inner, outer)``.  All boundaries are noded together once and every face goes to one band,
    so bands share their vertices: no gap, no overlap, and their union is the polygon
    within the outermost edge.  The side needs no telling: it is the polygon's.

    Parameters
    ----------
    line : geometry, sequence of geometries or GeoSeries
        The line that distances are measured from, any number of parts in any direction; its edges are geodesics.
    polygon : Polygon or MultiPolygon
        What is cut.
    edges_m : sequence of float
        Ascending distances in metres, at least two, from 0 to 5,000 km; the last may be ``inf``.
    tol : float
        Relative tolerance of the distance of the bands' curves, as in `buffer`.

    Returns
    -------
    list of Polygon or MultiPolygon
        One a band, empty where the polygon does not reach.

    Raises
    ------
    GeometryError
    LimitError

    Examples
    --------
    >>> border = shapely.LineString([(20, 50), (20, 51)])
    >>> country = shapely.box(20, 50, 21, 51)
    >>> near, far = bands(border, country, [0, 10_000, 30_000])
    >>> [round(x, 3) for x in near.bounds], round(far.bounds[0], 3)
    ([20.0, 50.0, 20.142, 51.0], 20.139)
    """
    radii = check_edges(edges_m)
    finite = [radius for radius in radii if 0 < radius < math.inf]
    buffers.check_limits(np.array(finite), tol)
    country = require_areal(polygon)
    source = buffers.together(line, what="the line")
    zones: dict[float, BaseGeometry] = {radius: buffers.buffer(source, radius, tol=tol) for radius in finite}
    country_parts = shapely.get_parts(country)
    if radii[-1] < math.inf:
        outer = zones[radii[-1]]
        shapely.prepare(outer)
        country_parts = country_parts[shapely.intersects(outer, country_parts)]
    out: list[shapely.Polygon | shapely.MultiPolygon] = [shapely.Polygon() for _ in radii[1:]]
    if not len(country_parts):
        return out
    faces, band = _faces(country_parts, radii, zones)
    for k in range(len(radii) - 1):
        mine = faces[band == k]
        if len(mine):
            merged = shapely.get_parts(shapely.orient_polygons(shapely.coverage_union_all(mine), exterior_cw=False))
            out[k] = merged[0] if len(merged) == 1 else shapely.MultiPolygon(list(merged))
    return out


def check_edges(edges_m: Sequence[float]) -> list[float]:
    """Return the edges as floats, or say why they bound no bands.

    Raises
    ------
    LimitError
    """
    radii = [float(radius) for radius in edges_m]
    if (
        len(radii) < 2
        or radii[0] < 0
        or any(math.isnan(r) for r in radii)
        or any(b <= a for a, b in itertools.pairwise(radii))
    ):
        msg = f"the edges of bands must be at least two ascending distances in metres from 0, found {radii}"
        raise LimitError(msg)
    return radii


def require_areal(polygon: BaseGeometry) -> BaseGeometry:
    """Return a polygon as it lies in the lon/lat plane, cut at the antimeridian, or refuse it.

    Raises
    ------
    GeometryError
    """
    if polygon.geom_type not in ("Polygon", "MultiPolygon"):
        msg = f"bands are cut from a Polygon or MultiPolygon, found a {polygon.geom_type}"
        raise GeometryError(msg)
    geoms = as_geometries(polygon, what="the polygon to cut")
    require_valid(buffers.unrolled(geoms), what="the polygon to cut")
    return buffers.fill(shapely.force_2d(polygon), 1.0, "lonlat")


def _faces(
    parts: NDArray[np.object_], radii: list[float], zones: dict[float, BaseGeometry]
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the faces of all boundaries noded together, inside the polygon, and the band of each or -1."""
    lines = shapely.boundary(np.array([*parts, *zones.values()], dtype=object))
    noded = shapely.union_all(lines)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.point_on_surface(faces)
    country = shapely.MultiPolygon([p for part in parts for p in shapely.get_parts(part)])
    shapely.prepare(country)
    keep = shapely.contains(country, inside)
    faces, inside = faces[keep], inside[keep]
    reached = np.zeros(len(faces), dtype=np.int64)
    for radius in radii:
        if radius == 0:
            reached += 1
        elif radius < math.inf:
            shapely.prepare(zones[radius])
            reached += ~shapely.contains(zones[radius], inside)
    # a face beyond k edges belongs to band k - 1; one beyond the last edge to none
    band = reached - 1
    band[reached == len(radii)] = -1
    return faces, band
