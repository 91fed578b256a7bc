"""Read delimited text tables: detect the layout, then parse with pandas, whole or in pieces.

Rows with more fields than the header are set aside. They are found with the ``csv`` module of the
standard library, whose grammar pandas shares; the other rows are then parsed by pandas as usual.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any, TypeVar, cast

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, LimitError, ReadError
from geoconflict.io.open import Opened
from geoconflict.io.table import Ints, ParseIssue, RawTable, column_key, find_tags, name_columns
from geoconflict.io.text import Encoding, detect_encoding, detect_mixed_encoding, open_text

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_LINES = 120
_SAMPLE_RECORDS = 60
_SAMPLE_CHARACTERS = 1 << 20
_MAX_COLUMNS = 50_000
_T = TypeVar("_T")
_MAX_FIELD = (1 << 31) - 1
_OPEN_QUOTE = "a quotation mark opens here and never closes"
_CLOSE_IT = 'close it, or write a quotation mark inside a text as ""'


@dataclass(frozen=True, slots=True)
class Layout:
    """How a delimited text table is laid out.

    Attributes
    ----------
    encoding : Encoding
    delimiter : str
    names : list of str
        Column names, unique.
    lines : int
        Number of lines before the first row.
    tags : mapping of str to str
        HXL tag → column.
    headerless : str
        Name of the headerless layout that was recognised; empty if the table has a header.
    sample : list of list of str
        The first rows.
    warnings : tuple of str
    """

    encoding: Encoding
    delimiter: str
    names: list[str]
    lines: int
    tags: Mapping[str, str]
    headerless: str
    sample: list[list[str]]
    warnings: tuple[str, ...]


def detect_layout(
    opened: Opened,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    headerless: Mapping[str, Mapping[int, tuple[str, ...]]] | None = None,
) -> Layout:
    """Detect the encoding, the delimiter and the header of a table by its first lines.

    Parameters
    ----------
    opened : Opened
    encoding, delimiter : str, optional
        Detected if not given.
    headerless : mapping of str to mapping, optional
        Names of layouts without a header, each with its column names by the number of fields. Such a
        table starts with a number and a date of eight digits.

    Raises
    ------
    ReadError
        If the file contains no table, or a quotation mark in its header never closes.
    LimitError
        If it has more than 50,000 columns.
    """
    with opened.stream() as stream:
        found = detect_encoding(stream.read(_SAMPLE_CHARACTERS), encoding)
    codec = found or _mixed(opened)
    while True:
        try:
            with open_text(opened.stream(), codec) as text:
                return _layout(text, opened.name, codec, delimiter, headerless or {})
        except UnicodeDecodeError as error:
            codec = _fallback(opened, codec, error)


def _fallback(opened: Opened, encoding: Encoding, error: UnicodeDecodeError) -> Encoding:
    """Return the encoding to try after one that failed."""
    if encoding.given or not encoding.name.startswith("utf-8"):
        why = "the encoding that was given" if encoding.given else "the encoding that its first bytes show"
        msg = f"{opened.name} is not in {encoding.name.removesuffix('-sig')}, {why}"
        raise ReadError(msg) from error
    return _mixed(opened)


def _mixed(opened: Opened) -> Encoding:
    with opened.stream() as stream:
        return detect_mixed_encoding(stream)


def _layout(
    text: IO[str],
    name: str,
    encoding: Encoding,
    delimiter: str | None,
    headerless: Mapping[str, Mapping[int, tuple[str, ...]]],
) -> Layout:
    before, lines = _first_lines(text, name)
    hint = re.fullmatch(r'"?sep=(.)"?\s*', lines[0])
    if hint and len(lines) > 1:
        delimiter = delimiter or hint[1]
        before, lines = before + 1, lines[1:]
    delimiter = delimiter or _sniff(lines)
    records = _first_records(text, lines, delimiter)
    if records[0].is_open:
        msg = f"{name} cannot be split into rows"
        raise ReadError(msg, [Fault(_OPEN_QUOTE, line=before + 1, hint=_CLOSE_IT)])
    header = records[0].fields
    if len(header) > _MAX_COLUMNS:
        msg = f"{name} has {len(header):,} columns, more than the limit of {_MAX_COLUMNS:,}"
        raise LimitError(msg)
    rows = [record.fields for record in records if not record.is_open]
    for form, names_by_count in headerless.items():
        names = names_by_count.get(len(header))
        if names is not None and re.fullmatch(r"\d+", header[0]) and re.fullmatch(r"\d{8}", header[1]):
            return Layout(encoding, delimiter, list(names), before, {}, form, rows, ())
    columns, notes = name_columns(header)
    tags = find_tags(rows[1], columns) if len(rows) > 1 else {}
    if tags:
        notes.append("row 1 holds HXL tags, not data; it was used to name the columns")
    used = 2 if tags else 1
    before += sum(record.lines for record in records[:used])
    return Layout(encoding, delimiter, columns, before, tags, "", rows[used:], tuple(notes))


def _first_lines(text: IO[str], name: str) -> tuple[int, list[str]]:
    """Return the number of blank lines at the start of a text, and the lines that follow."""
    before, size = 0, 0
    lines: list[str] = []
    while len(lines) < _SAMPLE_LINES and size < _SAMPLE_CHARACTERS and (line := text.readline()):
        size += len(line)
        if lines or line.strip("\ufeff \t\r\n\0"):
            lines.append(line)
        else:
            before += 1
    if not lines:
        msg = f"{name} is empty: there is no table in it"
        raise ReadError(msg)
    for number, line in enumerate(lines, before + 1):
        if "\0" in line:
            raise _nul(name, number)
    lines[0] = lines[0].lstrip("\ufeff")
    return before, lines


def _first_records(text: IO[str], lines: list[str], delimiter: str) -> list[_Record]:
    """Return the records of the first lines; more lines are read while the first record is not complete."""
    records = list(_records(lines, delimiter))
    size = sum(map(len, lines))
    while records[0].is_open and size < _SAMPLE_CHARACTERS and (more := text.readlines(_SAMPLE_CHARACTERS // 8)):
        lines += more
        size += sum(map(len, more))
        records = list(_records(lines, delimiter))
    return records


@dataclass(frozen=True, slots=True)
class _Record:
    """One record, the number of lines it takes, and whether a quotation mark is still open at its end."""

    fields: list[str]
    lines: int
    is_open: bool


@contextmanager
def _no_field_limit() -> Iterator[None]:
    """Lift the limit on the length of a field, which the csv module keeps for the whole process."""
    before = csv.field_size_limit(_MAX_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


_END = "\0end"  # a line after the last one: it becomes a record of its own unless a quotation mark is open


def _records(lines: Iterable[str], delimiter: str) -> Iterator[_Record]:
    """Yield the records of some lines by the rules of the csv module.

    Lines that are blank where a record would start are skipped, as pandas does.
    """
    blanks = " \t".replace(delimiter, "") + "\r\n"
    count, at_start, ended = 0, True, False

    def counted() -> Iterator[str]:
        nonlocal count, at_start, ended
        for line in lines:
            count += 1
            if at_start and not line.strip(blanks):
                continue
            at_start = False
            yield line
        ended = True
        yield _END

    reader = csv.reader(counted(), delimiter=delimiter)
    while True:
        before, at_start = count, True
        with _no_field_limit():
            fields = next(reader, None)
        if fields is None or (ended and at_start):
            return
        if ended:
            fields[-1] = fields[-1].removesuffix(_END)
        yield _Record(fields, count - before, ended)


def _sniff(lines: list[str]) -> str:
    """Return the delimiter that splits the most lines into the same number of fields."""
    best = (0.0, 0, ",")
    for delimiter in _DELIMITERS:
        counts = [len(record.fields) for record in _records(lines[:_SAMPLE_RECORDS], delimiter)]
        if not counts or counts[0] < 2:
            continue
        same = sum(count == counts[0] for count in counts) / len(counts)
        score = (round(same, 2), counts[0], delimiter)
        if score[:2] > best[:2]:
            best = score
    return best[2]


_WHOLE = re.compile(r"[+-]?\d+|true|false", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to parse the rows of a table.

    Attributes
    ----------
    layout : Layout
    encoding : Encoding
    types : mapping of str to str
        Column → type for pandas; pandas infers the type of the others.
    filtered : bool
        Whether the rows must first be cut by the csv module, since some have too many fields.
    """

    layout: Layout
    encoding: Encoding
    types: Mapping[str, str]
    filtered: bool = False


class _NeedsCsvError(Exception):
    """Some rows have more fields than the header, or lines end in a carriage return alone."""


def read_delimited(
    opened: Opened, layout: Layout, *, numeric: Collection[str] = (), identifiers: Collection[str] = ()
) -> RawTable:
    """Read a whole delimited table.

    Parameters
    ----------
    opened : Opened
    layout : Layout
    numeric : collection of str
        Columns documented as numbers; a leading zero means nothing in them. Any other column whose
        first rows hold a whole number is read as text, since it may be a code.
    identifiers : collection of str
        Columns that are read as text also if their first rows hold other numbers.

    Raises
    ------
    ReadError
        If a quotation mark never closes, a NUL character occurs, or the text is not in the encoding
        given.
    """
    plan = _Plan(layout, layout.encoding, _text_columns(layout, numeric, identifiers))
    return _with_fallbacks(opened, plan, lambda plan: next(_pieces(opened, plan, None)))


def scan_delimited(
    opened: Opened,
    layout: Layout,
    rows: int,
    *,
    numeric: Collection[str] = (),
    identifiers: Collection[str] = (),
) -> Callable[[], Iterator[RawTable]]:
    """Return a function that yields a delimited table in pieces, as often as it is called.

    The file is first read once to find out its encoding, whether rows have too many fields, and
    the type of each column, so that the pieces together equal the result of :func:`read_delimited`.

    Parameters
    ----------
    opened : Opened
    layout : Layout
    rows : int
        Rows per piece. The last piece may hold no row, but the rows that were set aside.
    numeric, identifiers : collection of str
        As for :func:`read_delimited`.

    Raises
    ------
    ReadError
        As for :func:`read_delimited`.
    """

    def survey(plan: _Plan) -> _Plan:
        found: dict[str, set[str]] = {name: set() for name in layout.names if name not in plan.types}
        for piece in _pieces(opened, plan, rows):
            for name, kinds in found.items():
                kinds.add(_kind_of(piece.frame[name]))
        # A column that pandas reads alike in every piece is left to pandas, which is faster.
        mixed = {name: _common_type(kinds) for name, kinds in found.items() if len({*map(_dtype_of, kinds)}) > 1}
        return replace(plan, types={**plan.types, **mixed})

    plan = _Plan(layout, layout.encoding, _text_columns(layout, numeric, identifiers))
    final = _with_fallbacks(opened, plan, survey)
    return lambda: _pieces(opened, final, rows)


def _with_fallbacks(opened: Opened, plan: _Plan, read: Callable[[_Plan], _T]) -> _T:
    """Read with a plan; if it fails, decode line by line, or take out the rows with too many fields."""
    while True:
        try:
            return read(plan)
        except UnicodeDecodeError as error:
            plan = replace(plan, encoding=_fallback(opened, plan.encoding, error))
        except _NeedsCsvError:
            plan = replace(plan, filtered=True)


def _text_columns(layout: Layout, numeric: Collection[str], identifiers: Collection[str]) -> dict[str, str]:
    """Return the columns that are read as text, so that no leading zero is lost."""
    documented, ids = {column_key(name) for name in numeric}, {column_key(name) for name in identifiers}
    out = {}
    for at, name in enumerate(layout.names):
        key = column_key(name)
        form = _NUMBER if key in ids else _WHOLE
        cells = (row[at].strip() for row in layout.sample if len(row) > at)
        if key not in documented and any(form.fullmatch(cell) for cell in cells):
            out[name] = "object"
    return out


def _kind_of(values: pd.Series) -> str:
    """Return the type of a part of a column, as far as it matters for the type of the whole."""
    if values.isna().all():
        return "missing"
    if values.dtype == object:
        return "bool or missing" if pd.api.types.infer_dtype(values, skipna=True) == "boolean" else "str"
    if values.dtype == "int64" and values.min() < 0:
        return "negative"
    return str(values.dtype)


def _dtype_of(kind: str) -> str:
    return {"missing": "float64", "negative": "int64"}.get(kind, kind)


def _common_type(kinds: set[str]) -> str:
    """Return the type that pandas infers for a column whose parts have these types."""
    there = kinds - {"missing"}
    if kinds <= {"int64", "negative"}:
        return "int64"
    if kinds <= {"int64", "uint64"}:
        return "uint64"
    if there <= {"int64", "negative", "float64"} or there <= {"int64", "uint64", "float64"}:
        return "float64"
    if there <= {"bool", "bool or missing"}:
        return "bool" if kinds == {"bool"} else "bool or missing"
    return "str"


def _pieces(opened: Opened, plan: _Plan, rows: int | None) -> Iterator[RawTable]:
    """Yield a table in pieces of a number of rows, or whole, with the rows set aside and lines repaired in each."""
    layout = plan.layout
    empty = pd.DataFrame({name: pd.Series([], dtype=object) for name in layout.names})
    with open_text(opened.stream(), plan.encoding) as text:
        for _ in range(layout.lines):
            text.readline()
        source = _Filtered(text, opened.name, layout) if plan.filtered else _Checked(text, opened.name, layout)
        reported = 0

        def table(frame: pd.DataFrame, numbers: Ints, lost: tuple[ParseIssue, ...]) -> RawTable:
            nonlocal reported
            issues = getattr(text, "issues", [])[reported:]
            reported += len(issues)
            return RawTable(
                frame,
                numbers,
                "TSV" if layout.delimiter == "\t" else "CSV",
                encoding=plan.encoding.shown,
                delimiter=_NAMES.get(layout.delimiter, layout.delimiter),
                tags=layout.tags,
                headerless=layout.headerless,
                lost=lost,
                repaired=tuple(issues),
                warnings=(*layout.warnings, *plan.encoding.warnings),
            )

        for frame in _frames(source, plan, rows, opened.name):
            numbers = source.take_row_numbers(len(frame))
            yield table(frame, numbers, source.take_lost(int(numbers[-1]) if rows and len(numbers) else None))
        if lost := source.take_lost(None):
            yield table(empty, np.array([], dtype="int64"), lost)


def _frames(source: _Checked, plan: _Plan, rows: int | None, name: str) -> Iterator[pd.DataFrame]:
    """Parse a text with pandas, whole or in pieces."""
    reader: Any = None
    truths = [column for column, kind in plan.types.items() if kind == "bool or missing"]
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", pd.errors.ParserWarning)
                reader = reader or pd.read_csv(cast("Any", source), **_pandas_options(plan))
                frame: pd.DataFrame | None = reader.read(rows)
        except StopIteration:
            frame = None
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            raise source.error or _parse_error(error, plan, name) from error
        if source.error is not None:
            raise source.error
        if frame is None:
            return
        for column in truths:
            frame[column] = frame[column].map(_TRUTHS)
        frame.index = pd.RangeIndex(len(frame))
        yield frame
        if rows is None:
            return


_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def _parse_error(error: Exception, plan: _Plan, name: str) -> Exception:
    if "EOF inside string" in str(error):
        hit = re.search(r"row (\d+)", str(error))
        return _open_quote(name, int(hit[1]) + 1 if hit else None)
    return ReadError(f"{name} cannot be parsed ({error})") if plan.filtered else _NeedsCsvError()


# from pandas 3.1 on, numbers are always read to the nearest, and asking for it is deprecated
_PRECISE = {"float_precision": "round_trip"} if pd.__version__ < "3.1" else {}


def _pandas_options(plan: _Plan) -> dict[str, Any]:
    return {
        "sep": plan.layout.delimiter,
        "header": None,
        "names": plan.layout.names,
        "index_col": False,
        "dtype": {name: "object" if kind == "bool or missing" else kind for name, kind in plan.types.items()},
        "keep_default_na": False,
        "na_values": [""],
        **_PRECISE,
        "low_memory": False,
        "on_bad_lines": "error",
        "iterator": True,
    }


def _open_quote(name: str, row: int | None) -> ReadError:
    return ReadError(f"{name} cannot be split into rows", [Fault(_OPEN_QUOTE, row=row, hint=_CLOSE_IT)])


def _nul(name: str, line: int) -> ReadError:
    fault = Fault("a NUL character", line=line, hint="the file is damaged, or is not text; export it again")
    return ReadError(f"{name} cannot be read as text", [fault])


class _Checked:
    """The rows of a table as text for pandas.

    What pandas would read wrongly stops the text, and is kept in ``error``: it cuts a cell at a NUL
    character, and loses a delimiter after a carriage return that ends a line alone.
    """

    def __init__(self, text: IO[str], name: str, layout: Layout) -> None:
        self.error: Exception | None = None
        self._text = text
        self._name = name
        self._line = layout.lines + 1
        self._rows = 0

    def read(self, size: int = -1) -> str:
        block = self._text.read(size)
        if block.endswith("\r"):
            block += self._text.read(1)
        if "\r" in block and block.count("\r") != block.count("\r\n"):
            self.error = _NeedsCsvError()
            return ""
        if "\0" in block:
            self.error = _nul(self._name, self._line + block[: block.index("\0")].count("\n"))
            return ""
        self._line += block.count("\n")
        return block

    def __iter__(self) -> Iterator[str]:
        return iter(self._text)

    def take_row_numbers(self, count: int) -> Ints:
        """Return the numbers of the next rows that pandas gives."""
        first = self._rows + 1
        self._rows += count
        return np.arange(first, first + count, dtype="int64")

    def take_lost(self, last: int | None) -> tuple[ParseIssue, ...]:
        """Return the rows taken out since the last call, up to a row number."""
        del last
        return ()


class _Filtered(_Checked):
    """The same without the rows that have more fields than the header."""

    def __init__(self, text: IO[str], name: str, layout: Layout) -> None:
        super().__init__(text, name, layout)
        self._layout = layout
        self._records = _records(self._lines(), layout.delimiter)
        self._numbers = array("q")
        self._lost: list[ParseIssue] = []

    def _lines(self) -> Iterator[str]:
        for line in self._text:
            if "\0" in line:
                self.error = _nul(self._name, self._line)
                return
            self._line += 1
            yield line

    def read(self, size: int = -1) -> str:
        out = io.StringIO(newline="")
        delimiter, width = self._layout.delimiter, len(self._layout.names)
        writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
        while size < 0 or out.tell() < size:
            record = next(self._records, None)
            if record is None:
                break
            self._rows += 1
            if record.is_open:
                self.error = self.error or _open_quote(self._name, self._rows)
                break
            if any(cell.strip() for cell in record.fields[width:]):
                kind = "more fields than the header has"
                self._lost.append(ParseIssue(kind, self._rows, delimiter.join(record.fields)))
            else:
                self._numbers.append(self._rows)
                writer.writerow(record.fields[:width])
        return out.getvalue()

    def take_row_numbers(self, count: int) -> Ints:
        numbers, self._numbers = self._numbers[:count], self._numbers[count:]
        return np.array(numbers, dtype="int64")

    def take_lost(self, last: int | None) -> tuple[ParseIssue, ...]:
        taken = tuple(issue for issue in self._lost if last is None or issue.row <= last)
        self._lost = self._lost[len(taken) :]
        return taken
