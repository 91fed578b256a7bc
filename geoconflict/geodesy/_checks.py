"""The types that geodesy accepts, and the checks of its input.

Every check collects all faults and raises once.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geoconflict.crs import require_wgs84
from geoconflict.errors import Fault, GeometryError

if TYPE_CHECKING:
    from geoconflict.geodesy._ellipsoid import Floats, Ints

MANY_VERTICES = 10_000_000

Edges: TypeAlias = Literal["geodesic", "lonlat"]
"""What joins two vertices: a geodesic, or the straight line in longitude and latitude."""
GeometryArray: TypeAlias = npt.NDArray[np.object_]
"""An array of shape (n,) of shapely geometries, as shapely and geopandas return it."""
Coordinates: TypeAlias = (
    npt.NDArray[np.object_ | np.floating[Any] | np.integer[Any]]
    | Sequence[Sequence[float] | npt.NDArray[np.floating[Any] | np.integer[Any]]]
)
"""Longitudes and latitudes in degrees, of shape (n, 2)."""


class GeometryTable(Protocol):
    """A GeoSeries or a GeoDataFrame, in longitude and latitude on WGS84."""

    @property
    def crs(self) -> Any: ...  # noqa: ANN401 - geopandas has no types

    @property
    def geometry(self) -> Any: ...  # noqa: ANN401 - geopandas has no types


ManyGeometries: TypeAlias = Sequence[BaseGeometry] | GeometryArray | GeometryTable | Coordinates
"""A sequence or array of geometries, a GeoSeries or GeoDataFrame, or coordinates of points."""
Geometries: TypeAlias = BaseGeometry | ManyGeometries
"""One geometry, or many."""


def as_geometries(geoms: Geometries, *, what: str = "the geometries") -> GeometryArray:
    """Return geometries as an array of shape (n,), or report every one that cannot be used.

    Parameters
    ----------
    geoms : geometry, sequence of geometries, GeoSeries, GeoDataFrame, or array of shape (n, 2)
        Longitude and latitude in degrees on WGS84. A numeric array holds points.
    what : str
        What error messages call the geometries.

    Returns
    -------
    array of shape (n,) of shapely geometries

    Raises
    ------
    CRSError
        If a table has no CRS or is not in WGS84.
    GeometryError
        With one fault for each row that is missing, empty, not finite or out of range.

    Examples
    --------
    >>> as_geometries([shapely.Point(20, 95)])
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the geometries cannot be measured
      - row 1: latitude 95 is beyond 90 (are longitude and latitude swapped?)
    """
    if _is_table(geoms):
        require_wgs84(geoms, what=what)
        geoms = geoms.geometry.to_numpy()
    array: npt.NDArray[Any]
    if isinstance(geoms, shapely.Geometry):
        array = np.array([geoms], dtype=object)
    else:
        array = np.asarray(geoms)
        if _is_coordinates(array):
            coords = np.asarray(array, dtype=np.float64)
            _require_measurable(_coordinate_faults(coords, np.arange(len(coords))), what)
            return np.asarray(shapely.points(array), dtype=object)
        if array.ndim != 1 and array.size:
            msg = f"{what} must be one geometry, a flat sequence of them, or an array of shape (n, 2), found {array.shape}"
            raise GeometryError(msg)
    if len(array) == 0:
        return np.empty(0, dtype=object)
    if array.dtype != object or not bool(np.all(shapely.is_geometry(array) | shapely.is_missing(array))):
        values = array.tolist()
        faults = [
            Fault(f"expected a shapely geometry, found {type(value).__name__}", row=i + 1)
            for i, value in enumerate(values)
            if value is not None and not isinstance(value, shapely.Geometry)
        ]
        msg = f"{what} must be shapely geometries"
        raise GeometryError(msg, faults)
    _require_measurable(_geometry_faults(array), what)
    return array


def as_points(points: Geometries, *, what: str = "the points") -> tuple[Floats, Floats]:
    """Return longitude and latitude of points, or report every row that is not a point.

    A numeric array of shape (n, 2) is used directly, without creating geometries.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> as_points([shapely.Point(20, 50), shapely.LineString([(0, 0), (1, 1)])])
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the points must all be points
      - row 2: expected a Point, found a LineString
    """
    if isinstance(points, np.ndarray | list | tuple):
        array = np.asarray(points)
        if _is_coordinates(array):
            coords = np.asarray(array, dtype=np.float64)
            _require_measurable(_coordinate_faults(coords, np.arange(len(coords))), what)
            return np.ascontiguousarray(coords[:, 0]), np.ascontiguousarray(coords[:, 1])
    geoms = as_geometries(points, what=what)
    wrong = np.flatnonzero(shapely.get_type_id(geoms) != 0)
    if len(wrong):
        msg = f"{what} must all be points"
        faults = [Fault(f"expected a Point, found a {geoms[i].geom_type}", row=int(i) + 1) for i in wrong]
        raise GeometryError(msg, faults)
    coords = shapely.get_coordinates(geoms)
    return np.ascontiguousarray(coords[:, 0]), np.ascontiguousarray(coords[:, 1])


def as_single_geometry(geometries: Geometries, *, what: str) -> BaseGeometry:
    """Return one geometry, or several as one collection, without Z and M.

    Raises
    ------
    CRSError, GeometryError
    """
    geoms = as_geometries(geometries, what=what)
    if not len(geoms):
        msg = f"{what} has no geometry"
        raise GeometryError(msg)
    out: BaseGeometry = shapely.force_2d(geoms[0] if len(geoms) == 1 else shapely.GeometryCollection(list(geoms)))
    return out


def is_points(geoms: Geometries) -> bool:
    """Return whether an input consists of points only, or is an array of coordinates."""
    if _is_table(geoms):
        return bool(np.all(shapely.get_type_id(geoms.geometry.to_numpy()) == 0))
    if isinstance(geoms, shapely.Geometry):
        return bool(shapely.get_type_id(geoms) == 0)
    array = np.asarray(geoms)
    if array.dtype == object:
        return bool(np.all(shapely.is_geometry(array)) and np.all(shapely.get_type_id(array) == 0))
    return array.dtype.kind in "fiu"


def _is_table(geoms: object) -> TypeGuard[GeometryTable]:
    return hasattr(geoms, "crs") and hasattr(geoms, "geometry")


def _is_coordinates(array: npt.NDArray[Any]) -> bool:
    return array.dtype.kind in "fiu" and array.ndim == 2 and array.shape[1] == 2


def _require_measurable(faults: list[Fault], what: str) -> None:
    if faults:
        msg = f"{what} cannot be measured"
        raise GeometryError(msg, faults)


def _geometry_faults(array: GeometryArray) -> list[Fault]:
    faults = [Fault("the geometry is missing", row=int(i) + 1) for i in np.flatnonzero(shapely.is_missing(array))]
    faults += [
        Fault(f"the {array[i].geom_type} is empty", row=int(i) + 1)
        for i in np.flatnonzero(shapely.is_empty(array) & ~shapely.is_missing(array))
    ]
    coords, index = shapely.get_coordinates(array, return_index=True)
    faults += _coordinate_faults(coords, index.astype(np.int64))
    return sorted(faults, key=lambda fault: fault.row or 0)


def _coordinate_faults(coords: Floats, index: Ints) -> list[Fault]:
    """Return one fault for each row with a coordinate out of range."""
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
            hint = 'reproject the table with table.to_crs("EPSG:4326")'
        elif abs(y) > 90:
            text, hint = f"latitude {y:g} is beyond 90", "are longitude and latitude swapped?"
        else:
            text, hint = f"longitude {x:g} is beyond 360", None
        faults.append(Fault(text, row=int(row) + 1, hint=hint))
    return faults


def require_valid(geoms: GeometryArray, *, what: str = "the polygons") -> None:
    """Raise if rings of a polygon cross themselves or one another.

    Longitudes are unwrapped first, so that a ring across the antimeridian is valid.  A ring
    around a pole and a ring that is a single point cannot be tested in the plane and pass.

    Raises
    ------
    GeometryError

    Examples
    --------
    >>> require_valid(np.array([shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]))
    Traceback (most recent call last):
        ...
    geoconflict.errors.GeometryError: the polygons cannot be measured
      - row 1: Self-intersection[1 1] (repair it with shapely.make_valid)
    """
    suspect = np.flatnonzero((shapely.get_dimensions(geoms) == 2) & ~shapely.is_valid(geoms))
    faults = []
    for i in suspect:
        flat = _unwrapped(geoms[i])
        reason = "" if flat is None else str(shapely.is_valid_reason(flat))
        if flat is not None and not reason.startswith(("Valid", "Too few points")):
            faults.append(Fault(reason, row=int(i) + 1, hint="repair it with shapely.make_valid"))
    _require_measurable(faults, what)


def _unwrapped(geom: BaseGeometry) -> BaseGeometry | None:
    """Return a polygon with continuous longitudes, or None if a ring goes around a pole."""
    lon = shapely.get_coordinates(geom)[:, 0]
    if float(np.ptp(lon)) <= 180:
        return geom
    parts = []
    for part in shapely.get_parts(geom):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(part)]
        for ring in rings:
            # Whole turns are added, so that the last vertex stays equal to the first.
            turns = np.concatenate([[0.0], np.cumsum(np.round(np.diff(ring[:, 0]) / 360))])
            ring[:, 0] -= 360 * turns
            ring[:, 0] += 360 * np.round((rings[0][0, 0] - ring[0, 0]) / 360)
            if abs(ring[-1, 0] - ring[0, 0]) > 180:
                return None
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(parts)


def warn_of_many_vertices(vertices: int) -> None:
    """Warn before an index of more than 1e7 vertices is built.

    Warns
    -----
    UserWarning
    """
    if vertices > MANY_VERTICES:
        text = f"an index of {vertices:,} vertices needs about {vertices * 0.4e-6:.0f} GB of memory; simplify the geometry if you can"
        warnings.warn(text, UserWarning, stacklevel=4)


def require_edges(edges: str) -> None:
    """Raise if the type of edges is unknown.

    Raises
    ------
    GeometryError
    """
    if edges not in ("geodesic", "lonlat"):
        msg = f"edges must be 'geodesic' or 'lonlat', found {edges!r}"
        raise GeometryError(msg)
