"""Every error that geoconflict raises on purpose.

The tree::

    GeoconflictError                what a caller may catch to catch us all
    ├── InputError (ValueError)     the input is wrong; ``.faults`` lists every fault found
    │   ├── SchemaError             a table lacks a column or holds a value it may not hold
    │   ├── CRSError                a coordinate reference system is missing or differs
    │   ├── GeometryError           a geometry is empty, invalid, not finite or of the wrong type
    │   ├── UnitError               a length, or another measure, cannot be read
    │   ├── CoordinateError         a text is not a coordinate, or is more than one
    │   ├── NameUnknownError        a name is not known; ``.suggestions`` has the nearest ones
    │   ├── NameAmbiguousError      a name means several things; ``.suggestions`` lists them
    │   ├── NoCommonBorderError     two countries do not touch
    │   ├── DescriptionError        a YAML description is wrong; faults carry line and column
    │   ├── ReadError               a file is missing, unreadable or not what its name says
    │   └── LimitError              an input is larger than the stated limit
    ├── ServiceError (OSError)      a service refused, or did not answer as it documents
    ├── OutputError (OSError)       something could not be written
    └── MissingExtraError (ImportError)   an optional dependency is not installed

One error reports all the faults of an input, so that they can be fixed at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input, and where.

    Attributes
    ----------
    message : str
        What is wrong and what was found.
    row : int, optional
        Row number as a person counts it in the file: the first data row is 1.
    field : str, optional
        The column, or the path of the value in a description.
    line, column : int, optional
        Place in a text file, both counted from 1.
    hint : str, optional
        What to do about it.
    """

    message: str
    row: int | None = None
    field: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None

    def __str__(self) -> str:
        """Return the fault on one line.

        Examples
        --------
        >>> print(Fault("latitude 91 is beyond 90", row=7, field="latitude"))
        row 7, latitude: latitude 91 is beyond 90
        """
        place = []
        if self.line is not None:
            place.append(f"line {self.line}" + (f", column {self.column}" if self.column is not None else ""))
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.field:
            place.append(self.field)
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return f"{text} ({self.hint})" if self.hint else text


class GeoconflictError(Exception):
    """Base of every error that geoconflict raises on purpose."""


class InputError(GeoconflictError, ValueError):
    """Say what is wrong with an input, all of it at once.

    Parameters
    ----------
    message : str
        One sentence that names the input and the trouble.
    faults : iterable of Fault
        Every fault found. The message lists the first 20; ``faults`` keeps them all.

    Examples
    --------
    >>> print(InputError("events.csv cannot be used", [Fault("no latitude", row=3)]))
    events.csv cannot be used
      - row 3: no latitude
    """

    def __init__(self, message: str, faults: Iterable[Fault] = ()) -> None:
        self.message = message
        self.faults: tuple[Fault, ...] = tuple(faults)
        lines = [message, *(f"  - {fault}" for fault in self.faults[:_SHOWN])]
        if len(self.faults) > _SHOWN:
            lines.append(f"  - and {len(self.faults) - _SHOWN} more")
        super().__init__("\n".join(lines))


class SchemaError(InputError):
    """A table lacks a column, or a column holds what it may not hold."""


class CRSError(InputError):
    """A coordinate reference system is missing, or two that must agree differ."""


class GeometryError(InputError):
    """A geometry is empty, invalid, not finite, or of a type that does not fit."""


class UnitError(InputError):
    """A length or another measure cannot be read."""


class CoordinateError(InputError):
    """A text cannot be read as one coordinate.

    ``candidates`` lists what it could mean when it is ambiguous.
    """

    def __init__(self, message: str, faults: Iterable[Fault] = (), *, candidates: Sequence[str] = ()) -> None:
        self.candidates: tuple[str, ...] = tuple(candidates)
        super().__init__(message, faults)


class _NameError(InputError):
    def __init__(self, message: str, faults: Iterable[Fault] = (), *, suggestions: Sequence[str] = ()) -> None:
        self.suggestions: tuple[str, ...] = tuple(suggestions)
        super().__init__(message, faults)


class NameUnknownError(_NameError):
    """A name is not known. ``suggestions`` holds the nearest known names."""


class NameAmbiguousError(_NameError):
    """A name means more than one thing. ``suggestions`` lists them."""


class NoCommonBorderError(InputError):
    """Two countries have no common border in the data."""


class DescriptionError(InputError):
    """A YAML description is wrong. The faults carry line and column."""


class ReadError(InputError):
    """A file is missing, cannot be read, or is not what its name says."""


class LimitError(InputError):
    """An input is larger than the limit that the message states."""


class ServiceError(GeoconflictError, OSError):
    """A service refused, could not be reached, or did not answer as it documents.

    ``status`` is the HTTP status, or None where there was no answer.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        self.message = message
        self.status = status
        super().__init__(message)


class OutputError(GeoconflictError, OSError):
    """Something could not be written; nothing was left half-written."""


class MissingExtraError(GeoconflictError, ImportError):
    """An optional dependency is not installed.

    Examples
    --------
    >>> print(MissingExtraError("printed figures", package="matplotlib", extra="figure"))
    printed figures need matplotlib: pip install 'geoconflict[figure]'
    """

    def __init__(self, what: str, *, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(f"{what} need {package}: pip install 'geoconflict[{extra}]'")


def nearest_names(name: str, known: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the known names that a misspelt one most probably means.

    Compared by ``difflib`` ratio without regard to case, at least 0.6; the most
    alike first, ties in alphabetical order.

    Parameters
    ----------
    name : str
        What was written.
    known : iterable of str
        What could have been meant.
    most : int
        How many to return at the most.

    Returns
    -------
    list of str

    Examples
    --------
    >>> nearest_names("Lithunia", ["Latvia", "Lithuania", "Libya"])
    ['Lithuania']
    """
    folded: dict[str, str] = {}
    for word in sorted(known):
        folded.setdefault(word.casefold(), word)
    return [folded[hit] for hit in difflib.get_close_matches(name.casefold(), list(folded), n=most, cutoff=0.6)]


def did_you_mean(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return a question that offers the nearest names, or an empty text.

    Examples
    --------
    >>> did_you_mean("Lithunia", ["Latvia", "Lithuania", "Libya"])
    'did you mean Lithuania?'
    """
    names = nearest_names(name, known, most=most)
    if not names:
        return ""
    head = ", ".join(names[:-1])
    return f"did you mean {head + ' or ' if head else ''}{names[-1]}?"
