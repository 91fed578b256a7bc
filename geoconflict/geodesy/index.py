"""A target prepared for many measurements: distance, nearest point, and point in polygon."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from geoconflict.errors import GeometryError
from geoconflict.geodesy._checks import Edges, Geometries, as_geometries, require_edges, warn_of_many_vertices
from geoconflict.geodesy._dispatch import loading_kernels, use_numba
from geoconflict.geodesy._ellipsoid import A_M, Bools, Floats, Ints, ecef, lonlat
from geoconflict.geodesy._pieces import RING, Pieces, Segments, cut_segments, extract_vertices, foot_point
from geoconflict.geodesy._search import (
    CLOSED_FORM_MAX_M,
    NearestPoints,
    build_tree,
    karney_refine,
    morton_order,
    nearest_piece,
    piece_order,
    principal_axes,
    to_frame,
)
from geoconflict.geodesy.zones import Slabs, build_slabs, containing_pairs, containing_pairs_lonlat


class Index:
    """A target prepared for many measurements.

    Its edges are cut into pieces of at most 5 km, which are stored in a tree of bounding boxes.

    Parameters
    ----------
    target : geometry, sequence of geometries, GeoSeries or GeoDataFrame
        Points, lines and polygons on WGS84, measured to as one target.
    edges : {"geodesic", "lonlat"}
        What joins two vertices: a geodesic, or the straight line in longitude and latitude, as
        GeoJSON defines it.

    Raises
    ------
    CRSError, GeometryError

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> index = Index(LineString([(0, 0), (10, 0)]))
    >>> index.measure(np.array([5.0]), np.array([1.0])).distance_m.round(1)
    array([110574.4])
    """

    def __init__(self, target: Geometries, *, edges: Edges = "geodesic") -> None:
        require_edges(edges)
        geoms = as_geometries(target, what="the target")
        if len(geoms) == 0:
            msg = "the target has no geometry to measure to"
            raise GeometryError(msg)
        warn_of_many_vertices(int(shapely.get_num_coordinates(geoms).sum()))
        self.geometries = geoms
        self.edges: Edges = edges
        self.vertices = extract_vertices(geoms)
        start, end = self.vertices.edges()
        self.edge_line = self.vertices.line[start]
        lon, lat = self.vertices.lon, self.vertices.lat
        self.segments = Segments(lon[start], lat[start], lon[end], lat[end], edges == "geodesic")
        in_order = cut_segments(self.segments)
        self.edge_length_m = np.bincount(in_order.edge, in_order.length_m, minlength=len(start)).astype(np.float64)
        self.edge_chainage_m = self._chainage()
        self._has_polygons = bool((self.vertices.kind == RING).any())
        self._slabs: Slabs | None = None
        if self._has_polygons and self.segments.geodesic:
            self._slabs = build_slabs(self.vertices, in_order, self.edge_line)
        middle = 0.5 * (in_order.a + in_order.b)
        frame = principal_axes(middle)
        order = piece_order(to_frame(middle, frame), len(self.vertices.row), _spatial_order)
        self.pieces: Pieces = in_order.take(order)
        self.tree = build_tree(*self.pieces.boxes(frame), frame)
        self._kernel_pieces: Floats | None = None

    def _chainage(self) -> Floats:
        """Return the distance of the start of each edge from the first vertex of its geometry, part after part."""
        before = np.cumsum(self.edge_length_m) - self.edge_length_m
        row = self.vertices.row[self.edge_line]
        first = np.searchsorted(row, np.arange(len(self.geometries)))
        out: Floats = before - before[np.minimum(first, len(before) - 1)][row]
        return out

    def inside(self, lon: Floats, lat: Floats) -> Bools:
        """Return whether each point is inside a polygon of the target."""
        out = np.zeros(len(lon), dtype=bool)
        out[self.containing_pairs(lon, lat)[0]] = True
        return out

    def containing_pairs(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Return every pair of a point and a geometry of the target whose polygons contain it."""
        if self._slabs is not None:
            return containing_pairs(lon, lat, self._slabs)
        if self._has_polygons:
            return containing_pairs_lonlat(lon, lat, self.geometries)
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)

    def distances(self, lon: Floats, lat: Floats) -> Floats:
        """Return the distance of each point from the lines, points and rings of the target, in metres."""
        distance, _, _ = self._search(lon, lat)
        far = np.flatnonzero(distance > CLOSED_FORM_MAX_M)
        if len(far):
            distance[far] = self._refine(lon[far], lat[far], distance[far]).distance_m
        return distance

    def measure(self, lon: Floats, lat: Floats) -> NearestPoints:
        """Return the nearest point on the lines, points and rings of the target.

        Inside a polygon this is a point on its nearest ring; the functions `distance` and
        `nearest` return distance 0 there.

        Parameters
        ----------
        lon, lat : array of shape (n,)
            Degrees.

        Returns
        -------
        NearestPoints
        """
        distance, piece, t = self._search(lon, lat)
        pieces = self.pieces
        along = pieces.start_m[piece] + t * pieces.length_m[piece]
        q, _ = foot_point(ecef(lon, lat), pieces.a[piece], pieces.b[piece], pieces.sagitta_m[piece])
        qlon, qlat = lonlat(q)
        found = NearestPoints(distance, pieces.edge[piece], qlon, qlat, along)
        far = np.flatnonzero(distance > CLOSED_FORM_MAX_M)
        if len(far):
            better = self._refine(lon[far], lat[far], distance[far])
            for name in NearestPoints.__slots__:
                getattr(found, name)[far] = getattr(better, name)
        return found

    def _search(self, lon: Floats, lat: Floats) -> tuple[Floats, Ints, Floats]:
        """Return the distance in closed form, the nearest piece, and the position on it."""
        if not use_numba(len(lon)):
            return nearest_piece(ecef(lon, lat), self.pieces, self.tree)
        if self._kernel_pieces is None:
            pieces = self.pieces
            columns = [pieces.a, pieces.b, pieces.sagitta_m, pieces.rank.astype(np.float64)]
            self._kernel_pieces = np.column_stack(columns)
        tree = self.tree
        distance, piece, share = _compiled_kernels().nearest(
            lon, lat, self._kernel_pieces, tree.groups, tree.first, tree.frame
        )
        return distance, piece, share

    def _refine(self, lon: Floats, lat: Floats, approximate_m: Floats) -> NearestPoints:
        return karney_refine(lon, lat, approximate_m, self.segments, self.pieces, self.tree)


def as_index(target: Geometries | Index, edges: Edges) -> Index:
    """Return an index of the target, or the target itself if it is one."""
    if isinstance(target, Index):
        if target.edges != edges:
            msg = f"the index was built with edges={target.edges!r}, not {edges!r}; build one with edges={edges!r}"
            raise GeometryError(msg)
        return target
    return Index(target, edges=edges)


def _spatial_order(local: Floats) -> Ints:
    """Return an order of points that keeps neighbours together."""
    if not use_numba(len(local)):
        return morton_order(local)
    with loading_kernels() as kernels:
        order: Ints = kernels.bisection_order(np.ascontiguousarray(local))
    return order


@cache
def _compiled_kernels() -> Any:  # noqa: ANN401 - a module that can be imported only if numba is installed
    with loading_kernels() as kernels:
        # A call with one point compiles the kernel.
        lon = np.zeros(1)
        pieces = np.array([[A_M, 0.0, 0.0, A_M, 0.0, 0.0, 0.0, 0.0]])
        box = np.zeros((1, 48), dtype=np.float32)
        kernels.nearest(lon, lon, pieces, box, np.array([0, 1]), np.zeros((4, 3)))
        return kernels
