"""All mentions of a document, found once and shared by the rules of every slot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol, TypeVar

from geoconflict.fortifications.prose.document import Document, Sentence
from geoconflict.fortifications.prose.lengths import LengthMention, find_lengths
from geoconflict.fortifications.prose.lexicon import find_works
from geoconflict.fortifications.prose.numbers import Number, find_numbers
from geoconflict.fortifications.prose.scope import Scope, clause
from geoconflict.names.mentions import CountryMention, find_countries

VICTIMS: Final = re.compile(
    r"kill|wound|injur|dead|dying|died|death|toll|casualt|neutrali|fatalit|perish|slain|missing|unaccounted|disappear|hurt|maim|lost|losing|loss|lives|bodies|corpse|martyr|massacr|behead|execut|eliminat|liquidat|slaughter|burned|knocked|incapacit|put out|shot"
)
_HEAD: Final = re.compile(r"(?:fenc(?:e line|e|es|ing)|walls?|barriers?)$")
_LANDMARK: Final = re.compile(
    r"\b(?:next to|alongside|along|near|beside|adjacent to|from|to|over|across|through|of|at|approach(?:ing)?|cross(?:ed|ing)?|scal(?:ed|ing)|climb(?:ed|ing)?|breach(?:ed|ing)?|"
    r"towards?|past|beyond|off|behind|in front of|inside|outside) (?:the|its|their|this|that) (?:existing |old |new |main )?$"
)
# The character before a word is looked for fast; a noun without an article before it names nothing here.
_NOUN: Final = re.compile(r"[ -](?=[blrsz])(belt|ribbon|zone|line|strip|band|swathe)\b(?![-'])")
_STEMS: Final = ("belt", "ribbon", "zone", "line", "strip", "band", "swathe")
# What may stand between the article and the noun: sizes and words of building, nothing that makes it another thing.
_MODIFIERS: Final = re.compile(
    r"(?:^|[^\w-])(?P<article>an?|the|its|their|this|that|another)[ ]"
    r"(?:(?:[\d.,]+|new|planned|proposed|deep|wide|long|broad|narrow|continuous|unbroken|single|second|similar|about|some|roughly|nearly|up to|"
    r"[\d.,]+(?:-to-[\d.,]+)?-?(?:km|kilomet(?:re|er)s?|miles?|met(?:re|er)s?|m)(?:-(?:deep|wide|long|thick|broad))?|kilomet(?:re|er)s?|miles?|km|met(?:re|er)s?|m|"
    r"[a-z]+-(?:kilomet(?:re|er)|mile|met(?:re|er))(?:-(?:deep|wide|long))?)[ -]|, )*$"
)
_FOLLOWS: Final = re.compile(
    r"[,;.]|$|[ ](?:some |about |roughly |nearly |up to |around |more than |over |at least )*"
    r"(?:\d|along|on|facing|against|opposite|behind|from|between|in|across|that|which|with|stretch\w*|runn?\w*|reach\w*|extend\w*|will|would|is|was|are|to be|being|deep|parallel|next to)"
)
_BORDER: Final = re.compile(
    r"\b(?:along|on|at|down|parallel to|next to|behind|follow(?:s|ing)) (?:[\w']+ ){1,3}(?:borders?|frontiers?|boundary|boundaries)\b"
)
_FACING: Final = re.compile(r"\b(?:facing|faces|opposite|against) (?:the )?")
_SIZE_AFTER: Final = re.compile(r",? (?:[a-z]+ ){0,2}")
_VERBS: Final = (
    r"\b(?:plan(?:s|ned|ning)?|buil[dt]|builds|building|erect\w*|construct\w*|creat(?:es?|ed|ing)|establish\w*|prepar(?:es?|ed|ing)|fortif\w+|dig|digs|digging|dug|"
    r"la(?:y|ys|id|ying)|set(?:s|ting)? up|put(?:s|ting)? up|install\w*|complet\w*|announc\w*|approv\w*|start(?:s|ed|ing)|beg[aiu]n\w*|design(?:s|ed|ing)?|develop(?:s|ed|ing)?|intends|wants)\b"
)
_MADE: Final = re.compile(_VERBS)
_MADE_A: Final = re.compile(_VERBS + r"(?: out| up| work on)? (?:an?|another)$")
# Words of other belts, lines, strips and zones: where one stands in the sentence, the noun is left alone.
_OTHER: Final = re.compile(
    r"\b(?:forest\w*|woodland|trees?|birch\w*|pines?|hedgerows?|green|trousers|leather|waist|seat|conveyor|sun belt|rust belt|bible|corn|wheat|crops?|farm\w*|"
    r"rail\w*|trains?|tram\w*|metro|highways?|motorways?|power|electric\w*|gas|oil|pipelines?|cables?|telephone|water|beach\w*|nature|national park|wildlife|"
    r"rain|snow|fog|clouds?|smoke|storms?|drought|floods?|quarantine|time zones?|trade|free|tax|economic|touris\w+|shop\w*|casino\w*|cars|trucks|lorries|vehicles|"
    r"queue\w*|waiting|production|assembly|product|music\w*|songs?|concert|radio|fishing|exclusion|airspace|no-fly|demarcation|asteroid\w*|airport|runway|"
    r"refugees|volcan\w+|fault|seismic|rock band|broadband)\b"
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
        strips = list(_find_strips(self, firm))
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


def _find_strips(scene: Scene, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield where a plain word such as "belt" names a zone of works: start and end.

    It must have a depth or a length beside it, or be what somebody builds, and run along a border
    or face a country; a belt or ribbon of a known size needs neither border nor country.
    Somebody must plan or build it, and no word of the sentence may make it another thing.

    Parameters
    ----------
    scene : Scene
    taken : sequence of (int, int)
        Stretches of works with a name of their own; a sentence that holds one is passed over.
    """
    low = scene.low
    if not any(stem in low for stem in _STEMS):
        return
    for match in _NOUN.finditer(low):
        at, stop = match.span(1)
        sentence = scene.document.sentence_at(at)
        start, end = sentence.start, sentence.end
        if not _FOLLOWS.match(low, stop, end) or any(start <= first < end for first, _ in taken):
            continue
        before = low[max(start, at - 70) : at]
        phrase = _MODIFIERS.search(before)
        if not phrase or _MADE.search(low, start, end) is None or _OTHER.search(low, start, end):
            continue
        first = at - len(before) + phrase.start()
        is_sized = any(
            first <= length.start < at
            or (length.start >= stop and _SIZE_AFTER.fullmatch(low[stop : length.start]) is not None)
            for length in scene.within(scene.lengths, start, end)
        )
        if not is_sized and not _MADE_A.search(before[: phrase.end("article")]):
            continue
        if _runs_along(scene, start, end) or (is_sized and match[1] in {"belt", "ribbon"}):
            yield at, stop


def _runs_along(scene: Scene, start: int, end: int) -> bool:
    """Whether a sentence names a border that something runs along, or a country that it faces."""
    if _BORDER.search(scene.low, start, end):
        return True
    ends = {match.end() for match in _FACING.finditer(scene.low, start, end)}
    return any(mention.start in ends for mention in scene.within(scene.countries, start, end))
