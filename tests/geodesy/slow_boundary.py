"""Measure the distance of a boundary from a geometry by Karney's algorithm only.

Shares no code with the package: a k-d tree of points along the edges finds the sections that can
be nearest, and a golden-section search with `pyproj.Geod` finds the nearest point of each.
"""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from scipy.spatial import cKDTree

GEOD = pyproj.Geod(ellps="WGS84")
_GOLDEN = (5**0.5 - 1) / 2


def edges_of(geometry):
    """Return both ends of every edge, without cuts of polygons; a point is an edge from itself to itself."""
    heads, tails = [], []
    parts = shapely.get_parts(geometry)
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    for part in parts:
        areal = part.geom_type == "Polygon"
        for ring in [part.exterior, *part.interiors] if areal else [part]:
            coords = shapely.get_coordinates(ring)
            a, b = (coords[:-1], coords[1:]) if len(coords) > 1 else (coords, coords)
            keep = (a != b).any(axis=1)
            if not keep.any():
                a, b, keep = a[:1], a[:1], np.array([True])
            if areal:
                keep &= ~((np.abs(a[:, 1]) == 90) & (a[:, 1] == b[:, 1]))
            heads.append(a[keep])
            tails.append(b[keep])
    a, b = np.vstack(heads), np.vstack(tails)
    keep = ~_matched(a, b)
    return a[keep], b[keep]


def _matched(a, b):
    """Return whether an edge on the antimeridian has another one on the opposite side: a cut, not a boundary."""
    seam = (np.abs(a[:, 0]) == 180) & (a[:, 0] == b[:, 0])
    out = np.zeros(len(a), dtype=bool)
    for k in np.flatnonzero(seam):
        middle = (a[k, 1] + b[k, 1]) / 2
        other = seam & (a[:, 0] == -a[k, 0])
        out[k] = (other & (np.minimum(a[:, 1], b[:, 1]) <= middle) & (middle <= np.maximum(a[:, 1], b[:, 1]))).any()
    return out


def boundary_samples(zone, most, seed=5):
    """Return the vertices of a boundary and the points at 1/4, 1/2 and 3/4 of its edges, straight in lon/lat."""
    coords, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(zone)), return_index=True)
    same = ring[1:] == ring[:-1]
    p, q = coords[:-1][same], coords[1:][same]
    cut = ((np.abs(p[:, 0]) == 180) & (p[:, 0] == q[:, 0])) | ((np.abs(p[:, 1]) == 90) & (p[:, 1] == q[:, 1]))
    p, q = p[~cut], q[~cut]
    out = np.concatenate([p + (q - p) * share for share in (0.0, 0.25, 0.5, 0.75)])
    return out if len(out) <= most else out[np.random.default_rng(seed).choice(len(out), most, replace=False)]


def slow_distance(points, geometry, *, most=60_000, nearest=8):
    """Return the distance from each point to the nearest edge, accurate to about a micrometre."""
    a, b = edges_of(geometry)
    azimuth, _, length = (np.asarray(x) for x in GEOD.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1]))
    step = max(length.sum() / most, 1.0)
    count = np.maximum(1, np.ceil(length / step)).astype(int) + 1
    edge = np.repeat(np.arange(len(a)), count)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    along = length[edge] * place / (count[edge] - 1)
    lon, lat, _ = GEOD.fwd(a[edge, 0], a[edge, 1], azimuth[edge], along)
    tree = cKDTree(_space(np.asarray(lon), np.asarray(lat)))
    _, hits = tree.query(_space(points[:, 0], points[:, 1]), k=min(nearest, len(edge)))
    hits = hits.reshape(len(points), -1)
    of = np.repeat(np.arange(len(points)), hits.shape[1])
    hit = hits.ravel()
    mine, width = edge[hit], length[edge[hit]] / (count[edge[hit]] - 1)
    low, high = np.clip(along[hit] - width, 0, length[mine]), np.clip(along[hit] + width, 0, length[mine])

    def measure(s):
        x, y, _ = GEOD.fwd(a[mine, 0], a[mine, 1], azimuth[mine], s)
        return np.asarray(GEOD.inv(points[of, 0], points[of, 1], x, y)[2])

    best = np.minimum(measure(low), measure(high))
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    f_left, f_right = measure(left), measure(right)
    # The distance is flat at its minimum: a position accurate to 1e-4 of a section gives it to 1e-8.
    for _ in range(22):
        nearer = f_left < f_right
        high, low = np.where(nearer, right, high), np.where(nearer, low, left)
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        f_left, f_right = measure(left), measure(right)
    best = np.minimum(best, np.minimum(f_left, f_right))
    out = np.full(len(points), np.inf)
    np.minimum.at(out, of, best)
    return out


def _space(lon, lat):
    radius, e2 = 6378137.0, 0.0066943799901413165
    lam, phi = np.radians(lon), np.radians(lat)
    n = radius / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    return np.column_stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - e2) * np.sin(phi)])
