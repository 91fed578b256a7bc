"""The locator: a small picture of the wider region, with the box of the view in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.affinity

from geoconflict.crs import Bounds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoconflict.maps.web.view import View

WIDTH, HEIGHT = 148, 112
MOST_BYTES = 15_000
_LEAST_DEG = 26.0
_TIMES = 9.0
_CONTINENT_DEG = 50.0
_POLE = 82.0


@dataclass(frozen=True, slots=True)
class Locator:
    """What the inset shows.

    Attributes
    ----------
    west, east, north, south : float
        The region in degrees; longitudes run on round the view.
    rings : tuple of int array, shape (n, 2)
        Outlines of the land and its holes, in tenths of a pixel from the upper left.
    borders : bool
        Whether they are those of countries; else it is land alone.
    """

    west: float
    east: float
    north: float
    south: float
    rings: tuple[np.ndarray, ...]
    borders: bool

    @property
    def land(self) -> str:
        """The land as a path of SVG."""
        return "".join(map(_written, self.rings))

    def place(self, box: Bounds, lon0: float) -> tuple[float, float, float, float]:
        """Return left, top, width and height of a box in the picture, in pixels; at least 5 wide and high."""
        k = WIDTH / ((self.east - self.west) / 360)
        middle = box.center[0] + 360 * round((lon0 - box.center[0]) / 360)
        y = _y(np.array([self.north, box.north, box.south]))
        wide, high = max(5.0, box.width_deg / 360 * k), max(5.0, float(y[2] - y[1]) * k)
        left = (middle - self.west) / 360 * k - wide / 2
        top = (float(y[1] + y[2]) / 2 - float(y[0])) * k - high / 2
        return left, top, wide, high

    def config(self) -> dict[str, Any]:
        """Return it as the page reads it."""
        return {
            "west": self.west,
            "east": self.east,
            "north": self.north,
            "south": self.south,
            "width": WIDTH,
            "height": HEIGHT,
            "land": self.land,
            "borders": self.borders,
        }


def locator(view: View, *, worldviews: Sequence[str] = ()) -> Locator | None:
    """Return the inset for a view, or None where the map shows a continent or more.

    The region is nine times the view, at least 26 degrees wide. Land is Natural Earth's at
    1:50 million, in Web Mercator as the map, simplified to six tenths of a pixel and further until it
    takes less than 15,000 bytes. Islands below a pixel are left out. Countries are drawn where
    the layers hold to the de-facto view or to none; under another worldview there is land alone.

    Parameters
    ----------
    view : View
    worldviews : sequence of str
        Those of the layers.

    Returns
    -------
    Locator or None
    """
    if view.box.width_deg >= _CONTINENT_DEG or view.box.north - view.box.south >= _CONTINENT_DEG * 0.7:
        return None
    from geoconflict import reference

    x0, y0, k = _frame(view)
    west, east = x0 * 360 - 180, (x0 + WIDTH / k) * 360 - 180
    north, south = _latitude(y0), _latitude(y0 + HEIGHT / k)
    region = Bounds(_wrap(west), south, _wrap(east), north) if east - west < 360 else None
    countries = reference.background(region, scale="50m")
    shapes = _unrolled(np.asarray(countries.geometry.array, dtype=object), (west, south, east, north))
    borders = not (set(worldviews) - {"de_facto"})
    if not borders:
        shapes = np.array([shapely.union_all(shapes)], dtype=object)
    plane = shapely.transform(
        shapes, lambda xy: np.column_stack([(xy[:, 0] / 360 + 0.5 - x0) * k, (_y(xy[:, 1]) - y0) * k])
    )
    tolerance = 0.6
    while True:
        found = Locator(west, east, north, south, _rings(plane, tolerance), borders)
        if len(found.land) <= MOST_BYTES:
            return found
        tolerance *= 1.4


def _frame(view: View) -> tuple[float, float, float]:
    """Return the upper left corner of the region in Mercator, from 0 to 1, and the pixels a world."""
    box = view.box
    middle = view.lon0
    low, high = _y(np.array([max(-_POLE, box.south)]))[0], _y(np.array([min(_POLE, box.north)]))[0]
    wide = max(_LEAST_DEG / 360, box.width_deg / 360 * _TIMES, (low - high) * _TIMES * WIDTH / HEIGHT)
    top, bottom = _y(np.array([_POLE]))[0], _y(np.array([-_POLE]))[0]
    wide = min(wide, 1.0, (bottom - top) * WIDTH / HEIGHT)
    high_share = wide * HEIGHT / WIDTH
    y0 = min(max((low + high) / 2 - high_share / 2, top), bottom - high_share)
    return middle / 360 + 0.5 - wide / 2, float(y0), WIDTH / wide


def _y(lat: np.ndarray) -> np.ndarray:
    s = np.sin(np.radians(np.clip(lat, -85.0, 85.0)))
    return np.asarray(0.5 - np.log((1 + s) / (1 - s)) / (4 * math.pi))


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


def _wrap(lon: float) -> float:
    return (lon + 180) % 360 - 180


def _unrolled(shapes: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Cut shapes to a box whose longitudes may run on beyond 180."""
    west, south, east, north = box
    out = []
    for shape in shapes:
        parts = []
        for turn in (-360.0, 0.0, 360.0):
            piece = shapely.clip_by_rect(shape, west - turn, south, east - turn, north)
            if not piece.is_empty:
                parts.append(shapely.affinity.translate(piece, turn))
        out.append(shapely.GeometryCollection(parts) if len(parts) != 1 else parts[0])
    return np.array(out, dtype=object)


def _rings(shapes: np.ndarray, tolerance: float) -> tuple[np.ndarray, ...]:
    """Return the outlines of areas, simplified, in whole tenths of a pixel."""
    slim = shapely.simplify(shapes, tolerance)
    parts = [p for p in shapely.get_parts(shapely.get_parts(slim)) if p.geom_type == "Polygon"]
    # Lakes and islands below a pixel are noise.
    outlines = [r for p in parts for r in (p.exterior, *p.interiors) if shapely.Polygon(r).area > 1.5]
    out = []
    for ring in outlines:
        at = np.rint(shapely.get_coordinates(ring)[:-1] * 10).astype(int)
        at = at[np.append(True, (np.diff(at, axis=0) != 0).any(axis=1))]
        if len(at) >= 3:
            out.append(at)
    return tuple(out)


def _written(ring: np.ndarray) -> str:
    """Write an outline as steps from corner to corner; a minus parts numbers as well as a blank does."""
    text = f"M{ring[0, 0]} {ring[0, 1]}l"
    for i, (x, y) in enumerate(np.diff(ring, axis=0)):
        text += f"{'' if i == 0 or x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}"
    return text + "z"
