"""Distance bands along a line, darkest near the line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from geoconflict.maps.classes import DISTANCE, PaletteLike, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, floats
from geoconflict.maps.layers.zones import FIELDS
from geoconflict.maps.spec import LayerSpec, LegendEntry, PopupField, Style


@dataclass(frozen=True, eq=False)
class Bands(Layer):
    """Distance bands, in one hue from dark to light.

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

    def describe(self) -> LayerSpec:
        """Return the bands, with the nearest one first in the legend."""
        rows, notes = self.rows()
        edges = list(zip(floats(rows["band_inner_m"]), floats(rows["band_outer_m"]), strict=True))
        order = sorted(set(edges))
        colours = palette_of(self.palette).pick(len(order))
        styles = tuple(Style(stroke=c, fill=c, width_px=1.0, fill_opacity=self.fill_opacity) for c in colours)
        style_of = np.array([order.index(edge) for edge in edges], dtype=np.int64)
        counts = np.bincount(style_of, minlength=len(order))
        names = [str(rows["name"].iloc[edges.index(edge)]) for edge in order]
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
