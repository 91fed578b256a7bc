import datetime as dt

import pytest

from geoconflict.errors import NameUnknownError
from geoconflict.names.countries import is_code
from geoconflict.reference import disputed_areas, group, groups
from geoconflict.reference.archive import open_borders
from geoconflict.reference.worldviews import areas, view
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
