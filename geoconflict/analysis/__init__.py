"""Analysis of tables: pure functions that keep the index and leave the input as it is."""

from __future__ import annotations

from geoconflict.analysis.proximity import buffer, distance, near, nearest
from geoconflict.analysis.zones import bands_in_area, count, in_zones

__all__ = ["bands_in_area", "buffer", "count", "distance", "in_zones", "near", "nearest"]
