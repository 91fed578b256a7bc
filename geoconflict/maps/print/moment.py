"""What a sheet of paper shows of layers that change: the state of one day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoconflict.maps.scene import Description

_UNKNOWN = np.iinfo(np.int32).min


def on_one_day(layers: Sequence[Description], as_of: str | None) -> tuple[tuple[Description, ...], str | None]:
    """Keep of areas and rasters with days what holds on one day; points and lines stay as they are.

    The day is that of the map, or the nearest one of which the layers tell something; a map
    without a day shows the last one. The web map opens on the same day.

    Parameters
    ----------
    layers : sequence of Description
    as_of : str or None

    Returns
    -------
    layers, day
        ``day`` is None where no layer changes.
    """
    changing = [d for d in layers if _changes(d)]
    spans = [(start, end) for d in changing for start, end in _spans(d)]
    if not spans:
        return tuple(layers), None
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    wanted = last if as_of is None else (dt.date.fromisoformat(as_of) - dt.date(1970, 1, 1)).days
    day = min(max(wanted, first), last)
    told = (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()
    return tuple(_at(d, day) if _changes(d) else d for d in layers), told


def _changes(layer: Description) -> bool:
    return layer.kind in {"area", "raster"} and layer.start is not None


def _spans(layer: Description) -> list[tuple[int, int]]:
    if layer.start is None:
        return []
    end = layer.start if layer.end is None else layer.end
    return [(int(a), int(a if b == _UNKNOWN else b)) for a, b in zip(layer.start, end, strict=True) if a != _UNKNOWN]


def _at(layer: Description, day: int) -> Description:
    start = layer.start if layer.start is not None else np.empty(0)
    end = start if layer.end is None else layer.end
    keep = (start == _UNKNOWN) | ((start <= day) & ((end >= day) | (end == _UNKNOWN)))
    at = np.flatnonzero(keep)
    labels, frames = layer.labels, layer.frames
    if labels is not None:
        labels = replace(labels, text=tuple(labels.text[i] for i in at), rank=tuple(labels.rank[i] for i in at))
    if frames is not None:
        frames = replace(frames, codes=tuple(frames.codes[i] for i in at), boxes=tuple(frames.boxes[i] for i in at))
    return replace(
        layer,
        table=layer.table[keep],
        style_of=layer.style_of[keep],
        start=start[keep],
        end=end[keep],
        labels=labels,
        frames=frames,
    )
