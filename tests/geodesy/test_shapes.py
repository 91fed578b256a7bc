import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import shapely

from geoconflict import geodesy
from geoconflict.geodesy import _dispatch, verify


def _library():
    spec = importlib.util.spec_from_file_location("shape_library", Path(__file__).parent / "shape_library.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["shape_library"] = module
    spec.loader.exec_module(module)
    return module


library = _library()
NAMES, shape, points_around = library.NAMES, library.shape, library.points_around
HAS_NUMBA = importlib.util.find_spec("numba") is not None

# Metres and square metres from the sources named, with the relative tolerance.
KNOWN = {
    # Wikipedia gives 0.49 km² for the Vatican; the file is a rough outline.
    ("vatican", "area"): (0.49e6, 0.25),
    # Natural Earth's 10m outline; the CIA World Factbook gives 18,274 km².
    ("fiji", "area"): (18_274e6, 0.06),
    # Norway's mapping authority gives 61,022 km² for Svalbard.
    ("svalbard", "area"): (61_022e6, 0.05),
    # Antarctica without its ice shelves has 12.295 million km² (Fretwell and others, 2013).
    ("antarctica", "area"): (12.295e12, 0.02),
}


@pytest.fixture(params=["numpy", "compiled"])
def path(request, monkeypatch):
    if request.param == "compiled":
        if not HAS_NUMBA:
            pytest.skip("numba is not installed")
        monkeypatch.setattr(_dispatch, "MIN_POINTS", 1)
    else:
        monkeypatch.setattr(_dispatch, "MIN_POINTS", 10**12)
    return request.param


def _outline(geom):
    """Return rings as lines, so that points inside polygons have their distance from the ring."""
    parts = []
    for part in shapely.get_parts(geom):
        parts += list(shapely.get_rings(part)) if part.geom_type == "Polygon" else [part]
    return np.array(parts, dtype=object)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", NAMES)
def test_distance_agrees_with_the_slow_reference(name):
    target = _outline(shape(name))
    index = geodesy.Index(target)
    for radius, allowed in ((100.0, 1e-6), (20_000.0, 1e-6), (200_000.0, 1e-6), (3_000_000.0, 1e-5)):
        points = points_around(shape(name), radius, 5)
        error = np.abs(geodesy.distance(points, index) - verify.true_distance(points, target))
        assert error.max() <= allowed, (radius, points[error.argmax()])


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", ["long_edge", "antimeridian_line", "beside_the_pole", "kaliningrad", "closed_ring"])
def test_distance_to_lonlat_edges_agrees_with_the_slow_reference(name):
    target = _outline(shape(name))
    index = geodesy.Index(target, edges="lonlat")
    for radius, allowed in ((20_000.0, 1e-6), (200_000.0, 2e-6), (3_000_000.0, 1e-5)):
        points = points_around(shape(name), radius, 5)
        error = np.abs(
            geodesy.distance(points, index, edges="lonlat") - verify.true_distance(points, target, edges="lonlat")
        )
        assert error.max() <= allowed, (radius, points[error.argmax()])


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("name", NAMES)
def test_nearest_agrees_with_distance_and_destination(name):
    index = geodesy.Index(_outline(shape(name)))
    points = points_around(shape(name), 50_000.0, 8)
    found = geodesy.nearest(points, index)
    assert np.array_equal(found.distance_m, geodesy.distance(points, index))
    away = found.distance_m > 0.01
    lon, lat = geodesy.destination(points[away, 0], points[away, 1], found.azimuth_deg[away], found.distance_m[away])
    back = geodesy.distance(np.column_stack([lon, lat]), index)
    assert back.max(initial=0) < 2e-6
    assert np.isin(found.side, (-1, 0, 1)).all()


@pytest.mark.parametrize("name", NAMES)
def test_numba_and_numpy_agree(name, monkeypatch):
    if not HAS_NUMBA:
        pytest.skip("numba is not installed")
    points = points_around(shape(name), 400_000.0, 200)
    answers = []
    for worth in (1, 10**12):
        monkeypatch.setattr(_dispatch, "MIN_POINTS", worth)
        answers.append(geodesy.distance(points, shape(name)))
    assert np.abs(answers[0] - answers[1]).max() < 1e-8


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    "name", ["fiji", "chukotka", "svalbard", "antarctica", "kaliningrad", "lesotho_hole", "baarle"]
)
def test_points_in_polygons_agree_with_the_planar_test_away_from_edges(name):
    geom = shape(name)
    small = name == "baarle"
    points = points_around(geom, 1_000.0 if small else 30_000.0, 300)
    if name == "antarctica":
        points = np.vstack([points, [[0, -89], [179.9, -88], [-179.9, -88], [180, -89.5]]])
    clear = geodesy.distance(points, _outline(geom)) > (1.0 if small else 2_500.0)
    points = points[clear]
    index, _ = geodesy.points_in_zones(points, geom)
    inside = np.zeros(len(points), dtype=bool)
    inside[index] = True
    dense = shapely.contains_xy(geom, points[:, 0], points[:, 1])
    if name != "lesotho_hole":
        assert inside.any()
    assert np.array_equal(inside, dense)
    assert np.array_equal(geodesy.distance(points, geom) == 0, inside)


@pytest.mark.parametrize(("name", "measure"), list(KNOWN))
def test_known_sizes(name, measure):
    expected, share = KNOWN[name, measure]
    assert getattr(geodesy, measure)(shape(name)) == pytest.approx(expected, rel=share)


@pytest.mark.parametrize("name", NAMES)
def test_distance_does_not_depend_on_longitude(name):
    geom = shape(name)
    points = points_around(geom, 100_000.0, 40)
    if name in ("chukotka", "fiji", "antarctica", "antimeridian_split"):
        turned = shapely.transform(geom, lambda xy: np.column_stack([(xy[:, 0] + 540 + 7) % 360 - 180, xy[:, 1]]))
        before, after = _outline(geom), _outline(turned)
    else:
        turned = shapely.transform(geom, lambda xy: xy + np.array([7.0, 0.0]))
        before, after = geom, turned
    moved = np.column_stack([(points[:, 0] + 7 + 180) % 360 - 180, points[:, 1]])
    assert np.abs(geodesy.distance(points, before) - geodesy.distance(moved, after)).max() < 1e-6
