"""Incidents: from whatever a colleague sent to one table and a report.

The names are handed on lazily, so that importing this package costs little.

Examples
--------
>>> from geoconflict import incidents
>>> sorted(source.name for source in incidents.load_sources())[:2]
['acled', 'acled_old']
"""

from __future__ import annotations

import importlib
from typing import Any

_FACE: dict[str, str] = {
    "IncidentsWarning": "reader",
    "Coordinates": "coordinates",
    "CountryContext": "coordinates",
    "Limits": "opening",
    "PRECISION": "precision",
    "PrecisionTable": "precision",
    "ReadOptions": "options",
    "ReadReport": "report",
    "Reading": "reader",
    "Source": "source",
    "Sources": "source",
    "load_sources": "source",
    "parse_coordinate": "coordinates",
    "parse_coordinates": "coordinates",
    "read": "reader",
    "read_incidents": "reader",
    "read_source": "userfile",
    "scan_incidents": "reader",
    "suspect_duplicates": "duplicates",
}

__all__ = sorted(_FACE)  # noqa: PLE0605 - the names of _FACE are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        return getattr(importlib.import_module(f"{__name__}.{_FACE[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
