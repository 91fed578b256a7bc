"""Find the nearest piece: a tree of bounding boxes, the closed form, and Karney's algorithm beyond 500 km.

The boxes are aligned with the principal axes of the target, so that the box of a border is long
and thin in any direction.  Eight neighbours share a box, eight boxes share a box of the next
level, up to one root; the tree is stored in arrays, without pointers.  Corners are relative to
the centre of the target, in single precision, rounded outward.

All points descend the tree together, level by level.  With ``c`` a chord and ``d`` the geodesic
over it, ``2 R' asin(c/2R') ≤ d ≤ 2 r asin(c/2r)`` with ``R' = a²/b`` and ``r = b²/a`` (proved in
``docs/geodesy.md``).  A box is skipped only if nothing in it can be nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geoconflict.geodesy._ellipsoid import (
    A_M,
    E2,
    LONGEST_M,
    R_MAX_M,
    R_MEAN_M,
    R_MIN_M,
    Bools,
    Floats,
    Ints,
    closed_form,
    closed_form_error,
    direct,
    ecef,
    inverse,
    lonlat,
    max_chord_of_distance,
    max_distance_of_chord,
    row_norm,
)
from geoconflict.geodesy._pieces import Pieces, Segments, foot_point, run_starts

if TYPE_CHECKING:
    from collections.abc import Callable

FANOUT = 8
CLOSED_FORM_MAX_M = 500_000.0
"""Up to this distance the closed form is used, beyond it Karney's algorithm."""
_EMPTY_BOX = np.float32(1e30)
_SAMPLE = 20_000
_BLOCK = FANOUT * FANOUT
_LONG = 4 * _BLOCK
_CHUNK = 8192
_ROUNDING_M = 1e-6
_TRUSTED_M = 18_000_000.0
_QUARTER_M = 9_900_000.0
_MAX_PAIRS = 50_000
_MAX_STEPS = 8
# The error left after a step of one centimetre changes a distance by less than 1e-9 m.
_CONVERGED_M = 0.01
_SIMPSON_PARTS = 64


@dataclass(frozen=True, slots=True)
class Tree:
    """Bounding boxes level by level, the children of the root first.

    Attributes
    ----------
    groups : array of shape (g, 48)
        Eight boxes per group: their low x, low y, low z, high x, high y and high z, metres.
        Unused boxes of a group contain nothing.
    first : array of shape (levels + 1,)
        The group at which each level starts. Box ``j`` of a level has group ``j`` of the next
        level as its children; the boxes of the last level are those of the pieces.
    frame : array of shape (4, 3)
        The three axes, and the centre of the target in them.
    """

    groups: npt.NDArray[np.float32]
    first: Ints
    frame: Floats


def principal_axes(middle: Floats) -> Floats:
    """Return the principal axes of points, and their mean in these axes, as an array of shape (4, 3).

    Only a sample of the points is used: the axes affect the speed, not the result.
    """
    sample = middle[:: max(1, len(middle) // _SAMPLE)]
    mean = sample.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((sample - mean).T) if len(sample) > 1 else np.eye(3))
    rotation = np.ascontiguousarray(axes.T[::-1])
    return np.concatenate([rotation, (rotation @ mean)[None, :]])


def to_frame(xyz: Floats, frame: Floats) -> Floats:
    """Return points in the axes of a frame, relative to its centre."""
    out: Floats = xyz @ frame[:3].T - frame[3]
    return out


def piece_order(local: Floats, lines: int, spatial_order: Callable[[Floats], Ints]) -> Ints:
    """Return an order of pieces in which neighbours share boxes.

    Long lines keep their order in blocks of 64, and the blocks are sorted spatially.  Many short
    lines are sorted piece by piece if that makes the boxes smaller.

    Parameters
    ----------
    local : array of shape (n, 3)
        Midpoints of the pieces in the frame of the tree.
    lines : int
        The number of lines that the pieces belong to.
    spatial_order : callable
        Returns an order of points that keeps neighbours together.
    """
    count = len(local)
    if count >= _LONG * lines:
        whole = count // _BLOCK
        means = local[: whole * _BLOCK].reshape(whole, _BLOCK, 3).mean(axis=1)
        blocks = spatial_order(means) if whole > 1 else np.arange(whole)
        inner = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        return np.concatenate([inner, np.arange(whole * _BLOCK, count)]).astype(np.int64)
    along, by_place = np.arange(count), spatial_order(local)
    return along if _total_box_size(local) <= _total_box_size(local[by_place]) else by_place


def _total_box_size(local: Floats) -> float:
    total = 0.0
    for size in (FANOUT, FANOUT * FANOUT):
        starts = np.arange(0, len(local), size)
        total += float((np.maximum.reduceat(local, starts) - np.minimum.reduceat(local, starts)).sum()) * size
    return total


def morton_order(xyz: Floats) -> Ints:
    """Return the order of points along the Morton curve, 21 bits per axis."""
    lowest = xyz.min(axis=0)
    span = max(float((xyz.max(axis=0) - lowest).max()), 1e-9)
    grid = ((xyz - lowest) * ((2**21 - 1) / span)).astype(np.uint64)
    code = np.zeros(len(xyz), dtype=np.uint64)
    for axis in range(3):
        code |= _spread_bits(grid[:, axis]) << np.uint64(axis)
    return np.argsort(code, kind="stable").astype(np.int64)


def _spread_bits(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Insert two zeros between neighbouring bits of 21-bit numbers."""
    for shift, mask in (
        (32, 0x001F00000000FFFF),
        (16, 0x001F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        x = (x | (x << np.uint64(shift))) & np.uint64(mask)
    return x


def build_tree(low: Floats, high: Floats, frame: Floats) -> Tree:
    """Return the tree over the boxes of pieces, which are in order and have their corners in the frame."""
    lows = np.nextafter(low.astype(np.float32), np.float32(-np.inf))
    highs = np.nextafter(high.astype(np.float32), np.float32(np.inf))
    levels = []
    while True:
        count = len(lows)
        size = -(-count // FANOUT)
        full = np.empty((size * FANOUT, 6), dtype=np.float32)
        full[:, :3], full[:, 3:] = _EMPTY_BOX, -_EMPTY_BOX
        full[:count, :3], full[:count, 3:] = lows, highs
        levels.append(full.reshape(size, FANOUT, 6).transpose(0, 2, 1).reshape(size, 6 * FANOUT))
        if size == 1:
            break
        starts = np.arange(0, count, FANOUT)
        lows, highs = np.minimum.reduceat(lows, starts, axis=0), np.maximum.reduceat(highs, starts, axis=0)
    levels.reverse()
    first = np.cumsum([0, *(len(level) for level in levels)]).astype(np.int64)
    return Tree(np.ascontiguousarray(np.concatenate(levels)), first, frame)


def candidates(p: Floats, tree: Tree, within_m: Floats | None = None) -> tuple[Ints, Ints]:
    """Return every pair of a point and a piece that may be nearest to it.

    Parameters
    ----------
    p : array of shape (n, 3)
        Points, ECEF in metres.
    tree : Tree
        The tree of the target.
    within_m : array of shape (n,), optional
        Return instead every pair that may be within this distance.

    Returns
    -------
    point, piece : arrays of shape (k,), sorted by point
    """
    local = to_frame(p, tree.frame)
    point = np.arange(len(p))
    node = np.zeros(len(p), dtype=np.int64)
    limit = np.full(len(p), np.inf) if within_m is None else max_chord_of_distance(within_m) + _ROUNDING_M
    for level in range(len(tree.first) - 1):
        box = tree.groups[int(tree.first[level]) + node].astype(np.float64).reshape(len(node), 2, 3, FANOUT)
        x = local[point][:, :, None]
        low, high = box[:, 0] - x, x - box[:, 1]
        gap = np.maximum(np.maximum(low, high), 0.0)
        least = np.sqrt(np.einsum("ijk,ijk->ik", gap, gap))
        if within_m is None and len(point):
            # Each box contains a piece, which is no farther away than the farthest corner of the box.
            reach = np.maximum(-low, -high)
            most = np.sqrt(np.einsum("ijk,ijk->ik", reach, reach)).min(axis=1)
            starts = np.flatnonzero(run_starts(point))
            nearest = max_chord_of_distance(max_distance_of_chord(np.minimum.reduceat(most, starts))) + _ROUNDING_M
            limit[point[starts]] = np.minimum(limit[point[starts]], nearest)
        row, lane = np.nonzero(least <= limit[point][:, None])
        point, node = point[row], node[row] * FANOUT + lane
    return point, node


def nearest_piece(p: Floats, pieces: Pieces, tree: Tree) -> tuple[Floats, Ints, Floats]:
    """Return for each point the distance in closed form, the nearest piece and the position on it.

    If several pieces are equally near, the first in the order of edges is returned.
    """
    distance = np.empty(len(p))
    which = np.empty(len(p), dtype=np.int64)
    share = np.empty(len(p))
    for begin in range(0, len(p), _CHUNK):
        x = p[begin : begin + _CHUNK]
        point, piece = candidates(x, tree)
        q, t = foot_point(x[point], pieces.a[piece], pieces.b[piece], pieces.sagitta_m[piece])
        d = closed_form(x[point], q)
        order = np.lexsort((pieces.rank[piece], d, point))
        first = order[run_starts(point[order])]
        distance[begin : begin + len(x)] = d[first]
        which[begin : begin + len(x)] = piece[first]
        share[begin : begin + len(x)] = t[first]
    return distance, which, share


@dataclass(frozen=True, slots=True)
class NearestPoints:
    """The point of a target nearest to each of n points: its distance, its edge, and its position."""

    distance_m: Floats
    edge: Ints
    lon: Floats
    lat: Floats
    along_m: Floats


class GeodesicWalker:
    """Walk along edges, one edge for each of n points."""

    def __init__(self, segments: Segments, edge: Ints) -> None:
        self.lon1, self.lat1 = segments.lon1[edge], segments.lat1[edge]
        self.lon2, self.lat2 = segments.lon2[edge], segments.lat2[edge]
        self.geodesic = segments.geodesic
        self.azimuth, _, self.length = inverse(self.lon1, self.lat1, self.lon2, self.lat2)

    def at(self, share: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return longitude, latitude, azimuth, and metres per unit of share, at a share of each edge from 0 to 1."""
        if self.geodesic:
            return *direct(self.lon1, self.lat1, self.azimuth, share * self.length), self.length
        lon = self.lon1 + share * (self.lon2 - self.lon1)
        lat = self.lat1 + share * (self.lat2 - self.lat1)
        sin, cos = np.sin(np.radians(lat)), np.cos(np.radians(lat))
        w2 = 1 - E2 * sin * sin
        east = np.radians(self.lon2 - self.lon1) * cos * A_M / np.sqrt(w2)
        north = np.radians(self.lat2 - self.lat1) * A_M * (1 - E2) / w2**1.5
        return lon, lat, np.degrees(np.arctan2(east, north)), np.hypot(east, north)

    def share_of(self, lon: Floats, lat: Floats, along_m: Floats) -> Floats:
        """Return the approximate share of each edge at the position of a point on it."""
        if self.geodesic:
            share = along_m / np.where(self.length > 0, self.length, 1.0)
        else:
            dlon, dlat = self.lon2 - self.lon1, self.lat2 - self.lat1
            off = lon - self.lon1
            off -= 360 * np.round((off - dlon / 2) / 360)
            by_lon = off / np.where(dlon != 0, dlon, 1.0)
            by_lat = (lat - self.lat1) / np.where(dlat != 0, dlat, 1.0)
            share = np.where(np.abs(dlon) > np.abs(dlat), by_lon, by_lat)
        out: Floats = np.clip(share, 0.0, 1.0)
        return out

    def along_m(self, share: Floats) -> Floats:
        """Return the distance from the start of each edge to a share of it, in metres."""
        if self.geodesic:
            return share * self.length
        # The length of a line that is straight in degrees, by Simpson's rule.
        total = np.zeros(len(share))
        for i in range(_SIMPSON_PARTS + 1):
            weight = 1 if i in (0, _SIMPSON_PARTS) else 4 if i % 2 else 2
            total += weight * self.at(share * (i / _SIMPSON_PARTS))[3]
        out: Floats = total * share / (3 * _SIMPSON_PARTS)
        return out

    def nearest(self, share: Floats, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return the distance of each point from its edge and the share of the nearest point, by Newton's method.

        The search starts at ``share``.  Along a geodesic the distance has one minimum as long
        as it is less than a quarter of the globe; otherwise both ends are tried too.
        """
        best = np.full(len(share), np.inf)
        best_share = share.copy()
        now = share
        for _ in range(_MAX_STEPS):
            d, step, speed = self._newton_step(now, lon, lat)
            better = d < best
            best, best_share = np.where(better, d, best), np.where(better, now, best_share)
            last, now = now, np.clip(now + step / np.where(speed > 0, speed, 1.0), 0.0, 1.0)
            if np.all(np.abs(now - last) * speed < _CONVERGED_M):
                break
        if not self.geodesic or bool((best > _QUARTER_M).any()):
            for end in (0.0, 1.0):
                d, _, _ = self._newton_step(np.full(len(share), end), lon, lat)
                better = d < best
                best, best_share = np.where(better, d, best), np.where(better, end, best_share)
        return best, best_share

    def _newton_step(self, share: Floats, lon: Floats, lat: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the distance of each point, how many metres ahead its foot should be, and metres per unit of share."""
        qlon, qlat, heading, speed = self.at(share)
        azimuth, _, d = inverse(qlon, qlat, lon, lat)
        turn = np.radians(azimuth - heading)
        theta = np.clip(d / R_MEAN_M, 1e-12, np.pi - 1e-6)
        if self.geodesic:
            # The right-angled triangle on a sphere; each step reduces the error from the flattening 300-fold.
            return d, R_MEAN_M * np.arctan2(np.sin(theta) * np.cos(turn), np.cos(theta)), speed
        # Newton's step on cos(turn) = 0. A line straight in degrees is curved relative to the geodesic.
        sin, cos = np.sin(np.radians(heading)), np.cos(np.radians(heading))
        curvature = -np.tan(np.radians(np.clip(qlat, -89.9, 89.9))) * sin * (1 + cos * cos)
        second = np.sin(turn) ** 2 / np.tan(theta) - curvature * np.sin(turn)
        second = np.where(second > 0, np.maximum(second, 0.05), 0.5)
        return d, R_MEAN_M * np.clip(np.cos(turn) / second, -0.05, 0.05), speed


def karney_refine(
    lon: Floats, lat: Floats, approximate_m: Floats, segments: Segments, pieces: Pieces, tree: Tree
) -> NearestPoints:
    """Return the nearest points of a target to distant points, measured by Karney's algorithm.

    Every edge that the bounds do not exclude is tried; on each, Newton's method finds the
    nearest point, and both ends are tried too.

    Parameters
    ----------
    lon, lat : array of shape (n,)
        Degrees.
    approximate_m : array of shape (n,)
        The distance in closed form.
    segments, pieces, tree
        The target: its edges, and its pieces with their tree.
    """
    parts = []
    begin, size = 0, 32
    while begin < len(lon):
        part = slice(begin, begin + size)
        found, pairs = _refine_chunk((lon[part], lat[part], approximate_m[part]), segments, pieces, tree)
        parts.append(found)
        begin += size
        # The next chunk is as large as keeps the number of pairs to a few ten thousand.
        size = int(np.clip(size * _MAX_PAIRS / max(pairs, 1), 1, 4096))
    return NearestPoints(*(np.concatenate([getattr(part, name) for part in parts]) for name in NearestPoints.__slots__))


def _refine_chunk(
    points: tuple[Floats, Floats, Floats], segments: Segments, pieces: Pieces, tree: Tree
) -> tuple[NearestPoints, int]:
    """Return the nearest points to a chunk of points, and the number of pairs that were tested."""
    lon, lat, approximate_m = points
    p = ecef(lon, lat)
    trusted = approximate_m <= _TRUSTED_M
    within = np.where(trusted, approximate_m + closed_form_error(approximate_m) + 1.0, LONGEST_M)
    point, piece = candidates(p, tree, within)
    pairs = len(point)
    q, t = foot_point(p[point], pieces.a[piece], pieces.b[piece], pieces.sagitta_m[piece])
    d = closed_form(p[point], q)
    chord = row_norm(q - p[point])
    keep = _possibly_nearest(point, d, chord, pieces.length_m[piece])
    point, piece, q, t = point[keep], piece[keep], q[keep], t[keep]
    qlon, qlat = lonlat(q)
    _, _, d = inverse(lon[point], lat[point], qlon, qlat)
    keep = d - _foot_error(d, pieces.length_m[piece]) <= _least_of_point(point, d)
    point, piece, q, t, d = point[keep], piece[keep], q[keep], t[keep], d[keep]
    # Of the pieces of one edge only the nearest starts the search along that edge.
    order = np.lexsort((d, pieces.edge[piece], point))
    order = order[run_starts(point[order], pieces.edge[piece][order])]
    point, piece, q, t = point[order], piece[order], q[order], t[order]
    edge = pieces.edge[piece]
    walker, share = _walker_at_feet(segments, pieces, (piece, q, t))
    best, best_share = walker.nearest(share, lon[point], lat[point])
    order = np.lexsort((edge, best, point))
    first = order[run_starts(point[order])]
    flon, flat, _, _ = walker.at(best_share)
    along = walker.along_m(best_share)
    return NearestPoints(best[first], edge[first], flon[first], flat[first], along[first]), pairs


def _possibly_nearest(point: Ints, d: Floats, chord: Floats, length: Floats) -> Bools:
    """Return which pieces may be the nearest to their point, by the bounds of the chord and the closed form."""
    most = max_distance_of_chord(chord)
    least = 2 * R_MAX_M * np.arcsin(np.minimum(chord / (2 * R_MAX_M), 1.0))
    trusted = d <= _TRUSTED_M
    error = closed_form_error(d)
    most = np.where(trusted, np.minimum(most, d + error), most)
    least = np.where(trusted, np.maximum(least, d - error - _foot_error(d, length)), least)
    return least <= _least_of_point(point, most)


def _foot_error(d: Floats, length: Floats) -> Floats:
    # The foot perpendicular to the chord is off by an angle of little more than e² θ²/12, within one piece.
    out: Floats = np.where(d < _QUARTER_M, E2 / 6 * (d / R_MIN_M) ** 2, 1.0) * (length + 1.0)
    return out


def _least_of_point(point: Ints, values: Floats) -> Floats:
    """Return for each pair the least value among the pairs of the same point."""
    first = run_starts(point)
    out: Floats = np.minimum.reduceat(values, np.flatnonzero(first))[np.cumsum(first) - 1]
    return out


def _walker_at_feet(
    segments: Segments, pieces: Pieces, feet: tuple[Ints, Floats, Floats]
) -> tuple[GeodesicWalker, Floats]:
    piece, q, t = feet
    qlon, qlat = lonlat(q)
    walker = GeodesicWalker(segments, pieces.edge[piece])
    return walker, walker.share_of(qlon, qlat, pieces.start_m[piece] + t * pieces.length_m[piece])


def karney_distance(
    lon: Floats, lat: Floats, segments: Segments, pieces: Pieces, feet: tuple[Ints, Floats, Floats]
) -> Floats:
    """Return the distance of each point from the edge of a piece, starting from an approximate foot.

    Parameters
    ----------
    lon, lat : array of shape (n,)
        Degrees.
    segments, pieces
        The target.
    feet : tuple
        For each point the piece, and the ECEF coordinates and the position that `foot_point` returned.
    """
    walker, share = _walker_at_feet(segments, pieces, feet)
    return walker.nearest(share, lon, lat)[0]
