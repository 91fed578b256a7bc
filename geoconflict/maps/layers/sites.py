"""Sites: single works and stores of a defence line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from geoconflict.maps.layers.points import label_texts, uncertainty
from geoconflict.maps.scene import Description, Labels, Layer, Marker, PopupField, Style, by_category, present
from geoconflict.vocabulary import FortificationType

if TYPE_CHECKING:
    import pandas as pd

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
    """Single works, by type; a count without a place is told in the notes, not drawn.

    Parameters
    ----------
    table : GeoDataFrame
        SITES; ``fortification_type`` is needed.
    labels : bool
        Whether names are written on the map.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"fortification_type": ["depot"], "name": ["Park"]}, geometry=[Point(24, 55)], crs=4326)
    >>> Sites(frame).describe().legend[0].label
    'depot'
    """

    labels: bool = False

    accepts: ClassVar[tuple[str, ...]] = ("Point",)
    needs: ClassVar[tuple[str, ...]] = ("fortification_type",)
    title: ClassVar[str] = "Sites"

    def describe(self) -> Description:
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
        other = ("other works", Style(stroke="#ffffff", fill="#555555", fill_opacity=1.0))
        table, style_of, legend = by_category(rows["fortification_type"], styles, other=other)
        labels = None
        if self.labels and "name" in rows.columns:
            labels = Labels(label_texts(rows), (10.0,) * len(rows), size_px=11.0, min_zoom=7)
        return self.finish(
            Description(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column="name" if "name" in rows.columns else None,
                fields=present(rows, FIELDS),
                labels=labels,
                uncertainty_m=uncertainty(rows),
            ),
            self._unplaced(),
        )

    def _unplaced(self) -> tuple[str, ...]:
        gone = self.table[self.table.geometry.isna() | self.table.geometry.is_empty]
        return tuple(f"Not drawn, since the places are not known: {_count(row)}." for _, row in gone.iterrows())


def _count(row: pd.Series) -> str:
    import pandas as pd

    name = row.get("name")
    said = str(name) if name is not None and not pd.isna(name) else str(row["fortification_type"]).replace("_", " ")
    low, high = row.get("count_min"), row.get("count_max")
    if low is None or pd.isna(low):
        return said if high is None or pd.isna(high) else f"{said} (up to {high:g})"
    if high is None or pd.isna(high):
        return f"{said} (at least {low:g})"
    return f"{said} ({low:g})" if low == high else f"{said} ({low:g} to {high:g})"
