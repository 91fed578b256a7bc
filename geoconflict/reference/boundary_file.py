"""A user's own file of boundaries, checked before anything is measured on it."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geoconflict.crs import WGS84, require_crs
from geoconflict.errors import Fault, GeometryError, ReadError

_SMALL_GAP_DEG2 = 1e-4  # a hole of less than about a square kilometre between areas looks like a slip


def read_boundaries(path: str | PathLike[str], *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read a file of boundary lines or areas, in any CRS that it names, and return it in WGS84.

    Nothing is mended in silence: rings that cross themselves, empty shapes and coordinates
    beyond the Earth are errors that list every row. Small gaps and overlaps between areas
    are told in ``.attrs["report"]``, a plain dict with ``rows``, ``crs``, ``gaps`` and
    ``overlaps`` (pairs of row numbers).

    Parameters
    ----------
    path : path
        GeoPackage, GeoJSON, shapefile, FlatGeobuf or another format that pyogrio reads.
    layer : str, optional
        Layer of a file that has several.

    Returns
    -------
    GeoDataFrame
        All columns of the file; lines or areas in WGS84.

    Raises
    ------
    ReadError
        If the file is missing, cannot be read or has no rows.
    CRSError
        If it does not say its coordinate reference system.
    GeometryError
        With every row that is empty, invalid, or neither line nor area.
    """
    import pyogrio.errors

    source = Path(path)
    if not source.exists():
        msg = f"{source.name} is not there: {source.parent} has no such file"
        raise ReadError(msg)
    try:
        frame = gpd.read_file(source, layer=layer) if layer is not None else gpd.read_file(source)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as broken:
        msg = f"{source.name} cannot be read as a layer of geometries: {str(broken)[:200]}"
        raise ReadError(msg) from broken
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        msg = f"{source.name} holds no geometries"
        raise ReadError(msg)
    crs = require_crs(frame, what=source.name)
    _require_sound(frame, source.name)
    out = frame.to_crs(WGS84)
    _require_on_earth(out, source.name)
    shapes = out.geometry.to_numpy()
    gaps, overlaps = _misfits(shapes)
    out.attrs["report"] = {"rows": len(out), "crs": crs.to_string(), "gaps": gaps, "overlaps": overlaps}
    return out


def _require_sound(frame: gpd.GeoDataFrame, name: str) -> None:
    shapes = frame.geometry.to_numpy()
    faults = []
    for row, shape in enumerate(shapes, start=1):
        if shape is None or shape.is_empty:
            faults.append(Fault("has no geometry", row=row))
        elif shape.geom_type not in {"LineString", "MultiLineString", "Polygon", "MultiPolygon"}:
            faults.append(Fault(f"{shape.geom_type} is neither a line nor an area", row=row))
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            faults.append(Fault("has a coordinate that is not a number", row=row))
        elif not shape.is_valid:
            why = shapely.is_valid_reason(shape)
            faults.append(Fault(why, row=row, hint="mend it with shapely.make_valid, and look at what came out"))
    if faults:
        msg = f"{name} has {len(faults)} geometries that cannot be measured on"
        raise GeometryError(msg, faults)


def _require_on_earth(frame: gpd.GeoDataFrame, name: str) -> None:
    bounds = frame.geometry.bounds.to_numpy()
    beyond = (np.abs(bounds[:, [0, 2]]) > 180 + 1e-9).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90 + 1e-9).any(axis=1)
    faults = [
        Fault(f"reaches to {np.round(bounds[row], 2).tolist()}", row=int(row) + 1, hint="is the CRS the right one?")
        for row in np.flatnonzero(beyond)
    ]
    if faults:
        msg = f"{name} has coordinates beyond the Earth"
        raise GeometryError(msg, faults)


def _misfits(shapes: NDArray[np.object_]) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of small holes between areas, and the pairs of rows that overlap, counted from 1."""
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if len(areas) < 2:
        return 0, []
    polygons = shapes[areas]
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    ordered = first < second
    first, second = first[ordered], second[ordered]
    crossing = shapely.relate_pattern(polygons[first], polygons[second], "T********")
    pairs = [(int(areas[i]) + 1, int(areas[j]) + 1) for i, j in zip(first[crossing], second[crossing], strict=True)]
    own = {ring.wkb for ring in _holes(polygons)}
    gaps = [ring for ring in _holes(shapely.get_parts(shapely.union_all(polygons))) if ring.wkb not in own]
    small = [ring for ring in gaps if shapely.Polygon(ring).area < _SMALL_GAP_DEG2]
    return len(small), sorted(pairs)


def _holes(polygons: NDArray[np.object_]) -> list[shapely.LinearRing]:
    return [ring for part in shapely.get_parts(polygons) if part.geom_type == "Polygon" for ring in part.interiors]
