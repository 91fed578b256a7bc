"""Columns of a layer for the page: codes into the values that occur, or blocks of texts.

A column that another one decides (the day as text by the first day, the type by the style, a
region's country) is stored as that: a table from the other's codes, and no codes of its own.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.maps.web.blob import LEVEL, Blob

if TYPE_CHECKING:
    import pandas as pd

BLOCK_ROWS = 4096
_FEW = 1000
_MOST_DECIDED = 100_000  # a longer table would not pay


@dataclass(slots=True)
class Columns:
    """Packs columns one after the other.

    Attributes
    ----------
    blob : Blob
    notes : list of str
        Blocks of texts that hardly repeat, deflated, in base64.
    known : list of (str or int, array)
        Codes that stand in the page already, by name or by the number of their column.
    """

    blob: Blob
    notes: list[str] = field(default_factory=list)
    known: list[tuple[str | int, np.ndarray]] = field(default_factory=list)
    _done: int = 0

    def know(self, name: str, codes: np.ndarray) -> None:
        """Let further columns be decided by an array that the page has."""
        if len(codes) and codes.min() >= 0 and codes.max() < _MOST_DECIDED:
            self.known.append((name, codes))

    def add(self, at: int, values: pd.Series) -> dict[str, Any]:
        """Pack the column of a number and return its description."""
        import pandas as pd

        if pd.api.types.is_float_dtype(values.dtype):
            return self.numbers(values.to_numpy(dtype="float64", na_value=np.nan), at)
        codes, uniques = pd.factorize(values, use_na_sentinel=True)
        if len(uniques) > max(_FEW, len(values) // 3):
            return self._blocks(values)
        # None comes first, so that a missing value (code -1) is code 0.
        return self._codes(at, [None, *(plain(v) for v in uniques)], codes + 1)

    def numbers(self, values: np.ndarray, at: int = -1) -> dict[str, Any]:
        """Pack floats: codes into the few that occur, else the numbers themselves."""
        found, codes = np.unique(values, return_inverse=True)
        if len(found) < max(256, len(values) // 4):
            return self._codes(at, [plain(v) for v in found.tolist()], codes)
        return {"numbers": self.blob.add(values.astype(np.float64))}

    def _codes(self, at: int, values: list[Any], codes: np.ndarray) -> dict[str, Any]:
        for name, other in self.known:
            table = decided(codes, other)
            if table is not None:
                return {"values": values, "of": name, "map": table.tolist()}
        if len(values) < _MOST_DECIDED:
            self.known.append((at, codes))
        return {"values": values, "codes": self.blob.add_codes(codes)}

    def _blocks(self, values: pd.Series) -> dict[str, Any]:
        texts = [plain(v) for v in values.tolist()]
        first, ends = self._done, []
        for at in range(0, len(texts), BLOCK_ROWS):
            text = base64.b64encode(zlib.compress(_json(texts[at : at + BLOCK_ROWS]), LEVEL)).decode("ascii")
            self.notes.append(text)
            self._done += len(text)
            ends.append(self._done)
        return {"blocks": ends, "first": first, "rows": BLOCK_ROWS}


def _json(values: list[Any]) -> bytes:
    """Return JSON, in UTF-8 for the sake of scripts other than Latin; a lone surrogate keeps its escape."""
    try:
        return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(values, separators=(",", ":")).encode("ascii")


def decided(codes: np.ndarray, other: np.ndarray) -> np.ndarray | None:
    """Return the table from one array's codes to another's, or None if it is no function.

    Examples
    --------
    >>> decided(np.array([5, 7, 5]), np.array([0, 1, 0])).tolist()
    [5, 7]
    >>> decided(np.array([5, 7, 6]), np.array([0, 1, 0])) is None
    True
    """
    if not len(codes) or len(codes) != len(other):
        return None
    table = np.zeros(0, dtype=np.int64)
    # A few rows tell most pairs apart at once.
    for rows in (slice(0, 2048), slice(None)):
        table = np.zeros(int(other[rows].max()) + 1, dtype=np.int64)
        table[other[rows]] = codes[rows]
        if not np.array_equal(table[other[rows]], codes[rows]):
            return None
    return table


def plain(value: object) -> str | float | int | bool | None:
    """Return a value that JSON can hold: text, a finite number, a truth value or None."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if value is None or str(value) in {"<NA>", "NaT"}:
        return None
    return str(value)
