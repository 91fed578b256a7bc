"""Render folium's elements once, with every text of theirs as data.

branca renders what an element wrote a second time as a template, so that ``{{ … }}`` in a
name or a popup is evaluated; and many of folium's templates put texts into JavaScript as
they are. While ``rendering`` is open, the second pass gives back what it was given, and
templates see marked texts (see ``tokens``). Other threads are not touched: each patched
method looks at a context variable first.
"""

from __future__ import annotations

import html
import json
import re
import secrets
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Self, SupportsIndex

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


_LOCK = threading.RLock()
_OPEN: ContextVar[Sink | None] = ContextVar("geoconflict_rendering", default=None)

# Attributes that hold JavaScript by contract: the caller of folium writes code there.
_CODE = {
    ("JsCode", "js_code"),
    ("FastMarkerCluster", "callback"),
    ("FastMarkerCluster", "icon_create_function"),
    ("MarkerCluster", "icon_create_function"),
    ("MousePosition", "lat_formatter"),
    ("MousePosition", "lng_formatter"),
    ("Link", "url"),
    ("JavascriptLink", "url"),
    ("CssLink", "url"),
}
# Large data that templates only write through ``tojson``.
_JSON = {("GeoJson", "data"), ("TopoJson", "data"), ("HeatMap", "data"), ("FastMarkerCluster", "data")}


@dataclass
class Sink:
    """What the elements wrote.

    Attributes
    ----------
    root : element
        The map, whose own template is left out: the page makes the map.
    tokens : Tokens
    header, html, script : list of str
    """

    root: Any
    tokens: Tokens = field(default_factory=Tokens)
    header: dict[str, str] = field(default_factory=dict)
    html: dict[str, str] = field(default_factory=dict)
    script: dict[str, str] = field(default_factory=dict)
    templates: dict[int, Any] = field(default_factory=dict)

    def template(self, template: Any) -> Any:  # noqa: ANN401 - jinja2 is typed, its clones are not
        """Return a copy of a template whose look-ups give marked texts."""
        made = self.templates.get(id(template))
        if made is None:
            made = _clone(template, self)
            self.templates[id(template)] = made
        return made


@contextmanager
def rendering(root: Any) -> Iterator[Sink]:  # noqa: ANN401 - folium has no types
    """Open a rendering: inside, the elements of a map write into the sink."""
    import branca.element as branca
    import jinja2
    from folium.features import GeoJsonStyleMapper
    from folium.map import Popup

    patches: list[tuple[Any, str, Callable[..., Any]]] = [
        (branca.Element, "__init__", _element_init(branca.Element.__init__)),
        (branca.Element, "render", _element_render(branca.Element.render, branca.Element)),
        (branca.MacroElement, "render", _macro_render(branca.MacroElement.render)),
        (jinja2.Template, "render", _template_render(jinja2.Template.render)),
        (Popup, "render", _popup_render(Popup.render)),
        (GeoJsonStyleMapper, "_to_key", staticmethod(_style_key(GeoJsonStyleMapper._to_key))),  # noqa: SLF001 - folium has no other way in
    ]
    with _LOCK:
        kept = [(owner, name, owner.__dict__[name]) for owner, name, _ in patches]
        sink = Sink(root)
        handle = _OPEN.set(sink)
        try:
            for owner, name, function in patches:
                setattr(owner, name, function)
            yield sink
        finally:
            for owner, name, original in kept:
                setattr(owner, name, original)
            _OPEN.reset(handle)


def _element_init(original: Callable[..., Any]) -> Callable[..., None]:
    def init(self: Any, template: str | None = None, template_name: str | None = None) -> None:  # noqa: ANN401 - branca's own signature
        if _OPEN.get() is None or template is None:
            original(self, template, template_name)
            return
        original(self)
        self.gc_verbatim = template

    return init


def _element_render(original: Callable[..., Any], plain: type) -> Callable[..., str]:
    def render(self: Any, **kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        if _OPEN.get() is not None:
            written = getattr(self, "gc_verbatim", None)
            if written is None and type(self) is plain:
                written = getattr(self, "_template_str", None)
            if written is not None:
                return str(written)
        return str(original(self, **kwargs))

    return render


def _macro_render(original: Callable[..., Any]) -> Callable[..., None]:
    def render(self: Any, **kwargs: Any) -> None:  # noqa: ANN401 - branca's own signature
        sink = _OPEN.get()
        if sink is None:
            original(self, **kwargs)
            return
        if self is not sink.root:
            module = sink.template(self._template).module.__dict__
            for part in ("header", "html", "script"):
                macro = module.get(part)
                if macro is not None:
                    getattr(sink, part)[self.get_name()] = str(macro(self, kwargs))
        for child in list(self._children.values()):
            child.render(**kwargs)

    return render


def _template_render(original: Callable[..., Any]) -> Callable[..., str]:
    def render(self: Any, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        sink = _OPEN.get()
        return str(original(self if sink is None else sink.template(self), *args, **kwargs))

    return render


def _popup_render(original: Callable[..., Any]) -> Callable[..., None]:
    def render(self: Any, **kwargs: Any) -> None:  # noqa: ANN401 - branca's own signature
        sink = _OPEN.get()
        if sink is None:
            original(self, **kwargs)
            return
        from folium.template import tojavascript

        for child in list(self._children.values()):
            child.render(**kwargs)
        html = sink.tokens.plain("".join(str(e.render(**kwargs)) for e in self.html._children.values()))  # noqa: SLF001 - branca offers no other way
        name, parent = self.get_name(), self._parent.get_name()
        lines = [
            f"var {name} = L.popup({tojavascript(sink.tokens.mark(self.options))});",
            # The page reduces the text to harmless HTML when Leaflet shows it.
            f'{name}.setContent("{sink.tokens.token(html)}");',
            f"{parent}.bindPopup({name}){'.openPopup()' if self.show else ''};",
            *(str(e.render()) for e in self.script._children.values()),  # noqa: SLF001 - branca offers no other way
        ]
        sink.script[name] = "\n".join(lines)

    return render


def _style_key(original: Callable[..., Any]) -> Callable[..., str]:
    def to_key(style: dict[str, Any]) -> str:
        return str(original(style)) if _OPEN.get() is None else json.dumps(style, sort_keys=True)

    return to_key


def _clone(template: Any, sink: Sink) -> Any:  # noqa: ANN401 - branca's own signature
    """Return a template with the same code, in an environment that marks what it looks up."""
    import jinja2

    kind = type(template.environment)
    marking = type(
        "Marking", (kind,), {"getattr": _marking(kind.getattr, sink), "getitem": _marking(kind.getitem, sink)}
    )
    environment = marking()
    environment.filters = dict(template.environment.filters)
    environment.filters["tojson"] = _tojson(environment.filters["tojson"])
    root = template.root_render_func
    namespace = dict(root.__globals__, environment=environment)

    def copy(function: Any) -> Any:  # noqa: ANN401 - branca's own signature
        # Compiled templates hold their environment as a default of their functions.
        defaults = tuple(environment if d is template.environment else d for d in function.__defaults__ or ())
        return types.FunctionType(function.__code__, namespace, function.__name__, defaults)

    namespace["root"] = copy(root)
    namespace["blocks"] = {name: copy(block) for name, block in template.blocks.items()}
    namespace.setdefault("debug_info", "")
    return jinja2.Template._from_namespace(environment, namespace, dict(template.globals))  # noqa: SLF001 - how jinja2 itself loads compiled code


def _tojson(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter, with the two signs written as escapes that mean something in a template literal."""
    import jinja2

    @jinja2.pass_eval_context
    def tojson(context: Any, value: Any, indent: int | None = None) -> Any:  # noqa: ANN401 - branca's own signature
        written = original(context, value, indent)
        return type(written)(str(written).replace("$", "\\u0024").replace("`", "\\u0060"))

    return tojson


def _marking(original: Callable[..., Any], sink: Sink) -> Callable[..., Any]:
    def look_up(self: Any, owner: Any, attribute: Any) -> Any:  # noqa: ANN401 - branca's own signature
        value = original(self, owner, attribute)
        if isinstance(value, (bool, int, float)) or value is None or callable(value):
            return value
        kinds = {(kind.__name__, attribute) for kind in type(owner).__mro__}
        if kinds & _CODE or (kinds & _JSON and not isinstance(value, str)):
            return value
        return sink.tokens.mark(value)

    return look_up
