"""Zones: areas with a meaning, such as airspace, maritime zones or ground held by a side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import pandas as pd

from geoconflict.maps.colour import CATEGORIES
from geoconflict.maps.layers.areas import by_name, check_days, validity
from geoconflict.maps.scene import Description, Labels, Layer, PopupField, Ramp, present

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
        Colours, given to the names in order of first appearance; hatched when they come again.
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

    ramp: Ramp = field(default=Ramp(CATEGORIES))
    fill_opacity: float = 0.3
    by: str = "name"
    labels: bool = False

    accepts: ClassVar[tuple[str, ...]] = ("Polygon", "MultiPolygon")
    needs: ClassVar[tuple[str, ...]] = ("name",)
    title: ClassVar[str] = "Zones"

    def __post_init__(self) -> None:
        """Check the table and its days."""
        super().__post_init__()
        check_days(self.table, what="the table of Zones")

    def describe(self) -> Description:
        """Return the areas, coloured by the column ``by``."""
        rows, notes = self.rows()
        values = rows[self.by] if self.by in rows.columns else pd.Series(self.heading, index=rows.index)
        styles, style_of, legend, shared = by_name(
            values, self.ramp.colours, fill_opacity=self.fill_opacity, other="not named"
        )
        start, end = validity(rows)
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
                notes=tuple(f"{self.heading}: {note}" for note in shared),
            ),
            notes,
        )

    def _labels(self, rows: pd.DataFrame) -> Labels | None:
        if not self.labels:
            return None
        return Labels(
            text=tuple(None if pd.isna(v) else str(v) for v in rows["name"]),
            rank=(1e6,) * len(rows),
            placement="centre",
            italic=True,
        )
