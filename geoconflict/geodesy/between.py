"""Distance between geometries that are more than points.

Two geodesics of less than a quarter of the globe that do not cross are nearest at an end of one
of them, because on a surface that is curved like a ball they draw together away from a common
perpendicular.  So the distance is that of the vertices of one from the pieces of the other, both
ways, or 0 where pieces cross or one geometry holds the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.geodesy.ellipsoid import K, closed_form
from geoconflict.geodesy.far import CLOSE_M
from geoconflict.geodesy.index import Index
from geoconflict.geodesy.pieces import LONGEST_PIECE_M, Pieces, foot
from geoconflict.geodesy.search import candidates
from geoconflict.geodesy.shapes import POINT

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_CHUNK = 2048


def distance_between(array: npt.NDArray[Any], target: Index) -> Floats:
    """Return the distance of each geometry from the target, in metres; 0 where they meet.

    Parameters
    ----------
    array : array of shapely geometries of shape (n,)
    target : Index

    Returns
    -------
    array of shape (n,)
    """
    own = Index(array, edges=target.edges)
    shapes = own.shapes
    best = np.full(len(array), np.inf)
    reached = target.distances(shapes.lon, shapes.lat)
    reached[target.inside(shapes.lon, shapes.lat)] = 0.0
    np.minimum.at(best, shapes.row[shapes.line], reached)
    best[_holding(own, target)] = 0.0
    row = shapes.row[own.edge_line[own.pieces.edge]]
    solid = shapes.kind[own.edge_line[own.pieces.edge]] != POINT
    far = best > CLOSE_M
    rest = np.flatnonzero(solid & (best[row] > 0))
    for begin in range(0, len(rest), _CHUNK):
        part = rest[begin : begin + _CHUNK]
        # Beyond the closed form's range only crossings are looked for here.
        reach = np.where(far[row[part]], 0.0, best[row[part]])
        apart = _pieces_apart(own.pieces.take(part), target, reach)
        np.minimum.at(best, row[part], np.where(far[row[part]] & (apart > 0), np.inf, apart))
    for g in np.flatnonzero(far & (best > 0)):
        if array[g].geom_type != "Point":
            back = Index(array[g], edges=target.edges).distances(target.shapes.lon, target.shapes.lat)
            best[g] = min(best[g], float(back.min()))
    return best


def _holding(own: Index, target: Index) -> Ints:
    # Where nothing crosses, a line of the target is inside a polygon if its first vertex is.
    shapes = target.shapes
    first = np.searchsorted(shapes.line, np.arange(len(shapes.row)))
    _, row = own.holders(shapes.lon[first], shapes.lat[first])
    return np.unique(row)


def _pieces_apart(mine: Pieces, target: Index, best: Floats) -> Floats:
    """Return for each piece the distance from the ends of the target's pieces; 0 where it crosses one.

    Only what is nearer than ``best`` is looked for; ``best`` is the answer where there is nothing.
    """
    theirs = target.pieces
    middle = 0.5 * (mine.a + mine.b)
    radius = 0.51 * mine.length_m + 0.51 * LONGEST_PIECE_M
    i, j = candidates(middle, target.tree, best + radius)
    out = np.where(best > 0, best, np.inf)
    for end in (theirs.a, theirs.b):
        q, _ = foot(end[j], mine.a[i], mine.b[i], mine.bend_m[i])
        np.minimum.at(out, i, closed_form(end[j], q))
    met = (
        (_beside(mine.a[i], theirs, j) * _beside(mine.b[i], theirs, j) < 0)
        & (_beside(theirs.a[j], mine, i) * _beside(theirs.b[j], mine, i) < 0)
        & (_gap(middle[i], 0.5 * (theirs.a[j] + theirs.b[j])) <= radius[i])
    )
    out[i[met]] = 0.0
    return out


def _gap(p: Floats, q: Floats) -> Floats:
    out: Floats = np.sqrt(np.einsum("ij,ij->i", p - q, p - q))
    return out


def _beside(p: Floats, pieces: Pieces, j: Ints) -> Floats:
    a, d, bend = pieces.a[j], pieces.b[j] - pieces.a[j], pieces.bend_m[j]
    e = np.cross(d, 0.5 * (a + pieces.b[j]) * np.array([1.0, 1.0, K]))
    size = np.sqrt(np.einsum("ij,ij->i", e, e))
    l2 = np.einsum("ij,ij->i", d, d)
    t = np.einsum("ij,ij->i", p - a, d) / np.where(l2 > 0, l2, 1.0)
    out: Floats = np.einsum("ij,ij->i", p - a, e) / np.where(size > 0, size, 1.0) - 4 * t * (1 - t) * bend
    return out
