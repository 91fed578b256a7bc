r"""Stand-ins for texts while folium's templates are rendered, and their safe return.

A text with any character that could mean something to JavaScript, HTML or CSS does not go
through a template: a stand-in of letters and digits does. Afterwards each stand-in is put
back as its place allows: inside a JavaScript string every sign becomes ``\uXXXX``; in HTML a
character reference; in CSS an escape. Where code stands, only valid JSON may come back.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Letters of every script, digits, and signs that can neither end a string nor call, assign or nest.
_PLAIN = re.compile(r"[\w .,:%#+-]*\Z")
_VARIABLE = re.compile(r"\"\{\{'(\w+)'\}\}\"")


class Marked(str):
    """A text that writes its stand-in when a template turns it into output."""

    __slots__ = ("token",)
    token: str

    def __new__(cls, text: str, token: str) -> Self:
        """Keep the stand-in beside the text."""
        made = super().__new__(cls, text)
        made.token = token
        return made

    def __str__(self) -> str:
        return self.token

    def __format__(self, spec: str) -> str:
        return self.token

    def __html__(self) -> str:
        """Return the text escaped for HTML, as the filter ``e`` asks for."""
        import html

        return html.escape(str.__str__(self))

    def strip(self, chars: str | None = None, /) -> Marked:
        """Return the text without the spaces round it, still marked."""
        del chars
        return self

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Marked:
        """Return the text itself: what folium replaces here is line ends, which a string may hold."""
        del old, new, count
        return self


@dataclass(slots=True)
class Tokens:
    """The stand-ins of one rendering.

    Attributes
    ----------
    salt : str
        Makes stand-ins that no data can guess.
    texts : dict
        Stand-in → text.
    """

    salt: str = field(default_factory=lambda: secrets.token_hex(8))
    texts: dict[str, str] = field(default_factory=dict)

    def mark(self, value: Any) -> Any:  # noqa: ANN401 - values of templates are of every type
        """Return a value with the texts in it marked where they need it."""
        if isinstance(value, Marked) or hasattr(value, "__html__"):
            return value
        if isinstance(value, str):
            return value if _PLAIN.match(value) else Marked(value, self.token(value))
        if type(value) is dict or type(value).__name__ == "OrderedDict":
            return {self._key(k): self.mark(v) for k, v in value.items()}
        if type(value) is list:
            return [self.mark(v) for v in value]
        if type(value) is tuple:
            return tuple(self.mark(v) for v in value)
        return value

    def _key(self, key: Any) -> Any:  # noqa: ANN401 - keys of every type
        return self.token(key) if isinstance(key, str) and not _PLAIN.match(key) else key

    def token(self, text: str) -> str:
        """Return the stand-in of a text."""
        made = f"gcq{self.salt}n{len(self.texts)}z"
        self.texts[made] = str.__str__(text)
        return made

    def plain(self, rendered: str) -> str:
        """Put the texts back as they are."""
        return self._each(rendered, lambda text, _at: text)

    def in_html(self, rendered: str) -> str:
        """Put the texts back as character references."""
        return self._each(rendered, lambda text, _at: "".join(c if c.isalnum() else f"&#x{ord(c):x};" for c in text))

    def in_css(self, rendered: str) -> str:
        """Put the texts back as CSS escapes, so that they can end neither a value nor a rule."""
        return self._each(rendered, lambda text, _at: "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text))

    def in_script(self, rendered: str, names: set[str]) -> tuple[str, list[str]]:
        """Put the texts back into JavaScript.

        Parameters
        ----------
        rendered : str
        names : set of str
            Variables that JSON may name as ``"{{'name'}}"`` (folium's icons in styles).

        Returns
        -------
        script : str
        faults : list of str
            Texts that stand where code stands, and were left out.
        """
        faults: list[str] = []
        states = _states(rendered, [m.start() for m in self._pattern().finditer(rendered)])

        def back(text: str, at: int) -> str:
            state = states[at]
            if state == "comment":
                return ""
            if state == "string":
                return _in_string(text)
            try:
                value = json.loads(text)
            except ValueError:
                faults.append(text)
                return "undefined"
            written = _safe_json(value)
            return _VARIABLE.sub(lambda m: m[1] if m[1] in names else m[0], written)

        script = self._each(rendered, back)
        # A script in HTML ends at the first </script, wherever it stands.
        return re.sub(r"<(?=/script|!--|script)", r"\\x3c", script, flags=re.IGNORECASE), faults

    def _pattern(self) -> re.Pattern[str]:
        return re.compile(rf"gcq{self.salt}n\d+z")

    def _each(self, rendered: str, back: Callable[[str, int], str]) -> str:
        return self._pattern().sub(lambda m: back(self.texts[m[0]], m.start()), rendered)


def _in_string(text: str) -> str:
    out = []
    for c in text:
        if c.isascii() and (c.isalnum() or c in " _.,-"):
            out.append(c)
        else:
            raw = c.encode("utf-16-be", "surrogatepass")
            out += [f"\\u{raw[i] << 8 | raw[i + 1]:04x}" for i in range(0, len(raw), 2)]
    return "".join(out)


def _safe_json(value: object) -> str:
    text = json.dumps(value)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _states(script: str, places: list[int]) -> dict[int, str]:
    """Tell for places in JavaScript whether they lie in a string, a comment or code."""
    wanted = iter(places)
    at = next(wanted, None)
    states: dict[int, str] = {}
    for start, end, state in _spans(script):
        while at is not None and start <= at < end:
            states[at] = state
            at = next(wanted, None)
        if at is None:
            break
    return states


def _spans(script: str) -> Iterator[tuple[int, int, str]]:
    """Split JavaScript into code, strings (with templates and regular expressions) and comments.

    A ``${`` in a template goes back to code until its brace closes.
    """
    n = len(script)
    i = start = 0
    depth: list[int] = []  # braces open in each ${ of a template
    last = ""
    while i < n:
        c = script[i]
        two = script[i : i + 2]
        if two in {"//", "/*"}:
            yield start, i, "code"
            end = script.find("\n" if two == "//" else "*/", i + 2)
            end = n if end < 0 else end + (0 if two == "//" else 2)
            yield i, end, "comment"
            i = start = end
            continue
        if c in "'\"" or c == "`" or (c == "}" and depth and depth[-1] == 0) or (c == "/" and last in "(,=:[!&|?{};\n"):
            if c == "}":
                depth.pop()
            yield start, i, "code"
            end, nested = _string_end(script, i + 1, "`" if c == "}" else c)
            yield i, end, "string"
            if nested:
                depth.append(0)
            i = start = end
            last = '"'
            continue
        if depth:
            depth[-1] += (c == "{") - (c == "}")
        if not c.isspace():
            last = c
        i += 1
    yield start, n, "code"


def _string_end(script: str, i: int, quote: str) -> tuple[int, bool]:
    """Return where a string ends, and whether it ends with ``${``."""
    n = len(script)
    bracket = False
    while i < n:
        c = script[i]
        if c == "\\":
            i += 2
            continue
        if quote == "`" and script[i : i + 2] == "${":
            return i + 2, True
        if quote == "/" and c in "[]":
            bracket = c == "["
        if c == quote and not bracket:
            return i + 1, False
        if c == "\n" and quote != "`":
            return i, False
        i += 1
    return n, False
