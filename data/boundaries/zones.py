"""Derive the edges between units from the time zones of ``timezonefinder-data``.

A unit is the smallest area that a worldview assigns to a country. Most units are whole
countries, named by their ISO 3166-1 alpha-2 code. Time zones that are units of their own, and
overlaps of two countries' zones, have a code in ``zones.csv`` and ``overlaps.csv``.
"""

from __future__ import annotations

import csv
import importlib.resources
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
SCALE = 10_000_000
OPEN = "--"  # the high seas
_GRID = 1 / SCALE
_ROW = 2_000_000_000  # more than the range of latitude in units of 1e-7 degree; the product stays below 2**63


@dataclass(frozen=True)
class Edges:
    """Edges between two units, directed from ``start`` to ``end`` with the unit ``left`` on the left."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    left: NDArray[np.str_]
    right: NDArray[np.str_]


def unit_polygons(only: frozenset[str] | None = None) -> dict[str, shapely.MultiPolygon]:
    """Return the polygon of each unit, without overlaps.

    Parameters
    ----------
    only : frozenset of str, optional
        Units to keep (for a test of a few pairs); all by default.
    """
    polygons = _split_overlaps(_zone_polygons(only))
    units: dict[str, list[shapely.Geometry]] = {}
    for (unit, _zone), parts in polygons.items():
        if only is None or unit in only:
            units.setdefault(unit, []).extend(parts)
    return {unit: _union(units[unit]) for unit in sorted(units)}


def edges_between(units: dict[str, shapely.MultiPolygon]) -> tuple[Edges, int]:
    """Return the edges of one or two units, and the number of edges of more than two."""
    starts, ends, owners = [], [], []
    for unit, polygon in units.items():
        for part in shapely.get_parts(shapely.orient_polygons(polygon)):
            for ring in (part.exterior, *part.interiors):
                keys = to_keys(np.rint(shapely.get_coordinates(ring) * SCALE).astype(np.int64))
                keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
                starts.append(keys[:-1])
                ends.append(keys[1:])
                owners.append(np.full(len(keys) - 1, unit))
    start, end, owner = np.concatenate(starts), np.concatenate(ends), np.concatenate(owners)
    vertices, inverse = np.unique(np.concatenate([start, end]), return_inverse=True)
    first, last = inverse[: len(start)], inverse[len(start) :]
    key = np.minimum(first, last) * len(vertices) + np.maximum(first, last)
    order = np.lexsort((owner, key))
    key, start, end, owner = key[order], start[order], end[order], owner[order]
    heads = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    counts = np.diff(np.append(heads, len(key)))
    once, twice = heads[counts == 1], heads[counts == 2]
    differ = twice[owner[twice] != owner[twice + 1]]
    kept = np.concatenate([once, differ])
    right = np.concatenate([np.full(len(once), OPEN), owner[differ + 1]])
    return Edges(start[kept], end[kept], owner[kept], right), int((counts > 2).sum())


def to_keys(whole: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return one integer for each vertex."""
    keys: NDArray[np.int64] = (whole[:, 0] + 180 * SCALE) * _ROW + whole[:, 1] + 90 * SCALE
    return keys


def from_keys(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the vertices of :func:`to_keys`."""
    return np.stack([keys // _ROW - 180 * SCALE, keys % _ROW - 90 * SCALE], axis=-1)


def _overlaps() -> list[dict[str, str]]:
    with (HERE / "overlaps.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _zone_polygons(only: frozenset[str] | None) -> dict[tuple[str, str], list[shapely.Polygon]]:
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder(in_memory=True)
    country_of = _zone_countries()
    needed = set(country_of) if only is None else {zone for zone, unit in country_of.items() if unit in only}
    if only is not None:
        rows = [row for row in _overlaps() if {row["zone_a"], row["zone_b"]} & needed or row["unit"] in only]
        needed |= {row[end] for row in rows for end in ("zone_a", "zone_b")}
    out: dict[tuple[str, str], list[shapely.Polygon]] = {}
    for number in range(finder.nr_of_polygons):
        zone = finder.zone_name_from_boundary_id(number)
        if zone.startswith("Etc/") or zone not in needed:
            continue
        rings = [np.rint(np.asarray(ring).T * SCALE) / SCALE for ring in finder.get_polygon(number)]
        out.setdefault((country_of[zone], zone), []).append(shapely.Polygon(rings[0], rings[1:]))
    return out


def _zone_countries() -> dict[str, str]:
    text = (importlib.resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    out = {row[2]: row[0] for row in rows}
    with (HERE / "zones.csv").open(encoding="utf-8", newline="") as file:
        out.update({row["zone"]: row["unit"] for row in csv.DictReader(file)})
    return out


def _split_overlaps(
    polygons: dict[tuple[str, str], list[shapely.Polygon]],
) -> dict[tuple[str, str], list[shapely.Polygon]]:
    """Assign overlaps of two countries' zones to the units that ``overlaps.csv`` lists.

    Raises
    ------
    ValueError
        If the data have an overlap that is not listed, or the list has one that is not in the data.
    """
    zones = {zone: (unit, zone) for unit, zone in polygons}
    listed = [row for row in _overlaps() if {row["zone_a"], row["zone_b"]} <= set(zones)]
    found = _overlapping_zones(polygons)
    named = {tuple(sorted((row["zone_a"], row["zone_b"]))) for row in listed}
    if found != named:
        msg = (
            f"overlaps.csv does not match the data: not listed {sorted(found - named)}, missing {sorted(named - found)}"
        )
        raise ValueError(msg)
    out = dict(polygons)
    for zone_a, zone_b in sorted(found):
        key_a, key_b = zones[zone_a], zones[zone_b]
        a, b = shapely.multipolygons(out[key_a]), shapely.multipolygons(out[key_b])
        common = _areas(shapely.intersection(a, b, grid_size=_GRID))
        rows = [row for row in listed if tuple(sorted((row["zone_a"], row["zone_b"]))) == (zone_a, zone_b)]
        marks = shapely.points([[float(row["lon"]), float(row["lat"])] for row in rows])
        whole = shapely.multipolygons(common)
        out[key_a] = _areas(shapely.difference(a, whole, grid_size=_GRID))
        out[key_b] = _areas(shapely.difference(b, whole, grid_size=_GRID))
        for part in common:
            row = rows[int(np.argmin(shapely.distance(marks, part)))]
            out.setdefault((row["unit"], f"{zone_a}+{zone_b}"), []).append(part)
    return out


def _overlapping_zones(polygons: dict[tuple[str, str], list[shapely.Polygon]]) -> set[tuple[str, ...]]:
    keys = [key for key, parts in polygons.items() for _ in parts]
    parts = np.array([part for parts in polygons.values() for part in parts])
    shapely.prepare(parts)
    first, second = shapely.STRtree(parts).query(parts)
    differ = np.array([i < j and keys[i][0] != keys[j][0] for i, j in zip(first, second, strict=True)])
    first, second = first[differ], second[differ]
    hits = shapely.relate_pattern(parts[first], parts[second], "T********")
    return {tuple(sorted((keys[i][1], keys[j][1]))) for i, j in zip(first[hits], second[hits], strict=True)}


def _areas(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def _union(parts: list[shapely.Polygon]) -> shapely.MultiPolygon:
    return shapely.multipolygons(_areas(shapely.union_all(parts, grid_size=_GRID)))
