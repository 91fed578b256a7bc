"""A folder of downloaded rows, which can be resumed and updated by id.

``events.jsonl`` has one row per line, sorted by id; ``state.json`` has the query and the newest
timestamp; ``pending/`` has the pages of a run that has not ended. Files are replaced atomically, so
that an interrupted run leaves the last complete state.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geoconflict.errors import InputError, OutputError, ReadError
from geoconflict.io.atomic import write_text

Row = dict[str, Any]
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Update:
    """What one update changed.

    Attributes
    ----------
    path : Path
        The file of rows; pass it to ``read_incidents``.
    added : tuple of str
        Ids of new rows, sorted.
    changed : tuple of (str, tuple of str)
        Ids of rows with a newer version, and the names of the fields that differ.
    deleted : tuple of str
        Ids of rows that the service deleted.
    repeated : int
        Rows received more than once, for example because rows moved between pages.
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
    """The folder of one query.

    Parameters
    ----------
    folder : path
        Created if it does not exist.
    service : str
    where : mapping of str to str
        The query.

    Raises
    ------
    InputError
        If the folder contains the rows of another query.
    ReadError
        If its files cannot be read.
    """

    def __init__(self, folder: str | Path, service: str, where: Mapping[str, str]) -> None:
        self.folder = Path(folder)
        self.path = self.folder / "events.jsonl"
        self.query = {"service": service, "where": dict(sorted(where.items()))}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"the folder {self.folder.name} could not be created: {error.strerror or error}"
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
            msg = f"{self.path.name} has a line that is not a row with {key!r}; move the file away and download again"
            raise ReadError(msg) from error

    def page(self, name: str, fetch: Callable[[], Row]) -> Row:
        """Return a page of this run, from ``pending/`` if an interrupted run stored it there."""
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
        """Start a run; the pages of an interrupted run are kept if its request was the same."""
        asked = self.folder / "pending" / "request.json"
        text = json.dumps({**self.query, "request": dict(sorted(request.items()))}, ensure_ascii=False)
        if not asked.exists() or asked.read_text(encoding="utf-8") != text:
            shutil.rmtree(self.folder / "pending", ignore_errors=True)
            self._write(asked, text)

    def finish(self, rows: Mapping[str, Row], state: Mapping[str, Any]) -> None:
        """Write rows and state, and delete the pages."""
        lines = (json.dumps(rows[key], ensure_ascii=False) for key in sorted(rows))
        self._write(self.path, "".join(f"{line}\n" for line in lines))
        self._write(
            self.folder / "state.json", json.dumps({**self.query, **state}, indent=1, ensure_ascii=False) + "\n"
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
        held = {name: state.get(name) for name in self.query}
        if held != self.query:
            msg = f"the folder {self.folder.name} contains {held}, not {self.query}; use another folder"
            raise InputError(msg)
        return state

    def _write(self, file: Path, text: str) -> None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            msg = f"{file.parent.name} could not be created: {error.strerror or error}"
            raise OutputError(msg) from error
        write_text(text, file)


def merge(
    stored: Mapping[str, Row], fresh: Iterable[Row], deleted: Iterable[str], *, key: str, version: str | None
) -> tuple[dict[str, Row], Update]:
    """Apply new rows and deletions to stored rows, and report the changes.

    A new row replaces a stored one unless its version is older. A row that is both received and
    deleted in the same run is removed.

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
        The rows by id; the path of the update is empty.
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
