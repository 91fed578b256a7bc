"""Choropleths, territory by day, rasters, graticules and many vertices in a browser."""

from __future__ import annotations

import io

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.image import imread
from shapely import Polygon, box

from geoconflict.crs import Bounds
from geoconflict.maps import layers
from geoconflict.maps.webmap import Map

pytestmark = pytest.mark.browser
LAND = gpd.GeoDataFrame({"name": ["Land"]}, geometry=[box(9, 39, 31, 61)], crs=4326)


def colour_at(page, lon, lat):
    """Return red, green and blue of the screen at a place."""
    x, y = page.evaluate(
        """([lon, lat]) => { const r = geoconflict.map.getContainer().getBoundingClientRect();
           const p = geoconflict.map.latLngToContainerPoint([lat, lon]); return [r.left + p.x, r.top + p.y]; }""",
        [lon, lat],
    )
    seen = (imread(io.BytesIO(page.screenshot()))[..., :3] * 255).round().astype(int)
    return seen[round(y), round(x)].tolist()


def click(page, lon, lat):
    page.evaluate(
        "([lon, lat]) => geoconflict.map.fire('click', {latlng: L.latLng(lat, lon), originalEvent: {}})", [lon, lat]
    )
    return page.inner_text(".gc-popup")


def mixed(colour, opacity, ground=(0xF5, 0xF2, 0xEA)):
    ink = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return [opacity * c + (1 - opacity) * g for c, g in zip(ink, ground, strict=True)]


def test_an_area_has_the_colour_of_its_class_and_says_its_number(open_map):
    frame = gpd.GeoDataFrame(
        {"name": ["Low", "High", "None"], "deaths": [1, 90, None]},
        geometry=[box(12, 45, 16, 50), box(17, 45, 21, 50), box(22, 45, 26, 50)],
        crs=4326,
    )
    kind = layers.Choropleth(frame, by="deaths", breaks=(10,), unit="people")
    page = open_map(Map([kind], title="Deaths", background=LAND)).page
    styles = kind.describe().styles
    for lon, style in ((14, styles[0]), (19, styles[1])):
        np.testing.assert_allclose(colour_at(page, lon, 47), mixed(style.fill, style.fill_opacity), atol=3)
    assert page.locator(".gc-legend .gc-label").all_text_contents()[1:] == [
        "under 10 people",
        "10 or more people",
        "no data",
    ]
    assert "90" in click(page, 19, 47)
    page.evaluate("geoconflict.map.closePopup()")
    page.get_by_label("10 or more people").uncheck()
    np.testing.assert_allclose(colour_at(page, 19, 47), [0xF5, 0xF2, 0xEA], atol=3)


def test_the_slider_shows_one_state_of_territory_at_a_time(open_map):
    snapshots = {
        f"2025-0{i + 1}-01": gpd.GeoDataFrame(geometry=[box(12 + 3 * i, 45, 14.5 + 3 * i, 50)], crs=4326)
        for i in range(3)
    }
    table = layers.from_snapshots(snapshots, holder="North")
    page = open_map(Map([layers.Territory(table)], title="Control", as_of="2025-02-10", background=LAND)).page
    held = lambda lon: colour_at(page, lon, 47)[1] < 0xE8  # noqa: E731 - read three times below
    drawn = "geoconflict.drawn['Control of territory']"
    assert (page.evaluate(drawn), [held(13), held(16), held(19)]) == (1, [False, True, False])
    day = lambda text: f"Date.parse('{text}') / 86400000"  # noqa: E731 - a text of JavaScript
    page.evaluate(f"geoconflict.setWindow([{day('2025-01-05')}, {day('2025-01-05')}])")
    assert (page.evaluate(drawn), [held(13), held(16), held(19)]) == (1, [True, False, False])
    # All time: the last state that is known, not all of them over one another.
    page.evaluate("geoconflict.setWindow(null)")
    assert (page.evaluate(drawn), [held(13), held(16), held(19)]) == (1, [False, False, True])
    text = click(page, 19, 47)
    assert "Observed on" in text
    assert "North" in text


def test_cells_lie_where_their_numbers_belong_and_say_their_class(open_map):
    values = np.arange(100.0).reshape(10, 10)
    values[0, 0] = np.nan
    early = layers.Grid(values, Bounds(12, 42, 28, 58), valid_from="2025-01-01", valid_to="2025-01-31")
    late = layers.Grid(99 - values, Bounds(12, 42, 28, 58), valid_from="2025-02-01", valid_to="2025-02-28")
    kind = layers.Raster([early, late], breaks=(50,), unit="mm", fill_opacity=1.0)
    opened = open_map(Map([kind], title="Rain", as_of="2025-01-15", background=LAND))
    page = opened.page
    low, high = (style.fill for style in kind.describe().styles)
    # Beside the line between the rows of 40 to 49 and of 50 to 59, at 50 degrees north.
    np.testing.assert_allclose(colour_at(page, 20.3, 50.15), mixed(low, 1), atol=2)
    np.testing.assert_allclose(colour_at(page, 20.3, 49.85), mixed(high, 1), atol=2)
    np.testing.assert_allclose(colour_at(page, 12.5, 57.5), [0xF5, 0xF2, 0xEA], atol=3)
    said = click(page, 20.3, 45)
    assert "50 or more mm" in said
    assert "Jan 1, 2025" in said
    page.evaluate("geoconflict.map.closePopup()")
    assert page.evaluate("geoconflict.hitsAt(L.latLng(57.5, 12.5)).length") == 0
    page.evaluate("geoconflict.setWindow([20130, 20130])")
    np.testing.assert_allclose(colour_at(page, 20.3, 50.15), mixed(high, 1), atol=2)
    page.get_by_label("50 or more mm").uncheck()
    np.testing.assert_allclose(colour_at(page, 20.3, 50.15), [0xF5, 0xF2, 0xEA], atol=3)
    assert opened.errors == []


def test_a_grid_round_the_world_is_seen_on_both_sides_of_its_edge(open_map):
    grid = layers.Grid(np.tile([[1.0, 2.0]], (2, 1)), Bounds(-180, -60, 180, 60))
    drawn = Map([layers.Raster(grid, breaks=(2,), fill_opacity=1.0)], title="Pacific", view=Bounds(170, -10, -170, 10))
    page = open_map(drawn).page
    low, high = (style.fill for style in drawn.layers[0].describe().styles)
    np.testing.assert_allclose(colour_at(page, -175, 3), mixed(low, 1), atol=3)
    np.testing.assert_allclose(colour_at(page, -185, 3), mixed(high, 1), atol=3)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_graticule_follows_the_zoom_and_can_be_switched_off(open_map, width):
    page = open_map(
        Map([layers.Graticule()], title="Grid", background=LAND, view=Bounds(10, 40, 30, 60)), width=width
    ).page
    lines = "geoconflict.drawn['Graticule']"
    wide = page.evaluate(lines)
    assert 3 <= wide <= 40
    page.evaluate("geoconflict.map.setView([50.51, 20.01], 15, {animate: false})")
    assert 2 <= page.evaluate(lines) <= 40
    box = page.get_by_label("Graticule").first
    box.uncheck()
    assert page.evaluate(lines) == 0


def star(count):
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    far = 3 + 0.4 * np.sin(9 * turn) + 0.02 * np.random.default_rng(1).normal(size=count)
    return Polygon(np.column_stack([20 + far * np.cos(turn), 50 + 0.7 * far * np.sin(turn)]))


def test_a_million_vertices_are_drawn_and_the_loss_is_told(open_map):
    frame = gpd.GeoDataFrame({"name": ["Star"]}, geometry=[star(1_000_000)], crs=4326)
    opened = open_map(Map([layers.Zones(frame, labels=True)], title="Star", background=LAND))
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.gcReady") == "true"
    assert opened.errors == []
    kept = page.evaluate("geoconflict.layers.find((l) => l.name === 'Zones').rings[0].n")
    assert 20_000 < kept <= 250_000
    text = page.inner_text("body", timeout=5000) + page.evaluate("document.body.textContent")
    assert "of 1\u202f000\u202f001 vertices" in text
    assert colour_at(page, 20, 50.6) != colour_at(page, 24.2, 50)


def test_names_of_columns_and_300_categories_do_no_harm(open_map):
    evil = "</script>{{ 7*7 }}"
    n = 300
    frame = gpd.GeoDataFrame(
        {"name": [f"{evil}{i}" for i in range(n)], "__proto__": np.arange(n) / 7},
        geometry=[box(10 + i / 20, 45, 10 + (i + 1) / 20, 50) for i in range(n)],
        crs=4326,
    )
    drawn = Map(
        [layers.Zones(frame, name="Many"), layers.Choropleth(frame, by="__proto__", name=evil)],
        title="x",
        background=LAND,
    )
    opened = open_map(drawn)
    assert opened.errors == []
    assert opened.page.evaluate("document.documentElement.dataset.gcReady") == "true"
    assert opened.page.locator(".gc-legend .gc-entry").count() > n
    assert "proto" in click(opened.page, 20, 47)


@pytest.mark.parametrize("time", [True, False])
def test_the_page_opens_on_the_day_of_the_figure(open_map, time):
    from geoconflict.maps.webmap import MapOptions

    held = gpd.GeoDataFrame(
        {"holder": ["a", "b"], "valid_from": ["2025-05-01", "2025-05-20"], "valid_to": ["2025-05-19", "2025-06-01"]},
        geometry=[box(20, 50, 21, 51), box(20, 50, 22, 51)],
        crs=4326,
    )
    days = [f"2025-06-{day}" for day in range(12, 21)]
    points = gpd.GeoDataFrame(
        {"event_type": "battle", "event_date": days}, geometry=gpd.points_from_xy([20.5] * 9, [50.5] * 9), crs=4326
    )
    made = Map(
        [layers.Territory(held), layers.Incidents(points)],
        title="Days",
        as_of="2025-06-15",
        options=MapOptions(time=time),
    )
    page = open_map(made).page
    assert page.evaluate("geoconflict.drawn['Control of territory']") == 1
    if time:
        assert page.locator(".gc-time-said").inner_text() == "May 1, 2025 – Jun 1, 2025"
        assert "Control of territory: As of Jun 1, 2025" in page.locator("#gc-mode").inner_text()
    else:
        assert page.evaluate("geoconflict.drawn.Incidents") == 9


def test_zones_without_a_last_day_are_there_later(open_map):
    zones = gpd.GeoDataFrame(
        {"name": ["a", "b"], "valid_from": ["2022-01-01", "2024-01-01"], "valid_to": [None, None]},
        geometry=[box(20, 50, 21, 51), box(21, 50, 22, 51)],
        crs=4326,
    )
    points = gpd.GeoDataFrame(
        {"event_type": "battle", "event_date": [f"2025-06-{day}" for day in range(12, 21)]},
        geometry=gpd.points_from_xy([20.5] * 9, [50.5] * 9),
        crs=4326,
    )
    page = open_map(Map([layers.Zones(zones), layers.Incidents(points)], title="Open", as_of="2025-06-15")).page
    assert page.evaluate("geoconflict.drawn.Zones") == 2
