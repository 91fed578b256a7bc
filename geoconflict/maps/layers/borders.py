"""Borders, by the type of each section: land or river, lake, sea."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar

import pandas as pd

from geoconflict.maps.layers.base import LINES, Layer, by_category, floats
from geoconflict.maps.spec import LayerSpec, PopupField, Style
from geoconflict.units import format_length

FIELDS = (
    PopupField("kind", "Border type", "word"),
    PopupField("length_m", "Length at full resolution", "length_m"),
    PopupField("_resolution", "Line detail"),
    PopupField("disputed", "Disputed"),
    PopupField("worldview", "Boundaries", "word"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
    PopupField("source_date", "Data as of", "date"),
    PopupField("licence", "Licence"),
)
# Rivers are drawn like land; the popup shows the type.
_LOOK: dict[str, tuple[str, tuple[float, ...]]] = {
    "land": ("on land or a river", ()),
    "lake": ("in a lake", (6.0, 4.0)),
    "sea": ("at sea", (2.0, 4.0)),
}


@dataclass(frozen=True, eq=False)
class Borders(Layer):
    """Common borders; dashes show the type of each section.

    Parameters
    ----------
    table : GeoDataFrame
        A BORDERS table.
    style : Style
        Style of the sections on land.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> frame = gpd.GeoDataFrame({"kind": ["land"]}, geometry=[LineString([(0, 0), (1, 1)])], crs="EPSG:4326")
    >>> Borders(frame).describe().legend[0].label
    'Border'
    """

    style: Style = field(default=Style(stroke="#2b2b2b", width_px=2.4, casing="#ffffff"))

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = LINES
    measures: ClassVar[tuple[str, ...]] = ("resolution_m",)
    title: ClassVar[str] = "Border"

    def describe(self) -> LayerSpec:
        """Return the sections by type."""
        rows, notes = self.rows()
        kinds = rows["kind"] if "kind" in rows.columns else pd.Series("land", index=rows.index)
        found = kinds.replace("river", "land")
        several = len(found.dropna().unique()) > 1
        styles = {
            kind: (words if several else self.heading, replace(self.style, dash_px=dash))
            for kind, (words, dash) in _LOOK.items()
        }
        table, style_of, legend = by_category(found, styles, other=(self.heading, self.style))
        shown = rows
        if {"country_a", "country_b"} <= set(rows.columns):
            pair = rows["country_a"].astype("string") + " – " + rows["country_b"].astype("string")
            shown = rows.assign(_title=pair)
        if "resolution_m" in rows.columns:
            shown = shown.assign(_resolution=[_line_detail(metres) for metres in floats(rows["resolution_m"])])
        return self.finish(
            LayerSpec(
                self.heading,
                "line",
                shown,
                table,
                style_of,
                legend,
                title_column="_title" if "_title" in shown.columns else None,
            ),
            notes,
        )


def _line_detail(metres: float) -> str | None:
    """Describe the simplification of a line; 0 is the resolution of the source, which has its own errors."""
    if math.isnan(metres):
        return None
    return (
        "full resolution of the source"
        if metres == 0
        else f"simplified with a tolerance of {format_length(metres, 'm')}"
    )
