"""One-sided bands along a line inside a country, and what lies in them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from geoconflict.crs import require_wgs84
from geoconflict.errors import InputError, UnitError
from geoconflict.schema import ZONES, conform
from geoconflict.units import METRES_PER, format_length, parse_metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


def bands(
    line: gpd.GeoDataFrame,
    edges: Sequence[str],
    country: gpd.GeoDataFrame,
    *,
    tol: float = 1e-4,
) -> gpd.GeoDataFrame:
    """Return the parts of a country by their distance from a line.

    A band holds every point of the country whose geodesic distance to the line is at
    least its inner edge and less than its outer edge; adjacent bands tile exactly.

    Parameters
    ----------
    line : GeoDataFrame
        A border or another line; its rows are taken together.
    edges : sequence of str
        At least two lengths with units, rising: ``["0 km", "5 km", "20 km"]``.
    country : GeoDataFrame
        The one country (or other area) on whose ground the bands lie.
    tol : float
        Worst relative error of the radii.

    Returns
    -------
    GeoDataFrame
        A table of ZONES, one row a band, the nearest first.

    Raises
    ------
    UnitError
        If an edge has no unit, or the edges do not rise.
    InputError
        If a band is empty: the country is narrower than its inner edge.
    CRSError, GeometryError

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, box
    >>> line = gpd.GeoDataFrame(geometry=[LineString([(10, 50), (10, 51)])], crs="EPSG:4326")
    >>> land = gpd.GeoDataFrame({"name": ["Eastland"]}, geometry=[box(10, 50, 12, 51)], crs="EPSG:4326")
    >>> bands(line, ["0 km", "5 km", "20 km"], land)["name"].tolist()
    ['0–5 km', '5–20 km']
    """
    import geopandas as gpd
    import shapely

    from geoconflict import geodesy

    require_wgs84(line, what="the line")
    require_wgs84(country, what="the country")
    metres = [parse_metres(edge, what="edge") for edge in edges]
    if len(metres) < 2 or any(b <= a for a, b in itertools.pairwise(metres)):
        msg = f"bands need at least two rising edges, found {', '.join(map(str, edges)) or 'none'}"
        raise UnitError(msg)
    ground = shapely.union_all(country.geometry.to_numpy())
    shapes = geodesy.bands(shapely.union_all(line.geometry.to_numpy()), ground, metres, tol=tol)
    names = _names(edges, metres)
    empty = [name for name, shape in zip(names, shapes, strict=True) if shape.is_empty]
    if empty:
        msg = f"no ground lies in {', '.join(empty)}: the country is narrower than that, or does not reach the line"
        raise InputError(msg)
    frame = gpd.GeoDataFrame(
        {
            "zone_id": [f"band-{inner:g}-{outer:g}" for inner, outer in itertools.pairwise(metres)],
            "name": names,
            "country": _one(country, "name"),
            "band_inner_m": metres[:-1],
            "band_outer_m": metres[1:],
            "area_m2": [float(geodesy.area(shape)) for shape in shapes],
            "tolerance": tol,
            "worldview": _one(country, "worldview"),
            "source": "; ".join(_all(line, "source") or _all(country, "source")) or None,
            "licence": "; ".join(dict.fromkeys([*_all(line, "licence"), *_all(country, "licence")])) or None,
            "attribution": "; ".join(dict.fromkeys([*_all(line, "attribution"), *_all(country, "attribution")]))
            or None,
            "method": f"ground of the country by geodesic distance to the line, WGS84, relative tolerance {tol:g}",
        },
        geometry=shapes,
        crs=line.crs,
    )
    return conform(frame, ZONES, what="the bands")


def inside(table: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, *, label: str = "name") -> gpd.GeoDataFrame:
    """Return the rows that lie in any zone, with the first zone's label.

    Parameters
    ----------
    table : GeoDataFrame
        Points.
    zones : GeoDataFrame
        Polygons.
    label : str
        The column of ``zones`` that names a zone.

    Returns
    -------
    GeoDataFrame
        Rows of ``table`` that lie in a zone, with the column ``zone``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> zones = gpd.GeoDataFrame({"name": ["a"]}, geometry=[box(0, 0, 1, 1)], crs="EPSG:4326")
    >>> inside(gpd.GeoDataFrame(geometry=[Point(0.5, 0.5), Point(2, 2)], crs="EPSG:4326"), zones)["zone"].tolist()
    ['a']
    """
    import numpy as np

    from geoconflict import geodesy

    require_wgs84(table, what="the table")
    require_wgs84(zones, what="the zones")
    which_point, which_zone = geodesy.points_in_zones(table.geometry.to_numpy(), zones.geometry.to_numpy())
    order = np.lexsort((which_zone, which_point))
    first, at = np.unique(which_point[order], return_index=True)
    out = table.iloc[first].copy()
    out["zone"] = zones[label].to_numpy()[which_zone[order][at]]
    return out


def _names(edges: Sequence[str], metres: Sequence[float]) -> list[str]:
    """Name bands in the unit of their outer edge, as the analyst wrote it."""
    out = []
    for inner, outer, edge in zip(metres, metres[1:], edges[1:], strict=False):
        written = str(edge).split()[-1]
        unit = written if written in METRES_PER else "km"
        low = format_length(inner, unit).removesuffix(f" {unit}")
        out.append(f"{low}–{format_length(outer, unit)}")
    return out


def _all(table: gpd.GeoDataFrame, column: str) -> list[str]:
    return [str(v) for v in dict.fromkeys(table[column].dropna())] if column in table.columns else []


def _one(table: gpd.GeoDataFrame, column: str) -> str | None:
    return ", ".join(_all(table, column)) or None
