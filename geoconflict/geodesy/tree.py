"""A tree of boxes in space over the pieces of a target.

The pieces stand in the Morton order of their middles.  Four neighbours share a box, four
boxes a box above, up to one root: no pointers, only arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FANOUT = 4


@dataclass(frozen=True, slots=True)
class Tree:
    """Boxes level by level, the root first.

    Attributes
    ----------
    low, high : array of shape (b, 3)
        Corners of the boxes in metres.
    first : array of shape (levels + 1,)
        Where each level starts; the children of box ``j`` of a level are the boxes
        ``4 j … 4 j + 3`` of the next, as far as there are any.
    """

    low: Floats
    high: Floats
    first: Ints


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


def build(low: Floats, high: Floats) -> Tree:
    """Return the tree over the boxes of pieces that stand in order."""
    lows, highs = [low], [high]
    while len(lows[-1]) > 1:
        starts = np.arange(0, len(lows[-1]), FANOUT)
        lows.append(np.minimum.reduceat(lows[-1], starts, axis=0))
        highs.append(np.maximum.reduceat(highs[-1], starts, axis=0))
    lows.reverse()
    highs.reverse()
    first = np.cumsum([0, *(len(level) for level in lows)]).astype(np.int64)
    return Tree(np.ascontiguousarray(np.concatenate(lows)), np.ascontiguousarray(np.concatenate(highs)), first)
