"""Fortifications: from a description in YAML or prose to tables of a defence line.

``read_description`` reads a YAML description; ``layout`` turns it and the borders into the
tables ECHELONS, STRIPS and SITES.
"""

from geoconflict.fortifications.codes import app6_code
from geoconflict.fortifications.description import Description, json_schema
from geoconflict.fortifications.layouts import Layout, LayoutOptions, layout
from geoconflict.fortifications.read import parse_yaml, read_description, to_yaml
from geoconflict.fortifications.validation import validate

__all__ = [
    "Description",
    "Layout",
    "LayoutOptions",
    "app6_code",
    "json_schema",
    "layout",
    "parse_yaml",
    "read_description",
    "to_yaml",
    "validate",
]
