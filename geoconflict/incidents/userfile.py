"""Read a user's own source from YAML: the same fields as ``Source``, checked one and all."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, ReadError, UnitError, did_you_mean
from geoconflict.incidents.source import OTHER_COLUMNS, Source
from geoconflict.schema import INCIDENTS
from geoconflict.units import parse_metres

if TYPE_CHECKING:
    import os

_LIMIT = 1 << 20
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
        A mapping with ``name``, ``columns`` and, as needed, the other fields of :class:`Source`.
        A column of ours maps to one of the file's or to a list of them, the best first.
        ``radii`` may be lengths with units, such as ``5 km``.

    Returns
    -------
    Source

    Raises
    ------
    ReadError
        With every fault found; faults of the YAML itself carry line and column.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "mine.yaml"
    ...     _ = path.write_text("name: mine\ncolumns: {event_date: Tag, latitude: Breite, longitude: [Länge, Lon]}\n")
    ...     read_source(path).columns["longitude"]
    ('Länge', 'Lon')
    """
    import yaml

    place = Path(path)
    try:
        text = place.read_bytes()[: _LIMIT + 1].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{place} cannot be read as a source: {error}"
        raise ReadError(msg) from error
    try:
        value = yaml.safe_load(text) if len(text) <= _LIMIT else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = Fault(
            str(error.problem), line=mark.line + 1 if mark else None, column=mark.column + 1 if mark else None
        )
        msg = f"{place.name} is not YAML"
        raise ReadError(msg, [where]) from error
    if not isinstance(value, dict):
        msg = f"{place.name} does not describe a source: it needs a mapping with name and columns"
        raise ReadError(msg)
    return make_source(value, what=place.name)


def make_source(value: dict[Any, Any], *, what: str = "the source") -> Source:
    """Return a source from plain values.

    Raises
    ------
    ReadError
        With every fault found.
    """
    faults: list[Fault] = []
    given = {("radii_m" if key == "radii" else str(key)): item for key, item in value.items()}
    known = [field.name for field in dataclasses.fields(Source) if field.name not in {"flags", "headerless"}]
    fields: dict[str, Any] = {}
    for key, item in given.items():
        if key not in known:
            hint = did_you_mean(key, known) or "a source has " + ", ".join(known)
            faults.append(Fault("this field is not known", field=key, hint=hint))
        else:
            fields[key] = _read(key, item, faults)
    faults.extend(Fault("this field is missing", field=key) for key in ("name", "columns") if not given.get(key))
    ours = [*INCIDENTS.names, *OTHER_COLUMNS]
    for field in ("columns", "words", "constants", "join"):
        for name in fields.get(field) or {}:
            if name not in ours:
                hint = did_you_mean(name, ours) or "one of " + ", ".join(ours)
                faults.append(Fault(f"{name!r} is no column of INCIDENTS", field=field, hint=hint))
    if faults:
        msg = f"{what} does not describe a source"
        raise ReadError(msg, faults)
    fields.setdefault("title", fields["name"])
    return Source(**fields)


def _read(key: str, item: Any, faults: list[Fault]) -> Any:  # noqa: ANN401, C901, PLR0911 - whatever YAML holds, a line a kind
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
        faults.append(Fault(f"{item!r} is no text", field=key, hint="write it in quotation marks"))
    return str(item)


def _list(key: str, item: object, faults: list[Fault]) -> tuple[str, ...]:
    items = item if isinstance(item, list) else [item]
    return tuple(_text(key, one, faults) for one in items)


def _words(key: str, item: object, faults: list[Fault]) -> dict[str, str]:
    if not isinstance(item, dict):
        faults.append(Fault("this must be a mapping from the file's words to ours", field=key))
        return {}
    column = INCIDENTS.column(key.removeprefix("words.")) if key.removeprefix("words.") in INCIDENTS.names else None
    vocabulary = [word.value for word in column.words] if column is not None and column.words is not None else None
    out: dict[str, str] = {}
    for theirs, mine in item.items():
        if vocabulary is not None and mine not in vocabulary:
            hint = did_you_mean(str(mine), vocabulary) or "one of " + ", ".join(vocabulary)
            faults.append(Fault(f"{mine!r} is no word of ours", field=key, hint=hint))
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
