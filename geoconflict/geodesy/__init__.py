"""Exact geometry on the WGS84 ellipsoid: distances, buffers, bands, and what goes with them.

Coordinates are longitude and latitude in degrees, lengths are metres.  Two vertices are joined
by a geodesic unless ``edges="lonlat"`` asks for the line straight in longitude and latitude.

Examples
--------
>>> from shapely import LineString, Point
>>> from geoconflict import geodesy
>>> geodesy.distance([Point(5, 1)], LineString([(0, 0), (10, 0)])).round(1)
array([110574.4])
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

_FACE: dict[str, str] = {
    "Index": "index",
    "Nearest": "proximity",
    "area": "measures",
    "azimuth": "measures",
    "bands": "bands",
    "buffer": "buffers",
    "centroid": "measures",
    "cross_track": "measures",
    "densify": "measures",
    "destination": "measures",
    "distance": "proximity",
    "interpolate": "measures",
    "Pairs": "pairs",
    "k_nearest": "pairs",
    "length": "measures",
    "nearest": "proximity",
    "offset_line": "offset",
    "pairs_within": "pairs",
    "points_in_zones": "zones",
}


class _Room(types.ModuleType):
    """The package, on which a public function goes before a submodule of the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        """Keep the import system from hiding the function ``bands`` behind ``bands.py``."""
        if not (name in _FACE and isinstance(value, types.ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room

__all__ = sorted(_FACE)  # noqa: PLE0605 - the names of _FACE are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        value = getattr(importlib.import_module(f"geoconflict.geodesy.{_FACE[name]}"), name)
        globals()[name] = value
        return value
    msg = f"module 'geoconflict.geodesy' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
