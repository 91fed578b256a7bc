"""All mentions of a document, found once and shared by the rules of every slot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from geoconflict.fortifications.prose.countries import CountryMention, find_countries
from geoconflict.fortifications.prose.lengths import LengthMention, find_lengths
from geoconflict.fortifications.prose.lexicon import find_works
from geoconflict.fortifications.prose.numbers import Number, find_numbers
from geoconflict.fortifications.prose.scope import Scope, clause
from geoconflict.fortifications.prose.strips import find_strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geoconflict.fortifications.prose.document import Document, Sentence

VICTIMS: Final = re.compile(
    r"kill|wound|injur|dead|dying|died|death|toll|casualt|neutrali|fatalit|perish|slain|missing|unaccounted|disappear|hurt|maim|lost|losing|loss|lives|bodies|corpse|martyr|massacr|behead|execut|eliminat|liquidat|slaughter|burned|knocked|incapacit|put out|shot"
)
_HEAD: Final = re.compile(r"(?:fenc(?:e line|e|es|ing)|walls?|barriers?)$")
_LANDMARK: Final = re.compile(
    r"\b(?:next to|alongside|along|near|beside|adjacent to|from|to|over|across|through|of|at|approach(?:ing)?|cross(?:ed|ing)?|scal(?:ed|ing)|climb(?:ed|ing)?|breach(?:ed|ing)?|"
    r"towards?|past|beyond|off|behind|in front of|inside|outside) (?:the|its|their|this|that) (?:existing |old |new |main )?$"
)


class Placed(Protocol):
    """Anything that begins at a position of the text."""

    @property
    def start(self) -> int:
        """Where it begins."""


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class WorkMention:
    """A word for works at a place in the text."""

    start: int
    end: int
    kind: str | None
    type: str | None
    is_zone: bool
    full_start: int
    sentence: int

    @property
    def length(self) -> int:
        """How many characters it covers."""
        return self.end - self.start


class Scene:
    """A document with its open mentions: those that the scope does not strike out.

    Examples
    --------
    >>> from geoconflict.fortifications.prose.document import Document
    >>> scene = Scene(Document("Latvia laid no mines but dug a 3 m wide ditch."))
    >>> [work.type for work in scene.works], [length.max_m for length in scene.lengths]
    (['ditch'], [3.0])
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.low = document.low
        self.norm = document.norm

    @cached_property
    def scope(self) -> Scope:
        """What the text does not say to be so."""
        return Scope.of(self.document)

    @cached_property
    def countries(self) -> list[CountryMention]:
        """States and parties, also in struck stretches: roles look at them too."""
        return find_countries(self.norm)

    @cached_property
    def codes(self) -> list[str]:
        """ISO codes in the order of the text, each once."""
        return list(dict.fromkeys(mention.code for mention in self.countries if mention.is_state))

    @cached_property
    def lengths(self) -> list[LengthMention]:
        """Lengths that are not struck."""
        return [mention for mention in find_lengths(self.low) if self.is_open(mention.start)]

    @cached_property
    def works(self) -> list[WorkMention]:
        """Words for works that are not struck."""
        found = []
        named = find_works(self.low)
        firm = [(start, end) for start, end, work in named if work.kind or work.type]
        strips = list(find_strips(self, firm))
        for full_start, end, work in named:
            if (full_start, end) in strips:
                continue
            start = full_start
            head = _HEAD.search(self.low[full_start:end])
            if head and work.type in {"fence", "wall", None} and not work.is_zone:
                start += head.start()
            if self.is_open(start) and self.is_open(full_start):
                index = self.document.sentence_at(start).index
                found.append(WorkMention(start, end, work.kind, work.type, work.is_zone, full_start, index))
        for start, end in strips:
            if self.is_open(start):
                index = self.document.sentence_at(start).index
                found.append(
                    WorkMention(start, end, "fortified_zone", None, is_zone=True, full_start=start, sentence=index)
                )
        return sorted(found, key=lambda mention: mention.start) if strips else found

    @cached_property
    def numbers(self) -> list[Number]:
        """All numbers of sentences that hold works or victims, also in struck stretches."""
        if self.works:
            return find_numbers(self.low)
        about = {at.index for at in self.document.sentences if VICTIMS.search(self.low, at.start, at.end)}
        sentences = [self.document.sentences[index] for index in sorted(about)]
        return [number for at in sentences for number in find_numbers(self.low, at.start, at.end)]

    def is_open(self, position: int) -> bool:
        """Whether a fact may be taken from a position."""
        return self.scope.reason(position) is None

    def sentence(self, index: int) -> Sentence:
        """Return a sentence by its number."""
        return self.document.sentences[index]

    def within(self, mentions: Sequence[P], start: int, end: int) -> list[P]:
        """Return the mentions that begin in a stretch."""
        return [mention for mention in mentions if start <= mention.start < end]

    def clause(self, position: int) -> tuple[int, int]:
        """Return the ends of the clause that holds a position."""
        return clause(self.document, self.document.sentence_at(position), position)

    def before(self, position: int, most: int = 60) -> str:
        """Return the text before a position in its sentence, in lower case."""
        start = max(self.document.sentence_at(position).start, position - most)
        return self.low[start:position]

    def after(self, position: int, most: int = 60) -> str:
        """Return the text from a position on in its sentence, in lower case."""
        end = min(self.document.sentence_at(max(0, position - 1)).end, position + most)
        return self.low[position:end]

    def is_landmark(self, work: WorkMention) -> bool:
        """Whether works are named only to say where something is: "next to the border fence"."""
        return _LANDMARK.search(self.before(work.full_start, 40)) is not None
