from __future__ import annotations

import base64
import html
import io
import re
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from geoconflict import schema
from geoconflict.errors import MissingExtraError
from geoconflict.maps import layers
from geoconflict.maps.figure import figure
from geoconflict.maps.web.still import SIZE_MM, still
from geoconflict.maps.webmap import Map, MapOptions

DATA = Path(__file__).parents[1] / "data" / "outputs"


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


def drawn(*, static=True, title="Westmark"):
    kinds = [layers.Echelons(table("echelons")), layers.Incidents(table("incidents"))]
    return Map(kinds, title=title, background=table("countries"), options=MapOptions(static=static))


def pixels(raw):
    from matplotlib.image import imread

    return (imread(io.BytesIO(raw))[..., :3] * 255).round().astype(int)


def picture(text):
    return base64.b64decode(re.search(r'<img src="data:image/png;base64,([A-Za-z0-9+/=]+)"', text)[1])


def test_the_picture_is_the_figure_within_a_few_shades():
    made = drawn()
    whole = io.BytesIO()
    figure(made, size_mm=SIZE_MM).savefig(whole, format="png", dpi=150)
    far = np.abs(pixels(whole.getvalue()) - pixels(picture(still(made)))).max(axis=2)
    # Marks are small: none of their colours may move far, whatever share of the picture they take.
    assert far.max() <= 32
    assert far.mean() < 0.5


def test_the_same_map_gives_the_same_picture():
    assert drawn().html() == drawn().html()


def test_it_costs_what_the_documentation_says():
    more = len(drawn().html()) - len(drawn(static=False).html())
    assert 20_000 < more < 200_000


def test_it_says_in_words_what_it_shows():
    text = html.unescape(still(drawn()))
    assert 'alt="Westmark. Defence in depth: 3 on the map' in text
    assert "Defence in depth: First echelon, 0–5 km (1)" in text
    assert re.search(r"Incidents: battle \(4\); explosion \(6\)", text)


def test_hostile_texts_are_text():
    evil = '"><script>alert(1)</script>'
    place = gpd.GeoDataFrame({"name": [evil], "kind": [evil]}, geometry=[Point(20, 50)], crs=4326)
    made = Map([layers.Places(place, name=evil)], title=evil, background=table("countries"))
    assert "<script" not in still(made)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"geoconflict\[figure\]"):
        drawn().html()
    assert "gc-still" not in re.search(r"<noscript>.*</noscript>", drawn(static=False).html(), re.DOTALL)[0]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_without_scripts_the_picture_is_seen(chromium, tmp_path, width):
    path = drawn().save(tmp_path / "map.html")
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(path.as_uri())
    image = page.locator(".gc-still img")
    box = image.bounding_box()
    assert box["width"] == pytest.approx(min(1080, width - 32), abs=2)
    assert box["height"] == pytest.approx(box["width"] * 720 / 1080, abs=3)
    assert box["y"] < 200
    seen = pixels(page.screenshot())
    red = (np.abs(seen - [0xE4, 0x25, 0x36]).max(axis=2) < 24).sum()
    assert red >= 5
    context.close()


@pytest.mark.browser
def test_a_page_whose_script_fails_shows_the_picture(chromium, tmp_path):
    path = tmp_path / "map.html"
    path.write_text(re.sub(r'(id="gc-blob-0">)..', r"\1AA", drawn().html()), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-gc-ready=failed]", state="attached")
    image = page.locator(".gc-still-over img")
    assert image.get_attribute("alt").startswith("Westmark.")
    assert image.evaluate("(node) => node.decode().then(() => node.naturalWidth)") == 1080
    page.close()


def test_texts_that_no_font_takes_are_printed_with_stand_ins():
    title = "a\ud800b\x00c"
    assert "data:image/png" in still(drawn(title=title))
    said = [text.get_text() for text in figure(drawn(title=title)).texts]
    assert "a\ufffdb\ufffdc" in said
