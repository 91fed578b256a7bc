"""Lines as chains of geodesic edges, and the two geodesic problems in arrays.

All coordinates are multiples of 2**-44 degrees (6 nm), so that a shift by 360
degrees changes no bit of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GEOD = pyproj.Geod(ellps="WGS84")
R_MEAN = 6_371_008.8
_QUANTUM = 2.0**44
_LONGEST_EDGE_M = 500_000.0


def quantise(degrees: Floats) -> Floats:
    """Round degrees to multiples of 2**-44 (6 nm), which survive a shift by 360 exactly."""
    out: Floats = np.round(degrees * _QUANTUM) / _QUANTUM
    return out


def forward(lon: Floats, lat: Floats, azimuth: Floats, distance: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the direct problem; return lon, lat and the azimuth on arrival."""
    x, y, back = GEOD.fwd(lon, lat, azimuth, distance)
    return np.asarray(x), np.asarray(y), np.asarray(back) + 180.0


def inverse(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats, Floats]:
    """Solve the inverse problem; return the azimuths on leaving and on arrival, and metres."""
    start, back, metres = GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(start), np.asarray(back) + 180.0, np.asarray(metres)


@dataclass(frozen=True, slots=True)
class Chains:
    """Geodesic edges in the order of their lines.

    Attributes
    ----------
    lon, lat : float64 array (n, 2)
        Both ends of each edge, degrees.
    azimuth : float64 array (n, 2)
        Azimuth of the edge at its start and at its end, degrees.
    length_m : float64 array (n,)
    next_ : int64 array (n,)
        The edge that follows on the same line, or -1 where the line ends.
    first : bool array (n,)
        Whether no edge comes before this one.
    """

    lon: Floats
    lat: Floats
    azimuth: Floats
    length_m: Floats
    next_: Ints
    first: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.length_m)


def ragged_ranges(counts: Ints) -> tuple[Ints, Ints]:
    """Return for runs of the given lengths the run of each item and its place in it."""
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(int(counts.sum())) - starts[owner]


def chains_of(coords: Floats, line: Ints) -> Chains:
    """Cut lines into geodesic edges of at most 500 km.

    Consecutive equal points are dropped.  A line whose last point is its first
    is closed: its last edge is followed by its first.  A line of one point gives
    no edge.

    Parameters
    ----------
    coords : float64 array (n, 2)
        Degrees, lon and lat.
    line : int64 array (n,)
        The line that each point belongs to, ascending.

    Returns
    -------
    Chains
    """
    coords = np.column_stack([quantise((coords[:, 0] + 180.0) % 360.0 - 180.0), quantise(coords[:, 1])])
    pole = np.abs(coords[:, 1]) >= 90.0
    keep = np.ones(len(coords), dtype=bool)
    keep[1:] = (line[1:] != line[:-1]) | (
        ((coords[1:] != coords[:-1]).any(axis=1)) & ~(pole[1:] & (coords[1:, 1] == coords[:-1, 1]))
    )
    coords, line = coords[keep], line[keep]
    edge = np.flatnonzero(line[1:] == line[:-1])
    lon = np.column_stack([coords[edge, 0], coords[edge + 1, 0]])
    lat = np.column_stack([coords[edge, 1], coords[edge + 1, 1]])
    owner = line[edge]
    azimuth, arrival, metres = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    count = np.maximum(1, np.ceil(metres / _LONGEST_EDGE_M)).astype(np.int64)
    if (count > 1).any():
        parent, step = ragged_ranges(count)
        length = metres[parent] / count[parent]
        x, y, az = forward(lon[parent, 0], lat[parent, 0], azimuth[parent], length * step)
        whole = step == 0
        x[whole], y[whole], az[whole] = lon[parent[whole], 0], lat[parent[whole], 0], azimuth[parent[whole]]
        x, y = quantise(x), quantise(y)
        last = step == count[parent] - 1
        x2, y2 = np.append(x[1:], 0.0), np.append(y[1:], 0.0)
        x2[last], y2[last] = lon[parent[last], 1], lat[parent[last], 1]
        lon, lat, owner = np.column_stack([x, x2]), np.column_stack([y, y2]), owner[parent]
        azimuth, arrival, metres = inverse(lon[:, 0], lat[:, 0], lon[:, 1], lat[:, 1])
    n = len(metres)
    first, next_ = np.ones(n, dtype=bool), np.full(n, -1, dtype=np.int64)
    if n:
        same = owner[1:] == owner[:-1]
        first[1:] = ~same
        next_[:-1][same] = np.flatnonzero(same) + 1
        starts = np.flatnonzero(first)
        ends = np.append(starts[1:], n) - 1
        closed = (lon[starts, 0] == lon[ends, 1]) & (lat[starts, 0] == lat[ends, 1]) & (ends > starts)
        next_[ends[closed]] = starts[closed]
        first[starts[closed]] = False
    return Chains(lon, lat, np.column_stack([azimuth, arrival]), metres, next_, first)
