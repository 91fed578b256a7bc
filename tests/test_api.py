from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString

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


def test_bands_on_both_sides_of_a_border_and_of_a_line_of_ones_own() -> None:
    border = gc.border("Lithuania", "Poland")
    both = gc.bands(border, ["0 km", "5 km"], side="both")
    assert both["country"].tolist() == ["Lithuania", "Poland"]
    assert both["zone_id"].is_unique
    one = gc.bands(border, [0, 5000.0], side="Lithuania")
    assert one["area_m2"].item() == both["area_m2"].iloc[0]
    own = gpd.GeoDataFrame(geometry=[LineString([(23.5, 54.2), (23.5, 54.4)])], crs="EPSG:4326")
    with pytest.raises(gc.errors.InputError, match="give side= a table of areas"):
        gc.bands(own, ["0 km", "5 km"], side="Lithuania")
    assert len(gc.bands(own, ["0 km", "5 km", "9 km"], side=gc.country("Lithuania"))) == 2
