"""Lines and areas for the page: unwrapped round the view, as whole numbers."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.affinity

if TYPE_CHECKING:
    from geoconflict.crs import Bounds
    from geoconflict.maps.scene import Description
    from geoconflict.maps.web.blob import Blob

SCALE = 1_000_000  # whole numbers of 1e-6 degrees, at most 0.11 m
_LEVEL = 5


def unwrap(lon: np.ndarray, lon0: float) -> np.ndarray:
    """Return longitudes within 180 degrees of ``lon0``.

    Examples
    --------
    >>> unwrap(np.array([-179.0, 170.0]), 175.0).tolist()
    [181.0, 170.0]
    """
    return np.asarray(lon, dtype=float) - 360.0 * np.round((np.asarray(lon, dtype=float) - lon0) / 360.0)


def clip(shapes: np.ndarray, box: Bounds, lon0: float) -> np.ndarray:
    """Return shapes cut to a box, in longitudes round ``lon0``; a shape may become empty.

    Parameters
    ----------
    shapes : object array of polygons
    box : Bounds
    lon0 : float
        The middle of the box.

    Returns
    -------
    object array
    """
    west = float(unwrap(np.array([box.west]), lon0)[0]) if box.width_deg < 360 else lon0 - 180
    east = west + min(box.width_deg, 360.0)
    out: list[list[Any]] = [[] for _ in shapes]
    for turn in (-360.0, 0.0, 360.0):
        # The box is moved, not the shapes: they are many.
        cut = shapely.clip_by_rect(shapes, west - turn, box.south, east - turn, box.north)
        for i, piece in enumerate(cut):
            parts = [p for p in shapely.get_parts(piece) if p.geom_type == "Polygon" and not p.is_empty]
            out[i] += [shapely.affinity.translate(p, turn) for p in parts] if turn else parts
    return np.array([shapely.MultiPolygon(parts) for parts in out], dtype=object)


def lines_and_areas(layer: Description, blob: Blob, *, lon0: float, tolerance_deg: float) -> None:
    """Put the rings or lines of a layer into a blob.

    The head gets ``shapes``: points a ring, rings a row (``first`` marks exterior rings), and
    the coordinates as differences along each ring, in whole numbers of ``1 / scale`` degrees;
    the scale is a quarter of the tolerance, or 1e-6 degrees where there is none.
    Differences travel as numbers of 32 bits or as planes of bytes, whichever deflates better.
    """
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    scale = SCALE if tolerance_deg <= 0 else min(SCALE, round(4 / tolerance_deg))
    parts, part_row = shapely.get_parts(shapes, return_index=True)
    # A closed part of a line that is smaller than the tolerance comes back empty.
    there = ~shapely.is_empty(parts)
    parts, part_row = parts[there], part_row[there]
    if layer.kind == "area":
        rings, ring_part = shapely.get_rings(parts, return_index=True)
    else:
        rings, ring_part = parts, np.arange(len(parts))
    coords, ring_of = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring_of, minlength=len(rings)) if len(rings) else np.empty(0, dtype=np.int64)
    part_box = shapely.bounds(parts) if len(parts) else np.empty((0, 4))
    middle = (part_box[:, 0] + part_box[:, 2]) / 2
    turn = unwrap(middle, lon0) - middle
    if len(coords):
        coords[:, 0] += turn[ring_part[ring_of]]
    whole = np.rint(coords * scale).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64) if len(counts) else np.empty(0, np.int64)
    steps[starts] = whole[starts]
    first = np.ones(len(rings), dtype=np.uint8)
    if len(rings):
        first[1:] = ring_part[1:] != ring_part[:-1]
    blob.head["shapes"] = {
        "scale": scale,
        "points": blob.add(counts.astype(np.uint32)),
        "row": blob.add_codes(part_row[ring_part]),
        "first": blob.add(first),
        **_differences(steps.astype(np.int32), blob),
    }


def _differences(steps: np.ndarray, blob: Blob) -> dict[str, Any]:
    """Add the differences in the form that takes fewer bytes.

    Planes hold the lowest byte of each number, then the next ones, the sign in the lowest bit:
    small steps leave all but one plane empty. Where outlines share their borders, whole numbers
    repeat, and 32 bits deflate better.
    """
    zigzag = (steps.astype(np.int64) << 1 ^ steps.astype(np.int64) >> 63).astype(np.uint64)
    most = int(zigzag.max()) if zigzag.size else 0
    count = max(1, (most.bit_length() + 7) // 8)
    planes = {
        axis: np.concatenate([(zigzag[:, i] >> np.uint64(8 * k)).astype(np.uint8) for k in range(count)])
        for i, axis in enumerate("xy")
    }
    plain = sum(len(zlib.compress(np.ascontiguousarray(steps[:, i]).tobytes(), _LEVEL)) for i in (0, 1))
    if sum(len(zlib.compress(plane.tobytes(), _LEVEL)) for plane in planes.values()) < plain:
        return {"planes": count, "x": blob.add(planes["x"]), "y": blob.add(planes["y"])}
    return {"x": blob.add(steps[:, 0]), "y": blob.add(steps[:, 1])}
