"""Kinds of layer: what a table looks like on a map, on screen and in print.

Each kind is one small frozen class that takes a table and a few values of style, declares
the geometry it accepts, and describes itself without naming a program that draws.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Bands": "bands",
    "Borders": "borders",
    "Choropleth": "choropleth",
    "Countries": "countries",
    "Crossings": "crossings",
    "Description": "base",
    "Drawable": "base",
    "Graticule": "graticule",
    "Grid": "grids",
    "Labels": "base",
    "LegendEntry": "base",
    "Ramp": "base",
    "Raster": "raster",
    "Echelons": "echelons",
    "Incidents": "incidents",
    "Layer": "base",
    "Places": "places",
    "PopupField": "base",
    "Sites": "sites",
    "Strips": "strips",
    "Style": "base",
    "Territory": "territory",
    "Zones": "zones",
    "from_snapshots": "territory",
    "least_difference": "colour",
    "read_grid": "grids",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the names of _HOMES are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - hands on classes of every kind
    if name in _HOMES:
        return getattr(importlib.import_module(f"geoconflict.layers.{_HOMES[name]}"), name)
    msg = f"module 'geoconflict.layers' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(_HOMES)
