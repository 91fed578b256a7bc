"""Draw described layers on matplotlib axes."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as MplPath
from matplotlib.transforms import Affine2D

from geoconflict.maps.print.ground import lines_of, outlines, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from geoconflict.maps.print.ground import Ground
    from geoconflict.maps.scene import Description, Style

WIDEST_M = 5_000_000.0  # beyond, a circle of uncertainty says no more than that the place is not known
PT = 0.75  # points a CSS pixel
PRINT = 0.62  # paper is read from nearer than a screen: marks and lines are finer


def areas(axes: Axes, layer: Description, ground: Ground, z: float) -> None:
    """Fill the areas, then draw their outlines."""
    shapes = ground.project(np.asarray(layer.table.geometry.array, dtype=object))
    frame = ground.frame
    for shape, which in zip(shapes, layer.style_of, strict=True):
        style = layer.styles[which]
        path = path_of(shape)
        if path is None:
            continue
        if style.fill:
            axes.add_patch(
                PathPatch(
                    path,
                    facecolor="none" if style.hatch else style.fill,
                    alpha=style.fill_opacity,
                    edgecolor="none" if not style.hatch else style.fill,
                    hatch="////" if style.hatch else None,
                    linewidth=0,
                    zorder=z,
                )
            )
        _strokes(axes, outlines(shape, frame), style, z + 0.1)


def lines(axes: Axes, layer: Description, ground: Ground, z: float) -> None:
    """Draw lines, the casings of all of them below."""
    shapes = ground.project(np.asarray(layer.table.geometry.array, dtype=object))
    for shape, which in zip(shapes, layer.style_of, strict=True):
        style = layer.styles[which]
        if style.casing:
            collection = LineCollection(
                lines_of(shape), colors=style.casing, linewidths=(style.width_px + 2) * PT * PRINT, zorder=z
            )
            axes.add_collection(collection, autolim=False)
    size, room = 0.0, math.inf
    if any(style.symbol for style in layer.styles):
        size, room = _symbol_scale(axes, ground, layer.spacing_m)
    for shape, which in zip(shapes, layer.style_of, strict=True):
        style = layer.styles[which]
        if style.symbol and size > 0:
            for line in lines_of(shape):
                _symbols(axes, line, style, size, z + 0.1)
        else:
            # Side by side, lines get no more room than lies between them.
            share = max(0.4, min(1.0, room / 2.5))
            _strokes(axes, lines_of(shape), replace(style, width_px=style.width_px * share), z + 0.1)


def _symbol_scale(axes: Axes, ground: Ground, spacing_m: float | None) -> tuple[float, float]:
    """Return the scale of obstacle graphics, as on the web map at this scale, and the pixels between lines."""
    from geoconflict.maps.symbols.symbols import scale_at

    pixels = axes.get_window_extent().width / axes.figure.dpi * 72 / PT
    metres_a_pixel = ground.metres_across(0.0, 1.0) / pixels
    size = scale_at(math.log2(40_075_016.686 / 256 / metres_a_pixel)) * PRINT
    room = spacing_m / metres_a_pixel if spacing_m else math.inf
    return (size if room >= 9 * size else 0.0), room


def _symbols(axes: Axes, line: np.ndarray, style: Style, size: float, z: float) -> None:
    """Lay a pattern along a line, in points of the paper, and draw it in the axes' own units."""
    from geoconflict.maps.symbols.symbols import colour, place

    unit = axes.figure.dpi / 72 * PT
    paper = axes.transData.transform(line) / unit
    back = axes.transData.inverted()
    ink = colour(str(style.symbol))
    # One collection a look: thousands of single patches would take a minute.
    looks: dict[tuple[bool, bool, float, tuple[float, ...]], list[np.ndarray]] = {}
    for shape in place(str(style.symbol), paper, size, planned=style.planned):
        look = (shape.closed, shape.fill, shape.width, shape.dash)
        looks.setdefault(look, []).append(back.transform(shape.points * unit))
    for (closed, fill, width, dash), shapes in looks.items():
        if closed:
            face = ink if fill else "white"
            axes.add_collection(
                PolyCollection(shapes, facecolors=face, edgecolors=ink, linewidths=width * PT, zorder=z), autolim=False
            )
        else:
            step = (0, tuple(d * PT for d in dash)) if dash else "solid"
            axes.add_collection(
                LineCollection(shapes, colors=ink, linewidths=width * PT, linestyles=[step], zorder=z), autolim=False
            )


def points(axes: Axes, layer: Description, ground: Ground, z: float) -> None:
    """Draw points in the order of the rows; a vague place as a circle of its true radius."""
    xy = ground.points(np.asarray(layer.table.geometry.array, dtype=object))
    inside = (
        (xy[:, 0] >= ground.west) & (xy[:, 0] <= ground.east) & (xy[:, 1] >= ground.south) & (xy[:, 1] <= ground.north)
    )
    small = np.zeros(len(xy), dtype=bool)
    if layer.uncertainty_m is not None:
        small = _circles(axes, layer, ground, z)
    for size in (True, False):
        rows = np.flatnonzero(inside & (small == size))
        if not len(rows):
            continue
        # One collection keeps the order of the rows: no type is drawn over all others.
        styles = [layer.styles[i] for i in layer.style_of[rows]]
        scale = 0.6 if size else 1.0
        shapes = {id(s): marker_path(s, s.radius_px * PT * PRINT * 1.15 * scale) for s in layer.styles}
        collection = PathCollection(
            [shapes[id(s)] for s in styles],
            facecolors=[_rgba(s.fill, s.fill_opacity) for s in styles],
            edgecolors=[_rgba(s.stroke, s.stroke_opacity) for s in styles],
            linewidths=[s.width_px * PT * PRINT for s in styles],
            offsets=xy[rows],
            offset_transform=axes.transData,
            zorder=z + (0.2 if size else 0.3),
        )
        collection.set_transform(Affine2D().scale(1 / 72) + axes.figure.dpi_scale_trans)
        axes.add_collection(collection, autolim=False)


def too_wide(layers: Iterable[Description]) -> int:
    """Return how many rows have a circle of uncertainty that is wider than what is drawn."""
    return sum(
        int((np.asarray(d.uncertainty_m, dtype=float) > WIDEST_M).sum()) for d in layers if d.uncertainty_m is not None
    )


def _circles(axes: Axes, layer: Description, ground: Ground, z: float) -> np.ndarray:
    radii = np.asarray(layer.uncertainty_m, dtype=float)
    metres_a_point = ground.metres_across(0.0, 1.0) / (axes.get_window_extent().width / axes.figure.dpi * 72)
    seen: set[tuple[float, float, float, int]] = set()
    vague = np.zeros(len(radii), dtype=bool)
    lonlat = np.column_stack([layer.table.geometry.x.to_numpy(), layer.table.geometry.y.to_numpy()])
    for row in np.flatnonzero(np.isfinite(radii)):
        style = layer.styles[layer.style_of[row]]
        if radii[row] / metres_a_point < style.radius_px * PT + 1.5:
            continue
        vague[row] = True
        key = (
            round(float(lonlat[row, 0]), 3),
            round(float(lonlat[row, 1]), 3),
            float(radii[row]),
            int(layer.style_of[row]),
        )
        if key in seen or radii[row] > WIDEST_M:
            continue
        seen.add(key)
        area, rings = ground.circle(float(lonlat[row, 0]), float(lonlat[row, 1]), float(radii[row]))
        if area is None:
            continue
        # A white mark has its circle in the colour of its rim.
        filled = style.fill if style.fill and style.fill.lower() != "#ffffff" else None
        colour = filled or style.stroke or "#333333"
        # The wider a circle, the fainter: a country must not drown its towns.
        share = min(1.0, 28.0 * metres_a_point / float(radii[row]))
        axes.add_patch(PathPatch(area, facecolor=_rgba(colour, 0.08 * share), edgecolor="none", zorder=z))
        edge = LineCollection(
            rings, colors=[_rgba(colour, 0.15 + 0.4 * share)], linewidths=0.5, linestyles=[(0, (4, 3))], zorder=z
        )
        axes.add_collection(edge, autolim=False)
    return vague


def marker_path(style: Style, radius: float) -> MplPath:
    """Return a marker as a path round the origin.

    Examples
    --------
    >>> from geoconflict.maps.scene import Style
    >>> len(marker_path(Style(marker="triangle"), 5.0).vertices)
    4
    """

    def ring(count: int, turn: float, size: float) -> list[tuple[float, float]]:
        steps = [turn + 2 * math.pi * i / count for i in range(count)]
        return [(size * math.cos(a), size * math.sin(a)) for a in steps]

    up = math.pi / 2
    r = radius
    shapes = {
        "square": ring(4, math.pi / 4, r * 1.2),
        "diamond": ring(4, 0.0, r * 1.25),
        "triangle": ring(3, up, r * 1.3),
        "wedge": ring(3, -up, r * 1.3),
        "hexagon": ring(6, 0.0, r * 1.1),
        "star": [(x * k, y * k) for i, (x, y) in enumerate(ring(10, up, r)) for k in [0.55 if i % 2 else 1.35]],
        "bar": [(-r * 1.3, -r * 0.6), (r * 1.3, -r * 0.6), (r * 1.3, r * 0.6), (-r * 1.3, r * 0.6)],
        "cross": _cross(r),
    }
    corners = shapes.get(style.marker)
    if corners is None:
        return MplPath.circle((0.0, 0.0), r)
    return MplPath([*corners, corners[0]], closed=True)


def _cross(r: float) -> list[tuple[float, float]]:
    a, b, k = r * 0.38, r * 1.05, math.sqrt(0.5)
    plus = [(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a)]
    return [(k * (x - y), k * (x + y)) for x, y in plus]


def swatch(axes: Axes, kind: str, style: Style, at: tuple[float, float]) -> None:
    """Draw the legend's small picture of a style at a place in points."""
    x, y = at
    if kind in {"area", "raster"}:
        face = _rgba(style.fill, style.fill_opacity)
        axes.add_patch(
            Rectangle(
                (x, y - 3.5),
                15,
                7,
                facecolor="none" if style.hatch else face,
                edgecolor=face if style.hatch else _rgba(style.stroke, 1.0) if style.stroke else "none",
                hatch="//////" if style.hatch else None,
                linewidth=0.6,
            )
        )
    elif kind == "line" and style.symbol:
        from geoconflict.maps.symbols.symbols import colour, place

        ink = colour(style.symbol)
        for shape in place(style.symbol, np.array([[0.0, 0.0], [24.0, 0.0]]), PRINT, planned=style.planned):
            points = shape.points * 0.65 + np.array([x, y - 2.0])
            dash = (0, tuple(d * 0.65 for d in shape.dash)) if shape.dash else "solid"
            axes.add_patch(
                Polygon(
                    points,
                    closed=shape.closed,
                    facecolor=(ink if shape.fill else "white") if shape.closed else "none",
                    edgecolor=ink,
                    linewidth=shape.width * 0.65,
                    linestyle=dash,
                )
            )
    elif kind in {"line", "graticule"}:
        if style.casing:
            axes.plot([x, x + 15], [y, y], color=style.casing, linewidth=(style.width_px + 2) * PT)
        dash = (0, tuple(d * PT * PRINT for d in style.dash_px)) if style.dash_px else "-"
        axes.plot([x, x + 15], [y, y], color=style.stroke, linewidth=style.width_px * PT * PRINT * 1.2, linestyle=dash)
    elif style.marker in {"circle", "ring"}:
        hollow = (0.0, 0.0, 0.0, 0.0)
        face = hollow if style.marker == "ring" else _rgba(style.fill, style.fill_opacity)
        axes.add_patch(
            Circle(
                (x + 7.5, y),
                min(style.radius_px, 6) * PT * 0.75,
                facecolor=face,
                edgecolor=_rgba(style.stroke, style.stroke_opacity),
                linewidth=style.width_px * PT * PRINT,
            )
        )
    else:
        path = marker_path(style, min(style.radius_px, 6) * PT * 0.75).transformed(Affine2D().translate(x + 7.5, y))
        axes.add_patch(
            PathPatch(
                path,
                facecolor=_rgba(style.fill, style.fill_opacity),
                edgecolor=_rgba(style.stroke, style.stroke_opacity),
                linewidth=style.width_px * PT * PRINT,
            )
        )


def _strokes(axes: Axes, strokes: list[np.ndarray], style: Style, z: float) -> None:
    if not (style.stroke and style.width_px and strokes):
        return
    dash = (0, tuple(d * PT * PRINT * 0.7 for d in style.dash_px)) if style.dash_px else "solid"
    collection = LineCollection(
        strokes,
        colors=[_rgba(style.stroke, style.stroke_opacity)],
        linewidths=style.width_px * PT * PRINT * 0.8,
        linestyles=[dash],
        capstyle="butt" if style.dash_px else "round",
        zorder=z,
    )
    axes.add_collection(collection, autolim=False)


def _rgba(colour: str | None, alpha: float) -> tuple[float, float, float, float]:
    if colour is None:
        return (0.0, 0.0, 0.0, 0.0)
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return (red, green, blue, alpha)
