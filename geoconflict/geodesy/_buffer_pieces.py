"""The pieces of a buffer, made on the ellipsoid: discs around points and strips along edges.

A chain of geodesic edges gives one piece per edge: the strip between the two curves at distance
*r* on either side, together with the circular sector at the end of the edge on the outer side of
the turn, or a half disc where the chain ends.  Every piece is inside the true buffer, their union
is the true buffer, and neighbours overlap a little.  So the boundary of their union in the
lon/lat plane is at distance *r* from the geometry everywhere, concave corners included, and no
vertex has to be moved afterwards.

Coordinates are multiples of 2**-44 degrees (6 nm), so that a shift by 360 degrees is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.geodesy._curves import ARC, POINT, SIDE, SPOKE, BufferSpec, Curves, Rings, circle_chords, sample
from geoconflict.geodesy._ellipsoid import R_MEAN_M, Bools, Floats, Ints, direct, inverse, quantise
from geoconflict.geodesy._pieces import ragged_ranges, run_starts

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geoconflict.geodesy._checks import GeometryArray

Positions = tuple[Floats, Floats]
"""Longitudes and latitudes."""

_LONGEST_EDGE_M = 500_000.0
_KNOTS = 12
_SMOOTH = 0.02
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Chains:
    """Geodesic edges in the order of their lines.

    Attributes
    ----------
    lon, lat : float64 array (n, 2)
        Both ends of each edge, degrees.
    azimuth : float64 array (n, 2)
        Azimuth of the edge at its start and at its end, degrees.
    length_m : float64 array (n,)
    next_ : int64 array (n,)
        The following edge of the same line, or -1 where the line ends.
    first : bool array (n,)
        Whether no edge comes before this one.
    """

    lon: Floats
    lat: Floats
    azimuth: Floats
    length_m: Floats
    next_: Ints
    first: Bools

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.length_m)


def build_chains(coords: Floats, line: Ints) -> Chains:
    """Cut lines into geodesic edges of at most 500 km.

    Consecutive equal points are dropped.  A line whose last point equals its first is closed:
    its last edge is followed by its first.  A line of one point gives no edge.

    Parameters
    ----------
    coords : float64 array (n, 2)
        Degrees, lon and lat.
    line : int64 array (n,)
        The line that each point belongs to, ascending.

    Returns
    -------
    Chains
    """
    coords = np.column_stack([quantise((coords[:, 0] + 180.0) % 360.0 - 180.0), quantise(coords[:, 1])])
    pole = np.abs(coords[:, 1]) >= 90.0
    keep = np.ones(len(coords), dtype=bool)
    keep[1:] = (line[1:] != line[:-1]) | (
        ((coords[1:] != coords[:-1]).any(axis=1)) & ~(pole[1:] & (coords[1:, 1] == coords[:-1, 1]))
    )
    coords, line = coords[keep], line[keep]
    edge = np.flatnonzero(line[1:] == line[:-1])
    lon = np.column_stack([coords[edge, 0], coords[edge + 1, 0]])
    lat = np.column_stack([coords[edge, 1], coords[edge + 1, 1]])
    owner = line[edge]
    azimuth, arrival, metres = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    count = np.maximum(1, np.ceil(metres / _LONGEST_EDGE_M)).astype(np.int64)
    if (count > 1).any():
        parent, step = ragged_ranges(count)
        length = metres[parent] / count[parent]
        x, y, _ = direct(lon[parent, 0], lat[parent, 0], azimuth[parent], length * step)
        whole = step == 0
        x[whole], y[whole] = lon[parent[whole], 0], lat[parent[whole], 0]
        x, y = quantise(x), quantise(y)
        last = step == count[parent] - 1
        x2, y2 = np.append(x[1:], 0.0), np.append(y[1:], 0.0)
        x2[last], y2[last] = lon[parent[last], 1], lat[parent[last], 1]
        lon, lat, owner = np.column_stack([x, x2]), np.column_stack([y, y2]), owner[parent]
        azimuth, arrival, metres = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    first, next_ = run_starts(owner), np.full(len(metres), -1, dtype=np.int64)
    next_[:-1][~first[1:]] = np.flatnonzero(~first[1:]) + 1
    starts = np.flatnonzero(first)
    ends = np.append(starts[1:], len(metres))[: len(starts)] - 1
    closed = (lon[starts, 0] == lon[ends, 1]) & (lat[starts, 0] == lat[ends, 1]) & (ends > starts)
    next_[ends[closed]] = starts[closed]
    first[starts[closed]] = False
    return Chains(lon, lat, np.column_stack([azimuth, arrival]), metres, next_, first)


def discs(lon: Floats, lat: Floats, spec: BufferSpec) -> Rings:
    """Return one ring per point, counterclockwise from north."""
    zero = np.zeros(len(lon))
    return sample(Curves.of(ARC, np.arange(len(lon)), 0, lon, lat, zero, zero, zero + 360.0), spec)


def strips(chains: Chains, which: Ints, spec: BufferSpec) -> Rings:
    """Return the piece of each of the given edges, counterclockwise.

    Parameters
    ----------
    chains : Chains
    which : int64 array
        The edges.
    spec : BufferSpec

    Returns
    -------
    Rings
    """
    r = spec.radius_m
    n = len(which)
    a: Positions = (chains.lon[which, 0], chains.lat[which, 0])
    b: Positions = (chains.lon[which, 1], chains.lat[which, 1])
    start, end, length = chains.azimuth[which, 0], chains.azimuth[which, 1], chains.length_m[which]
    follow = chains.next_[which]
    leave = chains.azimuth[follow, 0]
    ends, begins = follow < 0, chains.first[which]
    turn = np.where(ends, 180.0, (end - leave + 180.0) % 360.0 - 180.0)
    left, right = (turn >= 0) & ~ends, (turn < 0) & ~ends
    # Where another edge follows, strips extend past the end of their edge and sectors past their angle, so that no
    # gap is left between two pieces; the corner of such a strip is nearer than r·(1 + overlap²/2) to the vertex.
    past = r * spec.overlap
    wedge = np.degrees(spec.overlap)
    tail = np.where(begins, 0.0, past)
    run = length + tail + np.where(ends, 0.0, past)
    x, y, heading = direct(*a, start, -tail)
    base: Positions = (np.where(begins, a[0], x), np.where(begins, a[1], y))
    heading = np.where(begins, start, heading)
    tip_x, tip_y, tip = direct(*b, end, np.full(n, past))
    far_right = _offset((tip_x, tip_y), tip + 90.0, r)
    far_left = _offset((tip_x, tip_y), tip - 90.0, r)
    right_b, left_b = leave + 90.0 - wedge, leave - 90.0 + wedge
    right_tip, left_tip = _offset(b, right_b, r), _offset(b, left_b, r)
    out_right = (np.where(left, right_tip[0], far_right[0]), np.where(left, right_tip[1], far_right[1]))
    out_left = (np.where(right, left_tip[0], far_left[0]), np.where(right, left_tip[1], far_left[1]))
    bent, half = np.abs(turn), np.full(n, 180.0)
    on, head = np.flatnonzero(~ends), np.flatnonzero(~begins)
    parts = [
        _side(0, base, heading, run, 90.0),
        _arc(1, np.flatnonzero(ends | left), b, end + 90.0 - np.where(ends, 0.0, wedge), bent),
        _corner(2, np.flatnonzero(left), b, right_b, r),
        _spoke(3, on, out_right, b),
        _corner(4, on, b, start, 0.0),
        _spoke(5, on, b, out_left),
        _corner(6, np.flatnonzero(right), b, left_b, r),
        _arc(7, np.flatnonzero(right), b, left_b, bent),
        _side(8, base, heading, run, -90.0),
        _arc(9, np.flatnonzero(begins), a, start - 90.0, half),
        _spoke(10, head, _offset(base, heading - 90.0, r), base),
        _corner(11, head, base, start, 0.0),
        _spoke(12, head, base, _offset(base, heading + 90.0, r)),
        _corner(13, np.arange(n), base, heading + 90.0, r),
    ]
    return sample(Curves.concatenate(parts), spec)


def _offset(at: Positions, azimuth: Floats, r: float) -> Positions:
    x, y, _ = direct(*at, azimuth, np.full(len(azimuth), r))
    return x, y


def _side(order: int, at: Positions, azimuth: Floats, length: Floats, angle: float) -> Curves:
    n = len(length)
    return Curves.of(SIDE, np.arange(n), order, *at, azimuth, length, np.full(n, angle))


def _arc(order: int, pick: Ints, at: Positions, azimuth: Floats, angle: Floats) -> Curves:
    zero = np.zeros(len(pick))
    return Curves.of(ARC, pick, order, at[0][pick], at[1][pick], azimuth[pick], zero, angle[pick])


def _corner(order: int, pick: Ints, at: Positions, azimuth: Floats, r: float) -> Curves:
    n = len(pick)
    return Curves.of(POINT, pick, order, at[0][pick], at[1][pick], azimuth[pick], np.full(n, r), np.zeros(n))


def _spoke(order: int, pick: Ints, start: Positions, end: Positions) -> Curves:
    azimuth, _, metres = inverse(start[0][pick], start[1][pick], end[0][pick], end[1][pick])
    return Curves.of(SPOKE, pick, order, start[0][pick], start[1][pick], azimuth, metres, np.zeros(len(pick)))


def circles(lon: Floats, lat: Floats, spec: BufferSpec) -> GeometryArray:
    """Return the disc around each point as a Polygon, or as a MultiPolygon where it is cut.

    Longitude and latitude along a circle are smooth functions of the azimuth: their k-th
    harmonic is of the order of ``(r·tan(lat)/R)**k``.  Where that is small, twelve points of a
    circle, computed by the direct problem, give all others by trigonometric interpolation, to
    better than 1e-9 of the radius.

    Parameters
    ----------
    lon, lat : float64 array (n,)
        Degrees.
    spec : BufferSpec

    Returns
    -------
    array of shape (n,)
    """
    lon, lat = quantise((lon + 180.0) % 360.0 - 180.0), quantise(lat)
    out = np.empty(len(lon), dtype=object)
    reach = np.abs(lat) + np.degrees(spec.radius_m / R_MEAN_M)
    steep = np.tan(np.radians(np.minimum(reach, 89.0)))
    wide = 1.1 * np.degrees(spec.radius_m / R_MEAN_M) * np.sqrt(1 + steep * steep)
    smooth = (reach < 89.0) & (steep * spec.radius_m / R_MEAN_M < _SMOOTH) & (np.abs(lon) + wide < 180.0)
    rows = np.flatnonzero(smooth)
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        out[some] = shapely.polygons(shapely.linearrings(_interpolated_circles(lon[some], lat[some], spec)))
    rest = np.flatnonzero(~smooth)
    pieces, owner = polygons_of_rings(discs(lon[rest], lat[rest], spec))
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(rest) + 1))
    for k, row in enumerate(rest):
        mine = pieces[order[bounds[k] : bounds[k + 1]]]
        out[row] = shapely.orient_polygons(shapely.union_all(mine), exterior_cw=False)
    return out


def _interpolated_circles(lon: Floats, lat: Floats, spec: BufferSpec) -> Floats:
    """Return closed rings, counterclockwise from north, of shape (n, count + 1, 2)."""
    n = len(lon)
    count, radius = circle_chords(spec, _SMOOTH)
    knots = -360.0 * np.arange(_KNOTS) / _KNOTS
    x, y, _ = direct(np.repeat(lon, _KNOTS), np.repeat(lat, _KNOTS), np.tile(knots, n), np.full(n * _KNOTS, radius))
    turn = 2 * np.pi * (np.append(np.arange(count), 0) / count - np.arange(_KNOTS)[:, None] / _KNOTS)
    # The kernel of trigonometric interpolation with an even number of knots, the highest harmonic halved.
    weight = 1 + np.cos(_KNOTS // 2 * turn)
    for order in range(1, _KNOTS // 2):
        weight += 2 * np.cos(order * turn)
    weight /= _KNOTS
    out = np.empty((n, count + 1, 2))
    out[:, :, 0] = (x.reshape(n, _KNOTS) - lon[:, None]) @ weight + lon[:, None]
    out[:, :, 1] = (y.reshape(n, _KNOTS) - lat[:, None]) @ weight + lat[:, None]
    return quantise(out)


def polygons_of_rings(rings: Rings) -> tuple[GeometryArray, Ints]:
    """Return the polygons of rings in the lon/lat plane, cut as RFC 7946 requires, and the ring of each.

    A ring is followed from point to point the short way round.  If it ends 360 degrees further
    east, it contains the north pole (its inside is on its left); if it ends 360 degrees further
    west, the south pole: it is closed along the edge of the plane at that pole.  Parts beyond
    longitude ±180 are cut off and shifted by 360 degrees.

    Parameters
    ----------
    rings : Rings
        Closed, simple on the ellipsoid, counterclockwise, each with at most one pole inside.
    """
    lon, lat, ring = rings.lon, rings.lat, rings.ring
    if not len(ring):
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    jump = np.zeros(len(lon), dtype=np.int64)
    step = np.diff(lon)
    jump[1:] = np.where(ring[1:] == ring[:-1], (step < -180).astype(np.int64) - (step > 180), 0)
    starts = np.flatnonzero(run_starts(ring))
    ends = np.append(starts[1:], len(ring)) - 1
    crosses = np.add.reduceat(np.abs(jump), starts) > 0
    ids = ring[starts]
    coords = np.column_stack([lon, lat])
    if not crosses.any():
        return _valid_polygons(coords, ring), ids
    inside = np.repeat(~crosses, ends - starts + 1)
    out: list[GeometryArray] = []
    owners: list[Ints] = []
    if not crosses.all():
        out.append(_valid_polygons(coords[inside], ring[inside]))
        owners.append(ids[~crosses])
    turns = np.cumsum(jump)
    for k in np.flatnonzero(crosses):
        part = slice(starts[k], ends[k] + 1)
        wind = turns[part] - turns[starts[k]]
        cut = _cut_ring(np.column_stack([lon[part] + 360.0 * wind, lat[part]]))
        out.append(cut)
        owners.append(np.full(len(cut), ids[k]))
    return np.concatenate(out), np.concatenate(owners)


def _cut_ring(coords: Floats) -> GeometryArray:
    """Return the polygons in the plane of a ring whose longitudes continue beyond ±180."""
    gain = coords[-1, 0] - coords[0, 0]
    if gain:
        pole = 90.0 if gain > 0 else -90.0
        coords = np.vstack([coords, [[coords[-1, 0], pole], [coords[0, 0], pole], coords[0]]])
    whole: BaseGeometry = shapely.Polygon(coords)
    if not whole.is_valid:
        whole = shapely.make_valid(whole)
    low = int(np.floor((coords[:, 0].min() + 180.0) / 360.0))
    high = int(np.floor((coords[:, 0].max() + 180.0) / 360.0))
    parts: list[BaseGeometry] = []
    for k in range(low, high + 1):
        part = shapely.intersection(whole, shapely.box(360.0 * k - 180.0, -90.0, 360.0 * k + 180.0, 90.0))
        back = np.array([360.0 * k, 0.0])
        parts.extend(
            shapely.transform(item, back.__rsub__) for item in shapely.get_parts(part) if item.geom_type == "Polygon"
        )
    out = np.empty(len(parts), dtype=object)
    out[:] = parts
    return out


def _valid_polygons(coords: Floats, ring: Ints) -> GeometryArray:
    """Return the polygons of rings, repaired so that an overlay accepts them.

    A ring crosses itself where its radius exceeds the radius of curvature of its side, by a few
    parts in 10**9, or where its flat side is thinner than rounding.
    """
    rank = np.cumsum(run_starts(ring)) - 1
    pieces: GeometryArray = np.asarray(shapely.polygons(shapely.linearrings(coords, indices=rank)))
    bad = ~shapely.is_valid(pieces)
    if bad.any():
        pieces[bad] = shapely.make_valid(pieces[bad], method="structure", keep_collapsed=False)
    return pieces
