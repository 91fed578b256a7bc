"""From the facts of a text to a draft of a YAML description, each value with its evidence.

A draft says what the text says and no more: what drawing needs and the text does not give
(side, facing, the reference line) stays out, and ``draft: true`` lets it be missing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any, Final

from geoconflict.errors import InputError
from geoconflict.fortifications.description import Description
from geoconflict.fortifications.prose.document import Document
from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.reading import Reading, read_facts
from geoconflict.fortifications.validation import validate
from geoconflict.names.gazetteer import Gazetteer
from geoconflict.names.mentions import names
from geoconflict.units import METRES_PER

_SOURCE: Final = "text"
_STRIPS: Final = frozenset(
    (
        "fence",
        "wire",
        "wall",
        "berm",
        "embankment",
        "ditch",
        "anti_tank_ditch",
        "dragons_teeth",
        "hedgehogs",
        "rails",
        "minefield",
        "trench",
        "patrol_road",
        "control_strip",
    )
)
_STATUS: Final = (
    (
        "planned",
        re.compile(
            r"\b(?:plan(?:s|ned|ning)?|propos\w+|intends?|to be built|will (?:build|be|have|erect|lay|dig|run|hold|include|cover)|is to|are to|announced|foresees?|would)\b"
        ),
    ),
    (
        "under_construction",
        re.compile(
            r"\b(?:(?:is|are|has been|have been|began|started|begun) (?:now |currently )?(?:building|digging|erecting|constructing|installing|laying|under construction|work)|under construction|is being|are being|began building|started building)\b"
        ),
    ),
    (
        "complete",
        re.compile(
            r"\b(?:completed|finished|inaugurated|has (?:built|erected|fenced|dug)|have (?:built|erected|dug)|was built|were built|stands|is complete)\b"
        ),
    ),
)
_UNIT: Final = (
    ("nmi", re.compile(r"nautical|nmi\b|\bnm\b")),
    ("km", re.compile(r"kilomet|km|klick")),
    ("mi", re.compile(r"mile|\bmi\b")),
    ("ft", re.compile(r"f(?:oo|ee)t|ft\b")),
    ("yd", re.compile(r"yard|yd")),
    ("m", re.compile(r"met(?:re|er)|\dm\b| m\b")),
)


def parse_description(
    text: str, *, doc_date: dt.date | None = None, gazetteer: Gazetteer | None = None, title: str | None = None
) -> Description:
    """Read a text in English into a draft of a description that a person reviews.

    Parameters
    ----------
    text : str
        Plain text of at most 2,000,000 characters.
    doc_date : datetime.date, optional
        The reference for relative dates.
    gazetteer : Gazetteer, optional
        Gives places their coordinates.
    title : str, optional
        What the source is called in the description.

    Returns
    -------
    Description
        With ``draft`` true; every value carries evidence, span and confidence.

    Raises
    ------
    InputError
        If the text is not English, or holds no facts about works.
    LimitError
        If it is too long.

    Examples
    --------
    >>> line = parse_description("Poland has built a 186 km steel wall on its border with Belarus.")
    >>> line.kind, line.owner.value, line.segments[0].facing.parties, line.segments[0].length.value
    ('wall', 'Poland', ['Belarus'], '186 km')
    >>> line.owner.evidence, line.owner.span
    ('Poland', (0, 6))
    """
    reading = read_facts(text, doc_date=doc_date, gazetteer=gazetteer)
    if reading.notes and not reading.facts:
        raise InputError("; ".join(reading.notes))
    return describe(reading, doc_date=doc_date, title=title)


def describe(reading: Reading, *, doc_date: dt.date | None = None, title: str | None = None) -> Description:
    """Make the facts of a reading a draft of a description (see ``parse_description``).

    Raises
    ------
    InputError
        If there are no facts about works among them.
    """
    by_slot: dict[str, list[Fact]] = {}
    for fact in reading.facts:
        by_slot.setdefault(fact.slot, []).append(fact)
    if not any(slot in by_slot for slot in ("system_kind", "obstacle", "echelon")):
        msg = "the text holds no fact about fortifications, so there is nothing to describe"
        raise InputError(msg)
    data = _Draft(reading, by_slot).build(doc_date, title)
    try:
        description = Description.model_validate(data)
        validate(description)
    except ValueError:
        # Limits that contradict one another are the text's own fault: they are kept as words, not drawn.
        description = Description.model_validate(_without_limits(data))
        validate(description)
    return description


def _without_limits(data: dict[str, Any]) -> dict[str, Any]:
    segment = dict(data["segments"][0])
    echelons = []
    for echelon in segment.get("echelons", []):
        kept = {key: value for key, value in echelon.items() if key not in {"inner_limit", "outer_limit"}}
        said = [f"{key.replace('_', ' ')} {echelon[key]}" for key in ("inner_limit", "outer_limit") if key in echelon]
        if said:
            kept["note"] = f"the limits that the text gives do not fit together: {', '.join(said)}"
        echelons.append(kept)
    if echelons:
        segment["echelons"] = echelons
    return {**data, "segments": [segment]}


class _Draft:
    def __init__(self, reading: Reading, by_slot: dict[str, list[Fact]]) -> None:
        self.text = reading.text
        self.by_slot = by_slot
        self.document = Document(reading.text)

    def build(self, doc_date: dt.date | None, title: str | None) -> dict[str, Any]:
        kinds = self.by_slot.get("system_kind", [])
        owners = self.by_slot.get("owner", [])
        kind = str(kinds[0].value) if kinds else "fortified_zone"
        source: dict[str, Any] = {"title": _line(title or "the text that was read")}
        if doc_date is not None:
            source["date"] = doc_date.isoformat()
        data: dict[str, Any] = {
            "id": "from-text",
            "name": self._name(kind, owners),
            "kind": kind,
            "draft": True,
            "status": self._status(kinds),
            "sources": {_SOURCE: source},
            "segments": [self._segment()],
        }
        if owners:
            data["owner"] = self._stated(owners[0], _name_of(str(owners[0].value)))
            if len(owners) > 1:
                others = ", ".join(_name_of(str(fact.value)) for fact in owners[1:])
                data["note"] = f"the text names further owners: {others}"
        claims = self._claims()
        if claims:
            data["claims"] = claims
        return data

    # Values.

    def _stated(self, fact: Fact, value: object) -> dict[str, Any]:
        return {"value": value, **self._evidence(fact)}

    def _evidence(self, fact: Fact) -> dict[str, Any]:
        return {
            "sources": [_SOURCE],
            "evidence": _line(self.text[fact.start : fact.end]),
            "span": [fact.start, fact.end],
            "confidence": round(fact.confidence, 2),
        }

    def _name(self, kind: str, owners: Sequence[Fact]) -> str:
        facings = [_name_of(str(fact.value)) for fact in self.by_slot.get("facing", [])]
        name = kind.replace("_", " ").capitalize()
        if owners:
            name += f" of {_name_of(str(owners[0].value))}"
        return _line(name + (f" facing {', '.join(facings)}" if facings else ""))

    def _status(self, kinds: Sequence[Fact]) -> dict[str, Any]:
        if kinds:
            sentence = self.document.sentence_at(kinds[0].start)
            for status, pattern in (_STATUS[1], _STATUS[2], _STATUS[0]):
                match = pattern.search(self.document.low, sentence.start, sentence.end)
                if match:
                    evidence = {
                        "evidence": self.text[match.start() : match.end()],
                        "span": [match.start(), match.end()],
                    }
                    return {"value": status, "sources": [_SOURCE], "confidence": 0.6, **evidence}
        return {"value": "reported", "sources": [_SOURCE]}

    def _measure(self, fact: Fact) -> dict[str, Any]:
        value = fact.value if isinstance(fact.value, dict) else {}
        return self._stated(
            fact, measure_text(value.get("min_m"), value.get("max_m"), self.text[fact.start : fact.end])
        )

    # The segment.

    def _segment(self) -> dict[str, Any]:
        segment: dict[str, Any] = {"id": "line"}
        reference = self._reference()
        parties = [str(fact.value) for fact in self.by_slot.get("facing", []) if not _is_state(str(fact.value))]
        if reference and parties:
            border = reference["border"]
            segment["note"] = (
                f"measured from the border of {border['of']} with {', '.join(border['with'])}; to draw it, name that "
                f"reference and the direction in which the works face {', '.join(parties)}"
            )
        elif reference:
            segment["reference"] = reference
        side = self._side()
        if side:
            segment["side"] = side
        facings = self.by_slot.get("facing", [])
        if facings:
            segment["facing"] = {
                "parties": [_name_of(str(fact.value)) for fact in facings],
                **self._evidence(facings[0]),
            }
        for slot in ("length", "border_length", "height"):
            found = self.by_slot.get(slot, [])
            if found:
                segment[slot] = self._measure(found[0])
                if len(found) > 1:
                    segment[slot]["others"] = [self._measure(fact) for fact in found[1:]]
        echelons = [self._echelon(fact) for fact in self.by_slot.get("echelon", [])]
        echelons += self._whole_depth(bool(echelons))
        if echelons:
            segment["echelons"] = sorted(echelons, key=lambda echelon: int(echelon["index"]))
        segment.update(self._works(None))
        return segment

    def _reference(self) -> dict[str, Any] | None:
        owners = [str(fact.value) for fact in self.by_slot.get("owner", []) if _is_state(str(fact.value))]
        facings = [str(fact.value) for fact in self.by_slot.get("facing", []) if _is_state(str(fact.value))]
        if len(owners) != 1 or not facings or not re.search(r"\b(?:border|frontier|boundary)\b", self.document.low):
            return None
        reference: dict[str, Any] = {
            "border": {"of": _name_of(owners[0]), "with": [_name_of(code) for code in facings]}
        }
        ends = self.by_slot.get("endpoint", [])
        if len(ends) == 2:
            for key, fact in zip(("from", "to"), ends, strict=True):
                value = fact.value if isinstance(fact.value, dict) else {}
                reference[key] = {"name": _line(str(value.get("place"))), **self._evidence(fact)}
        return reference

    def _side(self) -> dict[str, Any] | None:
        sides = self.by_slot.get("side", [])
        slot = {"owner_side": "owner", "other_side": "facing"}.get(str(sides[0].value)) if sides else None
        who = self.by_slot.get(slot, []) if slot else []
        return self._stated(sides[0], _name_of(str(who[0].value))) if len(who) == 1 else None

    def _echelon(self, fact: Fact) -> dict[str, Any]:
        value = fact.value if isinstance(fact.value, dict) else {}
        words = self.text[fact.start : fact.end]
        echelon: dict[str, Any] = {"index": value["index"], **self._evidence(fact)}
        for key, name in (("near_m", "inner_limit"), ("far_m", "outer_limit")):
            ends = value.get(key)
            if ends and any(end is not None for end in ends):
                echelon[name] = measure_text(ends[0], ends[1], words)
        echelon.update(self._works(int(value["index"])))
        return echelon

    def _whole_depth(self, has_echelons: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - a private step
        """Make the depth of a zone without echelons that of its only one."""
        depths = [fact for fact in self.by_slot.get("depth", []) if fact.echelon is None]
        kinds = {str(fact.value) for fact in self.by_slot.get("system_kind", [])}
        if has_echelons or not depths or not kinds & {"fortified_zone", "dmz", "obstacle_belt", "control_strip"}:
            return []
        return [{"index": 1, "depth": self._measure(depths[0]), **self._evidence(depths[0])}]

    def _works(self, echelon: int | None) -> dict[str, list[dict[str, Any]]]:
        out: dict[str, list[dict[str, Any]]] = {}
        found = [fact for fact in self.by_slot.get("obstacle", []) if fact.echelon == echelon]
        kinds = {str(fact.value) for fact in self.by_slot.get("system_kind", [])}
        for fact in sorted(found, key=lambda fact: (fact.order is None, fact.order or 0, fact.start)):
            value = fact.value if isinstance(fact.value, dict) else {}
            work: dict[str, Any] = {"type": value["type"], **self._evidence(fact)}
            if fact.order is not None:
                work["order"] = fact.order
            count = self._count(str(value["type"]))
            if count:
                work["count"] = count
            out.setdefault("strips" if value["type"] in _STRIPS else "sites", []).append(work)
        if echelon is None and not found:
            for kind in sorted(kinds & {"fence", "wall", "berm", "control_strip"}):
                fact = next(fact for fact in self.by_slot["system_kind"] if fact.value == kind)
                out.setdefault("strips", []).append({"type": kind, **self._evidence(fact)})
        return out

    def _count(self, kind: str) -> dict[str, Any] | None:
        for fact in self.by_slot.get("count", []):
            value = fact.value if isinstance(fact.value, dict) else {}
            if value.get("what") == kind:
                return self._stated(fact, count_text(value.get("min"), value.get("max")))
        return None

    # Claims.

    def _claims(self) -> list[dict[str, Any]]:
        claims: list[dict[str, Any]] = []
        border = (self._reference() or {}).get("border")
        for slot, kind in (("length", "length"), ("border_length", "border_length"), ("depth", "depth")):
            for fact in self.by_slot.get(slot, []):
                claim = self._claim(fact, kind, len(claims) + 1)
                if border and slot == "border_length":
                    claim["border"] = border
                claims.append(claim)
        for fact in self.by_slot.get("rel", []):
            value = fact.value if isinstance(fact.value, dict) else {}
            if value.get("dist_m"):
                claim = self._claim(fact, "distance", len(claims) + 1)
                claim["value"] = measure_text(value["dist_m"][0], value["dist_m"][1], self.text[fact.start : fact.end])
                claim["object"] = {"name": _line(str(value["anchor"]))}
                if value.get("bearing"):
                    claim["bearing"] = value["bearing"]
                subject = self._subject(fact)
                if subject:
                    claim["subject"] = {"name": subject}
                claims.append(claim)
        return claims

    def _claim(self, fact: Fact, kind: str, number: int) -> dict[str, Any]:
        sentence = self.document.sentence_at(fact.start)
        claim: dict[str, Any] = {
            "id": f"claim-{number}",
            "text": _line(self.text[sentence.start : sentence.end]),
            "kind": kind,
            **self._evidence(fact),
        }
        if kind != "distance":
            claim["value"] = self._measure(fact)["value"]
        return claim

    def _subject(self, fact: Fact) -> str | None:
        """Return the place named just before a relation: "Rukla, about 40 miles …"."""
        sentence = self.document.sentence_at(fact.start)
        near = [
            place
            for place in self.by_slot.get("place", [])
            if sentence.start <= place.start < fact.start and fact.start - place.end <= 40
        ]
        if near:
            return self.text[near[-1].start : near[-1].end]
        match = re.match(r"([A-Z][\w'-]+)(?:,| is| lies| itself)? [^.]{0,40}$", self.text[sentence.start : fact.start])
        return match[1] if match and match[1] not in {"The", "It", "One", "A", "Some"} else None


def measure_text(low: float | None, high: float | None, evidence: str) -> str:
    """Write a length in the unit of its evidence, in the form that ``parse_length`` reads.

    Examples
    --------
    >>> measure_text(None, 50_000.0, "up to 50 km")
    'up to 50 km'
    >>> measure_text(4828.032, 4828.032, "three miles"), measure_text(3000.0, 5000.0, "3–5 km")
    ('3 mi', '3-5 km')
    """
    unit = next((unit for unit, pattern in _UNIT if pattern.search(evidence.lower())), "m")
    factor = METRES_PER[unit]
    if low is None:
        return f"up to {_plain(high, factor)} {unit}"
    if high is None:
        return f"more than {_plain(low, factor)} {unit}"
    return f"{_plain(low, factor)} {unit}" if low == high else f"{_plain(low, factor)}-{_plain(high, factor)} {unit}"


def _plain(metres: float | None, factor: float) -> str:
    return f"{round((metres or 0.0) / factor, 3):,.3f}".rstrip("0").rstrip(".")


def count_text(low: float | None, high: float | None) -> int | str:
    """Write a count in the form that the description reads.

    Examples
    --------
    >>> count_text(27, 27), count_text(None, 600), count_text(24, None), count_text(3, 5)
    (27, 'up to 600', 'more than 24', '3-5')
    """
    if low is None:
        return f"up to {int(high or 0)}"
    if high is None:
        return f"more than {int(low)}"
    return int(low) if low == high else f"{int(low)}-{int(high)}"


def _is_state(code: str) -> bool:
    return code in names()["countries"]


def _name_of(code: str) -> str:
    entry = names()["countries"].get(code)
    return str(entry["names"][0]) if entry else code


def _line(text: str) -> str:
    """Return a text on one line, without control characters, of the length that a value may have."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())[:500] or "-"
