import numpy as np
import pytest
import shapely

from geoconflict import geodesy
from geoconflict.errors import InputError, NameUnknownError
from geoconflict.reference import border, countries, country
from geoconflict.schema import COUNTRIES, conform


# Official areas in square kilometres; those of countries with a coast count what the source counts as land.
@pytest.mark.parametrize(
    ("name", "official_km2", "tolerance"),
    [
        ("Lithuania", 65_300, 0.01),  # 413 km² of which are lagoon, not land here
        ("Latvia", 64_594, 0.005),
        ("Estonia", 45_335, 0.005),
        ("Poland", 312_696, 0.01),
        ("Belarus", 207_595, 0.005),
        ("Mali", 1_240_192, 0.015),
        ("Switzerland", 41_285, 0.005),
        ("Colombia", 1_141_748, 0.005),
    ],
)
def test_areas_match_official_figures(name, official_km2, tolerance):
    assert country(name)["area_m2"].iloc[0] / 1e6 == pytest.approx(official_km2, rel=tolerance)


@pytest.mark.parametrize("resolution_m", [None, 50, 500])
@pytest.mark.parametrize(("a", "others"), [("Lithuania", ["BY", "PL", "LV", "RU"]), ("Mali", ["SN", "MR", "BF"])])
def test_the_outline_uses_the_vertices_of_the_border(a, others, resolution_m):
    area = country(a, resolution=resolution_m, part="all").geometry.iloc[0]
    line = border(a, others, resolution=resolution_m)
    outline = {tuple(vertex) for vertex in shapely.get_coordinates(area.boundary)}
    drawn = {tuple(vertex) for vertex in shapely.get_coordinates(line.geometry.to_numpy())}
    assert drawn <= outline
    assert area.is_valid


def test_neighbours_tile_without_slivers():
    table = countries(["Lithuania", "Latvia", "Belarus"], part="all").geometry.to_numpy()
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert shapely.intersection(table[i], table[j]).area == 0


def test_land_and_territorial_sea_are_separate_parts():
    land, sea, whole = (country("Lithuania", part=part)["area_m2"].iloc[0] for part in ("land", "sea", "all"))
    assert land + sea == pytest.approx(whole, rel=1e-6)
    assert 1_500e6 < sea < 2_800e6
    with pytest.raises(InputError, match="Mali has no sea"):
        country("Mali", part="sea")
    with pytest.raises(InputError, match="did you mean land"):
        country("Mali", part="lnd")


def test_countries_conform_to_the_schema():
    table = countries(["EE", "Latvia", "ltu"], resolution=200)
    assert table.equals(conform(table, COUNTRIES))
    assert table["name"].tolist() == ["Estonia", "Latvia", "Lithuania"]
    assert set(table["resolution_m"]) == {200.0}
    assert np.allclose(geodesy.area(table.geometry.to_numpy()), table["area_m2"])


def test_crimea_follows_the_worldview():
    simferopol = shapely.Point(34.1, 44.95)
    assert not country("Ukraine").geometry.iloc[0].covers(simferopol)
    assert country("Ukraine", worldview="international").geometry.iloc[0].covers(simferopol)
    assert country("Ukraine", worldview="international")["worldview"].iloc[0] == "international"


def test_a_worldview_dissolves_the_line_between_its_units():
    whole = country("Cyprus", worldview="international").geometry.iloc[0]
    assert whole.covers(shapely.Point(33.36, 35.19))  # on the line through Nicosia
    assert len([part for part in shapely.get_parts(whole) if part.area > 0.01]) == 1


@pytest.mark.parametrize("name", ["Norway", "Fiji"])
def test_coasts_with_many_islands_stay_valid_when_simplified(name):
    thin, full = (country(name, resolution=resolution) for resolution in (2_000, None))
    assert thin.is_valid.all()
    assert thin["area_m2"].iloc[0] == pytest.approx(full["area_m2"].iloc[0], rel=0.03)
    west, _, east, _ = thin.total_bounds
    assert -180 <= west < east <= 180


def test_a_territory_without_geometry_says_why():
    with pytest.raises(NameUnknownError, match=r"Kosovo has no area .* count Kosovo with Serbia"):
        countries(["Kosovo", "Serbia"])
    with pytest.raises(NameUnknownError, match="Abkhazia has no area of its own in the international view"):
        country("Abkhazia", worldview="international")
