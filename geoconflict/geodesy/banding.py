"""Distance bands in a polygon, and offset lines in it."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import GeometryError, LimitError
from geoconflict.geodesy._checks import Geometries, GeometryArray, as_geometries, as_single_geometry, require_valid
from geoconflict.geodesy.buffers import buffer, check_limits, on_plane_edge, planar_polygons, unwrap_polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from geoconflict.geodesy._ellipsoid import Ints

_DEGREE_M = 111_694.0
"""Length of the longest degree of latitude, at the poles, in metres, rounded up."""


def bands(
    line: Geometries, polygon: BaseGeometry, edges_m: Sequence[float], *, tol: float = 1e-4
) -> list[shapely.Polygon | shapely.MultiPolygon]:
    """Cut a polygon into bands by distance from a line.

    There is one band for each pair of adjacent edges: the points of the polygon whose distance
    from the line is in ``[inner, outer)``.  All boundaries are noded together once and every
    face is assigned to one band, so that bands share their vertices: there are no gaps and no
    overlaps, and their union is the part of the polygon within the outermost edge.  The bands
    are on the side of the line where the polygon is.

    Parameters
    ----------
    line : geometry, sequence of geometries or GeoSeries
        The line that distances are measured from, any number of parts in any direction, with geodesic edges.
    polygon : Polygon or MultiPolygon
        The polygon to cut.
    edges_m : sequence of float
        Ascending distances in metres, at least two, from 0 to 5,000 km; the last may be ``inf``.
    tol : float
        Relative tolerance of the distance of the boundaries between bands, as in `buffer`.

    Returns
    -------
    list of Polygon or MultiPolygon
        One per band, empty where the polygon does not extend that far.

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
    radii = _checked_edges(edges_m)
    finite = [radius for radius in radii if 0 < radius < math.inf]
    check_limits(np.array(finite), tol)
    country = _checked_polygon(polygon)
    source = as_single_geometry(line, what="the line")
    zones: dict[float, BaseGeometry] = {radius: buffer(source, radius, tol=tol) for radius in finite}
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


def offset_line(
    line: Geometries,
    polygon: BaseGeometry,
    distance_m: float,
    *,
    simplify_m: float = 0.0,
    tol: float = 1e-4,
) -> shapely.LineString | shapely.MultiLineString:
    """Return the curve in a polygon at a distance from a line.

    It is part of the boundary of the buffer of the line, so it has no loops, whatever the shape
    of the line.  ``line`` is on the left of each part.  The curve is on the side of the line
    where the polygon is.

    Parameters
    ----------
    line : geometry, sequence of geometries or GeoSeries
        Any number of parts in any direction, with geodesic edges.
    polygon : Polygon or MultiPolygon
        The polygon that contains the curve.
    distance_m : float
        Metres, more than 0, up to 5,000 km.
    simplify_m : float
        Simplification tolerance, metres; 0 keeps all vertices.
    tol : float
        Relative tolerance of the distance, before simplification.

    Returns
    -------
    LineString or MultiLineString
        The longest part first; empty where the polygon does not extend that far.

    Raises
    ------
    GeometryError
    LimitError

    Examples
    --------
    >>> border = shapely.LineString([(20, 50), (20, 51)])
    >>> curve = offset_line(border, shapely.box(20, 50, 21, 51), 10_000)
    >>> [round(x, 3) for x in curve.bounds]
    [20.139, 50.0, 20.142, 51.0]
    >>> curve.coords[0][1] < curve.coords[-1][1]
    True
    """
    if not distance_m > 0:
        msg = f"distance_m must be more than 0, found {distance_m}"
        raise LimitError(msg)
    if not simplify_m >= 0:
        msg = f"simplify_m must be 0 or more, found {simplify_m}"
        raise LimitError(msg)
    country = _checked_polygon(polygon)
    zone = buffer(as_single_geometry(line, what="the line"), distance_m, tol=tol)
    boundary = shapely.MultiLineString(list(_boundary_lines(zone)))
    curve: BaseGeometry = shapely.line_merge(shapely.intersection(boundary, country))
    shapely.prepare(zone)
    parts = [_with_zone_on_the_left(part, zone) for part in _lines_in(curve)]
    curve = shapely.MultiLineString(parts)
    if simplify_m > 0 and parts:
        # A degree of longitude gets shorter towards the poles: in a plane scaled for the latitude nearest to
        # the equator nothing moves by more than the tolerance.
        low, high = curve.bounds[1], curve.bounds[3]
        scale = 1.0 if low <= 0 <= high else float(np.cos(np.radians(min(abs(low), abs(high)))))
        scaled = shapely.transform(curve, lambda c: c * [scale, 1.0])
        scaled = shapely.simplify(scaled, simplify_m / _DEGREE_M, preserve_topology=True)
        curve = shapely.transform(scaled, lambda c: c / [scale, 1.0])
    parts = sorted(_lines_in(curve), key=lambda part: -part.length)
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _checked_edges(edges_m: Sequence[float]) -> list[float]:
    """Return the edges as floats, or raise if they do not define bands."""
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


def _checked_polygon(polygon: BaseGeometry) -> BaseGeometry:
    """Return a polygon in the lon/lat plane, cut at the antimeridian, or raise if it cannot be cut into bands."""
    if polygon.geom_type not in ("Polygon", "MultiPolygon"):
        msg = f"polygon must be a Polygon or MultiPolygon, found a {polygon.geom_type}"
        raise GeometryError(msg)
    geoms = as_geometries(polygon, what="the polygon")
    require_valid(unwrap_polygons(geoms), what="the polygon")
    return planar_polygons(shapely.force_2d(polygon), 1.0, "lonlat")


def _faces(parts: GeometryArray, radii: list[float], zones: dict[float, BaseGeometry]) -> tuple[GeometryArray, Ints]:
    """Return the faces of all boundaries noded together, inside the polygon, and the band of each or -1."""
    lines = shapely.boundary(np.array([*parts, *zones.values()], dtype=object))
    noded = shapely.union_all(lines)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.point_on_surface(faces)
    country = shapely.MultiPolygon([p for part in parts for p in shapely.get_parts(part)])
    shapely.prepare(country)
    keep = shapely.contains(country, inside)
    faces, inside = faces[keep], inside[keep]
    passed = np.zeros(len(faces), dtype=np.int64)
    for radius in radii:
        if radius == 0:
            passed += 1
        elif radius < math.inf:
            shapely.prepare(zones[radius])
            passed += ~shapely.contains(zones[radius], inside)
    # A face beyond k edges belongs to band k - 1; a face beyond the last edge to none.
    band = passed - 1
    band[passed == len(radii)] = -1
    return faces, band


def _boundary_lines(zone: BaseGeometry) -> GeometryArray:
    """Return the boundary of a zone as lines, without the cuts at ±180° and the poles."""
    coords, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(zone)), return_index=True)
    run = np.cumsum(np.append(0, (ring[1:] != ring[:-1]) | on_plane_edge(coords[1:], coords[:-1])))
    keep = np.bincount(run)[run] > 1
    lines: GeometryArray = shapely.linestrings(coords[keep], indices=np.unique(run[keep], return_inverse=True)[1])
    return lines


def _lines_in(geometry: BaseGeometry) -> list[shapely.LineString]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.LineString) and part.length > 0]


def _with_zone_on_the_left(part: shapely.LineString, zone: BaseGeometry) -> shapely.LineString:
    coords = shapely.get_coordinates(part)
    steps = np.diff(coords, axis=0)
    k = int(np.argmax(np.hypot(steps[:, 0], steps[:, 1])))
    left = coords[k] + steps[k] / 2 + np.array([-steps[k, 1], steps[k, 0]]) * 1e-3
    return part if shapely.contains_xy(zone, left[0], left[1]) else shapely.LineString(coords[::-1])
