"""The sheet: title, map, legend, scale, graticule and the small print."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from geoconflict.maps.print import draw
from geoconflict.maps.print.cells import cells
from geoconflict.maps.print.graticule import graticule
from geoconflict.maps.print.ground import Ground
from geoconflict.maps.print.hexagons import counted_in_hexagons, hexagons
from geoconflict.maps.print.inset import inset
from geoconflict.maps.print.legend import legend, wrap
from geoconflict.maps.print.moment import on_one_day
from geoconflict.maps.print.names import names
from geoconflict.maps.web.facts import worded
from geoconflict.maps.web.words import Words, right_to_left
from geoconflict.maps.webmap import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoconflict.maps.scene import Description
    from geoconflict.maps.webmap import Map

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
            lines = [layer for layer in layers if layer.visible and layer.kind == "graticule"]
            self.graticule = self.graticule or any(layer.named for layer in lines)
            shown, day = on_one_day([layer for layer in layers if layer.visible], self.map.as_of)
            small = self._small_print(day)
            points = (width * 72, height * 72)
            margin = 10.0
            column = 128.0 if self.legend and any(layer.legend for layer in shown) and points[0] > 330 else 0.0
            title = wrap(self.map.title, (points[0] - 2 * margin) / 6.4)
            top = margin + 14.5 * len(title) + (10 if self.map.as_of else 2)
            foot = margin + 7.0 * len(small) + 6 + (6 if self.graticule else 0)
            left = margin + (12 if self.graticule else 0)
            box = (left, foot, points[0] - left - margin - column, points[1] - top - foot)
            axes = figure.add_axes(_share(box, points))
            self._title(figure, title, points, margin)
            ground, told = self._map(axes, shown, box)
            _scale(axes, ground, box)
            covered = inset(axes, self.map, ground, told, box) if self.map.options.locator else None
            names(axes, told, ground, 50, clear_of=covered)
            if column:
                side = figure.add_axes(_share((points[0] - margin - column + 8, foot, column - 8, box[3]), points))
                legend(side, told, column - 8, box[3])
            self._foot(figure, small, points, margin)
            for text in figure.findobj(Text):
                text.set_text(_printable(text.get_text()))
        return figure

    def _map(
        self, axes: Axes, shown: Sequence[Description], box: tuple[float, ...]
    ) -> tuple[Ground, Sequence[Description]]:
        """Draw the layers, and return them with the legends of what was drawn."""
        ground = Ground.of(self.map.view, box[2] / box[3])
        axes.set_xlim(ground.west, ground.east)
        axes.set_ylim(ground.south, ground.north)
        axes.set_facecolor(WATER)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set(linewidth=0.6, color=INK, zorder=100)
        told = list(shown)
        for z, layer in enumerate(shown):
            if counted_in_hexagons(layer, ground):
                told[z] = hexagons(axes, layer, ground, 15 + z * 0.01, self._words())
            elif layer.kind == "area":
                draw.areas(axes, layer, ground, (0 if layer.background else 10) + z * 0.01)
            elif layer.kind == "raster":
                cells(axes, layer, ground, 10 + z * 0.01)
            elif layer.kind == "line":
                draw.lines(axes, layer, ground, (1 if layer.background else 20) + z * 0.01)
            elif layer.kind == "point":
                draw.points(axes, layer, ground, (2 if layer.background else 30) + z * 0.01)
        own = next((layer for layer in shown if layer.kind == "graticule"), None)
        if own is not None:
            graticule(axes, ground, own.styles[0], named=own.named)
        elif self.graticule:
            graticule(axes, ground, None)
        return ground, told

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

    def _small_print(self, day: str | None) -> list[str]:
        facts = self.map.facts(self._words())
        ground = Ground.of(self.map.view, 1.0)
        sources = "; ".join(f"{i} {s}" if len(facts.sources) > 1 else s for i, s in enumerate(facts.sources, 1))
        parts = [
            f"{self._words().say('Sources')}: {sources}." if sources else "",
            f"{'. '.join(t.rstrip('.') for t in facts.attributions)}." if facts.attributions else "",
            f"{ground.words}.",
            self._words().say("Areas that change over time are shown as of {day}.", day=self._words().day(day))
            if day and day != self.map.as_of
            else "",
            " ".join(facts.notes),
            f"Not drawn: circles of more than 5,000 km, {wide} of them."
            if (wide := draw.too_wide(self.map.descriptions()))
            else "",
            facts.disclaimer,
        ]
        text = "  ".join(part for part in parts if part)
        return wrap(text, (self.size_mm[0] / 25.4 * 72 - 20) / 3.02, most=9)


def _printable(text: str) -> str:
    """Return a text with U+FFFD for what no font engine takes: lone surrogates and control characters."""
    return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 or (ord(c) < 32 and c != "\n") else c for c in text)


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


def _points(axes: Axes, box: tuple[float, ...]) -> Any:  # noqa: ANN401 - a transform of matplotlib
    """Return a transform from points, counted from the lower left of the axes."""
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(1 / box[2], 1 / box[3]) + axes.transAxes


def _share(box: tuple[float, float, float, float], points: tuple[float, float]) -> tuple[float, float, float, float]:
    return (box[0] / points[0], box[1] / points[1], box[2] / points[0], box[3] / points[1])
