import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from geoconflict import geodesy
from geoconflict.errors import GeometryError, LimitError

HERE = Path(__file__).parent
COUNTRY = shapely.box(20, 50, 21, 51)
BORDER = shapely.LineString([(20, 50), (20, 51)])


def _helper(name):
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


slow = _helper("slow_boundary")


@pytest.fixture(scope="module")
def lithuania():
    text = (HERE.parent / "data" / "geodesy" / "bands" / "lithuania.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    country, border = (shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features)
    return country, border


def _samples(curve):
    steps = []
    for part in shapely.get_parts(curve):
        p, q = shapely.get_coordinates(part)[:-1], shapely.get_coordinates(part)[1:]
        steps += [p + (q - p) * share for share in (0, 0.25, 0.5, 0.75)]
    return np.concatenate(steps)


def _line_is_left(curve, line):
    """Return whether a line is to the left of each part of a curve, at its longest edge."""
    for part in shapely.get_parts(curve):
        coords = shapely.get_coordinates(part)
        k = int(np.argmax(np.hypot(*np.diff(coords, axis=0).T)))
        middle = (coords[k] + coords[k + 1]) / 2
        ahead = geodesy.azimuth(*middle, *coords[k + 1])
        found = geodesy.nearest([middle], line)
        if not 180 < (float(found.azimuth_deg[0]) - float(ahead)) % 360 < 360:
            return False
    return True


@pytest.mark.parametrize("distance_m", [5e3, 25e3, 50e3])
def test_offset_line_is_at_its_distance_and_inside_the_polygon_without_loops(lithuania, distance_m):
    country, border = lithuania
    curve = geodesy.offset_line(border, country, distance_m)
    assert curve.is_simple
    at = _samples(curve)
    at = at[:: max(1, len(at) // 300)]
    d = slow.slow_distance(at, border)
    assert np.abs(d / distance_m - 1).max() < 1e-4
    assert shapely.within(curve, shapely.buffer(country, 1e-9))
    assert _line_is_left(curve, border)


def test_offset_line_is_the_boundary_between_bands(lithuania):
    country, border = lithuania
    near, far = geodesy.bands(border, country, [0, 20e3, 40e3])
    shared = shapely.intersection(near.boundary, far.boundary)
    curve = geodesy.offset_line(border, country, 20e3)
    assert shapely.length(shared) == pytest.approx(curve.length, rel=1e-9)
    assert shapely.hausdorff_distance(shared, curve) < 1e-9


@pytest.mark.parametrize("simplify_m", [50.0, 500.0])
def test_simplification_stays_within_its_tolerance(lithuania, simplify_m):
    country, border = lithuania
    full = geodesy.offset_line(border, country, 10e3)
    plain = geodesy.offset_line(border, country, 10e3, simplify_m=simplify_m)
    assert shapely.get_num_coordinates(plain) < 0.5 * shapely.get_num_coordinates(full)
    assert plain.is_simple
    at = shapely.get_coordinates(full)
    assert geodesy.distance(at, plain, edges="lonlat").max() <= simplify_m * 1.001
    assert _line_is_left(plain, border)


def test_line_is_left_of_the_offset_line_in_either_direction():
    for line in (BORDER, shapely.reverse(BORDER)):
        curve = geodesy.offset_line(line, COUNTRY, 10e3)
        assert curve.coords[0][1] < curve.coords[-1][1]
        assert _line_is_left(curve, line)
    other = geodesy.offset_line(shapely.LineString([(21, 50), (21, 51)]), COUNTRY, 10e3)
    assert other.coords[0][1] > other.coords[-1][1]


def test_offset_line_around_an_enclave_is_closed():
    enclave = shapely.box(20.4, 50.4, 20.6, 50.6)
    around = shapely.Polygon(COUNTRY.exterior.coords, [enclave.exterior.coords])
    ring = shapely.LineString(enclave.exterior.coords)
    curve = geodesy.offset_line(ring, around, 5e3)
    assert curve.is_ring
    assert shapely.Polygon(curve).contains(enclave)
    assert _line_is_left(curve, ring)


def test_longest_part_of_an_offset_line_is_first():
    comb = shapely.union_all([shapely.box(20, 50, 21, 50.2), shapely.box(20, 50.3, 21, 50.9)])
    curve = geodesy.offset_line(BORDER, comb, 10e3)
    assert len(curve.geoms) == 2
    assert curve.geoms[0].length > curve.geoms[1].length


def test_offset_line_is_cut_at_the_antimeridian():
    country = shapely.MultiPolygon([shapely.box(178, 65, 180, 68), shapely.box(-180, 65, -176, 68)])
    border = shapely.MultiLineString([[(178, 65), (180, 65)], [(-180, 65), (-176, 65)]])
    curve = geodesy.offset_line(border, country, 40e3)
    assert len(curve.geoms) == 2
    assert not any(
        abs(a[0]) == 180 == abs(b[0]) for p in curve.geoms for a, b in zip(p.coords, p.coords[1:], strict=False)
    )
    assert np.abs(slow.slow_distance(_samples(curve), border) / 40e3 - 1).max() < 1e-4


def test_offset_line_beyond_the_polygon_is_empty():
    assert geodesy.offset_line(BORDER, COUNTRY, 300e3).is_empty
    assert geodesy.offset_line(BORDER, COUNTRY, 300e3, simplify_m=10).is_empty


def test_bad_arguments_of_offset_line_raise():
    for distance in (0.0, -5.0, float("nan"), 6e6):
        with pytest.raises(LimitError):
            geodesy.offset_line(BORDER, COUNTRY, distance)
    with pytest.raises(LimitError):
        geodesy.offset_line(BORDER, COUNTRY, 5e3, simplify_m=-1)
    with pytest.raises(GeometryError):
        geodesy.offset_line(BORDER, BORDER, 5e3)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)), min_size=1, max_size=7), st.floats(300.0, 3e4))
def test_offset_lines_of_random_lines_are_simple_and_at_their_distance(moves, distance_m):
    line = shapely.LineString(np.cumsum(np.vstack([[(20.5, 50.5)], moves]), axis=0))
    curve = geodesy.offset_line(line, shapely.box(19, 49, 22, 52), distance_m, tol=1e-3)
    assert curve.is_simple
    assert np.abs(slow.slow_distance(_samples(curve)[::7], line, most=20_000) / distance_m - 1).max() < 1e-3
    assert _line_is_left(curve, line)
