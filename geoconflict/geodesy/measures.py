"""Length, area and centroid of geometries, and positions along geodesics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geoconflict.errors import Fault, GeometryError
from geoconflict.geodesy._checks import (
    Geometries,
    GeometryArray,
    ManyGeometries,
    as_geometries,
    as_points,
    require_valid,
)
from geoconflict.geodesy._ellipsoid import E2, R_MEAN_M, Bools, Floats, direct, inverse, ring_area, row_dot, row_norm
from geoconflict.geodesy._pieces import LINE, POINT, RING, Vertices, extract_vertices, ragged_ranges, run_starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

Geometry = TypeVar("Geometry", bound=BaseGeometry)

_CENTROID_EDGE_M = 20_000.0
_E = float(np.sqrt(E2))
_Q_POLE = (1 - E2) * (1 / (1 - E2) + np.arctanh(_E) / _E)


@overload
def length(geom: BaseGeometry) -> float: ...
@overload
def length(geom: ManyGeometries) -> Floats: ...
def length(geom: Geometries) -> float | Floats:
    """Measure the length of lines, and of the rings of polygons, along geodesics.

    Parameters
    ----------
    geom : geometry, sequence of n geometries, or table

    Returns
    -------
    float, or array of shape (n,)
        Metres, by Karney's algorithm; 0 for points.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> round(length(shapely.LineString([(170, 0), (-170, 0)])), 1)
    2226389.8
    """
    array = as_geometries(geom)
    vertices = extract_vertices(array)
    start, end = vertices.edges()
    _, _, metres = inverse(vertices.lon[start], vertices.lat[start], vertices.lon[end], vertices.lat[end])
    total = np.bincount(vertices.row[vertices.line[start]], metres, minlength=len(array)).astype(np.float64)
    return float(total[0]) if isinstance(geom, BaseGeometry) else total


@overload
def area(geom: BaseGeometry) -> float: ...
@overload
def area(geom: ManyGeometries) -> Floats: ...
def area(geom: Geometries) -> float | Floats:
    """Measure the area of polygons on the ellipsoid, with geodesic edges.

    Each ring is measured by Karney's algorithm, so that the orientation of a ring, the
    antimeridian and the poles do not matter: a ring encloses the smaller of its two sides, and
    holes are subtracted.

    Parameters
    ----------
    geom : geometry, sequence of n geometries, or table

    Returns
    -------
    float, or array of shape (n,)
        Square metres, never negative; 0 for points and lines.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> round(area(shapely.box(0, 0, 1, 1)) / 1e6, 3)
    12308.778
    """
    array = as_geometries(geom)
    require_valid(array)
    vertices = extract_vertices(array)
    total = np.zeros(len(array))
    first = np.searchsorted(vertices.line, np.arange(len(vertices.row) + 1))
    is_shell = run_starts(vertices.polygon)
    for ring in np.flatnonzero(vertices.polygon >= 0):
        part = slice(int(first[ring]), int(first[ring + 1]))
        size = abs(ring_area(vertices.lon[part], vertices.lat[part]))
        total[vertices.row[ring]] += size if is_shell[ring] else -size
    return float(total[0]) if isinstance(geom, BaseGeometry) else total


@overload
def centroid(geom: BaseGeometry) -> shapely.Point: ...
@overload
def centroid(geom: ManyGeometries) -> GeometryArray: ...
def centroid(geom: Geometries) -> shapely.Point | GeometryArray:
    """Return the centroid of geometries on the surface.

    Polygons are weighted by area; without polygons, lines by length; without lines, points by
    number.  The centroid is computed in space, on the authalic sphere, whose areas equal
    those of the ellipsoid, and projected to the surface: it needs no map projection, and is
    correct across the antimeridian and around a pole.  Edges are densified to 20 km first.

    Parameters
    ----------
    geom : geometry, sequence of n geometries, or table

    Returns
    -------
    Point, or array of shape (n,) of Points

    Raises
    ------
    GeometryError
        If the centroid is at the centre of the earth, so that no point of the surface is defined.

    Examples
    --------
    >>> print(shapely.to_wkt(centroid(shapely.box(19, 9, 21, 11)), rounding_precision=4))
    POINT (20 10.0005)
    """
    array = as_geometries(geom)
    require_valid(array)
    lon, lat, undefined = _centroids(array)
    if undefined.any():
        msg = "the centroid is at the centre of the earth, not on its surface"
        raise GeometryError(msg, [Fault("no centroid", row=int(i) + 1) for i in np.flatnonzero(undefined)])
    points: GeometryArray = np.asarray(shapely.points(lon, lat), dtype=object)
    if isinstance(geom, BaseGeometry):
        point: shapely.Point = points[0]
        return point
    return points


@overload
def densify(geom: Geometry, max_segment_m: float) -> Geometry: ...
@overload
def densify(geom: Sequence[BaseGeometry] | GeometryArray, max_segment_m: float) -> GeometryArray: ...
def densify(geom: Any, max_segment_m: float) -> Any:
    """Add vertices along geodesic edges, so that no edge is longer than a limit.

    Parameters
    ----------
    geom : geometry, or array of geometries
    max_segment_m : float
        Metres.

    Returns
    -------
    geometry, or array of geometries
        All vertices of the input are kept.  Longitudes between them follow the shorter way and
        are in [-180, 180], unless the ends of the edge are not.

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> len(densify(shapely.LineString([(0, 0), (1, 0)]), 30_000).coords)
    5
    """
    if not max_segment_m > 0:
        msg = f"max_segment_m must be more than 0, found {max_segment_m}"
        raise GeometryError(msg)
    as_geometries(geom)
    return _densify(geom, max_segment_m)


def _densify(geom: Any, limit: float) -> Any:  # noqa: ANN401 - returns the type that it is given
    if isinstance(geom, list | tuple | np.ndarray):
        out = np.empty(len(geom), dtype=object)
        out[:] = [_densify(part, limit) for part in np.asarray(geom, dtype=object)]
        return out
    kind = geom.geom_type
    if kind in ("LineString", "LinearRing"):
        coords = _densify_coordinates(shapely.get_coordinates(geom), limit)
        return shapely.linearrings(coords) if kind == "LinearRing" else shapely.linestrings(coords)
    if kind == "Polygon":
        rings = [_densify(ring, limit) for ring in shapely.get_rings(geom)]
        return shapely.Polygon(rings[0], rings[1:])
    if kind.startswith("Multi") or kind == "GeometryCollection":
        return type(geom)([_densify(part, limit) for part in shapely.get_parts(geom)])
    return geom


def _densify_coordinates(xy: Floats, limit: float) -> Floats:
    lon, lat = xy[:-1, 0], xy[:-1, 1]
    azimuth, _, metres = inverse(lon, lat, xy[1:, 0], xy[1:, 1])
    count = np.maximum(np.ceil(metres / limit * (1 - 1e-12)), 1).astype(np.int64)
    edge, step = ragged_ranges(count)
    out = np.empty((len(edge) + 1, 2))
    x, y, _ = direct(lon[edge], lat[edge], azimuth[edge], metres[edge] * step / count[edge])
    # If the two ends of an edge are within 180°, the longitudes between them stay in their range of 360°.
    turn = xy[1:, 0] - lon
    branch = lon[edge] + np.clip(turn, -180, 180)[edge] / 2
    same = np.abs(turn)[edge] <= 180
    x = np.where(same, x + 360 * np.round((branch - x) / 360), x)
    out[:-1, 0], out[:-1, 1] = x, y
    vertex = step == 0
    out[:-1][vertex] = xy[:-1]
    out[-1] = xy[-1]
    return out


def azimuth(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Return the azimuth of the geodesic between two points, at the first point.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : float or array, broadcast
        Degrees.

    Returns
    -------
    array
        Degrees clockwise from north, in [0, 360).

    Raises
    ------
    GeometryError
        If a value is not finite.

    Examples
    --------
    >>> float(azimuth(0, 0, -1, 0))
    270.0
    """
    arrays = _broadcast(lon1, lat1, lon2, lat2)
    found, _, _ = inverse(arrays[0], arrays[1], arrays[2], arrays[3])
    out: Floats = np.mod(found, 360.0)
    return out


def destination(lon: ArrayLike, lat: ArrayLike, azimuth_deg: ArrayLike, distance_m: ArrayLike) -> tuple[Floats, Floats]:
    """Return the point at a distance and azimuth from a point.

    Parameters
    ----------
    lon, lat, azimuth_deg : float or array, broadcast
        Degrees.
    distance_m : float or array, broadcast
        Metres; negative for the opposite direction.

    Returns
    -------
    lon, lat : arrays
        Degrees, longitude in [-180, 180].

    Raises
    ------
    GeometryError
        If a value is not finite.

    Examples
    --------
    >>> lon, lat = destination(179.5, 0, 90, 111319.49)
    >>> round(float(lon), 4), round(float(lat), 4)
    (-179.5, 0.0)
    """
    arrays = _broadcast(lon, lat, azimuth_deg, distance_m)
    x, y, _ = direct(arrays[0], arrays[1], arrays[2], arrays[3])
    return x, y


def _broadcast(*values: ArrayLike) -> list[Floats]:
    arrays = [
        np.array(x, dtype=np.float64) for x in np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    ]
    bad = np.flatnonzero(~np.all([np.isfinite(x) for x in arrays], axis=0))
    if len(bad):
        msg = "coordinates, azimuths and distances must be finite"
        raise GeometryError(msg, [Fault("a value is not finite", row=int(i) + 1) for i in bad])
    return arrays


@overload
def interpolate(line: Geometries, distance_m: float) -> shapely.Point: ...
@overload
def interpolate(line: Geometries, distance_m: Sequence[float] | Floats) -> GeometryArray: ...
def interpolate(line: Geometries, distance_m: float | Sequence[float] | Floats) -> shapely.Point | GeometryArray:
    """Return the points at distances along a line.

    Parameters
    ----------
    line : LineString, LinearRing or MultiLineString
        The parts of a MultiLineString follow one another.
    distance_m : float, or array of shape (n,)
        Metres from the first vertex, clipped to the line; negative values count from the end.

    Returns
    -------
    Point, or array of shape (n,) of Points

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> print(shapely.to_wkt(interpolate(shapely.LineString([(0, 0), (2, 0)]), 111319.4908)))
    POINT (1 0)
    """
    array = as_geometries(line, what="the line")
    if len(array) != 1 or array[0].geom_type not in ("LineString", "LinearRing", "MultiLineString"):
        msg = f"expected one LineString, LinearRing or MultiLineString, found {len(array)} geometries of type "
        raise GeometryError(msg + ", ".join(sorted({g.geom_type for g in array})))
    vertices = extract_vertices(array)
    start, end = vertices.edges()
    lon, lat = vertices.lon[start], vertices.lat[start]
    azimuths, _, metres = inverse(lon, lat, vertices.lon[end], vertices.lat[end])
    total = np.cumsum(metres)
    position = np.atleast_1d(np.asarray(distance_m, dtype=np.float64))
    position = np.clip(np.where(position < 0, total[-1] + position, position), 0, total[-1])
    edge = np.minimum(np.searchsorted(total, position, side="right"), len(total) - 1)
    x, y, _ = direct(lon[edge], lat[edge], azimuths[edge], position - (total[edge] - metres[edge]))
    points: GeometryArray = np.asarray(shapely.points(np.round(x, 12), np.round(y, 12)), dtype=object)
    if np.asarray(distance_m).ndim == 0:
        point: shapely.Point = points[0]
        return point
    return points


def cross_track(points: Geometries, line: Geometries) -> tuple[Floats, Floats]:
    """Measure cross-track and along-track distances from the geodesic through two vertices.

    The geodesic extends beyond its ends. The foot is found by iterating spherical right-angled
    triangles with Karney's algorithm; each step leaves about 1/300 of the error.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Degrees, each less than a quarter of the globe from the geodesic.
    line : LineString
        With two vertices.

    Returns
    -------
    cross_m : array of shape (n,)
        Metres, positive to the left of the line's direction.
    along_m : array of shape (n,)
        Metres from the first vertex to the foot, negative before the first vertex.

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> cross, along = cross_track([[1, 1], [-1, 0]], shapely.LineString([(0, 0), (5, 0)]))
    >>> cross.round(1).tolist(), along.round(1).tolist()
    ([110574.4, 0.0], [111319.5, -111319.5])
    """
    array = as_geometries(line, what="the line")
    coords = shapely.get_coordinates(array)
    if len(array) != 1 or len(coords) != 2 or bool((coords[0] == coords[1]).all()):
        msg = f"cross_track needs one line with two different vertices, found {len(coords)} vertices"
        raise GeometryError(msg)
    lon, lat = as_points(points)
    full = np.ones(len(lon))
    start = (coords[0, 0] * full, coords[0, 1] * full)
    heading, _, _ = inverse(*start, coords[1, 0] * full, coords[1, 1] * full)
    along = np.zeros(len(lon))
    cross = np.zeros(len(lon))
    for _ in range(8):
        x, y, course = direct(*start, heading, along)
        towards, _, metres = inverse(x, y, lon, lat)
        turn, theta = np.radians(towards - course), metres / R_MEAN_M
        cross = np.where(np.sin(turn) > 0, -metres, metres)
        along = along + R_MEAN_M * np.arctan2(np.sin(theta) * np.cos(turn), np.cos(theta))
    return cross, along


def _sin_authalic(lat: Floats) -> Floats:
    # Snyder (1987), eq. 3-11 and 3-12.
    s = np.sin(np.radians(lat))
    out: Floats = (1 - E2) * (s / (1 - E2 * s * s) + np.arctanh(_E * s) / _E) / _Q_POLE
    return np.clip(out, -1.0, 1.0)


def _latitude(sin_authalic: Floats) -> Floats:
    # Newton's method on the equation above; dq/dφ is 2 (1 - e²) cos φ / (1 - e² sin² φ)².
    phi = np.arcsin(np.clip(sin_authalic, -1.0, 1.0))
    for _ in range(6):
        s, c = np.sin(phi), np.cos(phi)
        slope = 2 * (1 - E2) * c / (1 - E2 * s * s) ** 2 / _Q_POLE
        error = _sin_authalic(np.degrees(phi)) - sin_authalic
        phi = np.clip(phi - np.where(c > 1e-9, error / np.where(c > 1e-9, slope, 1.0), 0.0), -np.pi / 2, np.pi / 2)
    out: Floats = np.degrees(phi)
    return out


def _on_authalic_sphere(lon: Floats, lat: Floats) -> Floats:
    z = _sin_authalic(lat)
    r, lam = np.sqrt(1 - z * z), np.radians(lon)
    out: Floats = np.c_[r * np.cos(lam), r * np.sin(lam), z]
    return out


def _centroids(geoms: GeometryArray) -> tuple[Floats, Floats, Bools]:
    """Return longitude and latitude of the centroids, and where they are undefined.

    The first moment of a region of a sphere is half the sum of ``θ n`` over its edges, with
    ``θ`` the length of a great-circle edge and ``n`` the normal of its plane, to the left.
    """
    vertices = extract_vertices(_densify(geoms, _CENTROID_EDGE_M))
    start, end = vertices.edges()
    xyz = _on_authalic_sphere(vertices.lon, vertices.lat)
    p, q, line = xyz[start], xyz[end], vertices.line[start]
    cross = np.cross(p, q)
    sine = row_norm(cross)
    angle = np.arctan2(sine, row_dot(p, q))
    kind, row = vertices.kind[line], vertices.row[line]
    highest = np.zeros(len(geoms), dtype=np.int64)
    np.maximum.at(highest, row, kind)

    flux = 0.5 * cross * (angle / np.where(sine > 0, sine, 1.0))[:, None]
    ring_moment = np.zeros((len(vertices.row), 3))
    np.add.at(ring_moment, line, flux)
    ring_moment *= _moment_sign(vertices, ring_moment, xyz)[:, None]
    moment = np.zeros((len(geoms), 3))
    np.add.at(moment, vertices.row, np.where((vertices.kind == RING)[:, None], ring_moment, 0.0))
    for kind_used, weight in ((LINE, sine), (POINT, np.ones(len(line)))):
        use = (highest[row] == kind_used) & (kind == kind_used)
        np.add.at(moment, row[use], (0.5 * (p + q) * weight[:, None])[use])
    size = row_norm(moment)
    undefined = size < 1e-15
    unit = moment / np.where(undefined, 1.0, size)[:, None]
    return np.degrees(np.arctan2(unit[:, 1], unit[:, 0])), _latitude(unit[:, 2]), undefined


def _moment_sign(vertices: Vertices, moment: Floats, xyz: Floats) -> Floats:
    """Return the sign that makes the moments of shells point outward and those of holes inward; 0 for other lines."""
    # The moment of a region of less than half the globe points to the side where its ring is.
    middle = np.zeros((len(vertices.kind), 3))
    np.add.at(middle, vertices.line, xyz)
    sign = np.where(row_dot(moment, middle) < 0, -1.0, 1.0)
    out: Floats = np.where(vertices.kind == RING, np.where(run_starts(vertices.polygon), sign, -sign), 0.0)
    return out
