"""Where segments of one line meet: no ground counted twice, strips that meet and do not cross."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from geoconflict import geodesy
from geoconflict.errors import ReadError
from geoconflict.fortifications.description import Gap
from geoconflict.fortifications.extents import written
from geoconflict.fortifications.references import Ground, read_beside, simplified

# Vertices of a strip are at most this share of its offset apart when its caps are looked for.
_STEP_SHARE = 0.05


def separate(echelons: Sequence[list[dict[str, Any]]]) -> None:
    """Take from the echelons of each segment the ground that belongs to another segment.

    Ground within reach of two segments on the same side belongs to the echelon with the
    smaller number, and among equals to the segment that is described first. The rows are
    changed in place: geometry, area and method.

    Parameters
    ----------
    echelons : sequence of list of dict
        Rows of ECHELONS, one list a segment.
    """
    originals = [[row["geometry"] for row in rows] for rows in echelons]
    for here, rows in enumerate(echelons):
        for row in rows:
            before = [
                geometry
                for there, others in enumerate(echelons)
                if there != here
                for other, geometry in zip(others, originals[there], strict=True)
                if other["side"] == row["side"]
                and (other["depth_echelon"], there) < (row["depth_echelon"], here)
                and shapely.intersects(geometry, row["geometry"])
            ]
            if not before:
                continue
            rest = shapely.difference(row["geometry"], shapely.union_all(before))
            parts = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon"]
            if parts and shapely.area(rest) < shapely.area(row["geometry"]):
                row["geometry"] = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
                row["area_m2"] = float(geodesy.area(row["geometry"]))
                row["method"] += "; less the ground of the segments beside it"


def meet(curve: BaseGeometry, ground: Ground, others: Sequence[Ground], offset_m: float) -> BaseGeometry:
    """Return a strip without the parts that lie nearer to another segment's line than to its own offset.

    Parameters
    ----------
    curve : LineString or MultiLineString
    ground : Ground
        The strip's own.
    others : sequence of Ground
        Those of the other segments.
    offset_m : float

    Returns
    -------
    LineString or MultiLineString
        The curve itself if nothing would be left.
    """
    lines = [other.line for other in others if other.side == ground.side and other.line is not ground.line]
    near = [line for line in lines if float(geodesy.distance([curve], line)[0]) < offset_m]
    if not near:
        return curve
    zone = shapely.union_all([geodesy.buffer(simplified(line, offset_m * 0.01), offset_m) for line in near])
    rest = shapely.difference(curve, zone)
    rest = shapely.line_merge(rest) if rest.geom_type == "MultiLineString" else rest
    return curve if rest.is_empty else rest


def without_caps(
    curve: BaseGeometry, line: BaseGeometry, ends: Sequence[tuple[float, float]], offset_m: float
) -> BaseGeometry:
    """Return a strip without the arcs that run round the ends of a line that was cut.

    A place of the strip belongs to such an arc when the place of the line nearest to it is the
    cut end itself.

    Parameters
    ----------
    curve : LineString or MultiLineString
    line : LineString or MultiLineString
        The cut line.
    ends : sequence of (lon, lat)
        Its cut ends.
    offset_m : float

    Returns
    -------
    LineString or MultiLineString
        The curve itself if nothing would be left.
    """
    if not ends:
        return curve
    runs: list[shapely.LineString] = []
    for part in shapely.get_parts(curve):
        coords = shapely.get_coordinates(geodesy.densify(part, max(offset_m * _STEP_SHARE, 1.0)))
        near = geodesy.nearest(shapely.points(coords), line)
        foot = shapely.points(np.column_stack([near.lon, near.lat]))
        cap = np.zeros(len(coords), dtype=bool)
        for end in ends:
            cap |= geodesy.distance(foot, shapely.Point(end)) < offset_m * _STEP_SHARE / 2
        start = 0
        for stop in [*np.flatnonzero(cap), len(coords)]:
            if stop - start >= 2:
                runs.append(shapely.LineString(coords[start:stop]))
            start = int(stop) + 1
    if not runs:
        return curve
    return runs[0] if len(runs) == 1 else shapely.MultiLineString(runs)


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
    if gap.at is not None:
        return [(gap.name or gap.kind, Point(gap.at))]
    if crossings is None:
        return []
    names = crossings["name"] if "name" in crossings.columns else crossings.index.astype(str)
    return [(str(name), point) for name, point in zip(names, crossings.geometry, strict=True) if point is not None]


def _hole(line: BaseGeometry, point: Point, width_m: float, offset_m: float) -> BaseGeometry | None:
    near = geodesy.nearest([point], line)
    if float(near.distance_m[0]) > offset_m + _REACH_M:
        return None
    hole: BaseGeometry = geodesy.buffer(Point(float(near.lon[0]), float(near.lat[0])), width_m / 2)
    return hole


def _areas(name: str, folder: Path | None, tell: Callable[[str], None]) -> list[BaseGeometry]:
    try:
        frame = read_beside(name, folder)
    except ReadError as error:
        tell(f"gaps are not cut: {error.message}")
        return []
    return [geometry for geometry in frame.geometry if geometry is not None and geometry.geom_type.endswith("Polygon")]
