"""Many texts in one file, and their facts one JSON object a line."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geoconflict.errors import Fault, ReadError
from geoconflict.fortifications.prose.reading import read_facts
from geoconflict.io.text import read_text
from geoconflict.names.cache import CachedGazetteer
from geoconflict.names.gazetteer import Gazetteer

LIMIT_BYTES: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """One text with what tells it from others.

    Attributes
    ----------
    id : str
    text : str
    doc_date : datetime.date, optional
    """

    id: str
    text: str
    doc_date: dt.date | None = None


def read_texts(path: str | os.PathLike[str]) -> list[Text]:
    """Read a file of texts: JSON lines with ``id``, ``text`` and optionally ``doc_date``, or one plain text.

    A file is read as JSON lines when its first line that is not blank is a JSON object;
    a plain text gets the file's name as its id.

    Raises
    ------
    ReadError
        If the file is missing or is not UTF-8, or with every faulty line at once.
    LimitError
        If it is larger than 200 MB.
    """
    content = read_text(path, max_bytes=LIMIT_BYTES)
    return parse_texts(content, name=Path(path).stem)


def parse_texts(content: str, *, name: str = "text") -> list[Text]:
    r"""Read texts from the content of a file (see ``read_texts``).

    Examples
    --------
    >>> parse_texts('{"id": "a", "text": "A wall.", "doc_date": "2025-08-19"}\n')
    [Text(id='a', text='A wall.', doc_date=datetime.date(2025, 8, 19))]
    >>> parse_texts("A plain text.", name="report")
    [Text(id='report', text='A plain text.', doc_date=None)]
    """
    if not content.lstrip().startswith("{"):
        return [Text(name, content)]
    texts: list[Text] = []
    faults: list[Fault] = []
    # Lines of JSON end with a line feed only; other separators may stand inside a text.
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        read = _read_line(line, number)
        if isinstance(read, Fault):
            faults.append(read)
        else:
            texts.append(read)
    if faults:
        msg = f"{name} is not JSON lines of id, text and doc_date"
        raise ReadError(msg, faults)
    return texts


def _read_line(line: str, number: int) -> Text | Fault:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Fault(f"not JSON: {error}", line=number)
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        return Fault("no object with a text", line=number, field="text", hint='{"id": "a", "text": "…"}')
    day = record.get("doc_date")
    try:
        doc_date = None if day is None else dt.date.fromisoformat(str(day)[:10])
    except ValueError:
        return Fault(f"{day!r} is no date", line=number, field="doc_date", hint="write 2025-08-19")
    return Text(str(record.get("id", number)), record["text"], doc_date)


def facts_lines(texts: Iterable[Text], *, gazetteer: Gazetteer | None = None) -> Iterator[str]:
    """Yield the facts of texts, one JSON object a line: ``{"id", "facts"}``, and ``notes`` where there are any.

    Parameters
    ----------
    texts : iterable of Text
    gazetteer : Gazetteer, optional
        Gives places their coordinates.

    Examples
    --------
    >>> next(facts_lines([Text("a", "No wall was built.")]))
    '{"id": "a", "facts": []}'
    """
    known = None if gazetteer is None else CachedGazetteer(gazetteer)
    for text in texts:
        reading = read_facts(text.text, doc_date=text.doc_date, gazetteer=known)
        record: dict[str, Any] = {"id": text.id, "facts": reading.to_dicts()}
        if reading.notes:
            record["notes"] = list(reading.notes)
        yield json.dumps(record, ensure_ascii=False)
