"""Plain words for a zone ("belt", "strip") that a depth, a length or a border makes a system."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geoconflict.fortifications.prose.scene import Scene

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


def find_strips(scene: Scene, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
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
