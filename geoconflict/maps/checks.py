"""What every layer asks of its table, and the box round it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geoconflict.crs import Bounds, require_wgs84
from geoconflict.errors import Fault, GeometryError, SchemaError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd


def check(table: gpd.GeoDataFrame, *, accepts: Sequence[str], needs: Iterable[str], what: str) -> None:
    """Refuse a table that a layer cannot show.

    Raises
    ------
    CRSError
        If the CRS is missing or is not WGS84.
    SchemaError
        If columns that the layer needs are missing.
    GeometryError
        If a geometry is of another type, or a coordinate is not finite or off the globe.
    """
    import shapely

    if not hasattr(table, "geometry") or not hasattr(table, "crs"):
        msg = f"{what} must be a GeoDataFrame, found {type(table).__name__}"
        raise SchemaError(msg)
    require_wgs84(table, what=what)
    columns = [str(column) for column in table.columns]
    missing = [Fault("this column is missing", field=n, hint=did_you_mean(n, columns) or None) for n in needs]
    missing = [fault for fault in missing if fault.field not in columns]
    if missing:
        msg = f"{what} lacks columns that the layer draws from"
        raise SchemaError(msg, missing)
    shapes = table.geometry.array
    empty = np.asarray(shapes.isna() | shapes.is_empty)
    types = np.asarray(table.geometry.geom_type, dtype=object)
    faults = []
    for found in sorted({str(t) for t in types[~empty]} - set(accepts)):
        at = np.flatnonzero(types == found)
        rows = ", ".join(str(i + 1) for i in at[:10]) + (" …" if len(at) > 10 else "")
        faults.append(Fault(f"{found} in {len(at)} rows ({rows})", hint=f"this layer takes {' or '.join(accepts)}"))
    box = shapely.bounds(np.asarray(shapes, dtype=object)) if len(table) else np.empty((0, 4))
    with np.errstate(invalid="ignore"):
        good = (np.abs(box[:, [0, 2]]) <= 180).all(axis=1) & (np.abs(box[:, [1, 3]]) <= 90).all(axis=1)
    faults += [
        Fault(f"coordinates {box[row].tolist()} are not on the globe", row=int(row) + 1)
        for row in np.flatnonzero(~good & ~empty)
    ]
    if faults:
        msg = f"{what} holds geometry that cannot be drawn"
        raise GeometryError(msg, faults)


def bounds_of(table: gpd.GeoDataFrame) -> Bounds | None:
    """Return the box round a table, the shorter way round the world for points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> bounds_of(gpd.GeoDataFrame(geometry=[Point(179, -17), Point(-172, -14)], crs="EPSG:4326"))
    Bounds(west=179.0, south=-17.0, east=-172.0, north=-14.0)
    """
    import shapely

    # Part by part: an area that is cut at the antimeridian has one on either side.
    shapes = shapely.get_parts(np.asarray(table.geometry.array, dtype=object))
    box = shapely.bounds(shapes)
    box = box[np.isfinite(box).all(axis=1)] if len(box) else box
    if not len(box):
        return None
    south, north = float(box[:, 1].min()), float(box[:, 3].max())
    west, east = float(box[:, 0].min()), float(box[:, 2].max())
    if east - west > 180:
        gap_west, gap_east = _widest_gap(box[:, 0], box[:, 2])
        if gap_east - gap_west > 360 - (east - west):
            return Bounds(gap_east, south, gap_west, north)
    return Bounds(west, south, east, north)


def _widest_gap(wests: np.ndarray, easts: np.ndarray) -> tuple[float, float]:
    """Return the widest stretch of longitude that no box covers."""
    order = np.argsort(wests, kind="stable")
    reach = np.maximum.accumulate(easts[order])[:-1]
    gaps = wests[order][1:] - reach
    if not len(gaps):
        return 0.0, 0.0
    at = int(np.argmax(gaps))
    return float(reach[at]), float(wests[order][1:][at])
