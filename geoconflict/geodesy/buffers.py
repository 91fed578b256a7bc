"""Buffers at a geodesic distance on WGS84, valid everywhere, cut at the antimeridian and the poles.

Between two vertices the boundary is the straight line in lon/lat, as GeoJSON and GIS programs
draw it, and the tolerance applies to that line.  The edges of the input are geodesics unless
``edges="lonlat"``.  ``docs/geodesy-buffers.md`` describes the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import antimeridian
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoconflict.errors import Fault, GeometryError, LimitError
from geoconflict.geodesy._buffer_pieces import Chains, build_chains, circles, discs, polygons_of_rings, strips
from geoconflict.geodesy._checks import Edges, GeometryArray, as_geometries, require_edges, require_valid
from geoconflict.geodesy._curves import SKEW, BufferSpec, steepness
from geoconflict.geodesy._ellipsoid import R_MEAN_M, Bools, Floats, Ints, direct, ecef, inverse, quantise
from geoconflict.geodesy._pieces import RING, extract_vertices, ragged_ranges, run_starts
from geoconflict.geodesy.index import Index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

LARGEST_RADIUS_M = 5_000_000.0
_SMALLEST_ERROR_M = 1e-7
# Buffers of up to this number of pieces are united directly.
_FEW_PIECES = 300
# The core must have this many times fewer pieces to be worth computing.
_CORE_GAIN = 8
_CORE_STEP = 0.3
_CORE_TOL = 0.01
_UNION_GROUP = 4
_PROBE_STEP = 0.02
_MAX_ROUNDS = 25


@overload
def buffer(
    geometry: BaseGeometry, radius_m: float, *, tol: float = 1e-4, edges: Edges = "geodesic"
) -> shapely.Polygon | shapely.MultiPolygon: ...
@overload
def buffer(
    geometry: Sequence[BaseGeometry] | GeometryArray,
    radius_m: ArrayLike,
    *,
    tol: float = 1e-4,
    edges: Edges = "geodesic",
) -> GeometryArray: ...
def buffer(
    geometry: BaseGeometry | Sequence[BaseGeometry] | GeometryArray,
    radius_m: ArrayLike,
    *,
    tol: float = 1e-4,
    edges: Edges = "geodesic",
) -> shapely.Polygon | shapely.MultiPolygon | GeometryArray:
    """Return the area within a distance of a geometry on WGS84.

    Every point of the boundary, at vertices and between them, is at
    ``radius_m * (1 ± tol)`` from the geometry.  The result is valid, and cut at the antimeridian
    and the poles as RFC 7946 requires.  It is the union of one piece per edge, each computed on
    the ellipsoid.

    Parameters
    ----------
    geometry : geometry, or array of geometries of shape (n,)
        Degrees, lon and lat.  The geometries of an array are buffered one by one.
    radius_m : float, or array of shape (n,)
        Metres, from -5,000 km to 5,000 km.  A negative radius shrinks polygons; the result for
        points and lines is empty.  With radius 0 polygons are returned unchanged.
    tol : float
        Relative tolerance of the distance, from 1e-6 to 0.1.
    edges : {"geodesic", "lonlat"}
        What joins two vertices of the input.

    Returns
    -------
    Polygon or MultiPolygon, or an array of them
        Exterior rings are counterclockwise, holes clockwise.

    Raises
    ------
    GeometryError
        If a geometry is empty, invalid or out of range, with its row.
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
    geoms = as_geometries(geometry, what="the geometries to buffer")
    radii = np.broadcast_to(np.asarray(radius_m, dtype=np.float64), (len(geoms),))
    require_edges(edges)
    check_limits(radii, tol)
    require_valid(unwrap_polygons(geoms), what="the geometries to buffer")
    out = np.empty(len(geoms), dtype=object)
    circle = (shapely.get_type_id(geoms) == 0) & (radii > 0)
    for radius in np.unique(radii[circle]):
        rows = np.flatnonzero(circle & (radii == radius))
        lon, lat = shapely.get_coordinates(geoms[rows]).T
        out[rows] = circles(lon, lat, BufferSpec(float(radius), tol))
    for row in np.flatnonzero(~circle):
        out[row] = _buffer_one(geoms[row], float(radii[row]), tol, edges)
    if isinstance(geometry, BaseGeometry):
        zone: shapely.Polygon | shapely.MultiPolygon = out[0]
        return zone
    return out


def check_limits(radii: Floats, tol: float) -> None:
    """Raise if a radius or the tolerance is out of range.

    Raises
    ------
    LimitError
    """
    if not 1e-6 <= tol <= 0.1:
        msg = f"tol must be from 1e-6 to 0.1, found {tol}"
        raise LimitError(msg)
    out_of_range = ~(np.abs(radii) <= LARGEST_RADIUS_M)
    too_fine = (radii != 0) & (np.abs(radii) * tol < _SMALLEST_ERROR_M)
    if out_of_range.any() or too_fine.any():
        msg = "a radius cannot be used"
        faults = [
            Fault(f"{radii[k]} m is not from -{LARGEST_RADIUS_M:.0f} to {LARGEST_RADIUS_M:.0f} m", row=int(k) + 1)
            for k in np.flatnonzero(out_of_range)
        ]
        faults += [
            Fault(
                f"the tolerance of {radii[k]} m with tol {tol} is finer than {_SMALLEST_ERROR_M:g} m",
                row=int(k) + 1,
                hint="use a larger tol",
            )
            for k in np.flatnonzero(too_fine)
        ]
        raise LimitError(msg, faults)


def unwrap_polygons(geoms: GeometryArray) -> GeometryArray:
    """Return polygons with rings that cross the antimeridian continued beyond ±180, without rounding."""
    out = geoms.copy()
    for k in np.flatnonzero(np.ptp(shapely.bounds(geoms)[:, [0, 2]], axis=1) > 180):
        parts = [
            shapely.Polygon(rings[0], rings[1:])
            for rings in ([_unwrap(ring, part) for ring in shapely.get_rings(part)] for part in _polygons_in(geoms[k]))
        ]
        if parts:
            out[k] = shapely.MultiPolygon(parts)
    return out


def _unwrap(ring: BaseGeometry, polygon: shapely.Polygon) -> Floats:
    coords = quantise(shapely.get_coordinates(ring))
    step = np.diff(coords[:, 0])
    turns = np.append(0, np.cumsum((step < -180).astype(np.int64) - (step > 180)))
    coords[:, 0] += 360.0 * (turns + np.round((polygon.exterior.coords[0][0] - coords[0, 0]) / 360.0))
    return coords


def planar_polygons(geometry: BaseGeometry, max_deviation_m: float, edges: Edges = "geodesic") -> BaseGeometry:
    """Return the polygons of a geometry in the lon/lat plane, cut at the antimeridian and the poles.

    Parameters
    ----------
    geometry : geometry
        Points and lines are ignored.
    max_deviation_m : float
        Greatest distance of the edges of the result from the edges of the input, metres.
    edges : {"geodesic", "lonlat"}

    Raises
    ------
    GeometryError
        If a polygon crosses itself when its edges are geodesics.
    """
    done: list[BaseGeometry] = []
    for part in _polygons_in(geometry):
        if not np.ptp(shapely.get_coordinates(part), axis=0).any():
            continue
        rings = [_densify_ring(ring, max_deviation_m, edges) for ring in [part.exterior, *part.interiors]]
        polygon = shapely.Polygon(rings[0], rings[1:])
        coords = np.vstack(rings)
        if (np.abs(np.diff(coords[:, 0])) > 180).any() or (np.abs(coords[:, 0]) > 180).any():
            done.append(antimeridian.fix_polygon(polygon, fix_winding=True))
        else:
            done.append(polygon)
    if not done:
        return shapely.MultiPolygon()
    whole = shapely.union_all(done) if len(done) > 1 else done[0]
    if not whole.is_valid:
        msg = f"a polygon with geodesic edges crosses itself: {shapely.is_valid_reason(whole)}"
        raise GeometryError(msg)
    return whole


def _densify_ring(ring: BaseGeometry, max_deviation_m: float, edges: Edges) -> Floats:
    """Return a ring with vertices added where its geodesic edges deviate too far from straight lines in lon/lat."""
    coords = shapely.get_coordinates(ring)
    if edges == "lonlat":
        return coords
    lon, lat = coords.T
    start, _, metres = inverse(lon[:-1], lat[:-1], lon[1:], lat[1:])
    curvature = SKEW * steepness(np.maximum(np.abs(lat[:-1]), np.abs(lat[1:])), metres) / R_MEAN_M
    along_pole = (np.abs(lat[:-1]) == 90) & (lat[:-1] == lat[1:])
    along_meridian = lon[:-1] == lon[1:]
    count = np.maximum(1, np.ceil(metres * np.sqrt(curvature / (8 * max_deviation_m)))).astype(np.int64)
    count[along_pole | along_meridian] = 1
    if (count == 1).all():
        return coords
    owner, step = ragged_ranges(count)
    x, y, _ = direct(lon[owner], lat[owner], start[owner], metres[owner] * step / count[owner])
    x, y = quantise(x), quantise(y)
    whole = step == 0
    x[whole], y[whole] = lon[:-1], lat[:-1]
    return np.vstack([np.column_stack([x, y]), coords[-1:]])


def _polygons_in(geometry: BaseGeometry) -> list[shapely.Polygon]:
    if isinstance(geometry, shapely.Polygon):
        return [geometry]
    if isinstance(geometry, shapely.MultiPolygon | shapely.GeometryCollection):
        return [polygon for part in geometry.geoms for polygon in _polygons_in(part)]
    return []


def _buffer_one(geometry: BaseGeometry, radius: float, tol: float, edges: Edges) -> BaseGeometry:
    if radius == 0:
        return _polygonal(planar_polygons(geometry, 0.1, "lonlat"))
    spec = BufferSpec(abs(radius), tol)
    inner = planar_polygons(geometry, 0.25 * abs(radius), edges)
    if radius < 0 and inner.is_empty:
        return shapely.Polygon()
    source = geometry if radius > 0 else shapely.MultiPolygon(_polygons_in(geometry))
    boundary = union_of_pieces(source_of(source, 0.1 * tol * abs(radius), edges), spec)
    if radius < 0:
        return _polygonal(shapely.difference(inner, boundary))
    return _polygonal(boundary if inner.is_empty else shapely.union(inner, boundary))


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of the result of an overlay, oriented as RFC 7946 requires."""
    if geometry.geom_type == "GeometryCollection":
        parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("Polygon", "MultiPolygon")]
        geometry = shapely.union_all(parts) if parts else shapely.Polygon()
    out: BaseGeometry = shapely.orient_polygons(geometry, exterior_cw=False)
    return out


@dataclass(frozen=True, slots=True)
class BufferSource:
    """What is buffered: geodesic edges, and points that belong to none.

    Attributes
    ----------
    chains : Chains
    points : float64 array (p, 2)
        Degrees.
    """

    chains: Chains
    points: Floats

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.chains) + len(self.points)

    def pieces(self, which: Ints, spec: BufferSpec) -> GeometryArray:
        """Return the pieces with the given numbers: those of edges, followed by the discs of points."""
        edges = which[which < len(self.chains)]
        lone = self.points[which[which >= len(self.chains)] - len(self.chains)]
        out = [polygons_of_rings(strips(self.chains, edges, spec))[0]]
        if len(lone):
            out.append(polygons_of_rings(discs(quantise(lone[:, 0]), quantise(lone[:, 1]), spec))[0])
        return np.concatenate(out)

    def chain_starts(self) -> Bools:
        """Return whether each edge does not continue the edge before it in the table."""
        out = np.ones(len(self.chains), dtype=bool)
        out[1:] = self.chains.next_[:-1] != np.arange(1, len(self.chains))
        return out

    def index(self) -> Index:
        """Return an index of the edges and points, numbered as the pieces are."""
        lines = np.empty(0, dtype=object)
        if len(self.chains):
            count = np.bincount(np.cumsum(self.chain_starts()) - 1)
            owner, step = ragged_ranges(count + 1)
            last = np.cumsum(count) - 1
            edge = np.repeat(np.cumsum(count) - count, count + 1) + step
            tip = step == count[owner]
            edge[tip] = last[owner[tip]]
            end = tip.astype(np.int64)
            coords = np.column_stack([self.chains.lon[edge, end], self.chains.lat[edge, end]])
            lines = np.atleast_1d(np.asarray(shapely.linestrings(coords, indices=owner), dtype=object))
        lone = np.asarray(shapely.points(self.points), dtype=object)
        return Index(np.concatenate([lines, lone]))


def source_of(geometry: BaseGeometry, max_deviation_m: float, edges: Edges) -> BufferSource:
    """Return the edges and the lone points of a geometry.

    Edges along ±180° or along a pole, at which a polygon was only cut, are left out.
    """
    vertices = extract_vertices(np.array([geometry], dtype=object))
    coords, line = np.column_stack([vertices.lon, vertices.lat]), vertices.line
    if edges == "lonlat":
        coords, line = _densify_lonlat(coords, line, max_deviation_m)
    new_line = run_starts(line)
    moved = np.zeros(len(vertices.row), dtype=bool)
    moved[line[1:][~new_line[1:] & (coords[1:] != coords[:-1]).any(axis=1)]] = True
    first = np.flatnonzero(new_line)
    points = coords[first[~moved[line[first]]]]
    return BufferSource(build_chains(coords, _split_at_cuts(coords, line, vertices.kind[line] == RING)), points)


def _densify_lonlat(coords: Floats, line: Ints, max_deviation_m: float) -> tuple[Floats, Ints]:
    """Return lines whose geodesic edges follow edges that are straight in lon/lat."""
    lon, lat = coords.T
    same = np.append(line[1:] == line[:-1], False)
    next_lon, next_lat = np.append(lon[1:], lon[-1:]), np.append(lat[1:], lat[-1:])
    dlon = np.where(same, next_lon - lon, 0.0)
    dlon = np.where(np.abs(dlon) > 180, dlon - 360 * np.sign(dlon), dlon)
    dlat = np.where(same, next_lat - lat, 0.0)
    _, _, metres = inverse(lon, lat, lon + dlon, lat + dlat)
    # A parallel is longer than the geodesic between its ends, much longer near a pole.
    metres = np.maximum(
        metres,
        np.radians(np.abs(dlon)) * R_MEAN_M * np.cos(np.radians(np.minimum(np.abs(lat), np.abs(lat + dlat)))),
    )
    curvature = SKEW * steepness(np.maximum(np.abs(lat), np.abs(lat + dlat)), 0.0) / R_MEAN_M
    count = np.maximum(1, np.ceil(metres * np.sqrt(curvature / (8 * max_deviation_m)))).astype(np.int64)
    owner, step = ragged_ranges(count)
    share = step / count[owner]
    out = np.column_stack([lon[owner] + dlon[owner] * share, lat[owner] + dlat[owner] * share])
    return out, line[owner]


def _split_at_cuts(coords: Floats, line: Ints, ring: Bools) -> Ints:
    """Return the line of each vertex, with lines split where an edge is only the cut of a polygon."""
    same = line[1:] == line[:-1]
    x, y = coords[:, 0], coords[:, 1]
    polar = (np.abs(y[1:]) == 90) & (y[1:] == y[:-1])
    east = (x[1:] == 180) & (x[:-1] == 180)
    west = (x[1:] == -180) & (x[:-1] == -180)
    middle = (y[1:] + y[:-1]) / 2
    cut = same & ring[1:] & polar
    for here, opposite in ((east, west), (west, east)):
        low, high = np.minimum(y[:-1], y[1:])[opposite], np.maximum(y[:-1], y[1:])[opposite]
        at = np.flatnonzero(here & same & ring[1:])
        covered = ((low[None, :] <= middle[at, None]) & (middle[at, None] <= high[None, :])).any(axis=1)
        cut[at[covered]] = True
    if not cut.any():
        return line
    out: Ints = np.cumsum(np.append(0, ~same | cut)).astype(np.int64)
    return out


def on_plane_edge(p: Floats, q: Floats) -> Bools:
    """Return whether edges from p to q run along the edge of the lon/lat plane, at ±180° or a pole."""
    out: Bools = ((np.abs(p[:, 0]) == 180) & (p[:, 0] == q[:, 0])) | ((np.abs(p[:, 1]) == 90) & (p[:, 1] == q[:, 1]))
    return out


def union_of_pieces(source: BufferSource, spec: BufferSpec) -> BaseGeometry:
    """Return the union of all pieces.

    If the radius is large compared with the edges, most pieces are deep inside the buffer and
    do not touch its boundary.  Then a coarse core inside the buffer is computed first, and the
    pieces of the edges nearest to the expected boundary are added.  Wherever the boundary is
    then closer than the radius, the piece of the nearest edge is added, until none is missing.

    Parameters
    ----------
    source : BufferSource
    spec : BufferSpec

    Returns
    -------
    Polygon or MultiPolygon
    """
    zone = None
    if len(source) > _FEW_PIECES:
        core = _thin_out(source, _CORE_STEP * spec.radius_m)
        if _CORE_GAIN * len(core) <= len(source):
            core_spec = BufferSpec(spec.radius_m * (1 - 0.5 * _CORE_STEP) * (1 - _CORE_TOL), _CORE_TOL)
            zone = _complete(source, union_of_pieces(core, core_spec), spec)
    if zone is None:
        zone = _union(source.pieces(np.arange(len(source)), spec))
    return _without_slivers(zone, spec)


def _thin_out(source: BufferSource, step_m: float) -> BufferSource:
    """Return fewer edges, every point of which is within half a step of the source.

    Edges longer than the step are kept; runs of shorter edges are replaced by one edge if the
    run is no longer than the step: its ends are vertices of the source, and none of its points
    is farther from both than half its length.
    """
    chains = source.chains
    if not len(chains):
        return BufferSource(chains, _thin_out_points(source.points, step_m))
    head = source.chain_starts()
    chain = np.cumsum(head) - 1
    before = np.cumsum(chains.length_m) - chains.length_m
    path = before - before[np.flatnonzero(head)][chain]
    after = path + chains.length_m
    cell = np.floor(path / step_m)
    # A run consists of the edges that are completely in one cell of the path.
    alone = np.floor(after / step_m) != cell
    fresh = head | alone | np.append(True, alone[:-1]) | np.append(True, cell[1:] != cell[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(chains)) - 1
    coords = np.column_stack([chains.lon[first, 0], chains.lat[first, 0]])
    tail = np.column_stack([chains.lon[last, 1], chains.lat[last, 1]])
    owner = chain[first]
    final = np.append(owner[1:] != owner[:-1], True)
    where = np.flatnonzero(final) + 1
    coords = np.insert(coords, where, tail[final], axis=0)
    line = np.insert(owner, where, owner[final])
    # A ring shorter than a step has become a single point.
    new_line = run_starts(line)
    begin, finish = np.flatnonzero(new_line), np.flatnonzero(np.append(new_line[1:], True))
    spot = (finish - begin == 1) & (coords[begin] == coords[finish]).all(axis=1)
    points = np.vstack([source.points, coords[begin[spot]]])
    return BufferSource(build_chains(coords, line), _thin_out_points(points, step_m))


def _thin_out_points(points: Floats, step_m: float) -> Floats:
    """Return one point of each cell of a grid."""
    if len(points) < _FEW_PIECES:
        return points
    cell = np.floor(ecef(points[:, 0], points[:, 1]) / step_m)
    _, first = np.unique(cell, axis=0, return_index=True)
    return points[np.sort(first)]


def _complete(source: BufferSource, zone: BaseGeometry, spec: BufferSpec) -> BaseGeometry | None:
    """Add pieces to a zone inside the buffer until no part of its boundary is too close; None if that does not end."""
    index = source.index()
    r = spec.radius_m
    before = np.full(len(source), -1, dtype=np.int64)
    on = np.flatnonzero(source.chains.next_ >= 0)
    before[source.chains.next_[on]] = on
    added = np.zeros(len(source), dtype=bool)
    missing = _nearest_to_boundary(index, zone, r)
    for _ in range(_MAX_ROUNDS):
        # The sector at the start of an edge is part of the piece of the edge before it.
        missing = np.unique(np.concatenate([missing, before[missing][before[missing] >= 0]]))
        missing = missing[~added[missing]]
        if not len(missing):
            return None
        added[missing] = True
        zone = shapely.union(zone, _union(source.pieces(missing, spec)))
        at = _boundary_points(zone)
        found = index.measure(at[:, 0], at[:, 1])
        short = found.distance_m < r * (1 - spec.tol)
        if not short.any():
            return zone
        missing = _touching(source, np.unique(found.edge[short]))
    return None


def _boundary_points(zone: BaseGeometry) -> Floats:
    """Return points on each edge of the boundary of a zone, except on cuts at ±180° and the poles."""
    coords, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(zone)), return_index=True)
    same = ring[1:] == ring[:-1]
    p, q = coords[:-1][same], coords[1:][same]
    keep = ~on_plane_edge(p, q)
    p, q = p[keep], q[keep]
    return np.concatenate([p + (q - p) * share for share in (0.0, 0.25, 0.5, 0.75)])


def _touching(source: BufferSource, which: Ints) -> Ints:
    """Return pieces, and all that share an end with them: a corner is equally near to several edges."""
    chains, points = source.chains, source.points
    place = np.concatenate([chains.lon.ravel() + 1j * chains.lat.ravel(), points[:, 0] + 1j * points[:, 1]])
    owner = np.concatenate([np.repeat(np.arange(len(chains)), 2), np.arange(len(chains), len(source))])
    mine = np.isin(owner, which)
    out: Ints = np.unique(owner[np.isin(place, place[mine])])
    return out


def _union(pieces: GeometryArray) -> BaseGeometry:
    """Return the union of pieces, neighbours first, because neighbours on one line form simple shapes."""
    joined = pieces
    while len(joined) > _UNION_GROUP:
        groups = [shapely.union_all(joined[k : k + _UNION_GROUP]) for k in range(0, len(joined), _UNION_GROUP)]
        joined = np.empty(len(groups), dtype=object)
        joined[:] = groups
    whole: BaseGeometry = shapely.union_all(joined)
    return whole


def _nearest_to_boundary(index: Index, zone: BaseGeometry, r: float) -> Ints:
    """Return the edges nearest to the expected boundary: the boundary of a zone, moved outward to the radius."""
    at = shapely.get_coordinates(shapely.segmentize(zone, np.degrees(_PROBE_STEP * r / R_MEAN_M)))
    lon, lat = at[:, 0], at[:, 1]
    for _ in range(3):
        found = index.measure(lon, lat)
        azimuth, _, _ = inverse(found.lon, found.lat, lon, lat)
        lon, lat, _ = direct(found.lon, found.lat, azimuth, np.full(len(lon), r))
    found = index.measure(lon, lat)
    return np.unique(found.edge)


def _without_slivers(zone: BaseGeometry, spec: BufferSpec) -> BaseGeometry:
    """Return a zone without the sliver holes that rounding leaves where three boundaries meet in a point.

    A hole is removed if its mean width is at most 1 µm, and small enough that no circle in a
    hole as long as the radius is wider than a tenth of the tolerance.
    """
    parts = shapely.get_parts(zone)
    if not shapely.get_num_interior_rings(parts).any():
        return zone
    thin = np.degrees(min(1e-6, 0.01 * spec.tol**2 * spec.radius_m) / R_MEAN_M)
    done = []
    for part in parts:
        holes = [ring for ring in part.interiors if 2 * shapely.Polygon(ring).area > thin * ring.length]
        done.append(shapely.Polygon(part.exterior, holes))
    return done[0] if len(done) == 1 else shapely.MultiPolygon(done)
