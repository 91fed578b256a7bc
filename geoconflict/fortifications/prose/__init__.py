"""Prose: from a text in English to facts with their evidence, and to a description to be reviewed.

``read_facts`` gives facts by rules that can be read and extended, each with the exact span of
text that it rests on; ``parse_description`` makes them a draft of a YAML description.
The names are handed on lazily.
"""

from __future__ import annotations

import importlib
from typing import Any

_FROM: dict[str, str] = {
    "Document": "document",
    "Fact": "fact",
    "Reading": "reading",
    "Score": "scoring",
    "Text": "texts",
    "check_facts": "evidence",
    "describe": "drafting",
    "facts_lines": "texts",
    "load_reader": "evidence",
    "parse_description": "drafting",
    "parse_texts": "texts",
    "read_facts": "reading",
    "read_texts": "texts",
}

__all__ = sorted(_FROM)  # noqa: PLE0605 - the names of _FROM are strings


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a face hands on values of every type
    if name in _FROM:
        return getattr(importlib.import_module(f"{__name__}.{_FROM[name]}"), name)
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
