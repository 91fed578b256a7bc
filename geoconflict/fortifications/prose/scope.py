"""What a text does not say to be so on the ground: negation, metaphor, history, quotation, conditions.

Each rule marks a stretch of the text; a mention that begins inside one gives no fact.
The tables stand above the functions that use them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from geoconflict.fortifications.prose.document import Document, Sentence
from geoconflict.fortifications.prose.gates import gate, opens

BUILD: Final = (
    r"(?:re)?(?:buil[dt]|erect|construct|dug|dig|lay|laid|install|mine[ds]?\b|mining|fortif|put up|set up|plan|intend|exist|contain|"
    r"includ|consist|compris|featur|deploy|plac|dig|raise|stretch|run\b|runs\b|ran\b|extend|have\b|has\b|had\b|there)"
)
_WORKS: Final = r"(?:fenc|wall|barrier|berm|trench|bunker|mine|ditch|fortif|defen[cs]|obstacle|line\b|strip|zone|rampart|embankment|shield|dmz|\b(?:belt|ribbon|band|swathe)\b)"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch from which no fact is taken, and why."""

    start: int
    end: int
    reason: str


Rule = Callable[[Document, Sentence], Iterator[Block]]


class Scope:
    """The stretches of a text from which no fact is taken.

    Examples
    --------
    >>> from geoconflict.fortifications.prose.document import Document
    >>> text = "No mines have been laid, but a fence stands."
    >>> scope = Scope.of(Document(text))
    >>> scope.reason(text.index("mines")), scope.reason(text.index("fence"))
    ('negation', None)
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = tuple(sorted(blocks, key=lambda block: (block.start, block.end)))
        self._starts = [block.start for block in self.blocks]
        self._longest = max((block.end - block.start for block in self.blocks), default=0)

    @classmethod
    def of(cls, document: Document) -> Scope:
        """Read the scope of a document."""
        blocks: list[Block] = []
        for sentence in document.sentences:
            for rule in _rules_for(document, sentence):
                blocks.extend(rule(document, sentence))
        if blocks and not GROUND.search(document.low) and _SPORT.search(document.low):
            blocks.append(Block(0, len(document.low), "metaphor"))
        if blocks:
            blocks.extend(_carry_history(document, blocks))
            blocks.extend(_carry_reference(document, blocks))
        return cls(blocks)

    def reason(self, position: int) -> str | None:
        """Return why nothing is taken from a position, or None when it may be."""
        at = bisect_right(self._starts, position)
        for block in reversed(self.blocks[:at]):
            if block.start <= position < block.end:
                return block.reason
            if position - block.start > self._longest:
                return None
        return None


_CLAUSE: Final = re.compile(
    # The set in front holds what each form begins with, which the engine looks for fast.
    r"[;:—, ](?:(?<=[;:—])|(?:(?<=,) )?(?<= )(?:but\b|although\b|though\b|whereas\b|while\b|however\b|yet (?=[a-z]+ (?:is|has|have|are|still)))|(?<=,) (?:and|so) (?=(?:the|it|its|a|there|they)\b))"
)


def clause(document: Document, sentence: Sentence, position: int) -> tuple[int, int]:
    """Return the ends of the clause of a sentence that holds a position."""
    start, end = sentence.start, sentence.end
    for first, last in document.cuts(sentence, _CLAUSE):
        if last <= position:
            start = last
        elif first >= position:
            end = first
            break
    return start, end


# Negation.
_NO: Final = re.compile(
    r"(?<![\w-])(?:no(?! (?:more|less|fewer|longer|doubt|matter|later|later than|man|one\b)|[-.])|without|neither|nor|lack(?:s|ed|ing)?|(?:in the )?absence of|"
    r"instead of|rather than|devoid of|free of|none of|in place of|in lieu of|apart from|remov(?:ed|es|ing)|took down|stripped)(?![\w-])"
)
_OR_LIST: Final = re.compile(r"(?: [\w'-]+){1,4}(?:,(?: [\w'-]+){1,4}){0,6},? n?or ")
_NP_END: Final = re.compile(r"[,;:.()—]|\b(?:but|although|while|whereas|so|because|which|that)\b")
_NOT: Final = re.compile(
    r"(?:\b(?:not|never)\b|n't\b) (?!only|just|merely|solely|far|less|more|fewer|necessarily)"
    r"(?:yet |been |be |currently |ever |actually |in fact |even |going |being |so far |seen |to |any |evidence |it |would |at all )*"
    r"(?P<verb>(?:a|an|any)\b|part of|among|use|envisag|foresee|" + BUILD + ")"
)
_UNFINISHED: Final = re.compile(r"(?:have|has|had|be|been|yet|it|would|run|extend|stretch|plan|there)")
_NO_LONGER: Final = re.compile(
    r"\bno longer (?:exist|stand|in use|there|in place|stood|manned|guard|separat|divid)\w*|\bceased to exist\b"
)
_FAILED: Final = re.compile(
    r"\b(?:failed|refused|declined|forgot|has yet|have yet|had yet|is yet|are yet|were yet|remains?) to (?:be )?"
    + BUILD
)
_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|rul(?:es|ed) out|dismiss(?:es|ed)?|refut(?:es|ed)|scrap(?:s|ped)|shelv(?:es|ed)|cancel(?:s|led|ed)|"
    r"vetoed|voted down|threw out|thrown out|struck down|never materiali[sz]ed|came to nothing|nothing came of|fell through|never got beyond|abandon(?:s|ed)|dropped|postponed indefinitely|opposes?|opposed)\b"
)


def _negation(document: Document, sentence: Sentence) -> Iterator[Block]:
    low = document.low
    for match in _NO.finditer(low, sentence.start, sentence.end):
        # "No trenches, bunkers or mines": the whole list is denied.
        listed = _OR_LIST.match(low, match.end(), sentence.end)
        end = _NP_END.search(low, listed.end() if listed else match.end(), sentence.end)
        yield Block(match.start(), end.start() if end else sentence.end, "negation")
    for match in _NOT.finditer(low, sentence.start, sentence.end):
        start, end_at = clause(document, sentence, match.start())
        verb = match["verb"]
        if verb in {"a", "an", "any"}:
            yield Block(match.start(), end_at, "negation")
        else:
            yield Block(start, end_at, "negation")
    if _RUMOUR.search(low, sentence.start, sentence.end) or _NEVER.search(low, sentence.start, sentence.end):
        yield Block(sentence.start, sentence.end, "negation")
    for match in _NOBODY.finditer(low, sentence.start, sentence.end):
        yield Block(match.start(), clause(document, sentence, match.start())[1], "negation")
    for pattern in (_NO_LONGER, _FAILED):
        for match in pattern.finditer(low, sentence.start, sentence.end):
            start, end_at = clause(document, sentence, match.start())
            is_back = (
                re.fullmatch(r" ?(?:it|they|and it|which) (?:has |have )?", low[start : match.start()]) is not None
            )
            yield Block(sentence.start if is_back else start, end_at, "negation")
    for match in _DENIED.finditer(low, sentence.start, sentence.end):
        start, end_at = clause(document, sentence, match.start())
        around = low[start:end_at]
        if re.search(_WORKS, around) and not re.search(r"\b(?:kill|wound|injur|casualt|dead|losing|lost)", around):
            yield Block(start, end_at, "denied")


# Conditions and mere possibilities.
_IF: Final = re.compile(
    r"(?<![\w-])(?:if|unless|imagin(?:e|es|ed|ing|ary)|suppose|supposing|hypothetical(?:ly)?|were (?=\w+ (?:to|ever)\b)|what if)(?![\w-])"
)
_SHOULD: Final = re.compile(
    r"\s*[\"'(]*(?:were (?:[\w'-]+ ){1,5}?to [a-z]|should (?:[\w'-]+ ){1,5}[a-z][^?]*$|had (?:[\w'-]+ ){1,5}[a-z][^?]*\b(?:would|could|might)\b)"
)
_IRREAL: Final = re.compile(r"\b(?:would|could|might)\b")
_MODAL: Final = re.compile(
    r"\b(?:could|might|may) (?:also |one day |eventually |someday |well |soon |even |yet |then |instead |still )*(?:have |be )?"
    r"(?:(?:re)?buil[dt]|erect|construct|dug|dig|lay|laid|install|fortif|includ|extend|stretch|creat|establish|add|set up|put up|contain|need|becom|follow|consider|replac|resort|seal|wall|fence|kill|die|be\b)"
)
_IDEA: Final = re.compile(
    r"\b(?:whether|(?:is|are|was|were|been|be) (?:still )?(?:consider|mull|weigh|debat|discuss|study|explor|contemplat)\w*|mull(?:s|ed)|(?:idea|possibility|option|notion|dream|talk|suggestion|question) of|"
    r"call(?:s|ed|ing)? (?:for|on)|urg(?:es|ed|ing)|demand(?:s|ed|ing)?|suggest(?:s|ed|ing)? (?=\w+ing|(?:a|the|that))|float(?:s|ed)|advocat(?:es|ed|ing)|campaign(?:s|ed|ing) for|fantas\w+|wish(?:es|ed)?|hop(?:es|ed|ing) for|"
    r"as if|as though|even though there is no|petition(?:s|ed|ing)?|promised voters|would-be|promis(?:e|es|ed) (?:of|to build)|rallying cry|pledge (?:of|to build)|pay for)\b"
)
_WOULD: Final = re.compile(
    r"\bwould (?:have to|need|cost|require|take|allow|permit|enable|let\b|be (?:pointless|useless|impossible|needed|illegal|absurd|wrong|too)|never|not|only|do (?:little|nothing)|make (?:no|little))"
)


def _conditions(document: Document, sentence: Sentence) -> Iterator[Block]:
    low = document.low
    if _SHOULD.match(low, sentence.start, sentence.end):
        yield Block(sentence.start, sentence.end, "condition")
        return
    for match in _IF.finditer(low, sentence.start, sentence.end):
        if _IRREAL.search(low, sentence.start, sentence.end) or match.group().strip() not in {"if", "unless"}:
            yield Block(sentence.start, sentence.end, "condition")
            return
        end = _NP_END.search(low, match.end(), sentence.end)
        yield Block(match.start(), end.start() if end else sentence.end, "condition")
    for match in _MODAL.finditer(low, sentence.start, sentence.end):
        yield Block(*clause(document, sentence, match.start()), "condition")
    for match in _IDEA.finditer(low, sentence.start, sentence.end):
        _, end_at = clause(document, sentence, match.start())
        if re.search(_WORKS, low[match.end() : end_at]):
            yield Block(match.start(), end_at, "condition")
    if _WOULD.search(low, sentence.start, sentence.end):
        yield Block(sentence.start, sentence.end, "condition")


_NEVER: Final = re.compile(
    r"\b(?:but|and|though|yet|although) (?:it |they )?(?:was |were |has |have )?(?:been )?never (?:been )?(?:built|erected|constructed|started|begun|dug|laid|reali[sz]ed|implemented|funded)\b"
)
_RUMOUR: Final = re.compile(
    r"\b(?:rumou?rs?|reports?|claims?|stories|allegations?)\b[^.]*\b(?:proved|proven|turned out|were|was|are) (?:to be )?(?:false|untrue|unfounded|wrong|baseless|invented|fabricated)\b|\b(?:falsely|wrongly) (?:claimed|reported)\b"
)
_NOBODY: Final = re.compile(
    r"\b(?:no[ -]one|nobody|neither (?:side|country|government|army|state)|none of (?:them|these|the (?:countries|sides)))\b"
)

# Figures of speech.
_MATTER: Final = (
    r"(?:reinforced |prefabricated |solid |barbed |razor |anti-tank |anti-personnel |wire |rusting |piled |compacted |packed |double |steel-|galvani[sz]ed )*"
    r"(?:concrete|steel|sand|earth|stones?|bricks?|razor|barbed|concertina|wire|wiring|mines|metal|mesh|iron|mud|rocks?|logs|timber|rubble|soil|dirt|slabs?|blocks?|panels?|sheets?|"
    r"containers|shipping|sandbags|trench\w*|fortif\w+|defen[cs]\w+|obstacles?|bunkers?|pyramids|hedgehogs|dragon\w*|ditch\w*|berms?|posts?|towers?|"
    r"strong\w*|forts?|boulders|gravel|separation|contact|control|tyres|tires|cable|the|this|that|its|their|a|an|about|some|up|more|over|at|roughly|nearly|around|approximately|\d\S*|[a-z]+-(?:mile|kilomet\w+|met\w+|foot)|"
    r"two|three|four|five|six|seven|eight|nine|ten|such|similar|any|all|both|another|defence|unknown|varying|different|various|type|between|works?|villages|posts|positions|checkpoints)\b"
)
_OF: Final = re.compile(
    r"\b(?P<head>walls?|fences?|barriers?|minefields?|trenches|trench|bunkers?|moats?|ditch(?:es)?|berms?|ramparts?|forts?|fortress(?:es)?|citadel|maginot lines?|bulwarks?|"
    r"iron curtain|line of defen[cs]e|defen[cs]ive line|first line|front line|outposts?|strongholds?|embankment|watchtowers?|hedgehogs?|dragon's teeth|labyrinth|patchwork|thicket) of (?!"
    + _MATTER
    + r")(?P<what>[a-z][\w'-]*)"
)
_ABSTRACT: Final = (
    r"(?:tariff|trade|language|linguistic|legal|political|diplomatic|regulatory|bureaucratic|psychological|cultural|economic|financial|fiscal|social|"
    r"cyber|digital|virtual|paper|pay|fire|sea|human|mental|moral|emotional|sound|glass|class|racial|religious|ideological|ethical|rhetorical|constitutional|"
    r"blood-brain|species|heat|noise|crash|flood|tax|debt|marketing|commercial|customs|non-tariff|technical|technological|market|invisible|proverbial|metaphorical|figurative|"
    r"climbing|fourth|retaining|firewall|garden|kitchen|bedroom|stadium|museum|cell|abdominal|drone|data|information|media|electoral|procedural|administrative|logistical|"
    r"generational|gender|partisan|judicial|contractual|budgetary|monetary|antitrust|copyright|patent)"
)
_COMPOUND: Final = re.compile(
    rf"\b{_ABSTRACT}[ -](?:(?:\w+)[ -])?(?:walls?|fenc(?:e|es|ing)|barriers?|minefields?|trench(?:es)?|bunkers?|moats?|defen[cs]e lines?|fortress|ditch|shields?|dragon's teeth|fortifications?|defen[cs]es)\b"
)
_IDIOM: Final = re.compile(
    r"\b(?:sit(?:s|ting)? on the fence|on the fence about|fence[- ]sitt\w+|mend(?:s|ing|ed)? (?:\w+ )?fences|off the fence|swing(?:s|ing)? for the fences|"
    r"backs? (?:is |are |was |were )?(?:up )?(?:to|against) (?:the|a) wall|(?:hit|hits|hitting|run into|ran into|up against) (?:a|the) (?:brick )?wall|writing (?:is |was )?on the wall|off the wall|wall-to-wall|"
    r"fly on the wall|drove? (?:\w+ )?up the wall|brick wall\b(?! (?:along|between|on|built|topped))|bunker mentality|siege mentality|trench warfare (?:in|over|between) |in the trenches of|"
    r"last-ditch|ditch(?:ed|es|ing)? (?:the|his|her|their|its|a)\b|barriers? (?:to|against) (?:\w+ing\b|trade|entry|growth|women|reform|progress|peace|change|justice|education|employment|care|innovation|investment|access|understanding|competition)|"
    r"wall street|defen[cs]ive line coach|(?:dug|digs?|digging) (?:itself|himself|herself|themselves|myself|ourselves) in(?:to)?\b|(?:novel|film|movie|video game|poem|series|thriller|play) (?:imagines|depicts|shows|describes|is set|in which|about|that)\b|potemkin|war of words|culture wars?\b|over the fence|other side of the fence|good fences|the walls have ears|between these (?:four )?walls|talking to a wall|"
    r"tear(?:ing)? down (?:the )?(?:walls|barriers) (?:of|between people|in)|(?:a|the) (?:wall|fence|barrier|moat|trench|ditch) between (?:generations|church|rich|parents|people|the (?:two )?(?:parties|sexes|generations|past|classes|branches)|politics|work|fact))"
)
_SPORT: Final = re.compile(
    r"\b(?:goalkeeper|midfield\w*|quarterback|striker|defenders? (?:scored|marked)|coach(?:es|ed)?|league|match(?:es)?\b|penalty|goals?\b(?= (?:in|by|from|to))|halftime|half-time|playoffs?|season|football|rugby|basketball|cricket|batsman|"
    r"wicket|championship|tournament|novel|poem|video game|board game|chess|film|movie|painting|exhibition|artist|album|song|share price|shareholders?|stock market|investors?|interest rates?|startups?|lawsuit|plaintiffs?|spreadsheet|paperwork|marriage|therapist)\b"
)
# What says that works stand on the ground, not in a figure of speech.
PHYSICAL: Final = re.compile(
    r"\b(?:borders?\b|frontier|boundar|front ?lines?\b|the front\b|fronts?\b|kilomet|km\b|miles?\b|met(?:re|er)s?\b|feet\b|ft\b|concrete|steel|razor|barbed|(?:re)?buil[dt]|erect|construct|dug\b|dig|laid\b|lay\b|lays\b|laying|install|fortif|mined\b|"
    r"fenced|walled|engineers|sappers|troops|soldiers|ceasefire|cease-fire|demarcation|territor|garrison|line of control|line of contact|satellite|invasion|invade|attack|militar|separates|checkpoint|raised|threw up|thrown up|put up|strung|planted)"
)
GROUND: Final = re.compile(
    r"\b(?:border|frontier|front ?line|army|troops|military|soldiers|kilomet|km\b|armed|guards?\b|tanks?\b|demarcation|ceasefire|territor)"
)
_LIKENED: Final = re.compile(
    r"\b(?:unlike|(?:longer|taller|higher|deeper|shorter|bigger|larger|stronger|more \w+|less \w+|other|better|worse) than|compared (?:with|to)|similar to|reminiscent of|akin to|modell?ed (?:on|after)|inspired by|copy of|copied from|"
    r"evok(?:es|ed|ing)|echo(?:es|ed|ing)|recall(?:s|ed|ing)?|as (?:formidable|long|deep|famous|high|tall|strong|impenetrable) as|likened (?:\w+ )?to|liken(?:s|ing) (?:\w+ )?to|comparisons? (?:with|to)|"
    r"(?:is|are|was|were|became|become|remains?) (?:like|the (?:modern|new)) (?:a |an |the )?|(?:modern|new|latter|digital|21st)[- ](?:day )?(?=maginot|great wall|berlin wall|iron curtain))"
)


def _figures(document: Document, sentence: Sentence) -> Iterator[Block]:
    low = document.low
    for pattern in (_OF, _COMPOUND, _IDIOM):
        for match in pattern.finditer(low, sentence.start, sentence.end):
            if pattern is _OF and document.norm[match.start("what")].isupper():
                continue
            yield Block(
                clause(document, sentence, match.start())[0] if pattern is _IDIOM else match.start(),
                match.end(),
                "metaphor",
            )
            # "a wall of silence, with a moat of lawyers": the rest of the figure is one too.
            yield Block(match.start(), clause(document, sentence, match.start())[1], "metaphor")
    if _SPORT.search(low, sentence.start, sentence.end) and not GROUND.search(low, sentence.start, sentence.end):
        yield Block(sentence.start, sentence.end, "metaphor")
    for match in _LIKENED.finditer(low, sentence.start, sentence.end):
        end = _NP_END.search(low, match.end(), sentence.end)
        stop = end.start() if end else sentence.end
        if re.search(_WORKS + "|maginot|curtain", low[match.end() : stop]):
            yield Block(match.end(), stop, "likeness")


# History.
HISTORIC: Final = re.compile(
    r"\b(?:maginot|siegfried line|west ?wall\b|atlantic wall|berlin wall|hadrian's|antonine wall|great wall|mannerheim line|stalin line|molotov line|salpa line|bar[- ]lev line|iron curtain|metaxas line|gothic line|gustav line|"
    r"winter line|hindenburg line|morice line|challe line|offa's dyke|theodosian|danevirke|limes\b|trajan's|western wall|wailing wall|ceinture fortifi|alpine redoubt|east wall|ostwall|panther-wotan|"
    r"festungsfront|czechoslovak (?:border )?fortifications|roman wall|torres vedras|french wall|walls of (?:troy|jericho|constantinople))"
)
_ERA: Final = re.compile(
    r"\b(?:in|during|of|from|since|before|after|until|by|to|late|early|between) (?:the )?(?:late |early |mid-?)?(?:1[0-8]\d\d|19[0-3]\d|194[0-5])(?:s\b|\b)|\b(?:first|second) world war\b|\bworld war (?:i|ii|one|two)\b|\bww(?:1|2|i|ii)\b|"
    r"\b(?:roman|ottoman|medieval|napoleonic|byzantine|tsarist|nazi|imperial|colonial|han|ming|soviet)[- ](?:era|times?|empire|rule|emperors?|dynasty|period|age|legion\w*|wehrmacht)\b|\b(?:1[0-9]|[1-9])(?:st|nd|rd|th)[- ]centur(?:y|ies)|\b(?:twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth)[- ]century|"
    r"\b(?:the )?(?:romans|ottomans|byzantines|mongols|incas|vikings|normans|pharaohs|crusaders|bronze age|iron age)\b|\bmiddle ages\b|\b(?:winter|continuation|great|crimean|boer|franco-prussian) war\b|\bduring the (?:[\w-]+ ){1,2}war\b|\bcenturies ago\b|\bin antiquity\b|\bcold war(?:-era)?\b"
)
_GONE: Final = re.compile(
    r"\b(?:dismantl(?:ed|ing)|demolished|torn down|tore down|pulled down|taken down|razed|came down|fell in \d{4}|fell on|filled in|abolished|(?:was|were|been) (?:removed|cleared|levelled|leveled)|once (?:stood|ran|separated|divided|marked|guarded|protected|stretched|formed|had)|"
    r"used to (?:be|run|stand|divide|separate|mark|stretch)|former(?:ly)? (?:\w+ ){0,2}(?:fence|wall|barrier|fortif|trench|minefield|line\b(?! of (?:contact|control))|bunker|border fort)|(?:fence|wall|barrier|line|fortifications|berm|dmz|trenches|bunkers) (?:had )?(?:stood|existed|ran|separated|divided) (?:\w+ ){0,6}(?:until|till|between \d{4})|"
    r"once there (?:was|were)|there (?:was|were) once|in times gone by|remnants of|ruins of|relics? of|museum|tourist attraction|memorial)\b"
)
_SINCE: Final = re.compile(r"\bsince (?:the )?(?:(?:end|fall|start|days|height) of (?:the )?)?$")
_PRONOUN: Final = re.compile(
    r"\W*(?:and |but )?(?:it|they|which|all|both|the whole) (?:was|were|has|have|had|is|are)\b"
)
_HELD_UNTIL: Final = re.compile(
    r"\b(?:held|kept|manned|maintained|stood|existed|lasted|ran|separated|divided)\b[^.]{0,90}\b(?:until|till) (?:the )?(?:19|20)\d\d"
)
_FROM_TO: Final = re.compile(
    r"(?:\w+ )?(?:from|between) (?:19[0-9]\d) (?:to|until|till|and) (?:19\d\d)\b[^.]*\b(?:was|were|had|ran|stood|separated|divided|stretched|guarded)\b"
)
_NOW: Final = re.compile(
    r"\b(?:(?:is|are|has|have) (?:now |since |been )*(?:building|built|digging|dug|erected|erecting|restor\w+|reactivat\w+|renovat\w+|rebuil\w+|reinforc\w+|extended|begun|started|installing|installed|planning|completed)|today|now\b|currently|still (?:stands|in use|manned|runs|divides|separates|marks)|remains|20[0-3]\d|"
    r"will be|new\b)\b"
)


def _is_of_an_era(low: str, sentence: Sentence) -> bool:
    """Whether a sentence is set in an era gone by; "the largest since World War II" is not."""
    for match in _ERA.finditer(low, sentence.start, sentence.end):
        is_since = match.group().startswith("since") or _SINCE.search(
            low, max(sentence.start, match.start() - 24), match.start()
        )
        if not is_since:
            return True
    return False


def _history(document: Document, sentence: Sentence) -> Iterator[Block]:
    low = document.low
    is_now = _NOW.search(low, sentence.start, sentence.end) is not None
    for match in HISTORIC.finditer(low, sentence.start, sentence.end):
        if is_now:
            yield Block(match.start(), match.end() + 6, "history")
        else:
            yield Block(sentence.start, sentence.end, "history")
    if not is_now and _is_of_an_era(low, sentence):
        yield Block(sentence.start, sentence.end, "history")
    if _HELD_UNTIL.search(low, sentence.start, sentence.end) or (
        not is_now and _FROM_TO.match(low, sentence.start, sentence.end)
    ):
        yield Block(sentence.start, sentence.end, "history")
    for match in _GONE.finditer(low, sentence.start, sentence.end):
        start, end = clause(document, sentence, match.start())
        is_back = _PRONOUN.match(low, start, match.start() + 1) is not None
        yield Block(sentence.start if is_back else start, end, "history")


_ANAPHOR: Final = re.compile(
    r"[\"'(]*(?:it|its|they|their|these|those|this|that|the (?:\w+ ){0,2}(?:wall|line|fence|barrier|fortifications?|works|forts|bunkers|defen[cs]es|zone|trenches|system|complex|structure|ditch|limes))\b"
)


def _carry_history(document: Document, blocks: list[Block]) -> Iterator[Block]:
    """Carry history over to the sentences that go on about the same thing."""
    whole = {block.start for block in blocks if block.reason == "history"}
    for before, sentence in zip(document.sentences, document.sentences[1:], strict=False):
        if (
            before.start in whole
            and sentence.paragraph == before.paragraph
            and _ANAPHOR.match(document.low, sentence.start)
            and not _NOW.search(document.low, sentence.start, sentence.end)
        ):
            whole.add(sentence.start)
            yield Block(sentence.start, sentence.end, "history")


_IT: Final = re.compile(
    r"[\"'(]*(?:it|such an?|they|this|these|that|the (?:proposed |imagined |hypothetical )?(?:wall|line|fence|barrier|structure|idea|system|project))\b"
)


def _carry_reference(document: Document, blocks: list[Block]) -> Iterator[Block]:
    """Carry a condition over to "It would be 200 km long": the thing is still not there."""
    whole = {block.start for block in blocks if block.reason in {"condition", "denied"} and _is_whole(document, block)}
    for before, sentence in zip(document.sentences, document.sentences[1:], strict=False):
        if (
            before.start in whole
            and _IT.match(document.low, sentence.start)
            and re.search(r"\b(?:would|could|might)\b", document.low[sentence.start : sentence.end])
        ):
            whole.add(sentence.start)
            yield Block(sentence.start, sentence.end, "condition")


def _is_whole(document: Document, block: Block) -> bool:
    sentence = document.sentence_at(block.start)
    return block.end - block.start > 0.5 * (sentence.end - sentence.start)


# Quotation.
_QUOTED: Final = re.compile(r'"[^"\n]{1,2000}"')
_WISH: Final = re.compile(
    r"\b(?:want|wants|wanted|would|must|need|needs|should|shall|let's|let us|imagine|rather|if|like|as if|dream)\b|!"
)
_SPOKEN: Final = re.compile(
    r"\b(?:will|would|must|need|should|shall|let's|let us|want|we|i|you|imagine|if|never|like|going to|could|cannot|can't|don't|won't|our|my|build)\b|[!?]"
)


def _quotation(document: Document, sentence: Sentence) -> Iterator[Block]:
    for match in _QUOTED.finditer(document.norm, sentence.start, sentence.end):
        inner = document.low[match.start() + 1 : match.end() - 1]
        words = inner.split()
        has_figure = re.search(r"\d", inner) is not None
        is_chant = re.search(
            r"\b(?:chant\w*|slogan|shout\w*|banner|placard|tweet\w*|joked|quipped)\b",
            document.low[sentence.start : sentence.end],
        )
        if is_chant or (len(words) >= 3 and (_WISH.search(inner) or (_SPOKEN.search(inner) and not has_figure))):
            yield Block(match.start(), match.end(), "quotation")


# Most sentences hold no word of any rule: one search tells, and the rules need not run.
_ABSTRACT_FIRST: Final = re.compile(rf"\b{_ABSTRACT}[ -]")
_PATTERNS: Final = (
    (_NO, _NOT, _RUMOUR, _NEVER, _NOBODY, _NO_LONGER, _FAILED, _DENIED),
    (_IF, _MODAL, _IDEA, _WOULD),
    (_OF, _ABSTRACT_FIRST, _IDIOM, _SPORT, _LIKENED),
    (HISTORIC, _ERA, _HELD_UNTIL, _FROM_TO, _GONE),
)
_RULE_GATES: Final = tuple(gate(*patterns) for patterns in _PATTERNS)
_GATE: Final = gate(*(pattern for patterns in _PATTERNS for pattern in patterns))


def _rules_for(document: Document, sentence: Sentence) -> Iterator[Rule]:
    """Yield the rules that can have something to say of a sentence."""
    low, start, end = document.low, sentence.start, sentence.end
    is_open = opens(_GATE, low, start, end)
    if (is_open and opens(_RULE_GATES[0], low, start, end)) or low.find("n't", start, end) >= 0:
        yield _negation
    if (is_open and opens(_RULE_GATES[1], low, start, end)) or _SHOULD.match(low, start, end):
        yield _conditions
    if is_open and opens(_RULE_GATES[2], low, start, end):
        yield _figures
    if is_open and opens(_RULE_GATES[3], low, start, end):
        yield _history
    if document.norm.find('"', start, end) >= 0:
        yield _quotation
