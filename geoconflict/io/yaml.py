"""Read YAML safely, with the line and column of every value.

Only plain data is built: mappings, lists, text, numbers, true, false and null. Plain words
resolve as in the core schema of YAML 1.2: ``NO`` is Norway's code, not false, and a date stays
text. Size, depth and the number of aliases are limited, since a file may come from anywhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from geoconflict.errors import DescriptionError, Fault, LimitError

Loc: TypeAlias = tuple[str | int, ...]

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000
MAX_ALIASES = 200

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# The loader of libyaml, where PyYAML was built with it, is some sixty times faster.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = "tag:yaml.org,2002:"
# The tags of PyYAML's resolver for plain scalars and collections; no others are allowed.
_WORDS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq")
_PLAIN_STYLES = (None, "")  # of the loader in Python, and of the one in C
_KNOWN_TAGS = frozenset(_PLAIN + name for name in _WORDS)


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text, counted from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Positions:
    """Positions of the keys and values of a YAML document, by their path."""

    values: dict[Loc, Place] = field(default_factory=dict)
    keys: dict[Loc, Place] = field(default_factory=dict)

    def of(self, loc: Sequence[str | int], *, key: bool = False) -> Place | None:
        """Return the position of a path, or of its nearest ancestor in the text.

        Parameters
        ----------
        loc : sequence of str or int
            Path of keys and list positions.
        key : bool
            Return the position of the key instead of its value.
        """
        path = tuple(loc)
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while path:
            found = first.get(path) or second.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return self.values.get(())


def load(text: str, *, what: str = "the description") -> tuple[object, Positions]:
    r"""Read one YAML document into plain data and the positions of its parts.

    Parameters
    ----------
    text : str
        At most a million characters.
    what : str
        Name of the text in messages.

    Returns
    -------
    data : object
        Mappings, lists, text, numbers, booleans and None.
    positions : Positions

    Raises
    ------
    DescriptionError
        If the text is not YAML, has more than one document, repeats a key, has keys that are not
        text, or uses tags.
    LimitError
        If it exceeds a limit on size, depth or aliases.

    Examples
    --------
    >>> data, positions = load("owner: NO\ndepth: 5 km")
    >>> data
    {'owner': 'NO', 'depth': '5 km'}
    >>> positions.of(("depth",))
    Place(line=2, column=8)
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"{what} has {len(text):,} characters; the limit is {MAX_CHARACTERS:,}"
        raise LimitError(msg)
    try:
        _check_depth(text, what)
        node: yaml.Node | None = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _syntax_error(error, text, what) from None
    except UnicodeEncodeError as error:
        msg = f"{what} contains half of a surrogate pair, U+{ord(text[error.start]):04X}, which is not a character"
        raise DescriptionError(msg) from None
    builder = _Builder(what)
    data = builder.build(node, (), 0) if node is not None else None
    if builder.faults:
        msg = f"{what} cannot be read"
        raise DescriptionError(msg, builder.faults)
    return data, builder.positions


def _check_depth(text: str, what: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                msg = f"{what} is nested deeper than {MAX_DEPTH} levels"
                place = event.start_mark
                where = (place.line + 1, place.column + 1) if place is not None else (None, None)
                raise LimitError(msg, [Fault("one level too deep", line=where[0], column=where[1])])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > MAX_ALIASES:
                msg = f"{what} has more than {MAX_ALIASES} aliases"
                raise LimitError(msg)


def _syntax_error(error: yaml.YAMLError, text: str, what: str) -> DescriptionError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML")
    hint = None
    if "mapping values are not allowed" in problem:
        hint = "text that contains a colon and a space must be quoted"
    elif "cannot start any token" in problem and _character_at(text, mark) == "\t":
        hint = "indent with spaces, not with tabs"
    elif "but found another document" in problem:
        problem, hint = "a second document starts here", "write one document per file"
    line = mark.line + 1 if mark is not None else None
    column = mark.column + 1 if mark is not None else None
    return DescriptionError(f"{what} is not valid YAML", [Fault(problem, line=line, column=column, hint=hint)])


def _character_at(text: str, mark: yaml.Mark | None) -> str:
    lines = text.split("\n") if mark is not None else []
    return lines[mark.line][mark.column : mark.column + 1] if mark is not None and mark.line < len(lines) else ""


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
            msg = f"{self.what} expands to more than {MAX_NODES:,} values or {MAX_DEPTH} levels by its aliases"
            raise LimitError(msg)
        self.positions.values[loc] = _place(node)
        if node.tag not in _KNOWN_TAGS:
            self._fault(f"the tag {node.tag!r} is not allowed; only plain data is read", node, loc)
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
            if key_node.value == "<<" and key_node.style in _PLAIN_STYLES:
                self._fault("merge keys (<<) are not supported; write the values out", key_node, loc)
                continue
            if key in out:
                first = self.positions.keys[path]
                self._fault(f"the key {key!r} occurs twice, first in line {first.line}", key_node, path)
                continue
            self.positions.keys[path] = _place(key_node)
            out[key] = self.build(value_node, path, depth + 1)
        return out

    def _fault(self, message: str, node: yaml.Node, loc: Loc) -> None:
        place = _place(node)
        self.faults.append(Fault(message, field=path_text(loc) or None, line=place.line, column=place.column))


def path_text(loc: Sequence[str | int]) -> str:
    """Return a path as text, counted from 1.

    Examples
    --------
    >>> path_text(("segments", 0, "echelons", 1, "depth"))
    'segments[1].echelons[2].depth'
    """
    out = ""
    for part in loc:
        out += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style not in _PLAIN_STYLES or node.tag == _PLAIN + "str":
        # PyYAML gives quoted and plain words that resolve to nothing else the tag "str".
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
