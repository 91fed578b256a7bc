"""The sheet: title, map, legend, scale, graticule and the small print."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from geoconflict.outputs.printed import draw
from geoconflict.outputs.printed.ground import Ground
from geoconflict.outputs.printed.inset import inset
from geoconflict.outputs.printed.names import names
from geoconflict.outputs.web.words import Words, right_to_left
from geoconflict.outputs.webmap import fitted, worded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from geoconflict.layers.base import Description
    from geoconflict.outputs.webmap import Map

INK, SOFT, RULE, WATER = "#1c1b19", "#5c574e", "#8d877b", "#dbe5ea"
_SMALL = 5.4
_FIXED: dict[Any, Any] = {
    "svg.hashsalt": "geoconflict",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "font.family": ["DejaVu Sans"],
    "path.simplify": False,
}


class MapFigure(Figure):
    """A figure that is written without a date and without random identifiers."""

    def savefig(self, fname: Any, **options: Any) -> None:  # noqa: ANN401 - as matplotlib has it
        """Write the figure; the suffix names the format. Takes what matplotlib's own takes."""
        form = str(options.get("format") or str(fname).rsplit(".", 1)[-1]).lower()
        fixed: dict[str, dict[str, None]] = {
            "svg": {"Date": None},
            "pdf": {"CreationDate": None, "ModDate": None},
            "png": {"Software": None},
        }
        metadata = {**fixed.get(form, {}), **options.pop("metadata", {})}
        with mpl.rc_context(_FIXED):
            super().savefig(fname, metadata=metadata or None, **options)


@dataclass
class Sheet:
    """One printed sheet.

    Attributes
    ----------
    map : Map
    size_mm : tuple of float
    graticule, legend : bool
    """

    map: Map
    size_mm: tuple[float, float]
    graticule: bool
    legend: bool

    def draw(self) -> MapFigure:
        """Return the figure."""
        width, height = (mm / 25.4 for mm in self.size_mm)
        with mpl.rc_context(_FIXED):
            figure = MapFigure(figsize=(width, height), dpi=200, facecolor="white")
            layers = tuple(worded(layer, self._words()) for layer in fitted(self.map))
            shown = [layer for layer in layers if layer.visible]
            small = self._small_print()
            points = (width * 72, height * 72)
            margin = 10.0
            column = 128.0 if self.legend and any(layer.legend for layer in shown) and points[0] > 330 else 0.0
            title = _wrap(self.map.title, (points[0] - 2 * margin) / 6.4)
            top = margin + 14.5 * len(title) + (10 if self.map.as_of else 2)
            foot = margin + 7.0 * len(small) + 6 + (6 if self.graticule else 0)
            left = margin + (12 if self.graticule else 0)
            box = (left, foot, points[0] - left - margin - column, points[1] - top - foot)
            axes = figure.add_axes(_share(box, points))
            self._title(figure, title, points, margin)
            ground = self._map(axes, shown, box)
            _scale(axes, ground, box)
            if self.map.options.locator:
                inset(axes, self.map, ground, shown, box)
            if column:
                side = figure.add_axes(_share((points[0] - margin - column + 8, foot, column - 8, box[3]), points))
                _legend(side, shown, column - 8, box[3])
            self._foot(figure, small, points, margin)
        return figure

    def _map(self, axes: Axes, shown: list[Description], box: tuple[float, ...]) -> Ground:
        ground = Ground.of(self.map.view, box[2] / box[3])
        axes.set_xlim(ground.west, ground.east)
        axes.set_ylim(ground.south, ground.north)
        axes.set_facecolor(WATER)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set(linewidth=0.6, color=INK, zorder=100)
        for z, layer in enumerate(shown):
            if layer.kind == "area":
                draw.areas(axes, layer, ground, (0 if layer.background else 10) + z * 0.01)
            elif layer.kind == "line":
                draw.lines(axes, layer, ground, 20 + z * 0.01)
            else:
                draw.points(axes, layer, ground, 30 + z * 0.01)
        if self.graticule:
            _graticule(axes, ground)
        names(axes, shown, ground, 50)
        return ground

    def _title(self, figure: Figure, title: list[str], points: tuple[float, float], margin: float) -> None:
        y = points[1] - margin - 11
        for line in title:
            figure.text(
                margin / points[0],
                y / points[1],
                line,
                fontsize=11.5,
                fontweight="bold",
                family="DejaVu Serif",
                color=INK,
                parse_math=False,
            )
            y -= 14.5
        if self.map.as_of:
            said = self._words()
            words = said.say("As of {day}", day=said.day(self.map.as_of))
            figure.text(margin / points[0], (y + 3.5) / points[1], words, fontsize=6.6, color=SOFT)

    def _foot(self, figure: Figure, small: list[str], points: tuple[float, float], margin: float) -> None:
        y = margin + 7.0 * (len(small) - 1)
        for line in small:
            figure.text(margin / points[0], y / points[1], line, fontsize=_SMALL, color=SOFT, parse_math=False)
            y -= 7.0

    def _words(self) -> Words:
        """Return the words of the sheet; matplotlib does not set scripts that run from the right."""
        options = self.map.options
        return Words.of("en") if right_to_left(options.lang) else options.wording()

    def _small_print(self) -> list[str]:
        facts = self.map.facts(self._words())
        ground = Ground.of(self.map.view, 1.0)
        sources = "; ".join(f"{i} {s}" if len(facts.sources) > 1 else s for i, s in enumerate(facts.sources, 1))
        parts = [
            f"{self._words().say('Sources')}: {sources}." if sources else "",
            f"{'. '.join(t.rstrip('.') for t in facts.attributions)}." if facts.attributions else "",
            f"{ground.words}.",
            " ".join(facts.notes),
            facts.disclaimer,
        ]
        text = "  ".join(part for part in parts if part)
        return _wrap(text, (self.size_mm[0] / 25.4 * 72 - 20) / 3.02, most=9)


def _legend(axes: Axes, layers: list[Description], width: float, height: float) -> None:
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.axis("off")
    said = {
        (i, k): _wrap(_capital(layer.name if len(layer.legend) == 1 else entry.label), 32, most=2)
        for i, layer in enumerate(layers)
        for k, entry in enumerate(layer.legend)
    }
    # A further line of a label takes seven tenths of a step; a heading takes one and the gap after its layer.
    more = 0.7 * sum(len(lines) - 1 for lines in said.values())
    heads = [layer for layer in layers if len(layer.legend) > 1]
    step = min(10.5, (height - 4) / max(1, len(said) + more + 1.4 * len(heads)))
    size = min(6.3, step * 0.6)
    y = height - 5.0
    for i, layer in enumerate(layers):
        if not layer.legend:
            continue
        if len(layer.legend) > 1:
            axes.text(
                0, y, _short(layer.name, 34), fontsize=size, fontweight="bold", color=INK, va="center", parse_math=False
            )
            y -= step
        for k, entry in enumerate(layer.legend):
            draw.swatch(axes, layer.kind, entry.style, (0.5, y))
            for line in said[i, k]:
                axes.text(20, y, line, fontsize=size, color=INK, va="center", parse_math=False)
                y -= step * 0.7
            y -= step * 0.3
        y -= step * 0.4


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _scale(axes: Axes, ground: Ground, box: tuple[float, ...]) -> None:
    """Draw the scale in kilometres and miles, measured on the ellipsoid across the middle."""
    metres = ground.metres_across(0.0, 1.0)
    x, y = 8.0, 11.0
    widest = min(90.0, box[2] * 0.3)
    for unit, size, direction in (("km", 1000.0, 1), ("mi", 1609.344, -1)):
        most = metres * widest / box[2] / size
        power = 10.0 ** math.floor(math.log10(most))
        value = max(step * power for step in (1, 2, 5) if step * power <= most)
        long = value * size / metres * box[2]
        axes.plot(
            [x, x, x + long, x + long],
            [y + 3.0 * direction, y, y, y + 3.0 * direction],
            color=INK,
            linewidth=0.7,
            transform=_points(axes, box),
            zorder=90,
        )
        axes.text(
            x + 3,
            y + 5.2 * direction,
            f"{value:,g} {unit}",
            fontsize=5.6,
            color=INK,
            va="center",
            transform=_points(axes, box),
            zorder=90,
        )


def _graticule(axes: Axes, ground: Ground) -> None:
    """Draw meridians and parallels at round degrees, named at the left and lower edges."""
    share = np.linspace(0, 1, 61)
    edge_x = np.concatenate([share, share, np.zeros(61), np.ones(61), share])
    edge_y = np.concatenate([np.zeros(61), np.ones(61), share, share, np.full(61, 0.5)])
    lon, lat = ground.back.transform(
        ground.west + edge_x * (ground.east - ground.west), ground.south + edge_y * (ground.north - ground.south)
    )
    good = np.isfinite(lon) & np.isfinite(lat)
    if not good.any():
        return
    lon0 = float(ground.back.transform((ground.west + ground.east) / 2, (ground.south + ground.north) / 2)[0])
    run = lon[good] - 360 * np.round((lon[good] - lon0) / 360)
    west, east, south, north = run.min(), run.max(), lat[good].min(), lat[good].max()
    for horizontal, low, high in ((True, south, north), (False, west, east)):
        step = _round_step((high - low) / 5)
        for value in np.arange(math.ceil(low / step) * step, high, step):
            along = (
                np.linspace(west, east, 181) if horizontal else np.linspace(max(south, -89.9), min(north, 89.9), 181)
            )
            fixed = np.full(181, value)
            x, y = ground.forward.transform(*((along, fixed) if horizontal else (fixed, along)))
            axes.plot(x, y, color="#7f8b90", linewidth=0.25, alpha=0.55, zorder=5)
            _graticule_name(axes, ground, (np.asarray(x), np.asarray(y)), float(value), horizontal=horizontal)


def _graticule_name(
    axes: Axes, ground: Ground, line: tuple[np.ndarray, np.ndarray], value: float, *, horizontal: bool
) -> None:
    x, y = line
    across, edge = (x, ground.west) if horizontal else (y, ground.south)
    beside = y if horizontal else x
    low, high = (ground.south, ground.north) if horizontal else (ground.west, ground.east)
    cross = np.flatnonzero(np.diff(np.sign(across - edge)) != 0)
    for i in cross:
        at = beside[i] + (beside[i + 1] - beside[i]) * (edge - across[i]) / (across[i + 1] - across[i])
        if not low + 0.02 * (high - low) < at < high - 0.02 * (high - low):
            continue
        wrapped = value if horizontal else (value + 180) % 360 - 180
        letter = ("N" if wrapped > 0 else "S") if horizontal else ("E" if wrapped > 0 else "W")
        words = f"{abs(wrapped):g}°{letter if wrapped else ''}"
        axes.annotate(
            words,
            (edge, at) if horizontal else (at, edge),
            xytext=(-2, 0) if horizontal else (0, -2),
            textcoords="offset points",
            ha="right" if horizontal else "center",
            va="center" if horizontal else "top",
            rotation=90 if horizontal else 0,
            rotation_mode="default",
            fontsize=4.8,
            color=SOFT,
            annotation_clip=False,
        )
        return


def _round_step(rough: float) -> float:
    steps = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 45)
    return min(steps, key=lambda step: abs(math.log(step / max(rough, 1e-6))))


def _points(axes: Axes, box: tuple[float, ...]) -> Any:  # noqa: ANN401 - a transform of matplotlib
    """Return a transform from points, counted from the lower left of the axes."""
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(1 / box[2], 1 / box[3]) + axes.transAxes


def _share(box: tuple[float, float, float, float], points: tuple[float, float]) -> tuple[float, float, float, float]:
    return (box[0] / points[0], box[1] / points[1], box[2] / points[0], box[3] / points[1])


def _wrap(text: str, width: float, *, most: int = 3) -> list[str]:
    lines = textwrap.wrap(" ".join(text.split()), int(width)) or [""]
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
