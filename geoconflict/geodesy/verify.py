"""Check distances, buffers and bands against a slow reference that shares no code with them.

The reference is Karney's algorithm through ``pyproj.Geod``.  The nearest point on each edge is
found by search: 33 samples along every edge that can be nearest, then a golden-section search
around the smallest.  There is no tree, no closed form and no compiled code.

Examples
--------
>>> import shapely
>>> line = shapely.LineString([(170, 10), (-170, 12)])
>>> points = shapely.points([[175.0, 15.0], [-178.0, 9.0]])
>>> report = check_distance(points, line)
>>> report.checked, bool(report.worst_m < 1e-5)
(2, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from geoconflict.geodesy._checks import (
    Edges,
    Geometries,
    GeometryArray,
    as_geometries,
    as_points,
    require_edges,
)
from geoconflict.geodesy.buffers import buffer
from geoconflict.geodesy.proximity import distance

if TYPE_CHECKING:
    from geoconflict.geodesy._ellipsoid import Bools, Floats, Ints

_SAMPLES = 33
_SECTIONS = 45
_GOLDEN = (5**0.5 - 1) / 2
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a check.

    Attributes
    ----------
    checked : int
        The number of points measured.
    worst_m : float
        The largest error in metres.
    worst_share : float
        The largest error as a share of the radius or distance; NaN if there is none.
    wrong_side : int
        The number of points that are inside but should be outside, or the reverse.
    worst_at : tuple of float
        Longitude and latitude of the point with the largest error.
    """

    checked: int
    worst_m: float
    worst_share: float
    wrong_side: int
    worst_at: tuple[float, float]

    def __str__(self) -> str:
        """Return the report as one line."""
        lon, lat = self.worst_at
        return (
            f"{self.checked} points checked, largest error {self.worst_m:.3g} m "
            f"({self.worst_share:.2g} of the distance) at {lon:.6f}, {lat:.6f}; {self.wrong_side} on the wrong side"
        )


def true_distance(points: Geometries, target: Geometries, *, edges: Edges = "geodesic") -> Floats:
    """Measure the distance of points from the vertices and edges of a target, slowly.

    Inside a polygon this is the distance from its ring, not 0.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
    target : geometry, or sequence of geometries
    edges : {"geodesic", "lonlat"}

    Returns
    -------
    array of shape (n,)
        Metres.

    Examples
    --------
    >>> true_distance([[5, 1]], shapely.LineString([(0, 0), (10, 0)])).round(3)
    array([110574.389])
    """
    require_edges(edges)
    lon, lat = as_points(points)
    ends = _edges_of(as_geometries(target, what="the target"))
    walk = _Walk(ends, geodesic=edges == "geodesic")
    return np.array([_from_point(x, y, walk) for x, y in zip(lon, lat, strict=True)])


def check_distance(points: Geometries, target: Geometries, *, edges: Edges = "geodesic") -> Report:
    """Compare `distance` with the slow reference.

    Parameters
    ----------
    points, target, edges
        As for `distance`.

    Returns
    -------
    Report
    """
    lon, lat = as_points(points)
    found = distance(np.column_stack([lon, lat]), target, edges=edges)
    truth = np.where(_in_plane(lon, lat, target), 0.0, true_distance(np.column_stack([lon, lat]), target, edges=edges))
    return _report(lon, lat, np.abs(found - truth), truth, np.zeros(len(lon), dtype=bool))


def check_buffer(
    geom: Geometries,
    radius_m: float,
    buffered: Geometries | None = None,
    *,
    samples: int = 200,
    edges: Edges = "geodesic",
) -> Report:
    """Measure the boundary of a buffer at vertices and between them.

    Parameters
    ----------
    geom : geometry, or sequence of geometries
        The input of the buffer.
    radius_m : float
        The radius in metres.
    buffered : geometry, optional
        The buffer; computed with `buffer` if omitted.
    samples : int
        The number of points on the boundary to measure, half of them vertices.
    edges : {"geodesic", "lonlat"}
        What joins two vertices of ``geom``.

    Returns
    -------
    Report
        ``worst_share`` is the largest ``|d - r| / r``; ``wrong_side`` is the number of vertices of
        ``geom`` that a positive buffer does not contain.
    """
    if buffered is None:
        buffered = shapely.union_all(buffer(as_geometries(geom), radius_m))
    lon, lat = _on_boundary(buffered, samples)
    d = true_distance(np.column_stack([lon, lat]), geom, edges=edges)
    error = np.abs(d - abs(radius_m))
    own = shapely.get_coordinates(as_geometries(geom))
    out = ~_in_plane(own[:, 0], own[:, 1], buffered) if radius_m > 0 else np.zeros(0, dtype=bool)
    return _report(lon, lat, error, np.full(len(lon), abs(radius_m)), out)


def check_band(
    line: Geometries, polygon: Geometries, edges_m: tuple[float, float], band: Geometries, *, samples: int = 200
) -> Report:
    """Check for random points in a polygon whether they are correctly inside or outside a band.

    Parameters
    ----------
    line : geometry
        The line that the band is measured from.
    polygon : Polygon or MultiPolygon
        The polygon that the band is part of.
    edges_m : tuple of float
        The inner and the outer distance, metres.
    band : geometry
        The band to check: points of ``polygon`` with inner ≤ d < outer.
    samples : int
        The number of points; the same points are used every time.

    Returns
    -------
    Report
        ``worst_m`` is the distance of the worst point on the wrong side from the edge of the band.
    """
    inner, outer = edges_m
    lon, lat = _inside_sample(as_geometries(polygon), samples)
    d = true_distance(np.column_stack([lon, lat]), line)
    should = (d >= inner) & (d < outer)
    wrong = should != _in_plane(lon, lat, band)
    off = np.minimum(np.abs(d - inner), np.abs(d - outer))
    return _report(lon, lat, np.where(wrong, off, 0.0), d, wrong)


def _report(lon: Floats, lat: Floats, error: Floats, size: Floats, wrong: Bools) -> Report:
    if len(error) == 0:
        return Report(0, 0.0, float("nan"), int(wrong.sum()), (float("nan"), float("nan")))
    at = int(np.argmax(error))
    share = np.divide(error, size, out=np.full(len(error), np.nan), where=size > 0)
    worst_share = float(np.nanmax(share)) if np.isfinite(share).any() else float("nan")
    return Report(len(error), float(error[at]), worst_share, int(wrong.sum()), (float(lon[at]), float(lat[at])))


def _in_plane(lon: Floats, lat: Floats, geom: Geometries) -> Bools:
    whole = shapely.union_all(as_geometries(geom)) if not isinstance(geom, shapely.Geometry) else geom
    areal = [part for part in shapely.get_parts(whole) if shapely.get_dimensions(part) == 2]
    out = np.zeros(len(lon), dtype=bool)
    for part in areal:
        for turn in (-360.0, 0.0, 360.0):
            out |= shapely.intersects_xy(part, lon + turn, lat)
    return out


def _on_boundary(geom: Geometries, samples: int) -> tuple[Floats, Floats]:
    # Edges along the antimeridian or a pole are cuts, not part of the boundary.
    x1, y1, x2, y2 = _edges_of(as_geometries(geom)).T
    cut = ((np.abs(x1) > 180 - 1e-9) & (np.abs(x2) > 180 - 1e-9)) | (np.abs(y1) > 90 - 1e-9) | (np.abs(y2) > 90 - 1e-9)
    x1, y1, x2, y2 = x1[~cut], y1[~cut], x2[~cut], y2[~cut]
    if len(x1) == 0:
        return np.empty(0), np.empty(0)
    chosen = np.unique(np.linspace(0, len(x1) - 1, max(samples // 2, 1)).astype(np.int64))
    shares = np.array([0.25, 0.5, 0.75])[np.arange(len(chosen)) % 3]
    between_x = x1[chosen] + shares * (x2[chosen] - x1[chosen])
    between_y = y1[chosen] + shares * (y2[chosen] - y1[chosen])
    return np.r_[x1[chosen], between_x], np.r_[y1[chosen], between_y]


def _inside_sample(polygon: GeometryArray, samples: int) -> tuple[Floats, Floats]:
    whole = shapely.union_all(polygon)
    west, south, east, north = shapely.bounds(whole)
    rng = np.random.default_rng(20250819)
    lon, lat = np.empty(0), np.empty(0)
    for _ in range(200):
        x, y = rng.uniform(west, east, samples), rng.uniform(south, north, samples)
        inside = shapely.contains_xy(whole, x, y)
        lon, lat = np.r_[lon, x[inside]], np.r_[lat, y[inside]]
        if len(lon) >= samples:
            break
    return lon[:samples], lat[:samples]


def _edges_of(geoms: GeometryArray) -> Floats:
    """Return x1, y1, x2, y2 of every edge; a point is an edge from itself to itself."""
    out = [np.empty((0, 4))]
    stack = list(geoms)
    while stack:
        geom = stack.pop()
        if geom.geom_type == "Polygon":
            stack += list(shapely.get_rings(geom))
        elif geom.geom_type in ("Point", "LineString", "LinearRing"):
            xy = shapely.get_coordinates(geom)
            out.append(np.column_stack([xy, xy]) if len(xy) == 1 else np.column_stack([xy[:-1], xy[1:]]))
        else:
            stack += list(shapely.get_parts(geom))
    return np.concatenate(out)


class _Walk:
    """Points along edges, by Karney's direct problem or straight in degrees."""

    def __init__(self, ends: Floats, *, geodesic: bool) -> None:
        self.ends, self.geodesic = ends, geodesic
        azimuth, _, length = _GEOD.inv(ends[:, 0].copy(), ends[:, 1].copy(), ends[:, 2].copy(), ends[:, 3].copy())
        self.azimuth, self.length = np.asarray(azimuth), np.asarray(length)
        if not geodesic:
            # An upper bound of the length, with degrees of latitude and of longitude at their longest.
            step = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
            self.length = np.maximum(self.length, step * 111_700.0)

    def distance(self, edge: Ints, share: Floats, lon: float, lat: float) -> Floats:
        x1, y1, x2, y2 = self.ends[edge].T
        if self.geodesic:
            x, y, _ = _GEOD.fwd(x1.copy(), y1.copy(), self.azimuth[edge], share * self.length[edge])
        else:
            x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
        full = np.ones(len(edge))
        return np.asarray(_GEOD.inv(x, y, lon * full, lat * full)[2])


def _from_point(lon: float, lat: float, walk: _Walk) -> float:
    count = len(walk.ends)
    every = np.arange(count)
    start = walk.distance(every, np.zeros(count), lon, lat)
    end = walk.distance(every, np.ones(count), lon, lat)
    best = float(min(start.min(), end.min()))
    # No point of an edge is nearer than the mean distance of its ends less half of its length.
    possible = np.flatnonzero((start + end - walk.length) / 2 <= best)
    if len(possible) == 0:
        return best
    shares = np.linspace(0, 1, _SAMPLES)
    values = np.stack([walk.distance(possible, np.full(len(possible), s), lon, lat) for s in shares])
    at = values.argmin(axis=0)
    low, high = shares[np.maximum(at - 1, 0)], shares[np.minimum(at + 1, _SAMPLES - 1)]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    d_left, d_right = walk.distance(possible, left, lon, lat), walk.distance(possible, right, lon, lat)
    for _ in range(_SECTIONS):
        nearer = d_left < d_right
        low, high = np.where(nearer, low, left), np.where(nearer, right, high)
        new = np.where(nearer, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
        d_new = walk.distance(possible, new, lon, lat)
        left, right = np.where(nearer, new, right), np.where(nearer, left, new)
        d_left, d_right = np.where(nearer, d_new, d_right), np.where(nearer, d_left, d_new)
    return min(best, float(values.min()), float(d_left.min()), float(d_right.min()))
