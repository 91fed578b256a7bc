import pytest
import shapely

from geoconflict import geodesy
from geoconflict.crs import Bounds
from geoconflict.errors import InputError
from geoconflict.reference import background, border, divisions
from geoconflict.schema import COUNTRIES, conform


def test_the_background_of_a_box_has_the_countries_that_intersect_it():
    found = background(Bounds(21, 54, 26, 56))
    assert found["iso"].tolist() == ["BY", "LT", "LV", "PL", "RU"]
    assert found.equals(conform(found, COUNTRIES))
    assert set(found["attribution"]) == {"Made with Natural Earth"}
    assert (found["resolution_m"] >= 2_500).all()
    assert found.is_valid.all()


def test_the_background_crosses_the_antimeridian():
    assert background((170, 62, -170, 70))["iso"].tolist() == ["RU", "US"]


def test_a_box_on_the_high_seas_is_an_empty_table():
    assert len(background((-40, 30, -39, 31))) == 0


def test_the_small_scale_has_all_countries():
    world = background(scale="50m")
    assert len(world) > 230
    assert world.is_valid.all()
    assert {"XK", "XSL", "XNC"} <= set(world["iso"])
    assert world.set_index("iso").loc["RU", "area_m2"] / 1e6 == pytest.approx(16_980_000, rel=0.02)
    assert world.total_bounds[2] <= 180
    with pytest.raises(InputError, match="unknown scale '110m' of the background"):
        background(scale="110m")
    with pytest.raises(InputError, match=r"must be \(west, south, east, north\)"):
        background((21, 54, 26))


def test_the_background_is_within_its_resolution_of_the_border():
    coarse = background((21, 54, 26, 56)).set_index("iso").geometry
    vertices = shapely.points(shapely.get_coordinates(border("LT", "BY").geometry.to_numpy())[::40])
    offsets = geodesy.distance(vertices, coarse["LT"].boundary)
    assert 500 < offsets.mean() < 2_000
    assert sorted(offsets)[int(len(offsets) * 0.95)] < 3_000


def test_divisions_of_a_country():
    found = divisions("Mali")
    assert len(found) == 9
    assert found["division_id"].is_unique
    assert found[found.covers(shapely.Point(-8.0, 12.64))]["name"].tolist() == ["Bamako"]
    assert set(found["country"]) == {"Mali"}
    with pytest.raises(InputError, match="no first-order divisions of Abkhazia"):
        divisions("Abkhazia")
