"""The view of a map: its bounds, the extent of its background, and the locator map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
import shapely.affinity

from geoconflict import reference
from geoconflict.crs import Bounds, require_wgs84
from geoconflict.errors import InputError
from geoconflict.maps.grids import mercator
from geoconflict.maps.spec import LayerSpec, bounds_of

ViewLike: TypeAlias = Bounds | tuple[float, float, float, float] | gpd.GeoDataFrame


@dataclass(frozen=True, slots=True)
class View:
    """What a map shows at first, and the extent of its background.

    Attributes
    ----------
    bounds : Bounds
        What is in view at first.
    extent : Bounds
        Extent of the background; the page cannot be moved beyond it.
    lon0 : float
        Central meridian: longitudes are stored within 180 degrees of it.
    """

    bounds: Bounds
    extent: Bounds
    lon0: float


def bounds_of_specs(specs: Sequence[LayerSpec]) -> Bounds:
    """Return the bounds of layers, at least about 40 km wide; most of the world if there are no rows."""
    boxes = [box for box in (spec.bounds() for spec in specs) if box is not None]
    if not boxes:
        return Bounds(-170.0, -60.0, 190.0 - 20.0, 75.0)
    out = boxes[0]
    for box in boxes[1:]:
        out = out.union(box)
    return _widened(out)


def bounds_of_view(view: ViewLike) -> Bounds:
    """Return the bounds for a view given as bounds, as four numbers, or as a table.

    Raises
    ------
    InputError
        If it is none of these, or a table without rows.
    CRSError
        If the table is not in WGS84.
    GeometryError
        If the numbers are out of range.

    Examples
    --------
    >>> bounds_of_view((20.9, 53.9, 26.9, 56.5))
    Bounds(west=20.9, south=53.9, east=26.9, north=56.5)
    """
    if isinstance(view, Bounds):
        return view
    if isinstance(view, gpd.GeoDataFrame | gpd.GeoSeries):
        require_wgs84(view, what="the table of view")
        found = bounds_of(view.to_frame() if isinstance(view, gpd.GeoSeries) else view)
        if found is None:
            msg = "view is a table without geometries; use a table with rows, or (west, south, east, north)"
            raise InputError(msg)
        return _widened(found)
    try:
        edges = [] if isinstance(view, str) else [float(edge) for edge in view]
        west, south, east, north = edges
    except (TypeError, ValueError) as error:
        msg = f"view is {view!r}; use (west, south, east, north) in degrees, Bounds, or a GeoDataFrame"
        raise InputError(msg) from error
    return Bounds(west, south, east, north)


def _widened(out: Bounds) -> Bounds:
    """Return bounds that are at least about 40 km wide and high."""
    least = 0.4
    if out.width_deg < least or out.north - out.south < least:
        x, y = out.center
        half_x = max(out.width_deg / 2, least / 2 / max(0.05, math.cos(math.radians(y))))
        half_y = max((out.north - out.south) / 2, least / 2)
        out = Bounds(_wrap(x - half_x), max(-90.0, y - half_y), _wrap(x + half_x), min(90.0, y + half_y))
    return out


def extent_of(box: Bounds) -> Bounds:
    """Return bounds extended to fill tall and wide screens, with a margin for panning."""
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
        # A world map with another central meridian is split at the opposite one.
        half_x = min(half_x, 179.9)
        west, east = _wrap(x - half_x), _wrap(x + half_x)
    return Bounds(west, max(-85.0, y - half_y), east, min(85.0, y + half_y))


def _wrap(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180


def unwrapped(box: Bounds, lon0: float) -> list[float]:
    """Return west, south, east, north with continuous longitudes around ``lon0``."""
    half = box.width_deg / 2
    middle = box.center[0]
    middle += 360 * round((lon0 - middle) / 360)
    return [middle - half, box.south, middle + half, box.north]


def clip_spec(spec: LayerSpec, view: View) -> LayerSpec:
    """Return a background clipped to the extent of the view; other layers are returned unchanged."""
    if not (spec.background and spec.kind == "area"):
        return spec
    shapes = np.asarray(spec.table.geometry.array, dtype=object)
    cut = clip(shapes, view.extent, view.lon0)
    keep = np.array([not shape.is_empty for shape in cut], dtype=bool)
    kept = spec.take(keep)
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
    """Clip polygons to a box, with longitudes around ``lon0``; a shape may become empty.

    Parameters
    ----------
    shapes : object array of polygons
    box : Bounds
    lon0 : float
        Central meridian of the box.

    Returns
    -------
    object array
    """
    west = float(unwrap(np.array([box.west]), lon0)[0]) if box.width_deg < 360 else lon0 - 180
    east = west + min(box.width_deg, 360.0)
    out: list[list[Any]] = [[] for _ in shapes]
    for turn in (-360.0, 0.0, 360.0):
        # Shift the box: there are many shapes.
        cut = shapely.clip_by_rect(shapes, west - turn, box.south, east - turn, box.north)
        for i, piece in enumerate(cut):
            parts = [p for p in shapely.get_parts(piece) if p.geom_type == "Polygon" and not p.is_empty]
            out[i] += [shapely.affinity.translate(p, turn) for p in parts] if turn else parts
    return np.array([shapely.MultiPolygon(parts) for parts in out], dtype=object)


WIDTH, HEIGHT = 148, 112
MAX_BYTES = 15_000
_LEAST_DEG = 26.0
_TIMES = 9.0
_CONTINENT_DEG = 50.0
_POLE = 82.0


@dataclass(frozen=True, slots=True)
class Locator:
    """The locator map: a small map of the wider region.

    Attributes
    ----------
    west, east, north, south : float
        The region in degrees; longitudes are continuous around the view.
    rings : tuple of int array, shape (n, 2)
        Outlines of land and lakes, in tenths of a pixel from the upper left corner.
    borders : bool
        Whether the outlines are those of countries; otherwise of land.
    """

    west: float
    east: float
    north: float
    south: float
    rings: tuple[np.ndarray, ...]
    borders: bool

    @property
    def land(self) -> str:
        """The land as an SVG path."""
        return "".join(map(_svg_path, self.rings))

    def place(self, box: Bounds, lon0: float) -> tuple[float, float, float, float]:
        """Return left, top, width and height of a box on the locator map in pixels; at least 5 by 5."""
        k = WIDTH / ((self.east - self.west) / 360)
        middle = box.center[0] + 360 * round((lon0 - box.center[0]) / 360)
        y = _y(np.array([self.north, box.north, box.south]))
        wide, high = max(5.0, box.width_deg / 360 * k), max(5.0, float(y[2] - y[1]) * k)
        left = (middle - self.west) / 360 * k - wide / 2
        top = (float(y[1] + y[2]) / 2 - float(y[0])) * k - high / 2
        return left, top, wide, high

    def config(self) -> dict[str, Any]:
        """Return the locator map as JSON data for the page."""
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
    """Return the locator map for a view, or None if the view is a continent or larger.

    The region is nine times as wide as the view, at least 26 degrees. Land is from Natural Earth
    at 1:50 million, in Web Mercator like the map, simplified with a tolerance of 0.6 pixels, or
    more until it takes at most 15,000 bytes. Islands smaller than a pixel are left out. Countries
    are drawn for the de-facto worldview; for another worldview only land is drawn.

    Parameters
    ----------
    view : View
    worldviews : sequence of str
        Of the layers.

    Returns
    -------
    Locator or None
    """
    if view.bounds.width_deg >= _CONTINENT_DEG or view.bounds.north - view.bounds.south >= _CONTINENT_DEG * 0.7:
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
        if len(found.land) <= MAX_BYTES:
            return found
        tolerance *= 1.4


def _frame(view: View) -> tuple[float, float, float]:
    """Return the upper left corner of the region in Mercator, from 0 to 1, and the width of the world in pixels."""
    box = view.bounds
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
    """Clip shapes to a box whose longitudes may exceed 180."""
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
    """Return the simplified outlines of areas, in whole tenths of a pixel."""
    slim = shapely.simplify(shapes, tolerance)
    parts = [p for p in shapely.get_parts(shapely.get_parts(slim)) if p.geom_type == "Polygon"]
    # Leave out lakes and islands smaller than a pixel.
    outlines = [r for p in parts for r in (p.exterior, *p.interiors) if shapely.Polygon(r).area > 1.5]
    out = []
    for ring in outlines:
        at = np.rint(shapely.get_coordinates(ring)[:-1] * 10).astype(int)
        at = at[np.append(True, (np.diff(at, axis=0) != 0).any(axis=1))]
        if len(at) >= 3:
            out.append(at)
    return tuple(out)


def _svg_path(ring: np.ndarray) -> str:
    """Return an outline as a relative SVG path; a minus sign also separates numbers."""
    text = f"M{ring[0, 0]} {ring[0, 1]}l"
    for i, (x, y) in enumerate(np.diff(ring, axis=0)):
        text += f"{'' if i == 0 or x < 0 else ' '}{x}{'' if y < 0 else ' '}{y}"
    return text + "z"
