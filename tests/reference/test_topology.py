import geopandas as gpd
import numpy as np
import pytest
import shapely

from geoconflict import geodesy
from geoconflict.errors import CRSError, GeometryError, InputError, NoCommonBorderError, SchemaError
from geoconflict.reference import border, chain, exclaves, locate, part_of_border, tripoint
from geoconflict.schema import BORDERS, PLACES, conform


def test_a_tripoint_lies_on_all_three_borders():
    found = tripoint("Lithuania", "Poland", "Belarus")
    assert found.equals(conform(found, PLACES))
    assert len(found) == 1
    point = found.geometry.iloc[0]
    for a, b in (("LT", "PL"), ("LT", "BY"), ("PL", "BY")):
        assert geodesy.distance(point, border(a, b).geometry.union_all()) == 0


def test_the_same_tripoint_in_any_order():
    one, two = tripoint("ML", "SN", "MR"), tripoint("MR", "ML", "SN")
    assert one.geometry.iloc[0] == two.geometry.iloc[0]
    assert one["name"].tolist() == two["name"].tolist() == ["Mali–Mauritania–Senegal tripoint"]


def test_three_countries_that_do_not_meet_are_an_error():
    with pytest.raises(NoCommonBorderError, match="Lithuania and Ukraine do not touch"):
        tripoint("Lithuania", "Poland", "Ukraine")


def test_the_suwalki_gap_from_tripoint_to_tripoint_is_the_whole_border():
    line = border("Lithuania", "Poland")
    west, east = (tripoint("LT", "PL", third).geometry.iloc[0] for third in ("RU", "BY"))
    part = part_of_border(line, east, west)
    assert part.equals(conform(part, BORDERS))
    assert part["length_m"].sum() == pytest.approx(line["length_m"].sum(), abs=0.1)


def test_parts_add_up_to_the_whole():
    line = border("Latvia", "Belarus")
    ends = [tripoint("LV", "BY", third).geometry.iloc[0] for third in ("LT", "RU")]
    merged = shapely.line_merge(shapely.union_all(line.geometry.to_numpy()))
    middle = merged.interpolate(0.37, normalized=True)
    parts = [part_of_border(line, ends[0], middle), part_of_border(line, middle, ends[1])]
    assert sum(part["length_m"].sum() for part in parts) == pytest.approx(line["length_m"].sum(), abs=0.5)
    assert all(part["length_m"].sum() > 10_000 for part in parts)


def test_a_part_needs_one_pair_at_full_resolution_and_points_near_it():
    west, east = shapely.Point(22.79, 54.36), shapely.Point(23.51, 53.96)
    with pytest.raises(InputError) as caught:
        part_of_border(border("LT", ["PL", "BY"], resolution=50), west, east)
    assert "holds 2 pairs" in str(caught.value)
    assert "simplified" in str(caught.value)
    with pytest.raises(GeometryError, match=r"end is .* km from the line"):
        part_of_border(border("LT", "PL"), west, shapely.Point(25.3, 54.7))
    with pytest.raises(GeometryError, match="start must be a shapely Point"):
        part_of_border(border("LT", "PL"), (22.79, 54.36), east)
    with pytest.raises(InputError, match="the border must be a GeoDataFrame or GeoSeries, found list"):
        part_of_border([], west, east)
    with pytest.raises(SchemaError, match=r"country_a: this required column is missing .*country_1"):
        part_of_border(border("LT", "PL").rename(columns={"country_a": "country_1"}), west, east)


def test_a_chain_reports_its_gaps():
    pairs = [("LT", "RU"), ("LT", "BY"), ("LV", "BY"), ("LV", "RU"), ("EE", "RU")]
    line = chain(pairs)
    assert line["position"].drop_duplicates().tolist() == [1, 2, 3, 4, 5]
    gaps = line.groupby("position")["gap_before_m"].first().to_numpy()
    assert gaps[1] == pytest.approx(64_000, rel=0.05)  # across the Suwałki gap, in a straight line
    assert (gaps[[0, 2, 3, 4]] == 0).all()
    assert "sea" not in set(line["kind"])
    closed = chain([pairs[0], ("LT", "PL"), *pairs[1:]])
    assert (closed["gap_before_m"] == 0).all()
    with pytest.raises(InputError, match="at least one pair"):
        chain([])
    with pytest.raises(InputError, match=r"row 1: 'LT' is not a pair.*\n.*row 2: \('LT', 'PL', 'BY'\)"):
        chain(["LT", ("LT", "PL", "BY")])


def test_exclaves_of_russia_and_azerbaijan():
    russia = exclaves("Russia")
    kaliningrad = russia[russia.covers(shapely.Point(20.5, 54.71))]
    assert kaliningrad["neighbours"].tolist() == ["Lithuania, Poland"]
    assert kaliningrad["coastal"].tolist() == [True]
    assert kaliningrad["area_m2"].iloc[0] / 1e6 == pytest.approx(13_200, rel=0.05)
    assert exclaves("Azerbaijan")["coastal"].iloc[0] == np.False_
    assert len(exclaves("Mali")) == 0


def test_points_are_located_on_land_at_sea_and_on_the_high_seas():
    xy = {"Vilnius": (25.28, 54.69), "Rukla": (24.39, 55.05), "Baltic": (20.95, 55.6), "Kaliningrad": (20.5, 54.71)}
    xy |= {"ocean": (-30.0, 30.0), "Diboli": (-12.17, 14.46)}
    points = gpd.GeoSeries({name: shapely.Point(*one) for name, one in xy.items()}, crs="EPSG:4326")
    found = locate(points)
    assert found.index.tolist() == list(xy)
    assert found["country"].tolist()[:4] == ["Lithuania", "Lithuania", "Lithuania", "Russia"]
    assert found["part"].tolist()[:4] == ["land", "land", "sea", "land"]
    assert found.loc["ocean"].isna().sum() == 4
    assert found.loc["Diboli", "country"] == "Mali"
    assert found.loc["Diboli", "distance_to_border_m"] < 5_000
    lines = border("LT", ["BY", "PL", "LV", "RU"], kinds=["land", "river", "lake"]).geometry.union_all()
    assert found.loc["Vilnius", "distance_to_border_m"] == pytest.approx(geodesy.distance(points["Vilnius"], lines))


def test_locate_handles_missing_points_and_rejects_other_input():
    points = gpd.GeoSeries([None, shapely.Point(), shapely.Point(-8.0, 12.6)], crs="EPSG:4326", index=[7, 8, 9])
    found = locate(points, border_distance=False)
    assert found["country"].tolist() == [None, None, "Mali"]
    assert found.index.tolist() == [7, 8, 9]
    assert found["distance_to_border_m"].isna().all()
    with pytest.raises(CRSError):
        locate(gpd.GeoSeries([shapely.Point(1, 2)]))
    with pytest.raises(GeometryError, match="row 1: LineString is not a point"):
        locate(gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1)])], crs="EPSG:4326"))
    with pytest.raises(InputError, match="must be a GeoDataFrame or GeoSeries, found list"):
        locate([shapely.Point(1, 2)])
