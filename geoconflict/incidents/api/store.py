"""A folder of downloaded rows: resumed where a run broke off, and brought up to date by id.

``events.jsonl`` has one row a line, sorted by id; ``state.json`` says what was asked and how far
it goes; ``pending/`` holds the pages of a run that has not ended. Files are written beside
and renamed, so that a broken run leaves the last good state.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geoconflict.errors import InputError, OutputError, ReadError

Row = dict[str, Any]
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Update:
    """What one update did to the stored rows.

    Attributes
    ----------
    path : Path
        The file of rows, for ``read_incidents``.
    added : tuple of str
        Ids of new rows, sorted.
    changed : tuple of (str, tuple of str)
        Ids of rows of a newer version, with the names of the fields that differ.
    deleted : tuple of str
        Ids of rows that the service withdrew.
    repeated : int
        Rows that came more than once, as when rows move between pages during a download.
    rows : int
        Rows stored now.
    """

    path: Path
    added: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    deleted: tuple[str, ...]
    repeated: int
    rows: int

    def __str__(self) -> str:
        """Return the report as text."""
        counts = f"{len(self.added)} added, {len(self.changed)} changed, {len(self.deleted)} deleted"
        lines = [f"{self.rows} rows in {self.path.name}: {counts}, {self.repeated} repeated"]
        lines += [f"  changed {key}: {', '.join(fields)}" for key, fields in self.changed[:_SHOWN]]
        lines += [f"  deleted {key}" for key in self.deleted[:_SHOWN]]
        hidden = max(0, len(self.changed) - _SHOWN) + max(0, len(self.deleted) - _SHOWN)
        return "\n".join([*lines, *([f"  and {hidden} more"] if hidden else [])])

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {**asdict(self), "path": self.path.name, "changed": {key: list(fields) for key, fields in self.changed}}


class Store:
    """The folder.

    Parameters
    ----------
    folder : path
        Made if it is missing.
    service : str
    where : mapping of str to str
        What is asked for. A folder holds one question; another one is refused.

    Raises
    ------
    InputError
        If the folder holds the answer to another question.
    ReadError
        If its files cannot be read.
    """

    def __init__(self, folder: str | Path, service: str, where: Mapping[str, str]) -> None:
        self.folder = Path(folder)
        self.path = self.folder / "events.jsonl"
        self.question = {"service": service, "where": dict(sorted(where.items()))}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"the folder {self.folder.name} could not be made: {error.strerror or error}"
            raise OutputError(msg) from error
        self.state = self._read_state()

    def rows(self, key: str) -> dict[str, Row]:
        """Return the stored rows by id."""
        if not self.path.exists():
            return {}
        try:
            with self.path.open(encoding="utf-8") as lines:
                return {str(row[key]): row for row in map(json.loads, lines)}
        except (ValueError, KeyError) as error:
            msg = f"{self.path.name} holds a line that is no row with {key!r}; move it away and download again"
            raise ReadError(msg) from error

    def page(self, name: str, fetch: Callable[[], Row]) -> Row:
        """Return a page of this run, from ``pending/`` where a broken run left it."""
        file = self.folder / "pending" / f"{name}.json"
        if file.exists():
            try:
                kept: Row = json.loads(file.read_text(encoding="utf-8"))
            except ValueError:
                file.unlink()
            else:
                return kept
        answer = fetch()
        self._write(file, json.dumps(answer, ensure_ascii=False))
        return answer

    def begin(self, request: Mapping[str, str]) -> None:
        """Start a run; the pages of a broken run are kept if it asked for the same."""
        asked = self.folder / "pending" / "request.json"
        text = json.dumps({**self.question, "request": dict(sorted(request.items()))}, ensure_ascii=False)
        if not asked.exists() or asked.read_text(encoding="utf-8") != text:
            shutil.rmtree(self.folder / "pending", ignore_errors=True)
            self._write(asked, text)

    def finish(self, rows: Mapping[str, Row], state: Mapping[str, Any]) -> None:
        """Write rows and state, and drop the pages."""
        lines = (json.dumps(rows[key], ensure_ascii=False) for key in sorted(rows))
        self._write(self.path, "".join(f"{line}\n" for line in lines))
        self._write(
            self.folder / "state.json", json.dumps({**self.question, **state}, indent=1, ensure_ascii=False) + "\n"
        )
        shutil.rmtree(self.folder / "pending", ignore_errors=True)

    def _read_state(self) -> dict[str, Any]:
        file = self.folder / "state.json"
        if not file.exists():
            return {}
        try:
            state: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            msg = f"{file.name} in {self.folder.name} cannot be read; move it away and download again"
            raise ReadError(msg) from error
        held = {name: state.get(name) for name in self.question}
        if held != self.question:
            msg = f"the folder {self.folder.name} holds {held}, not {self.question}; give another folder"
            raise InputError(msg)
        return state

    def _write(self, file: Path, text: str) -> None:
        beside = file.with_suffix(file.suffix + ".part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8", newline="\n")
            os.replace(beside, file)  # noqa: PTH105 - one call on every system, and it replaces
        except OSError as error:
            msg = f"{file.name} could not be written: {error.strerror or error}"
            raise OutputError(msg) from error


def merge(
    stored: Mapping[str, Row], fresh: Iterable[Row], deleted: Iterable[str], *, key: str, version: str | None
) -> tuple[dict[str, Row], Update]:
    """Apply fresh rows and deletions to stored ones, and report what that did.

    A fresh row replaces a stored one if it differs and, where there is a version, is not
    older. A row that was deleted and came afresh in the same run is gone.

    Parameters
    ----------
    stored : mapping of str to dict
    fresh : iterable of dict
    deleted : iterable of str
        Ids.
    key, version : str
        Names of the fields; without a version any difference counts.

    Returns
    -------
    tuple of (dict, Update)
        The rows by id; the update's path is empty.
    """
    rows = dict(stored)
    repeated = 0
    seen: set[str] = set()
    for row in fresh:
        name = str(row[key])
        repeated += name in seen
        seen.add(name)
        if name not in rows or version is None or _number(row.get(version)) >= _number(rows[name].get(version)):
            rows[name] = row
    gone = {name for name in map(str, deleted) if name in stored}
    for name in map(str, deleted):
        rows.pop(name, None)
    added = tuple(sorted(set(rows) - set(stored)))
    changed = tuple(
        (name, fields) for name in sorted(set(rows) & set(stored)) if (fields := _differing(stored[name], rows[name]))
    )
    return rows, Update(Path(), added, changed, tuple(sorted(gone)), repeated, len(rows))


def _differing(old: Row, new: Row) -> tuple[str, ...]:
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0
