"""Distance and nearest place on the ellipsoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy.between import distance_between
from geoconflict.geodesy.checks import Edges, as_geometries, as_points, is_points
from geoconflict.geodesy.ellipsoid import K, ecef, inverse
from geoconflict.geodesy.far import Course
from geoconflict.geodesy.index import Index, as_index
from geoconflict.geodesy.pieces import LONGEST_PIECE_M
from geoconflict.geodesy.shapes import POINT

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest place of a target to each of n points.

    Attributes
    ----------
    distance_m : array of float
        Metres; 0 inside a polygon.
    index : array of int
        Which geometry of the target.
    lon, lat : array of float
        The nearest place in degrees; the point itself inside a polygon.
    chainage_m : array of float
        Where the place lies along its line or ring, in metres from its first vertex, the parts
        end to end; NaN inside a polygon.
    side : array of int
        +1 if the point lies to the left of the line in its direction, -1 to the right, 0 on it,
        at a point, or inside a polygon.
    azimuth_deg : array of float
        The direction from the point to the place, degrees clockwise from north in [0, 360);
        NaN at distance 0.
    """

    distance_m: Floats
    index: Ints
    lon: Floats
    lat: Floats
    chainage_m: Floats
    side: Ints
    azimuth_deg: Floats


def distance(geoms: object, target: object, *, edges: Edges = "geodesic") -> Floats:
    """Measure the distance from each geometry to the nearest part of a target.

    The distance is that of the geodesic on WGS84.

    Parameters
    ----------
    geoms : geometry, sequence of n geometries, table, or float array of shape (n, 2)
        What to measure from, in longitude and latitude.
    target : geometry, sequence of geometries, table, or Index
        What to measure to, taken together.
    edges : {"geodesic", "lonlat"}
        What joins two vertices, on both sides.

    Returns
    -------
    array of shape (n,)
        Metres; 0 where the two touch, and inside a polygon.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> equator = LineString([(170, 0), (-170, 0)])
    >>> distance([Point(180, 1), Point(-170, 0)], equator).round(3)
    array([110574.389,      0.   ])
    """
    index = as_index(target, edges)
    if is_points(geoms):
        lon, lat = as_points(geoms, what="the geometries")
        return _of_points(lon, lat, index)
    array = as_geometries(geoms)
    return distance_between(array, index) if len(array) else np.empty(0)


def _of_points(lon: Floats, lat: Floats, index: Index) -> Floats:
    out = index.distances(lon, lat)
    out[index.inside(lon, lat)] = 0.0
    return out


def nearest(points: object, target: object, *, edges: Edges = "geodesic") -> Nearest:
    """Find the place of a target that is nearest to each point.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Longitude and latitude in degrees.
    target : geometry, sequence of geometries, table, or Index
        Taken together.
    edges : {"geodesic", "lonlat"}
        What joins two vertices.

    Returns
    -------
    Nearest

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> found = nearest([Point(5, 1), Point(5, -1)], LineString([(0, 0), (10, 0)]))
    >>> found.side.tolist(), found.chainage_m.round().tolist(), found.azimuth_deg.round(6).tolist()
    ([1, -1], [556597.0, 556597.0], [180.0, 0.0])
    """
    index = as_index(target, edges)
    lon, lat = as_points(points)
    found = index.measure(lon, lat)
    azimuth, _, _ = inverse(lon, lat, found.lon, found.lat)
    out = Nearest(
        distance_m=found.distance_m,
        index=index.shapes.row[index.edge_line[found.edge]].copy(),
        lon=found.lon,
        lat=found.lat,
        chainage_m=index.edge_chainage_m[found.edge] + found.along_m,
        side=_side(index, lon, lat, found.edge, found.along_m),
        azimuth_deg=np.mod(azimuth, 360.0),
    )
    out.side[found.distance_m < 1e-9] = 0
    out.azimuth_deg[found.distance_m < 1e-9] = np.nan
    _put_inside(out, index, lon, lat)
    return out


def _put_inside(out: Nearest, index: Index, lon: Floats, lat: Floats) -> None:
    point, holder = index.holders(lon, lat)
    held, first = np.unique(point, return_index=True)
    out.distance_m[held] = 0.0
    out.index[held] = holder[first]
    out.lon[held], out.lat[held] = lon[held], lat[held]
    out.chainage_m[held] = np.nan
    out.azimuth_deg[held] = np.nan
    out.side[held] = 0


def _side(index: Index, lon: Floats, lat: Floats, edge: Ints, along: Floats) -> Ints:
    """Return on which side of the line each point lies.

    At a vertex the sum of the directions before and after it decides, which is right in the
    whole wedge of points for which that vertex is nearest.
    """
    side = np.zeros(len(edge), dtype=np.int64)
    length = index.edge_length_m[edge]
    inner = (along > 1e-9) & (along < length - 1e-9)
    plain = inner & (length <= LONGEST_PIECE_M) & index.ends.geodesic
    line = np.flatnonzero(plain)
    side[line] = _beside_edge(index, lon[line], lat[line], edge[line])
    rest = np.flatnonzero(~plain)
    if len(rest):
        side[rest] = _beside_course(index, (lon[rest], lat[rest]), edge[rest], along[rest], inner[rest])
    side[index.shapes.kind[index.edge_line[edge]] == POINT] = 0
    return side


def _beside_edge(index: Index, lon: Floats, lat: Floats, edge: Ints) -> Ints:
    # An edge of one piece: which side of the plane through its chord and the middle normal.
    ends = index.ends
    a, b = ecef(ends.lon1[edge], ends.lat1[edge]), ecef(ends.lon2[edge], ends.lat2[edge])
    right = np.cross(b - a, 0.5 * (a + b) * np.array([1.0, 1.0, K]))
    off = np.einsum("ij,ij->i", ecef(lon, lat) - a, right)
    size = np.sqrt(np.einsum("ij,ij->i", right, right))
    return np.where(np.abs(off) <= 1e-9 * size, 0, -np.sign(off)).astype(np.int64)


def _beside_course(
    index: Index,
    points: tuple[Floats, Floats],
    edge: Ints,
    along: Floats,
    inner: npt.NDArray[np.bool_],
) -> Ints:
    length = index.edge_length_m[edge]
    at_start, at_end = ~inner & (along <= 1e-9), ~inner & (along > 1e-9)
    previous, following = _neighbours(index)
    other = np.where(at_start, previous[edge], np.where(at_end, following[edge], -1))
    share = np.where(at_start, 0.0, np.where(at_end, 1.0, along / np.where(length > 0, length, 1.0)))
    qlon, qlat, heading, _ = Course(index.ends, edge).at(share)
    total = _unit(heading)
    joined = np.flatnonzero(other >= 0)
    if len(joined):
        _, _, heading, _ = Course(index.ends, other[joined]).at(np.where(at_start[joined], 1.0, 0.0))
        total[joined] += _unit(heading)
    azimuth, _, _ = inverse(qlon, qlat, *points)
    towards = _unit(azimuth)
    cross = total[:, 0] * towards[:, 1] - total[:, 1] * towards[:, 0]
    return np.where(np.abs(cross) < 1e-12, 0, np.sign(cross)).astype(np.int64)


def _unit(heading: Floats) -> Floats:
    rad = np.radians(heading)
    out: Floats = np.c_[np.sin(rad), np.cos(rad)]
    return out


def _neighbours(index: Index) -> tuple[Ints, Ints]:
    line = index.edge_line
    count = len(line)
    number = np.arange(count)
    same = np.r_[False, line[1:] == line[:-1]]
    previous = np.where(same, number - 1, -1)
    following = np.where(np.r_[same[1:], False], number + 1, -1)
    first = np.flatnonzero(~same)
    last = np.r_[first[1:] - 1, count - 1]
    ends = index.ends
    closed = (ends.lon1[first] == ends.lon2[last]) & (ends.lat1[first] == ends.lat2[last]) & (first != last)
    previous[first[closed]] = last[closed]
    following[last[closed]] = first[closed]
    return previous, following
