"""The printed sheet: title, map, legend, scale bar, graticule, locator map and small print."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from geoconflict.maps.print import draw
from geoconflict.maps.print.draw import graticule, raster
from geoconflict.maps.print.hexagons import counted_in_hexagons, hexagons
from geoconflict.maps.print.projection import Projection
from geoconflict.maps.print.text import Box, legend, names, wrap
from geoconflict.maps.scene import Scene, at_date, translated
from geoconflict.maps.spec import LayerSpec
from geoconflict.maps.words import Words, right_to_left

if TYPE_CHECKING:
    from matplotlib.axes import Axes
import numpy as np
import shapely
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from geoconflict.maps.view import HEIGHT, WIDTH, locator

INK, SOFT, WATER = "#1c1b19", "#5c574e", "#dbe5ea"
_SMALL = 5.4
_FIXED: dict[Any, Any] = {
    "svg.hashsalt": "geoconflict",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "font.family": ["DejaVu Sans"],
    "path.simplify": False,
}


class MapFigure(Figure):
    """A figure that is saved without dates and random ids, and that a notebook shows."""

    def savefig(self, fname: Any, **options: Any) -> None:  # noqa: ANN401 - as matplotlib has it
        """Save the figure; arguments as for ``matplotlib.figure.Figure.savefig``."""
        form = str(options.get("format") or str(fname).rsplit(".", 1)[-1]).lower()
        fixed: dict[str, dict[str, None]] = {
            "svg": {"Date": None},
            "pdf": {"CreationDate": None, "ModDate": None},
            "png": {"Software": None},
        }
        metadata = {**fixed.get(form, {}), **options.pop("metadata", {})}
        with mpl.rc_context(_FIXED):
            super().savefig(fname, metadata=metadata or None, **options)

    def _repr_png_(self) -> bytes:
        """Return the figure as PNG, for notebooks."""
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=150)
        return drawn.getvalue()


@dataclass
class Sheet:
    """One printed sheet.

    Attributes
    ----------
    scene : Scene
    size_mm : tuple of float
    graticule, legend : bool
    """

    scene: Scene
    size_mm: tuple[float, float]
    graticule: bool
    legend: bool

    def draw(self) -> MapFigure:
        """Return the figure."""
        width, height = (mm / 25.4 for mm in self.size_mm)
        with mpl.rc_context(_FIXED):
            figure = MapFigure(figsize=(width, height), dpi=200, facecolor="white")
            layers = tuple(translated(layer, self._words()) for layer in self.scene.clipped_specs)
            lines = [layer for layer in layers if layer.visible and layer.kind == "graticule"]
            self.graticule = self.graticule or any(layer.named for layer in lines)
            shown, day = at_date([layer for layer in layers if layer.visible], self.scene.as_of)
            small = self._small_print(day)
            points = (width * 72, height * 72)
            margin = 10.0
            column = 128.0 if self.legend and any(layer.legend for layer in shown) and points[0] > 330 else 0.0
            title = wrap(self.scene.title, (points[0] - 2 * margin) / 6.4)
            top = margin + 14.5 * len(title) + (10 if self.scene.as_of else 2)
            foot = margin + 7.0 * len(small) + 6 + (6 if self.graticule else 0)
            left = margin + (12 if self.graticule else 0)
            box = (left, foot, points[0] - left - margin - column, points[1] - top - foot)
            axes = figure.add_axes(_share(box, points))
            self._title(figure, title, points, margin)
            projection, drawn = self._map(axes, shown, box)
            _scale(axes, projection, box)
            covered = inset(axes, self.scene, projection, drawn, box) if self.scene.options.locator else None
            names(axes, drawn, projection, 50, clear_of=covered)
            if column:
                side = figure.add_axes(_share((points[0] - margin - column + 8, foot, column - 8, box[3]), points))
                legend(side, drawn, column - 8, box[3])
            self._foot(figure, small, points, margin)
            for text in figure.findobj(Text):
                text.set_text(_printable(text.get_text()))
        return figure

    def _map(
        self, axes: Axes, shown: Sequence[LayerSpec], box: tuple[float, ...]
    ) -> tuple[Projection, Sequence[LayerSpec]]:
        """Draw the layers, and return them with their legends as drawn."""
        projection = Projection.of(self.scene.view, box[2] / box[3])
        axes.set_xlim(projection.west, projection.east)
        axes.set_ylim(projection.south, projection.north)
        axes.set_facecolor(WATER)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set(linewidth=0.6, color=INK, zorder=100)
        drawn = list(shown)
        for z, layer in enumerate(shown):
            if counted_in_hexagons(layer, projection):
                drawn[z] = hexagons(axes, layer, projection, 15 + z * 0.01, self._words())
            elif layer.kind == "area":
                draw.areas(axes, layer, projection, (0 if layer.background else 10) + z * 0.01)
            elif layer.kind == "raster":
                raster(axes, layer, projection, 10 + z * 0.01)
            elif layer.kind == "line":
                draw.lines(axes, layer, projection, (1 if layer.background else 20) + z * 0.01)
            elif layer.kind == "point":
                draw.points(axes, layer, projection, (2 if layer.background else 30) + z * 0.01)
        own = next((layer for layer in shown if layer.kind == "graticule"), None)
        if own is not None:
            graticule(axes, projection, own.styles[0], named=own.named)
        elif self.graticule:
            graticule(axes, projection, None)
        return projection, drawn

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
        if self.scene.as_of:
            said = self._words()
            words = said.say("As of {day}", day=said.day(self.scene.as_of))
            figure.text(margin / points[0], (y + 3.5) / points[1], words, fontsize=6.6, color=SOFT)

    def _foot(self, figure: Figure, small: list[str], points: tuple[float, float], margin: float) -> None:
        y = margin + 7.0 * (len(small) - 1)
        for line in small:
            figure.text(margin / points[0], y / points[1], line, fontsize=_SMALL, color=SOFT, parse_math=False)
            y -= 7.0

    def _words(self) -> Words:
        """Return the texts of the sheet; matplotlib does not support right-to-left scripts."""
        options = self.scene.options
        return Words.of("en") if right_to_left(options.lang) else options.wording()

    def _small_print(self, day: str | None) -> list[str]:
        facts = self.scene.facts(self._words())
        projection = Projection.of(self.scene.view, 1.0)
        sources = "; ".join(f"{i} {s}" if len(facts.sources) > 1 else s for i, s in enumerate(facts.sources, 1))
        parts = [
            f"{self._words().say('Sources')}: {sources}." if sources else "",
            f"{'. '.join(t.rstrip('.') for t in facts.attributions)}." if facts.attributions else "",
            f"{projection.words}.",
            self._words().say("Areas that change over time are shown as of {day}.", day=self._words().day(day))
            if day and day != self.scene.as_of
            else "",
            " ".join(facts.notes),
            f"Not drawn: {wide} uncertainty circles of more than 5,000 km."
            if (wide := draw.undrawn_circles(self.scene.specs))
            else "",
            facts.disclaimer,
        ]
        text = "  ".join(part for part in parts if part)
        return wrap(text, (self.size_mm[0] / 25.4 * 72 - 20) / 3.02, most=9)


def _printable(text: str) -> str:
    """Replace lone surrogates and control characters by U+FFFD."""
    return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 or (ord(c) < 32 and c != "\n") else c for c in text)


def _scale(axes: Axes, projection: Projection, box: tuple[float, ...]) -> None:
    """Draw the scale bar in kilometres and miles, from the geodesic length of the centre line."""
    metres = projection.metres_across(0.0, 1.0)
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
    """Return the transform from points, relative to the lower left corner of the axes."""
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(1 / box[2], 1 / box[3]) + axes.transAxes


def _share(box: tuple[float, float, float, float], points: tuple[float, float]) -> tuple[float, float, float, float]:
    return (box[0] / points[0], box[1] / points[1], box[2] / points[0], box[3] / points[1])


_RULE, _WATER, _LAND, _COAST, _BOX = "#8d877b", "#dbe5ea", "#f5f2ea", "#b3aa98", "#b3261e"

_SIZE = 0.46  # points for each pixel of the locator map
_MARGIN = 5.0
_LEAST = 230.0  # smaller maps, in points, have no locator map


def inset(
    axes: Axes, scene: Scene, projection: Projection, layers: Sequence[LayerSpec], box: tuple[float, ...]
) -> Box | None:
    """Draw the locator map in a corner of the map without features; without such a corner, draw nothing.

    Parameters
    ----------
    axes : Axes
        The map.
    scene : Scene
    projection : Projection
        Of the axes.
    layers : sequence of LayerSpec
        The layers as drawn.
    box : tuple of float
        Left, lower edge, width and height of the axes in points.

    Returns
    -------
    tuple of float, or None
        The box it covers: left, lower, right and upper edge in points from the lower left corner.
    """
    found = locator(scene.view, worldviews=scene.worldviews) if min(box[2], box[3]) >= _LEAST else None
    wide, high = WIDTH * _SIZE, HEIGHT * _SIZE
    corner = _free_corner(_marks(projection, layers, box), (wide, high), box)
    if found is None or corner is None:
        return None
    # From pixels with y downwards to points from the lower left corner of the axes.
    to_points = Affine2D().scale(_SIZE, -_SIZE).translate(corner[0], corner[1] + high)
    place = to_points + Affine2D().scale(1 / box[2], 1 / box[3]) + axes.transAxes
    frame = Rectangle((0, 0), WIDTH, HEIGHT, facecolor=_WATER, edgecolor="none", transform=place, zorder=91)
    axes.add_patch(frame)
    steps = [
        step
        for ring in found.rings
        for step in [(*ring[0], Path.MOVETO), *((*at, Path.LINETO) for at in ring[1:]), (0, 0, Path.CLOSEPOLY)]
    ]
    if steps:
        land = Path([(x / 10, y / 10) for x, y, _ in steps], [code for *_, code in steps])
        edge = _COAST if found.borders else "none"
        patch = PathPatch(land, facecolor=_LAND, edgecolor=edge, linewidth=0.25, transform=place, zorder=92)
        axes.add_patch(patch)
        patch.set_clip_path(frame)
    left, top, across, down = found.place(scene.view.bounds, scene.view.lon0)
    axes.add_patch(
        Rectangle(
            (left, top),
            across,
            down,
            facecolor=(0.7, 0.15, 0.12, 0.14),
            edgecolor=_BOX,
            linewidth=0.7,
            transform=place,
            zorder=93,
        )
    )
    axes.add_patch(
        Rectangle((0, 0), WIDTH, HEIGHT, facecolor="none", edgecolor=_RULE, linewidth=0.5, transform=place, zorder=94)
    )
    return corner[0], corner[1], corner[0] + wide, corner[1] + high


def _marks(projection: Projection, layers: Sequence[LayerSpec], box: tuple[float, ...]) -> np.ndarray:
    """Return the positions of points and vertices, in points from the lower left corner of the axes."""
    found = [np.empty((0, 2))]
    for layer in layers:
        if layer.background or not len(layer.table):
            continue
        shapes = np.asarray(layer.table.geometry.array, dtype=object)
        found.append(
            projection.points(shapes) if layer.kind == "point" else shapely.get_coordinates(projection.project(shapes))
        )
    xy = np.vstack(found)
    low = np.array([projection.west, projection.south])
    span = np.array([projection.east - projection.west, projection.north - projection.south])
    placed: np.ndarray = (xy - low) / span * np.array(box[2:4])
    return placed


def _free_corner(marks: np.ndarray, size: tuple[float, float], box: tuple[float, ...]) -> tuple[float, float] | None:
    """Return the position of the first free corner; the scale bar has the lower left one."""
    right, top = box[2] - size[0] - _MARGIN, box[3] - size[1] - _MARGIN
    for x, y in ((right, _MARGIN), (right, top), (_MARGIN, top)):
        inside = (marks > (x - _MARGIN, y - _MARGIN)) & (marks < (x + size[0] + _MARGIN, y + size[1] + _MARGIN))
        if not inside.all(axis=1).any():
            return x, y
    return None
