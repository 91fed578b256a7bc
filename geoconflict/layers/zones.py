"""Zones: areas with a meaning, such as airspace, maritime zones or ground held by a side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from geoconflict.layers.base import (
    Description,
    Labels,
    Layer,
    LegendEntry,
    PopupField,
    Ramp,
    Style,
    by_category,
    days,
    present,
)

if TYPE_CHECKING:
    import numpy as np

FIELDS = (
    PopupField("country", "Country"),
    PopupField("band_inner_m", "From", "length_m"),
    PopupField("band_outer_m", "To", "length_m"),
    PopupField("area_m2", "Area", "area_m2"),
    PopupField("valid_from", "Valid from", "date"),
    PopupField("valid_to", "Valid to", "date"),
    PopupField("worldview", "Boundaries", "word"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
)


@dataclass(frozen=True, eq=False)
class Zones(Layer):
    """Areas with names, one colour a name or a colour for all.

    Parameters
    ----------
    table : GeoDataFrame
        ZONES; ``name`` is needed.
    ramp : Ramp
        Colours, given to the names in order of first appearance.
    fill_opacity : float
    by : str
        The column that decides the colour.
    labels : bool
        Whether names are written on the map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> [entry.label for entry in Zones(frame).describe().legend]
    ['a', 'b']
    """

    ramp: Ramp = field(default=Ramp(("#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd")))
    fill_opacity: float = 0.3
    by: str = "name"
    labels: bool = False

    accepts: ClassVar[tuple[str, ...]] = ("Polygon", "MultiPolygon")
    needs: ClassVar[tuple[str, ...]] = ("name",)
    title: ClassVar[str] = "Zones"

    def describe(self) -> Description:
        """Return the areas, coloured by the column ``by``."""
        rows, notes = self.rows()
        styles, style_of, legend = self._styles(rows)
        start, end = None, None
        if "valid_from" in rows.columns and bool(rows["valid_from"].notna().any()):
            start = days(rows["valid_from"])
            end = days(rows["valid_to"]) if "valid_to" in rows.columns else None
        return self.finish(
            Description(
                self.heading,
                "area",
                rows,
                styles,
                style_of,
                legend,
                title_column="name",
                fields=present(rows, FIELDS),
                labels=self._labels(rows),
                start=start,
                end=end,
            ),
            notes,
        )

    def _styles(self, rows: pd.DataFrame) -> tuple[tuple[Style, ...], np.ndarray, tuple[LegendEntry, ...]]:
        values = rows[self.by] if self.by in rows.columns else pd.Series(self.heading, index=rows.index)
        names = [str(v) for v in values.dropna().unique()]
        colours = [self.ramp.colours[i % len(self.ramp.colours)] for i in range(len(names))]
        styles = {
            n: (n, Style(stroke=c, fill=c, width_px=1.2, fill_opacity=self.fill_opacity))
            for n, c in zip(names, colours, strict=True)
        }
        other = ("not named", Style(stroke="#777777", fill="#777777", fill_opacity=self.fill_opacity))
        return by_category(values, styles, other=other)

    def _labels(self, rows: pd.DataFrame) -> Labels | None:
        if not self.labels:
            return None
        return Labels(
            text=tuple(None if pd.isna(v) else str(v) for v in rows["name"]),
            rank=(1e6,) * len(rows),
            placement="centre",
            italic=True,
        )
