"""The words for works and obstacles: what each means as a system and as an obstacle.

One row per word family. To teach a new word, add it to a pattern or add a row; longer
readings stand above shorter ones. A space in a pattern also matches a hyphen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from geoconflict.fortifications.prose.gates import first_letters
from geoconflict.fortifications.prose.windows import windows


@dataclass(frozen=True, slots=True)
class Work:
    """One word family.

    Attributes
    ----------
    pattern : str
        Regular expression on text in lower case.
    kind : str or None
        The system that the words can name when they are the subject of the passage.
    type : str or None
        The obstacle that the words name as a part of a system.
    is_zone : bool
        Whether the words always name a system, never a part.
    stems : tuple of str
        The pattern is tried only where the text holds one of these; for speed.
    """

    pattern: str
    kind: str | None = None
    type: str | None = None
    is_zone: bool = False
    stems: tuple[str, ...] = ("",)


_MATERIAL: Final = (
    r"(?:(?:razor|barbed|concertina|chain|steel|metal|metallic|electric|electrified|electronic|smart|border|frontier|security|perimeter|double|triple|"
    r"reinforced|concrete|wire|mesh|link|high|tech|modular|anti|climb|permanent|temporary|physical|boundary|iron|"
    r"earthen|earth|sand|dirt|mud|stone|rock|separation|defensive|defence|defense|protective|tall|prefabricated|new|continuous|solid)[- ,]+)*"
)
_LINE: Final = r"(?:lines?|belts?|zones?|networks?|systems?|ribbons?|bands?|rings?|works|strips?|positions)"

WORKS: Final = (
    # Zones and lines: always a system.
    Work(
        r"demilitari[sz]ed zones?|dmz|buffer zones?|buffer strips?|security zones?|separation zones?|area of separation|zones? of separation|neutral zones?|de militari[sz]ed zones?",
        "dmz",
        None,
        is_zone=True,
        stems=("zone", "dmz", "strip", "separation"),
    ),
    Work(
        r"obstacle belts?|obstacle zones?|(?:belts?|lines?|networks?|systems?|chains?|swathes?) of (?:anti tank |concrete |engineering |layered )?obstacles|barrier belts?|counter ?mobility belts?|zones? of obstacles|obstacle systems?",
        "obstacle_belt",
        None,
        is_zone=True,
        stems=("belt", "obstacle", "mobility"),
    ),
    Work(
        r"(?<=\ba )(?:\w+ )?(?:belt|ribbon)(?= (?:in (?:two|three|four)|stretch|up to|reach|some|about|\d|along|that|which|running))",
        "fortified_zone",
        None,
        is_zone=True,
        stems=("belt", "ribbon"),
    ),
    Work(r"fortify(?:ing)?(?= (?:its|their|the|some|about))", "fortified_zone", None, is_zone=True, stems=("fortify",)),
    Work(
        r"belts? of (?:\w+ )?(?:mines|minefields)|mine belts?|minefield belts?",
        "obstacle_belt",
        "minefield",
        stems=("mine",),
    ),
    Work(
        r"obstacle groups?|obstacle clusters?|(?:groups?|clusters?|sets?) of (?:anti tank |concrete |engineering )?(?:obstacles|barriers|tank traps)|obstacle points?|obstacle nodes?",
        "obstacle_group",
        None,
        is_zone=True,
        stems=("obstacle", "barrier", "traps"),
    ),
    Work(
        r"(?:echeloned |layered |fortified |defensive |defence |defense |baltic |deep |main )*(?:defen[cs]e|defensive|fortification|fortified|fortress) (?:line|belt|zone|network|system|ribbon|band|perimeter|barrier|area|strip)s?(?! of defen[cs]e)"
        r"|(?:lines?|belts?|zones?|networks?|systems?|ribbons?|bands?|chains?|series|array|strips?|web) of (?:\w+ )?(?:\w+ )?(?:fortifications?|defen[cs]es|defensive positions|defensive works|fieldworks|defensive structures)"
        r"|lines? of defen[cs]e"
        r"|east(?:ern)? shield|surovikin lines?|wagner line|baltic defen[cs]e line|zelensky+ line|bar lev line"
        r"|(?:new|continuous|fortified|rear|reserve|fall[- ]?back|back-?up|layered) line(?= (?:\d|about|some|roughly|along|behind|near|in|between|north|south|east|west|from|twenty|ten|five))|(?:two|three|four|multi)[- ](?:layer|line|tier|echelon|belt)(?:ed)? (?:\w+ )?(?:line|belt|system|zone|defen[cs]e|network)s?|(?:border |field |frontier )?fortifications|(?<!air )(?<!missile )(?<!sea )(?<!flood )(?<!coastal )(?:border |layered |static |field |ground )*defen[cs]es",
        "fortified_zone",
        None,
        is_zone=True,
        stems=("defen", "fortif", "fortress", "fieldworks", "shield", "line", "layer", "tier", "echelon"),
    ),
    Work(
        r"trench (?:lines?|systems?|networks?|works)|(?:lines?|networks?|systems?|rows?|belts?|maze|labyrinth) of (?:\w+ ){0,2}trenches|trench ?works",
        "trench_line",
        "trench",
        is_zone=False,
        stems=("trench",),
    ),
    Work(
        r"(?:lines?|networks?|chains?|belts?|strings?) of (?:\w+ ){0,2}(?:bunkers|pillboxes|blockhouses|forts)|bunker (?:lines?|belts?|networks?)",
        "bunker_line",
        "bunker",
        is_zone=False,
        stems=("bunker", "pillbox", "blockhouse", "forts"),
    ),
    Work(
        r"control strips?|(?:raked|plou?ghed|tilled|harrowed|smoothed|sand|trace|tracking|tracker) (?:\w+ )?(?:strips?|tracks?)|strips? of (?:raked|plou?ghed|smoothed) (?:sand|earth|soil|ground)",
        "control_strip",
        "control_strip",
        stems=("strip", "track"),
    ),
    # Obstacles only.
    Work(
        r"anti (?:tank|vehicle|armou?r) (?:ditch(?:es)?|trench(?:es)?|moats?)|tank ditch(?:es)?|at ditch(?:es)?|anti tank (?:ditch|trench) lines?",
        None,
        "anti_tank_ditch",
        stems=("ditch", "trench", "moat"),
    ),
    Work(
        r"dragon'?s'? (?:teeth|tooth)|(?:concrete|anti tank|tank stopping) (?:pyramids?|teeth)|pyramid(?:al)? (?:concrete )?(?:blocks|obstacles)|toblerones?|tank traps|(?<!the )(?<!food )(?<!great )pyramids(?! of giza| scheme)",
        None,
        "dragons_teeth",
        stems=("dragon", "pyramid", "teeth", "toblerone", "traps"),
    ),
    Work(r"(?:czech |anti tank |steel |concrete |metal )*hedgehogs?", None, "hedgehogs", stems=("hedgehog",)),
    Work(
        r"(?:anti tank|upright|vertical|steel) rails|rails? obstacles?|rows? of rails|rails (?=set|sunk|driven|planted)",
        None,
        "rails",
        stems=("rail",),
    ),
    Work(
        r"mine ?fields?|mine strips?|mined (?:strips?|belts?|areas?|zones?|ground)|(?<!un)(?:heavily |densely |sown with |later |since )*mined(?! (?:coal|gold|copper|uranium|bitcoin|out|cobalt|tin|lithium|data))|belts? of mines|(?:anti personnel |anti tank |land ?)mines|(?:anti vehicle )mines|land ?mines|(?<!coal )(?<!gold )(?<!salt )(?<!copper )(?<!iron )(?<!diamond )(?<!uranium )(?<!phosphate )mines(?! of)",
        None,
        "minefield",
        stems=("mine",),
    ),
    Work(
        r"strong ?points?|strong points?|(?:platoon|company|battalion) (?:strong ?points?|(?:defen[cs]ive )?positions)|fortified positions|fortified posts|defensive positions",
        None,
        "strongpoint",
        stems=("strong", "positions", "posts"),
    ),
    Work(
        r"fire positions|firing (?:positions|posts|points)|fighting positions|gun emplacements|(?:gun|machine gun|artillery|infantry|mortar) (?:positions|nests|emplacements|pits)|fox ?holes",
        None,
        "firing_position",
        stems=("position", "fox", "firing", "nests", "emplacement", "pits"),
    ),
    Work(
        r"(?:reinforced |concrete |underground )*bunkers?|pill ?boxes|pill ?box|casemates?|dug ?outs|blockhouses?",
        "bunker_line",
        "bunker",
        stems=("bunker", "pill", "casemate", "dug", "blockhouse"),
    ),
    Work(r"forts|fort(?= [a-z])|fortress(?:es)?|citadels?|fortlets", None, "fort", stems=("fort", "citadel")),
    Work(
        r"outposts?|observation posts?|(?:border|guard|sentry|army|look ?out|control|police|military) posts?",
        None,
        "outpost",
        stems=("post",),
    ),
    Work(
        r"watch ?towers?|(?:guard|observation|look ?out|sentry|surveillance) towers?",
        None,
        "watchtower",
        stems=("tower",),
    ),
    Work(
        r"(?:motion |ground |seismic |acoustic |thermal |electronic |fibre optic |fiber optic )*sensors|(?:(?:surveillance|night|high|resolution|definition|digital|long|range|heat|motion)[ -])*(?:surveillance|security|thermal|infra ?red|video|cctv|night vision|optical) cameras?|cameras|(?:ground |surveillance )*radars?|motion detectors?|thermal (?:imagers?|imaging)|cctv|electronic surveillance(?: systems?)?|surveillance (?:systems?|equipment)|detection (?:cables?|systems?)",
        None,
        "sensor",
        stems=("sensor", "camera", "radar", "detect", "imag", "cctv", "surveillance"),
    ),
    Work(
        r"patrol (?:roads?|tracks?|paths?|routes?)|(?:access|service|military|perimeter|paved) roads?(?= (?:for|along|runs|on|,))|service roads?|(?:asphalt |paved |dirt )?roads? for patrols?",
        None,
        "patrol_road",
        stems=("patrol", "road"),
    ),
    Work(
        r"abatis|(?:felled|fallen|cut) trees|trees (?:are to be |will be |to be |are |were |being )?felled|tree barricades|fell(?:ing)? (?:of )?trees",
        None,
        "abatis",
        stems=("abatis", "tree"),
    ),
    Work(
        r"road ?blocks?|(?:concrete|jersey|road) (?:blocks|barriers|barricades)|blocked roads|barricades",
        None,
        "road_block",
        stems=("block", "barricade", "barriers"),
    ),
    Work(
        r"(?:bridges?|culverts?|viaducts?)(?: and (?:roads?|culverts?|bridges?|viaducts?))?,? (?:that (?:are|have been|can be) |which (?:are|have been|can be) |were |are |have been |being |to be |will be )?(?:prepared|rigged|wired|mined|readied|ready|primed|prepped|fitted)(?: \w+){0,2} (?:for (?:demolition|destruction|blowing|detonation)|with (?:explosives|charges|demolition charges)|to (?:be blown|blow))(?: up)?|(?:prepared |bridge )?demolitions?(?: charges?| chambers?)|prepared demolitions|demolition of bridges|(?:rigged|mined) bridges|bridges? demolitions?|blow(?:ing)? up (?:the )?bridges|explosive charges (?=under|on|in)",
        None,
        "demolition",
        stems=("bridge", "culvert", "demolition", "viaduct", "explosive"),
    ),
    Work(
        r"(?:engineering |engineer |counter ?mobility |storage |equipment |obstacle |supply |ammunition )+(?:parks?|depots?|yards?|sites?|areas?|stores|warehouses?|dumps?)|depots?|stock ?piles?|stockpiling sites|stores of (?:razor|concrete|obstacle|barrier|mines|hedgehogs)\w*",
        None,
        "depot",
        stems=("park", "depot", "yard", "site", "area", "stor", "warehouse", "stock", "dump"),
    ),
    Work(
        r"(?:air raid |bomb |underground |concrete |troop |crew )+shelters?|shelters(?= (?:for|and|,)|[,.;])",
        None,
        "shelter",
        stems=("shelter",),
    ),
    Work(
        r"(?:defensive |fortified |outer |inner |closed )?rings? of (?:fortifications|trenches|defen[cs]es|forts|bunkers|berms|checkpoints|works|strong ?points|anti tank ditches)|(?:defensive|fortified) rings?|perimeter ring|ring (?=of \w+ works)|ring (?:ditch|berm|trench|wall|dyke|dike)",
        None,
        "ring",
        stems=("ring",),
    ),
    Work(
        r"(?<!the )(?<!the live )(?<!trip )(?<!high )wire(?= and |, | or |;|\.)|(?:barbed|razor|concertina)(?: tape)? ?wires?(?! (?:\w+ )?fenc)(?! (?:border )?barrier)|concertinas?|wire (?:entanglements?|obstacles?|coils|barriers?)|coils of (?:razor |barbed )?wire|razor coils|concertina coils|rolls of (?:razor |barbed |concertina )?wire",
        None,
        "wire",
        stems=("wire", "concertina", "razor"),
    ),
    # Either, by their place in the passage.
    Work(_MATERIAL + r"fenc(?:e line|e|es|ing)(?! (?:off|in)\b)|fence line", "fence", "fence", stems=("fenc",)),
    Work(
        r"(?:sand|dirt|earth|earthen)[- ](?:walls?|banks?|berms?|ramparts?|barriers?|mounds?)|berms?|walls? of sand|sand ?banks?|ramparts? of (?:sand|earth)|(?:sand|earth|stone) and (?:sand|earth|stone) (?:wall|berm|rampart|bank)s?|earth(?:en)? dykes?|sand dunes? barrier",
        "berm",
        "berm",
        stems=("berm", "sand", "earth", "dirt"),
    ),
    Work(
        r"(?:earth(?:en)? |raised |defensive )*embankments?|ramparts?|levees?|earthworks?|earth(?:en)? (?:banks?|parapets?)|parapets?|raised banks?|dykes|dikes",
        None,
        "embankment",
        stems=("embank", "rampart", "levee", "earth", "parapet", "bank", "dyke", "dike"),
    ),
    Work(
        _MATERIAL + r"walls?(?! street)",
        "wall",
        "wall",
        stems=("wall",),
    ),
    Work(
        _MATERIAL + r"barriers?(?! to \w+ing)(?! to (?:trade|entry|peace|change|progress))",
        "barrier",
        None,
        stems=("barrier",),
    ),
    Work(
        r"(?:communication |communications |infantry |slit |deep |zig zag |zigzag )*trench(?:es)?",
        "trench_line",
        "trench",
        stems=("trench",),
    ),
    Work(
        r"fenced(?: off)?(?= (?:\d|about|some|nearly|more|almost|roughly|over|off|in))",
        "fence",
        "fence",
        stems=("fenced",),
    ),
    Work(r"walled off", "wall", "wall", stems=("walled",)),
    Work(
        r"(?<=the )(?:works(?= (?:are|stretch|run|extend|cover|include))|belt|zone|structure|line(?! of (?:control|contact))|system|project)(?= (?:is|was|will|runs|stretches|extends|has|reaches|consists|includes|comprises|starts|begins|would|covers|stands|lies|stretch|run|extend|cover|include|are|,))",
        None,
        None,
        stems=("belt", "zone", "structure", "line", "system", "project", "works"),
    ),
    Work(r"(?:deep |wide |water filled |defensive )*ditch(?:es)?|moats?", None, "ditch", stems=("ditch", "moat")),
)


# No reading of the table is longer than this before and after its stem.
_REACH_BEFORE: Final = 90
_REACH_AFTER: Final = 60


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Return the pattern of each family with the stems of which a text must hold one."""
    # The engine looks for the character before a word fast; the word itself is only looked at, not passed.
    rows = []
    for work in WORKS:
        letters = first_letters(work.pattern)
        hint = f"(?=[{letters}])" if letters else ""
        rows.append((re.compile(rf"[^a-z0-9_-](?<!\w){hint}(?=({_loosen(work.pattern)})(?![\w]))"), work.stems))
    return tuple(rows)


def find_works(low: str) -> list[tuple[int, int, Work]]:
    """Return the words for works in a text in lower case: start, end and family.

    At one place the longer reading wins that stands higher in the table; readings do not overlap.

    Examples
    --------
    >>> [(work.type, start) for start, _, work in find_works("an anti-tank ditch behind a ditch")]
    [('anti_tank_ditch', 3), ('ditch', 28)]
    """
    found: list[tuple[int, int, int]] = []
    # With a blank before it, a text has a character before every word, at the word's own position in the text.
    padded = " " + low
    known: dict[str, list[int]] = {}
    for number, (pattern, stems) in enumerate(_rows()):
        for start, end in windows(low, stems, before=_REACH_BEFORE, after=_REACH_AFTER, known=known):
            last = start
            for match in pattern.finditer(padded, start, end + 1):
                first = match.start()
                if first >= last:
                    last = match.end(1) - 1
                    found.append((first, number, last))
    kept: list[tuple[int, int, Work]] = []
    last = 0
    for start, number, end in sorted(set(found)):
        if start >= last and end > start:
            kept.append((start, end, WORKS[number]))
            last = end
    return kept


def _loosen(pattern: str) -> str:
    """Let a plain space in a pattern also match a hyphen or several spaces."""
    out, in_class = [], False
    for number, char in enumerate(pattern):
        escaped = number > 0 and pattern[number - 1] == "\\"
        if char == "[" and not escaped:
            in_class = True
        elif char == "]" and not escaped:
            in_class = False
        behind = pattern[:number].rfind("(?<")
        in_lookbehind = behind >= 0 and ")" not in pattern[behind:number]
        if char == " " and not in_class and not in_lookbehind:
            follows = pattern[number + 1 : number + 2]
            out.append("[ -]" if follows in {"?", "*", "+"} else "[ -]+")
        else:
            out.append(char)
    return "".join(out)
