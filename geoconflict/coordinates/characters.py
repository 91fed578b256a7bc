"""One spelling for the many characters that people and programs put into coordinates."""

from __future__ import annotations

import html
import re
import unicodedata

_DEGREE = "º˚⁰∘○◦ᵒ"
_MINUTE = "′’‘ʹ´`‵ʼ＇ˈ‛"
_SECOND = "″“”„‟˝ʺ〃＂❞〞"
_MINUS = "−﹣－‐‑"
_DASH = "–—‒―"
_SPACE = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NOTHING = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad\u061c"
)

_FOLD = {
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

# What UTF-8 becomes when it is read as Windows-1252: a degree sign, a prime, a double prime, quotes, a minus.
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
_ENTITY = re.compile(r"&#?\w{2,8};")
_MIDDLE_DOT = re.compile(r"(?<=\d)[·⋅](?=\d)")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")


def fold(text: str) -> str:
    r"""Return the text with one character a meaning.

    Degree signs become ``°``, primes and single quotes ``'``, double ones ``"``; minus signs
    ``-``; en and em dashes ``–``, since they may separate; digits of every script become
    ASCII; marks without width or with direction only are left out; HTML entities are
    resolved, and UTF-8 that was read as Windows-1252 is mended.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> fold("５４º41′14″\u00a0N")
    '54°41\'14" N'
    """
    if not text.isascii():
        if "Â" in text or "â" in text:
            for wrong, right in _MOJIBAKE:
                text = text.replace(wrong, right)
        text = text.translate(_FOLD)
        if not text.isascii():
            text = _OTHER_DIGIT.sub(lambda hit: str(unicodedata.decimal(hit[0])), text)
            text = _MIDDLE_DOT.sub(".", text)
    if "&" in text and _ENTITY.search(text):
        return fold(html.unescape(text)) if html.unescape(text) != text else text
    if "''" in text:
        text = text.replace("''", '"')
    if '""' in text:
        text = text.replace('""', '"')
    text = _SPACES.sub(" ", text).strip()
    return _without_quotes(text)


def _without_quotes(text: str) -> str:
    """Drop quotation marks round the whole: one at the start is no mark of an angle, one at the end may be."""
    first, last = text[:1], text[-1:]
    if first == "«" and last == "»":
        return text[1:-1].strip()
    if len(text) > 1 and first == last and first in "'\"" and (text.count(first) == 2 or not text[-2].isdigit()):
        return text[1:-1].strip() if text.count(first) != 4 or "," not in text else text
    return text
