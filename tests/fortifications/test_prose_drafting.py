"""From prose to a draft of a description that reads back and says no more than the text."""

import json
from pathlib import Path

import pytest

from geoconflict.errors import InputError
from geoconflict.fortifications import parse_yaml, to_yaml
from geoconflict.fortifications.prose import parse_description, read_facts

DATA = Path(__file__).parents[1] / "data" / "prose"
WORKS = ("system_kind", "obstacle", "echelon")
TEXTS = {
    record["id"]: record["text"]
    for path in sorted(DATA.glob("*.jsonl"))
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    if any(fact["slot"] in WORKS for fact in record["facts"])
}


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_draft_reads_back(name):
    text = TEXTS[name]
    line = parse_description(text)
    assert line.draft
    assert parse_yaml(to_yaml(line)) == line


def test_each_value_quotes_the_words_that_it_rests_on():
    text = TEXTS["lt-ribbon"]
    line = parse_description(text)
    strips = line.segments[0].echelons[0].strips
    assert [str(strip.type) for strip in strips] == ["anti_tank_ditch", "embankment", "dragons_teeth", "minefield"]
    for part in (line.owner, line.segments[0].facing, *strips):
        assert part.evidence == text[part.span[0] : part.span[1]]
    assert line.segments[0].echelons[0].outer_limit.value == "3 mi"
    assert line.segments[0].sites[0].count.value == 27
    assert str(line.status.value) == "planned"


def test_what_the_text_does_not_say_stays_out():
    line = parse_description("A 5 m high fence has been erected near the town.")
    assert line.owner is None
    assert line.segments[0].reference is None
    assert line.segments[0].side is None
    assert line.segments[0].facing is None


def test_limits_that_contradict_each_other_are_kept_as_words():
    text = "The defensive zone has two echelons. The first echelon reaches 20 km from the border; the second echelon lies 3-5 km from the border."
    line = parse_description(text)
    assert [echelon.index for echelon in line.segments[0].echelons] == [1, 2]
    assert any("do not fit together" in (echelon.note or "") for echelon in line.segments[0].echelons)


def test_measurable_statements_become_claims():
    text = "Lithuania plans a defence line on its 679-km border with Belarus. Vilnius is 20 miles from the Belarusian border."
    claims = parse_description(text).claims
    assert [(claim.kind, claim.value) for claim in claims] == [("border_length", "679 km"), ("distance", "20 mi")]
    assert claims[0].border.of == "Lithuania"
    assert (claims[1].subject.name, claims[1].object.name) == ("Vilnius", "Belarusian border")


@pytest.mark.parametrize("text", ["The weather was fine.", "A Maginot line of paperwork awaits the farmers."])
def test_a_text_without_works_is_no_description(text):
    with pytest.raises(InputError, match="no fact about fortifications"):
        parse_description(text)


def test_another_language_is_refused_in_words():
    with pytest.raises(InputError, match="does not look like English"):
        parse_description(
            "La Pologne a construit un mur d'acier de 186 km le long de sa frontière avec la Biélorussie voisine."
        )


def test_hostile_names_stay_on_one_line():
    text = 'Poland has built a wall on its border with Belarus, near <b onmouseover="x">\x00Kuźnica.'
    line = parse_description(text, title="<script>alert(1)</script>\n- x: y")
    assert line.sources["text"].title == "<script>alert(1)</script> - x: y"
    assert parse_yaml(to_yaml(line)) == line


def test_a_party_that_is_no_state_needs_its_direction_said():
    line = parse_description("Kenya has built a wall on its border with Somalia against al-Shabaab.")
    assert line.segments[0].reference is None
    assert "al-Shabaab" in line.segments[0].note
    assert read_facts("x").facts == ()
