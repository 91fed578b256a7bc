"""Countries, as the background of a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from geoconflict.maps.layers.base import AREAS, Layer, label_texts
from geoconflict.maps.spec import Labels, LayerSpec, Style

LAND = Style(stroke="#bdb6a8", fill="#f5f2ea", width_px=0.7, fill_opacity=1.0)


@dataclass(frozen=True, eq=False)
class Countries(Layer):
    """Countries as a background: land, outlines and labels.

    Parameters
    ----------
    table : GeoDataFrame
        A COUNTRIES table; ``name`` is the label.
    style : Style
    labels : bool
        Whether names are shown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> land = gpd.GeoDataFrame({"name": ["Eastland"]}, geometry=[box(10, 50, 12, 51)], crs="EPSG:4326")
    >>> Countries(land).describe().background
    True
    """

    style: Style = LAND
    labels: bool = True

    accepts: ClassVar[tuple[str, ...]] = AREAS
    title: ClassVar[str] = "Countries"

    def describe(self) -> LayerSpec:
        """Return land, outlines and labels."""
        rows, notes = self.rows()
        labels = None
        if self.labels and "name" in rows.columns:
            # Larger areas have priority, so that an enclave does not hide the label of a country.
            area = np.asarray(rows.geometry.array.bounds.T, dtype=float) if len(rows) else np.empty((4, 0))
            size = (area[2] - area[0]) * (area[3] - area[1])
            labels = Labels(
                text=label_texts(rows),
                rank=tuple(float(s) for s in size),
                size_px=12.0,
                colour="#6d6658",
                upper=True,
                placement="centre",
            )
        return self.finish(
            LayerSpec(
                self.heading,
                "area",
                rows,
                (self.style,),
                np.zeros(len(rows), dtype=np.int64),
                legend=(),
                labels=labels,
                interactive=False,
                background=True,
            ),
            notes,
        )
