from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from geoconflict.crs import Bounds
from geoconflict.maps import layers
from geoconflict.maps.web.locator import HEIGHT, MOST_BYTES, WIDTH, locator
from geoconflict.maps.webmap import Map, MapOptions, View

EARTH = 0.5 / np.pi


def view(west, south, east, north):
    box = Bounds(west, south, east, north)
    return View(box, box, box.center[0])


def corners(land):
    """Return the corners of each ring of the path, in pixels."""
    out = []
    for ring in re.findall(r"M([^z]+)z", land):
        at, steps = ring.split("l")
        numbers = np.array([int(n) for n in re.findall(r"-?\d+", at) + re.findall(r"-?\d+", steps)])
        out.append(np.cumsum(numbers.reshape(-1, 2), axis=0) / 10)
    return out


@pytest.mark.parametrize(
    "box",
    [
        (24, 54, 26, 56),
        (178, -19, -178, -15),
        (-70, -56, -66, -52),
        (10, 77, 20, 81),
        (100, 0, 130, 20),
        (-180, -90, -170, -75),
    ],
    ids=["Baltic", "over 180", "Cape Horn", "Svalbard", "wide", "Antarctica"],
)
def test_the_region_holds_the_view_and_stays_small(box):
    seen = view(*box)
    found = locator(seen)
    assert found.west < seen.lon0 < found.east
    assert found.east - found.west <= 360
    middle = (max(box[1], -82) + min(box[3], 82)) / 2
    assert found.south < middle < found.north
    assert 0 < len(found.land) <= MOST_BYTES
    for ring in corners(found.land):
        assert ring.min() > -1
        assert ring[:, 0].max() < WIDTH + 1
        assert ring[:, 1].max() < HEIGHT + 1


def test_land_lies_where_it_is():
    """The coast of Latvia at Kolka, where two seas meet, is a corner of the land."""
    found = locator(view(22, 56.5, 25, 58.5))
    y = 0.5 - np.arctanh(np.sin(np.radians(np.array([found.north, 57.757])))) * EARTH
    k = WIDTH / ((found.east - found.west) / 360)
    spot = np.array([(22.605 - found.west) / 360 * k, (y[1] - y[0]) * k])
    nearest = min(np.hypot(*(ring - spot).T).min() for ring in corners(found.land))
    assert nearest < 1.5


def test_a_continent_needs_no_locator():
    assert locator(view(-20, 0, 40, 30)) is None
    assert locator(view(0, -40, 10, 10)) is None


def test_another_worldview_has_land_without_borders():
    plain, bare = locator(view(24, 54, 26, 56)), locator(view(24, 54, 26, 56), worldviews=["claims"])
    assert plain.borders
    assert not bare.borders
    assert len(bare.land) < len(plain.land)


def test_the_page_carries_it_unless_it_is_switched_off():
    rukla = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    assert '"locator":{"west"' in Map([layers.Places(rukla)], title="x").html()
    assert '"locator":null' in Map([layers.Places(rukla)], title="x", options=MapOptions(locator=False)).html()


def insets(drawn):
    from geoconflict.maps.figure import figure

    axes = figure(drawn).axes[0]
    # The frame of the locator is the topmost rectangle of the axes.
    return [p for p in axes.patches if p.get_zorder() == 94]


def test_the_printed_figure_has_it_where_it_hides_nothing():
    middle = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(24, 54), Point(24.5, 54.5)], crs="EPSG:4326")
    view_ = Bounds(23, 53, 25.5, 55.5)

    def shown(**options):
        return insets(Map([layers.Places(middle)], title="x", view=view_, options=MapOptions(**options)))

    (frame,) = shown()
    place = frame.get_transform().transform((0.5, 0.5))
    box = frame.axes.get_window_extent()
    assert place[0] > box.x0 + box.width / 2
    assert place[1] < box.y0 + box.height / 2
    assert shown(locator=False) == []


def test_a_corner_with_a_mark_is_not_taken():
    from geoconflict.maps.print.inset import _free_corner

    size, box_ = (60.0, 40.0), (0.0, 0.0, 300.0, 260.0)
    marks = [(150.0, 130.0)]
    assert _free_corner(np.array(marks), size, box_) == (235.0, 5.0)
    marks.append((280.0, 20.0))
    assert _free_corner(np.array(marks), size, box_) == (235.0, 215.0)
    marks.append((298.0, 258.0))
    assert _free_corner(np.array(marks), size, box_) == (5.0, 215.0)
    marks.append((30.0, 230.0))
    assert _free_corner(np.array(marks), size, box_) is None
    assert _free_corner(np.empty((0, 2)), size, box_) == (235.0, 5.0)


def test_the_box_of_the_view_lies_in_the_middle_of_the_picture():
    seen = view(24, 54, 26, 56)
    left, top, wide, high = locator(seen).place(seen.box, seen.lon0)
    assert left + wide / 2 == pytest.approx(WIDTH / 2, abs=0.5)
    assert top + high / 2 == pytest.approx(HEIGHT / 2, abs=0.5)
    assert wide == pytest.approx(2 / (locator(seen).east - locator(seen).west) * WIDTH, rel=1e-6)
