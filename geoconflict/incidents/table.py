"""From a raw table to the columns of INCIDENTS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, ReadError
from geoconflict.incidents.dates import Days, read_days
from geoconflict.incidents.numerals import read_numbers
from geoconflict.incidents.options import ReadRequest
from geoconflict.incidents.places import Places
from geoconflict.incidents.report import Ledger
from geoconflict.incidents.source import Source
from geoconflict.io.table import Cells, Objects, RawTable, categorical, constant, from_codes, recoded, texts
from geoconflict.schema import INCIDENTS
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

_TEXTS = (
    "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2", "location", "source", "source_url", "notes",
    "fatalities_claimant", "licence", "attribution",
)  # fmt: skip
_ORDER_HINT = 'say which comes first: date_order="dmy" or "mdy" in ReadOptions, date_order: in a project, --date-order'
_MOST_KINDS = 20
_FIGURES = ("fatalities", "fatalities_low", "fatalities_high")
_LOST_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_ODD_ID = r"^[0-9][0-9.,eE+]*$"  # a wide net that a quick matcher can cast
_FLOAT_ID = re.compile(r"\d+\.0")


@dataclass(slots=True)
class TableBuilder:
    """A table while its columns are made.

    Attributes
    ----------
    raw : RawTable
    source : Source
    names : mapping of str to str
        Plain name → column of the file.
    ledger : Ledger
    ask : ReadRequest
    used : dict of str to str
        Our column → the file's.
    out : dict of str to array
        Our columns.
    """

    raw: RawTable
    source: Source
    names: Mapping[str, str]
    ledger: Ledger
    ask: ReadRequest
    used: dict[str, str]
    out: dict[str, Any]

    def find(self, column: str) -> str | None:
        """Return the file's column for one of ours and note that it is used.

        Where rows take the first of several columns that is filled, these become one column.
        """
        hit = self.source.find(column, self.names)
        if column in self.source.coalesce:
            hits = self.source.find_all(column, self.names)
            if len(hits) > 1:
                hit = " or ".join(hits)
                if hit not in self.raw.frame.columns:
                    self.raw.frame[hit] = _first_filled([texts(self.raw.frame[name]) for name in hits])
        if hit is not None:
            self.used[column] = hit
        return hit

    def given(self, column: str) -> Objects | None:
        """Return the texts of one of our columns as the file has them."""
        hit = self.find(column)
        return None if hit is None else texts(self.raw.frame[hit])

    def coded(self, column: str) -> Cells | None:
        """Return the same as a pandas Categorical."""
        hit = self.find(column)
        if hit is None:
            return None
        cells = categorical(self.raw.frame[hit])
        return cells if isinstance(cells, pd.Categorical) else recoded(texts(self.raw.frame[hit]))


def _first_filled(columns: list[Objects]) -> Objects:
    out = columns[0].copy()
    for column in columns[1:]:
        out = np.where(out == None, column, out)  # noqa: E711 - elementwise
    return out


def build(
    raw: RawTable, source: Source, names: Mapping[str, str], ledger: Ledger, places: Places, ask: ReadRequest
) -> TableBuilder:
    """Make the columns of INCIDENTS, apart from the points.

    Raises
    ------
    ReadError
        If no column can hold a day.
    """
    work = TableBuilder(raw, source, names, ledger, ask, dict(places.used), {})
    _dates(work)
    _types(work)
    for column in _TEXTS:
        theirs = work.find(column)
        words = source.words.get(column)
        if theirs is not None:
            values = raw.frame[theirs]
            work.out[column] = _mapped(texts(values), words) if words else categorical(values)
        elif column in source.constants:
            work.out[column] = constant(source.constants[column], len(raw.frame))
    if ask.country is not None:
        if "country" not in work.used:
            work.out["country"] = constant(ask.country, len(raw.frame))
        else:
            named = np.asarray(work.out["country"], dtype=object)
            work.out["country"] = np.where(pd.isna(named), ask.country, named)
    for column, parts in source.join.items():
        _joined(work, column, parts)
    _figures(work)
    _precision(work, places)
    own = work.given("dataset")
    if own is None:
        work.out["dataset"] = constant(source.name, len(raw.frame))
    else:
        work.out["dataset"] = np.where(own == None, source.name, own)  # noqa: E711 - elementwise
    work.out["method"] = recoded(places.method)
    work.out["source_row"] = raw.rows
    _ids(work, places)
    return work


def _dates(work: TableBuilder) -> None:
    column = work.find("event_date")
    if column is None:
        wanted = ", ".join(work.source.columns.get("event_date", ())[:4])
        msg = (
            f"{work.ask.name}: no column holds the day of the event; read as {work.source.title}, it would be called {wanted}; "
            "name it with source={'event_date': …}"
        )
        raise ReadError(msg, [Fault("no column of days", field="event_date")])
    days = _read(work, column)
    values = work.raw.frame[column]
    missing = np.flatnonzero((days.first == None) & (days.reason == None))  # noqa: E711 - elementwise
    work.ledger.reject("no day", column, missing, [None] * len(missing))
    first, last = days.first, days.last
    end_column = work.find("event_date_end")
    if end_column is not None:
        ends = _read(work, end_column)
        has_end = ends.last != None  # noqa: E711 - elementwise
        last = np.where(has_end, ends.last, last)
        there = np.flatnonzero((first != None) & has_end)  # noqa: E711 - elementwise
        wrong = [int(i) for i in there if last[i] < first[i]]
        shown = [f"{values.iloc[i]} … {work.raw.frame[end_column].iloc[i]}" for i in wrong]
        if work.ask.keep:
            work.ledger.doubt("the event ends before it starts; read as one day", end_column, wrong, shown)
            last[wrong] = first[wrong]
        else:
            work.ledger.reject("the event ends before it starts", end_column, wrong, shown)
    work.out["event_date"] = recoded(first)
    same = end_column is None and bool((first == last).all())
    work.out["event_date_end"] = work.out["event_date"] if same else recoded(last)
    given = work.coded("time_precision")
    if given is None:
        work.out["time_precision"] = recoded(days.precision)
    else:
        work.out["time_precision"] = _words(work, "time_precision", given, TimePrecision.UNKNOWN)
        work.out["time_precision_source"] = given


def _read(work: TableBuilder, column: str) -> Days:
    options = work.ask.options
    values = work.raw.frame[column].to_numpy(dtype=object)
    days = read_days(
        values,
        order=options.date_order,
        otherwise=work.source.date_order,
        years=(options.first_year, options.last_year),
        short_years=work.source.short_years,
    )
    unread = days.reason[days.reason != None]  # noqa: E711 - elementwise
    for reason in dict.fromkeys(unread.tolist()):
        at = np.flatnonzero(days.reason == reason)
        hint = _ORDER_HINT if reason.startswith("day and month are open") else ""
        work.ledger.reject(reason, column, at, values[at].tolist(), hint)
    changed = np.flatnonzero(days.reread != None)  # noqa: E711 - elementwise
    kind = f"day read with {'the day' if days.order == 'dmy' else 'the month'} first" if days.order else "day read"
    work.ledger.repair(kind, column, changed, values[changed].tolist(), days.reread[changed].tolist())
    return days


def _words(work: TableBuilder, column: str, given: Cells, unknown: str) -> Cells:
    """Map the coded words of a source onto ours; those without a counterpart become unknown, and are reported."""
    words = work.source.words.get(column, {})
    prefix = column in work.source.prefixes
    theirs = [str(word) for word in given.categories]
    found = [_lookup(word, words, prefix=prefix) for word in theirs]
    mapped = [str(hit) if hit is not None else str(unknown) for hit in found]
    odd = [code for code, hit in enumerate(found) if hit is None]
    kind = f"has no counterpart in our vocabulary; kept as {unknown}"
    for code in odd[:_MOST_KINDS]:
        at = np.flatnonzero(given.codes == code)
        work.ledger.doubt(f"{theirs[code]:.60} {kind}", work.used[column], at, [theirs[code]] * len(at))
    if len(odd) > _MOST_KINDS:
        rest = np.flatnonzero(np.isin(given.codes, odd[_MOST_KINDS:]))
        what = f"each of {len(odd) - _MOST_KINDS:,} further words {kind}"
        work.ledger.doubt(what, work.used[column], rest, [theirs[code] for code in given.codes[rest]])
    mapped.append(str(unknown))  # the missing ones: their code is -1
    ours = {word: number for number, word in enumerate(dict.fromkeys(mapped))}
    return from_codes(np.array([ours[word] for word in mapped])[given.codes], list(ours))


def _lookup(value: str, words: Mapping[str, str], *, prefix: bool) -> str | None:
    key = " ".join(value.casefold().split())
    if key in words:
        return words[key]
    if key.endswith(".0") and key[:-2] in words:
        return words[key[:-2]]
    if prefix:
        for end in range(len(key), 0, -1):
            if key[:end] in words:
                return words[key[:end]]
    return None


def _mapped(values: Objects, words: Mapping[str, str]) -> Objects:
    codes, uniques = pd.factorize(values)
    mapped = [words.get(" ".join(str(v).casefold().split()), v) for v in uniques]
    return np.array([*mapped, None], dtype=object)[codes]


def _types(work: TableBuilder) -> None:
    count = len(work.raw.frame)
    kinds: Cells = constant(EventType.UNKNOWN.value, count)
    given = work.coded("event_type")
    if given is not None:
        kinds = _words(work, "event_type", given, EventType.UNKNOWN)
        own = work.coded("event_type_source")
        work.out["event_type_source"] = given if own is None else own
    flagged: list[str] = []
    if work.source.flags:
        kinds = np.array(kinds, dtype=object)
    for name, kind in reversed(work.source.flags):
        column = work.names.get(name)
        if column is None:
            continue
        on = read_numbers(work.raw.frame[column]).found >= 0.5
        kinds[on] = kind
        flagged.append(column)
    if flagged:
        work.used["event_type"] = " + ".join(reversed(flagged))
    work.out["event_type"] = kinds


def _joined(work: TableBuilder, column: str, parts: tuple[str, ...]) -> None:
    found = [work.names[p] for p in parts if p in work.names]
    if not found:
        return
    columns = [texts(work.raw.frame[name]) for name in found]
    joined = np.empty(len(work.raw.frame), dtype=object)
    joined[:] = ["; ".join(str(v) for v in row if v is not None) or None for row in zip(*columns, strict=True)]
    work.out[column] = joined
    work.used[column] = " + ".join(found)


def _figures(work: TableBuilder) -> None:
    for name in _FIGURES:
        column = work.find(name)
        if column is None:
            continue
        values = work.raw.frame[column]
        numbers = read_numbers(values, comma="thousands")
        for kind, at in numbers.repaired.items():
            work.ledger.repair(kind, column, at, values.iloc[at].tolist(), [f"{numbers.found[i]:.10g}" for i in at])
        work.ledger.doubt("not a number; left empty", column, numbers.unread, values.iloc[numbers.unread].tolist())
        with np.errstate(invalid="ignore"):
            negative = np.flatnonzero(numbers.found < 0)
        work.ledger.doubt("below nought; left empty", column, negative, values.iloc[negative].tolist())
        numbers.found[negative] = np.nan
        work.out[name] = numbers.found


def _precision(work: TableBuilder, places: Places) -> None:
    count = len(work.raw.frame)
    table, source = work.ask.options.precision, work.source
    given = work.coded("geo_precision")
    if given is None:
        word = source.constants.get("geo_precision", PlacePrecision.UNKNOWN.value)
        work.out["geo_precision"] = constant(word, count)
        radii = np.full(count, table.radius_m(source.name, "", word, source_radii=source.radii_m))
        located = work.names.get(source.exact_if)
        if located is not None:
            there = texts(work.raw.frame[located]) != None  # noqa: E711 - elementwise
            work.out["geo_precision"] = np.where(there, PlacePrecision.EXACT.value, word).astype(object)
            radii[there] = table.radius_m(source.name, "", PlacePrecision.EXACT, source_radii=source.radii_m)
    else:
        words = _words(work, "geo_precision", given, PlacePrecision.UNKNOWN)
        work.out["geo_precision"] = words
        own = work.coded("geo_precision_source")
        work.out["geo_precision_source"] = given if own is None else own
        code_of = dict(zip(given.codes.tolist(), words.codes.tolist(), strict=True))
        each = [
            table.radius_m(
                source.name,
                str(theirs).removesuffix(".0"),
                str(words.categories[code_of[code]]) if code in code_of else "",
                source_radii=source.radii_m,
            )
            for code, theirs in enumerate(given.categories)
        ]
        radii = np.array([*each, np.nan])[given.codes]
    column = work.find("location_uncertainty_m")
    if column is not None:
        stated = read_numbers(work.raw.frame[column]).found
        with np.errstate(invalid="ignore"):
            radii = np.where(stated >= 0, stated, radii)
    work.out["location_uncertainty_m"] = np.fmax(radii, places.uncertainty_m)


def _ids(work: TableBuilder, places: Places) -> None:
    """Take the identifiers of the file, mend those a spreadsheet changed, and make those that lack."""
    count = len(work.raw.frame)
    ids = work.given("event_id")
    column = work.used.get("event_id", "")
    if ids is None:
        ids = np.full(count, None, dtype=object)
    odd = _odd_ids(work, column, ids)
    text = {i: str(ids[i]) if ids[i] is not None else "" for i in odd}
    floats = [i for i, v in text.items() if _FLOAT_ID.fullmatch(v)]
    if floats and len(floats) == count - sum(1 for v in text.values() if not v):
        ids[floats] = [text[i][:-2] for i in floats]
        work.ledger.repair(
            "whole number written with a point", column, floats, [text[i] for i in floats], ids[floats].tolist()
        )
    mangled = [i for i, v in text.items() if _LOST_ID.fullmatch(v)]
    lacking = [i for i, v in text.items() if not v]
    if mangled or lacking:
        made = _made(work, places, [*mangled, *lacking])
        before = [text[i] for i in mangled]
        ids[[*mangled, *lacking]] = made
        work.ledger.repair(
            "identifier lost by a spreadsheet; made from the row", column, mangled, before, made[: len(mangled)]
        )
        if column and lacking:
            work.ledger.repair(
                "no identifier; made from the row", column, lacking, [""] * len(lacking), made[len(mangled) :]
            )
    if not odd and isinstance(work.raw.frame[column].dtype, pd.StringDtype) and work.raw.frame[column].is_unique:
        work.out["event_id"] = ids  # told quicker from the column as it was read
    else:
        work.out["event_id"] = _unique(work, ids, column)


def _odd_ids(work: TableBuilder, column: str, ids: Objects) -> list[int]:
    """Return where an identifier lacks, or looks as if a spreadsheet had made a number of it."""
    if not column:
        return list(range(len(work.raw.frame)))
    values = work.raw.frame[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return np.flatnonzero(values.isna()).tolist()
    words = values if isinstance(values.dtype, pd.StringDtype) else values.astype("str")
    looks = words.str.contains(_ODD_ID, regex=True, na=True).to_numpy(dtype=bool)
    return np.flatnonzero(looks | (ids == None)).tolist()  # noqa: E711 - elementwise


def _made(work: TableBuilder, places: Places, at: list[int]) -> list[str]:
    """Return identifiers made from what a row says, so that they stay when rows are added."""
    parts = [
        np.asarray(work.out[name], dtype=object)
        for name in ("event_date", "event_type_source", "location", "source", "notes")
        if name in work.out
    ]
    out = []
    for i in at:
        where = f"{places.lon[i]:.6f} {places.lat[i]:.6f}"
        said = "\x1f".join([where, *("" if pd.isna(part[i]) else str(part[i]) for part in parts)])
        out.append(f"{work.source.name}-{hashlib.blake2b(said.encode(), digest_size=6).hexdigest()}")
    return out


def _unique(work: TableBuilder, ids: Objects, column: str) -> Objects:
    """Return identifiers that are unique: those that stand again are numbered, and all rows kept."""
    series = pd.Series(ids, dtype=object)
    again = series.duplicated(keep="first").to_numpy()
    if not again.any():
        return ids
    at = np.flatnonzero(again)
    taken = set(ids.tolist())
    counts: dict[str, int] = {}
    out = ids.copy()
    for i in at.tolist():
        base = str(ids[i])
        number = counts.get(base, 1) + 1
        while f"{base}#{number}" in taken:
            number += 1
        counts[base] = number
        out[i] = f"{base}#{number}"
        taken.add(str(out[i]))
    for kind, hits in _why_again(work, series, at).items():
        work.ledger.repair(f"{kind}; numbered", column, hits, ids[hits].tolist(), out[hits].tolist())
    return out


def _why_again(work: TableBuilder, ids: pd.Series, at: np.ndarray[Any, np.dtype[np.intp]]) -> dict[str, list[int]]:
    """Tell rows that repeat another word for word, other versions of an event, and plain collisions."""
    first = ids.drop_duplicates(keep="first")
    where = dict(zip(first.tolist(), first.index.tolist(), strict=True))
    version = work.source.find("version", work.names)
    frame = work.raw.frame
    again, before = frame.iloc[at], frame.iloc[[where[ids.iloc[i]] for i in at]]
    same = (_plain_cells(again) == _plain_cells(before)).all(axis=1)
    out: dict[str, list[int]] = {}
    for i, repeated in zip(at.tolist(), same.tolist(), strict=True):
        kind = "identifier stands more than once"
        if repeated:
            kind = "row repeated word for word"
        elif version is not None and frame[version].iloc[i] != frame[version].iloc[where[ids.iloc[i]]]:
            kind = "another version of an event"
        out.setdefault(kind, []).append(i)
    return out


def _plain_cells(frame: pd.DataFrame) -> Objects:
    cells: Objects = frame.astype(object).where(frame.notna(), "").to_numpy(dtype=object)
    return cells


def kept_columns(work: TableBuilder) -> dict[str, pd.Series]:
    """Return the columns of the file that are handed on as they are, by their new names."""
    taken = set(work.used.values())
    for column in work.source.coalesce:
        hits = work.source.find_all(column, work.names)
        if len(hits) > 1:
            taken.add(" or ".join(hits))
    ours = {*INCIDENTS.names, "geometry"}
    out: dict[str, pd.Series] = {}
    for column in work.raw.frame.columns:
        if column in taken:
            continue
        name = column if column not in ours else f"{column}_given"
        out[name] = work.raw.frame[column]
    return out
