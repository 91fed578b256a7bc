"""Reference data: countries, shared borders, disputed ground, names.

The data are files in a folder, found by :func:`boundaries_folder`; nothing is read when
this package is imported.
"""

from __future__ import annotations

import importlib
from typing import Any

_FACE: dict[str, str] = {
    "Candidate": "geoconflict.names.gazetteer",
    "CountryName": "geoconflict.names.countries",
    "Gazetteer": "geoconflict.names.gazetteer",
    "background": "geoconflict.reference.natural_earth",
    "border": "geoconflict.reference.borders",
    "boundaries_folder": "geoconflict.reference.folder",
    "chain": "geoconflict.reference.topology",
    "countries": "geoconflict.reference.country_areas",
    "country": "geoconflict.reference.country_areas",
    "crossings": "geoconflict.reference.crossing_posts",
    "disputed_areas": "geoconflict.reference.worldviews",
    "divisions": "geoconflict.reference.natural_earth",
    "exclaves": "geoconflict.reference.topology",
    "Group": "geoconflict.reference.groupings",
    "group": "geoconflict.reference.groupings",
    "groups": "geoconflict.reference.groupings",
    "locate": "geoconflict.reference.points_in",
    "neighbours": "geoconflict.reference.borders",
    "part_of_border": "geoconflict.reference.topology",
    "read_boundaries": "geoconflict.reference.boundary_file",
    "read_crossings": "geoconflict.reference.points",
    "read_gazetteer": "geoconflict.names.gazetteer",
    "read_places": "geoconflict.reference.points",
    "resolve": "geoconflict.names.countries",
    "tripoint": "geoconflict.reference.topology",
}

__all__ = sorted(_FACE)  # noqa: PLE0605 - the names are the keys of _FACE


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        return getattr(importlib.import_module(_FACE[name]), name)
    msg = f"module 'geoconflict.reference' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted([*__all__, *globals()])
