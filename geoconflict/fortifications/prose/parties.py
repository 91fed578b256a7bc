"""Who owns a system, whom it faces, and on whose side of the border it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.scene import Scene
from geoconflict.fortifications.prose.systems import Roles
from geoconflict.names.mentions import CountryMention

_BORDER: Final = r"(?:land |state |eastern |western |northern |southern |common |shared |long |porous |international |\d[\w.,-]* |de facto |maritime )*(?:border|frontier|boundary|borderline|borderland|borderlands|demarcation line|line of contact|armistice line)s?(?! (?:guard|polic|service|troops|forces|agen|control|post|patrol|authorit|security|committee))"
_WITH: Final = re.compile(
    rf"{_BORDER}(?: \w+)? (?:with|to|facing|shared with|against)(?: both| neighbou?ring| the territory of)? (?:the )?$"
)
_SHARES: Final = re.compile(
    r"\b(?:fac(?:es|ed|ing)|around|(?:fence|wall|barrier|fencing) (?:with|towards|against)|opposite|separat\w+ (?:it|them|the \w+) from|sealed? (?:off|itself off) from|cut off from|shared? with|borders on|bordering) (?:the )?$"
)
_THREAT: Final = r"(?:attack|invasion|aggression|assault|offensive|advance|incursion|infiltration|threat|army|armou?r|tanks?|troops|forces|fighters|militants|raids?|attacks|incursions|raiders|guerrillas?|push|thrust|strike|expansion)"
_AGAINST: Final = re.compile(
    r"\b(?:against|deter(?:ring)?|repel(?:ling)?|stop(?:ping)?|slow(?: down)?|slowing|counter(?:ing)?|keep out|resist(?:ing)?|halt(?:ing)?|block(?:ing)?|prevent(?:ing)?|delay(?:ing)?|withstand|thwart|hinder|contain(?:ing)?|defend(?:s|ing)? against|in case of|in the event of|fend off|hold off|protect\w* (?:\w+ )?from|shield\w* (?:\w+ )?from)"
    r" (?:an? |any |the |possible |potential |future |further |large-scale |feared |renewed |new |full-scale |ground |armou?red |mechani[sz]ed )*$"
)
_BY_FROM: Final = re.compile(rf"\b{_THREAT} (?:by|from|out of) (?:the )?$")
_BUILD_VERB: Final = re.compile(
    r"\b(?:(?:re)?build(?:s|ing)?|(?:re)?built|erect(?:s|ed|ing)?|construct(?:s|ed|ing)?|dig(?:s|ging)?|dug|lay(?:s|ing)?|laid|install(?:s|ed|ing)?|put up|puts up|putting up|set up|"
    r"fortif(?:y|ied|ies|ying)|complet(?:es|ed|ing|e)|finish(?:es|ed|ing)?|plan(?:s|ned|ning)?|start(?:s|ed|ing)?|began|begun|begins?|begin(?:ning)?|plac(?:es|ed|ing)|deploy(?:s|ed|ing)?|reinforc(?:es|ed|ing)|maintain(?:s|ed|ing)?|"
    r"rais(?:es|ed|ing)|thr(?:ew|own) up|creat(?:es|ed|ing)|establish(?:es|ed|ing)?|extend(?:s|ed|ing)?|announc(?:es|ed|ing)|unveil(?:s|ed|ing)?|approv(?:es|ed|ing)|has|have|had|will|intends?|wants?|mann(?:ed|ing)|mans|man\b|guards?|guarded|hold(?:s|ing)?|"
    r"plant(?:s|ed|ing)?|ring(?:ed|s)|surround(?:s|ed|ing)|encircl(?:es|ed|ing)|sow(?:s|ed|n|ing)?|string(?:s|ing)?|strung|fell(?:s|ed|ing)|develop(?:s|ed|ing)?|design(?:s|ed|ing)?|fenc(?:es|ed|ing)|wall(?:ed|ing)|seal(?:s|ed|ing)?|min(?:ed|ing)|lined|prepar(?:es|ed|ing)|strengthen(?:s|ed|ing)?|add(?:s|ed|ing)?|operat(?:es|ed|ing)|upgrad(?:es|ed|ing)|cleared|entrench\w*|bulldozed|push(?:es|ed|ing)|answered with|respond(?:s|ed) with|funded?|budgeted|allocated|earmarked|spen[dt]|stretches|controls|inaugurated|opened)\b"
)
_BY: Final = re.compile(
    r"\b(?:built|erected|dug|constructed|laid(?: out)?|developed|extended|commissioned|ordered|manned|guarded|maintained|put up|controlled|held|operated|run|installed|completed|patrolled|raised|prepared|created|established|set up|fortified|planned|started|begun|made|thrown up|finished|deployed|placed|financed|funded|administered|policed|owned|agreed|approved|designed|proposed|led|launched|announced|adopted|unveiled)"
    r"(?: (?:in|since|from|after|between) (?:\w+ )?\d{4}(?: (?:and|to) \d{4})?| largely| mainly| jointly| mostly)* by (?:the )?(?:\w+ forces of )?$"
)
_GAP: Final = re.compile(r"(?:'s?)?[ -](?:[\w.,%'-]+ ){0,7}?")
_NOT_IN_GAP: Final = re.compile(
    r"\b(?:and|or|but|has|have|had|is|are|was|were|will|with|from|along|by|on|in|at|of|to|that|which|who|near|against|over|between|for|as|it|they|the|border|frontier|boundary|minister|president|army|forces|side|said|says|officials?|troops|soldiers|attack|invasion|aggression|territory|soil|town|city|village)\b"
)
_LIST: Final = re.compile(
    r",? (?:and|or|&) (?:the )?(?:with )?|, (?:the )?|/|(?:'s)? \([^)]{0,40}\)(?:,? and |, )|'s? and | and its (?:ally|exclave) (?:the )?|, as well as (?:with )?| as well as (?:with )?"
)
_ITS_BORDER: Final = re.compile(
    rf"(?:'s?)? (?:own |entire |whole )?{_BORDER}(?P<with> (?:[\w,-]+ ){{0,4}}?(?:with|facing) )?"
)
_AGENTS: Final = r"(?:'s?)?(?: (?:government|army|military|forces|troops|authorities|parliament|officials|ministry|engineers|soldiers|border guards?|state|defen[cs]e|interior|ministry of \w+|cabinet|armed|border|guard|service|prime|minister|president|security|sappers|occupation|occupying))*"
_NON_OWNER: Final = re.compile(
    r"\b(?:said|says|told|accus\w+|criticis\w+|criticiz\w+|protest\w*|condemn\w*|complain\w*|object\w*|warn\w*|report\w*|alleg\w*|claim\w*)\b"
)


_PLANS: Final = re.compile(r"\b(?:fortif|defen[cs]|border|plan)")
_REBELS: Final = re.compile(
    r"(?:-backed|-led)?[ -](?:kurdish |islamist |armed |shia |sunni |communist |pro-\w+ )*(?:rebels?|opposition|insurgents?|militants?|separatists?|guerrillas|jihadists?|militias?|factions?|dissidents)\b"
)


_INSTITUTION: Final = re.compile(
    r"\b(?:the|its) (?P<who>(?:national |federal |central |transitional |military )?(?:army|military|government|authorities|armed forces|junta|defen[cs]e ministry|ministry of defen[cs]e|security forces|state|border guards?|engineers|sappers|troops|soldiers))\b"
)


_FACING_IT: Final = re.compile(r"\b(?:facing|opposite) (?:it|them|this|these),? (?:the )?$")
_HIS_PLAN: Final = re.compile(
    r"'s? (?:\w+ ){0,3}?(?:concept|plan|plans|project|strategy|programme|program|scheme|proposal|blueprint|initiative)\b"
)


_PARTED: Final = re.compile(
    r",? (?:which )?(?:are|is|were|was|have been|has been) (?:now |largely )?(?:separated|divided|split|parted)\b"
)
# Adjectives of parties stand for the party; other spellings are kept as written.
_PARTY_ADJECTIVES: Final = frozenset(
    (
        "Transnistrian",
        "Abkhaz",
        "Abkhazian",
        "South Ossetian",
        "Houthi",
        "Turkish Cypriot",
        "Turkish-Cypriot",
        "Turkish Cypriots",
    )
)


_PAIR: Final = re.compile(
    r"(?:'s|-(?:controlled|held|administered|occupied|ruled|backed))?(?: (?:areas?|side|territory|zone|forces|part|parts|regions?|north|south|troops))?(?: \([^)]*\))?(?: (?:on|in|to) the \w+)? (?:and|from) (?:the )?"
)
_PAIR_BEFORE: Final = re.compile(r"\b(?:between|separat\w+|divid\w+|split\w*|border of|borders of) (?:the )?$")
_AND: Final = re.compile(r" and (?:the )?")


# "Russia (the Kaliningrad exclave) and Belarus": the bracket names a part of the country before it.
_PART_OF_IT: Final = re.compile(r"(?:'s)? \((?:the |its |via |through )*|'s (?:exclave of )?")
_AFTER_BRACKET: Final = re.compile(r"(?: [\w' -]{1,30})?\)(?:,? and (?:with )?|, |,? as well as (?:with )?)(?:the )?")


class Parties:
    """Owners and facings of a scene, in the order of the text."""

    def __init__(self, scene: Scene, roles: Roles) -> None:
        self.scene = scene
        self.roles = roles
        works = (*roles.systems, *roles.parts, *roles.echoes)
        self._works = sorted(works, key=lambda work: work.start)
        self._sentences = sorted({work.sentence for work in self._works})
        self.owners: dict[str, tuple[CountryMention, float, str]] = {}
        self.facings: dict[str, tuple[CountryMention, float, str]] = {}
        self._grouped: dict[int, list[list[CountryMention]]] = {}
        self._faced: dict[int, bool] = {}
        if roles.systems or roles.parts:
            self._read()

    def _read(self) -> None:  # noqa: C901 - a cascade of rules; the first that fits wins
        for index in self._sentences:
            for group in self._groups(index):
                self._read_owner(group, index)
        for index in self._neighbours():
            for group in self._groups(index):
                if _BY.search(self.scene.before(group[0].start, 80)):
                    self._add(self.owners, group, 0.85, "built by")
        if not self.owners and self._sentences[0] > 0:
            self._read_planner(self._sentences[0] - 1)
        for index in self._neighbours():
            for group in self._groups(index):
                self._read_facing(group)
        for index in self._neighbours():
            self._read_pairs(index)
        self._fall_back()
        if self.owners and not self.facings:
            self._read_intruded()
        for code in list(self.facings):
            if code in self.owners and (len(self.owners) == 1 or self.facings[code][1] < self.owners[code][1]):
                del self.facings[code]

    def _neighbours(self) -> list[int]:
        """Return the sentences with works and those beside them."""
        last = len(self.scene.document.sentences) - 1
        return sorted({n for index in self._sentences for n in (index - 1, index, index + 1) if 0 <= n <= last})

    def _groups(self, index: int) -> list[list[CountryMention]]:
        """Return the countries of a sentence, those of one list together; remembered, since many rules ask."""
        known = self._grouped.get(index)
        if known is not None:
            return known
        sentence = self.scene.sentence(index)
        groups: list[list[CountryMention]] = []
        for mention in self.scene.within(self.scene.countries, sentence.start, sentence.end):
            is_dateline = mention.kind == "capital" and mention.surface.isupper()
            if is_dateline or not self.scene.is_open(mention.start):
                continue
            if groups and self._is_listed(groups[-1], mention):
                groups[-1].append(mention)
            else:
                groups.append([mention])
        self._grouped[index] = groups
        return groups

    def _is_listed(self, group: list[CountryMention], mention: CountryMention) -> bool:
        """Whether a country goes on with a list; "Russia (Kaliningrad) and Belarus" is one."""
        gap = self.scene.low[group[-1].end : mention.start]
        if _LIST.fullmatch(gap):
            return True
        if group[-1].code == mention.code and _PART_OF_IT.fullmatch(gap):
            return True
        is_inside = len(group) > 1 and "(" in self.scene.low[group[-2].end : group[-1].start]
        return is_inside and _AFTER_BRACKET.fullmatch(gap) is not None

    def _add(
        self,
        table: dict[str, tuple[CountryMention, float, str]],
        group: list[CountryMention],
        confidence: float,
        rule: str,
    ) -> None:
        for mention in group:
            known = table.get(mention.code)
            if known is None or known[1] < confidence - 0.2:
                table[mention.code] = (mention, confidence, rule)

    def _read_owner(self, group: list[CountryMention], index: int) -> None:  # noqa: C901, PLR0911, PLR0912 - a cascade of rules; the first that fits wins
        scene, first, last = self.scene, group[0], group[-1]
        before = scene.before(first.start, 80)
        if _BY.search(before):
            self._add(self.owners, group, 0.9, "built by")
            return
        if self._is_facing(group) or _AGAINST.search(before) or _PARTED.match(scene.low, last.end):
            return
        own = _ITS_BORDER.match(scene.low, last.end)
        if (own and not own["with"]) or any(
            other.end + 1 == first.start and scene.low[other.end] == " " for other in scene.countries
        ):
            return
        rebels = _REBELS.match(scene.low, last.end)
        if rebels and last.kind == "adjective":
            name = scene.document.text[last.start : rebels.end()]
            group = [replace(last, end=rebels.end(), code=name, surface=name, kind="party")]
            last = group[0]
        if own and own["with"]:
            if last.kind != "adjective" or self._names_own(own.end(), first):
                self._add(self.owners, group, 0.7, "its border with")
            return
        for work in self._works:
            if work.sentence == index and work.full_start >= last.end and self._is_gap(last.end, work.full_start):
                if not (
                    work.type is not None
                    and re.match(r"(?:'s?)?[ -]$", scene.low[last.end : work.full_start])
                    and self._is_target(before)
                ):
                    self._add(self.owners, group, 0.85, "whose works")
                return
        if _FACING_IT.search(before):
            self._add(self.facings, group, 0.8, "facing it")
            return
        if _HIS_PLAN.match(scene.low, last.end):
            self._add(self.owners, group, 0.8, "whose plan")
            return
        if (
            re.search(r" (?:that|which) $", before)
            and _BUILD_VERB.match(scene.low, last.end + 1)
            and any(work.end <= first.start - 5 and first.start - work.end < 80 for work in self._works)
        ):
            self._add(self.owners, group, 0.85, "which it built")
            return
        if self._builds(group, index):
            self._add(self.owners, group, 0.9 if last.kind != "capital" else 0.8, "builder")

    def _read_planner(self, index: int) -> None:
        """Take who plans or fortifies in the sentence before the first works."""
        sentence = self.scene.sentence(index)
        if not _PLANS.search(self.scene.low, sentence.start, sentence.end):
            return
        for group in self._groups(index):
            verb = _BUILD_VERB.match(self.scene.low, group[-1].end + 1)
            if verb and not self._is_facing(group):
                self._add(self.owners, group, 0.6, "planner")

    def _names_own(self, position: int, first: CountryMention) -> bool:
        after = self.scene.norm[position : position + 4]
        return bool(after) and first.start >= 0

    def _is_target(self, before: str) -> bool:
        return (
            re.search(
                r"\b(?:attack\w*|struck|strike on|hit|captur\w*|storm\w*|overran|shell\w*|bomb\w*|breach\w*|destroy\w*) (?:a |the |an )?$",
                before,
            )
            is not None
        )

    def _is_gap(self, start: int, end: int) -> bool:
        gap = self.scene.low[start:end]
        if not gap or len(gap) > 70 or not _GAP.fullmatch(gap):
            return gap in {" ", "-", "'s ", "' "}
        return _NOT_IN_GAP.search(gap.replace("-", " ")) is None

    def _builds(self, group: list[CountryMention], index: int) -> bool:
        scene, last = self.scene, group[-1]
        before = scene.before(group[0].start, 40)
        if re.search(
            r"\b(?:in|near|from|across|into|inside|of|between|with|to|on|at|along|against|toward|towards|by) (?:the )?(?:[a-z]+ )?$",
            before,
        ) and not re.search(r"^\W*(?:in|for|as) .*, (?:the )?$|\bpart of .*, $", before):
            return False
        works = [work for work in self._works if work.sentence == index and work.start > last.end]
        if not works:
            return False
        stop = works[-1].full_start
        others = [
            m.start for m in scene.within(scene.countries, last.end, stop) if m.code not in {g.code for g in group}
        ]
        verb = _BUILD_VERB.search(scene.low, last.end, stop)
        if verb is None or verb.start() - last.end > 90:
            return False
        subject = scene.low[last.end : verb.start()]
        if any(other < verb.start() for other in others) and "," not in subject:
            return False
        if re.search(r"\b(?:border|frontier|migrants|side)\b", subject) and not re.match(
            r"(?:'s?)? border (?:guard|polic|service|troop|force|agen)", scene.low[last.end : last.end + 30]
        ):
            return False
        return _NON_OWNER.search(subject) is None or re.search(r"\b(?:it|they)\b", subject) is not None

    def _is_facing(self, group: list[CountryMention]) -> bool:
        start = group[0].start
        known = self._faced.get(start)
        if known is None:
            before = self.scene.before(start, 80)
            known = bool(_WITH.search(before) or _SHARES.search(before) or _BY_FROM.search(before))
            self._faced[start] = known
        return known

    def _read_facing(self, group: list[CountryMention]) -> None:
        scene, first, last = self.scene, group[0], group[-1]
        before = scene.before(first.start, 80)
        after = scene.after(last.end, 80)
        if self._is_facing(group):
            self._add(self.facings, group, 0.9, "border with")
            return
        if _AGAINST.search(before) and (last.kind in {"name", "party"} or re.match(rf"(?: \w+)? {_THREAT}", after)):
            self._add(self.facings, group, 0.85, "against")
            return
        own = _ITS_BORDER.match(scene.low, last.end)
        if own and not own["with"] and len(group) <= 3:
            others = [mention for mention in group if mention.code not in self.owners]
            if (
                others
                and not re.search(r"\b(?:to|as far as|reaching|until) (?:the )?$", before)
                and not (last.end < len(scene.low) and scene.low[last.end] == "'" and not self.owners)
            ):
                self._add(self.facings, others, 0.8, "whose border")

    def _read_pairs(self, index: int) -> None:
        """Read "between A and B", "A-B border" and "separates A from B"."""
        scene = self.scene
        sentence = scene.sentence(index)
        here = [m for m in scene.within(scene.countries, sentence.start, sentence.end) if scene.is_open(m.start)]
        for one, two in itertools.pairwise(here):
            between = scene.low[one.end : two.start]
            before = scene.before(one.start, 40)
            dashed = between in {"-", " - ", "/"}
            paired = _PAIR.fullmatch(between) and _PAIR_BEFORE.search(before)
            parted = _AND.fullmatch(between) and _PARTED.match(scene.low, two.end)
            if one.code == two.code or not (dashed or paired or parted):
                continue
            self._assign_pair(one, two, dashed=dashed)

    def _assign_pair(self, one: CountryMention, two: CountryMention, *, dashed: bool) -> None:
        for owner, other in ((one, two), (two, one)):
            if owner.code in self.owners:
                if other.code not in self.owners:
                    self._add(self.facings, [other], 0.8, "pair")
                return
        states = [mention for mention in (one, two) if mention.is_state]
        if self.owners and len(states) == 1:
            self._add(self.facings, states, 0.55, "pair")
            return
        zones = {system.kind for system in self.roles.systems}
        works = [work for work in self._works if 0 <= work.full_start - two.end <= 40]
        if dashed and works and "dmz" not in zones and not self.owners:
            self._add(self.owners, [one], 0.6, "pair")
            self._add(self.facings, [two], 0.6, "pair")

    def _read_intruded(self) -> None:
        """Take the country in which the works of another stand as the one that they face."""
        for index in self._sentences:
            for group in self._groups(index):
                if group[0].code not in self.owners and _INSIDE_OF.search(self.scene.before(group[0].start, 80)):
                    self._add(self.facings, group, 0.6, "works inside")
                    return

    def _fall_back(self) -> None:
        """Take the possessor of the border, or the only subject, where nothing better is said."""
        scene = self.scene
        if not self.owners:
            self._fall_back_to_subject()
        if self.owners and not self.facings:
            for index in self._sentences:
                for group in self._groups(index):
                    others = [mention for mention in group if mention.code not in self.owners]
                    before = scene.before(group[0].start, 30)
                    if others and re.search(
                        r"\b(?:fac(?:es|ed|ing)|around|(?:fence|wall|barrier|fencing) (?:with|towards|against)|opposite|towards?|from|with) (?:the )?$",
                        before,
                    ):
                        self._add(self.facings, others, 0.5, "only other")
                        return

    def _fall_back_to_subject(self) -> None:
        states = self.scene.codes
        for index in self._sentences if len(states) == 1 else ():
            sentence = self.scene.sentence(index)
            match = _INSTITUTION.search(self.scene.low, sentence.start, sentence.end)
            if match and self.scene.is_open(match.start("who")) and states[0] not in self.facings:
                mention = next(mention for mention in self.scene.countries if mention.code == states[0])
                who = replace(mention, start=match.start("who"), end=match.end("who"))
                self._add(self.owners, [who], 0.55, "institution")
                return
        for index in self._neighbours():
            for group in self._groups(index):
                if self._is_facing(group) or group[0].code in self.facings or group[0].kind == "adjective":
                    continue
                sentence = self.scene.sentence(index)
                if _NON_OWNER.match(self.scene.low, group[-1].end + 1):
                    continue
                if re.fullmatch(r"\W*(?:the |in |for )?", self.scene.low[sentence.start : group[0].start]):
                    self._add(self.owners, group, 0.5, "subject")
                    return

    def facts(self) -> Iterator[Fact]:
        """Yield owners, then facings."""
        for slot, table in (("owner", self.owners), ("facing", self.facings)):
            for mention, confidence, rule in table.values():
                value = (
                    mention.surface
                    if mention.kind == "party" and mention.surface not in _PARTY_ADJECTIVES
                    else mention.code
                )
                yield Fact(slot, value, mention.start, mention.end, confidence=confidence, rule=rule)


_SIDES: Final = (
    (
        "both",
        re.compile(
            r"\b(?:on |along |from )?(?:both|either|each) sides?(?: of (?:the|its) (?:border|frontier|line|boundary|divide|strait|zone|demarcation line|front|river|fence|berm))?\b|\b(?:straddl\w+) the (?:border|line|frontier)"
        ),
    ),
    (
        "disputed",
        re.compile(
            r"\b(?:in |through |across |along |inside |on )?(?:the )?(?:disputed|contested) (?:territor(?:y|ies)|area|region|border|frontier|land|zone|ground|kashmir|boundary|line|strip|stretch)s?\b|\bline of control\b"
        ),
    ),
    (
        "owner_side",
        re.compile(
            r"\bits (?:own )?side of (?:the|its)\b|\b(?:on|along|within|inside|entirely on|wholly on|in) (?:(?:its|their|his) own|our own|own|its|their) (?:side(?: of the (?:border|line|frontier|boundary))?|territory|soil|land)\b"
        ),
    ),
    (
        "other_side",
        re.compile(
            r"\b(?:on|along|inside|in|into) (?:the )?(?:other|far|opposite|enemy|neighbou?r's) side\b|\b(?:inside|within|on) (?:its|their|the) neighbou?r's (?:territory|soil|land)\b"
        ),
    ),
)
_SIDE_WORD: Final = re.compile(r"sides?\b|territor|soil|disputed|contested|line of control|straddl|land\b")
_ANY_SIDE: Final = (
    "side",
    "territor",
    "soil",
    "disputed",
    "contested",
    "line of control",
    "straddl",
    "land",
    "ground",
    "bank",
    "within",
    "into",
    "deep in",
)
_NAMED_SIDE: Final = re.compile(
    r"^(?:'s?)?(?:-(?:held|controlled|occupied|administered))? (?:side|territory|soil|land|ground|bank)\b"
)
_INSIDE_OF: Final = re.compile(
    r"\b(?:route|runs?|ran|cuts?|built|stands?|lies?|deviat\w+|extends?|path|line|berm|fence|wall|barrier|dug|trenches|works|erected) (?:[\w']+ ){0,5}?(?P<prep>inside|within|into|deep in) (?:the |occupied )?$"
)
_INTO: Final = re.compile(r"\b(?P<prep>inside|into|within|on|in|through|along) (?:the |occupied )?$")


def side_facts(scene: Scene, roles: Roles, parties: Parties) -> Iterator[Fact]:
    """Yield on whose side of the border the system stands, where the text says so."""
    if not (roles.systems or roles.parts):
        return
    near = {
        number
        for work in (*roles.systems, *roles.parts, *roles.echoes)
        for number in (work.sentence, work.sentence + 1)
    }
    if not scene.document.holds(*_ANY_SIDE):
        return
    for number in sorted(near):
        if number >= len(scene.document.sentences):
            continue
        sentence = scene.sentence(number)
        named = list(_named_sides(scene, parties, sentence.start, sentence.end))
        if len({fact.value for fact in named}) < 2:
            yield from named
        for side, pattern in _SIDES if _SIDE_WORD.search(scene.low, sentence.start, sentence.end) else ():
            for match in pattern.finditer(scene.low, sentence.start, sentence.end):
                if scene.is_open(match.start()):
                    yield Fact("side", side, match.start(), match.end(), confidence=0.8, rule="side")


def _named_sides(scene: Scene, parties: Parties, start: int, end: int) -> Iterator[Fact]:
    for mention in scene.within(scene.countries, start, end):
        into = _INTO.search(scene.before(mention.start, 30))
        if into is None:
            continue
        named = _NAMED_SIDE.match(scene.low[mention.end : mention.end + 40])
        intruded = _INSIDE_OF.search(scene.before(mention.start, 80))
        if (
            intruded
            and mention.kind == "name"
            and parties.owners
            and mention.code not in parties.owners
            and scene.is_open(mention.start)
        ):
            yield Fact(
                "side",
                "other_side",
                mention.start - (len(intruded.string) - intruded.start("prep")),
                mention.end,
                confidence=0.65,
                rule="works inside",
            )
            continue
        if not named or not scene.is_open(mention.start):
            continue
        side = "owner_side" if mention.code in parties.owners else "other_side"
        if side == "other_side" and not parties.owners:
            continue
        yield Fact(
            "side",
            side,
            mention.start - (len(into.string) - into.start("prep")),
            mention.end + named.end(),
            confidence=0.8,
            rule="named side",
        )
