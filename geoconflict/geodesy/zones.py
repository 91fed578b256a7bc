"""Points in polygons on the ellipsoid.

The meridian from a point to the north pole crosses the rings of a polygon an odd number of times
if exactly one of the point and the pole is inside.  A ring around the axis of the earth encloses
a pole; the smaller of its two sides is its inside.  Adjacent pieces share bit-identical ends, and
each covers a half-open range of longitudes, so that no point is lost at a vertex.

The pieces are sorted into slabs of longitude, and within a slab by polygon.  A point north or
south of all pieces of a polygon in its slab needs no further test.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely

from geoconflict.errors import Fault, GeometryError
from geoconflict.geodesy._checks import (
    Edges,
    Geometries,
    GeometryArray,
    as_geometries,
    as_points,
    require_edges,
    require_valid,
)
from geoconflict.geodesy._dispatch import loading_kernels, use_numba
from geoconflict.geodesy._ellipsoid import B_M, GRADIENT, Bools, Floats, Ints, ecef, lonlat, ring_area, row_dot
from geoconflict.geodesy._pieces import (
    RING,
    Pieces,
    Segments,
    Vertices,
    cut_segments,
    explode,
    extract_vertices,
    ragged_ranges,
    run_starts,
)

_CHUNK = 65536
_MAX_SLABS = 1 << 16


def points_in_zones(points: Geometries, zones: Geometries, *, edges: Edges = "geodesic") -> tuple[Ints, Ints]:
    """Find every pair of a point and a zone that contains it.

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
        Sorted by point, then by zone; a point may be in several zones or in none.

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
        Fault(f"expected a Polygon or MultiPolygon, found a {g.geom_type}", row=i + 1)
        for i, g in enumerate(array)
        if g.geom_type not in ("Polygon", "MultiPolygon")
    ]
    if wrong:
        msg = "zones must be polygons or multipolygons"
        raise GeometryError(msg, wrong)
    require_valid(array, what="the zones")
    if edges == "lonlat":
        return containing_pairs_lonlat(lon, lat, array)
    return containing_pairs(lon, lat, _slabs_of(array))


@dataclass(frozen=True, slots=True)
class Slabs:
    """Pieces of rings, sorted into slabs of longitude and within a slab by polygon.

    Attributes
    ----------
    west, width : float
        Where the first slab starts, and the width of each slab, degrees.
    first : array of shape (slabs + 1,)
        The groups of slab ``j`` are ``first[j] … first[j + 1] - 1``; a group contains the pieces
        of one polygon in one slab.
    polygon, start : arrays of shape (groups,), (groups + 1,)
        The polygon of each group, and the index of its first member.
    reach : array of shape (groups, 2)
        Latitudes beyond which a point is outside; infinite if the polygon contains a pole.
    span : array of shape (members, 5)
        Longitudes of the ends of the piece, as a half-open range; lower and upper bound of its
        latitudes; latitude of its western end, or NaN where the antimeridian cuts it.
    piece : array of shape (members,)
    ends : array of shape (pieces, 6)
        The western and the eastern end of each piece, ECEF in metres.
    north_pole : array of shape (polygons,)
        Whether the polygon contains the north pole.
    row : array of shape (polygons,)
        The geometry that the polygon is part of.
    """

    west: float
    width: float
    first: Ints
    polygon: Ints
    start: Ints
    reach: Floats
    span: Floats
    piece: Ints
    ends: Floats
    north_pole: Bools
    row: Ints


def _slabs_of(polygons: GeometryArray) -> Slabs:
    vertices = extract_vertices(polygons)
    start, end = vertices.edges()
    lon, lat = vertices.lon, vertices.lat
    pieces = cut_segments(Segments(lon[start], lat[start], lon[end], lat[end], geodesic=True))
    return build_slabs(vertices, pieces, vertices.line[start])


def build_slabs(vertices: Vertices, pieces: Pieces, edge_line: Ints) -> Slabs:
    """Return the slabs of all rings; the pieces must be in the order of edges."""
    line = edge_line[pieces.edge]
    chosen = np.flatnonzero(vertices.kind[line] == RING)
    line, a, b, size = line[chosen], pieces.a[chosen], pieces.b[chosen], pieces.length_m[chosen]
    lon1, lat1, lon2, lat2 = _ends_in_degrees(vertices, pieces, chosen)
    # A pole has no longitude: a piece that ends there runs along a meridian.
    lon1, lon2 = np.where(np.abs(lat1) > 90 - 1e-12, lon2, lon1), np.where(np.abs(lat2) > 90 - 1e-12, lon1, lon2)
    lon1, lon2 = wrap_longitude(lon1), wrap_longitude(lon2)
    turn = lon2 - lon1
    across = np.abs(turn) > 180
    turn -= np.where(across, np.sign(turn) * 360, 0.0)
    polygons = int(vertices.polygon.max(initial=-1)) + 1
    row = np.zeros(polygons, dtype=np.int64)
    row[vertices.polygon[vertices.polygon >= 0]] = vertices.row[vertices.polygon >= 0]
    north_pole, south_pole = _poles(vertices, line, turn, polygons)

    eastward = turn > 0
    forward: Floats = np.concatenate([a, b], axis=1)
    backward: Floats = np.concatenate([b, a], axis=1)
    ends = np.where(eastward[:, None], forward, backward)
    west, east = np.where(eastward, lon1, lon2), np.where(eastward, lon2, lon1)
    bulge = _bulge_deg(size, np.maximum(np.abs(lat1), np.abs(lat2)))
    west_lat = np.where(eastward, lat1, lat2)
    south, north = np.minimum(lat1, lat2) - bulge, np.maximum(lat1, lat2) + bulge

    spans = np.flatnonzero(turn != 0)
    plain, cut = spans[~across[spans]], spans[across[spans]]
    piece = np.concatenate([plain, cut, cut])
    span = np.column_stack(
        [
            np.concatenate([west[plain], west[cut], np.full(len(cut), -180.0)]),
            np.concatenate([east[plain], np.full(len(cut), 180.0), east[cut]]),
            south[piece],
            north[piece],
            np.concatenate([west_lat[plain], west_lat[cut], np.full(len(cut), np.nan)]),
        ]
    )
    not_empty = span[:, 0] < span[:, 1]
    piece, span = piece[not_empty], span[not_empty]
    return _sort_into_slabs(span, piece, ends, (vertices.polygon[line], row, north_pole, north_pole | south_pole))


def wrap_longitude(lon: Floats) -> Floats:
    """Return longitudes in [-180, 180); those already in range are returned unchanged, to the last bit."""
    out: Floats = np.mod(lon + 180.0, 360.0) - 180.0
    out[out >= 180.0] = -180.0
    return np.where((lon >= -180.0) & (lon < 180.0), lon, out)


def _ends_in_degrees(vertices: Vertices, pieces: Pieces, chosen: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    # Vertices keep the coordinates of the input, to the last bit; ends between them are converted from ECEF.
    start, end = vertices.edges()
    edge = pieces.edge
    lon1, lat1 = lonlat(pieces.a)
    lon2, lat2 = lonlat(pieces.b)
    first = run_starts(edge)
    last = np.r_[first[1:], True][: len(edge)]
    lon1[first], lat1[first] = vertices.lon[start[edge[first]]], vertices.lat[start[edge[first]]]
    lon2[last], lat2[last] = vertices.lon[end[edge[last]]], vertices.lat[end[edge[last]]]
    return lon1[chosen], lat1[chosen], lon2[chosen], lat2[chosen]


def _bulge_deg(size: Floats, lat: Floats) -> Floats:
    # A geodesic rises L² tan φ / 8R above the parallel through its ends, and never more than L/2.
    rise = size * size * (np.tan(np.radians(np.minimum(lat + 0.1, 89.99))) + 1) / (8 * B_M)
    out: Floats = np.degrees(np.minimum(2 * rise, size) / B_M) + 1e-9
    return out


def _poles(vertices: Vertices, line: Ints, turn: Floats, polygons: int) -> tuple[Bools, Bools]:
    """Return which polygons contain the north pole, and which the south pole."""
    winding = np.zeros(len(vertices.row))
    np.add.at(winding, line, turn)
    north, south = np.zeros(polygons, dtype=bool), np.zeros(polygons, dtype=bool)
    for ring in np.flatnonzero(np.abs(winding) > 180):
        member = vertices.line == ring
        area = ring_area(vertices.lon[member], vertices.lat[member])
        # A ring with a positive area has it on its left; eastward the north pole is on the left.
        contains = north if (area > 0) == (winding[ring] > 0) else south
        contains[vertices.polygon[ring]] ^= True
    return north, south


def _sort_into_slabs(span: Floats, piece: Ints, ends: Floats, of: tuple[Ints, Ints, Bools, Bools]) -> Slabs:
    polygon_of, row, north_pole, any_pole = of
    west = float(span[:, 0].min(initial=180.0))
    east = float(span[:, 1].max(initial=west + 1e-9))
    # Half the mean width of a piece: narrower slabs need more memory, wider ones more time.
    mean = float((span[:, 1] - span[:, 0]).mean()) if len(span) else 1.0
    count = int(np.clip(2 * (east - west) / max(mean, 1e-12), 1, min(len(span) + 1, _MAX_SLABS)))
    width = max((east - west) / count, 1e-12)
    low = _slab(span[:, 0], west, width, count)
    size = _slab(span[:, 1], west, width, count) - low + 1
    member, step = ragged_ranges(size)
    slab = low[member] + step
    order = np.lexsort((polygon_of[piece[member]], slab))
    member, slab = member[order], slab[order]
    polygon = polygon_of[piece[member]]
    start = np.flatnonzero(run_starts(slab, polygon))
    lat = span[member, 2:4]
    empty = np.empty((0, 2))
    reach = np.c_[np.minimum.reduceat(lat[:, 0], start), np.maximum.reduceat(lat[:, 1], start)] if len(start) else empty
    reach[any_pole[polygon[start]]] = (-np.inf, np.inf)
    return Slabs(
        west=west,
        width=width,
        first=np.searchsorted(slab[start], np.arange(count + 1)).astype(np.int64),
        polygon=polygon[start],
        start=np.r_[start, len(member)].astype(np.int64),
        reach=reach,
        span=np.ascontiguousarray(span[member]),
        piece=piece[member],
        ends=np.ascontiguousarray(ends),
        north_pole=north_pole,
        row=row,
    )


def _slab(lon: Floats, west: float, width: float, count: int) -> Ints:
    out: Ints = np.clip(((lon - west) / width).astype(np.int64), 0, count - 1)
    return out


def containing_pairs(lon: Floats, lat: Floats, slabs: Slabs) -> tuple[Ints, Ints]:
    """Return every pair of a point and a geometry whose polygons contain it, sorted by point, then geometry."""
    lon = wrap_longitude(lon)
    if use_numba(len(lon)):
        return _call_kernel(_compiled_kernels(), lon, lat, slabs)
    points, rows = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for begin in range(0, len(lon), _CHUNK):
        point, row = _containing_pairs_numpy(lon[begin : begin + _CHUNK], lat[begin : begin + _CHUNK], slabs)
        points.append(point + begin)
        rows.append(row)
    return np.concatenate(points), np.concatenate(rows)


def _containing_pairs_numpy(lon: Floats, lat: Floats, slabs: Slabs) -> tuple[Ints, Ints]:
    count = len(slabs.first) - 1
    out = (lon < slabs.west) | (lon > slabs.west + slabs.width * count)
    slab = _slab(lon, slabs.west, slabs.width, count)
    size = np.where(out, 0, slabs.first[slab + 1] - slabs.first[slab])
    point, step = ragged_ranges(size)
    group = slabs.first[slab][point] + step
    maybe = (lat[point] <= slabs.reach[group, 1]) & (lat[point] >= slabs.reach[group, 0])
    point, group = point[maybe], group[maybe]
    run, step = ragged_ranges(slabs.start[group + 1] - slabs.start[group])
    member = slabs.start[group][run] + step
    x, y = lon[point[run]], lat[point[run]]
    span = slabs.span[member]
    crossed = (span[:, 0] <= x) & (x < span[:, 1]) & (y <= span[:, 3])
    # On the meridian of a western end its latitude decides, the same for every piece that ends there.
    exactly = (x == span[:, 0]) & ~np.isnan(span[:, 4])
    crossed[exactly] = y[exactly] < span[exactly, 4]
    close = np.flatnonzero(crossed & (y >= span[:, 2]) & ~exactly)
    if len(close):
        ends = slabs.ends[slabs.piece[member[close]]]
        a, b = ends[:, :3], ends[:, 3:]
        right = np.cross(b - a, 0.5 * (a + b) * GRADIENT)
        crossed[close] = row_dot(ecef(x[close], y[close]) - a, right) > 0
    times = np.bincount(run[crossed], minlength=len(group))
    polygon = slabs.polygon[group]
    inside = (times % 2 == 1) ^ slabs.north_pole[polygon]
    rows = int(slabs.row.max(initial=0)) + 1
    key = np.unique(point[inside] * rows + slabs.row[polygon[inside]])
    return key // rows, key % rows


def containing_pairs_lonlat(lon: Floats, lat: Floats, geoms: GeometryArray) -> tuple[Ints, Ints]:
    """Return the same pairs for edges that are straight in longitude and latitude."""
    parts, row = explode(geoms)
    areal = shapely.get_dimensions(parts) == 2
    parts, row = parts[areal], row[areal]
    tree = shapely.STRtree(parts)
    turns = (-360.0, 0.0, 360.0)
    found = [tree.query(shapely.points(lon + turn, lat), predicate="intersects") for turn in turns]
    both = np.concatenate(found, axis=1).astype(np.int64)
    key = np.unique(both[0] * len(geoms) + row[both[1]])
    return key // len(geoms), key % len(geoms)


def _call_kernel(kernels: Any, lon: Floats, lat: Floats, slabs: Slabs) -> tuple[Ints, Ints]:  # noqa: ANN401 - a module
    point, row = kernels.containing_pairs(
        lon,
        lat,
        (slabs.west, slabs.width),
        (slabs.first, slabs.polygon, slabs.start, slabs.reach),
        (slabs.span, slabs.piece, slabs.ends),
        (slabs.north_pole, slabs.row),
    )
    return point, row


@cache
def _compiled_kernels() -> Any:  # noqa: ANN401 - a module that can be imported only if numba is installed
    with loading_kernels() as kernels:
        # A call with one point compiles the kernel.
        square = np.array([shapely.box(0, 0, 0.01, 0.01)], dtype=object)
        _call_kernel(kernels, np.zeros(1), np.zeros(1), _slabs_of(square))
        return kernels
