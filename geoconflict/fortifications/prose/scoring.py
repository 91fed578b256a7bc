"""How well facts agree with gold facts: precision, recall and F1 by slot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

_TOLERANCE: Final = 0.02


@dataclass(slots=True)
class Tally:
    """Hits, false finds and misses of one slot.

    Examples
    --------
    >>> Tally(hits=8, wrong=2, missed=0).f1
    0.8888888888888888
    """

    hits: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the found that is right; 1 where nothing was found."""
        found = self.hits + self.wrong
        return self.hits / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 1 where there is none."""
        gold = self.hits + self.missed
        return self.hits / gold if gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two, 2 hits / (2 hits + wrong + missed)."""
        total = 2 * self.hits + self.wrong + self.missed
        return 2 * self.hits / total if total else 1.0


@dataclass(slots=True)
class Score:
    """Tallies by slot; ``order`` counts the places in sequence of the obstacles that agree.

    Attributes
    ----------
    slots : dict of str to Tally
    order : Tally
        Among obstacles found rightly: whether the order is that of gold.
    overlaps, hits : int
        How many of the hits rest on a span that overlaps the span of gold.
    errors : list of tuple
        (document, "wrong" or "missed", fact) for every disagreement.
    """

    slots: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    order: Tally = field(default_factory=Tally)
    overlaps: int = 0
    hits: int = 0
    errors: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def overall(self) -> Tally:
        """All slots together: the micro-average."""
        tallies = self.slots.values()
        return Tally(sum(t.hits for t in tallies), sum(t.wrong for t in tallies), sum(t.missed for t in tallies))

    def add(self, name: str, gold: Sequence[Mapping[str, Any]], found: Iterable[Mapping[str, Any]]) -> None:
        """Count one document; each gold fact is matched at most once."""
        left = list(gold)
        for fact in found:
            match = next((other for other in left if agree(other, fact)), None)
            tally = self.slots[fact["slot"]]
            if match is None:
                tally.wrong += 1
                self.errors.append((name, "wrong", fact))
                continue
            left.remove(match)
            tally.hits += 1
            self.hits += 1
            self.overlaps += _overlap(match, fact)
            if fact["slot"] == "obstacle":
                self._count_order(match, fact)
        for fact in left:
            self.slots[fact["slot"]].missed += 1
            self.errors.append((name, "missed", fact))

    def _count_order(self, gold: Mapping[str, Any], fact: Mapping[str, Any]) -> None:
        if gold["order"] == fact["order"]:
            self.order.hits += 1
        else:
            self.order.wrong += fact["order"] is not None
            self.order.missed += gold["order"] is not None

    def table(self) -> str:
        """Return the score as lines of text: slot, precision, recall, F1, number of gold facts."""
        rows = [(slot, self.slots[slot]) for slot in sorted(self.slots)] + [
            ("(order)", self.order),
            ("overall", self.overall),
        ]
        lines = [f"{'slot':14} {'P':>6} {'R':>6} {'F1':>6} {'gold':>5}"]
        lines += [
            f"{name:14} {t.precision:6.3f} {t.recall:6.3f} {t.f1:6.3f} {t.hits + t.missed:5d}" for name, t in rows
        ]
        share = self.overlaps / self.hits if self.hits else 1.0
        return "\n".join([*lines, f"spans that overlap gold: {share:.3f}"])


def agree(gold: Mapping[str, Any], fact: Mapping[str, Any]) -> bool:
    """Whether two facts say the same: slot and value, lengths within 2 %, and the echelon of an obstacle.

    Coordinates count only where gold has them, within 0.05 degrees; names without regard to
    case, articles and endings of the plural.
    """
    if gold["slot"] != fact["slot"]:
        return False
    if gold["slot"] == "obstacle" and gold["echelon"] != fact["echelon"]:
        return False
    return _same(gold["value"], fact["value"])


def _same(gold: Any, found: Any) -> bool:  # noqa: ANN401 - the values of a JSON object
    if isinstance(gold, dict) and isinstance(found, dict):
        return all(_same_field(key, gold.get(key), found.get(key)) for key in gold)
    if isinstance(gold, list) and isinstance(found, list):
        return len(gold) == len(found) and all(_same(one, two) for one, two in zip(gold, found, strict=True))
    if isinstance(gold, (int, float)) and isinstance(found, (int, float)):
        return abs(gold - found) <= _TOLERANCE * max(abs(gold), abs(found))
    if isinstance(gold, str) and isinstance(found, str):
        return _fold(gold) == _fold(found)
    return gold is None and found is None


def _same_field(key: str, gold: Any, found: Any) -> bool:  # noqa: ANN401 - the values of a JSON object
    if key in {"lat", "lon"}:
        return gold is None or (found is not None and abs(gold - found) <= 0.05)
    return _same(gold, found)


def _fold(text: str) -> str:
    words = text.casefold().replace("-", " ").split()
    words = words[1:] if words and words[0] in {"the", "a", "an"} else words
    return " ".join(word.removesuffix("s") for word in words)


def _overlap(gold: Mapping[str, Any], fact: Mapping[str, Any]) -> bool:
    one, two = gold["span"], fact["span"]
    return one is None or two is None or (one[0] < two[1] and two[0] < one[1])
