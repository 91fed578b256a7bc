"""Simplification of lines and outlines for the page, within a number of vertices for each layer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geoconflict.maps.spec import LayerSpec, format_count
from geoconflict.maps.words import Words
from geoconflict.units import format_length

WHOLE = 20_000  # a layer with at most this many vertices is not simplified
BUDGET = 250_000  # vertices of a layer that a page redraws without delay
FINEST_DEG = 3e-5  # about 3 m: less than a pixel up to zoom 15
_METRES_A_DEGREE = 111_320
_NOTE_M = 5.0  # a coarser background is noted on the map


@dataclass(frozen=True)
class Detail:
    """A layer with simplified lines or outlines.

    Attributes
    ----------
    spec : LayerSpec
        With simplified geometry.
    tolerance_deg : float
        Simplification tolerance in degrees; 0 if nothing was simplified.
    before, after : int
        Number of vertices in the table and after simplification.
    """

    spec: LayerSpec
    tolerance_deg: float
    before: int
    after: int

    def note(self, words: Words) -> str | None:
        """Return a note with the tolerance; None if it cannot be seen."""
        metres = self.tolerance_deg * _METRES_A_DEGREE
        if self.before == self.after or (self.spec.background and metres <= _NOTE_M):
            return None
        within = format_length(float(f"{metres:.1g}"), "km" if metres >= 1000 else "m")
        if self.spec.background:
            return words.say(
                "Background: simplified with a tolerance of about {length}; measurements use the full data.",
                length=within,
            )
        return words.say(
            "{layer}: simplified with a tolerance of about {length} ({n} of {all} vertices); measurements use the full data.",
            layer=words.term(self.spec.name),
            length=within,
            n=format_count(self.after),
            all=format_count(self.before),
        )


def slim(spec: LayerSpec, *, coarse_deg: float, whole: int = WHOLE, budget: int = BUDGET) -> Detail:
    """Simplify the lines and outlines of a layer.

    A layer with at most ``whole`` vertices is not changed. A larger one is simplified (Douglas
    and Peucker 1973) with a tolerance of about 3 m, doubled until at most ``budget`` vertices
    are left. A background is simplified with ``coarse_deg``, less than a pixel at the first view.

    Parameters
    ----------
    spec : LayerSpec
    coarse_deg : float
        Tolerance for a background.
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
    if spec.kind not in {"area", "line"} or not len(spec.table):
        return Detail(spec, 0.0, 0, 0)
    shapes = np.asarray(spec.table.geometry.array, dtype=object)
    before = int(shapely.get_num_coordinates(shapes).sum())
    if spec.background:
        tolerance = coarse_deg
    elif before <= whole:
        return Detail(spec, 0.0, before, before)
    else:
        # Keep the shape of many small areas: at least eight vertices for each ring.
        rings = int(shapely.get_num_interior_rings(shapely.get_parts(shapes)).clip(0).sum()) + _parts(shapes)
        if before <= 8 * rings:
            return Detail(spec, 0.0, before, before)
        budget = max(budget, 8 * rings)
        tolerance = FINEST_DEG
        # Counting does not need valid outlines, and is ten times faster without.
        while _count(shapes, tolerance) > budget and tolerance < 1:
            tolerance *= 2
    thin = simplify(shapes, tolerance)
    slimmed = replace(spec, table=spec.table.set_geometry(thin))
    return Detail(slimmed, tolerance, before, int(shapely.get_num_coordinates(thin).sum()))


def simplify(shapes: np.ndarray, tolerance_deg: float) -> np.ndarray:
    """Simplify shapes; a shape that would become empty is kept."""
    if tolerance_deg <= 0:
        return shapes
    thin = shapely.simplify(shapes, tolerance_deg, preserve_topology=True)
    gone = shapely.is_empty(thin) & ~shapely.is_empty(shapes)
    return np.where(gone, shapes, thin)


def _count(shapes: np.ndarray, tolerance_deg: float) -> int:
    return int(shapely.get_num_coordinates(shapely.simplify(shapes, tolerance_deg, preserve_topology=False)).sum())


def _parts(shapes: np.ndarray) -> int:
    return int(shapely.get_num_geometries(shapes).sum())
