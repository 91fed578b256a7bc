"""Read columns of numbers, and repair what can only mean one thing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoconflict.io.table import Floats, Objects

_BLANKS = str.maketrans("", "", "\u00a0\u202f\u2009\u2007 \t'’\ufeff\u200b\u200e\u200f")
_MINUS = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-", "－": "-"})
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "unknown", "#n/a", "..", "nil"})


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers.

    Attributes
    ----------
    found : ndarray of float
        NaN where nothing stands or nothing could be read.
    missing : ndarray of bool
        Where nothing stands, or a word for nothing.
    unread : ndarray of int
        Positions of what could not be read.
    repaired : dict of str to list of int
        Kind of repair → positions.
    """

    found: Floats
    missing: np.ndarray[tuple[int], np.dtype[np.bool_]]
    unread: list[int]
    repaired: dict[str, list[int]]


def read_numbers(values: Objects | pd.Series, *, comma: str = "decimal") -> Numbers:
    """Read a column of numbers.

    Parameters
    ----------
    values : Series or ndarray, shape (n,)
    comma : {"decimal", "thousands"}
        What a single comma means: ``54,68`` is a coordinate, ``1,250`` is a count of people.

    Returns
    -------
    Numbers

    Examples
    --------
    >>> import numpy as np
    >>> numbers = read_numbers(np.array(["54.68", "54,68", "−25.3", "", "abc"], dtype=object))
    >>> numbers.found.tolist()[:3], numbers.repaired, numbers.unread
    ([54.68, 54.68, -25.3], {'decimal comma': [1], 'Unicode minus': [2]}, [4])
    """
    series = values if isinstance(values, pd.Series) else pd.Series(values, dtype=object)
    out = pd.to_numeric(series, errors="coerce").to_numpy(dtype="float64", na_value=np.nan).copy()
    out[np.isinf(out)] = np.nan
    missing = np.zeros(len(out), dtype=bool)
    unread: list[int] = []
    repaired: dict[str, list[int]] = {}
    left = np.flatnonzero(np.isnan(out))
    items = series.to_numpy(dtype=object)[left].tolist()
    for at, item in zip(left.tolist(), items, strict=True):
        if item is None or not isinstance(item, str) or item.strip().casefold() in _MISSING:
            missing[at] = True
            continue
        kind, number = _repair(item, comma)
        if number is None:
            unread.append(at)
            continue
        out[at] = number
        repaired.setdefault(kind, []).append(at)
    return Numbers(out, missing, unread, repaired)


def _repair(text: str, comma: str) -> tuple[str, float | None]:
    dashed = text.translate(_MINUS)
    bare = dashed.translate(_BLANKS)
    kind = "Unicode minus" if dashed != text else "blanks in a number"
    if _PLAIN.fullmatch(bare):
        return kind, float(bare)
    if comma == "decimal" and _COMMA.fullmatch(bare):
        return "decimal comma", float(bare.replace(",", "."))
    if comma == "thousands" and _THOUSANDS.fullmatch(bare):
        return "thousands comma", float(bare.replace(",", ""))
    return "", None
