"""The union of a buffer's pieces, without those that its boundary never meets.

Where the radius is large against the edges, most pieces lie deep inside.  The way round
them: a coarse core, sure to lie inside the buffer; the pieces of the edges nearest to
where its boundary must be; then the boundary is measured, and wherever it is nearer than the radius, the
piece of the edge found there is added, until none is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.geodesy import plane
from geoconflict.geodesy.chains import R_MEAN, Chains, forward, inverse, quantise, ragged_ranges
from geoconflict.geodesy.curves import Spec
from geoconflict.geodesy.strips import discs, strips

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geoconflict.geodesy.index import Index

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Geometries = NDArray[np.object_]

_FEW = 300
_CORE_STEP = 0.3
_WORTH = 8
_GROUP = 4
_CORE_TOL = 0.01
_PROBE = 0.02
_MOST_ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Parts:
    """What is buffered: geodesic edges, and points that belong to none.

    Attributes
    ----------
    chains : Chains
    points : float64 array (p, 2)
        Degrees.
    """

    chains: Chains
    points: Floats

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.chains) + len(self.points)

    def pieces(self, which: Ints, spec: Spec) -> Geometries:
        """Return the pieces of edges, and the discs of points, which are counted after the edges."""
        edges = which[which < len(self.chains)]
        lone = self.points[which[which >= len(self.chains)] - len(self.chains)]
        out = [plane.polygons(strips(self.chains, edges, spec))[0]]
        if len(lone):
            out.append(plane.polygons(discs(quantise(lone[:, 0]), quantise(lone[:, 1]), spec))[0])
        return np.concatenate(out)

    def index(self) -> Index:
        """Return the edges and points prepared for measuring, counted as they are here."""
        from geoconflict.geodesy.index import Index

        lines = np.empty(0, dtype=object)
        if len(self.chains):
            chain = np.cumsum(np.append(True, _breaks(self.chains))) - 1
            count = np.bincount(chain)
            owner, step = ragged_ranges(count + 1)
            last = np.cumsum(count) - 1
            edge = np.repeat(np.cumsum(count) - count, count + 1) + step
            tip = step == count[owner]
            edge[tip] = last[owner[tip]]
            end = tip.astype(np.int64)
            coords = np.column_stack([self.chains.lon[edge, end], self.chains.lat[edge, end]])
            lines = np.atleast_1d(np.asarray(shapely.linestrings(coords, indices=owner), dtype=object))
        lone = np.asarray(shapely.points(self.points), dtype=object)
        return Index(np.concatenate([lines, lone]))


def union_of(parts: Parts, spec: Spec) -> BaseGeometry:
    """Return the union of the pieces of all parts.

    Parameters
    ----------
    parts : Parts
    spec : Spec

    Returns
    -------
    Polygon or MultiPolygon
    """
    everything = np.arange(len(parts))
    if len(parts) <= _FEW:
        return _tidy(_union(parts.pieces(everything, spec)), spec)
    core = _thin(parts, _CORE_STEP * spec.radius_m)
    if _WORTH * len(core) > len(parts):
        return _tidy(_union(parts.pieces(everything, spec)), spec)
    inner = Spec(spec.radius_m * (1 - 0.5 * _CORE_STEP) * (1 - _CORE_TOL), _CORE_TOL)
    zone = union_of(core, inner)
    whole = _complete(parts, zone, spec)
    return _tidy(_union(parts.pieces(everything, spec)) if whole is None else whole, spec)


def boundary_points(zone: BaseGeometry, shares: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75)) -> Floats:
    """Return points of each edge of a zone's boundary, the cuts at ±180° and the poles left out."""
    coords, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(zone)), return_index=True)
    same = ring[1:] == ring[:-1]
    p, q = coords[:-1][same], coords[1:][same]
    cut = ((np.abs(p[:, 0]) == 180) & (p[:, 0] == q[:, 0])) | ((np.abs(p[:, 1]) == 90) & (p[:, 1] == q[:, 1]))
    p, q = p[~cut], q[~cut]
    return np.concatenate([p + (q - p) * share for share in shares])


def _breaks(chains: Chains) -> NDArray[np.bool_]:
    """Return for each edge but the first whether it does not continue the edge before it in the table."""
    out: NDArray[np.bool_] = chains.next_[:-1] != np.arange(1, len(chains))
    return out


def _thin(parts: Parts, step_m: float) -> Parts:
    """Return fewer edges, every point of which is within half a step of the whole.

    Edges longer than the step stay; runs of shorter ones become one as long as their path is no
    longer than the step: its ends are of the whole, and no point of it is farther from both
    than half its length.
    """
    from geoconflict.geodesy.chains import chains_of

    chains = parts.chains
    if not len(chains):
        return Parts(chains, _thin_points(parts.points, step_m))
    head = np.append(True, _breaks(chains))
    chain = np.cumsum(head) - 1
    before = np.cumsum(chains.length_m) - chains.length_m
    path = before - before[np.flatnonzero(head)][chain]
    after = path + chains.length_m
    cell = np.floor(path / step_m)
    # a run holds the edges that lie wholly in one cell of the path
    alone = np.floor(after / step_m) != cell
    fresh = head | alone | np.append(True, alone[:-1]) | np.append(True, cell[1:] != cell[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(chains)) - 1
    coords = np.column_stack([chains.lon[first, 0], chains.lat[first, 0]])
    tail = np.column_stack([chains.lon[last, 1], chains.lat[last, 1]])
    owner = chain[first]
    final = np.append(owner[1:] != owner[:-1], True)
    where = np.flatnonzero(final) + 1
    coords = np.insert(coords, where, tail[final], axis=0)
    line = np.insert(owner, where, owner[final])
    # a ring shorter than a step has become one place
    begin, finish = (
        np.flatnonzero(np.append(True, line[1:] != line[:-1])),
        np.flatnonzero(np.append(line[1:] != line[:-1], True)),
    )
    spot = (finish - begin == 1) & (coords[begin] == coords[finish]).all(axis=1)
    return Parts(chains_of(coords, line), _thin_points(np.vstack([parts.points, coords[begin[spot]]]), step_m))


def _thin_points(points: Floats, step_m: float) -> Floats:
    """Return one point of each cell of a grid."""
    if len(points) < _FEW:
        return points
    from geoconflict.geodesy.ellipsoid import ecef

    cell = np.floor(ecef(points[:, 0], points[:, 1]) / step_m)
    _, first = np.unique(cell, axis=0, return_index=True)
    return points[np.sort(first)]


def _complete(parts: Parts, zone: BaseGeometry, spec: Spec) -> BaseGeometry | None:
    """Add pieces to a zone inside the buffer until its boundary is nowhere too near; None if that does not end."""
    index = parts.index()
    r = spec.radius_m
    before = np.full(len(parts), -1, dtype=np.int64)
    on = np.flatnonzero(parts.chains.next_ >= 0)
    before[parts.chains.next_[on]] = on
    have = np.zeros(len(parts), dtype=bool)
    wanted = _nearest_ring(index, zone, r)
    for _ in range(_MOST_ROUNDS):
        # the sector at the start of an edge is in the piece of the edge before it
        wanted = np.unique(np.concatenate([wanted, before[wanted][before[wanted] >= 0]]))
        wanted = wanted[~have[wanted]]
        if not len(wanted):
            return None
        have[wanted] = True
        zone = shapely.union(zone, _union(parts.pieces(wanted, spec)))
        at = boundary_points(zone)
        found = index.measure(at[:, 0], at[:, 1])
        short = found.distance_m < r * (1 - spec.tol)
        if not short.any():
            return zone
        wanted = _touching(parts, np.unique(found.edge[short]))
    return None


def _touching(parts: Parts, which: Ints) -> Ints:
    """Return parts and all that begin or end where they do: a corner is nearest to several edges alike."""
    chains = parts.chains
    place = np.concatenate([chains.lon.ravel() + 1j * chains.lat.ravel(), parts.points[:, 0] + 1j * parts.points[:, 1]])
    owner = np.concatenate([np.repeat(np.arange(len(chains)), 2), np.arange(len(chains), len(parts))])
    mine = np.isin(owner, which)
    out: Ints = np.unique(owner[np.isin(place, place[mine])])
    return out


def _union(pieces: Geometries) -> BaseGeometry:
    """Return the union of pieces, neighbours first: those of one line join to a slender whole early."""
    joined = pieces
    while len(joined) > _GROUP:
        groups = [shapely.union_all(joined[k : k + _GROUP]) for k in range(0, len(joined), _GROUP)]
        joined = np.empty(len(groups), dtype=object)
        joined[:] = groups
    whole: BaseGeometry = shapely.union_all(joined)
    return whole


def _nearest_ring(index: Index, zone: BaseGeometry, r: float) -> Ints:
    """Return the edges nearest to where the boundary must be: a zone's boundary moved out to the radius."""
    at = shapely.get_coordinates(shapely.segmentize(zone, np.degrees(_PROBE * r / R_MEAN)))
    lon, lat = at[:, 0], at[:, 1]
    for _ in range(3):
        found = index.measure(lon, lat)
        azimuth, _, _ = inverse(found.lon, found.lat, lon, lat)
        lon, lat, _ = forward(found.lon, found.lat, azimuth, np.full(len(lon), r))
    found = index.measure(lon, lat)
    return np.unique(found.edge)


def _tidy(zone: BaseGeometry, spec: Spec) -> BaseGeometry:
    """Return a zone without the slivers that stay where three boundaries meet in one point but for rounding.

    A hole goes whose mean width is at most 1 µm, and so small that no circle in a hole as long as
    the radius is wider than a tenth of the tolerance.
    """
    parts = shapely.get_parts(zone)
    if not shapely.get_num_interior_rings(parts).any():
        return zone
    thin = np.degrees(min(1e-6, 0.01 * spec.tol**2 * spec.radius_m) / R_MEAN)
    done = []
    for part in parts:
        holes = [ring for ring in part.interiors if 2 * shapely.Polygon(ring).area > thin * ring.length]
        done.append(shapely.Polygon(part.exterior, holes))
    return done[0] if len(done) == 1 else shapely.MultiPolygon(done)
