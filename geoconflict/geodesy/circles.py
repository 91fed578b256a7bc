"""Buffers of many points, one by one: circles on the ellipsoid.

Longitude and latitude along a circle are smooth functions of the azimuth: their k-th harmonic is
of the order of ``(r·tan(lat)/R)**k``.  Where that is small, twelve points of a circle, found by the direct
problem, give all others by trigonometric interpolation, to better than 1e-9 of the radius.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.geodesy import plane
from geoconflict.geodesy.chains import R_MEAN, forward, quantise
from geoconflict.geodesy.curves import Spec, circle
from geoconflict.geodesy.strips import discs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Geometries = NDArray[np.object_]

_KNOTS = 12
_SMOOTH = 0.02
_CHUNK = 4096


def circles(lon: Floats, lat: Floats, spec: Spec) -> Geometries:
    """Return the disc of each point as a Polygon, or a MultiPolygon where it is cut.

    Parameters
    ----------
    lon, lat : float64 array (n,)
        Degrees.
    spec : Spec

    Returns
    -------
    array of shape (n,)
    """
    lon, lat = quantise((lon + 180.0) % 360.0 - 180.0), quantise(lat)
    out = np.empty(len(lon), dtype=object)
    reach = np.abs(lat) + np.degrees(spec.radius_m / R_MEAN)
    steep = np.tan(np.radians(np.minimum(reach, 89.0)))
    wide = 1.1 * np.degrees(spec.radius_m / R_MEAN) * np.sqrt(1 + steep * steep)
    calm = (reach < 89.0) & (steep * spec.radius_m / R_MEAN < _SMOOTH) & (np.abs(lon) + wide < 180.0)
    rows = np.flatnonzero(calm)
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        out[some] = shapely.polygons(shapely.linearrings(_rings(lon[some], lat[some], spec)))
    rest = np.flatnonzero(~calm)
    pieces, owner = plane.polygons(discs(lon[rest], lat[rest], spec))
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(rest) + 1))
    for k, row in enumerate(rest):
        mine = pieces[order[bounds[k] : bounds[k + 1]]]
        out[row] = shapely.orient_polygons(shapely.union_all(mine), exterior_cw=False)
    return out


def _rings(lon: Floats, lat: Floats, spec: Spec) -> Floats:
    """Return closed rings, counterclockwise from north, of shape (n, count + 1, 2)."""
    n = len(lon)
    count, radius = circle(spec, _SMOOTH)
    knots = -360.0 * np.arange(_KNOTS) / _KNOTS
    x, y, _ = forward(np.repeat(lon, _KNOTS), np.repeat(lat, _KNOTS), np.tile(knots, n), np.full(n * _KNOTS, radius))
    turn = 2 * np.pi * (np.append(np.arange(count), 0) / count - np.arange(_KNOTS)[:, None] / _KNOTS)
    # the kernel of trigonometric interpolation at an even number of knots, the highest harmonic halved
    weight = 1 + np.cos(_KNOTS // 2 * turn)
    for order in range(1, _KNOTS // 2):
        weight += 2 * np.cos(order * turn)
    weight /= _KNOTS
    out = np.empty((n, count + 1, 2))
    out[:, :, 0] = (x.reshape(n, _KNOTS) - lon[:, None]) @ weight + lon[:, None]
    out[:, :, 1] = (y.reshape(n, _KNOTS) - lat[:, None]) @ weight + lat[:, None]
    return quantise(out)
