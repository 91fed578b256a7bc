"""Pack the rows of a layer for the page: positions, shapes and columns, compressed, in base64.

What is drawn first (positions, styles, dates) is in one blob; the other columns of a large layer
are in a second one, which the page reads after it has drawn the first. Texts that rarely repeat
(notes) are in blocks of 4096 rows, each compressed separately, so a popup decompresses one block.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geoconflict.maps.grids import LIMIT_DEG, mercator
from geoconflict.maps.spec import LayerSpec, Style
from geoconflict.maps.view import unwrap
from geoconflict.maps.web.blob import LEVEL, Blob, Columns, smallest

LATER = 100_000
"""With more rows, the columns of a layer are in a second blob."""
FINE = 20_000
"""Up to this number of points, coordinates have 32 bits; above, 24."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A layer as it is in the page.

    Attributes
    ----------
    head : dict
        JSON data that the page needs before it decompresses anything.
    blob : str
    rest : str
        The second blob; empty for a small layer.
    notes : str
        Blocks of texts that rarely repeat, concatenated; may be empty.
    """

    head: dict[str, Any]
    blob: str
    rest: str
    notes: str


def pack(layer: LayerSpec, *, lon0: float, tolerance_deg: float) -> Packed:
    """Pack a layer for the page.

    Parameters
    ----------
    layer : LayerSpec
    lon0 : float
        Central meridian of the view; longitudes are stored within 180 degrees of it.
    tolerance_deg : float
        Simplification tolerance of lines and outlines: coordinates are stored with a quarter of
        it as resolution; 0 if they are not simplified.

    Returns
    -------
    Packed
    """
    core = Blob()
    later = layer.kind == "point" and len(layer.table) > LATER
    rest = Blob() if later else core
    rows = layer.table
    names = list(dict.fromkeys([f.column for f in layer.fields] + list(layer.filters)))
    if layer.title_column and layer.title_column not in names:
        names.insert(0, layer.title_column)
    if layer.start is not None and "time_precision" in rows.columns and "time_precision" not in names:
        # The time slider marks uncertain dates, whatever the popups show.
        names.append("time_precision")
    columns = Columns(rest)
    core.head["style"] = core.add_codes(layer.style_of)
    columns.know("style", layer.style_of)
    if layer.start is not None:
        core.head["start"] = core.add(layer.start, delta=True)
        core.head["end"] = core.add(_lasting(layer.start, layer.end))
        if len(layer.start):
            # In 64 bits: an unknown day is the smallest 32-bit integer.
            columns.know("start", layer.start.astype(np.int64) - int(layer.start.min()))
    if layer.kind == "point":
        _points(layer, core, lon0)
    elif layer.kind == "raster":
        raster_frames(layer, core, lon0=lon0)
    elif layer.kind != "graticule":
        lines_and_areas(layer, core, lon0=lon0, tolerance_deg=tolerance_deg)
    rest.head["columns"] = [columns.add(i, rows[name]) for i, name in enumerate(names)]
    if layer.uncertainty_m is not None:
        rest.head["radius"] = columns.numbers(layer.uncertainty_m)
    if layer.labels is not None:
        core.head["labels"] = [
            [i, text, round(rank, 3)]
            for i, (text, rank) in enumerate(zip(layer.labels.text, layer.labels.rank, strict=True))
            if text
        ]
    return Packed(_head(layer, names), core.text(), rest.text() if later else "", "".join(columns.notes))


def _head(layer: LayerSpec, names: list[str]) -> dict[str, Any]:
    head: dict[str, Any] = {
        "name": layer.name,
        "kind": layer.kind,
        "n": len(layer.table),
        "visible": layer.visible,
        "interactive": layer.interactive,
        "background": layer.background,
        "styles": [style_dict(style) for style in layer.styles],
        "legend": [
            {"label": e.label, "style": style_dict(e.style), "count": e.count, "rows": e.rows} for e in layer.legend
        ],
        "columns": names,
        "title": None if layer.title_column is None else names.index(layer.title_column),
        "fields": [{"c": names.index(f.column), "label": f.label, "type": f.type} for f in layer.fields],
        "filters": [names.index(name) for name in layer.filters],
        "timed": layer.start is not None,
        "spacing": layer.spacing_m,
        "display": layer.display,
        "inTurn": layer.in_turn,
        "named": layer.named,
    }
    if layer.labels is not None:
        look = layer.labels
        head["labels"] = {
            "size": look.size_px,
            "colour": look.colour,
            "italic": look.italic,
            "upper": look.upper,
            "placement": look.placement,
            "minZoom": look.min_zoom,
        }
    return head


def style_dict(style: Style) -> dict[str, Any]:
    """Return a style as JSON data."""
    return {
        "stroke": style.stroke,
        "fill": style.fill,
        "width": style.width_px,
        "so": style.stroke_opacity,
        "fo": style.fill_opacity,
        "dash": list(style.dash_px),
        "marker": style.marker,
        "r": style.radius_px,
        "casing": style.casing,
        "hatch": style.hatch,
        "symbol": style.symbol,
        "planned": style.planned,
    }


def _lasting(start: np.ndarray, end: np.ndarray | None) -> np.ndarray:
    """Return the number of days from start to end; for unknown days the 32-bit difference wraps."""
    if end is None:
        return np.zeros(len(start), dtype=np.uint8)
    days = end.astype(np.int64) - start
    return smallest(days) if not len(days) or (days.min() >= 0 and days.max() < 2**16) else (end - start)


def _points(layer: LayerSpec, blob: Blob, lon0: float) -> None:
    lon, lat = layer.table.geometry.x.to_numpy(), layer.table.geometry.y.to_numpy()
    xy = np.column_stack([unwrap(lon, lon0) / 360 + 0.5, mercator(lat)])
    low = xy.min(axis=0) if len(xy) else np.zeros(2)
    span = np.maximum(xy.max(axis=0) - low, 1e-12) if len(xy) else np.ones(2)
    many = len(xy) > FINE
    steps = 2**24 - 1 if many else 2**32 - 1
    grid = np.rint((xy - low) / span * steps).astype(np.int64)
    entry: dict[str, Any] = {"low": low.tolist(), "span": span.tolist(), "steps": steps}
    beyond = np.flatnonzero(np.abs(lat) > LIMIT_DEG)
    if len(beyond):
        # Drawn at the edge of the map; popups and exports have the true latitude.
        entry["beyond"] = [[int(i), float(lat[i])] for i in beyond]
    if many:
        places, codes = np.unique(grid[:, 0] << 24 | grid[:, 1], return_inverse=True)
        if len(places) < 0.4 * len(xy):
            entry["codes"] = blob.add_codes(codes)
            grid = np.column_stack([places >> 24, places & (2**24 - 1)])
        entry["x"], entry["y"] = blob.add_24(grid[:, 0]), blob.add_24(grid[:, 1])
    else:
        entry["x"], entry["y"] = blob.add(grid[:, 0].astype(np.uint32)), blob.add(grid[:, 1].astype(np.uint32))
    blob.head["points"] = entry


SCALE = 1_000_000  # whole numbers of 1e-6 degrees, at most 0.11 m


def lines_and_areas(layer: LayerSpec, blob: Blob, *, lon0: float, tolerance_deg: float) -> None:
    """Add the rings or lines of a layer to a blob.

    The header gets ``shapes``: the number of points of each ring, the row of each ring (``first``
    marks exterior rings), and the coordinates as differences along each ring, in integers of
    ``1 / scale`` degrees; this resolution is a quarter of the tolerance, or 1e-6 degrees without one.
    Differences are stored as 32-bit integers or as byte planes, whichever compresses better.
    """
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    scale = SCALE if tolerance_deg <= 0 else min(SCALE, round(4 / tolerance_deg))
    parts, part_row = shapely.get_parts(shapes, return_index=True)
    # Simplification leaves closed lines smaller than the tolerance empty.
    there = ~shapely.is_empty(parts)
    parts, part_row = parts[there], part_row[there]
    if layer.kind == "area":
        rings, ring_part = shapely.get_rings(parts, return_index=True)
    else:
        rings, ring_part = parts, np.arange(len(parts))
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring_of, minlength=len(rings)) if len(rings) else np.empty(0, dtype=np.int64)
    part_box = shapely.bounds(parts) if len(parts) else np.empty((0, 4))
    middle = (part_box[:, 0] + part_box[:, 2]) / 2
    turn = unwrap(middle, lon0) - middle
    if len(coords):
        coords[:, 0] += turn[ring_part[ring_of]]
    whole = np.rint(coords * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else np.empty(0, np.int64)
    steps[starts] = whole[starts]
    first = np.ones(len(rings), dtype=np.uint8)
    if len(rings):
        first[1:] = ring_part[1:] != ring_part[:-1]
    blob.head["shapes"] = {
        "scale": scale,
        "points": blob.add(counts.astype(np.uint32)),
        "row": blob.add_codes(part_row[ring_part]),
        "first": blob.add(first),
        **_differences(steps.astype(np.int32), blob),
    }


def _differences(steps: np.ndarray, blob: Blob) -> dict[str, Any]:
    """Add the differences in the format that takes fewer bytes.

    Byte planes have the lowest byte of each number first, and the sign in the lowest bit: small
    differences leave all planes but one zero. Where outlines share borders, numbers repeat, and
    32-bit integers compress better.
    """
    zigzag = (steps.astype(np.int64) << 1 ^ steps.astype(np.int64) >> 63).astype(np.uint64)
    most = int(zigzag.max()) if zigzag.size else 0
    count = max(1, (most.bit_length() + 7) // 8)
    planes = {
        axis: np.concatenate([(zigzag[:, i] >> np.uint64(8 * k)).astype(np.uint8) for k in range(count)])
        for i, axis in enumerate("xy")
    }
    plain = sum(len(zlib.compress(np.ascontiguousarray(steps[:, i]).tobytes(), LEVEL)) for i in (0, 1))
    if sum(len(zlib.compress(plane.tobytes(), LEVEL)) for plane in planes.values()) < plain:
        return {"planes": count, "x": blob.add(planes["x"]), "y": blob.add(planes["y"])}
    return {"x": blob.add(steps[:, 0]), "y": blob.add(steps[:, 1])}


def raster_frames(layer: LayerSpec, blob: Blob, *, lon0: float) -> None:
    """Add the frames of a raster to a blob.

    The header gets ``raster``: for each frame its size, cells and box in Web Mercator (0 to 1, y
    downwards), and for each code its colour and text.
    """
    if layer.frames is None:
        return
    made = []
    for codes, box in zip(layer.frames.codes, layer.frames.boxes, strict=True):
        middle = box.west + box.width_deg / 2
        west = box.west - 360 * round((middle - lon0) / 360)
        top, bottom = mercator(np.array([box.north, box.south])).tolist()
        made.append(
            {
                "h": codes.shape[0],
                "w": codes.shape[1],
                "cells": blob.add(codes.ravel()),
                "box": [west / 360 + 0.5, top, (west + box.width_deg) / 360 + 0.5, bottom],
            }
        )
    blob.head["raster"] = {
        "frames": made,
        "palette": list(layer.frames.palette),
        "texts": list(layer.frames.texts),
        "opacity": layer.frames.opacity,
    }
