"""Curves at a distance from a line, on the side of a polygon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import LimitError
from geoconflict.geodesy import buffers
from geoconflict.geodesy.bands import require_areal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_DEGREE_M = 111_694.0
"""Length of the longest degree of latitude, at the poles, in metres, rounded up."""


def offset_line(
    line: BaseGeometry | Sequence[BaseGeometry],
    polygon: BaseGeometry,
    distance_m: float,
    *,
    simplify_m: float = 0.0,
    tol: float = 1e-4,
) -> shapely.LineString | shapely.MultiLineString:
    """Return the curve inside a polygon at a distance from a line.

    It is the boundary of the buffer of the line, so it has no loops, however the line
    winds.  Each part runs so that ``line`` lies on its left.  The side needs no telling: it is the polygon's.

    Parameters
    ----------
    line : geometry, sequence of geometries or GeoSeries
        Any number of parts in any direction; its edges are geodesics.
    polygon : Polygon or MultiPolygon
        What the curve stays inside of.
    distance_m : float
        Metres, more than 0, up to 5,000 km.
    simplify_m : float
        How far the curve may be moved in order to have fewer vertices, metres; 0 keeps it.
    tol : float
        Relative tolerance of the distance, before ``simplify_m``.

    Returns
    -------
    LineString or MultiLineString
        The longest part first; empty where the polygon does not reach that far.

    Raises
    ------
    GeometryError
    LimitError

    Examples
    --------
    >>> border = shapely.LineString([(20, 50), (20, 51)])
    >>> curve = offset_line(border, shapely.box(20, 50, 21, 51), 10_000)
    >>> [round(x, 3) for x in curve.bounds]
    [20.139, 50.0, 20.142, 51.0]
    >>> curve.coords[0][1] < curve.coords[-1][1]
    True
    """
    if not distance_m > 0:
        msg = f"an offset needs a distance of more than 0 m, found {distance_m}"
        raise LimitError(msg)
    if not simplify_m >= 0:
        msg = f"simplify_m must be 0 or more metres, found {simplify_m}"
        raise LimitError(msg)
    country = require_areal(polygon)
    zone = buffers.buffer(buffers.together(line, what="the line"), distance_m, tol=tol)
    rings = shapely.get_rings(shapely.get_parts(zone))
    curve: BaseGeometry = shapely.line_merge(
        shapely.intersection(shapely.MultiLineString(list(_segments(rings))), country)
    )
    shapely.prepare(zone)
    parts = [_zone_on_the_left(part, zone) for part in _lines_of(curve)]
    curve = shapely.MultiLineString(parts)
    if simplify_m > 0 and parts:
        # a degree of longitude shrinks towards the poles: a plane scaled for the latitude nearest to
        # the equator moves nothing by more than was asked
        low, high = curve.bounds[1], curve.bounds[3]
        scale = 1.0 if low <= 0 <= high else float(np.cos(np.radians(min(abs(low), abs(high)))))
        wide = shapely.transform(curve, lambda c: c * [scale, 1.0])
        wide = shapely.simplify(wide, simplify_m / _DEGREE_M, preserve_topology=True)
        curve = shapely.transform(wide, lambda c: c / [scale, 1.0])
    parts = sorted(_lines_of(curve), key=lambda part: -part.length)
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _segments(rings: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return rings as lines, broken where an edge is only the cut at ±180° or a pole."""
    coords, index = shapely.get_coordinates(rings, return_index=True)
    same = index[1:] == index[:-1]
    x, y = coords[:, 0], coords[:, 1]
    cut = ((np.abs(x[1:]) == 180) & (x[1:] == x[:-1])) | ((np.abs(y[1:]) == 90) & (y[1:] == y[:-1]))
    run = np.cumsum(np.append(0, ~same | cut))
    keep = np.bincount(run)[run] > 1
    lines: NDArray[np.object_] = shapely.linestrings(coords[keep], indices=np.unique(run[keep], return_inverse=True)[1])
    return lines


def _lines_of(geometry: BaseGeometry) -> list[shapely.LineString]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, shapely.LineString) and part.length > 0]


def _zone_on_the_left(part: shapely.LineString, zone: BaseGeometry) -> shapely.LineString:
    coords = shapely.get_coordinates(part)
    steps = np.diff(coords, axis=0)
    k = int(np.argmax(np.hypot(steps[:, 0], steps[:, 1])))
    beside = coords[k] + steps[k] / 2 + np.array([-steps[k, 1], steps[k, 0]]) * 1e-3
    return part if shapely.contains_xy(zone, beside[0], beside[1]) else shapely.LineString(coords[::-1])
