"""Pack a layer's rows into bytes: columns of numbers and codes, deflated, in base64.

What is drawn first (places, styles, days) stands in one blob; of a large layer the other
columns stand in a second one, which the page reads once the first is drawn. Texts that hardly
repeat (notes) are in neither but in blocks of 4096 rows, each deflated by itself, so that a
popup inflates one block and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.maps.web.blob import Blob, smallest
from geoconflict.maps.web.cells import raster_frames
from geoconflict.maps.web.columns import Columns
from geoconflict.maps.web.shapes import lines_and_areas, unwrap

if TYPE_CHECKING:
    from geoconflict.maps.scene import Description, Style

LATER = 100_000
"""Above so many rows a layer's columns stand in a blob of their own."""
FINE = 20_000
"""Up to so many points, places take 32 bits a coordinate; above, 24."""
_LIMIT = 85.0511287798


@dataclass(frozen=True, slots=True)
class Packed:
    """A layer as the page carries it.

    Attributes
    ----------
    head : dict
        What the page needs before it inflates anything; JSON-able.
    blob : str
    rest : str
        The blob that is read later; empty for a small layer.
    notes : str
        Blocks of texts that hardly repeat, one after the other; may be empty.
    """

    head: dict[str, Any]
    blob: str
    rest: str
    notes: str


def pack(layer: Description, *, lon0: float, tolerance_deg: float) -> Packed:
    """Pack a described layer.

    Parameters
    ----------
    layer : Description
    lon0 : float
        The middle of the view; longitudes are written within 180 degrees of it.
    tolerance_deg : float
        How far lines and outlines were moved to save bytes: coordinates are written to a
        quarter of it; 0 where every vertex is there.

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
        # The slider tells days that are not known for certain, whatever the popups show.
        names.append("time_precision")
    columns = Columns(rest)
    core.head["style"] = core.add_codes(layer.style_of)
    columns.know("style", layer.style_of)
    if layer.start is not None:
        core.head["start"] = core.add(layer.start, delta=True)
        core.head["end"] = core.add(_lasting(layer.start, layer.end))
        if len(layer.start):
            # In 64 bits: an unknown day is the least number of 32.
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


def _head(layer: Description, names: list[str]) -> dict[str, Any]:
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
    """Return a style as the page reads it."""
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
    """Return the days from the first to the last of each row; what is not known stays a wrapped difference."""
    if end is None:
        return np.zeros(len(start), dtype=np.uint8)
    days = end.astype(np.int64) - start
    return smallest(days) if not len(days) or (days.min() >= 0 and days.max() < 2**16) else (end - start)


def mercator(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return places in Web Mercator with the world from 0 to 1, y downwards, shape (n, 2).

    Latitudes beyond 85.05 degrees stand at that edge.

    Examples
    --------
    >>> mercator(np.array([0.0, 180.0]), np.array([0.0, 90.0])).round(6).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    sine = np.sin(np.radians(np.clip(lat, -_LIMIT, _LIMIT)))
    return np.column_stack([lon / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)])


def _points(layer: Description, blob: Blob, lon0: float) -> None:
    lon, lat = layer.table.geometry.x.to_numpy(), layer.table.geometry.y.to_numpy()
    xy = mercator(unwrap(lon, lon0), lat)
    low = xy.min(axis=0) if len(xy) else np.zeros(2)
    span = np.maximum(xy.max(axis=0) - low, 1e-12) if len(xy) else np.ones(2)
    many = len(xy) > FINE
    steps = 2**24 - 1 if many else 2**32 - 1
    grid = np.rint((xy - low) / span * steps).astype(np.int64)
    described: dict[str, Any] = {"low": low.tolist(), "span": span.tolist(), "steps": steps}
    beyond = np.flatnonzero(np.abs(lat) > _LIMIT)
    if len(beyond):
        # Drawn at the edge of the map; told, and saved from the page, where they are.
        described["beyond"] = [[int(i), float(lat[i])] for i in beyond]
    if many:
        places, codes = np.unique(grid[:, 0] << 24 | grid[:, 1], return_inverse=True)
        if len(places) < 0.4 * len(xy):
            described["codes"] = blob.add_codes(codes)
            grid = np.column_stack([places >> 24, places & (2**24 - 1)])
        described["x"], described["y"] = blob.add_24(grid[:, 0]), blob.add_24(grid[:, 1])
    else:
        described["x"], described["y"] = blob.add(grid[:, 0].astype(np.uint32)), blob.add(grid[:, 1].astype(np.uint32))
    blob.head["points"] = described
