"""Zones: named areas, such as airspace or maritime zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from geoconflict.maps.classes import CATEGORIES, PaletteLike, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, by_name, check, check_days, label_texts, validity
from geoconflict.maps.spec import Labels, LayerSpec, PopupField

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
    """Named areas, with a colour for each name.

    Parameters
    ----------
    table : GeoDataFrame
        A ZONES table; needs ``name``.
    palette : Palette, str or sequence of str
        Colours of the names, in order of appearance; repeated colours are hatched.
    fill_opacity : float
    by : str
        Column that sets the colour.
    labels : bool
        Whether names are shown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> [entry.label for entry in Zones(frame).describe().legend]
    ['a', 'b']
    """

    palette: PaletteLike = CATEGORIES
    fill_opacity: float = 0.3
    by: str = "name"
    labels: bool = False

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = AREAS
    needs: ClassVar[tuple[str, ...]] = ("name",)
    title: ClassVar[str] = "Zones"

    def __post_init__(self) -> None:
        """Check the table and its dates."""
        super().__post_init__()
        check(self.table, accepts=self.accepts, needs=(self.by,), what="the table of Zones")
        check_days(self.table, what="the table of Zones")

    def describe(self) -> LayerSpec:
        """Return the areas, coloured by the column ``by``."""
        rows, notes = self.rows()
        styles, style_of, legend, shared = by_name(
            rows[self.by], palette_of(self.palette).colours, fill_opacity=self.fill_opacity, other="not named"
        )
        start, end = validity(rows)
        return self.finish(
            LayerSpec(
                self.heading,
                "area",
                rows,
                styles,
                style_of,
                legend,
                title_column="name",
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
            text=label_texts(rows),
            rank=(1e6,) * len(rows),
            placement="centre",
            italic=True,
        )
