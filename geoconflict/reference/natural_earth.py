"""Coarse countries and first-order divisions for the ground of a map: Natural Earth, public domain.

These outlines lie 1 to 2.5 km from the border lines of :func:`~geoconflict.reference.border`
(measured on Lithuania–Belarus: mean 1.1 km, 95 % within 2.6 km). They are a background, not
something to measure on.
"""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

import shapely

from geoconflict.crs import WGS84, Bounds
from geoconflict.errors import InputError, did_you_mean
from geoconflict.names.countries import by_iso, resolve
from geoconflict.reference.container import NATURAL_EARTH, SCALE, Arcs, Container, decode, open_container
from geoconflict.reference.folder import boundaries_folder

if TYPE_CHECKING:
    from os import PathLike

    import geopandas as gpd

# Natural Earth's own scales; the offset is what was measured against the border lines.
_RESOLUTION_M = {"10m": 2_500.0, "50m": 5_000.0}
_METHOD = "Natural Earth at 1:{scale}; coarse: for the ground of a map, not for measuring"
_VIEW_NOTE = "Natural Earth's default view: Crimea with Russia"


def background(
    bounds: Bounds | tuple[float, float, float, float] | None = None,
    *,
    scale: str = "10m",
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return coarse countries that reach into a box, cut to nothing: whole outlines.

    Parameters
    ----------
    bounds : Bounds or (west, south, east, north), optional
        In degrees; ``west > east`` crosses the antimeridian. The whole world if left out.
    scale : str
        ``10m`` (1:10 million) or ``50m`` (1:50 million, a third of the size).
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        A table of COUNTRIES in the ``de_facto`` view, as Natural Earth draws it; Kosovo,
        Somaliland and Northern Cyprus stand by themselves.

    Examples
    --------
    >>> background((21, 54, 26, 56))["iso"].tolist()
    ['BY', 'LT', 'LV', 'PL', 'RU']
    """
    if scale not in _RESOLUTION_M:
        hint = did_you_mean(scale, _RESOLUTION_M) or "one of 10m, 50m"
        msg = f"{scale!r} is no scale of the background; {hint}"
        raise InputError(msg)
    container = open_container(boundaries_folder(folder) / NATURAL_EARTH)
    boxes = _boxes(bounds)
    wanted = [iso for iso, extent in container.index["boxes"][scale].items() if _touches(extent, boxes)]
    rows = []
    for iso, data in container.read(f"{scale}/{iso}" for iso in wanted).items():
        area = _area(decode(data))
        if boxes is None or any(area.intersects(box) for box in boxes):
            one = by_iso(iso.split("/")[1])
            rows.append({"iso": one.iso, "iso3": one.iso3, "name": one.name, "geometry": area})
    return _table(rows, container, scale)


def divisions(country: str, *, folder: str | PathLike[str] | None = None) -> gpd.GeoDataFrame:
    """Return the first-order divisions of a country (Natural Earth 5, generalised).

    Names and limits are those of about 2021: later reforms are not in them. Corners of
    less than about a square kilometre are dropped, the same on both sides of a line.

    Parameters
    ----------
    country : str
        Name in English or ISO 3166 code.
    folder : path, optional
        Folder of the data, if not the embedded one.

    Returns
    -------
    GeoDataFrame
        ``division_id`` (ISO 3166-2 where Natural Earth has it), ``name``, ``name_en``,
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
    import geopandas as gpd

    one = resolve(country)
    container = open_container(boundaries_folder(folder) / NATURAL_EARTH)
    listed = container.read([f"divisions/{one.iso}.csv"])
    if not listed:
        msg = f"the data have no first-order divisions of {one.name}"
        raise InputError(msg)
    rows = list(csv.DictReader(io.StringIO(listed[f"divisions/{one.iso}.csv"].decode("utf-8"))))
    arcs = container.arcs([f"divisions/{one.iso}"])[f"divisions/{one.iso}"]
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
            "source": container.index["divisions_source"],
            "licence": container.index["licence"],
            "attribution": container.index["attribution"],
        },
        geometry=areas,
        crs=WGS84,
    )
    ordered: gpd.GeoDataFrame = frame.sort_values("division_id", kind="stable").reset_index(drop=True)
    return ordered


def _boxes(bounds: Bounds | tuple[float, float, float, float] | None) -> list[shapely.Polygon] | None:
    if bounds is None:
        return None
    box = bounds if isinstance(bounds, Bounds) else Bounds(*bounds)
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
    for kind, whole in zip(rings.kinds, rings.coordinates, strict=True):
        if kind == "land":
            polygons.append([])
        polygons[-1].append(whole / SCALE)
    shapes = [shapely.Polygon(outer, inner) for outer, *inner in polygons]
    return shapes[0] if len(shapes) == 1 else shapely.multipolygons(shapes)


def _table(rows: list[dict[str, Any]], container: Container, scale: str) -> gpd.GeoDataFrame:
    import geopandas as gpd

    from geoconflict import geodesy
    from geoconflict.schema import COUNTRIES, conform
    from geoconflict.vocabulary import Worldview

    columns = ["iso", "iso3", "name", "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=WGS84)
    frame["area_m2"] = geodesy.area(frame.geometry.to_numpy()) if rows else []
    frame["resolution_m"] = _RESOLUTION_M[scale]
    frame["worldview"] = Worldview.DE_FACTO.value
    for column in ("source", "source_date", "licence", "attribution"):
        frame[column] = container.index[column]
    frame["method"] = f"{_METHOD.format(scale=scale.replace('m', ' million'))}; {_VIEW_NOTE}"
    return conform(frame, COUNTRIES, what="the background")
