"""Whether to use the compiled kernels of `_numba`, and how they are loaded.

numba compiles a kernel at its first use and caches the result beside the package or in the
user's cache folder.  Whether kernels are used depends only on the number of points, so that
equal input gives equal output.  Kernels and NumPy code evaluate the same formulas on the same
tree and agree to rounding (about 1e-9 m).
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

MIN_POINTS = 4096
"""The smallest number of points for which kernels are used."""
_LOG_AFTER_S = 3.0
_log = logging.getLogger("geoconflict.geodesy")


@cache
def _numba_installed() -> bool:
    return importlib.util.find_spec("numba") is not None


def use_numba(points: int) -> bool:
    """Return whether the compiled kernels are used for this number of points."""
    return points >= MIN_POINTS and _numba_installed()


@contextmanager
def loading_kernels() -> Iterator[Any]:
    """Import the kernels; log a message if loading or compiling them takes longer than 3 s."""
    text = "compiling geoconflict.geodesy with numba; the result is cached for later runs"
    timer = threading.Timer(_LOG_AFTER_S, _log.warning, args=(text,))
    timer.daemon = True
    timer.start()
    try:
        # Imported late because it imports numba.
        from geoconflict.geodesy import _numba

        yield _numba
    finally:
        timer.cancel()
