"""Named places: towns, bases, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from geoconflict.maps.layers.points import label_texts, uncertainty
from geoconflict.maps.scene import Description, Labels, Layer, PopupField, Style, by_category, present

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
    """Places with their names; the more inhabitants, the sooner a name is written.

    Parameters
    ----------
    table : GeoDataFrame
        PLACES; ``name`` is needed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"name": ["Rukla"], "kind": ["base"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> Places(frame).describe().labels.text
    ('Rukla',)
    """

    accepts: ClassVar[tuple[str, ...]] = ("Point",)
    needs: ClassVar[tuple[str, ...]] = ("name",)
    title: ClassVar[str] = "Places"

    def describe(self) -> Description:
        """Return the places and their names."""
        rows, notes = self.rows()
        kinds = rows["kind"] if "kind" in rows.columns else pd.Series(None, index=rows.index, dtype="object")
        table, style_of, legend = by_category(kinds.replace(_ALIAS), _STYLES, other=_OTHER)
        people = rows["population"] if "population" in rows.columns else pd.Series(float("nan"), index=rows.index)
        rank = 1000.0 + pd.to_numeric(people, errors="coerce").fillna(0.0).astype(float)
        rank = rank.where(~kinds.isin(["base", "gap", "capital"]).to_numpy(), rank + 1e7)
        return self.finish(
            Description(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column="name",
                fields=present(rows, FIELDS),
                labels=Labels(label_texts(rows), tuple(float(r) for r in rank), size_px=12.5),
                uncertainty_m=uncertainty(rows),
            ),
            notes,
        )
