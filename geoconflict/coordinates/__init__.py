"""Read coordinates in every common notation, and refuse what could be two places.

One file a family of notations; :mod:`parse` joins them.
"""

from __future__ import annotations

from geoconflict.coordinates.parse import Coordinates, coordinate_lines, parse_coordinate, parse_coordinates
from geoconflict.coordinates.values import CountryContext, Notation, Reading

__all__ = [
    "Coordinates",
    "CountryContext",
    "Notation",
    "Reading",
    "coordinate_lines",
    "parse_coordinate",
    "parse_coordinates",
]
