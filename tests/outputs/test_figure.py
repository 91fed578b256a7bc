from __future__ import annotations

import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from shapely import Point

from geoconflict import layers, schema
from geoconflict.crs import Bounds
from geoconflict.errors import InputError
from geoconflict.outputs.figure import figure
from geoconflict.outputs.webmap import Map

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
    from geoconflict.outputs.printed.ground import Ground

    ground = Ground.of(drawn.view, 1.0)
    lon, lat = ground.back.transform(ends[:, 0], ends[:, 1])
    metres = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2]
    # The bar is measured across the whole middle line; its scale varies by far less than 1 % over it.
    assert metres == pytest.approx(float(words.split()[0].replace(",", "")) * 1000, rel=0.005)


def test_a_circle_of_uncertainty_has_its_true_radius(drawn):
    from pyproj import Geod

    from geoconflict.outputs.printed.ground import Ground

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
    from geoconflict.outputs.printed.ground import Ground

    far = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(-170, 60), Point(150, -40)], crs=4326)
    ground = Ground.of(Map([layers.Places(far)], title="World", view=Bounds(-180, -60, 180, 75)).view, 2.0)
    assert ground.seam == 180
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
