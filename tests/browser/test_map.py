from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from geoconflict import schema
from geoconflict.maps import layers
from geoconflict.maps.map import Map

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[1] / "data" / "outputs"
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


@pytest.fixture(scope="module")
def drawn():
    kinds = [
        layers.Echelons(table("echelons")),
        layers.Zones(table("zones"), visible=False),
        layers.Strips(table("strips")),
        layers.Borders(table("borders")),
        layers.Sites(table("sites")),
        layers.Crossings(table("crossings")),
        layers.Incidents(table("incidents")),
        layers.Places(table("places")),
    ]
    return Map(kinds, title="Westmark’s line", as_of="2025-08-19", background=table("countries"))


def click_on(opened, layer, row):
    at = opened.page.evaluate(
        """([name, row]) => {
          const l = geoconflict.layers.find((l) => l.name === name);
          geoconflict.map.setView(L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * l.y[row]))) * 180 / Math.PI,
            (l.x[row] - 0.5) * 360), 12, {animate: false});
          const r = geoconflict.map.getContainer().getBoundingClientRect();
          const s = geoconflict.map.getSize();
          const d = l.spread?.get(row) ?? [0, 0];
          return [r.left + s.x / 2 + d[0], r.top + s.y / 2 + d[1]];
        }""",
        [layer, row],
    )
    opened.page.mouse.click(*at)


def pixels(opened):
    """Return the screen as an array of colours."""
    import io

    from matplotlib.image import imread

    return (imread(io.BytesIO(opened.page.screenshot()))[..., :3] * 255).round().astype(int)


def colours(seen):
    """Return how many different colours there are."""
    return len(np.unique(seen[..., 0] << 16 | seen[..., 1] << 8 | seen[..., 2]))


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (768, 1024), (390, 844), (320, 640)])
def test_the_file_opens_without_a_network_and_draws(open_map, drawn, width, height):
    opened = open_map(drawn, width=width, height=height)
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.gcReady") == "true"
    assert len(opened.requests) == 1
    assert opened.requests[0].startswith("file:")
    assert opened.errors == []
    found = page.evaluate("geoconflict.drawn")
    assert found["Incidents"] == 40
    assert found["Defence in depth"] == 3
    assert found["Border"] == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    seen = pixels(opened)
    assert colours(seen) > 300
    # The third echelon's fill over land, as the style mixes them.
    wanted = 0.42 * np.array([0xEA, 0xC0, 0x86]) + 0.58 * np.array([0xF5, 0xF2, 0xEA])
    assert (np.abs(seen - wanted).max(axis=2) < 6).sum() > 100


def test_the_legend_switches_layers_and_their_parts(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_role("checkbox", name="Battle").uncheck()
    battles = page.evaluate(
        "geoconflict.layers.find((l) => l.name === 'Incidents').legend.find((e) => e.label === 'battle').count"
    )
    assert battles > 0
    assert page.evaluate("geoconflict.drawn.Incidents") == 40 - battles
    page.get_by_role("checkbox", name="Incidents", exact=True).uncheck()
    assert page.evaluate("geoconflict.drawn.Incidents") == 0
    assert page.get_by_role("checkbox", name="Explosion").is_disabled()


def test_a_popup_shows_source_date_and_uncertainty(open_map, drawn):
    opened = open_map(drawn)
    row = opened.page.evaluate("geoconflict.layers.find((l) => l.name === 'Incidents').radius.indexOf(15000)")
    click_on(opened, "Incidents", row)
    text = opened.page.locator(".leaflet-popup").inner_text()
    for wanted in (
        "Source",
        "Date",
        "2025",
        "Location uncertainty",
        "15 km (9.32 mi)",
        "shown as a circle",
        "Note",
        "example.org",
    ):
        assert wanted in text
    link = opened.page.locator(".leaflet-popup a[target=_blank]").first
    assert link.get_attribute("href") == "https://example.org/report"
    assert "noopener" in link.get_attribute("rel")


def test_points_at_one_place_are_spread_and_each_has_its_popup(open_map):
    frame = table("incidents").iloc[:4].copy()
    frame.geometry = [Point(20, 49)] * 4
    frame["location_uncertainty_m"] = np.nan
    frame["location"] = list("abcd")
    opened = open_map(Map([layers.Incidents(frame)], title="One place"))
    seen = set()
    for row in range(4):
        click_on(opened, "Incidents", row)
        seen.add(opened.page.locator(".leaflet-popup .gc-popup-title").inner_text())
        opened.page.keyboard.press("Escape")
    assert seen == set("abcd")


def test_the_slider_shows_a_window_of_days(open_map, drawn):
    page = open_map(drawn).page
    frame = table("incidents")
    inside = frame["event_date"].between("2025-07-05", "2025-07-14").sum()
    day = "(Date.parse('%s') / 86400000)"
    page.evaluate(f"geoconflict.time.set([{day % '2025-07-05'}, {day % '2025-07-14'}])")
    page.wait_for_timeout(100)
    assert page.evaluate("geoconflict.drawn.Incidents") == inside
    assert "Jul 5, 2025" in page.locator(".gc-time-said").inner_text()
    page.get_by_role("button", name="Later").click()
    page.wait_for_timeout(100)
    after = frame["event_date"].between("2025-07-15", "2025-07-24").sum()
    assert page.evaluate("geoconflict.drawn.Incidents") == after
    page.get_by_role("button", name="All dates", exact=True).click()
    page.wait_for_timeout(100)
    assert page.evaluate("geoconflict.drawn.Incidents") == 40


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_day_stays_the_same_day_in_every_zone(open_map, drawn, zone):
    opened = open_map(drawn, timezone_id=zone)
    text = opened.page.locator(".gc-time-said").inner_text()
    assert text.startswith("Jul 1, 2025 – Aug 10, 2025")


def test_zones_hold_for_their_days(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_role("checkbox", name="Zones", exact=True).check()
    day = "(Date.parse('%s') / 86400000)"
    page.evaluate(f"geoconflict.time.set([{day % '2025-07-02'}, {day % '2025-07-03'}])")
    page.wait_for_timeout(100)
    assert page.evaluate("geoconflict.drawn.Zones") == 1


def test_filter_and_search(open_map, drawn):
    page = open_map(drawn).page
    frame = table("incidents")
    page.get_by_text("Filters and search").click()
    page.locator(".gc-choice summary", has_text="Actor 1").click()
    parties = page.get_by_role("group", name="Actor 1", exact=True)
    parties.get_by_role("checkbox", name="Army of Westmark").check()
    parties.get_by_role("checkbox", name="Militia").check()
    either = frame["actor1"].isin(["Army of Westmark", "Militia"])
    assert 0 < either.sum() < 40
    assert page.evaluate("geoconflict.drawn.Incidents") == either.sum()
    assert f"{either.sum()} of 40 rows match." in page.locator(".gc-filter-said").inner_text()
    parties.get_by_role("checkbox", name="Army of Westmark").uncheck()
    assert page.evaluate("geoconflict.drawn.Incidents") == (frame["actor1"] == "Militia").sum()
    page.get_by_label("Search in Incidents").fill("place 3")
    page.wait_for_timeout(300)
    both = (frame["actor1"] == "Militia") & (frame["location"] == "Place 3")
    assert page.evaluate("geoconflict.drawn.Incidents") == both.sum()
    page.get_by_role("button", name="Clear all filters").click()
    assert page.evaluate("geoconflict.drawn.Incidents") == 40
    assert not parties.get_by_role("checkbox", name="Militia").is_checked()
    assert page.get_by_role("button", name="Clear all filters").is_hidden()


def test_the_table_sorts_saves_and_shows_a_row(open_map, drawn):
    opened = open_map(drawn)
    page = opened.page
    page.get_by_role("button", name="Data table").click()
    dialog = page.get_by_role("dialog", name="Data table")
    dialog.get_by_text("Rows in view: 40.").wait_for()
    dialog.get_by_role("button", name="Reported fatalities").click()
    head = dialog.get_by_role("columnheader", name="Reported fatalities")
    assert head.get_attribute("aria-sort") == "ascending"
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="CSV").click()
    lines = Path(saved.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 41
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="GeoJSON").click()
    back = gpd.read_file(saved.value.path())
    assert sorted(back.geometry.x.round(4)) == sorted(table("incidents").geometry.x.round(4))
    dialog.get_by_role("button", name="on the map").first.click()
    assert page.locator(".leaflet-popup").count() == 1


def test_everything_is_reached_by_the_keyboard(open_map, drawn):
    page = open_map(drawn).page
    names = []
    for _ in range(60):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(() => { const e = document.activeElement; return (e.getAttribute('aria-label') || e.closest('label')?.innerText || e.innerText || '').trim(); })()"
            )
        )
    for wanted in (
        "Westmark’s line",
        "Zoom in",
        "Data table",
        "Measure distance",
        "Legend",
        "Play",
        "Sources and method",
    ):
        assert wanted in names, wanted
    page.get_by_role("button", name="Data table").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_the_measure_follows_the_ellipsoid(open_map, drawn):
    from pyproj import Geod

    page = open_map(drawn).page
    page.get_by_role("button", name="Measure distance").click()
    box = page.locator("#gc-map").bounding_box()
    spots = [(300, 300), (600, 450)]
    places = []
    for x, y in spots:
        page.mouse.click(box["x"] + x, box["y"] + y)
        places.append(
            page.evaluate(
                f"(() => {{ const p = geoconflict.map.containerPointToLatLng([{x}, {y}]); return [p.lng, p.lat]; }})()"
            )
        )
        page.wait_for_timeout(300)
    metres = Geod(ellps="WGS84").inv(*places[0], *places[1])[2]
    said = page.locator(".gc-note").inner_text()
    assert float(said.split()[0].replace(",", "")) == pytest.approx(metres / 1000, rel=0.006)
    page.keyboard.press("Escape")
    assert page.locator(".gc-note").is_hidden()


def test_the_address_keeps_the_view(open_map, drawn):
    opened = open_map(drawn)
    page = opened.page
    page.evaluate("geoconflict.map.setView([49, 19], 9.5, {animate: false})")
    url = page.evaluate("location.href")
    assert url.endswith("#9.50/49.0000/19.0000")
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("html[data-gc-ready=true]", state="attached")
    assert page.evaluate("geoconflict.map.getZoom()") == 9.5


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_axe_finds_nothing(open_map, drawn, theme):
    import os

    if not AXE.is_file():
        if os.environ.get("CI"):
            pytest.fail("this run needs axe-core: run `npm ci` in web/ first")
        pytest.skip("axe-core is not installed in web/")
    from geoconflict.maps.scene import MapOptions

    themed = Map(drawn.layers, title=drawn.title, background=table("countries"), options=MapOptions(theme=theme))
    opened = open_map(themed, bypass_csp=True)
    opened.page.get_by_text("Filters and search").click()
    opened.page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = opened.page.evaluate(
        "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160))]))"
    )
    assert found == []
    click_on(opened, "Incidents", 0)
    found = opened.page.evaluate(
        "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160))]))"
    )
    assert found == []


@pytest.mark.parametrize(
    ("device", "theme"),
    [({"color_scheme": "dark"}, "dark"), ({"contrast": "more"}, "contrast"), ({"color_scheme": "light"}, "light")],
)
def test_the_colours_follow_the_device_where_asked(open_map, drawn, device, theme):
    from geoconflict.maps.scene import MapOptions

    auto = Map(drawn.layers, title="Auto", background=table("countries"), options=MapOptions(theme="auto"))
    assert open_map(auto, **device).page.evaluate("document.documentElement.dataset.gcTheme") == theme


def test_three_maps_stand_on_one_page(drawn, chromium, tmp_path):
    small = Map([layers.Places(table("places"))], title="Small")
    path = tmp_path / "three.html"
    path.write_text(
        "<!DOCTYPE html><body>" + "".join(m.iframe(height="400px") for m in (drawn, small, drawn)), encoding="utf-8"
    )
    page = chromium.new_page(viewport={"width": 900, "height": 1300})
    page.goto(path.as_uri())
    for frame in page.frames[1:]:
        frame.wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
    assert [f.title() for f in page.frames[1:]] == ["Westmark’s line", "Small", "Westmark’s line"]
    assert [f.evaluate("geoconflict.drawn.Places") for f in page.frames[1:]] == [3, 3, 3]
    page.close()


@pytest.mark.parametrize(
    ("outer", "size"), [("none", ("100%", "400px")), ("block", ("0", "0")), ("block", ("20px", "0"))]
)
def test_a_frame_without_a_size_is_ready_once_it_is_shown(chromium, tmp_path, outer, size):
    small = Map([layers.Places(table("places"))], title="Small")
    path = tmp_path / "tab.html"
    frame = small.iframe(width=size[0], height=size[1])
    path.write_text(f"<!DOCTYPE html><body><div style='display: {outer}'>{frame}</div>", encoding="utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 600})
    page.goto(path.as_uri())
    frame = page.frames[1]
    page.wait_for_timeout(800)
    before = frame.evaluate("document.documentElement.dataset.gcReady ?? 'not set'")
    page.evaluate(
        """() => {
          document.querySelector("div").style.display = "block";
          Object.assign(document.querySelector("iframe").style, {width: "100%", height: "400px"});
        }"""
    )
    frame.wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
    assert before == "not set"
    assert frame.evaluate("geoconflict.drawn.Places") == 3
    assert frame.evaluate("geoconflict.map.getZoom()") < 12
    assert frame.get_by_role("button", name="Print").count() == 1
    page.close()


def test_the_print_has_the_map_and_its_sources(open_map, drawn):
    opened = open_map(drawn)
    raw = opened.page.pdf(print_background=True)
    assert raw[:5] == b"%PDF-"
    assert len(raw) > 20_000
    opened.page.emulate_media(media="print")
    assert not opened.page.locator(".gc-tools").is_visible()


def test_without_scripts_the_page_says_what_it_shows(chromium, drawn, tmp_path):
    path = drawn.save(tmp_path / "map.html")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    text = page.locator("body").inner_text()
    assert "Incidents: 40 on the map" in text
    context.close()


def test_a_page_that_fails_says_so(open_map, drawn):
    broken = re.sub(r'(id="gc-blob-0">)..', r"\1AA", drawn.html())
    assert broken != drawn.html()
    opened = open_map(broken)
    assert opened.page.evaluate("document.documentElement.dataset.gcReady") == "failed"
    assert "could not be drawn" in opened.page.locator("#gc-status").inner_text()


def test_an_old_browser_is_told_what_is_missing(chromium, drawn, tmp_path):
    path = drawn.save(tmp_path / "map.html")
    page = chromium.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-gc-ready=failed]", state="attached")
    assert "needs a browser of 2023 or later" in page.locator("#gc-status").inner_text()
    page.close()


def test_many_points_are_shaded_and_say_so(open_map):
    rng = np.random.default_rng(0)
    n = 130_000
    frame = gpd.GeoDataFrame(
        {"event_type": ["battle"] * n, "event_date": ["2025-01-01"] * n},
        geometry=gpd.points_from_xy(rng.normal(20, 1, n), rng.normal(50, 1, n)),
        crs=4326,
    )
    opened = open_map(Map([layers.Incidents(frame)], title="Many"))
    assert "shaded by density" in opened.page.locator("#gc-mode").inner_text()
    assert colours(pixels(opened)) > 50
    opened.page.evaluate("geoconflict.map.setView([50, 20], 13, {animate: false})")
    idle(opened.page)
    assert opened.page.locator("#gc-mode").is_hidden()
    # The columns of so many rows come after the first drawing; filters and popups wait for them.
    opened.page.evaluate("(async () => { while (!geoconflict.whole) await new Promise((r) => setTimeout(r, 20)); })()")
    assert opened.page.evaluate("geoconflict.layers.at(-1).loaded")


def test_dots_do_not_lie_about_shares(open_map):
    """A type of one row in twenty-five must not take more of the pixels than its share, drawn in order of time."""
    rng = np.random.default_rng(3)
    n = 100_000
    rare = rng.random(n) < 0.04
    frame = gpd.GeoDataFrame(
        {"event_type": np.where(rare, "battle", "protest"), "event_date": ["2025-01-01"] * n},
        geometry=gpd.points_from_xy(rng.uniform(19, 21, n), rng.uniform(49, 51, n)),
        crs=4326,
    )
    opened = open_map(Map([layers.Incidents(frame)], title="Shares"))
    assert "as dots" in opened.page.locator("#gc-mode").inner_text()
    seen = pixels(opened)
    red = (np.abs(seen - [0xE4, 0x25, 0x36]).max(axis=2) < 3).sum()
    blue = (np.abs(seen - [0x57, 0x90, 0xFC]).max(axis=2) < 3).sum()
    assert red / (red + blue) == pytest.approx(0.04, abs=0.01)


def crowd(n, display="auto"):
    """Return a map of incidents round four towns, of two types."""
    rng = np.random.default_rng(5)
    towns = np.array([[19.0, 49.0], [19.4, 50.2], [21.0, 49.6], [20.3, 48.7]])
    at = towns[rng.integers(0, 4, n)] + rng.normal(0, 0.04, (n, 2))
    frame = gpd.GeoDataFrame(
        {
            "event_type": rng.choice(["battle", "protest"], n),
            "event_date": (np.datetime64("2025-01-01") + rng.integers(0, 100, n)).astype(str),
            "location": [f"Place {i}" for i in range(n)],
        },
        geometry=gpd.points_from_xy(at[:, 0], at[:, 1]),
        crs=4326,
    )
    return Map([layers.Incidents(frame, display=display)], title="Crowd", background=table("countries"))


def idle(page):
    page.evaluate("(async () => { while (geoconflict.busy()) await new Promise((r) => setTimeout(r, 10)); })()")


def bins(page):
    return page.evaluate(
        "geoconflict.layers.at(-1).aggregates.circles.map((b) => ({n: b.n, x: b.x, y: b.y, r: b.r, cells: b.cells.length}))"
    )


def place_of(page, at):
    return page.evaluate(
        """([x, y]) => {
          const r = geoconflict.map.getContainer().getBoundingClientRect();
          const p = geoconflict.map.latLngToContainerPoint(
            L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI, (x - 0.5) * 360));
          return [r.left + p.x, r.top + p.y];
        }""",
        [at["x"], at["y"]],
    )


def test_clusters_count_every_point_once_and_open_on_a_click(open_map):
    page = open_map(crowd(2000, "clusters")).page
    assert "in clusters" in page.locator("#gc-mode").inner_text()
    found = bins(page)
    assert sum(b["n"] for b in found) == 2000
    assert 4 <= len(found) < 60
    # Circles do not lie over one another.
    scale = page.evaluate("256 * 2 ** geoconflict.map.getZoom()")
    for i, a in enumerate(found):
        for b in found[:i]:
            assert np.hypot(a["x"] - b["x"], a["y"] - b["y"]) * scale > 0.75 * (a["r"] + b["r"])
    zoom = page.evaluate("geoconflict.map.getZoom()")
    page.mouse.click(*place_of(page, max(found, key=lambda b: b["n"])))
    page.wait_for_timeout(300)
    assert page.evaluate("geoconflict.map.getZoom()") > zoom + 0.5
    idle(page)
    page.get_by_role("checkbox", name="Battle").uncheck()
    idle(page)
    protests = page.evaluate("geoconflict.layers.at(-1).legend.find((e) => e.label === 'protest').count")
    page.evaluate("geoconflict.map.setView([49.4, 20], 6, {animate: false})")
    idle(page)
    assert sum(b["n"] for b in bins(page)) == protests


def test_a_cluster_at_one_place_lists_its_rows(open_map):
    frame = table("incidents").iloc[:4].copy()
    frame.geometry = [Point(20, 49)] * 4
    frame["location"] = list("abcd")
    page = open_map(Map([layers.Incidents(frame, display="clusters")], title="One place")).page
    page.mouse.click(*place_of(page, bins(page)[0]))
    assert page.locator(".gc-popup-count").inner_text() == "1 of 4"


def test_hexagons_have_a_scale_and_tell_their_rows(open_map):
    page = open_map(crowd(5000, "hexagons")).page
    said = page.locator("#gc-mode").inner_text()
    assert "counted in hexagons about" in said
    assert "1–2" in said
    where = page.evaluate("(() => { const l = geoconflict.layers.at(-1); return {x: l.x[0], y: l.y[0]}; })()")
    n = page.evaluate(f"geoconflict.layers.at(-1).aggregates.at({where['x']}, {where['y']}).n")
    page.evaluate("geoconflict.map.setZoom(14, {animate: false})")
    idle(page)
    page.evaluate(
        f"geoconflict.map.setView([Math.atan(Math.sinh(Math.PI * (1 - 2 * {where['y']}))) * 180 / Math.PI, ({where['x']} - 0.5) * 360], 18, {{animate: false}})"
    )
    idle(page)
    assert n > 1
    page.mouse.click(*place_of(page, where))
    page.locator(".leaflet-popup .gc-popup-title", has_text="Place").wait_for()


def test_heat_says_that_its_colours_are_no_counts(open_map):
    opened = open_map(crowd(5000, "heat"))
    assert "not counts" in opened.page.locator("#gc-mode").inner_text()
    assert colours(pixels(opened)) > 200


def test_a_reader_chooses_how_points_are_drawn(open_map):
    page = open_map(crowd(9000)).page
    choice = page.get_by_label("Display style of Incidents")
    seen = []
    for way in ("clusters", "hexagons", "heat", "points", "auto"):
        choice.select_option(way)
        idle(page)
        seen.append(page.locator("#gc-mode").inner_text())
        assert page.evaluate("geoconflict.drawn.Incidents") == 9000
    assert [next(w for w in ("clusters", "hexagons", "smoothed", "dots") if w in text) for text in seen] == [
        "clusters",
        "hexagons",
        "smoothed",
        "dots",
        "dots",
    ]


def test_a_way_of_drawing_that_is_unknown_is_refused():
    from geoconflict.errors import InputError

    with pytest.raises(InputError, match="clusters"):
        layers.Incidents(table("incidents"), display="cluster")


def test_without_a_network_the_ground_stays_under_tiles(open_map, drawn):
    from geoconflict.maps.scene import MapOptions

    tiled = Map(
        drawn.layers, title="Tiles", background=table("countries"), options=MapOptions(tiles="OpenStreetMap.Mapnik")
    )
    opened = open_map(tiled)
    assert any("tile.openstreetmap.org" in url for url in opened.requests)
    assert opened.page.evaluate("geoconflict.drawn.Countries") == 2


def test_a_resized_map_stays_within_its_extent(drawn, open_map):
    opened = open_map(drawn, width=1280, height=713)
    opened.page.evaluate("geoconflict.map.setZoom(0, {animate: false})")
    opened.page.set_viewport_size({"width": 1100, "height": 1400})
    opened.page.wait_for_function("geoconflict.map.getSize().y > 1000")
    opened.page.wait_for_timeout(300)
    beyond = opened.page.evaluate(
        """() => {
          const map = geoconflict.map;
          const [seen, extent] = [map.getPixelBounds(), map.options.maxBounds];
          const nw = map.project(extent.getNorthWest()), se = map.project(extent.getSouthEast());
          return [nw.x - seen.min.x, nw.y - seen.min.y, seen.max.x - se.x, seen.max.y - se.y];
        }"""
    )
    assert max(beyond) <= 1
