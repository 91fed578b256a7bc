"""Pieces of a buffer: one small ring an edge, made on the ellipsoid.

A chain of geodesic edges is cut into one piece an edge: the strip between the
two curves at distance *r* on either side, together with the circular sector
at the end of the edge on the outer side of the turn, or half a disc where the
chain ends.  Every piece lies inside the true buffer, together they are the
true buffer, and each reaches a little into the next.
So the boundary of their union in the lon/lat plane is at distance *r* from the
geometry wherever one looks, concave corners included, and nothing has to be
moved afterwards.

The points come from the geodesic direct problem (Karney, through PROJ).
All coordinates are multiples of 2**-44 degrees (6 nm), so that a shift by 360
degrees changes no bit of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GEOD = pyproj.Geod(ellps="WGS84")
R_MEAN = 6_371_008.8
_QUANTUM = 2.0**44
_LONGEST_EDGE_M = 500_000.0
_STEEPEST_LAT = 89.99
_SHARE = 0.85


def quantise(degrees: Floats) -> Floats:
    """Round degrees to multiples of 2**-44 (6 nm), which survive a shift by 360 exactly."""
    out: Floats = np.round(degrees * _QUANTUM) / _QUANTUM
    return out


def forward(lon: Floats, lat: Floats, azimuth: Floats, distance: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the direct problem; return lon, lat and the azimuth on arrival."""
    x, y, back = GEOD.fwd(lon, lat, azimuth, distance)
    return np.asarray(x), np.asarray(y), np.asarray(back) + 180.0


def inverse(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the inverse problem; return the azimuths on leaving and on arrival, and metres."""
    start, back, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(start), np.asarray(back) + 180.0, np.asarray(metres)


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
        The edge that follows on the same line, or -1 where the line ends.
    first : bool array (n,)
        Whether no edge comes before this one.
    """

    lon: Floats
    lat: Floats
    azimuth: Floats
    length_m: Floats
    next_: Ints
    first: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.length_m)


def ragged_ranges(counts: Ints) -> tuple[Ints, Ints]:
    """Return for runs of the given lengths the run of each item and its place in it."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(int(counts.sum())) - starts[owner]


def chains_of(coords: Floats, line: Ints) -> Chains:
    """Cut lines into geodesic edges of at most 500 km.

    Consecutive equal points are dropped.  A line whose last point is its first
    is closed: its last edge is followed by its first.  A line of one point gives
    no edge.

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
        x, y, az = forward(lon[parent, 0], lat[parent, 0], azimuth[parent], length * step)
        whole = step == 0
        x[whole], y[whole], az[whole] = lon[parent[whole], 0], lat[parent[whole], 0], azimuth[parent[whole]]
        x, y = quantise(x), quantise(y)
        last = step == count[parent] - 1
        x2, y2 = np.append(x[1:], 0.0), np.append(y[1:], 0.0)
        x2[last], y2[last] = lon[parent[last], 1], lat[parent[last], 1]
        lon, lat, owner = np.column_stack([x, x2]), np.column_stack([y, y2]), owner[parent]
        azimuth, arrival, metres = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    n = len(metres)
    first, next_ = np.ones(n, dtype=bool), np.full(n, -1, dtype=np.int64)
    if n:
        same = owner[1:] == owner[:-1]
        first[1:] = ~same
        next_[:-1][same] = np.flatnonzero(same) + 1
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], n) - 1
        closed = (lon[starts, 0] == lon[ends, 1]) & (lat[starts, 0] == lat[ends, 1]) & (ends > starts)
        next_[ends[closed]] = starts[closed]
        first[starts[closed]] = False
    return Chains(lon, lat, np.column_stack([azimuth, arrival]), metres, next_, first)


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings in one flat array; ``ring`` names the ring of each point, ascending."""

    lon: Floats
    lat: Floats
    ring: Ints


def steepness(lat: Floats, reach_m: Floats | float) -> Floats:
    """Return tan of the largest latitude within reach, bounded short of the pole.

    A straight line in lon/lat bends against the geodesic by at most
    1.09·tan(lat)/R (its geodesic curvature sin α·(1 + cos² α)·tan(lat)/R at its greatest).
    """
    top = np.minimum(np.abs(lat) + np.degrees(np.asarray(reach_m) / R_MEAN), _STEEPEST_LAT)
    out: Floats = np.tan(np.radians(top))
    return out


@dataclass(frozen=True, slots=True)
class Spec:
    """How fine the pieces are: the radius, the tolerance, both in metres of boundary.

    Attributes
    ----------
    radius_m : float
    tol : float
        Greatest relative error of the distance along the boundary.
    """

    radius_m: float
    tol: float

    @property
    def sag_m(self) -> float:
        """Greatest distance of a chord from its curve."""
        return _SHARE * self.tol * self.radius_m

    def arc(self, lat: Floats, turn: Floats) -> tuple[Ints, Floats]:
        """Return the number of chords of arcs about points, and the radius of their inner vertices.

        The inner vertices stand a little outside so that the chords leave as
        much area outside as inside: two thirds of the sagitta.
        """
        r = self.radius_m
        angle = r / R_MEAN
        kappa = abs(np.cos(angle)) / (R_MEAN * np.sin(angle))
        skew = 1.09 * steepness(lat, r) / R_MEAN
        reach = np.minimum(
            np.sqrt(8 * 1.5 * self.sag_m / max(kappa, 1e-12)), np.sqrt(8 * self.sag_m / (kappa / 3 + skew))
        )
        span = np.abs(np.radians(turn)) * R_MEAN * np.sin(angle)
        count = np.maximum(1, np.ceil(span / reach)).astype(np.int64)
        out = (span / count) ** 2 * kappa / 12
        return count, r + out

    def side(self, lat: Floats, length_m: Floats) -> Ints:
        """Return the number of chords of the curve beside an edge."""
        bend = np.tan(min(self.radius_m / R_MEAN, 1.4)) / R_MEAN
        curve = bend + 1.09 * steepness(lat, self.radius_m + length_m) / R_MEAN
        out: Ints = np.maximum(1, np.ceil(length_m * np.sqrt(curve / (8 * self.sag_m)))).astype(np.int64)
        return out

    def radial(self, lat: Floats) -> Ints:
        """Return the number of chords of a radius: inner lines, held to a hundredth of the radius."""
        curve = 1.09 * steepness(lat, self.radius_m) / R_MEAN
        out: Ints = np.maximum(1, np.ceil(np.sqrt(self.radius_m * curve / 0.08))).astype(np.int64)
        return out


def discs(lon: Floats, lat: Floats, spec: Spec) -> Rings:
    """Return one ring a point, counterclockwise from north."""
    count, radius = spec.arc(lat, np.full(len(lon), 360.0))
    count = np.maximum(count, 4)
    owner, step = ragged_ranges(count + 1)
    step %= count[owner]
    x, y, _ = forward(lon[owner], lat[owner], -360.0 * step / count[owner], radius[owner])
    return Rings(quantise(x), quantise(y), owner)


def strips(chains: Chains, which: Ints, spec: Spec) -> Rings:
    """Return the piece of each edge named, counterclockwise.

    Parameters
    ----------
    chains : Chains
    which : int64 array
        The edges whose pieces are wanted.
    spec : Spec

    Returns
    -------
    Rings
    """
    r = spec.radius_m
    n = len(which)
    start, end = chains.azimuth[which, 0], chains.azimuth[which, 1]
    ax, bx = chains.lon[which].T
    ay, by = chains.lat[which].T
    length = chains.length_m[which]
    follow = chains.next_[which]
    cap_end, cap_start = follow < 0, chains.first[which]
    turn = np.where(cap_end, 180.0, (end - chains.azimuth[follow, 0] + 180.0) % 360.0 - 180.0)
    # a turn too small to be told from rounding has the same corners on both sides as its successor
    flat = (np.abs(np.radians(turn)) * min(r, 1e3) < 1e-7) & ~cap_end
    left = (turn > 0) & ~cap_end
    right = (turn < 0) & ~cap_end
    leave = chains.azimuth[follow, 0]
    piece = np.arange(n)

    runs: list[tuple[Ints, int, Ints, Floats, Floats, Floats, Floats]] = []

    def add(order: int, owner: Ints, step: Ints, *point: Floats) -> None:
        lon, lat, azimuth, distance = point
        runs.append((owner, order, step, lon, lat, azimuth, distance))

    def along(order: int, sign: float, *, reverse: bool) -> None:
        # both ends of a side are made from the end points themselves, never from a point found
        # along the edge, so that neighbours agree to the last bit
        count = spec.side(np.maximum(np.abs(ay), np.abs(by)), length)
        owner, step = ragged_ranges(count + 1)
        fx, fy, faz = forward(ax[owner], ay[owner], start[owner], length[owner] * step / count[owner])
        head, tail = step == 0, step == count[owner]
        fx[head], fy[head], faz[head] = ax[owner[head]], ay[owner[head]], start[owner[head]]
        fx[tail], fy[tail], faz[tail] = bx[owner[tail]], by[owner[tail]], end[owner[tail]]
        place = count[owner] - step if reverse else step
        add(order, owner, place, fx, fy, faz + sign * 90.0, np.full(len(owner), r))

    def spoke(order: int, select: Ints, at: tuple[Floats, Floats], aim: tuple[Floats, Floats], *, inward: bool) -> None:
        # the inner points of a line from a point (near the middle) to a corner; its ends are written by others
        count = spec.radial(at[1][select]) - 1
        if not count.any():
            return
        away, _, far = inverse(at[0][select], at[1][select], aim[0][select], aim[1][select])
        owner, step = ragged_ranges(count)
        share = (step + 1) / (count[owner] + 1)
        k = select[owner]
        place = count[owner] - step if inward else step
        add(order, k, place, at[0][k], at[1][k], away[owner], far[owner] * share)

    def centre(order: int, select: Ints, at: tuple[Floats, Floats]) -> None:
        zero = np.zeros(len(select))
        add(order, select, np.zeros(len(select), dtype=np.int64), at[0][select], at[1][select], zero, zero)

    def arc(order: int, select: Ints, at: tuple[Floats, Floats], begin: Floats, angle: Floats) -> None:
        # inner vertices of an arc that turns counterclockwise, that is to lesser azimuths
        count, radius = spec.arc(at[1][select], angle[select])
        owner, step = ragged_ranges(count - 1)
        k = select[owner]
        azimuth = begin[k] - angle[k] * (step + 1) / count[owner]
        add(order, k, step, at[0][k], at[1][k], azimuth, radius[owner])

    def corner(order: int, select: Ints, at: tuple[Floats, Floats], azimuth: Floats) -> None:
        add(
            order, select, np.zeros(len(select), dtype=np.int64), at[0][select], at[1][select], azimuth[select],
            np.full(len(select), r),
        )  # fmt: skip

    a, b = (ax, ay), (bx, by)
    bent = np.abs(turn)
    # a piece reaches a little into the next strip: pieces that shared a radius would leave slivers
    # where a third one crosses it and the crossing is rounded
    ahead = np.minimum(0.25 * chains.length_m[follow], 0.05 * r)
    qx, qy, _ = forward(bx, by, leave, ahead)
    q = (quantise(qx), quantise(qy))
    right_b = forward(bx, by, np.where(left | flat, leave, end) + 90.0, np.full(n, r))[:2]
    left_b = forward(bx, by, np.where(right | flat, leave, end) - 90.0, np.full(n, r))[:2]
    right_a = forward(ax, ay, start + 90.0, np.full(n, r))[:2]
    left_a = forward(ax, ay, start - 90.0, np.full(n, r))[:2]
    inner_b, inner_a = piece[~cap_end], piece[~cap_start]
    along(0, 1.0, reverse=False)
    arc(1, piece[cap_end | left], b, end + 90.0, bent)
    corner(2, piece[left | flat], b, leave + 90.0)
    spoke(3, inner_b, q, right_b, inward=True)
    centre(4, inner_b, q)
    spoke(5, inner_b, q, left_b, inward=False)
    corner(6, piece[right | flat], b, leave - 90.0)
    arc(7, piece[right], b, leave - 90.0, bent)
    along(8, -1.0, reverse=True)
    arc(9, piece[cap_start], a, start - 90.0, np.full(n, 180.0))
    spoke(10, inner_a, a, left_a, inward=True)
    centre(11, inner_a, a)
    spoke(12, inner_a, a, right_a, inward=False)
    add(13, piece, np.zeros(n, dtype=np.int64), ax, ay, start + 90.0, np.full(n, r))

    ring = np.concatenate([run[0] for run in runs])
    order = np.concatenate([np.full(len(run[0]), run[1]) for run in runs])
    step = np.concatenate([run[2] for run in runs])
    sort = np.lexsort((step, order, ring))
    lon, lat, azimuth, distance = (np.concatenate([run[k] for run in runs])[sort] for k in range(3, 7))
    x, y, _ = forward(lon, lat, azimuth, distance)
    still = distance == 0
    x[still], y[still] = lon[still], lat[still]
    return Rings(quantise(x), quantise(y), ring[sort])
