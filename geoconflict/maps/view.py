"""What a map opens on, and how much ground it carries round that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
import shapely.affinity

from geoconflict import reference
from geoconflict.crs import Bounds
from geoconflict.maps.grids import mercator
from geoconflict.maps.spec import LayerSpec


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that a map opens on, and the ground that it carries.

    Attributes
    ----------
    box : Bounds
        What must be seen.
    ground : Bounds
        How far the background reaches; a reader cannot move beyond it.
    lon0 : float
        The middle: longitudes are written within 180 degrees of it.
    """

    box: Bounds
    ground: Bounds
    lon0: float


def box_of(described: Sequence[LayerSpec]) -> Bounds:
    """Return the box round layers, at least some 40 km wide; most of the world where they have no rows."""
    boxes = [box for box in (d.bounds() for d in described) if box is not None]
    if not boxes:
        return Bounds(-170.0, -60.0, 190.0 - 20.0, 75.0)
    out = boxes[0]
    for box in boxes[1:]:
        out = out.union(box)
    # A single point has no size: show some 40 km round it.
    least = 0.4
    if out.width_deg < least or out.north - out.south < least:
        x, y = out.center
        half_x = max(out.width_deg / 2, least / 2 / max(0.05, math.cos(math.radians(y))))
        half_y = max((out.north - out.south) / 2, least / 2)
        out = Bounds(_wrap(x - half_x), max(-90.0, y - half_y), _wrap(x + half_x), min(90.0, y + half_y))
    return out


def ground_of(box: Bounds) -> Bounds:
    """Return the box widened so that it fills screens from tall to wide, with a margin to move in."""
    south, north = max(box.south, -84.0), min(box.north, 84.0)
    height = max(north - south, 1e-6)
    squeeze = max(0.1, math.cos(math.radians((south + north) / 2)))
    width = max(box.width_deg, height * 2.6 / squeeze)
    height = max(height, box.width_deg * squeeze * 2.0)
    x, y = box.center
    half_x, half_y = width * 0.9, height * 0.9
    if half_x >= 179.9 and abs(x) < 1e-9:
        west, east = -180.0, 180.0
    else:
        # A world that is centred elsewhere is cut open on its own far side.
        half_x = min(half_x, 179.9)
        west, east = _wrap(x - half_x), _wrap(x + half_x)
    return Bounds(west, max(-85.0, y - half_y), east, min(85.0, y + half_y))


def _wrap(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def unwrapped(box: Bounds, lon0: float) -> list[float]:
    """Return west, south, east, north with the longitudes in one run round ``lon0``."""
    half = box.width_deg / 2
    middle = box.center[0]
    middle += 360 * round((lon0 - middle) / 360)
    return [middle - half, box.south, middle + half, box.north]


def clip_spec(layer: LayerSpec, view: View) -> LayerSpec:
    """Cut a background to the ground, with each name where the view shows its area."""
    if not (layer.background and layer.kind == "area"):
        return layer

    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    cut = clip(shapes, view.ground, view.lon0)
    keep = np.array([not shape.is_empty for shape in cut], dtype=bool)
    kept = layer.take(keep)
    return replace(kept, table=kept.table.set_geometry(cut[keep]))


def unwrap(lon: np.ndarray, lon0: float) -> np.ndarray:
    """Return longitudes within 180 degrees of ``lon0``.

    Examples
    --------
    >>> unwrap(np.array([-179.0, 170.0]), 175.0).tolist()
    [181.0, 170.0]
    """
    return np.asarray(lon, dtype=float) - 360.0 * np.round((np.asarray(lon, dtype=float) - lon0) / 360.0)


def clip(shapes: np.ndarray, box: Bounds, lon0: float) -> np.ndarray:
    """Return shapes cut to a box, in longitudes round ``lon0``; a shape may become empty.

    Parameters
    ----------
    shapes : object array of polygons
    box : Bounds
    lon0 : float
        The middle of the box.

    Returns
    -------
    object array
    """
    west = float(unwrap(np.array([box.west]), lon0)[0]) if box.width_deg < 360 else lon0 - 180
    east = west + min(box.width_deg, 360.0)
    out: list[list[Any]] = [[] for _ in shapes]
    for turn in (-360.0, 0.0, 360.0):
        # The box is moved, not the shapes: they are many.
        cut = shapely.clip_by_rect(shapes, west - turn, box.south, east - turn, box.north)
        for i, piece in enumerate(cut):
            parts = [p for p in shapely.get_parts(piece) if p.geom_type == "Polygon" and not p.is_empty]
            out[i] += [shapely.affinity.translate(p, turn) for p in parts] if turn else parts
    return np.array([shapely.MultiPolygon(parts) for parts in out], dtype=object)


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

    x0, y0, k = _frame(view)
    west, east = x0 * 360 - 180, (x0 + WIDTH / k) * 360 - 180
    north, south = _latitude(y0), _latitude(y0 + HEIGHT / k)
    region = Bounds((west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north) if east - west < 360 else None
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
    return mercator(np.clip(lat, -85.0, 85.0))


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))


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
