"""Cut strips where they do not run: at crossings, roads, lakes, towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoconflict.errors import ReadError
from geoconflict.fortifications.extents import written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import geopandas as gpd
    from shapely import Point
    from shapely.geometry.base import BaseGeometry

    from geoconflict.fortifications.description import Gap

# A gap is told at the border; the strip lies further in, and a checkpoint may lie off the line.
_REACH_M = 3000.0


def cut_gaps(
    line: BaseGeometry,
    gaps: Sequence[Gap],
    offset_m: float,
    *,
    crossings: gpd.GeoDataFrame | None,
    folder: Path | None,
    tell: Callable[[str], None],
) -> BaseGeometry:
    """Return a strip without its gaps.

    A gap at a point is centred on the place of the strip nearest to it and leaves out every
    part of the strip within half its width of that place. A point farther from the strip than
    the strip's offset and three kilometres concerns another stretch: it is told, not cut.
    A gap from a file leaves out what lies inside its areas.

    Parameters
    ----------
    line : LineString or MultiLineString
    gaps : sequence of Gap
    offset_m : float
        The strip's distance from the reference line.
    crossings : GeoDataFrame, optional
        Points for the gaps that stand at every crossing.
    folder : path, optional
        Where the files of gaps lie.
    tell : callable
        Takes a sentence on every gap that is not cut.

    Returns
    -------
    LineString or MultiLineString
    """
    import shapely

    holes: list[BaseGeometry] = []
    for gap in gaps:
        if gap.file is not None:
            holes += _areas(gap.file, folder, tell)
            continue
        if gap.every and crossings is None:
            tell(f"gaps at every {gap.kind} were asked for, but no table of crossings was given; none is cut")
            continue
        points = _points(gap, crossings)
        width = gap.width.length.value_m if gap.width is not None else 0.0
        for name, point in points:
            hole = _hole(line, point, width, offset_m)
            if hole is not None:
                holes.append(hole)
            elif not gap.every:
                tell(f"the gap at {name} lies farther than {written(offset_m + _REACH_M)} from the strip; not cut")
    if not holes:
        return line
    rest = shapely.difference(line, shapely.union_all(holes))
    if rest.is_empty:
        tell("the gaps leave nothing of the strip; it is drawn whole")
        return line
    return rest


def _points(gap: Gap, crossings: gpd.GeoDataFrame | None) -> list[tuple[str, Point]]:
    from shapely import Point

    if gap.at is not None:
        return [(gap.name or gap.kind, Point(gap.at))]
    if crossings is None:
        return []
    names = crossings["name"] if "name" in crossings.columns else crossings.index.astype(str)
    return [(str(name), point) for name, point in zip(names, crossings.geometry, strict=True) if point is not None]


def _hole(line: BaseGeometry, point: Point, width_m: float, offset_m: float) -> BaseGeometry | None:
    from shapely import Point as MakePoint

    from geoconflict import geodesy

    near = geodesy.nearest([point], line)
    if float(near.distance_m[0]) > offset_m + _REACH_M:
        return None
    hole: BaseGeometry = geodesy.buffer(MakePoint(float(near.lon[0]), float(near.lat[0])), width_m / 2)
    return hole


def _areas(name: str, folder: Path | None, tell: Callable[[str], None]) -> list[BaseGeometry]:
    from geoconflict.fortifications.lines import read_vector

    try:
        frame = read_vector(name, folder)
    except ReadError as error:
        tell(f"gaps are not cut: {error.message}")
        return []
    return [geometry for geometry in frame.geometry if geometry is not None and geometry.geom_type.endswith("Polygon")]
