"""The layers of a project, as a map and as its print version."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args

import geopandas as gpd

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.scene import MapOptions
from geoconflict.maps.spec import FieldType, PopupField
from geoconflict.project.load import Project
from geoconflict.project.model import GridModel, LayerModel

_FIELD = ("column", "label", "type")


def make_map(project: Project, tables: Mapping[str, gpd.GeoDataFrame], file: Callable[[str], Path]) -> Map:
    """Return the map of a project, the bottom layer first; ``file`` finds the files of grids."""
    model = project.model
    drawn: list[layers.Drawable] = []
    faults: list[Fault] = []
    for number, item in enumerate(model.map.layers, start=1):
        if item.table is not None and not len(tables[item.table]):
            continue
        what = f"layer {number} ({item.layer}" + (f" of the table {item.table!r})" if item.table else ")")
        try:
            drawn.append(_layer(item, tables, file))
        except InputError as error:
            messages = [f"{error.message}: {fault}" for fault in error.faults] or [error.message]
            faults += [Fault(message, field=what) for message in messages]
        except TypeError as error:
            if not item.options:
                raise
            faults.append(Fault(f"an option has a value of the wrong type: {error}", field=what))
    if faults:
        msg = f"the map of {project.path.name} cannot be made"
        raise InputError(msg, faults)
    view = Bounds(*model.map.view) if model.map.view else None
    # A project draws its figure where matplotlib is; then the map carries it as well.
    still = importlib.util.find_spec("matplotlib") is not None
    options = MapOptions(lang=model.language, method=model.map.caption or model.summary or "", static=still)
    return Map(drawn, title=model.title, as_of=model.as_of, view=view, options=options)


def draw_figure(project: Project, drawn: Map, folder: Path) -> list[str]:
    """Draw the figure in each format that the project asks for and return the file names."""
    model = project.model.figure
    made = []
    picture = drawn.figure(size_mm=(model.width_mm, model.height_mm))
    for suffix in model.formats:
        picture.savefig(folder / f"figure.{suffix}", dpi=model.dpi)
        made.append(f"figure.{suffix}")
    return made


def _layer(item: LayerModel, tables: Mapping[str, gpd.GeoDataFrame], file: Callable[[str], Path]) -> layers.Drawable:
    kind: Any = layers.LAYERS[item.layer]
    named = {"name": item.name} if item.name else {}
    options = {name: _value(name, value) for name, value in item.options.items()}
    drawn = () if item.table is None else (tables[item.table],)
    if item.grids:
        drawn = ([_grid(grid, file) for grid in item.grids],)
    made: layers.Drawable = kind(*drawn, **named, visible=item.visible, **options)
    if item.table is not None and options and isinstance(made, layers.Layer):
        # Some values are only checked when the layer is described.
        _check_fields(options.get("fields", ()), tables[item.table], made.describe().table)
    return made


def _check_fields(fields: Any, table: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame) -> None:  # noqa: ANN401 - an option as converted
    """Raise if popups are to show columns that neither the table nor the layer has."""
    known = [str(name) for name in dict.fromkeys([*table.columns, *drawn.columns]) if name != table.geometry.name]
    faults = [
        Fault(f"there is no column {name!r}; {did_you_mean(name, known) or 'known: ' + ', '.join(known)}")
        for name in (field.column for field in fields)
        if name not in known
    ]
    if faults:
        msg = "the popup fields cannot be shown"
        raise InputError(msg, faults)


def _grid(grid: GridModel, file: Callable[[str], Path]) -> layers.Grid:
    return layers.read_grid(
        file(grid.file), band=grid.band, valid_from=grid.from_, valid_to=grid.to, source=grid.source or ""
    )


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 - what a project file holds, what a layer takes
    """Make a style of a mapping; lists become the tuples that frozen values hold."""
    if name == "palette" and isinstance(value, list):
        return layers.Palette(tuple(value))
    if name == "style" and isinstance(value, dict):
        known = [field.name for field in dataclasses.fields(layers.Style)]
        faults = [
            Fault(f"{key!r} is no part of a style; {did_you_mean(key, known) or 'known: ' + ', '.join(known)}")
            for key in value
            if key not in known
        ]
        if faults:
            msg = "the style of a layer cannot be made"
            raise InputError(msg, faults)
        given: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in value.items()}
        return layers.Style(**given)
    if name == "fields" and not isinstance(value, list):
        msg = f"fields is a list of columns, found {value!r}"
        raise InputError(msg)
    if name == "fields":
        return tuple(_field(entry, place) for place, entry in enumerate(value, start=1))
    return tuple(value) if isinstance(value, list) else value


def _field(entry: Any, place: int) -> PopupField:  # noqa: ANN401 - what a project file holds
    """Make a line of a popup of a column's name, or of a mapping with column, label and type."""
    if isinstance(entry, str):
        return PopupField(entry, entry)
    given = entry if isinstance(entry, dict) else {}
    types = get_args(FieldType)
    faults = [
        Fault(f"{key!r} is no part of a field; {did_you_mean(str(key), _FIELD) or 'known: ' + ', '.join(_FIELD)}")
        for key in given
        if key not in _FIELD
    ]
    if not isinstance(given.get("column"), str):
        faults.append(Fault("it names no column; write 'column: …'"))
    if given.get("type", "text") not in types:
        hint = did_you_mean(str(given["type"]), types) or f"one of {', '.join(types)}"
        faults.append(Fault(f"{given['type']!r} is no type of a field; {hint}"))
    if faults:
        msg = f"field {place} of a layer cannot be made"
        raise InputError(msg, faults)
    return PopupField(given["column"], str(given.get("label", given["column"])), given.get("type", "text"))
