"""Hemispheres and axis names as several languages write them.

A letter can mean different things: O is Ost in German and ouest in French, S is sever
(north) in Czech. A pair of letters is therefore read in every language that has both, and
only what all of those agree on is taken.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Axis = Literal["lat", "lon"]


class Direction(NamedTuple):
    """What a letter or a word says of the number beside it.

    Attributes
    ----------
    axis : str
        ``lat`` or ``lon``.
    sign : int
        1 north or east, -1 south or west, 0 where only the axis is said.
    """

    axis: Axis
    sign: int


NORTH, SOUTH, EAST, WEST = Direction("lat", 1), Direction("lat", -1), Direction("lon", 1), Direction("lon", -1)
LATITUDE, LONGITUDE = Direction("lat", 0), Direction("lon", 0)

LETTERS: dict[str, dict[str, Direction]] = {
    "English": {"n": NORTH, "s": SOUTH, "e": EAST, "w": WEST},
    "German": {"n": NORTH, "s": SOUTH, "o": EAST, "ö": EAST, "w": WEST},
    "French, Spanish, Italian": {"n": NORTH, "s": SOUTH, "e": EAST, "o": WEST},
    "Portuguese": {"n": NORTH, "s": SOUTH, "l": EAST, "e": EAST, "o": WEST},
    "Romanian": {"n": NORTH, "s": SOUTH, "e": EAST, "v": WEST},
    "Russian": {"с": NORTH, "ю": SOUTH, "в": EAST, "з": WEST},
    "Ukrainian": {"пн": NORTH, "пд": SOUTH, "с": EAST, "сх": EAST, "з": WEST, "зх": WEST},
    "Ukrainian, north": {"п": NORTH, "с": EAST, "сх": EAST, "з": WEST, "зх": WEST},
    "Ukrainian, south": {"п": SOUTH, "с": EAST, "сх": EAST, "з": WEST, "зх": WEST},
    "Belarusian": {"пн": NORTH, "пд": SOUTH, "у": EAST, "з": WEST},
    "Bulgarian": {"с": NORTH, "ю": SOUTH, "и": EAST, "з": WEST},
    "Serbian": {"с": NORTH, "ј": SOUTH, "и": EAST, "з": WEST},
    "Lithuanian": {"š": NORTH, "p": SOUTH, "r": EAST, "v": WEST},
    "Latvian": {"z": NORTH, "d": SOUTH, "a": EAST, "r": WEST},
    "Czech": {"s": NORTH, "j": SOUTH, "v": EAST, "z": WEST},
    "Turkish": {"k": NORTH, "g": SOUTH, "d": EAST, "b": WEST},
    "Arabic": {"ش": NORTH, "ج": SOUTH, "ق": EAST, "غ": WEST},
    "Hungarian": {"é": NORTH, "d": SOUTH, "k": EAST, "ny": WEST},
}
"""What the letters mean, by language; only letters that the language itself uses."""

_WELL_KNOWN = ("English", "German", "French, Spanish, Italian", "Portuguese", "Romanian", "Russian", "Ukrainian")
RARE_LETTERS = frozenset(
    letter
    for language, table in LETTERS.items()
    for letter in table
    if language not in _WELL_KNOWN and len(letter) == 1 and letter.upper() != letter
) - {letter for language in _WELL_KNOWN for letter in LETTERS[language]}
"""Letters that are only believed as capitals."""

# Words that mean one thing in every language that has them. Sud and est are French, Italian and Romanian alike.
WORDS: dict[str, Direction] = {
    **dict.fromkeys(
        [
            "north",
            "northern",
            "nord",
            "nördlich",
            "nördliche",
            "nördlicher",
            "norte",
            "norden",
            "noord",
            "север",
            "северной",
            "северная",
            "північ",
            "північної",
            "північна",
            "поўнач",
            "severní",
            "sever",
            "północ",
            "północnej",
            "kuzey",
            "şimal",
            "šiaurė",
            "šiaurės",
            "ziemeļi",
            "põhi",
            "płn",
            "北纬",
            "北緯",
            "北",
            "شمال",
            "شمالا",
            "شمالاً",
        ],
        NORTH,
    ),
    **dict.fromkeys(
        [
            "south",
            "southern",
            "sud",
            "süd",
            "südlich",
            "südliche",
            "südlicher",
            "sur",
            "sul",
            "süden",
            "zuid",
            "юг",
            "южной",
            "южная",
            "південь",
            "південної",
            "південна",
            "поўдзень",
            "jižní",
            "jih",
            "południe",
            "południowej",
            "güney",
            "pietūs",
            "pietų",
            "dienvidi",
            "lõuna",
            "płd",
            "南纬",
            "南緯",
            "南",
            "جنوب",
            "جنوبا",
            "جنوباً",
        ],
        SOUTH,
    ),
    **dict.fromkeys(
        [
            "east",
            "eastern",
            "est",
            "ost",
            "östlich",
            "östliche",
            "östlicher",
            "osten",
            "este",
            "leste",
            "oost",
            "восток",
            "восточной",
            "восточная",
            "схід",
            "східної",
            "східна",
            "усход",
            "východní",
            "východ",
            "wschód",
            "wschodniej",
            "doğu",
            "rytai",
            "rytų",
            "austrumi",
            "ida",
            "wsch",
            "东经",
            "東經",
            "東経",
            "شرق",
            "شرقا",
            "شرقاً",
        ],
        EAST,
    ),
    **dict.fromkeys(
        [
            "west",
            "western",
            "ouest",
            "westlich",
            "westliche",
            "westlicher",
            "oeste",
            "ovest",
            "vest",
            "westen",
            "запад",
            "западной",
            "западная",
            "захід",
            "західної",
            "західна",
            "захад",
            "západní",
            "západ",
            "zachód",
            "zachodniej",
            "batı",
            "vakarai",
            "vakarų",
            "rietumi",
            "lääs",
            "zach",
            "西经",
            "西經",
            "西経",
            "غرب",
            "غربا",
            "غرباً",
        ],
        WEST,
    ),
    **dict.fromkeys(
        [
            "lat",
            "lat_dd",
            "latitude",
            "latitud",
            "latitudine",
            "latitudinea",
            "breite",
            "breitengrad",
            "br",
            "enlem",
            "широта",
            "шир",
            "широты",
            "широті",
            "широти",
            "szerokość",
            "szerokości",
            "szer",
            "platuma",
            "šířka",
            "šířky",
            "φ",
        ],
        LATITUDE,
    ),
    **dict.fromkeys(
        [
            "lon",
            "lng",
            "long",
            "lon_dd",
            "longitude",
            "longitud",
            "longitudine",
            "länge",
            "längengrad",
            "boylam",
            "долгота",
            "долг",
            "долготы",
            "довгота",
            "довготи",
            "дов",
            "długość",
            "długości",
            "dł",
            "ilguma",
            "délka",
            "délky",
            "λ",
        ],
        LONGITUDE,
    ),
}

_SINGLE = {letter for table in LETTERS.values() for letter in table}


# The usual abbreviations, said in full: "с.ш." is северной широты, "пн. ш." північної широти, "n. Br." nördlicher Breite.
def _abbreviation(pattern: str) -> re.Pattern[str]:
    """Compile an abbreviation that may follow a number, and stands free of letters."""
    return re.compile(rf"(?<![^\W\d_])(?:{pattern})(?![^\W\d_])")


_ABBREVIATIONS = (
    (_abbreviation(r"сев(?:ерн\w*)?\.?\s*ш(?:ир\w*)?\.?|с\.\s*ш(?:ир\w*)?\.?|сш\b"), " north "),
    (_abbreviation(r"южн?\w*\.?\s*ш(?:ир\w*)?\.?|ю\.\s*ш(?:ир\w*)?\.?|юш\b"), " south "),
    (_abbreviation(r"вост\w*\.?\s*д(?:олг\w*)?\.?|в\.\s*д(?:олг\w*)?\.?|вд\b"), " east "),
    (_abbreviation(r"зап\w*\.?\s*д(?:олг\w*)?\.?|з\.\s*д(?:олг|ов)?\w*\.?|зд\b"), " west "),
    (_abbreviation(r"пн\.?\s*ш(?:ир\w*)?\.?|півн\w*\.?\s*ш(?:ир\w*)?\.?"), " north "),
    (_abbreviation(r"пд\.?\s*ш(?:ир\w*)?\.?|півд\w*\.?\s*ш(?:ир\w*)?\.?"), " south "),
    (_abbreviation(r"сх\.?\s*д(?:ов\w*)?\.?|східн\w*\.?\s*д(?:ов\w*)?\.?"), " east "),
    (_abbreviation(r"и\.\s*д\.?|у\.\s*д\.?"), " east "),
    (_abbreviation(r"зх\.?\s*д(?:ов\w*)?\.?|західн\w*\.?\s*д(?:ов\w*)?\.?"), " west "),
)
_GERMAN = (
    (_abbreviation(r"n(?:ördl)?\.\s*br(?:eite)?\.?"), " north "),
    (_abbreviation(r"s(?:üdl)?\.\s*br(?:eite)?\.?"), " south "),
    (_abbreviation(r"ö(?:stl)?\.\s*l(?:änge)?\.?"), " east "),
    (_abbreviation(r"w(?:estl)?\.\s*l(?:änge)?\.?"), " west "),
)
_DIACRITIC = (
    (_abbreviation(r"s\.\s*š\.?|š\.\s*pl(?:at)?\.?|é\.\s*sz\.?"), " north "),
    (_abbreviation(r"j\.\s*š\.?|p\.\s*pl(?:at)?\.?|d\.\s*sz\.?"), " south "),
    (_abbreviation(r"v\.\s*d\.?(?=$|[\W])|r\.\s*ilg?\.?|k\.\s*h\.?"), " east "),
    (_abbreviation(r"z\.\s*d\.?(?=$|[\W])|v\.\s*ilg?\.?|ny\.\s*h\.?"), " west "),
)
_HAS_CYRILLIC = re.compile("[\u0400-\u04ff]")


def spell_out(text: str) -> str:
    """Return a lower-case text with abbreviated hemispheres as English words.

    Examples
    --------
    >>> spell_out("54,68 с.ш. 25,28 в. д.")
    '54,68  north  25,28  east '
    """
    if _HAS_CYRILLIC.search(text):
        for pattern, word in _ABBREVIATIONS:
            text = pattern.sub(word, text)
        # A Cyrillic letter that looks like E, typed beside a Latin N or S.
        text = re.sub(r"\bе\b", "e", text) if re.search(r"(?<![a-z])[ns](?![a-z])", text) else text
    elif "." in text:
        if "br" in text or " l" in text or ".l" in text:
            for pattern, word in _GERMAN:
                text = pattern.sub(word, text)
        if "š" in text or "sz" in text or "pl." in text:
            for pattern, word in _DIACRITIC:
                text = pattern.sub(word, text)
    return text


def is_direction(word: str) -> bool:
    """Tell whether a lower-case word can say a hemisphere or an axis."""
    return word in WORDS or word in _SINGLE


@lru_cache(maxsize=4096)
def readings_of(first: str, second: str) -> dict[tuple[Direction, Direction], list[str]]:
    """Return what a pair of words can mean, with the languages that say so.

    Only pairs of one latitude and one longitude are kept.

    Parameters
    ----------
    first, second : str
        Lower-case words or letters, in the order of the numbers.

    Returns
    -------
    dict
        From (direction of the first, direction of the second) to language names.

    Examples
    --------
    >>> readings_of("n", "e")[NORTH, EAST][0]
    'English'
    >>> len(readings_of("n", "o"))  # Ost or ouest
    2
    """
    found: dict[tuple[Direction, Direction], list[str]] = {}
    one, two = WORDS.get(first), WORDS.get(second)
    if one is not None and two is not None:
        if one.axis != two.axis:
            found[one, two] = ["words"]
        return found
    for language, letters in LETTERS.items():
        a, b = one or letters.get(first), two or letters.get(second)
        if a is not None and b is not None and a.axis != b.axis:
            found.setdefault((a, b), []).append(language)
    return found


@lru_cache(maxsize=4096)
def meanings_of(word: str) -> frozenset[Direction]:
    """Return everything that one word can mean.

    Examples
    --------
    >>> meanings_of("w") == {WEST}
    True
    """
    if word in WORDS:
        return frozenset({WORDS[word]})
    return frozenset(letters[word] for letters in LETTERS.values() if word in letters)
