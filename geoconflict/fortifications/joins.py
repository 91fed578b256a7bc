"""Where segments of one line meet: no ground counted twice, strips that meet and do not cross."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geoconflict.fortifications.lines import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from geoconflict.fortifications.references import Ground

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
    import shapely

    from geoconflict import geodesy

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
    import shapely

    from geoconflict import geodesy

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
    import numpy as np
    import shapely

    from geoconflict import geodesy

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
