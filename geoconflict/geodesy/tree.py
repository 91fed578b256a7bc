"""A tree of boxes in space over the pieces of a target.

The boxes stand along the principal axes of the target, so that the box of a border is long and
thin whatever its direction on the globe.  Eight neighbours share a box, eight boxes a box
above, up to one root: no pointers, only arrays.  Corners are relative to the middle of the
target, in single precision, rounded outward.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geoconflict.geodesy import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Boxes = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

FANOUT = 8
_NOWHERE = np.float32(1e30)
_SAMPLE = 20_000
_BLOCK = FANOUT * FANOUT
_LONG = 4 * _BLOCK


@dataclass(frozen=True, slots=True)
class Tree:
    """Boxes level by level, the root's children first.

    Attributes
    ----------
    groups : array of shape (g, 48)
        Eight boxes a group: their low x, low y, low z, high x, high y and high z, metres.
        Where a group has fewer boxes, the rest lie nowhere.
    first : array of shape (levels + 1,)
        The group at which each level starts. Box ``j`` of a level has group ``j`` of the next
        below it; the boxes of the last level are those of the pieces.
    frame : array of shape (4, 3)
        The three axes, and the middle of the target along them.
    """

    groups: Boxes
    first: Ints
    frame: Floats

    def local(self, xyz: Floats) -> Floats:
        """Return places along the axes of the tree, from its middle."""
        out: Floats = xyz @ self.frame[:3].T - self.frame[3]
        return out


def frame_of(middle: Floats) -> Floats:
    """Return the principal axes of places, and their mean along them.

    Only every so many-th place is looked at: any axes are right, good ones are quick.
    """
    sample = middle[:: max(1, len(middle) // _SAMPLE)]
    mean = sample.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((sample - mean).T) if len(sample) > 1 else np.eye(3))
    rotation = np.ascontiguousarray(axes.T[::-1])
    return np.concatenate([rotation, (rotation @ mean)[None, :]])


def order_of(local: Floats, lines: int) -> Ints:
    """Return an order of pieces in which neighbours share boxes.

    Long lines keep their order in blocks of 64, and the blocks are put in an order by place;
    many short lines are ordered piece by piece, if that makes the smaller boxes.
    """
    count = len(local)
    if count >= _LONG * lines:
        whole = count // _BLOCK
        blocks = (
            _by_place(local[: whole * _BLOCK].reshape(whole, _BLOCK, 3).mean(axis=1)) if whole > 1 else np.arange(whole)
        )
        inner = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        return np.concatenate([inner, np.arange(whole * _BLOCK, count)]).astype(np.int64)
    along, by_place = np.arange(count), _by_place(local)
    return along if _size_of(local) <= _size_of(local[by_place]) else by_place


def _by_place(local: Floats) -> Ints:
    if compiled.wanted(len(local)):
        return compiled.halving_order(np.ascontiguousarray(local))
    return np.argsort(morton(local), kind="stable").astype(np.int64)


def _size_of(local: Floats) -> float:
    total = 0.0
    for size in (FANOUT, FANOUT * FANOUT):
        starts = np.arange(0, len(local), size)
        total += float((np.maximum.reduceat(local, starts) - np.minimum.reduceat(local, starts)).sum()) * size
    return total


def morton(xyz: Floats) -> npt.NDArray[np.uint64]:
    """Return the place of each point on the Morton curve, 21 bits an axis."""
    lowest = xyz.min(axis=0)
    span = max(float((xyz.max(axis=0) - lowest).max()), 1e-9)
    grid = ((xyz - lowest) * ((2**21 - 1) / span)).astype(np.uint64)
    code = np.zeros(len(xyz), dtype=np.uint64)
    for axis in range(3):
        code |= _spread(grid[:, axis]) << np.uint64(axis)
    return code


def _spread(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    # Sets two zeros between neighbouring bits of a 21-bit number.
    for shift, mask in (
        (32, 0x001F00000000FFFF),
        (16, 0x001F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        x = (x | (x << np.uint64(shift))) & np.uint64(mask)
    return x


def build(low: Floats, high: Floats, frame: Floats) -> Tree:
    """Return the tree over the boxes of pieces that stand in order, their corners in the frame."""
    lows = np.nextafter(low.astype(np.float32), np.float32(-np.inf))
    highs = np.nextafter(high.astype(np.float32), np.float32(np.inf))
    levels = []
    while True:
        count = len(lows)
        size = -(-count // FANOUT)
        full = np.empty((size * FANOUT, 6), dtype=np.float32)
        full[:, :3], full[:, 3:] = _NOWHERE, -_NOWHERE
        full[:count, :3], full[:count, 3:] = lows, highs
        levels.append(full.reshape(size, FANOUT, 6).transpose(0, 2, 1).reshape(size, 6 * FANOUT))
        if size == 1:
            break
        starts = np.arange(0, count, FANOUT)
        lows, highs = np.minimum.reduceat(lows, starts, axis=0), np.maximum.reduceat(highs, starts, axis=0)
    levels.reverse()
    first = np.cumsum([0, *(len(level) for level in levels)]).astype(np.int64)
    return Tree(np.ascontiguousarray(np.concatenate(levels)), first, frame)
