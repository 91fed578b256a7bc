"""Kinds of layer: what a table looks like on a map, on screen and in print.

Each kind is one small frozen class that takes a table and a few values of style, declares
the geometry it accepts, and describes itself without naming a program that draws.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Bands": "geoconflict.maps.layers.bands",
    "Borders": "geoconflict.maps.layers.borders",
    "Choropleth": "geoconflict.maps.layers.choropleth",
    "Countries": "geoconflict.maps.layers.countries",
    "Crossings": "geoconflict.maps.layers.crossings",
    "Description": "geoconflict.maps.scene",
    "Drawable": "geoconflict.maps.scene",
    "Graticule": "geoconflict.maps.layers.graticule",
    "Grid": "geoconflict.maps.grids",
    "Labels": "geoconflict.maps.scene",
    "LegendEntry": "geoconflict.maps.scene",
    "Ramp": "geoconflict.maps.scene",
    "Raster": "geoconflict.maps.layers.raster",
    "Echelons": "geoconflict.maps.layers.echelons",
    "Incidents": "geoconflict.maps.layers.incidents",
    "Layer": "geoconflict.maps.scene",
    "Places": "geoconflict.maps.layers.places",
    "PopupField": "geoconflict.maps.scene",
    "Sites": "geoconflict.maps.layers.sites",
    "Strips": "geoconflict.maps.layers.strips",
    "Style": "geoconflict.maps.scene",
    "Territory": "geoconflict.maps.layers.territory",
    "Zones": "geoconflict.maps.layers.zones",
    "from_snapshots": "geoconflict.maps.layers.territory",
    "least_difference": "geoconflict.maps.colour",
    "read_grid": "geoconflict.maps.grids",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names of _HOMES are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - hands on classes of every kind
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    msg = f"module 'geoconflict.maps.layers' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(_HOMES)
