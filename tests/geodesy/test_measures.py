import itertools
import math

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st

from geoconflict import geodesy
from geoconflict.errors import GeometryError
from geoconflict.geodesy._ellipsoid import (
    closed_form,
    closed_form_error,
    ecef,
    lonlat,
    max_chord_of_distance,
    max_distance_of_chord,
)

LON = st.floats(-180, 180)
LAT = st.floats(-89.9, 89.9)
PROPERTY = settings(deadline=None, max_examples=60, derandomize=True)
KARNEY = Geodesic.WGS84


def array(*values):
    return np.array(values, dtype=float)


@PROPERTY
@given(LON, LAT)
def test_ecef_round_trip(lon, lat):
    x, y = lonlat(ecef(array(lon), array(lat)))
    assert abs(x[0] - lon) < 1e-12 or abs(abs(x[0] - lon) - 360) < 1e-12
    assert y[0] == pytest.approx(lat, abs=1e-12)


@PROPERTY
@given(LON, LAT, LON, LAT)
def test_closed_form_and_chord_bounds_against_karney(lon1, lat1, lon2, lat2):
    truth = KARNEY.Inverse(lat1, lon1, lat2, lon2)["s12"]
    p, q = ecef(array(lon1), array(lat1)), ecef(array(lon2), array(lat2))
    chord = float(np.linalg.norm(p - q))
    assert chord <= max_chord_of_distance(array(truth))[0] + 1e-6
    assert truth <= max_distance_of_chord(array(chord))[0] + 1e-6
    if truth <= 18_000_000:
        assert abs(closed_form(p, q)[0] - truth) <= closed_form_error(array(truth))[0]


@pytest.mark.parametrize(
    ("far_m", "allowed_m"), [(10.0, 5e-9), (100_000.0, 1e-8), (200_000.0, 1e-7), (500_000.0, 5e-6)]
)
def test_closed_form_at_all_latitudes_and_azimuths(far_m, allowed_m):
    lat, azimuth = (x.ravel() for x in np.meshgrid(np.linspace(-90, 90, 91), np.linspace(0, 180, 61)))
    lon = np.zeros_like(lat)
    x, y = geodesy.destination(lon, lat, azimuth, far_m)
    assert np.abs(closed_form(ecef(lon, lat), ecef(x, y)) - far_m).max() <= allowed_m


@PROPERTY
@given(LON, LAT, st.floats(-180, 180), st.floats(0, 19_000_000))
def test_destination_agrees_with_geographiclib(lon, lat, azimuth, metres):
    x, y = geodesy.destination(lon, lat, azimuth, metres)
    truth = KARNEY.Direct(lat, lon, azimuth, metres)
    assert float(y) == pytest.approx(truth["lat2"], abs=1e-11)
    assert math.cos(math.radians(float(x) - truth["lon2"])) == pytest.approx(1, abs=1e-12)


@PROPERTY
@given(LON, LAT, LON, LAT, LON, LAT)
def test_triangle_inequality_and_symmetry(x1, y1, x2, y2, x3, y3):
    a, b, c = ([[x1, y1]], [[x2, y2]], [[x3, y3]])

    def d(p, q):
        return geodesy.distance(p, shapely.Point(q[0]))[0]

    assert d(a, c) <= d(a, b) + d(b, c) + 1e-5
    assert d(a, b) == pytest.approx(d(b, a), abs=1e-5)


@PROPERTY
@given(st.tuples(LON, LAT), st.tuples(LON, LAT), LON, LAT, st.floats(0.05, 0.95))
def test_splitting_or_reversing_a_line_does_not_change_distances(start, end, x, y, share):
    line = shapely.LineString([start, end])
    metres = geodesy.length(line)
    if not 1.0 < metres < 9_000_000:
        return
    middle = geodesy.interpolate(line, share * metres)
    split = shapely.LineString([start, (middle.x, middle.y), end])
    whole = geodesy.distance([[x, y]], line)[0]
    assert geodesy.distance([[x, y]], split)[0] == pytest.approx(whole, abs=2e-5)
    assert geodesy.distance([[x, y]], line.reverse())[0] == pytest.approx(whole, abs=2e-5)
    assert geodesy.length(split) == pytest.approx(metres, abs=1e-5)
    assert geodesy.distance(shapely.Point(middle), line)[0] < 1e-5


def test_length_and_area_of_known_figures():
    # A quarter meridian by GeographicLib, and the area of the ellipsoid.
    assert geodesy.length(shapely.LineString([(0, 0), (0, 90)])) == pytest.approx(10_001_965.729, abs=1e-3)
    eighth = shapely.Polygon([(0, 0), (90, 0), (0, 90)])
    assert geodesy.area(eighth) == pytest.approx(510_065_621_724_088.44 / 8, rel=1e-12)


def test_area_ignores_orientation_and_subtracts_holes():
    shell, hole = [(0, 0), (2, 0), (2, 2), (0, 2)], [(0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1)]
    values = [geodesy.area(shapely.Polygon(a, [b])) for a in (shell, shell[::-1]) for b in (hole, hole[::-1])]
    assert max(values) - min(values) < 1e-3
    assert values[0] == pytest.approx(
        geodesy.area(shapely.Polygon(shell)) - geodesy.area(shapely.Polygon(hole)), rel=1e-12
    )


def test_area_across_the_antimeridian_and_around_the_pole():
    assert geodesy.area(shapely.box(179, 0, 181, 1)) == pytest.approx(geodesy.area(shapely.box(9, 0, 11, 1)))
    cut = shapely.MultiPolygon([shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179, 1)])
    assert geodesy.area(cut) == pytest.approx(2 * geodesy.area(shapely.box(0, 0, 1, 1)))
    cap = shapely.Polygon([(lon, 80) for lon in range(-180, 180, 1)])
    south = shapely.Polygon([(lon, -80) for lon in range(-180, 180, 1)])
    # Snyder (1987), eq. 3-12: π a² (q(90°) - q(80°)); geodesics between the vertices deviate slightly from the parallel.
    e2 = 0.0066943799901413165
    e = math.sqrt(e2)

    def q(lat):
        s = math.sin(math.radians(lat))
        return (1 - e2) * (s / (1 - e2 * s * s) + math.atanh(e * s) / e)

    assert geodesy.area(cap) == pytest.approx(math.pi * 6378137.0**2 * (q(90) - q(80)), rel=3e-4)
    assert geodesy.area(south) == pytest.approx(geodesy.area(cap), rel=1e-12)


@pytest.mark.parametrize("limit", [10_000.0, 137_000.0])
def test_densify_keeps_vertices_and_length_and_respects_the_limit(limit):
    line = shapely.LineString([(170, 60), (-170, 65), (-169.9, 65)])
    dense = geodesy.densify(line, limit)
    coords = shapely.get_coordinates(dense)
    steps = [geodesy.length(shapely.LineString(pair)) for pair in itertools.pairwise(coords)]
    assert max(steps) <= limit * (1 + 1e-9)
    assert geodesy.length(dense) == pytest.approx(geodesy.length(line), abs=1e-5)
    assert {tuple(xy) for xy in line.coords} <= {tuple(xy) for xy in coords}


def test_densify_keeps_types_and_raises_for_a_bad_limit():
    polygon = shapely.Polygon([(0, 0), (2, 0), (2, 2)], [[(1, 0.2), (1.5, 0.2), (1.5, 0.5)]])
    assert len(geodesy.densify(polygon, 50_000).interiors) == 1
    assert geodesy.densify(shapely.Point(1, 1), 5).equals(shapely.Point(1, 1))
    with pytest.raises(GeometryError, match="more than 0"):
        geodesy.densify(polygon, 0)


def test_interpolate_along_parts_and_from_the_end():
    line = shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0)]])
    degree = geodesy.length(shapely.LineString([(0, 0), (1, 0)]))
    points = geodesy.interpolate(line, [0, degree / 2, degree * 1.5, -degree / 4, 1e9])
    assert [round(p.x, 6) for p in points] == [0, 0.5, 5.5, 5.75, 6]


def test_chainage_is_the_inverse_of_interpolate():
    line = shapely.LineString([(24, 54), (24.5, 54.3), (24.2, 54.9)])
    metres = np.linspace(10, geodesy.length(line) - 10, 17)
    found = geodesy.nearest(geodesy.interpolate(line, metres), line)
    assert np.abs(found.chainage_m - metres).max() < 1e-4


@pytest.mark.parametrize("shift", [0.0, 40.0, 179.0])
def test_centroid_of_symmetric_figures(shift):
    box = shapely.box(shift - 1, -1, shift + 1, 1)
    middle = geodesy.centroid(box)
    assert middle.y == pytest.approx(0, abs=1e-9)
    assert math.cos(math.radians(middle.x - shift)) == pytest.approx(1, abs=1e-14)
    line = geodesy.centroid(shapely.LineString([(shift, 0), (shift, 2)]))
    assert line.y == pytest.approx(1, abs=1e-4)


def test_centroid_of_a_polygon_agrees_with_random_samples():
    polygon = shapely.Polygon([(20, 50), (26, 51), (24, 56)], [[(23, 52), (24, 52), (24, 53)]])
    dense = geodesy.densify(polygon, 20_000)
    rng = np.random.default_rng(5)
    lon = rng.uniform(20, 26, 400_000)
    lat = np.degrees(np.arcsin(rng.uniform(np.sin(np.radians(50)), np.sin(np.radians(56)), 400_000)))
    inside = shapely.contains_xy(dense, lon, lat)
    xyz = ecef(lon[inside], lat[inside]).mean(axis=0)[None, :]
    x, y = lonlat(xyz)
    middle = geodesy.centroid(polygon)
    assert geodesy.distance([[x[0], y[0]]], middle)[0] < 1_500


def test_centroid_of_antipodal_points_raises():
    with pytest.raises(GeometryError, match="centre of the earth"):
        geodesy.centroid(shapely.MultiPoint([(0, 0), (180, 0)]))


@PROPERTY
@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(-2e6, 2e6), st.floats(-3e6, 3e6))
def test_cross_track_is_the_inverse_of_destination(lat, azimuth, along, beside):
    x2, y2 = geodesy.destination(10, lat, azimuth, 500_000)
    line = shapely.LineString([(10, lat), (float(x2), float(y2))])
    x, y = geodesy.destination(10, lat, geodesy.azimuth(10, lat, x2, y2), along)
    ahead = geodesy.azimuth(x, y, x2, y2) if along < 400_000 else geodesy.azimuth(x, y, 10, lat) + 180
    px, py = geodesy.destination(x, y, ahead - 90, beside)
    got_beside, got_along = geodesy.cross_track([[float(px), float(py)]], line)
    assert got_beside[0] == pytest.approx(beside, abs=1e-4)
    assert got_along[0] == pytest.approx(along, abs=1e-3)


def test_destination_raises_if_not_finite():
    with pytest.raises(GeometryError, match="row 2"):
        geodesy.destination([0.0, math.nan], 0, 0, 1)
