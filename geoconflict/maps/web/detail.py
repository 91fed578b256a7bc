"""How fine lines and outlines are drawn: as fine as a layer's budget of vertices allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geoconflict.units import format_length

if TYPE_CHECKING:
    from geoconflict.maps.scene import Description
    from geoconflict.maps.web.words import Words

WHOLE = 20_000  # vertices of a layer that is drawn with each of them
BUDGET = 250_000  # vertices of a layer that a page redraws without a delay
FINEST_DEG = 3e-5  # some 3 m: below a pixel down to zoom 15
_METRES_A_DEGREE = 111_320
_TOLD_M = 5.0


@dataclass(frozen=True)
class Detail:
    """What became of the lines or outlines of a layer.

    Attributes
    ----------
    description : Description
        With its geometry slimmed.
    tolerance_deg : float
        How far a line may lie from the table, in degrees; 0 where each vertex is there.
    before, after : int
        Vertices in the table, and drawn.
    """

    description: Description
    tolerance_deg: float
    before: int
    after: int

    def told(self, words: Words) -> str | None:
        """Say how coarse the lines are; None where nobody could see it."""
        metres = self.tolerance_deg * _METRES_A_DEGREE
        if self.before == self.after or (self.description.background and metres <= _TOLD_M):
            return None
        within = format_length(float(f"{metres:.1g}"), "km" if metres >= 1000 else "m")
        if self.description.background:
            return words.say(
                "Background: simplified with a tolerance of about {length}; measurements use the full data.",
                length=within,
            )
        return words.say(
            "{layer}: simplified with a tolerance of about {length} ({n} of {all} vertices); measurements use the full data.",
            layer=words.term(self.description.name),
            length=within,
            n=_counted(self.after),
            all=_counted(self.before),
        )


def slim(description: Description, *, coarse_deg: float, whole: int = WHOLE, budget: int = BUDGET) -> Detail:
    """Return a layer with its lines and outlines as fine as they may be.

    A layer of at most ``whole`` vertices keeps them all. A larger one is simplified (Douglas
    and Peucker 1973) to some 3 m, or to the finest doubling of that which leaves at most ``budget``
    vertices. A background takes ``coarse_deg``, which is below a pixel at the first view.

    Parameters
    ----------
    description : Description
    coarse_deg : float
        Tolerance of a background.
    whole, budget : int
        Numbers of vertices.

    Returns
    -------
    Detail

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from geoconflict.maps.layers import Borders
    >>> line = LineString([(i / 100, (i % 2) / 1e4) for i in range(100)])
    >>> layer = Borders(gpd.GeoDataFrame({"kind": ["land"]}, geometry=[line], crs="EPSG:4326")).describe()
    >>> slim(layer, coarse_deg=0.1).after, slim(layer, coarse_deg=0.1, whole=50, budget=50).after
    (100, 2)
    """
    if description.kind not in {"area", "line"} or not len(description.table):
        return Detail(description, 0.0, 0, 0)
    shapes = np.asarray(description.table.geometry.array, dtype=object)
    before = int(shapely.get_num_coordinates(shapes).sum())
    if description.background:
        tolerance = coarse_deg
    elif before <= whole:
        return Detail(description, 0.0, before, before)
    else:
        # Of many small shapes each vertex counts: fewer than eight a ring would be other shapes.
        rings = int(shapely.get_num_interior_rings(shapely.get_parts(shapes)).clip(0).sum()) + _parts(shapes)
        if before <= 8 * rings:
            return Detail(description, 0.0, before, before)
        budget = max(budget, 8 * rings)
        tolerance = FINEST_DEG
        # Counting needs no valid outlines, and is ten times as quick without.
        while _count(shapes, tolerance) > budget and tolerance < 1:
            tolerance *= 2
    thin = simplify(shapes, tolerance)
    slimmed = replace(description, table=description.table.set_geometry(thin))
    return Detail(slimmed, tolerance, before, int(shapely.get_num_coordinates(thin).sum()))


def simplify(shapes: np.ndarray, tolerance_deg: float) -> np.ndarray:
    """Return shapes with vertices moved by at most the tolerance; none vanishes."""
    if tolerance_deg <= 0:
        return shapes
    thin = shapely.simplify(shapes, tolerance_deg, preserve_topology=True)
    gone = shapely.is_empty(thin) & ~shapely.is_empty(shapes)
    return np.where(gone, shapes, thin)


def _count(shapes: np.ndarray, tolerance_deg: float) -> int:
    return int(shapely.get_num_coordinates(shapely.simplify(shapes, tolerance_deg, preserve_topology=False)).sum())


def _parts(shapes: np.ndarray) -> int:
    return int(shapely.get_num_geometries(shapes).sum())


def _counted(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
