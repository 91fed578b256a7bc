"""The rule that every fact is held to, whoever read it: no span, no fact.

A model, or any other reader, can be plugged in through the entry point group
``geoconflict.prose_readers``: a callable that takes ``text`` and ``doc_date`` and gives facts
in the exchange format. What it gives passes ``check_facts`` first.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import Any, Final, Protocol

from geoconflict.errors import NameUnknownError, nearest_names
from geoconflict.fortifications.prose.fact import (
    BEARINGS,
    CASUALTY_KINDS,
    CASUALTY_STATUSES,
    LENGTH_SLOTS,
    RELATIONS,
    SIDES,
    SLOTS,
    SYSTEM_KINDS,
    Fact,
)
from geoconflict.fortifications.prose.lengths import find_lengths
from geoconflict.fortifications.prose.numbers import find_numbers
from geoconflict.vocabulary import FortificationType

GROUP: Final = "geoconflict.prose_readers"
_WORDS: Final = {"system_kind": SYSTEM_KINDS, "side": SIDES}


class Reader(Protocol):
    """What a plugged-in reader is: from a text to facts in the exchange format."""

    def __call__(self, text: str, doc_date: dt.date | None) -> Iterable[Mapping[str, Any]]:
        """Return the facts of a text."""


def load_reader(name: str) -> Reader:
    """Return the reader that an installed package offers under a name.

    Raises
    ------
    NameUnknownError
        With the names that there are.
    """
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        known = ", ".join(sorted(found)) or "none is installed"
        msg = f"there is no reader {name!r} in the entry point group {GROUP!r}; known: {known}"
        raise NameUnknownError(msg, suggestions=nearest_names(name, found))
    reader: Reader = found[name].load()
    return reader


def check_facts(text: str, facts: Iterable[Mapping[str, Any]]) -> tuple[list[Fact], list[str]]:
    """Return the facts that rest on the text, and why the others do not.

    A fact must have a known slot, a value of the slot's form, and a span inside the text that is not
    blank; a length or number must be what its span says.

    Parameters
    ----------
    text : str
    facts : iterable of mapping
        In the exchange format; ``confidence`` may be given.

    Returns
    -------
    (list of Fact, list of str)

    Examples
    --------
    >>> good = {"slot": "length", "value": {"min_m": 5000, "max_m": 5000}, "span": [7, 11]}
    >>> bad = {"slot": "length", "value": {"min_m": 9000, "max_m": 9000}, "span": [7, 11]}
    >>> facts, refused = check_facts("A wall 5 km long.", [good, bad])
    >>> len(facts), refused
    (1, ["fact 2 (length): the span '5 km' does not say 9000 m"])
    """
    kept: list[Fact] = []
    refused: list[str] = []
    for number, fact in enumerate(facts, 1):
        why = _fault(text, fact)
        if why is not None:
            refused.append(f"fact {number} ({fact.get('slot')}): {why}")
            continue
        start, end = fact["span"]
        confidence = float(fact.get("confidence", 0.5))
        kept.append(
            Fact(
                fact["slot"],
                fact["value"],
                start,
                end,
                fact.get("echelon"),
                fact.get("order"),
                confidence,
                "plugged in",
            )
        )
    return kept, refused


def _fault(text: str, fact: Mapping[str, Any]) -> str | None:
    slot, span = fact.get("slot"), fact.get("span")
    if slot not in SLOTS:
        return f"the slot is not known; known: {', '.join(SLOTS)}"
    is_span = isinstance(span, list | tuple) and len(span) == 2 and all(type(end) is int for end in span)
    if not is_span or span is None or not 0 <= span[0] < span[1] <= len(text) or not text[span[0] : span[1]].strip():
        return f"the span {span!r} is no stretch of the text; a fact without evidence is not taken"
    return _value_fault(str(slot), fact.get("value"), text[span[0] : span[1]])


def _value_fault(slot: str, value: object, evidence: str) -> str | None:
    if slot in _WORDS:
        return None if value in _WORDS[slot] else f"{value!r} is not one of: {', '.join(_WORDS[slot])}"
    if slot in {"owner", "facing"}:
        return None if isinstance(value, str) and value.strip() else "the value must be a text"
    if not isinstance(value, dict):
        return "the value must be an object"
    if slot in LENGTH_SLOTS:
        return _length_fault(value, evidence)
    return _object_fault(slot, value, evidence)


def _length_fault(value: dict[str, Any], evidence: str) -> str | None:
    ends = (value.get("min_m"), value.get("max_m"))
    known = [end for end in ends if end is not None]
    if set(value) != {"min_m", "max_m"} or not known or not all(isinstance(end, int | float) for end in known):
        return "the value must be {min_m, max_m} with at least one end"
    said = [end for mention in find_lengths(evidence.lower()) for end in mention.pair if end is not None]
    for end in known:
        if not any(abs(end - other) <= 0.02 * max(abs(end), abs(other)) for other in said):
            return f"the span {evidence!r} does not say {end:g} m"
    return None


def _object_fault(slot: str, value: dict[str, Any], evidence: str) -> str | None:
    allowed = {
        "obstacle": ("type", [word.value for word in FortificationType]),
        "rel": ("relation", list(RELATIONS)),
    }
    if slot in allowed:
        key, words = allowed[slot]
        if value.get(key) not in words:
            return f"{key} {value.get(key)!r} is not one of: {', '.join(words)}"
    if slot == "rel" and value.get("bearing") not in {None, *BEARINGS}:
        return f"bearing {value.get('bearing')!r} is not one of: {', '.join(BEARINGS)}"
    if slot == "casualty" and (value.get("kind") not in CASUALTY_KINDS or value.get("status") not in CASUALTY_STATUSES):
        return "kind and status must be words of the format"
    if slot in {"count", "casualty"}:
        return _number_fault(value, evidence)
    if slot == "date" and not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", str(value.get("iso"))):
        return f"{value.get('iso')!r} is no ISO date"
    return None


def _number_fault(value: dict[str, Any], evidence: str) -> str | None:
    low = evidence.lower()
    said = [end for number in find_numbers(low) for end in (number.low, number.high) if end is not None]
    said += [1.0] if re.search(r"\b(?:an?|one|another)\b", low) else []
    for end in (value.get("min"), value.get("max")):
        if end is not None and not any(abs(end - other) <= 0.02 * max(abs(end), abs(other)) for other in said):
            return f"the span {evidence!r} does not say {end}"
    return None
