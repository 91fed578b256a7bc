"""Answers of a gazetteer are kept, in memory or in a file, and survive an interrupted run."""

import sqlite3
import subprocess
import sys
from dataclasses import asdict, dataclass
from types import SimpleNamespace

import pytest

from geoconflict.errors import InputError, OutputError, ReadError
from geoconflict.names import CachedGazetteer, Candidate, Gazetteer

BRIA = Candidate("Bria", 21.99, 6.54, "CF", "town", 1000, 1.0, 2000.0, "its name", "a list")


class Book(Gazetteer):
    """A gazetteer that records its lookups."""

    def __init__(self, *places):
        super().__init__(())
        self.places = places
        self.asked = []

    def lookup(self, name, country=None, admin=None):
        self.asked.append((name, country, admin))
        return [place for place in self.places if place.name.casefold() == name.casefold()]


@pytest.mark.parametrize("in_file", [True, False])
def test_each_question_is_asked_once(tmp_path, in_file):
    book = Book(BRIA)
    cached = CachedGazetteer(book, tmp_path / "lookups.sqlite" if in_file else None)
    for _ in range(2):
        assert cached.lookup("bria", "CAR") == [BRIA]
        assert cached.lookup("boda", "CAR", "Lobaye") == []
    assert book.asked == [("bria", "CAR", None), ("boda", "CAR", "Lobaye")]
    assert len(cached) == 2


def test_a_later_run_reads_the_answers_of_an_earlier_one(tmp_path):
    path = tmp_path / "lookups.sqlite"
    assert len(CachedGazetteer(Book(BRIA), path)) == 0
    CachedGazetteer(Book(BRIA), path).lookup("bria", "CAR")
    later = Book()
    again = CachedGazetteer(later, path)
    assert len(again) == 1
    assert again.lookup("bria", "CAR") == [BRIA]
    assert later.asked == []
    again.lookup("bria")
    assert later.asked == [("bria", None, None)]


def test_a_killed_run_keeps_the_answers_it_has(tmp_path):
    path = tmp_path / "lookups.sqlite"
    script = """
import os, sys
from geoconflict.names import CachedGazetteer, Candidate, Gazetteer
class Book(Gazetteer):
    def lookup(self, name, country=None, admin=None):
        if name == "boda":
            os._exit(9)
        return [Candidate(name, 1.0, 2.0, "CF", "town", 0, 1.0, 2000.0, "its name")]
cached = CachedGazetteer(Book(()), sys.argv[1])
cached.lookup("bria", "CAR")
cached.lookup("boda", "CAR")
"""
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert done.returncode == 9
    book = Book()
    again = CachedGazetteer(book, path)
    assert again.lookup("bria", "CAR")[0].radius_m == 2000.0
    assert again.lookup("boda", "CAR") == []
    assert book.asked == [("boda", "CAR", None)]


def test_the_same_lookups_give_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        cached = CachedGazetteer(Book(BRIA), tmp_path / name)
        cached.lookup("bria")
        cached.lookup("boda", "CAR")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_changed_result_does_not_change_the_cache():
    cached = CachedGazetteer(Book(BRIA))
    cached.lookup("bria").clear()
    assert cached.lookup("bria") == [BRIA]


def test_a_file_that_is_not_a_cache_is_an_error_and_stays_as_it_is(tmp_path):
    table = tmp_path / "events.csv"
    table.write_text("a,b\n1,2\n" * 100, encoding="utf-8")
    with pytest.raises(ReadError, match=r"events\.csv cannot be read as a cache of lookups"):
        CachedGazetteer(Book(), table)
    other = tmp_path / "other.gpkg"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(ReadError, match="is not a cache of lookups"):
        CachedGazetteer(Book(), other)
    assert other.read_bytes() == before
    with pytest.raises(ReadError, match="is a folder"):
        CachedGazetteer(Book(), tmp_path)


def test_a_damaged_answer_is_an_error(tmp_path):
    path = tmp_path / "lookups.sqlite"
    CachedGazetteer(Book(BRIA), path).lookup("bria")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE lookups SET candidates = '[{}]'")
    connection.close()
    with pytest.raises(ReadError, match="is not a list of places"):
        CachedGazetteer(Book(), path).lookup("bria")


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(OutputError, match="could not be written"):
        CachedGazetteer(Book(), tmp_path / "missing" / "lookups.sqlite").lookup("bria")


def test_candidates_of_other_classes_are_stored_and_incomplete_ones_refused(tmp_path):
    @dataclass
    class Spot:
        name: str = "Bria"
        lon: float = 21.99
        lat: float = 6.54

    with pytest.raises(InputError, match="a candidate without country, kind"):
        CachedGazetteer(Book(Spot()), tmp_path / "lookups.sqlite").lookup("Bria")


def test_a_cached_gazetteer_can_be_combined_with_another():
    places = CachedGazetteer(Book(BRIA)).over(Gazetteer.embedded())
    assert places.lookup("Bria", country="CAR")[0].source == "a list"


def test_a_stored_answer_has_every_field_and_the_file_its_mark(tmp_path):
    path = tmp_path / "lookups.sqlite"
    place = Candidate("Šumskas", 25.7, 54.6, "LT", "town", 7, 0.85, 1500.0, "an alternate name", "survey")
    cached = CachedGazetteer(Book(place), path)
    assert len(cached) == 0
    assert not path.exists()
    assert cached.lookup("šumskas", country=None, admin="Vilnius") == [place]
    assert len(cached) == 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (int.from_bytes(b"GCL1"),)
        rows = connection.execute("SELECT name, country, admin, candidates FROM lookups").fetchall()
    connection.close()
    assert rows[0][:3] == ("šumskas", "", "Vilnius")
    assert "Šumskas" in rows[0][3]
    again = CachedGazetteer(Book(), path)
    assert again.lookup("šumskas", "", "Vilnius") == [place]
    assert again.find("šumskas", None, "Vilnius") == [place]
    assert again.gazetteer.asked == []
    assert again.lookup("šumskas", "LT", "Vilnius") == []
    assert again.lookup("šumskas") == []
    assert again.gazetteer.asked == [("šumskas", "LT", "Vilnius"), ("šumskas", None, None)]
    assert len(again) == 3


def test_a_candidate_without_a_source_is_stored_with_an_empty_one(tmp_path):
    @dataclass
    class Spot:
        name: str = "Bria"
        lon: float = 21.99
        lat: float = 6.54
        country: str = "CF"
        kind: str = "town"
        population: int = 1
        score: float = 1.0
        radius_m: float = 2000.0
        reason: str = "its name"

    path = tmp_path / "lookups.sqlite"
    CachedGazetteer(Book(Spot()), path).lookup("Bria")
    (stored,) = CachedGazetteer(Book(), path).lookup("Bria")
    assert stored == Candidate("Bria", 21.99, 6.54, "CF", "town", 1, 1.0, 2000.0, "its name", "")
    incomplete = SimpleNamespace(**{k: v for k, v in asdict(Spot()).items() if k != "reason"})
    other = CachedGazetteer(Book(incomplete), tmp_path / "other.sqlite")
    with pytest.raises(InputError, match=r"a candidate without reason; it needs name, lon, .*reason, source"):
        other.lookup("Bria")


def test_an_empty_file_becomes_a_cache(tmp_path):
    path = tmp_path / "lookups.sqlite"
    path.touch()
    cached = CachedGazetteer(Book(BRIA), path)
    assert len(cached) == 0
    assert cached.lookup("bria") == [BRIA]
    assert len(CachedGazetteer(Book(), path)) == 1


def test_two_caches_share_a_file(tmp_path):
    path = tmp_path / "lookups.sqlite"
    one, two = CachedGazetteer(Book(BRIA), path), CachedGazetteer(Book(BRIA), path)
    one.lookup("bria")
    two.lookup("bria")
    two.lookup("bria", "CF")
    assert len(one) == len(two) == 2
    assert one.gazetteer.asked == [("bria", None, None)]
    assert two.gazetteer.asked == [("bria", "CF", None)]
