"""From a text to its facts: the rules of every slot, in turn, over one scene."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from geoconflict.fortifications.prose.casualties import casualty_facts
from geoconflict.fortifications.prose.dates import date_facts
from geoconflict.fortifications.prose.document import Document
from geoconflict.fortifications.prose.echelons import echelon_facts, extents, find_echelons, layers_named
from geoconflict.fortifications.prose.evidence import Reader, check_facts
from geoconflict.fortifications.prose.fact import SLOTS, Fact
from geoconflict.fortifications.prose.measures import measure_facts
from geoconflict.fortifications.prose.obstacles import count_facts, emitted_parts, obstacle_facts
from geoconflict.fortifications.prose.parties import Parties, side_facts
from geoconflict.fortifications.prose.places import Places, coordinate_facts
from geoconflict.fortifications.prose.scene import Scene
from geoconflict.fortifications.prose.scope import GROUND, PHYSICAL
from geoconflict.fortifications.prose.systems import Roles, assign_roles, system_facts
from geoconflict.names.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a text.

    Attributes
    ----------
    text : str
        The text itself.
    facts : tuple of Fact
        In the order of the text.
    notes : tuple of str
        What a reader of the facts should know, such as that the text is not English.
    """

    text: str
    facts: tuple[Fact, ...]
    notes: tuple[str, ...] = ()

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the facts in the exchange format."""
        return [fact.to_dict() for fact in self.facts]


def read_facts(
    text: str,
    *,
    doc_date: dt.date | None = None,
    gazetteer: Gazetteer | None = None,
    reader: Reader | None = None,
) -> Reading:
    """Read the facts of a text in English by rules; the same text gives the same facts.

    Parameters
    ----------
    text : str
        Plain text of at most 2,000,000 characters; markup is kept as plain characters.
    doc_date : datetime.date, optional
        The reference for relative dates; without it they are left out.
    gazetteer : Gazetteer, optional
        Gives places their coordinates; without one they are None.
    reader : Reader, optional
        Another reader than the rules, such as a model (see ``evidence``). What it gives is held to
        the same evidence; what does not rest on the text is refused, with a note.

    Returns
    -------
    Reading

    Raises
    ------
    LimitError
        If the text is longer than the limit.

    Examples
    --------
    >>> reading = read_facts("Poland has built a 186 km steel wall on its border with Belarus.")
    >>> [(fact.slot, fact.value) for fact in reading.facts]
    [('owner', 'PL'), ('length', {'min_m': 186000.0, 'max_m': 186000.0}), ('system_kind', 'wall'), ('facing', 'BY')]
    """
    document = Document(text, doc_date=doc_date, gazetteer=gazetteer)
    if reader is not None:
        kept, refused = check_facts(text, reader(text, doc_date))
        return Reading(text, _distinct(kept), tuple(refused))
    if not document.is_english:
        return Reading(
            text,
            (),
            ("the text does not look like English; the rules read English only, so nothing was taken from it",),
        )
    scene = Scene(document)
    return Reading(text, _distinct(_all_facts(scene)))


def _all_facts(scene: Scene) -> list[Fact]:
    is_real = _is_on_the_ground(scene)
    roles = assign_roles(scene) if is_real else Roles((), (), ())
    parts = emitted_parts(scene, roles)
    roles = replace(roles, parts=tuple(parts))
    parties = Parties(scene, roles)
    echelons = find_echelons(scene) if is_real and scene.works else []
    found = extents(scene, echelons)
    taken = {length.start for extent in found.values() for length in extent.used}
    places = Places(scene, roles, taken, tuple(parties.owners))
    taken |= places.lengths
    facts = [
        *system_facts(roles, (layers_named(scene) or (echelons[0].start, echelons[0].end)) if echelons else None),
        *parties.facts(),
        *side_facts(scene, roles, parties),
        *echelon_facts(echelons, found),
        *obstacle_facts(scene, parts, echelons),
        *count_facts(scene, roles, parts),
        *measure_facts(scene, roles, echelons, taken, parts),
        *casualty_facts(scene),
        *coordinate_facts(scene),
        *places.facts,
    ]
    if not facts:
        return facts
    return [*facts, *places.place_facts(), *date_facts(scene)]


def _same_figure(fact: Fact, key: str) -> str:
    """Return what makes two facts one; a casualty figure told twice is one, whatever its status, but two single dead are two."""
    if fact.slot == "casualty" and isinstance(fact.value, dict) and 1 not in (fact.value["min"], fact.value["max"]):
        return key.replace(_status(fact), "")
    return key


def _status(fact: Fact) -> str:
    """Return how a casualty figure is stated."""
    return str(fact.value.get("status", "")) if isinstance(fact.value, dict) else ""


# Words for works that are hardly ever used in another sense.
_PLAIN: Final = frozenset(
    (
        "dmz",
        "control_strip",
        "obstacle_belt",
        "obstacle_group",
        "anti_tank_ditch",
        "hedgehogs",
        "abatis",
        "berm",
        "watchtower",
    )
)


def _is_on_the_ground(scene: Scene) -> bool:
    """Whether a text holds a length, a word of borders or building, or works that are no figure of speech."""
    if not (scene.countries or scene.lengths or GROUND.search(scene.low)):
        return False
    if scene.lengths or PHYSICAL.search(scene.low):
        return True
    return any(work.kind in _PLAIN or work.type in _PLAIN for work in scene.works)


def _distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Keep the surest of equal facts (the first of those), in the order of the text."""
    best: dict[str, Fact] = {}
    keys: dict[str, str] = {}
    for fact in sorted(facts, key=_span):
        own = fact.key()
        key = _same_figure(fact, own)
        known = best.get(key)
        if known is not None and _status(known) == "reported" != _status(fact):
            known = None
        if known is None or fact.confidence > known.confidence + 0.15:
            best[key], keys[key] = fact, own
    order = sorted((fact.start, fact.end, SLOTS.index(fact.slot), keys[key], key) for key, fact in best.items())
    return tuple(best[key] for *_, key in order)


def _span(fact: Fact) -> tuple[int, int]:
    return fact.start, fact.end
