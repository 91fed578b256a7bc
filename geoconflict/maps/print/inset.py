"""The locator on the printed sheet: the same small picture of the wider region as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from geoconflict.maps.web.locator import HEIGHT, WIDTH, locator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from geoconflict.maps.print.ground import Ground
    from geoconflict.maps.scene import Description
    from geoconflict.maps.webmap import Map

_RULE, _WATER, _LAND, _COAST, _BOX = "#8d877b", "#dbe5ea", "#f5f2ea", "#b3aa98", "#b3261e"
Box = tuple[float, float, float, float]

_SIZE = 0.46  # points a pixel of the picture
_MARGIN = 5.0
_LEAST = 230.0  # a map narrower than this, in points, has no room for it


def inset(axes: Axes, drawn: Map, ground: Ground, layers: Sequence[Description], box: tuple[float, ...]) -> Box | None:
    """Draw the locator in a corner of the map where it hides nothing; without such a corner, not at all.

    Parameters
    ----------
    axes : Axes
        The map.
    drawn : Map
    ground : Ground
        The projection and extent of the axes.
    layers : sequence of Description
        What is drawn.
    box : tuple of float
        Left, lower edge, width and height of the axes in points.

    Returns
    -------
    tuple of float, or None
        What it covers: left, lower, right and upper edge in points from the lower left of the axes.
    """
    views = tuple(dict.fromkeys(view for d in drawn.descriptions() for view in d.worldviews))
    found = locator(drawn.view, worldviews=views) if min(box[2], box[3]) >= _LEAST else None
    wide, high = WIDTH * _SIZE, HEIGHT * _SIZE
    corner = _free_corner(_marks(ground, layers, box), (wide, high), box)
    if found is None or corner is None:
        return None
    # From the picture's pixels, downwards, to points from the lower left of the axes.
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
    left, top, across, down = found.place(drawn.view.box, drawn.view.lon0)
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


def _marks(ground: Ground, layers: Sequence[Description], box: tuple[float, ...]) -> np.ndarray:
    """Return where something is drawn, in points from the lower left of the axes: points and corners of lines."""
    found = [np.empty((0, 2))]
    for layer in layers:
        if layer.background or not len(layer.table):
            continue
        shapes = np.asarray(layer.table.geometry.array, dtype=object)
        found.append(
            ground.points(shapes) if layer.kind == "point" else shapely.get_coordinates(ground.project(shapes))
        )
    xy = np.vstack(found)
    low = np.array([ground.west, ground.south])
    span = np.array([ground.east - ground.west, ground.north - ground.south])
    placed: np.ndarray = (xy - low) / span * np.array(box[2:4])
    return placed


def _free_corner(marks: np.ndarray, size: tuple[float, float], box: tuple[float, ...]) -> tuple[float, float] | None:
    """Return the lower left of the first corner that holds no mark; the scale has the lower left one."""
    right, top = box[2] - size[0] - _MARGIN, box[3] - size[1] - _MARGIN
    for x, y in ((right, _MARGIN), (right, top), (_MARGIN, top)):
        inside = (marks > (x - _MARGIN, y - _MARGIN)) & (marks < (x + size[0] + _MARGIN, y + size[1] + _MARGIN))
        if not inside.all(axis=1).any():
            return x, y
    return None
