"""The reader's tools: coordinates, keyboard, filters and notes, table, address, print, frame, languages."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from geoconflict import schema
from geoconflict.maps import layers
from geoconflict.maps.webmap import Map, MapOptions

pytestmark = pytest.mark.browser
DATA = Path(__file__).parents[1] / "data" / "outputs"
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


def kinds(**incidents):
    frame = table("incidents")
    # The first ten days are known to the week, one event lasts from day to day.
    order = frame["event_date"].argsort(kind="stable")
    frame.loc[frame.index[order[:10]], "time_precision"] = "week"
    frame["distance_to_border_m"] = 12_345.0
    return [
        layers.Echelons(table("echelons")),
        layers.Zones(table("zones"), visible=False),
        layers.Borders(table("borders")),
        layers.Crossings(table("crossings")),
        layers.Incidents(frame, **incidents),
        layers.Places(table("places")),
    ]


def made(**options):
    return Map(
        kinds(),
        title="Westmark’s line",
        as_of="2025-08-19",
        background=table("countries"),
        options=MapOptions(**options),
    )


@pytest.fixture(scope="module")
def drawn():
    return made()


def focus_map(page):
    page.locator("#gc-map").focus()


def test_coordinates_follow_the_pointer_in_three_notations(open_map, drawn):
    page = open_map(drawn).page
    button = page.get_by_title("Change coordinate format")
    assert button.inner_text().startswith("Centre ")
    spot = page.locator("#gc-map").bounding_box()
    page.mouse.move(spot["x"] + 400, spot["y"] + 300)
    lat, lon = page.evaluate(
        "(() => { const p = geoconflict.map.containerPointToLatLng([400, 300]); return [p.lat, p.lng]; })()"
    )
    # The box of the map begins between two pixels.
    assert [float(v) for v in button.inner_text().split(",")] == pytest.approx([lat, lon], abs=0.003)
    lat, lon = (float(v) for v in button.inner_text().split(","))
    import mgrs

    button.press("Enter")
    assert re.fullmatch(r"\d+°\d\d′\d\d″N \d+°\d\d′\d\d″E", button.inner_text())
    button.press("Enter")
    said = button.inner_text().replace(" ", "")
    assert said[:5] == mgrs.MGRS().toMGRS(lat, lon)[:5]
    assert abs(int(said[5:10]) - int(mgrs.MGRS().toMGRS(lat, lon)[5:10])) <= 10


def test_the_map_goes_to_typed_coordinates_and_refuses_others(open_map, drawn):
    page = open_map(drawn).page
    focus_map(page)
    page.keyboard.press("g")
    field = page.get_by_role("textbox", name="Go to coordinates")
    for text, reason in [("95, 10", "out of range"), ("10, 10", "outside the map area"), ("nowhere", "two numbers")]:
        field.fill(text)
        field.press("Enter")
        assert reason in page.get_by_role("alert").inner_text()
        assert field.get_attribute("aria-invalid") == "true"
    field.fill("49°06′00″N 20°15′00″E")
    field.press("Enter")
    assert page.locator("dialog[open]").count() == 0
    at = page.evaluate("geoconflict.map.getCenter()")
    assert (round(at["lat"], 3), round(at["lng"], 3)) == (49.1, 20.25)
    assert page.evaluate("geoconflict.map.getZoom()") >= 10
    assert "34U" in page.locator("#gc-status").inner_text()


def test_copying_says_what_became_of_it(open_map, drawn):
    page = open_map(drawn).page
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: () => Promise.reject(new Error('no'))}})"
    )
    focus_map(page)
    page.keyboard.press("c")
    page.get_by_text("The browser blocked copying").wait_for()
    page.evaluate("navigator.clipboard.writeText = (text) => { window.taken = text; return Promise.resolve(); }")
    focus_map(page)
    page.keyboard.press("c")
    page.get_by_text("Copied: ").wait_for()
    assert re.fullmatch(r"\d+\.\d{4}, \d+\.\d{4}", page.evaluate("window.taken"))


def test_the_keyboard_walks_from_the_middle_outwards(open_map, drawn):
    page = open_map(drawn).page
    focus_map(page)
    far = []
    titles = []
    for key in ("Enter", "n", "n", "n"):
        page.keyboard.press(key)
        page.locator(".leaflet-popup").wait_for()
        titles.append(page.locator(".leaflet-popup").inner_text())
        far.append(page.locator("#gc-status").inner_text())
        assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    assert [t.split(" of ")[0] for t in far] == ["1", "2", "3", "4"]
    page.keyboard.press("p")
    assert page.locator(".leaflet-popup").inner_text() == titles[2]
    page.keyboard.press("Escape")
    assert page.locator(".leaflet-popup").count() == 0
    assert page.evaluate("document.activeElement.id") == "gc-map"
    # Nothing answers where there is nothing.
    page.evaluate("geoconflict.layers.forEach((l) => { l.visible = false; })")
    page.evaluate("geoconflict.map.setZoom(geoconflict.map.getZoom() + 2, {animate: false})")
    page.keyboard.press("n")
    assert page.locator("#gc-status").inner_text() == "No features in view."


def test_keys_of_one_letter_count_only_on_the_map(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_text("Filters and search").click()
    page.get_by_label("Search in Incidents").press_sequentially("np?g")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator(".leaflet-popup").count() == 0
    focus_map(page)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    assert page.get_by_role("dialog", name="Keyboard shortcuts").is_visible()


def test_uncertain_days_are_told(open_map, drawn):
    page = open_map(drawn).page
    assert "date uncertain (10)" in page.locator(".gc-time-key").inner_text()
    rows = "geoconflict.layers.find((l) => l.name === 'Incidents')"
    page.evaluate(f"geoconflict.showRow({rows}, 2)")
    popup = page.locator(".leaflet-popup")
    assert "The date is uncertain." in popup.inner_text()
    assert "outside the selected dates" not in popup.inner_text()
    page.evaluate(f"geoconflict.time.set([{rows}.start[2], {rows}.start[2] + 2])")
    page.wait_for_timeout(80)
    page.evaluate(f"geoconflict.showRow({rows}, 2)")
    assert "It may be outside the selected dates." in popup.inner_text()
    page.evaluate(f"geoconflict.showRow({rows}, 30)")
    assert "date is uncertain" not in popup.inner_text()
    assert "about 12\xa0km (8\xa0mi), ±\xa02\xa0km" in popup.inner_text()


def test_uncertain_days_are_told_also_where_popups_show_other_fields(open_map):
    layer = kinds(fields=(layers.PopupField("location", "Location"),))[4]
    page = open_map(Map([layer], title="Other fields")).page
    assert "date uncertain (10)" in page.locator(".gc-time-key").inner_text()


def test_the_slider_goes_by_keyboard(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_role("slider", name="Start date").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(60)
    assert page.locator(".gc-time-said").inner_text().startswith("Jul 6, 2025")
    page.get_by_role("slider", name="End date").press("Home")
    page.wait_for_timeout(60)
    assert page.locator(".gc-time-said").inner_text() == "Jul 6, 2025"


def test_areas_change_with_the_slider_and_begin_with_the_day_of_the_map(open_map):
    days = ["2025-07-01", "2025-07-02", "2025-07-03"]
    frame = gpd.GeoDataFrame(
        {"name": days, "valid_from": days, "valid_to": days},
        geometry=[box(20, 49, 20 + i, 50) for i in (1, 2, 3)],
        crs=4326,
    )
    page = open_map(Map([layers.Zones(frame)], title="Control", as_of="2025-07-02")).page
    seen = "geoconflict.layers.find((l) => l.name === 'Zones')"
    shown = f"[0, 1, 2].filter((row) => {seen}.isOn(row))"
    page.wait_for_timeout(60)
    assert page.evaluate(shown) == [1]
    assert "~" not in page.evaluate("location.hash")
    page.get_by_role("button", name="Later").click()
    page.wait_for_timeout(400)
    assert page.evaluate(shown) == [2]
    assert page.evaluate("location.hash").endswith("/2025-07-03~2025-07-03")


@pytest.fixture(scope="module")
def many():
    """A layer of 9,000 rows whose notes all differ, so that they lie in three blocks."""
    n = 9_000
    rng = np.random.default_rng(2)
    frame = gpd.GeoDataFrame(
        {
            "event_type": np.array(["battle", "protest"])[rng.integers(0, 2, n)],
            "event_date": (np.datetime64("2025-01-01") + rng.integers(0, 90, n)).astype(str),
            "actor1": np.array(["Army", "Militia", "Crowd"])[rng.integers(0, 3, n)],
            "notes": [f"Report {i:05d} of {'a BRIDGE' if i % 90 == 0 else 'a road'}" for i in rng.permutation(n)],
        },
        geometry=gpd.points_from_xy(rng.uniform(20, 22, n), rng.uniform(49, 50, n)),
        crs=4326,
    )
    return Map([layers.Incidents(frame)], title="Many notes")


def test_search_goes_through_notes(open_map, many):
    page = open_map(many).page
    page.get_by_text("Filters and search").click()
    page.get_by_label("Search in Incidents").fill("bridge")
    page.get_by_text("100 of 9,000 rows match.").wait_for()
    assert page.evaluate("geoconflict.drawn.Incidents") == 100
    assert page.get_by_role("progressbar").is_hidden()
    page.get_by_role("button", name="Clear all filters").click()
    assert page.evaluate("geoconflict.drawn.Incidents") == 9_000


def test_a_search_through_notes_can_be_stopped(open_map, many):
    page = open_map(many).page
    # Each block takes long: the reader has time to stop.
    page.evaluate(
        """() => { for (const c of geoconflict.layers.find((l) => l.name === "Incidents").columns) if (c.blocks) {
          const read = c.blocks.read;
          c.blocks.read = async (i) => { await new Promise((go) => setTimeout(go, 300)); return read(i); };
        } }"""
    )
    page.get_by_text("Filters and search").click()
    page.get_by_label("Search in Incidents").fill("bridge")
    page.get_by_role("progressbar").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("of the notes searched.").wait_for()
    assert page.evaluate("geoconflict.drawn.Incidents") < 100


def test_the_table_pages_and_sorts_notes(open_map, many):
    page = open_map(many).page
    page.get_by_role("button", name="Data table").click()
    dialog = page.get_by_role("dialog", name="Data table")
    dialog.get_by_text("Rows in view: 9,000.").wait_for()
    dialog.get_by_text("Page 1 of 90").wait_for()
    assert dialog.locator("table").get_attribute("aria-rowcount") == "9001"
    dialog.get_by_role("button", name="Notes").click()
    dialog.locator("th[aria-sort=ascending]").wait_for()
    cell = dialog.locator("tbody tr").first
    assert "Report 00000" in cell.inner_text()
    dialog.get_by_role("region", name="Rows in view").focus()
    page.keyboard.press("PageDown")
    dialog.get_by_text("Page 2 of 90").wait_for()
    assert "Report 00100" in cell.inner_text()
    assert cell.get_attribute("aria-rowindex") == "102"
    dialog.get_by_role("button", name="Last page").click()
    dialog.get_by_text("Page 90 of 90").wait_for()
    assert "Report 08999" in dialog.locator("tbody tr").last.inner_text()
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="CSV").click()
    assert len(Path(saved.value.path()).read_text(encoding="utf-8").splitlines()) == 9_001


def test_lengths_in_the_table_are_rounded_and_those_in_the_file_are_not(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_role("button", name="Data table").click()
    dialog = page.get_by_role("dialog", name="Data table")
    dialog.get_by_text("at most 30 km (20 mi)").first.wait_for()
    assert "12.3" not in dialog.locator("tr", has_text="15 km").first.inner_text()
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="CSV").click()
    assert Path(saved.value.path()).read_text(encoding="utf-8").count("12345") == 40


def test_the_address_keeps_days_and_layers(open_map, drawn):
    opened = open_map(drawn)
    page = opened.page
    day = "(Date.parse('%s') / 86400000)"
    page.evaluate("geoconflict.map.setView([49, 20], 8, {animate: false})")
    page.evaluate(f"geoconflict.time.set([{day % '2025-07-05'}, {day % '2025-07-14'}])")
    page.get_by_role("checkbox", name="Border", exact=True).uncheck()
    page.get_by_role("checkbox", name="Zones", exact=True).check()
    page.wait_for_timeout(400)
    url = page.evaluate("location.href")
    assert url.endswith("#8.00/49.0000/20.0000/2025-07-05~2025-07-14/x2.3")
    before = page.evaluate("geoconflict.drawn")
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector("html[data-gc-ready=true]", state="attached")
    page.wait_for_timeout(100)
    assert page.evaluate("geoconflict.drawn") == before
    assert not page.get_by_role("checkbox", name="Border", exact=True).is_checked()
    # What is no address changes nothing.
    page.evaluate("location.hash = '#8.00/49.0000/20.0000/x<img src=x>'")
    page.wait_for_timeout(100)
    assert page.evaluate("geoconflict.drawn") == before


def test_the_page_round_the_frame_may_ask_and_is_told(drawn, chromium, tmp_path):
    path = tmp_path / "parent.html"
    script = "window.told = []; addEventListener('message', (e) => told.push(e.data)); window.ask = (m) => frames[0].postMessage(m, '*');"
    path.write_text(f"<!DOCTYPE html><body><script>{script}</script>{drawn.iframe(height='500px')}", encoding="utf-8")
    page = chromium.new_page(viewport={"width": 900, "height": 700})
    page.goto(path.as_uri())
    frame = page.frames[1]
    frame.wait_for_selector("html[data-gc-ready=true]", state="attached", timeout=20_000)
    page.wait_for_function("told.some((m) => m.geoconflict === 'ready')")
    height = page.evaluate("told.find((m) => m.geoconflict === 'ready').height")
    assert 420 <= height <= 900

    def ask(message, answer=None):
        page.evaluate("(m) => { told.length = 0; ask(m); }", message)
        if answer is None:
            page.wait_for_timeout(200)
        else:
            page.wait_for_function("(kind) => told.some((m) => m.geoconflict === kind)", arg=answer)
        return page.evaluate("told")

    ask({"geoconflict": "view", "longitude": 20.25, "latitude": 49.1, "zoom": 9})
    frame.wait_for_function("geoconflict.map.getZoom() === 9")
    chosen = {"geoconflict": "select", "layer": "Incidents", "row": 5}
    assert chosen in ask(chosen, "select")
    assert frame.locator(".leaflet-popup").count() == 1
    ask({"geoconflict": "time", "from": "2025-07-05", "to": "2025-07-14"})
    frame.locator(".gc-time-said", has_text="Jul 5, 2025").wait_for()
    for wrong in (
        {"geoconflict": "view", "longitude": 120, "latitude": 0, "zoom": 9},
        {"geoconflict": "select", "layer": "<img src=x onerror=alert(1)>", "row": 0},
        {"geoconflict": "eval", "code": "1"},
    ):
        assert [m["geoconflict"] for m in ask(wrong, "refused")] == ["refused"]
    assert ask("select") == []
    # A frame that follows the height comes to rest.
    page.evaluate("told.length = 0; document.querySelector('iframe').style.height = '800px'")
    page.wait_for_timeout(200)
    assert page.evaluate("told.filter((m) => m.geoconflict === 'height').length") == 0
    page.close()


@pytest.mark.parametrize("landscape", [False, True])
def test_the_print_shows_the_whole_map_on_one_sheet(open_map, drawn, landscape):
    opened = open_map(drawn)
    page = opened.page
    page.get_by_role("checkbox", name="Battle").uncheck()
    before = page.evaluate("[geoconflict.map.getZoom(), geoconflict.map.getSize().x]")
    raw = page.pdf(format="A4", landscape=landscape, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", raw)) == 1
    # The canvases travel as one picture each, and nothing of them is cut away by a clip.
    pictures = [tuple(map(int, m)) for m in re.findall(rb"/Width (\d+)\s*/Height (\d+)", raw)]
    assert max(pictures)[0] >= 2_000
    assert page.evaluate("[geoconflict.map.getZoom(), geoconflict.map.getSize().x]") == before
    assert page.locator(".gc-paper").count() == 0
    assert page.evaluate("document.documentElement.className") == ""


def test_what_is_not_on_the_printed_map_is_told_beside_it(open_map, drawn):
    page = open_map(drawn).page
    page.get_by_role("checkbox", name="Battle").uncheck()
    page.get_by_text("Filters and search").click()
    page.get_by_label("Search in Incidents").fill("place 3")
    page.get_by_text(" of 40 rows match.").wait_for()
    page.evaluate("geoconflict.time.set([20280, 20290])")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    said = page.locator(".gc-print-said").inner_text()
    for wanted in (
        "Dates shown: Jul 11, 2025 – Jul 21, 2025",
        "Hidden: Zones, Incidents: battle",
        "“place 3”",
        "of 40 rows match.",
    ):
        assert wanted in said
    # What is printed holds land, water, the third echelon and a mark: nothing wipes out what lies below.
    seen = page.evaluate(
        """() => { const c = document.querySelector(".gc-paper"); const p = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
          const found = {}; for (let i = 0; i < p.length; i += 4) { const k = [p[i], p[i + 1], p[i + 2]].join(); found[k] = (found[k] || 0) + 1; }
          return [found["219,229,234"], found["245,242,234"], found["240,221,192"], Object.keys(found).length, c.width]; }"""
    )
    assert seen[4] >= 2_000
    assert min(seen[:3]) > 20_000
    assert seen[3] > 300
    assert page.locator(".gc-tools").is_hidden()
    assert page.locator(".gc-scale").is_visible()
    assert page.locator(".gc-about-text").is_visible()
    assert page.locator(".gc-group .gc-label", has_text=re.compile("^battle$", re.IGNORECASE)).is_hidden()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.locator(".gc-print-said").is_hidden()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_an_arabic_page_is_mirrored_and_its_map_is_not(open_map, width, height):
    opened = open_map(made(lang="ar"), width=width, height=height)
    page = opened.page
    assert opened.errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tools, legend = page.locator(".gc-tools").bounding_box(), page.locator(".gc-legend").bounding_box()
    assert tools["x"] > width / 2
    if width > 640:
        assert legend["x"] < 20
        zoom = page.get_by_role("button", name="تكبير").bounding_box()
        assert zoom["x"] > width / 2
        # The bars run with the sliders, from the right.
        assert "matrix(-1" in page.evaluate("getComputedStyle(document.querySelector('.gc-time-bars')).transform")
    west, east = page.evaluate("[geoconflict.map.getBounds().getWest(), geoconflict.map.getBounds().getEast()]")
    assert west < east
    first, last = (page.get_by_role("slider", name=name) for name in ("تاريخ البدء", "تاريخ الانتهاء"))
    first.focus()
    page.keyboard.press("ArrowLeft")
    assert int(first.input_value()) == int(first.get_attribute("min")) + 1
    assert int(last.input_value()) == int(last.get_attribute("max"))
    page.evaluate("geoconflict.showRow(geoconflict.layers.find((l) => l.timed && l.kind === 'point'), 5)")
    text = page.locator(".leaflet-popup").inner_text()
    assert "المصدر" in text
    assert "Source" not in text
    assert page.locator(".leaflet-popup dd").first.get_attribute("dir") == "auto"


@pytest.mark.parametrize("lang", ["de", "es", "fr", "ru", "uk"])
def test_nothing_of_the_page_is_left_in_english(open_map, lang):
    """The labels of the tools are those of the language, on a narrow and on a wide screen without overflow."""
    words = json.loads((Path(__file__).parents[2] / "geoconflict/maps/web/words.json").read_text(encoding="utf-8"))[
        "words"
    ]
    page = open_map(made(lang=lang), width=768, height=1000).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 768
    names = page.evaluate(
        "[...document.querySelectorAll('.gc button, .gc summary, .gc input[type=range], .gc .leaflet-bar a')].map((e) => e.getAttribute('aria-label') || e.innerText.trim())"
    )
    for key in ("Go to coordinates", "Measure distance", "Sources and method", "Play", "Start date", "Zoom in"):
        assert key not in names
        assert words[key][lang] in names


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_axe_finds_nothing_with_dialogs_open(open_map, theme, lang):
    if not AXE.is_file():
        if os.environ.get("CI"):
            pytest.fail("this run needs axe-core: run `npm ci` in web/ first")
        pytest.skip("axe-core is not installed in web/")
    page = open_map(made(theme=theme, lang=lang), bypass_csp=True).page
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))

    def found():
        return page.evaluate(
            "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160))]))"
        )

    page.locator(".gc-filters > summary").click()
    page.locator(".gc-choice > summary").first.click()
    page.locator(".gc-choices input").first.check()
    assert found() == []
    for key in ("?", "g"):
        focus_map(page)
        page.keyboard.press(key)
        if key == "g":
            page.keyboard.type("95, 10")
            page.keyboard.press("Enter")
        assert page.locator("dialog[open]").count() == 1
        assert found() == []
        page.keyboard.press("Escape")
    page.evaluate("document.querySelector('.gc-tools button').click()")
    page.locator("dialog[open] tbody tr").first.wait_for()
    assert found() == []
    page.keyboard.press("Escape")
    focus_map(page)
    page.keyboard.press("n")
    page.locator(".leaflet-popup").wait_for()
    assert found() == []


def test_events_that_may_lie_in_the_days_shown_are_counted(open_map):
    n = 60
    frame = gpd.GeoDataFrame(
        {
            "event_type": "battle",
            "event_date": ["2025-07-01"] * (n - 1) + ["2025-09-01"],
            "time_precision": "month",
        },
        geometry=gpd.points_from_xy(np.linspace(20, 21, n), [50.0] * n),
        crs=4326,
    )
    page = open_map(Map([layers.Incidents(frame)], title="Months")).page
    day = "(Date.parse('%s') / 86400000)"
    page.evaluate(f"geoconflict.time.set([{day % '2025-07-10'}, {day % '2025-07-20'}])")
    assert "59 more may fall within these dates" in page.locator(".gc-time-key").inner_text()
    page.evaluate("geoconflict.time.set(null)")
    assert "more may lie" not in page.locator(".gc-time-key").inner_text()
