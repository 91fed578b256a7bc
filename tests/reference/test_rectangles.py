"""Borders and countries of a few rectangles, compared with geographiclib and shapely."""

import numpy as np
import pytest
import shapely

from geoconflict.errors import InputError, NameUnknownError, NoCommonBorderError
from geoconflict.reference import border, countries, country, neighbours

PROVENANCE = ["rectangles", "2020-02-02", "CC0-1.0", "© nobody"]
_CRIMEA = [(31, 50), (32, 50), (32, 50.5), (32, 51), (31.5, 51), (31, 51)]


def _provenance(table):
    return table[["source", "source_date", "licence", "attribution"]].drop_duplicates().astype(str).to_numpy().tolist()


def test_a_border_has_the_lengths_and_directions_of_the_rectangles(rectangles, wgs84_length):
    line = border("UA", "RU", folder=rectangles).set_index("kind")
    assert line.index.tolist() == ["land", "sea"]
    assert line.loc["land", "geometry"].equals_exact(shapely.LineString([(31, 50), (31, 50.5), (31, 51)]), 1e-9)
    assert line.loc["sea", "length_m"] == pytest.approx(wgs84_length((31, 49.8), (31, 50)), abs=1e-3)
    assert line.loc["land", "length_m"] == pytest.approx(wgs84_length((31, 50), (31, 51)), abs=1e-3)
    assert line["drawn_length_m"].tolist() == pytest.approx(line["length_m"].tolist(), abs=1e-3)
    assert _provenance(line) == [PROVENANCE]
    assert set(line["method"]) == {
        "line shared by the time-zone polygons of both countries (OpenStreetMap); river and lake stretches from water polygons; not smoothed"
    }
    back = border("RU", "UA", folder=rectangles).set_index("kind")
    assert back.loc["land", "geometry"].equals_exact(shapely.LineString([(31, 51), (31, 50.5), (31, 50)]), 1e-9)
    assert back["border_id"].tolist() == ["RU-UA-land", "RU-UA-sea"]
    assert back[["country_a", "country_b", "iso_a", "iso_b"]].iloc[0].tolist() == ["Russia", "Ukraine", "RU", "UA"]


def test_the_worldview_chooses_the_line(rectangles, wgs84_length):
    line = border("UA", "RU", worldview="international", folder=rectangles).set_index("kind")
    assert line.index.tolist() == ["land", "river"]
    # Ukraine, west of this line, is on its left when the line goes north.
    assert line.loc["river", "geometry"].equals_exact(shapely.LineString([(32, 50), (32, 50.25), (32, 50.5)]), 1e-9)
    assert line.loc["land", "length_m"] == pytest.approx(wgs84_length((32, 50.5), (32, 51)), abs=1e-3)
    assert set(line["worldview"]) == {"international"}
    assert line["disputed"].all()


def test_a_border_joins_the_lines_of_two_units(rectangles, wgs84_length):
    line = border("LT", "RU", folder=rectangles).set_index("kind")
    ring = [(32.4, 50.4), (32.6, 50.4), (32.6, 50.6), (32.4, 50.6), (32.4, 50.4)]
    land = [[(32, 51), (32.5, 51), (33, 51)], ring, [(33, 50.1), (32.8, 50.1), (32.8, 50)]]
    assert line.index.tolist() == ["land", "lake"]
    assert line.loc["land", "length_m"] == pytest.approx(sum(wgs84_length(*part) for part in land), abs=1e-3)
    assert line.loc["lake", "length_m"] == pytest.approx(wgs84_length((31, 51), (31.5, 51), (32, 51)), abs=1e-3)
    assert len(shapely.get_parts(line.loc["land", "geometry"])) == 3
    assert not line["disputed"].any()
    several = border("LT", ["RU", "UA"], kinds=["land", "river"], folder=rectangles)
    assert several["border_id"].tolist() == ["LT-RU-land", "LT-UA-land"]
    assert border("LT", ["RU", "UA"], kinds="lake", folder=rectangles)["border_id"].tolist() == ["LT-RU-lake"]


def test_neighbours_add_up_the_units_and_leave_the_sea_out(rectangles, wgs84_length):
    top = [wgs84_length((lon, 51), (lon + 0.5, 51), (lon + 1, 51)) for lon in (30, 31, 32)]
    exclaves = wgs84_length((32.4, 50.4), (32.6, 50.4), (32.6, 50.6), (32.4, 50.6), (32.4, 50.4))
    exclaves += wgs84_length((33, 50.1), (32.8, 50.1), (32.8, 50))
    upright = wgs84_length((31, 50), (31, 51))
    assert neighbours("LT", folder=rectangles) == pytest.approx(
        {"Russia": top[1] + top[2] + exclaves, "Ukraine": top[0]}, abs=1e-3
    )
    assert neighbours("UA", folder=rectangles) == pytest.approx({"Lithuania": top[0], "Russia": upright}, abs=1e-3)
    assert neighbours("UA", worldview="international", folder=rectangles) == pytest.approx(
        {"Lithuania": top[0] + top[1], "Russia": upright}, abs=1e-3
    )


def test_countries_have_the_areas_of_the_rectangles(rectangles, wgs84_area):
    square = wgs84_area((32.4, 50.4), (32.6, 50.4), (32.6, 50.6), (32.4, 50.6))
    corner = wgs84_area((32.8, 50), (33, 50), (33, 50.1), (32.8, 50.1))
    north = wgs84_area((30, 51), (30.5, 51), (31, 51), (31.5, 51), (32, 51), (32.5, 51), (33, 51), (33, 52), (30, 52))
    crimea = wgs84_area(*_CRIMEA)
    east = wgs84_area((32, 50), (32.8, 50), (32.8, 50.1), (33, 50.1), (33, 51), (32.5, 51), (32, 51))
    island = wgs84_area((29, 50.2), (29.2, 50.2), (29.2, 50.4), (29, 50.4))
    west = wgs84_area((30, 50), (31, 50), (31, 51), (30.5, 51), (30, 51))
    found = countries(folder=rectangles)
    assert found["iso"].tolist() == ["LT", "RU", "UA"]
    assert found["iso3"].tolist() == ["LTU", "RUS", "UKR"]
    assert found["area_m2"].tolist() == pytest.approx(
        [north + square + corner, east - square + crimea, west + island], rel=1e-7
    )
    assert _provenance(found) == [PROVENANCE]
    assert found["method"].str.startswith("land: polygons").all()
    assert (found["resolution_m"] == 0).all()
    world = countries(["UA", "RU"], worldview="international", folder=rectangles)
    assert world["name"].tolist() == ["Ukraine", "Russia"]
    assert world["area_m2"].tolist() == pytest.approx([west + island + crimea, east - square], rel=1e-7)
    assert set(world["worldview"]) == {"international"}
    # The line between Ukraine and Crimea is gone, and the largest part comes first.
    assert [round(part.area, 2) for part in shapely.get_parts(world.geometry.iloc[0])] == [2.0, 0.04]


def test_the_sea_and_the_whole_of_the_rectangles(rectangles):
    seas = countries(part="sea", folder=rectangles)
    assert seas["iso"].tolist() == ["RU", "UA"]
    assert seas.geometry.iloc[1].equals(shapely.box(30, 49.8, 31, 50))
    assert seas.geometry.iloc[0].equals(shapely.box(31, 49.8, 32, 50))
    assert seas["method"].str.startswith("sea: polygons").all()
    whole = country("UA", part="all", folder=rectangles).geometry.iloc[0]
    assert whole.equals(shapely.MultiPolygon([shapely.box(30, 49.8, 31, 51), shapely.box(29, 50.2, 29.2, 50.4)]))
    with pytest.raises(InputError) as caught:
        countries(["LT", "UA"], part="sea", folder=rectangles)
    assert "1 of the countries have no sea" in str(caught.value)
    assert "Lithuania has no sea" in str(caught.value)
    with pytest.raises(NameUnknownError, match=r"no area for 1 of the names\n.*Poland has no area of its own"):
        countries(["Poland", "LT"], folder=rectangles)
    with pytest.raises(InputError, match="one of land, sea, all"):
        country("UA", part="moon", folder=rectangles)


def test_simplified_rectangles_lose_the_vertices_on_their_sides(rectangles):
    full = country("LT", folder=rectangles).geometry.iloc[0]
    thin = country("LT", folder=rectangles, resolution="1 km")
    assert shapely.get_num_coordinates(full) == 10 + 5 + 5
    # The ends of every border line stay: (31, 51) and (32, 51) between the neighbours.
    assert shapely.get_num_coordinates(thin.geometry.iloc[0]) == 7 + 5 + 5
    assert thin.geometry.iloc[0].equals(full)
    assert thin["resolution_m"].tolist() == [1000.0]
    line = border("LT", "RU", kinds="land", folder=rectangles, resolution="1 km")
    assert shapely.get_num_coordinates(line.geometry.iloc[0]) == 2 + 5 + 3


def test_countries_without_a_common_border_are_listed_with_their_neighbours(rectangles):
    with pytest.raises(NoCommonBorderError) as caught:
        border("LT", ["PL", "RU", "LT", "Taiwan"], folder=rectangles)
    text = str(caught.value)
    assert "Lithuania has no common border with Poland, Lithuania, Taiwan in the de facto view" in text
    assert "Lithuania and Poland do not touch: Lithuania borders Russia, Ukraine; Poland borders no country" in text
    assert "Lithuania has no border with itself" in text
    with pytest.raises(
        NoCommonBorderError, match="no stretch of river or sea on this border; it has land with Ukraine"
    ):
        border("LT", "UA", kinds=["sea", "river"], folder=rectangles)


def test_crossing_lines_of_a_simplified_area_give_a_valid_one(rectangles):
    # At 30 km the exclaves shrink to a diagonal or to four points; nothing becomes invalid or negative.
    for resolution in (5_000, 30_000, 100_000):
        found = countries(folder=rectangles, resolution=resolution)
        assert found.is_valid.all()
        assert (found["area_m2"] > 0).all()
        assert np.isfinite(found["area_m2"]).all()
