"""Points in zones: which, how many, and how certain; and bands of distance inside an area."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict import geodesy
from geoconflict.analysis._tables import (
    Column,
    add_columns,
    column,
    numbers,
    require_points,
    require_usable,
    uncertainty,
)
from geoconflict.errors import InputError, UnitError
from geoconflict.schema import ZONES, conform
from geoconflict.units import METRES_PER, format_length, parse_metres


def in_zones(table: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, *, label: str = "name") -> gpd.GeoDataFrame:
    """Return the points that lie in any zone, with the label of the first such zone.

    Parameters
    ----------
    table : GeoDataFrame
        Points.
    zones : GeoDataFrame
        Polygons.
    label : str
        The column of ``zones`` that names a zone.

    Returns
    -------
    GeoDataFrame
        The rows of ``table`` that lie in a zone, with the column ``zone``.

    Raises
    ------
    CRSError, GeometryError
    SchemaError
        If ``zones`` has no column ``label``, or ``table`` already has a column ``zone``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> zones = gpd.GeoDataFrame({"name": ["a"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> in_zones(gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), Point(2, 2)], crs="EPSG:4326"), zones)["zone"].tolist()
    ['a']
    """
    require_points(table, "the table")
    require_usable(zones, "the zones")
    names = column(zones, label, "the zones").to_numpy()
    which_point, which_zone = geodesy.points_in_zones(table.geometry.to_numpy(), zones.geometry.to_numpy())
    order = np.lexsort((which_zone, which_point))
    first, at = np.unique(which_point[order], return_index=True)
    return add_columns(table.iloc[first], {"zone": names[which_zone[order][at]]}, "the table")


def count(
    points: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    *,
    by: str | None = None,
    sum: str | None = None,  # noqa: A002 - what pandas calls it
    weight: str | None = None,
) -> gpd.GeoDataFrame:
    """Count points in zones, and how many of them are certain to lie there.

    Parameters
    ----------
    points : GeoDataFrame
        Points, such as incidents.
    zones : GeoDataFrame
        Polygons; a point that lies in several is counted in each.
    by : str, optional
        A column of ``points``; each of its values gets a column ``n_<value>``, and missing
        values ``n_missing``.
    sum : str, optional
        A column of numbers of ``points``, such as ``fatalities``, to add up.
    weight : str, optional
        A column of numbers of ``points`` by which each point counts.

    Returns
    -------
    GeoDataFrame
        The zones with these further columns:

        ``n``
            points in the zone
        ``n_certain``
            if ``points`` has ``location_uncertainty_m``: points whose whole disc of
            uncertainty lies in the zone, among those with a known uncertainty; missing where
            the zone has points and none of them has a known uncertainty
        ``n_<value>``
            points by the values of ``by``
        ``sum_<column>``
            sum of the column ``sum``; missing values add nothing
        ``n_weighted``
            sum of the weights

        ``attrs["count"]`` has the numbers of points, of those inside and outside all zones,
        and of missing values in ``sum`` and ``weight``.

    Raises
    ------
    CRSError, GeometryError
    SchemaError
        If a column is missing or not of numbers, or the zones already have one of the new columns.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> zones = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> points = gpd.GeoDataFrame({"deaths": [1, 4, 2]},
    ...     geometry=[Point(0.5, 0.5), Point(0.2, 0.2), Point(9, 9)], crs="EPSG:4326")
    >>> counted = count(points, zones, sum="deaths")
    >>> counted["n"].tolist(), counted["sum_deaths"].tolist(), counted.attrs["count"]["outside"]
    ([2, 0], [5.0, 0.0], 1)
    """
    require_points(points, "the points")
    require_usable(zones, "the zones")
    which_point, which_zone = geodesy.points_in_zones(points.geometry.to_numpy(), zones.geometry.to_numpy())

    def counts(chosen: np.ndarray) -> np.ndarray:
        return np.bincount(which_zone[chosen], minlength=len(zones)).astype("int64")

    found = counts(np.ones(len(which_zone), dtype=bool))
    columns: dict[str, Column] = {"n": found}
    summary = {"points": len(points), "inside": len(np.unique(which_point))}
    summary["outside"] = len(points) - summary["inside"]
    radii = uncertainty(points, "the points")
    if radii is not None:
        margin = _to_boundary(points, zones, which_point, which_zone)
        unknown = (counts(~np.isnan(radii[which_point])) == 0) & (found > 0)
        columns["n_certain"] = pd.arrays.IntegerArray(counts(margin >= radii[which_point]), unknown)
    if by is not None:
        values = column(points, by, "the points")
        missing = values.isna().to_numpy()
        texts = values.astype(object).where(~missing, None).map(str).to_numpy()
        present = sorted(set(texts[~missing]))
        clash = [value for value in present if f"n_{value}" in columns or (value == "missing" and missing.any())]
        if clash:
            msg = (
                f"a value of the column {by!r} is called {clash[0]!r}, which names another column of counts; rename it"
            )
            raise InputError(msg)
        for value in present:
            columns[f"n_{value}"] = counts((texts == value)[which_point] & ~missing[which_point])
        if missing.any():
            columns["n_missing"] = counts(missing[which_point])
    for name, added in ((sum, f"sum_{sum}"), (weight, "n_weighted")):
        if name is not None:
            amounts = numbers(points, name, "the points")
            summary[f"missing_{name}"] = int(np.isnan(amounts).sum())
            columns[added] = np.bincount(
                which_zone, weights=np.nan_to_num(amounts)[which_point], minlength=len(zones)
            ).astype("float64")
    out = add_columns(zones, columns, "the zones")
    out.attrs = {**zones.attrs, "count": summary}
    return out


def bands_in_area(
    line: gpd.GeoDataFrame, edges: Sequence[str | float], area: gpd.GeoDataFrame, *, tol: float = 1e-4
) -> gpd.GeoDataFrame:
    """Return the parts of an area by their distance from a line.

    A band holds every point of the area whose geodesic distance to the line is at least its
    inner edge and less than its outer edge; adjacent bands tile exactly.

    Parameters
    ----------
    line : GeoDataFrame
        A border or another line; its rows are taken together.
    edges : sequence of str or float
        At least two increasing lengths: ``["0 km", "5 km", "20 km"]``, or metres.
    area : GeoDataFrame
        One or more countries or other areas, taken together.
    tol : float
        Largest relative error of the distances.

    Returns
    -------
    GeoDataFrame
        A table of ZONES, one row per band, the nearest first.

    Raises
    ------
    UnitError
        If an edge has no unit, or the edges do not increase.
    InputError
        If a band is empty: the area is narrower than its inner edge.
    CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, box
    >>> line = gpd.GeoDataFrame(geometry=[LineString([(10, 50), (10, 51)])], crs="EPSG:4326")
    >>> land = gpd.GeoDataFrame({"name": ["Eastland"]}, geometry=[box(10, 50, 12, 51)], crs="EPSG:4326")
    >>> bands_in_area(line, ["0 km", "5 km", "20 km"], land)["name"].tolist()
    ['0–5 km', '5–20 km']
    """
    require_usable(line, "the line")
    require_usable(area, "the area")
    metres = [parse_metres(edge, what="edge") for edge in edges]
    if len(metres) < 2 or any(b <= a for a, b in itertools.pairwise(metres)):
        msg = f"bands need at least two increasing edges, found {', '.join(map(str, edges)) or 'none'}"
        raise UnitError(msg)
    extent = shapely.union_all(area.geometry.to_numpy())
    shapes = geodesy.bands(shapely.union_all(line.geometry.to_numpy()), extent, metres, tol=tol)
    names = _names(edges, metres)
    empty = [name for name, shape in zip(names, shapes, strict=True) if shape.is_empty]
    if empty:
        msg = f"the bands {', '.join(empty)} are empty: the area is narrower than that, or does not reach the line"
        raise InputError(msg)
    frame = gpd.GeoDataFrame(
        {
            "zone_id": [f"band-{inner:g}-{outer:g}" for inner, outer in itertools.pairwise(metres)],
            "name": names,
            "country": _joined(area, name="name", separator=", "),
            "band_inner_m": metres[:-1],
            "band_outer_m": metres[1:],
            "area_m2": [float(geodesy.area(shape)) for shape in shapes],
            "tolerance": tol,
            "worldview": _joined(area, name="worldview", separator=", "),
            "source": _joined(line, name="source") or _joined(area, name="source"),
            "licence": _joined(line, area, name="licence"),
            "attribution": _joined(line, area, name="attribution"),
            "method": f"bands by geodesic distance on WGS84, relative error at most {100 * tol:g} %",
        },
        geometry=shapes,
        crs=line.crs,
    )
    return conform(frame, ZONES, what="the bands")


def _to_boundary(
    points: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, which_point: np.ndarray, which_zone: np.ndarray
) -> np.ndarray:
    """Return the distance of each point to the boundary of the zone that holds it, in metres."""
    boundaries, places = zones.geometry.boundary.to_numpy(), points.geometry.to_numpy()
    metres = np.full(len(which_point), np.nan)
    for zone in np.unique(which_zone):
        here = which_zone == zone
        metres[here] = geodesy.distance(places[which_point[here]], boundaries[zone])
    return metres


def _names(edges: Sequence[str | float], metres: Sequence[float]) -> list[str]:
    """Name bands in the unit of their outer edge, as the analyst wrote it."""
    out = []
    for inner, outer, edge in zip(metres, metres[1:], edges[1:], strict=False):
        written = str(edge).split()[-1]
        unit = written if written in METRES_PER else "km"
        low = format_length(inner, unit).removesuffix(f" {unit}")
        out.append(f"{low}–{format_length(outer, unit)}")
    return out


def _joined(*tables: gpd.GeoDataFrame, name: str, separator: str = "; ") -> str | None:
    """Return the different texts of a column of several tables, joined, or None if there are none."""
    texts = [str(value) for table in tables if name in table.columns for value in table[name].dropna()]
    return separator.join(dict.fromkeys(texts)) or None
