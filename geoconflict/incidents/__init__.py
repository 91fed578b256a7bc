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
    "IncidentsWarning": "geoconflict.incidents.reader",
    "Limits": "geoconflict.io.opening",
    "PRECISION": "geoconflict.incidents.precision",
    "PrecisionTable": "geoconflict.incidents.precision",
    "ReadOptions": "geoconflict.incidents.options",
    "ReadReport": "geoconflict.incidents.report",
    "Reading": "geoconflict.incidents.reader",
    "Source": "geoconflict.incidents.source",
    "Sources": "geoconflict.incidents.source",
    "load_sources": "geoconflict.incidents.source",
    "read": "geoconflict.incidents.reader",
    "read_incidents": "geoconflict.incidents.reader",
    "read_source": "geoconflict.incidents.userfile",
    "scan_incidents": "geoconflict.incidents.reader",
    "suspect_duplicates": "geoconflict.incidents.duplicates",
}

__all__ = sorted(_FACE)  # noqa: PLE0605 - the names of _FACE are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        return getattr(importlib.import_module(_FACE[name]), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
