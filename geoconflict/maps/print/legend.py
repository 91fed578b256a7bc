"""The legend of the printed map: as large as its column allows, cut short where it would be too small."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from geoconflict.maps.print import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoconflict.maps.scene import Description, LegendEntry

INK = "#1c1b19"
_STEP, _LEAST_STEP = 10.5, 6.8  # points from line to line


def legend(axes: Axes, layers: Sequence[Description], width: float, height: float) -> None:
    """Write the legend into its column; lines that find no room are counted."""
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


def _step(shown: dict[int, list[LegendEntry]], layers: Sequence[Description], height: float) -> float:
    """Return the points from line to line that fill the column."""
    lines = [_lines(layers[i], entry) for i, entries in shown.items() for entry in entries]
    # A further line of a label takes seven tenths of a step; a heading takes one and the gap after its layer.
    more = 0.7 * sum(len(each) - 1 for each in lines)
    heads = sum(len(layers[i].legend) > 1 for i in shown)
    cut = sum(len(entries) < len(layers[i].legend) for i, entries in shown.items())
    return min(_STEP, (height - 4) / max(1, len(lines) + more + cut + 1.4 * heads))


def _lines(layer: Description, entry: LegendEntry) -> list[str]:
    text = entry.label
    if len(layer.legend) == 1:
        text = layer.name if entry.label == layer.name else f"{layer.name}: {entry.label}"
    return wrap(text[:1].upper() + text[1:], 32, most=2)


def wrap(text: str, width: float, *, most: int = 3) -> list[str]:
    """Return a text in lines of a width in characters, cut after the last that may be."""
    lines = textwrap.wrap(" ".join(text.split()), int(width)) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
