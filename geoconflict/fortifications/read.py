"""Read a description from YAML, with the line and column of every fault, and write it back."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from geoconflict.errors import DescriptionError, Fault, did_you_mean
from geoconflict.fortifications.description import Description, json_schema
from geoconflict.fortifications.validation import Resolve, find_faults
from geoconflict.io.text import read_text
from geoconflict.io.yaml import MAX_BYTES, Loc, Positions, load, path_text

# A faulty item of these lists can be left out without causing further faults, so that the rest is checked too.
_SEPARABLE = frozenset(("strips", "sites", "terrain", "claims", "gaps"))

_STAND_INS = {"id": "id", "name": "name", "owner": "owner", "status": "reported", "kind": "fence", "date": "2025"}


def read_description(path: str | os.PathLike[str], *, resolve: Resolve | None = None) -> Description:
    """Read the description of a defence line from YAML.

    Parameters
    ----------
    path : path or str
        A file; a string of several lines is the YAML itself.
    resolve : callable, optional
        Returns the usual name of a country and raises ``InputError`` for an unknown one; with
        it, the names of the countries are checked too.

    Returns
    -------
    Description

    Raises
    ------
    DescriptionError
        With all faults, each with line and column, and with the nearest words for an unknown one.
    ReadError
        If the file is missing, empty or not UTF-8 text.
    LimitError
        If it is larger or more deeply nested than a description may be.

    Examples
    --------
    >>> line = read_description('''
    ... id: demo
    ... name: A fence
    ... owner: Finland
    ... status: under_construction
    ... segments:
    ...   - id: south
    ...     reference: {border: {of: Finland, with: Russia}}
    ...     side: Finland
    ...     facing: Russia
    ...     strips: [{type: fence, offset: 10 m}]
    ... ''')
    >>> line.segments[0].strips[0].type.label
    'fence'
    """
    if isinstance(path, str) and "\n" in path:
        return parse_yaml(path, resolve=resolve)
    file = Path(path)
    return parse_yaml(read_text(file, max_bytes=MAX_BYTES), what=file.name, folder=file.parent, resolve=resolve)


def parse_yaml(
    text: str, *, what: str = "the description", folder: Path | None = None, resolve: Resolve | None = None
) -> Description:
    """Parse a description from YAML text.

    Parameters
    ----------
    text : str
    what : str
        Name of the text in error messages.
    folder : path, optional
        Folder of the files that the description names.
    resolve : callable, optional
        As for ``read_description``.

    Returns
    -------
    Description

    Raises
    ------
    DescriptionError, LimitError
        As ``read_description``.
    """
    data, positions = load(text, what=what)
    if data is None:
        msg = f"{what} is empty"
        raise DescriptionError(msg)
    if not isinstance(data, dict):
        msg = f"{what} is not a description of a defence line"
        raise DescriptionError(msg, [Fault("expected keys such as id, name and segments", line=1, column=1)])
    if "geoconflict" in data and "tables" in data and "segments" not in data:
        msg = f"{what} is a project, not a description of a defence line; 'geoconflict build' takes it"
        raise DescriptionError(msg)
    try:
        description = Description.model_validate(data).with_origin(positions, folder)
    except ValidationError as error:
        faults = _faults(error.errors(include_url=False), data, positions, resolve)
    else:
        faults = find_faults(description, resolve)
        if not faults:
            return description
    unique = {(fault.line, fault.column, fault.message): fault for fault in faults}
    faults = sorted(unique.values(), key=lambda fault: (fault.line or 0, fault.column or 0, fault.message))
    msg = f"{what} has {len(faults)} fault{'s' if len(faults) != 1 else ''}"
    raise DescriptionError(msg, faults)


def to_yaml(description: Description) -> str:
    """Return a description as YAML.

    Values are written in the short form if nothing is lost. Reading the text gives an equal
    description.

    Returns
    -------
    str
    """
    data = {"format": description.format, **description.plain()}
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


class _Dumper(yaml.SafeDumper):
    """Write lists of plain values on one line, and repeat values instead of using aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def represent_short_list(self, data: list[object]) -> yaml.Node:
        flow = all(isinstance(item, int | float | str) for item in data)
        return self.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


_Dumper.add_representer(list, _Dumper.represent_short_list)


def _faults(
    errors: list[ErrorDetails], data: dict[str, Any], positions: Positions, resolve: Resolve | None
) -> list[Fault]:
    """Turn pydantic's errors into faults, and validate what remains without the faulty parts."""
    schema = json_schema()
    found = [_translate(item, positions, schema) for item in errors]
    kept = _without_faulty_parts(errors, data, positions)
    if kept is not None:
        try:
            found += find_faults(Description.model_validate(kept[0]).with_origin(kept[1], None), resolve)
        except ValidationError:  # the faults of single values are in the list
            return found
    return found


def _translate(item: ErrorDetails, positions: Positions, schema: dict[str, Any]) -> Fault:
    loc: Loc = tuple(item["loc"])
    if item["type"] == "extra_forbidden":
        known = _known_keys(schema, loc[:-1])
        hint = did_you_mean(str(loc[-1]), known) or (f"known: {', '.join(known)}" if known else None)
        if " " in str(loc[-1]) and item["input"] is None:
            hint = "inside { }, put text that contains a comma in quotes"
        return positions.fault(f"unknown key {str(loc[-1])[:80]!r}", loc, key=True, hint=hint)
    if item["type"] == "missing":
        return replace(positions.fault(f"the key {loc[-1]!r} is missing", loc[:-1]), field=path_text(loc))
    hint = None
    if item["type"] == "literal_error":
        expected = [part.strip("' ") for part in str(item["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        hint = did_you_mean(str(item["input"]), expected)
    if item["type"] == "string_type" and isinstance(item["input"], int | float):
        hint = "put a number that is text in quotes"
    message = item["msg"]
    if item["type"] != "value":  # pydantic's own messages do not give the value
        message = f"{message[0].lower()}{message[1:]}, found {_shown(item['input'])}"
    if loc and loc[-1] == "value" and loc not in positions.values:
        loc = loc[:-1]  # written short
    return positions.fault(message, loc, hint=hint)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else repr(value)[:80]


def _known_keys(schema: dict[str, Any], loc: Loc) -> list[str]:
    """Return the keys that a mapping at a path may have."""

    def resolve(node: dict[str, Any]) -> list[dict[str, Any]]:
        if "$ref" in node:
            return resolve(schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        if "anyOf" in node:
            return [found for option in node["anyOf"] for found in resolve(option)]
        return [node]

    nodes = [schema]
    for part in loc:
        step: list[dict[str, Any]] = []
        for node in nodes:
            if isinstance(part, int):
                step += resolve(node["items"]) if isinstance(node.get("items"), dict) else []
            elif part in node.get("properties", {}):
                step += resolve(node["properties"][part])
            elif isinstance(node.get("additionalProperties"), dict):
                step += resolve(node["additionalProperties"])
            elif isinstance(node.get("patternProperties"), dict):
                step += [found for option in node["patternProperties"].values() for found in resolve(option)]
        nodes = step
    return list(dict.fromkeys(name for node in nodes for name in node.get("properties", {})))


def _without_faulty_parts(
    errors: list[ErrorDetails], data: dict[str, Any], positions: Positions
) -> tuple[dict[str, Any], Positions] | None:
    """Return the data and positions without the faulty parts; None if other parts depend on those."""
    drop: set[Loc] = set()
    filled: dict[str, Any] = {}
    for item in errors:
        loc: Loc = tuple(item["loc"])
        if loc[0] in _STAND_INS:
            filled[str(loc[0])] = _STAND_INS[str(loc[0])]
        elif item["type"] == "extra_forbidden":
            drop.add(loc)
        elif (part := _separable(loc)) is not None:
            drop.add(part)
        else:
            return None
    rebuilt, moved = _rebuild(data, positions, drop)
    return ({**rebuilt, **filled}, moved) if rebuilt.get("segments") else None


def _rebuild(data: dict[str, Any], positions: Positions, drop: set[Loc]) -> tuple[dict[str, Any], Positions]:
    """Return the data without some parts, and the positions of the rest by its new paths."""
    moved = Positions()

    def rebuild(value: Any, old: Loc, new: Loc) -> Any:  # noqa: ANN401 - plain data of any type
        if old in positions.values:
            moved.values[new] = positions.values[old]
        if old in positions.keys:
            moved.keys[new] = positions.keys[old]
        if isinstance(value, dict):
            return {k: rebuild(v, (*old, k), (*new, k)) for k, v in value.items() if (*old, k) not in drop}
        if isinstance(value, list):
            kept = [index for index in range(len(value)) if (*old, index) not in drop]
            return [rebuild(value[index], (*old, index), (*new, place)) for place, index in enumerate(kept)]
        return value

    out: dict[str, Any] = rebuild(data, (), ())
    return out, moved


def _separable(loc: Loc) -> Loc | None:
    for place, part in enumerate(loc[:-1]):
        if part in _SEPARABLE and isinstance(loc[place + 1], int):
            return loc[: place + 2]
    if "echelons" in loc:
        return loc[: loc.index("echelons") + 1]
    return loc[:2] if loc[0] == "segments" and len(loc) > 2 else None
