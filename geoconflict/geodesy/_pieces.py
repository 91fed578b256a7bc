"""From geometries to vertices, edges, and pieces of edges of at most 5 km.

A piece runs from ``A`` to ``B`` on the surface.  Between them it is the curve::

    Q(t) = A + t D + t(1 - t) (s G + 4 b E)        0 ≤ t ≤ 1

with ``D = B - A``; ``G`` the gradient of the surface at the midpoint of the chord, perpendicular
to ``D``; ``s = (Dx² + Dy² + K Dz²) / 2 G·G``, which lifts the chord to the surface; ``E`` the
unit vector along ``D × G``, to the right of the direction of travel; and ``b`` the sagitta in
metres along ``E``, 0 for a geodesic.  A geodesic of 5 km deviates from this curve by at most
1e-7 m (``docs/geodesy.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.geodesy._ellipsoid import (
    GRADIENT,
    R_MIN_M,
    Bools,
    Floats,
    Ints,
    K,
    closed_form,
    direct,
    ecef,
    inverse,
    row_dot,
    row_norm,
)

if TYPE_CHECKING:
    from geoconflict.geodesy._checks import GeometryArray

POINT, LINE, RING = 0, 1, 2
LONGEST_PIECE_M = 5000.0
_MAX_DEVIATION_M = 2e-7
_SHORTEST_SPLIT_M = 0.5
_MAX_ROUNDS = 24


def ragged_ranges(counts: Ints) -> tuple[Ints, Ints]:
    """Return, for runs of the given lengths, the run of each item and its position in that run."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(int(counts.sum())) - starts[owner]


def run_starts(*keys: Ints) -> Bools:
    """Return whether each item differs from the one before it in any of the keys; the first one does."""
    out = np.ones(len(keys[0]), dtype=bool)
    out[1:] = keys[0][1:] != keys[0][:-1]
    for key in keys[1:]:
        out[1:] |= key[1:] != key[:-1]
    return out


@dataclass(frozen=True, slots=True)
class Vertices:
    """Vertices of many geometries, in order, and the lines that they form.

    Attributes
    ----------
    lon, lat : array of shape (v,)
        Degrees.
    line : array of shape (v,)
        The line of each vertex.
    row : array of shape (l,)
        The geometry of each line.
    kind : array of shape (l,)
        ``POINT``, ``LINE`` or ``RING``.
    polygon : array of shape (l,)
        The polygon of a ring (one part of a multipolygon), or -1.
    """

    lon: Floats
    lat: Floats
    line: Ints
    row: Ints
    kind: Ints
    polygon: Ints

    def edges(self) -> tuple[Ints, Ints]:
        """Return the first and last vertex of each edge; a point is an edge from itself to itself.

        Two equal consecutive vertices form no edge, unless the line has no other vertices.
        """
        new_line = run_starts(self.line)
        moved = ~new_line[1:] & ((self.lon[1:] != self.lon[:-1]) | (self.lat[1:] != self.lat[:-1]))
        start = np.flatnonzero(moved)
        has_edge = np.zeros(len(self.row), dtype=bool)
        has_edge[self.line[start]] = True
        first = np.flatnonzero(new_line)
        lone = first[~has_edge[self.line[first]]]
        begin = np.r_[start, lone].astype(np.int64)
        end = np.r_[start + 1, lone].astype(np.int64)
        order = np.argsort(begin, kind="stable")
        return begin[order], end[order]


def extract_vertices(geoms: GeometryArray) -> Vertices:
    """Return the vertices and lines of geometries of any type, without Z and M."""
    parts, row = explode(geoms)
    types = shapely.get_type_id(parts)
    points = np.flatnonzero(types == 0)
    lines = np.flatnonzero((types == 1) | (types == 2))
    polygons = np.flatnonzero(types == 3)
    rings, of = shapely.get_rings(parts[polygons], return_index=True)

    geometry = np.concatenate([parts[points], parts[lines], rings])
    rows = np.concatenate([row[points], row[lines], row[polygons][of]])
    kind = np.repeat(np.array([POINT, LINE, RING], dtype=np.int64), [len(points), len(lines), len(rings)])
    polygon = np.concatenate([np.full(len(points) + len(lines), -1), of]).astype(np.int64)
    order = np.argsort(rows, kind="stable")
    coords, line = shapely.get_coordinates(geometry[order], return_index=True)
    return Vertices(
        lon=np.ascontiguousarray(coords[:, 0]),
        lat=np.ascontiguousarray(coords[:, 1]),
        line=line.astype(np.int64),
        row=rows[order],
        kind=kind[order],
        polygon=polygon[order],
    )


def explode(geoms: GeometryArray) -> tuple[GeometryArray, Ints]:
    """Return the single parts of geometries, including nested collections, and the geometry of each part."""
    parts: GeometryArray = geoms
    row = np.arange(len(geoms))
    while np.any(shapely.get_type_id(parts) >= 4):
        parts, index = shapely.get_parts(parts, return_index=True)
        row = row[index]
    return parts, row.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Segments:
    """Edges by their ends.

    Attributes
    ----------
    lon1, lat1, lon2, lat2 : array of shape (e,)
        Degrees.
    geodesic : bool
        Whether the edges are geodesics; otherwise they are straight in longitude and latitude.
    """

    lon1: Floats
    lat1: Floats
    lon2: Floats
    lat2: Floats
    geodesic: bool


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of edges, and the position of each on its edge.

    Attributes
    ----------
    a, b : array of shape (p, 3)
        Ends, ECEF in metres.
    sagitta_m : array of shape (p,)
        Sagitta to the right, metres.
    edge : array of shape (p,)
        The edge that the piece is part of.
    start_m, length_m : array of shape (p,)
        Distance along the edge at which the piece starts, and its length.
    rank : array of shape (p,)
        Position of the piece in the order of edges, whatever the order of the arrays.
    """

    a: Floats
    b: Floats
    sagitta_m: Floats
    edge: Ints
    start_m: Floats
    length_m: Floats
    rank: Ints

    def take(self, order: Ints) -> Pieces:
        """Return a selection of the pieces, in the given order."""
        return Pieces(**{name: getattr(self, name)[order] for name in Pieces.__slots__})

    def boxes(self, frame: Floats) -> tuple[Floats, Floats]:
        """Return the lower and upper corners of a bounding box of each piece, in the axes of a frame.

        The box of the chord is padded by the sagittas of the curve, vertical and lateral.
        """
        a, b = self.a @ frame[:3].T - frame[3], self.b @ frame[:3].T - frame[3]
        d2 = row_dot(self.b - self.a, self.b - self.a)
        # The sagitta is L²/8R with R at least b²/a; 1.01 and 1e-6 m cover L against its chord and rounding.
        margin = (1.01 * d2 / (8 * R_MIN_M) + np.abs(self.sagitta_m) + 1e-6)[:, None]
        return np.minimum(a, b) - margin, np.maximum(a, b) + margin


def cut_segments(segments: Segments) -> Pieces:
    """Cut edges into pieces, in order."""
    cut = _cut_geodesic if segments.geodesic else _cut_lonlat
    return cut(segments.lon1, segments.lat1, segments.lon2, segments.lat2)


def _cut_geodesic(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Pieces:
    """Cut geodesic edges at equal distances.

    An edge of up to 5 km is one piece.  Longer edges are always cut from the same end, so that
    the two sides of a shared border are cut at bit-identical points.
    """
    a, b = ecef(lon1, lat1), ecef(lon2, lat2)
    length = closed_form(a, b)
    long = np.flatnonzero(length > LONGEST_PIECE_M)
    edge = np.arange(len(lon1))
    if len(long) == 0:
        return Pieces(a, b, np.zeros(len(a)), edge, np.zeros(len(a)), length, np.arange(len(a)))
    swapped = (lon1 > lon2) | ((lon1 == lon2) & (lat1 > lat2))
    x1, y1 = np.where(swapped, lon2, lon1), np.where(swapped, lat2, lat1)
    x2, y2 = np.where(swapped, lon1, lon2), np.where(swapped, lat1, lat2)
    azimuth, _, exact = inverse(x1[long], y1[long], x2[long], y2[long])
    length[long] = exact
    count = np.ones(len(a), dtype=np.int64)
    count[long] = np.ceil(exact / LONGEST_PIECE_M).astype(np.int64)
    edge, step = ragged_ranges(count)
    size = length[edge] / count[edge]
    azimuths = np.zeros(len(length))
    azimuths[long] = azimuth
    inner = np.flatnonzero(step > 0)
    at = edge[inner]
    walked = np.where(swapped[at], count[at] - step[inner], step[inner]) * size[inner]
    lon, lat, _ = direct(x1[at], y1[at], azimuths[at], walked)
    mid = ecef(lon, lat)
    heads, tails = a[edge], b[edge]
    heads[inner] = mid
    tails[inner - 1] = mid
    return Pieces(heads, tails, np.zeros(len(edge)), edge, step * size, size, np.arange(len(edge)))


def _cut_lonlat(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Pieces:
    """Cut edges that are straight in longitude and latitude.

    Each edge is bisected until the curved piece follows it to 2e-7 m at a quarter and at three
    quarters of its length.  Near a pole this needs short pieces.
    """
    count = len(lon1)
    edge = np.arange(count)
    t0, t1 = np.zeros(count), np.ones(count)
    rounds = 0
    done: list[tuple[Ints, Floats, Floats]] = []
    while len(edge):
        good = _follows(lon1[edge], lat1[edge], lon2[edge], lat2[edge], t0, t1) | (rounds >= _MAX_ROUNDS)
        done.append((edge[good], t0[good], t1[good]))
        edge, t0, t1 = edge[~good], t0[~good], t1[~good]
        half = (t0 + t1) / 2
        edge, t0, t1 = np.repeat(edge, 2), np.c_[t0, half].ravel(), np.c_[half, t1].ravel()
        rounds += 1
    edge = np.concatenate([part[0] for part in done])
    t0 = np.concatenate([part[1] for part in done])
    t1 = np.concatenate([part[2] for part in done])
    order = np.lexsort((t0, edge))
    edge, t0, t1 = edge[order], t0[order], t1[order]
    a, b, sagitta = _curved(lon1[edge], lat1[edge], lon2[edge], lat2[edge], t0, t1)
    chord = row_norm(b - a)
    safe = np.where(chord > 0, chord, 1.0)
    # A sagitta b lengthens the curve by 8 b² / 3 c, to the order that matters here.
    length = closed_form(a, b) + 8 * sagitta * sagitta / (3 * safe)
    before = np.cumsum(length) - length
    starts = np.searchsorted(edge, np.arange(count))
    return Pieces(a, b, sagitta, edge, before - before[starts][edge], length, np.arange(len(edge)))


def _at(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t: Floats) -> Floats:
    return ecef(lon1 + t * (lon2 - lon1), lat1 + t * (lat2 - lat1))


def _curved(
    lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t0: Floats, t1: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the ends of stretches of lon/lat edges, and the sagittas that lead through their midpoints."""
    a = _at(lon1, lat1, lon2, lat2, t0)
    b = _at(lon1, lat1, lon2, lat2, t1)
    middle = _at(lon1, lat1, lon2, lat2, (t0 + t1) / 2)
    side, bow = _lateral(a, b, middle)
    return a, b, side / np.where(np.abs(bow) > 1e-6, bow, 1.0)


def _lateral(a: Floats, b: Floats, q: Floats) -> tuple[Floats, Floats]:
    """Return how far points are to the right of chords, and ``4 t (1 - t)`` at their projections."""
    d = b - a
    e = np.cross(d, 0.5 * (a + b) * GRADIENT)
    size = row_norm(e)
    side = row_dot(q - a, e) / np.where(size > 0, size, 1.0)
    d2 = row_dot(d, d)
    t = row_dot(q - a, d) / np.where(d2 > 0, d2, 1.0)
    return side, 4 * t * (1 - t)


def offset_from_piece(a: Floats, b: Floats, sagitta_m: Floats | float, q: Floats) -> Floats:
    """Return how far points are to the right of pieces, in metres; negative to the left."""
    side, bow = _lateral(a, b, q)
    out: Floats = side - bow * sagitta_m
    return out


def _follows(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, t0: Floats, t1: Floats) -> Bools:
    a, b, sagitta = _curved(lon1, lat1, lon2, lat2, t0, t1)
    d2 = row_dot(b - a, b - a)
    worst = np.zeros(len(a))
    for share in (0.25, 0.75):
        q = _at(lon1, lat1, lon2, lat2, t0 + share * (t1 - t0))
        worst = np.maximum(worst, np.abs(offset_from_piece(a, b, sagitta, q)))
    wide = np.maximum(np.abs(lon2 - lon1), np.abs(lat2 - lat1)) * (t1 - t0) > 30
    fine = (worst <= _MAX_DEVIATION_M) & (d2 <= LONGEST_PIECE_M**2) & ~wide
    out: Bools = fine | ((d2 <= _SHORTEST_SPLIT_M**2) & ~wide)
    return out


def foot_point(p: Floats, a: Floats, b: Floats, sagitta_m: Floats) -> tuple[Floats, Floats]:
    """Return the point of each piece that is nearest to each point, and its position on the piece.

    Solves ``(p - Q(t)) · Q'(t) = 0`` to first order in the height of the curve above the chord,
    with one correction step.  Beyond a quarter of the globe the nearer end is returned.

    Parameters
    ----------
    p, a, b : array of shape (n, 3)
        Points and the ends of pieces, ECEF in metres.
    sagitta_m : array of shape (n,)
        Sagittas, metres.

    Returns
    -------
    q : array of shape (n, 3)
    t : array of shape (n,)
        From 0 at ``a`` to 1 at ``b``.
    """
    d, w = b - a, p - a
    g = 0.5 * (a + b) * GRADIENT
    l2 = row_dot(d, d)
    gg = row_dot(g, g)
    s = (l2 + (K - 1) * d[:, 2] ** 2) / (2 * gg)
    e = np.cross(d, g)
    size = row_norm(e)
    e /= np.where(size > 0, size, 1.0)[:, None]
    u = row_dot(w, d)
    sigma = s * row_dot(w, g) + 4 * sagitta_m * row_dot(w, e)
    rho = s * s * gg + 16 * sagitta_m * sagitta_m
    slope = l2 + 2 * sigma
    well_posed = slope > 1e-3 * l2
    safe = np.where(well_posed, slope, 1.0)
    t = np.clip((u + sigma) / safe, 0.0, 1.0)
    t = np.where(well_posed, t - (1 - 2 * t) * t * (1 - t) * rho / safe, np.where(2 * u > l2, 1.0, 0.0))
    t = np.clip(np.where(l2 > 0, t, 0.0), 0.0, 1.0)
    bow = t * (1 - t)
    q = a + t[:, None] * d + (bow * s)[:, None] * g + (4 * bow * sagitta_m)[:, None] * e
    return q, t
