"""The projection of a printed map, and projected shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from matplotlib.path import Path as MplPath

from geoconflict.crs import Bounds
from geoconflict.geodesy import buffer
from geoconflict.maps.view import View

_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class Projection:
    """A projection centred on a view, and the printed rectangle.

    Attributes
    ----------
    forward, back : Transformer
    words : str
        Name of the projection, for the small print.
    seam : float or None
        Meridian at which a world map is split.
    west, south, east, north : float
        The rectangle, in projected metres.
    """

    forward: pyproj.Transformer
    back: pyproj.Transformer
    words: str
    seam: float | None
    west: float
    south: float
    east: float
    north: float

    @classmethod
    def of(cls, view: View, aspect: float) -> Projection:
        """Return the projection for a view and an aspect ratio (width by height)."""
        lon, lat = view.bounds.center
        seam = None
        if view.bounds.width_deg > 150:
            text = f"+proj=eqearth +lon_0={lon:.6f} +datum=WGS84 +units=m"
            seam = lon - 180 if lon > 0 else lon + 180
            words = f"Equal Earth projection, central meridian {lon:.1f}°"
        else:
            text = f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f} +datum=WGS84 +units=m"
            words = f"Lambert azimuthal equal-area projection centred on {_degrees(lat, 'NS')} {_degrees(lon, 'EW')}"
        forward = pyproj.Transformer.from_crs("EPSG:4326", text, always_xy=True)
        back = pyproj.Transformer.from_crs(text, "EPSG:4326", always_xy=True)
        x, y = forward.transform(*_edge(view.bounds).T)
        good = np.isfinite(x) & np.isfinite(y)
        west, east = float(x[good].min()), float(x[good].max())
        south, north = float(y[good].min()), float(y[good].max())
        width, height = (east - west) * 1.08, (north - south) * 1.08
        width, height = max(width, height * aspect), max(height, width / aspect)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(
            forward,
            back,
            words,
            seam,
            middle_x - width / 2,
            middle_y - height / 2,
            middle_x + width / 2,
            middle_y + height / 2,
        )

    @property
    def frame(self) -> shapely.Polygon:
        """The printed rectangle with a small margin, to clip shapes."""
        pad = (self.east - self.west) * 0.02
        return shapely.box(self.west - pad, self.south - pad, self.east + pad, self.north + pad)

    def on_globe(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return which projected points are on the globe; a world map does not fill its rectangle."""
        lon, lat = self.back.transform(x, y)
        again = self.forward.transform(lon, lat)
        near = (self.east - self.west) * 1e-4
        return np.asarray((np.abs(again[0] - x) < near) & (np.abs(again[1] - y) < near))

    def project(self, shapes: np.ndarray) -> np.ndarray:
        """Project shapes, simplify them with 1/6000 of the width, and clip them to the frame."""
        if self.seam is not None:
            shapes = cut_at(shapes, self.seam)
        moved = shapely.transform(shapes, lambda xy: np.column_stack(self.forward.transform(xy[:, 0], xy[:, 1])))
        moved[~_finite(moved)] = shapely.Point()
        slim = shapely.simplify(moved, (self.east - self.west) / 6000)
        out: np.ndarray = shapely.clip_by_rect(slim, *self.frame.bounds)
        return out

    def points(self, shapes: np.ndarray) -> np.ndarray:
        """Project points; x and y are not finite if the projection cannot show them."""
        xy = shapely.get_coordinates(shapes)
        return np.column_stack(self.forward.transform(xy[:, 0], xy[:, 1])) if len(xy) else np.empty((0, 2))

    def circle(self, lon: float, lat: float, radius_m: float) -> tuple[MplPath | None, list[np.ndarray]]:
        """Return the geodesic circle around a point, and its outline.

        The outline has a point every two degrees of azimuth, and is split where the map is.
        """
        turn = np.linspace(0.0, 360.0, 181)
        x, y, _ = _GEOD.fwd(np.full(181, lon), np.full(181, lat), turn, np.full(181, radius_m))
        ring = np.column_stack(self.forward.transform(x, y))
        if not np.isfinite(ring).all():
            return None, []
        if self.seam is None:
            return MplPath(ring, closed=True), [ring]

        area = path_of(self.project(np.array([buffer(shapely.Point(lon, lat), radius_m)], dtype=object))[0])
        jumps = np.flatnonzero(np.abs(np.diff(ring[:, 0])) > 10_000_000) + 1
        return area, [run for run in np.split(ring, jumps) if len(run) > 1]

    def metres_across(self, left: float, right: float) -> float:
        """Return the geodesic length of a part of the horizontal centre line, from 0 (left) to 1 (right)."""
        y = (self.south + self.north) / 2
        # In steps, because the ends of a world map are adjacent on the globe.
        x = self.west + np.linspace(left, right, 65) * (self.east - self.west)
        lon, lat = self.back.transform(x, np.full(65, y))
        good = np.isfinite(lon) & np.isfinite(lat)
        metres = _GEOD.inv(lon[good][:-1], lat[good][:-1], lon[good][1:], lat[good][1:])[2]
        return float(np.sum(metres))


def cut_at(shapes: np.ndarray, seam: float) -> np.ndarray:
    """Split shapes at a meridian, and add a vertex each degree so that edges follow the projection.

    Examples
    --------
    >>> cut = cut_at(np.array([shapely.box(-100, 0, -80, 10)], dtype=object), -90.0)
    >>> [part.bounds for part in cut[0].geoms]
    [(-100.0, 0.0, -90.000001, 10.0), (-89.999999, 0.0, -80.0, 10.0)]
    """
    out = shapes.copy()
    box = shapely.bounds(shapes)
    across = (box[:, 0] < seam) & (box[:, 2] > seam)
    world = (box[:, 2] - box[:, 0]) > 60
    for i in np.flatnonzero(across):
        sides = [
            shapely.clip_by_rect(shapes[i], -180.0, -90.0, seam - 1e-6, 90.0),
            shapely.clip_by_rect(shapes[i], seam + 1e-6, -90.0, 180.0, 90.0),
        ]
        parts = [part for side in sides for part in shapely.get_parts(side) if not part.is_empty]
        areas = [part for part in parts if part.geom_type == "Polygon"]
        lines = [part for part in parts if part.geom_type == "LineString"]
        out[i] = shapely.MultiPolygon(areas) if areas else shapely.MultiLineString(lines)
    out[across | world] = shapely.segmentize(out[across | world], 1.0)
    return out


def path_of(shape: shapely.Geometry) -> MplPath | None:
    """Return the polygons of a shape as one path with holes; None if there are none."""
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and not p.is_empty]
    rings = [np.asarray(ring.coords)[:, :2] for part in parts for ring in (part.exterior, *part.interiors)]
    if not rings:
        return None
    codes = []
    for ring in rings:
        code = np.full(len(ring), MplPath.LINETO, dtype=MplPath.code_type)
        code[0], code[-1] = MplPath.MOVETO, MplPath.CLOSEPOLY
        codes.append(code)
    return MplPath(np.concatenate(rings), np.concatenate(codes))


def lines_of(shape: shapely.Geometry) -> list[np.ndarray]:
    """Return the lines of a shape as arrays of coordinates."""
    lines = []
    for part in shapely.get_parts(shape):
        if part.geom_type in {"LineString", "LinearRing"} and len(part.coords) > 1:
            lines.append(np.asarray(part.coords)[:, :2])
        elif part.geom_type == "MultiLineString":
            lines += lines_of(part)
    return lines


def outlines(shape: shapely.Geometry, frame: shapely.Polygon) -> list[np.ndarray]:
    """Return the outline of an area without the edges that clipping added."""
    west, south, east, north = frame.bounds
    slack = (east - west) * 1e-9
    edge = shapely.box(west + slack, south + slack, east - slack, north - slack)
    return lines_of(shapely.intersection(shapely.boundary(shape), edge))


def _finite(shapes: np.ndarray) -> np.ndarray:
    box = shapely.bounds(shapes)
    return np.isfinite(box).all(axis=1) | shapely.is_empty(shapes)


def _edge(box: Bounds) -> np.ndarray:
    share = np.linspace(0.0, 1.0, 33)
    x = box.west + share * box.width_deg
    y = box.south + share * (box.north - box.south)
    low, high = np.full(33, box.south), np.full(33, box.north)
    left, right = np.full(33, x[0]), np.full(33, x[-1])
    middle = np.full(33, (x[0] + x[-1]) / 2)
    sides = [(x, low), (x, high), (left, y), (right, y), (middle, y)]
    return np.concatenate([np.column_stack(side) for side in sides])


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):.1f}° {letters[value < 0]}"
