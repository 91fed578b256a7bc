import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoconflict import geodesy
from geoconflict.errors import CRSError, GeometryError
from geoconflict.geodesy import _checks, _dispatch, proximity, verify

LINE = shapely.LineString([(24, 54), (25, 54.5), (26, 54)])


def test_side_is_relative_to_the_direction_of_the_line_also_at_vertices():
    points = [[25, 55], [25, 53], [23, 54.1], [23, 53.0], [27, 54.2], [24.5, 54.25]]
    assert geodesy.nearest(points, LINE).side.tolist()[:5] == [1, -1, 1, -1, 1]
    flipped = geodesy.nearest(points, LINE.reverse()).side
    assert flipped.tolist()[:5] == [-1, 1, -1, 1, -1]


def test_side_at_a_sharp_bend():
    sharp = shapely.LineString([(0, 0), (1, 0), (0.1, 0.05)])
    found = geodesy.nearest([[1.2, 0.005], [1.2, -0.1], [1.2, 0.1], [0.5, 0.012]], sharp)
    assert found.side.tolist() == [-1, -1, -1, 1]


def test_side_at_the_first_vertex_of_a_closed_line():
    ring = shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
    assert geodesy.nearest([[-0.5, -0.5], [0.5, 0.5], [1.5, 1.5]], ring).side.tolist() == [-1, 1, -1]


def test_nearest_returns_the_geometry_and_the_point_itself_inside_polygons():
    target = [shapely.Point(0, 0), shapely.box(10, 10, 12, 12), shapely.LineString([(20, 0), (20, 5)])]
    found = geodesy.nearest([[1, 1], [11, 11], [21, 3]], target)
    assert found.index.tolist() == [0, 1, 2]
    assert found.distance_m[1] == 0
    assert (found.lon[1], found.lat[1]) == (11, 11)
    assert np.isnan(found.chainage_m[1])
    assert np.isnan(found.azimuth_deg[1])
    assert found.side.tolist() == [0, 0, -1]


def test_holes_are_outside_and_islands_in_holes_inside():
    shell = [(0, 0), (4, 0), (4, 4), (0, 4)]
    hole = [(1, 1), (3, 1), (3, 3), (1, 3)]
    both = shapely.MultiPolygon([shapely.Polygon(shell, [hole]), shapely.box(1.9, 1.9, 2.1, 2.1)])
    zero = geodesy.distance([[0.5, 0.5], [1.5, 1.5], [2, 2], [5, 5]], both) == 0
    assert zero.tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (shapely.LineString([(24, 54), (26, 55)]), shapely.LineString([(24, 55), (26, 54)]), 0.0),
        (shapely.LineString([(170, -1), (-170, 1)]), shapely.LineString([(180, -5), (180, 5)]), 0.0),
        (shapely.box(0, 0, 10, 10), shapely.LineString([(4, 4), (5, 5)]), 0.0),
        (shapely.LineString([(4, 4), (5, 5)]), shapely.box(0, 0, 10, 10), 0.0),
        (shapely.box(0, 0, 1, 1), shapely.box(0.5, 0.5, 2, 2), 0.0),
        (shapely.Polygon([(0, 80), (90, 80), (180, 80), (-90, 80)]), shapely.LineString([(0, 89), (180, 89)]), 0.0),
        (shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(5, 1), (5, 3)]), 110_574.38856),
        (shapely.LineString([(5, 1), (5, 3)]), shapely.LineString([(0, 0), (10, 0)]), 110_574.38856),
        (shapely.MultiPoint([(5, 1), (5, 3)]), shapely.LineString([(0, 0), (10, 0)]), 110_574.38856),
    ],
)
def test_distance_between_lines_and_polygons(one, other, expected):
    assert geodesy.distance([one], other)[0] == pytest.approx(expected, abs=1e-4)


def test_distance_between_lines_agrees_with_dense_samples():
    one = shapely.LineString([(20, 50), (23, 52), (21, 54)])
    other = shapely.LineString([(24, 50), (23.4, 53), (26, 55)])
    dense = shapely.get_coordinates(geodesy.densify(one, 50.0))
    sampled = geodesy.distance(dense, other).min()
    both = geodesy.distance([one, other], other)
    assert both[0] == pytest.approx(sampled, abs=0.05)
    assert both[0] <= sampled + 1e-8
    assert both[1] == 0


def test_distance_between_far_lines_agrees_with_karney():
    one, other = shapely.LineString([(0, 0), (0, 10)]), shapely.LineString([(60, -5), (60, 5)])
    truth = min(
        verify.true_distance(shapely.get_coordinates(one), other).min(),
        verify.true_distance(shapely.get_coordinates(other), one).min(),
    )
    assert geodesy.distance([one], other)[0] == pytest.approx(truth, abs=1e-5)


def test_empty_arrays_of_points():
    assert geodesy.distance(np.empty((0, 2)), LINE).shape == (0,)
    assert geodesy.nearest(np.empty((0, 2)), LINE).index.shape == (0,)
    assert len(geodesy.k_nearest(np.empty((0, 2)), LINE, 2).point) == 0
    assert len(geodesy.points_in_zones(np.empty((0, 2)), shapely.box(0, 0, 1, 1))[0]) == 0


def _brute(points, targets):
    return np.stack([geodesy.distance(points, target) for target in targets], axis=1)


def test_k_nearest_and_pairs_within_agree_with_all_distances():
    rng = np.random.default_rng(3)
    targets = [shapely.Point(xy) for xy in rng.uniform([-180, -85], [180, 85], (30, 2))]
    targets += [shapely.LineString(rng.uniform([20, 50], [30, 60], (4, 2))) for _ in range(5)]
    targets += [shapely.box(20, 50, 24, 54)]
    points = np.vstack([rng.uniform([-180, -90], [180, 90], (20, 2)), [[22, 52], [25, 55]]])
    table = _brute(points, targets)
    for k in (1, 3, 50):
        found = geodesy.k_nearest(points, targets, k)
        got = found.distance_m.reshape(len(points), -1)
        assert np.abs(got - np.sort(table, axis=1)[:, :k]).max() < 1e-5
    for cutoff in (0.0, 300_000.0, 5_000_000.0):
        found = geodesy.pairs_within(points, targets, cutoff)
        point, index = np.nonzero(table <= cutoff)
        assert (found.point.tolist(), found.index.tolist()) == (point.tolist(), index.tolist())
        assert np.abs(found.distance_m - table[point, index]).max(initial=0) < 1e-5


def test_points_are_in_exactly_one_of_adjacent_zones(monkeypatch):
    seeds = shapely.MultiPoint(np.random.default_rng(2).uniform([20, 50], [30, 60], (80, 2)))
    frame = shapely.box(20, 50, 30, 60)
    zones = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame)), frame)
    corners = shapely.get_coordinates(zones)
    inner = corners[(corners > [20.01, 50.01]).all(axis=1) & (corners < [29.99, 59.5]).all(axis=1)]
    points = np.vstack([np.random.default_rng(4).uniform([20.5, 50.5], [29.5, 59], (5000, 2)), inner])
    answers = []
    for worth in (1, 10**12):
        monkeypatch.setattr(_dispatch, "MIN_POINTS", worth)
        answers.append(geodesy.points_in_zones(points, zones))
    assert np.array_equal(answers[0], answers[1])
    # Zones that share their edges tile the area: every point, even at a vertex, is in exactly one.
    assert np.array_equal(answers[0][0], np.arange(len(points)))


def test_index_can_be_reused_and_raises_if_edges_differ():
    index = geodesy.Index(LINE)
    assert geodesy.distance([[25, 55]], index)[0] == geodesy.distance([[25, 55]], LINE)[0]
    with pytest.raises(GeometryError, match="edges='geodesic'"):
        geodesy.distance([[25, 55]], index, edges="lonlat")


def test_all_bad_rows_are_reported():
    bad = [
        shapely.Point(20, 50),
        shapely.Point(20, 95),
        shapely.Point(),
        None,
        shapely.LineString([(0, 0), (np.inf, 1)]),
        shapely.Point(582_000, 6_000_000),
        shapely.Point(400, 2),
    ]
    with pytest.raises(GeometryError) as caught:
        geodesy.distance(bad, LINE)
    assert [fault.row for fault in caught.value.faults] == [2, 3, 4, 5, 6, 7]
    text = str(caught.value)
    for part in ("swapped", "empty", "missing", "not finite", "not in degrees", "beyond 360"):
        assert part in text


def test_coordinate_arrays_are_checked():
    with pytest.raises(GeometryError, match="row 2"):
        geodesy.distance([[0, 0], [np.nan, 1]], LINE)
    with pytest.raises(GeometryError, match="row 1"):
        geodesy.nearest([[0, 91]], LINE)


def test_tables_need_wgs84():
    table = gpd.GeoDataFrame(geometry=[shapely.Point(25, 55)])
    with pytest.raises(CRSError, match="set_crs"):
        geodesy.distance(table, LINE)
    with pytest.raises(CRSError, match="to_crs"):
        geodesy.distance(table.set_crs("EPSG:4326").to_crs("EPSG:3857"), LINE)
    assert geodesy.distance(table.set_crs("EPSG:4326"), LINE)[0] > 0


def test_wrong_types_raise():
    with pytest.raises(GeometryError, match="row 2: expected a Point, found a LineString"):
        geodesy.nearest([shapely.Point(0, 0), LINE], LINE)
    with pytest.raises(GeometryError, match="row 1: expected a Polygon or MultiPolygon, found a LineString"):
        geodesy.points_in_zones([[0, 0]], [LINE])
    with pytest.raises(GeometryError, match="row 1: expected a shapely geometry, found str"):
        geodesy.distance(["POINT (1 1)"], LINE)
    with pytest.raises(GeometryError, match="edges must be"):
        geodesy.distance([[0, 0]], LINE, edges="rhumb")


def test_z_is_ignored():
    flat, high = shapely.Point(25, 55), shapely.Point(25, 55, 9000)
    assert geodesy.distance([flat], LINE)[0] == geodesy.distance([high], LINE)[0]


def test_verify_detects_a_wrong_distance(monkeypatch):
    points = [[25.0, 55.0], [24.0, 53.0]]
    assert verify.check_distance(points, LINE).worst_m < 1e-6
    monkeypatch.setattr(verify, "distance", lambda *args, **kwargs: geodesy.distance(*args, **kwargs) + 3.0)
    assert verify.check_distance(points, LINE).worst_m == pytest.approx(3.0, abs=1e-5)


def test_verify_detects_a_planar_buffer_and_a_wrong_band():
    point = shapely.Point(25, 55)
    planar = verify.check_buffer(point, 10_000.0, point.buffer(0.09))
    assert planar.worst_share > 0.3
    ring = shapely.Polygon([geodesy.destination(25, 55, float(a), 10_000) for a in range(0, 360, 1)])
    assert verify.check_buffer(point, 10_000.0, ring).worst_share < 1e-4
    square = shapely.box(24.8, 54.9, 25.2, 55.1)
    wrong = verify.check_band(point, square, (0.0, 10_000.0), point.buffer(0.09))
    assert wrong.wrong_side > 0
    right = verify.check_band(point, square, (0.0, 10_000.0), ring)
    assert right.wrong_side == 0


BOW = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


@pytest.mark.parametrize("measure", [geodesy.area, geodesy.centroid, lambda g: geodesy.points_in_zones([[1, 1]], g)])
def test_self_intersecting_rings_raise(measure):
    with pytest.raises(GeometryError, match="row 2: Self-intersection"):
        measure([shapely.box(0, 0, 1, 1), BOW])


def test_rings_across_the_antimeridian_and_around_a_pole_are_valid():
    across = shapely.Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])
    cap = shapely.Polygon([(0, 80), (90, 80), (180, 80), (-90, 80)])
    assert geodesy.area(across) == pytest.approx(geodesy.area(shapely.box(9, 0, 11, 1)), rel=1e-12)
    point, zone = geodesy.points_in_zones([[180, 0.5], [0, 0.5], [45, 89], [0, -89]], [across, cap])
    assert (point.tolist(), zone.tolist()) == ([0, 2], [0, 1])


def test_many_vertices_or_pairs_warn(monkeypatch):
    monkeypatch.setattr(_checks, "MANY_VERTICES", 2)
    with pytest.warns(UserWarning, match="3 vertices"):
        geodesy.Index(LINE)
    monkeypatch.setattr(proximity, "_MANY_PAIRS", 5)
    with pytest.warns(UserWarning, match="smaller cutoff"):
        geodesy.pairs_within([[25, 55]] * 4, [shapely.Point(25, 55), shapely.Point(25, 54)], 1e6)


def test_results_without_numba_are_equal(monkeypatch):
    points = np.random.default_rng(6).uniform([20, 50], [30, 58], (300, 2))
    with_it = geodesy.distance(points, LINE)
    monkeypatch.setattr(_dispatch, "_numba_installed", lambda: False)
    monkeypatch.setattr(_dispatch, "MIN_POINTS", 1)
    assert not _dispatch.use_numba(10**9)
    assert np.abs(geodesy.distance(points, LINE) - with_it).max() < 1e-8


def test_lonlat_edges_of_polygons():
    # Along 60° N the geodesic between the corners passes 1.2° north of the straight edge.
    wide = shapely.box(0, 50, 40, 60)
    nested = shapely.GeometryCollection([shapely.GeometryCollection([wide])])
    between = [[20.0, 60.5]]
    for target in (wide, nested):
        assert geodesy.distance(between, target)[0] == 0
        assert geodesy.distance(between, target, edges="lonlat")[0] == pytest.approx(55_708, abs=5)
    assert geodesy.points_in_zones(between, wide)[0].tolist() == [0]
    assert geodesy.points_in_zones(between, wide, edges="lonlat")[0].tolist() == []


def test_results_are_deterministic():
    points = np.random.default_rng(8).uniform([20, 50], [30, 58], (5000, 2))
    first, second = geodesy.nearest(points, LINE), geodesy.nearest(points.copy(), shapely.from_wkb(LINE.wkb))
    for name in geodesy.Nearest.__slots__:
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
