"""Read a description from YAML, with every fault at its line and column, and write it back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.errors import DescriptionError, Fault, LimitError, ReadError, did_you_mean
from geoconflict.io.yaml import MAX_CHARACTERS, Positions, load, path_text

if TYPE_CHECKING:
    import os

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from geoconflict.fortifications.description import Description
    from geoconflict.fortifications.soundness import Problem
    from geoconflict.io.yaml import Loc

# Leaving out a faulty item of these lists makes no new fault elsewhere, so the rest can still be checked.
_SEPARABLE = frozenset(("strips", "sites", "terrain", "claims", "gaps"))

_STAND_INS = {"id": "id", "name": "name", "owner": "owner", "status": "reported", "kind": "fence", "date": "2025"}


def read_fortifications(path: str | os.PathLike[str]) -> Description:
    """Read the description of a defence line from a YAML file, or from a YAML text.

    Parameters
    ----------
    path : path or str
        A file. A text of more than one line is taken as the YAML itself.

    Returns
    -------
    Description

    Raises
    ------
    DescriptionError
        With all the faults, each with its line, its column and, for a misspelt word, the nearest ones.
    ReadError
        If the file is missing or is no text.
    LimitError
        If it is larger or deeper than a description may be.

    Examples
    --------
    >>> line = read_fortifications('''
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
        return parse_yaml(path)
    file = Path(path)
    try:
        if file.stat().st_size > 4 * MAX_CHARACTERS:
            msg = f"{file.name} has {file.stat().st_size:,} bytes; the limit is {4 * MAX_CHARACTERS:,}"
            raise LimitError(msg)
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{file} is no text in UTF-8: byte {error.start} cannot be read"
        raise ReadError(msg) from None
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror or error}"
        raise ReadError(msg) from None
    return parse_yaml(text, what=file.name, folder=file.parent)


def parse_yaml(text: str, *, what: str = "the description", folder: Path | None = None) -> Description:
    """Turn a YAML text into a description.

    Parameters
    ----------
    text : str
    what : str
        How the errors call it.
    folder : path, optional
        Where the files that it names lie.

    Returns
    -------
    Description

    Raises
    ------
    DescriptionError, LimitError
        As ``read_fortifications``.
    """
    from pydantic import ValidationError

    from geoconflict.fortifications.description import Description

    data, positions = load(text, what=what)
    if data is None:
        msg = f"{what} is empty"
        raise DescriptionError(msg)
    if not isinstance(data, dict):
        msg = f"{what} is no description of a defence line"
        raise DescriptionError(msg, [Fault("expected keys such as id, name and segments", line=1, column=1)])
    try:
        description = Description.model_validate(data)
    except ValidationError as error:
        faults = _faults(error, positions, data)
        msg = f"{what} has {len(faults)} fault{'s' if len(faults) != 1 else ''}"
        raise DescriptionError(msg, faults) from None
    return description.read_from(positions, folder)


def dump_description(description: Description) -> str:
    """Write a description as YAML.

    Values that have nothing but themselves are written short. Reading the text gives an
    equal description; writing that one gives the same text.

    Returns
    -------
    str
    """
    import yaml

    data = {"format": description.format, **description.plain()}
    return yaml.dump(data, Dumper=_dumper(), sort_keys=False, allow_unicode=True, width=110)


def _dumper() -> type[Any]:
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes coordinates and short lists on one line, and repeats values instead of aliasing them."""

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
            return True

    def represent_list(dumper: Dumper, data: list[object]) -> yaml.Node:
        flow = all(isinstance(item, int | float | str) for item in data)
        return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)

    Dumper.add_representer(list, represent_list)
    return Dumper


def _faults(error: ValidationError, positions: Positions, data: dict[str, Any]) -> list[Fault]:
    """Turn pydantic's errors into faults, and check too what the faulty parts kept from being checked."""
    from pydantic import ValidationError

    from geoconflict.fortifications.description import Description

    errors = error.errors(include_url=False)
    found = [fault for item in errors for fault in _translate(item, positions)]
    pruned = _prune(errors, data, positions)
    if pruned is not None:
        try:
            Description.model_validate(pruned.data)
        except ValidationError as second:
            for item in second.errors(include_url=False):
                if item["type"] == "unsound":
                    found += _translate(item, pruned.positions)
    unique = {(fault.line, fault.column, fault.message): fault for fault in found}
    return sorted(unique.values(), key=lambda fault: (fault.line or 0, fault.column or 0, fault.message))


def _translate(item: ErrorDetails, positions: Positions) -> list[Fault]:
    loc: Loc = tuple(item["loc"])
    if item["type"] == "unsound":
        problems: list[Problem] = item["ctx"]["problems"]
        return [_fault(problem.message, problem.path, positions, hint=problem.hint) for problem in problems]
    if item["type"] == "extra_forbidden":
        known = _fields(loc[:-1])
        hint = did_you_mean(str(loc[-1]), known) or (f"known: {', '.join(known)}" if known else None)
        if " " in str(loc[-1]) and item["input"] is None:
            hint = "a text with a comma must stand in quotes inside { }"
        return [_fault(f"the key {str(loc[-1])[:80]!r} is not known", loc, positions, key=True, hint=hint)]
    if item["type"] == "missing":
        return [_fault(f"the key {loc[-1]!r} is missing", loc[:-1], positions, field=loc)]
    hint = None
    if item["type"] == "literal_error":
        expected = [part.strip("' ") for part in str(item["ctx"]["expected"]).replace(" or ", ", ").split(",")]
        hint = did_you_mean(str(item["input"]), expected)
    if item["type"] == "string_type" and isinstance(item["input"], int | float):
        hint = "a number that is meant as a text stands in quotes"
    message = item["msg"]
    if not message.startswith(("'", "the ")):
        message = f"{message[0].lower()}{message[1:]}, found {_shown(item['input'])}"
    return [_fault(message, loc, positions, hint=hint or None)]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else repr(value)[:80]


def _fault(
    message: str,
    loc: Loc,
    positions: Positions,
    *,
    key: bool = False,
    hint: str | None = None,
    field: Loc | None = None,
) -> Fault:
    if loc and loc[-1] == "value" and loc not in positions.values:
        loc = loc[:-1]  # written short
    place = positions.of(loc, key=key)
    line, column = (place.line, place.column) if place is not None else (None, None)
    return Fault(message, field=path_text(field or loc) or None, line=line, column=column, hint=hint)


def _fields(loc: Loc) -> list[str]:
    """Return the keys that a mapping at a path may have, by the published schema."""
    from geoconflict.fortifications.schema_json import schema

    root = schema()

    def resolve(node: dict[str, Any]) -> list[dict[str, Any]]:
        if "$ref" in node:
            return resolve(root["$defs"][node["$ref"].rsplit("/", 1)[-1]])
        if "anyOf" in node:
            return [found for option in node["anyOf"] for found in resolve(option)]
        return [node]

    nodes = [root]
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


@dataclass(frozen=True, slots=True)
class _Pruned:
    data: dict[str, Any]
    positions: Positions


def _prune(errors: list[ErrorDetails], data: dict[str, Any], positions: Positions) -> _Pruned | None:
    """Leave out the faulty parts that nothing else rests on; None where too much rests on them."""
    drop: set[Loc] = set()
    filled: dict[str, Any] = {}
    for item in errors:
        loc: Loc = tuple(item["loc"])
        if item["type"] == "unsound":
            return None
        if loc[0] in _STAND_INS:
            filled[str(loc[0])] = _STAND_INS[str(loc[0])]
        elif item["type"] == "extra_forbidden":
            drop.add(loc)
        elif (part := _separable(loc)) is not None:
            drop.add(part)
        else:
            return None
    rebuilt, moved = _rebuild(data, positions, drop)
    return _Pruned({**rebuilt, **filled}, moved) if rebuilt.get("segments") else None


def _rebuild(data: dict[str, Any], positions: Positions, drop: set[Loc]) -> tuple[dict[str, Any], Positions]:
    """Return the data without some parts, and where the rest stands by its new paths."""
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
