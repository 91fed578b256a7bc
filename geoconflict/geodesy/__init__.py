"""Exact geometry on the WGS84 ellipsoid: distances, zones, buffers, bands, lengths and areas.

Coordinates are longitude and latitude in degrees, lengths are metres.  Two vertices are joined
by a geodesic, or with ``edges="lonlat"`` by the straight line in longitude and latitude.

Examples
--------
>>> from shapely import LineString, Point
>>> from geoconflict import geodesy
>>> geodesy.distance([Point(5, 1)], LineString([(0, 0), (10, 0)])).round(1)
array([110574.4])
"""

from __future__ import annotations

from geoconflict.geodesy import verify as verify
from geoconflict.geodesy._checks import Edges as Edges, Geometries as Geometries, GeometryArray as GeometryArray
from geoconflict.geodesy.banding import bands as bands, offset_line as offset_line
from geoconflict.geodesy.buffers import buffer as buffer
from geoconflict.geodesy.index import Index as Index
from geoconflict.geodesy.measures import (
    area as area,
    azimuth as azimuth,
    centroid as centroid,
    cross_track as cross_track,
    densify as densify,
    destination as destination,
    interpolate as interpolate,
    length as length,
)
from geoconflict.geodesy.proximity import (
    Nearest as Nearest,
    Pairs as Pairs,
    distance as distance,
    k_nearest as k_nearest,
    nearest as nearest,
    pairs_within as pairs_within,
)
from geoconflict.geodesy.zones import points_in_zones as points_in_zones

__all__ = [
    "Edges",
    "Geometries",
    "GeometryArray",
    "Index",
    "Nearest",
    "Pairs",
    "area",
    "azimuth",
    "bands",
    "buffer",
    "centroid",
    "cross_track",
    "densify",
    "destination",
    "distance",
    "interpolate",
    "k_nearest",
    "length",
    "nearest",
    "offset_line",
    "pairs_within",
    "points_in_zones",
    "verify",
]
