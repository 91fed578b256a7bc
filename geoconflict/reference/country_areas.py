"""Countries as areas, bounded by the border lines, and the countries in which points lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geoconflict import geodesy
from geoconflict.crs import WGS84, require_wgs84
from geoconflict.errors import Fault, GeometryError, InputError, NameUnknownError, did_you_mean
from geoconflict.names.countries import CountryName, by_iso, is_code, resolve_all
from geoconflict.reference import worldviews
from geoconflict.reference.archive import (
    SCALE,
    BorderArchive,
    open_borders,
    parse_resolution,
    unit_areas,
)
from geoconflict.reference.worldviews import View
from geoconflict.schema import COUNTRIES, conform

_Polygons: TypeAlias = list[shapely.Polygon]

_PARTS: dict[str, Callable[[_Polygons, _Polygons], _Polygons]] = {
    "land": lambda land, _sea: land,
    "sea": lambda _land, sea: sea,
    "all": lambda land, sea: land + sea,
}
_METHOD = "{part}: polygons between the border lines, the coastline (25 m) and the outer limit of the territorial sea"


def country(
    name: str,
    *,
    worldview: str = "de_facto",
    resolution: str | float | None = None,
    part: str = "land",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return a country as an area, one row.

    The outline uses the same vertices as :func:`border` for the same worldview and resolution,
    so that clipping to the country leaves no slivers.

    Parameters
    ----------
    name : str
        Name in English or ISO 3166-1 code.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    resolution : str or float, optional
        Simplification tolerance, such as ``"100 m"`` or 100.0 (metres); full resolution by
        default.
    part : str
        ``land`` (with inland waters), ``sea`` (the territorial sea and the waters landward of
        its baseline, including lagoons) or ``all``.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of COUNTRIES, one row.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    InputError
        If the country has no such part.

    Examples
    --------
    >>> found = country("Lithuania")
    >>> round(float(found["area_m2"].iloc[0]) / 1e6, -2)
    64900.0
    """
    return countries([name], worldview=worldview, resolution=resolution, part=part, folder=folder)


def countries(
    names: str | Iterable[str] | None = None,
    *,
    worldview: str = "de_facto",
    resolution: str | float | None = None,
    part: str = "land",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return countries as areas, one row each, in the given order; all countries if no names are given.

    Parameters
    ----------
    names : str or iterable of str, optional
        Names in English or ISO 3166-1 codes.
    worldview, resolution, part, folder
        As for :func:`country`.

    Returns
    -------
    GeoDataFrame
        A table of COUNTRIES.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    InputError
        If a named country has no such part.

    Examples
    --------
    >>> countries(["LT", "Latvia"], resolution="500 m")["name"].tolist()
    ['Lithuania', 'Latvia']
    """
    if part not in _PARTS:
        hint = did_you_mean(part, _PARTS) or "one of land, sea, all"
        msg = f"unknown part {part!r} of a country; {hint}"
        raise InputError(msg)
    resolution_m = parse_resolution(resolution)
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    units = list(archive.index["units"])
    if names is None:
        known = sorted({view.owner(unit) for unit in units})
        wanted = [by_iso(iso) for iso in known if is_code(iso)]
    else:
        wanted = resolve_all(names)
        _require_area(wanted, archive, view)
    rows: list[dict[str, object]] = []
    faults: list[Fault] = []
    for one in wanted:
        areas = [
            polygon
            for unit in view.units(one.iso, units)
            for polygon in _PARTS[part](*unit_areas(archive, unit, resolution_m=resolution_m))
        ]
        if areas:
            rows.append({"iso": one.iso, "iso3": one.iso3, "name": one.name, "geometry": _union(areas, resolution_m)})
        elif names is not None:
            faults.append(Fault(f"{one.name} has no {part} in the data"))
    if faults:
        msg = f"{len(faults)} of the countries have no {part}"
        raise InputError(msg, faults)
    return _table(rows, archive, view, part, resolution_m)


def _require_area(wanted: list[CountryName], archive: BorderArchive, view: View) -> None:
    faults = []
    for one in wanted:
        if view.units(one.iso, archive.index["units"]):
            continue
        area = next((area for area in worldviews.areas() if one.iso in area.claimants), None)
        note = "" if area is None else f"; {area.area}: {area.note}"
        faults.append(Fault(f"{one.name} has no area of its own in the {view.worldview.label} view{note}"))
    if faults:
        msg = f"the data have no area for {len(faults)} of the names"
        raise NameUnknownError(msg, faults)


def _union(polygons: list[shapely.Polygon], resolution_m: float) -> shapely.Polygon | shapely.MultiPolygon:
    """Merge polygons and dissolve the lines between units.

    At full resolution the polygons share their edges exactly. Simplified polygons may overlap
    by less than the tolerance along winding rivers and between close islands; these are united.
    """
    if resolution_m > 0:
        array = np.array(sorted(polygons, key=shapely.get_num_coordinates, reverse=True), dtype=object)
        shapely.prepare(array)  # the larger of a pair comes first, where being prepared helps
        first, second = shapely.STRtree(array).query(array)
        first, second = first[first < second], second[first < second]
        hits = shapely.intersects(array[first], array[second])
        meeting = np.unique(np.concatenate([first[hits], second[hits]]))
        alone = np.delete(array, meeting)
        parts = [*alone, *shapely.get_parts(shapely.union_all(array[meeting]))]
    else:
        parts = list(shapely.get_parts(shapely.coverage_union_all(polygons)))
    areas: list[shapely.Polygon] = [part for part in parts if part.geom_type == "Polygon"]
    areas.sort(key=lambda part: (-part.area, part.bounds))
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(areas)


def _table(
    rows: list[dict[str, object]], archive: BorderArchive, view: View, part: str, resolution_m: float
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, crs=WGS84)
    frame["area_m2"] = geodesy.area(frame.geometry.to_numpy())
    frame["resolution_m"] = resolution_m
    frame["worldview"] = view.worldview.value
    frame = frame.assign(**archive.provenance)
    frame["method"] = _METHOD.format(part=part)
    return conform(frame, COUNTRIES, what="the countries")


def locate(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    worldview: str = "de_facto",
    border_distance: bool = True,
    folder: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """Return the country of each point, whether it is on land or at sea, and its distance from the border.

    A point on a border line is assigned to the country whose code sorts first. A point on the
    high seas, or a missing one, has no country.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries
        Points in longitude and latitude on WGS84.
    worldview : str
        How disputed areas are assigned: ``de_facto`` or ``international``.
    border_distance : bool
        Whether to compute the distance; if False, the column is NaN and the call is faster.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    DataFrame
        With the index of the points: ``iso``, ``country``, ``part`` (``land`` or ``sea``),
        ``distance_to_border_m`` (geodesic, to the nearest stretch of the country's land
        border; NaN if it has none), ``worldview``.

    Raises
    ------
    CRSError
        If the CRS is missing or not WGS84.
    GeometryError
        If a geometry is not a point.
    InputError
        If the points are not a GeoDataFrame or GeoSeries.

    Examples
    --------
    >>> import geopandas as gpd
    >>> vilnius = gpd.GeoSeries.from_xy([25.28], [54.69], crs="EPSG:4326")
    >>> found = locate(vilnius)
    >>> found["country"].iloc[0], round(float(found["distance_to_border_m"].iloc[0]) / 1000)
    ('Lithuania', 29)
    """
    require_wgs84(points, what="the points")
    series = points.geometry
    xy = _coordinates(series)
    view = worldviews.view(worldview)
    archive = open_borders(folder)
    iso, part = _areas(xy, view, archive)
    distance = np.full(len(xy), np.nan)
    if border_distance:
        for owner in sorted(set(iso) - {None}):
            here = np.flatnonzero(iso == owner)
            lines = _land_border(owner, view, archive)
            if lines is not None:
                distance[here] = geodesy.distance(shapely.points(xy[here]), lines)
    known = {one: by_iso(one).name for one in set(iso) - {None}}
    names = [known.get(one) for one in iso]
    return pd.DataFrame(
        {
            "iso": pd.Series(iso, series.index, dtype=object),
            "country": pd.Series(names, series.index, dtype=object),
            "part": pd.Series(part, series.index, dtype=object),
            "distance_to_border_m": distance,
            "worldview": view.worldview.value,
        },
        index=series.index,
    )


def _coordinates(series: gpd.GeoSeries) -> NDArray[np.float64]:
    shapes = series.to_numpy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = np.flatnonzero(~missing & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT))
    if len(wrong):
        faults = [Fault(f"{shapes[row].geom_type} is not a point", row=int(row) + 1) for row in wrong]
        msg = f"{len(wrong)} of {len(shapes)} geometries are not points"
        raise GeometryError(msg, faults)
    out = np.full((len(shapes), 2), np.nan)
    out[~missing] = shapely.get_coordinates(shapes[~missing])
    return out


def _areas(
    xy: NDArray[np.float64], view: View, archive: BorderArchive
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the country code and the part (land or sea) of each point, or None."""
    units = sorted(archive.index["units"].items(), key=lambda item: (view.owner(item[0]), item[0]))
    unit_of = np.full(len(xy), len(units))
    at_sea: NDArray[np.bool_] = np.zeros(len(xy), dtype=bool)
    free: NDArray[np.bool_] = np.asarray(np.isfinite(xy).all(axis=1))
    for number, (unit, (west, south, east, north)) in enumerate(units):
        box = free & (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
        here = np.flatnonzero(box)
        if len(here) == 0:
            continue
        for sea, polygons in enumerate(unit_areas(archive, unit, resolution_m=0.0)):
            inside = here[_covered(polygons, xy[here])]
            unit_of[inside], at_sea[inside], free[inside] = number, sea == 1, False
            here = here[free[here]]
    owners = np.array([*(view.owner(unit) for unit, _ in units), None], dtype=object)
    part = np.full(len(xy), None, dtype=object)
    part[(unit_of < len(units)) & ~at_sea] = "land"
    part[at_sea] = "sea"
    return owners[unit_of], part


def _covered(polygons: list[shapely.Polygon], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points are covered by a polygon, including its outline."""
    out = np.zeros(len(xy), dtype=bool)
    order = np.argsort(xy[:, 0], kind="stable")
    lon = xy[order, 0]
    for polygon in polygons:
        west, south, east, north = polygon.bounds
        strip = order[np.searchsorted(lon, west) : np.searchsorted(lon, east, side="right")]
        near = strip[(xy[strip, 1] >= south) & (xy[strip, 1] <= north) & ~out[strip]]
        if len(near):
            shapely.prepare(polygon)
            out[near] = shapely.intersects_xy(polygon, xy[near])
    return out


def _land_border(iso: str, view: View, archive: BorderArchive) -> shapely.MultiLineString | None:
    lines = []
    for key, _ in view.borders(iso, archive.index["borders"]):
        arcs = archive.arcs([f"border/{key}"])[f"border/{key}"]
        lines += [w / SCALE for kind, w in zip(arcs.kinds, arcs.coordinates, strict=True) if kind != "sea"]
    return shapely.MultiLineString([shapely.LineString(line) for line in lines]) if lines else None
