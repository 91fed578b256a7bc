"""Bring the many spellings of a pair in degrees to one.

Three steps: characters (:func:`normalise_characters`, for every notation), words and letters
that name a hemisphere or an axis in 18 languages, and separators (:func:`normalise_degrees`).

A letter can mean different things: O is Ost (east) in German and ouest (west) in French, S is
sever (north) in Czech. A pair of letters is therefore read in every language that has both.
If the languages disagree, the text is ambiguous.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

_DEGREE = "º˚⁰∘○◦ᵒ"
_MINUTE = "′’‘ʹ´`‵ʼ＇ˈ‛"
_SECOND = "″“”„‟˝ʺ〃＂❞〞"
_MINUS = "−﹣－‐‑"
_DASH = "–—‒―"
_SPACE = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NOTHING = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
)

_CHARACTERS = {
    **dict.fromkeys(map(ord, _DEGREE), "°"),
    **dict.fromkeys(map(ord, _MINUTE), "'"),
    **dict.fromkeys(map(ord, _SECOND), '"'),
    **dict.fromkeys(map(ord, _MINUS), "-"),
    **dict.fromkeys(map(ord, _DASH), "–"),
    **dict.fromkeys(map(ord, _SPACE), " "),
    **dict.fromkeys(map(ord, _NOTHING)),
    **dict.fromkeys(map(ord, "，،、"), ","),
    **dict.fromkeys(map(ord, "；؛"), ";"),
    **dict.fromkeys(map(ord, "．٫"), "."),
    **dict.fromkeys(map(ord, "：∶"), ":"),
    **dict.fromkeys(map(ord, "＋"), "+"),
    **dict.fromkeys(map(ord, "／"), "/"),
    **dict.fromkeys(map(ord, "（"), "("),
    **dict.fromkeys(map(ord, "）"), ")"),
    **dict.fromkeys(map(ord, "［【"), "["),
    **dict.fromkeys(map(ord, "］】"), "]"),
    **{code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
}

# UTF-8 decoded as Windows-1252: degree sign, primes, quotes, minus.
_MOJIBAKE = (
    ("Â°", "°"),
    ("Âº", "°"),
    ("â€²", "'"),
    ("â€³", '"'),
    ("â€™", "'"),
    ("â€˜", "'"),
    ("â€œ", '"'),
    ("â€\x9d", '"'),
    ("âˆ’", "-"),
    ("Â\u00a0", " "),
)

_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_MAX_UNESCAPED = 3  # some programs escape entities twice
_ENTITY = re.compile(r"&#?\w{2,8};")
_MIDDLE_DOT = re.compile(r"(?<=\d)[·⋅](?=\d)")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def normalise_characters(text: str) -> str:
    r"""Return the text with one character for each meaning.

    Degree signs become ``°``, primes and single quotes ``'``, double primes and quotes ``"``,
    minus signs ``-``. En and em dashes become ``–``, since they may be separators. Digits of
    all scripts become ASCII. Zero-width and direction marks are removed, HTML entities are
    decoded, and UTF-8 that was decoded as Windows-1252 is repaired.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> normalise_characters("５４º41′14″\u00a0N")
    '54°41\'14" N'
    """
    for _ in range(_MAX_UNESCAPED):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = html.unescape(text)
    if not text.isascii():
        if "Â" in text or "â" in text:
            for wrong, right in _MOJIBAKE:
                text = text.replace(wrong, right)
        text = text.translate(_CHARACTERS)
        if not text.isascii():
            text = _OTHER_DIGIT.sub(lambda hit: str(unicodedata.decimal(hit[0])), text)
            text = _MIDDLE_DOT.sub(".", text)
    if "''" in text:
        text = text.replace("''", '"')
    if '""' in text:
        text = text.replace('""', '"')
    text = _SPACES.sub(" ", text).strip()
    return _without_quotes(text)


def _without_quotes(text: str) -> str:
    """Remove quotation marks around the text; a mark at the end may mean minutes or seconds."""
    first, last = text[:1], text[-1:]
    if first == "«" and last == "»":
        return text[1:-1].strip()
    if len(text) > 1 and first == last and first in "'\"" and (text.count(first) == 2 or not text[-2].isdigit()):
        return text[1:-1].strip() if text.count(first) != 4 or "," not in text else text
    return text


Axis = Literal["lat", "lon"]


class Direction(NamedTuple):
    """What a letter or a word says about the number next to it.

    Attributes
    ----------
    axis : str
        ``lat`` or ``lon``.
    sign : int
        1 for north and east, -1 for south and west, 0 for the name of an axis.
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
"""The meaning of the letters that each language uses."""

_WELL_KNOWN = ("English", "German", "French, Spanish, Italian", "Portuguese", "Romanian", "Russian", "Ukrainian")
RARE_LETTERS = frozenset(
    letter
    for language, table in LETTERS.items()
    for letter in table
    if language not in _WELL_KNOWN and len(letter) == 1 and letter.upper() != letter
) - {letter for language in _WELL_KNOWN for letter in LETTERS[language]}
"""Letters that mean a hemisphere only as capitals: most are also words."""

# Words that mean the same in every language that has them.
_WORDS: dict[Direction, str] = {
    NORTH: (
        "north northern nord nördlich nördliche nördlicher norte norden noord север северной северная північ "
        "північної північна поўнач severní sever północ północnej kuzey şimal šiaurė šiaurės ziemeļi põhi płn 北纬 "
        "北緯 北 شمال شمالا شمالاً"
    ),
    SOUTH: (
        "south southern sud süd südlich südliche südlicher sur sul süden zuid юг южной южная південь південної "
        "південна поўдзень jižní jih południe południowej güney pietūs pietų dienvidi lõuna płd 南纬 南緯 南 جنوب "
        "جنوبا جنوباً"
    ),
    EAST: (
        "east eastern est ost östlich östliche östlicher osten este leste oost восток восточной восточная схід "
        "східної східна усход východní východ wschód wschodniej doğu rytai rytų austrumi ida wsch 东经 東經 東経 شرق "
        "شرقا شرقاً"
    ),
    WEST: (
        "west western ouest westlich westliche westlicher oeste ovest vest westen запад западной западная захід "
        "західної західна захад západní západ zachód zachodniej batı vakarai vakarų rietumi lääs zach 西经 西經 西経 "
        "غرب غربا غرباً"
    ),
    LATITUDE: (
        "lat lat_dd latitude latitud latitudine latitudinea breite breitengrad br enlem широта шир широты широті "
        "широти szerokość szerokości szer platuma šířka šířky φ"
    ),
    LONGITUDE: (
        "lon lng long lon_dd longitude longitud longitudine länge längengrad boylam долгота долг долготы довгота "
        "довготи дов długość długości dł ilguma délka délky λ"
    ),
}
WORDS = {word: direction for direction, words in _WORDS.items() for word in words.split()}

_SINGLE = {letter for table in LETTERS.values() for letter in table}


# The usual abbreviations: "с.ш." is северной широты, "пн. ш." північної широти, "n. Br." nördlicher Breite.
def _abbreviation(pattern: str) -> re.Pattern[str]:
    """Compile an abbreviation that has no letters next to it."""
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


def expand_abbreviations(text: str) -> str:
    """Replace abbreviated hemispheres in a lower-case text by English words.

    Examples
    --------
    >>> expand_abbreviations("54,68 с.ш. 25,28 в. д.")
    '54,68  north  25,28  east '
    """
    if _HAS_CYRILLIC.search(text):
        for pattern, word in _ABBREVIATIONS:
            text = pattern.sub(word, text)
        # A Cyrillic letter that looks like E, typed next to a Latin N or S.
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
    """Return whether a lower-case word can name a hemisphere or an axis."""
    return word in WORDS or word in _SINGLE


@lru_cache(maxsize=4096)
def directions_of_pair(first: str, second: str) -> dict[tuple[Direction, Direction], list[str]]:
    """Return what a pair of words can mean, with the languages of each meaning.

    Only meanings with one latitude and one longitude are returned.

    Parameters
    ----------
    first, second : str
        Lower-case words or letters, in the order of the numbers.

    Returns
    -------
    dict
        (direction of the first, direction of the second) → names of languages.

    Examples
    --------
    >>> directions_of_pair("n", "e")[NORTH, EAST][0]
    'English'
    >>> len(directions_of_pair("n", "o"))  # Ost or ouest
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
def directions_of(word: str) -> tuple[Direction, ...]:
    """Return all meanings of one word, in the order of the languages.

    Examples
    --------
    >>> directions_of("w") == (WEST,)
    True
    """
    if word in WORDS:
        return (WORDS[word],)
    return tuple(dict.fromkeys(letters[word] for letters in LETTERS.values() if word in letters))


_DROPPED = re.compile(
    r"\(?\bwgs[\s_-]?'?(?:19)?84\b\)?|\bepsg\s*[:=]*\s*4326\b|^(?:approx(?:imately|\.)?|ca\.|circa|about|around|near)\s+|^(?:gps|geo)?[\s-]*(?:coord(?:inate)?s?|coordonnées|coordenadas|koordinaten|"
    r"koordinatės|координаты|координати|position|pos|location|loc|gps|место|точка|grid)\b\.?\s*(?:gps\b)?\s*(?:[:=]|is\b|are\b)?\s*"
)
_LAT_LON = re.compile(r"\blat(?:itude)?\s*[-_/,&]?\s*(lng|lon|long)(?:itude)?\b")
_LON_LAT = re.compile(r"\b(?:lng|lon|long)(?:itude)?\s*[-_/,&]?\s*lat(?:itude)?\b")
_TEMPLATE = re.compile(r"\{\{\s*coord\s*\|([^{}]*)\}\}")
_QUOTED = re.compile(r"([\"'])([^\"',;]+)\1\s*([,;])\s*\1([^\"',;]+)\1")
_SECONDS = re.compile(r"(\d\s*d\s*\d+\s*m\s*\d+(?:\.\d+)?)\s*s(?=\s*[nsew]?(?![a-z]))")
_NUMBERED = re.compile(r"\(\d{1,2}\)")
_FULL_STOP = re.compile(r"(?<=[a-z°'\"])\.\s+(?=[a-z]?\s?\d)")
_NAMED_X, _NAMED_Y = re.compile(r"\bx\s*[:=]\s*"), re.compile(r"\by\s*[:=]\s*")
_LOOSE_SIGN = re.compile(r"([,;|/]\s*)([+-]) +(?=\d)")
_LEADING_DASH = re.compile(r"(^|[,;:(|/=]\s*)–(?=\d)")
_HYPHENATED = re.compile(r"(?<=\d)-(?=\d)")
_HYPHEN_AFTER_LETTER = re.compile(r"(?<=[\d°'\"][nsew])-(?=\d)")
_ANY_HEMISPHERE = re.compile(r"(?<![^\W_])[nsew](?![^\W\d_])|(?<=\d)[nsew](?![^\W\d_])|north|south|east|west")
_DOTTED = re.compile(r"(?<![\d.])(\d{1,3})\.(\d{1,2})\.(\d{1,2}(?:[.,]\d+)?)(?![\d.])")
_ALTITUDE = re.compile(
    r"[,;\s]+\(?(?:alt(?:itude)?|h|elev(?:ation)?|высота|висота)?\.?\s*[:=]?\s*[+-]?\d+(?:\.\d+)?\s*(?:m|met(?:er|re)s?|ft|feet|м)\.?(?:\s*(?:a\.?m?\.?s\.?l\.?))?\)?$"
)
_LAST_OF_HEIGHT = frozenset("mtslм.)")
_HYPHEN_BETWEEN = re.compile(r"(?<=[a-z)])\s+[-–]\s+(?=[a-z\d(])|\s+[-–]\s+(?=\(?[nsew]\b)")
_DASH_BETWEEN = re.compile(r"(?<=[a-z])\s*–\s*(?=[a-z\d])")
_LEFTOVER = re.compile(r"[()\[\]{}<>]")


def normalise_degrees(text: str) -> str | None:
    """Return the text in lower case with one spelling, or None if it cannot be a pair in degrees.

    Brackets, "coordinates:", WGS84 and a height are removed, abbreviations are expanded, and
    hyphens and points between degrees, minutes and seconds become colons.

    Examples
    --------
    >>> normalise_degrees("GPS: 54-41-14N 025-16-47E")
    '54:41:14n 025:16:47e'
    """
    low = _without_wrapping(text.lower()) if text else None
    if low is None:
        return None
    if low[:1].isalpha() or "wgs" in low or "epsg" in low:
        low = _DROPPED.sub(" ", low)
    low = low.strip()
    if low[:2] == "- ":  # a minus sign, a dash or a list item
        if low == text.lower() or _LOOSE_SIGN.search(low):
            return None
        low = low[2:]
    if low[-1:] in _LAST_OF_HEIGHT and (height := _ALTITUDE.search(low)):
        low = low[: height.start()]
    body = _resolve_hyphens(low.strip("()[]{}<>.,; "))
    return None if body is None else _LEFTOVER.sub(" ", body).strip() or None


def _without_wrapping(low: str) -> str | None:
    if "(" in low and _NUMBERED.search(low):
        return None
    if "{{" in low and (template := _TEMPLATE.search(low)):
        low = " ".join(part for part in template[1].split("|") if ":" not in part and "=" not in part)
    elif low[0] in "\"'" and (quoted := _QUOTED.fullmatch(low)):
        low = quoted[2] + quoted[3] + quoted[4]
    if "d" in low and "m" in low:
        low = _SECONDS.sub(r'\1"', low)
    if "lat" in low:
        low = _LON_LAT.sub(" lon lat ", _LAT_LON.sub(" lat lon ", low))
    if "=" in low or ":" in low:
        low = (
            _NAMED_X.sub(" lon ", _NAMED_Y.sub(" lat ", low)) if _NAMED_X.search(low) and _NAMED_Y.search(low) else low
        )
    low = expand_abbreviations(low).lstrip("📍📌🌍🌎🌏🎯@~≈? ")
    return _FULL_STOP.sub(", ", low) if ". " in low else low


def _resolve_hyphens(body: str) -> str | None:
    """Distinguish minus signs from hyphens and dashes, and points between numbers from decimal points."""
    if "-" not in body and "+" not in body and "–" not in body and body.count(".") < 3:
        return body
    body = _LEADING_DASH.sub(r"\1-", _LOOSE_SIGN.sub(r"\1\2", body))
    hemisphere = _ANY_HEMISPHERE.search(body) is not None
    if hemisphere:
        body = _HYPHEN_AFTER_LETTER.sub(",", _HYPHEN_BETWEEN.sub(", ", body))
        body = _DASH_BETWEEN.sub(",", body)
        body = _DOTTED.sub(_with_colons, body)
    if _HYPHENATED.search(body):
        if not hemisphere:
            return None
        body = _HYPHENATED.sub(":", body)
    return body


def _with_colons(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}:{match[3]}"
