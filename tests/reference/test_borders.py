import zipfile

import numpy as np
import pytest
import shapely

from geoconflict import geodesy
from geoconflict.errors import InputError, NameUnknownError, NoCommonBorderError, ReadError
from geoconflict.reference import border, country, neighbours
from geoconflict.reference.archive import FILE_NAME, boundaries_folder, open_archive, parse_resolution
from geoconflict.schema import BORDERS, conform


def _km(table, kinds=("land", "river", "lake", "sea")):
    return table.loc[table["kind"].isin(kinds), "length_m"].sum() / 1000


# Official lengths in kilometres.
@pytest.mark.parametrize(
    ("a", "b", "kinds", "official_km", "tolerance"),
    [
        ("Lithuania", "Belarus", ("land", "river", "lake"), 679, 0.01),
        ("Lithuania", "Poland", ("land", "river", "lake"), 104, 0.01),
        ("Latvia", "Russia", ("land", "river", "lake"), 283.6, 0.01),
        ("Lithuania", "Russia", ("land", "river"), 255, 0.01),
        ("Latvia", "Belarus", ("land", "river", "lake"), 172.9, 0.01),
        ("Estonia", "Russia", ("land", "river", "lake"), 338.6, 0.03),
        ("Poland", "Ukraine", ("land", "river", "lake"), 535, 0.01),
        ("Poland", "Belarus", ("land", "river", "lake"), 418, 0.01),
        ("Ukraine", "Belarus", ("land", "river", "lake"), 1084, 0.04),
    ],
)
def test_lengths_match_official_figures(a, b, kinds, official_km, tolerance):
    assert _km(border(a, b), kinds) == pytest.approx(official_km, rel=tolerance)


def test_kinds_separate_land_river_lagoon_and_sea():
    table = border("Lithuania", "Russia").set_index("kind")
    assert table.index.tolist() == ["land", "river", "lake", "sea"]
    assert table.loc["lake", "length_m"] == pytest.approx(18_066, abs=100)  # the Curonian Lagoon
    assert table.loc["sea", "length_m"] == pytest.approx(22_080, abs=300)  # 12 nautical miles
    west = table.loc["sea", "geometry"].bounds
    assert 20.4 < west[0] < west[2] < 21.0  # from the 12-mile limit to the spit


def test_a_border_conforms_to_the_schema():
    table = border("Lithuania", ["Belarus", "RU", "pol", "Latvia"])
    assert table.equals(conform(table, BORDERS))
    assert table["border_id"].is_unique
    assert set(table["country_b"]) == {"Belarus", "Russia", "Poland", "Latvia"}
    assert set(table["worldview"]) == {"de_facto"}
    assert set(table["licence"]) == {"ODbL-1.0"}
    assert set(table["attribution"]) == {"© OpenStreetMap contributors"}
    assert (table["resolution_m"] == 0).all()


def test_at_full_resolution_the_drawn_length_is_the_length():
    table = border("Mali", ["Senegal", "Burkina Faso"])
    assert np.allclose(table["length_m"], table["drawn_length_m"], atol=0.02)
    assert np.allclose(geodesy.length(table.geometry.to_numpy()), table["length_m"], atol=0.02)


@pytest.mark.parametrize("resolution_m", [5, 15, 100, 1000])
def test_a_simplified_line_stays_within_its_tolerance(resolution_m):
    full = border("Latvia", "Russia", kinds="land")
    thin = border("Latvia", "Russia", kinds="land", resolution=resolution_m)
    assert thin["length_m"].iloc[0] == full["length_m"].iloc[0]
    assert thin["drawn_length_m"].iloc[0] < full["length_m"].iloc[0]
    assert thin["resolution_m"].iloc[0] == resolution_m
    assert shapely.get_num_coordinates(thin.geometry.iloc[0]) < shapely.get_num_coordinates(full.geometry.iloc[0])
    vertices = shapely.points(shapely.get_coordinates(full.geometry.iloc[0])[::7])
    assert geodesy.distance(vertices, thin.geometry.iloc[0]).max() <= resolution_m * 1.001


def test_country_a_is_on_the_left():
    for a, b in (("LT", "BY"), ("BY", "LT"), ("ML", "SN"), ("SN", "ML")):
        line = border(a, b, kinds="land").geometry.iloc[0]
        part = max(shapely.get_parts(line), key=lambda one: one.length)
        xy = shapely.get_coordinates(part)
        middle = len(xy) // 2
        way = xy[middle + 1] - xy[middle]
        left = (xy[middle] + xy[middle + 1]) / 2 + np.array([-way[1], way[0]]) * 0.05
        assert country(a).geometry.iloc[0].covers(shapely.Point(left)), (a, b)


def test_the_same_line_is_returned_in_both_directions():
    there, back = border("LT", "PL"), border("PL", "LT")
    assert there.geometry.iloc[0].equals_exact(back.geometry.iloc[0].reverse(), 0)
    assert there["border_id"].iloc[0] == back["border_id"].iloc[0] == "LT-PL-land"


def test_a_pair_without_a_border_names_the_neighbours_of_each():
    with pytest.raises(NoCommonBorderError) as caught:
        border("Lithuania", ["Poland", "Ukraine", "Estonia"])
    text = str(caught.value)
    assert "Lithuania and Ukraine do not touch" in text
    assert "Lithuania and Estonia do not touch" in text
    assert "Lithuania borders Belarus, Latvia, Poland, Russia" in text
    assert "Ukraine borders Belarus, Hungary, Moldova" in text


def test_the_other_country_must_be_given():
    with pytest.raises(NameUnknownError, match="no country is given"):
        border("Mali", [])


def test_a_country_has_no_border_with_itself():
    with pytest.raises(NoCommonBorderError, match="no border with itself"):
        border("Mali", "ML")


def test_a_territory_without_geometry_says_so():
    with pytest.raises(NoCommonBorderError, match="border lines count Kosovo with Serbia"):
        border("Kosovo", "Serbia")


def test_missing_unknown_or_empty_kinds_are_an_error():
    with pytest.raises(NoCommonBorderError, match="no stretch of sea on this border; it has land with Poland"):
        border("Lithuania", "Poland", kinds="sea")
    with pytest.raises(NameUnknownError, match="did you mean river"):
        border("Lithuania", "Russia", kinds="rivr")
    with pytest.raises(InputError, match="kinds is empty"):
        border("Lithuania", "Russia", kinds=[])


@pytest.mark.parametrize("wrong", [-1, "-50 m", "50", "50 parsecs", "1-2 km", "200 km", True, float("nan"), 1e9])
def test_a_resolution_that_is_no_length_is_an_error(wrong):
    with pytest.raises(InputError, match=r"resolution|length|unit"):
        parse_resolution(wrong)


def test_a_resolution_is_a_length_or_a_number_of_metres():
    assert parse_resolution("0.5 km") == parse_resolution(500) == parse_resolution(500.0) == 500.0
    assert parse_resolution(None) == 0.0
    thin = border("LT", "PL", resolution="100 m")
    assert thin["resolution_m"].tolist() == [100.0]
    assert thin.equals(border("LT", "PL", resolution=100))


def test_a_worldview_moves_crimea_and_abkhazia():
    assert {"Russia", "Ukraine"} == set(
        border("UA", "RU", worldview="international")[["country_a", "country_b"]].iloc[0]
    )
    facto = border("Ukraine", "Russia")
    world = border("Ukraine", "Russia", worldview="international")
    isthmus = shapely.Point(33.7, 46.13)  # Perekop
    assert geodesy.distance(isthmus, facto.geometry.union_all()) < 5_000
    assert geodesy.distance(isthmus, world.geometry.union_all()) > 100_000
    assert set(world["worldview"]) == {"international"}
    assert facto["disputed"].all()
    assert "Abkhazia" in neighbours("Georgia")
    assert "Abkhazia" not in neighbours("Georgia", worldview="international")


def test_an_unknown_worldview_lists_the_known_ones():
    with pytest.raises(NameUnknownError, match="international"):
        border("Ukraine", "Russia", worldview="mine")


def test_borders_have_the_lengths_of_the_index():
    archive = open_archive(boundaries_folder() / FILE_NAME)
    assert len(archive.index["borders"]) == 435
    names = [f"border/{key}" for key in archive.index["borders"]]
    for name, arcs in archive.arcs(names[::12]).items():
        told = archive.index["borders"][name.removeprefix("border/")]
        lines = np.array([shapely.LineString(line / 1e7) for line in arcs.coordinates])
        measured = dict.fromkeys(told, 0.0)
        for kind, metres in zip(arcs.kinds, geodesy.length(lines), strict=True):
            measured[kind] += metres
        assert measured == pytest.approx(told, abs=0.05), name


def test_reading_one_pair_does_not_read_the_others(tmp_path):
    source = boundaries_folder() / FILE_NAME
    damaged = tmp_path / FILE_NAME
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        other = archive.getinfo("border/AR~CL")
    data[other.header_offset + 100 : other.header_offset + 5000] = bytes(4900)
    damaged.write_bytes(bytes(data))
    assert _km(border("LT", "PL", folder=tmp_path)) == pytest.approx(104.3, abs=0.1)
    with pytest.raises(ReadError, match=r"border/AR~CL in .* is damaged"):
        border("AR", "CL", folder=tmp_path)


def test_a_folder_without_the_data_is_an_error(tmp_path):
    with pytest.raises(ReadError, match=r"openstreetmap_borders\.zip is not in"):
        border("LT", "PL", folder=tmp_path)


def test_neighbours_returns_lengths_without_the_sea():
    found = neighbours("Lithuania")
    assert list(found) == ["Belarus", "Latvia", "Poland", "Russia"]
    assert found["Poland"] == pytest.approx(104_280, abs=100)
    assert neighbours("Iceland") == {}
