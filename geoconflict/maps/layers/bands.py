"""Distance bands along a line, darkest near the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from geoconflict.maps.classes import DISTANCE, PaletteLike, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, floats, has_values
from geoconflict.maps.layers.zones import FIELDS
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style


@dataclass(frozen=True, eq=False)
class Bands(Layer):
    """Distance bands, in one hue from dark to light.

    Bands of several countries have an entry for each country in the legend; every second country
    is hatched.

    Parameters
    ----------
    table : GeoDataFrame
        ZONES with ``band_inner_m`` and ``band_outer_m``.
    palette : Palette, str or sequence of str
        Colours from the nearest band to the farthest one.
    fill_opacity : float

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> frame = gpd.GeoDataFrame(
    ...     {"name": ["5–20 km", "0–5 km"], "band_inner_m": [5e3, 0.0], "band_outer_m": [2e4, 5e3]},
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs="EPSG:4326")
    >>> [entry.label for entry in Bands(frame).describe().legend]
    ['0–5 km', '5–20 km']
    """

    palette: PaletteLike = DISTANCE
    fill_opacity: float = 0.42

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = AREAS
    needs: ClassVar[tuple[str, ...]] = ("name", "band_inner_m", "band_outer_m")
    numbers: ClassVar[tuple[str, ...]] = ("band_inner_m", "band_outer_m")
    title: ClassVar[str] = "Distance from the line"

    @property
    def heading(self) -> str:
        """Name in the legend; bands of a country are measured from its border."""
        of_border = has_values(self.table, "country") or has_values(self.table, "worldview")
        return self.name or ("Distance from the border" if of_border else self.title)

    def describe(self) -> LayerSpec:
        """Return the bands, with the nearest one of each country first in the legend."""
        rows, notes = self.rows()
        edges = list(zip(floats(rows["band_inner_m"]), floats(rows["band_outer_m"]), strict=True))
        order = sorted(set(edges))
        colours = palette_of(self.palette).pick(len(order))
        countries = rows["country"].tolist() if has_values(rows, "country") else [None] * len(rows)
        countries = [None if pd.isna(country) else str(country) for country in countries]
        several = list(dict.fromkeys(countries))
        keys = list(zip(countries, edges, strict=True))
        kinds = [(country, edge) for country in several for edge in order if (country, edge) in keys]
        styles = tuple(
            self._style(colours[order.index(edge)], hatch=several.index(country) % 2 == 1) for country, edge in kinds
        )
        style_of = np.array([kinds.index(key) for key in keys], dtype=np.int64)
        counts = np.bincount(style_of, minlength=len(kinds))
        names = [str(rows["name"].iloc[keys.index(kind)]) for kind in kinds]
        if len(several) > 1:
            names = [f"{country}: {name}" if country else name for (country, _), name in zip(kinds, names, strict=True)]
        legend = tuple(
            LegendEntry(n, s, int(c), i) for i, (n, s, c) in enumerate(zip(names, styles, counts, strict=True))
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

    def _style(self, colour: str, *, hatch: bool) -> Style:
        # Hatching covers about a fifth of the area, so it needs a higher opacity.
        opacity = min(1.0, 2.5 * self.fill_opacity) if hatch else self.fill_opacity
        return Style(stroke=colour, fill=colour, width_px=1.0, fill_opacity=opacity, hatch=hatch)
