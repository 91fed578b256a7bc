"""A text made ready for rules: folded characters, sentences, quotations, all with offsets kept.

Every string here has exactly the length of the text, so that a position found in one is
the position in the text itself.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from geoconflict.errors import InputError, LimitError
from geoconflict.names.gazetteer import Gazetteer

LIMIT_CHARACTERS: Final = 2_000_000

_FOLD: Final = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "′": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "‑": "-",
    "‐": "-",
    "−": "-",
    "‒": "-",
    "\u00a0": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\t": " ",
    "\r": " ",
}
_BREAK: Final = re.compile(
    # The set in front holds what each of the three forms begins with, which the engine looks for fast.
    r"[.!?…\n\"'](?:(?<=[.!?…])[.!?…]*[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9À-Ž])|(?<=\n)[ \r\t]*\n+|(?<=[.!?][\"'])\s+(?=[A-Z]))"
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:gen|lt|col|maj|capt|sgt|mr|mrs|ms|dr|st|mt|no|approx|ca|est|fig|inc|jan|feb|mar|apr|jun|jul|aug|sept?|oct"
    r"|nov|dec|vs|gov|sen|rep|brig|adm|cmdr)|\b[a-z](?:\.[a-z])*)\.$",
    re.IGNORECASE,
)
_COMMON: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "on",
        "with",
        "was",
        "as",
        "by",
        "at",
        "from",
        "it",
        "its",
        "are",
        "has",
        "have",
        "be",
        "an",
        "were",
        "which",
        "been",
        "this",
        "had",
        "not",
        "will",
        "said",
        "their",
        "but",
        "or",
        "about",
        "between",
        "along",
        "they",
        "than",
        "more",
        "after",
        "also",
        "into",
        "one",
        "two",
    ]
)
# Common words of French, Spanish, Portuguese, Italian, German, Dutch, Polish, Turkish, Swedish and Romanian
# that are neither English nor parts of names in English texts.
_FOREIGN: Final = frozenset(
    [
        "le",
        "les",
        "des",
        "une",
        "est",
        "dans",
        "pour",
        "que",
        "qui",
        "avec",
        "par",
        "sont",
        "aux",
        "plus",
        "cette",
        "los",
        "las",
        "una",
        "del",
        "por",
        "con",
        "para",
        "como",
        "pero",
        "más",
        "sus",
        "não",
        "uma",
        "são",
        "com",
        "dos",
        "nas",
        "il",
        "che",
        "della",
        "gli",
        "sono",
        "nel",
        "alla",
        "und",
        "ist",
        "nicht",
        "mit",
        "von",
        "das",
        "dem",
        "eine",
        "auf",
        "auch",
        "sich",
        "werden",
        "wurde",
        "het",
        "een",
        "niet",
        "voor",
        "zijn",
        "met",
        "ook",
        "werd",
        "jest",
        "się",
        "nie",
        "oraz",
        "przez",
        "dla",
        "ale",
        "bir",
        "ve",
        "ile",
        "için",
        "olarak",
        "bu",
        "och",
        "att",
        "som",
        "för",
        "inte",
        "och",
        "av",
        "på",
        "med",
        "den",
        "și",
        "care",
        "pentru",
        "este",
        "din",
        "la",
        "w",
        "z",
        "na",
        "do",
        "o",
        "je",
        "se",
        "od",
        "za",
    ]
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_ASCII_WORD: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the text that ends at a full stop or a paragraph break."""

    start: int
    end: int
    index: int
    paragraph: int


class Document:
    """A text with what its rules share.

    Parameters
    ----------
    text : str
        Plain text; markup is kept as plain characters and never read as markup.
    doc_date : datetime.date, optional
        The reference for "yesterday" and "on Tuesday".
    gazetteer : Gazetteer, optional
        Gives places their coordinates; without one they are None.

    Raises
    ------
    InputError
        If the text is not a string.
    LimitError
        If it is longer than ``LIMIT_CHARACTERS``.

    Examples
    --------
    >>> document = Document("Gen. Smith left. The wall is 5 km long.")
    >>> [document.text[s.start:s.end] for s in document.sentences]
    ['Gen. Smith left.', 'The wall is 5 km long.']
    """

    def __init__(self, text: object, *, doc_date: dt.date | None = None, gazetteer: Gazetteer | None = None) -> None:
        if not isinstance(text, str):
            msg = f"the text is a {type(text).__name__}, not a str; decode it first"
            raise InputError(msg)
        if len(text) > LIMIT_CHARACTERS:
            msg = (
                f"the text has {len(text):,} characters; the limit is {LIMIT_CHARACTERS:,}: "
                "split it into documents, one article each"
            )
            raise LimitError(msg)
        self.text = text
        self.doc_date = doc_date
        self.gazetteer = gazetteer
        folded = _fold(text)
        self.norm = re.sub(r"\n(?!\s*\n)(?<!\n\n)", " ", folded) if "\n" in folded else folded
        self.low = _lower(self.norm)
        self._cuts: dict[int, list[tuple[int, int]]] = {}
        self._held: dict[tuple[str, ...], bool] = {}

    def holds(self, *stems: str) -> bool:
        """Whether the text in lower case holds one of some stems; asked before a costly rule."""
        answer = self._held.get(stems)
        if answer is None:
            answer = self._held[stems] = any(stem in self.low for stem in stems)
        return answer

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences in order; they cover all but the white space between them."""
        norm = self.norm
        found: list[Sentence] = []
        start, paragraph = 0, 0
        for match in _BREAK.finditer(norm):
            is_paragraph = "\n" in match.group()
            if not is_paragraph and _ABBREVIATION.search(norm, max(start, match.start() - 8), match.start() + 1):
                continue
            end = match.start() + len(match.group().rstrip())
            if norm[start:end].strip():
                found.append(Sentence(start, end, len(found), paragraph))
            start = match.end()
            paragraph += is_paragraph
        if norm[start:].strip():
            found.append(Sentence(start, start + len(norm[start:].rstrip()), len(found), paragraph))
        return tuple(found)

    def sentence_at(self, position: int) -> Sentence:
        """Return the sentence that holds a position (the next one for white space)."""
        return self.sentences[bisect_right(self._ends, position)]

    @cached_property
    def _ends(self) -> list[int]:
        """The ends of all sentences but the last, which holds what comes after them."""
        return [sentence.end for sentence in self.sentences[:-1]]

    def cuts(self, sentence: Sentence, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Return where a pattern cuts a sentence, remembered: many rules ask for the clauses of one sentence."""
        known = self._cuts.get(sentence.index)
        if known is None:
            known = self._cuts[sentence.index] = [
                match.span() for match in pattern.finditer(self.low, sentence.start, sentence.end)
            ]
        return known

    @cached_property
    def is_english(self) -> bool:
        """Whether the text can be English: letters are Latin, and English words are not outnumbered.

        In English about four words in ten are of the list of common words. A text is taken for
        another language where fewer than one in eight is, and common words of other languages are more than
        those, or where half of the letters are not Latin.
        """
        head = self.low[:3_000]
        words = (_ASCII_WORD if head.isascii() else _WORD).findall(head)
        if len(words) < 4:
            return True
        if not head.isascii() and sum(word[0] < "\u0250" for word in words) < 0.5 * len(words):
            return False
        english = sum(map(_COMMON.__contains__, words))
        if english >= 0.12 * len(words):
            return True
        foreign = sum(word in _FOREIGN for word in words)
        return foreign <= max(english, 1) and (len(words) < 60 or english >= 0.04 * len(words))


def _fold(text: str) -> str:
    """Put plain marks for typographic ones; a text has few of them, and looking for each is fast."""
    for char, plain in _FOLD.items():
        if char in text:
            text = text.replace(char, plain)
    return text


def _lower(text: str) -> str:
    low = text.lower()
    if len(low) == len(text):
        return low
    # A few letters, such as the dotted capital I, become two in lower case.
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
