from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import given, settings, strategies as st
from shapely import Point

import geoconflict as gc
from geoconflict.errors import CRSError, InputError, NameUnknownError, ReadError, SchemaError
from geoconflict.names.folding import fold, phonetic_key
from geoconflict.names.gazetteer import Candidate


@pytest.fixture(scope="module")
def places() -> gc.Gazetteer:
    return gc.Gazetteer.embedded()


def test_a_name_in_two_countries_returns_both(places: gc.Gazetteer) -> None:
    assert {c.country for c in places.lookup("Kayes")} == {"ML", "CG"}
    (mali,) = places.lookup("Kayes", country="Mali")
    assert (round(mali.lon, 1), round(mali.lat, 1)) == (-11.4, 14.4)
    assert places.lookup("Gao", country="Mali")[0].name == "Gao"
    assert "UA" in {c.country for c in places.lookup("Pokrovsk")}


def test_an_alternate_name_is_marked_as_such(places: gc.Gazetteer) -> None:
    village, other = places.lookup("Medininkai", country="LT")
    assert (village.name, village.reason) == ("Medininkai", "its name in the compiled table")
    assert (other.name, other.reason) == ("Varniai", "an alternate name of Varniai")
    assert other.score < village.score


def test_a_users_table_comes_first(places: gc.Gazetteer) -> None:
    own = gpd.GeoDataFrame(
        {"name": ["Medininkai"], "country": ["Lithuania"], "location_uncertainty_m": [1500.0], "source": ["survey"]},
        geometry=[Point(25.66, 54.54)],
        crs="EPSG:4326",
    )
    found = gc.Gazetteer.from_table(own).over(places).lookup("Medininkai", country="LT")
    assert [c.source for c in found] == ["survey", "GeoNames (CC BY 4.0)"]
    assert found[0].radius_m == 1500


@pytest.mark.parametrize(
    ("name", "country", "known_as"),
    [
        ("Hodeidah", "YE", "Al Ḩudaydah"),
        ("Qamishli", "SY", "Al Qāmishlī"),
        ("Kiev", "UA", "Kyiv"),
        ("Київ", "UA", "Kyiv"),
        ("ŠALČININKAI", "LT", "Šalčininkai"),
        ("salcininkai", "LT", "Šalčininkai"),
    ],
)
def test_spellings_and_scripts_match(places: gc.Gazetteer, name: str, country: str, known_as: str) -> None:
    assert places.lookup(name, country=country)[0].name == known_as


def test_a_phonetic_match_has_a_low_score_and_a_reason(places: gc.Gazetteer) -> None:
    found = [c for c in places.lookup("Kamishlee", country="SY") if c.name == "Al Qāmishlī"]
    assert len(found) == 1
    assert found[0].score < 0.6
    assert "spelt much like it" in found[0].reason


def test_an_unknown_name_returns_an_empty_list(places: gc.Gazetteer) -> None:
    assert places.lookup("Farabougou", country="ML") == []
    assert places.lookup("") == []
    assert places.lookup("?!") == []
    with pytest.raises(NameUnknownError):
        places.lookup("Kayes", country="Maly")


def test_learned_places_contain_their_points() -> None:
    table = gpd.GeoDataFrame(
        {"location": ["Diboli"] * 3 + ["Elsewhere"], "country": "Mali", "location_uncertainty_m": [500.0] * 4},
        geometry=[Point(-12.20, 14.459), Point(-12.21, 14.46), Point(-12.19, 14.458), Point(-8, 12)],
        crs="EPSG:4326",
    )
    (found,) = gc.Gazetteer.learned(table).lookup("diboli", country="ML")
    assert (found.lon, found.lat) == (-12.20, 14.459)
    assert 900 < found.radius_m < 1500
    assert found.reason == "seen 3 times with coordinates"


def test_a_missing_column_is_an_error() -> None:
    table = gpd.GeoDataFrame({"nam": ["A"]}, geometry=[Point(0, 0)], crs="EPSG:4326")
    with pytest.raises(SchemaError, match="did you mean nam"):
        gc.Gazetteer.from_table(table)
    with pytest.raises(CRSError):
        gc.Gazetteer.from_table(table.rename(columns={"nam": "name"}).to_crs("EPSG:3857"))
    with pytest.raises(InputError, match="must be a GeoDataFrame or GeoSeries, found dict"):
        gc.Gazetteer.from_table({"name": ["A"]})  # type: ignore[arg-type]  # the wrong type is the test


def test_a_users_file_becomes_a_gazetteer(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,country,lat,lon\nDiboli,Mali,14.459,-12.20\n", encoding="utf-8")
    (found,) = gc.read_gazetteer(path).lookup("DIBOLI", country="ML")
    assert (found.lon, found.lat) == (-12.20, 14.459)
    path.write_text("name,country\nDiboli,Mali\n", encoding="utf-8")
    with pytest.raises(ReadError, match="needs the columns longitude and latitude"):
        gc.read_gazetteer(path)
    with pytest.raises(ReadError, match=r"did you mean mine\.csv"):
        gc.read_gazetteer(tmp_path / "mina.csv")


def _is_near(a: Candidate, b: Candidate) -> bool:
    east = (a.lon - b.lon) * 111_000 * math.cos(math.radians(a.lat))
    return math.hypot(east, (a.lat - b.lat) * 111_000) < 2000


@dataclass(frozen=True)
class _Fixed:
    """A source that returns the same places for every name."""

    candidates: tuple[Candidate, ...]

    def find(self, _key: str, _country: str | None, _admin: str | None) -> list[Candidate]:
        return list(self.candidates)


def _at(lon: float, lat: float, number: int) -> Candidate:
    return Candidate(f"A{number}", lon, lat, "", "place", 0, 1.0 - number / 1000, 1000.0, "its name", "here")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.sampled_from([-90.0, -60.0, 0.0, 36.4, 69.9, 89.99]),
    st.sampled_from([-180.0, 0.0, 38.9, 179.9]),
    st.lists(st.tuples(st.floats(-0.09, 0.09), st.floats(-0.09, 0.09)), min_size=1, max_size=60),
    st.integers(0, 60),
)
def test_merging_nearby_places_equals_comparing_all_pairs(
    lat: float, lon: float, shifts: list[tuple[float, float]], cut: int
) -> None:
    given_places = tuple(_at(lon + dx, max(-90.0, min(90.0, lat + dy)), n) for n, (dx, dy) in enumerate(shifts))
    kept: list[Candidate] = []
    for candidate in given_places:
        if not any(_is_near(candidate, known) for known in kept):
            kept.append(candidate)
    sources = (_Fixed(given_places[:cut]), _Fixed(given_places[cut:]))
    # The scores fall in the order given, so the sorted answer must be in that order too.
    assert gc.Gazetteer(sources).lookup("a name") == kept


def test_a_common_name_gives_places_at_least_two_kilometres_apart(places: gc.Gazetteer) -> None:
    found = places.lookup("San Antonio")
    assert len(found) > 100
    assert not any(_is_near(a, b) and _is_near(b, a) for n, a in enumerate(found) for b in found[:n])
    once, twice = places.lookup("San Antonio"), places.over(places).lookup("San Antonio")
    assert once == twice


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=40))
def test_folding_is_idempotent_and_never_fails(name: str) -> None:
    once = fold(name)
    assert fold(once.upper()) == fold(fold(once.upper()))
    assert "  " not in once
    phonetic_key(once)


@pytest.mark.parametrize(("name", "country"), [("Diboli", "ML"), ("Rukla", "LT"), ("Sandare", "ML"), ("Gogui", "Mali")])
def test_places_of_the_scenarios_are_known_with_their_sources(places: gc.Gazetteer, name: str, country: str) -> None:
    (found,) = places.lookup(name, country=country)
    assert found.source.startswith(("Wikipedia", "Le Quotidien"))
    assert found.radius_m >= 1500
