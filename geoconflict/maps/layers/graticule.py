"""The graticule: meridians and parallels, at an interval that follows the scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import geopandas as gpd
import numpy as np

from geoconflict.crs import WGS84
from geoconflict.maps.layers.base import Drawable
from geoconflict.maps.spec import LayerSpec, LegendEntry, Style

LINE = Style(stroke="#5f7179", width_px=0.8, stroke_opacity=0.55)


@dataclass(frozen=True, eq=False)
class Graticule(Drawable):
    """Meridians and parallels, labelled at the edges of the map.

    On the page the interval follows the zoom, from 30 degrees to one second of arc; the printed
    figure draws these lines instead of its default ones.

    Parameters
    ----------
    style : Style
    labels : bool
        Whether the lines are labelled.

    Examples
    --------
    >>> layer = Graticule().describe()
    >>> layer.kind, layer.background, layer.bounds()
    ('graticule', False, None)
    """

    style: Style = field(default=LINE)
    labels: bool = True

    title: ClassVar[str] = "Graticule"

    def describe(self) -> LayerSpec:
        """Return the style of the lines; there are no rows."""
        return self.finish(
            LayerSpec(
                self.heading,
                "graticule",
                gpd.GeoDataFrame(geometry=[], crs=WGS84),
                (self.style,),
                np.zeros(0, dtype=np.int64),
                (LegendEntry(self.heading, self.style, 0, 0),),
                interactive=False,
                named=self.labels,
            )
        )
