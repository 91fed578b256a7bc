"""Text on the printed map: labels that do not overlap, and the legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from matplotlib import patheffects

from geoconflict.maps.print.projection import Projection
from geoconflict.maps.spec import Labels, LayerSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
import textwrap
from typing import TYPE_CHECKING

from geoconflict.maps.print import draw
from geoconflict.maps.spec import LegendEntry

PT = 0.75


Box = tuple[float, float, float, float]


class _Name(NamedTuple):
    text: str
    rank: tuple[int, float]
    x: float
    y: float
    gap: float
    look: Labels


def names(
    axes: Axes, layers: Sequence[LayerSpec], projection: Projection, z: float, *, clear_of: Box | None = None
) -> int:
    """Draw the labels of all layers by priority, outside the box ``clear_of`` in points, and return their number."""
    wanted = [name for layer in layers if layer.labels is not None for name in _wanted(layer, projection)]
    wanted.sort(key=lambda n: (-n.rank[0], -n.rank[1], n.text))
    # The scale bar is in the lower left corner.
    frame, scale = axes.get_window_extent(), axes.figure.dpi / 72.0
    corner = (frame.x0, frame.y0, frame.x0 + 110 * scale, frame.y0 + 26 * scale)
    taken = [corner, *_marks(axes, layers, projection)]
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


def _wanted(layer: LayerSpec, projection: Projection) -> Iterable[_Name]:
    look = layer.labels
    if look is None:
        return
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    if layer.kind == "point":
        xy = projection.points(shapes)
        for row, text in enumerate(look.text):
            gap = layer.styles[layer.style_of[row]].radius_px * PT + 2.0
            if text and _within(xy[row], projection):
                yield _Name(
                    text,
                    (0 if layer.background else 2, look.rank[row]),
                    float(xy[row, 0]),
                    float(xy[row, 1]),
                    gap,
                    look,
                )
        return
    shown = projection.project(shapes)
    least = ((projection.east - projection.west) * 0.04) ** 2
    for row, text in enumerate(look.text):
        parts = [p for p in shapely.get_parts(shown[row]) if p.geom_type == "Polygon"]
        if not text or not parts or shapely.area(shown[row]) < least:
            continue
        largest = max(parts, key=lambda p: float(p.area))
        circle = shapely.maximum_inscribed_circle(largest, tolerance=(projection.east - projection.west) / 500)
        x, y = shapely.get_coordinates(circle)[0]
        rank = 0 if layer.background else 1
        yield _Name(text, (rank, float(shapely.area(shown[row]))), float(x), float(y), -1.0, look)


def _marks(axes: Axes, layers: Sequence[LayerSpec], projection: Projection) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the markers of labelled points in pixels; labels must not cover them."""
    out = []
    scale = axes.figure.dpi / 72.0
    for layer in layers:
        if layer.kind != "point" or layer.labels is None:
            continue
        xy = axes.transData.transform(projection.points(np.asarray(layer.table.geometry.array, dtype=object)))
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


def _within(xy: np.ndarray, projection: Projection) -> bool:
    return bool(projection.west <= xy[0] <= projection.east and projection.south <= xy[1] <= projection.north)


INK = "#1c1b19"
_STEP, _LEAST_STEP = 10.5, 6.8  # line spacing in points


def legend(axes: Axes, layers: Sequence[LayerSpec], width: float, height: float) -> None:
    """Draw the legend into its column; if there is no room for all entries, add their number."""
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    shown = {i: list(layer.legend) for i, layer in enumerate(layers) if layer.legend}
    while (step := _step(shown, layers, height)) < _LEAST_STEP and max(map(len, shown.values())) > 3:
        longest = max(shown, key=lambda i: len(shown[i]))
        del shown[longest][-max(1, len(shown[longest]) // 20) :]
    size = min(6.3, step * 0.6)
    y = height - 5.0
    for i, entries in shown.items():
        layer = layers[i]
        if len(layer.legend) > 1:
            axes.text(
                0, y, _short(layer.name, 34), fontsize=size, fontweight="bold", color=INK, va="center", parse_math=False
            )
            y -= step
        for entry in entries:
            draw.swatch(axes, layer.kind, entry.style, (0.5, y))
            for line in _lines(layer, entry):
                axes.text(20, y, line, fontsize=size, color=INK, va="center", parse_math=False)
                y -= step * 0.7
            y -= step * 0.3
        if len(entries) < len(layer.legend):
            more = f"and {len(layer.legend) - len(entries)} more"
            axes.text(20, y, more, fontsize=size, color=INK, va="center", style="italic", parse_math=False)
            y -= step
        y -= step * 0.4


def _step(shown: dict[int, list[LegendEntry]], layers: Sequence[LayerSpec], height: float) -> float:
    """Return the line spacing in points that fills the column."""
    lines = [_lines(layers[i], entry) for i, entries in shown.items() for entry in entries]
    # Further lines of a label take 0.7 of the spacing; a heading takes 1 and the gap after its layer 0.4.
    more = 0.7 * sum(len(each) - 1 for each in lines)
    heads = sum(len(layers[i].legend) > 1 for i in shown)
    cut = sum(len(entries) < len(layers[i].legend) for i, entries in shown.items())
    return min(_STEP, (height - 4) / max(1, len(lines) + more + cut + 1.4 * heads))


def _lines(layer: LayerSpec, entry: LegendEntry) -> list[str]:
    text = entry.label
    if len(layer.legend) == 1:
        text = layer.name if entry.label == layer.name else f"{layer.name}: {entry.label}"
    return wrap(text[:1].upper() + text[1:], 32, most=2)


def wrap(text: str, width: float, *, most: int = 3) -> list[str]:
    """Wrap text to a width in characters, truncated after ``most`` lines."""
    lines = textwrap.wrap(" ".join(text.split()), int(width)) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
