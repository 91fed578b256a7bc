"""Join edges to arcs: chains between nodes, split where the kind changes and where a coast crosses."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from zones import OPEN, SCALE, Edges, from_keys, to_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_CHUNK = 48


@dataclass(frozen=True)
class Chain:
    """A line between two nodes, or a ring; ``left`` is on its left."""

    left: str
    right: str
    xy: NDArray[np.int64]


@dataclass(frozen=True)
class Arc:
    """A chain of one kind."""

    left: str
    right: str
    kind: str
    xy: NDArray[np.int64]


def chains(edges: Edges) -> list[Chain]:
    """Join the edges of each pair of units, keeping their direction; chains end where more than two edges meet."""
    ends, counts = np.unique(np.concatenate([edges.start, edges.end]), return_counts=True)
    nodes = ends[counts != 2]
    pair = np.char.add(np.char.add(edges.left, "|"), edges.right)
    out = []
    for name in np.unique(pair):
        here = pair == name
        lines = np.stack([from_keys(edges.start[here]), from_keys(edges.end[here])], axis=1)
        merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(lines.astype(float))), directed=True)
        left, right = str(name).split("|")
        for line in sorted(shapely.get_parts(merged), key=lambda one: one.coords[0]):
            whole = np.rint(shapely.get_coordinates(line)).astype(np.int64)
            out += [Chain(left, right, piece) for piece in cut(whole, nodes)]
    return out


def cut(xy: NDArray[np.int64], nodes: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Split a line at the vertices whose keys are nodes; a ring is first rotated to start at one."""
    keys = to_keys(xy)
    inside = np.flatnonzero(np.isin(keys[1:-1], nodes)) + 1
    if keys[0] == keys[-1] and len(inside) and not np.isin(keys[0], nodes):
        xy = np.concatenate([xy[inside[0] : -1], xy[: inside[0] + 1]])
        yield from cut(xy, nodes)
        return
    for first, last in itertools.pairwise([0, *inside.tolist(), len(xy) - 1]):
        yield xy[first : last + 1]


def cross(lines: list[NDArray[np.int64]], coast: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Insert a vertex into both lines wherever a line meets the coast, in place; return the keys of those vertices."""
    line_chunks, line_place = _chunks(lines)
    coast_chunks, coast_place = _chunks(coast)
    first, second = shapely.STRtree(coast_chunks).query(line_chunks, predicate="intersects")
    line_add: dict[int, list[tuple[int, float, int]]] = {}
    coast_add: dict[int, list[tuple[int, float, int]]] = {}
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        (line, at), (ring, by) = line_place[i], coast_place[j]
        a, b = lines[line][at : at + _CHUNK + 1], coast[ring][by : by + _CHUNK + 1]
        for edge_a, edge_b, t, u, key in _meet(a, b):
            line_add.setdefault(line, []).append((at + edge_a, t, key))
            coast_add.setdefault(ring, []).append((by + edge_b, u, key))
    for target, added in ((lines, line_add), (coast, coast_add)):
        for number, points in added.items():
            target[number] = _insert(target[number], points)
    return np.unique(np.array([key for points in line_add.values() for _, _, key in points], dtype=np.int64))


def node(coast: list[NDArray[np.int64]]) -> None:
    """Insert a vertex into both lines wherever two edges of the coast cross or touch, in place."""
    chunks, place = _chunks(coast)
    first, second = shapely.STRtree(chunks).query(chunks, predicate="intersects")
    added: dict[int, list[tuple[int, float, int]]] = {}
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        if i > j:
            continue
        (line, at), (other, by) = place[i], place[j]
        a, b = coast[line][at : at + _CHUNK + 1], coast[other][by : by + _CHUNK + 1]
        keys_a, keys_b = to_keys(a), to_keys(b)
        for edge_a, edge_b, t, u, key in _meet(a, b):
            if key not in keys_a[edge_a : edge_a + 2]:
                added.setdefault(line, []).append((at + edge_a, t, key))
            if key not in keys_b[edge_b : edge_b + 2]:
                added.setdefault(other, []).append((by + edge_b, u, key))
    for number, points in added.items():
        coast[number] = _insert(coast[number], points)


def _chunks(lines: list[NDArray[np.int64]]) -> tuple[NDArray[np.object_], list[tuple[int, int]]]:
    pieces, places = [], []
    for number, line in enumerate(lines):
        for at in range(0, len(line) - 1, _CHUNK):
            pieces.append(shapely.linestrings(line[at : at + _CHUNK + 1].astype(float)))
            places.append((number, at))
    return np.array(pieces), places


def _meet(a: NDArray[np.int64], b: NDArray[np.int64]) -> Iterator[tuple[int, int, float, float, int]]:
    p, r = a[:-1, None, :].astype(float), np.diff(a, axis=0)[:, None, :].astype(float)
    q, s = b[None, :-1, :].astype(float), np.diff(b, axis=0)[None, :, :].astype(float)
    turn = r[..., 0] * s[..., 1] - r[..., 1] * s[..., 0]
    gap = q - p
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (gap[..., 0] * s[..., 1] - gap[..., 1] * s[..., 0]) / turn
        u = (gap[..., 0] * r[..., 1] - gap[..., 1] * r[..., 0]) / turn
    hits = (turn != 0) & (t >= 0) & (t <= 1) & (u >= 0) & (u <= 1)
    for i, j in zip(*np.nonzero(hits), strict=True):
        spot = np.rint(p[i, 0] + t[i, j] * r[i, 0]).astype(np.int64)
        yield int(i), int(j), float(t[i, j]), float(u[i, j]), int(to_keys(spot[None])[0])


def _insert(line: NDArray[np.int64], points: list[tuple[int, float, int]]) -> NDArray[np.int64]:
    keys = to_keys(line)
    order = sorted(set(points))
    places = np.array([edge + 1 for edge, _, _ in order])
    whole = np.insert(keys, places, np.array([key for _, _, key in order], dtype=np.int64))
    whole = whole[np.concatenate([[True], whole[1:] != whole[:-1]])]
    return from_keys(whole)


def by_kind(
    chain: Chain,
    kinds: NDArray[np.str_],
    *,
    nodes: NDArray[np.int64],
    lengths: NDArray[np.float64],
    least_m: float,
) -> list[Arc]:
    """Split a chain at nodes and where the kind changes; runs below ``least_m`` are merged into their neighbour."""
    kinds = smooth(kinds, lengths, least_m)
    keys = to_keys(chain.xy)
    change = np.flatnonzero((kinds[1:] != kinds[:-1]) | np.isin(keys[1:-1], nodes)) + 1
    return [
        Arc(chain.left, chain.right, str(kinds[first]), chain.xy[first : last + 1])
        for first, last in itertools.pairwise([0, *change.tolist(), len(keys) - 1])
    ]


def smooth(kinds: NDArray[np.str_], lengths: NDArray[np.float64], least_m: float) -> NDArray[np.str_]:
    """Give each run of edges shorter than ``least_m`` the kind of its longer neighbour, the shortest run first."""
    runs = _Runs(kinds, lengths)
    queue = [(total, run) for run, total in enumerate(runs.sums)]
    heapq.heapify(queue)
    while queue:
        total, run = heapq.heappop(queue)
        if total >= least_m:
            break
        if runs.alive[run] and total == runs.sums[run] and runs.near(run):
            runs.absorb(run)
            heapq.heappush(queue, (runs.sums[run], run))
    return runs.kinds(len(kinds))


class _Runs:
    """Runs of edges of one kind, as a linked list."""

    def __init__(self, kinds: NDArray[np.str_], lengths: NDArray[np.float64]) -> None:
        first = np.flatnonzero(np.concatenate([[True], kinds[1:] != kinds[:-1]]))
        self.heads = first.tolist()
        self.sums = np.add.reduceat(lengths, first).tolist()
        self.kind = [str(kinds[head]) for head in first]
        self.before = list(range(-1, len(first) - 1))
        self.after = [*range(1, len(first)), -1]
        self.alive = [True] * len(first)

    def near(self, run: int) -> list[int]:
        """Return the neighbours of a run."""
        return [other for other in (self.before[run], self.after[run]) if other >= 0]

    def absorb(self, run: int) -> None:
        """Give a run the kind of its longer neighbour (the earlier one if equal), and merge runs of that kind."""
        self.kind[run] = self.kind[max(self.near(run), key=lambda other: (self.sums[other], -other))]
        for other in self.near(run):
            if self.kind[other] != self.kind[run]:
                continue
            self.sums[run] += self.sums[other]
            self.alive[other] = False
            if other == self.before[run]:
                self.heads[run], self.before[run] = self.heads[other], self.before[other]
                if self.before[run] >= 0:
                    self.after[self.before[run]] = run
            else:
                self.after[run] = self.after[other]
                if self.after[run] >= 0:
                    self.before[self.after[run]] = run

    def kinds(self, count: int) -> NDArray[np.str_]:
        """Return the kind of each edge."""
        live = sorted((run for run, alive in enumerate(self.alive) if alive), key=lambda run: self.heads[run])
        stops = [*(self.heads[run] for run in live), count]
        return np.repeat([self.kind[run] for run in live], np.diff(stops))


def is_seam(xy: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which edges run along the antimeridian or a pole: edges of the data, not of a country."""
    on = (np.abs(xy[:, 0]) == 180 * SCALE, np.abs(xy[:, 1]) == 90 * SCALE)
    out: NDArray[np.bool_] = (on[0][1:] & on[0][:-1]) | (on[1][1:] & on[1][:-1])
    return out


def label(arcs: list[NDArray[np.int64]], units: dict[str, shapely.MultiPolygon]) -> list[str]:
    """Return the unit that contains the midpoint of each line, or ``OPEN``."""
    middle = np.array([(line[(len(line) - 1) // 2] + line[(len(line) - 1) // 2 + 1]) / 2 / SCALE for line in arcs])
    return locate(middle, units)


def locate(points: NDArray[np.float64], units: dict[str, shapely.MultiPolygon]) -> list[str]:
    """Return the unit of each point, or ``OPEN``."""
    names = [unit for unit, polygon in units.items() for _ in polygon.geoms]
    parts = np.concatenate([shapely.get_parts(polygon) for polygon in units.values()])
    shapely.prepare(parts)
    point, part = shapely.STRtree(parts).query(shapely.points(points), predicate="within")
    out = [OPEN] * len(points)
    for i, j in zip(point.tolist(), part.tolist(), strict=True):
        out[i] = names[j]
    return out


def edge_lengths(xy: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length of each edge on the ellipsoid, in metres."""
    lon, lat = xy[:, 0] / SCALE, xy[:, 1] / SCALE
    _, _, out = pyproj.Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(out)


def simplify(xy: NDArray[np.int64], tolerance_m: float) -> NDArray[np.int64]:
    """Simplify a line (Douglas-Peucker) in a local metric scale, keeping its ends."""
    scale = np.array([np.cos(np.radians(xy[:, 1].mean() / SCALE)), 1.0])
    line = shapely.linestrings(xy * scale)
    kept = shapely.get_coordinates(shapely.simplify(line, tolerance_m / (111_320 / SCALE), preserve_topology=False))
    return np.rint(kept / scale).astype(np.int64)
