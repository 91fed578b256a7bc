"""Named places: towns, military bases, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from geoconflict.maps.layers.base import POINTS, Layer, by_category, label_texts, uncertainty
from geoconflict.maps.spec import Labels, LayerSpec, PopupField, Style

FIELDS = (
    PopupField("kind", "Type", "word"),
    PopupField("country", "Country"),
    PopupField("population", "Population", "number"),
    PopupField("location_uncertainty_m", "Location uncertainty", "uncertainty_m"),
    PopupField("distance_to_border_m", "Distance to the border", "length_m"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("source_date", "Source date", "date"),
    PopupField("notes", "Notes"),
)
_DARK = "#1f1f1f"
_STYLES = {
    "capital": (
        "capital",
        Style(stroke=_DARK, fill="#ffffff", fill_opacity=1, width_px=1.6, radius_px=4.5, marker="star"),
    ),
    "city": ("town", Style(stroke=_DARK, fill="#ffffff", fill_opacity=1, width_px=1.5, radius_px=3.2)),
    "base": (
        "base",
        Style(stroke="#ffffff", fill="#26384f", fill_opacity=1, width_px=1.0, radius_px=4.5, marker="bar"),
    ),
    "gap": ("gap", Style(stroke=_DARK, fill=None, width_px=1.6, radius_px=5, marker="ring")),
}
_ALIAS = {"town": "city", "village": "city", "settlement": "city", "barracks": "base", "airfield": "base"}
_OTHER = ("place", Style(stroke=_DARK, fill="#ffffff", fill_opacity=1, width_px=1.4, radius_px=3.0))


@dataclass(frozen=True, eq=False)
class Places(Layer):
    """Named places; larger populations have priority for labels.

    Parameters
    ----------
    table : GeoDataFrame
        A PLACES table; needs ``name``.
    labels : bool
        Whether names are shown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"name": ["Rukla"], "kind": ["base"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> Places(frame).describe().labels.text
    ('Rukla',)
    """

    labels: bool = True

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = POINTS
    needs: ClassVar[tuple[str, ...]] = ("name",)
    measures: ClassVar[tuple[str, ...]] = ("location_uncertainty_m",)
    title: ClassVar[str] = "Places"

    def describe(self) -> LayerSpec:
        """Return the places and their labels."""
        rows, notes = self.rows()
        kinds = rows["kind"] if "kind" in rows.columns else pd.Series(None, index=rows.index, dtype="object")
        table, style_of, legend = by_category(kinds.replace(_ALIAS), _STYLES, other=_OTHER)
        people = rows["population"] if "population" in rows.columns else pd.Series(float("nan"), index=rows.index)
        rank = 1000.0 + pd.to_numeric(people, errors="coerce").fillna(0.0).astype(float)
        rank = rank.where(~kinds.isin(["base", "gap", "capital"]).to_numpy(), rank + 1e7)
        labels = Labels(label_texts(rows), tuple(float(r) for r in rank), size_px=12.5) if self.labels else None
        return self.finish(
            LayerSpec(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column="name",
                labels=labels,
                uncertainty_m=uncertainty(rows),
            ),
            notes,
        )
