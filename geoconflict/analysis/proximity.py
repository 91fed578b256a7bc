"""Distances from tables to tables, and buffers, on the WGS84 ellipsoid."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TypeAlias, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict import geodesy
from geoconflict.analysis._tables import add_columns, column, require_points, require_usable, uncertainty
from geoconflict.errors import Fault, GeometryError, InputError
from geoconflict.schema import TABLES, ZONES, conform
from geoconflict.units import format_length, parse_metres

Length: TypeAlias = str | float


def distance(table: gpd.GeoDataFrame, to: gpd.GeoDataFrame) -> pd.Series:
    """Return the distance from each row to the nearest part of another table, in metres.

    Geodesic distance on WGS84; an edge between two vertices is a geodesic. A row inside a
    polygon of ``to`` has distance 0. The uncertainty of a row's own place is not considered;
    see `near`.

    Parameters
    ----------
    table : GeoDataFrame
        Rows to measure from, in WGS84.
    to : GeoDataFrame
        Rows to measure to, taken together.

    Returns
    -------
    Series of float
        Metres, named ``distance_m``, with the index of ``table``.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> towns = gpd.GeoDataFrame({"name": ["on the equator", "one degree north"]},
    ...                          geometry=[Point(5, 0), Point(5, 1)], crs="EPSG:4326")
    >>> line = gpd.GeoDataFrame(geometry=[LineString([(0, 0), (10, 0)])], crs="EPSG:4326")
    >>> distance(towns, line).round(1).tolist()
    [0.0, 110574.4]
    """
    require_usable(table, "the table")
    require_usable(to, "the table to measure to")
    metres = geodesy.distance(table.geometry.to_numpy(), to.geometry.to_numpy())
    return pd.Series(metres, index=table.index, name="distance_m", dtype="float64")


def nearest(
    table: gpd.GeoDataFrame, to: gpd.GeoDataFrame, *, k: int = 1, max_distance: Length | None = None
) -> gpd.GeoDataFrame:
    """Return each point with the row, or the k rows, of another table that are nearest to it.

    Parameters
    ----------
    table : GeoDataFrame
        Points in WGS84.
    to : GeoDataFrame
        Rows to look among; points, lines or polygons.
    k : int
        How many to return for each point.
    max_distance : str or float, optional
        How far to look: ``"50 km"``, or metres.

    Returns
    -------
    GeoDataFrame
        The rows of ``table`` with their index, k times each, nearest first, and the columns

        ``nearest_id``
            key of the nearest row (``border_id``, ``place_id``, …), or its index label
        ``nearest_name``
            its name, where ``to`` has the column ``name``
        ``distance_m``
            metres; 0 inside a polygon
        ``bearing_deg``
            direction to the nearest position, clockwise from north; missing at distance 0
        ``side``
            ``left`` or ``right`` of a line in its direction; missing on it and for points
        ``position_m``
            metres along the line from its first vertex to the nearest position
        ``nearest_lon``, ``nearest_lat``
            the nearest position

        A point with no row within ``max_distance`` is kept, with these columns missing.

    Raises
    ------
    CRSError, GeometryError, UnitError
    SchemaError
        If ``table`` already has one of these columns.
    InputError
        If k is less than 1.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> towns = gpd.GeoDataFrame(geometry=[Point(5, 1)], crs="EPSG:4326")
    >>> lines = gpd.GeoDataFrame({"border_id": ["equator", "tropic"]},
    ...     geometry=[LineString([(0, 0), (10, 0)]), LineString([(0, 23.4), (10, 23.4)])], crs="EPSG:4326")
    >>> found = nearest(towns, lines)
    >>> found["nearest_id"].item(), found["side"].item(), round(found["distance_m"].item())
    ('equator', 'left', 110574)
    """
    require_points(table, "the table")
    require_usable(to, "the table to look among")
    if k < 1:
        msg = f"k is {k}; it must be 1 or more"
        raise InputError(msg)
    limit_m = np.inf if max_distance is None else parse_metres(max_distance, what="max_distance")
    points, targets = table.geometry.to_numpy(), to.geometry.to_numpy()
    if k == 1 or len(to) == 1 or len(table) == 0:
        row, found, order = np.arange(len(table)), geodesy.nearest(points, targets), np.arange(len(table))
        which = found.index
    else:
        pairs = geodesy.k_nearest(points, targets, k)
        row, which = pairs.point, pairs.index
        found, order = _nearest_of_each(points[row], targets, which)
    far = found.distance_m[order] > limit_m
    keep = ~far | (np.concatenate([[-1], row[:-1]]) != row)  # a point keeps one row, even if all are too far
    row, which, far, at = row[keep], which[keep], far[keep], order[keep]
    columns = {"nearest_id": _keys(to)[which]}
    if "name" in to.columns:
        columns["nearest_name"] = to["name"].to_numpy(dtype=object)[which]
    columns["distance_m"] = found.distance_m[at]
    columns["bearing_deg"] = found.azimuth_deg[at]
    columns["side"] = np.array([None, "left", "right"], dtype=object)[found.side[at]]
    on_line = shapely.get_dimensions(targets)[which] == 1
    columns["position_m"] = np.where(on_line, found.chainage_m[at], np.nan)
    columns["nearest_lon"], columns["nearest_lat"] = found.lon[at], found.lat[at]
    for name, values in columns.items():
        columns[name] = values.copy()
        columns[name][far] = None if values.dtype == object else np.nan
    return add_columns(table.iloc[row], columns, "the table")


def near(
    table: gpd.GeoDataFrame,
    of: gpd.GeoDataFrame,
    radius: Length | Sequence[Length],
    *,
    distance_col: str = "distance_m",
) -> gpd.GeoDataFrame:
    """Return the rows within a radius of another table, and how certain that is.

    Parameters
    ----------
    table : GeoDataFrame
        Rows to choose from, in WGS84.
    of : GeoDataFrame
        Rows to be near to, taken together; one or more borders, places or areas.
    radius : str, float or sequence of them
        ``"50 km"``, or metres. With several, each row also gets the smallest radius that it
        lies within: ``["5 km", "25 km", "50 km"]``.
    distance_col : str
        Name of the column for the distance.

    Returns
    -------
    GeoDataFrame
        The rows whose own place lies within the (largest) radius, with their index, and the
        columns

        ``distance_m``
            metres to the nearest part of ``of``
        ``nearest_id``
            which row of ``of`` is nearest, if ``table`` holds points and ``of`` several rows
        ``within_m``
            the smallest radius that holds the row, if several were given
        ``certainty``
            if ``table`` has ``location_uncertainty_m``: ``certain`` where the whole disc of
            uncertainty lies within that radius, ``likely`` where only its centre does,
            ``unknown`` where the uncertainty is missing

        ``attrs["near"]`` has the number of rows, and as ``possible`` the number of rows left
        out although their disc reaches into the radius.

    Raises
    ------
    UnitError, CRSError, GeometryError
    SchemaError
        If ``table`` already has one of these columns.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> table = gpd.GeoDataFrame({"location_uncertainty_m": [100.0, 5000.0, 100.0]},
    ...     geometry=[Point(0.01, 0), Point(0.08, 0), Point(1, 0)], crs="EPSG:4326")
    >>> base = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs="EPSG:4326")
    >>> near(table, base, "10 km")["certainty"].tolist()
    ['certain', 'likely']
    """
    several = not isinstance(radius, (str, Real))
    given = cast("Sequence[Length]", radius if several else [radius])
    radii = np.array(sorted(parse_metres(one, what="radius") for one in given))
    if not len(radii):
        msg = "near needs at least one radius, such as '50 km'"
        raise InputError(msg)
    metres = distance(table, of).to_numpy()
    chosen = np.flatnonzero(metres <= radii[-1])
    out = table.iloc[chosen]
    within_m = radii[np.searchsorted(radii, metres[chosen])]
    columns: dict[str, np.ndarray] = {distance_col: metres[chosen]}
    if len(of) > 1 and set(table.geometry.geom_type) <= {"Point"}:
        which = geodesy.nearest(out.geometry.to_numpy(), of.geometry.to_numpy()).index
        columns["nearest_id"] = _keys(of)[which]
    if several:
        columns["within_m"] = within_m
    summary = {"radius_m": float(radii[-1]), "rows": len(table), "near": len(out)}
    doubt = uncertainty(table, "the table")
    if doubt is not None:
        certain = np.where(metres[chosen] + doubt[chosen] <= within_m, "certain", "likely").astype(object)
        certain[np.isnan(doubt[chosen])] = "unknown"
        columns["certainty"] = certain
        summary["possible"] = int(((metres > radii[-1]) & (metres - doubt <= radii[-1])).sum())
    out = add_columns(out, columns, "the table")
    out.attrs = {**table.attrs, "near": summary}
    return out


def buffer(
    table: gpd.GeoDataFrame,
    radius: Length,
    *,
    dissolve: bool = False,
    label: str | None = None,
    tol: float = 1e-4,
) -> gpd.GeoDataFrame:
    """Return a table of zones: all that lies within a radius of each row, by geodesic distance.

    Parameters
    ----------
    table : GeoDataFrame
        Points, lines or polygons in WGS84.
    radius : str or float
        ``"5 km"``, metres, or the name of a column that holds a length for each row. Negative
        lengths shrink polygons.
    dissolve : bool
        Whether to return one zone, the union of all, instead of one per row.
    label : str, optional
        A column whose values name the zones; without one they are numbered.
    tol : float
        Largest relative error of the radius, at vertices and along the edges between them.

    Returns
    -------
    GeoDataFrame
        A table of ZONES with the index of ``table``.

    Raises
    ------
    UnitError, CRSError, GeometryError
    SchemaError
        If there is no column ``label``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> zone = buffer(gpd.GeoDataFrame(geometry=[Point(25.28, 54.69)], crs="EPSG:4326"), "5 km")
    >>> round(float(zone.area_m2.iloc[0]) / 1e6, 2)
    78.54
    """
    require_usable(table, "the table")
    radii, written = _radii(table, radius)
    names = [str(value) for value in column(table, label, "the table")] if label is not None else None
    shapes = geodesy.buffer(table.geometry.to_numpy(), radii, tol=tol)
    gone = np.flatnonzero(shapely.is_empty(shapes))
    if len(gone):
        faults = [Fault(f"nothing is left at {written[i]}", row=int(i) + 1) for i in gone]
        msg = "a negative radius shrinks polygons to nothing; give a smaller one"
        raise GeometryError(msg, faults)
    index = table.index
    rows = [table]
    if dissolve and len(table):
        one = len(set(radii)) == 1
        merged = shapely.union_all(table.geometry.to_numpy()) if one else None
        shapes = np.array([geodesy.buffer(merged, radii[0], tol=tol) if merged else shapely.union_all(shapes)])
        names, written, index = [f"{written[0]} around {len(table)} rows"], written[:1], pd.RangeIndex(1)
        radii = radii[:1] if one else np.array([np.nan])
        rows = []
    frame = gpd.GeoDataFrame(
        {
            "zone_id": [f"buffer-{i + 1}" for i in range(len(shapes))],
            "name": names or [f"{text} around row {i + 1}" for i, text in enumerate(written)],
            "band_inner_m": 0.0,
            "band_outer_m": radii,
            "area_m2": geodesy.area(shapes),
            "tolerance": tol,
            "method": [f"geodesic buffer of {text} on WGS84, relative tolerance {tol:g}" for text in written],
        },
        index=index,
        geometry=shapes,
        crs=table.crs,
    )
    for name in ("country", "source", "licence", "attribution", "worldview"):
        for source in rows:
            if name in source.columns:
                frame[name] = source[name]
        if dissolve and name in table.columns:
            frame[name] = "; ".join(dict.fromkeys(str(value) for value in table[name].dropna())) or None
    return conform(frame, ZONES, what="the buffers")


def _radii(table: gpd.GeoDataFrame, radius: Length) -> tuple[np.ndarray, list[str]]:
    """Return the radius of each row in metres, and as text."""
    if isinstance(radius, str) and radius in table.columns:
        values = [
            parse_metres(value, what=f"radius in the column {radius!r}", allow_negative=True) for value in table[radius]
        ]
        return np.array(values, dtype="float64"), [format_length(value) for value in values]
    metres = parse_metres(radius, what="radius", allow_negative=True)
    text = radius.strip() if isinstance(radius, str) else format_length(metres)
    return np.full(len(table), metres), [text] * len(table)


def _keys(table: gpd.GeoDataFrame) -> np.ndarray:
    """Return what identifies each row: the key column of one of our tables, or the index."""
    name = next((kind.key for kind in TABLES if kind.key in table.columns), None)
    keys: np.ndarray = (table.index if name is None else table[name]).to_numpy(dtype=object)
    return keys


def _nearest_of_each(points: np.ndarray, targets: np.ndarray, which: np.ndarray) -> tuple[geodesy.Nearest, np.ndarray]:
    """Return the nearest position of one chosen target for each point, and where each point is in it."""
    order = np.argsort(which, kind="stable")
    parts = [geodesy.nearest(points[order[which[order] == target]], targets[[target]]) for target in np.unique(which)]
    joined = geodesy.Nearest(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in geodesy.Nearest.__dataclass_fields__)
    )
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return joined, back
