"""Make the columns of INCIDENTS from the columns of a file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, ReadError
from geoconflict.incidents.columns import FileFacts, Piece, read_numbers
from geoconflict.incidents.dates import Days, read_days
from geoconflict.incidents.places import Places
from geoconflict.io.table import Cells, Objects, categorical, constant, from_codes, recoded, texts
from geoconflict.schema import INCIDENTS
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

_TEXTS = (
    "sub_event_type", "actor1", "actor2", "country", "admin1", "admin2", "location", "source", "source_url", "notes",
    "fatalities_claimant", "licence", "attribution",
)  # fmt: skip
_ORDER_HINT = 'set date_order="dmy" or "mdy" in ReadOptions, date_order: in a project, or --date-order'
_MOST_KINDS = 20
_FIGURES = ("fatalities", "fatalities_low", "fatalities_high")
_LOST_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")
_ODD_ID = r"^[0-9][0-9.,eE+]*$"


@dataclass(slots=True)
class TableBuilder:
    """A table of INCIDENTS while its columns are made.

    Attributes
    ----------
    piece : Piece
    facts : FileFacts
    used : dict of str to str
        Our column → the file's.
    out : dict of str to array
        Our columns.
    """

    piece: Piece
    facts: FileFacts
    used: dict[str, str]
    out: dict[str, Any]

    @property
    def frame(self) -> pd.DataFrame:
        """Return the rows as they are in the file."""
        return self.piece.raw.frame

    def find(self, column: str) -> str | None:
        """Return the file's column for one of ours and note that it is used."""
        hit = self.piece.find(column)
        if hit is not None:
            self.used[column] = hit
        return hit

    def given(self, column: str) -> Objects | None:
        """Return the texts of one of our columns as the file has them."""
        hit = self.find(column)
        return None if hit is None else self.piece.texts(hit)

    def coded(self, column: str) -> Cells | None:
        """Return the same as a pandas Categorical."""
        hit = self.find(column)
        if hit is None:
            return None
        cells = categorical(self.frame[hit])
        return cells if isinstance(cells, pd.Categorical) else recoded(self.piece.texts(hit))


def build(piece: Piece, facts: FileFacts, places: Places, identifiers: Identifiers) -> TableBuilder:
    """Make the columns of INCIDENTS, apart from the points.

    Raises
    ------
    ReadError
        If no column can hold a day.
    """
    source, country, count = piece.source, piece.request.country, len(piece)
    work = TableBuilder(piece, facts, dict(places.used), {})
    _dates(work)
    _types(work)
    for column in _TEXTS:
        theirs = work.find(column)
        words = source.words.get(column)
        if theirs is not None:
            values = work.frame[theirs]
            work.out[column] = _mapped(texts(values), words) if words else categorical(values)
        elif column in source.constants:
            work.out[column] = constant(source.constants[column], count)
    if country is not None:
        if "country" not in work.used:
            work.out["country"] = constant(country, count)
        else:
            named = np.asarray(work.out["country"], dtype=object)
            work.out["country"] = np.where(pd.isna(named), country, named)
    for column, parts in source.join.items():
        _joined(work, column, parts)
    _figures(work)
    _precision(work, places)
    own = work.given("dataset")
    if own is None:
        work.out["dataset"] = constant(source.name, count)
    else:
        work.out["dataset"] = np.where(own == None, source.name, own)  # noqa: E711 - elementwise
    work.out["method"] = recoded(places.method)
    work.out["source_row"] = piece.raw.rows
    _ids(work, places, identifiers)
    return work


def _dates(work: TableBuilder) -> None:
    column = work.find("event_date")
    if column is None:
        wanted = ", ".join(work.piece.source.columns.get("event_date", ())[:4])
        msg = (
            f"{work.piece.request.name}: no column of dates; read as {work.piece.source.title}, it would be called {wanted}; "
            "name it with source={'event_date': …}"
        )
        raise ReadError(msg, [Fault("no column of dates", field="event_date")])
    days = _read(work, column)
    values = work.frame[column]
    missing = np.flatnonzero((days.first == None) & (days.reason == None))  # noqa: E711 - elementwise
    work.piece.ledger.reject("no date", column, missing, [None] * len(missing))
    first, last = days.first, days.last
    end_column = work.find("event_date_end")
    if end_column is not None:
        ends = _read(work, end_column)
        has_end = ends.last != None  # noqa: E711 - elementwise
        last = np.where(has_end, ends.last, last)
        there = np.flatnonzero((first != None) & has_end)  # noqa: E711 - elementwise
        wrong = [int(i) for i in there if last[i] < first[i]]
        shown = [f"{values.iloc[i]} … {work.frame[end_column].iloc[i]}" for i in wrong]
        if work.piece.request.keep:
            work.piece.ledger.doubt("the event ends before it starts; read as one day", end_column, wrong, shown)
            last[wrong] = first[wrong]
        else:
            work.piece.ledger.reject("the event ends before it starts", end_column, wrong, shown)
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
    options = work.piece.request.options
    values = work.frame[column].to_numpy(dtype=object)
    days = read_days(
        values,
        proven=work.facts.date_orders.get(column, frozenset()),
        order=options.date_order,
        otherwise=work.piece.source.date_order,
        years=(options.first_year, options.last_year),
        short_years=work.piece.source.short_years,
    )
    unread = days.reason[days.reason != None]  # noqa: E711 - elementwise
    for reason in dict.fromkeys(unread.tolist()):
        at = np.flatnonzero(days.reason == reason)
        hint = _ORDER_HINT if reason.startswith("the order of day and month") else ""
        work.piece.ledger.reject(reason, column, at, values[at].tolist(), hint)
    changed = np.flatnonzero(days.reread != None)  # noqa: E711 - elementwise
    kind = f"date read with {'the day' if days.order == 'dmy' else 'the month'} first" if days.order else "date parsed"
    work.piece.ledger.repair(kind, column, changed, values[changed].tolist(), days.reread[changed].tolist())
    return days


def _words(work: TableBuilder, column: str, given: Cells, unknown: str) -> Cells:
    """Map the words of a source to the vocabulary; words without a counterpart become unknown and are reported."""
    words = work.piece.source.words.get(column, {})
    prefix = column in work.piece.source.prefixes
    theirs = [str(word) for word in given.categories]
    found = [_lookup(word, words, prefix=prefix) for word in theirs]
    mapped = [str(hit) if hit is not None else str(unknown) for hit in found]
    odd = [code for code, hit in enumerate(found) if hit is None]
    kind = f"is not in the vocabulary; used as {unknown}"
    for code in odd[:_MOST_KINDS]:
        at = np.flatnonzero(given.codes == code)
        work.piece.ledger.doubt(f"{theirs[code]:.60} {kind}", work.used[column], at, [theirs[code]] * len(at))
    if len(odd) > _MOST_KINDS:
        rest = np.flatnonzero(np.isin(given.codes, odd[_MOST_KINDS:]))
        what = f"each of {len(odd) - _MOST_KINDS:,} further words {kind}"
        work.piece.ledger.doubt(what, work.used[column], rest, [theirs[code] for code in given.codes[rest]])
    mapped.append(str(unknown))  # missing values, whose code is -1
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
    count = len(work.frame)
    kinds: Cells = constant(EventType.UNKNOWN.value, count)
    given = work.coded("event_type")
    if given is not None:
        kinds = _words(work, "event_type", given, EventType.UNKNOWN)
        own = work.coded("event_type_source")
        work.out["event_type_source"] = given if own is None else own
    flagged: list[str] = []
    if work.piece.source.flags:
        kinds = np.array(kinds, dtype=object)
    for name, kind in reversed(work.piece.source.flags):
        column = work.piece.names.get(name)
        if column is None:
            continue
        on = read_numbers(work.frame[column]).found >= 0.5
        kinds[on] = kind
        flagged.append(column)
    if flagged:
        work.used["event_type"] = " + ".join(reversed(flagged))
    work.out["event_type"] = kinds


def _joined(work: TableBuilder, column: str, parts: tuple[str, ...]) -> None:
    found = [work.piece.names[p] for p in parts if p in work.piece.names]
    if not found:
        return
    columns = [texts(work.frame[name]) for name in found]
    joined = np.empty(len(work.frame), dtype=object)
    joined[:] = ["; ".join(str(v) for v in row if v is not None) or None for row in zip(*columns, strict=True)]
    work.out[column] = joined
    work.used[column] = " + ".join(found)


def _figures(work: TableBuilder) -> None:
    for name in _FIGURES:
        column = work.find(name)
        if column is None:
            continue
        values = work.frame[column]
        numbers = read_numbers(values, comma="thousands")
        for kind, at in numbers.repaired.items():
            work.piece.ledger.repair(
                kind, column, at, values.iloc[at].tolist(), [f"{numbers.found[i]:.10g}" for i in at]
            )
        work.piece.ledger.doubt(
            "not a number; left empty", column, numbers.unread, values.iloc[numbers.unread].tolist()
        )
        with np.errstate(invalid="ignore"):
            negative = np.flatnonzero(numbers.found < 0)
        work.piece.ledger.doubt("negative; left empty", column, negative, values.iloc[negative].tolist())
        numbers.found[negative] = np.nan
        work.out[name] = numbers.found


def _precision(work: TableBuilder, places: Places) -> None:
    count = len(work.frame)
    table, source = work.piece.request.options.precision, work.piece.source
    given = work.coded("geo_precision")
    if given is None:
        word = source.constants.get("geo_precision", PlacePrecision.UNKNOWN.value)
        work.out["geo_precision"] = constant(word, count)
        radii = np.full(count, table.radius_m(source.name, "", word, source_radii=source.radii_m))
        located = work.piece.names.get(source.exact_if)
        if located is not None:
            there = texts(work.frame[located]) != None  # noqa: E711 - elementwise
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
        stated = read_numbers(work.frame[column]).found
        with np.errstate(invalid="ignore"):
            radii = np.where(stated >= 0, stated, radii)
    work.out["location_uncertainty_m"] = np.fmax(radii, places.uncertainty_m)


def _ids(work: TableBuilder, places: Places, identifiers: Identifiers) -> None:
    """Take the identifiers of the file, restore those a spreadsheet changed, and make missing ones."""
    count = len(work.piece)
    ids = work.given("event_id")
    column = work.used.get("event_id", "")
    if ids is None:
        ids = np.full(count, None, dtype=object)
    as_given = ids.copy()
    odd = _odd_ids(work, column, ids)
    text = {i: str(ids[i]) if ids[i] is not None else "" for i in odd}
    if work.facts.float_ids:
        floats = [i for i, v in text.items() if v]
        ids[floats] = [text[i][:-2] for i in floats]
        before = [text[i] for i in floats]
        work.piece.ledger.repair(
            "whole number written with a decimal point", column, floats, before, ids[floats].tolist()
        )
    mangled = [i for i, v in text.items() if _LOST_ID.fullmatch(v)]
    lacking = [i for i, v in text.items() if not v]
    made_at = [*mangled, *lacking]
    if made_at:
        made = _made(work, places, made_at)
        before = [text[i] for i in mangled]
        ids[made_at] = made
        kind = "identifier lost by a spreadsheet; made from the row"
        work.piece.ledger.repair(kind, column, mangled, before, made[: len(mangled)])
        if column and lacking:
            kind = "no identifier; made from the row"
            work.piece.ledger.repair(kind, column, lacking, [""] * len(lacking), made[len(mangled) :])
    if not odd and work.facts.given_ids is None and _is_unique_text(work.frame[column]):
        work.out["event_id"] = ids
        return
    version = work.piece.source.find("version", work.piece.names)
    out, again = identifiers.make_unique(ids, as_given, made_at, work.frame, version)
    for kind, hits in again.items():
        work.piece.ledger.repair(f"{kind}; numbered", column, hits, ids[hits].tolist(), out[hits].tolist())
    work.out["event_id"] = out


def _odd_ids(work: TableBuilder, column: str, ids: Objects) -> list[int]:
    """Return the positions where an identifier is missing or looks like a number from a spreadsheet."""
    if not column:
        return list(range(len(work.frame)))
    values = work.frame[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return np.flatnonzero(values.isna()).tolist()
    words = values if isinstance(values.dtype, pd.StringDtype) else values.astype("str")
    looks = words.str.contains(_ODD_ID, regex=True, na=True).to_numpy(dtype=bool)
    return np.flatnonzero(looks | (ids == None)).tolist()  # noqa: E711 - elementwise


def _made(work: TableBuilder, places: Places, at: list[int]) -> list[str]:
    """Return identifiers made from the content of rows, so that they stay the same when rows are added."""
    parts = [
        np.asarray(work.out[name], dtype=object)
        for name in ("event_date", "event_type_source", "location", "source", "notes")
        if name in work.out
    ]
    out = []
    for i in at:
        where = f"{places.lon[i]:.6f} {places.lat[i]:.6f}"
        content = "\x1f".join([where, *("" if pd.isna(part[i]) else str(part[i]) for part in parts)])
        out.append(f"{work.piece.source.name}-{hashlib.blake2b(content.encode(), digest_size=6).hexdigest()}")
    return out


def _is_unique_text(values: pd.Series) -> bool:
    """Return True if pandas can tell from its own text type that no value occurs twice."""
    return isinstance(values.dtype, pd.StringDtype) and bool(values.is_unique)


class Identifiers:
    """Keep identifiers unique over the pieces of a file: repeated ones are numbered, and all rows kept.

    Parameters
    ----------
    facts : FileFacts
        With hashes of all identifiers if the file is read in pieces; otherwise there is one piece.
    """

    def __init__(self, facts: FileFacts) -> None:
        self._facts = facts
        self._first: dict[str, tuple[bytes, object]] = {}
        self._counts: dict[str, int] = {}
        self._numbered: set[str] = set()

    def make_unique(
        self, ids: Objects, as_given: Objects, made_at: list[int], frame: pd.DataFrame, version: str | None
    ) -> tuple[Objects, dict[str, list[int]]]:
        """Return unique identifiers, and the positions of those that were numbered, by the reason.

        Parameters
        ----------
        ids, as_given : ndarray of object, shape (n,)
            The identifiers, and those of the file, None where it has none.
        made_at : list of int
            Positions of those that were made from the row.
        frame : DataFrame, shape (n, ...)
            The rows of the file.
        version : str, optional
            The column of the file that tells which of two rows with one identifier is newer.
        """
        given, repeated = self._facts.given_ids, self._facts.repeated_ids
        if given is None or repeated is None:
            watched = pd.Series(ids, dtype=object).duplicated(keep=False).to_numpy()
            all_ids = set(ids.tolist()) if watched.any() else set()
        else:
            watched = np.isin(hash_ids(as_given), repeated)
            watched[made_at] = True
        at = np.flatnonzero(watched)
        if not len(at):
            return ids, {}
        out = ids.copy()
        reasons: dict[str, list[int]] = {}
        cells = frame.iloc[at].astype(object)
        rows = cells.where(cells.notna(), "").to_numpy(dtype=object).tolist()
        versions = [None] * len(at) if version is None else frame[version].iloc[at].tolist()
        for i, row, newer in zip(at.tolist(), rows, versions, strict=True):
            base = str(ids[i])
            digest = hashlib.blake2b(
                "\x1f".join(map(repr, row)).encode("utf-8", "surrogatepass"), digest_size=8
            ).digest()
            if base not in self._first:
                self._first[base] = (digest, newer)
                continue
            number = self._counts.get(base, 1) + 1
            while (text := f"{base}#{number}") in self._numbered or (
                text in all_ids if given is None else _is_in(hash_ids(np.array([text], dtype=object)), given)
            ):
                number += 1
            self._counts[base] = number
            self._numbered.add(text)
            out[i] = text
            kind = "identifier occurs more than once"
            if digest == self._first[base][0]:
                kind = "identical row"
            elif version is not None and newer != self._first[base][1]:
                kind = "another version of an event"
            reasons.setdefault(kind, []).append(i)
        return out, reasons


def hash_ids(ids: Objects) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return 64-bit hashes of identifiers."""
    found: np.ndarray[Any, np.dtype[np.uint64]] = pd.util.hash_array(ids, categorize=False)
    return found


def _is_in(value: np.ndarray[Any, Any], ordered: np.ndarray[Any, Any]) -> bool:
    at = int(np.searchsorted(ordered, value[0]))
    return at < len(ordered) and bool(ordered[at] == value[0])


def kept_columns(work: TableBuilder) -> dict[str, pd.Series]:
    """Return the further columns of the file, by their names in the table."""
    taken = set(work.used.values())
    for column in work.piece.source.coalesce:
        hits = work.piece.source.find_all(column, work.piece.names)
        if len(hits) > 1:
            taken.add(" or ".join(hits))
    ours = {*INCIDENTS.names, "geometry"}
    out: dict[str, pd.Series] = {}
    for column in work.frame.columns:
        if column in taken:
            continue
        name = column if column not in ours else f"{column}_given"
        out[name] = work.frame[column]
    return out
