"""Pieces of a buffer: one small ring an edge, made on the ellipsoid.

A chain of geodesic edges is cut into one piece an edge: the strip between the
two curves at distance *r* on either side, together with the circular sector
at the end of the edge on the outer side of the turn, or half a disc where the
chain ends.  Every piece lies inside the true buffer, together they are the
true buffer, and each reaches a little into its neighbours.
So the boundary of their union in the lon/lat plane is at distance *r* from the
geometry wherever one looks, concave corners included, and nothing has to be
moved afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.chains import forward, inverse
from geoconflict.geodesy.curves import ARC, POINT, SIDE, SPOKE, Curves, Rings, Spec, sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geoconflict.geodesy.chains import Chains

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Place = tuple[Floats, Floats]


def discs(lon: Floats, lat: Floats, spec: Spec) -> Rings:
    """Return one ring a point, counterclockwise from north."""
    zero = np.zeros(len(lon))
    return sample(Curves.of(ARC, np.arange(len(lon)), 0, lon, lat, zero, zero, zero + 360.0), spec)


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
    a: Place = (chains.lon[which, 0], chains.lat[which, 0])
    b: Place = (chains.lon[which, 1], chains.lat[which, 1])
    start, end, length = chains.azimuth[which, 0], chains.azimuth[which, 1], chains.length_m[which]
    follow = chains.next_[which]
    leave = chains.azimuth[follow, 0]
    ends, begins = follow < 0, chains.first[which]
    turn = np.where(ends, 180.0, (end - leave + 180.0) % 360.0 - 180.0)
    left, right = (turn >= 0) & ~ends, (turn < 0) & ~ends
    # strips go on past their edge, and sectors past their angle, where another follows: the corner
    # of such a strip is nearer than r·(1 + overlap²/2) to the vertex, and no seam is left between two pieces
    past = r * spec.overlap
    wedge = np.degrees(spec.overlap)
    tail = np.where(begins, 0.0, past)
    run = length + tail + np.where(ends, 0.0, past)
    x, y, heading = forward(*a, start, -tail)
    base: Place = (np.where(begins, a[0], x), np.where(begins, a[1], y))
    heading = np.where(begins, start, heading)
    tip_x, tip_y, tip = forward(*b, end, np.full(n, past))
    far_right = _away((tip_x, tip_y), tip + 90.0, r)
    far_left = _away((tip_x, tip_y), tip - 90.0, r)
    right_b, left_b = leave + 90.0 - wedge, leave - 90.0 + wedge
    right_tip, left_tip = _away(b, right_b, r), _away(b, left_b, r)
    out_right = (np.where(left, right_tip[0], far_right[0]), np.where(left, right_tip[1], far_right[1]))
    out_left = (np.where(right, left_tip[0], far_left[0]), np.where(right, left_tip[1], far_left[1]))
    bent, half = np.abs(turn), np.full(n, 180.0)
    on, head = np.flatnonzero(~ends), np.flatnonzero(~begins)
    parts = [
        _side(0, base, heading, run, 90.0),
        _arc(1, np.flatnonzero(ends | left), b, end + 90.0 - np.where(ends, 0.0, wedge), bent),
        _corner(2, np.flatnonzero(left), b, right_b, r),
        _spoke(3, on, b, out_right, -1),
        _corner(4, on, b, start, 0.0),
        _spoke(5, on, b, out_left, 1),
        _corner(6, np.flatnonzero(right), b, left_b, r),
        _arc(7, np.flatnonzero(right), b, left_b, bent),
        _side(8, base, heading, run, -90.0),
        _arc(9, np.flatnonzero(begins), a, start - 90.0, half),
        _spoke(10, head, base, _away(base, heading - 90.0, r), -1),
        _corner(11, head, base, start, 0.0),
        _spoke(12, head, base, _away(base, heading + 90.0, r), 1),
        _corner(13, np.arange(n), base, heading + 90.0, r),
    ]
    return sample(Curves.concatenate(parts), spec)


def _away(at: Place, azimuth: Floats, r: float) -> Place:
    x, y, _ = forward(*at, azimuth, np.full(len(azimuth), r))
    return x, y


def _side(order: int, at: Place, azimuth: Floats, length: Floats, angle: float) -> Curves:
    n = len(length)
    return Curves.of(SIDE, np.arange(n), order, *at, azimuth, length, np.full(n, angle))


def _arc(order: int, pick: Ints, at: Place, azimuth: Floats, angle: Floats) -> Curves:
    zero = np.zeros(len(pick))
    return Curves.of(ARC, pick, order, at[0][pick], at[1][pick], azimuth[pick], zero, angle[pick])


def _corner(order: int, pick: Ints, at: Place, azimuth: Floats, r: float) -> Curves:
    n = len(pick)
    return Curves.of(POINT, pick, order, at[0][pick], at[1][pick], azimuth[pick], np.full(n, r), np.zeros(n))


def _spoke(order: int, pick: Ints, at: Place, aim: Place, way: int) -> Curves:
    """Return lines from a point near the middle to a corner (``way`` 1) or back (-1)."""
    tail, tip = (at, aim) if way > 0 else (aim, at)
    azimuth, _, far = inverse(tail[0][pick], tail[1][pick], tip[0][pick], tip[1][pick])
    return Curves.of(SPOKE, pick, order, tail[0][pick], tail[1][pick], azimuth, far, np.zeros(len(pick)))
