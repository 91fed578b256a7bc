"""Kinds of layer: what a table looks like on a map, on screen and in print.

Each kind is one small frozen class that takes a table and a few values of style, declares
the geometry it accepts, and describes itself without naming a program that draws.
"""

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

__all__ = [
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
