"""Large numbers of points in print: counts in hexagons of equal area, in the equal-area projection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.collections import PolyCollection

from geoconflict.maps.print.projection import Projection
from geoconflict.maps.spec import LayerSpec, LegendEntry, Style
from geoconflict.maps.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY = 20_000
"""With more points on the map, markers would cover each other."""
# The colours of the page, from few to many.
RAMP = ("#f9d8a5", "#f3ac7a", "#e77f64", "#cf5764", "#a63a68", "#74265f", "#3f1a4f")
_ACROSS = 64  # hexagons across the map


def counted_in_hexagons(layer: LayerSpec, projection: Projection) -> bool:
    """Return whether to print counts of a layer: if the page shows density, or there are many points."""
    if layer.kind != "point" or not len(layer.table):
        return False
    if layer.display in {"hexagons", "heat"}:
        return True
    return len(layer.table) > MANY and int(_inside(_places(layer, projection), projection).sum()) > MANY


def hexagons(axes: Axes, layer: LayerSpec, projection: Projection, z: float, words: Words) -> LayerSpec:
    """Draw counts, and return the layer with a legend of their classes."""
    xy = _places(layer, projection)
    xy = xy[_inside(xy, projection)]
    radius = _round((projection.east - projection.west) / _ACROSS / np.sqrt(3))
    centers, counts = bins(xy, radius)
    first = steps(int(counts.min()), int(counts.max()), len(RAMP)) if len(counts) else [1]
    shade = [RAMP[round(i * (len(RAMP) - 1) / max(1, len(first) - 1))] for i in range(len(first))]
    corner = np.pi / 6 + np.pi / 3 * np.arange(6)
    outline = radius * np.column_stack([np.cos(corner), np.sin(corner)])
    step = np.searchsorted(first, counts, side="right") - 1
    axes.add_collection(
        PolyCollection(
            list(centers[:, None, :] + outline),
            facecolors=[shade[i] for i in step],
            edgecolors="#ffffff",
            linewidths=0.25,
            alpha=0.85,
            zorder=z,
        ),
        autolim=False,
    )
    area = 1.5 * np.sqrt(3) * radius**2 / 1e6
    size = words.say(
        "1 hexagon = {area} km²", area=f"{area:,.0f}".replace(",", "\u202f") if area >= 10 else f"{area:.2g}"
    )
    styles = [Style(stroke="#ffffff", fill=colour, width_px=0.5, fill_opacity=0.85) for colour in shade]
    ends = [*(v - 1 for v in first[1:]), int(counts.max()) if len(counts) else 0]
    entries = [
        LegendEntry(
            str(low) if low == high else f"{low:,}–{high:,}".replace(",", "\u202f"), style, int((step == i).sum())
        )
        for i, (low, high, style) in enumerate(zip(first, ends, styles, strict=True))
    ]
    entries.append(LegendEntry(size, Style(stroke="#8d877b", fill=None, width_px=0.8), 0))
    return replace(layer, kind="area", legend=tuple(entries), labels=None)


def bins(xy: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres of the hexagons with points, and the number of points in each.

    Parameters
    ----------
    xy : float array, shape (n, 2)
        In metres.
    radius : float
        From the centre of a hexagon to a corner.

    Returns
    -------
    centers : float array, shape (m, 2)
    counts : int array, shape (m,)

    Examples
    --------
    >>> centers, counts = bins(np.array([[0.1, 0.0], [0.0, 0.2], [5.0, 0.0]]), 1.0)
    >>> counts.tolist(), centers.round(2).tolist()
    ([2, 1], [[0.0, 0.0], [5.2, 0.0]])
    """
    if not len(xy):
        return np.empty((0, 2)), np.empty(0, dtype=np.int64)
    size = np.array([np.sqrt(3) * radius, 3 * radius])
    # The centres form two rectangular grids, one shifted by half a cell; take the nearer one.
    even = np.round(xy / size)
    odd = np.floor(xy / size) + 0.5
    near = ((xy - even * size) ** 2).sum(axis=1) <= ((xy - odd * size) ** 2).sum(axis=1)
    at = np.where(near[:, None], even, odd)
    found, counts = np.unique(np.rint(2 * at).astype(np.int64), axis=0, return_counts=True)
    return found / 2 * size, counts


def steps(least: int, most: int, colours: int) -> list[int]:
    """Return the lower limits of the classes of counts, as the page does.

    Equal steps for counts of one order of magnitude, otherwise 1, 3, 10, 30 …; at most one for each colour.

    Examples
    --------
    >>> steps(1, 618, 7), steps(30, 94, 7)
    ([1, 3, 10, 30, 100, 300], [30, 40, 50, 60, 70, 80, 90])
    """
    if most <= least:
        return [max(1, least)]
    if most < 20 * least or most <= colours:
        width = _even((most - least + 1) / colours)
        first = least // width * width
        return [max(1, first + i * width) for i in range((most - first) // width + 1)][-colours:]
    every = [1]
    power = 1
    while every[-1] < most:
        every += [3 * power, 10 * power]
        power *= 10
    used = [v for v, after in zip(every, [*every[1:], float("inf")], strict=True) if v <= most and after > least]
    by = next(n for n in range(1, len(used) + 1) if len(used[::n]) <= colours)
    return used[::by]


def _even(value: float) -> int:
    """Round up to 1, 2 or 5 times a power of ten."""
    power = 10 ** int(np.floor(np.log10(max(1.0, value))))
    step: int = next(v for v in (1, 2, 5, 10) if v * power >= value)
    return max(1, int(step * power))


def _places(layer: LayerSpec, projection: Projection) -> Any:  # noqa: ANN401 - a numpy array
    return projection.points(np.asarray(layer.table.geometry.array, dtype=object))


def _inside(xy: np.ndarray, projection: Projection) -> np.ndarray:
    x, y = xy[:, 0], xy[:, 1]
    inside: np.ndarray = (
        (x >= projection.west) & (x <= projection.east) & (y >= projection.south) & (y <= projection.north)
    )
    return inside


def _round(metres: float) -> float:
    """Round down to 1, 1.5, 2, 3, 5 or 7 times a power of ten."""
    power = 10 ** np.floor(np.log10(metres))
    return float(max(v for v in (1, 1.5, 2, 3, 5, 7) if v * power <= metres) * power)
