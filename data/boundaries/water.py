"""Water polygons from ``@geo-maps/earth-waterbodies-25m`` (OpenStreetMap): seas, lakes, rivers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from zones import SCALE, to_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
_TOLERANCE_DEG = 0.00025  # the polygons are generalised to 25 m and rounded to 1e-4 degree
_SMALL_LAKE_KM2 = 20.0  # a border through a smaller lake counts as land
_KM2_PER_DEG2 = 12_364.0  # at the equator, on the sphere of 6,371 km
_MAX_REPAIRED_VERTICES = 1_000  # larger polygons only touch themselves at vertices, and repairing them takes minutes


@dataclass(frozen=True)
class Water:
    """Water polygons of the world."""

    rivers: NDArray[np.object_]
    lakes: NDArray[np.object_]
    seas: NDArray[np.object_]


def read_water(path: Path) -> Water:
    """Read ``map.geo.json``: three multipolygons, of rivers, lakes and seas in this order.

    Raises
    ------
    ValueError
        If known waters are not in the expected multipolygon.
    """
    kinds = shapely.get_parts(shapely.from_geojson(path.read_text(encoding="utf-8")))
    rivers, lakes, seas = (_valid_parts(kind) for kind in kinds)
    for areas, lon, lat, name in (
        (rivers, 22.03, 55.083, "Nemunas"),
        (lakes, 27.4, 58.8, "Peipus"),
        (seas, 20.5, 55.4, "Baltic"),
    ):
        if not shapely.covers(areas, shapely.points(lon, lat)).any():
            msg = f"{name} is not in the expected multipolygon (rivers, lakes, seas)"
            raise ValueError(msg)
    return Water(rivers, lakes, seas)


def kinds_of(points: NDArray[np.float64], water: Water) -> NDArray[np.str_]:
    """Return ``land``, ``river``, ``lake`` or ``sea`` for each point.

    A river polygon is extended by 0.00025 degree (at most 28 m), because it is generalised to
    25 m. Lakes below 20 km² count as land. A point at sea inside a polygon of ``lagoons.csv``
    is ``lake``.
    """
    spots = shapely.points(points)
    out = np.full(len(points), "land", dtype="<U5")
    near = shapely.STRtree(water.rivers).query(spots, predicate="dwithin", distance=_TOLERANCE_DEG)[0]
    out[np.unique(near)] = "river"
    bounds = shapely.bounds(water.lakes)
    area_km2 = shapely.area(water.lakes) * _KM2_PER_DEG2 * np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
    lakes = water.lakes[area_km2 >= _SMALL_LAKE_KM2]
    out[np.unique(shapely.STRtree(lakes).query(spots, predicate="within")[0])] = "lake"
    at_sea = in_sea(points, water)
    out[at_sea] = "sea"
    out[at_sea & in_lagoon(points)] = "lake"
    return out


def in_sea(points: NDArray[np.float64], water: Water) -> NDArray[np.bool_]:
    """Return which points are on the seaward side of OpenStreetMap's coastline."""
    out = np.zeros(len(points), dtype=bool)
    for sea in water.seas:
        west, south, east, north = shapely.bounds(sea)
        box = (points[:, 0] >= west) & (points[:, 0] <= east) & (points[:, 1] >= south) & (points[:, 1] <= north)
        box &= ~out
        if box.any():
            shapely.prepare(sea)
            out[box] = shapely.contains_xy(sea, points[box])
            shapely.destroy_prepared(sea)
    return out


def in_lagoon(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points are in a polygon of ``lagoons.csv``."""
    with (HERE / "lagoons.csv").open(encoding="utf-8", newline="") as file:
        areas = shapely.from_wkt([row["area"] for row in csv.DictReader(file)])
    out = np.zeros(len(points), dtype=bool)
    for area in areas:
        out |= shapely.contains_xy(area, points)
    return out


def coast_rings(water: Water) -> list[NDArray[np.int64]]:
    """Return the rings of the seas, with the sea on the left, in units of 1e-7 degree."""
    rings = []
    for sea in shapely.orient_polygons(water.seas):
        rings += [sea.exterior, *sea.interiors]
    return [np.rint(shapely.get_coordinates(ring) * SCALE).astype(np.int64) for ring in rings]


def _valid_parts(areas: shapely.Geometry) -> NDArray[np.object_]:
    parts = shapely.get_parts(areas)
    valid = shapely.is_valid(parts) | (shapely.get_num_coordinates(parts) > _MAX_REPAIRED_VERTICES)
    repaired = shapely.get_parts(shapely.make_valid(parts[~valid]))
    polygons = shapely.get_parts(repaired[shapely.get_dimensions(repaired) == 2])
    out: NDArray[np.object_] = np.concatenate([parts[valid], polygons])
    return out


def touching(rings: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the keys of vertices where rings touch themselves or each other."""
    keys = np.concatenate([to_keys(ring[:-1]) for ring in rings])
    values, counts = np.unique(keys, return_counts=True)
    return values[counts > 1]
