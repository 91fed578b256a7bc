"""Keep the answers of a gazetteer, in memory or in an SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, fields
from os import PathLike
from pathlib import Path
from typing import Any

from geoconflict.errors import InputError, OutputError, ReadError
from geoconflict.io.vector import require_local_file
from geoconflict.names.gazetteer import Candidate, Gazetteer

_APPLICATION_ID = 0x47434C31  # "GCL1", marks the SQLite file as a cache of lookups
_CREATE = (
    "CREATE TABLE lookups (name TEXT, country TEXT, admin TEXT, candidates TEXT NOT NULL, "
    "PRIMARY KEY (name, country, admin)) WITHOUT ROWID"
)
_LOCK_TIMEOUT_S = 30.0
_Question = tuple[str, str, str]


class CachedGazetteer(Gazetteer):
    """A gazetteer that asks another one only once for each name.

    With a path, the answers are kept in an SQLite file, so that an interrupted run can be
    resumed. Each answer is committed as it arrives, and several processes can share the file.
    Delete the file to discard the answers.

    Parameters
    ----------
    gazetteer : Gazetteer
        Or any object with a method ``lookup(name, country, admin)``.
    path : path, optional
        Created at the first lookup; its folder must exist. Without a path the answers are kept
        in memory.

    Raises
    ------
    ReadError
        If the file is not a cache of lookups.

    Examples
    --------
    >>> places = CachedGazetteer(Gazetteer.embedded())
    >>> [place.country for place in places.lookup("Kayes")], len(places)
    (['ML', 'CG'], 1)
    """

    def __init__(self, gazetteer: Gazetteer, path: str | PathLike[str] | None = None) -> None:
        super().__init__((self,))
        self.gazetteer = gazetteer
        self._answers: dict[_Question, list[Candidate]] = {}
        self._file = None if path is None else _CacheFile(Path(path))

    def __len__(self) -> int:
        """Return the number of lookups that are kept."""
        return len(self._answers) if self._file is None else self._file.count()

    def lookup(self, name: str, country: str | None = None, admin: str | None = None) -> list[Candidate]:
        """Return the candidates for a name, from the cache if it was asked before.

        Raises
        ------
        ReadError, OutputError
            If the file cannot be read or written.
        """
        question = (name, country or "", admin or "")
        if question not in self._answers:
            answer = None if self._file is None else self._file.get(question)
            if answer is None:
                answer = list(self.gazetteer.lookup(name, country=country, admin=admin))
                if self._file is not None:
                    self._file.put(question, answer)
            self._answers[question] = answer
        return list(self._answers[question])

    def find(self, key: str, country: str | None, admin: str | None) -> Sequence[Candidate]:
        """Return the candidates for a folded name, for use as a source of another gazetteer."""
        return self.lookup(key, country, admin)


class _CacheFile:
    """The table of answers in an SQLite file, opened for each operation."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists():
            require_local_file(path)
        if self._is_written():
            self._require_cache()

    def get(self, question: _Question) -> list[Candidate] | None:
        """Return an answer, or None if the question was not asked before."""
        if not self._is_written():
            return None
        sql = "SELECT candidates FROM lookups WHERE name = ? AND country = ? AND admin = ?"
        rows = self._read(sql, question)
        return None if not rows else self._parse(rows[0][0])

    def put(self, question: _Question, answer: Sequence[Candidate]) -> None:
        """Store an answer."""
        text = json.dumps([_as_dict(candidate) for candidate in answer], ensure_ascii=False)
        try:
            with closing(sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT_S, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                if not connection.execute("PRAGMA application_id").fetchone()[0]:
                    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                    connection.execute(_CREATE)
                connection.execute("INSERT OR REPLACE INTO lookups VALUES (?, ?, ?, ?)", (*question, text))
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            msg = f"the lookup could not be written to {self.path.name}: {error}"
            raise OutputError(msg) from error

    def count(self) -> int:
        """Return the number of answers."""
        return int(self._read("SELECT count(*) FROM lookups")[0][0]) if self._is_written() else 0

    def _is_written(self) -> bool:
        return self.path.exists() and self.path.stat().st_size > 0

    def _require_cache(self) -> None:
        found = self._read("PRAGMA application_id")
        if found != [(_APPLICATION_ID,)]:
            msg = f"{self.path.name} is not a cache of lookups; give another path"
            raise ReadError(msg)

    def _read(self, sql: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        try:
            with closing(sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT_S)) as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            msg = f"{self.path.name} cannot be read as a cache of lookups: {error}; give another path"
            raise ReadError(msg) from error

    def _parse(self, text: str) -> list[Candidate]:
        try:
            return [Candidate(**place) for place in json.loads(text)]
        except (ValueError, TypeError) as error:
            msg = f"{self.path.name} holds an answer that is not a list of places; delete the file to ask again"
            raise ReadError(msg) from error


def _as_dict(candidate: object) -> dict[str, Any]:
    if isinstance(candidate, Candidate):
        return asdict(candidate)
    names = [field.name for field in fields(Candidate)]
    missing = [name for name in names if name != "source" and not hasattr(candidate, name)]
    if missing:
        msg = f"the gazetteer returned a candidate without {', '.join(missing)}; it needs {', '.join(names)}"
        raise InputError(msg)
    return {name: getattr(candidate, name, "") for name in names}
