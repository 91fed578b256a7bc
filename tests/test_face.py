from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import geoconflict as gc

INIT = Path(gc.__file__)


@pytest.mark.parametrize("name", gc.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(gc, name)
    assert name in dir(gc)
    if name != "__version__":
        assert value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'bordr'"):
        _ = gc.bordr


def test_import_and_help_load_nothing_heavy() -> None:
    code = (
        "import sys; import geoconflict, geoconflict.cli.main; geoconflict.cli.main.make_parser().format_help(); "
        "print([m for m in ('numpy', 'pandas', 'geopandas', 'shapely', 'folium', 'matplotlib', 'numba', 'pydantic') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
