"""Texts as they come: too long, in another language, hostile, in files, and read by plugged-in readers."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings, strategies as st

from geoconflict.errors import InputError, LimitError, NameUnknownError, ReadError
from geoconflict.fortifications.prose import (
    check_facts,
    facts_lines,
    load_reader,
    parse_texts,
    read_facts,
    read_texts,
)
from geoconflict.fortifications.prose.document import LIMIT_CHARACTERS, Document
from geoconflict.names.gazetteer import find_place

WALL = "Poland has built a 186 km steel wall on its border with Belarus."


@dataclass(frozen=True)
class Spot:
    lon: float
    lat: float
    country: str
    population: int = 1000
    score: float = 1.0
    radius_m: float = 1000.0


class Names:
    def __init__(self, places) -> None:
        self.places = places

    def lookup(self, name, country=None, admin=None):
        return [spot for spot in self.places.get(name, []) if admin is None and country in {None, spot.country}]


def test_a_text_beyond_the_limit_is_refused_with_the_limit():
    with pytest.raises(LimitError, match=r"5,000,000 characters; the limit is 2,000,000"):
        read_facts("a" * 5_000_000)
    assert LIMIT_CHARACTERS == 2_000_000


def test_bytes_are_refused():
    with pytest.raises(InputError, match="bytes, not a str"):
        read_facts(b"A wall.")


@pytest.mark.parametrize(
    "text",
    [
        "Польша построила стальную стену длиной 186 км на границе с Белоруссией, и теперь она закрыта для всех, кто хочет пройти.",
        "La Pologne a construit un mur d'acier de 186 km le long de sa frontière avec la Biélorussie, et la barrière est haute de cinq mètres.",
        "Polen hat an der Grenze zu Belarus eine 186 Kilometer lange Mauer aus Stahl gebaut, die fünfeinhalb Meter hoch ist und bewacht wird.",
    ],
)
def test_another_language_is_said_to_be_one(text):
    reading = read_facts(text)
    assert reading.facts == ()
    assert "does not look like English" in reading.notes[0]


def test_markup_stays_plain_text():
    text = f"<script>alert('wall')</script> {WALL} <img src=x onerror=alert(1)>"
    reading = read_facts(text)
    assert {fact.value for fact in reading.facts if fact.slot == "owner"} == {"PL"}
    assert all(text[fact.start : fact.end] in WALL for fact in reading.facts)


def test_offsets_hold_where_letters_change_their_length_in_lower_case():
    text = "İİİ “" + WALL
    facts = {fact.slot: text[fact.start : fact.end] for fact in read_facts(text).facts}
    assert facts["length"] == "186 km"
    assert facts["facing"] == "Belarus"


@given(
    st.lists(
        st.sampled_from(
            [
                "The first echelon is 5 km deep",
                "a 30-mile-deep belt",
                "behind it",
                "no fence",
                "killing at least 12 soldiers",
                "between 5 and 3 km",
                "the third reaches 2 km",
                "up to",
                "dragon's teeth",
                "40 miles northwest of Vilnius",
                "Russia's border with Estonia",
                '"',
                "(",
                ", ",
                ". ",
                "\n\n",
                "99999999999999999999 km",
                "İ",
                "1,2,3 mi",
                "on 31 February 2025",
            ]
        ),
        max_size=25,
    )
)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_no_text_breaks_the_rules(pieces):
    text = " ".join(pieces)
    for fact in read_facts(text).facts:
        assert 0 <= fact.start < fact.end <= len(text)
    if pieces:
        assert json.loads(next(facts_lines(parse_texts(json.dumps({"id": "a", "text": text})))))["id"] == "a"


def test_long_runs_of_one_word_are_read_in_linear_time():
    for word in ("a ", "the first ", "12 ", "border ", "behind the ", '"', "no ", "fence, "):
        assert isinstance(read_facts(word * 3000).facts, tuple)


def test_sentences_end_after_units_and_not_after_abbreviations():
    document = Document("Gen. Kim said the ditch is 5 km. The U.S. Army agreed. It is 3 m deep.")
    found = [document.text[sentence.start : sentence.end] for sentence in document.sentences]
    assert found == ["Gen. Kim said the ditch is 5 km.", "The U.S. Army agreed.", "It is 3 m deep."]


def test_places_take_their_coordinates_from_the_gazetteer():
    names = Names({"Vilnius": [Spot(25.28, 54.69, "LT")], "Springfield": [Spot(1, 1, "US"), Spot(2, 2, "CA")]})
    text = "A brigade is based at Rukla, about 40 miles northwest of Vilnius."
    rel = next(fact.value for fact in read_facts(text, gazetteer=names).facts if fact.slot == "rel")
    assert rel["bearing"] == "NW"
    assert rel["lat"] == pytest.approx(55.10, abs=0.02)
    assert rel["lon"] == pytest.approx(24.57, abs=0.03)
    assert find_place(names, "Springfield") is None
    assert find_place(names, "Springfield", ["CA"]).lon == 2
    assert find_place(Names({"Rukla": [Spot(84, 22, "IN", score=0.55)]}), "Rukla") is None


def test_json_lines_report_every_faulty_line():
    content = '{"id": "a", "text": "A wall."}\nnot json\n{"id": "b"}\n{"id": "c", "text": "x", "doc_date": "soon"}\n'
    with pytest.raises(ReadError) as caught:
        parse_texts(content)
    assert [fault.line for fault in caught.value.faults] == [2, 3, 4]


def test_a_plain_file_is_one_text(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(WALL, encoding="utf-8")
    assert [text.id for text in read_texts(path)] == ["report"]
    with pytest.raises(ReadError, match="cannot be read"):
        read_texts(tmp_path / "missing.txt")
    path.write_bytes(b"\xff\xfe wall")
    with pytest.raises(ReadError, match="not UTF-8"):
        read_texts(path)


def test_lines_of_facts_keep_the_exchange_format():
    line = next(facts_lines(parse_texts(json.dumps({"id": "a", "text": WALL}))))
    record = json.loads(line)
    assert set(record) == {"id", "facts"}
    assert {"slot": "facing", "value": "BY", "span": [56, 63], "echelon": None, "order": None} in record["facts"]


def test_a_reader_is_held_to_the_evidence():
    def reader(text, doc_date):
        assert doc_date is None
        at = text.index("186 km")
        yield {"slot": "length", "value": {"min_m": 186_000, "max_m": 186_000}, "span": [at, at + 6], "confidence": 0.9}
        yield {"slot": "length", "value": {"min_m": 500_000, "max_m": 500_000}, "span": [at, at + 6]}
        yield {"slot": "owner", "value": "PL", "span": None}
        yield {"slot": "owner", "value": "PL", "span": [0, 10_000]}
        yield {"slot": "obstacle", "value": {"type": "crocodiles"}, "span": [0, 6]}
        yield {"slot": "mood", "value": "tense", "span": [0, 6]}

    reading = read_facts(WALL, reader=reader)
    assert [fact.slot for fact in reading.facts] == ["length"]
    assert len(reading.notes) == 5
    assert "does not say 500000 m" in reading.notes[0]


def test_an_unknown_reader_is_named():
    with pytest.raises(NameUnknownError, match="no reader 'oracle'"):
        load_reader("oracle")


def test_facts_of_the_rules_pass_the_same_check():
    text = WALL + " It is 5.5 metres high. On 3 May 2024 two soldiers were wounded near Kuźnica."
    facts = read_facts(text).to_dicts()
    kept, refused = check_facts(text, facts)
    assert refused == []
    assert len(kept) == len(facts) >= 8
