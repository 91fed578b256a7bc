"""The depth echelons of a defence line, darkest near the border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from geoconflict.maps.classes import PaletteLike, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, floats
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style
from geoconflict.units import format_length

FIELDS = (
    PopupField("depth_echelon", "Echelon", "number"),
    PopupField("inner_m", "From", "length_m"),
    PopupField("outer_m", "To", "length_m"),
    PopupField("depth_text", "Source wording"),
    PopupField("area_m2", "Area", "area_m2"),
    PopupField("owner", "Owner"),
    PopupField("facing", "Facing"),
    PopupField("contents", "Contents"),
    PopupField("status", "Status", "word"),
    PopupField("status_date", "Status as of", "date"),
    PopupField("account", "Version shown"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)


@dataclass(frozen=True, eq=False)
class Echelons(Layer):
    """Depth echelons, in one hue from dark to light.

    Parameters
    ----------
    table : GeoDataFrame
        An ECHELONS table; needs ``depth_echelon`` and ``name``.
    palette : Palette, str or sequence of str
        Colours from the echelon nearest the border inwards.
    fill_opacity : float

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame({"depth_echelon": [1], "name": ["First echelon"], "inner_m": [0.0], "outer_m": [5e3]},
    ...     geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> Echelons(frame).describe().legend[0].label
    'First echelon, 0–5 km'
    """

    palette: PaletteLike = ("#8c3a1e", "#cc7a3b", "#eac086")
    fill_opacity: float = 0.42

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = AREAS
    needs: ClassVar[tuple[str, ...]] = ("depth_echelon", "name")
    numbers: ClassVar[tuple[str, ...]] = ("depth_echelon",)
    measures: ClassVar[tuple[str, ...]] = ("inner_m", "outer_m")
    title: ClassVar[str] = "Defence in depth"

    def describe(self) -> LayerSpec:
        """Return the echelons, with the first one first in the legend."""
        rows, notes = self.rows()
        depth = floats(rows["depth_echelon"]).astype(int)
        order = sorted({int(d) for d in depth})
        colours = dict(zip(order, palette_of(self.palette).pick(len(order)), strict=True))
        styles = tuple(
            Style(stroke=colours[d], fill=colours[d], width_px=1.0, fill_opacity=self.fill_opacity) for d in order
        )
        style_of = np.array([order.index(int(d)) for d in depth], dtype=np.int64)
        legend = tuple(
            LegendEntry(self._label(rows[depth == d], d), styles[i], int((depth == d).sum()), i)
            for i, d in enumerate(order)
        )
        return self.finish(
            LayerSpec(
                self.heading,
                "area",
                rows,
                styles,
                style_of,
                legend,
                title_column="name",
            ),
            notes,
        )

    @staticmethod
    def _label(frame: pd.DataFrame, depth: int) -> str:
        names = list(dict.fromkeys(frame["name"].dropna().astype(str)))
        name = names[0] if len(names) == 1 else f"Echelon {depth}"
        if not {"inner_m", "outer_m"} <= set(frame.columns):
            return name
        spans = np.unique(np.column_stack([floats(frame["inner_m"]), floats(frame["outer_m"])]), axis=0)
        if len(spans) != 1 or np.isnan(spans).any() or "km" in name:
            return name
        inner, outer = spans[0].tolist()
        return f"{name}, {format_length(inner).removesuffix(' km')}–{format_length(outer)}"
