"""What geodesy accepts, and every reason for which it refuses an input."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, GeometryError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

MANY_VERTICES = 10_000_000
Edges = Literal["geodesic", "lonlat"]


def as_geometries(geoms: object, *, what: str = "the geometries") -> npt.NDArray[Any]:
    """Return geometries as a flat array of shapely objects, or say what is wrong with each.

    Parameters
    ----------
    geoms : geometry, sequence of geometries, GeoSeries, GeoDataFrame, or array of shape (n, 2)
        Longitude and latitude in degrees on WGS84. A float array holds points.
    what : str
        How a message calls them.

    Returns
    -------
    array of shape (n,) of shapely geometries

    Raises
    ------
    CRSError
        If a table has no CRS or is not in WGS84.
    GeometryError
        With one fault a row that is missing, empty, not finite or off the globe.

    Examples
    --------
    >>> as_geometries([shapely.Point(20, 95), None])
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the geometries cannot be measured
      - row 1: latitude 95 is beyond 90 (are longitude and latitude swapped?)
      - row 2: the geometry is missing
    """
    if hasattr(geoms, "crs") and hasattr(geoms, "geometry"):
        require_wgs84(geoms, what=what)
        geoms = geoms.geometry.to_numpy()
    array: npt.NDArray[Any]
    if isinstance(geoms, shapely.Geometry):
        array = np.array([geoms], dtype=object)
    else:
        array = np.asarray(geoms)
        if array.dtype.kind in "fiu" and array.ndim == 2 and array.shape[1] == 2:
            _refuse_coordinates(np.asarray(array, dtype=np.float64), what)
            return np.asarray(shapely.points(array), dtype=object)
        if array.ndim != 1 and array.size:
            msg = f"{what} must be one geometry, a flat sequence of them, or an array of shape (n, 2), found {array.shape}"
            raise GeometryError(msg)
    if len(array) == 0:
        return np.empty(0, dtype=object)
    if array.dtype != object or not bool(np.all(shapely.is_geometry(array) | shapely.is_missing(array))):
        strange = [i for i, g in enumerate(array.tolist()) if g is not None and not isinstance(g, shapely.Geometry)]
        faults = [Fault(f"{type(array.tolist()[i]).__name__} is no geometry", row=i + 1) for i in strange]
        msg = f"{what} must be shapely geometries"
        raise GeometryError(msg, faults)
    _refuse(array, what)
    return array


def as_points(points: object, *, what: str = "the points") -> tuple[Floats, Floats]:
    """Return longitude and latitude of points, or say what is wrong with each row.

    A float array of shape (n, 2) is read as it stands, with no geometries made.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> as_points([shapely.Point(20, 50), shapely.LineString([(0, 0), (1, 1)])])
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the points must all be points
      - row 2: a LineString is no Point
    """
    if isinstance(points, np.ndarray | list | tuple):
        array = np.asarray(points)
        if array.dtype.kind in "fiu" and array.ndim == 2 and array.shape[1] == 2:
            coords = np.asarray(array, dtype=np.float64)
            _refuse_coordinates(coords, what)
            return np.ascontiguousarray(coords[:, 0]), np.ascontiguousarray(coords[:, 1])
    geoms = as_geometries(points, what=what)
    wrong = np.flatnonzero(shapely.get_type_id(geoms) != 0)
    if len(wrong):
        msg = f"{what} must all be points"
        raise GeometryError(msg, [Fault(f"a {geoms[i].geom_type} is no Point", row=int(i) + 1) for i in wrong])
    coords = shapely.get_coordinates(geoms)
    return np.ascontiguousarray(coords[:, 0]), np.ascontiguousarray(coords[:, 1])


def is_points(geoms: object) -> bool:
    """Return whether an input holds nothing but points, or is an array of coordinates."""
    if hasattr(geoms, "crs") and hasattr(geoms, "geometry"):
        return bool(np.all(shapely.get_type_id(geoms.geometry.to_numpy()) == 0))
    if isinstance(geoms, shapely.Geometry):
        return bool(shapely.get_type_id(geoms) == 0)
    array = np.asarray(geoms)
    if array.dtype == object:
        return bool(np.all(shapely.is_geometry(array)) and np.all(shapely.get_type_id(array) == 0))
    return array.dtype.kind in "fiu"


def _refuse_coordinates(coords: Floats, what: str) -> None:
    faults = _coordinate_faults(coords, np.arange(len(coords)))
    if faults:
        msg = f"{what} cannot be measured"
        raise GeometryError(msg, faults)


def _refuse(array: npt.NDArray[Any], what: str) -> None:
    faults = [Fault("the geometry is missing", row=int(i) + 1) for i in np.flatnonzero(shapely.is_missing(array))]
    faults += [
        Fault(f"the {array[i].geom_type} is empty", row=int(i) + 1)
        for i in np.flatnonzero(shapely.is_empty(array) & ~shapely.is_missing(array))
    ]
    coords, index = shapely.get_coordinates(array, return_index=True)
    faults += _coordinate_faults(coords, index)
    if faults:
        msg = f"{what} cannot be measured"
        raise GeometryError(msg, sorted(faults, key=lambda fault: fault.row or 0))


def _coordinate_faults(coords: npt.NDArray[np.float64], index: npt.NDArray[np.intp]) -> list[Fault]:
    lon, lat = coords[:, 0], coords[:, 1]
    with np.errstate(invalid="ignore"):
        good = (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
    if good.all():
        return []
    faults = []
    rows, first = np.unique(index[~good], return_index=True)
    for row, at in zip(rows, np.flatnonzero(~good)[first], strict=True):
        x, y = float(lon[at]), float(lat[at])
        if not (np.isfinite(x) and np.isfinite(y)):
            text, hint = f"the coordinate ({x}, {y}) is not finite", None
        elif abs(x) > 400 or abs(y) > 400:
            text = f"the coordinate ({x:g}, {y:g}) is not in degrees"
            hint = 'project it back with table.to_crs("EPSG:4326")'
        elif abs(y) > 90:
            text, hint = f"latitude {y:g} is beyond 90", "are longitude and latitude swapped?"
        else:
            text, hint = f"longitude {x:g} is beyond 360", None
        faults.append(Fault(text, row=int(row) + 1, hint=hint))
    return faults


def require_valid(geoms: npt.NDArray[Any], *, what: str = "the polygons") -> None:
    """Refuse polygons whose inside is not one thing: rings that cross themselves or one another.

    Longitudes are unrolled first, so that a ring across the antimeridian is no fault; a ring
    round a pole, and one that is a single place, have no plane to be judged in and pass.

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> require_valid(np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]))
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the polygons cannot be measured
      - row 1: Self-intersection[1 1] (mend it with shapely.make_valid)
    """
    suspect = np.flatnonzero((shapely.get_dimensions(geoms) == 2) & ~shapely.is_valid(geoms))
    faults = []
    for i in suspect:
        flat = _unrolled(geoms[i])
        reason = "" if flat is None else str(shapely.is_valid_reason(flat))
        if flat is not None and not reason.startswith(("Valid", "Too few points")):
            faults.append(Fault(reason, row=int(i) + 1, hint="mend it with shapely.make_valid"))
    if faults:
        msg = f"{what} cannot be measured"
        raise GeometryError(msg, faults)


def _unrolled(geom: Any) -> Any | None:  # noqa: ANN401 - shapely has no common type for what transform returns
    lon = shapely.get_coordinates(geom)[:, 0]
    if float(np.ptp(lon)) <= 180:
        return geom
    parts = []
    for part in shapely.get_parts(geom):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        for ring in rings:
            # Whole turns are added, so that the last vertex stays the very first one.
            turns = np.concatenate([[0.0], np.cumsum(np.round(np.diff(ring[:, 0]) / 360))])
            ring[:, 0] -= 360 * turns
            ring[:, 0] += 360 * np.round((rings[0][0, 0] - ring[0, 0]) / 360)
            if abs(ring[-1, 0] - ring[0, 0]) > 180:
                return None
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(parts)


def warn_of_many_vertices(vertices: int) -> None:
    """Warn before the work on more than 1e7 vertices starts.

    Warns
    -----
    UserWarning
    """
    if vertices > MANY_VERTICES:
        text = f"{vertices:,} vertices: the index takes about {vertices * 0.4e-6:.0f} GB and some time; simplify first if you can"
        warnings.warn(text, UserWarning, stacklevel=4)


def require_edges(edges: str) -> None:
    """Refuse a name of an edge that is not known.

    Raises
    ------
    GeometryError
    """
    if edges not in ("geodesic", "lonlat"):
        msg = f"edges must be 'geodesic' or 'lonlat', found {edges!r}"
        raise GeometryError(msg)
