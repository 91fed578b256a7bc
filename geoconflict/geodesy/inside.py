"""Points in polygons on the ellipsoid, by counting what the meridian northward crosses.

Every ring is a closed chain of pieces.  The meridian from a point to the north pole crosses
the rings of a polygon an odd number of times if just one of the point and the pole is inside.
A ring that goes round the axis of the earth encloses a pole; of the two sides the smaller one
is taken as its inside.  Pieces share their ends bit for bit, and each spans its longitudes
half-open, so that no point falls through a vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.ellipsoid import K, ecef, lonlat, ring_area
from geoconflict.geodesy.shapes import RING, Shapes

if TYPE_CHECKING:
    import numpy.typing as npt

    from geoconflict.geodesy.pieces import Pieces

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

_BULGE_DEG = 0.03
_CHUNK = 65536
_MOST_BUCKETS = 1 << 16


@dataclass(frozen=True, slots=True)
class Slabs:
    """Pieces of rings, sorted into slabs of longitude.

    Attributes
    ----------
    west, east : array of shape (s,)
        Longitudes that the piece spans, half-open.
    south, north : array of shape (s,)
        Latitudes below and above which the piece surely lies not.
    a, b : array of shape (s, 3)
        Ends, in the direction of travel to the east.
    polygon : array of shape (s,)
    first, member : arrays
        The pieces of slab ``j`` are ``member[first[j] : first[j + 1]]``.
    pole : array of shape (polygons,)
        Whether the polygon holds the north pole.
    """

    west: Floats
    east: Floats
    south: Floats
    north: Floats
    a: Floats
    b: Floats
    polygon: Ints
    first: Ints
    member: Ints
    pole: npt.NDArray[np.bool_]


def wrap(lon: Floats) -> Floats:
    """Return longitudes in [-180, 180)."""
    out: Floats = np.mod(lon + 180.0, 360.0) - 180.0
    out[out >= 180.0] = -180.0
    return out


def slabs(shapes: Shapes, pieces: Pieces, edge_line: Ints) -> Slabs:
    """Return the slabs of all rings among the shapes."""
    line = edge_line[pieces.edge]
    chosen = np.flatnonzero(shapes.kind[line] == RING)
    line = line[chosen]
    a, b = pieces.a[chosen], pieces.b[chosen]
    lon1, lat1 = lonlat(a)
    lon2, lat2 = lonlat(b)
    # A pole has no longitude: a piece that ends there runs along a meridian.
    lon1, lon2 = np.where(np.abs(lat1) > 90 - 1e-12, lon2, lon1), np.where(np.abs(lat2) > 90 - 1e-12, lon1, lon2)
    lon1, lon2 = wrap(lon1), wrap(lon2)
    turn = lon2 - lon1
    across = np.abs(turn) > 180
    turn -= np.where(across, np.sign(turn) * 360, 0.0)
    polygon_count = int(shapes.polygon.max(initial=-1)) + 1
    pole = _north_inside(shapes, line, turn, polygon_count)

    eastward = turn > 0
    heads = np.where(eastward[:, None], a, b)
    tails = np.where(eastward[:, None], b, a)
    west = np.where(eastward, lon1, lon2)
    east = np.where(eastward, lon2, lon1)
    south = np.minimum(lat1, lat2) - _BULGE_DEG
    north = np.maximum(lat1, lat2) + _BULGE_DEG
    spans = np.flatnonzero(turn != 0)
    plain, cut = spans[~across[spans]], spans[across[spans]]
    take = np.concatenate([plain, cut, cut])
    wests = np.concatenate([west[plain], west[cut], np.full(len(cut), -180.0)])
    easts = np.concatenate([east[plain], np.full(len(cut), 180.0), east[cut]])
    keep = wests < easts
    take, wests, easts = take[keep], wests[keep], easts[keep]
    first, member = _buckets(wests, easts)
    return Slabs(
        wests,
        easts,
        south[take],
        north[take],
        np.ascontiguousarray(heads[take]),
        np.ascontiguousarray(tails[take]),
        shapes.polygon[line][take],
        first,
        member,
        pole,
    )


def _buckets(west: Floats, east: Floats) -> tuple[Ints, Ints]:
    count = int(min(max(len(west), 1), _MOST_BUCKETS))
    low = bucket_of(west, count)
    high = bucket_of(east, count)
    size = high - low + 1
    span = np.repeat(np.arange(len(west)), size)
    step = np.arange(len(span)) - np.repeat(np.cumsum(size) - size, size)
    bucket = low[span] + step
    order = np.argsort(bucket, kind="stable")
    first = np.searchsorted(bucket[order], np.arange(count + 1)).astype(np.int64)
    return first, span[order].astype(np.int64)


def bucket_of(lon: Floats, count: int) -> Ints:
    """Return the slab of each longitude among ``count`` equal ones."""
    out: Ints = np.clip(((lon + 180.0) * (count / 360.0)).astype(np.int64), 0, count - 1)
    return out


def _north_inside(shapes: Shapes, line: Ints, turn: Floats, polygons: int) -> npt.NDArray[np.bool_]:
    winding = np.zeros(len(shapes.row))
    np.add.at(winding, line, turn)
    inside = np.zeros(polygons, dtype=bool)
    for ring in np.flatnonzero(np.abs(winding) > 180):
        member = shapes.line == ring
        area = ring_area(shapes.lon[member], shapes.lat[member])
        # A positive area lies to the left; eastward the north pole is to the left.
        if (area > 0) == (winding[ring] > 0):
            inside[shapes.polygon[ring]] ^= True
    return inside


def pairs_inside(lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:
    """Return every pair of a point and a polygon that holds it, ordered by point, then polygon."""
    points, polygons = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    lon = wrap(lon)
    for begin in range(0, len(lon), _CHUNK):
        point, polygon = _pairs(lon[begin : begin + _CHUNK], lat[begin : begin + _CHUNK], index)
        points.append(point + begin)
        polygons.append(polygon)
    return np.concatenate(points), np.concatenate(polygons)


def _pairs(lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:
    count = len(index.pole)
    if count == 0:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    bucket = bucket_of(lon, len(index.first) - 1)
    size = index.first[bucket + 1] - index.first[bucket]
    point = np.repeat(np.arange(len(lon)), size)
    step = np.arange(len(point)) - np.repeat(np.cumsum(size) - size, size)
    span = index.member[index.first[bucket][point] + step]
    x, y = lon[point], lat[point]
    hit = (index.west[span] <= x) & (x < index.east[span]) & (y <= index.north[span])
    point, span = point[hit], span[hit]
    near = np.flatnonzero(lat[point] >= index.south[span])
    below = np.ones(len(point), dtype=bool)
    a, b = index.a[span[near]], index.b[span[near]]
    p = ecef(lon[point[near]], lat[point[near]])
    right = np.cross(b - a, 0.5 * (a + b) * np.array([1.0, 1.0, K]))
    below[near] = np.einsum("ij,ij->i", p - a, right) > 0
    point, span = point[below], span[below]
    key = point * count + index.polygon[span]
    with_pole = np.flatnonzero(index.pole)
    if len(with_pole):
        every = (np.arange(len(lon))[:, None] * count + with_pole[None, :]).ravel()
        key = np.concatenate([key, every])
    found, times = np.unique(key, return_counts=True)
    odd = found[times % 2 == 1]
    return odd // count, odd % count
