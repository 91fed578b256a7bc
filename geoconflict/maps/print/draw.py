"""Draw layers and the graticule on matplotlib axes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as MplPath
from matplotlib.transforms import Affine2D

from geoconflict.maps.print.projection import Projection, lines_of, outlines, path_of
from geoconflict.maps.spec import LayerSpec, Style
from geoconflict.maps.symbols.symbols import colour, place, scale_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
from typing import TYPE_CHECKING, Any

from geoconflict.maps.grids import LIMIT_DEG, NO_DATA, mercator

MAX_CIRCLE_M = 5_000_000.0  # larger uncertainty circles are not drawn
PT = 0.75  # points for each CSS pixel
PRINT = 0.62  # markers and lines are finer in print, which is read from a shorter distance


def areas(axes: Axes, layer: LayerSpec, projection: Projection, z: float) -> None:
    """Draw areas, then their outlines."""
    shapes = projection.project(np.asarray(layer.table.geometry.array, dtype=object))
    frame = projection.frame
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


def lines(axes: Axes, layer: LayerSpec, projection: Projection, z: float) -> None:
    """Draw lines, with all casings below."""
    shapes = projection.project(np.asarray(layer.table.geometry.array, dtype=object))
    for shape, which in zip(shapes, layer.style_of, strict=True):
        style = layer.styles[which]
        if style.casing:
            collection = LineCollection(
                lines_of(shape), colors=style.casing, linewidths=(style.width_px + 2) * PT * PRINT, zorder=z
            )
            axes.add_collection(collection, autolim=False)
    size, room = 0.0, math.inf
    if any(style.symbol for style in layer.styles):
        size, room = _symbol_scale(axes, projection, layer.spacing_m)
    for shape, which in zip(shapes, layer.style_of, strict=True):
        style = layer.styles[which]
        if style.symbol and size > 0:
            for line in lines_of(shape):
                _symbols(axes, line, style, size, z + 0.1)
        else:
            # Lines side by side are not wider than the distance between them.
            share = max(0.4, min(1.0, room / 2.5))
            _strokes(axes, lines_of(shape), replace(style, width_px=style.width_px * share), z + 0.1)


def _symbol_scale(axes: Axes, projection: Projection, spacing_m: float | None) -> tuple[float, float]:
    """Return the scale of obstacle symbols at this map scale, and the distance between lines in pixels."""
    pixels = axes.get_window_extent().width / axes.figure.dpi * 72 / PT
    metres_a_pixel = projection.metres_across(0.0, 1.0) / pixels
    size = scale_at(math.log2(40_075_016.686 / 256 / metres_a_pixel)) * PRINT
    room = spacing_m / metres_a_pixel if spacing_m else math.inf
    return (size if room >= 9 * size else 0.0), room


def _symbols(axes: Axes, line: np.ndarray, style: Style, size: float, z: float) -> None:
    """Draw a pattern along a line; it is placed in points on paper, and drawn in axes units."""
    unit = axes.figure.dpi / 72 * PT
    paper = axes.transData.transform(line) / unit
    back = axes.transData.inverted()
    ink = colour(str(style.symbol))
    # One collection for each look: thousands of single patches would take a minute.
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


def points(axes: Axes, layer: LayerSpec, projection: Projection, z: float) -> None:
    """Draw points in the order of the rows, and uncertain locations as circles to scale."""
    xy = projection.points(np.asarray(layer.table.geometry.array, dtype=object))
    inside = (
        (xy[:, 0] >= projection.west)
        & (xy[:, 0] <= projection.east)
        & (xy[:, 1] >= projection.south)
        & (xy[:, 1] <= projection.north)
    )
    small = np.zeros(len(xy), dtype=bool)
    if layer.uncertainty_m is not None:
        small = _circles(axes, layer, projection, z)
    for size in (True, False):
        rows = np.flatnonzero(inside & (small == size))
        if not len(rows):
            continue
        # One collection keeps the order of the rows.
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


def undrawn_circles(layers: Iterable[LayerSpec]) -> int:
    """Return how many rows have an uncertainty circle that is too large to be drawn."""
    return sum(
        int((np.asarray(d.uncertainty_m, dtype=float) > MAX_CIRCLE_M).sum())
        for d in layers
        if d.uncertainty_m is not None
    )


def _circles(axes: Axes, layer: LayerSpec, projection: Projection, z: float) -> np.ndarray:
    radii = np.asarray(layer.uncertainty_m, dtype=float)
    metres_a_point = projection.metres_across(0.0, 1.0) / (axes.get_window_extent().width / axes.figure.dpi * 72)
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
        if key in seen or radii[row] > MAX_CIRCLE_M:
            continue
        seen.add(key)
        area, rings = projection.circle(float(lonlat[row, 0]), float(lonlat[row, 1]), float(radii[row]))
        if area is None:
            continue
        # Use the stroke colour for white markers.
        filled = style.fill if style.fill and style.fill.lower() != "#ffffff" else None
        colour = filled or style.stroke or "#333333"
        # Larger circles are fainter, so that they do not cover smaller ones.
        share = min(1.0, 28.0 * metres_a_point / float(radii[row]))
        axes.add_patch(PathPatch(area, facecolor=_rgba(colour, 0.08 * share), edgecolor="none", zorder=z))
        edge = LineCollection(
            rings, colors=[_rgba(colour, 0.15 + 0.4 * share)], linewidths=0.5, linestyles=[(0, (4, 3))], zorder=z
        )
        axes.add_collection(edge, autolim=False)
    return vague


def marker_path(style: Style, radius: float) -> MplPath:
    """Return a marker as a path around the origin.

    Examples
    --------
    >>> from geoconflict.maps.spec import Style
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
    """Draw the legend symbol of a style at a position in points."""
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


_DOTS_AN_INCH = 300


def raster(axes: Axes, layer: LayerSpec, projection: Projection, z: float) -> None:
    """Draw the frames of a raster in the projection of the map, by nearest neighbour."""
    if layer.frames is None:
        return
    window = axes.get_window_extent()
    wide, high = (max(1, round(side / axes.figure.dpi * _DOTS_AN_INCH)) for side in (window.width, window.height))
    x = projection.west + (np.arange(wide) + 0.5) / wide * (projection.east - projection.west)
    y = projection.north - (np.arange(high) + 0.5) / high * (projection.north - projection.south)
    lon, lat = projection.back.transform(*np.meshgrid(x, y))
    good = np.isfinite(lon) & np.isfinite(lat) & projection.on_globe(*np.meshgrid(x, y))
    north = mercator(np.where(good, lat, 0.0))
    colours = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in layer.frames.palette], dtype=np.uint8)
    for codes, box in zip(layer.frames.codes, layer.frames.boxes, strict=True):
        top, bottom = mercator(np.array([box.north, box.south]))
        row = np.floor((north - top) / (bottom - top) * codes.shape[0])
        column = np.floor((np.where(good, lon, 0.0) - box.west) % 360 / box.width_deg * codes.shape[1])
        on = good & (row >= 0) & (row < codes.shape[0]) & (column >= 0) & (column < codes.shape[1])
        on &= np.abs(np.where(good, lat, 0.0)) <= LIMIT_DEG
        code = np.full(on.shape, NO_DATA, dtype=np.uint8)
        code[on] = codes[row[on].astype(np.int64), column[on].astype(np.int64)]
        shown = code != NO_DATA
        image = np.zeros((*on.shape, 4), dtype=np.uint8)
        image[shown, :3] = colours[code[shown]]
        image[shown, 3] = round(255 * layer.frames.opacity)
        limits = axes.get_xlim(), axes.get_ylim()
        extent = (projection.west, projection.east, projection.south, projection.north)
        axes.imshow(image, extent=extent, aspect="auto", interpolation="nearest", zorder=z)
        axes.set_xlim(limits[0])
        axes.set_ylim(limits[1])


_SOFT = "#5c574e"
_PT = 0.75


def graticule(axes: Axes, projection: Projection, style: Style | None, *, named: bool = True) -> None:
    """Draw meridians and parallels at round degrees, labelled at the left and lower edges.

    ``style`` is that of a graticule layer; by default the lines are faint.
    """
    look: dict[str, Any] = {"color": "#7f8b90", "linewidth": 0.25, "alpha": 0.55}
    if style is not None:
        look = {
            "color": style.stroke,
            "linewidth": style.width_px * _PT * 0.5,
            "alpha": style.stroke_opacity,
        }
    share = np.linspace(0, 1, 61)
    edge_x = np.concatenate([share, share, np.zeros(61), np.ones(61), share])
    edge_y = np.concatenate([np.zeros(61), np.ones(61), share, share, np.full(61, 0.5)])
    lon, lat = projection.back.transform(
        projection.west + edge_x * (projection.east - projection.west),
        projection.south + edge_y * (projection.north - projection.south),
    )
    good = np.isfinite(lon) & np.isfinite(lat)
    if not good.any():
        return
    lon0 = float(
        projection.back.transform((projection.west + projection.east) / 2, (projection.south + projection.north) / 2)[0]
    )
    run = lon[good] - 360 * np.round((lon[good] - lon0) / 360)
    west, east, south, north = run.min(), run.max(), lat[good].min(), lat[good].max()
    for horizontal, low, high in ((True, south, north), (False, west, east)):
        step = _round_step((high - low) / 5)
        for value in np.arange(math.ceil(low / step) * step, high, step):
            along = (
                np.linspace(west, east, 181) if horizontal else np.linspace(max(south, -89.9), min(north, 89.9), 181)
            )
            fixed = np.full(181, value)
            x, y = projection.forward.transform(*((along, fixed) if horizontal else (fixed, along)))
            axes.plot(x, y, zorder=15 if style is not None else 5, **look)
            if named:
                _name(axes, projection, (np.asarray(x), np.asarray(y)), float(value), horizontal=horizontal)


def _name(
    axes: Axes, projection: Projection, line: tuple[np.ndarray, np.ndarray], value: float, *, horizontal: bool
) -> None:
    x, y = line
    across, edge = (x, projection.west) if horizontal else (y, projection.south)
    beside = y if horizontal else x
    low, high = (projection.south, projection.north) if horizontal else (projection.west, projection.east)
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
            color=_SOFT,
            annotation_clip=False,
        )
        return


def _round_step(rough: float) -> float:
    steps = (1 / 60, 1 / 30, 1 / 12, 1 / 6, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 45)
    return min(steps, key=lambda step: abs(math.log(step / max(rough, 1e-6))))
