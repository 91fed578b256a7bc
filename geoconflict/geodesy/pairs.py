"""The k nearest geometries of a target, and all of them within a cutoff."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.errors import GeometryError
from geoconflict.geodesy.checks import Edges, as_points
from geoconflict.geodesy.ellipsoid import LONGEST_M, closed_form, ecef
from geoconflict.geodesy.far import CLOSE_M, exact
from geoconflict.geodesy.index import Index, as_index
from geoconflict.geodesy.pieces import foot
from geoconflict.geodesy.search import candidates

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_CHUNK = 4096
_MANY = 100_000_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Points and the geometries of a target that are near them.

    Attributes
    ----------
    point, index : array of int of shape (k,)
        Which point, and which geometry of the target.
    distance_m : array of shape (k,)
        Metres between the two; 0 inside a polygon.
    """

    point: Ints
    index: Ints
    distance_m: Floats


def pairs_within(points: object, target: object, cutoff_m: float, *, edges: Edges = "geodesic") -> Pairs:
    """Find every pair of a point and a geometry of the target at most so far apart.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Each geometry for itself.
    cutoff_m : float
        Metres.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Pairs
        Ordered by point, then by geometry.

    Raises
    ------
    CRSError, GeometryError

    Warns
    -----
    UserWarning
        Before it starts, if there may be more than 1e8 pairs.

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
    _warn_of_many(lon, lat, index, cutoff_m)
    return _within(lon, lat, index, np.full(len(lon), float(cutoff_m)))


def k_nearest(points: object, target: object, k: int, *, edges: Edges = "geodesic") -> Pairs:
    """Find the k geometries of the target that are nearest to each point.

    All pairs within a radius are found, and the radius is doubled for the points that have
    fewer than k, so that the answer is exact.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Each geometry for itself.
    k : int
        How many; all of them if the target has fewer.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Pairs
        Ordered by point, then by distance; of equals the first geometry goes first.

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
        empty = np.empty(0, dtype=np.int64)
        return Pairs(empty, empty.copy(), np.empty(0))
    wanted = min(k, len(index.geometries))
    radius = index.distances(lon, lat) * 1.5 + 1.0
    open_ = np.arange(len(lon))
    parts: list[Pairs] = []
    while len(open_):
        found = _within(lon[open_], lat[open_], index, radius[open_])
        number = np.bincount(found.point, minlength=len(open_))
        done = (number >= wanted) | (radius[open_] >= LONGEST_M)
        use = done[found.point]
        parts.append(Pairs(open_[found.point[use]], found.index[use], found.distance_m[use]))
        open_ = open_[~done]
        radius[open_] = np.minimum(radius[open_] * 2, LONGEST_M)
    point = np.concatenate([part.point for part in parts])
    which = np.concatenate([part.index for part in parts])
    metres = np.concatenate([part.distance_m for part in parts])
    order = np.lexsort((which, metres, point))
    point, which, metres = point[order], which[order], metres[order]
    first = np.searchsorted(point, point)
    keep = np.arange(len(point)) - first < wanted
    return Pairs(point[keep], which[keep], metres[keep])


def _within(lon: Floats, lat: Floats, index: Index, cutoff_m: Floats) -> Pairs:
    parts = [
        _chunk(lon[i : i + _CHUNK], lat[i : i + _CHUNK], index, cutoff_m[i : i + _CHUNK], i)
        for i in range(0, len(lon), _CHUNK)
    ]
    if not parts:
        empty = np.empty(0, dtype=np.int64)
        return Pairs(empty, empty.copy(), np.empty(0))
    return Pairs(*(np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__slots__))


def _chunk(lon: Floats, lat: Floats, index: Index, cutoff_m: Floats, begin: int) -> Pairs:
    p, pieces = ecef(lon, lat), index.pieces
    point, piece = candidates(p, index.tree, cutoff_m)
    q, t = foot(p[point], pieces.a[piece], pieces.b[piece], pieces.bend_m[piece])
    d = closed_form(p[point], q)
    far = np.flatnonzero(d > CLOSE_M)
    if len(far):
        d[far] = exact(lon[point[far]], lat[point[far]], index.ends, pieces, (piece[far], q[far], t[far]))
    keep = d <= cutoff_m[point]
    point, piece, d = point[keep], piece[keep], d[keep]
    row = index.shapes.row[index.edge_line[pieces.edge[piece]]]
    held, holder = index.holders(lon, lat)
    point, row, d = np.r_[point, held], np.r_[row, holder], np.r_[d, np.zeros(len(held))]
    order = np.lexsort((d, row, point))
    point, row, d = point[order], row[order], d[order]
    new = np.r_[True, (point[1:] != point[:-1]) | (row[1:] != row[:-1])][: len(point)]
    return Pairs(point[new] + begin, row[new], d[new])


def _warn_of_many(lon: Floats, lat: Floats, index: Index, cutoff_m: float) -> None:
    if len(lon) * len(index.geometries) <= _MANY:
        return
    step = max(1, len(lon) // 512)
    sample = _within(lon[::step], lat[::step], index, np.full(len(lon[::step]), float(cutoff_m)))
    guess = len(sample.point) * step
    if guess > _MANY:
        text = f"about {guess:.1e} pairs lie within {cutoff_m:g} m; that takes {guess * 24 / 1e9:.0f} GB: choose a smaller cutoff"
        warnings.warn(text, UserWarning, stacklevel=3)
