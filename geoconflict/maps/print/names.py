"""Names on the printed map: the weightier first, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from matplotlib import patheffects

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

    from geoconflict.maps.print.ground import Ground
    from geoconflict.maps.print.inset import Box
    from geoconflict.maps.scene import Description, Labels

PT = 0.75


class _Name(NamedTuple):
    text: str
    rank: tuple[int, float]
    x: float
    y: float
    gap: float
    look: Labels


def names(axes: Axes, layers: Sequence[Description], ground: Ground, z: float, *, clear_of: Box | None = None) -> int:
    """Write the names of all layers, clear of a box in points of the axes, and return how many found room."""
    wanted = [name for layer in layers if layer.labels is not None for name in _wanted(layer, ground)]
    wanted.sort(key=lambda n: (-n.rank[0], -n.rank[1], n.text))
    # The scale stands in the lower left corner.
    frame, scale = axes.get_window_extent(), axes.figure.dpi / 72.0
    corner = (frame.x0, frame.y0, frame.x0 + 110 * scale, frame.y0 + 26 * scale)
    taken = [corner, *_marks(axes, layers, ground)]
    if clear_of is not None:
        left, low, right, high = (edge * scale for edge in clear_of)
        taken.append((frame.x0 + left, frame.y0 + low, frame.x0 + right, frame.y0 + high))
    written = 0
    for name in wanted:
        text = name.text.upper() if name.look.upper else name.text
        if name.look.upper:
            text = "\u200a".join(text)
        drawn = axes.text(
            name.x,
            name.y,
            text,
            fontsize=name.look.size_px * PT * 0.78,
            color=name.look.colour,
            style="italic" if name.look.italic else "normal",
            fontweight="bold" if name.look.upper else "normal",
            ha="left",
            va="center_baseline",
            parse_math=False,
            zorder=z,
            path_effects=[patheffects.withStroke(linewidth=1.8, foreground="white", alpha=0.9)],
            clip_on=True,
        )
        box = drawn.get_window_extent()
        spot = _spot(name, box.width, box.height, axes, taken)
        if spot is None:
            drawn.remove()
            continue
        left, middle = spot
        x, y = axes.transData.inverted().transform((left, middle))
        drawn.set_position((float(x), float(y)))
        taken.append((left - 2, middle - box.height / 2, left + box.width + 2, middle + box.height / 2))
        written += 1
    return written


def _wanted(layer: Description, ground: Ground) -> Iterable[_Name]:
    look = layer.labels
    if look is None:
        return
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    if layer.kind == "point":
        xy = ground.points(shapes)
        for row, text in enumerate(look.text):
            gap = layer.styles[layer.style_of[row]].radius_px * PT + 2.0
            if text and _within(xy[row], ground):
                yield _Name(
                    text,
                    (0 if layer.background else 2, look.rank[row]),
                    float(xy[row, 0]),
                    float(xy[row, 1]),
                    gap,
                    look,
                )
        return
    shown = ground.project(shapes)
    least = ((ground.east - ground.west) * 0.04) ** 2
    for row, text in enumerate(look.text):
        parts = [p for p in shapely.get_parts(shown[row]) if p.geom_type == "Polygon"]
        if not text or not parts or shapely.area(shown[row]) < least:
            continue
        largest = max(parts, key=lambda p: float(p.area))
        circle = shapely.maximum_inscribed_circle(largest, tolerance=(ground.east - ground.west) / 500)
        x, y = shapely.get_coordinates(circle)[0]
        rank = 0 if layer.background else 1
        yield _Name(text, (rank, float(shapely.area(shown[row]))), float(x), float(y), -1.0, look)


def _marks(axes: Axes, layers: Sequence[Description], ground: Ground) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the marks of named points, in pixels: no name may lie on one."""
    out = []
    scale = axes.figure.dpi / 72.0
    for layer in layers:
        if layer.kind != "point" or layer.labels is None:
            continue
        xy = axes.transData.transform(ground.points(np.asarray(layer.table.geometry.array, dtype=object)))
        for row, (x, y) in enumerate(xy):
            r = layer.styles[layer.style_of[row]].radius_px * PT * scale
            if np.isfinite([x, y]).all():
                out.append((x - r, y - r, x + r, y + r))
    return out


def _spot(
    name: _Name, width: float, height: float, axes: Axes, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float] | None:
    frame = axes.get_window_extent()
    x, y = axes.transData.transform((name.x, name.y))
    if name.gap < 0:
        offsets = [(-width / 2, dy * height) for dy in (0.0, 1.3, -1.3, 2.6, -2.6)]
    else:
        g = name.gap * axes.figure.dpi / 72.0
        up = g + height / 2
        offsets = [
            (g, 0.0),
            (-g - width, 0.0),
            (-width / 2, up),
            (-width / 2, -up),
            (g * 0.7, g),
            (g * 0.7, -g),
            (-g * 0.7 - width, g),
            (-g * 0.7 - width, -g),
        ]
    for dx, dy in offsets:
        box = (x + dx - 1, y + dy - height / 2, x + dx + width + 1, y + dy + height / 2)
        if box[0] < frame.x0 + 2 or box[2] > frame.x1 - 2 or box[1] < frame.y0 + 2 or box[3] > frame.y1 - 2:
            continue
        if any(t[0] < box[2] and t[2] > box[0] and t[1] < box[3] and t[3] > box[1] for t in taken):
            continue
        return float(x + dx), float(y + dy)
    return None


def _within(xy: np.ndarray, ground: Ground) -> bool:
    return bool(ground.west <= xy[0] <= ground.east and ground.south <= xy[1] <= ground.north)
