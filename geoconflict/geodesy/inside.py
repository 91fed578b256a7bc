"""Points in polygons on the ellipsoid, by counting what the meridian northward crosses.

Every ring is a closed chain of pieces.  The meridian from a point to the north pole crosses
the rings of a polygon an odd number of times if just one of the point and the pole is inside.
A ring that goes round the axis of the earth encloses a pole; of the two sides the smaller one
is taken as its inside.  Pieces share their ends bit for bit, and each spans its longitudes
half-open, so that no point falls through a vertex.

The pieces are sorted into slabs of longitude, and in a slab by polygon: a polygon whose
latitudes in the slab lie all north or all south of a point is settled at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geoconflict.geodesy import compiled
from geoconflict.geodesy.ellipsoid import B_M, K, ecef, lonlat, ring_area
from geoconflict.geodesy.shapes import RING, Shapes, flatten

if TYPE_CHECKING:
    import numpy.typing as npt

    from geoconflict.geodesy.pieces import Pieces

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

_CHUNK = 65536
_MOST_SLABS = 1 << 16


@dataclass(frozen=True, slots=True)
class Slabs:
    """Pieces of rings, sorted into slabs of longitude and there by polygon.

    Attributes
    ----------
    west, width : float
        Where the first slab starts and how wide each is, degrees.
    first : array of shape (slabs + 1,)
        The groups of slab ``j`` are ``first[j] … first[j + 1] - 1``; a group is what one
        polygon has in one slab.
    polygon, start : arrays of shape (groups,), (groups + 1,)
        The polygon of each group, and where its members start.
    reach : array of shape (groups, 2)
        Latitudes beyond which a point is surely outside; infinite if the polygon holds a pole.
    span : array of shape (members, 5)
        Longitudes that the piece spans, half-open; latitudes between which it lies; the
        latitude of its western end, or NaN where the antimeridian cuts it.
    piece : array of shape (members,)
    ends : array of shape (pieces, 6)
        The ends of each piece in the direction of travel to the east, ECEF in metres.
    north_pole : array of shape (polygons,)
        Whether the polygon holds the north pole.
    row : array of shape (polygons,)
        The geometry to which the polygon belongs.
    """

    west: float
    width: float
    first: Ints
    polygon: Ints
    start: Ints
    reach: Floats
    span: Floats
    piece: Ints
    ends: Floats
    north_pole: Bools
    row: Ints


def wrap(lon: Floats) -> Floats:
    """Return longitudes in [-180, 180)."""
    out: Floats = np.mod(lon + 180.0, 360.0) - 180.0
    out[out >= 180.0] = -180.0
    plain = (lon >= -180.0) & (lon < 180.0)
    # The sum above rounds; what is in range already stays as it is.
    return np.where(plain, lon, out)


def slabs(shapes: Shapes, pieces: Pieces, edge_line: Ints) -> Slabs:
    """Return the slabs of all rings among the shapes; the pieces stand in the order of edges."""
    line = edge_line[pieces.edge]
    chosen = np.flatnonzero(shapes.kind[line] == RING)
    line, a, b, size = line[chosen], pieces.a[chosen], pieces.b[chosen], pieces.length_m[chosen]
    lon1, lat1, lon2, lat2 = _ends_in_degrees(shapes, pieces, chosen)
    # A pole has no longitude: a piece that ends there runs along a meridian.
    lon1, lon2 = np.where(np.abs(lat1) > 90 - 1e-12, lon2, lon1), np.where(np.abs(lat2) > 90 - 1e-12, lon1, lon2)
    lon1, lon2 = wrap(lon1), wrap(lon2)
    turn = lon2 - lon1
    across = np.abs(turn) > 180
    turn -= np.where(across, np.sign(turn) * 360, 0.0)
    polygons = int(shapes.polygon.max(initial=-1)) + 1
    row = np.zeros(polygons, dtype=np.int64)
    row[shapes.polygon[shapes.polygon >= 0]] = shapes.row[shapes.polygon >= 0]
    north_pole, south_pole = _poles(shapes, line, turn, polygons)

    eastward = turn > 0
    forward: Floats = np.concatenate([a, b], axis=1)
    backward: Floats = np.concatenate([b, a], axis=1)
    ends = np.where(eastward[:, None], forward, backward)
    west, east = np.where(eastward, lon1, lon2), np.where(eastward, lon2, lon1)
    bulge = _bulge_deg(size, np.maximum(np.abs(lat1), np.abs(lat2)))
    west_lat = np.where(eastward, lat1, lat2)
    south, north = np.minimum(lat1, lat2) - bulge, np.maximum(lat1, lat2) + bulge

    spans = np.flatnonzero(turn != 0)
    plain, cut = spans[~across[spans]], spans[across[spans]]
    piece = np.concatenate([plain, cut, cut])
    span = np.column_stack(
        [
            np.concatenate([west[plain], west[cut], np.full(len(cut), -180.0)]),
            np.concatenate([east[plain], np.full(len(cut), 180.0), east[cut]]),
            south[piece],
            north[piece],
            np.concatenate([west_lat[plain], west_lat[cut], np.full(len(cut), np.nan)]),
        ]
    )
    there = span[:, 0] < span[:, 1]
    piece, span = piece[there], span[there]
    return _sorted(span, piece, ends, (shapes.polygon[line], row, north_pole, north_pole | south_pole))


def _ends_in_degrees(shapes: Shapes, pieces: Pieces, chosen: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    # Vertices as they were given, to the last bit; places between them as their place in space tells.
    start, end = shapes.edges()
    edge = pieces.edge
    lon1, lat1 = lonlat(pieces.a)
    lon2, lat2 = lonlat(pieces.b)
    new = np.r_[True, edge[1:] != edge[:-1]][: len(edge)]
    last = np.r_[new[1:], True][: len(edge)]
    lon1[new], lat1[new] = shapes.lon[start[edge[new]]], shapes.lat[start[edge[new]]]
    lon2[last], lat2[last] = shapes.lon[end[edge[last]]], shapes.lat[end[edge[last]]]
    return lon1[chosen], lat1[chosen], lon2[chosen], lat2[chosen]


def _bulge_deg(size: Floats, lat: Floats) -> Floats:
    # A geodesic rises L² tan φ / 8R above the parallel through its ends, and never more than L/2.
    rise = size * size * (np.tan(np.radians(np.minimum(lat + 0.1, 89.99))) + 1) / (8 * B_M)
    out: Floats = np.degrees(np.minimum(2 * rise, size) / B_M) + 1e-9
    return out


def _poles(shapes: Shapes, line: Ints, turn: Floats, polygons: int) -> tuple[Bools, Bools]:
    winding = np.zeros(len(shapes.row))
    np.add.at(winding, line, turn)
    north, south = np.zeros(polygons, dtype=bool), np.zeros(polygons, dtype=bool)
    for ring in np.flatnonzero(np.abs(winding) > 180):
        member = shapes.line == ring
        area = ring_area(shapes.lon[member], shapes.lat[member])
        # A positive area lies to the left; eastward the north pole is to the left.
        holds = north if (area > 0) == (winding[ring] > 0) else south
        holds[shapes.polygon[ring]] ^= True
    return north, south


def _sorted(span: Floats, piece: Ints, ends: Floats, of: tuple[Ints, Ints, Bools, Bools]) -> Slabs:
    polygon_of, row, north_pole, any_pole = of
    west = float(span[:, 0].min(initial=180.0))
    east = float(span[:, 1].max(initial=west + 1e-9))
    # Half the mean width of a piece: narrower slabs cost memory, wider ones time.
    mean = float((span[:, 1] - span[:, 0]).mean()) if len(span) else 1.0
    count = int(np.clip(2 * (east - west) / max(mean, 1e-12), 1, min(len(span) + 1, _MOST_SLABS)))
    width = max((east - west) / count, 1e-12)
    low = _slab(span[:, 0], west, width, count)
    size = _slab(span[:, 1], west, width, count) - low + 1
    member = np.repeat(np.arange(len(span)), size)
    slab = low[member] + np.arange(len(member)) - np.repeat(np.cumsum(size) - size, size)
    order = np.lexsort((polygon_of[piece[member]], slab))
    member, slab = member[order], slab[order]
    polygon = polygon_of[piece[member]]
    new = np.r_[True, (slab[1:] != slab[:-1]) | (polygon[1:] != polygon[:-1])][: len(slab)]
    start = np.flatnonzero(new)
    lat = span[member, 2:4]
    empty = np.empty((0, 2))
    reach = np.c_[np.minimum.reduceat(lat[:, 0], start), np.maximum.reduceat(lat[:, 1], start)] if len(start) else empty
    reach[any_pole[polygon[start]]] = (-np.inf, np.inf)
    return Slabs(
        west=west,
        width=width,
        first=np.searchsorted(slab[start], np.arange(count + 1)).astype(np.int64),
        polygon=polygon[start],
        start=np.r_[start, len(member)].astype(np.int64),
        reach=reach,
        span=np.ascontiguousarray(span[member]),
        piece=piece[member],
        ends=np.ascontiguousarray(ends),
        north_pole=north_pole,
        row=row,
    )


def _slab(lon: Floats, west: float, width: float, count: int) -> Ints:
    out: Ints = np.clip(((lon - west) / width).astype(np.int64), 0, count - 1)
    return out


def pairs_inside(lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:
    """Return every pair of a point and a geometry whose polygons hold it, ordered by point, then geometry."""
    points, rows = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    lon = wrap(lon)
    if compiled.wanted(len(lon)):
        return compiled.pairs_inside(lon, lat, index)
    for begin in range(0, len(lon), _CHUNK):
        point, row = _pairs(lon[begin : begin + _CHUNK], lat[begin : begin + _CHUNK], index)
        points.append(point + begin)
        rows.append(row)
    return np.concatenate(points), np.concatenate(rows)


def _expand(first: Ints, size: Ints) -> tuple[Ints, Ints]:
    # For each run its number, and every place in it.
    run = np.repeat(np.arange(len(size)), size)
    return run, first[run] + np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size)


def _pairs(lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:
    count = len(index.first) - 1
    out = (lon < index.west) | (lon > index.west + index.width * count)
    slab = _slab(lon, index.west, index.width, count)
    size = np.where(out, 0, index.first[slab + 1] - index.first[slab])
    point, group = _expand(index.first[slab], size)
    maybe = (lat[point] <= index.reach[group, 1]) & (lat[point] >= index.reach[group, 0])
    point, group = point[maybe], group[maybe]
    run, member = _expand(index.start[group], index.start[group + 1] - index.start[group])
    x, y = lon[point[run]], lat[point[run]]
    span = index.span[member]
    crossed = (span[:, 0] <= x) & (x < span[:, 1]) & (y <= span[:, 3])
    # On the meridian of a western end its latitude decides, so that a vertex is on one side for all.
    exactly = (x == span[:, 0]) & ~np.isnan(span[:, 4])
    crossed[exactly] = y[exactly] < span[exactly, 4]
    close = np.flatnonzero(crossed & (y >= span[:, 2]) & ~exactly)
    if len(close):
        ends = index.ends[index.piece[member[close]]]
        a, b = ends[:, :3], ends[:, 3:]
        right = np.cross(b - a, 0.5 * (a + b) * np.array([1.0, 1.0, K]))
        crossed[close] = np.einsum("ij,ij->i", ecef(x[close], y[close]) - a, right) > 0
    times = np.bincount(run[crossed], minlength=len(group))
    polygon = index.polygon[group]
    inside = (times % 2 == 1) ^ index.north_pole[polygon]
    rows = int(index.row.max(initial=0)) + 1
    key = np.unique(point[inside] * rows + index.row[polygon[inside]])
    return key // rows, key % rows


def pairs_inside_plane(lon: Floats, lat: Floats, geoms: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """Return the same pairs for edges straight in longitude and latitude."""
    parts, row = flatten(geoms)
    areal = shapely.get_dimensions(parts) == 2
    parts, row = parts[areal], row[areal]
    tree = shapely.STRtree(parts)
    turns = (-360.0, 0.0, 360.0)
    found = [tree.query(shapely.points(lon + turn, lat), predicate="intersects") for turn in turns]
    both = np.concatenate(found, axis=1).astype(np.int64)
    key = np.unique(both[0] * len(geoms) + row[both[1]])
    return key // len(geoms), key % len(geoms)
