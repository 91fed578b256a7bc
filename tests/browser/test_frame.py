"""The map inside other pages: what it tells them, and what it does without their rights."""

from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point

from geoconflict.maps import layers, webmap
from geoconflict.maps.webmap import Map

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PLACES = gpd.GeoDataFrame({"name": ["Rukla", "Utena"]}, geometry=[Point(24.4, 55.05), Point(25.6, 55.5)], crs=4326)


def drawn(title="Places"):
    return Map([layers.Places(PLACES)], title=title)


def listener():
    """Return the script that docs/maps.md gives to pages that embed a map."""
    words = (ROOT / "docs" / "maps.md").read_text(encoding="utf-8")
    return re.search(r"```html\n<script>\n(.*?)</script>\n```", words, re.DOTALL)[1]


@pytest.fixture
def outer(chromium, tmp_path):
    pages = []

    def opened(*maps, script="", width=900):
        path = tmp_path / "outer.html"
        frames = "".join(m.iframe(height="500px") for m in maps)
        path.write_text(
            f"<!DOCTYPE html><meta charset=utf-8><script>window.told = [];{script}</script><body>{frames}</body>",
            encoding="utf-8",
        )
        page = chromium.new_page(viewport={"width": width, "height": 1600})
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        for frame in page.frames[1:]:
            frame.wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
        page.wait_for_timeout(150)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()


KEEP = "addEventListener('message', (event) => told.push(event.data));"


def test_a_frame_tells_its_height_and_what_was_chosen(outer):
    page = outer(drawn(), script=KEEP)
    ready = page.evaluate("told.filter((m) => m.geoconflict === 'ready')")
    assert len(ready) == 1
    assert 420 <= ready[0]["height"] <= 900
    page.frames[1].evaluate("geoconflict.showRow(geoconflict.layers[1], 1)")
    page.wait_for_timeout(100)
    chosen = page.evaluate("told.filter((m) => m.geoconflict === 'select')")
    assert chosen == [{"geoconflict": "select", "layer": "Places", "row": 1}]


def test_another_width_is_told_and_another_height_is_not(outer):
    page = outer(drawn(), script=KEEP)
    page.locator("iframe").evaluate("(node) => { node.style.height = '700px'; }")
    page.wait_for_timeout(200)
    assert page.evaluate("told.filter((m) => m.geoconflict === 'height')") == []
    page.set_viewport_size({"width": 500, "height": 1600})
    page.wait_for_timeout(300)
    assert 420 <= page.evaluate("told.findLast((m) => m.geoconflict === 'height').height") <= 900


def test_the_script_of_the_documentation_sets_each_frame_s_height(outer):
    page = outer(drawn("One"), drawn("Two"), script=listener())
    heights = page.evaluate("[...document.querySelectorAll('iframe')].map((f) => f.offsetHeight)")
    assert len(heights) == 2
    assert heights[0] == heights[1] != 500
    page.frames[2].evaluate("geoconflict.showRow(geoconflict.layers[1], 0)")
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelectorAll('iframe')[1].dataset.chosen") == "Places 0"


def test_a_message_that_is_not_ours_changes_nothing(outer):
    page = outer(drawn(), script=listener())
    before = page.evaluate("document.querySelector('iframe').offsetHeight")
    page.evaluate(
        "[{geoconflict: 'ready', height: 5000}, null, 'x', {geoconflict: {}}].forEach((m) => postMessage(m, '*'))"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("document.querySelector('iframe').offsetHeight") == before
    assert page.errors == []


def test_without_the_rights_of_a_page_nothing_throws(outer):
    page = outer(drawn())
    frame = page.frames[1]
    for name in ("Change theme", "Full screen", "Measure distance", "Data table"):
        button = frame.get_by_role("button", name=name)
        if button.count():
            button.click()
    with page.expect_download() as saved:
        frame.locator("dialog[open]").get_by_role("button", name="CSV").click()
    assert "Rukla" in Path(saved.value.path()).read_text(encoding="utf-8")
    frame.evaluate("geoconflict.map.setView([55, 24], 9, {animate: false})")
    page.wait_for_timeout(200)
    assert page.errors == []
    assert frame.evaluate("document.documentElement.dataset.gcReady") == "true"
    # The frame has no origin: it cannot see the page around it.
    assert (
        frame.evaluate("(() => { try { return parent.document.title; } catch (error) { return 'shut off'; } })()")
        == "shut off"
    )


def test_a_stricter_sandbox_still_shows_the_map(chromium, tmp_path):
    text = drawn().iframe().replace("allow-scripts allow-popups allow-downloads allow-modals", "allow-scripts")
    path = tmp_path / "strict.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8><body>{text}</body>", encoding="utf-8")
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    page.frames[1].wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
    assert page.frames[1].evaluate("geoconflict.drawn.Places") == 2
    assert errors == []
    page.close()


def test_a_notebook_is_not_given_more_than_it_takes(monkeypatch):
    made = drawn("A <b>large</b> map")
    assert made._repr_html_() == made.iframe()
    monkeypatch.setattr(webmap, "_NOTEBOOK_BYTES", 1000)
    said = made._repr_html_()
    assert "<iframe" not in said
    assert "A &lt;b&gt;large&lt;/b&gt; map" in said
    assert re.search(r"takes [\d.]+ MB", said)
