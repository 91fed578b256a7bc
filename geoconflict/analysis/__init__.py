"""Measures on tables: pure functions, the same index out, the input untouched."""

from __future__ import annotations

from geoconflict.analysis.proximity import buffer, count, distance, within
from geoconflict.analysis.zones import bands, inside

__all__ = ["bands", "buffer", "count", "distance", "inside", "within"]
