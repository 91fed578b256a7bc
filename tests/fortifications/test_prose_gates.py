from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geoconflict.fortifications.prose import read_facts, scope
from geoconflict.fortifications.prose.document import Document
from geoconflict.fortifications.prose.gates import first_letters, gate
from geoconflict.fortifications.prose.lexicon import find_works
from geoconflict.fortifications.prose.windows import matches

DATA = Path(__file__).resolve().parents[1] / "data" / "prose"
TEXTS = [
    json.loads(line)["text"]
    for path in sorted(DATA.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
RULES = (scope._negation, scope._conditions, scope._figures, scope._history, scope._quotation)


def test_a_rule_that_the_gates_shut_out_has_nothing_to_say():
    shut, open_ = 0, 0
    for text in TEXTS:
        document = Document(text)
        for sentence in document.sentences:
            chosen = list(scope._rules_for(document, sentence))
            shut += not chosen
            open_ += len(chosen)
            for rule in RULES:
                if rule not in chosen:
                    assert list(rule(document, sentence)) == [], (rule, document.text[sentence.start : sentence.end])
    assert shut > 200
    assert open_ > 100


@pytest.mark.parametrize(
    "body",
    [
        r"\b(?:is|are) (?:not|never)\b|\bwall[s]?\b",
        r"(?<![\w-])(?:no(?! more)|(?:in the )?absence of|[\])|(]x)(?![\w-])",
        r"\b(?P<head>fences?|moats?) of (?!the|a\b)(?P<what>[a-z]+)",
        r"\b(?:o?ne|a\(b|c\|d)\b",
    ],
)
def test_a_gate_opens_wherever_its_pattern_is_found(body):
    pattern = re.compile(body)
    words = (
        "is not are never walls wall no no more absence of in the absence fences of ice moats of a one ne a(b c|d ]x"
    )
    opened = gate(pattern)
    parts = words.split()
    for first in range(len(parts)):
        for last in range(first, len(parts) + 1):
            text = " " + " ".join(parts[first:last])
            assert not pattern.search(text) or opened.search(text), text
    assert not opened.search(" there is nothing here to find")


def test_a_denial_that_begins_a_paragraph_denies():
    first = "Poland built a 186 km steel wall on its border with Belarus."
    found = {
        fact.value for fact in read_facts(f"{first}\n\nNo bunkers were built.").facts if fact.slot == "system_kind"
    }
    assert found == {"wall"}
    assert not [fact for fact in read_facts(f"{first}\n\nNo bunkers were built.").facts if fact.slot == "obstacle"]
    built = read_facts(f"{first}\n\nSome bunkers were built.").facts
    assert [fact.value for fact in built if fact.slot == "obstacle"] == [{"type": "bunker"}]


@pytest.mark.parametrize(
    ("body", "letters"),
    [
        (r"(?:deep |wide )*ditch(?:es)?|moats?", "dmw"),
        (r"(?<!the )(?<!trip )wire(?= and)|(?:un)?razed", "ruw"),
        (r"(?:a|b){2}c", ""),
        (r"o?ne", ""),
        (r"\w+ belt|belt", ""),
        (r"(?:a|)b", "ab"),
    ],
)
def test_the_letters_that_a_match_begins_with_are_all_named_or_none(body, letters):
    assert first_letters(body) == letters


def test_works_begin_with_the_letters_of_their_family():
    found = [(text.lower(), start, work) for text in TEXTS for start, _, work in find_works(text.lower())]
    assert len({work for _, _, work in found}) > 25
    for low, start, work in found:
        letters = first_letters(work.pattern)
        assert not letters or low[start] in letters


def test_a_pattern_tried_at_its_first_words_finds_what_it_finds_everywhere():
    pattern = re.compile(r"\b(?:near(?: to)?|next to|in the area of) (?:the )?\w+")
    starts = ("near", "next to", "in the ")
    texts = [*TEXTS, "near near to next to in the area of the sea, unnear it, in the area", ""]
    found = 0
    for text in texts:
        spans = [match.span() for match in pattern.finditer(text)]
        assert [match.span() for match in matches(pattern, text, starts)] == spans
        found += len(spans)
    assert found > 5
