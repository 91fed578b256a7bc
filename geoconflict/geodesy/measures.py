"""Length, area, and walking along geodesics, for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geoconflict.errors import Fault, GeometryError
from geoconflict.geodesy.checks import as_geometries, as_points, require_valid
from geoconflict.geodesy.ellipsoid import direct, inverse, ring_area
from geoconflict.geodesy.shapes import take_apart

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


_MEAN_RADIUS_M = 6371008.8


def _scalar_or_array(geom: object, values: Floats) -> Any:  # noqa: ANN401 - a float for one geometry, an array for many
    return float(values[0]) if isinstance(geom, shapely.Geometry) else values


def length(geom: object) -> Any:  # noqa: ANN401 - a float for one geometry, an array for many
    """Measure lines, and the rings of polygons, along geodesics.

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
    shapes = take_apart(array)
    start, end = shapes.edges()
    _, _, metres = inverse(shapes.lon[start], shapes.lat[start], shapes.lon[end], shapes.lat[end])
    total = np.bincount(shapes.row[shapes.line[start]], metres, minlength=len(array)).astype(np.float64)
    return _scalar_or_array(geom, total)


def area(geom: object) -> Any:  # noqa: ANN401 - a float for one geometry, an array for many
    """Measure polygons on the ellipsoid, with geodesic edges.

    Ring by ring by Karney's algorithm, so that neither the orientation of a ring nor the
    antimeridian nor a pole matters: a ring bounds the smaller of its two sides, a hole is
    taken away.

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
    shapes = take_apart(array)
    total = np.zeros(len(array))
    first = np.searchsorted(shapes.line, np.arange(len(shapes.row) + 1))
    before = -1
    for ring in np.flatnonzero(shapes.polygon >= 0):
        part = slice(int(first[ring]), int(first[ring + 1]))
        size = abs(ring_area(shapes.lon[part], shapes.lat[part]))
        shell = shapes.polygon[ring] != before
        before = int(shapes.polygon[ring])
        total[shapes.row[ring]] += size if shell else -size
    return _scalar_or_array(geom, total)


def densify(geom: Any, max_segment_m: float) -> Any:  # noqa: ANN401 - the type that comes in goes out
    """Add vertices along the geodesic edges, so that no edge is longer than a limit.

    Parameters
    ----------
    geom : geometry, or array of geometries
    max_segment_m : float
        Metres.

    Returns
    -------
    geometry, or array of geometries
        All old vertices are kept; longitudes are those of the shorter way, in [-180, 180]
        unless the edge's own ends lie beyond.

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


def _densify(geom: Any, limit: float) -> Any:  # noqa: ANN401 - the type that comes in goes out
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
    edge = np.repeat(np.arange(len(lon)), count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    out = np.empty((len(edge) + 1, 2))
    x, y, _ = direct(lon[edge], lat[edge], azimuth[edge], metres[edge] * step / count[edge])
    # Between two vertices a longitude stays on the branch of the vertices where these agree.
    turn = xy[1:, 0] - lon
    branch = lon[edge] + np.clip(turn, -180, 180)[edge] / 2
    same = np.abs(turn)[edge] <= 180
    x = np.where(same, x + 360 * np.round((branch - x) / 360), x)
    out[:-1, 0], out[:-1, 1] = x, y
    vertex = step == 0
    out[:-1][vertex] = xy[:-1]
    out[-1] = xy[-1]
    return out


def azimuth(lon1: object, lat1: object, lon2: object, lat2: object) -> Floats:
    """Return the direction of the geodesic at its first point.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : float or array, broadcast
        Degrees.

    Returns
    -------
    array
        Degrees clockwise from north, in [0, 360).

    Examples
    --------
    >>> float(azimuth(0, 0, -1, 0))
    270.0
    """
    arrays = _broadcast(lon1, lat1, lon2, lat2)
    found, _, _ = inverse(arrays[0], arrays[1], arrays[2], arrays[3])
    out: Floats = np.mod(found, 360.0)
    return out


def destination(lon: object, lat: object, azimuth_deg: object, distance_m: object) -> tuple[Floats, Floats]:
    """Return where a geodesic leads from a point in a direction.

    Parameters
    ----------
    lon, lat, azimuth_deg : float or array, broadcast
        Degrees.
    distance_m : float or array, broadcast
        Metres; negative leads backwards.

    Returns
    -------
    lon, lat : arrays
        Degrees, longitude in [-180, 180].

    Examples
    --------
    >>> lon, lat = destination(179.5, 0, 90, 111319.49)
    >>> round(float(lon), 4), round(float(lat), 4)
    (-179.5, 0.0)
    """
    arrays = _broadcast(lon, lat, azimuth_deg, distance_m)
    x, y, _ = direct(arrays[0], arrays[1], arrays[2], arrays[3])
    return x, y


def _broadcast(*values: object) -> list[Floats]:
    arrays = [
        np.array(x, dtype=np.float64) for x in np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values))
    ]
    bad = np.flatnonzero(~np.all([np.isfinite(x) for x in arrays], axis=0))
    if len(bad):
        msg = "coordinates, directions and distances must be finite"
        raise GeometryError(msg, [Fault("a value is not finite", row=int(i) + 1) for i in bad])
    return arrays


def interpolate(line: Any, distance_m: object) -> Any:  # noqa: ANN401 - a point for one distance, an array for many
    """Return the points of a line at distances along it.

    Parameters
    ----------
    line : LineString, LinearRing or MultiLineString
        The parts of a MultiLineString are walked end to end.
    distance_m : float, or array of shape (n,)
        Metres from the first vertex, clipped to the line; negative counts from its end.

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
        msg = f"points are interpolated on one line, found {', '.join(sorted({g.geom_type for g in array}))}"
        raise GeometryError(msg)
    shapes = take_apart(array)
    start, end = shapes.edges()
    lon, lat = shapes.lon[start], shapes.lat[start]
    azimuths, _, metres = inverse(lon, lat, shapes.lon[end], shapes.lat[end])
    total = np.cumsum(metres)
    wanted = np.atleast_1d(np.asarray(distance_m, dtype=np.float64))
    wanted = np.clip(np.where(wanted < 0, total[-1] + wanted, wanted), 0, total[-1])
    edge = np.minimum(np.searchsorted(total, wanted, side="right"), len(total) - 1)
    along = wanted - (total[edge] - metres[edge])
    x, y, _ = direct(lon[edge], lat[edge], azimuths[edge], along)
    points = np.asarray(shapely.points(np.round(x, 12), np.round(y, 12)), dtype=object)
    return points[0] if np.asarray(distance_m).ndim == 0 else points


def cross_track(points: object, line: object) -> tuple[Floats, Floats]:
    """Measure how far points lie beside and along the geodesic that two vertices define.

    The geodesic is taken beyond its ends. The foot is found by spherical right-angled triangles
    on Karney's algorithm, each of which leaves about 1/300 of the error of the last.

    Parameters
    ----------
    points : Point, sequence of n Points, table, or float array of shape (n, 2)
        Degrees, each less than a quarter of the globe from the geodesic.
    line : LineString
        Of two vertices.

    Returns
    -------
    beside_m : array of shape (n,)
        Metres, positive to the left of the line's direction.
    along_m : array of shape (n,)
        Metres from the first vertex to the foot, negative behind it.

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> beside, along = cross_track([[1, 1], [-1, 0]], shapely.LineString([(0, 0), (5, 0)]))
    >>> beside.round(1).tolist(), along.round(1).tolist()
    ([110574.4, 0.0], [111319.5, -111319.5])
    """
    array = as_geometries(line, what="the line")
    coords = shapely.get_coordinates(array)
    if len(array) != 1 or len(coords) != 2 or bool((coords[0] == coords[1]).all()):
        msg = f"cross_track needs one line of two different vertices, found {len(coords)} vertices"
        raise GeometryError(msg)
    lon, lat = as_points(points)
    full = np.ones(len(lon))
    start = (coords[0, 0] * full, coords[0, 1] * full)
    heading, _, _ = inverse(*start, coords[1, 0] * full, coords[1, 1] * full)
    along = np.zeros(len(lon))
    beside = np.zeros(len(lon))
    for _ in range(8):
        x, y, course = direct(*start, heading, along)
        towards, _, metres = inverse(x, y, lon, lat)
        turn, theta = np.radians(towards - course), metres / _MEAN_RADIUS_M
        beside = np.where(np.sin(turn) > 0, -metres, metres)
        along = along + _MEAN_RADIUS_M * np.arctan2(np.sin(theta) * np.cos(turn), np.cos(theta))
    return beside, along


def centroid(geom: object) -> Any:  # noqa: ANN401 - a point for one geometry, an array for many
    """Return the centre of mass of geometries on the surface.

    Polygons weigh by area, and where there is none lines by length, and where there is none
    points by number. The centre is formed in space, on the authalic sphere, whose areas are
    those of the ellipsoid, and brought up to the surface: so it needs no projection, and is
    right across the antimeridian and round a pole. Edges are cut to 20 km first.

    Parameters
    ----------
    geom : geometry, sequence of n geometries, or table

    Returns
    -------
    Point, or array of shape (n,) of Points

    Raises
    ------
    GeometryError
        If the masses balance about the middle of the earth, so that there is no centre.

    Examples
    --------
    >>> print(shapely.to_wkt(centroid(shapely.box(19, 9, 21, 11)), rounding_precision=4))
    POINT (20 10.0005)
    """
    from geoconflict.geodesy.centre import centres

    array = as_geometries(geom)
    require_valid(array)
    lon, lat, lost = centres(array)
    if lost.any():
        msg = "the centre of mass is the middle of the earth"
        raise GeometryError(msg, [Fault("no centre", row=int(i) + 1) for i in np.flatnonzero(lost)])
    points = np.asarray(shapely.points(lon, lat), dtype=object)
    return points[0] if isinstance(geom, shapely.Geometry) else points
