"""Arrays in one run of bytes: each described in a head of JSON, deflated together, in base64.

The form, read by ``web/src/codec.js``: four bytes with the length of the head (little endian),
the head, then arrays, each from a multiple of eight. An array is described by its type (``t``),
offset (``o``), count (``n``), and whether it holds differences (``d``); ``b1`` is several
codes a byte, ``u3`` numbers of 24 bits as three planes.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

LEVEL = 5  # twice as quick as 6, for 1 % more bytes
_TYPES = {"uint8": "u1", "uint16": "u2", "uint32": "u4", "int32": "i4", "float32": "f4", "float64": "f8"}
_SAMPLE = 65_536
_DENSE = 10_000


@dataclass(slots=True)
class Blob:
    """Arrays that are put one after the other; the head says where each lies."""

    head: dict[str, Any] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, values: np.ndarray, *, delta: bool = False) -> dict[str, Any]:
        """Append an array and return its description."""
        count = len(values)
        if delta and count:
            values = np.diff(values.astype(np.int64), prepend=0).astype(np.int32)
        described: dict[str, Any] = {"t": _TYPES[values.dtype.name], "n": count}
        raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
        return self._put(raw, {**described, "d": 1} if delta else described)

    def add_codes(self, codes: np.ndarray) -> dict[str, Any]:
        """Append whole numbers from 0 in as few bytes as they need.

        Where it saves bytes, several of few different ones share a byte, as digits of a number
        to the base of how many there are: then deflate's codes come closer to their entropy.
        """
        small = smallest(codes)
        base = int(codes.max()) + 1 if len(codes) else 1
        if len(codes) < _DENSE or not 2 <= base <= 15:
            return self.add(small)
        sample = small[:_SAMPLE]
        digits = int(8 / math.log2(base))
        if len(zlib.compress(_shared(sample, base, digits), LEVEL)) >= len(zlib.compress(sample.tobytes(), LEVEL)):
            return self.add(small)
        return self._put(_shared(small, base, digits), {"t": "b1", "n": len(codes), "base": base, "k": digits})

    def add_24(self, values: np.ndarray) -> dict[str, Any]:
        """Append numbers of 24 bits as three planes of bytes, the high one first.

        Where it saves bytes, differences modulo 2**24 stand in their place.
        """
        steps = np.diff(values, prepend=0) & 0xFFFFFF
        better = _cost(steps[:_SAMPLE]) < _cost(values[:_SAMPLE])
        chosen, described = (
            (steps, {"t": "u3", "n": len(values), "d": 1}) if better else (values, {"t": "u3", "n": len(values)})
        )
        return self._put(_planes_of(chosen), described)

    def _put(self, raw: bytes, described: dict[str, Any]) -> dict[str, Any]:
        pad = -self.size % 8
        self.parts += [bytes(pad), raw]
        described["o"] = self.size + pad
        self.size += pad + len(raw)
        return described

    def text(self) -> str:
        """Return all of it, deflated, in base64."""
        head = json.dumps(self.head, separators=(",", ":"), allow_nan=False).encode("ascii")
        head += b" " * (-(len(head) + 4) % 8)
        packer = zlib.compressobj(LEVEL)
        pieces = [packer.compress(part) for part in (len(head).to_bytes(4, "little"), head, *self.parts)]
        return base64.b64encode(b"".join([*pieces, packer.flush()])).decode("ascii")


def _shared(codes: np.ndarray, base: int, digits: int) -> bytes:
    """Return codes as digits of bytes, the first lowest."""
    rows = np.pad(codes, (0, -len(codes) % digits)).reshape(-1, digits)
    return (rows.astype(np.int64) @ base ** np.arange(digits)).astype(np.uint8).tobytes()


def smallest(codes: np.ndarray) -> np.ndarray:
    """Return whole numbers from 0 in the smallest type that holds them."""
    most = int(codes.max()) if len(codes) else 0
    return codes.astype(np.uint8 if most < 2**8 else np.uint16 if most < 2**16 else np.uint32)


def _planes_of(values: np.ndarray) -> bytes:
    return b"".join(((values >> shift) & 255).astype(np.uint8).tobytes() for shift in (16, 8, 0))


def _cost(values: np.ndarray) -> int:
    return len(zlib.compress(_planes_of(values), 1))


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
