"""The nearest piece of a target to each of many points, by NumPy alone.

All points go down the tree together, level by level.  ``c`` being a chord and ``d`` the
geodesic over it, ``2 R' asin(c/2R') ≤ d ≤ 2 r asin(c/2r)`` with ``R' = a²/b`` and ``r = b²/a``
(proved in ``docs/geodesy.md``), so that a box is left out only if nothing in it can be nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.ellipsoid import chord_of_longest, closed_form, longest_of_chord
from geoconflict.geodesy.pieces import Pieces, foot
from geoconflict.geodesy.tree import FANOUT, Tree

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_CHUNK = 8192
_ROUNDING_M = 1e-6


def candidates(p: Floats, tree: Tree, within_m: Floats | None = None) -> tuple[Ints, Ints]:
    """Return every pair of a point and a piece that may be nearest to it.

    Parameters
    ----------
    p : array of shape (n, 3)
        Points, ECEF in metres.
    tree : Tree
        Of the target.
    within_m : array of shape (n,), optional
        Return instead every pair that may be within so many metres.

    Returns
    -------
    point, piece : arrays of shape (k,), ordered by point
    """
    local = tree.local(p)
    point = np.arange(len(p))
    node = np.zeros(len(p), dtype=np.int64)
    limit = np.full(len(p), np.inf) if within_m is None else chord_of_longest(within_m) + _ROUNDING_M
    for level in range(len(tree.first) - 1):
        box = tree.groups[int(tree.first[level]) + node].astype(np.float64).reshape(len(node), 2, 3, FANOUT)
        x = local[point][:, :, None]
        low, high = box[:, 0] - x, x - box[:, 1]
        gap = np.maximum(np.maximum(low, high), 0.0)
        least = np.sqrt(np.einsum("ijk,ijk->ik", gap, gap))
        if within_m is None and len(point):
            # Each box holds a piece: some place of it is no farther than the farthest corner.
            reach = np.maximum(-low, -high)
            most = np.sqrt(np.einsum("ijk,ijk->ik", reach, reach)).min(axis=1)
            starts = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
            nearest = chord_of_longest(longest_of_chord(np.minimum.reduceat(most, starts))) + _ROUNDING_M
            limit[point[starts]] = np.minimum(limit[point[starts]], nearest)
        row, lane = np.nonzero(least <= limit[point][:, None])
        point, node = point[row], node[row] * FANOUT + lane
    return point, node


def nearest_piece(p: Floats, pieces: Pieces, tree: Tree) -> tuple[Floats, Ints, Floats]:
    """Return the distance in closed form, the nearest piece and the share along it, for each point.

    Of equals the first piece in the order of edges is taken.
    """
    distance = np.empty(len(p))
    which = np.empty(len(p), dtype=np.int64)
    share = np.empty(len(p))
    for begin in range(0, len(p), _CHUNK):
        x = p[begin : begin + _CHUNK]
        point, piece = candidates(x, tree)
        q, t = foot(x[point], pieces.a[piece], pieces.b[piece], pieces.bend_m[piece])
        d = closed_form(x[point], q)
        order = np.lexsort((pieces.rank[piece], d, point))
        first = order[np.flatnonzero(np.r_[True, point[order][1:] != point[order][:-1]])]
        distance[begin : begin + len(x)] = d[first]
        which[begin : begin + len(x)] = piece[first]
        share[begin : begin + len(x)] = t[first]
    return distance, which, share
