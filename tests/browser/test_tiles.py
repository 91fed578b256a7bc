"""Tiles that the file carries, seen in a browser without a network."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.scene import MapOptions

pytestmark = pytest.mark.browser
_FILE = Path(__file__).parents[1] / "maps" / "archives.py"
_SPEC = importlib.util.spec_from_file_location("archives", _FILE)
archives = importlib.util.module_from_spec(_SPEC)
sys.modules["archives"] = archives
_SPEC.loader.exec_module(archives)

PLACES = gpd.GeoDataFrame({"name": ["Rukla", "Utena"]}, geometry=[Point(24.4, 55.05), Point(25.6, 55.5)], crs=4326)
CREDIT = {"attribution": "© Example"}


def pixels(page):
    from matplotlib.image import imread

    return (imread(io.BytesIO(page.screenshot()))[..., :3] * 255).round().astype(int)


def share(seen, colour):
    return (np.abs(seen - colour).max(axis=2) < 4).mean()


def test_pictures_are_drawn_at_every_zoom(open_map, tmp_path):
    tiles = archives.pictures(range(4, 9), (10, 45, 40, 65))
    path = tmp_path / "base.pmtiles"
    path.write_bytes(archives.archive(tiles, kind=2, metadata=CREDIT, bounds=(10, 45, 40, 65)))
    opened = open_map(Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=path)))
    page = opened.page
    page.wait_for_selector("img.leaflet-tile-loaded")
    page.wait_for_timeout(300)
    assert opened.errors == []
    assert [url for url in opened.requests if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("geoconflict.drawn.Places") == 2
    assert page.evaluate("geoconflict.drawn.Countries") == 0
    seen = pixels(page)
    assert max(share(seen, [40 + 20 * z, 90, 200 - 20 * z]) for z in range(4, 9)) > 0.5
    # Nearer than what is in the file, the deepest zoom is enlarged.
    page.evaluate("geoconflict.map.setView([55.05, 24.4], 13, {animate: false})")
    page.wait_for_timeout(400)
    assert share(pixels(page), [200, 90, 40]) > 0.5
    assert "© Example" in page.locator(".gc-credit").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_vector_tiles_are_drawn_below_the_layers(open_map, tmp_path, theme):
    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)

    tables = {
        "earth": frame([box(15, 50, 35, 60)], kind=["earth"]),
        "water": frame([box(24.9, 55.0, 25.4, 55.4)], kind=["lake"]),
        "roads": frame([LineString([(20, 55.5), (30, 55.5)])], kind=["highway"]),
        "places": frame([Point(25.0, 55.6)], kind=["locality"], name=["<b>Ona</b>{{ 7*7 }}"]),
    }
    path = tmp_path / "base.pmtiles"
    path.write_bytes(archives.archive(archives.vector(tables, range(8)), kind=1, metadata=CREDIT))
    drawn = Map([layers.Places(PLACES)], title="Tiles", options=MapOptions(tiles=path, theme=theme))
    opened = open_map(drawn)
    found = opened.page.evaluate("({...geoconflict.drawn})")
    assert found["Basemap: land"] == found["Basemap: water"] == found["Basemap: roads"] == 1
    assert found["Basemap: places"] == 1
    assert opened.errors == []
    water, land = {
        "light": ([0xDB, 0xE5, 0xEA], [0xF5, 0xF2, 0xEA]),
        "dark": ([171, 179, 183], [0xC6, 0xC2, 0xB8]),
        "contrast": ([255, 255, 255], [0xF0, 0xF0, 0xF0]),
    }[theme]
    seen = pixels(opened.page)
    assert share(seen, water) > 0.02
    assert share(seen, land) > 0.3
