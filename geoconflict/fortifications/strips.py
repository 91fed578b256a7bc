"""Strips as curves: at their offset, without the ends that other segments take over, without gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from geoconflict import geodesy
from geoconflict.errors import ReadError
from geoconflict.fortifications.description import Gap
from geoconflict.fortifications.extents import format_distance
from geoconflict.fortifications.references import ResolvedSegment, read_sidecar, simplify

# Offset at which the direction of a strip that lies on the reference line itself is determined.
_NEAR_M = 20.0
# Maximum distance of vertices, as a share of the offset, when the round ends of a strip are cut off.
_STEP_SHARE = 0.05
# Gaps are often given at the border; the strip lies further inland, and a checkpoint may lie off the line.
_GAP_REACH_M = 3000.0


@dataclass(frozen=True, slots=True)
class StripOptions:
    """Accuracy of the curves.

    Attributes
    ----------
    simplify_share : float
        Maximum deviation from the exact curve, as a share of the offset.
    tol : float
        Maximum relative error of distances.
    """

    simplify_share: float
    tol: float


def strip_curve(
    segment: ResolvedSegment,
    offset_m: float,
    others: Sequence[ResolvedSegment],
    options: StripOptions,
    note: Callable[[str], None],
) -> BaseGeometry:
    """Return the curve at an offset from the reference line, with the enemy on its left.

    Parameters
    ----------
    segment : ResolvedSegment
    offset_m : float
    others : sequence of ResolvedSegment
        The other segments of the defence line.
    options : StripOptions
    note : callable
        Takes a sentence about parts that are left out.

    Returns
    -------
    LineString or MultiLineString
        Empty if the area of the segment is nowhere that far from the line.

    Raises
    ------
    InputError
        If the offset is too large.
    """
    if offset_m == 0:
        beside = strip_curve(segment, _NEAR_M, others, options, note)
        return beside if beside.is_empty else orient_like(segment.line, beside)
    # Most of the allowed deviation goes into simplifying the reference line, which smooths a jagged
    # border. Little is left for the curve, so that its arcs look round.
    line: BaseGeometry = geodesy.offset_line(
        simplify(segment.line, 0.7 * options.simplify_share * offset_m),
        segment.area,
        offset_m,
        simplify_m=0.15 * options.simplify_share * offset_m,
        tol=max(options.tol, 0.15 * options.simplify_share),
    )
    if line.is_empty:
        return line
    line = _trim_to_neighbours(line, segment, others, offset_m)
    line = _without_end_arcs(line, segment, others, offset_m)
    line = _without_fragments(line, offset_m, note)
    out: BaseGeometry = shapely.reverse(line) if segment.faces_away else line
    return out


def orient_like(line: BaseGeometry, guide: BaseGeometry) -> BaseGeometry:
    """Return a line whose parts run in the direction of another line next to it.

    Examples
    --------
    >>> orient_like(LineString([(0, 0), (4, 0)]), LineString([(3, 1), (1, 1)])).wkt
    'LINESTRING (4 0, 0 0)'
    """
    guides = list(shapely.get_parts(guide))
    out = []
    for part in shapely.get_parts(line):
        # A longer guide counts as nearer, because short ones may run backwards around a bay.
        near = min(guides, key=lambda item: item.distance(part) - 1e-3 * item.length)
        coords = shapely.get_coordinates(near)
        step = int(np.argmax(np.hypot(*np.diff(coords, axis=0).T)))
        at = [part.project(Point(coords[k])) for k in (step, step + 1)]
        if at[0] == at[1]:
            at = [part.project(Point(coords[k])) for k in (0, -1)]
        out.append(part if at[1] >= at[0] else shapely.reverse(part))
    return out[0] if len(out) == 1 else shapely.MultiLineString(out)


def _trim_to_neighbours(
    curve: BaseGeometry, segment: ResolvedSegment, others: Sequence[ResolvedSegment], offset_m: float
) -> BaseGeometry:
    """Remove the parts that lie nearer to another segment's line than the offset, unless nothing is left."""
    lines = [other.line for other in others if other.side == segment.side and other.line is not segment.line]
    near = [line for line in lines if float(geodesy.distance([curve], line)[0]) < offset_m]
    if not near:
        return curve
    zone = shapely.union_all([geodesy.buffer(simplify(line, offset_m * 0.01), offset_m) for line in near])
    rest = shapely.difference(curve, zone)
    rest = shapely.line_merge(rest) if rest.geom_type == "MultiLineString" else rest
    return curve if rest.is_empty else rest


def _without_end_arcs(
    curve: BaseGeometry, segment: ResolvedSegment, others: Sequence[ResolvedSegment], offset_m: float
) -> BaseGeometry:
    """Remove the arcs around the ends where the reference line was cut out of a longer one.

    A point of the strip belongs to such an arc if the nearest point of the line is the cut end.
    Ends where another segment continues are kept. The curve is returned as it is if nothing
    would be left.
    """
    ends = [
        Point(end)
        for end in segment.cut_ends
        if not any(float(geodesy.distance([Point(end)], other.line)[0]) < offset_m for other in others)
    ]
    if not ends:
        return curve
    runs: list[LineString] = []
    for part in shapely.get_parts(curve):
        coords = shapely.get_coordinates(geodesy.densify(part, max(offset_m * _STEP_SHARE, 1.0)))
        near = geodesy.nearest(shapely.points(coords), segment.line)
        foot = shapely.points(np.column_stack([near.lon, near.lat]))
        in_arc = np.zeros(len(coords), dtype=bool)
        for end in ends:
            in_arc |= geodesy.distance(foot, end) < offset_m * _STEP_SHARE / 2
        start = 0
        for stop in [*np.flatnonzero(in_arc), len(coords)]:
            if stop - start >= 2:
                runs.append(LineString(coords[start:stop]))
            start = int(stop) + 1
    if not runs:
        return curve
    return runs[0] if len(runs) == 1 else shapely.MultiLineString(runs)


def _without_fragments(line: BaseGeometry, offset_m: float, note: Callable[[str], None]) -> BaseGeometry:
    """Remove parts shorter than the offset: loops and ends that a jagged border produces."""
    parts = list(shapely.get_parts(line))
    lengths = [float(geodesy.length(part)) for part in parts]
    kept = [part for part, length in zip(parts, lengths, strict=True) if length >= offset_m]
    if not kept or len(kept) == len(parts):
        return line
    removed = [length for length in lengths if length < offset_m]
    what = f"{len(removed)} fragments" if len(removed) > 1 else "one fragment"
    note(f"{what} of the strip at {format_distance(offset_m)} left out, {sum(removed):.0f} m in total")
    return kept[0] if len(kept) == 1 else shapely.MultiLineString(kept)


def cut_gaps(
    line: BaseGeometry,
    gaps: Sequence[Gap],
    offset_m: float,
    *,
    crossings: gpd.GeoDataFrame | None,
    folder: Path | None,
    note: Callable[[str], None],
) -> BaseGeometry:
    """Return a strip without its gaps.

    A gap at a point is centred on the nearest point of the strip and removes the parts of the
    strip within half its width. A point farther away than the strip's offset plus 3 km is noted
    and not cut. A gap from a file removes what lies inside its areas.

    Parameters
    ----------
    line : LineString or MultiLineString
    gaps : sequence of Gap
    offset_m : float
        Distance of the strip from the reference line.
    crossings : GeoDataFrame, optional
        Points for the gaps at every crossing.
    folder : path, optional
        Folder of the files of gaps.
    note : callable
        Takes a sentence about each gap that is not cut.

    Returns
    -------
    LineString or MultiLineString
    """
    holes: list[BaseGeometry] = []
    for gap in gaps:
        if gap.file is not None:
            holes += _areas(gap.file, folder, note)
            continue
        if gap.every and crossings is None:
            note(f"gaps at every {gap.kind} need a table of crossings; none are cut")
            continue
        width = gap.width.length.value_m if gap.width is not None else 0.0
        for name, point in _gap_points(gap, crossings):
            hole = _hole(line, point, width, offset_m)
            if hole is not None:
                holes.append(hole)
            elif not gap.every:
                note(
                    f"the gap at {name} is more than {format_distance(offset_m + _GAP_REACH_M)} from the strip; not cut"
                )
    if not holes:
        return line
    rest = shapely.difference(line, shapely.union_all(holes))
    if rest.is_empty:
        note("the gaps cover the whole strip; it is drawn without gaps")
        return line
    return rest


def _gap_points(gap: Gap, crossings: gpd.GeoDataFrame | None) -> list[tuple[str, Point]]:
    if gap.at is not None:
        return [(gap.name or gap.kind, Point(gap.at))]
    if crossings is None:
        return []
    names = crossings["name"] if "name" in crossings.columns else crossings.index.astype(str)
    return [(str(name), point) for name, point in zip(names, crossings.geometry, strict=True) if point is not None]


def _hole(line: BaseGeometry, point: Point, width_m: float, offset_m: float) -> BaseGeometry | None:
    near = geodesy.nearest([point], line)
    if float(near.distance_m[0]) > offset_m + _GAP_REACH_M:
        return None
    hole: BaseGeometry = geodesy.buffer(Point(float(near.lon[0]), float(near.lat[0])), width_m / 2)
    return hole


def _areas(name: str, folder: Path | None, note: Callable[[str], None]) -> list[BaseGeometry]:
    try:
        frame = read_sidecar(name, folder)
    except ReadError as error:
        note(f"gaps are not cut: {error.message}")
        return []
    return [geometry for geometry in frame.geometry if geometry is not None and geometry.geom_type.endswith("Polygon")]
