"""Coordinates inside prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geoconflict.incidents.coordinates.values import Context, Reading


def read_sentence(text: str, context: Context) -> Reading | None:
    """Read the one coordinate that a sentence holds."""
    del text, context
    return None
