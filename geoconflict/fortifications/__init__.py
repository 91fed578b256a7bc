"""Fortifications: from a description, in a file or in prose, to tables of a defence line.

``read_fortifications`` reads a YAML description, ``layout`` turns it and the borders into
the tables ECHELONS, STRIPS and SITES. The names are handed on lazily.
"""

from __future__ import annotations

import importlib
from typing import Any

_FROM: dict[str, str] = {
    "Description": "description",
    "Layout": "layouts",
    "LayoutOptions": "layouts",
    "app6_code": "codes",
    "dump_description": "reading",
    "layout": "layouts",
    "parse_yaml": "reading",
    "read_fortifications": "reading",
}

__all__ = sorted(_FROM)  # noqa: PLE0605 - the names of _FROM are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FROM:
        return getattr(importlib.import_module(f"{__name__}.{_FROM[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
