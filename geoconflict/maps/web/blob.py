"""The binary format of the page: arrays and columns, with a JSON header, compressed, in base64.

Layout, read by ``web/src/codec.js``: four bytes with the length of the header (little endian),
the header, then the arrays, each at a multiple of eight bytes. The header describes an array by
its type (``t``), offset (``o``), count (``n``), and whether it holds differences (``d``); type
``b1`` has several codes in each byte, ``u3`` has 24-bit numbers as three byte planes.

A column that is determined by another one (the date as text by the first day, the type by the
style, a region's country) is stored as a table from the codes of the other one.
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

LEVEL = 5  # twice as fast as 6, for 1 % more bytes
_TYPES = {"uint8": "u1", "uint16": "u2", "uint32": "u4", "int32": "i4", "float32": "f4", "float64": "f8"}
_SAMPLE = 65_536
_DENSE = 10_000


@dataclass(slots=True)
class Blob:
    """Arrays one after the other, with a header."""

    head: dict[str, Any] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, values: np.ndarray, *, delta: bool = False) -> dict[str, Any]:
        """Append an array and return its entry for the header."""
        count = len(values)
        if delta and count:
            values = np.diff(values.astype(np.int64), prepend=0).astype(np.int32)
        entry: dict[str, Any] = {"t": _TYPES[values.dtype.name], "n": count}
        raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
        return self._put(raw, {**entry, "d": 1} if delta else entry)

    def add_codes(self, codes: np.ndarray) -> dict[str, Any]:
        """Append non-negative integers in as few bytes as they need.

        If it saves bytes, several codes share a byte, as digits of a number whose base is the
        number of distinct codes: deflate then comes closer to their entropy.
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
        """Append 24-bit numbers as three byte planes, the high byte first.

        If it saves bytes, differences modulo 2**24 are stored instead.
        """
        steps = np.diff(values, prepend=0) & 0xFFFFFF
        better = _cost(steps[:_SAMPLE]) < _cost(values[:_SAMPLE])
        chosen, entry = (
            (steps, {"t": "u3", "n": len(values), "d": 1}) if better else (values, {"t": "u3", "n": len(values)})
        )
        return self._put(_planes_of(chosen), entry)

    def _put(self, raw: bytes, entry: dict[str, Any]) -> dict[str, Any]:
        pad = -self.size % 8
        self.parts += [bytes(pad), raw]
        entry["o"] = self.size + pad
        self.size += pad + len(raw)
        return entry

    def text(self) -> str:
        """Return the header and the arrays, compressed, in base64."""
        head = json.dumps(self.head, separators=(",", ":"), allow_nan=False).encode("ascii")
        head += b" " * (-(len(head) + 4) % 8)
        packer = zlib.compressobj(LEVEL)
        pieces = [packer.compress(part) for part in (len(head).to_bytes(4, "little"), head, *self.parts)]
        return base64.b64encode(b"".join([*pieces, packer.flush()])).decode("ascii")


def _shared(codes: np.ndarray, base: int, digits: int) -> bytes:
    """Return codes as digits of bytes, the first one lowest."""
    rows = np.pad(codes, (0, -len(codes) % digits)).reshape(-1, digits)
    return (rows.astype(np.int64) @ base ** np.arange(digits)).astype(np.uint8).tobytes()


def smallest(codes: np.ndarray) -> np.ndarray:
    """Return non-negative integers in the smallest type that holds them."""
    most = int(codes.max()) if len(codes) else 0
    return codes.astype(np.uint8 if most < 2**8 else np.uint16 if most < 2**16 else np.uint32)


def _planes_of(values: np.ndarray) -> bytes:
    return b"".join(((values >> shift) & 255).astype(np.uint8).tobytes() for shift in (16, 8, 0))


def _cost(values: np.ndarray) -> int:
    return len(zlib.compress(_planes_of(values), 1))


BLOCK_ROWS = 4096
_FEW = 1000
_MAX_DECIDED = 100_000  # a longer table would not save bytes


@dataclass(slots=True)
class Columns:
    """Packs columns into a blob.

    Attributes
    ----------
    blob : Blob
    notes : list of str
        Blocks of texts that rarely repeat, compressed, in base64.
    known : list of (str or int, array)
        Codes that are already in the page, by name or column number.
    """

    blob: Blob
    notes: list[str] = field(default_factory=list)
    known: list[tuple[str | int, np.ndarray]] = field(default_factory=list)
    _done: int = 0

    def know(self, name: str, codes: np.ndarray) -> None:
        """Register an array of the page that may determine further columns."""
        if len(codes) and codes.min() >= 0 and codes.max() < _MAX_DECIDED:
            self.known.append((name, codes))

    def add(self, at: int, values: pd.Series) -> dict[str, Any]:
        """Pack a column and return its entry for the header."""
        if pd.api.types.is_float_dtype(values.dtype):
            return self.numbers(values.to_numpy(dtype="float64", na_value=np.nan), at)
        codes, uniques = pd.factorize(values, use_na_sentinel=True)
        if len(uniques) > max(_FEW, len(values) // 3):
            return self._blocks(values)
        # None comes first, so that missing values (code -1) get code 0.
        return self._codes(at, [None, *(json_value(v) for v in uniques)], codes + 1)

    def numbers(self, values: np.ndarray, at: int = -1) -> dict[str, Any]:
        """Pack floats: as codes if few distinct ones occur, otherwise the numbers."""
        found, codes = np.unique(values, return_inverse=True)
        if len(found) < max(256, len(values) // 4):
            return self._codes(at, [json_value(v) for v in found.tolist()], codes)
        return {"numbers": self.blob.add(values.astype(np.float64))}

    def _codes(self, at: int, values: list[Any], codes: np.ndarray) -> dict[str, Any]:
        for name, other in self.known:
            table = decided(codes, other)
            if table is not None:
                return {"values": values, "of": name, "map": table.tolist()}
        if len(values) < _MAX_DECIDED:
            self.known.append((at, codes))
        return {"values": values, "codes": self.blob.add_codes(codes)}

    def _blocks(self, values: pd.Series) -> dict[str, Any]:
        texts = [json_value(v) for v in values.tolist()]
        first, ends = self._done, []
        for at in range(0, len(texts), BLOCK_ROWS):
            text = base64.b64encode(zlib.compress(_json(texts[at : at + BLOCK_ROWS]), LEVEL)).decode("ascii")
            self.notes.append(text)
            self._done += len(text)
            ends.append(self._done)
        return {"blocks": ends, "first": first, "rows": BLOCK_ROWS}


def _json(values: list[Any]) -> bytes:
    """Return JSON in UTF-8, which is shorter for non-Latin scripts; lone surrogates are escaped."""
    try:
        return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(values, separators=(",", ":")).encode("ascii")


def decided(codes: np.ndarray, other: np.ndarray) -> np.ndarray | None:
    """Return the table from the codes ``other`` to ``codes``, or None if they do not determine them.

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
    # The first rows exclude most pairs quickly.
    for rows in (slice(0, 2048), slice(None)):
        table = np.zeros(int(other[rows].max()) + 1, dtype=np.int64)
        table[other[rows]] = codes[rows]
        if not np.array_equal(table[other[rows]], codes[rows]):
            return None
    return table


def json_value(value: object) -> str | float | int | bool | None:
    """Return a value as JSON has it: a text, a finite number, a bool or None."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if value is None or str(value) in {"<NA>", "NaT"}:
        return None
    return str(value)
