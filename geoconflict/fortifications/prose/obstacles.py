"""Obstacles with their echelon and their order from the enemy inward, and how many there are."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from geoconflict.fortifications.prose.echelons import Echelon, echelons_at
from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.numbers import Number
from geoconflict.fortifications.prose.scene import Scene, WorkMention
from geoconflict.fortifications.prose.systems import Roles

# Between two obstacles of a sequence, or before the first of it.
_NEXT: Final = re.compile(
    r"\b(?:followed by|then\b|behind\b|next (?:come|comes|is|are|there)|next,|after (?:that|it|them|which|this|these|the)|beyond (?:it|them|that|this|these|the|which)|in front\b|finally|lastly|further (?:back|in)\b|farther back|preced\w+|"
    r"(?:closest|nearest) (?:to )?the (?:border|enemy|front|frontier)|ahead of|in turn|last(?:ly)? come|screened by|fronted by|covered in front|before (?:reaching|the)|and only then|deeper in|to the rear|in the rear|second comes|third comes|gives way to|leads? to|past (?:it|that|them|the))"
)
_LEAD: Final = re.compile(
    r"\b(?:(?:start|begin|open)(?:s|ning|ing)? with|first (?:come|comes|there|is|are|a|an|the)\b|^\W*first,|from the (?:border|frontier|front|enemy side|outside) (?:inwards?|inland|backwards?|in)(?:,| come| there| lie| run| are|:)|"
    r"from (?:east|west|north|south|front|outside|the outside) to (?:west|east|north|south|back|rear|inside|the inside|in)\b|from front to (?:back|rear)|in (?:that|this|the following) order|in (?:order|sequence)|(?:closest|nearest) (?:to )?the (?:border|enemy|front|frontier)|moving (?:inland|inwards?|back)|in succession|successive)"
)
_AHEAD: Final = re.compile(
    r"\b(?:(?:in front|ahead) of (?:it|them|this|that|these|those|which|him)|in front,|in front (?:is|are|lies?|runs?)|(?:closest|nearest) (?:to )?the (?:enemy|border|frontier|front)|before (?:it|them) (?:is|are|lies?)|preceded by|screened by|fronted by)\b"
)
_AHEAD_AFTER: Final = re.compile(
    r" (?:placed |laid |set |just |directly |immediately |strung )*(?:in front|ahead) of (?:it|them|this|that|these|those)\b"
)
_AHEAD_OF_FIRST: Final = re.compile(
    r"\b(?:in front of|ahead of|forward of) (?:the |these |its |their )?(?:[\w-]+ ){0,3}$"
)
_SWAP: Final = re.compile(
    r",?(?: \w+){0,4}? (?:(?:is|are|was|were|lies?|lay|sits?|stands?|runs?|placed|dug|laid|set|located|positioned|built) )?(?:\w+ )?(?:just |directly |immediately |right )?(?:(?P<behind>behind|preceded by|to the rear of|screened by|fronted by|protected in front by|covered by)) (?!which|it\b|them|this|that|these)(?:an? |the |two |three |several |some |its )?(?:\w+[ -]){0,3}$"
)
_TARGET: Final = re.compile(
    r"\b(?:attack(?:ed|ing|s)?|struck|strike|strikes|striking|hit|hitting|captur\w*|storm\w*|overr[au]n\w*|shell\w*|bomb\w*|breach\w*|destroy\w*|raid\w*|ambush\w*|assault\w*|seiz\w*|fired (?:on|at)|firing (?:on|at)|clear(?:ed|ing)|targeted|targeting|targets|killed (?:at|in)|stepp\w+ on|drove over|detonat\w+|explod\w+|explosion|burn\w*|torched)\b"
)
_TARGET_BEFORE: Final = re.compile(rf"(?:{_TARGET.pattern})(?:[ ,]+[\w'-]+){{0,6}}[ ,]+$")
_MAKE: Final = re.compile(
    r"\b(?:buil[dt]|building|erect|construct|dug|dig|lay|laid|install|plac|plan|includ|consist|compris|featur|contain|with|equipped|reinforc|fortif|deploy|prepar|line[ds]?\b|put|set|has|have|had|come|comes|man\b|mann|keep|keeps|there (?:is|are)|are|is|will|stands?|topped|complet|add|rais|lie|run|stretch)"
)
_INCIDENT_TYPES: Final = frozenset(
    {
        "outpost",
        "depot",
        "fort",
        "shelter",
        "road_block",
        "bunker",
        "watchtower",
        "sensor",
        "minefield",
        "firing_position",
        "strongpoint",
        "trench",
    }
)


def emitted_parts(scene: Scene, roles: Roles) -> list[WorkMention]:
    """Return the parts that are works described, not targets of an attack or landmarks."""
    kept: list[WorkMention] = []
    for part in roles.parts:
        sentence = scene.sentence(part.sentence)
        words = scene.low[sentence.start : sentence.end]
        is_target = part.type in _INCIDENT_TYPES and _is_target(scene, part)
        if is_target and not (roles.systems and any(system.sentence == part.sentence for system in roles.systems)):
            continue
        if part.type == "ring" and re.search(
            r"\b(?:inside|within) (?:the|a|an|this) (?:[\w-]+ )?$", scene.before(part.full_start, 30)
        ):
            continue
        if not roles.systems and not _MAKE.search(words):
            continue
        if (
            scene.is_landmark(part)
            and part.kind is not None
            and not re.search(r"\b(?:behind|beyond|in front of) the (?:\w+ )?$", scene.before(part.full_start, 24))
        ):
            continue
        if _is_named_again(scene, part, kept):
            continue
        kept.append(part)
    return kept


_THE: Final = re.compile(r"\b(?:the|this|that) (?:[\w-]+ )?$")
_DITCHES: Final = frozenset({"trench", "ditch", "anti_tank_ditch"})


def _is_named_again(scene: Scene, part: WorkMention, kept: list[WorkMention]) -> bool:
    """Whether "the trench" only names again the anti-tank ditch before."""
    if part.type not in _DITCHES or not _THE.search(scene.before(part.full_start, 24)):
        return False
    is_singular = not scene.low[part.start : part.end].endswith("es")
    return is_singular and any(other.type in _DITCHES and other.sentence < part.sentence for other in kept)


def _is_target(scene: Scene, part: WorkMention) -> bool:
    """Whether works are named as what an attack hit, or in a sentence that counts its dead."""
    sentence = scene.sentence(part.sentence)
    before = _TARGET_BEFORE.search(scene.before(part.full_start, 70))
    after = re.match(
        r" (?:[\w-]+ ){0,4}?(?:was|were|been|came under|under) (?:[\w-]+ )?(?:attack\w*|hit|struck|stormed|overrun|destroyed|captured|shelled|bombed|raided|seized)\b",
        scene.after(part.end, 70),
    )
    dead = re.search(
        r"\b(?:killed|killing|wounded|wounding|injured|injuring|dead)\b", scene.low[sentence.start : sentence.end]
    )
    return bool(before or after or dead)


def obstacle_facts(scene: Scene, parts: list[WorkMention], echelons: list[Echelon]) -> Iterator[Fact]:
    """Yield each obstacle once an echelon, numbered from the enemy inward where the text gives the order.

    The order is given when a word of sequence stands among them ("followed by", "then",
    "behind it"); "A behind B" puts B before A. A mere list has no order.
    """
    groups: dict[int | None, list[WorkMention]] = {}
    for part in parts:
        indices: tuple[int | None, ...] = echelons_at(echelons, part.start) or (None,)
        for index in indices:
            known = groups.setdefault(index, [])
            if all(other.type != part.type for other in known):
                known.append(part)
    for index, group in groups.items():
        for number, part in _numbered(scene, group):
            yield Fact(
                "obstacle",
                {"type": part.type},
                part.start,
                part.end,
                echelon=index,
                order=number,
                confidence=0.75 if index is None and number is None else 0.85,
                rule="obstacle",
            )


def _numbered(scene: Scene, group: list[WorkMention]) -> list[tuple[int | None, WorkMention]]:
    """Return the obstacles with their numbers: the longest run that words of sequence hold together has them."""
    runs: list[list[WorkMention]] = []
    for part in group:
        gap = _gap(scene, runs[-1][-1], part) if runs else ""
        if runs and (runs[-1][-1].sentence == part.sentence or _NEXT.search(gap) or _AHEAD.search(gap)):
            runs[-1].append(part)
        else:
            runs.append([part])
    read = [_in_order(scene, run) for run in runs]
    longest = max((len(run) for run, has_order in read if has_order), default=0)
    numbered: list[tuple[int | None, WorkMention]] = []
    for run, has_order in read:
        is_chosen = has_order and len(run) == longest
        longest = 0 if is_chosen else longest
        numbered += [(number if is_chosen else None, part) for number, part in enumerate(run)]
    return numbered


def _gap(scene: Scene, one: WorkMention, two: WorkMention) -> str:
    """Return the words between two obstacles; across sentences, those of the second sentence."""
    start = one.end if one.sentence == two.sentence else scene.sentence(two.sentence).start
    return scene.low[start : two.full_start]


def _in_order(scene: Scene, group: list[WorkMention]) -> tuple[list[WorkMention], bool]:
    if len(group) < 2:
        return group, _leads(scene, group[0])
    has_order = _leads(scene, group[0]) or _AHEAD_OF_FIRST.search(scene.before(group[0].start, 40)) is not None
    is_ahead = _AHEAD_OF_FIRST.search(scene.before(group[0].start, 40)) is not None
    ordered = [group[0]]
    for one, two in itertools.pairwise(group):
        gap = _gap(scene, one, two)
        has_order = has_order or _NEXT.search(gap) is not None
        if _AHEAD_AFTER.match(gap):
            # "Wire in front of it and mines behind": the words belong to the wire.
            _move_ahead(ordered, one)
            ordered.append(two)
        elif _AHEAD.search(gap) or is_ahead:
            ordered.insert(0 if re.search(r"closest|nearest", gap) else ordered.index(one), two)
        elif one.sentence == two.sentence and _SWAP.fullmatch(gap):
            ordered.insert(_first_of_list(ordered, one, two, is_list=gap.startswith(",")), two)
        else:
            ordered.append(two)
        is_ahead = False
    if _AHEAD_AFTER.match(scene.after(group[-1].end, 60)):
        _move_ahead(ordered, group[-1])
        has_order = True
    return ordered, has_order


def _move_ahead(ordered: list[WorkMention], part: WorkMention) -> None:
    at = ordered.index(part)
    if at:
        ordered[at - 1], ordered[at] = part, ordered[at - 1]


def _first_of_list(ordered: list[WorkMention], one: WorkMention, two: WorkMention, *, is_list: bool) -> int:
    """Return the place before all of "A, B and C, behind D", or before the one of "C behind D"."""
    if not is_list:
        return ordered.index(one)
    return min(ordered.index(other) for other in ordered if other.sentence == two.sentence)


def _leads(scene: Scene, part: WorkMention) -> bool:
    return _LEAD.search(scene.before(part.full_start, 70)) is not None


_NOUNS: Final = re.compile(
    r"(?:(?:[a-z]+-)?[a-z]+[ -]){0,3}?(?P<noun>soldiers|troops|border guards|guards|personnel|police officers|mines|landmines|land mines|crossings|border crossings|crossing points|checkpoints|gates|drones|cameras|sensors|radars|bridges|tanks|battalions|brigades|settlements|"
    r"villages|positions|posts|towers|kilometre markers|loudspeakers|floodlights|balloons|concrete blocks|blocks|obstacles|pyramids|hedgehogs|people|residents|refugees|migrants|peacekeepers|blue berets|reservists|fighters|workers|engineers|panels|pillars|containers|warehouses|batteries|tunnels|culverts|sections|segments|stations|bases|camps)\b"
)
_ALWAYS: Final = frozenset(
    {
        "soldiers",
        "troops",
        "border guards",
        "guards",
        "personnel",
        "mines",
        "landmines",
        "land mines",
        "crossings",
        "border crossings",
        "crossing points",
        "checkpoints",
        "gates",
        "towers",
        "posts",
        "positions",
        "bridges",
        "peacekeepers",
        "concrete blocks",
        "blocks",
        "obstacles",
        "pyramids",
        "warehouses",
        "tunnels",
        "bases",
        "camps",
        "stations",
    }
)
_BETWEEN: Final = re.compile(r"(?:,? \"?[a-z-]+\"?){0,4},? ?\"?(?:of )?")
_MEASURE: Final = re.compile(
    r"\b(?:rows?|lines?|layers?|strips?|belts?|tiers?|kilomet\w+|miles?|met(?:re|er)s?|km|percent|per cent|years?|months?|days?|weeks|hours|million (?:euros|dollars)|euros|dollars|times|feet|ft|countries|sections|stages|phases|echelons)\b"
)


def count_facts(scene: Scene, roles: Roles, parts: list[WorkMention]) -> Iterator[Fact]:
    """Yield how many of a thing there are: the word of the vocabulary for works, else the noun as written."""
    works = sorted((*parts, *roles.systems, *roles.echoes), key=lambda work: work.start)
    if not works:
        return
    for sentence in scene.document.sentences:
        for number in scene.within(scene.numbers, sentence.start, sentence.end):
            if not scene.is_open(number.start) or (number.low, number.high) == (1.0, 1.0) or _is_year(scene, number):
                continue
            fact = _count(scene, works, number, sentence.end)
            if fact is not None:
                yield fact


def _count(scene: Scene, works: list[WorkMention], number: Number, end: int) -> Fact | None:
    low = scene.low
    work = next((work for work in works if number.end <= work.full_start <= number.end + 40 and work.start < end), None)
    if work is not None and work.type is not None:
        gap = low[number.end : work.full_start]
        noun = low[work.start : work.end]
        if (
            _BETWEEN.fullmatch(gap)
            and not _MEASURE.search(gap)
            and (noun.endswith(("s", "ing")) or "of" in gap)
            and not re.search(r"\b(?:and|with|in|by|along|on|at|to|from|a|the)\b", gap)
        ):
            what = "mine" if work.type == "minefield" and "field" not in noun else work.type
            return Fact(
                "count",
                {"what": what, "min": _whole(number.low), "max": _whole(number.high)},
                number.start,
                number.end,
                confidence=0.8,
                rule="count of works",
            )
    match = _NOUNS.match(low, number.end + 1, end) if low[number.end : number.end + 1] == " " else None
    if (
        match
        and match["noun"] in _ALWAYS
        and not _MEASURE.search(match.group())
        and not re.search(r"\b(?:and|with|in|by|killed|wounded|dead|enemy)\b", match.group())
    ):
        if _TARGET.search(low, scene.document.sentence_at(number.start).start, end):
            return None
        what = {"landmines": "mine", "land mines": "mine", "mines": "mine"}.get(match["noun"], match["noun"])
        return Fact(
            "count",
            {"what": what, "min": _whole(number.low), "max": _whole(number.high)},
            number.start,
            number.end,
            confidence=0.7,
            rule="count of things",
        )
    return None


def _is_year(scene: Scene, number: Number) -> bool:
    return (
        number.end - number.start == 4
        and number.low is not None
        and 1900 <= number.low < 2100
        and scene.low[number.start].isdigit()
    )


def _whole(value: float | None) -> int | float | None:
    return None if value is None else int(value) if value == int(value) else value
