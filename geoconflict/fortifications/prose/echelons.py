"""Echelons: where each depth layer begins and ends, and which part of the text is about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.lengths import LengthMention
from geoconflict.fortifications.prose.scene import Scene

_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "outermost": 1,
    "foremost": 1,
    "forward": 1,
    "main": 2,
    "rear": 0,
    "back-up": 0,
    "outer": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "1": 1,
    "2": 2,
    "3": 3,
    "last": 0,
    "final": 0,
    "innermost": 0,
    "rearmost": 0,
    "i": 1,
    "ii": 2,
    "iii": 3,
}
_LAYER: Final = r"(?:echelon|line|layer|belt|tier|zone|band|strip|defen[cs]e line|defen[cs]ive line|defen[cs]ive belt|defen[cs]ive zone|defen[cs]ive layer)"
_ORD: Final = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|outermost|foremost|last|final|innermost|rearmost)"
_NAMED: Final = re.compile(
    # Every form begins at the beginning of a word, with a digit or one of these letters.
    r"\b(?=[1-4abefilmorst])(?:"
    rf"\b(?P<a>{_ORD}|forward|outer|main|rear)(?:(?:,| and|,? and| to| or) (?:the )?(?P<b>{_ORD}))?(?:,? and (?:the )?(?P<c>{_ORD}))? (?:(?:main|defen[cs]ive|defen[cs]e|fortified|obstacle|such|\d[\w.-]*) )?{_LAYER}s?\b(?! of (?:control|contact|communication|duty|attack))|"
    rf"\b(?:echelon|layer|tier|belt) (?P<n>one|two|three|[123]|i{{1,3}})\b|\b(?P<next>an?|another|one) (?:\w+ )?echelon\b)"
)
_PLURAL: Final = re.compile(
    r"\b(?=[1-5befilmorst])(?:"
    rf"\b(?:two|three|four|five|2|3|4|5|several|successive|multiple|both) (?:[\w-]+ ){{0,3}}{_LAYER}s\b|\bechelons\b|\b(?:two|three|four)-(?:echelon|layer|line|tier|belt)(?:ed)?\b|\b(?:layers|tiers|belts|lines) of defen[cs]e\b|\b{_ORD} (?:[\w-]+ )?{_LAYER}\b)"
)
_HOW_MANY: Final = re.compile(rf"\b(?:two|three|four|five|several|successive|multiple) (?:[\w-]+ ){{0,2}}{_LAYER}s\b")
_BARE: Final = re.compile(
    rf"\b(?:the |a |its )?(?P<a>{_ORD})(?: and (?:the )?(?P<b>{_ORD}))?(?= ?[,:(]| (?:is|are|was|has|will|starts?|begins?|runs?|lies|lie|consists?|comprises?|contains?|includes?|extends?|reaches|stretches|covers|goes|one|about|around|roughly|some|at|sits|set|from|between|up|nearest|closest|to|follows|would|being|further|behind|with|holds|ends|made|\d|[a-z]{{3,}}s|[a-z]{{3,}}ed)\b)"
)
_NOT_AFTER: Final = re.compile(r"\b(?:for the|at|since|when|when it was|its|on the|who|that was) $")
_FURTHER: Final = re.compile(
    r"(?:it|this|these|they|here|behind|then|next|after|beyond|in it|within|its|in front|this is|followed)\b"
)
_FROM_EDGE: Final = re.compile(
    r",? ?(?:away |back |deep |inland |further )*(?:from|off|of|behind|inland of|back from|west of|east of|north of|south of|inside) (?:the |its )?(?:[\w-]+ ){0,2}?(?:border|frontier|front ?line|front|line of contact|contact line|boundary|coast|shore|river|canal|reservoir|zero line)|,? (?:in|inland|back|further back|to the rear|behind the (?:front|border))\b"
)
_TO: Final = re.compile(
    r"\b(?:to|up to|until|reach(?:es|ing)?(?: back)?|out to|as far as|extend(?:s|ing)?(?: back)?(?: to| out to| as far as)?|stretch(?:es|ing)?(?: to| out to| back)?|ends?(?: at)?|ending(?: at)?|covers?(?: the)?(?: area)?(?: up to)?(?: first)?|goes?(?: back)?(?: to)?|total(?:ling)?(?: of)?|far as|further|another|within|first) (?:some |about |roughly |a |the )*$"
)
_STARTS: Final = re.compile(
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|from|commenc\w+|lies|lie|sits?|runs?|located|placed|set|set back|stands?|follows?|is|are|was|built|dug|positioned|situated) (?:some |about |roughly |around |only |just |at |approximately )*$"
)
_BEHIND_LAST: Final = re.compile(
    r",? ?(?:behind|beyond|past|back from|to the rear of|after|from) (?:it|that|the (?:first|second|third|last|previous)|the (?:first|forward|second) line|this)\b|,? (?:further|farther) (?:back|behind|in|inland|west|east|north|south|on|to the rear)"
)
_IN_ALL: Final = re.compile(r",? ?(?:in all|in total|all told|altogether|overall)\b")
_BETWEEN: Final = re.compile(r"\b(?:between|from) $")


@dataclass(frozen=True, slots=True)
class Echelon:
    """One layer, as far as a text tells; ``indices`` holds two for "second and third"."""

    indices: tuple[int, ...]
    start: int
    end: int
    area_start: int
    area_end: int


@dataclass(frozen=True, slots=True)
class Extent:
    """Near and far limit of a layer, and the lengths that tell it."""

    near: list[float | None] | None
    far: list[float | None] | None
    used: tuple[LengthMention, ...]


def find_echelons(scene: Scene) -> list[Echelon]:
    """Return the layers that the text names, with the stretch of text about each.

    A stretch goes from the naming to the next one, and on over sentences that begin with
    "It", "Behind" and their like; words before the naming in its sentence belong to it too.

    Examples
    --------
    >>> from geoconflict.fortifications.prose.document import Document
    >>> from geoconflict.fortifications.prose.scene import Scene
    >>> [e.indices for e in find_echelons(Scene(Document("The first echelon is 5 km deep; the second and third lie behind.")))]
    [(1,), (2, 3)]
    """
    markers = _markers(scene)
    found: list[Echelon] = []
    for number, (start, end, indices) in enumerate(markers):
        sentence = scene.document.sentence_at(start)
        following = markers[number + 1][0] if number + 1 < len(markers) else len(scene.low)
        previous_end = found[-1].area_end if found else 0
        area_start = max(sentence.start, previous_end)
        if found and found[-1].start >= sentence.start:
            area_start = max(area_start, _split(scene, found[-1].end, start))
            found[-1] = Echelon(found[-1].indices, found[-1].start, found[-1].end, found[-1].area_start, area_start)
        area_end = sentence.end
        for later in scene.document.sentences[sentence.index + 1 : sentence.index + 3]:
            if (
                later.start >= following
                or later.paragraph != sentence.paragraph
                or not _FURTHER.match(scene.low, later.start)
            ):
                break
            area_end = later.end
        if following < area_end:
            area_end = min(area_end, max(min(sentence.end, following), start))
        found.append(Echelon(indices, start, end, area_start, area_end))
    return found


def _split(scene: Scene, start: int, end: int) -> int:
    """Return where the words about one layer end and those about the next begin, in one sentence."""
    cuts = [
        match.end()
        for match in re.finditer(
            r"[;.]|,? and (?=the |an? |then|\d|between|from|at|some|about)|, (?=(?:while |with )?(?:the|a|then|from|between|some|about|at) )|, ",
            scene.low[start:end],
        )
    ]
    return start + cuts[-1] if cuts else end


def _markers(scene: Scene) -> list[tuple[int, int, tuple[int, ...]]]:
    low = scene.low
    found: list[tuple[int, int, tuple[int, ...]]] = []
    found += [
        (match.start(), match.end(), _indices(match))
        for match in _NAMED.finditer(low)
        if scene.is_open(match.start()) and _is_layer(scene, match)
    ]
    plural = _PLURAL.search(low)
    if plural and (scene.works or "echelon" in low):
        taken = [(start, end) for start, end, _ in found]
        for match in _BARE.finditer(low, plural.start()):
            at = match.start("a")
            if (
                any(start <= at < end for start, end in taken)
                or not scene.is_open(at)
                or _NOT_AFTER.search(low, max(0, at - 20), match.start())
            ):
                continue
            found.append((at, match.end(), _indices(match)))
    found.sort()
    unique: list[tuple[int, int, tuple[int, ...]]] = []
    seen: set[int] = set()
    for start, end, read in found:
        indices = tuple(index or max(seen, default=0) + 1 for index in read)
        fresh = tuple(index for index in indices if index not in seen)
        if fresh:
            unique.append((start, end, fresh))
            seen.update(fresh)
    return unique if len(seen) > 1 or any("echelon" in low[start:end] for start, end, _ in unique) or plural else []


def _is_layer(scene: Scene, match: re.Match[str]) -> bool:
    before = scene.before(match.start(), 30)
    if match["a"] in {"main", "rear"}:
        return (
            re.search(
                r"\b(?:first|forward|outer|foremost) (?:[\w-]+ )?(?:line|belt|echelon|layer|tier|zone)",
                scene.low[: match.start()],
            )
            is not None
        )
    if match["a"] in {"forward", "outer"} and not re.search(r"defen|echelon|belt|layer|line", match.group()):
        return False
    return (
        re.search(
            r"\b(?:the front|on|crossed|breached|broke through|reached|captured|penetrated|overran|stormed|pierced) (?:the )?$",
            before,
        )
        is None
    )


def _indices(match: re.Match[str]) -> tuple[int, ...]:
    groups = match.groupdict()
    if groups.get("n"):
        return (_ORDINALS[groups["n"]],)
    if groups.get("next"):
        return (0,)
    ends = [_ORDINALS[word] for word in (groups.get("a"), groups.get("b"), groups.get("c")) if word]
    if len(ends) == 2 and " to " in match.group():
        return tuple(range(ends[0], ends[1] + 1))
    return tuple(dict.fromkeys(ends))


def layers_named(scene: Scene) -> tuple[int, int] | None:
    """Return where the text says how many layers there are: "three belts", "two defensive lines"."""
    for match in _HOW_MANY.finditer(scene.low):
        if scene.is_open(match.start()):
            return match.span()
    return None


def extents(scene: Scene, echelons: list[Echelon]) -> dict[int, Extent]:
    """Return near and far limits by index, from the lengths in each layer's stretch of text.

    A depth is added to where the layer before ends; "0 at the border" is where the first begins.
    """
    found: dict[int, Extent] = {}
    for echelon in sorted(echelons, key=lambda echelon: echelon.indices[0]):
        first = echelon.indices[0]
        sentence = scene.document.sentence_at(echelon.start)
        lengths = scene.within(scene.lengths, echelon.area_start, min(echelon.area_end, sentence.end))
        last = next((found[index].far for index in range(first - 1, 0, -1) if index in found), None)
        begin: list[float | None] | None = [0.0, 0.0] if first == 1 else last
        before_near = next((found[index].near for index in range(first - 1, 0, -1) if index in found), None)
        extent = _extent(scene, lengths, begin, last or before_near)
        found[first] = extent
        for index in echelon.indices[1:]:
            found[index] = Extent(None, None, ())
    return found


def _extent(
    scene: Scene, lengths: list[LengthMention], begin: list[float | None] | None, last: list[float | None] | None
) -> Extent:
    near: list[float | None] | None = None
    far: list[float | None] | None = None
    used: list[LengthMention] = []
    for length in lengths:
        kind = _kind(scene, length)
        if kind is None or (far is not None and kind in {"far", "depth", "range"}):
            continue
        if kind == "range":
            near, far = [length.min_m, length.min_m], [length.max_m, length.max_m]
        elif kind == "depth":
            near = near or begin
            far = _plus(near, length.pair)
        elif kind == "far":
            near, far = near or begin, length.pair
        elif kind == "behind":
            near = _plus(last, length.pair) if last else None
        else:
            near = length.pair
        used.append(length)
    return Extent(near, far, tuple(used))


def _plus(base: list[float | None] | None, more: list[float | None]) -> list[float | None] | None:
    if base is None:
        return None
    low = None if base[0] is None or more[0] is None else base[0] + more[0]
    high = None if base[1] is None or more[1] is None else base[1] + more[1]
    return None if low is None and high is None else [low, high]


def _kind(scene: Scene, length: LengthMention) -> str | None:  # noqa: C901, PLR0911 - a cascade of rules; the first that fits wins
    """Return what a length says of a layer: range, depth, far, near, behind, or None for nothing."""
    before, after = scene.before(length.start, 50), scene.after(length.full_end, 60)
    if length.dimension in {"height", "length", "thickness"} or re.search(
        r"\b(?:every|height of|length of|intervals? of|apart) (?:about |some )?$", before
    ):
        return None
    if re.search(r"\bat (?:a )?(?:depths?|distance) of (?:about |some |around |roughly )*$", before) and not from_range(
        length
    ):
        return "near"
    if length.dimension in {"depth", "width"} or re.search(
        r"\b(?:depth|width) (?:of|is|being) (?:about |roughly |some |around |up to )*$", before
    ):
        return "depth"
    if not re.search(r"\bwithin (?:about |some )?$", before) and re.match(
        r" (?:long|of (?:trench|ditch|wire|fence|the border|front))| apart", after
    ):
        return None
    from_edge = _FROM_EDGE.match(after) is not None
    is_range = from_range(length)
    if is_range and re.search(r"\b(?:start\w*|begin\w*) (?:some |about |at |between )*$", before):
        return "near"
    if is_range:
        return "range"
    if _BEHIND_LAST.match(after):
        return "behind"
    if _IN_ALL.match(after):
        return "far"
    if length.min_m is None or _TO.search(before):
        return "far"
    if _BETWEEN.search(before) or _STARTS.search(before) or from_edge:
        return "near" if from_edge or _STARTS.search(before) else None
    if re.match(rf"[- ](?:\w+ )?{_LAYER}|\)", after) or re.search(r"[(,:] ?(?:about |some |roughly )?$", before):
        return "depth"
    return None


def from_range(length: LengthMention) -> bool:
    """Whether a length has two different ends."""
    return length.min_m is not None and length.max_m is not None and length.min_m < length.max_m


def echelon_facts(echelons: list[Echelon], found: dict[int, Extent]) -> Iterator[Fact]:
    """Yield the layers; the evidence goes from the naming to the last length that was used."""
    for echelon in echelons:
        for index in echelon.indices:
            extent = found[index]
            value: dict[str, Any] = {"index": index, "near_m": extent.near, "far_m": extent.far}
            start = min([echelon.start, *(length.start for length in extent.used)])
            end = max([echelon.end, *(length.end for length in extent.used)])
            confidence = 0.8 if extent.used else 0.6
            yield Fact("echelon", value, start, end, echelon=index, confidence=confidence, rule="echelon")


def echelons_at(echelons: list[Echelon], position: int) -> tuple[int, ...]:
    """Return the indices of the layer whose stretch of text holds a position; none is empty."""
    for echelon in echelons:
        if echelon.area_start <= position < echelon.area_end:
            return echelon.indices
    return ()
