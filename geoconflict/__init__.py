"""Map conflicts: incidents and fortifications as tables, measures on the ellipsoid, offline maps.

The public names are listed in ``__init__.pyi`` and imported on first use,
so that ``import geoconflict`` is quick.

Examples
--------
>>> import geoconflict as gc
>>> gc.parse_length("30 mi").value_m
48280.32
"""

import lazy_loader

from geoconflict._version import __version__ as __version__
from geoconflict.errors import did_you_mean as _did_you_mean

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        return _load(name)
    hint = _did_you_mean(name, __all__)
    msg = f"module 'geoconflict' has no attribute {name!r}"
    raise AttributeError(f"{msg}; {hint}" if hint else msg)
