"""Arcs of the container as lines in degrees: simplified, joined, put together to polygons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geoconflict.reference.container import SCALE, Container, decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Line = NDArray[np.float64]

# The longest degree of the meridian and of a parallel: distances come out too long, never too short.
_LAT_M_PER_DEG = 111_694.0
_LON_M_PER_DEG = 111_320.0
_PARTS = ("land", "sea")


def simplify(line: Line, resolution_m: float) -> Line:
    """Drop vertices of a line as long as it stays within a distance of the full one; its ends stay.

    Douglas and Peucker (1973) in metres, with the scale of the line's latitude nearest the
    equator. A ring keeps at least four vertices, so that an island never vanishes.
    """
    if resolution_m <= 0 or len(line) < 3:
        return line
    low = float(np.abs(line[:, 1]).min()) if np.ptp(np.sign(line[:, 1])) == 0 else 0.0
    scale = np.array([_LON_M_PER_DEG * np.cos(np.radians(low)), _LAT_M_PER_DEG])
    metres = np.column_stack([line * scale, np.arange(len(line))])
    thinner = shapely.simplify(shapely.linestrings(metres), resolution_m, preserve_topology=False)
    kept = shapely.get_coordinates(thinner, include_z=True)[:, 2].astype(np.intp)
    if len(kept) < 4 and bool((line[0] == line[-1]).all()):
        kept = np.unique(np.linspace(0, len(line) - 1, 4).astype(np.intp))
    out: Line = line[kept]
    return out


def join(lines: Iterable[Line]) -> shapely.LineString | shapely.MultiLineString:
    """Join lines head to tail, keeping their direction."""
    merged = shapely.line_merge(shapely.multilinestrings([shapely.LineString(line) for line in lines]), directed=True)
    parts: list[shapely.LineString] = sorted(shapely.get_parts(merged), key=lambda part: tuple(part.coords[0]))
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def unit_faces(
    container: Container, unit: str, *, resolution_m: float
) -> tuple[list[shapely.Polygon], list[shapely.Polygon]]:
    """Return the polygons of a unit: those of land, and those of its territorial sea.

    Parameters
    ----------
    container : Container
    unit : str
    resolution_m : float
        How far the outline may lie from full resolution; the same value as for a border
        gives the same line.
    """
    plan: dict[str, Any] = json.loads(container.read([f"faces/{unit}"])[f"faces/{unit}"])
    members = container.read(plan["members"])
    lines = [
        simplify(whole / SCALE, resolution_m) for name in plan["members"] for whole in decode(members[name]).coordinates
    ]
    thin = resolution_m > 0
    land, sea = ([polygon for rings in plan[part] for polygon in _polygons(rings, lines, thin=thin)] for part in _PARTS)
    return land, sea


def _polygons(rings: list[list[int]], lines: list[Line], *, thin: bool) -> list[shapely.Polygon]:
    outer, *inner = [_ring(ring, lines) for ring in rings]
    if len(outer) < 4:
        return []
    polygon = shapely.Polygon(outer, [ring for ring in inner if len(ring) >= 4])
    if not thin or polygon.is_valid:  # faces at full resolution are valid as they were derived
        return [polygon]
    # Simplified arcs may touch or cross where a river winds; the ground between is split there.
    mended = shapely.get_parts(shapely.make_valid(polygon))
    return [part for piece in mended for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]


def _ring(ring: list[int], lines: list[Line]) -> Line:
    pieces = [lines[number] if number >= 0 else lines[~number][::-1] for number in ring]
    joined = np.concatenate([piece[:-1] for piece in pieces])
    return np.concatenate([joined, joined[:1]])
