"""Countries, as the quiet ground below everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from geoconflict.maps.scene import Description, Labels, Layer, Style, one_style

LAND = Style(stroke="#bdb6a8", fill="#f5f2ea", width_px=0.7, fill_opacity=1.0)


@dataclass(frozen=True, eq=False)
class Countries(Layer):
    """Countries as a background: land, outlines and names.

    Parameters
    ----------
    table : GeoDataFrame
        COUNTRIES; ``name`` is what is written on the map.
    style : Style
    names : bool
        Whether the names are written.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> land = gpd.GeoDataFrame({"name": ["Eastland"]}, geometry=[box(10, 50, 12, 51)], crs="EPSG:4326")
    >>> Countries(land).describe().background
    True
    """

    style: Style = LAND
    names: bool = True

    accepts: ClassVar[tuple[str, ...]] = ("Polygon", "MultiPolygon")
    title: ClassVar[str] = "Countries"

    def describe(self) -> Description:
        """Return the land, its outlines and names."""
        rows, _ = self.rows()
        style_of, _ = one_style(rows, self.heading, self.style)
        labels = None
        if self.names and "name" in rows.columns:
            # The size on the map decides which name wins, so that an enclave does not hide a country.
            area = np.asarray(rows.geometry.array.bounds.T, dtype=float) if len(rows) else np.empty((4, 0))
            size = (area[2] - area[0]) * (area[3] - area[1])
            labels = Labels(
                text=tuple(None if v is None or v != v else str(v) for v in rows["name"]),  # noqa: PLR0124 - NaN
                rank=tuple(float(s) for s in size),
                size_px=12.0,
                colour="#6d6658",
                upper=True,
                placement="centre",
            )
        return self.finish(
            Description(
                self.heading,
                "area",
                rows,
                (self.style,),
                style_of,
                legend=(),
                labels=labels,
                interactive=False,
                background=True,
            )
        )
