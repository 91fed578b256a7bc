"""Keep the books of a read: what was repaired, what was set aside, what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of remark on some rows of one column.

    Attributes
    ----------
    kind : str
        A few words that name it, such as ``decimal comma``.
    column : str
        The column of the file; empty if it is about the row.
    positions : ndarray of int
        Positions of the rows in what was read, from 0.
    before, after : list of str
        The values, one a row; ``after`` is empty for what was not changed.
    hint : str
        What to do about it.
    """

    kind: str
    column: str
    positions: np.ndarray[Any, np.dtype[np.int64]]
    before: list[str]
    after: list[str]
    hint: str = ""


@dataclass(slots=True)
class Ledger:
    """The entries of one read, in the order in which they were met.

    Attributes
    ----------
    rows : ndarray of int
        The row number in the file of each row read; the first data row is 1.
    repairs, aside, doubts : list of Entry
        Changed and used; not used; used as it stands, with a warning.
    warnings : list of str
        Remarks on the whole file.
    """

    rows: np.ndarray[Any, np.dtype[np.int64]]
    repairs: list[Entry] = field(default_factory=list)
    aside: list[Entry] = field(default_factory=list)
    doubts: list[Entry] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def repair(
        self,
        kind: str,
        column: str,
        at: Sequence[int] | np.ndarray[Any, Any],
        before: Sequence[object],
        after: Sequence[object],
    ) -> None:
        """Note a repair."""
        if len(at):
            where = np.asarray(at, dtype="int64")
            self.repairs.append(Entry(kind, column, where, _texts(before), _texts(after)))

    def set_aside(
        self, kind: str, column: str, at: Sequence[int] | np.ndarray[Any, Any], values: Sequence[object], hint: str = ""
    ) -> None:
        """Note rows that cannot be used."""
        if len(at):
            self.aside.append(Entry(kind, column, np.asarray(at, dtype="int64"), _texts(values), [], hint))

    def doubt(
        self, kind: str, column: str, at: Sequence[int] | np.ndarray[Any, Any], values: Sequence[object], hint: str = ""
    ) -> None:
        """Note rows that are used as they stand, though something may be wrong."""
        if len(at):
            self.doubts.append(Entry(kind, column, np.asarray(at, dtype="int64"), _texts(values), [], hint))

    def warn(self, message: str) -> None:
        """Note a remark on the whole file."""
        if message not in self.warnings:
            self.warnings.append(message)

    def kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which rows are not set aside."""
        mask = np.ones(len(self.rows), dtype=bool)
        for entry in self.aside:
            mask[entry.positions] = False
        return mask

    def faults(self, *, wanted: Callable[[Entry], bool] = lambda _: True) -> list[Fault]:
        """Return what was set aside as faults, in the order of the rows."""
        found = [
            (
                int(self.rows[at]),
                order,
                Fault(_said(entry, value), int(self.rows[at]), entry.column or None, hint=entry.hint or None),
            )
            for order, entry in enumerate(self.aside)
            if wanted(entry)
            for at, value in zip(entry.positions.tolist(), entry.before, strict=True)
        ]
        return [fault for _, _, fault in sorted(found, key=lambda item: item[:2])]


def _said(entry: Entry, value: str) -> str:
    return f"{entry.kind}: {value!r}" if value else entry.kind


def shorten(text: str) -> str:
    """Return a text cut to a length that a report can show.

    Examples
    --------
    >>> len(shorten("x" * 1_000_000))
    160
    """
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _texts(values: Sequence[object]) -> list[str]:
    return [shorten("" if v is None or v != v else str(v)) for v in values]  # noqa: PLR0124 - NaN
