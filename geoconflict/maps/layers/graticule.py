"""Meridians and parallels, at steps that follow the scale."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from geoconflict.crs import WGS84
from geoconflict.maps.scene import Description, Drawable, LegendEntry, Style

LINE = Style(stroke="#5f7179", width_px=0.8, stroke_opacity=0.55)


@dataclass(frozen=True, eq=False)
class Graticule(Drawable):
    """Meridians and parallels, named where they leave the view.

    The page chooses the step by the zoom, from 30 degrees down to one minute; the printed
    figure draws these lines in place of its own.

    Parameters
    ----------
    style : Style
    labels : bool
        Whether the degrees are written at the edges.

    Examples
    --------
    >>> layer = Graticule().describe()
    >>> layer.kind, layer.background, layer.bounds()
    ('graticule', False, None)
    """

    style: Style = field(default=LINE)
    labels: bool = True

    title: ClassVar[str] = "Graticule"

    def describe(self) -> Description:
        """Return the look of the lines; they have no rows."""
        import geopandas as gpd

        return self.finish(
            Description(
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
