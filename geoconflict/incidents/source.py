"""Sources of incidents: how each is recognised, and how its columns map to INCIDENTS."""

from __future__ import annotations

import dataclasses
import importlib
import os
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from geoconflict.errors import (
    DescriptionError,
    Fault,
    NameUnknownError,
    ReadError,
    SchemaError,
    UnitError,
    did_you_mean,
)
from geoconflict.incidents import sources
from geoconflict.io.table import column_key
from geoconflict.io.text import read_text
from geoconflict.io.yaml import MAX_BYTES, load
from geoconflict.schema import INCIDENTS
from geoconflict.units import parse_metres

OTHER_COLUMNS = ("longitude", "latitude", "coordinates", "wkt", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of incidents and the layout of its files.

    Attributes
    ----------
    name : str
        Value of ``source=`` and of the column ``dataset``.
    title : str
        Name in reports.
    columns : mapping of str to tuple of str
        A column of INCIDENTS → columns of the file that may contain it, in order of preference.
        Further keys: ``longitude``, ``latitude``, ``coordinates`` (both in one text), ``wkt`` and
        ``version`` (which of two rows with the same id is newer).
    signature : tuple of str
        Columns that a file must have to be recognised. Empty: used only with ``source=``.
    words : mapping of str to mapping
        A column of INCIDENTS → word in the file, in lower case → word of the vocabulary.
    prefixes : tuple of str
        Columns whose words are matched by their longest prefix (hierarchical codes).
    flags : tuple of (str, str)
        Columns of 0 and 1, in order of precedence, and the event type that 1 means.
    radii_m : mapping of str to float
        A code of place precision, in lower case → the radius that the source publishes.
    constants : mapping of str to str
        A column of INCIDENTS → its value in every row.
    date_order : {"dmy", "mdy"}, optional
        Order of day and month that the source documents.
    short_years : bool
        Whether years have two digits, which then mean 20xx.
    headerless : mapping of int to tuple of str
        Number of fields → column names, for files without a header.
    tagged : bool
        Whether ``columns`` and ``signature`` are HXL tags instead of headers.
    coalesce : tuple of str
        Columns of INCIDENTS for which each row takes the first filled column of the file.
    exact_if : str
        A column that is filled if the place was located in images, which makes it exact.
    numeric : tuple of str
        Columns documented as numbers, in which a leading zero has no meaning.
    join : mapping of str to tuple of str
        A column of INCIDENTS → columns of the file, joined with ``; `` without blanks.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    signature: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prefixes: tuple[str, ...] = ()
    flags: tuple[tuple[str, str], ...] = ()
    radii_m: Mapping[str, float] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    date_order: Literal["dmy", "mdy"] | None = None
    short_years: bool = False
    headerless: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    tagged: bool = False
    coalesce: tuple[str, ...] = ()
    exact_if: str = ""
    numeric: tuple[str, ...] = ()
    join: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise SchemaError if a column of INCIDENTS does not exist."""
        known = [*INCIDENTS.names, *OTHER_COLUMNS]
        named = [*self.columns, *self.words, *self.constants, *self.join]
        for name in dict.fromkeys(named):
            if name not in known:
                msg = f"source {self.name!r} maps to {name!r}, which is not a column of INCIDENTS; " + (
                    did_you_mean(name, known) or "it has " + ", ".join(known)
                )
                raise SchemaError(msg)

    def find(self, column: str, names: Mapping[str, str]) -> str | None:
        """Return the column of the file for a column of INCIDENTS.

        Parameters
        ----------
        column : str
        names : mapping of str to str
            The columns of the file by their keys.
        """
        for candidate in self.columns.get(column, ()):
            hit = names.get(column_key(candidate))
            if hit is not None:
                return hit
        return None

    def find_all(self, column: str, names: Mapping[str, str]) -> list[str]:
        """Return all columns of the file for a column of INCIDENTS, in order of preference."""
        hits = (names.get(column_key(candidate)) for candidate in self.columns.get(column, ()))
        return list(dict.fromkeys(hit for hit in hits if hit is not None))


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that can be recognised. ``register`` returns a new value.

    Examples
    --------
    >>> sources = load_sources()
    >>> sources["acled"].title
    'ACLED'
    """

    members: tuple[Source, ...]

    def __iter__(self) -> Iterator[Source]:
        return iter(self.members)

    def __getitem__(self, name: str) -> Source:
        key = column_key(name)
        for source in self.members:
            if column_key(source.name) == key:
                return source
        known = [source.name for source in self.members]
        msg = f"{name!r} is not a source; {did_you_mean(name, known) or 'one of ' + ', '.join(known)}"
        raise NameUnknownError(msg, suggestions=known)

    def register(self, source: Source) -> Sources:
        """Return a copy with one more source; a source of the same name is replaced."""
        return Sources((*(kept for kept in self.members if column_key(kept.name) != column_key(source.name)), source))

    def recognise(self, columns: Iterable[str], tags: Iterable[str] = ()) -> Source | None:
        """Return the source whose signature is among the columns; the longest signature wins.

        Examples
        --------
        >>> load_sources().recognise(["event_id_cnty", "event_date", "event_type", "latitude", "longitude"]).name
        'acled'
        """
        headers, marks = {column_key(name) for name in columns}, {column_key(name) for name in tags}
        fits = [
            source
            for source in self.members
            if source.signature
            and all(column_key(name) in (marks if source.tagged else headers) for name in source.signature)
        ]
        return max(fits, key=lambda source: (not source.tagged, len(source.signature), source.name)) if fits else None


def load_sources() -> Sources:
    """Return the sources of all modules in ``incidents/sources``, by name."""
    found: list[Source] = []
    for module in sorted(pkgutil.iter_modules(sources.__path__), key=lambda m: m.name):
        found.extend(importlib.import_module(f"{sources.__name__}.{module.name}").SOURCES)
    return Sources(tuple(sorted(found, key=lambda s: s.name)))


def with_columns(source: Source, columns: Mapping[str, str | tuple[str, ...]]) -> Source:
    """Return a copy of a source in which a caller's column mapping takes precedence."""
    mine = {ours: (theirs,) if isinstance(theirs, str) else tuple(theirs) for ours, theirs in columns.items()}
    return replace(source, columns={**source.columns, **mine})


_TEXTS = {"name", "title", "exact_if"}
_LISTS = {"signature", "prefixes", "numeric", "coalesce"}
_MAPS = {"columns", "words", "radii_m", "constants", "join"}
_CHOICES = {"date_order": ("dmy", "mdy")}
_FLAGS = {"short_years", "tagged"}


def read_source(path: str | os.PathLike[str]) -> Source:
    r"""Read a source from a YAML file.

    Parameters
    ----------
    path : path
        A mapping with ``name``, ``columns`` and optionally other fields of :class:`Source`.
        A column of INCIDENTS maps to a column of the file or to a list in order of preference.
        ``radii`` may be lengths with units, such as ``5 km``.

    Returns
    -------
    Source

    Raises
    ------
    ReadError
        With every fault found; faults in the YAML syntax have line and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.yaml"
    ...     _ = path.write_text("name: mine\ncolumns: {event_date: Tag, latitude: Breite, longitude: [Länge, Lon]}\n")
    ...     read_source(path).columns["longitude"]
    ('Länge', 'Lon')
    """
    name = Path(path).name
    try:
        value, _ = load(read_text(path, max_bytes=MAX_BYTES), what=name)
    except DescriptionError as error:
        raise ReadError(error.message, error.faults) from error
    if not isinstance(value, dict):
        msg = f"{name} does not describe a source: it needs a mapping with name and columns"
        raise ReadError(msg)
    return _make_source(value, what=name)


def _make_source(value: dict[Any, Any], *, what: str) -> Source:
    faults: list[Fault] = []
    given = {("radii_m" if key == "radii" else str(key)): item for key, item in value.items()}
    known = [f.name for f in dataclasses.fields(Source) if f.name not in {"flags", "headerless"}]
    fields: dict[str, Any] = {}
    for key, item in given.items():
        if key not in known:
            hint = did_you_mean(key, known) or "a source has " + ", ".join(known)
            faults.append(Fault("unknown field", field=key, hint=hint))
        else:
            fields[key] = _read(key, item, faults)
    faults.extend(Fault("this field is missing", field=key) for key in ("name", "columns") if not given.get(key))
    ours = [*INCIDENTS.names, *OTHER_COLUMNS]
    for key in ("columns", "words", "constants", "join"):
        for name in fields.get(key) or {}:
            if name not in ours:
                hint = did_you_mean(name, ours) or "one of " + ", ".join(ours)
                faults.append(Fault(f"{name!r} is not a column of INCIDENTS", field=key, hint=hint))
    if faults:
        msg = f"{what} does not describe a source"
        raise ReadError(msg, faults)
    fields.setdefault("title", fields["name"])
    return Source(**fields)


def _read(key: str, item: Any, faults: list[Fault]) -> Any:  # noqa: ANN401, C901, PLR0911 - any YAML value, one line per kind
    if key in _TEXTS:
        return _text(key, item, faults)
    if key in _FLAGS:
        if not isinstance(item, bool):
            faults.append(Fault(f"{item!r} is neither true nor false", field=key))
        return item
    if key in _CHOICES:
        if item not in _CHOICES[key]:
            faults.append(Fault(f"{item!r} is none of {', '.join(_CHOICES[key])}", field=key))
        return item
    if key in _LISTS:
        return _list(key, item, faults)
    if not isinstance(item, dict):
        faults.append(Fault("this must be a mapping", field=key))
        return {}
    if key in {"columns", "join"}:
        return {str(name): _list(f"{key}.{name}", names, faults) for name, names in item.items()}
    if key == "words":
        return {str(name): _words(f"words.{name}", pairs, faults) for name, pairs in item.items()}
    if key == "radii_m":
        return {str(code).casefold(): _metres(f"radii.{code}", length, faults) for code, length in item.items()}
    return {str(name): _text(f"{key}.{name}", text, faults) for name, text in item.items()}


def _text(key: str, item: object, faults: list[Fault]) -> str:
    if not isinstance(item, str):
        faults.append(Fault(f"{item!r} is not text", field=key, hint="put it in quotation marks"))
    return str(item)


def _list(key: str, item: object, faults: list[Fault]) -> tuple[str, ...]:
    items = item if isinstance(item, list) else [item]
    return tuple(_text(key, one, faults) for one in items)


def _words(key: str, item: object, faults: list[Fault]) -> dict[str, str]:
    if not isinstance(item, dict):
        faults.append(Fault("this must be a mapping from words in the file to the vocabulary", field=key))
        return {}
    column = INCIDENTS.column(key.removeprefix("words.")) if key.removeprefix("words.") in INCIDENTS.names else None
    vocabulary = [word.value for word in column.words] if column is not None and column.words is not None else None
    out: dict[str, str] = {}
    for theirs, mine in item.items():
        if vocabulary is not None and mine not in vocabulary:
            hint = did_you_mean(str(mine), vocabulary) or "one of " + ", ".join(vocabulary)
            faults.append(Fault(f"{mine!r} is not in the vocabulary", field=key, hint=hint))
        out[" ".join(str(theirs).casefold().split())] = str(mine)
    return out


def _metres(key: str, item: object, faults: list[Fault]) -> float:
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return float(item)
    try:
        return parse_metres(item)
    except UnitError as error:
        faults.append(Fault(error.message, field=key))
        return float("nan")
