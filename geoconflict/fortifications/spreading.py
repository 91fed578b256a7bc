"""Evenly spaced points for an illustration: the same area and number give the same points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

_SAMPLES_A_POINT = 200
_ROUNDS = 30


def even_points(area: BaseGeometry, number: int) -> list[Point]:
    """Return points spaced evenly over an area.

    A fine grid of equal cells (equal on the ground: its columns widen with the latitude) is
    cut into as many groups of neighbours as points are wanted, by Lloyd's algorithm from a
    start along the grid's order; each point is the cell nearest to its group's middle, and
    therefore lies inside.

    Parameters
    ----------
    area : Polygon or MultiPolygon
    number : int

    Returns
    -------
    list of Point
        In the order of the grid, from the south-west. Empty for an empty area.

    Examples
    --------
    >>> from shapely import box
    >>> [(round(p.x, 1), round(p.y, 1)) for p in even_points(box(0, 0, 4, 1), 4)]
    [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (3.5, 0.5)]
    """
    import shapely

    if number <= 0 or area.is_empty:
        return []
    west, south, east, north = area.bounds
    shrink = float(np.cos(np.radians((south + north) / 2)))
    share = max(area.area / ((east - west) * (north - south)), 1e-3)
    step = float(np.sqrt((east - west) * shrink * (north - south) * share / (number * _SAMPLES_A_POINT)))
    xs = np.arange(west + step / shrink / 2, east, step / shrink)
    ys = np.arange(south + step / 2, north, step)
    grid = np.array([(x, y) for x in xs for y in ys])
    shapely.prepare(area)
    cells = grid[shapely.contains_xy(area, grid[:, 0], grid[:, 1])]
    if len(cells) < number:
        cells = np.vstack([cells, [area.representative_point().coords[0]]])
        number = min(number, len(cells))
    flat = cells * (shrink, 1.0)
    order = np.lexsort((flat[:, 1], flat[:, 0])) if (east - west) * shrink > north - south else np.lexsort(flat.T)
    seeds = flat[[int(group[len(group) // 2]) for group in np.array_split(order, number)]]
    for _ in range(_ROUNDS):
        nearest = np.argmin(((flat[:, None, :] - seeds[None, :, :]) ** 2).sum(axis=2), axis=1)
        moved = np.array([flat[nearest == k].mean(axis=0) if (nearest == k).any() else seeds[k] for k in range(number)])
        if np.allclose(moved, seeds):
            break
        seeds = moved
    chosen = [int(np.argmin(((flat - seed) ** 2).sum(axis=1))) for seed in seeds]
    return [shapely.Point(cells[index]) for index in chosen]
