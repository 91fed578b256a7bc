"""Countries as areas whose outlines are the border lines themselves, and the countries that points lie in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike
from typing import TYPE_CHECKING

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
from geoconflict.reference.archive import FILE_NAME, SCALE, Container, boundaries_folder, open_container, unit_faces
from geoconflict.reference.borders import check_resolution
from geoconflict.reference.worldviews import View
from geoconflict.schema import COUNTRIES, conform

if TYPE_CHECKING:
    _Faces = list[shapely.Polygon]

_PARTS: dict[str, Callable[[_Faces, _Faces], _Faces]] = {
    "land": lambda land, _sea: land,
    "sea": lambda _land, sea: sea,
    "all": lambda land, sea: land + sea,
}
_METHOD = "{part}: faces between the border lines, the coastline (25 m) and the limit at sea"


def country(
    name: str,
    *,
    worldview: str = "de_facto",
    resolution_m: float | None = None,
    part: str = "land",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return a country as an area, one row.

    Its outline runs along the very vertices that :func:`border` returns for the same
    worldview and resolution, so that what is cut to the country leaves no slivers.

    Parameters
    ----------
    name : str
        Name in English or ISO 3166 code.
    worldview : str
        By whose view disputed ground is drawn: ``de_facto`` or ``international``.
    resolution_m : float, optional
        How far the outline may lie from full resolution, in metres; full if left out.
    part : str
        ``land`` (with its inland waters), ``sea`` (the territorial sea and the waters
        behind its baseline, lagoons among them) or ``all``.
    folder : path, optional
        Folder of the data, if not the embedded one.

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
    return countries([name], worldview=worldview, resolution_m=resolution_m, part=part, folder=folder)


def countries(
    names: str | Iterable[str] | None = None,
    *,
    worldview: str = "de_facto",
    resolution_m: float | None = None,
    part: str = "land",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return countries as areas, one row each, in the order asked; the whole world if no names are given.

    Parameters
    ----------
    names : str or iterable of str, optional
        Names in English, ISO 3166 codes.
    worldview, resolution_m, part, folder
        As for :func:`country`.

    Returns
    -------
    GeoDataFrame
        A table of COUNTRIES.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    InputError
        If one of the countries named has no such part.

    Examples
    --------
    >>> countries(["LT", "Latvia"], resolution_m=500)["name"].tolist()
    ['Lithuania', 'Latvia']
    """
    if part not in _PARTS:
        hint = did_you_mean(part, _PARTS) or "one of land, sea, all"
        msg = f"{part!r} is no part of a country; {hint}"
        raise InputError(msg)
    resolution = check_resolution(resolution_m)
    view = worldviews.view(worldview)
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    units = list(container.index["units"])
    if names is None:
        known = sorted({view.owner(unit) for unit in units})
        wanted = [by_iso(iso) for iso in known if is_code(iso)]
    else:
        wanted = resolve_all(names)
        _require_ground(wanted, container, view)
    rows: list[dict[str, object]] = []
    faults: list[Fault] = []
    for one in wanted:
        areas = [
            polygon
            for unit in view.units(one.iso, units)
            for polygon in _PARTS[part](*unit_faces(container, unit, resolution_m=resolution))
        ]
        if areas:
            rows.append({"iso": one.iso, "iso3": one.iso3, "name": one.name, "geometry": _together(areas, resolution)})
        elif names is not None:
            faults.append(Fault(f"{one.name} has no {part} in the data"))
    if faults:
        msg = f"{len(faults)} of the countries have no {part}"
        raise InputError(msg, faults)
    return _table(rows, container, view, part, resolution)


def _require_ground(wanted: list[CountryName], container: Container, view: View) -> None:
    faults = []
    for one in wanted:
        if view.units(one.iso, container.index["units"]):
            continue
        area = next((area for area in worldviews.areas() if one.iso in area.claimants), None)
        drawn = "" if area is None else f"; {area.area}: {area.note}"
        faults.append(Fault(f"{one.name} has no area of its own in the {view.worldview.label} view{drawn}"))
    if faults:
        msg = "not every name has an area in the data"
        raise NameUnknownError(msg, faults)


def _together(polygons: list[shapely.Polygon], resolution_m: float) -> shapely.Polygon | shapely.MultiPolygon:
    """Join polygons; those of several units lose the lines between them.

    At full resolution the faces fit edge by edge; simplified ones may cross by less than
    the resolution where a river winds or islands crowd, and those that do are united.
    """
    if resolution_m > 0:
        array = np.array(sorted(polygons, key=shapely.get_num_coordinates, reverse=True), dtype=object)
        shapely.prepare(array)  # the larger of a pair stands first, where being prepared helps
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
    rows: list[dict[str, object]], container: Container, view: View, part: str, resolution_m: float
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, crs=WGS84)
    frame["area_m2"] = geodesy.area(frame.geometry.to_numpy())
    frame["resolution_m"] = resolution_m
    frame["worldview"] = view.worldview.value
    for column in ("source", "source_date", "licence", "attribution"):
        frame[column] = container.index[column]
    frame["method"] = _METHOD.format(part=part)
    return conform(frame, COUNTRIES, what="the countries")


def locate(
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    worldview: str = "de_facto",
    border_distance: bool = True,
    folder: str | PathLike[str] | None = None,
) -> pd.DataFrame:
    """Tell in which country each point lies, on land or at sea, and how far from the country's border.

    A point on a border line, which lies in both, goes to the country whose code comes
    first. A point on the high seas, or without a geometry, has no country.

    Parameters
    ----------
    points : GeoDataFrame or GeoSeries
        Points in longitude and latitude on WGS84.
    worldview : str
        By whose view disputed ground is drawn.
    border_distance : bool
        Whether to measure the distance; without it the column is NaN and the call quicker.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    DataFrame
        On the index of the points: ``iso``, ``country``, ``part`` (``land`` or ``sea``),
        ``distance_to_border_m`` (to the nearest stretch of the country's border on the
        ground, geodesic; NaN where it has none), ``worldview``.

    Raises
    ------
    CRSError
        If the CRS is missing or not WGS84.
    GeometryError
        If a geometry is not a point.

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
    container = open_container(boundaries_folder(folder) / FILE_NAME)
    iso, part = _areas(xy, view, container)
    distance = np.full(len(xy), np.nan)
    if border_distance:
        for owner in sorted(set(iso) - {None}):
            here = np.flatnonzero(iso == owner)
            lines = _ground_border(owner, view, container)
            if lines is not None:
                distance[here] = _distances(xy[here], lines)
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
    xy: NDArray[np.float64], view: View, container: Container
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the code of the country and the part of it in which each point lies, or None."""
    units = sorted(container.index["units"].items(), key=lambda item: (view.owner(item[0]), item[0]))
    unit_of = np.full(len(xy), len(units))
    at_sea: NDArray[np.bool_] = np.zeros(len(xy), dtype=bool)
    free: NDArray[np.bool_] = np.asarray(np.isfinite(xy).all(axis=1))
    for number, (unit, (west, south, east, north)) in enumerate(units):
        box = free & (xy[:, 0] >= west) & (xy[:, 0] <= east) & (xy[:, 1] >= south) & (xy[:, 1] <= north)
        here = np.flatnonzero(box)
        if len(here) == 0:
            continue
        for sea, faces in enumerate(unit_faces(container, unit, resolution_m=0.0)):
            inside = here[_covered(faces, xy[here])]
            unit_of[inside], at_sea[inside], free[inside] = number, sea == 1, False
            here = here[free[here]]
    owners = np.array([*(view.owner(unit) for unit, _ in units), None], dtype=object)
    part = np.full(len(xy), None, dtype=object)
    part[(unit_of < len(units)) & ~at_sea] = "land"
    part[at_sea] = "sea"
    return owners[unit_of], part


def _covered(polygons: list[shapely.Polygon], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points a polygon covers, its outline counted in."""
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


def _ground_border(iso: str, view: View, container: Container) -> shapely.MultiLineString | None:
    lines = []
    for key in container.index["borders"]:
        left, right = (view.owner(unit) for unit in key.split("~"))
        if left != right and iso in {left, right}:
            arcs = container.arcs([f"border/{key}"])[f"border/{key}"]
            lines += [w / SCALE for kind, w in zip(arcs.kinds, arcs.coordinates, strict=True) if kind != "sea"]
    return shapely.MultiLineString([shapely.LineString(line) for line in lines]) if lines else None


def _distances(xy: NDArray[np.float64], lines: shapely.MultiLineString) -> NDArray[np.float64]:
    out: NDArray[np.float64] = geodesy.distance(shapely.points(xy), lines)
    return out
