"""Bad input: the map works, or says why; nothing is lost in silence and nothing throws."""

from __future__ import annotations

import html

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geoconflict.maps import layers
from geoconflict.maps.webmap import Map, MapOptions

pytestmark = pytest.mark.browser
LAND = gpd.GeoDataFrame({"name": ["Land"]}, geometry=[box(-170, -60, 170, 75)], crs=4326)


def incidents(points, **columns):
    n = len(points)
    base = {"event_type": ["battle"] * n, "event_date": ["2025-01-01"] * n, "event_date_end": ["2025-01-01"] * n}
    return gpd.GeoDataFrame({**base, **columns}, geometry=points, crs=4326)


def opened(open_map, layer, **options):
    made = open_map(Map([layer], title="Bad input", background=LAND, **options))
    assert made.errors == []
    assert made.page.evaluate("document.documentElement.dataset.gcReady") == "true"
    return made.page


def drawn(page):
    return page.evaluate("({...geoconflict.drawn})")


def popup(page, row=0, layer=1):
    page.evaluate(f"geoconflict.showRow(geoconflict.layers[{layer}], {row})")
    page.wait_for_timeout(150)
    return page.locator(".leaflet-popup").inner_text()


def test_no_rows(open_map):
    page = opened(open_map, layers.Incidents(incidents([])))
    assert drawn(page)["Incidents"] == 0
    assert "Incidents: 0 on the map" in page.locator("#gc-summary").text_content()
    page.get_by_role("button", name="Data table").click()
    assert page.locator("dialog[open]").is_visible()


def test_one_row(open_map):
    page = opened(open_map, layers.Incidents(incidents([Point(20, 50)], location=["Here"])))
    assert drawn(page)["Incidents"] == 1
    assert "Here" in popup(page)
    # A single point has no extent: the view is some tens of kilometres wide, not the least of all.
    assert 8 < page.evaluate("geoconflict.map.getZoom()") < 14


def test_all_rows_at_one_place(open_map):
    n = 5000
    page = opened(open_map, layers.Incidents(incidents([Point(20, 50)] * n, location=[f"Place {i}" for i in range(n)])))
    assert drawn(page)["Incidents"] == n
    assert "1 of 200 or more" in _click_middle(page)


def _click_middle(page):
    x, y = page.evaluate(
        """() => { const p = geoconflict.map.latLngToContainerPoint([50, 20]);
        const r = geoconflict.map.getContainer().getBoundingClientRect(); return [r.left + p.x, r.top + p.y]; }"""
    )
    page.mouse.click(x, y)
    return page.locator(".leaflet-popup").inner_text()


def test_the_poles_and_the_antimeridian(open_map):
    points = [Point(0, 90), Point(0, -90), Point(180, 10), Point(-180, -10), Point(179.999999, 0)]
    page = opened(open_map, layers.Incidents(incidents(points, location=list("abcde"))))
    # Mercator ends near 85 degrees: the poles are drawn at its edge, and their popups tell the place.
    assert "a" in popup(page, 0)
    xs = sorted(page.evaluate("[...geoconflict.layers[1].x]"))
    assert all(np.isfinite(xs))
    ys = page.evaluate("[...geoconflict.layers[1].y]")
    assert all(np.isfinite(ys))
    # 180 and -180 are one meridian, at one edge of the world or at both.
    assert all(min(abs(x), abs(x - 0.5), abs(x - 1)) < 1e-7 for x in xs)


def test_a_view_over_the_antimeridian_shows_both_sides(open_map):
    points = [Point(179.5, -17), Point(-179.5, -17)]
    page = opened(open_map, layers.Incidents(incidents(points)))
    assert drawn(page)["Incidents"] == 2
    assert page.evaluate("geoconflict.map.getZoom()") > 6


def test_missing_and_infinite_values(open_map):
    columns = {
        "fatalities": [np.nan, np.inf, -np.inf, 3.0],
        "location": [None, np.nan, "", "There"],
        "notes": pd.array([pd.NA, "x", None, "y"], dtype="string"),
        "location_uncertainty_m": [np.nan, 0.0, -5.0, 1e9],
    }
    page = opened(open_map, layers.Incidents(incidents([Point(20 + i / 10, 50) for i in range(4)], **columns)))
    assert drawn(page)["Incidents"] == 4
    text = popup(page, 3)
    assert "There" in text
    for row in range(4):
        shown = popup(page, row)
        for word in ("NaN", "nan", "null", "undefined", "Infinity", "<NA>"):
            assert word not in shown
    page.get_by_role("button", name="Data table").click()
    assert "NaN" not in page.locator("dialog[open]").inner_text()


def test_five_megabytes_in_one_note(open_map):
    note = "word " * 1_000_000
    page = opened(open_map, layers.Incidents(incidents([Point(20, 50), Point(21, 50)], notes=[note, "short"])))
    page.evaluate("geoconflict.showRow(geoconflict.layers[1], 0)")
    page.wait_for_timeout(500)
    box_ = page.locator(".leaflet-popup-content").bounding_box()
    # The popup scrolls; it does not grow beyond the page.
    assert box_["height"] <= 420
    assert "short" in popup(page, 1)


HOSTILE_NAMES = [
    "__proto__",
    "constructor",
    "</script>",
    "toString",
    "hasOwnProperty",
    "__defineGetter__",
    "<!--",
    "a.b[c]",
    "",
    " ",
]


def test_columns_with_hostile_names(open_map):
    names = [name for name in HOSTILE_NAMES if name.strip()]
    frame = incidents([Point(20, 50)] * 2, **{name: [f"v{i}", f"w{i}"] for i, name in enumerate(names)})
    fields = tuple(layers.PopupField(name, name) for name in names)
    page = opened(open_map, layers.Incidents(frame, fields=fields))
    shown = popup(page, 0)
    for i, name in enumerate(names):
        assert name in shown
        assert f"v{i}" in shown
    assert page.evaluate("({}).polluted ?? Object.prototype.v0 ?? null") is None
    page.get_by_role("button", name="Data table").click()
    table = page.locator("dialog[open]").inner_text()
    for i in range(len(names)):
        assert f"v{i}" in table
    with page.expect_download() as saved:
        page.locator("dialog[open]").get_by_role("button", name="GeoJSON").click()
    back = gpd.read_file(saved.value.path())
    assert set(names) - {"</script>"} <= set(back.columns) | {"__proto__"}


@pytest.mark.parametrize("name", HOSTILE_NAMES[:8])
def test_layers_with_hostile_names(open_map, name):
    page = opened(open_map, layers.Incidents(incidents([Point(20, 50)]), name=name))
    assert page.evaluate("(name) => geoconflict.drawn[name]", name) == 1
    assert name in page.locator(".gc-legend").inner_text()


def test_three_hundred_categories(open_map):
    names = [f"Kind {i}" for i in range(300)]
    frame = incidents([Point(20 + i / 100, 50) for i in range(300)], event_type=names, actor1=names)
    page = opened(open_map, layers.Incidents(frame))
    assert drawn(page)["Incidents"] == 300
    legend = page.locator(".gc-legend").bounding_box()
    assert legend["height"] <= 800
    page.get_by_text("Filters and search").click()
    assert page.locator(".gc-choice", has_text="Actor 1").first.locator("input[type=checkbox]").count() > 1


@pytest.mark.parametrize(
    ("name", "lang", "direction"),
    [("حوادث مسلحة", "ar", "rtl"), ("אירועים", "he", "rtl"), ("Инциденты", "ru", "ltr"), ("事件", "zh", "ltr")],
)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.filterwarnings("ignore::geoconflict.outputs.web.words.LanguageWarning")
def test_layers_with_names_in_other_scripts(open_map, name, lang, direction, width):
    frame = incidents([Point(20, 50), Point(21, 50)], location=[name, name])
    made = open_map(
        Map([layers.Incidents(frame, name=name)], title=name, background=LAND, options=MapOptions(lang=lang)),
        width=width,
        height=800,
    )
    page = made.page
    assert made.errors == []
    assert page.evaluate("document.documentElement.dir") == direction
    assert page.evaluate("(name) => geoconflict.drawn[name]", name) == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert name in page.locator(".gc-legend").inner_text()
    legend, tools = page.locator(".gc-legend").bounding_box(), page.locator(".gc-tools").bounding_box()
    apart = legend["x"] + legend["width"] <= tools["x"] or tools["x"] + tools["width"] <= legend["x"]
    assert apart or legend["y"] >= tools["y"] + tools["height"]


def test_geometry_of_odd_shapes(open_map):
    bow = Polygon([(20, 50), (21, 51), (21, 50), (20, 51)])
    frame = gpd.GeoDataFrame(
        {"name": ["bow tie", "empty parts", "sliver", "none"]},
        geometry=[bow, MultiPolygon([box(22, 50, 23, 51), box(23, 51, 24, 52)]), box(24, 50, 24 + 1e-9, 51), None],
        crs=4326,
    )
    made = Map([layers.Zones(frame)], title="Odd", background=LAND)
    page = open_map(made).page
    assert page.evaluate("document.documentElement.dataset.gcReady") == "true"
    assert drawn(page)["Zones"] == 3
    assert "1 of 4 rows have no known place" in html.unescape(made.html())


def test_lines_without_length(open_map):
    frame = gpd.GeoDataFrame(
        {"name": ["dot", "line"]},
        geometry=[LineString([(20, 50), (20, 50)]), LineString([(20, 50), (21, 50)])],
        crs=4326,
    )
    page = opened(open_map, layers.Borders(frame))
    assert drawn(page)["Border"] >= 1


def test_a_million_vertices_are_slimmed_and_told(open_map):
    turn = np.linspace(0, 2 * np.pi, 1_000_001)
    wobble = 3 + 0.02 * np.sin(turn * 500)
    ring = np.column_stack([20 + wobble * np.cos(turn), 50 + wobble * np.sin(turn)])
    frame = gpd.GeoDataFrame({"name": ["large"]}, geometry=[Polygon(ring)], crs=4326)
    made = Map([layers.Zones(frame)], title="Large", background=LAND)
    text = made.html()
    assert len(text) < 1_000_000
    assert "simplified with a tolerance of about" in text
    page = open_map(made).page
    assert drawn(page)["Zones"] == 1
