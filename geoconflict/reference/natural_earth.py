"""Coarse countries for the background of a map, and first-order divisions (Natural Earth, public domain).

The outlines are 1 to 2.5 km from the lines of :func:`~geoconflict.reference.border` (measured on
Lithuania–Belarus: mean 1.1 km, 95 % within 2.6 km). Do not measure on them.
"""

from __future__ import annotations

import csv
import io
import itertools
from os import PathLike
from typing import Any

import geopandas as gpd
import shapely

from geoconflict import geodesy
from geoconflict.crs import WGS84, Bounds
from geoconflict.errors import InputError, did_you_mean
from geoconflict.names.countries import by_iso, resolve
from geoconflict.reference.archive import (
    NATURAL_EARTH,
    SCALE,
    Arcs,
    BorderArchive,
    boundaries_folder,
    decode,
    open_archive,
)
from geoconflict.schema import COUNTRIES, conform
from geoconflict.vocabulary import Worldview

# For each scale of Natural Earth its distance from the border lines, as measured.
_RESOLUTION_M = {"10m": 2_500.0, "50m": 5_000.0}
_METHOD = "Natural Earth at 1:{scale}; generalised: for backgrounds, not for measuring"
_VIEW_NOTE = "Natural Earth's default view: Crimea with Russia"


def background(
    bounds: Bounds | tuple[float, float, float, float] | None = None,
    *,
    scale: str = "10m",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the coarse outlines of all countries that intersect a box, unclipped.

    Parameters
    ----------
    bounds : Bounds or (west, south, east, north), optional
        In degrees; ``west > east`` crosses the antimeridian. The whole world by default.
    scale : str
        ``10m`` (1:10 million) or ``50m`` (1:50 million, a third of the size).
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of COUNTRIES in Natural Earth's ``de_facto`` view; Kosovo, Somaliland and
        Northern Cyprus are rows of their own.

    Raises
    ------
    InputError
        If the scale is unknown or the bounds are not four numbers.
    GeometryError
        If the bounds are out of range.

    Examples
    --------
    >>> background((21, 54, 26, 56))["iso"].tolist()
    ['BY', 'LT', 'LV', 'PL', 'RU']
    """
    if scale not in _RESOLUTION_M:
        hint = did_you_mean(scale, _RESOLUTION_M) or "one of 10m, 50m"
        msg = f"unknown scale {scale!r} of the background; {hint}"
        raise InputError(msg)
    archive = open_archive(boundaries_folder(folder) / NATURAL_EARTH)
    boxes = _boxes(bounds)
    wanted = [iso for iso, extent in archive.index["boxes"][scale].items() if _touches(extent, boxes)]
    rows = []
    for iso, data in archive.read(f"{scale}/{iso}" for iso in wanted).items():
        area = _area(decode(data))
        if boxes is None or any(area.intersects(box) for box in boxes):
            one = by_iso(iso.split("/")[1])
            rows.append({"iso": one.iso, "iso3": one.iso3, "name": one.name, "geometry": area})
    return _table(rows, archive, scale)


def divisions(country: str, *, folder: str | PathLike[str] | None = None) -> gpd.GeoDataFrame:
    """Return the first-order divisions of a country (Natural Earth 5, generalised).

    Names and outlines are as of about 2021; later reforms are missing. Outlines are simplified
    (details below about 1 km² removed), identically on both sides of a line.

    Parameters
    ----------
    country : str
        Name in English or ISO 3166-1 code.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        ``division_id`` (ISO 3166-2 code if Natural Earth has it), ``name``, ``name_en``,
        ``type``, ``country``, ``iso``, ``wikidata``, ``source``, ``licence``, ``attribution``.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
    InputError
        If the data have no divisions of that country.

    Examples
    --------
    >>> sorted(divisions("Mali")["name"])[:3]
    ['Bamako', 'Gao', 'Kayes']
    """
    one = resolve(country)
    archive = open_archive(boundaries_folder(folder) / NATURAL_EARTH)
    listed = archive.read([f"divisions/{one.iso}.csv"])
    if not listed:
        msg = f"the data have no first-order divisions of {one.name}"
        raise InputError(msg)
    rows = list(csv.DictReader(io.StringIO(listed[f"divisions/{one.iso}.csv"].decode("utf-8"))))
    arcs = archive.arcs([f"divisions/{one.iso}"])[f"divisions/{one.iso}"]
    stops = list(itertools.accumulate((int(row["rings"]) for row in rows), initial=0))
    areas = [_area(Arcs(arcs.kinds[i:j], arcs.coordinates[i:j])) for i, j in itertools.pairwise(stops)]
    frame = gpd.GeoDataFrame(
        {
            "division_id": [row["iso_3166_2"] or row["key"] for row in rows],
            "name": [row["name"] or row["name_en"] or None for row in rows],
            "name_en": [row["name_en"] or None for row in rows],
            "type": [row["type_en"] or None for row in rows],
            "country": one.name,
            "iso": one.iso,
            "wikidata": [row["wikidataid"] or None for row in rows],
            "source": archive.index["divisions_source"],
            "licence": archive.index["licence"],
            "attribution": archive.index["attribution"],
        },
        geometry=areas,
        crs=WGS84,
    )
    ordered: gpd.GeoDataFrame = frame.sort_values("division_id", kind="stable").reset_index(drop=True)
    return ordered


def _boxes(bounds: Bounds | tuple[float, float, float, float] | None) -> list[shapely.Polygon] | None:
    if bounds is None:
        return None
    try:
        box = bounds if isinstance(bounds, Bounds) else Bounds(*bounds)
    except TypeError as error:
        msg = f"the bounds must be (west, south, east, north) in degrees, found {bounds!r}"
        raise InputError(msg) from error
    if box.crosses_antimeridian:
        return [shapely.box(box.west, box.south, 180, box.north), shapely.box(-180, box.south, box.east, box.north)]
    return [shapely.box(box.west, box.south, box.east, box.north)]


def _box(extent: list[float]) -> shapely.Polygon:
    west, south, east, north = extent
    return shapely.box(west, south, east, north)


def _touches(extent: list[float], boxes: list[shapely.Polygon] | None) -> bool:
    return boxes is None or any(_box(extent).intersects(box) for box in boxes)


def _area(rings: Arcs) -> shapely.Polygon | shapely.MultiPolygon:
    polygons: list[list[Any]] = []
    for kind, ring in zip(rings.kinds, rings.coordinates, strict=True):
        if kind == "land":
            polygons.append([])
        polygons[-1].append(ring / SCALE)
    shapes = [shapely.Polygon(outer, inner) for outer, *inner in polygons]
    return shapes[0] if len(shapes) == 1 else shapely.multipolygons(shapes)


def _table(rows: list[dict[str, Any]], archive: BorderArchive, scale: str) -> gpd.GeoDataFrame:
    columns = ["iso", "iso3", "name", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=WGS84)
    frame["area_m2"] = geodesy.area(frame.geometry.to_numpy()) if rows else []
    frame["resolution_m"] = _RESOLUTION_M[scale]
    frame["worldview"] = Worldview.DE_FACTO.value
    frame = frame.assign(**archive.provenance)
    frame["method"] = f"{_METHOD.format(scale=scale.replace('m', ' million'))}; {_VIEW_NOTE}"
    return conform(frame, COUNTRIES, what="the background")
