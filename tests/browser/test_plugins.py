"""folium's plugins on our page, from files that npm installed: what the table in docs/maps.md says of each."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path

import folium
import geopandas as gpd
import pytest
from folium import plugins
from shapely import Point

from geoconflict.errors import InputError
from geoconflict.maps import layers
from geoconflict.maps.map import Map
from geoconflict.maps.web.folium_layers import OfflineWarning

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "web" / "node_modules"
PLACES = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(24, 55), Point(25, 56)], crs=4326)
SPOTS = [[55 + 0.01 * i, 24 + 0.01 * i] for i in range(30)]


def many(into):
    plugins.MarkerCluster(SPOTS, popups=["p"] * 30).add_to(into)


def many_fast(into):
    plugins.FastMarkerCluster(SPOTS).add_to(into)


def heat(into):
    plugins.HeatMap(SPOTS, radius=25).add_to(into)


def screen(into):
    plugins.Fullscreen().add_to(into)


def inset(into):
    plugins.MiniMap(folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x")).add_to(into)


def timed(into):
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [24.3, 55.3]},
            "properties": {"time": f"2025-01-0{day}", "popup": "x"},
        }
        for day in range(1, 6)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    plugins.TimestampedGeoJson(collection, period="P1D", auto_play=False).add_to(into)


def draw(into):
    plugins.Draw().add_to(into)


def badge(into):
    icon = plugins.BeautifyIcon(icon_shape="circle", number=7, border_color="#b30000")
    folium.Marker([55.4, 24.4], icon=icon).add_to(into)


def text(into):
    line = folium.PolyLine([[55, 24], [56, 25]]).add_to(into)
    plugins.PolyLineTextPath(line, "along the way", repeat=True).add_to(into)


def ants(into):
    plugins.AntPath([[55, 24], [55.5, 25], [56, 24.2]]).add_to(into)


# Plugin → what to add, and what must be seen.
CASES = {
    "MarkerCluster": (many, ".marker-cluster"),
    "FastMarkerCluster": (many_fast, ".marker-cluster"),
    "HeatMap": (heat, "canvas.leaflet-heatmap-layer"),
    "Fullscreen": (screen, ".fullscreen-icon"),
    "MiniMap": (inset, ".leaflet-control-minimap path"),
    "TimestampedGeoJson": (timed, ".leaflet-bar-timecontrol"),
    "Draw": (draw, ".leaflet-draw-draw-polygon"),
    "BeautifyIcon": (badge, ".beautify-marker"),
    "PolyLineTextPath": (text, "#gc-map textPath"),
    "AntPath": (ants, "path.leaflet-ant-path"),
}


@pytest.fixture(scope="module")
def assets():
    if not (ASSETS / "leaflet.markercluster").is_dir():
        if os.environ.get("CI"):
            pytest.fail("this run needs the plugins' files: run `npm ci` in web/ first")
        pytest.skip("the plugins' files are not installed in web/")
    return ASSETS


@pytest.mark.browser
@pytest.mark.parametrize("name", CASES)
def test_a_plugin_works_without_a_network(open_map, assets, name):
    add, seen = CASES[name]
    drawn = Map([layers.Places(PLACES)], title=name)
    add(drawn.folium)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        text = drawn.html(assets=assets)
    said = [str(warning.message) for warning in told if issubclass(warning.category, OfflineWarning)]
    assert said == []
    opened = open_map(text)
    opened.page.wait_for_timeout(300)
    assert opened.errors == []
    assert opened.page.evaluate("document.documentElement.dataset.gcReady") == "true"
    assert opened.page.locator(seen).count() > 0
    # The policy stops the inset's tiles before they leave; nothing else is even tried.
    asked = [url for url in opened.requests if not url.startswith(("file:", "data:"))]
    assert [url for url in asked if "tiles.example" not in url] == []
    assert bool(asked) == (name == "MiniMap")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "button"), [("Fullscreen", ".fullscreen-icon"), ("Draw", ".leaflet-draw-draw-circle")]
)
def test_pictures_of_style_sheets_are_in_the_page(open_map, assets, name, button):
    drawn = Map([layers.Places(PLACES)], title=name)
    CASES[name][0](drawn.folium)
    page = open_map(drawn.html(assets=assets)).page
    image = page.locator(button).first.evaluate("(node) => getComputedStyle(node).backgroundImage")
    assert 'url("data:image/svg+xml;base64,' in image


def test_the_documentation_lists_what_is_tested():
    words = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
    part = words.split("### Plugins", 1)[1].split("\n### ", 1)[0]
    assert set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)) == set(CASES)


def linked(url, folder):
    from geoconflict.maps.web.folium_layers import resolve

    return resolve([(url, url.endswith(".css"))], folder)


def test_a_file_is_found_at_any_depth_and_under_either_name(tmp_path):
    (tmp_path / "node_modules" / "thing" / "dist").mkdir(parents=True)
    (tmp_path / "node_modules" / "thing" / "dist" / "thing.js").write_text("one()", encoding="utf-8")
    found = linked("https://cdn.example/npm/thing@1.0.0/dist/thing.min.js", tmp_path)
    assert (found.scripts, found.missing) == (["one()"], [])


def test_of_several_the_one_on_the_link_s_path_is_taken(tmp_path):
    for folder in ("thing/dist", "other/dist"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "index.js").write_text(folder, encoding="utf-8")
    assert linked("https://cdn.example/npm/thing@1.0.0/dist/index.js", tmp_path).scripts == ["thing/dist"]
    with pytest.raises(InputError, match="several files"):
        linked("https://cdn.example/index.js", tmp_path)


def test_a_style_sheet_takes_its_pictures_along_and_nothing_else(tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "big.png").write_bytes(bytes(400_000))
    (tmp_path / "f.woff2").write_bytes(b"font")
    (tmp_path / "x.css").write_text(
        "a{background:url('a.png')} b{background:url(gone.png)} c{src:url(f.woff2)} d{background:url(big.png)}"
        " e{background:url(https://evil.example/x.png)} f{background:url(data:image/png;base64,AA==)}",
        encoding="utf-8",
    )
    found = linked("https://cdn.example/x.css", tmp_path)
    assert 'a{background:url("data:image/png;base64,iVBORw==")}' in found.styles[0]
    assert "f{background:url(data:image/png;base64,AA==)}" in found.styles[0]
    assert found.styles[0].count("url(") == 2
    assert found.pictures == ["x.css: gone.png", "x.css: big.png", "x.css: https://evil.example/x.png"]


def test_a_style_sheet_takes_no_picture_from_outside_the_folder(tmp_path):
    folder = tmp_path / "assets"
    (folder / "css").mkdir(parents=True)
    (folder / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "assets2").mkdir()
    (tmp_path / "assets2" / "s.png").write_bytes(b"secret")
    (folder / "css" / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "css" / "self.png").symlink_to(folder / "css" / "self.png")
    (folder / "css" / "out").symlink_to(tmp_path)
    outside = [
        "../../secret.png",
        "..%2f..%2fsecret.png",
        (tmp_path / "secret.png").as_posix(),
        "../../assets2/s.png",
        "link.png",
        "self.png",
        "out/secret.png",
        "%00.png",
        "//[x.png",
    ]
    rules = "".join(f"a{{background:url('{address}')}}" for address in outside)
    (folder / "css" / "x.css").write_text(rules + "b{background:url(../a.png?v=1)}", encoding="utf-8")
    found = linked("https://cdn.example/x.css", folder)
    assert found.styles == ["a{background:none}" * 9 + 'b{background:url("data:image/png;base64,iVBORw==")}']
    assert found.pictures == [f"x.css: {address}" for address in outside]


def test_a_missing_assets_folder_is_reported(tmp_path):
    drawn = Map([layers.Places(PLACES)], title="x")
    many(drawn.folium)
    with pytest.raises(InputError, match="not a folder"):
        drawn.html(assets=tmp_path / "gone")
