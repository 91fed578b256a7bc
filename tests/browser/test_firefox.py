"""The same file in another browser: Firefox, as Debian has it."""

from __future__ import annotations

import importlib.util
import io
import os
import shutil
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from geoconflict import schema
from geoconflict.maps import layers
from geoconflict.maps.webmap import Map

DATA = Path(__file__).parents[1] / "data" / "outputs"
_SPEC = importlib.util.spec_from_file_location("marionette", Path(__file__).with_name("marionette.py"))
marionette = importlib.util.module_from_spec(_SPEC)
sys.modules["marionette"] = marionette
_SPEC.loader.exec_module(marionette)


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    path = shutil.which("firefox-esr")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("firefox-esr is not installed, and this run must have it")
        pytest.skip("firefox-esr is not installed")
    started = marionette.Marionette(path, tmp_path_factory.mktemp("profile"), size=(1280, 900))
    yield started
    started.close()


@pytest.fixture(scope="module")
def opened(firefox, tmp_path_factory):
    kinds = [
        layers.Echelons(table("echelons")),
        layers.Strips(table("strips")),
        layers.Borders(table("borders")),
        layers.Crossings(table("crossings")),
        layers.Incidents(table("incidents")),
        layers.Places(table("places")),
    ]
    drawn = Map(kinds, title="Westmark’s line", as_of="2025-08-19", background=table("countries"))
    path = drawn.save(tmp_path_factory.mktemp("map") / "map.html")
    firefox.open(path)
    firefox.address = path.as_uri()
    return firefox


def test_it_opens_and_draws_what_the_layers_hold(opened):
    assert opened.run("return document.documentElement.dataset.gcReady") == "true"
    drawn = opened.run("return {...window.geoconflict.drawn}")
    assert drawn["Incidents"] == 40
    assert drawn["Defence in depth"] == 3
    assert drawn["Border"] == 1
    assert drawn["Countries"] == 2


def test_the_screen_is_not_blank(opened):
    from matplotlib.image import imread

    seen = (imread(io.BytesIO(opened.screenshot()))[..., :3] * 255).round().astype(int)
    assert len(np.unique(seen[..., 0] << 16 | seen[..., 1] << 8 | seen[..., 2])) > 300
    # The third echelon's fill over land, as the style mixes them.
    wanted = 0.42 * np.array([0xEA, 0xC0, 0x86]) + 0.58 * np.array([0xF5, 0xF2, 0xEA])
    assert (np.abs(seen - wanted).max(axis=2) < 6).sum() > 100


def test_a_click_opens_the_popup(opened):
    x, y = opened.run(
        """const l = geoconflict.layers.find((l) => l.name === "Border crossings");
        geoconflict.map.setView(L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * l.y[0]))) * 180 / Math.PI,
          (l.x[0] - 0.5) * 360), 12, {animate: false});
        const r = geoconflict.map.getContainer().getBoundingClientRect();
        const s = geoconflict.map.getSize();
        return [r.left + s.x / 2, r.top + s.y / 2];"""
    )
    opened.click(x, y)
    text = opened.run("return document.querySelector('.leaflet-popup')?.textContent ?? null")
    assert text is not None
    assert "Border crossings" in text
    assert opened.run("return document.activeElement.closest('.leaflet-popup') !== null")


def test_the_slider_shows_a_window_of_days(opened):
    frame = table("incidents")
    inside = frame["event_date"].between("2025-07-05", "2025-07-14").sum()
    opened.run(
        """geoconflict.map.closePopup();
        geoconflict.map.fitBounds([[46, 16], [53, 24]], {animate: false});
        const day = (d) => Date.parse(d) / 86400000;
        geoconflict.time.set([day("2025-07-05"), day("2025-07-14")]);"""
    )
    # The window is drawn with the next frame.
    drawn = opened.run(
        """return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
          () => setTimeout(() => done(geoconflict.drawn.Incidents), 50))));"""
    )
    assert drawn == inside
    assert "2025" in opened.run("return document.querySelector('.gc-time-said').textContent")


def test_nothing_was_complained_of(opened):
    # Leaflet copies every property of an event, the old names that Firefox has for two of them as well.
    told = [text for text in opened.complaints(opened.address) if not text.startswith("MouseEvent.moz")]
    assert told == []


def test_a_page_that_breaks_its_policy_is_complained_of(firefox, tmp_path):
    """The test before sees nothing because there is nothing, not because it cannot see."""
    path = tmp_path / "bad.html"
    path.write_text(
        "<!DOCTYPE html><html data-gc-ready='true'><head><meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
        "</head><body><script>1</script></body></html>",
        encoding="utf-8",
    )
    firefox.open(path)
    assert any("script" in text for text in firefox.complaints(path.as_uri()))
