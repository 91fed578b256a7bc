"""The rules against passages with gold facts, and against passages that must give nothing."""

import datetime as dt
import json
from pathlib import Path

import pytest

from geoconflict.fortifications.prose import read_facts
from geoconflict.fortifications.prose.fact import SLOTS
from geoconflict.fortifications.prose.scoring import Score, Tally, agree

DATA = Path(__file__).parents[1] / "data" / "prose"
FILES = sorted(path.stem for path in DATA.glob("*.jsonl"))


def records(name):
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def read(record):
    day = record.get("doc_date")
    return read_facts(record["text"], doc_date=dt.date.fromisoformat(day) if day else None)


def score(name):
    total = Score()
    for record in records(name):
        total.add(record["id"], record["facts"], read(record).to_dicts())
    return total


def test_there_are_passages_enough_of_both_sorts():
    everything = [record for name in FILES for record in records(name)]
    assert len({record["id"] for record in everything}) == len(everything) >= 70
    assert sum(not record["facts"] for record in everything) >= 15


@pytest.mark.parametrize("name", FILES)
def test_gold_spans_are_stretches_of_their_texts(name):
    for record in records(name):
        for fact in record["facts"]:
            start, end = fact["span"]
            assert 0 <= start < end <= len(record["text"])
            assert fact["slot"] in SLOTS


@pytest.mark.parametrize("name", FILES)
def test_f1_is_high_enough(name):
    total = score(name)
    assert total.overall.f1 >= 0.85, total.table()
    assert total.overlaps >= 0.96 * total.hits


def test_every_slot_is_read_well_enough():
    total = Score()
    for name in FILES:
        for record in records(name):
            total.add(record["id"], record["facts"], read(record).to_dicts())
    assert total.overall.f1 >= 0.93, total.table()
    assert total.order.f1 >= 0.95, total.table()
    for slot, least in (("owner", 0.90), ("facing", 0.90), ("echelon", 0.90), ("rel", 0.90), ("obstacle", 0.95)):
        assert total.slots[slot].f1 >= least, f"{slot}\n{total.table()}"
    assert total.overlaps >= 0.99 * total.hits


@pytest.mark.parametrize(
    "record",
    [record for name in FILES for record in records(name) if not record["facts"]],
    ids=lambda record: record["id"],
)
def test_nothing_is_made_of_figures_of_speech_history_and_conditions(record):
    assert read(record).facts == ()


@pytest.mark.parametrize("name", FILES)
def test_spans_quote_the_text_and_the_same_text_gives_the_same_facts(name):
    for record in records(name):
        reading = read(record)
        assert reading == read(record)
        for fact in reading.facts:
            quoted = record["text"][fact.start : fact.end]
            assert quoted == quoted.strip()
            assert quoted
            assert set(fact.to_dict()) == {"slot", "value", "span", "echelon", "order"}


def values(text, slot, doc_date=None):
    return [fact.value for fact in read_facts(text, doc_date=doc_date).facts if fact.slot == slot]


def test_the_lithuanian_line_is_read_in_order():
    text = (
        "A 30-mile-deep ribbon of defences with three echelons: the first, roughly three miles in depth, starts with an "
        "anti-tank ditch next to the border fence, followed by an embankment, strips of dragon's teeth and minefields, "
        "then two layers of strongpoints."
    )
    facts = [fact for fact in read_facts(text).facts if fact.slot == "obstacle"]
    assert [(fact.value["type"], fact.echelon, fact.order) for fact in facts] == [
        ("anti_tank_ditch", 1, 0),
        ("embankment", 1, 1),
        ("dragons_teeth", 1, 2),
        ("minefield", 1, 3),
        ("strongpoint", 1, 4),
    ]


def test_what_lies_behind_comes_after():
    text = "The fortified zone has a minefield behind an anti-tank ditch."
    facts = [fact for fact in read_facts(text).facts if fact.slot == "obstacle"]
    assert {fact.value["type"]: fact.order for fact in facts} == {"anti_tank_ditch": 0, "minefield": 1}


def test_a_claim_has_its_status():
    text = "The army said it had neutralized 80 fighters. The army acknowledged the loss of 12 soldiers."
    assert values(text, "casualty") == [
        {"kind": "killed_or_wounded", "min": 80, "max": 80, "status": "claimed"},
        {"kind": "killed", "min": 12, "max": 12, "status": "admitted"},
    ]


def test_relative_dates_rest_on_the_day_of_the_document():
    text = "Militants killed 12 people on Tuesday near Djibo; two days ago they burned a post."
    assert values(text, "date", doc_date=dt.date(2025, 8, 21)) == [{"iso": "2025-08-19"}]
    assert values(text, "date") == []


def test_two_misses_and_one_false_find_count_as_such():
    gold = [
        {"slot": "owner", "value": "LT", "span": [0, 1], "echelon": None, "order": None},
        {"slot": "owner", "value": "LV", "span": [0, 1], "echelon": None, "order": None},
    ]
    found = [
        {"slot": "owner", "value": "LT", "span": [0, 1], "echelon": None, "order": None},
        {"slot": "owner", "value": "EE", "span": [0, 1], "echelon": None, "order": None},
    ]
    total = Score()
    total.add("a", gold, found)
    assert total.slots["owner"] == Tally(hits=1, wrong=1, missed=1)
    assert total.overall.f1 == 0.5


def test_lengths_agree_within_two_percent():
    one = {"slot": "length", "value": {"min_m": 100.0, "max_m": None}, "span": [0, 1], "echelon": None, "order": None}
    assert agree(one, {**one, "value": {"min_m": 101.0, "max_m": None}})
    assert not agree(one, {**one, "value": {"min_m": 103.0, "max_m": None}})
    assert not agree(one, {**one, "value": {"min_m": 100.0, "max_m": 100.0}})
