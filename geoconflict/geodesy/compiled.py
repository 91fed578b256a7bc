"""The way to the compiled searches, where numba is installed and the work is worth it.

Numba compiles once and keeps what it compiled beside the package, or in the user's cache folder.
Which path is taken depends only on the size of the work, so that equal input gives equal output.
Both paths use the same formulas on the same tree and agree to rounding (about 1e-9 m).
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from geoconflict.geodesy.tree import Tree

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

WORTH = 4096
"""From so many points on the compiled path is taken."""
_PATIENCE_S = 1.5
_log = logging.getLogger("geoconflict.geodesy")


@cache
def _installed() -> bool:
    return importlib.util.find_spec("numba") is not None


def wanted(points: int) -> bool:
    """Return whether so many points go the compiled way."""
    return points >= WORTH and _installed()


@contextmanager
def _said() -> Iterator[Any]:
    # Whoever waits longer than a moment is told for what.
    text = "compiling the searches of geoconflict.geodesy; this happens once, later calls start at once"
    timer = threading.Timer(_PATIENCE_S, _log.warning, args=(text,))
    timer.daemon = True
    timer.start()
    try:
        from geoconflict.geodesy import kernels

        yield kernels
    finally:
        timer.cancel()


@cache
def _warm() -> Any:  # noqa: ANN401 - a module that exists only where numba is installed
    import numpy as np

    with _said() as kernels:
        lon = np.zeros(1)
        pieces = np.array([[6378137.0, 0.0, 0.0, 6378137.0, 0.0, 0.0, 0.0, 0.0]])
        box = np.zeros((1, 48), dtype=np.float32)
        kernels.nearest(lon, lon, pieces, box, np.array([0, 1]), np.zeros((4, 3)))
        return kernels


def nearest(lon: Floats, lat: Floats, packed: Floats, tree: Tree) -> tuple[Floats, Ints, Floats]:
    """Do as `search.nearest_piece` does."""
    distance, piece, share = _warm().nearest(lon, lat, packed, tree.groups, tree.first, tree.frame)
    return distance, piece, share
