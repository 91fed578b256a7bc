"""Fortification sites: single structures and depots of a defence line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from geoconflict.maps.layers.base import POINTS, Layer, by_category, label_texts, uncertainty
from geoconflict.maps.spec import Labels, LayerSpec, Marker, PopupField, Style
from geoconflict.vocabulary import FortificationType

FIELDS = (
    PopupField("fortification_type", "Type", "word"),
    PopupField("count_min", "Minimum count", "number"),
    PopupField("count_max", "Maximum count", "number"),
    PopupField("owner", "Owner"),
    PopupField("facing", "Facing"),
    PopupField("status", "Status", "word"),
    PopupField("status_date", "Status as of", "date"),
    PopupField("location_uncertainty_m", "Location uncertainty", "uncertainty_m"),
    PopupField("illustrative", "Illustrative"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)
_SHAPE: dict[str, Marker] = {
    "depot": "square",
    "bunker": "bar",
    "fort": "hexagon",
    "strongpoint": "hexagon",
    "demolition": "cross",
    "road_block": "cross",
    "watchtower": "triangle",
    "sensor": "wedge",
}


@dataclass(frozen=True, eq=False)
class Sites(Layer):
    """Fortification sites by type; rows without a location are listed in the notes of the map.

    Parameters
    ----------
    table : GeoDataFrame
        A SITES table; needs ``fortification_type``.
    labels : bool
        Whether names are shown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"fortification_type": ["depot"], "name": ["Park"]}, geometry=[Point(24, 55)], crs=4326)
    >>> Sites(frame).describe().legend[0].label
    'depot'
    """

    labels: bool = False

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = POINTS
    needs: ClassVar[tuple[str, ...]] = ("fortification_type",)
    measures: ClassVar[tuple[str, ...]] = ("count_min", "count_max", "location_uncertainty_m")
    title: ClassVar[str] = "Sites"

    def describe(self) -> LayerSpec:
        """Return the sites by type."""
        rows, _ = self.rows()
        styles = {
            kind.value: (
                kind.label,
                Style(
                    stroke="#ffffff",
                    fill="#26384f",
                    fill_opacity=1.0,
                    width_px=1.2,
                    radius_px=5.5,
                    marker=_SHAPE.get(kind.value, "diamond"),
                ),
            )
            for kind in FortificationType
        }
        other = ("other fortifications", Style(stroke="#ffffff", fill="#555555", fill_opacity=1.0))
        table, style_of, legend = by_category(rows["fortification_type"], styles, other=other)
        labels = None
        if self.labels and "name" in rows.columns:
            labels = Labels(label_texts(rows), (10.0,) * len(rows), size_px=11.0, min_zoom=7)
        return self.finish(
            LayerSpec(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column="name" if "name" in rows.columns else None,
                labels=labels,
                uncertainty_m=uncertainty(rows),
            ),
            self._unplaced(),
        )

    def _unplaced(self) -> tuple[str, ...]:
        gone = self.table[self.table.geometry.isna() | self.table.geometry.is_empty]
        return tuple(f"Not drawn, because the location is unknown: {_count(row)}." for _, row in gone.iterrows())


def _count(row: pd.Series) -> str:
    name = row.get("name")
    label = str(name) if name is not None and not pd.isna(name) else str(row["fortification_type"]).replace("_", " ")
    given = (row.get("count_min"), row.get("count_max"))
    low, high = (None if pd.isna(value) else float(value) for value in given)
    if low is None:
        return label if high is None else f"{label} (up to {high:.15g})"
    if high is None:
        return f"{label} (at least {low:.15g})"
    return f"{label} ({low:.15g})" if low == high else f"{label} ({low:.15g} to {high:.15g})"
