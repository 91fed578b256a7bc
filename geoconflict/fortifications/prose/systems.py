"""Which words name the system that a passage is about, and which its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.scene import Scene, WorkMention

_PART: Final = re.compile(
    r"(?:\b(?:consist\w*|compris\w*|includ\w*|contain\w*|featur\w*|made up of|made of|composed of|combin\w*|(?<!border )(?<!frontier )(?<!boundary )with|"
    r"(?:topped|equipped|fitted|reinforced|backed|supplemented|complemented|flanked|protected|guarded|supported|dotted|studded|lined|crowned|screened|covered|strengthened|festooned|ringed) (?:with|by)|"
    r"followed|start\w* with|begin\w* with|behind|beyond|in front|then|plus|as well as|beside|next to|"
    r"together with|in addition|such as|sits?|lies?|lie|comes?|there (?:is|are)|atop|consisted|incorporat\w*|integrat\w*|alternat\w*|complete with|forming|form)\b|:)"
)
_DEFINITE: Final = re.compile(r"\b(?:the|this|that|its|their|these|those|such)(?: [\w,-]+){0,5} $")
_INDEFINITE: Final = re.compile(r"\b(?:an?|another|new|second|own|additional|separate|similar)(?: [\w.,%-]+){0,6} $")
_ORDINAL: Final = re.compile(
    r"\b(?:first|second|third|fourth|fifth|next|last|final|main|outer|inner|rear|forward|front|back-?up|another|1st|2nd|3rd)(?: \w+)? $"
)
_LAYER_OF: Final = re.compile(r"\b(?:first|second|third|fourth|last|final|outer|inner) $")
_BORDER: Final = re.compile(r"\b(?:border|frontier|boundary|between|line of control|separat\w+|along)\b")
_COPULA: Final = re.compile(
    r"(?:,| is| was| are|,? known as|,? called|,? essentially|,? mainly|,? largely)+ (?:an? |mostly |mainly |largely )*(?:[\w,.-]+ ){0,6}"
)
# "The Moroccan wall or berm", "the wall is a 2,700 km structure, mostly a sand wall".
_SAND: Final = re.compile(r"(?: or (?:the )?|,? (?:also )?(?:known|called)[^.;]{0,60}| (?:is|was|of)\b[^.;]{0,110})")
_GENERIC: Final = re.compile(
    r"(?:border |field |frontier )?fortifications$|(?:border |layered |static |field |ground )*defen[cs]es$|defen[cs]ive (?:network|system)$"
)
_TRENCHES_ONLY: Final = frozenset({"trench_line", "bunker_line"})
_MINOR: Final = frozenset({"shelter", "depot", "sensor", "watchtower", "patrol_road", "wire"})
_LINEAR: Final = re.compile(r"\b(?:lines?|networks?|systems?|belts?|rows?|chains?|strings?|maze|works|labyrinth)\b")


@dataclass(frozen=True, slots=True)
class Roles:
    """The mentions of works, by what they name.

    Attributes
    ----------
    systems : tuple of WorkMention
        Each names a system of its own.
    parts : tuple of WorkMention
        Each names an obstacle.
    echoes : tuple of WorkMention
        They name a system again: "the barrier".
    """

    systems: tuple[WorkMention, ...]
    parts: tuple[WorkMention, ...]
    echoes: tuple[WorkMention, ...]


def assign_roles(scene: Scene) -> Roles:
    """Tell systems from their parts.

    Zones and lines always name systems.
    A word such as "fence" names the system when it is the first such word of the passage
    or stands with a border of its own; after "consists of", "with", "behind" and their like
    it names a part; with "the" it names again what was named before.
    """
    systems: list[WorkMention] = []
    parts: list[WorkMention] = []
    echoes: list[WorkMention] = []
    for work in scene.works:
        role = _role(scene, work, systems)
        if role != "system" and systems and _specifies(scene, systems[-1], work):
            role = "system"
        if role == "system":
            if systems and _specifies(scene, systems[-1], work):
                echoes.append(systems.pop())
            systems.append(work)
        elif role == "part":
            parts.append(work)
        else:
            echoes.append(work)
    systems, parts = _settle(scene, systems, parts)
    mined = [system for system in systems if system.kind == "obstacle_belt" and system.type]
    parts = sorted([*parts, *mined], key=lambda part: part.start)
    return Roles(tuple(systems), tuple(parts), tuple(echoes))


def _role(scene: Scene, work: WorkMention, systems: list[WorkMention]) -> str:  # noqa: C901, PLR0911 - a cascade of rules; the first that fits wins
    if work.kind is None:
        return "echo" if work.type is None else "part"
    before = scene.before(work.full_start, 120)
    if work.kind in _TRENCHES_ONLY and _LINEAR.search(scene.low[work.start : work.end]) and _LAYER_OF.search(before):
        return "part"
    if work.is_zone:
        if _ORDINAL.search(before) and systems:
            return "echo"
        return "echo" if systems and _is_echo(scene, work, systems, before) else "system"
    if (
        work.type is not None
        and any(system.type == work.type for system in systems)
        and not _stands_alone(scene, work, systems)
    ):
        return "echo"
    cued = _is_part(scene, work, systems, before)
    if cued and work.type is not None:
        return "part"
    if not systems:
        return "system"
    is_pair = re.fullmatch(r",?(?: and|/)(?: [\w-]+)? ?", scene.low[systems[-1].end : work.full_start]) is not None
    if work.type is None or (is_pair and {work.kind, systems[-1].kind} <= {"fence", "wall", "barrier"}):
        return "echo"
    if any(system.kind == work.kind for system in systems) and not _INDEFINITE.search(before):
        return "echo"
    if _DEFINITE.search(before) and not _INDEFINITE.search(before):
        return "echo"
    return "system" if _stands_alone(scene, work, systems) else "part"


def _is_echo(scene: Scene, work: WorkMention, systems: list[WorkMention], before: str) -> bool:
    if any(system.kind == work.kind for system in systems):
        return True
    if work.kind == "fortified_zone" and _GENERIC.search(scene.low[work.start : work.end]):
        return True
    is_named = any(char.isupper() for char in scene.norm[work.start : work.end])
    is_bare = all(system.kind in _TRENCHES_ONLY for system in systems)
    return work.kind == "fortified_zone" and not is_named and not is_bare and _DEFINITE.search(before) is not None


def _is_part(scene: Scene, work: WorkMention, systems: list[WorkMention], before: str) -> bool:
    if scene.is_landmark(work) and systems:
        return False
    start = scene.sentence(work.sentence).start
    last = max((system.end for system in systems if start <= system.start < work.start), default=None)
    if last is not None:
        return _PART.search(scene.low, last, work.full_start) is not None
    cue = _PART.search(before)
    if cue is None or (not systems and cue.group() in {":", "with", "behind", "beyond", "then", "sits", "lies"}):
        return False
    return bool(systems) or any(
        other.type and other.kind is None for other in scene.works if other.sentence == work.sentence
    )


def _stands_alone(scene: Scene, work: WorkMention, systems: list[WorkMention]) -> bool:
    """Whether a later word names another system: it has a border and a country of its own."""
    start, end = scene.clause(work.start)
    own = {mention.code for mention in scene.within(scene.countries, start, end)}
    first = scene.sentence(systems[-1].sentence)
    known = {mention.code for mention in scene.within(scene.countries, first.start, first.end)}
    near = scene.low[work.end : min(end, work.end + 80)]
    return bool(own - known) and _BORDER.search(near) is not None


def _specifies(scene: Scene, system: WorkMention, work: WorkMention) -> bool:
    """Whether "the barrier, a sand berm" says of what kind the barrier is."""
    if system.kind not in {"barrier", "wall"} or work.kind in {None, "barrier"} or system.sentence != work.sentence:
        return False
    if system.kind == "wall" and work.kind == "berm":
        return _SAND.fullmatch(scene.low[system.end : work.full_start]) is not None
    return system.kind == "barrier" and _COPULA.fullmatch(scene.low[system.end : work.full_start]) is not None


def _settle(
    scene: Scene, systems: list[WorkMention], parts: list[WorkMention]
) -> tuple[list[WorkMention], list[WorkMention]]:
    """Make bare "trenches" and "bunkers" parts where the passage names other works too."""
    kept: list[WorkMention] = []
    for system in systems:
        others = [
            other
            for other in (*systems, *parts)
            if (other.type != system.type and other.type not in _MINOR) or other.is_zone
        ]
        bare = system.kind in _TRENCHES_ONLY and not _LINEAR.search(scene.low[system.start : system.end])
        if bare and others:
            parts.append(system)
        elif bare and any(part.sentence == system.sentence for part in parts):
            kept.append(system)
            parts.append(system)
        else:
            kept.append(system)
    if not kept and parts:
        kept, parts = _promote(parts)
    return kept, sorted(parts, key=lambda part: part.start)


def _promote(parts: list[WorkMention]) -> tuple[list[WorkMention], list[WorkMention]]:
    """Take the first word that can name a system where nothing else does."""
    for part in parts:
        if part.kind in {"fence", "wall", "berm", "control_strip"} or (
            part.kind == "trench_line"
            and len({other.type for other in parts} - {"outpost", "depot", "road_block"}) == 1
        ):
            return [part], [other for other in parts if other is not part]
    return [], parts


def system_facts(roles: Roles, layers: tuple[int, int] | None = None) -> Iterator[Fact]:
    """Yield the kinds of system, each once; layers without another name are a fortified zone.

    Parameters
    ----------
    roles : Roles
    layers : (int, int), optional
        Where the text says how many echelons there are ("three belts").
    """
    for system in roles.systems:
        if system.kind is not None:
            yield Fact("system_kind", system.kind, system.start, system.end, confidence=0.85, rule="system")
    kinds = {part.type for part in roles.parts}
    if not roles.systems and layers is not None:
        yield Fact("system_kind", "fortified_zone", *layers, confidence=0.6, rule="layers")
    elif not roles.systems and len(kinds) > 2 and roles.parts[0].type != "depot":
        first, last = roles.parts[0], roles.parts[-1]
        digs = kinds & {"trench", "bunker", "strongpoint", "firing_position", "fort"}
        kind = "fortified_zone" if digs else "obstacle_group"
        end = last.end if last.sentence == first.sentence else first.end
        yield Fact("system_kind", kind, first.start, end, confidence=0.5, rule="works without a name")
