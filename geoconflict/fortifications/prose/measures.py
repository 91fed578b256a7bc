"""Length of the works, length of the border, depth, height, and offset from the border."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from geoconflict.fortifications.prose.echelons import Echelon, echelons_at
from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.lengths import LengthMention
from geoconflict.fortifications.prose.scene import Scene, WorkMention
from geoconflict.fortifications.prose.systems import Roles

_ADJ: Final = r"(?:[\w',.-]+ ){0,4}?"
_ADJ_OF_BORDER: Final = r"(?:(?!(?:along|on|with|of|from|at|in|and|to|by|near|is|was|has|the|its|barrier|fenc|wall|berm|trench|ditch|fortif|defen)\w*\b)[\w',.-]+ ){0,4}?"
_BORDER_AFTER: Final = re.compile(
    rf"[- ]?(?:long )?(?:of )?(?:{_ADJ_OF_BORDER})(?:border|frontier|boundary|borderline|demarcation line)s?\b(?! (?:fence|wall|barrier|fencing|zone|strip|belt|defen|fortif|system|shield|berm|security|guard|post))"
)
_BORDER_BEFORE: Final = re.compile(
    r"\b(?:border|frontier|boundary)(?: (?:with|between|line)(?: [\w'-]+){1,5}?)?,? (?:which |that )?(?:is|of|measures|stretches|runs|extends|totals|spans|covers|being)(?: for| over| across| to)?(?: a total(?: length)? of| a distance of)?(?: about| roughly| some| nearly| around| approximately| almost)* $"
)
_STRETCH_OF_BORDER: Final = re.compile(
    r"[- ](?:long )?(?:stretch|section|segment|part|strip) of (?:the |its |their )?(?:[\w'-]+ ){0,3}?(?:border|frontier|boundary)\b"
)
_ALONG: Final = re.compile(r"\b(?:along|on|at|across|of|down|near|parallel to|to) (?:[\w'-]+ ){0,3}$")
_LINE_BEFORE: Final = re.compile(
    r"\b(?:border|frontier|boundary|line of (?:actual )?control|demarcation line|durand line)(?: (?:with|between) [\w' ]{1,40}?)?,? (?:is |was |which is |that is |measuring )?(?:about |some |nearly |roughly |around |almost |approximately |over )*$"
)
_PARTIAL: Final = re.compile(
    r"\b(?:along|on|over|across|for|covers?|covering|seal(?:s|ed|ing)?|fenc(?:es|ed|ing)|the (?:first|last|remaining|southern|northern)|complet\w+|built|build|of which|secur\w+|protect\w*|fortify|mine|cover|wall(?:ed)? off) (?:about |some |nearly |roughly |around |almost |approximately |the |a |another )*$"
)
_OF_BORDER: Final = re.compile(
    rf" (?:long )?(?:of|along) (?:the |its |their |[\w']+'s )?(?:{_ADJ})(?:border|frontier|boundary|front|coast)"
)
_LONG_BEFORE: Final = re.compile(
    r"\b(?:length (?:of|is|was)|stretch(?:es|ed|ing)?(?: for| over| along| across| out| some)*|run(?:s|ning)?(?: for| along| over| some)*|ran(?: for)?|extend(?:s|ed|ing)?(?: for| over| along| some)*|span(?:s|ned|ning)?|snak(?:es|ing)(?: for| along)?|winds(?: for)?|(?:completed|built|erected|in place|installed|fenced|laid|dug|raised|put up) along|cover(?:s|ed|ing)?|measur(?:es|ed|ing)|totall?(?:s|ed|ing)|completed|for(?: barely| only| just)?)"
    r" (?:for |a total of |a combined |over |a distance of |about |some |nearly |roughly |around |almost |approximately )*$"
)
_MORE_BEFORE: Final = re.compile(
    r"\b(?:a further|another|an additional|the remaining|the first|the last|an extra) (?:about |some |roughly )*$"
)
_STRETCH: Final = re.compile(
    r"[- ](?:long )?(?:stretch|section|segment|portion)\b(?! of (?:border|frontier|the border|the frontier) (?:has|is|remains) (?:un|no))"
)
_DEPTH_BEFORE: Final = re.compile(
    r"\b(?:depth|width) (?:of|is|was|reaches|reaching|varies|ranges)(?: about| up to| some| roughly| between| from| around)* $|\b(?:to|with) a (?:depth|width) of(?: about| some| roughly| up to)* $|\bdeep(?:,| to) $"
)
_HEIGHT_BEFORE: Final = re.compile(
    r"\b(?:height (?:of|is)|ris(?:es|ing)(?: to)?|stand(?:s|ing)?|tower(?:s|ing)|reach(?:es|ing)?(?: a height of)?) (?:about |some |nearly |roughly |around |almost |approximately |up to )*$"
)
_OFFSET_AFTER: Final = re.compile(
    r",? ?(?:away |back |inland |further )*(?:from|off|behind|back from|short of|inside|within|west of|east of|north of|south of|inland from|into|in front of) (?:the |its |their |[\w-]+'s )?(?:[\w-]+ ){0,3}?(?:border|frontier|front ?line|front|boundary|line of contact|contact line|coast|shore|territory|demarcation line|line of control|actual line|river|zero line|soil|green line|line)\b"
)
_INLAND: Final = re.compile(r",? (?:inland|back|behind (?:it|the front))\b(?! door)")
_SET_BACK: Final = re.compile(r"\b(?:set back|recessed|set|pulled back|offset)(?: by| at| about| some| roughly)* $")
_UNDERGROUND: Final = re.compile(
    r" (?:underground|below (?:the )?(?:ground|surface)|into the ground|beneath|under the ground|below)\b"
)
_WITHIN: Final = re.compile(r"\bwithin (?:about |some |just |only |roughly )*$")
_OFFSET_OF: Final = re.compile(
    r" of (?:the |its |their )?(?:[\w-]+ ){0,3}?(?:border|frontier|boundary|line|front|fence|coast)\b"
)
_INTO_COUNTRY: Final = re.compile(
    r" (?:deep )?(?:into (?:the |its )?(?:country|interior|territory|hinterland|rear)|inland)\b"
)
_EVERY: Final = re.compile(
    r"\b(?:every|each|spaced|intervals? of|apart|per|within|radius of|range of|at a range of|distance of|speed of) (?:about |some |roughly |few )*$"
)
_APART: Final = re.compile(
    r" (?:apart|intervals|above sea level|away|range|radius)\b|[- ](?:range|radius)\b| (?:north|south|east|west|inside|off|from)\w*(?: of)? [A-Z]"
)
_NARROW: Final = frozenset({"fence", "wall", "ditch", "anti_tank_ditch", "trench", "berm", "embankment", None})
_ZONES: Final = frozenset({"fortified_zone", "dmz", "obstacle_belt", "control_strip", "obstacle_group"})


def measure_facts(
    scene: Scene, roles: Roles, echelons: list[Echelon], taken: set[int], parts: list[WorkMention]
) -> Iterator[Fact]:
    """Yield the lengths of a passage about works, each in its slot.

    Parameters
    ----------
    taken : set of int
        Starts of lengths that say where an echelon lies or a place is; they are left out.

    Notes
    -----
    "30-mile defence line" is 30 miles deep, "2,000 km defence line" 2,000 km long: without
    a dimension word, zones up to 60 km are read as depth.
    Fences and walls up to 30 m are read as height, beyond that as length.
    """
    works = sorted((*roles.systems, *parts, *roles.echoes), key=lambda work: work.start)
    for length in scene.lengths:
        if length.start in taken:
            continue
        if (
            _WITHIN.search(scene.before(length.start, 30))
            and re.match(r" of\b", scene.low[length.end : length.end + 4])
            and _subject(scene, length, works)
            and _OFFSET_OF.match(scene.low, length.end)
        ):
            value = {"min_m": None, "max_m": length.max_m}
            yield Fact("offset", value, length.start, length.end, confidence=0.7, rule="within")
            continue
        slot = _slot(scene, length, works, roles)
        if slot is None:
            continue
        indices = echelons_at(echelons, length.start)
        echelon = indices[0] if indices and slot in {"height", "depth"} else None
        yield Fact(
            slot, length.value, length.start, length.end, echelon=echelon, confidence=0.8, rule=f"measure {slot}"
        )


def _slot(scene: Scene, length: LengthMention, works: list[WorkMention], roles: Roles) -> str | None:  # noqa: C901, PLR0911, PLR0912 - a cascade of rules; the first that fits wins
    before, after = scene.before(length.start, 70), scene.after(length.full_end, 90)
    if _EVERY.search(before) or (
        _APART.match(scene.norm[length.full_end : length.full_end + 40]) and not _LONG_BEFORE.search(before)
    ):
        return (
            "offset"
            if _OFFSET_AFTER.match(after) and works and not _EVERY.search(before) and _subject(scene, length, works)
            else None
        )
    if length.dimension == "length" and _LINE_BEFORE.search(before):
        return "border_length"
    if not length.dimension or length.dimension == "length":
        border = _border_slot(before, after)
        if border == "stretch":
            return "length" if works else "border_length"
        if border is not None:
            return border if works or border == "border_length" else None
    if not works:
        return None
    subject = _subject(scene, length, works)
    if subject is None and not _is_near(scene, length, works):
        return None
    if _INTO_COUNTRY.match(after) and re.search(
        r"\b(?:reach\w*|extend\w*|stretch\w*|going|goes|running|up to) (?:about |some |up to |roughly )*$", before
    ):
        return "depth"
    if _UNDERGROUND.match(after):
        return "depth"
    if length.dimension:
        return _by_dimension(length, subject, roles)
    if _OFFSET_AFTER.match(after) or _SET_BACK.search(before) or (_INLAND.match(after) and subject is not None):
        return "offset"
    if _DEPTH_BEFORE.search(before):
        return "depth"
    if _HEIGHT_BEFORE.search(before) and (length.max_m or length.min_m or 0) <= 30:
        return "height"
    return _by_noun(scene, length, works, before, after)


def _border_slot(before: str, after: str) -> str | None:
    if _OF_BORDER.match(after):
        return "border_length" if re.search(r"\bshares?(?: about| some| a| roughly| nearly)* $", before) else "length"
    if _STRETCH_OF_BORDER.match(after):
        return "stretch"
    if _BORDER_AFTER.match(after):
        return "border_length"
    own = _BORDER_BEFORE.search(before)
    if own and (re.search(r"\b(?:which|that) ", own.group()) or not _ALONG.search(before[: own.start()])):
        return "border_length"
    return None


def _by_dimension(length: LengthMention, subject: WorkMention | None, roles: Roles) -> str | None:
    dimension = length.dimension
    if dimension in {"length", "height", "depth"}:
        return dimension
    kinds = {system.kind for system in roles.systems}
    if dimension == "width":
        if subject is None:
            return "depth" if kinds & _ZONES else None
        if subject.kind in _ZONES or subject.type in {"control_strip", "minefield"}:
            return "depth"
        if subject.type is None and kinds & _ZONES:
            return "depth"
        # A barrier tens of metres wide is a strip of ground, not a wall's thickness.
        return (
            "depth"
            if (length.max_m or 0) >= 15 and subject.type not in {"ditch", "anti_tank_ditch", "trench"}
            else None
        )
    return None


def _by_noun(scene: Scene, length: LengthMention, works: list[WorkMention], before: str, after: str) -> str | None:  # noqa: C901, PLR0911 - a cascade of rules; the first that fits wins
    size = length.max_m if length.max_m is not None else length.min_m or 0.0
    following = next((work for work in works if length.full_end <= work.full_start <= length.full_end + 45), None)
    if following is not None:
        gap = scene.low[length.full_end : following.full_start]
        if size <= 30 and gap.startswith(" of "):
            return None
        if re.match(r" (?:worth )?of ", gap) or (
            (gap == "" or re.fullmatch(r",?[- ](?:[\"']?[\w'-]+[\"']?,? ){0,5}", gap))
            and not re.search(r"\b(?:and|with|from|of|the|a|in|by|is|has|have|to)\b", gap)
        ):
            if gap.startswith((" of ", " worth of ")):
                return "length"
            if following.kind in _ZONES or (following.is_zone and following.kind != "bunker_line"):
                return "depth" if size <= 60_000 else "length"
            return "height" if size <= 30 else "length"
    if re.match(
        r" of (?:[\w-]+ ){0,3}(?:wire|fenc|wall|barrier|ditch|trench|berm|fortif|defen|obstacle|the (?:\w+ )?(?:border|frontier|line)|border|frontier)",
        after,
    ):
        return "length"
    subject = _subject(scene, length, works)
    if (
        subject is not None
        and size <= 30
        and {subject.type, subject.kind} & {"fence", "wall", "berm", "barrier"}
        and re.search(
            r"\b(?:rais\w+|heighten\w*|grew|lower\w*) (?:[\w'-]+ ){0,6}?(?:from|to|by) (?:about |some )*$", before
        )
    ):
        return "height"
    if size > 30 and re.match(r" of (?:which|it|them)\b", after):
        return "length"
    if size > 30 and (_MORE_BEFORE.search(before) or _STRETCH.match(after)):
        return "length"
    if _LONG_BEFORE.search(before) and size > 30:
        return "length"
    if re.match(
        r",? (?:have|has|had|is|are|was|were|will) (?:already |now |been |so far |be )*(?:been )?(?:\w+ly )?(?:added|built|completed|finished|complete|ready|erected|dug|fenced|in place|installed|walled|mined)",
        after,
    ):
        return "length"
    return None


def _subject(scene: Scene, length: LengthMention, works: list[WorkMention]) -> WorkMention | None:
    """Return the work that a length most probably describes: right after it, else the last one before."""
    start, end = scene.clause(length.start)
    after = [work for work in works if length.end <= work.start <= min(end, length.full_end + 40)]
    if after and re.fullmatch(r"[- ](?:[\w'-]+,? ){0,5}", scene.low[length.full_end : after[0].full_start] or " "):
        return after[0]
    before = [work for work in works if start <= work.start < length.start]
    return before[-1] if before else None


def _is_near(scene: Scene, length: LengthMention, works: list[WorkMention]) -> bool:
    """Whether the sentence is about works, or goes on about those of the sentence before."""
    sentence = scene.document.sentence_at(length.start)
    if any(work.sentence == sentence.index for work in works):
        return True
    if not any(work.sentence in {sentence.index - 1, sentence.index - 2} for work in works):
        return False
    return (
        re.match(
            r"[\"'(]*(?:it|its|they|their|this|these|at|in|the|about|some|roughly|construction|work|once|when|most|another|a further|more|so far|stretching|running|of|by|up to|with|each|\d)\b",
            scene.low[sentence.start :],
        )
        is not None
    )
