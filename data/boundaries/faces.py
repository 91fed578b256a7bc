"""Build the faces of a unit from its arcs: polygons of land and sea, as lists of arcs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from zones import SCALE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Rings = list[list[int]]


def faces(
    arcs: list[NDArray[np.int64]],
    is_inside: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
    is_sea: Callable[[NDArray[np.float64]], NDArray[np.bool_]],
) -> tuple[list[Rings], list[Rings]]:
    """Return the faces of land and of sea that are bounded by the arcs of a unit.

    A face is a list of rings, the exterior first; a ring is a list of arc numbers, ``~number``
    for a reversed arc.

    Raises
    ------
    ValueError
        If a ring cannot be composed of the arcs.
    """
    polygons = shapely.get_parts(shapely.polygonize(_lines(arcs)))
    marks = shapely.get_coordinates(shapely.point_on_surface(polygons)) / SCALE
    inside = is_inside(marks)
    sea = is_sea(marks)
    walk = _Walk(arcs)
    land_faces, sea_faces = [], []
    for polygon, wet in zip(polygons[inside], sea[inside], strict=True):
        rings = [walk.ring(shapely.get_coordinates(ring)) for ring in (polygon.exterior, *polygon.interiors)]
        (sea_faces if wet else land_faces).append(rings)
    return land_faces, sea_faces


def _lines(arcs: list[NDArray[np.int64]]) -> NDArray[np.object_]:
    coordinates = np.concatenate(arcs).astype(float)
    index = np.repeat(np.arange(len(arcs)), [len(arc) for arc in arcs])
    out: NDArray[np.object_] = shapely.linestrings(coordinates, indices=index)
    return out


class _Walk:
    def __init__(self, arcs: list[NDArray[np.int64]]) -> None:
        self._sizes = [len(arc) - 1 for arc in arcs]
        self._first: dict[tuple[int, int, int, int], int] = {}
        for number, arc in enumerate(arcs):
            self._first[(*arc[0].tolist(), *arc[1].tolist())] = number
            self._first[(*arc[-1].tolist(), *arc[-2].tolist())] = ~number

    def ring(self, coordinates: NDArray[np.float64]) -> list[int]:
        """Return the arcs of a ring."""
        whole = np.rint(coordinates).astype(np.int64)[:-1].tolist()
        count = len(whole)
        start = next((i for i in range(count) if self._at(whole, i) is not None), None)
        if start is None:
            msg = f"no arc starts on the ring at {whole[0]}"
            raise ValueError(msg)
        out, at = [], start
        while at < start + count:
            number = self._at(whole, at % count)
            if number is None:
                msg = f"no arc goes on from {whole[at % count]}"
                raise ValueError(msg)
            out.append(number)
            at += self._sizes[number if number >= 0 else ~number]
        if at != start + count:
            msg = f"the arcs of the ring at {whole[0]} do not close it"
            raise ValueError(msg)
        return out

    def _at(self, whole: list[list[int]], i: int) -> int | None:
        following = whole[(i + 1) % len(whole)]
        return self._first.get((*whole[i], *following))
