"""Border crossings, by status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from geoconflict.maps.layers.base import POINTS, Layer, by_category, label_texts, uncertainty
from geoconflict.maps.spec import Labels, LayerSpec, PopupField, Style

FIELDS = (
    PopupField("name_a", "Name on one side"),
    PopupField("name_b", "Name on the other side"),
    PopupField("country_a", "Country"),
    PopupField("country_b", "Other country"),
    PopupField("kind", "Crossing type", "word"),
    PopupField("status", "Status", "word"),
    PopupField("status_date", "Status since", "date"),
    PopupField("distance_to_border_m", "Distance to the border", "length_m"),
    PopupField("location_uncertainty_m", "Location uncertainty", "uncertainty_m"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("source_date", "Source date", "date"),
    PopupField("notes", "Notes"),
)
_STYLES = {
    "open": ("open crossing", Style(stroke="#1c5d99", fill="#ffffff", fill_opacity=1.0, width_px=2.0, radius_px=4.5)),
    "restricted": (
        "restricted crossing",
        Style(stroke="#1c5d99", fill="#bcd3e8", fill_opacity=1.0, width_px=2.0, radius_px=4.5, marker="diamond"),
    ),
    "closed": (
        "closed crossing",
        Style(stroke="#1c1c1c", fill="#1c1c1c", fill_opacity=1.0, width_px=1.6, radius_px=4.5, marker="cross"),
    ),
}
_UNKNOWN = (
    "crossing, status unknown",
    Style(stroke="#5f6b76", fill="#ffffff", fill_opacity=1.0, width_px=1.6, radius_px=4.0, marker="square"),
)


@dataclass(frozen=True, eq=False)
class Crossings(Layer):
    """Border crossings; shape and colour show the status.

    Parameters
    ----------
    table : GeoDataFrame
        A CROSSINGS table; needs ``name`` and ``status``.
    labels : bool
        Whether names are shown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"name": ["Medininkai"], "status": ["open"]}, geometry=[Point(25.65, 54.54)], crs=4326)
    >>> Crossings(frame).describe().legend[0].label
    'open crossing'
    """

    labels: bool = True

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = POINTS
    needs: ClassVar[tuple[str, ...]] = ("name", "status")
    measures: ClassVar[tuple[str, ...]] = ("location_uncertainty_m",)
    title: ClassVar[str] = "Border crossings"

    def describe(self) -> LayerSpec:
        """Return the crossings by status."""
        rows, notes = self.rows()
        table, style_of, legend = by_category(rows["status"], _STYLES, other=_UNKNOWN)
        labels = None
        if self.labels:
            labels = Labels(label_texts(rows), (5.0,) * len(rows), size_px=10.5, colour="#3c4d5c", min_zoom=8)
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
