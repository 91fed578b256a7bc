from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from shapely import Point, box

from geoconflict import schema
from geoconflict.crs import Bounds
from geoconflict.errors import InputError
from geoconflict.maps import layers
from geoconflict.maps.figure import figure
from geoconflict.maps.webmap import Map

DATA = Path(__file__).parents[1] / "data" / "outputs"


def table(name):
    return schema.conform(gpd.read_file(DATA / f"{name}.geojson"), getattr(schema, name.upper()))


@pytest.fixture(scope="module")
def drawn():
    kinds = [
        layers.Echelons(table("echelons")),
        layers.Strips(table("strips")),
        layers.Borders(table("borders")),
        layers.Sites(table("sites")),
        layers.Crossings(table("crossings")),
        layers.Incidents(table("incidents")),
        layers.Places(table("places")),
    ]
    return Map(kinds, title="Westmark", as_of="2025-08-19", background=table("countries"))


def texts(picture):
    found = [t.get_text() for t in picture.texts]
    for axes in picture.axes:
        found += [t.get_text() for t in axes.texts]
    return found


def test_the_sheet_says_what_a_reader_must_know(drawn):
    found = texts(figure(drawn))
    words = " ".join(found)
    for wanted in ("Westmark", "As of 19 August 2025", "Sources:", "Lambert azimuthal equal-area", "Nobody's data"):
        assert wanted in words
    assert {"Capital", "Oldtown", "The Gap"} <= set(found)
    assert {"First echelon, 0–5 km", "Battle", "Border"} <= set(found)
    assert any(re.fullmatch(r"[\d,]+ km", t) for t in found)
    assert any(re.fullmatch(r"[\d,]+ mi", t) for t in found)
    assert any(re.fullmatch(r"[\d.]+°N", t) for t in found)


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_map_gives_the_same_bytes(drawn, tmp_path, suffix):
    for name in "ab":
        figure(drawn, size_mm=(90, 90)).savefig(tmp_path / f"{name}.{suffix}")
    first = (tmp_path / f"a.{suffix}").read_bytes()
    assert first == (tmp_path / f"b.{suffix}").read_bytes()
    assert len(first) > 5000


def test_the_picture_is_not_blank(drawn):
    picture = figure(drawn, size_mm=(120, 100))
    FigureCanvasAgg(picture).draw()
    pixels = np.asarray(picture.canvas.buffer_rgba())[..., :3].reshape(-1, 3)
    assert len(np.unique(pixels, axis=0)) > 200
    land = (np.abs(pixels.astype(int) - [245, 242, 234]).max(axis=1) < 3).mean()
    assert land > 0.2


def test_names_do_not_lie_on_one_another(drawn):
    picture = figure(drawn)
    axes = picture.axes[0]
    names = [t for t in axes.texts if t.get_path_effects()]
    assert len(names) >= 5
    boxes = [t.get_window_extent() for t in names]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert min(a.x1, b.x1) - max(a.x0, b.x0) <= 1 or min(a.y1, b.y1) - max(a.y0, b.y0) <= 1


def test_the_scale_is_true(drawn):
    from pyproj import Geod

    picture = figure(drawn, legend=False, graticule=False)
    axes = picture.axes[0]
    bar = next(line for line in axes.lines if len(line.get_xdata()) == 4)
    words = next(t.get_text() for t in axes.texts if t.get_text().endswith(" km"))
    x = bar.get_transform().transform(np.column_stack([bar.get_xdata(), bar.get_ydata()]))[[1, 2], 0]
    middle = axes.get_window_extent().y0 + axes.get_window_extent().height / 2
    ends = axes.transData.inverted().transform([(x[0], middle), (x[1], middle)])
    from geoconflict.maps.print.ground import Ground

    ground = Ground.of(drawn.view, 1.0)
    lon, lat = ground.back.transform(ends[:, 0], ends[:, 1])
    metres = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2]
    # The bar is measured across the whole middle line; its scale varies by far less than 1 % over it.
    assert metres == pytest.approx(float(words.split()[0].replace(",", "")) * 1000, rel=0.005)


def test_a_circle_of_uncertainty_has_its_true_radius(drawn):
    from pyproj import Geod

    from geoconflict.maps.print.ground import Ground

    ground = Ground.of(drawn.view, 1.0)
    for radius in (8000, 350_000):
        area, rings = ground.circle(19.2, 49.5, radius)
        assert len(rings) == 1
        for line in (area.vertices, rings[0]):
            lon, lat = ground.back.transform(line[:, 0], line[:, 1])
            n = len(line)
            metres = Geod(ellps="WGS84").inv(np.full(n, 19.2), np.full(n, 49.5), lon, lat)[2]
            np.testing.assert_allclose(metres, radius, atol=0.01)


def test_a_circle_over_the_seam_of_a_world_map_is_cut_there():
    from geoconflict.maps.print.ground import Ground

    far = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(-170, 60), Point(150, -40)], crs=4326)
    ground = Ground.of(Map([layers.Places(far)], title="World", view=Bounds(-180, -60, 180, 75)).view, 2.0)
    assert ground.seam == 180
    # The whole equator and the margins beside it, not the way from one end to the other.
    assert 40e6 < ground.metres_across(0.0, 1.0) < 48e6
    area, rings = ground.circle(179.0, 10.0, 600_000)
    # From the north point on: to the seam, beyond it, and back.
    assert len(rings) == 3
    pieces = np.split(area.vertices[:, 0], np.flatnonzero(area.codes == area.MOVETO)[1:])
    assert len(pieces) == 2
    assert max(np.ptp(piece) for piece in pieces) < 1_300_000


def test_hostile_names_are_drawn_as_text():
    frame = gpd.GeoDataFrame({"name": ["$\\frac{1}{0", "<b>&"]}, geometry=[Point(10, 50), Point(10.2, 50.2)], crs=4326)
    found = texts(figure(Map([layers.Places(frame)], title="$x_$ {{7*7}}"), size_mm=(90, 90)))
    assert {"$\\frac{1}{0", "<b>&", "$x_$ {{7*7}}"} <= set(found)


@pytest.mark.parametrize(
    "points",
    [[(178.4, -18.1), (-171.8, -13.8)], [(0, 89), (90, 88)], [(-170, -60), (170, 70)], [(5, 5)]],
    ids=["antimeridian", "pole", "world", "one"],
)
def test_extreme_views_are_drawn(points):
    frame = gpd.GeoDataFrame(
        {"name": [f"n{i}" for i in range(len(points))]},
        geometry=gpd.points_from_xy(*zip(*points, strict=True)),
        crs=4326,
    )
    found = texts(figure(Map([layers.Places(frame)], title="Extreme", background=table("countries")), size_mm=(90, 90)))
    assert {f"n{i}" for i in range(len(points))} <= set(found)


def test_a_size_that_cannot_be_printed_is_refused(drawn):
    with pytest.raises(InputError, match="from 60 to 1200"):
        figure(drawn, size_mm=(10, 5000))


def test_a_sheet_shows_the_state_of_its_day():
    from geoconflict.maps.print.moment import on_one_day

    seen = {f"2025-0{i}-01": gpd.GeoDataFrame(geometry=[box(i, 0, i + 1, 1)], crs=4326) for i in (1, 2, 3)}
    told = layers.Territory(layers.from_snapshots(seen, holder="North")).describe()
    places = layers.Places(table("places")).describe()
    for day, state, shown in (
        ("2025-02-10", 1, "2025-02-10"),
        (None, 2, "2025-03-01"),
        ("2030-01-01", 2, "2025-03-01"),
    ):
        (area, point), said = on_one_day([told, places], day)
        assert area.table["seen_on"].tolist() == [f"2025-0{state + 1}-01"]
        assert said == shown
        assert point is places
    assert on_one_day([places], "2025-02-10")[1] is None
    drawn = Map([layers.Territory(layers.from_snapshots(seen, holder="North"))], title="Control", as_of="2030-01-01")
    assert any("shown as of 1 March 2025" in " ".join(text.split()) for text in [" ".join(texts(figure(drawn)))])


def test_a_raster_is_printed_where_its_cells_lie():
    from geoconflict.maps.print.ground import Ground

    values = np.arange(100.0).reshape(10, 10)
    kind = layers.Raster(layers.Grid(values, Bounds(12, 42, 28, 58)), breaks=(50,), fill_opacity=1.0)
    sheet = figure(Map([kind], title="Rain"), size_mm=(120, 120), graticule=False)
    image = next(axes.images[0] for axes in sheet.axes if axes.images)
    shown = np.asarray(image.get_array())
    ground = Ground.of(
        Map([kind], title="Rain").view,
        sheet.axes[0].get_window_extent().width / sheet.axes[0].get_window_extent().height,
    )
    low, high = ([int(s.fill[i : i + 2], 16) for i in (1, 3, 5)] for s in kind.describe().styles)
    for lat, wanted in ((50.1, low), (49.9, high)):
        x, y = ground.forward.transform(20.3, lat)
        west, east, south, north = image.get_extent()
        column = int((x - west) / (east - west) * shown.shape[1])
        row = int((north - y) / (north - south) * shown.shape[0])
        assert shown[row, column].tolist() == [*wanted, 255]
    x, y = ground.forward.transform(30, 50)
    assert shown[shown.shape[0] // 2, -1, 3] == (255 if x > east else 0)


def test_a_graticule_of_the_map_takes_the_place_of_the_sheets_own():
    def lines(*more):
        sheet = figure(Map([layers.Places(table("places")), *more], title="Grid"), size_mm=(120, 120))
        return [(line.get_color(), line.get_linewidth()) for line in sheet.axes[0].lines if line.get_zorder() < 60]

    plain, own = lines(), lines(layers.Graticule(style=layers.Style(stroke="#ff0000", width_px=2)))
    assert len(plain) == len(own) > 4
    assert {colour for colour, _ in own} == {"#ff0000"}
    assert {colour for colour, _ in plain} == {"#7f8b90"}


def test_a_legend_of_300_categories_is_cut_and_counted():
    frame = gpd.GeoDataFrame(
        {"name": [f"zone {i}" for i in range(300)]},
        geometry=[box(i / 30, 0, (i + 1) / 30, 5) for i in range(300)],
        crs=4326,
    )
    said = texts(figure(Map([layers.Zones(frame)], title="Many")))
    shown = [text for text in said if text.startswith("Zone ")]
    more = next(text for text in said if re.fullmatch(r"and \d+ more", text))
    assert len(shown) + int(more.split()[1]) == 300
    assert len(shown) > 20


def test_a_hexagon_holds_the_points_whose_nearest_middle_is_its_own():
    from geoconflict.maps.print.hexagons import bins

    xy = np.random.default_rng(3).uniform(-40, 40, (4000, 2))
    middles, counts = bins(xy, 2.5)
    assert counts.sum() == 4000
    nearest = np.hypot(*(xy[:, None, :] - middles[None]).transpose(2, 0, 1)).argmin(axis=1)
    assert np.array_equal(np.bincount(nearest, minlength=len(middles)), counts)
    # No corner is farther than the radius.
    assert np.hypot(*(xy - middles[nearest]).T).max() <= 2.5 + 1e-9


def test_counts_have_the_same_colours_on_screen_and_in_print():
    from geoconflict.maps.print.hexagons import RAMP

    script = Path(__file__).parents[2] / "web" / "src" / "display.js"
    assert tuple(re.findall(r'"(#[0-9a-f]{6})"', script.read_text("utf-8"))) == RAMP


@pytest.mark.parametrize(
    ("rows", "display", "counted"), [(200, "auto", False), (200, "hexagons", True), (25_000, "auto", True)]
)
def test_very_many_points_are_printed_as_counts(rows, display, counted):
    rng = np.random.default_rng(1)
    frame = gpd.GeoDataFrame(
        {"event_type": ["battle"] * rows, "event_date": ["2025-01-01"] * rows},
        geometry=gpd.points_from_xy(rng.normal(20, 0.5, rows), rng.normal(50, 0.5, rows)),
        crs=4326,
    )
    made = figure(Map([layers.Incidents(frame, display=display)], title="Many", background=table("countries")))
    texts = [text.get_text() for axes in made.axes for text in axes.texts]
    assert any(text.startswith("1 hexagon = ") and text.endswith(" km²") for text in texts) == counted
    assert any(re.fullmatch("[\\d\u202f]+(–[\\d\u202f]+)?", text) for text in texts) == counted


def test_no_name_lies_under_the_locator(monkeypatch):
    # Names of the background alone: a corner without marks is free for the locator.
    cells = [(x, y) for x in np.arange(17, 25, 0.5) for y in np.arange(46, 53, 0.5)]
    ground = gpd.GeoDataFrame(
        {"name": [f"T{i}" for i in range(len(cells))]},
        geometry=[box(x, y, x + 0.5, y + 0.5) for x, y in cells],
        crs=4326,
    )
    middle = gpd.GeoDataFrame({"name": ["Middle"]}, geometry=[box(20.5, 49.2, 21.5, 49.8)], crs=4326)
    made = Map([layers.Zones(middle)], title="Names", background=ground, view=Bounds(19, 48, 23, 51))

    def under():
        drawn = figure(made)
        axes = drawn.axes[0]
        (inset,) = (patch for patch in axes.patches if patch.get_zorder() == 91)
        names = [text for text in axes.texts if text.get_text().replace("\u200a", "").startswith("T")]
        assert len(names) > 20
        return sum(text.get_window_extent().overlaps(inset.get_window_extent()) for text in names)

    assert under() == 0
    # Without the box that names keep clear of, some of them would.
    from geoconflict.maps.print import sheet

    monkeypatch.setattr(sheet, "names", lambda *given, **_: names_anywhere(*given))
    assert under() > 0


def names_anywhere(*given):
    from geoconflict.maps.print.names import names

    return names(*given)


def test_circles_that_are_too_wide_are_told():
    frame = table("incidents").iloc[:3].copy()
    frame["location_uncertainty_m"] = [100.0, 6e6, 7e6]
    made = figure(Map([layers.Incidents(frame)], title="Wide", background=table("countries")))
    assert "circles of more than 5,000 km, 2 of them" in " ".join(text.get_text() for text in made.texts)
