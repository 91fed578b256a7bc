"""Numbers as prose writes them: digits, words, "a dozen", "scores of", "two and a half"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ONES: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS: Final = {
    word: 10 * value
    for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SCALES: Final = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_ROUND: Final = {"dozen": 12.0, "score": 20.0}

# Plural round words mean at least two of them and have no upper end.
_VAGUE: Final = {
    "dozens": 24.0,
    "scores": 40.0,
    "hundreds": 200.0,
    "thousands": 2000.0,
    "tens of thousands": 20_000.0,
    "hundreds of thousands": 200_000.0,
    "millions": 2e6,
}

_DIGITS: Final = (
    r"\d{1,3}(?:[,  ]\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?: \d{3})+(?= ?-?(?:km|kilomet|m\b|met|mi))|\d+(?:[.,]\d+)?"
)
_SMALL: Final = "|".join([*sorted(_TENS, reverse=True), *sorted(_ONES, key=len, reverse=True)])
_WORD_NUMBER: Final = (
    rf"(?:(?:an?|{_SMALL})(?:[- ](?:{_SMALL}))?[- ](?:hundred|thousand|million|billion|dozen|score)"
    rf"(?:(?: and| |-)+(?:{_SMALL})(?:-(?:{_SMALL}))?(?: thousand| million)?)*"
    rf"|half a dozen|half-a-dozen|a couple(?: of)?|(?:{_SMALL})(?:-(?:{_SMALL}))?)"
)
NUMBER: Final = (
    rf"(?:(?:{_DIGITS})(?:[- ](?:hundred|thousand|million|billion|dozen))?(?: and a half| 1/2)?"
    rf"|\b{_WORD_NUMBER}(?: and a half)?)"
)
VAGUE: Final = r"\b(?:tens of thousands|hundreds of thousands|dozens|scores|hundreds|thousands|millions)"


@dataclass(frozen=True, slots=True)
class Number:
    """A number or range read at a place; None is an open end."""

    start: int
    end: int
    low: float | None
    high: float | None
    about: bool = False


_LEADING: Final = re.compile(r"[\d,.\u00a0\u2009 ]*\d")
_GAPS: Final = re.compile(r"[\u00a0\u2009 ]")
_GROUPING: Final = re.compile(r",(?=\d{3}(?:\D|$))")


def read_number(text: str) -> float | None:
    """Return the value of one number in digits or words, None where it is none.

    Examples
    --------
    >>> read_number("1,340"), read_number("two and a half"), read_number("a dozen")
    (1340.0, 2.5, 12.0)
    >>> read_number("one hundred and twenty-five"), read_number("3.5 million")
    (125.0, 3500000.0)
    """
    if text.isdigit():
        return float(text)
    body = text.strip().lower()
    extra = 0.0
    for ending in (" and a half", " 1/2"):
        if body.endswith(ending):
            body, extra = body[: -len(ending)].strip(), 0.5
    if body in {"half a dozen", "half-a-dozen"}:
        return 6.0
    if body in {"a couple", "a couple of"}:
        return 2.0
    match = _LEADING.match(body)
    if match:
        return _read_digits(match.group(), body[match.end() :].strip(" -"), extra)
    return _read_words(body, extra)


def _read_digits(digits: str, scale: str, extra: float) -> float | None:
    plain = _GROUPING.sub("", _GAPS.sub("", digits)).replace(",", ".")
    try:
        value = float(plain) + extra
    except ValueError:
        return None
    if not scale:
        return value
    factor = _SCALES.get(scale, _ROUND.get(scale))
    return None if factor is None else value * factor


def _read_words(body: str, extra: float) -> float | None:
    total, current, seen = 0.0, 0.0, False
    for word in re.split(r"[\s-]+", body):
        if word in {"and", ""}:
            continue
        if word in {"a", "an"}:
            current = current or 1.0
        elif word in _ONES:
            current, seen = current + _ONES[word], True
        elif word in _TENS:
            current, seen = current + _TENS[word], True
        elif word == "hundred":
            current, seen = (current or 1.0) * 100, True
        elif word in _SCALES:
            total, current, seen = total + (current or 1.0) * _SCALES[word], 0.0, True
        elif word in _ROUND:
            current, seen = (current or 1.0) * _ROUND[word], True
        else:
            return None
    return total + current + extra if seen else None


ABOUT: Final = r"(?:about|around|roughly|some|approximately|approx\.?|nearly|almost|close to|circa|ca\.?|~|an estimated|estimated at|just over|just under|just|well over)"
UP_TO: Final = r"(?:up to|at most|no more than|not more than|less than|fewer than|under|below|as (?:much|many|far|deep|long|high|tall) as|a maximum of)"
AT_LEAST: Final = r"(?:at least|more than|over|no less than|no fewer than|not less than|a minimum of|in excess of|upwards? of|exceeding)"
# How a number or the words before it can begin; one look spares the long alternations at most words.
FIRST: Final = (
    r"(?=[\d.~≈]|an? |zero|one|two|twe|thre|thirt|thou|fou|fort|fif|fiv|si[cx]|sev|eig|nin|te|ele|half|quart|doz|sco|hund|mil|up|at (?:le|mo)|"
    r"no (?:m|l|f)|not (?:m|l)|less|few|und|bel|bet|as (?:m|f|d|l|h|t)|more|many|over|in ex|exc|abo|aro|rou|some|app|nea|alm|clo|cir|ca|est|jus|well|from|the (?:tot|fur|com)|ano)"
)
_COUNT: Final = re.compile(
    rf"(?<![\w.$€£-])(?<!\d,){FIRST}(?:(?P<upto>{UP_TO})\s+|(?P<atleast>{AT_LEAST})\s+|(?P<about>{ABOUT})\s+)?(?:(?:a|the) (?:total|further|combined total) of |another |an additional )?"
    rf"(?:(?:between|from) (?P<b1>{NUMBER}) (?:and|to) (?P<b2>{NUMBER})|(?P<r1>{NUMBER})(?: ?[-—] ?(?=\d)| to | or )(?P<r2>{NUMBER})"
    rf"|(?P<vague>{VAGUE})|(?P<few>(?:a few|several|many) (?P<scale>hundred|thousand|dozen))|(?P<one>{NUMBER})(?P<more> or more| or so|\+)?)(?![\w%])(?!,\d)(?!\.\d)",
)

# Where a number can begin, behind the character before it; the engine finds such places fast.
_COUNT_FIRST: Final = re.compile(rf"[^a-z0-9_.$-]{FIRST}")


def find_numbers(low: str, start: int = 0, end: int | None = None) -> list[Number]:
    """Return the numbers of a text in lower case; the span holds the qualifier of an open end.

    Examples
    --------
    >>> [(n.low, n.high) for n in find_numbers("at least 12 died, up to 30 or scores; 3 to 5 tanks")]
    [(12.0, None), (None, 30.0), (40.0, None), (3.0, 5.0)]
    """
    found = []
    stop = len(low) if end is None else end
    last = start
    # The first word of a text has no character before it, so a blank is put there.
    firsts = _COUNT_FIRST.finditer(low, start - 1, stop) if start else _COUNT_FIRST.finditer(" " + low[:stop])
    for first in firsts:
        at = first.end() if start else first.start()
        match = _COUNT.match(low, at, stop) if at >= last else None
        if match is None:
            continue
        last = match.end()
        number = _from_match(match)
        if number is not None:
            found.append(number)
    return found


def _from_match(match: re.Match[str]) -> Number | None:  # noqa: PLR0911 - a cascade of rules; the first that fits wins
    about = match["about"] is not None
    if match["vague"]:
        return Number(match.start("vague"), match.end("vague"), _VAGUE[match["vague"]], None, about)
    if match["few"]:
        return Number(match.start("few"), match.end("few"), _VAGUE[match["scale"] + "s"], None, about)
    first, second = match["b1"] or match["r1"], match["b2"] or match["r2"]
    if first:
        low, high = read_number(first), read_number(second)
        if low is None or high is None or low > high:
            return None
        return Number(match.start("b1") if match["b1"] else match.start("r1"), match.end(), low, high, about)
    value = read_number(match["one"])
    if value is None:
        return None
    if match["upto"]:
        return Number(match.start("upto"), match.end(), None, value)
    if match["more"] in {" or more", "+"}:
        return Number(match.start("one"), match.end(), value, None)
    if match["atleast"]:
        return Number(match.start("atleast"), match.end(), value, None)
    return Number(match.start("one"), match.end(), value, value, about)
