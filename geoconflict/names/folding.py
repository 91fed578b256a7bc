"""Normalise place names for comparison.

``fold`` removes what writers vary: case, diacritics, apostrophes, hyphens and the article of
Arabic names. ``core`` also removes words such as "town" or "district". ``phonetic_key`` removes
what transliterations disagree on, such as vowels, and q, k and c; two names with the same
phonetic key may be the same name, but need not be.
"""

from __future__ import annotations

import re
import unicodedata

# Letters that have no canonical decomposition, and marks to remove.
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h",
        "ŋ": "n", "ə": "a", "ʻ": "", "ʼ": "", "’": "", "‘": "", "'": "", "`": "", "´": "", "ʿ": "", "ʾ": "", "·": "",
    }
)  # fmt: skip
_ARTICLE = re.compile(r"^(?:al|el|ad|ed|an|en|ar|er|as|es|ash|esh|at|et|az|ez|ul)[ ]")
_GENERIC_PREFIX = re.compile(r"^(?:city of|town of|village of|ville de|commune de|gorod|selo|misto) ")
_GENERIC_SUFFIXES = frozenset(
    [
        "area",
        "areas",
        "axis",
        "center",
        "centre",
        "cities",
        "city",
        "commune",
        "county",
        "department",
        "district",
        "districts",
        "governorate",
        "hromada",
        "locality",
        "municipality",
        "oblast",
        "prefecture",
        "province",
        "raion",
        "rayon",
        "region",
        "regions",
        "road",
        "settlement",
        "state",
        "subprefecture",
        "town",
        "towns",
        "village",
        "villages",
        "ville",
    ]
)
# Folding turns the point of "2.5 km" into a space.
_RELATIVE_PREFIX = re.compile(
    r"^(?:(?:\d+(?: \d+)?\s*(?:km|miles|mi|m)\s+)?(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|ne|nw|se|sw)\s+)?"
    r"(?:of|from|near|outside|around|close to|vicinity of|outskirts of|surroundings of)\s+|(?:the\s+)?(?:town|city|village|district|region|area) of\s+)"
)
_BETWEEN = re.compile(
    r"^(?:between\s+)?(.+?)\s+(?:and|&|et|-|–|to)\s+(.+?)$|^([^\W\d_]{3,})[-–]([^\W\d_]{3,}) (?:axis|road|route)$",
    re.IGNORECASE,
)
# After folding, which turns ё, й, ї and ў into е, и, і and у.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh", "з": "z",
    "и": "y", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y",
    "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
# Spellings that transliterations disagree on, longest first.
_SOUNDS = (
    ("sch", "s"), ("tch", "s"), ("tsch", "s"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("dj", "j"), ("th", "t"),
    ("sh", "s"), ("ch", "s"), ("zh", "z"), ("ph", "f"), ("ck", "k"), ("ts", "s"), ("tz", "s"), ("cz", "s"),
    ("sz", "s"), ("ou", "u"), ("q", "k"), ("c", "k"), ("x", "ks"), ("w", "v"), ("y", "i"), ("z", "s"), ("g", "j"),
)  # fmt: skip


def fold(name: object) -> str:
    """Return a name without case, diacritics, punctuation and the Arabic article.

    Parameters
    ----------
    name : str
        Anything else, such as a missing value, gives an empty string.

    Returns
    -------
    str
        Words separated by single spaces; empty if nothing is left.

    Examples
    --------
    >>> fold("Al-Hudaydah"), fold("Šalčininkai"), fold("Saint-Louis"), fold("N’Djamena")
    ('hudaydah', 'salcininkai', 'saint louis', 'ndjamena')
    """
    if not isinstance(name, str):
        return ""
    text = unicodedata.normalize("NFKD", name.casefold()).translate(_LETTERS)
    plain = "".join(c for c in text if not unicodedata.combining(c))
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    out = _GENERIC_PREFIX.sub("", " ".join(words))
    short = _ARTICLE.sub("", out)
    return short if len(short) >= 3 else out


def core(name: object) -> str:
    """Return the folded name without words for the kind of place, distances and directions.

    Examples
    --------
    >>> core("Bambari region"), core("5 km north of Bria town"), core("Town")
    ('bambari', 'bria', 'town')
    """
    text = fold(name)
    while (shorter := _RELATIVE_PREFIX.sub("", text)) != text and shorter:
        text = shorter
    words = text.split()
    while len(words) > 1 and words[-1] in _GENERIC_SUFFIXES:
        words.pop()
    return " ".join(words)


def ends(name: object) -> tuple[str, str] | None:
    """Return the two places of a name such as "between Bria and Bambari", or None.

    Examples
    --------
    >>> ends("Between Bria and Bambari towns")
    ('bria', 'bambari')
    >>> ends("Bria") is None
    True
    """
    if not isinstance(name, str):
        return None
    match = _BETWEEN.match(name.strip())
    if match is None:
        return None
    first, second = core(match[1] or match[3]), core(match[2] or match[4])
    return (first, second) if first and second else None


def phonetic_key(folded: str) -> str:
    """Return a key of the consonants of a folded name that is the same for most transliterations.

    Parameters
    ----------
    folded : str
        A name from :func:`fold`; Cyrillic letters are transliterated first.

    Returns
    -------
    str

    Examples
    --------
    >>> phonetic_key(fold("Qamishli")) == phonetic_key(fold("Al-Kamishly")) == phonetic_key(fold("Qamishlo"))
    True
    >>> phonetic_key(fold("Hodeidah")) == phonetic_key(fold("Al Hudaydah"))
    True
    """
    text = "".join(_CYRILLIC.get(c, c) for c in folded).replace(" ", "")
    for old, new in _SOUNDS:
        text = text.replace(old, new)
    first, rest = text[:1], text[1:]
    if first in "aeiou":
        first = "a"
    rest = re.sub(r"[aeiou]", "", rest).removesuffix("h")
    return re.sub(r"(.)\1+", r"\1", first + rest)
