"""Where things are: relative places, end points, coordinates and plain place names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final

from geoconflict.fortifications.prose.fact import BEARINGS, Fact
from geoconflict.fortifications.prose.lengths import LengthMention
from geoconflict.fortifications.prose.names import NAME, NameMention, find_names
from geoconflict.fortifications.prose.scene import Scene
from geoconflict.fortifications.prose.systems import Roles
from geoconflict.fortifications.prose.windows import matches
from geoconflict.geodesy import destination
from geoconflict.names.gazetteer import find_place

_CARDINAL: Final = r"(?:north|south)(?:-? ?(?:north|south))?-? ?(?:east|west)|north|south|east|west"
_BEARING: Final = rf"(?:to the |due |just |directly |immediately )*(?P<bearing>{_CARDINAL})(?:ern|wards?|erly)?"
_BORDER_NP: Final = re.compile(
    rf"(?:the |its |their |his |our )?(?P<np>(?:{NAME}(?:'s)?[ -]|[a-z]+-)?(?:[a-z]+ (?<!the ))?(?:land |state |international |common |shared |nearest |closest |disputed |volatile |porous )*(?:border|frontier|boundary|front ?line|line of contact|contact line|line of control|demarcation line|coast|coastline|shore|de facto border|armistice line|buffer zone|green line)"
    rf"(?: (?:with|of|between) (?:the )?{NAME}(?: and {NAME})?)?)\b"
)
_KIND_OF: Final = r"(?:the |its |their )?(?:(?:[a-z-]+ ){0,3}(?:city|town|village|port|capital|settlement|hamlet|district|province|region|state|outskirts|suburbs?|centre|center|oasis|island|edge|base|crossing|airport|airbase|air base|front-line town|commune)(?: city)?(?:,(?! the)| of)? (?:(?<!, )the )?(?:town of |city of )?)?(?:the |nearby |neighbou?ring |downtown |central )?"
_NAME_NP: Final = re.compile(rf"{_KIND_OF}(?P<np>{NAME})")
_PLAIN_NP: Final = re.compile(
    r"(?:the |its )(?P<np>(?:[a-z]+ )?(?:capital|coast|front ?line|border|frontier|provincial capital|regional capital|strait|river|crossing|zero line|town|city|village|port|airport|base|temple|camp|power station|plant|dam|bridge|checkpoint|mosque|hospital|school|island|mine))\b"
)
_OF: Final = re.compile(rf" ?(?:away |further )?{_BEARING} (?:of|from) ")
_FROM: Final = re.compile(
    r" (?:away )?(?:from|off|short of|outside|outside of|behind|beyond|inland from|along the road from|by road from|upstream from|downstream from|downriver from|to) (?=\S)"
)
_WITHIN: Final = re.compile(
    r"\b(?P<within>within|less than|under|as close as|up to|inside) (?:about |some |just |only |a |roughly )*$"
)
_WITHIN_OF: Final = re.compile(r" (?:of|from) (?=\S)")
_INSIDE: Final = re.compile(
    r" ?(?:deep )?(?:inside|into|within|across the (?:border|frontier|line) (?:into|in|inside)|over the border (?:into|in)|beyond the border (?:into|in)|on the \w+ side of|deep in) (?:the |(?:neighbou?ring|northern|southern|eastern|western|occupied|north-?eastern|north-?western|south-?eastern|south-?western|rebel-held) )*"
)
_OFFSHORE: Final = re.compile(
    r" ?(?:(?:to the |due )?(?P<bearing>"
    + _CARDINAL
    + r")(?:ern|wards?)? )?(?:off|offshore from|offshore of|from the coast of|seaward of|out to sea from|off the coast of) (?:of )?(?:the )?(?:(?:[a-z]+ )?(?:coast|shores?|port|island|coastline|coastal (?:city|town)|port city|city|mouth) (?:of |near |at )?(?:the )?(?:city of |port of )?)?"
)
_ACROSS: Final = re.compile(
    r"\b(?:(?:just |directly |immediately |right |lies |situated |located )*(?P<cue>(?:across|over|on the other side of) the (?:land |common |shared )?(?:border|frontier|boundary|river|line|strait)(?: from| of)|opposite|facing|across from|over the border from)|(?P<cue2>(?:just |directly )?across the (?:border|frontier) (?:in|from|with))) (?:the )?(?:[a-z]+ (?:town|city|village|port|district|post|region|province) of )?(?:neighbou?ring )?"
)
_DIRECTION: Final = re.compile(rf"(?P<bearing>{_CARDINAL})(?:ern|wards?)? of ")
_DIRECTION_FROM: Final = re.compile(rf"\b(?:to the |further |just )(?P<bearing>{_CARDINAL}) (?:of|from) ")
_NEAR: Final = re.compile(
    r"\b(?P<cue>near(?: to|by)?|close to|just outside|outside|on the outskirts of|in the outskirts of|at the outskirts of|in the vicinity of|not far from|a short distance from|on the edge of|at the gates of|adjacent to|in the area of|next to|on the road to|beside|in the suburbs of|on the approaches to|at the entrance to) (?=\S)"
)
_TOWN: Final = re.compile(r"\b(?P<np>city|town|village|port|capital|oasis) $")
_INSIDE_CUE: Final = re.compile(
    r"\b(?P<cue>(?:just |deep |well )(?:inside|within|into)|inside) (?:the |northern |southern |eastern |western |neighbou?ring |occupied )*"
)
_RING: Final = re.compile(
    r"\b(?:inside|within) (?:the |a |an |its |this |that )?(?:[\w-]+ ){0,3}?(?:ring(?: road| of [a-z -]+?)?|encirclement|perimeter|besieged (?:area|enclave)|defensive ring|belt of fortifications|berm|earth(?:en)? (?:ring|berm)|walls? of)(?: (?:round|around|of|at|encircling|surrounding|that surrounds|about|that encircles)) (?:the )?(?:(?:city|town|village|port|capital|besieged city|besieged town|oasis)(?: of)? )?"
)

_END: Final = (
    rf"(?:(?:the |its |a )?(?:(?:town|city|village|port|settlement|oblast|region|province|area|shores?|coast|banks?|capital|border town|outskirts) of (?:the )?)?(?P<%s>(?:(?:[a-z]+ )?(?:mouth|tripoint|confluence|junction|tip|foothills|estuary|delta|source|edge|banks?|coast) (?:of|with) (?:the )?)?{NAME}"
    rf"(?: (?:exclave|river|coast|sea|border|frontier|mountains|heights|border crossing|crossing|peninsula|gulf|estuary|pass|tripoint|delta|corridor|gap|region|province|oblast|district|desert|lake|lagoon|reservoir))?(?: (?:and|-) {NAME} (?:tripoint))?))"
)
_TAIL: Final = r"(?: region| area| district| oblast| province)?(?: (?:in|on|at|near) (?:the )?(?:far |extreme )?(?:north|south|east|west|northeast|northwest|southeast|southwest|north-east|north-west|south-east|south-west|[A-Z]\w+)(?:ern)?(?: (?:coast|border|shore|Sea|Coast|Ocean|region|province|Oblast))?)?(?: region| province)?,?"
_ENDS: Final = re.compile(
    rf"\b(?:from {_END % 'a'}{_TAIL}(?: (?:all the way |down |up |through [^.;]{{1,60}}? |along [^.;]{{1,60}}? |across [^.;]{{1,60}}? |via [^.;]{{1,60}}? |south |north |east |west |southwards |northwards |eastwards |westwards )*)(?:to|as far as|until|towards|and ends at|and ending at) {_END % 'b'}|between {_END % 'c'}{_TAIL} and {_END % 'd'})"
)
_OFF: Final = re.compile(
    r"\b(?P<cue>off|offshore from|off the coast of) (?:the )?(?:(?:[a-z]+ )?(?:coast|shores?|port|island|coastline|port city|coastal city) (?:of |near )?(?:the )?(?:city of )?)?(?=[A-Z])"
)
_RING_OF: Final = re.compile(
    rf"\b(?:[Ii]nside|[Ww]ithin) (?P<name>{NAME})'s (?:[a-z-]+ ){{0,3}}(?:ring|ring road|walls|ramparts|perimeter|defences|defenses)\b"
)
_LETTERS: Final = re.compile(r"(?<![\w.])(?P<bearing>[NS][EW]?|[EW]) of (?=[A-Z])")

# The words that a match begins with; only there is it tried.
_ACROSS_STARTS: Final = (
    "just ",
    "directly ",
    "immediately ",
    "right ",
    "lies ",
    "situated ",
    "located ",
    "across",
    "over the",
    "on the other",
    "opposite",
    "facing",
)
_DIRECTIONS: Final = (
    (_DIRECTION, ("north", "south", "east", "west")),
    (_DIRECTION_FROM, ("to the ", "further ", "just ")),
)
_NEAR_STARTS: Final = (
    "near",
    "close to",
    "just outside",
    "outside",
    "on the ",
    "in the ",
    "at the ",
    "not far",
    "a short",
    "adjacent",
    "next to",
    "beside",
)
_NAME_BEFORE: Final = re.compile(
    rf"{NAME},? (?:which is |is |lies |located |situated |a [a-z -]+ )?(?:about |some |roughly |only |just |nearly |around |approximately |less than |within )*$"
)
# What a radar sees or a gun reaches is no place.
_REACH: Final = re.compile(
    r"\b(?:sees?|look(?:s|ing)?|peer\w*|range of|detect\w*|fires?|monitor\w*|scan\w*|observe) (?:about |up to |some )*$"
)
# "112 miles from A to B" is a length.
_ON_TO: Final = re.compile(r"(?: (?:in|on) the \w+)? (?:all the way )?to (?:the )?[A-Z]")


class Places:
    """Relative places, end points and names of a scene; names that serve one are not given twice."""

    def __init__(self, scene: Scene, roles: Roles, taken: set[int], owners: Collection[str] = ()) -> None:
        self.scene = scene
        self.owners = owners
        self.works = sorted((*roles.systems, *roles.parts, *roles.echoes), key=lambda work: work.start)
        self.names = find_names(scene)
        self.taken: list[tuple[int, int]] = []
        self.lengths: set[int] = set()
        self.facts: list[Fact] = []
        self.lengths.update(taken)
        self._measured()
        holds = scene.document.holds
        if holds("off ", "offshore"):
            self._offshore()
        if holds("across", "opposite", "facing", "other side", "over the"):
            self._across()
        if holds("inside", "within"):
            self._ring()
        if holds("north", "south", "east", "west", " of "):
            self._direction()
        self._near()
        if holds("inside", "within", "into"):
            self._inside()
        if self.works and holds(" to ", "between", "as far as"):
            self._endpoints()

    # Anchors.

    def _anchor(self, at: int) -> tuple[int, int] | None:
        """Return the stretch of the place or border that begins at a position, articles left out."""
        norm = self.scene.norm
        for pattern in (_BORDER_NP, _NAME_NP, _PLAIN_NP):
            match = pattern.match(norm, at)
            if match is None:
                continue
            start, end = match.span("np")
            if norm[start:end].endswith("'s"):
                end -= 2
            word = norm[start:end]
            if word.split()[0] in {"The", "A"} or (pattern is _NAME_NP and self._is_no_place(start, end)):
                return None
            return start, end
        return None

    def _is_no_place(self, start: int, end: int) -> bool:
        after = self.scene.norm[end : end + 20]
        word = self.scene.norm[start:end]
        months = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
        if re.match(months, word) or re.match(
            r" ?(?:troops|forces|soldiers|positions|army|officials|convoy|police|base of)\b", after
        ):
            return True
        adjectives = [
            mention
            for mention in self.scene.countries
            if mention.start == start and mention.kind in {"adjective", "party"}
        ]
        return bool(adjectives) and adjectives[0].end == end and not adjectives[0].surface.startswith("Polisario")

    def _add(
        self, fields: dict[str, Any], start: int, end: int, anchor: tuple[int, int], confidence: float = 0.8
    ) -> None:
        if not self.scene.is_open(start) or any(s < anchor[1] and anchor[0] < e for s, e in self.taken):
            return
        surface = self.scene.document.text[anchor[0] : anchor[1]]
        value: dict[str, Any] = {
            "anchor": surface,
            "relation": fields["relation"],
            "dist_m": fields.get("dist_m"),
            "bearing": fields.get("bearing"),
        }
        value["lat"], value["lon"] = self._position(surface, value)
        self.taken.append(anchor)
        self.facts.append(Fact("rel", value, start, end, confidence=confidence, rule=str(fields["relation"])))

    def _position(self, surface: str, value: dict[str, Any]) -> tuple[float | None, float | None]:
        """Return lat, lon: the anchor's, moved by distance and bearing where both are known."""
        if value["relation"] in {"across_border", "inside_border"} or re.search(r"border|frontier|line|coast", surface):
            return None, None
        # "The town" and "the Polish coast" are in no gazetteer.
        is_name = surface[0].isupper() or surface.startswith(("al-", "el-"))
        is_country = any(mention.surface == surface for mention in self.scene.countries if mention.kind != "capital")
        found = (
            find_place(self.scene.document.gazetteer, surface, self.scene.codes) if is_name and not is_country else None
        )
        if found is None:
            return None, None
        lon, lat = found.lon, found.lat
        ends = [end for end in value["dist_m"] or () if end is not None]
        if value["bearing"] in BEARINGS and ends:
            azimuth = 45.0 * BEARINGS.index(value["bearing"])
            moved = destination(lon, lat, azimuth, sum(ends) / len(ends))
            lon, lat = float(moved[0]), float(moved[1])
        return round(lat, 5), round(lon, 5)

    # Relations.

    def _measured(self) -> None:
        for length in self.scene.lengths:
            if (
                length.dimension is not None
                or length.start in self.lengths
                or _REACH.search(self.scene.before(length.start, 30))
            ):
                continue
            self._of_bearing(length) or self._off(length) or self._within(length) or self._into(length) or self._from(
                length
            )

    def _start(self, length: LengthMention) -> int:
        within = _WITHIN.search(self.scene.before(length.start, 30))
        return length.start - (len(within.group()) if within and within["within"] == "within" else 0)

    def _pair(self, length: LengthMention) -> list[float | None]:
        return [0.0 if length.min_m is None else length.min_m, length.max_m]

    def _of_bearing(self, length: LengthMention) -> bool:
        match = _OF.match(self.scene.low, length.full_end)
        anchor = self._anchor(match.end()) if match else None
        if match is None or anchor is None:
            return False
        fields = {"relation": "distance_bearing", "dist_m": self._pair(length), "bearing": _compass(match["bearing"])}
        self.lengths.add(length.start)
        self._add(fields, length.start, anchor[1], anchor, 0.9)
        return True

    def _off(self, length: LengthMention) -> bool:
        match = _OFFSHORE.match(self.scene.low, length.full_end)
        anchor = self._anchor_offshore(match) if match else None
        if match is None or anchor is None:
            return False
        self.lengths.add(length.start)
        bearing = _compass(match["bearing"]) if match["bearing"] else None
        self._add(
            {"relation": "offshore", "dist_m": self._pair(length), "bearing": bearing},
            length.start,
            anchor[1],
            anchor,
            0.85,
        )
        return True

    def _anchor_offshore(self, match: re.Match[str]) -> tuple[int, int] | None:
        found = _NAME_NP.match(self.scene.norm, match.end())
        if not found:
            return None
        start, end = found.span("np")
        if self.scene.norm[start:end].endswith("'s"):
            end -= 2
        coast = re.match(r"(?:'s)? (?:[a-z]+ )?(?:coast|coastline|shores?|port)\b", self.scene.norm[end : end + 24])
        adjective = any(
            mention.start == start and mention.end == end and mention.kind == "adjective"
            for mention in self.scene.countries
        )
        if coast and adjective:
            end += coast.end()
        return start, end

    def _within(self, length: LengthMention) -> bool:
        cue = _WITHIN.search(self.scene.before(length.start, 30))
        match = _WITHIN_OF.match(self.scene.low, length.full_end)
        is_open_low = cue is not None or length.min_m is None
        if not is_open_low or match is None:
            return False
        anchor = self._anchor(match.end())
        if anchor is None or self._is_offset(length, anchor):
            return False
        self.lengths.add(length.start)
        low = 0.0 if length.min_m is None or length.min_m == length.max_m else length.min_m
        self._add({"relation": "distance", "dist_m": [low, length.max_m]}, self._start(length), anchor[1], anchor)
        return True

    def _into(self, length: LengthMention) -> bool:
        match = _INSIDE.match(self.scene.low, length.full_end)
        if match is None:
            return False
        mention = next((m for m in self.scene.countries if m.start == match.end() and m.is_state), None)
        if mention is None:
            anchor = self._anchor(match.end())
            if anchor is None or self._is_offset(length, anchor):
                return False
        else:
            if self._is_work_subject(length) and (mention.kind != "name" or mention.code in self.owners):
                return False
            anchor = (mention.start, mention.end)
        self.lengths.add(length.start)
        end = self._territory_end(anchor[1])
        self._add(
            {"relation": "inside_border", "dist_m": self._pair(length)}, length.start, end, (anchor[0], end), 0.85
        )
        return True

    def _territory_end(self, end: int) -> int:
        return end

    def _from(self, length: LengthMention) -> bool:
        match = _FROM.match(self.scene.low, length.full_end)
        if match is None or (match.group().strip() == "to" and True):
            return False
        anchor = self._anchor(match.end())
        if anchor is None or self._is_offset(length, anchor) or _ON_TO.match(self.scene.norm, anchor[1]):
            return False
        self.lengths.add(length.start)
        self._add({"relation": "distance", "dist_m": self._pair(length)}, length.start, anchor[1], anchor)
        return True

    def _is_offset(self, length: LengthMention, anchor: tuple[int, int]) -> bool:
        """Whether a distance from a border or front is that of works, which is their offset."""
        words = self.scene.low[anchor[0] : anchor[1]]
        if not re.search(r"border|frontier|boundary|line|coast|shore|zone|front", words):
            return False
        return self._is_work_subject(length)

    def _is_work_subject(self, length: LengthMention) -> bool:
        before = self.scene.norm[max(0, length.start - 40) : length.start]
        if _NAME_BEFORE.search(before):
            named = any(length.start - 40 <= name.start < length.start for name in self.names)
            if named or "," in before:
                return False
        sentence = self.scene.document.sentence_at(length.start)
        goes_on = re.match(r"[\"'(]*(?:it|they|these|this)\b", self.scene.low[sentence.start : sentence.start + 10])
        if goes_on and any(work.sentence == sentence.index - 1 for work in self.works):
            return True
        start, _ = self.scene.clause(length.start)
        if re.search(r"\b(?:it|they|which|these)\b", self.scene.low[start : length.start]):
            start = sentence.start
        return any(start <= work.start < length.start for work in self.works)

    def _offshore(self) -> None:
        for match in matches(_OFF, self.scene.norm, ("off",)):
            if re.search(
                r"\b(?:seal\w*|cut\w*|broke|took|call\w*|set|fenc\w*|wall\w*|fend\w*|fought|drove|kicked|pull\w*|hold\w*|fired|shot|goes|went|block\w*|head\w*|laid|pay\w*) $",
                self.scene.before(match.start(), 14),
            ):
                continue
            anchor = self._anchor_offshore(match)
            has_coast = anchor is not None and (
                re.search("coast|shore|port|island", match.group())
                or re.match(r"(?:'s)? (?:[a-z]+ )?(?:coast|shore|port)", self.scene.norm[anchor[1] : anchor[1] + 20])
                or "coast" in self.scene.norm[anchor[0] : anchor[1]]
            )
            is_name = anchor is not None and any(name.start == anchor[0] for name in self.names)
            if anchor is not None and (has_coast or is_name):
                self._add({"relation": "offshore"}, match.start(), anchor[1], anchor)

    def _across(self) -> None:
        for match in matches(_ACROSS, self.scene.low, _ACROSS_STARTS):
            start = match.start("cue") if match["cue"] else match.start("cue2")
            if match["cue"] == "facing" and self.works:
                continue
            if match["cue"] in {"facing", "opposite"} and not self._anchor(match.end()):
                continue
            anchor = self._anchor(match.end())
            if anchor is not None:
                self._add({"relation": "across_border"}, start, anchor[1], anchor)

    def _ring(self) -> None:
        for match in matches(_RING, self.scene.low, ("inside", "within")):
            noun = _TOWN.search(match.group())
            anchor = self._anchor(match.end()) or (
                (match.start() + noun.start("np"), match.start() + noun.end("np")) if noun else None
            )
            if anchor is not None:
                self._add({"relation": "inside_ring"}, match.start(), anchor[1], anchor, 0.75)
        for match in matches(_RING_OF, self.scene.norm, ("inside", "Inside", "within", "Within")):
            self._add({"relation": "inside_ring"}, match.start(), match.end(), match.span("name"), 0.75)

    def _direction(self) -> None:
        for match in matches(_LETTERS, self.scene.norm, ("N", "S", "E", "W")):
            anchor = self._anchor(match.end())
            if anchor is not None:
                self._add({"relation": "direction", "bearing": match["bearing"]}, match.start(), anchor[1], anchor)
        for pattern, starts in _DIRECTIONS:
            for match in matches(pattern, self.scene.low, starts):
                is_inside = (
                    re.match(r"[\w-]", self.scene.low[match.start("bearing") - 1 : match.start("bearing")]) is not None
                )
                anchor = None if is_inside else self._anchor(match.end())
                if anchor is None:
                    continue
                self._add(
                    {"relation": "direction", "bearing": _compass(match["bearing"])},
                    match.start("bearing"),
                    anchor[1],
                    anchor,
                )

    def _near(self) -> None:
        for match in matches(_NEAR, self.scene.low, _NEAR_STARTS):
            anchor = self._anchor(match.end())
            if anchor is None:
                continue
            name = self.scene.norm[anchor[0] : anchor[1]]
            is_border = re.search(r"border|frontier|line|coast|shore", name) is not None
            if (is_border and self._has_work_near(match.start())) or (
                match["cue"] in {"outside", "beside"} and not any(n.start == anchor[0] for n in self.names)
            ):
                continue
            self._add({"relation": "near"}, match.start("cue"), anchor[1], anchor, 0.75)

    def _has_work_near(self, at: int) -> bool:
        sentence = self.scene.document.sentence_at(at).index
        return any(work.sentence in {sentence, sentence - 1} for work in self.works)

    def _inside(self) -> None:
        for match in matches(_INSIDE_CUE, self.scene.low, ("just ", "deep ", "well ", "inside")):
            mention = next((m for m in self.scene.countries if m.start == match.end() and m.is_state), None)
            if mention is None or self._has_work_near(match.start()):
                continue
            after = self.scene.after(mention.end, 30)
            if mention.kind == "adjective" and not re.match(r" (?:territory|soil|airspace|side|land|waters)", after):
                continue
            if match["cue"] == "inside" and not re.match(
                r"(?:'s)? (?:territory|soil|side|airspace)|, (?:near|close|across)", after
            ):
                continue
            self._add({"relation": "inside_border"}, match.start("cue"), mention.end, (mention.start, mention.end), 0.7)

    # End points.

    def _endpoints(self) -> None:
        for match in matches(_ENDS, self.scene.norm, ("from ", "between ")):
            if not self.scene.is_open(match.start()) or not self._has_work_near(match.start()):
                continue
            groups = ("a", "b") if match["a"] else ("c", "d")
            spans = [match.span(group) for group in groups]
            if not all(self._can_end(span, is_between=groups[0] == "c") for span in spans):
                continue
            for span in spans:
                self.taken.append(span)
                place = self.scene.document.text[span[0] : span[1]]
                self.facts.append(Fact("endpoint", {"place": place}, *span, confidence=0.8, rule="from … to …"))

    def _can_end(self, span: tuple[int, int], *, is_between: bool) -> bool:
        word = self.scene.norm[span[0] : span[1]]
        if self._is_no_place(*span):
            return False
        if not is_between:
            return re.match(r"(?:The|It)\b", word) is None
        # "Between India and Pakistan" names the two sides of a border, not the ends of a line.
        whole = [m for m in self.scene.countries if m.start == span[0] and m.end == span[1]]
        return not (whole and whole[0].kind in {"name", "party"} and whole[0].surface != "Kaliningrad")

    def place_facts(self) -> Iterator[Fact]:
        """Yield the names of places that no other fact rests on, each once."""
        for name in self.names:
            if any(start < name.end and name.start < end for start, end in self.taken):
                continue
            yield self._place(name)

    def _place(self, name: NameMention) -> Fact:
        found = find_place(self.scene.document.gazetteer, name.surface, self.scene.codes)
        lon, lat = (found.lon, found.lat) if found is not None else (None, None)
        value = {"surface": name.surface, "lat": lat, "lon": lon}
        return Fact("place", value, name.start, name.end, confidence=name.confidence, rule="place")


def _compass(words: str) -> str:
    """Return the compass point of "north-west" or "south south east", to eight points."""
    letters = "".join(word[0] for word in re.findall(r"north|south|east|west", words)).upper()
    if len(letters) == 3:
        letters = letters[1:]
    return letters


_COORDINATE: Final = re.compile(
    r"(?<![\d.,])(?P<lat>[-+]?\d{1,2}\.\d{2,})°?(?: ?(?P<ns>[NS])\b)?[,;/ ]{1,3}(?P<lon>[-+]?\d{1,3}\.\d{2,})°?(?: ?(?P<ew>[EW])\b)?(?!\d|\.\d)"
    r"|(?P<d1>\d{1,2})° ?(?:(?P<m1>\d{1,2}(?:\.\d+)?)['′] ?(?:(?P<s1>\d{1,2}(?:\.\d+)?)[\"″] ?)?)?(?P<h1>[NS])[,;/ ]{1,3}(?P<d2>\d{1,3})° ?(?:(?P<m2>\d{1,2}(?:\.\d+)?)['′] ?(?:(?P<s2>\d{1,2}(?:\.\d+)?)[\"″] ?)?)?(?P<h2>[EW])"
    r"|(?P<lat2>\d{1,2}(?:\.\d+)?)° ?(?P<ns2>[NS])[,;/ ]{1,3}(?P<lon2>\d{1,3}(?:\.\d+)?)° ?(?P<ew2>[EW])"
)


_DECIMAL: Final = re.compile(r"°|\.\d\d")


def coordinate_facts(scene: Scene) -> Iterator[Fact]:
    """Yield the coordinates written out in the text: decimal degrees, or degrees, minutes, seconds."""
    if not _DECIMAL.search(scene.low):
        return
    for match in _COORDINATE.finditer(scene.norm):
        if match["lat"]:
            lat = _signed(float(match["lat"]), match["ns"])
            lon = _signed(float(match["lon"]), match["ew"])
        elif match["d1"]:
            lat = _signed(_degrees(match, "1"), match["h1"])
            lon = _signed(_degrees(match, "2"), match["h2"])
        else:
            lat, lon = _signed(float(match["lat2"]), match["ns2"]), _signed(float(match["lon2"]), match["ew2"])
        if abs(lat) <= 90 and abs(lon) <= 180 and scene.is_open(match.start()):
            value = {"lat": round(lat, 6), "lon": round(lon, 6)}
            yield Fact("coord", value, match.start(), match.end(), confidence=0.95, rule="coordinate")


def _degrees(match: re.Match[str], which: str) -> float:
    return float(match["d" + which]) + float(match["m" + which] or 0) / 60 + float(match["s" + which] or 0) / 3600


def _signed(value: float, hemisphere: str | None) -> float:
    return -value if hemisphere in {"S", "W"} else value
