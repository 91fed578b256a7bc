"""Names of places as tables write them, brought to a form that can be compared."""

from __future__ import annotations

import re
import unicodedata

_GENERIC = [
    "town",
    "towns",
    "cities",
    "areas",
    "regions",
    "districts",
    "city",
    "village",
    "villages",
    "region",
    "area",
    "areas",
    "district",
    "province",
    "prefecture",
    "subprefecture",
    "oblast",
    "raion",
    "rayon",
    "county",
    "state",
    "governorate",
    "department",
    "commune",
    "municipality",
    "hromada",
    "settlement",
    "ville",
    "centre",
    "center",
    "locality",
    "axis",
    "road",
]
_LEAD = re.compile(
    r"^(?:(?:\d+(?:\.\d+)?\s*(?:km|miles|mi|m)\s+)?(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|ne|nw|se|sw)\s+)?"
    r"(?:of|from|near|outside|around|close to|vicinity of|outskirts of|surroundings of)\s+|(?:the\s+)?(?:town|city|village|district|region|area) of\s+)"
)
_NOT_WORD = re.compile(r"[\W_]+")
_BETWEEN = re.compile(
    r"^(?:between\s+)?(.+?)\s+(?:and|&|et|-|–|to)\s+(.+?)$|^([^\W\d_]{3,})[-–]([^\W\d_]{3,}) (?:axis|road|route)$",
    re.IGNORECASE,
)


def fold(name: object) -> str:
    """Return a name without case, accents and punctuation.

    Examples
    --------
    >>> fold("N'Délé town")
    'ndele town'
    """
    if not isinstance(name, str):
        return ""
    text = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "").replace("ʼ", ""))
    bare = "".join(character for character in text if not unicodedata.combining(character)).casefold()
    return " ".join(_NOT_WORD.sub(" ", bare).split())


def core(name: object) -> str:
    """Return the folded name without the words that only say what kind of place it is.

    Examples
    --------
    >>> core("Bambari region"), core("5 km north of Bria town"), core("Town")
    ('bambari', 'bria', 'town')
    """
    text = fold(name)
    while (shorter := _LEAD.sub("", text)) != text and shorter:
        text = shorter
    words = text.split()
    while len(words) > 1 and words[-1] in _GENERIC:
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
