"""The columns of a file while it is read: found by name, as text, and as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geoconflict.incidents.dates import Order
from geoconflict.incidents.options import ReadRequest
from geoconflict.incidents.report import Ledger
from geoconflict.incidents.source import Source
from geoconflict.io.table import Floats, Objects, RawTable, column_key, texts

_BLANKS = str.maketrans("", "", "\u00a0\u202f\u2009\u2007 \t'’\ufeff\u200b\u200e\u200f")
_MINUS = str.maketrans({"−": "-", "–": "-", "‒": "-", "﹣": "-", "－": "-"})
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "unknown", "#n/a", "..", "nil"})


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of parsed numbers.

    Attributes
    ----------
    found : ndarray of float
        NaN if the cell is blank or could not be parsed.
    missing : ndarray of bool
        Blank cells, and words such as "n/a".
    unread : ndarray of int
        Positions of cells that could not be parsed.
    repaired : dict of str to list of int
        Kind of repair → positions.
    """

    found: Floats
    missing: np.ndarray[tuple[int], np.dtype[np.bool_]]
    unread: list[int]
    repaired: dict[str, list[int]]


def read_numbers(values: Objects | pd.Series, *, comma: str = "decimal") -> Numbers:
    """Parse a column of numbers.

    Parameters
    ----------
    values : Series or ndarray, shape (n,)
    comma : {"decimal", "thousands"}
        Meaning of a single comma: ``54,68`` is a coordinate, ``1,250`` a number of people.

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


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What only the whole file shows, so that its pieces are read alike.

    Attributes
    ----------
    country : str or None
        The country, if the caller names it or all rows name the same one.
    text_column : str or None
        The column of coordinates as text, for rows without latitude and longitude.
    date_orders : mapping of str to frozenset of {"dmy", "mdy"}
        Column of dates → the orders of day and month that some value proves.
    float_ids : bool
        Whether every identifier is a whole number written with a point, such as ``12.0``.
    given_ids : ndarray of uint64, optional
        Sorted hashes of the identifiers in the file, for a file that is read in pieces.
    repeated_ids : ndarray of uint64, optional
        Those that occur more than once.
    """

    country: str | None
    text_column: str | None
    date_orders: Mapping[str, frozenset[Order]]
    float_ids: bool
    given_ids: np.ndarray[Any, np.dtype[np.uint64]] | None = None
    repeated_ids: np.ndarray[Any, np.dtype[np.uint64]] | None = None


class Piece:
    """A file, or a part of it, while it is read.

    Parameters
    ----------
    raw : RawTable
    source : Source
    request : ReadRequest

    Attributes
    ----------
    names : dict of str to str
        Key → column of the file; HXL tags instead of headers where the source means tags.
    ledger : Ledger
    """

    def __init__(self, raw: RawTable, source: Source, request: ReadRequest) -> None:
        self.raw = raw
        self.source = source
        self.request = request
        self.ledger = Ledger(raw.rows)
        self.names: dict[str, str] = {}
        if source.tagged:
            self.names.update(raw.tags)
        else:
            for column in raw.frame.columns:
                self.names.setdefault(column_key(column), column)
        self._numbers: dict[str, Numbers] = {}

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.raw.frame)

    def find(self, column: str) -> str | None:
        """Return the file's column for one of ours.

        Where rows take the first filled one of several columns, these are merged into one.
        """
        hit = self.source.find(column, self.names)
        if column in self.source.coalesce:
            hits = self.source.find_all(column, self.names)
            if len(hits) > 1:
                hit = " or ".join(hits)
                if hit not in self.raw.frame.columns:
                    merged = self.texts(hits[0]).copy()
                    for name in hits[1:]:
                        merged = np.where(merged == None, self.texts(name), merged)  # noqa: E711 - elementwise
                    self.raw.frame[hit] = merged
        return hit

    def texts(self, column: str) -> Objects:
        """Return a column of the file as text, None where it is blank."""
        return texts(self.raw.frame[column])

    def degrees(self, column: str) -> Numbers:
        """Return a column of the file as numbers in which a comma is a decimal comma."""
        if column not in self._numbers:
            self._numbers[column] = read_numbers(self.raw.frame[column])
        return self._numbers[column]
