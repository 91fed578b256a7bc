"""Render folium's elements once, with every text of theirs as data.

branca renders what an element wrote a second time as a template, so that ``{{ … }}`` in a
name or a popup is evaluated; and many of folium's templates put texts into JavaScript as
they are. While ``rendering`` is open, the second pass gives back what it was given, and
templates see marked texts (see ``tokens``). Other threads are not touched: each patched
method looks at a context variable first.
"""

from __future__ import annotations

import threading
import types
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geoconflict.maps.web.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        import json

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
