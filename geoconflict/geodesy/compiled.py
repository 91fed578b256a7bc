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

    from geoconflict.geodesy.inside import Slabs
    from geoconflict.geodesy.tree import Tree

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

WORTH = 4096
"""From so many points on the compiled path is taken."""
_PATIENCE_S = 3.0
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
    text = "making the searches of geoconflict.geodesy ready: compiled at the first use, read from the cache later"
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


@cache
def _warm_zones() -> Any:  # noqa: ANN401 - a module that exists only where numba is installed
    import numpy as np
    import shapely

    from geoconflict.geodesy.inside import slabs
    from geoconflict.geodesy.pieces import cut_geodesic
    from geoconflict.geodesy.shapes import take_apart

    with _said():
        from geoconflict.geodesy import zone_kernel

        shapes = take_apart(np.array([shapely.box(0, 0, 0.01, 0.01)], dtype=object))
        start, end = shapes.edges()
        pieces = cut_geodesic(shapes.lon[start], shapes.lat[start], shapes.lon[end], shapes.lat[end])
        _pairs(zone_kernel, np.zeros(1), np.zeros(1), slabs(shapes, pieces, shapes.line[start]))
        return zone_kernel


def _pairs(zone_kernel: Any, lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:  # noqa: ANN401 - as above
    point, row = zone_kernel.pairs(
        lon,
        lat,
        (index.west, index.width),
        (index.first, index.polygon, index.start, index.reach),
        (index.span, index.piece, index.ends),
        (index.north_pole, index.row),
    )
    return point, row


def pairs_inside(lon: Floats, lat: Floats, index: Slabs) -> tuple[Ints, Ints]:
    """Do as `inside.pairs_inside` does, for longitudes in [-180, 180)."""
    return _pairs(_warm_zones(), lon, lat, index)


def halving_order(local: Floats) -> Ints:
    """Return an order of places that keeps neighbours together, in step with the tree."""
    with _said() as kernels:
        order: Ints = kernels.halving_order(local)
    return order


def nearest(lon: Floats, lat: Floats, packed: Floats, tree: Tree) -> tuple[Floats, Ints, Floats]:
    """Do as `search.nearest_piece` does."""
    distance, piece, share = _warm().nearest(lon, lat, packed, tree.groups, tree.first, tree.frame)
    return distance, piece, share
