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
    point = np.arange(len(p))
    node = np.zeros(len(p), dtype=np.int64)
    limit = np.full(len(p), np.inf) if within_m is None else chord_of_longest(within_m) + 1e-6
    for level in range(len(tree.first) - 1):
        base = int(tree.first[level])
        low, high, x = tree.low[base + node], tree.high[base + node], p[point]
        gap = np.maximum(np.maximum(low - x, x - high), 0.0)
        least = np.sqrt(np.einsum("ij,ij->i", gap, gap))
        if within_m is None:
            # Each box touches its pieces: one of them is no farther than the farthest corner.
            reach = np.maximum(high - x, x - low)
            most = np.sqrt(np.einsum("ij,ij->i", reach, reach))
            starts = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
            nearest = np.minimum.reduceat(most, starts)
            limit[point[starts]] = np.minimum(limit[point[starts]], chord_of_longest(longest_of_chord(nearest)) + 1e-6)
        keep = least <= limit[point]
        point, node = point[keep], node[keep]
        if level < len(tree.first) - 2:
            size = int(tree.first[level + 2] - tree.first[level + 1])
            point = np.repeat(point, FANOUT)
            node = (node[:, None] * FANOUT + np.arange(FANOUT)).ravel()
            there = node < size
            point, node = point[there], node[there]
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
        order = np.lexsort((pieces.start_m[piece], pieces.edge[piece], d, point))
        first = order[np.flatnonzero(np.r_[True, point[order][1:] != point[order][:-1]])]
        distance[begin : begin + len(x)] = d[first]
        which[begin : begin + len(x)] = piece[first]
        share[begin : begin + len(x)] = t[first]
    return distance, which, share
