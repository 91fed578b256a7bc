"""One fact read from a text, in the exchange format, with the evidence that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

SYSTEM_KINDS: Final = (
    "fortified_zone",
    "fence",
    "wall",
    "barrier",
    "berm",
    "trench_line",
    "bunker_line",
    "dmz",
    "control_strip",
    "obstacle_belt",
    "obstacle_group",
)
SIDES: Final = ("owner_side", "other_side", "both", "disputed")
RELATIONS: Final = (
    "distance_bearing",
    "distance",
    "direction",
    "near",
    "across_border",
    "inside_border",
    "offshore",
    "inside_ring",
)
BEARINGS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
CASUALTY_KINDS: Final = ("killed", "wounded", "missing", "killed_or_wounded")
CASUALTY_STATUSES: Final = ("claimed", "reported", "admitted", "confirmed", "unverified", "unconfirmed", "disputed")
LENGTH_SLOTS: Final = ("length", "border_length", "depth", "height", "offset")
SLOTS: Final = (
    "system_kind",
    "owner",
    "facing",
    "side",
    *LENGTH_SLOTS,
    "endpoint",
    "echelon",
    "obstacle",
    "count",
    "rel",
    "casualty",
    "date",
    "place",
    "coord",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, the characters of the text that carry it, and how sure the rule is.

    Attributes
    ----------
    slot : str
        One of ``SLOTS``.
    value : str or dict
        As the slot asks; lengths in metres.
    start, end : int
        The evidence is ``text[start:end]``.
    echelon : int, optional
        The depth echelon that the fact belongs to, 1 = nearest the border or the enemy.
    order : int, optional
        The place of an obstacle in its sequence, 0 = nearest the enemy.
    confidence : float
        From 0 to 1: how seldom the rule errs, lowered by hedges in the text.
    rule : str
        The name of the rule that found it.

    Examples
    --------
    >>> Fact("owner", "LT", 0, 9, rule="builder").to_dict()
    {'slot': 'owner', 'value': 'LT', 'span': [0, 9], 'echelon': None, 'order': None}
    """

    slot: str
    value: str | dict[str, Any]
    start: int
    end: int
    echelon: int | None = None
    order: int | None = None
    confidence: float = 0.8
    rule: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the fact in the exchange format: five keys, the span as a list."""
        return {
            "slot": self.slot,
            "value": self.value,
            "span": [self.start, self.end],
            "echelon": self.echelon,
            "order": self.order,
        }

    def key(self) -> str:
        """Return what makes two facts the same: all but the span, the order and the confidence."""
        return f"{self.slot}|{_canonical(self.value)}|{self.echelon}"

    def with_order(self, order: int | None) -> Fact:
        """Return the fact with another place in its sequence."""
        return replace(self, order=order)


def _canonical(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ",".join(f"{key}={_canonical(value[key])}" for key in sorted(value))
    if isinstance(value, float):
        return f"{value:.1f}"
    return str(value)
