"""Read tables of text: commas, semicolons, tabs or bars, in whatever encoding they came."""

from __future__ import annotations

import csv
import io
import re
import warnings
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, LimitError, ReadError
from geoconflict.incidents.source import plain
from geoconflict.io import encodings
from geoconflict.io.raw import Raw, Setback, unique_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geoconflict.incidents.source import Source, Sources
    from geoconflict.io.opening import Opened

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_RECORDS = 60
_MAX_COLUMNS = 50_000
_START = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table of text is laid out.

    Attributes
    ----------
    delimiter : str
    names : list of str
        Column names, unique.
    skip : int
        Records at the start that are no data.
    tags : dict
        HXL tag → column.
    source : Source, optional
        Known from the number of fields, where there is no header.
    inferred : frozenset of str
        Columns whose type the parser may tell; all others are read as the texts they are.
    warnings : tuple of str
    """

    delimiter: str
    names: list[str]
    skip: int
    tags: dict[str, str]
    source: Source | None
    inferred: frozenset[str]
    warnings: tuple[str, ...]


def read_delimited(
    opened: Opened, sources: Sources, *, encoding: str | None = None, delimiter: str | None = None
) -> Raw:
    """Read a whole table of text.

    Parameters
    ----------
    opened : Opened
    sources : Sources
        Consulted for tables without a header.
    encoding, delimiter : str, optional
        Given by the caller; told from the content otherwise.

    Returns
    -------
    Raw

    Raises
    ------
    ReadError
        If it is no table, or a quote never closes.
    """
    chunks = list(iter_delimited(opened, sources, encoding=encoding, delimiter=delimiter))
    return chunks[0]


def iter_delimited(
    opened: Opened,
    sources: Sources,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    rows: int | None = None,
) -> Iterator[Raw]:
    """Yield a table of text in pieces of so many rows, or whole.

    A piece that is not in the encoding that the start of the file shows makes the rest be decoded
    line by line (``encodings``).
    """
    guess = encodings.guess(_start(opened), encoding)
    if guess.certain:
        try:
            yield from _pieces(opened, sources, guess, delimiter, rows)
        except UnicodeDecodeError:
            if encoding is not None:
                msg = f"{opened.name} is not in {encoding}, the encoding that was given"
                raise ReadError(msg) from None
            if rows is not None:
                msg = (
                    f"{opened.name} is not in one encoding ({guess.name} at its start); read it with read_incidents, "
                    "which repairs that, or say ReadOptions(encoding=…)"
                )
                raise ReadError(msg) from None
        else:
            return
    decoded = encodings.decode(opened.read())
    raw = _parse(io.StringIO(decoded.text, newline=""), opened, sources, delimiter)
    yield replace(
        raw,
        encoding=decoded.name,
        warnings=(*raw.warnings, *decoded.warnings),
        repaired=(*raw.repaired, *decoded.repaired),
        lost=raw.lost,
    )


def _start(opened: Opened) -> bytes:
    with opened.stream() as stream:
        return stream.read(_START)


def _pieces(
    opened: Opened, sources: Sources, guess: encodings.Guess, delimiter: str | None, rows: int | None
) -> Iterator[Raw]:
    with opened.stream() as binary, io.TextIOWrapper(binary, encoding=guess.name, newline="") as handle:
        if rows is None:
            yield replace(_parse(handle, opened, sources, delimiter), encoding=guess.shown)
            return
        layout, rest = _layout(handle, opened, sources, delimiter)
        first = 1
        reader = pd.read_csv(rest, chunksize=rows, **_options(layout))
        with reader:
            for frame in _checked(reader, opened):
                numbers = np.arange(first, first + len(frame), dtype="int64")
                first += len(frame)
                frame.index = pd.RangeIndex(len(frame))
                yield _raw(frame, numbers, layout, guess.shown)


def _checked(reader: Iterator[pd.DataFrame], opened: Opened) -> Iterator[pd.DataFrame]:
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                frame = next(reader)
        except StopIteration:
            return
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            msg = f"{opened.name} has rows with too many fields, or a quote that never closes ({error}); read_incidents tells which"
            raise ReadError(msg) from error
        yield frame


def _parse(handle: IO[str], opened: Opened, sources: Sources, delimiter: str | None) -> Raw:
    layout, rest = _layout(handle, opened, sources, delimiter)
    lost: tuple[Setback, ...] = ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame: pd.DataFrame = pd.read_csv(rest, **_options(layout))
        rows = np.arange(1, len(frame) + 1, dtype="int64")
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        if "EOF inside string" in str(error):
            raise _open_quote(opened, str(error)) from error
        frame, rows, lost = _parse_ragged(opened, layout, handle)
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame({name: pd.Series([], dtype=object) for name in layout.names})
        rows = np.arange(0, dtype="int64")
    return replace(_raw(frame, rows, layout, ""), lost=lost)


def _raw(frame: pd.DataFrame, rows: np.ndarray[Any, np.dtype[np.int64]], layout: Layout, encoding: str) -> Raw:
    return Raw(
        frame,
        rows,
        "TSV" if layout.delimiter == "\t" else "CSV",
        encoding=encoding,
        delimiter=_NAMES.get(layout.delimiter, layout.delimiter),
        tags=layout.tags,
        source=layout.source,
        warnings=layout.warnings,
    )


# from pandas 3.1 on, numbers are always read to the nearest, and asking for it is deprecated
_PRECISE = {"float_precision": "round_trip"} if pd.__version__ < "3.1" else {}


def _options(layout: Layout) -> dict[str, Any]:
    return {
        "sep": layout.delimiter,
        "header": None,
        "names": layout.names,
        "index_col": False,
        "dtype": {name: object for name in layout.names if name not in layout.inferred},
        "keep_default_na": False,
        "na_values": [""],
        **_PRECISE,
        "low_memory": False,
        "on_bad_lines": "error",
    }


def _layout(handle: IO[str], opened: Opened, sources: Sources, delimiter: str | None) -> tuple[Layout, _Chain]:
    """Read the header and the tag row, and return what follows as a stream."""
    lines: list[str] = []
    size = 0
    while len(lines) < _SAMPLE_RECORDS * 2 and size < _START:
        line = handle.readline()
        if not line:
            break
        lines.append(line)
        size += len(line)
    while lines and not lines[0].strip("\ufeff \t\r\n\x00"):
        lines.pop(0)
    if lines:
        lines[0] = lines[0].lstrip("\ufeff")
    said = re.fullmatch(r'"?sep=(.)"?\s*', lines[0]) if lines else None
    if said:
        delimiter = delimiter or said[1]
        lines.pop(0)
    if not lines:
        msg = f"{opened.name} is empty: there is no table in it"
        raise ReadError(msg)
    chosen = delimiter or _sniff(lines)
    records = _records(lines, chosen)
    layout = _understand(records, chosen, opened, sources)
    used = sum(count for _, count in records[: layout.skip])
    return layout, _Chain(lines[used:], handle)


class _Chain(io.TextIOBase):
    """Lines already read, and then the rest of a stream."""

    def __init__(self, lines: Sequence[str], rest: IO[str]) -> None:
        self._start = io.StringIO("".join(lines), newline="")
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> str:
        block = self._start.read(size)
        return block or self._rest.read(-1 if size is None else size)

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # the stubs name no positional-only form
        return self._start.readline(size) or self._rest.readline(size)

    def __iter__(self) -> Iterator[str]:  # type: ignore[override] # pandas asks only that it can be iterated
        while line := self.readline():
            yield line


def _records(lines: list[str], delimiter: str) -> list[tuple[list[str], int]]:
    """Return the records of some lines, each with the number of lines that it takes."""
    out: list[tuple[list[str], int]] = []
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    try:
        for record in reader:
            out.append((record, reader.line_num - before))
            before = reader.line_num
    except csv.Error:
        if not out:
            out.append((lines[0].rstrip("\r\n").split(delimiter), 1))
    return out


def _sniff(lines: list[str]) -> str:
    """Return the delimiter that cuts the most lines into the same number of fields."""
    best = (0.0, 0, ",")
    for delimiter in _DELIMITERS:
        counts = [len(record) for record, _ in _records(lines[:_SAMPLE_RECORDS], delimiter) if record]
        if not counts or counts[0] < 2:
            continue
        same = sum(count == counts[0] for count in counts) / len(counts)
        score = (round(same, 2), counts[0], delimiter)
        if score[:2] > best[:2]:
            best = score
    return best[2]


def _understand(records: list[tuple[list[str], int]], delimiter: str, opened: Opened, sources: Sources) -> Layout:
    header = records[0][0]
    if len(header) > _MAX_COLUMNS:
        msg = f"{opened.name} has {len(header):,} columns, more than the limit of {_MAX_COLUMNS:,}"
        raise LimitError(msg)
    for source in sources:
        names = source.headerless.get(len(header))
        if names is not None and re.fullmatch(r"\d+", header[0]) and re.fullmatch(r"\d{8}", header[1]):
            return Layout(delimiter, list(names), 0, {}, source, _inferred(list(names), records, source), ())
    names_now, repeated = unique_names(header)
    notes = [
        f"the column name {name!r} stands {len(all_)} times; read as {', '.join(all_[:5])}"
        for name, all_ in repeated.items()
    ]
    if len(notes) > 5:
        notes = [*notes[:5], f"and {len(notes) - 5} more names are repeated"]
    skip, tags = 1, {}
    if len(records) > 1:
        row = records[1][0]
        cells = [cell.strip() for cell in row]
        tagged = [cell for cell in cells if cell.startswith("#")]
        if tagged and len(tagged) >= len([cell for cell in cells if cell]) / 2:
            skip = 2
            tags = {plain(cell): name for cell, name in zip(cells, names_now, strict=False) if cell.startswith("#")}
            notes.append("row 1 holds HXL tags, not data; it was used to name the columns")
    inferred = _inferred(names_now, records[skip:], sources.recognise(names_now, tags) or sources["plain"])
    return Layout(delimiter, names_now, skip, tags, None, inferred, tuple(notes))


_WHOLE = re.compile(r"[+-]?\d+|true|false", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)


def _inferred(names: list[str], records: list[tuple[list[str], int]], source: Source | None) -> frozenset[str]:
    """Return the columns whose type the parser of pandas may tell, by the cells of the first rows.

    Whole numbers may be codes with a nought in front, so that they are read as texts, unless the
    source documents them as numbers; so are identifiers that look like any number.
    """
    numeric = {plain(name) for name in source.numeric} if source is not None else set()
    ids = {plain(name) for name in source.columns.get("event_id", ())} if source is not None else set()
    out = set()
    for at, name in enumerate(names):
        key = plain(name)
        form = _NUMBER if key in ids else _WHOLE
        cells = (record[at].strip() for record, _ in records if len(record) > at)
        if key in numeric or not any(form.fullmatch(cell) for cell in cells):
            out.add(name)
    return frozenset(out)


def _open_quote(opened: Opened, message: str) -> ReadError:
    hit = re.search(r"row (\d+)", message)
    row = int(hit[1]) + 1 if hit else None
    fault = Fault(
        "a quotation mark opens here and never closes",
        row=row,
        hint='close it, or write a quotation mark inside a text as ""',
    )
    return ReadError(f"{opened.name} cannot be cut into rows", [fault])


def _parse_ragged(
    opened: Opened, layout: Layout, handle: IO[str]
) -> tuple[pd.DataFrame, np.ndarray[Any, np.dtype[np.int64]], tuple[Setback, ...]]:
    """Read a table in which some rows have more fields than the header; those are set aside."""
    encoding = getattr(handle, "encoding", None)
    if encoding is None:
        handle.seek(0)
        text = handle.read()
    else:
        text = opened.read().decode(encoding)
    lines = io.StringIO(text, newline="")
    good: list[list[str]] = []
    rows: list[int] = []
    lost: list[Setback] = []
    width = len(layout.names)
    number = 0
    skipped = 0
    for record in records_of(lines, layout.delimiter):
        if not record or (len(record) == 1 and not record[0].strip("\ufeff \x00")):
            continue
        if skipped < layout.skip:
            if skipped == 0 and len(record) == 1 and record[0].lower().startswith("sep="):
                continue
            skipped += 1
            continue
        number += 1
        extra = record[width:]
        if any(cell.strip() for cell in extra):
            lost.append(Setback("more fields than the header has", number, layout.delimiter.join(record)))
            continue
        good.append([*record[:width], *[""] * (width - len(record))])
        rows.append(number)
    columns = list(zip(*good, strict=True)) if good else [()] * width
    data = {name: np.array(column, dtype=object) for name, column in zip(layout.names, columns, strict=True)}
    return pd.DataFrame(data, dtype=object), np.array(rows, dtype="int64"), tuple(lost)


def records_of(lines: IO[str], delimiter: str) -> Iterator[list[str]]:
    r"""Yield the records of a text by RFC 4180, with no limit on the size of a field.

    The reader of the standard library has such a limit, and it is one for the whole process.

    Examples
    --------
    >>> import io
    >>> list(records_of(io.StringIO('a,"b ""c""\nd"\n1,2\n', newline=""), ","))
    [['a', 'b "c"\nd'], ['1', '2']]
    """
    field = re.compile(rf'"((?:[^"]|"")*)"|([^{re.escape(delimiter)}\r\n]*)')
    pending = ""
    for line in lines:
        pending += line
        if pending.count('"') % 2:
            continue
        yield _cut(pending.rstrip("\r\n"), field, delimiter)
        pending = ""
    if pending:
        yield _cut(pending.rstrip("\r\n"), field, delimiter)


def _cut(text: str, field: re.Pattern[str], delimiter: str) -> list[str]:
    if '"' not in text:
        return text.split(delimiter)
    out: list[str] = []
    at = 0
    while at <= len(text):
        hit = field.match(text, at)
        if hit is None:
            break
        end = hit.end()
        value = hit[1].replace('""', '"') if hit[1] is not None else hit[2]
        while end < len(text) and text[end] != delimiter:  # marks that follow a closing quote belong to the field
            value += text[end]
            end += 1
        out.append(value)
        at = end + 1
        if end >= len(text):
            break
    return out
