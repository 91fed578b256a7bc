"""A prepared target: distance, nearest place, and whether a point is inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.errors import GeometryError
from geoconflict.geodesy import compiled
from geoconflict.geodesy.checks import Edges, as_geometries, require_edges, warn_of_many_vertices
from geoconflict.geodesy.ellipsoid import ecef, lonlat
from geoconflict.geodesy.far import CLOSE_M, Edges as EdgeEnds, Found, refine
from geoconflict.geodesy.inside import Slabs, pairs_inside, pairs_inside_plane, slabs
from geoconflict.geodesy.pieces import Pieces, cut_geodesic, cut_lonlat, foot
from geoconflict.geodesy.search import nearest_piece
from geoconflict.geodesy.shapes import RING, take_apart
from geoconflict.geodesy.tree import build, frame_of, order_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]


class Index:
    """A target prepared for many measurements.

    Its edges are cut into pieces of at most 5 km, and these stand in a tree of boxes in space.

    Parameters
    ----------
    target : geometry, sequence of geometries, GeoSeries or GeoDataFrame
        Points, lines and polygons on WGS84, taken together.
    edges : {"geodesic", "lonlat"}
        What joins two vertices: the geodesic, or the line straight in longitude and latitude
        that GeoJSON means.

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

    def __init__(self, target: object, *, edges: Edges = "geodesic") -> None:
        require_edges(edges)
        geoms = as_geometries(target, what="the target")
        if len(geoms) == 0:
            msg = "the target has no geometry to measure to"
            raise GeometryError(msg)
        warn_of_many_vertices(int(shapely.get_num_coordinates(geoms).sum()))
        self.geometries = geoms
        self.edges: Edges = edges
        self.shapes = take_apart(geoms)
        start, end = self.shapes.edges()
        self.edge_start, self.edge_end = start, end
        self.edge_line = self.shapes.line[start]
        lon, lat = self.shapes.lon, self.shapes.lat
        self.ends = EdgeEnds(lon[start], lat[start], lon[end], lat[end], edges == "geodesic")
        cut = cut_geodesic if edges == "geodesic" else cut_lonlat
        in_order = cut(self.ends.lon1, self.ends.lat1, self.ends.lon2, self.ends.lat2)
        self.edge_length_m = np.bincount(in_order.edge, in_order.length_m, minlength=len(start)).astype(np.float64)
        self.edge_chainage_m = self._chainage()
        self._slabs: Slabs | None = None
        if edges == "geodesic" and bool((self.shapes.kind == RING).any()):
            self._slabs = slabs(self.shapes, in_order, self.edge_line)
        middle = 0.5 * (in_order.a + in_order.b)
        frame = frame_of(middle)
        order = order_of(middle @ frame[:3].T - frame[3], len(self.shapes.row))
        self.pieces: Pieces = in_order.take(order)
        self.tree = build(*self.pieces.boxes(frame), frame)
        self._packed: Floats | None = None

    def _chainage(self) -> Floats:
        # Along each geometry from its first vertex, its parts end to end.
        total = np.cumsum(self.edge_length_m)
        before = total - self.edge_length_m
        row = self.shapes.row[self.edge_line]
        first = np.searchsorted(row, np.arange(len(self.geometries)))
        out: Floats = before - before[np.minimum(first, len(before) - 1)][row]
        return out

    def packed(self) -> Floats:
        """Return the pieces as the compiled searches read them: two ends, bend and rank."""
        if self._packed is None:
            pieces = self.pieces
            self._packed = np.column_stack([pieces.a, pieces.b, pieces.bend_m, pieces.rank.astype(np.float64)])
        return self._packed

    def inside(self, lon: Floats, lat: Floats) -> Bools:
        """Return whether each point is inside a polygon of the target."""
        out = np.zeros(len(lon), dtype=bool)
        out[self.holders(lon, lat)[0]] = True
        return out

    def holders(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Return every pair of a point and a geometry of the target whose polygons hold it."""
        if self._slabs is not None:
            return pairs_inside(lon, lat, self._slabs)
        if self.edges == "lonlat" and bool((self.shapes.kind == RING).any()):
            return pairs_inside_plane(lon, lat, self.geometries)
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)

    def distances(self, lon: Floats, lat: Floats) -> Floats:
        """Return the distance of each point from the lines, points and rings of the target, in metres."""
        distance, _, _ = self._search(lon, lat)
        far = np.flatnonzero(distance > CLOSE_M)
        if len(far):
            distance[far] = self._refine(lon[far], lat[far], distance[far]).distance_m
        return distance

    def measure(self, lon: Floats, lat: Floats) -> Found:
        """Return the nearest place of the lines, points and rings of the target.

        Inside a polygon this is its nearest ring: `distance` and `nearest` see to the inside.

        Parameters
        ----------
        lon, lat : array of shape (n,)
            Degrees.

        Returns
        -------
        Found
        """
        distance, piece, t = self._search(lon, lat)
        edge = self.pieces.edge[piece]
        along = self.pieces.start_m[piece] + t * self.pieces.length_m[piece]
        q, _ = foot(ecef(lon, lat), self.pieces.a[piece], self.pieces.b[piece], self.pieces.bend_m[piece])
        qlon, qlat = lonlat(q)
        found = Found(distance, edge, qlon, qlat, along)
        far = np.flatnonzero(distance > CLOSE_M)
        if len(far):
            better = self._refine(lon[far], lat[far], distance[far])
            for name in Found.__slots__:
                getattr(found, name)[far] = getattr(better, name)
        return found

    def _search(self, lon: Floats, lat: Floats) -> tuple[Floats, Ints, Floats]:
        if compiled.wanted(len(lon)):
            return compiled.nearest(lon, lat, self.packed(), self.tree)
        return nearest_piece(ecef(lon, lat), self.pieces, self.tree)

    def _refine(self, lon: Floats, lat: Floats, about_m: Floats) -> Found:
        return refine(lon, lat, about_m, self.ends, (self.pieces, self.tree))


def as_index(target: object, edges: Edges) -> Index:
    """Return the target prepared, itself if it already is."""
    if isinstance(target, Index):
        if target.edges != edges:
            msg = f"the index was made with edges={target.edges!r}, not {edges!r}; make one with edges={edges!r}"
            raise GeometryError(msg)
        return target
    return Index(target, edges=edges)
