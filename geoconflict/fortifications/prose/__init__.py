"""Prose: from a text in English to facts with their evidence, and to a draft description for review.

``read_facts`` finds facts by rules, each with the span of text that it rests on;
``parse_description`` turns them into a draft of a YAML description.
"""

from geoconflict.fortifications.prose.document import Document
from geoconflict.fortifications.prose.drafting import describe, parse_description
from geoconflict.fortifications.prose.evidence import check_facts, load_reader
from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.reading import Reading, read_facts
from geoconflict.fortifications.prose.scoring import Score
from geoconflict.fortifications.prose.texts import Text, facts_lines, parse_texts, read_texts

__all__ = [
    "Document",
    "Fact",
    "Reading",
    "Score",
    "Text",
    "check_facts",
    "describe",
    "facts_lines",
    "load_reader",
    "parse_description",
    "parse_texts",
    "read_facts",
    "read_texts",
]
