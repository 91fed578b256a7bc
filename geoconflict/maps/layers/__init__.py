"""The kinds of layer: how a table looks on a map, on screen and in print.

Each kind is a frozen dataclass in a module of its own. It takes a table and a few options, checks
the table, and describes itself as a ``LayerSpec``. ``LAYERS`` finds the modules in this folder, so
a new kind of layer is one new file; the import below is for users and type checkers.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from geoconflict.maps.classes import Palette
from geoconflict.maps.grids import Grid, read_grid
from geoconflict.maps.layers.bands import Bands
from geoconflict.maps.layers.base import AREAS, LINES, POINTS, Drawable, Layer
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
    """Return the layer classes in the modules of this folder by their name in project files."""
    found: dict[str, type[Drawable]] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        for value in vars(module).values():
            is_layer = isinstance(value, type) and issubclass(value, Drawable) and not inspect.isabstract(value)
            if is_layer and value.__module__ == module.__name__:
                found[value.key()] = value
    return MappingProxyType(found)


LAYERS: Mapping[str, type[Drawable]] = _layer_classes()
"""The kinds of layer by their name in project files."""


def table_of_layers() -> str:
    """Return the table of layers in ``docs/maps.md``, without the options that all layers have.

    Examples
    --------
    >>> table_of_layers().splitlines()[0]
    '| layer | draws | needs | shows | options |'
    """
    lines = ["| layer | draws | needs | shows | options |", "|---|---|---|---|---|"]
    shapes = {AREAS: "areas", LINES: "lines", POINTS: "points"}
    for kind in LAYERS.values():
        accepts, needs = (kind.accepts, kind.needs) if issubclass(kind, Layer) else ((), ())
        draws = shapes.get(accepts, kind.data or "lines of its own")
        columns = ", ".join(f"`{name}`" for name in needs)
        summary = str(inspect.getdoc(kind)).splitlines()[0]
        options = ", ".join(f"`{name}`" for name in kind.options() if name != "fields")
        lines.append(f"| `{kind.__name__}` | {draws} | {columns} | {summary} | {options} |")
    return "\n".join(lines)


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
    "Palette",
    "Places",
    "PopupField",
    "Raster",
    "Sites",
    "Strips",
    "Style",
    "Territory",
    "Zones",
    "from_snapshots",
    "read_grid",
    "table_of_layers",
]
