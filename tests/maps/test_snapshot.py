from __future__ import annotations

import re
import struct

import folium
import geopandas as gpd
import pytest
from shapely import LineString, Point

from geoconflict.crs import Bounds
from geoconflict.errors import InputError, OutputError
from geoconflict.maps import layers, snapshot as module
from geoconflict.maps.snapshot import Shot, chromium, judge
from geoconflict.maps.webmap import Map, MapOptions

PLACES = gpd.GeoDataFrame({"name": ["Rukla", "Jonava"]}, geometry=[Point(24.4, 55.05), Point(24.28, 55.08)], crs=4326)
LINE = gpd.GeoDataFrame({"name": ["road"]}, geometry=[LineString([(24.2, 55), (24.5, 55.1)])], crs=4326)
NONE = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)
GROUND = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)


def drawn(**options):
    return Map([layers.Borders(LINE), layers.Places(PLACES)], title="Rukla", **options)


def size_of(path):
    raw = path.read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", raw[16:24])


@pytest.mark.browser
def test_a_snapshot_is_a_picture_of_the_size_asked_for(tmp_path):
    path = drawn().snapshot(tmp_path / "rukla.png", size_px=(640, 480), scale=1.5)
    assert size_of(path) == (960, 720)
    assert [p.name for p in tmp_path.iterdir()] == ["rukla.png"]


@pytest.mark.browser
def test_a_page_in_another_language_is_compared_by_its_own_names(tmp_path):
    rows = gpd.GeoDataFrame(
        {"event_type": ["battle"], "event_date": ["2025-07-01"]}, geometry=[Point(20, 50)], crs=4326
    )
    made = Map([layers.Incidents(rows)], title="أحداث", options=MapOptions(lang="ar"))
    assert made.snapshot(tmp_path / "map.png", scale=1).stat().st_size > 5000


def test_a_theme_changes_the_picture_and_not_the_map(tmp_path):
    made = drawn()
    light = made.snapshot(tmp_path / "light.png", size_px=(400, 300), scale=1).read_bytes()
    dark = made.snapshot(tmp_path / "dark.png", size_px=(400, 300), scale=1, theme="dark").read_bytes()
    assert light != dark
    assert made.options.theme == "light"
    assert light == made.snapshot(tmp_path / "again.png", size_px=(400, 300), scale=1).read_bytes()


@pytest.mark.browser
def test_folium_s_own_picture_is_the_snapshot():
    made = drawn()
    folium.Marker([55, 24.4]).add_to(made.folium)
    assert made.folium._repr_png_() is None
    made.folium.png_enabled = True
    raw = made.folium._repr_png_()
    assert struct.unpack(">II", raw[16:24]) == (2560, 1600)
    with pytest.raises(InputError, match="Selenium"):
        made.folium._to_png(driver=object())


@pytest.mark.browser
def test_a_page_that_fails_gives_no_picture(tmp_path, monkeypatch):
    made = drawn()
    broken = re.sub(r'(id="gc-blob-0">)..', r"\1AA", made.html())
    monkeypatch.setattr(made, "html", lambda **_: broken)
    with pytest.raises(OutputError, match="could not be drawn"):
        made.snapshot(tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.browser
def test_a_page_that_never_says_it_is_drawn_gives_no_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE_MS", 1500)
    made = drawn()
    monkeypatch.setattr(made, "html", lambda **_: "<!DOCTYPE html><p>nothing</p>")
    with pytest.raises(OutputError, match="not drawn after 1 s"):
        made.snapshot(tmp_path / "x.png")


@pytest.mark.browser
def test_an_empty_map_gives_no_picture(tmp_path):
    with pytest.raises(OutputError, match="Places: 0 of 0 rows are in view, 0 were drawn"):
        Map([layers.Places(NONE)], title="Nothing").snapshot(tmp_path / "x.png")


@pytest.mark.browser
def test_a_view_without_rows_gives_no_picture(tmp_path):
    with pytest.raises(OutputError, match=r"Places: 0 of 2 rows are in view, 0 were drawn"):
        Map([layers.Places(PLACES)], title="Away", view=Bounds(10, 40, 11, 41)).snapshot(tmp_path / "x.png")


@pytest.mark.browser
def test_a_map_of_one_colour_gives_no_picture(tmp_path):
    with pytest.raises(OutputError, match="single colour"):
        Map([], title="Sea", background=GROUND).snapshot(tmp_path / "x.png")


STATE = {
    "ready": "true",
    "said": "",
    "errors": [],
    "colours": 3,
    "seen": [24, 54, 25, 56],
    "layers": [{"name": "Places", "visible": True, "days": None}],
}


@pytest.mark.parametrize(("drawn_rows", "good"), [(0, False), (1, False), (2, True)])
def test_what_the_page_drew_is_compared_with_what_is_in_view(drawn_rows, good):
    described = [layers.Places(PLACES).describe()]
    state = {**STATE, "drawn": [["Places", drawn_rows]]}
    if good:
        judge(described, state)
        return
    with pytest.raises(OutputError, match=f"2 of 2 rows are in view, {drawn_rows} were drawn"):
        judge(described, state)


def test_a_browser_that_is_not_there_is_told(monkeypatch, tmp_path):
    with pytest.raises(OutputError, match="no browser at"):
        chromium(str(tmp_path / "none"))
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    monkeypatch.setattr(module, "_PLACES", ())
    with pytest.raises(OutputError, match="install one"):
        chromium()


def test_wrong_sizes_are_told_together():
    with pytest.raises(InputError) as caught:
        Shot(size_px=(10, 99_999), scale=9)
    assert [fault.field for fault in caught.value.faults] == ["width", "height", "scale"]


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="png"):
        drawn().snapshot(tmp_path / "x.jpg")
