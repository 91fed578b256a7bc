"""Map conflicts: incidents and fortifications as tables, exact measures, offline maps.

The public names are handed on lazily, so that ``import geoconflict`` stays quick.

Examples
--------
>>> import geoconflict as gc
>>> gc.parse_length("30 mi").value_m
48280.32
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geoconflict.analysis import buffer, count, distance, inside, within
    from geoconflict.crs import Bounds
    from geoconflict.errors import GeoconflictError
    from geoconflict.face import bands, parse_coordinates, read_fortifications
    from geoconflict.fortifications import Description, LayoutOptions, layout
    from geoconflict.fortifications.claims import check_claims
    from geoconflict.fortifications.prose import parse_description, read_facts
    from geoconflict.incidents import (
        CountryContext,
        ReadOptions,
        ReadReport,
        parse_coordinate,
        read_incidents,
        scan_incidents,
        suspect_duplicates,
    )
    from geoconflict.incidents.api import update_acled, update_ucdp
    from geoconflict.incidents.geocode import GeocodeOptions, geocode
    from geoconflict.outputs.figure import figure
    from geoconflict.outputs.files import to_geojson, write
    from geoconflict.outputs.review import Review
    from geoconflict.outputs.webmap import Map, MapOptions
    from geoconflict.project import build, read_project
    from geoconflict.reference import (
        Gazetteer,
        background,
        border,
        chain,
        countries,
        country,
        crossings,
        disputed_areas,
        divisions,
        exclaves,
        group,
        groups,
        locate,
        neighbours,
        part_of_border,
        read_boundaries,
        read_crossings,
        read_gazetteer,
        read_places,
        resolve,
        tripoint,
    )
    from geoconflict.schema import conform
    from geoconflict.units import Length, parse_length

__version__ = "0.1.0"

_FACE: dict[str, str] = {
    "Bounds": "crs",
    "CountryContext": "incidents",
    "Description": "fortifications",
    "Gazetteer": "reference",
    "GeocodeOptions": "incidents.geocode",
    "GeoconflictError": "errors",
    "LayoutOptions": "fortifications",
    "Length": "units",
    "Map": "outputs.webmap",
    "MapOptions": "outputs.webmap",
    "ReadOptions": "incidents",
    "ReadReport": "incidents",
    "Review": "outputs.review",
    "background": "reference",
    "bands": "face",
    "border": "reference",
    "buffer": "analysis",
    "build": "project",
    "chain": "reference",
    "check_claims": "fortifications.claims",
    "conform": "schema",
    "count": "analysis",
    "countries": "reference",
    "country": "reference",
    "crossings": "reference",
    "disputed_areas": "reference",
    "distance": "analysis",
    "divisions": "reference",
    "exclaves": "reference",
    "figure": "outputs.figure",
    "geocode": "incidents.geocode",
    "group": "reference",
    "groups": "reference",
    "inside": "analysis",
    "layout": "fortifications",
    "locate": "reference",
    "neighbours": "reference",
    "parse_coordinate": "incidents",
    "parse_coordinates": "face",
    "parse_description": "fortifications.prose",
    "parse_length": "units",
    "part_of_border": "reference",
    "read_boundaries": "reference",
    "read_crossings": "reference",
    "read_facts": "fortifications.prose",
    "read_fortifications": "face",
    "read_gazetteer": "reference",
    "read_incidents": "incidents",
    "read_places": "reference",
    "read_project": "project",
    "resolve": "reference",
    "scan_incidents": "incidents",
    "suspect_duplicates": "incidents",
    "to_geojson": "outputs.files",
    "tripoint": "reference",
    "update_acled": "incidents.api",
    "update_ucdp": "incidents.api",
    "within": "analysis",
    "write": "outputs.files",
}
_ROOMS = (
    "analysis",
    "crs",
    "errors",
    "fortifications",
    "geodesy",
    "incidents",
    "layers",
    "outputs",
    "project",
    "reference",
    "schema",
    "units",
    "vocabulary",
)

__all__ = ["__version__", *sorted(_FACE), *_ROOMS]  # noqa: PLE0604 - the names of _FACE are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        return getattr(importlib.import_module(f"geoconflict.{_FACE[name]}"), name)
    if name in _ROOMS:
        return importlib.import_module(f"geoconflict.{name}")
    msg = f"module 'geoconflict' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
