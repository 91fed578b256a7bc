"""How far, how near, how many: distances and buffers of tables on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geoconflict.crs import require_wgs84
from geoconflict.errors import GeometryError
from geoconflict.schema import ZONES, conform
from geoconflict.units import parse_length, parse_metres

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

_UNCERTAINTY = "location_uncertainty_m"


def distance(table: gpd.GeoDataFrame, target: gpd.GeoDataFrame) -> pd.Series:
    """Return the distance from each row to the nearest part of a target, in metres.

    Geodesic distance on WGS84; an edge of the target between two vertices is a geodesic.
    A row inside a polygon of the target has distance 0. Nothing is said here of how well
    the row's own place is known: `within` answers with that.

    Parameters
    ----------
    table : GeoDataFrame
        Rows to measure from, in WGS84.
    target : GeoDataFrame
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
    import pandas as pd

    from geoconflict import geodesy

    _require(table, "the table")
    _require(target, "the target")
    metres = geodesy.distance(table.geometry.to_numpy(), target.geometry.to_numpy())
    return pd.Series(metres, index=table.index, name="distance_m", dtype="float64")


def within(table: gpd.GeoDataFrame, target: gpd.GeoDataFrame, radius: str) -> gpd.GeoDataFrame:
    """Return the rows within a radius of a target, and how sure that is.

    Parameters
    ----------
    table : GeoDataFrame
    target : GeoDataFrame
    radius : str
        A length with its unit, such as ``"50 km"``.

    Returns
    -------
    GeoDataFrame
        The rows whose point lies at most that far, with their index, and the columns
        ``distance_m`` and, where the table has ``location_uncertainty_m``, ``within``:
        ``"certain"`` if the whole uncertainty disc lies within the radius, ``"likely"`` if
        only its centre does. ``attrs["within"]`` counts the rows left out that could lie
        within (their disc reaches in) as ``possible``.

    Raises
    ------
    UnitError, CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> table = gpd.GeoDataFrame({"location_uncertainty_m": [100.0, 5000.0, 100.0]},
    ...     geometry=[Point(0.01, 0), Point(0.08, 0), Point(1, 0)], crs="EPSG:4326")
    >>> target = gpd.GeoDataFrame(geometry=[Point(0, 0)], crs="EPSG:4326")
    >>> within(table, target, "10 km")["within"].tolist()
    ['certain', 'likely']
    """
    radius_m = parse_metres(radius, what="radius")
    metres = distance(table, target)
    chosen = table[metres <= radius_m].copy()
    chosen["distance_m"] = metres[metres <= radius_m]
    summary = {"radius_m": radius_m, "rows": len(table), "within": len(chosen)}
    if _UNCERTAINTY in table.columns:
        doubt = table[_UNCERTAINTY].astype("float64")
        sure = (metres + doubt <= radius_m).reindex(chosen.index)
        chosen["within"] = sure.map({True: "certain", False: "likely"}).astype("object")
        chosen.loc[doubt.reindex(chosen.index).isna(), "within"] = "uncertainty not known"
        summary["possible"] = int(((metres > radius_m) & (metres - doubt <= radius_m)).sum())
    chosen.attrs = {**table.attrs, "within": summary}
    return chosen


def buffer(table: gpd.GeoDataFrame, radius: str, *, tol: float = 1e-4, name: str | None = None) -> gpd.GeoDataFrame:
    """Return a table of zones: each row's surroundings out to a true radius.

    Parameters
    ----------
    table : GeoDataFrame
        Points, lines or polygons in WGS84.
    radius : str
        A length with its unit; for polygons it may be negative through `geodesy.buffer`.
    tol : float
        Worst relative error of the radius, vertices and the edges between them.
    name : str, optional
        A column whose values name the zones; without one they are numbered.

    Returns
    -------
    GeoDataFrame
        A table of ZONES with the index of ``table``.

    Raises
    ------
    UnitError, CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> zone = buffer(gpd.GeoDataFrame(geometry=[Point(25.28, 54.69)], crs="EPSG:4326"), "5 km")
    >>> round(float(zone.area_m2.iloc[0]) / 1e6, 2)
    78.54
    """
    import geopandas as gpd

    from geoconflict import geodesy

    _require(table, "the table")
    length = parse_length(radius)
    radius_m = parse_metres(length, what="radius")
    shapes = geodesy.buffer(table.geometry.to_numpy(), radius_m, tol=tol)
    if name is not None and name not in table.columns:
        msg = f"the table has no column {name!r} to name the zones by; it has {', '.join(map(str, table.columns))}"
        raise GeometryError(msg)
    names = (
        [str(value) for value in table[name]]
        if name
        else [f"{length.text} round row {i + 1}" for i in range(len(table))]
    )
    frame = gpd.GeoDataFrame(
        {
            "zone_id": [f"buffer-{i + 1}" for i in range(len(table))],
            "name": names,
            "band_inner_m": 0.0,
            "band_outer_m": radius_m,
            "area_m2": geodesy.area(shapes),
            "tolerance": tol,
            "method": f"geodesic buffer of {length.text} on WGS84, relative tolerance {tol:g}",
        },
        index=table.index,
        geometry=shapes,
        crs=table.crs,
    )
    for column in ("country", "source", "licence", "attribution", "worldview"):
        if column in table.columns:
            frame[column] = table[column]
    return conform(frame, ZONES, what="the buffers")


def count(
    points: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    *,
    by: str | None = None,
    uncertain: Literal["point", "separate"] = "separate",
) -> gpd.GeoDataFrame:
    """Count points in zones, and say how many of the counts are sure.

    Parameters
    ----------
    points : GeoDataFrame
        Points, such as incidents.
    zones : GeoDataFrame
        Polygons; a point that lies in several is counted in each.
    by : str, optional
        A column of ``points``; each of its values gets a column ``n_<value>``.
    uncertain : {"separate", "point"}
        ``separate`` adds ``n_certain``: points whose whole uncertainty disc lies in the zone
        (needs ``location_uncertainty_m``; without it the column is missing). ``point``
        counts the points only.

    Returns
    -------
    GeoDataFrame
        The zones with the column ``n`` and those named above; ``attrs["count"]`` says how
        many points lie in no zone.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> zones = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> points = gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), Point(0.2, 0.2), Point(9, 9)], crs="EPSG:4326")
    >>> counted = count(points, zones)
    >>> counted["n"].tolist(), counted.attrs["count"]["outside"]
    ([2, 0], 1)
    """
    import numpy as np

    from geoconflict import geodesy

    _require(points, "the points")
    _require(zones, "the zones")
    if by is not None and by not in points.columns:
        msg = f"the points have no column {by!r} to count by; they have {', '.join(map(str, points.columns))}"
        raise GeometryError(msg)
    which_point, which_zone = geodesy.points_in_zones(points.geometry.to_numpy(), zones.geometry.to_numpy())
    out = zones.copy()
    out["n"] = np.bincount(which_zone, minlength=len(zones)).astype("int64")
    if uncertain == "separate" and _UNCERTAINTY in points.columns:
        doubt = points[_UNCERTAINTY].to_numpy(dtype="float64")[which_point]
        edges = zones.geometry.boundary.to_numpy()
        margin = np.full(len(which_point), np.nan)
        for zone in np.unique(which_zone):
            here = which_zone == zone
            margin[here] = geodesy.distance(points.geometry.to_numpy()[which_point[here]], edges[zone])
        sure = margin >= doubt
        out["n_certain"] = np.bincount(which_zone[sure], minlength=len(zones)).astype("int64")
    if by is not None:
        values = points[by].astype("object").to_numpy()[which_point]
        for value in sorted({str(v) for v in points[by].dropna()}):
            hits = which_zone[np.array([str(v) == value for v in values], dtype=bool)]
            out[f"n_{value}"] = np.bincount(hits, minlength=len(zones)).astype("int64")
    inside = int(np.unique(which_point).size)
    out.attrs = {**zones.attrs, "count": {"points": len(points), "inside": inside, "outside": len(points) - inside}}
    return out


def _require(table: gpd.GeoDataFrame, what: str) -> None:
    require_wgs84(table, what=what)
    gone = (table.geometry.isna() | table.geometry.is_empty).to_numpy()
    if gone.any():
        rows = [int(i) + 1 for i in gone.nonzero()[0][:10]]
        msg = f"{what}: {int(gone.sum())} rows have no geometry (rows {rows}); leave them out or give them one"
        raise GeometryError(msg)
