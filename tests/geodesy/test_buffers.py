import importlib.util
import sys
from pathlib import Path

import antimeridian
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from geoconflict import geodesy
from geoconflict.errors import GeometryError, LimitError
from geoconflict.geodesy import buffers
from geoconflict.geodesy._curves import BufferSpec


def _helper(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


library, slow = _helper("shape_library"), _helper("slow_boundary")
shape, NAMES = library.shape, library.NAMES
GEOD = pyproj.Geod(ellps="WGS84")
TOL = 1e-4
SMALL = [name for name in NAMES if shapely.get_num_coordinates(shape(name)) < 300]
LARGE = [name for name in NAMES if name not in SMALL]
AREAL = [name for name in NAMES if shape(name).geom_type in ("Polygon", "MultiPolygon") and name != "one_vertex_ring"]


def _worst(zone, geometry, radius_m, most=150):
    """Return the largest error of the distance along a boundary, as a share of the radius."""
    at = slow.boundary_samples(zone, most)
    assert len(at)
    return float(np.abs(slow.slow_distance(at, geometry, most=20_000) - radius_m).max() / radius_m)


def _well_formed(zone):
    """Return whether a zone is valid, within the lon/lat plane, and oriented as RFC 7946 requires."""
    west, south, east, north = zone.bounds
    turned = all(
        part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors) for part in shapely.get_parts(zone)
    )
    return zone.is_valid and -180 <= west <= east <= 180 and -90 <= south <= north <= 90 and turned


def _area(zone):
    """Return the area in m² of a zone with straight edges in lon/lat, by geodesics between closely spaced points."""
    return sum(
        abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shapely.segmentize(part, 0.01)))[0])
        for part in shapely.get_parts(zone)
    )


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("radius_m", [50.0, 5e4, 5e6])
def test_buffer_boundary_of_small_shapes_is_at_the_radius(name, radius_m):
    zone = geodesy.buffer(shape(name), radius_m, tol=TOL)
    assert _well_formed(zone)
    assert _worst(zone, shape(name), radius_m) < TOL


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("radius_m", [5e3, 5e5])
def test_buffer_boundary_of_countries_is_at_the_radius(name, radius_m):
    zone = geodesy.buffer(shape(name), radius_m, tol=TOL)
    assert _well_formed(zone)
    assert _worst(zone, shape(name), radius_m) < TOL


@pytest.mark.parametrize("name", AREAL)
@pytest.mark.parametrize("radius_m", [2e4])
def test_negative_buffers_are_at_the_radius_from_the_rings(name, radius_m):
    zone = geodesy.buffer(shape(name), -radius_m, tol=TOL)
    assert zone.is_empty or _well_formed(zone)
    if not zone.is_empty:
        assert _worst(zone, shape(name), radius_m) < TOL


@pytest.mark.parametrize("tol", [1e-2, 1e-3, 1e-5])
@pytest.mark.parametrize("radius_m", [1.0, 1e3, 5e5])
def test_buffer_respects_the_tolerance(tol, radius_m):
    border = shape("lithuania_belarus")
    assert _worst(geodesy.buffer(border, radius_m, tol=tol), border, radius_m, most=300) < tol


@pytest.mark.parametrize(
    "name", ["fiji", "chukotka", "antarctica", "over_the_pole", "beside_the_pole", "pole_cap", "long_edge"]
)
@pytest.mark.parametrize("radius_m", [1e5, 3e6])
def test_no_point_is_on_the_wrong_side_of_a_buffer(name, radius_m):
    geometry = shape(name)
    zone = geodesy.buffer(geometry, radius_m, tol=TOL)
    at = np.vstack(
        [
            library.points_around(geometry, min(1.5 * radius_m, 1.9e7), 1200),
            np.column_stack([np.linspace(-180, 180, 97), np.degrees(np.arcsin(np.linspace(-1, 1, 97)))]),
        ]
    )
    d = geodesy.distance(at, geometry)
    sure = np.abs(d - radius_m) > 2 * TOL * radius_m
    inside = shapely.intersects_xy(zone, at[:, 0], at[:, 1])
    assert sure.sum() > 1000
    assert (inside == (d < radius_m))[sure].all()


@pytest.mark.parametrize("lat", [0.0, 54.7, 89.0, -90.0])
@pytest.mark.parametrize("radius_m", [1.0, 5e3, 2e6])
def test_circles_have_the_true_radius_and_area(lat, radius_m):
    circle = geodesy.buffer(shapely.Point(-179.99, lat), radius_m)
    assert _well_formed(circle)
    at = slow.boundary_samples(circle, 4000)
    away = GEOD.inv(at[:, 0], at[:, 1], np.full(len(at), -179.99), np.full(len(at), lat))[2]
    assert np.abs(np.asarray(away) / radius_m - 1).max() < TOL
    if radius_m == 5e3 and abs(lat) < 60:
        # π r² (1 - K r²/12) on a surface of curvature K; r²/12R² is 5e-8 here
        assert _area(circle) == pytest.approx(np.pi * radius_m**2, rel=1e-5)


def test_buffering_points_together_equals_buffering_them_alone():
    at = np.array([[20.0, 50.0], [179.999, 50.0], [20.0, 89.99], [-60.0, -84.0], [180.0, 0.0]])
    together = geodesy.buffer(shapely.points(at), 5e3, tol=1e-3)
    for point, zone in zip(at, together, strict=True):
        assert _well_formed(zone)
        assert zone.equals(geodesy.buffer(shapely.Point(point), 5e3, tol=1e-3))
    vertices = shapely.get_coordinates(together[0])
    away = GEOD.inv(vertices[:, 0], vertices[:, 1], np.full(len(vertices), 20.0), np.full(len(vertices), 50.0))[2]
    # All vertices of a circle are at the same distance, to a few nanometres.
    assert np.ptp(np.asarray(away)) < 1e-7


def test_area_of_a_capsule():
    line = shapely.LineString([(20.0, 0.0), (20.0, 0.5)])
    length = GEOD.inv(20.0, 0.0, 20.0, 0.5)[2]
    zone = geodesy.buffer(line, 1000.0)
    assert _area(zone) == pytest.approx(2000.0 * length + np.pi * 1e6, rel=1e-5)


def test_buffer_of_a_closed_line_has_a_hole_and_no_caps():
    ring = shapely.LineString([(20, 50), (21, 50), (21, 51), (20, 50)])
    zone = geodesy.buffer(ring, 1000.0)
    assert zone.geom_type == "Polygon"
    assert len(zone.interiors) == 1
    assert _worst(zone, ring, 1000.0) < TOL


def test_buffers_of_a_polygon_and_its_ring_differ_by_the_interior():
    island = shape("kaliningrad")
    filled = geodesy.buffer(island, 2000.0)
    outline = geodesy.buffer(shapely.MultiLineString([part.exterior for part in island.geoms]), 2000.0)
    assert shapely.difference(outline, filled).area < 1e-12
    assert filled.contains(shapely.Point(21.5, 54.7))
    assert not outline.contains(shapely.Point(21.5, 54.7))


def test_holes_shrink_and_close():
    country = shapely.Polygon(
        shapely.box(20, 50, 22, 51).exterior.coords, [shapely.box(20.9, 50.4, 21.1, 50.6).exterior.coords]
    )
    assert len(geodesy.buffer(country, 3000.0).interiors) == 1
    assert len(geodesy.buffer(country, 12_000.0).interiors) == 0


def test_antimeridian_cut_is_not_a_boundary():
    cut = shapely.MultiPolygon([shapely.box(170, 10, 180, 15), shapely.box(-180, 10, -170, 15)])
    shrunk = geodesy.buffer(cut, -50_000.0)
    assert shapely.intersects_xy(shrunk, 179.99, 12.0)
    assert shapely.intersects_xy(shrunk, -179.99, 12.0)
    assert not shapely.intersects_xy(shrunk, 170.1, 12.0)
    half = geodesy.buffer(cut.geoms[0], -50_000.0)
    assert not shapely.intersects_xy(half, 179.99, 12.0)


def test_pole_cut_is_not_a_boundary():
    shrunk = geodesy.buffer(shape("antarctica"), -50_000.0)
    assert shrunk.bounds[1] == -90.0
    assert shapely.intersects_xy(shrunk, 33.0, -89.99)


@pytest.mark.parametrize("seed", range(6))
def test_cut_and_uncut_polygons_across_the_antimeridian_give_the_same_buffer(seed):
    rng = np.random.default_rng(seed)
    m = 20 + seed
    lon, lat, _ = GEOD.fwd(np.full(m, 179.8), np.full(m, 46.0), -360.0 * np.arange(m) / m, 2e5 * rng.uniform(0.5, 1, m))
    uncut = shapely.Polygon(np.column_stack([lon, lat]))
    cut = antimeridian.fix_polygon(uncut)
    for radius_m in (1e4, -1e4):
        a, b = geodesy.buffer(uncut, radius_m), geodesy.buffer(cut, radius_m)
        assert shapely.symmetric_difference(a, b).area < 1e-4 * a.area


def test_antimeridian_cut_agrees_with_the_antimeridian_package():
    at = shapely.Point(179.9, 20.0)
    azimuth = -np.arange(0, 360, 1.0)
    lon, lat, _ = GEOD.fwd(np.full(360, 179.9), np.full(360, 20.0), azimuth, np.full(360, 3e5))
    theirs = antimeridian.fix_polygon(shapely.Polygon(np.column_stack([lon, lat])))
    ours = geodesy.buffer(at, 3e5)
    assert len(ours.geoms) == len(theirs.geoms) == 2
    assert shapely.symmetric_difference(ours, theirs).area < 1e-3 * theirs.area


def test_negative_and_zero_radii():
    assert geodesy.buffer(shapely.Point(20, 50), -5.0).is_empty
    assert geodesy.buffer(shapely.LineString([(20, 50), (21, 50)]), -5.0).is_empty
    assert geodesy.buffer(shapely.box(20, 50, 20.01, 50.01), -5000.0).is_empty
    assert geodesy.buffer(shapely.Point(20, 50), 0.0).is_empty
    box = shapely.box(20, 50, 21, 51)
    assert geodesy.buffer(box, 0.0).equals(box)


def test_arrays_are_buffered_one_by_one_with_their_radii():
    geoms = [
        shapely.Point(20, 50),
        shapely.LineString([(20, 50), (21, 50)]),
        shapely.Point(180, 0),
        shapely.Point(3, 3),
    ]
    radii = [1000.0, 2000.0, 1000.0, 3000.0]
    zones = geodesy.buffer(geoms, radii)
    assert isinstance(zones, np.ndarray)
    for zone, geom, radius in zip(zones, geoms, radii, strict=True):
        assert zone.equals(geodesy.buffer(geom, radius))
    assert len(geodesy.buffer([], 5.0)) == 0


def test_buffer_of_lonlat_edges():
    line = shapely.LineString([(0, 60), (20, 60)])
    straight, geodesic = geodesy.buffer(line, 1000.0, edges="lonlat"), geodesy.buffer(line, 1000.0)
    assert shapely.contains_xy(straight, 10.0, 60.0)
    assert not shapely.contains_xy(geodesic, 10.0, 60.0)
    parallel = shapely.LineString(np.column_stack([np.linspace(0, 20, 4001), np.full(4001, 60.0)]))
    assert _worst(straight, parallel, 1000.0) < TOL


@pytest.mark.parametrize("name", ["lithuania_belarus", "russia_kazakhstan", "fiji"])
def test_skipping_inner_pieces_does_not_change_the_buffer(name, monkeypatch):
    source, spec = buffers.source_of(shape(name), 1.0, "geodesic"), BufferSpec(4e4, TOL)
    monkeypatch.setattr(buffers, "_FEW_PIECES", 10**9)
    whole = buffers.union_of_pieces(source, spec)
    monkeypatch.setattr(buffers, "_FEW_PIECES", 20)
    monkeypatch.setattr(buffers, "_CORE_GAIN", 2)
    pruned = buffers.union_of_pieces(source, spec)
    assert pruned.is_valid
    # The area of a strip along the boundary that is as wide as the tolerance.
    allowed = TOL * 4e4 / 111_000 * whole.length
    assert shapely.symmetric_difference(whole, pruned).area < 0.05 * allowed


def test_buffer_of_a_multipoint():
    rng = np.random.default_rng(3)
    cloud = shapely.MultiPoint(rng.uniform([20, 50], [20.5, 50.3], (2000, 2)))
    zone = geodesy.buffer(cloud, 20_000.0)
    assert zone.is_valid
    assert _worst(zone, cloud, 20_000.0) < TOL


@pytest.mark.parametrize(
    ("geometry", "radius_m", "tol", "words"),
    [
        (shapely.Point(20, 95), 5.0, 1e-4, "beyond 90"),
        (shapely.Point(np.nan, 5), 5.0, 1e-4, "not finite"),
        (shapely.Point(), 5.0, 1e-4, "empty"),
        ([shapely.Point(1, 1), None], 5.0, 1e-4, "row 2"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 5.0, 1e-4, "Self-intersection"),
        (shapely.Point(500000, 6000000), 5.0, 1e-4, "not in degrees"),
    ],
)
def test_buffer_of_bad_geometry_raises(geometry, radius_m, tol, words):
    with pytest.raises(GeometryError, match=words):
        geodesy.buffer(geometry, radius_m, tol=tol)


@pytest.mark.parametrize(
    ("radius_m", "tol"),
    [(np.nan, 1e-4), (np.inf, 1e-4), (6e6, 1e-4), (-6e6, 1e-4), (5.0, 0.0), (5.0, 0.5), (1e-3, 1e-5)],
)
def test_bad_radius_or_tolerance_raises(radius_m, tol):
    with pytest.raises(LimitError):
        geodesy.buffer(shapely.Point(20, 50), radius_m, tol=tol)


def test_buffer_does_not_change_the_input():
    geom = shape("chukotka")
    before = shapely.to_wkb(geom)
    geodesy.buffer(geom, 1e4)
    assert shapely.to_wkb(geom) == before


def test_results_are_deterministic():
    border = shape("lithuania_belarus")
    assert shapely.to_wkb(geodesy.buffer(border, 3e4)) == shapely.to_wkb(geodesy.buffer(border, 3e4))


steps = st.tuples(st.floats(-0.4, 0.4), st.floats(-0.3, 0.3))
walks = st.lists(steps, min_size=1, max_size=8)


def _walk(start, moves):
    coords = np.cumsum(np.vstack([[start], moves]), axis=0)
    coords[:, 0] = (coords[:, 0] + 180) % 360 - 180
    return shapely.LineString(np.round(coords, 6))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.tuples(st.floats(-180, 179.9), st.floats(-85, 85)), walks, st.sampled_from([50.0, 3e3, 4e4, 6e5]))
def test_buffer_boundary_of_random_lines_is_at_the_radius(start, moves, radius_m):
    line = _walk(start, moves)
    zone = geodesy.buffer(line, radius_m, tol=1e-3)
    assert _well_formed(zone)
    assert _worst(zone, line, radius_m, most=60) < 1e-3
    coords = shapely.get_coordinates(line)
    assert shapely.intersects_xy(zone, coords[:, 0], coords[:, 1]).all()


@settings(max_examples=15, deadline=None, derandomize=True)
@given(walks, st.integers(-170, 170), st.sampled_from([3e3, 4e4, 6e5]))
def test_buffer_area_does_not_depend_on_longitude(moves, turn, radius_m):
    line = _walk((0.0, 50.0), moves)
    turned = shapely.transform(line, lambda c: np.column_stack([(c[:, 0] + turn + 180) % 360 - 180, c[:, 1]]))
    here, there = geodesy.buffer(line, radius_m, tol=1e-3), geodesy.buffer(turned, radius_m, tol=1e-3)
    assert _area(here) == pytest.approx(_area(there), rel=1e-6)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(walks)
def test_larger_buffers_contain_smaller_ones(moves):
    line = _walk((25.0, 54.0), moves)
    small, large = geodesy.buffer(line, 5e3), geodesy.buffer(line, 5.1e3)
    assert large.contains(small)
