"""Kinds of layer: what a table looks like on a map, on screen and in print.

Each kind is one small frozen class that takes a table and a few values of style, declares
the geometry it accepts, and describes itself without naming a program that draws.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from geoconflict.maps.classes import Ramp
from geoconflict.maps.grids import Grid, read_grid
from geoconflict.maps.layers.bands import Bands
from geoconflict.maps.layers.base import Drawable, Layer
from geoconflict.maps.layers.borders import Borders
from geoconflict.maps.layers.choropleth import Choropleth
from geoconflict.maps.layers.countries import Countries
from geoconflict.maps.layers.crossings import Crossings
from geoconflict.maps.layers.echelons import Echelons
from geoconflict.maps.layers.graticule import Graticule
from geoconflict.maps.layers.incidents import Incidents
from geoconflict.maps.layers.places import Places
from geoconflict.maps.layers.raster import Raster
from geoconflict.maps.layers.sites import Sites
from geoconflict.maps.layers.strips import Strips
from geoconflict.maps.layers.territory import Territory, from_snapshots
from geoconflict.maps.layers.zones import Zones
from geoconflict.maps.spec import Labels, LayerSpec, LegendEntry, PopupField, Style


def _layer_classes() -> Mapping[str, type[Drawable]]:
    """Return the kinds of layer in the modules of this folder, by their name in project files."""
    found: dict[str, type[Drawable]] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Drawable) and value.__module__ == module.__name__:
                if not inspect.isabstract(value):
                    found[value.key()] = value
    return MappingProxyType(found)


LAYERS: Mapping[str, type[Drawable]] = _layer_classes()


__all__ = [
    "LAYERS",
    "Bands",
    "Borders",
    "Choropleth",
    "Countries",
    "Crossings",
    "Drawable",
    "Echelons",
    "Graticule",
    "Grid",
    "Incidents",
    "Labels",
    "Layer",
    "LayerSpec",
    "LegendEntry",
    "Places",
    "PopupField",
    "Ramp",
    "Raster",
    "Sites",
    "Strips",
    "Style",
    "Territory",
    "Zones",
    "from_snapshots",
    "read_grid",
]
