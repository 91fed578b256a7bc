"""Distance, nearest point, nearest neighbours and pairs within a distance, on the ellipsoid.

Two geodesics of less than a quarter of the globe that do not cross are nearest at an end of one
of them, because geodesics on a surface of positive curvature converge away from a common
perpendicular.  So the distance between geometries is the distance of the vertices of one from the
pieces of the other, in both directions, or 0 where pieces cross or one geometry contains the other.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from geoconflict.errors import GeometryError
from geoconflict.geodesy._checks import Edges, Geometries, GeometryArray, as_geometries, as_points, is_points
from geoconflict.geodesy._ellipsoid import LONGEST_M, Bools, Floats, Ints, closed_form, ecef, inverse, row_norm
from geoconflict.geodesy._pieces import LONGEST_PIECE_M, POINT, Pieces, foot_point, offset_from_piece, run_starts
from geoconflict.geodesy._search import CLOSED_FORM_MAX_M, GeodesicWalker, candidates, karney_distance
from geoconflict.geodesy.index import Index, as_index

_BETWEEN_CHUNK = 2048
_PAIRS_CHUNK = 4096
_MANY_PAIRS = 100_000_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest point of a target to each of n points.

    Attributes
    ----------
    distance_m : array of float
        Metres; 0 inside a polygon.
    index : array of int
        The position of the nearest geometry in the target.
    lon, lat : array of float
        The nearest point of the target in degrees; the point itself inside a polygon.
    chainage_m : array of float
        Distance of the nearest point along its line or ring, in metres from the first vertex of the
        geometry, part after part; NaN inside a polygon.
    side : array of int
        +1 if the point is to the left of the line in its direction, -1 to the right, 0 on it,
        if the nearest geometry is a point, or inside a polygon.
    azimuth_deg : array of float
        Azimuth from the point to the nearest point of the target, degrees clockwise from north in [0, 360);
        NaN at distance 0.
    """

    distance_m: Floats
    index: Ints
    lon: Floats
    lat: Floats
    chainage_m: Floats
    side: Ints
    azimuth_deg: Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a point and a geometry of a target.

    Attributes
    ----------
    point, index : array of int of shape (k,)
        The position of the point, and of the geometry in the target.
    distance_m : array of shape (k,)
        Metres between the two; 0 inside a polygon.
    """

    point: Ints
    index: Ints
    distance_m: Floats


def distance(geoms: Geometries, target: Geometries | Index, *, edges: Edges = "geodesic") -> Floats:
    """Measure the distance from each geometry to the nearest part of a target.

    The distance is the length of the shortest geodesic on WGS84.

    Parameters
    ----------
    geoms : geometry, sequence of n geometries, table, or float array of shape (n, 2)
        What to measure from, in longitude and latitude.
    target : geometry, sequence of geometries, table, or Index
        What to measure to; several geometries are one target.
    edges : {"geodesic", "lonlat"}
        What joins two vertices, in ``geoms`` and ``target``.

    Returns
    -------
    array of shape (n,)
        Metres; 0 where the two touch, and inside a polygon.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> equator = LineString([(170, 0), (-170, 0)])
    >>> distance([Point(180, 1), Point(-170, 0)], equator).round(3)
    array([110574.389,      0.   ])
    """
    index = as_index(target, edges)
    if is_points(geoms):
        lon, lat = as_points(geoms, what="the geometries")
        out = index.distances(lon, lat)
        out[index.inside(lon, lat)] = 0.0
        return out
    array = as_geometries(geoms)
    return _distance_of_geometries(array, index) if len(array) else np.empty(0)


def nearest(points: Geometries, target: Geometries | Index, *, edges: Edges = "geodesic") -> Nearest:
    """Find the nearest point of a target to each point.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Several geometries are one target.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Nearest

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> found = nearest([Point(5, 1), Point(5, -1)], LineString([(0, 0), (10, 0)]))
    >>> found.side.tolist(), found.chainage_m.round().tolist(), found.azimuth_deg.round(6).tolist()
    ([1, -1], [556597.0, 556597.0], [180.0, 0.0])
    """
    index = as_index(target, edges)
    lon, lat = as_points(points)
    found = index.measure(lon, lat)
    azimuth, _, _ = inverse(lon, lat, found.lon, found.lat)
    out = Nearest(
        distance_m=found.distance_m,
        index=index.vertices.row[index.edge_line[found.edge]].copy(),
        lon=found.lon,
        lat=found.lat,
        chainage_m=index.edge_chainage_m[found.edge] + found.along_m,
        side=_side(index, lon, lat, found.edge, found.along_m),
        azimuth_deg=np.mod(azimuth, 360.0),
    )
    out.side[found.distance_m < 1e-9] = 0
    out.azimuth_deg[found.distance_m < 1e-9] = np.nan
    point, container = index.containing_pairs(lon, lat)
    inside, first = np.unique(point, return_index=True)
    out.distance_m[inside] = 0.0
    out.index[inside] = container[first]
    out.lon[inside], out.lat[inside] = lon[inside], lat[inside]
    out.chainage_m[inside] = np.nan
    out.azimuth_deg[inside] = np.nan
    out.side[inside] = 0
    return out


def pairs_within(
    points: Geometries, target: Geometries | Index, cutoff_m: float, *, edges: Edges = "geodesic"
) -> Pairs:
    """Find every pair of a point and a geometry of the target within a distance.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Each geometry is measured separately.
    cutoff_m : float
        The largest distance, metres.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Pairs
        Sorted by point, then by geometry.

    Raises
    ------
    CRSError, GeometryError

    Warns
    -----
    UserWarning
        Before the search, if more than 1e8 pairs are expected.

    Examples
    --------
    >>> from shapely import Point
    >>> found = pairs_within([[0, 0], [3, 0]], [Point(0, 1), Point(2, 0), Point(9, 9)], 150_000)
    >>> found.point.tolist(), found.index.tolist(), found.distance_m.round().tolist()
    ([0, 1], [0, 1], [110574.0, 111319.0])
    """
    if not cutoff_m >= 0 or not np.isfinite(cutoff_m):
        msg = f"cutoff_m must be 0 or more and finite, found {cutoff_m}"
        raise GeometryError(msg)
    index = as_index(target, edges)
    lon, lat = as_points(points)
    _warn_of_many_pairs(lon, lat, index, cutoff_m)
    return _pairs_within(lon, lat, index, np.full(len(lon), float(cutoff_m)))


def k_nearest(points: Geometries, target: Geometries | Index, k: int, *, edges: Edges = "geodesic") -> Pairs:
    """Find the k geometries of the target that are nearest to each point.

    Finds all pairs within a radius, and doubles the radius for points with fewer than k
    geometries, so that the result is exact.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Each geometry is measured separately.
    k : int
        The number of geometries; all of them if the target has fewer.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Pairs
        Sorted by point, then by distance, then by geometry.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import Point
    >>> k_nearest([[0, 0]], [Point(9, 9), Point(0, 1), Point(2, 0)], 2).index.tolist()
    [1, 2]
    """
    if k < 1:
        msg = f"k must be 1 or more, found {k}"
        raise GeometryError(msg)
    index = as_index(target, edges)
    lon, lat = as_points(points)
    if len(lon) == 0:
        return _no_pairs()
    number = min(k, len(index.geometries))
    radius = index.distances(lon, lat) * 1.5 + 1.0
    open_ = np.arange(len(lon))
    parts: list[Pairs] = []
    while len(open_):
        found = _pairs_within(lon[open_], lat[open_], index, radius[open_])
        done = (np.bincount(found.point, minlength=len(open_)) >= number) | (radius[open_] >= LONGEST_M)
        use = done[found.point]
        parts.append(Pairs(open_[found.point[use]], found.index[use], found.distance_m[use]))
        open_ = open_[~done]
        radius[open_] = np.minimum(radius[open_] * 2, LONGEST_M)
    pairs = _concatenated(parts)
    order = np.lexsort((pairs.index, pairs.distance_m, pairs.point))
    point = pairs.point[order]
    keep = np.arange(len(point)) - np.searchsorted(point, point) < number
    order = order[keep]
    return Pairs(pairs.point[order], pairs.index[order], pairs.distance_m[order])


def _side(index: Index, lon: Floats, lat: Floats, edge: Ints, along: Floats) -> Ints:
    """Return on which side of the line each point is.

    At a vertex the sum of the directions before and after it decides, which is correct for all
    points for which that vertex is nearest.
    """
    side = np.zeros(len(edge), dtype=np.int64)
    length = index.edge_length_m[edge]
    inner = (along > 1e-9) & (along < length - 1e-9)
    plain = inner & (length <= LONGEST_PIECE_M) & index.segments.geodesic
    line = np.flatnonzero(plain)
    side[line] = _side_of_single_piece(index, lon[line], lat[line], edge[line])
    rest = np.flatnonzero(~plain)
    if len(rest):
        side[rest] = _side_by_azimuth(index, (lon[rest], lat[rest]), edge[rest], along[rest], inner[rest])
    side[index.vertices.kind[index.edge_line[edge]] == POINT] = 0
    return side


def _side_of_single_piece(index: Index, lon: Floats, lat: Floats, edge: Ints) -> Ints:
    # The sign of the distance from the plane through the chord and the normal at its midpoint.
    ends = index.segments
    a, b = ecef(ends.lon1[edge], ends.lat1[edge]), ecef(ends.lon2[edge], ends.lat2[edge])
    off = offset_from_piece(a, b, 0.0, ecef(lon, lat))
    return np.where(np.abs(off) <= 1e-9, 0, -np.sign(off)).astype(np.int64)


def _side_by_azimuth(index: Index, points: tuple[Floats, Floats], edge: Ints, along: Floats, inner: Bools) -> Ints:
    length = index.edge_length_m[edge]
    at_start, at_end = ~inner & (along <= 1e-9), ~inner & (along > 1e-9)
    previous, following = _neighbours(index)
    other = np.where(at_start, previous[edge], np.where(at_end, following[edge], -1))
    share = np.where(at_start, 0.0, np.where(at_end, 1.0, along / np.where(length > 0, length, 1.0)))
    qlon, qlat, heading, _ = GeodesicWalker(index.segments, edge).at(share)
    total = _unit_vector(heading)
    joined = np.flatnonzero(other >= 0)
    if len(joined):
        walker = GeodesicWalker(index.segments, other[joined])
        _, _, heading, _ = walker.at(np.where(at_start[joined], 1.0, 0.0))
        total[joined] += _unit_vector(heading)
    azimuth, _, _ = inverse(qlon, qlat, *points)
    towards = _unit_vector(azimuth)
    cross = total[:, 0] * towards[:, 1] - total[:, 1] * towards[:, 0]
    return np.where(np.abs(cross) < 1e-12, 0, np.sign(cross)).astype(np.int64)


def _unit_vector(heading: Floats) -> Floats:
    rad = np.radians(heading)
    out: Floats = np.c_[np.sin(rad), np.cos(rad)]
    return out


def _neighbours(index: Index) -> tuple[Ints, Ints]:
    """Return the edge before and the edge after each edge on its line, or -1."""
    count = len(index.edge_line)
    number = np.arange(count)
    is_first = run_starts(index.edge_line)
    previous = np.where(is_first, -1, number - 1)
    following = np.where(np.r_[is_first[1:], True], -1, number + 1)
    first = np.flatnonzero(is_first)
    last = np.r_[first[1:] - 1, count - 1]
    ends = index.segments
    closed = (ends.lon1[first] == ends.lon2[last]) & (ends.lat1[first] == ends.lat2[last]) & (first != last)
    previous[first[closed]] = last[closed]
    following[last[closed]] = first[closed]
    return previous, following


def _distance_of_geometries(array: GeometryArray, target: Index) -> Floats:
    """Return the distance of each geometry from the target, in metres; 0 where they touch."""
    own = Index(array, edges=target.edges)
    vertices = own.vertices
    best = np.full(len(array), np.inf)
    of_vertices = target.distances(vertices.lon, vertices.lat)
    of_vertices[target.inside(vertices.lon, vertices.lat)] = 0.0
    np.minimum.at(best, vertices.row[vertices.line], of_vertices)
    best[_containing(own, target)] = 0.0
    piece_line = own.edge_line[own.pieces.edge]
    row = vertices.row[piece_line]
    far = best > CLOSED_FORM_MAX_M
    rest = np.flatnonzero((vertices.kind[piece_line] != POINT) & (best[row] > 0))
    for begin in range(0, len(rest), _BETWEEN_CHUNK):
        part = rest[begin : begin + _BETWEEN_CHUNK]
        # Beyond the range of the closed form only crossings are looked for here.
        limit = np.where(far[row[part]], 0.0, best[row[part]])
        found = _distance_of_pieces(own.pieces.take(part), target, limit)
        np.minimum.at(best, row[part], np.where(far[row[part]] & (found > 0), np.inf, found))
    for g in np.flatnonzero(far & (best > 0)):
        if array[g].geom_type != "Point":
            back = Index(array[g], edges=target.edges).distances(target.vertices.lon, target.vertices.lat)
            best[g] = min(best[g], float(back.min()))
    return best


def _containing(own: Index, target: Index) -> Ints:
    """Return the geometries that contain a first vertex of a line of the target.

    If nothing crosses, the whole line is then inside.
    """
    vertices = target.vertices
    first = np.searchsorted(vertices.line, np.arange(len(vertices.row)))
    _, row = own.containing_pairs(vertices.lon[first], vertices.lat[first])
    return np.unique(row)


def _distance_of_pieces(mine: Pieces, target: Index, limit: Floats) -> Floats:
    """Return the distance of each piece from the ends of the target's pieces; 0 where it crosses one.

    Only distances below ``limit`` are looked for; the result is ``limit`` where there are none.
    """
    theirs = target.pieces
    middle = 0.5 * (mine.a + mine.b)
    radius = 0.51 * mine.length_m + 0.51 * LONGEST_PIECE_M
    i, j = candidates(middle, target.tree, limit + radius)
    out = np.where(limit > 0, limit, np.inf)
    for end in (theirs.a, theirs.b):
        q, _ = foot_point(end[j], mine.a[i], mine.b[i], mine.sagitta_m[i])
        np.minimum.at(out, i, closed_form(end[j], q))
    mine_i, theirs_j = mine.take(i), theirs.take(j)
    crosses = (
        _separates(theirs_j, mine_i.a, mine_i.b)
        & _separates(mine_i, theirs_j.a, theirs_j.b)
        & (row_norm(middle[i] - 0.5 * (theirs_j.a + theirs_j.b)) <= radius[i])
    )
    out[i[crosses]] = 0.0
    return out


def _separates(pieces: Pieces, p: Floats, q: Floats) -> Bools:
    """Return whether two points are on different sides of each piece."""
    beside_p = offset_from_piece(pieces.a, pieces.b, pieces.sagitta_m, p)
    beside_q = offset_from_piece(pieces.a, pieces.b, pieces.sagitta_m, q)
    out: Bools = beside_p * beside_q < 0
    return out


def _no_pairs() -> Pairs:
    return Pairs(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))


def _concatenated(parts: list[Pairs]) -> Pairs:
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__slots__))


def _pairs_within(lon: Floats, lat: Floats, index: Index, cutoff_m: Floats) -> Pairs:
    parts = []
    for begin in range(0, len(lon), _PAIRS_CHUNK):
        part = slice(begin, begin + _PAIRS_CHUNK)
        found = _pairs_of_chunk(lon[part], lat[part], index, cutoff_m[part])
        parts.append(Pairs(found.point + begin, found.index, found.distance_m))
    return _concatenated(parts) if parts else _no_pairs()


def _pairs_of_chunk(lon: Floats, lat: Floats, index: Index, cutoff_m: Floats) -> Pairs:
    p, pieces = ecef(lon, lat), index.pieces
    point, piece = candidates(p, index.tree, cutoff_m)
    q, t = foot_point(p[point], pieces.a[piece], pieces.b[piece], pieces.sagitta_m[piece])
    d = closed_form(p[point], q)
    far = np.flatnonzero(d > CLOSED_FORM_MAX_M)
    if len(far):
        feet = (piece[far], q[far], t[far])
        d[far] = karney_distance(lon[point[far]], lat[point[far]], index.segments, pieces, feet)
    keep = d <= cutoff_m[point]
    point, piece, d = point[keep], piece[keep], d[keep]
    row = index.vertices.row[index.edge_line[pieces.edge[piece]]]
    inside, container = index.containing_pairs(lon, lat)
    point, row, d = np.r_[point, inside], np.r_[row, container], np.r_[d, np.zeros(len(inside))]
    order = np.lexsort((d, row, point))
    order = order[run_starts(point[order], row[order])]
    return Pairs(point[order], row[order], d[order])


def _warn_of_many_pairs(lon: Floats, lat: Floats, index: Index, cutoff_m: float) -> None:
    if len(lon) * len(index.geometries) <= _MANY_PAIRS:
        return
    step = max(1, len(lon) // 512)
    sample = _pairs_within(lon[::step], lat[::step], index, np.full(len(lon[::step]), float(cutoff_m)))
    estimate = len(sample.point) * step
    if estimate > _MANY_PAIRS:
        text = (
            f"about {estimate:.1e} pairs within {cutoff_m:g} m need {estimate * 24 / 1e9:.0f} GB of memory; "
            "choose a smaller cutoff"
        )
        warnings.warn(text, UserWarning, stacklevel=3)
