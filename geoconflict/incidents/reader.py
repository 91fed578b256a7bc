"""Read a file of incidents from any source, in any format, into one table with a report."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geoconflict.crs import WGS84
from geoconflict.errors import Fault, InputError, ReadError
from geoconflict.incidents.columns import FileFacts, Piece
from geoconflict.incidents.duplicates import suspect_duplicates
from geoconflict.incidents.options import OnError, ReadOptions, ReadRequest
from geoconflict.incidents.places import Mask, Places, locate
from geoconflict.incidents.report import Entry, Ledger, ReadReport, Remark, ranges, shorten
from geoconflict.incidents.source import Source, Sources, load_sources, read_source, with_columns
from geoconflict.incidents.survey import Survey
from geoconflict.incidents.table import Identifiers, TableBuilder, build, kept_columns
from geoconflict.io import binary_formats, markup
from geoconflict.io.delimited import Layout, detect_layout, read_delimited, scan_delimited
from geoconflict.io.json import read_json
from geoconflict.io.open import Opened, open_input
from geoconflict.io.table import ParseIssue, RawTable, column_key, is_repetitive, texts
from geoconflict.schema import INCIDENTS, conform

_EXAMPLES = 5
_MOST_REMARKS = 50
_NAMED = 200
_FEW = 10_000
_FORMULA_STARTS = ("=", "+", "-", "@")
_FORMULA = re.compile(r"=|[+@-].*[(|!]")
_SUSPECTS = 50
_MOST_COMPARED = 50_000
_ON_ERROR = ("set_aside", "raise", "keep")


class IncidentsWarning(UserWarning):
    """Some rows of a file were set aside; the report gives the rows and the reasons."""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of reading a file.

    Attributes
    ----------
    table : GeoDataFrame
        A table of INCIDENTS; ``attrs["report"]`` is the report as plain values.
    set_aside : DataFrame
        The rows that were not used, as in the file, with the columns ``row`` and ``reason`` first.
    repairs : DataFrame
        Every repair: ``row``, ``column``, ``kind``, ``before``, ``after``.
    report : ReadReport
    """

    table: gpd.GeoDataFrame
    set_aside: pd.DataFrame
    repairs: pd.DataFrame
    report: ReadReport


def read_incidents(
    path: str | os.PathLike[str] | IO[bytes],
    *,
    source: str | Source | Mapping[str, str] | None = None,
    country: str | None = None,
    on_error: OnError = "set_aside",
    crs: str | None = None,
    options: ReadOptions | None = None,
) -> gpd.GeoDataFrame:
    r"""Read a file of incidents into one documented table.

    The format is detected by the content of the file and the source by its columns; both are in the
    report. A value that can only have one meaning is repaired and reported. A row that cannot be
    used is set aside with a reason, and a warning gives the number of such rows.

    Parameters
    ----------
    path : path, ``"-"`` for standard input, or binary stream
    source : str, Source or mapping, optional
        The name of a source, the path of a YAML file that describes one, or a mapping from the
        columns of INCIDENTS to those of the file. Detected by the columns by default.
    country : str, optional
        The country of the events, for files without such a column: it is filled in, and
        coordinates are checked against it.
    on_error : {"set_aside", "raise", "keep"}
        What to do with rows that cannot be used. ``raise``: one error lists them all.
        ``keep``: doubtful rows, such as a point at (0, 0), are used and reported; rows without a
        point or a date are set aside.
    crs : str, optional
        The coordinate reference system of the file, if not longitude and latitude on WGS84.
    options : ReadOptions, optional

    Returns
    -------
    GeoDataFrame
        INCIDENTS, followed by the other columns of the file. ``attrs["report"]`` is the report as
        plain values; ``ReadReport.from_dict`` turns it into a :class:`ReadReport`.

    Raises
    ------
    ReadError
        If the file is missing, empty, of another kind than its name says, or without coordinates,
        dates or usable rows; or, with ``on_error="raise"``, if any row cannot be used.
    CRSError
        If the coordinates are in another system than WGS84, and ``crs`` is not given.
    LimitError
        If the input exceeds the limits.
    NameUnknownError
        If the source or the country is not known.

    Examples
    --------
    >>> import io
    >>> table = read_incidents(io.BytesIO(b"id,date,lat,lon\na,2025-07-01,54.69,25.28\n"))
    >>> table[["event_id", "event_date", "dataset"]].iloc[0].tolist(), table.geometry.iloc[0].x
    (['a', '2025-07-01', 'plain'], 25.28)
    """
    return read(path, source=source, country=country, on_error=on_error, crs=crs, options=options).table


def read(
    path: str | os.PathLike[str] | IO[bytes],
    *,
    source: str | Source | Mapping[str, str] | None = None,
    country: str | None = None,
    on_error: OnError = "set_aside",
    crs: str | None = None,
    options: ReadOptions | None = None,
) -> ReadResult:
    r"""Read a file of incidents into a table, and return it with the rows set aside, the repairs and the report.

    Parameters and errors are those of :func:`read_incidents`.

    Examples
    --------
    >>> import io
    >>> import warnings
    >>> data = b"id,date,lat,lon\na,2025-07-01,54.69,25.28\nb,2025-07-02,91,25\n"
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", IncidentsWarning)
    ...     reading = read(io.BytesIO(data))
    >>> reading.set_aside[["row", "reason", "id"]].to_numpy().tolist()
    [[2, 'lat: latitude beyond 90: 91', 'b']]
    """
    opened, request = _prepare(path, source, country, on_error, crs, options)
    result = _read_whole(opened, request)
    _warn_of_rejected(request, result.report.rows_read, result.report.rows_set_aside)
    return result


def scan_incidents(  # noqa: PLR0913 - the parameters of read_incidents, and the size of a piece
    path: str | os.PathLike[str] | IO[bytes],
    *,
    rows: int = 100_000,
    source: str | Source | Mapping[str, str] | None = None,
    country: str | None = None,
    on_error: OnError = "set_aside",
    crs: str | None = None,
    options: ReadOptions | None = None,
) -> Iterator[gpd.GeoDataFrame]:
    r"""Read a delimited text table larger than memory in pieces.

    Each piece is a table as :func:`read_incidents` returns it, with a report of its own. Together
    they have the rows, and their reports the counts, of the whole file: it is read twice before the
    first piece, to find out what only all rows show, such as the order of day and month. Possible
    duplicates are looked for within a piece only. A piece may be empty. Other formats are read
    whole and come as one piece.

    Memory grows by 8 bytes per row for identifiers, and by some 200 bytes per row without one.

    Parameters
    ----------
    path, source, country, on_error, crs, options
        As for :func:`read_incidents`. With ``on_error="raise"`` the error comes before the first piece.
    rows : int
        Rows per piece.

    Returns
    -------
    iterator of GeoDataFrame

    Raises
    ------
    ReadError, CRSError, LimitError, NameUnknownError
        As for :func:`read_incidents`. If no row can be used, the error comes after the last piece.

    Examples
    --------
    >>> import io
    >>> text = "id,date,lat,lon\n" + "".join(f"{i},2025-07-01,54,25\n" for i in range(5))
    >>> [len(piece) for piece in scan_incidents(io.BytesIO(text.encode()), rows=2)]
    [2, 2, 1]
    """
    if rows < 1:
        msg = f"rows must be at least 1, found {rows}"
        raise InputError(msg)
    opened, request = _prepare(path, source, country, on_error, crs, options)
    return _scan(opened, request, rows)


def _prepare(
    path: str | os.PathLike[str] | IO[bytes],
    source: str | Source | Mapping[str, str] | None,
    country: str | None,
    on_error: OnError,
    crs: str | None,
    options: ReadOptions | None,
) -> tuple[Opened, ReadRequest]:
    if on_error not in _ON_ERROR:
        msg = f"on_error is {on_error!r}; it is one of {', '.join(_ON_ERROR)}"
        raise InputError(msg)
    options = options or ReadOptions()
    opened = open_input(path, limits=options.limits, member=options.member)
    request = ReadRequest(
        name=opened.name,
        source=source,
        country=country,
        on_error=on_error,
        crs=crs,
        options=options,
        sources=options.sources or load_sources(),
    )
    return opened, request


def _read_whole(opened: Opened, request: ReadRequest) -> ReadResult:
    raw = _read_raw(opened, request.sources, request.options)
    _require_rows(request, len(raw.frame), raw)
    source, known = _choose_source(raw, request)
    piece = Piece(raw, source, request)
    survey = Survey(request)
    survey.add(piece)
    facts = survey.facts()
    work, places = _process(piece, facts, Identifiers(facts))
    total = _Total(request)
    total.add(piece)
    total.check()
    return _result(work, places, known)


def _scan(opened: Opened, request: ReadRequest, rows: int) -> Iterator[gpd.GeoDataFrame]:
    if opened.kind != "delimited":
        result = _read_whole(opened, request)
        _warn_of_rejected(request, result.report.rows_read, result.report.rows_set_aside)
        yield result.table
        return
    layout, shown = _detect_layout(opened, request.sources, request.options)
    ids = shown.columns.get("event_id", ())
    tables = scan_delimited(opened, layout, rows, numeric=shown.numeric, identifiers=ids)
    first = next(tables())
    source, known = _choose_source(first, request)
    survey, count, lost = Survey(request, in_pieces=True), 0, replace(first, lost=())
    for raw in tables():
        survey.add(Piece(raw, source, request))
        count += len(raw.frame)
        if not count:
            lost = replace(lost, lost=(*lost.lost, *raw.lost))
    _require_rows(request, count, lost)
    facts = survey.facts()

    def pieces() -> Iterator[tuple[Piece, TableBuilder, Places]]:
        identifiers = Identifiers(facts)
        for raw in tables():
            piece = Piece(raw, source, request)
            yield piece, *_process(piece, facts, identifiers)

    if request.on_error == "raise":
        total = _Total(request)
        for piece, _, _ in pieces():
            total.add(piece)
        total.check()
    total = _Total(request)
    try:
        for piece, work, places in pieces():
            total.add(piece)
            yield _result(work, places, known).table
    except GeneratorExit:
        _warn_of_rejected(request, total.read, total.read - total.used)
        raise
    total.check()
    _warn_of_rejected(request, total.read, total.read - total.used)


@dataclass(slots=True)
class _Total:
    """The rows read and used so far, and the faults of the others while they may be raised."""

    request: ReadRequest
    read: int = 0
    used: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        kept, lost = piece.ledger.kept(), piece.raw.lost
        self.read += len(kept) + len(lost)
        self.used += int(kept.sum())
        if self.request.on_error == "raise" or not self.used:
            self.faults += [*piece.ledger.faults(), *_lost_faults(piece.raw)]
        else:
            self.faults.clear()

    def check(self) -> None:
        """Raise ReadError if no row can be used, or with on_error="raise" if any cannot."""
        name, bad = self.request.name, self.read - self.used
        if self.used and (self.request.on_error != "raise" or not bad):
            return
        what = f"{bad} of {self.read} rows cannot be used" if self.used else f"none of its {self.read} rows can be used"
        msg = f"{name}: {what}"
        raise ReadError(msg, sorted(self.faults, key=lambda fault: fault.row or 0))


def _require_rows(request: ReadRequest, count: int, raw: RawTable) -> None:
    """Raise ReadError if a file has no rows, or none that could be parsed."""
    if count:
        return
    if raw.lost:
        msg = f"{request.name}: none of its {len(raw.lost)} rows can be used"
        raise ReadError(msg, _lost_faults(raw))
    msg = f"{request.name} has a header but no rows: {', '.join(map(str, raw.frame.columns[:12]))}"
    raise ReadError(msg)


def _warn_of_rejected(request: ReadRequest, read: int, rejected: int) -> None:
    if rejected:
        warnings.warn(
            f"{request.name}: {rejected:,} of {read:,} rows were set aside; "
            'the reasons: print(gc.ReadReport.from_dict(table.attrs["report"]).text())',
            IncidentsWarning,
            stacklevel=4,
        )


def _read_raw(opened: Opened, sources: Sources, options: ReadOptions) -> RawTable:
    """Read the rows and columns of a file without interpreting them."""
    if opened.kind == "json":
        return read_json(opened, encoding=options.encoding)
    if opened.kind in {"kml", "gpx"}:
        return markup.read_kml(opened) if opened.kind == "kml" else markup.read_gpx(opened)
    if opened.kind in {"xlsx", "ods"}:
        return binary_formats.read_workbook(opened, sheet=options.sheet)
    if opened.kind == "parquet":
        return binary_formats.read_parquet(opened)
    if opened.kind == "vector":
        return binary_formats.read_vector_file(opened, layer=options.sheet)
    layout, source = _detect_layout(opened, sources, options)
    return read_delimited(opened, layout, numeric=source.numeric, identifiers=source.columns.get("event_id", ()))


def _detect_layout(opened: Opened, sources: Sources, options: ReadOptions) -> tuple[Layout, Source]:
    """Return the layout of a text table, and the source that matches its columns."""
    layout = detect_layout(
        opened,
        encoding=options.encoding,
        delimiter=options.delimiter,
        headerless={source.name: source.headerless for source in sources if source.headerless},
    )
    if layout.headerless:
        return layout, sources[layout.headerless]
    return layout, sources.recognise(layout.names, layout.tags) or sources["plain"]


def _choose_source(raw: RawTable, request: ReadRequest) -> tuple[Source, list[str]]:
    """Return the source and the columns by which it was recognised."""
    if isinstance(request.source, Source):
        return request.source, []
    if isinstance(request.source, str):
        if request.source.casefold().endswith((".yaml", ".yml")):
            return read_source(request.source), []
        return request.sources[request.source], []
    found = (
        request.sources[raw.headerless] if raw.headerless else request.sources.recognise(raw.frame.columns, raw.tags)
    )
    known = list(found.signature) if found is not None else []
    source = found or request.sources["osint_map" if raw.format in {"KML", "GPX"} else "plain"]
    if request.source is not None:
        there = {column_key(name) for name in raw.frame.columns}
        absent = {ours: theirs for ours, theirs in request.source.items() if column_key(theirs) not in there}
        if absent:
            listed = ", ".join(f"{theirs!r} (for {ours})" for ours, theirs in absent.items())
            msg = f"the column mapping names columns that are not in the file: {listed}; it has {', '.join(raw.frame.columns[:20])}"
            raise ReadError(msg)
        return with_columns(source, dict(request.source)), []
    return source, known


def _process(piece: Piece, facts: FileFacts, identifiers: Identifiers) -> tuple[TableBuilder, Places]:
    """Make the columns of a piece; rows that cannot be used are in its ledger."""
    for warning in piece.raw.warnings:
        piece.ledger.warn(warning)
    places = locate(piece, facts)
    work = build(piece, facts, places, identifiers)
    _note_formulas(piece.raw, piece.ledger, set(places.used.values()))
    return work, places


def _result(work: TableBuilder, places: Places, known: list[str]) -> ReadResult:
    ledger, raw, name = work.piece.ledger, work.piece.raw, work.piece.request.name
    kept = ledger.kept()
    extra = kept_columns(work)
    table = _table(work, places, extra, kept, name)
    report = _report(work, raw, table, kept, (name, known, list(extra)))
    table.attrs = {"report": report.to_dict()}
    return ReadResult(table, _set_aside(work, raw, kept), _repairs(ledger), report)


def _lost_faults(raw: RawTable) -> list[Fault]:
    return [Fault(f"{s.kind}: {shorten(s.value)!r}", s.row, s.column or None) for s in raw.lost]


def _note_formulas(raw: RawTable, ledger: Ledger, numbers: set[str]) -> None:
    """Report cells that a spreadsheet would run as a formula; they are kept as text."""
    for column, values in raw.frame.items():
        if column in numbers or pd.api.types.is_numeric_dtype(values.dtype):
            continue
        if is_repetitive(values):
            words = [w for w in values.unique().tolist() if isinstance(w, str) and w.startswith(_FORMULA_STARTS)]
            looks = np.flatnonzero(values.isin(words).to_numpy()).tolist() if words else []
        elif values.dtype == object or len(values) < _FEW:
            cells = values.to_numpy(dtype=object).tolist()
            looks = [i for i, v in enumerate(cells) if type(v) is str and v.startswith(_FORMULA_STARTS)]
        else:
            looks = np.flatnonzero(values.str.startswith(_FORMULA_STARTS, na=False).to_numpy(dtype=bool)).tolist()
        at = [i for i in looks if _FORMULA.match(str(values.iloc[i]))]
        hint = "a spreadsheet would run it; write it as text to CSV or XLSX"
        ledger.doubt("a formula in a cell, kept as text", str(column), at, [values.iloc[i] for i in at], hint)


def _table(work: TableBuilder, places: Places, extra: dict[str, pd.Series], kept: Mask, name: str) -> gpd.GeoDataFrame:
    whole = bool(kept.all())
    data: dict[str, pd.Series] = {}
    for column, values in work.out.items():
        cells = values if whole else values[kept]
        data[column] = pd.Series(cells, dtype=cells.dtype).reset_index(drop=True)
    for column, given in extra.items():
        data[column] = _as_given(given if whole else given[kept])
    points = shapely.points(places.lon[kept], places.lat[kept])
    frame = gpd.GeoDataFrame(pd.DataFrame(data, copy=False), geometry=points, crs=WGS84)
    return conform(frame, INCIDENTS, what=name)


def _as_given(values: pd.Series) -> pd.Series:
    """Return a further column of the file: numbers as numbers if the format has them, else text."""
    if values.dtype != object:
        out: pd.Series = values.reset_index(drop=True)
        return out
    kind = pd.api.types.infer_dtype(values, skipna=True)
    if kind in {"integer", "floating", "mixed-integer-float", "boolean"}:
        numbers: pd.Series = values.reset_index(drop=True).infer_objects()
        return numbers
    return pd.Series(texts(values), dtype=object)


def _report(
    work: TableBuilder, raw: RawTable, table: gpd.GeoDataFrame, kept: Mask, about: tuple[str, list[str], list[str]]
) -> ReadReport:
    name, known, extra = about
    ledger = work.piece.ledger
    repaired = np.zeros(len(kept), dtype=bool)
    for entry in ledger.repairs:
        repaired[entry.positions] = True
    aside = [_remark(entry, ledger) for entry in ledger.rejected]
    aside += [
        _of_issues(kind, [s for s in raw.lost if s.kind == kind]) for kind in dict.fromkeys(s.kind for s in raw.lost)
    ]
    repairs = [_remark(entry, ledger) for entry in ledger.repairs]
    repairs += [
        _of_issues(kind, [s for s in raw.repaired if s.kind == kind])
        for kind in dict.fromkeys(s.kind for s in raw.repaired)
    ]
    suspects = _suspects(table)
    return ReadReport(
        file=name,
        format=raw.format,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        source=work.piece.source.name,
        source_title=work.piece.source.title,
        recognised_by=known,
        rows_read=len(kept) + len(raw.lost),
        rows_used=int(kept.sum()),
        rows_repaired=int((repaired & kept).sum()),
        rows_set_aside=int((~kept).sum()) + len(raw.lost),
        repairs=_capped(repairs),
        set_aside=_capped(aside),
        doubts=_capped([_remark(entry, ledger) for entry in ledger.doubts]),
        warnings=list(ledger.warnings),
        duplicates=suspects[:_SUSPECTS],
        duplicates_count=len(suspects),
        place_precision=_counts(table["geo_precision"]),
        time_precision=_counts(table["time_precision"]),
        event_types=_counts(table["event_type"]),
        first_day=str(min(table["event_date"].unique())) if len(table) else None,
        last_day=str(max(table["event_date_end"].unique())) if len(table) else None,
        bounds=[round(float(v), 6) for v in table.total_bounds] if len(table) else None,
        columns=dict(work.used),
        kept_columns=extra if len(extra) <= _NAMED else [*extra[:_NAMED], f"and {len(extra) - _NAMED:,} more"],
    )


def _capped(remarks: list[Remark]) -> list[Remark]:
    """Return the remarks; if there are too many kinds, the rare ones are combined."""
    if len(remarks) <= _MOST_REMARKS:
        return remarks
    order = sorted(range(len(remarks)), key=lambda i: (-remarks[i].count, i))
    kept = [remarks[i] for i in sorted(order[: _MOST_REMARKS - 1])]
    rest = [remarks[i] for i in sorted(order[_MOST_REMARKS - 1 :])]
    examples = [example for remark in rest[:_EXAMPLES] for example in remark.examples[:1]]
    return [*kept, Remark(f"{len(rest):,} further kinds", "", sum(r.count for r in rest), "various", examples)]


def _of_issues(kind: str, issues: list[ParseIssue]) -> Remark:
    examples: list[dict[str, Any]] = []
    for issue in issues[:_EXAMPLES]:
        example: dict[str, Any] = {"row": issue.row, "before": shorten(issue.value)}
        if issue.after:
            example["after"] = issue.after
        examples.append(example)
    return Remark(kind, issues[0].column, len(issues), ranges([s.row for s in issues]), examples)


def _suspects(table: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return pairs that may be one event, for a table with several data sets."""
    if len(table) > _MOST_COMPARED or table["dataset"].nunique() < 2:
        return []

    rows = table["source_row"].to_numpy()
    pairs = suspect_duplicates(table.reset_index(drop=True))
    columns = (pairs[name].tolist() for name in ("a", "b", "id_a", "id_b", "score", "why"))
    return [
        {"rows": [int(rows[a]), int(rows[b])], "ids": [id_a, id_b], "score": float(score), "why": why}
        for a, b, id_a, id_b, score, why in zip(*columns, strict=True)
    ]


def _counts(values: pd.Series) -> dict[str, int]:
    return {
        str(word): int(count)
        for word, count in sorted(values.value_counts().items(), key=lambda item: (-int(item[1]), str(item[0])))
    }


def _remark(entry: Entry, ledger: Ledger) -> Remark:
    examples: list[dict[str, Any]] = []
    for i in range(min(_EXAMPLES, len(entry.positions))):
        example: dict[str, Any] = {"row": int(ledger.rows[entry.positions[i]]), "before": entry.before[i]}
        if entry.after:
            example["after"] = entry.after[i]
        examples.append(example)
    return Remark(
        entry.kind,
        entry.column,
        len(entry.positions),
        ranges(ledger.rows[entry.positions].tolist()),
        examples,
        entry.hint,
    )


def _set_aside(work: TableBuilder, raw: RawTable, kept: Mask) -> pd.DataFrame:
    reasons: dict[int, list[str]] = {}
    for entry in work.piece.ledger.rejected:
        for at, value in zip(entry.positions.tolist(), entry.before, strict=True):
            where = f"{entry.column}: " if entry.column else ""
            reasons.setdefault(at, []).append(f"{where}{entry.kind}" + (f": {value}" if value else ""))
    at = np.flatnonzero(~kept)
    out = raw.frame.iloc[at].reset_index(drop=True)
    reasons_of = pd.DataFrame({"row": raw.rows[at], "reason": ["; ".join(reasons[int(i)]) for i in at]})
    out = pd.concat([reasons_of, out], axis=1)
    if raw.lost:
        more = pd.DataFrame({"row": [s.row for s in raw.lost], "reason": [f"{s.kind}: {s.value}" for s in raw.lost]})
        out = more if out.empty else pd.concat([out, more], ignore_index=True)
    return out


def _repairs(ledger: Ledger) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {"row": ledger.rows[e.positions], "column": e.column, "kind": e.kind, "before": e.before, "after": e.after}
        )
        for e in ledger.repairs
    ]
    if not parts:
        return pd.DataFrame({"row": [], "column": [], "kind": [], "before": [], "after": []})
    return pd.concat(parts, ignore_index=True)
