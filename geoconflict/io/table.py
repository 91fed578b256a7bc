"""Tables as read from a file, before they are interpreted, and their columns as text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

Objects = np.ndarray[Any, np.dtype[np.object_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Cells: TypeAlias = (
    Any  # a column of texts: an array of objects, or a pandas Categorical, which is not generic in pandas 2
)


@dataclass(frozen=True, slots=True)
class ParseIssue:
    """A row that could not be parsed, or that was repaired while parsing.

    Attributes
    ----------
    kind : str
    row : int
        The row number in the file.
    value : str
        The text in the file.
    after : str
        What it was read as; empty if it was not used.
    column : str
    """

    kind: str
    row: int
    value: str
    after: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as read, before its columns are interpreted.

    Attributes
    ----------
    frame : DataFrame
        Unique column names; values are text, or the types of the format.
    rows : ndarray of int
        Row number of each row in the file, from 1.
    format : str
        Such as ``CSV``.
    lon, lat : ndarray of float, optional
        Points, if the format has geometries; NaN if a row has none.
    uncertainty_m : ndarray of float, optional
    encoding, delimiter : str
    tags : mapping of str to str
        HXL tag → column.
    headerless : str
        Name of the layout by which a table without a header was recognised.
    crs : str, optional
        The coordinate reference system that the file declares.
    lost : tuple of ParseIssue
        Rows that could not be read at all.
    repaired : tuple of ParseIssue
    warnings : tuple of str
    """

    frame: pd.DataFrame
    rows: np.ndarray[Any, np.dtype[np.int64]]
    format: str
    lon: Floats | None = None
    lat: Floats | None = None
    uncertainty_m: Floats | None = None
    encoding: str = ""
    delimiter: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    headerless: str = ""
    crs: str | None = None
    lost: tuple[ParseIssue, ...] = ()
    repaired: tuple[ParseIssue, ...] = ()
    warnings: tuple[str, ...] = ()


def unique_names(names: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return names made unique by a number, and the repeated ones.

    Examples
    --------
    >>> unique_names(["lat", "lon", "lat", ""])
    (['lat', 'lon', 'lat.2', 'column_4'], {'lat': ['lat', 'lat.2']})
    """
    out: list[str] = []
    repeated: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    taken: set[str] = set()
    for position, name in enumerate(names, 1):
        base = str(name).strip() or f"column_{position}"
        unique = base
        while unique in taken:
            first[base] = first.get(base, 1) + 1
            unique = f"{base}.{first[base]}"
        if unique != base:
            repeated.setdefault(base, [base]).append(unique)
        taken.add(unique)
        out.append(unique)
    return out, repeated


def name_columns(header: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return unique column names, and notes about those that are repeated."""
    names, repeated = unique_names(header)
    notes = [
        f"the column name {name!r} occurs {len(all_)} times; read as {', '.join(all_[:5])}"
        for name, all_ in repeated.items()
    ]
    return names, [*notes[:5], f"and {len(notes) - 5} more names are repeated"] if len(notes) > 5 else notes


def find_tags(row: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """Return HXL tag → column if a row holds tags; at least half of its cells must."""
    cells = [cell.strip() for cell in row]
    tags = {column_key(cell): name for cell, name in zip(cells, names, strict=False) if cell.startswith("#")}
    tagged = sum(cell.startswith("#") for cell in cells)
    return tags if tagged and 2 * tagged >= sum(bool(cell) for cell in cells) else {}


def texts(values: pd.Series) -> Objects:
    """Return a column as text, None where a cell is blank.

    Whole numbers are written without a decimal point, dates and times in ISO form, lists joined by
    ``; ``.

    Examples
    --------
    >>> list(texts(pd.Series(["a", " ", 3.0, None, ["x", "y"]], dtype=object)))
    ['a', None, '3', None, 'x; y']
    """
    if is_repetitive(values):
        codes, words = coded(values)
        repeated: Objects = np.array([*words, None], dtype=object)[codes]
        return repeated
    plain = values.to_numpy(dtype=object)
    if isinstance(values.dtype, pd.StringDtype):
        blank = (values.isna() | values.str.isspace().fillna(value=False) | (values == "")).to_numpy(dtype=bool)
        plain = plain.copy()
        plain[blank] = None
        return plain
    out = np.empty(len(plain), dtype=object)
    out[:] = [(v if v and not v.isspace() else None) if type(v) is str else _text(v) for v in plain.tolist()]
    return out


_SAMPLE = 1000


def is_repetitive(values: pd.Series) -> bool:
    """Return whether the values of a column are often repeated, by its first thousand rows."""
    if len(values) < _SAMPLE:
        return False
    if values.dtype == object and pd.api.types.infer_dtype(values, skipna=True) not in {"string", "empty"}:
        return False
    return int(values.iloc[:_SAMPLE].nunique()) < 0.95 * _SAMPLE


def coded(values: pd.Series) -> tuple[np.ndarray[Any, np.dtype[np.intp]], list[str | None]]:
    """Return the position of each value among the distinct texts, -1 if missing, and those texts."""
    codes, uniques = pd.factorize(values)
    return codes, [_text(value) for value in uniques.tolist()]


def categorical(values: pd.Series) -> Cells:
    """Return a column as text, as a Categorical if values are often repeated."""
    if not is_repetitive(values):
        return values if isinstance(values.dtype, pd.StringDtype) else texts(values)
    codes, words = coded(values)
    if None in words or len(set(words)) < len(words):
        return texts(values)
    return from_codes(codes, words)


def from_codes(codes: np.ndarray[Any, Any], words: list[Any]) -> Cells:
    """Return a Categorical."""
    out: Cells = pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype=object))
    return out


def recoded(values: Objects) -> Cells:
    """Return a column of text, None where missing, as a Categorical."""
    codes, uniques = pd.factorize(values)
    return from_codes(codes, list(uniques))


def constant(text: str | None, count: int) -> Cells:
    """Return a Categorical with one value.

    Examples
    --------
    >>> list(constant("a", 2))
    ['a', 'a']
    """
    code = -1 if text is None else 0
    return from_codes(np.full(count, code, dtype="int8"), [text or ""])


def _text(value: object) -> str | None:  # noqa: PLR0911 - one line per type
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        number = float(value)
        if np.isnan(number):
            return None
        return str(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date().isoformat()
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        inner = [_text(item) for item in value]
        return "; ".join(item for item in inner if item) or None
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str) if value else None
    text = str(value)
    return text if text.strip() else None


_NOT_WORD = re.compile(r"[^\w]+|_+")


def column_key(name: str) -> str:
    """Return the form of a column name that is compared, without case, spaces and punctuation.

    Examples
    --------
    >>> column_key(" Event-ID (CNTY)"), column_key("#geo+lat")
    ('event_id_cnty', 'geo_lat')
    """
    return _NOT_WORD.sub("_", str(name).strip().casefold()).strip("_")
