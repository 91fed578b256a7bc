import pytest
import shapely

from geoconflict import geodesy
from geoconflict.crs import Bounds
from geoconflict.errors import InputError, ReadError
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


# ISO 3166-2:LT, the ten counties, and their Wikidata items.
_LITHUANIA = {"LT-AL": "Q769940", "LT-KL": "Q475207", "LT-KU": "Q853861", "LT-MR": "Q853948", "LT-PN": "Q188085",
              "LT-SA": "Q186410", "LT-TA": "Q188960", "LT-TE": "Q188963", "LT-UT": "Q188659", "LT-VL": "Q188061"}  # fmt: skip


def test_divisions_have_their_codes_names_and_licence():
    found = divisions("Lithuania").set_index("division_id")
    assert found["wikidata"].to_dict() == _LITHUANIA
    assert found.loc["LT-KL", "name_en"] == "Klaipėda"
    assert found.loc["LT-VL", "name"] == "Vilniaus"
    assert set(found["type"]) == {"County"}
    assert set(found["iso"]) == {"LT"}
    assert set(found["licence"]) == {"public domain"}
    assert set(found["attribution"]) == {"Made with Natural Earth"}
    assert found["source"].str.startswith("Natural Earth 5").all()
    assert found.crs.to_epsg() == 4326
    towns = {"LT-VL": (25.28, 54.69), "LT-KU": (23.9, 54.9), "LT-KL": (21.15, 55.7), "LT-UT": (25.6, 55.5)}
    for code, (lon, lat) in towns.items():
        assert found[found.covers(shapely.Point(lon, lat))].index.tolist() == [code]


def test_divisions_cover_their_country_once():
    areas = divisions("Lithuania").geometry.to_numpy()
    whole = background((21, 54, 26, 56)).set_index("iso").geometry["LT"]
    assert geodesy.area(areas).sum() == pytest.approx(geodesy.area(shapely.union_all(areas)), rel=1e-6)
    assert geodesy.area(areas).sum() / 1e6 == pytest.approx(geodesy.area(whole) / 1e6, rel=0.02)


def test_divisions_have_no_empty_text_and_keep_their_holes():
    for name in ("Mali", "Belgium", "Uzbekistan"):
        found = divisions(name)
        assert found["division_id"].is_unique
        assert not found[["name", "name_en", "type", "wikidata"]].isin([""]).any().any()
        assert found.is_valid.all()
    # Adygea lies inside Krasnodar.
    russia = divisions("Russia").set_index("division_id")
    inner, outer = russia.geometry["RU-AD"], russia.geometry["RU-KDA"]
    assert outer.intersection(inner).area < 1e-6
    rings = [shapely.Polygon(part.exterior) for part in shapely.get_parts(outer)]
    assert any(ring.covers(inner.representative_point()) for ring in rings)


@pytest.mark.parametrize(
    ("scale", "resolution_m", "words"), [("10m", 2500.0, "1:10 million"), ("50m", 5000.0, "1:50 million")]
)
def test_the_background_says_its_scale_source_and_view(scale, resolution_m, words):
    found = background((21, 54, 26, 56), scale=scale)
    assert set(found["resolution_m"]) == {resolution_m}
    assert words in found["method"].iloc[0]
    assert "not for measuring; Natural Earth's default view: Crimea with Russia" in found["method"].iloc[0]
    assert set(found["worldview"]) == {"de_facto"}
    assert set(found["licence"]) == {"public domain"}
    assert set(found["source"]) == {"Natural Earth 4.1 through world-atlas 2.0.2"}
    assert set(found["source_date"].astype(str)) == {"2018-05-21"}
    assert found.set_index("iso").loc["LT", ["iso3", "name"]].tolist() == ["LTU", "Lithuania"]
    assert found["area_m2"].tolist() == pytest.approx(geodesy.area(found.geometry.to_numpy()).tolist())
    assert found.set_index("iso").loc["LT", "area_m2"] / 1e6 == pytest.approx(65_300, rel=0.02)  # Statistics Lithuania


def test_the_background_leaves_out_a_country_of_which_only_the_box_meets():
    # The middle of the Adriatic is in the extent of Italy and Croatia, not in their areas.
    assert background((15.5, 43.0, 15.6, 43.1)).empty
    assert background((170, 62, -179.9, 70))["iso"].tolist() == ["RU"]
    # Box east of the antimeridian, and west of it: Fiji lies on both sides.
    assert background((-179.99, -17.2, -179.8, -16.7))["iso"].tolist() == ["FJ"]
    assert background((179.8, -17.2, -179.8, -16.7))["iso"].tolist() == ["FJ"]


def test_the_folder_of_the_background_is_used(tmp_path):
    with pytest.raises(ReadError, match=r"natural_earth\.zip is not in|openstreetmap_borders\.zip is not in"):
        background(folder=tmp_path)
    with pytest.raises(ReadError, match="is not in"):
        divisions("Mali", folder=tmp_path)
