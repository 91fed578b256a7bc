import importlib.util
import json
import math
import sys
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from geoconflict import geodesy
from geoconflict.errors import GeometryError, LimitError

HERE = Path(__file__).parent
GEOD = pyproj.Geod(ellps="WGS84")
EDGES = [0.0, 5e3, 25e3, 50e3]


def _helper(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


library, slow = _helper("shape_library"), _helper("slow_boundary")


@pytest.fixture(scope="module")
def lithuania():
    text = (HERE.parent / "data" / "geodesy" / "bands" / "lithuania.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    country, border = (shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features)
    return country, border


def _koch(depth):
    """A fractal line from (20, 50) to (23, 50)."""
    points = np.array([20 + 50j, 23 + 50j])
    turn = np.exp(1j * np.pi / 3)
    for _ in range(depth):
        a, step = points[:-1], np.diff(points) / 3
        points = np.append(np.column_stack([a, a + step, a + step + step * turn, a + 2 * step]).ravel(), points[-1])
    return shapely.LineString(np.column_stack([points.real, points.imag]))


def _tiles(found, whole):
    """Check that bands share their vertices and that their union is a given region."""
    some = np.array([band for band in found if not band.is_empty], dtype=object)
    assert all(band.is_valid for band in some)
    assert shapely.coverage_is_valid(some)
    together = shapely.coverage_union_all(some)
    assert together.is_valid
    assert shapely.symmetric_difference(together, whole).area < 1e-9 * whole.area
    return True


def _correct(found, line, country, edges, count=600):
    """Check that random points of the country are in the band of their true distance."""
    rng = np.random.default_rng(11)
    west, south, east, north = shapely.total_bounds(found)
    at = rng.uniform([west - 0.2, south - 0.2], [east + 0.2, north + 0.2], (count, 2))
    at = at[shapely.contains_xy(country, at[:, 0], at[:, 1])]
    d = slow.slow_distance(at, line, most=20_000)
    assert len(at) > 50
    for k, band in enumerate(found):
        inner, outer = edges[k], edges[k + 1]
        sure = (np.abs(d - inner) > 2e-4 * inner) & ((np.abs(d - outer) > 2e-4 * outer) | math.isinf(outer))
        assert (shapely.intersects_xy(band, at[:, 0], at[:, 1]) == ((d >= inner) & (d < outer)))[sure].all()
    return True


def test_bands_of_a_real_border_tile_and_are_correct(lithuania):
    country, border = lithuania
    found = geodesy.bands(border, country, EDGES)
    assert len(found) == 3
    assert _tiles(found, shapely.intersection(country, geodesy.buffer(border, 50e3)))
    assert _correct(found, border, country, EDGES)


def test_band_edges_are_at_their_distance(lithuania):
    country, border = lithuania
    for band, inner, outer in zip(geodesy.bands(border, country, EDGES), EDGES, EDGES[1:], strict=False):
        at = slow.boundary_samples(band, 3000)
        at = at[shapely.contains_xy(shapely.buffer(country, -1e-7), at[:, 0], at[:, 1])]
        at = at[:: max(1, len(at) // 300)]
        d = slow.slow_distance(at, border)
        off = np.minimum(np.abs(d - inner) / max(inner, 1.0), np.abs(d - outer) / outer)
        assert len(at) > 100
        assert off.max() < 1e-4


def test_band_areas_do_not_depend_on_the_tolerance(lithuania):
    country, border = lithuania

    def area(band):
        return sum(
            abs(GEOD.geometry_area_perimeter(shapely.segmentize(part, 0.02))[0]) for part in shapely.get_parts(band)
        )

    plain, fine = geodesy.bands(border, country, EDGES), geodesy.bands(border, country, EDGES, tol=2e-6)
    for a, b in zip(plain, fine, strict=True):
        assert area(a) == pytest.approx(area(b), rel=1e-5)


def test_direction_of_line_parts_does_not_matter(lithuania):
    country, border = lithuania
    coords = shapely.get_coordinates(border)
    parts = shapely.MultiLineString([coords[:200], coords[199:400][::-1], coords[399:]])
    for a, b in zip(geodesy.bands(border, country, EDGES), geodesy.bands(parts, country, EDGES), strict=True):
        assert shapely.symmetric_difference(a, b).area < 1e-4 * a.area


def test_bands_accept_several_lines_and_z_coordinates():
    country, border = shapely.box(20, 50, 21, 51), shapely.LineString([(20, 50), (20, 50.5), (20, 51)])
    (plain,) = geodesy.bands(border, country, [0, 5e3])
    rows = [shapely.LineString([(20, 50, 7), (20, 50.5, 7)]), shapely.LineString([(20, 50.5, 1), (20, 51, 1)])]
    (found,) = geodesy.bands(rows, shapely.force_3d(country), [0, 5e3])
    assert not found.has_z
    assert shapely.symmetric_difference(plain, found).area < 1e-9


def test_bands_of_a_fractal_border_tile():
    line = _koch(6)
    country = shapely.Polygon([*line.coords, (23, 52), (20, 52)])
    edges = [0.0, 300.0, 3e3, 30e3]
    found = geodesy.bands(line, country, edges)
    assert len(line.coords) == 4097
    assert _tiles(found, shapely.intersection(country, geodesy.buffer(line, 30e3)))
    assert _correct(found, line, country, edges)


def test_bands_around_an_enclave():
    hole = shapely.box(21, 50, 22, 50.5)
    around = shapely.Polygon(shapely.box(19, 49, 24, 52).exterior.coords, [hole.exterior.coords])
    ring = shapely.LineString(hole.exterior.coords)
    edges = [0.0, 4e3, 12e3]
    outside, inside = geodesy.bands(ring, around, edges), geodesy.bands(ring, hole, edges)
    assert [len(band.interiors) for band in outside] == [1, 1]
    assert [len(band.interiors) for band in inside] == [1, 1]
    assert _correct(outside, ring, around, edges)
    assert _correct(inside, ring, hole, edges)
    assert shapely.intersection(outside[0], inside[0]).area == 0


def test_bands_keep_lakes_and_islands():
    lake = shapely.box(20.02, 50.2, 20.06, 50.4)
    country = shapely.MultiPolygon(
        [
            shapely.Polygon(shapely.box(20, 50, 21, 51).exterior.coords, [lake.exterior.coords]),
            shapely.box(19.7, 50.1, 19.9, 50.2),
            shapely.box(30, 50, 31, 51),
        ]
    )
    border = shapely.LineString([(20, 50), (20, 51)])
    edges = [0.0, 3e3, 10e3]
    found = geodesy.bands(border, country, edges)
    assert _tiles(found, shapely.intersection(country, geodesy.buffer(border, 10e3)))
    assert not shapely.intersects_xy(found[0], 20.03, 50.3)
    assert shapely.intersects_xy(found[1], 19.89, 50.15)
    assert found[1].bounds[2] < 21


def test_bands_across_the_antimeridian():
    country = shapely.MultiPolygon([shapely.box(178, 65, 180, 68), shapely.box(-180, 65, -176, 68)])
    border = shapely.MultiLineString([[(178, 65), (180, 65)], [(-180, 65), (-176, 65)]])
    edges = [0.0, 20e3, 80e3]
    found = geodesy.bands(border, country, edges)
    assert _tiles(found, shapely.intersection(country, geodesy.buffer(border, 80e3)))
    assert found[0].bounds[0] == -180
    assert found[0].bounds[2] == 180
    at = np.array([[179.999, 65.1], [-179.999, 65.1], [179.999, 65.5], [-179.999, 65.5]])
    assert shapely.intersects_xy(found[0], at[:, 0], at[:, 1]).tolist() == [True, True, False, False]
    assert shapely.intersects_xy(found[1], at[:, 0], at[:, 1]).tolist() == [False, False, True, True]


def test_infinite_outer_edge_and_nonzero_inner_edge():
    country, border = shapely.box(20, 50, 21, 51), shapely.LineString([(20, 50), (20, 51)])
    near, far = geodesy.bands(border, country, [0, 10e3, math.inf])
    assert near.area + far.area == pytest.approx(country.area, rel=1e-12)
    (middle,) = geodesy.bands(border, country, [10e3, 20e3])
    assert not shapely.intersects_xy(middle, 20.05, 50.5)
    assert shapely.intersects_xy(middle, 20.2, 50.5)
    assert [band.is_empty for band in geodesy.bands(border, country, [0, 1e3, 200e3, 300e3])] == [False, False, True]
    assert geodesy.bands(shapely.LineString([(0, 0), (1, 0)]), country, [0, 1e3])[0].is_empty


def test_narrow_bands_of_unequal_width():
    country, border = shapely.box(20, 50, 21, 51), shapely.LineString([(20, 50), (20.3, 50.4), (20, 51)])
    edges = [0.0, 1.0, 1.01, 30.0, 4e4]
    assert _tiles(geodesy.bands(border, country, edges), shapely.intersection(country, geodesy.buffer(border, 4e4)))


@pytest.mark.parametrize("edges", [[0], [], [5, 5], [10, 5], [-1, 5], [0, math.nan], [0, 6e6]])
def test_invalid_band_edges_raise(edges):
    with pytest.raises(LimitError):
        geodesy.bands(shapely.LineString([(20, 50), (20, 51)]), shapely.box(20, 50, 21, 51), edges)


def test_bands_raise_for_lines_and_invalid_polygons():
    line = shapely.LineString([(20, 50), (20, 51)])
    with pytest.raises(GeometryError, match="LineString"):
        geodesy.bands(line, line, [0, 5])
    with pytest.raises(GeometryError, match="Self-intersection"):
        geodesy.bands(line, shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), [0, 5])


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(-0.3, 0.3), st.floats(-0.2, 0.2)), min_size=1, max_size=7),
    st.lists(st.floats(200.0, 4e4), min_size=1, max_size=4),
)
def test_bands_of_random_lines_tile(moves, widths):
    coords = np.cumsum(np.vstack([[(20.0, 50.0)], moves]), axis=0)
    line = shapely.LineString(coords)
    country = shapely.union_all([shapely.box(19.5, 49.8, 20.4, 50.3), shapely.box(20.6, 49.9, 21, 50.1)])
    edges = [0.0, *np.cumsum(widths).tolist()]
    found = geodesy.bands(line, country, edges, tol=1e-3)
    whole = shapely.intersection(country, geodesy.buffer(line, edges[-1], tol=1e-3))
    if not whole.is_empty:
        assert _tiles(found, whole)
