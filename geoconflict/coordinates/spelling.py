"""The many spellings of a pair in degrees, brought to one before it is cut into pieces."""

from __future__ import annotations

import re

from geoconflict.coordinates.directions import spell_out

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
_ENDS_OF_HEIGHTS = frozenset("mtslм.)")
_HYPHEN_BETWEEN = re.compile(r"(?<=[a-z)])\s+[-–]\s+(?=[a-z\d(])|\s+[-–]\s+(?=\(?[nsew]\b)")
_DASH_BETWEEN = re.compile(r"(?<=[a-z])\s*–\s*(?=[a-z\d])")
_LEFTOVER = re.compile(r"[()\[\]{}<>]")


def prepare(text: str) -> str | None:
    """Return the body of a text in lower case, or None where it cannot be a pair in degrees.

    What says nothing is dropped (brackets, "coordinates:", WGS84, a height), abbreviations
    are spelled out, hyphens and points between degrees, minutes and seconds become colons.

    Examples
    --------
    >>> prepare("GPS: 54-41-14N 025-16-47E")
    '54:41:14n 025:16:47e'
    """
    low = _unwrapped(text.lower())
    if low is None:
        return None
    if low[:1].isalpha() or "wgs" in low or "epsg" in low:
        low = _DROPPED.sub(" ", low)
    low = low.strip()
    if low[:2] == "- ":  # a minus, or the dash behind a word and of a list
        if low == text.lower() or _LOOSE_SIGN.search(low):
            return None
        low = low[2:]
    if low[-1:] in _ENDS_OF_HEIGHTS and (height := _ALTITUDE.search(low)):
        low = low[: height.start()]
    body = _joined(low.strip("()[]{}<>.,; "))
    return None if body is None else _LEFTOVER.sub(" ", body).strip() or None


def _unwrapped(low: str) -> str | None:
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
    low = spell_out(low).lstrip("📍📌🌍🌎🌏🎯@~≈? ")
    return _FULL_STOP.sub(", ", low) if ". " in low else low


def _joined(body: str) -> str | None:
    """Tell minus signs from hyphens and dashes, and points between numbers from decimal points."""
    if "-" not in body and "+" not in body and "–" not in body and body.count(".") < 3:
        return body
    body = _LEADING_DASH.sub(r"\1-", _LOOSE_SIGN.sub(r"\1\2", body))
    hemisphere = _ANY_HEMISPHERE.search(body) is not None
    if hemisphere:
        body = _HYPHEN_AFTER_LETTER.sub(",", _HYPHEN_BETWEEN.sub(", ", body))
        body = _DASH_BETWEEN.sub(",", body)
        body = _DOTTED.sub(_undot, body)
    if _HYPHENATED.search(body):
        if not hemisphere:
            return None
        body = _HYPHENATED.sub(":", body)
    return body


def _undot(match: re.Match[str]) -> str:
    return f"{match[1]}:{match[2]}:{match[3]}"
