"""What a source is: a name, the columns by which it is known, and where each of ours comes from."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from geoconflict.errors import NameUnknownError, SchemaError, did_you_mean
from geoconflict.schema import INCIDENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OTHER_COLUMNS = ("longitude", "latitude", "coordinates", "wkt", "version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One kind of file, as data.

    Attributes
    ----------
    name : str
        The word for ``source=`` and for the column ``dataset``.
    title : str
        How reports call it.
    columns : mapping of str to tuple of str
        One of our columns → the columns of the file that may hold it, the best first. Besides the
        columns of INCIDENTS: ``longitude``, ``latitude``, ``coordinates`` (one text), ``wkt`` and
        ``version`` (which of two rows with one id is newer).
    signature : tuple of str
        Columns that all must be there for the file to be recognised. Empty: only by ``source=``.
    words : mapping of str to mapping
        One of our columns → the file's word, in lower case → ours.
    prefixes : tuple of str
        Those of our columns whose words are matched by the longest beginning (hierarchical codes).
    flags : tuple of (str, str)
        Columns of noughts and ones, in order of precedence, and the type of event that a one means.
    radii_m : mapping of str to float
        A code of place precision, in lower case → the radius that the source itself publishes.
    constants : mapping of str to str
        One of our columns → a text that holds for every row.
    date_order : {"dmy", "mdy"}, optional
        Order of day and month that the source documents.
    short_years : bool
        Whether it writes years with two digits, which then mean 20xx.
    headerless : mapping of int to tuple of str
        Number of fields → names of the columns, for a source that writes no header.
    tagged : bool
        Whether ``columns`` and ``signature`` name HXL tags, not headers.
    coalesce : tuple of str
        Those of our columns for which each row takes the first of its columns that is filled.
    exact_if : str
        A column that is filled where the place was located from pictures, which makes it exact.
    numeric : tuple of str
        Columns that the source documents as numbers, so that a nought in front means nothing.
    join : mapping of str to tuple of str
        One of our columns → columns whose texts are joined by ``; ``, blanks left out.
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
        """Refuse a map onto columns that do not exist."""
        known = [*INCIDENTS.names, *OTHER_COLUMNS]
        named = [*self.columns, *self.words, *self.constants, *self.join]
        for name in dict.fromkeys(named):
            if name not in known:
                msg = f"source {self.name!r} maps onto {name!r}, which INCIDENTS has not; " + (
                    did_you_mean(name, known) or "it has " + ", ".join(known)
                )
                raise SchemaError(msg)

    def find(self, column: str, names: Mapping[str, str]) -> str | None:
        """Return the file's column that holds one of ours.

        Parameters
        ----------
        column : str
        names : mapping of str to str
            The file's columns by their plain names.
        """
        for candidate in self.columns.get(column, ()):
            hit = names.get(plain(candidate))
            if hit is not None:
                return hit
        return None

    def find_all(self, column: str, names: Mapping[str, str]) -> list[str]:
        """Return all the file's columns that may hold one of ours, the best first."""
        hits = (names.get(plain(candidate)) for candidate in self.columns.get(column, ()))
        return list(dict.fromkeys(hit for hit in hits if hit is not None))


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources that can be recognised; adding one returns a new value.

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
        key = plain(name)
        for source in self.members:
            if plain(source.name) == key:
                return source
        known = [source.name for source in self.members]
        msg = f"{name!r} is no source; {did_you_mean(name, known) or 'one of ' + ', '.join(known)}"
        raise NameUnknownError(msg, suggestions=known)

    def register(self, source: Source) -> Sources:
        """Return these sources and one more; one of the same name is replaced."""
        return Sources((*(kept for kept in self.members if plain(kept.name) != plain(source.name)), source))

    def recognise(self, columns: Iterable[str], tags: Iterable[str] = ()) -> Source | None:
        """Return the source whose signature is in the columns; the longest signature wins.

        Examples
        --------
        >>> load_sources().recognise(["event_id_cnty", "event_date", "event_type", "latitude", "longitude"]).name
        'acled'
        """
        headers, marks = {plain(name) for name in columns}, {plain(name) for name in tags}
        fits = [
            source
            for source in self.members
            if source.signature
            and all(plain(name) in (marks if source.tagged else headers) for name in source.signature)
        ]
        return max(fits, key=lambda source: (not source.tagged, len(source.signature), source.name)) if fits else None


def load_sources() -> Sources:
    """Return the sources in the folder ``incidents/sources``, one or more a file, in the order of their names."""
    from geoconflict.incidents import sources

    found: list[Source] = []
    for module in sorted(pkgutil.iter_modules(sources.__path__), key=lambda m: m.name):
        found.extend(importlib.import_module(f"{sources.__name__}.{module.name}").SOURCES)
    return Sources(tuple(sorted(found, key=lambda s: s.name)))


_NOT_PLAIN = re.compile(r"[^\w]+|_+")


def plain(name: str) -> str:
    """Return the name of a column as it is compared: case, spaces and marks do not count.

    Examples
    --------
    >>> plain(" Event-ID (CNTY)"), plain("#geo+lat")
    ('event_id_cnty', 'geo_lat')
    """
    return _NOT_PLAIN.sub("_", str(name).strip().casefold()).strip("_")


def with_columns(source: Source, columns: Mapping[str, str | tuple[str, ...]]) -> Source:
    """Return a source with a caller's own column map laid over it."""
    mine = {ours: (theirs,) if isinstance(theirs, str) else tuple(theirs) for ours, theirs in columns.items()}
    return replace(source, columns={**source.columns, **mine})
