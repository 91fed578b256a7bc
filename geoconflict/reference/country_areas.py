"""Countries as areas whose outlines are the border lines themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import Fault, InputError, NameUnknownError, did_you_mean
from geoconflict.names.countries import CountryName, by_iso, is_code, resolve_all
from geoconflict.reference import worldviews
from geoconflict.reference.arcs import unit_faces
from geoconflict.reference.borders import check_resolution
from geoconflict.reference.container import FILE_NAME, Container, open_container
from geoconflict.reference.folder import boundaries_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike

    import geopandas as gpd

    from geoconflict.reference.worldviews import View

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
    import geopandas as gpd

    from geoconflict import geodesy
    from geoconflict.crs import WGS84
    from geoconflict.schema import COUNTRIES, conform

    frame = gpd.GeoDataFrame(rows, crs=WGS84)
    frame["area_m2"] = geodesy.area(frame.geometry.to_numpy())
    frame["resolution_m"] = resolution_m
    frame["worldview"] = view.worldview.value
    for column in ("source", "source_date", "licence", "attribution"):
        frame[column] = container.index[column]
    frame["method"] = _METHOD.format(part=part)
    return conform(frame, COUNTRIES, what="the countries")
