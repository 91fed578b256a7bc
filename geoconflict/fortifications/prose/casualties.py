"""Casualty figures with their kind and with how far the text stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from geoconflict.fortifications.prose.document import Sentence
from geoconflict.fortifications.prose.fact import Fact
from geoconflict.fortifications.prose.gates import gate, opens
from geoconflict.fortifications.prose.numbers import Number
from geoconflict.fortifications.prose.scene import Scene

# The longer reading first: "killed or wounded" is not "killed".
_BOTH: Final = r"killed (?:or|and|and/or) (?:wounded|injured)|dead (?:or|and) (?:wounded|injured)|casualt(?:y|ies)|neutrali[sz](?:ed|ing|es)|put out of action|incapacitat(?:ed|ing)|losses|knocked out"
_KILLED: Final = r"killed|killing|kills|kill|dead|died|dying|deaths?|fatalities|fatalit\w+|martyred|slain|perished|lives|shot dead|beheaded|executed|massacred|eliminat(?:ed|ing)|liquidated|slaughtered|bodies|corpses|burned to death"
_WOUNDED: Final = r"wounded|wounding|wounds|injured|injuring|injures|injuries|hurt|maimed|maiming"
_MISSING: Final = r"missing|unaccounted for|disappeared"
_KINDS: Final = (
    ("killed_or_wounded", re.compile(rf"(?:{_BOTH})\b")),
    ("missing", re.compile(rf"(?:{_MISSING})\b")),
    ("wounded", re.compile(rf"(?:{_WOUNDED})\b")),
    ("killed", re.compile(rf"(?:{_KILLED})\b")),
)
_ANY: Final = re.compile(rf"\b(?:{_BOTH}|{_KILLED}|{_WOUNDED}|{_MISSING}|toll|lost|losing|loss of)\b")
_ANY_GATE: Final = gate(_ANY)
_PEOPLE: Final = (
    r"people|persons?|soldiers?|troops?|civilians?|fighters?|militants?|terrorists?|insurgents?|rebels?|gunmen|attackers?|assailants?|jihadists?|policem[ae]n|police officers?|police|officers?|gendarmes?|servicem[ae]n|personnel|guards?|border guards?|"
    r"m[ae]n|wom[ae]n|child(?:ren)?|villagers?|residents?|workers?|members?|peacekeepers?|marines?|commandos?|conscripts?|volunteers?|others?|recruits?|combatants?|hostages?|passengers?|migrants?|refugees?|journalists?|medics?|aid workers?|sailors?|crew(?: members)?|pilots?|dead|infiltrators?|operatives|smugglers?|settlers?|farmers|herders|shepherds?|students|worshippers|protesters|miners|drivers?|pastoralists|commanders?|leaders?|officials?|generals?|lieutenants?|colonels?|majors?|bystanders?|patients?|porters?|mayors?|cadets?|agents?|customers|shoppers|tourists|fishermen|infants?|bab(?:y|ies)|teenagers?|mothers?|families|reservists?|engineers?|sappers?|deminers?|boys?|girls?"
)
_FILL: Final = r"(?:(?!and |but |when |after |while |as |in |on |at |with |from |to |km|kilomet|mile|years?|days?|hours?|tanks?|vehicles?|drones?|missiles?|houses?|homes|positions|attacks|strikes|villages|percent)[a-zà-ž'-]+,? ){0,6}?"
_AFTER: Final = re.compile(
    rf" (?:of (?:its|their|the|them|whom|his|our) )?{_FILL}(?:\({_FILL}\w*\) )?(?:(?:{_PEOPLE})(?:,? and (?:[\w-]+ ){{0,3}}?[\w-]+)??[,\"]? )?(?:in all |in total |)?(?:(?:have|has|had) (?:also )?(?:been )?|(?:were|was|are|is|being)(?: also| reported(?:ly)?| feared| confirmed| presumed| believed(?: to be| to have been)?| said to (?:be|have been)| reported to (?:be|have been)| listed as| still)* |reportedly |also |left |feared |confirmed |reported )*(?P<word>{_BOTH}|{_MISSING}|{_WOUNDED}|{_KILLED})\b"
)
_BEFORE: Final = re.compile(
    rf"\b(?P<word>(?:dead|toll) at|{_BOTH}|{_MISSING}|{_WOUNDED}|{_KILLED}|claim(?:ed|ing|s) the lives of|lost|losing|loses|loss of|deaths? of|death toll (?:\w+ ){{0,5}}?(?:to|at|of|stands at|was)|toll (?:\w+ ){{0,5}}?(?:to|at|of))(?: of| to| the| that| in| some| over| well)*(?: (?:about|around|some|roughly|nearly|approximately|an estimated|a total of|another|a further|an additional|as many as|almost|or wounding|or injuring|and wounding))* ?$"
)
_PERSON_AFTER: Final = re.compile(rf" (?:of (?:its|their|the|his|our) )?(?:own )?{_FILL}(?:{_PEOPLE})\b")
_VERB_BEFORE: Final = re.compile(
    rf"\b(?P<word>{_BOTH}|{_WOUNDED}|{_KILLED}) (?:at least |about |some |more than )?[\w,-]+ (?:{_FILL})(?:{_PEOPLE})(?:,| and|, and|, including)+ (?:at least )?$"
)
_VERB_AFTER: Final = re.compile(
    rf" {_FILL}(?:{_PEOPLE}) and (?:at least )?[\w-]+ {_FILL}(?:{_PEOPLE}) (?:were |was |had been |have been )(?P<word>killed|wounded|injured|missing)\b"
)
_ELSE_AFTER: Final = re.compile(
    r"(?:,\d|%| (?:per ?cent|percent|km|kilomet|miles?|met(?:re|er)s?|hours?|minutes?|days?|weeks?|months?|years?|times|villages?|houses?|homes?|vehicles?|tanks?|drones?|trucks?|positions?|attacks?|towns?|cities|districts?|locations|sites|places|incidents|january|february|march|april|may|june|july|august|september|october|november|december|a\.m|p\.m|am|pm)\b|-year|:\d)"
)
_ONE: Final = re.compile(
    rf"(?<![\w-])(?P<one>an?|one|another) (?=(?:(?!(?:{_BOTH}|{_KILLED}|{_WOUNDED}|{_MISSING}|who|that|which|by|was|were|and|in|at|on|near|attack|raid|bomb|strike|drone|blast|ambush)\b)[a-zà-ž'-]+ ){{0,4}}?(?:{_PEOPLE})\b)"
)
_VERIFY: Final = re.compile(
    r"(?:could|can|was|were|has|have|had)(?: ?not|n't)(?: be| been| immediately| yet)* (?:independently |immediately )?(?:verif|confirm|corroborat)|not (?:been )?independently (?:verified|confirmed)|unverified|(?:no|without) independent (?:confirmation|verification)|unable to (?:independently )?(?:verify|confirm)|could not (?:independently |immediately )*(?:verify|confirm)|impossible to verify|\b(?:neither|none)\b[^.]{0,40} could be (?:independently )?(?:verified|confirmed)"
)
_UNCONFIRMED: Final = re.compile(
    r"\bunconfirmed\b|\bnot (?:been )?(?:officially )?confirmed\b|\byet to (?:be confirmed|confirm)\b"
)
_DISPUTED: Final = re.compile(
    r"\b(?:disput(?:ed|es)|contested|denied (?:the|any|that|losing|suffering)|rejected the|challenged the (?:figure|toll|claim)|a (?:claim|figure|toll) (?:\w+ ){0,3}(?:denied|disputed|rejected))"
)
_ON_FIGURES: Final = re.compile(
    r"\b(?:claims?|figures?|tolls?|it|this|that|reports?|numbers?|statements?|accounts?|neither)\b"
)
_DISPUTED_THEN: Final = re.compile(
    r"\b(?:disput(?:ed|es)|denied|denies|rejected) (?:the|that|this|those|these|any)\b.{0,40}\b(?:claim|figure|toll|number|account|loss)"
)
_ADMITTED: Final = re.compile(r"\b(?:acknowledg\w+|admit(?:s|ted|ting)?|conced(?:ed|es|ing))\b")
_CONFIRMED: Final = re.compile(
    r"(?<!not )(?<!n't )(?<!be )(?<!yet )(?<!independently )\bconfirm(?:ed|s|ing)\b|\bverified (?:that|the deaths?|at least)"
)
_REPORTED: Final = re.compile(
    r"\b(?:report(?:ed|s|edly|ing)?|according to (?:local|media|witness\w*|residents|medic\w*|hospital|state|news)|local (?:media|sources|officials)|witnesses|residents|media|news agency|hospital)\b"
)
_CLAIMED: Final = re.compile(
    r"\b(?:claim(?:s|ed|ing)?(?! the li)|boast(?:ed|s|ing)?|alleg(?:ed|es|ing|edly)|assert(?:ed|s|ing)|purported(?:ly)?)\b"
)
_SAID: Final = re.compile(
    r"\b(?:said|says|announced|announces|stated|declared|saying|according to|put (?:the|its)|tweeted|wrote|told)\b"
)
_SAYING: Final = re.compile(
    rf"{_ADMITTED.pattern}|{_CONFIRMED.pattern}|{_CLAIMED.pattern}|{_SAID.pattern}|\breport(?:ed|edly|s)\b"
)
_BELLIGERENT: Final = re.compile(
    r"\b(?:army|military|armed forces|forces|air force|navy|troops|general staff|spokes\w+|defen[cs]e ministry|ministry of defen[cs]e|minister of defen[cs]e|defen[cs]e minister|militants?|militia|rebels?|insurgents?|fighters|jihadists?|group|junta|command(?:er)?|idf|isw|brigade|corps|it had|it has|they had|its (?:fighters|forces|troops|men|drones)|centcom|africom|guards)\b"
)


def casualty_facts(scene: Scene) -> Iterator[Fact]:
    """Yield the casualty figures of a text.

    The status comes from the nearest verb of saying: "acknowledged" gives admitted,
    "claimed" or what an army or armed group "said" gives claimed, "confirmed" confirmed;
    a figure given flatly, or by officials and media, is reported.
    "Could not be verified" in the same or the next sentence gives unverified.
    """
    for sentence in scene.document.sentences:
        if not opens(_ANY_GATE, scene.low, sentence.start, sentence.end):
            continue
        for number in _numbers(scene, sentence):
            kind = _kind(scene, number, sentence)
            if kind is None or not scene.is_open(number.start) or scene.before(number.start, 4).endswith("no "):
                continue
            value = {
                "kind": kind,
                "min": _whole(number.low),
                "max": _whole(number.high),
                "status": _status(scene, sentence, number),
            }
            yield Fact("casualty", value, number.start, number.end, confidence=0.8, rule="casualty")


def _numbers(scene: Scene, sentence: Sentence) -> list[Number]:
    found = scene.within(scene.numbers, sentence.start, sentence.end)
    taken = [(number.start, number.end) for number in found]
    for match in _ONE.finditer(scene.low, sentence.start, sentence.end):
        if not any(start <= match.start() < end for start, end in taken):
            found.append(Number(match.start("one"), match.end("one"), 1.0, 1.0))
    return sorted(found, key=lambda number: number.start)


def _kind(scene: Scene, number: Number, sentence: Sentence) -> str | None:
    low = scene.low
    if _ELSE_AFTER.match(low, number.end, sentence.end):
        return None
    is_article = low[number.start : number.end] in {"a", "an", "another"}
    before = _BEFORE.search(low[max(sentence.start, number.start - 70) : number.start])
    after = _AFTER.match(low, number.end, sentence.end)
    person = _PERSON_AFTER.match(low, number.end, sentence.end)
    if before and (person or not is_article):
        word = before["word"]
        if word.startswith(("lost", "losing", "loses", "loss")) and not person:
            return None
        # "killed, 12 wounded": the word after the number is nearer than that before it.
        if not (
            after
            and re.search(
                r"[,;:]|and$", low[max(sentence.start, number.start - 70) + before.start("word") : number.start]
            )
        ):
            return _kind_of(word)
    if after and not (is_article and not person):
        return _kind_of(after["word"])
    return (
        _shared_kind(low, number, sentence) if person or re.match(r" others?\b|,| and\b", low[number.end :]) else None
    )


def _shared_kind(low: str, number: Number, sentence: Sentence) -> str | None:
    """Read "killed five soldiers and two civilians": the second figure shares the verb."""
    before = low[max(sentence.start, number.start - 80) : number.start]
    match = _VERB_BEFORE.search(before)
    if match and "including" not in match.group():
        return _kind_of(match["word"])
    after = _VERB_AFTER.match(low, number.end, sentence.end)
    return _kind_of(after["word"]) if after else None


def _kind_of(word: str) -> str:
    for kind, pattern in _KINDS:
        if pattern.match(word):
            return kind
    return "killed"


def _status(scene: Scene, sentence: Sentence, number: Number) -> str:  # noqa: PLR0911 - a cascade of rules; the first that fits wins
    low = scene.low
    words = low[sentence.start : sentence.end]
    following = scene.document.sentences[sentence.index + 1 : sentence.index + 4]
    then = low[following[0].start : following[-1].end] if following else ""
    if scene.document.holds("verif", "confirm", "corroborat"):
        if _VERIFY.search(words) or (_VERIFY.search(then) and _ON_FIGURES.search(then)):
            return "unverified"
        if _UNCONFIRMED.search(words):
            return "unconfirmed"
    if scene.document.holds("disput", "contested", "den", "rejected", "challenged") and (
        _DISPUTED.search(words) or _DISPUTED_THEN.search(then)
    ):
        return "disputed"
    start, end = scene.clause(number.start)
    here = low[start:end]
    stretch = _attribution(low, start, end, number)
    for status, pattern in (("admitted", _ADMITTED), ("confirmed", _CONFIRMED), ("claimed", _CLAIMED)):
        if pattern.search(stretch):
            return status
    if re.search(r"\breport(?:ed|edly)\b", stretch):
        return "reported"
    if (
        _SAID.search(here)
        and _BELLIGERENT.search(here)
        and not _REPORTED.search(stretch)
        and _is_speaker(scene, start, end)
    ):
        return "claimed"
    return "reported"


def _attribution(low: str, start: int, end: int, number: Number) -> str:
    """Return the part of the clause whose verb of saying governs a figure: two may stand in one."""
    before = list(_SAYING.finditer(low, start, number.start))
    if before:
        return low[before[-1].start() : before[-1].end()]
    after = _SAYING.search(low, number.end, end)
    return low[after.start() : after.end()] if after else ""


def _is_speaker(scene: Scene, start: int, end: int) -> bool:
    """Whether an army or armed group is near the verb of saying, not merely among the victims."""
    low = scene.low
    for match in _SAID.finditer(low, start, end):
        near = (
            low[max(start, match.start() - 70) : match.start()]
            if match.group() != "according to"
            else low[match.end() : match.end() + 60]
        )
        tail = low[match.end() : min(end, match.end() + 60)]
        speaker = near[near.rfind(",") + 1 :] if match.group() != "according to" else near
        if re.search(
            r"\b(?:police|governor|mayor|hospital|health|medic\w*|doctors?|residents?|witness\w*|officials?|un\b|united nations|prosecutors?|interior|emergency|authorities|monitor\w*|observatory|local)\b",
            speaker,
        ):
            return False
        if _BELLIGERENT.search(speaker) or re.match(
            r" (?:that )?(?:it|they|its|their) (?:had|has|have|killed|forces|troops|fighters|drones|men)", tail
        ):
            return True
        if any(
            match.start() - 70 <= mention.start < match.start() and mention.kind in {"party", "capital"}
            for mention in scene.countries
        ):
            return True
    return False


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
