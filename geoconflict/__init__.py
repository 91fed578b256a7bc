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
from typing import Any

__version__ = "0.1.0"

_FACE: dict[str, str] = {
    "parse_length": "geoconflict.units",
    "Length": "geoconflict.units",
    "conform": "geoconflict.schema",
    "GeoconflictError": "geoconflict.errors",
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
    "reference",
    "schema",
    "units",
    "vocabulary",
)

__all__ = ["__version__", *sorted(_FACE), *_ROOMS]  # noqa: PLE0604 - the names of _FACE are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FACE:
        return getattr(importlib.import_module(_FACE[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"geoconflict.{name}")
    msg = f"module 'geoconflict' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
