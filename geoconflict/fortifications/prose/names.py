"""Proper names that stand where a place can stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from geoconflict.fortifications.prose.scene import Scene

_CAP: Final = r"(?:[A-ZÀ-ÖØ-ÞĀ-ſḀ-ỿ][\wÀ-ỿ]*(?:['-][\wÀ-ỿ]+)*\.?(?<!\.)|St\.|Mt\.)"
_LINK: Final = r"(?: (?:de|du|des|la|le|el|al|of|bin|ibn|da|do|an|der|sur|upon|di)(?=[ -][A-Z])|)"
NAME: Final = rf"(?:(?:[Aa]l|[Ee]l|[Aa]sh|[Aa]r|[Aa]n|[Aa]d|[Aa]s|[Dd]eir|[Uu]mm)[- ](?:al[- ]|ez[- ])?)?{_CAP}(?:{_LINK}[ -]{_CAP}){{0,3}}"
_NOT_NAMES: Final = frozenset(
    [
        "Inside",
        "Outside",
        "Near",
        "Along",
        "Across",
        "Behind",
        "Between",
        "Beyond",
        "Around",
        "Within",
        "Without",
        "Under",
        "Over",
        "After",
        "Before",
        "Since",
        "Until",
        "During",
        "Despite",
        "While",
        "When",
        "Where",
        "Some",
        "About",
        "Most",
        "Many",
        "Several",
        "Once",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "The",
        "This",
        "That",
        "These",
        "Those",
        "It",
        "Its",
        "They",
        "He",
        "She",
        "We",
        "I",
        "In",
        "On",
        "At",
        "By",
        "As",
        "If",
        "But",
        "And",
        "Or",
        "Nato",
        "NATO",
        "UN",
        "EU",
        "AU",
        "OSCE",
        "Parliament",
        "Congress",
        "President",
        "Prime",
        "Minister",
        "Ministry",
        "Defence",
        "Defense",
        "Army",
        "Air",
        "Force",
        "Forces",
        "General",
        "Colonel",
        "Telegram",
        "Facebook",
        "Twitter",
        "X",
        "Reuters",
        "AFP",
        "AP",
        "BBC",
        "CNN",
        "Xinhua",
        "TASS",
        "Ramadan",
        "Christmas",
        "Easter",
        "Islam",
        "Christian",
        "Muslim",
        "Jewish",
        "Kurdish",
        "Arab",
        "Tuareg",
        "Islamist",
        "European",
        "African",
        "Asian",
        "Western",
        "Eastern",
        "Northern",
        "Southern",
        "West",
        "East",
        "North",
        "South",
        "God",
        "English",
        "French",
        "Operation",
        "Security",
        "Council",
        "Commission",
        "Foundation",
        "Institute",
        "University",
        "Border",
        "Guard",
        "Service",
        "State",
        "Ministers",
        "Defender",
        "Shield",
        "Frontex",
        "Interpol",
        "Pentagon",
        "Kremlin",
        "Cold",
        "War",
        "World",
        "Soviet",
        "Union",
        "Nations",
        "United",
        "Human",
        "Rights",
        "Watch",
        "Europe",
        "Africa",
        "Asia",
        "Sahel",
        "Balkans",
        "Baltics",
        "Caucasus",
        "Schengen",
        "Internet",
        "ECOWAS",
        "ACLED",
        "ISW",
        "IDF",
        "RSF",
        "SDF",
        "JNIM",
        "ISIS",
        "ISIL",
        "PKK",
        "YPG",
        "HTS",
        "M23",
        "DMZ",
        "LoC",
        "LOC",
        "Friday's",
    ]
)
_PREPOSITION: Final = re.compile(
    r"\b(?:in|at|near|outside|around|from|to|towards?|between|through|via|over|into|inside|across|reach(?:es|ed|ing)?|beyond|past|off|on the outskirts of|(?:north|south|east|west|northeast|northwest|southeast|southwest|north-east|north-west|south-east|south-west|outskirts|edge|centre|center|out|capital|"
    r"suburbs?|village|town|city|port|district|province|region|county|settlement|hamlet|area|commune|department|governorate|municipality|oblast|raion|vicinity|direction|island|valley|camp|villages|towns|cities|districts|provinces|regions|siege|battle|recaptured|captured|seized|stormed|entered|hit|struck|shelled|bombed|attacked|liberated|defend|defending|defends|protect|protecting|cover|covering|surround|surrounding|encircle|encircling|guard|guarding|surrounds|covers|protects|guards) of"
    r"|the (?:border |frontier |small |northern |southern |eastern |western |central |mining |garrison |front-line |frontline |desert |coastal |besieged |key |remote |nearby |disputed )*(?:village|town|city|port|settlement|hamlet|district|province|region|oasis|capital|island)|"
    r"captur(?:ed|ing)|seiz(?:ed|ing)|shell(?:ed|ing)|bomb(?:ed|ing)|attack(?:ed|ing|s on)|storm(?:ed|ing)|liberat(?:ed|ing)|defend(?:s|ed|ing)?|protect(?:s|ed|ing)?|cover(?:s|ed|ing)?|encircl(?:es|ed|ing)|surround(?:s|ed|ing)?|garrison at|base at|raided|struck|hit|lies|towns? of|villages? of|cities of) (?:the |nearby |neighbou?ring |central |northern |southern |eastern |western |rebel-held |occupied |downtown |greater |upper |lower )*$"
)
_KIND_AFTER: Final = re.compile(
    r" (?:(?:border )?(?:village|town|city|district|region|province|oblast|county|governorate|raion|prefecture|department|commune|area|valley|sector|front|direction|airport|airbase|air base|crossing|border crossing|checkpoint|port|peninsula|exclave|gap|corridor|desert|plateau|heights|pass|river|island|district|triangle|salient|axis|forest|mountains|station|bridge|camp|checkpoints|sub-district|subdistrict|neighbourhood|suburb))\b"
)
_APPOSITION: Final = re.compile(
    r",? (?:a|an|the|another) (?:[a-z-]+ ){0,4}?(?:village|town|city|port|settlement|hamlet|gateway|outpost|commune|capital|district|crossing|suburb|hub)\b"
)
_CONJOINED: Final = re.compile(r"(?:,| and|, and|,? as well as| or)(?: in| at| near)? (?:the )?$")
_TITLE: Final = re.compile(
    r"\b(?:gen|general|lt|col|colonel|maj|major|capt|captain|president|minister|prime minister|mr|mrs|ms|dr|spokesman|spokeswoman|spokesperson|commander|chief|king|governor|mayor|analyst|professor|sheikh|secretary|ambassador|operation|brigade|battalion|ministry of|university of|named|called|codenamed|group)\.? $"
)
_PERSON_AFTER: Final = re.compile(
    r",? (?:said|says|told|who|added|wrote|tweeted|chief|spokes\w+|'s (?:army|forces|government)|troops|forces|soldiers|militants|fighters|Brigade|Battalion|Army|Front\b|Forces|Party|Group|Institute|University|Ministry|News|Agency|Times|Post|Line\b|Shield|Wall\b|Council|Convention|Treaty|Protocol|Accords?|Agreement|Belt)|(?:'s)? (?:river|sea|ocean)\b"
)


@dataclass(frozen=True, slots=True)
class NameMention:
    """A proper name that can be a place; ``confidence`` says how surely."""

    start: int
    end: int
    surface: str
    confidence: float


_NAME: Final = re.compile(rf"(?<!\w){NAME}")
# What a name can begin with, behind the character before it; the engine finds such places fast.
_NAME_FIRST: Final = re.compile(r"[^A-Za-z0-9_](?=[A-ZÀ-ÖØ-ÞĀ-ſḀ-ỿ]|(?:a[lrnds]|el|ash|deir|umm)[- ])")
_FIRST_WORD: Final = re.compile(r"[^\s]+")
_POSSESSIVE: Final = re.compile(r"(?:'s?)? ")
# "Rukla, about 40 miles northwest of …": what is measured from somewhere is a place.
_MEASURED: Final = re.compile(
    r",? (?:(?:which|located|situated|lying|is|lies|sits|stands|itself|just|only|about|some|roughly|nearly|around|approximately|less than|more than) )*"
    r"(?:\d[\d.,]*|[a-z]+(?:-[a-z]+)?)[ -](?:km|kilomet|miles?|mi|nautical|nmi|m|met(?:re|er)s?)\b[^.;]{0,30}?\b(?:of|from|inside|off|outside)\b"
)
_LANDFORM: Final = re.compile(r"(?:Island|Islands|Isle|Peninsula|Heights|Hill|Mountain|Plateau)$")
_NO_PLACE: Final = re.compile(
    r" (?:Line|Shield|Wall|Belt|Army|Brigade|Group|Council|Strip|Front|Sea|Ocean|Gulf|River)$"
)


def find_names(scene: Scene) -> list[NameMention]:
    """Return the names that stand after a word of place, before a kind of place, or in a list with one.

    Names of countries, months, bodies and persons are left out.
    """
    taken = sorted((mention.start, mention.end) for mention in scene.countries if mention.kind != "capital")
    found: list[NameMention] = []
    last = 0
    # With a blank before it, a text has a character before every word, at the word's own position in the text.
    for first in _NAME_FIRST.finditer(" " + scene.norm):
        match = _NAME.match(scene.norm, first.start()) if first.start() >= last else None
        if match is None:
            continue
        last = match.end()
        start, end = _trim(scene.norm, *_past_country(scene.norm, match.span(), taken))
        if start >= end or any(s < end and start < e for s, e in taken) or not scene.is_open(start):
            continue
        confidence = _confidence(scene, start, end, found)
        if confidence:
            found.append(NameMention(start, end, scene.document.text[start:end], confidence))
    return found


def _past_country(norm: str, span: tuple[int, int], taken: list[tuple[int, int]]) -> tuple[int, int]:
    """Leave out a country in front of a name: "Russia's Kursk"."""
    start, end = span
    for first, last in taken:
        if first == start and last < end:
            match = _POSSESSIVE.match(norm, last, end)
            return (match.end(), end) if match else span
    return span


def _trim(norm: str, start: int, end: int) -> tuple[int, int]:
    """Leave out leading and trailing words that are no names, and a possessive."""
    while start < end:
        word = _FIRST_WORD.match(norm[start:end])
        if word is None or word.group().strip(".,") not in _NOT_NAMES or word.end() == end - start:
            break
        start += word.end() + 1
    text = norm[start:end]
    if text.endswith("'s"):
        end -= 2
    if _NO_PLACE.search(text):
        return start, start
    if text.strip(".") in _NOT_NAMES or (text.isupper() and len(text) > 1 and " " not in text) or len(text) < 2:
        return start, start
    return start, end


def _confidence(scene: Scene, start: int, end: int, found: list[NameMention]) -> float:
    before = scene.before(start, 60)
    after = scene.norm[end : end + 60]
    confidence = _as_place(scene, (start, end), before, after, found)
    if not confidence or before.endswith("according to "):
        return 0.0
    return 0.0 if _TITLE.search(before) or _PERSON_AFTER.match(after) else confidence


def _as_place(scene: Scene, span: tuple[int, int], before: str, after: str, found: list[NameMention]) -> float:
    if _PREPOSITION.search(before):
        return 0.8
    if before.endswith(("on ", "on the ")) and _LANDFORM.search(scene.norm, *span):
        return 0.75
    if _MEASURED.match(after):
        return 0.7
    if _KIND_AFTER.match(after) or _APPOSITION.match(after):
        return 0.75
    if found and _CONJOINED.fullmatch(scene.low[found[-1].end : span[0]]):
        return found[-1].confidence - 0.05
    return 0.0
