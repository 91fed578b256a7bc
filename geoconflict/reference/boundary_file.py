"""Read and validate a user's own file of boundaries."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geoconflict.crs import WGS84, require_crs
from geoconflict.errors import Fault, GeometryError, ReadError
from geoconflict.io.vector import read_vector

_SMALL_GAP_DEG2 = 1e-4  # a hole between areas of less than about 1 km² is probably an error


def read_boundaries(path: str | PathLike[str], *, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read boundary lines or areas in any CRS and return them in WGS84.

    No geometry is repaired. Invalid or empty geometries and coordinates out of range are errors
    that list every row. Small gaps and overlaps between areas are reported in
    ``.attrs["report"]``, a dict with ``rows``, ``crs``, ``gaps`` (their number) and ``overlaps``
    (pairs of row numbers from 1).

    Parameters
    ----------
    path : path
        A file that :func:`geoconflict.io.vector.read_vector` reads: GeoJSON, GeoPackage,
        Shapefile (also zipped), FlatGeobuf or GeoParquet.
    layer : str, optional
        Layer of a file that has several; the first one by default.

    Returns
    -------
    GeoDataFrame
        All columns of the file; lines or areas in WGS84.

    Raises
    ------
    ReadError
        If the file is missing, cannot be read or has no rows.
    CRSError
        If the file has no coordinate reference system.
    GeometryError
        With every row that is empty, invalid, or neither line nor area.
    """
    source = Path(path)
    frame = read_vector(source, layer=layer)
    if frame.empty:
        msg = f"{source.name} has no rows"
        raise ReadError(msg)
    frame.attrs.pop("layers", None)
    crs = require_crs(frame, what=source.name)
    _require_valid(frame, source.name)
    out = frame.to_crs(WGS84)
    _require_in_range(out, source.name)
    shapes = out.geometry.to_numpy()
    gaps, overlaps = _gaps_and_overlaps(shapes)
    out.attrs["report"] = {"rows": len(out), "crs": crs.to_string(), "gaps": gaps, "overlaps": overlaps}
    return out


def _require_valid(frame: gpd.GeoDataFrame, name: str) -> None:
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
            faults.append(Fault(why, row=row, hint="repair it with shapely.make_valid and check the result"))
    if faults:
        msg = f"{name} has {len(faults)} unusable geometries"
        raise GeometryError(msg, faults)


def _require_in_range(frame: gpd.GeoDataFrame, name: str) -> None:
    bounds = frame.geometry.bounds.to_numpy()
    outside = (np.abs(bounds[:, [0, 2]]) > 180 + 1e-9).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90 + 1e-9).any(axis=1)
    faults = [
        Fault(f"reaches to {np.round(bounds[row], 2).tolist()}", row=int(row) + 1, hint="check the CRS of the file")
        for row in np.flatnonzero(outside)
    ]
    if faults:
        msg = f"{name} has coordinates out of range"
        raise GeometryError(msg, faults)


def _gaps_and_overlaps(shapes: NDArray[np.object_]) -> tuple[int, list[tuple[int, int]]]:
    """Return the number of small holes between areas, and the pairs of rows (from 1) that overlap."""
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if len(areas) < 2:
        return 0, []
    polygons = shapes[areas]
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    ordered = first < second
    first, second = first[ordered], second[ordered]
    crossing = shapely.relate_pattern(polygons[first], polygons[second], "T********")
    pairs = [(int(areas[i]) + 1, int(areas[j]) + 1) for i, j in zip(first[crossing], second[crossing], strict=True)]
    own = set(_holes(polygons))
    gaps = [hole for hole in _holes(shapely.get_parts(shapely.union_all(polygons))) if hole not in own]
    return sum(hole.area < _SMALL_GAP_DEG2 for hole in gaps), sorted(pairs)


def _holes(polygons: NDArray[np.object_]) -> list[BaseGeometry]:
    """Return the holes as polygons in normal form, which do not depend on the first vertex or the direction."""
    parts = [part for part in shapely.get_parts(polygons) if part.geom_type == "Polygon"]
    return [shapely.Polygon(ring).normalize() for part in parts for ring in part.interiors]
