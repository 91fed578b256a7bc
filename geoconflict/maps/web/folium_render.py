r"""Render the elements of folium safely: once, and with every text as data.

branca renders the output of an element a second time as a template, which evaluates ``{{ … }}``
in a name or a popup; and many templates of folium put texts into JavaScript without escaping.
Inside ``rendering``, the second pass returns its input, and templates get marked texts.
This needs a few methods of branca, folium and jinja2 to be replaced. They are replaced under a
lock, restored afterwards, and behave as before in all other threads.

A text with characters that are special in JavaScript, HTML or CSS is replaced by a placeholder of
letters and digits. Afterwards each placeholder is replaced by the text, escaped for its context:
``\uXXXX`` inside a JavaScript string, character references in HTML, escapes in CSS. In code, only
valid JSON is allowed.
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
from dataclasses import dataclass, field
from typing import Any, Self, SupportsIndex

# Letters, digits, and characters that cannot end a string, call, assign or nest.
_PLAIN = re.compile(r"[\w .,:%#+-]*\Z")
_VARIABLE = re.compile(r"\"\{\{'(\w+)'\}\}\"")


class Marked(str):
    """A text that a template outputs as its placeholder."""

    __slots__ = ("token",)
    token: str

    def __new__(cls, text: str, token: str) -> Self:
        """Store the placeholder with the text."""
        made = super().__new__(cls, text)
        made.token = token
        return made

    def __str__(self) -> str:
        return self.token

    def __format__(self, spec: str) -> str:
        return self.token

    def __html__(self) -> str:
        """Return the text escaped for HTML, for the filter ``e``."""
        return html.escape(str.__str__(self))

    def strip(self, chars: str | None = None, /) -> Marked:
        """Return the text itself, so that it stays marked."""
        del chars
        return self

    def replace(self, old: str, new: str, count: SupportsIndex = -1, /) -> Marked:
        """Return the text itself: folium replaces line breaks, which the escaping handles."""
        del old, new, count
        return self


@dataclass(slots=True)
class Tokens:
    """The placeholders of one rendering.

    Attributes
    ----------
    salt : str
        Random, so that data cannot contain a placeholder.
    texts : dict
        Placeholder → text.
    """

    salt: str = field(default_factory=lambda: secrets.token_hex(8))
    texts: dict[str, str] = field(default_factory=dict)

    def mark(self, value: Any) -> Any:  # noqa: ANN401 - values of templates are of every type
        """Return a value with its texts marked where necessary."""
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
        """Return the placeholder of a text."""
        made = f"gcq{self.salt}n{len(self.texts)}z"
        self.texts[made] = str.__str__(text)
        return made

    def plain(self, rendered: str) -> str:
        """Replace the placeholders by their texts."""
        return self._each(rendered, lambda text, _at: text)

    def in_html(self, rendered: str) -> str:
        """Replace the placeholders by their texts as character references."""
        return self._each(rendered, lambda text, _at: "".join(c if c.isalnum() else f"&#x{ord(c):x};" for c in text))

    def in_css(self, rendered: str) -> str:
        """Replace the placeholders by their texts as CSS escapes."""
        return self._each(rendered, lambda text, _at: "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text))

    def in_script(self, rendered: str, names: set[str]) -> tuple[str, list[str]]:
        """Replace the placeholders in JavaScript by their texts.

        Parameters
        ----------
        rendered : str
        names : set of str
            Variables that JSON may refer to as ``"{{'name'}}"`` (icons in styles).

        Returns
        -------
        script : str
        faults : list of str
            Texts where code is expected; they are left out.
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
        # In HTML, a script ends at the first </script.
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
    """Return for positions in JavaScript whether they are in a string, a comment or code."""
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
    """Split JavaScript into code, strings (also templates and regular expressions) and comments.

    ``${`` in a template starts code, up to the closing brace.
    """
    n = len(script)
    i = start = 0
    depth: list[int] = []  # open braces in each ${ of a template
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
_ACTIVE = threading.local()

# Attributes that contain JavaScript by definition.
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
# Large data that templates write only with ``tojson``.
_JSON = {("GeoJson", "data"), ("TopoJson", "data"), ("HeatMap", "data"), ("FastMarkerCluster", "data")}


@dataclass
class Sink:
    """The output of the elements.

    Attributes
    ----------
    root : element
        The map; its own template is not rendered, because the page creates the map.
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
        """Return a copy of a template whose attribute lookups return marked texts."""
        made = self.templates.get(id(template))
        if made is None:
            made = _clone(template, self)
            self.templates[id(template)] = made
        return made


@contextmanager
def rendering(root: Any) -> Iterator[Sink]:  # noqa: ANN401 - folium has no types
    """Return a context in which the elements of a map render into a sink, in this thread only."""
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
        outer = _active()
        _ACTIVE.sink = sink
        try:
            for owner, name, function in patches:
                setattr(owner, name, function)
            yield sink
        finally:
            for owner, name, original in kept:
                setattr(owner, name, original)
            _ACTIVE.sink = outer


def _active() -> Sink | None:
    """Return the sink of the rendering in this thread, if there is one."""
    return getattr(_ACTIVE, "sink", None)


def _element_init(original: Callable[..., Any]) -> Callable[..., None]:
    def init(self: Any, template: str | None = None, template_name: str | None = None) -> None:  # noqa: ANN401 - branca's own signature
        if _active() is None or template is None:
            original(self, template, template_name)
            return
        original(self)
        self.gc_verbatim = template

    return init


def _element_render(original: Callable[..., Any], plain: type) -> Callable[..., str]:
    def render(self: Any, **kwargs: Any) -> str:  # noqa: ANN401 - branca's own signature
        if _active() is not None:
            written = getattr(self, "gc_verbatim", None)
            if written is None and type(self) is plain:
                written = getattr(self, "_template_str", None)
            if written is not None:
                return str(written)
        return str(original(self, **kwargs))

    return render


def _macro_render(original: Callable[..., Any]) -> Callable[..., None]:
    def render(self: Any, **kwargs: Any) -> None:  # noqa: ANN401 - branca's own signature
        sink = _active()
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
        sink = _active()
        return str(original(self if sink is None else sink.template(self), *args, **kwargs))

    return render


def _popup_render(original: Callable[..., Any]) -> Callable[..., None]:
    def render(self: Any, **kwargs: Any) -> None:  # noqa: ANN401 - branca's own signature
        sink = _active()
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
            # The page cleans the HTML when Leaflet shows it.
            f'{name}.setContent("{sink.tokens.token(html)}");',
            f"{parent}.bindPopup({name}){'.openPopup()' if self.show else ''};",
            *(str(e.render()) for e in self.script._children.values()),  # noqa: SLF001 - branca offers no other way
        ]
        sink.script[name] = "\n".join(lines)

    return render


def _style_key(original: Callable[..., Any]) -> Callable[..., str]:
    def to_key(style: dict[str, Any]) -> str:
        return str(original(style)) if _active() is None else json.dumps(style, sort_keys=True)

    return to_key


def _clone(template: Any, sink: Sink) -> Any:  # noqa: ANN401 - branca's own signature
    """Return a template with the same code, in an environment that marks what templates look up."""
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
        # Compiled functions have their environment as a default argument.
        defaults = tuple(environment if d is template.environment else d for d in function.__defaults__ or ())
        return types.FunctionType(function.__code__, namespace, function.__name__, defaults)

    namespace["root"] = copy(root)
    namespace["blocks"] = {name: copy(block) for name, block in template.blocks.items()}
    namespace.setdefault("debug_info", "")
    return jinja2.Template._from_namespace(environment, namespace, dict(template.globals))  # noqa: SLF001 - as jinja2 loads compiled code


def _tojson(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter with escapes for the characters that are special in a template literal."""
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
