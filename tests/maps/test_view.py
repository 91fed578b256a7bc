"""Views, extents, clipping and the locator map, against shapely and hand-computed numbers."""

from __future__ import annotations

import math
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, strategies as st
from shapely import Point, Polygon, box

from geoconflict.crs import Bounds
from geoconflict.maps import layers
from geoconflict.maps.spec import Labels, bounds_of
from geoconflict.maps.view import (
    HEIGHT,
    WIDTH,
    View,
    _rings,
    _svg_path,
    _unrolled,
    bounds_of_specs,
    bounds_of_view,
    clip,
    clip_spec,
    extent_of,
    locator,
    unwrap,
    unwrapped,
)


def places(*points):
    frame = gpd.GeoDataFrame({"name": ["a"] * len(points)}, geometry=[Point(p) for p in points], crs=4326)
    return layers.Places(frame).describe()


def test_layers_without_rows_show_most_of_the_world():
    assert bounds_of_specs([]) == Bounds(-170, -60, 170, 75)
    assert bounds_of_specs([places()]) == Bounds(-170, -60, 170, 75)


def test_a_view_contains_all_layers():
    assert bounds_of_specs([places((10, 50), (12, 51)), places(), places((20, 40))]) == Bounds(10, 40, 20, 51)
    assert bounds_of_specs([places((179, 0), (178, 5)), places((-179, -5))]) == Bounds(178, -5, -179, 5)


@pytest.mark.parametrize(("lon", "lat"), [(0, 0), (25, 60), (180, 0), (-180, 10), (10, 90), (10, -90)])
def test_the_view_of_a_point_is_about_40_km_wide(lon, lat):
    found = bounds_of_specs([places((lon, lat))])
    kilometres = 111.2
    assert found.south <= lat <= found.north
    assert 20 < (found.north - found.south) * kilometres < 50
    if abs(lat) < 80:
        assert found.width_deg * kilometres * math.cos(math.radians(lat)) == pytest.approx(44.5, rel=0.01)
        assert found.center[1] == pytest.approx(lat)
        assert (found.center[0] - lon) % 360 == pytest.approx(0, abs=1e-6)
    table = gpd.GeoDataFrame(geometry=[Point(lon, lat)], crs=4326)
    assert bounds_of_view(table) == found


def test_the_extent_fills_a_wide_and_a_tall_screen():
    # At the equator a degree of longitude is as wide as one of latitude.
    seen = extent_of(Bounds(-1, -1, 1, 1))
    assert (seen.west, seen.south, seen.east, seen.north) == pytest.approx((-4.68, -3.6, 4.68, 3.6), rel=1e-3)
    wide = extent_of(Bounds(10, -1, 30, 1))
    assert (wide.west, wide.south, wide.east, wide.north) == pytest.approx((2, -36, 38, 36), rel=1e-3)


@pytest.mark.parametrize("edges", [(178, -19, -178, -15), (-180, -90, 180, 90), (100, 0, -100, 10), (24, 54, 26, 56)])
def test_the_extent_contains_the_view(edges):
    view = Bounds(*edges)
    seen = extent_of(view)
    assert seen.south <= max(view.south, -85)
    assert seen.north >= min(view.north, 85)
    middle = view.center[0]
    west, _, east, _ = unwrapped(seen, middle)
    assert west <= middle - view.width_deg / 2 + 0.2
    assert east >= middle + view.width_deg / 2 - 0.2
    assert seen.width_deg <= 360


def test_the_extent_of_the_world_is_the_world():
    assert extent_of(Bounds(-180, -60, 180, 75)) == Bounds(-180, -85, 180, 85)
    assert extent_of(Bounds(-170, -60, 170, 75)) == Bounds(-180, -85, 180, 85)


def test_longitudes_are_continuous_around_a_meridian():
    assert unwrapped(Bounds(170, -1, -170, 1), 180) == [170, -1, 190, 1]
    assert unwrapped(Bounds(170, -1, -170, 1), -179) == [-190, -1, -170, 1]
    assert unwrapped(Bounds(-10, -1, 10, 1), 5) == [-10, -1, 10, 1]
    lon = np.linspace(-180, 180, 73)
    found = unwrap(lon, 135.0)
    assert (np.abs(found - 135) <= 180).all()
    np.testing.assert_allclose(np.cos(np.radians(found)), np.cos(np.radians(lon)), atol=1e-12)
    np.testing.assert_allclose(np.sin(np.radians(found)), np.sin(np.radians(lon)), atol=1e-12)


@pytest.mark.parametrize(
    ("edges", "lon0", "expected"),
    [
        ((0, 0, 10, 10), 5, box(2, 2, 8, 8)),
        ((5, 0, 20, 10), 12.5, box(5, 2, 8, 8)),
        ((175, 0, -175, 10), 180, box(175, 2, 178, 8).union(box(181, 2, 183, 8))),
        ((175, 0, -175, 10), -180, box(-185, 2, -182, 8).union(box(-179, 2, -177, 8))),
        ((40, 0, 50, 10), 45, Polygon()),
        ((-180, -90, 180, 90), 0, shapely.union_all([box(2, 2, 8, 8), box(170, 2, 178, 8), box(-179, 2, -177, 8)])),
        (
            (-180, -90, 180, 90),
            90,
            shapely.union_all([box(2, 2, 8, 8), box(170, 2, 178, 8), box(181, 2, 183, 8)]),
        ),
    ],
)
def test_areas_are_clipped_on_both_sides_of_the_antimeridian(edges, lon0, expected):
    shapes = np.array([box(2, 2, 8, 8), box(170, 2, 178, 8), box(-179, 2, -177, 8)], dtype=object)
    found = shapely.union_all(clip(shapes, Bounds(*edges), lon0))
    assert found.symmetric_difference(expected).area == pytest.approx(0, abs=1e-9)


def test_only_a_background_is_clipped_and_its_labels_stay_with_their_areas():
    shapes = [box(-60, 0, -50, 10), box(0, 0, 10, 10), box(5, 5, 30, 30)]
    frame = gpd.GeoDataFrame({"name": ["far", "inside", "partly"]}, geometry=shapes, crs=4326)
    view = View(Bounds(1, 1, 9, 9), Bounds(0, 0, 15, 15), 5.0)
    cut = clip_spec(layers.Countries(frame).describe(), view)
    assert cut.table["name"].tolist() == ["inside", "partly"]
    assert cut.labels.text == ("inside", "partly")
    assert cut.labels.rank == (100.0, 625.0)
    assert [shape.area for shape in cut.table.geometry] == pytest.approx([100.0, 100.0])
    assert len(cut.style_of) == 2
    zones = layers.Zones(frame).describe()
    assert clip_spec(zones, view) is zones


def test_rows_are_taken_with_all_that_belongs_to_them():
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b", "c"], "valid_from": ["2025-01-01", "2025-01-02", None],
         "valid_to": [None, "2025-01-05", "2025-01-06"]},
        geometry=[box(i, 0, i + 1, 1) for i in range(3)], crs=4326,
    )  # fmt: skip
    whole = layers.Zones(frame, labels=True).describe()
    part = whole.take(np.array([True, False, True]))
    assert part.table["name"].tolist() == ["a", "c"]
    assert isinstance(part.labels, Labels)
    assert part.labels.text == ("a", "c")
    assert part.style_of.tolist() == [0, 2]
    assert part.start.tolist() == whole.start[[0, 2]].tolist()
    assert part.end.tolist() == whole.end[[0, 2]].tolist()
    points = gpd.GeoDataFrame(
        {"name": ["a", "b"], "location_uncertainty_m": [10.0, 20.0]}, geometry=[Point(0, 0), Point(1, 1)], crs=4326
    )
    assert layers.Places(points).describe().take(np.array([False, True])).uncertainty_m.tolist() == [20.0]
    grids = [layers.Grid([[float(i)]], Bounds(i, 0, i + 1, 1), valid_from=f"2025-01-0{i}") for i in (1, 2)]
    frames = layers.Raster(grids).describe().take(np.array([False, True])).frames
    assert frames.boxes == (Bounds(2, 0, 3, 1),)
    assert len(frames.codes) == 1


@pytest.mark.parametrize(
    ("wests", "expected"),
    [((-100, 80), (-100, 81)), ((-100, 81.5), (81.5, -99)), ((-170, 10, 170), (10, -169)), ((10, 20), (10, 21))],
)
def test_bounds_are_the_narrower_way_around(wests, expected):
    frame = gpd.GeoDataFrame(geometry=[box(w, 0, w + 1, 1) for w in wests], crs=4326)
    found = bounds_of(frame)
    assert (found.west, found.east) == expected
    assert (found.south, found.north) == (0, 1)


# The locator map


def test_outlines_of_areas_are_tenths_of_a_pixel():
    shapes = np.array([box(0, 0, 20, 10), box(30, 30, 31, 31)], dtype=object)
    holed = Polygon([(50, 50), (60, 50), (60, 60), (50, 60)], [[(52, 52), (55, 52), (55, 55), (52, 55)]])
    (first, second, third) = _rings(np.array([*shapes, holed], dtype=object), 0.1)
    assert {tuple(p) for p in first.tolist()} == {(0, 0), (200, 0), (200, 100), (0, 100)}
    assert {tuple(p) for p in second.tolist()} == {(500, 500), (600, 500), (600, 600), (500, 600)}
    assert {tuple(p) for p in third.tolist()} == {(520, 520), (550, 520), (550, 550), (520, 550)}
    # A triangle has the fewest corners that an area can have.
    (triangle,) = _rings(np.array([Polygon([(0, 0), (9, 0), (0, 9)])], dtype=object), 0.1)
    assert len(triangle) == 3


def test_a_path_has_the_corners_of_its_ring():
    ring = np.array([[5, -3], [15, -3], [15, 7], [2, 9]])
    path = _svg_path(ring)
    assert path == "M5 -3l10 0 0 10-13 2z"
    start, steps = re.fullmatch(r"M(.*)l(.*)z", path).groups()
    numbers = [int(n) for n in re.findall(r"-?\d+", start + " " + steps)]
    np.testing.assert_array_equal(np.cumsum(np.reshape(numbers, (-1, 2)), axis=0), ring)


def test_shapes_are_clipped_to_a_region_beyond_180_degrees():
    shapes = np.array([box(170, 0, 180, 10), box(-180, 0, -160, 10), box(0, 0, 5, 5)], dtype=object)
    found = _unrolled(shapes, (175.0, 2.0, 190.0, 8.0))
    assert found[0].bounds == (175, 2, 180, 8)
    assert found[1].bounds == (180, 2, 190, 8)
    assert found[2].is_empty


@pytest.mark.parametrize("edges", [(24, 54, 26, 56), (0, -1, 10, 1), (178, -19, -178, -15)])
def test_the_locator_map_is_nine_times_as_wide_as_the_view_and_at_least_26_degrees(edges):
    seen = Bounds(*edges)
    found = locator(View(seen, seen, seen.center[0]))
    tall = math.degrees(math.asinh(math.tan(math.radians(edges[3]))) - math.asinh(math.tan(math.radians(edges[1]))))
    wide = max(26.0, 9 * seen.width_deg, 9 * tall * WIDTH / HEIGHT)
    assert found.east - found.west == pytest.approx(wide, rel=1e-6)
    assert (found.east + found.west) / 2 % 360 == pytest.approx(seen.center[0] % 360)
    data = found.config()
    assert (data["width"], data["height"], data["borders"], data["land"]) == (WIDTH, HEIGHT, True, found.land)
    assert (data["west"], data["south"], data["east"], data["north"]) == (
        found.west,
        found.south,
        found.east,
        found.north,
    )
    # The scale is the same in both directions of Web Mercator.
    y = [math.asinh(math.tan(math.radians(lat))) for lat in (found.north, found.south)]
    assert (y[0] - y[1]) / math.radians(found.east - found.west) == pytest.approx(HEIGHT / WIDTH, rel=1e-6)


def test_a_small_view_is_at_least_5_pixels_on_the_locator_map():
    seen = Bounds(24.0, 54.0, 24.1, 54.1)
    found = locator(View(seen, seen, seen.center[0]))
    assert found.place(seen, seen.center[0])[2:] == (5.0, 5.0)


def on_the_globe(west, width):
    return Bounds((west + 180) % 360 - 180, -1, (west + width + 180) % 360 - 180, 1)


@given(st.integers(-180, 179), st.integers(0, 170), st.integers(-180, 179), st.integers(0, 170))
def test_the_union_of_two_boxes_is_the_narrowest_that_contains_both(west, width, other_west, other_width):
    one, other = on_the_globe(west, width), on_the_globe(other_west, other_width)
    both = one.union(other)
    assert both == other.union(one)
    inside = {(x + 180) % 360 for x in range(west, west + width + 1)}
    inside |= {(x + 180) % 360 for x in range(other_west, other_west + other_width + 1)}
    covered = {(int(both.west) + x + 180) % 360 for x in range(int(both.width_deg) + 1)}
    assert inside <= covered
    # No arc of whole degrees that starts in one of the boxes is narrower.
    narrowest = min(max((x - start) % 360 for x in inside) for start in inside)
    assert both.width_deg == narrowest or both == Bounds(-180, -1, 180, 1)
