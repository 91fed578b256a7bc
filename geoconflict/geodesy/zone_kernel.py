"""The same counting as in `inside`, compiled by numba."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.ellipsoid import K
from geoconflict.geodesy.kernels import CELLS, CHUNK, jit, place, visit

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Shorts = npt.NDArray[np.int32]
    Bools = npt.NDArray[np.bool_]


@jit
def south_of(lon: float, lat: float, ends: Floats, j: int) -> bool:
    """Return whether a point lies to the right of a piece that runs to the east."""
    p = place(lon, lat)
    ax, ay, az = ends[j, 0], ends[j, 1], ends[j, 2]
    dx, dy, dz = ends[j, 3] - ax, ends[j, 4] - ay, ends[j, 5] - az
    gx, gy, gz = 0.5 * (ax + ends[j, 3]), 0.5 * (ay + ends[j, 4]), 0.5 * K * (az + ends[j, 5])
    ex, ey, ez = dy * gz - dz * gy, dz * gx - dx * gz, dx * gy - dy * gx
    beside: float = (p[0] - ax) * ex + (p[1] - ay) * ey + (p[2] - az) * ez
    return beside > 0


@jit
def holds(lon: float, lat: float, low: int, high: int, members: tuple[Floats, Ints, Floats]) -> bool:
    """Return whether the meridian northward crosses members ``low … high - 1`` an odd number of times."""
    span, piece, ends = members
    odd = False
    for m in range(low, high):
        if not (span[m, 0] <= lon < span[m, 1] and lat <= span[m, 3]):
            continue
        if lon == span[m, 0] and not math.isnan(span[m, 4]):
            crossed = lat < span[m, 4]
        else:
            crossed = lat < span[m, 2] or south_of(lon, lat, ends, piece[m])
        if crossed:
            odd = not odd
    return odd


@jit
def roomy(array: Ints, place: int) -> Ints:
    """Return the array, or a longer copy if it has no such place."""
    while place >= len(array):
        array = np.concatenate((array, np.empty_like(array)))
    return array


@jit
def pairs(
    lon: Floats,
    lat: Floats,
    grid: tuple[float, float],
    groups: tuple[Ints, Ints, Ints, Floats],
    members: tuple[Floats, Ints, Floats],
    polygons: tuple[Bools, Ints],
) -> tuple[Ints, Ints]:
    """Return every pair of a point and a geometry whose polygons hold it, ordered by point, then geometry."""
    n = len(lon)
    west, width = grid
    first, polygon, start, reach = groups
    north_pole, row = polygons
    slabs = len(first) - 1
    points, rows = np.empty(n + 16, np.int64), np.empty(n + 16, np.int64)
    total = 0
    size = min(n, CHUNK)
    order, cell = np.empty(size, np.int32), np.empty(size, np.int32)
    count = np.empty(CELLS * CELLS + 1, np.int32)
    at = np.empty(size + 1, np.int64)
    found_point, found_row = np.empty(4 * size + 16, np.int64), np.empty(4 * size + 16, np.int64)
    for begin in range(0, n, CHUNK):
        lons, lats = lon[begin : begin + CHUNK], lat[begin : begin + CHUNK]
        visit(lons, lats, order, cell, count)
        found = 0
        at[:] = 0
        for k in range(len(lons)):
            i = order[k]
            x, y = lons[i], lats[i]
            slab = (x - west) / width
            if slab < 0 or slab > slabs:
                continue
            j = min(int(slab), slabs - 1)
            last = -1
            for g in range(first[j], first[j + 1]):
                if y > reach[g, 1] or y < reach[g, 0]:
                    continue
                owner = polygon[g]
                inside = holds(x, y, start[g], start[g + 1], members) != north_pole[owner]
                if inside and row[owner] != last:
                    last = row[owner]
                    found_point, found_row = roomy(found_point, found), roomy(found_row, found)
                    found_point[found], found_row[found] = i, last
                    at[i + 1] += 1
                    found += 1
        points, rows = roomy(points, total + found), roomy(rows, total + found)
        for i in range(len(lons)):
            at[i + 1] += at[i]
        for f in range(found):
            i = found_point[f]
            points[total + at[i]], rows[total + at[i]] = begin + i, found_row[f]
            at[i] += 1
        total += found
    return points[:total].copy(), rows[:total].copy()
