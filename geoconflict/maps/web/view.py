"""What a map opens on, and how much ground it carries round that."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.crs import Bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoconflict.maps.scene import Description


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that a map opens on, and the ground that it carries.

    Attributes
    ----------
    box : Bounds
        What must be seen.
    ground : Bounds
        How far the background reaches; a reader cannot move beyond it.
    lon0 : float
        The middle: longitudes are written within 180 degrees of it.
    """

    box: Bounds
    ground: Bounds
    lon0: float


def box_of(described: Sequence[Description]) -> Bounds:
    """Return the box round layers, at least some 40 km wide; most of the world where they have no rows."""
    boxes = [box for box in (d.bounds() for d in described) if box is not None]
    if not boxes:
        return Bounds(-170.0, -60.0, 190.0 - 20.0, 75.0)
    out = boxes[0]
    for box in boxes[1:]:
        out = out.union(box)
    # A single point has no size: show some 40 km round it.
    least = 0.4
    if out.width_deg < least or out.north - out.south < least:
        x, y = out.center
        half_x = max(out.width_deg / 2, least / 2 / max(0.05, math.cos(math.radians(y))))
        half_y = max((out.north - out.south) / 2, least / 2)
        out = Bounds(_wrap(x - half_x), max(-90.0, y - half_y), _wrap(x + half_x), min(90.0, y + half_y))
    return out


def ground_of(box: Bounds) -> Bounds:
    """Return the box widened so that it fills screens from tall to wide, with a margin to move in."""
    south, north = max(box.south, -84.0), min(box.north, 84.0)
    height = max(north - south, 1e-6)
    squeeze = max(0.1, math.cos(math.radians((south + north) / 2)))
    width = max(box.width_deg, height * 2.6 / squeeze)
    height = max(height, box.width_deg * squeeze * 2.0)
    x, y = box.center
    half_x, half_y = width * 0.9, height * 0.9
    if half_x >= 179.9 and abs(x) < 1e-9:
        west, east = -180.0, 180.0
    else:
        # A world that is centred elsewhere is cut open on its own far side.
        half_x = min(half_x, 179.9)
        west, east = _wrap(x - half_x), _wrap(x + half_x)
    return Bounds(west, max(-85.0, y - half_y), east, min(85.0, y + half_y))


def _wrap(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def unwrapped(box: Bounds, lon0: float) -> list[float]:
    """Return west, south, east, north with the longitudes in one run round ``lon0``."""
    half = box.width_deg / 2
    middle = box.center[0]
    middle += 360 * round((lon0 - middle) / 360)
    return [middle - half, box.south, middle + half, box.north]


def fit(layer: Description, view: View) -> Description:
    """Cut a background to the ground, with each name where the view shows its area."""
    if not (layer.background and layer.kind == "area"):
        return layer
    from geoconflict.maps.web.shapes import clip

    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    cut = clip(shapes, view.ground, view.lon0)
    keep = np.array([not shape.is_empty for shape in cut], dtype=bool)
    table = layer.table[keep].set_geometry(cut[keep])
    labels = layer.labels
    if labels is not None:
        at = np.flatnonzero(keep)
        labels = replace(labels, text=tuple(labels.text[i] for i in at), rank=tuple(labels.rank[i] for i in at))
    return replace(layer, table=table, style_of=layer.style_of[keep], labels=labels)
