"""The searches of `_search` and `zones`, compiled by numba.

Imported by `_dispatch` only if numba is installed and there are enough points.  One point at a
time descends the tree, nearest box first, starting from the result of the point before it; the
points of each chunk are sorted so that neighbours follow one another.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np

from geoconflict.geodesy._ellipsoid import A_M, E2, R_MAX_M, K
from geoconflict.geodesy._search import FANOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from geoconflict.geodesy._ellipsoid import Bools, Floats, Ints

    Floats32 = npt.NDArray[np.float32]
    Ints32 = npt.NDArray[np.int32]
    PointAndNormal = tuple[float, float, float, float, float, float]

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")

_CHUNK = 65536
_CELLS = 128
# The chord over d metres is at most d sqrt(1 - d²/12R'² + d⁴/360R'⁴), the cosine series cut after a positive term.
_CHORD_2 = 1 / (12 * R_MAX_M**2)
_CHORD_4 = 1 / (360 * R_MAX_M**4)
# Single precision: coordinates in the frame are rounded by at most 0.5 m each, squares by less than 3e-6.
_ROUNDING_M = 1.5
_ROUNDING = 1 + 3e-6


def jit(function: Kernel) -> Kernel:
    """Compile a function when it is first called, and cache the result on disk if possible."""
    try:
        return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        # Neither the package's folder nor the user's cache folder is writable.
        return cast("Kernel", numba.njit(nogil=True, error_model="numpy")(function))


@jit
def sort_by_cell(lon: Floats, lat: Floats, order: Ints32, cell: Ints32, count: Ints32) -> None:
    """Write an order of points in which neighbours follow one another: column by column, up and down."""
    n = len(lon)
    west, east, south, north = lon[0], lon[0], lat[0], lat[0]
    for i in range(n):
        west, east = min(west, lon[i]), max(east, lon[i])
        south, north = min(south, lat[i]), max(north, lat[i])
    across = (_CELLS - 1e-6) / max(east - west, 1e-9)
    up = (_CELLS - 1e-6) / max(north - south, 1e-9)
    count[:] = 0
    for i in range(n):
        x = int((lon[i] - west) * across)
        y = int((lat[i] - south) * up)
        if x & 1:
            y = _CELLS - 1 - y
        cell[i] = x * _CELLS + y
        count[cell[i] + 1] += 1
    for j in range(1, len(count)):
        count[j] += count[j - 1]
    for i in range(n):
        order[count[cell[i]]] = i
        count[cell[i]] += 1


@jit
def ecef_and_normal(lon: float, lat: float) -> PointAndNormal:
    """Return the ECEF coordinates of a point on the surface, and the unit normal there."""
    lam, phi = math.radians(lon), math.radians(lat)
    sin_phi, cos_phi = math.sin(phi), math.cos(phi)
    nx, ny = cos_phi * math.cos(lam), cos_phi * math.sin(lam)
    radius = A_M / math.sqrt(1 - E2 * sin_phi * sin_phi)
    return radius * nx, radius * ny, radius * (1 - E2) * sin_phi, nx, ny, sin_phi


@jit
def foot_point(px: float, py: float, pz: float, pieces: Floats, j: int) -> tuple[float, float, float, float]:
    """Return the point of piece ``j`` that is nearest to a point, and its position; see `_pieces.foot_point`."""
    ax, ay, az = pieces[j, 0], pieces[j, 1], pieces[j, 2]
    bx, by, bz = pieces[j, 3], pieces[j, 4], pieces[j, 5]
    sagitta = pieces[j, 6]
    dx, dy, dz = bx - ax, by - ay, bz - az
    l2 = dx * dx + dy * dy + dz * dz
    if l2 == 0.0:
        return ax, ay, az, 0.0
    wx, wy, wz = px - ax, py - ay, pz - az
    gx, gy, gz = 0.5 * (ax + bx), 0.5 * (ay + by), 0.5 * K * (az + bz)
    gg = gx * gx + gy * gy + gz * gz
    s = (l2 + (K - 1) * dz * dz) / (2 * gg)
    u = wx * dx + wy * dy + wz * dz
    sigma = s * (wx * gx + wy * gy + wz * gz)
    rho = s * s * gg
    ex, ey, ez = 0.0, 0.0, 0.0
    if sagitta != 0.0:
        ex, ey, ez = dy * gz - dz * gy, dz * gx - dx * gz, dx * gy - dy * gx
        size = math.sqrt(ex * ex + ey * ey + ez * ez)
        ex, ey, ez = ex / size, ey / size, ez / size
        sigma += 4 * sagitta * (wx * ex + wy * ey + wz * ez)
        rho += 16 * sagitta * sagitta
    slope = l2 + 2 * sigma
    if slope > 1e-3 * l2:
        t = min(max((u + sigma) / slope, 0.0), 1.0)
        t = min(max(t - (1 - 2 * t) * t * (1 - t) * rho / slope, 0.0), 1.0)
    elif 2 * u > l2:
        t = 1.0
    else:
        t = 0.0
    bow = t * (1 - t)
    lift, aside = bow * s, 4 * bow * sagitta
    return (
        ax + t * dx + lift * gx + aside * ex,
        ay + t * dy + lift * gy + aside * ey,
        az + t * dz + lift * gz + aside * ez,
        t,
    )


@jit
def closed_form(p: PointAndNormal, qx: float, qy: float, qz: float) -> float:
    """Return the geodesic distance in closed form; see `_ellipsoid.closed_form`."""
    px, py, pz, nx, ny, nz = p
    dx, dy, dz = qx - px, qy - py, qz - pz
    c2 = dx * dx + dy * dy + dz * dz
    if c2 == 0.0:
        return 0.0
    kz = K * qz
    scale = 1 / math.sqrt(qx * qx + qy * qy + kz * kz)
    mx, my, mz = qx * scale, qy * scale, kz * scale
    turn = (mx - nx) * dx + (my - ny) * dy + (mz - nz) * dz
    m2 = min(max(turn * turn / (4 * c2), 0.0), 1.0)
    if m2 < 2.5e-3:
        # asin(m)/m; the terms left out are below 4e-18.
        ratio = 1 + m2 * (1 / 6 + m2 * (3 / 40 + m2 * (5 / 112 + m2 * (35 / 1152 + m2 * (63 / 2816)))))
    else:
        m = math.sqrt(m2)
        ratio = math.asin(m) / m
    high, mean = mz - nz, 0.5 * (mz + nz)
    return math.sqrt(c2) * ratio * (1 + E2 / 60 * m2 * (high * high - 4 * m2 * mean * mean))


@jit
def squared_chord_limit(d: float) -> np.float32:
    """Return the square of the chord beyond which nothing is as near as ``d`` metres."""
    d2 = d * d
    chord = d * math.sqrt(1 - d2 * _CHORD_2 + d2 * d2 * _CHORD_4) + _ROUNDING_M
    return np.float32(chord * chord * _ROUNDING)


@jit
def squared_gaps(groups: Floats32, j: int, x: np.float32, y: np.float32, z: np.float32, out: Floats32) -> None:
    """Write the squared distances from a point to the eight boxes of group ``j``."""
    box = groups[j]
    zero = np.float32(0)
    for c in range(FANOUT):
        gx = max(box[c] - x, x - box[3 * FANOUT + c], zero)
        gy = max(box[FANOUT + c] - y, y - box[4 * FANOUT + c], zero)
        gz = max(box[2 * FANOUT + c] - z, z - box[5 * FANOUT + c], zero)
        out[c] = gx * gx + gy * gy + gz * gz


@jit
def to_frame(frame: Floats, x: float, y: float, z: float) -> tuple[np.float32, np.float32, np.float32]:
    """Return a point in the axes of the tree, relative to its centre."""
    return (
        np.float32(frame[0, 0] * x + frame[0, 1] * y + frame[0, 2] * z - frame[3, 0]),
        np.float32(frame[1, 0] * x + frame[1, 1] * y + frame[1, 2] * z - frame[3, 1]),
        np.float32(frame[2, 0] * x + frame[2, 1] * y + frame[2, 2] * z - frame[3, 2]),
    )


@jit
def make_room(nodes: Ints32, depth: Ints32, gaps: Floats32, top: int, bottom: int, gap: np.float32) -> int:
    """Shift boxes on the stack so that the nearest stays on top; return the index for the next box."""
    at = top
    while at > bottom and gaps[at - 1] < gap:
        nodes[at], depth[at], gaps[at] = nodes[at - 1], depth[at - 1], gaps[at - 1]
        at -= 1
    return at


@jit
def nearest(
    lon: Floats, lat: Floats, pieces: Floats, groups: Floats32, first: Ints, frame: Floats
) -> tuple[Floats, Ints, Floats]:
    """Return for each point the distance in closed form, the nearest piece and the position on it."""
    n = len(lon)
    distance, which, share = np.empty(n), np.empty(n, np.int64), np.empty(n)
    levels = len(first) - 1
    deep = FANOUT * (levels + 1)
    nodes, depth, gaps = np.empty(deep, np.int32), np.empty(deep, np.int32), np.empty(deep, np.float32)
    gap8 = np.empty(FANOUT, np.float32)
    size = min(n, _CHUNK)
    order, cell = np.empty(size, np.int32), np.empty(size, np.int32)
    count = np.empty(_CELLS * _CELLS + 1, np.int32)
    guess = 0
    for begin in range(0, n, _CHUNK):
        lons, lats = lon[begin : begin + _CHUNK], lat[begin : begin + _CHUNK]
        sort_by_cell(lons, lats, order, cell, count)
        for k in range(len(lons)):
            i = order[k]
            p = ecef_and_normal(lons[i], lats[i])
            x, y, z = to_frame(frame, p[0], p[1], p[2])
            qx, qy, qz, t = foot_point(p[0], p[1], p[2], pieces, guess)
            best, best_t, best_j = closed_form(p, qx, qy, qz), t, guess
            limit = squared_chord_limit(best)
            nodes[0], depth[0], gaps[0] = 0, 0, np.float32(0)
            top = 1
            while top > 0:
                top -= 1
                if gaps[top] > limit:
                    continue
                level, node = depth[top], nodes[top]
                squared_gaps(groups, first[level] + node, x, y, z, gap8)
                bottom = top
                for c in range(FANOUT):
                    gap = gap8[c]
                    if gap > limit:
                        continue
                    j = FANOUT * node + c
                    if level < levels - 1:
                        at = make_room(nodes, depth, gaps, top, bottom, gap)
                        nodes[at], depth[at], gaps[at] = j, level + 1, gap
                        top += 1
                    elif j != guess:
                        qx, qy, qz, t = foot_point(p[0], p[1], p[2], pieces, j)
                        d = closed_form(p, qx, qy, qz)
                        if d < best or (d == best and pieces[j, 7] < pieces[best_j, 7]):
                            best, best_t, best_j = d, t, j
                            limit = squared_chord_limit(best)
            distance[begin + i], which[begin + i], share[begin + i] = best, best_j, best_t
            guess = best_j
    return distance, which, share


@jit
def quickselect(order: Ints, key: Floats, low: int, high: int, middle: int) -> None:
    """Partition ``order[low:high]`` by key, so that the smaller keys are before ``middle`` (Hoare, 1961)."""
    left, right = low, high - 1
    while left < right:
        a, b, c = key[order[left]], key[order[(left + right) // 2]], key[order[right]]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = left, right
        while i <= j:
            while key[order[i]] < pivot:
                i += 1
            while key[order[j]] > pivot:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            right = j
        elif middle >= i:
            left = i
        else:
            return


@jit
def bisection_order(local: Floats) -> Ints:
    """Return an order of points that bisects their longest side recursively, aligned with the groups of the tree."""
    n = len(local)
    order = np.arange(n)
    whole = FANOUT
    while whole < n:
        whole *= FANOUT
    lows, highs, sizes = np.empty(256, np.int64), np.empty(256, np.int64), np.empty(256, np.int64)
    lows[0], highs[0], sizes[0] = 0, n, whole
    top = 1
    while top > 0:
        top -= 1
        low, high, size = lows[top], highs[top], sizes[top]
        while size > FANOUT and high - low <= size // FANOUT:
            size //= FANOUT
        if high - low <= FANOUT:
            continue
        widest, axis = -1.0, 0
        for k in range(3):
            least, most = local[order[low], k], local[order[low], k]
            for i in range(low + 1, high):
                least, most = min(least, local[order[i], k]), max(most, local[order[i], k])
            if most - least > widest:
                widest, axis = most - least, k
        child = size // FANOUT
        children = (high - low + child - 1) // child
        middle = low + (children // 2) * child
        quickselect(order, local[:, axis], low, high, middle)
        lows[top], highs[top], sizes[top] = low, middle, size
        lows[top + 1], highs[top + 1], sizes[top + 1] = middle, high, size
        top += 2
    return order


@jit
def right_of_piece(lon: float, lat: float, ends: Floats, j: int) -> bool:
    """Return whether a point is to the right of a piece that runs to the east."""
    p = ecef_and_normal(lon, lat)
    ax, ay, az = ends[j, 0], ends[j, 1], ends[j, 2]
    dx, dy, dz = ends[j, 3] - ax, ends[j, 4] - ay, ends[j, 5] - az
    gx, gy, gz = 0.5 * (ax + ends[j, 3]), 0.5 * (ay + ends[j, 4]), 0.5 * K * (az + ends[j, 5])
    ex, ey, ez = dy * gz - dz * gy, dz * gx - dx * gz, dx * gy - dy * gx
    beside: float = (p[0] - ax) * ex + (p[1] - ay) * ey + (p[2] - az) * ez
    return beside > 0


@jit
def crosses_odd(lon: float, lat: float, low: int, high: int, members: tuple[Floats, Ints, Floats]) -> bool:
    """Return whether the meridian northward crosses members ``low … high - 1`` an odd number of times."""
    span, piece, ends = members
    odd = False
    for m in range(low, high):
        if not (span[m, 0] <= lon < span[m, 1] and lat <= span[m, 3]):
            continue
        if lon == span[m, 0] and not math.isnan(span[m, 4]):
            crossed = lat < span[m, 4]
        else:
            crossed = lat < span[m, 2] or right_of_piece(lon, lat, ends, piece[m])
        if crossed:
            odd = not odd
    return odd


@jit
def grown(array: Ints, index: int) -> Ints:
    """Return the array, or a longer copy if the index is beyond its end."""
    while index >= len(array):
        array = np.concatenate((array, np.empty_like(array)))
    return array


@jit
def containing_pairs(
    lon: Floats,
    lat: Floats,
    grid: tuple[float, float],
    groups: tuple[Ints, Ints, Ints, Floats],
    members: tuple[Floats, Ints, Floats],
    polygons: tuple[Bools, Ints],
) -> tuple[Ints, Ints]:
    """Return every pair of a point and a geometry whose polygons contain it, sorted by point, then geometry."""
    n = len(lon)
    west, width = grid
    first, polygon, start, reach = groups
    north_pole, row = polygons
    slabs = len(first) - 1
    points, rows = np.empty(n + 16, np.int64), np.empty(n + 16, np.int64)
    total = 0
    size = min(n, _CHUNK)
    order, cell = np.empty(size, np.int32), np.empty(size, np.int32)
    count = np.empty(_CELLS * _CELLS + 1, np.int32)
    at = np.empty(size + 1, np.int64)
    found_point, found_row = np.empty(4 * size + 16, np.int64), np.empty(4 * size + 16, np.int64)
    for begin in range(0, n, _CHUNK):
        lons, lats = lon[begin : begin + _CHUNK], lat[begin : begin + _CHUNK]
        sort_by_cell(lons, lats, order, cell, count)
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
                inside = crosses_odd(x, y, start[g], start[g + 1], members) != north_pole[owner]
                if inside and row[owner] != last:
                    last = row[owner]
                    found_point, found_row = grown(found_point, found), grown(found_row, found)
                    found_point[found], found_row[found] = i, last
                    at[i + 1] += 1
                    found += 1
        points, rows = grown(points, total + found), grown(rows, total + found)
        for i in range(len(lons)):
            at[i + 1] += at[i]
        for f in range(found):
            i = found_point[f]
            points[total + at[i]], rows[total + at[i]] = begin + i, found_row[f]
            at[i] += 1
        total += found
    return points[:total].copy(), rows[:total].copy()
