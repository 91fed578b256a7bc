"""Buffers by a true distance on WGS84, valid everywhere, cut at the antimeridian and the poles.

The boundary between two vertices is the straight line in lon/lat, as GeoJSON and
GIS programs draw it, and the tolerance holds for that line.  The edges of the input are
geodesics unless ``edges="lonlat"`` says otherwise.  `docs/geodesy-buffers.md` tells how it works.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np
import shapely

from geoconflict.errors import Fault, GeometryError, LimitError
from geoconflict.geodesy import chains as chained, shapes
from geoconflict.geodesy.chains import R_MEAN, Chains, forward, inverse, quantise, ragged_ranges
from geoconflict.geodesy.checks import Edges, as_geometries, require_edges, require_valid
from geoconflict.geodesy.circles import circles
from geoconflict.geodesy.curves import SKEW, Spec, steepness
from geoconflict.geodesy.union import Parts, union_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

    Geometries = NDArray[np.object_]
    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LARGEST_RADIUS_M = 5_000_000.0
FINEST_TOL = 1e-6
_FINEST_M = 1e-7


@overload
def buffer(
    geometry: BaseGeometry, radius_m: float, *, tol: float = 1e-4, edges: Edges = "geodesic"
) -> shapely.Polygon | shapely.MultiPolygon: ...
@overload
def buffer(
    geometry: Sequence[BaseGeometry] | Geometries,
    radius_m: ArrayLike,
    *,
    tol: float = 1e-4,
    edges: Edges = "geodesic",
) -> Geometries: ...
def buffer(geometry: Any, radius_m: Any, *, tol: float = 1e-4, edges: Edges = "geodesic") -> Any:
    """Return all that lies within a distance of a geometry on WGS84.

    Every point of the boundary, vertices and what lies between them, is at
    ``radius_m * (1 ± tol)`` from the geometry.  The result is valid, and cut at the antimeridian
    and the poles as RFC 7946 wants.  It is the union of one piece an edge, each
    made on the ellipsoid.

    Parameters
    ----------
    geometry : geometry, or array of geometries of shape (n,)
        Degrees, lon and lat.  The geometries of an array are buffered one by one.
    radius_m : float, or array of shape (n,)
        Metres, up to 5,000 km either way.  A negative radius shrinks polygons and leaves nothing of
        points and lines; with 0 polygons stay as they are.
    tol : float
        Relative tolerance of the distance, from 1e-6 to 0.1.
    edges : {"geodesic", "lonlat"}
        What an edge of the input is between its two vertices.

    Returns
    -------
    Polygon or MultiPolygon, or an array of them
        Counterclockwise outside, clockwise holes.

    Raises
    ------
    GeometryError
        If a geometry is empty, invalid or off the globe, named with its row.
    LimitError
        If the radius or the tolerance is out of range.

    Examples
    --------
    >>> circle = buffer(shapely.Point(25.3, 54.7), 5_000.0)
    >>> circle.geom_type, circle.is_valid
    ('Polygon', True)
    >>> [round(x, 4) for x in circle.bounds]
    [25.2224, 54.6551, 25.3776, 54.7449]
    """
    one = isinstance(geometry, shapely.Geometry)
    geoms = as_geometries(geometry, what="the geometries to buffer")
    radii = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), (len(geoms),))
    require_edges(edges)
    check_limits(radii, tol)
    require_valid(unrolled(geoms), what="the geometries to buffer")
    out = np.empty(len(geoms), dtype=object)
    circle = (shapely.get_type_id(geoms) == 0) & (radii > 0)
    for radius in np.unique(radii[circle]):
        rows = np.flatnonzero(circle & (radii == radius))
        lon, lat = shapely.get_coordinates(geoms[rows]).T
        out[rows] = circles(lon, lat, Spec(float(radius), tol))
    for row in np.flatnonzero(~circle):
        out[row] = _buffer_one(geoms[row], float(radii[row]), tol, edges)
    return out[0] if one else out


def check_limits(radii: Floats, tol: float) -> None:
    """Refuse a radius or a tolerance that is out of range.

    Raises
    ------
    LimitError
    """
    if not 1e-6 <= tol <= 0.1:
        msg = f"tol must be from 1e-6 to 0.1, found {tol}"
        raise LimitError(msg)
    bad = ~(np.abs(radii) <= LARGEST_RADIUS_M)
    fine = (radii != 0) & (np.abs(radii) * tol < _FINEST_M)
    if bad.any() or fine.any():
        msg = "a radius cannot be used"
        faults = [
            Fault(f"{radii[k]} m is not from -{LARGEST_RADIUS_M:.0f} to {LARGEST_RADIUS_M:.0f} m", row=int(k) + 1)
            for k in np.flatnonzero(bad)
        ]
        faults += [
            Fault(f"{radii[k]} m with tol {tol} is finer than {_FINEST_M:g} m", row=int(k) + 1)
            for k in np.flatnonzero(fine)
        ]
        raise LimitError(msg, faults)


def unrolled(geoms: Geometries) -> Geometries:
    """Return polygons with rings that cross the antimeridian run on beyond ±180, to the last bit the same."""
    out = geoms.copy()
    for k in np.flatnonzero(np.ptp(shapely.bounds(geoms)[:, [0, 2]], axis=1) > 180):
        parts = [
            shapely.Polygon(rings[0], rings[1:])
            for rings in ([_run_on(ring, part) for ring in shapely.get_rings(part)] for part in _polygons_of(geoms[k]))
        ]
        if parts:
            out[k] = shapely.MultiPolygon(parts)
    return out


def _run_on(ring: BaseGeometry, polygon: shapely.Polygon) -> Floats:
    coords = quantise(shapely.get_coordinates(ring))
    step = np.diff(coords[:, 0])
    turns = np.append(0, np.cumsum((step < -180).astype(np.int64) - (step > 180)))
    coords[:, 0] += 360.0 * (turns + np.round((polygon.exterior.coords[0][0] - coords[0, 0]) / 360.0))
    return coords


def together(geometries: object, *, what: str) -> BaseGeometry:
    """Return one geometry, or several as one collection, in two dimensions.

    Raises
    ------
    CRSError, GeometryError
    """
    geoms = as_geometries(geometries, what=what)
    if not len(geoms):
        msg = f"{what} has no geometry"
        raise GeometryError(msg)
    return shapely.force_2d(geoms[0] if len(geoms) == 1 else shapely.GeometryCollection(list(geoms)))


def fill(geometry: BaseGeometry, slack_m: float, edges: Edges = "geodesic") -> BaseGeometry:
    """Return the polygons of a geometry in the lon/lat plane, cut, their edges followed to within a slack.

    Parameters
    ----------
    geometry : geometry
        What is no polygon is left out.
    slack_m : float
        Greatest distance of the result's edges from the true ones, metres.
    edges : {"geodesic", "lonlat"}
    """
    parts = [part for part in _polygons_of(geometry) if np.ptp(shapely.get_coordinates(part), axis=0).any()]
    done: list[BaseGeometry] = []
    for part in parts:
        rings = [_follow(np.asarray(ring.coords)[:, :2], slack_m, edges) for ring in [part.exterior, *part.interiors]]
        polygon = shapely.Polygon(rings[0], rings[1:])
        if _jumps(np.vstack(rings)):
            import antimeridian

            done.append(antimeridian.fix_polygon(polygon, fix_winding=True))
        else:
            done.append(polygon)
    if not done:
        return shapely.MultiPolygon()
    whole = shapely.union_all(done) if len(done) > 1 else done[0]
    if not whole.is_valid:
        msg = f"a polygon crosses itself once its edges are followed: {shapely.is_valid_reason(whole)}"
        raise GeometryError(msg)
    return whole


def boundary_chains(geometry: BaseGeometry, slack_m: float, edges: Edges) -> tuple[Chains, Floats]:
    """Return the edges of a geometry, and the points among it that have none.

    The edges along ±180° and along a pole by which a polygon was cut are left out.
    """
    taken = shapes.take_apart(np.array([geometry], dtype=object))
    coords = np.column_stack([taken.lon, taken.lat])
    if edges == "lonlat":
        coords, line = _straight(coords, taken.line, slack_m)
    else:
        line = taken.line
    same = line[1:] == line[:-1]
    moved = np.zeros(len(taken.row), dtype=bool)
    moved[line[1:][same & (coords[1:] != coords[:-1]).any(axis=1)]] = True
    first = np.flatnonzero(np.append(True, ~same)) if len(line) else np.empty(0, dtype=np.int64)
    points = coords[first[~moved[line[first]]]]
    broken = _without_seams(coords, line, taken.kind[line] == shapes.RING)
    return chained.chains_of(coords, broken), points


def _buffer_one(geometry: BaseGeometry, radius: float, tol: float, edges: Edges) -> BaseGeometry:
    if radius == 0:
        return _areal(fill(geometry, _FINEST_M * 1e6, "lonlat"))
    spec = Spec(abs(radius), tol)
    inner = fill(geometry, 0.25 * abs(radius), edges)
    if radius < 0 and inner.is_empty:
        return shapely.Polygon()
    source = geometry if radius > 0 else shapely.MultiPolygon(_polygons_of(geometry))
    chains, points = boundary_chains(source, 0.1 * tol * abs(radius), edges)
    edge = union_of(Parts(chains, points), spec)
    if radius < 0:
        return _areal(shapely.difference(inner, edge))
    return _areal(edge if inner.is_empty else shapely.union(inner, edge))


def _areal(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type == "GeometryCollection":
        parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
        geometry = shapely.union_all(parts) if parts else shapely.Polygon()
    return shapely.orient_polygons(geometry, exterior_cw=False)


def _polygons_of(geometry: BaseGeometry) -> list[shapely.Polygon]:
    if isinstance(geometry, shapely.Polygon):
        return [geometry]
    if isinstance(geometry, shapely.MultiPolygon | shapely.GeometryCollection):
        return [polygon for part in geometry.geoms for polygon in _polygons_of(part)]
    return []


def _jumps(coords: Floats) -> bool:
    return bool((np.abs(np.diff(coords[:, 0])) > 180).any() or (np.abs(coords[:, 0]) > 180).any())


def _follow(coords: Floats, slack_m: float, edges: Edges) -> Floats:
    """Return a ring with vertices added where its geodesic edges leave their chords by more than a slack."""
    if edges == "lonlat":
        return coords
    lon, lat = coords.T
    start, _, metres = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:])
    bend = SKEW * steepness(np.maximum(np.abs(lat[:-1]), np.abs(lat[1:])), metres) / R_MEAN
    same = (np.abs(lat[:-1]) == 90) & (lat[:-1] == lat[1:])
    upright = lon[:-1] == lon[1:]
    count = np.maximum(1, np.ceil(metres * np.sqrt(bend / (8 * slack_m)))).astype(np.int64)
    count[same | upright] = 1
    if (count == 1).all():
        return coords
    owner, step = ragged_ranges(count)
    x, y, _ = forward(lon[owner], lat[owner], start[owner], metres[owner] * step / count[owner])
    x, y = quantise(x), quantise(y)
    whole = step == 0
    x[whole], y[whole] = lon[:-1], lat[:-1]
    return np.vstack([np.column_stack([x, y]), coords[-1:]])


def _straight(coords: Floats, line: Ints, slack_m: float) -> tuple[Floats, Ints]:
    """Return lines whose geodesic edges follow the straight ones in lon/lat to within a slack."""
    lon, lat = coords.T
    same = np.append(line[1:] == line[:-1], False)
    nlon, nlat = np.append(lon[1:], lon[-1:]), np.append(lat[1:], lat[-1:])
    dlon = np.where(same, nlon - lon, 0.0)
    dlon = np.where(np.abs(dlon) > 180, dlon - 360 * np.sign(dlon), dlon)
    dlat = np.where(same, nlat - lat, 0.0)
    _, _, metres = inverse(lon, lat, lon + dlon, lat + dlat)
    # a parallel is longer than its geodesic, by far near a pole
    metres = np.maximum(
        metres,
        np.radians(np.abs(dlon)) * R_MEAN * np.cos(np.radians(np.minimum(np.abs(lat), np.abs(lat + dlat)))),
    )
    bend = SKEW * steepness(np.maximum(np.abs(lat), np.abs(lat + dlat)), 0.0) / R_MEAN
    count = np.maximum(1, np.ceil(metres * np.sqrt(bend / (8 * slack_m)))).astype(np.int64)
    owner, step = ragged_ranges(count)
    share = step / count[owner]
    out = np.column_stack([lon[owner] + dlon[owner] * share, lat[owner] + dlat[owner] * share])
    return out, line[owner]


def _without_seams(coords: Floats, line: Ints, ring: NDArray[np.bool_]) -> Ints:
    """Return the line of each vertex anew, lines broken where an edge is only the cut of a polygon."""
    same = line[1:] == line[:-1]
    x, y = coords[:, 0], coords[:, 1]
    polar = (np.abs(y[1:]) == 90) & (y[1:] == y[:-1])
    east = (x[1:] == 180) & (x[:-1] == 180)
    west = (x[1:] == -180) & (x[:-1] == -180)
    middle = (y[1:] + y[:-1]) / 2
    seam = same & ring[1:] & polar
    for here, there in ((east, west), (west, east)):
        low, high = np.minimum(y[:-1], y[1:])[there], np.maximum(y[:-1], y[1:])[there]
        at = np.flatnonzero(here & same & ring[1:])
        covered = ((low[None, :] <= middle[at, None]) & (middle[at, None] <= high[None, :])).any(axis=1)
        seam[at[covered]] = True
    if not seam.any():
        return line
    breaks = ~same | seam
    out: Ints = np.cumsum(np.append(0, breaks)).astype(np.int64)
    return out
