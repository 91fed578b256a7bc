"""Read YAML safely, with the line and column of every value.

Only plain data is built: mappings, lists, text, numbers, true, false and null. Words resolve as
in the YAML 1.2 core schema, so that ``NO`` stays Norway's code instead of becoming false, and a
date stays the text that was written. Size, depth and aliases are limited, because a file can
come from anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from geoconflict.errors import DescriptionError, Fault, LimitError

Loc = tuple[str | int, ...]

MAX_CHARACTERS = 1_000_000
MAX_BYTES = 4 * MAX_CHARACTERS
MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_ALIASES = 200

# The parser of libyaml is some fifty times faster; wheels of PyYAML contain it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# libyaml gives plain scalars the style "", PyYAML's own parser gives None.
_PLAIN_STYLES = (None, "")

_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_TAG = "tag:yaml.org,2002:"
# The tags that PyYAML resolves plain scalars and collections to; a file may not ask for others.
_TYPES = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
_KNOWN_TAGS = frozenset(_TAG + name for name in _TYPES)


@dataclass(frozen=True, slots=True)
class Position:
    """A position in a text; line and column count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Positions:
    """Positions of the keys and values of a YAML document, by path."""

    values: dict[Loc, Position] = field(default_factory=dict)
    keys: dict[Loc, Position] = field(default_factory=dict)

    def of(self, loc: Sequence[str | int], *, key: bool = False) -> Position | None:
        """Return the position of a path, or of its nearest parent in the text.

        Parameters
        ----------
        loc : sequence of str or int
            Keys and list indexes.
        key : bool
            Prefer the position of the key to that of the value.
        """
        path = tuple(loc)
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while path:
            found = first.get(path) or second.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return self.values.get(())

    def fault(self, message: str, loc: Sequence[str | int], *, key: bool = False, hint: str | None = None) -> Fault:
        """Return a fault at the position of a path."""
        at = self.of(loc, key=key)
        line, column = (at.line, at.column) if at is not None else (None, None)
        return Fault(message, field=path_text(loc) or None, line=line, column=column, hint=hint or None)


def load(text: str, *, what: str = "the description") -> tuple[object, Positions]:
    r"""Parse one YAML document into plain data and the positions of its parts.

    Parameters
    ----------
    text : str
        At most a million characters.
    what : str
        Name of the text in error messages.

    Returns
    -------
    data : object
        Mappings, lists, text, numbers, booleans and None.
    positions : Positions

    Raises
    ------
    DescriptionError
        If the text is not valid YAML, contains more than one document, repeats a key, has keys
        that are not text, or uses tags.
    LimitError
        If it exceeds the limits of size, depth, number of values or number of aliases.

    Examples
    --------
    >>> data, positions = load("owner: NO\ndepth: 5 km")
    >>> data
    {'owner': 'NO', 'depth': '5 km'}
    >>> positions.of(("depth",))
    Position(line=2, column=8)
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"{what} has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        raise LimitError(msg)
    _check_characters(text, what)
    loader = _Loader(text)
    try:
        _check_limits(text, what)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        if "nesting depth" not in str(error):  # libyaml has a limit of its own, far above ours
            raise _syntax_error(error, text, what) from None
        msg = f"{what} is nested deeper than {MAX_DEPTH} levels"
        raise LimitError(msg) from None
    finally:
        loader.dispose()
    builder = _Builder(what)
    data = builder.build(node, (), 0) if node is not None else None
    if builder.faults:
        msg = f"{what} cannot be read"
        raise DescriptionError(msg, builder.faults)
    return data, builder.positions


def path_text(loc: Sequence[str | int]) -> str:
    """Format a path for messages; list positions count from 1.

    Examples
    --------
    >>> path_text(("segments", 0, "echelons", 1, "depth"))
    'segments[1].echelons[2].depth'
    """
    out = ""
    for part in loc:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _check_characters(text: str, what: str) -> None:
    found = _NOT_ALLOWED.search(text)
    if found is None:
        return
    *before, last = _LINE_BREAK.split(text[: found.start()])
    fault = Fault(f"the character U+{ord(found[0]):04X} is not allowed", line=len(before) + 1, column=len(last) + 1)
    msg = f"{what} is not valid YAML"
    raise DescriptionError(msg, [fault])


def _check_limits(text: str, what: str) -> None:
    depth = aliases = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                msg = f"{what} is nested deeper than {MAX_DEPTH} levels"
                mark = event.start_mark
                line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
                raise LimitError(msg, [Fault("one level too deep", line=line, column=column)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MAX_ALIASES:
                msg = f"{what} has more than {MAX_ALIASES} aliases"
                raise LimitError(msg)
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if nodes > 2 * MAX_NODES:  # keys are nodes too
                msg = f"{what} has more than {MAX_NODES:,} values"
                raise LimitError(msg)


def _syntax_error(error: yaml.YAMLError, text: str, what: str) -> DescriptionError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML")
    hint = None
    if "mapping values are not allowed" in problem:
        hint = "put text that contains a colon and a space in quotes"
    elif "cannot start any token" in problem and _character_at(text, mark) == "\t":
        hint = "indent with spaces, not with tabs"
    elif "but found another document" in problem:
        problem, hint = "a second document starts here", "a file contains one document"
    elif "duplicate anchor" in str(getattr(error, "context", None)):
        problem = "duplicate anchor"
    line = mark.line + 1 if mark is not None else None
    column = mark.column + 1 if mark is not None else None
    return DescriptionError(f"{what} is not valid YAML", [Fault(problem, line=line, column=column, hint=hint)])


def _character_at(text: str, mark: Any) -> str:  # noqa: ANN401 - a mark of either parser
    if mark is None:
        return ""
    lines = _LINE_BREAK.split(text)
    return lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""


class _Builder:
    """Turn composed nodes into plain data; used once."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.positions = Positions()
        self.faults: list[Fault] = []
        self.nodes = 0

    def build(self, node: yaml.Node, loc: Loc, depth: int) -> object:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            msg = f"{self.what} has more than {MAX_NODES:,} values or {MAX_DEPTH} levels once its aliases are expanded"
            raise LimitError(msg)
        self.positions.values[loc] = _position(node)
        if node.tag not in _KNOWN_TAGS:
            self._fault(f"the tag {node.tag!r} is not allowed; write plain data", node, loc)
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*loc, index), depth + 1) for index, item in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, loc: Loc, depth: int) -> dict[str, object]:
        out: dict[str, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault("a key must be text", key_node, loc)
                continue
            key = str(key_node.value)
            path = (*loc, key)
            if key == "<<" and key_node.style in _PLAIN_STYLES:
                self._fault("merge keys (<<) are not supported; write the values out", key_node, loc)
                continue
            if key in out:
                first = self.positions.keys[path]
                self._fault(f"duplicate key {key!r}, first used in line {first.line}", key_node, path)
                continue
            self.positions.keys[path] = _position(key_node)
            out[key] = self.build(value_node, path, depth + 1)
        return out

    def _fault(self, message: str, node: yaml.Node, loc: Loc) -> None:
        at = _position(node)
        self.faults.append(Fault(message, field=path_text(loc) or None, line=at.line, column=at.column))


def _position(node: yaml.Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style not in _PLAIN_STYLES or node.tag == _TAG + "str":
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= 18 else text
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
