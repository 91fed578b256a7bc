"""folium's layers on our page: rendered once, as data, with what they need from the network told."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, InputError, OutputError
from geoconflict.maps.web.cleaner import clean_html
from geoconflict.maps.web.linked import resolve
from geoconflict.maps.web.verbatim import Sink, rendering

if TYPE_CHECKING:
    from geoconflict.maps.web.tokens import Tokens
    from geoconflict.maps.webmap import Map

MAP_ID = "geoconflict"
_PART = re.compile(r"<(style|script)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


class OfflineWarning(UserWarning):
    """A layer asks for something that a file without a network does not have."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What folium's layers add to the page.

    Attributes
    ----------
    scripts, styles : tuple of str
    html : str
        Harmless.
    """

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    html: str


def new_map(drawn: Map) -> Any:  # noqa: ANN401 - folium has no types
    """Return an empty ``folium.Map`` over the view of a map, without tiles; its pictures are our snapshots."""
    import folium

    box = drawn.view.box
    made = folium.Map(location=[(box.south + box.north) / 2, box.center[0]], tiles=None, zoom_control=False)
    made._id = MAP_ID  # noqa: SLF001 - folium's identifiers are random; the page needs a known one

    def picture(delay: int = 3, driver: object = None, size: tuple[int, int] | None = None) -> bytes:
        """Return a snapshot; folium's own picture of an offline map is blank, without an error."""
        from geoconflict.maps.snapshot import Shot, taken

        del delay  # the page says when it is drawn
        if driver is not None:
            msg = "the picture is taken by Chromium through Playwright, not by a driver of Selenium; see Map.snapshot"
            raise InputError(msg)
        return taken(drawn, Shot() if size is None else Shot(size_px=(int(size[0]), int(size[1])), scale=1.0))

    vars(made)["_to_png"] = picture
    return made


def render(drawn: Any, assets: Path | None = None) -> Rendered:  # noqa: ANN401 - folium has no types
    """Return what the children of a folium map add to the page.

    Parameters
    ----------
    drawn : folium.Map
    assets : Path, optional
        A folder with the files that plugins load from the network, to be put into the page.

    Returns
    -------
    Rendered

    Raises
    ------
    OutputError
        If a text stands where folium's template wants code.

    Warns
    -----
    OfflineWarning
        For each file of a plugin that is not in ``assets``, and each part of HTML left out.
    """
    figure = drawn.get_root()
    boxes = (figure.header, figure.html, figure.script)
    kept = [dict(box._children) for box in boxes]  # noqa: SLF001 - rendering leaves traces, which are undone below
    with rendering(drawn) as sink:
        names = _names(figure)
        for child in list(figure._children.values()):  # noqa: SLF001 - folium offers no other way to its children
            child.render()
        raw = [{k: (v, str(v.render())) for k, v in box._children.items() if _keeps(v)} for box in boxes]  # noqa: SLF001 - folium offers no other way to its children
        links = [v for v in figure.header._children.values() if not _keeps(v)]  # noqa: SLF001 - folium offers no other way to its children
    for box, children in zip(boxes, kept, strict=True):
        box._children.clear()  # noqa: SLF001 - folium offers no other way to its children
        box._children.update(children)  # noqa: SLF001 - folium offers no other way to its children
    given = [set(children) for children in kept]
    scripts, styles = _linked(drawn, links, assets)
    return _assemble(sink, raw, given, names, (scripts, styles))


def _assemble(
    sink: Sink,
    raw: list[dict[str, tuple[Any, str]]],
    given: list[set[str]],
    names: set[str],
    linked: tuple[list[str], list[str]],
) -> Rendered:
    scripts, styles = linked
    tokens = sink.tokens
    code: list[str] = []
    dropped: list[str] = []
    # What templates wrote: its tags are folium's own, since every text in it is a stand-in.
    for text in sink.header.values():
        _split(text, code, styles, tokens.in_css)
    html = [tokens.in_html(_split(text, code, styles, tokens.in_css)) for text in sink.html.values()]
    _added(raw[0], given[0], (code, styles, dropped), tokens)
    html += _added(raw[1], given[1], (code, styles, dropped), tokens)
    code += [text for _, text in raw[2].values()]
    code += sink.script.values()
    # TimestampedGeoJson asks the window for a variable that is local here.
    joined = "\n".join(code).replace("addControl(this.timeDimensionControl)", "addControl(timeDimensionControl)")
    script, faults = tokens.in_script(joined, names)
    if faults:
        shown = [Fault(f"{text[:80]!r} stands where a template of folium wants JavaScript") for text in faults]
        lines = "\n".join(f"  - {fault}" for fault in shown)
        msg = f"a folium layer cannot be saved; wrap code that is meant in folium.utilities.JsCode\n{lines}"
        raise OutputError(msg)
    if dropped:
        msg = f"left out of HTML that was added to the map: {', '.join(dict.fromkeys(dropped))}"
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    numbers = _Numbers()
    body = f"(function () {{\n{numbers(script)}\n}})();" if script.strip() else ""
    return Rendered(
        tuple(_whole(s) for s in (*scripts, body) if s),
        tuple(_whole(numbers(_css(s))) for s in styles),
        _whole(numbers("".join(html))),
    )


def _whole(text: str) -> str:
    """Return a text without lone surrogates, which no file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _added(
    parts: dict[str, tuple[Any, str]], given: set[str], out: tuple[list[str], list[str], list[str]], tokens: Tokens
) -> list[str]:
    """Take in what was added as it is: a caller's scripts do not run, and tags become harmless ones."""
    code, styles, dropped = out
    html = []
    for name, (_, text) in parts.items():
        if name == "meta_http":
            continue
        found: list[str] = []
        clean, left_out = clean_html(tokens.in_html(_split(text, found, styles, tokens.in_css)))
        dropped += left_out
        if name in given:
            dropped += ["<script>"] * len(found)
        else:
            code += found
        html.append(clean)
    return html


class _Numbers:
    """Replace folium's random identifiers by numbers in order of appearance."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return _HEX.sub(lambda m: self.seen.setdefault(m[0], f"{len(self.seen):032x}"), text)


def _split(text: str, scripts: list[str], styles: list[str], in_css: Any) -> str:  # noqa: ANN401 - a function
    """Take scripts and styles out of HTML and return the rest."""

    def take(match: re.Match[str]) -> str:
        if match[1].lower() == "style":
            styles.append(in_css(match[3]))
        elif not re.search(r"\b(src|type)\s*=", match[2]):
            scripts.append(match[3])
        return ""

    return _PART.sub(take, text)


def _css(text: str) -> str:
    # The policy of the page forbids requests; this keeps a style sheet from trying.
    still = re.sub(r"@import[^;]*;?|url\(\s*(?!['\"]?data:)[^)]*\)", "", text, flags=re.IGNORECASE)
    return re.sub(r"<(?=/style|!--)", r"\\3c ", still, flags=re.IGNORECASE)


def _keeps(element: Any) -> bool:  # noqa: ANN401 - folium has no types
    return not hasattr(element, "url")


def _names(element: Any) -> set[str]:  # noqa: ANN401 - folium has no types
    found = {element.get_name()}
    for child in element._children.values():  # noqa: SLF001 - folium offers no other way to its children
        found |= _names(child)
    marker = getattr(element, "marker", None)
    return found if marker is None or not hasattr(marker, "get_name") else found | {str(marker.get_name())}


def _linked(drawn: Any, links: list[Any], assets: Path | None) -> tuple[list[str], list[str]]:  # noqa: ANN401 - folium has no types
    """Return the scripts and styles of plugins that are in the folder, and tell of the others."""
    own = {url for _, url in (*drawn.default_js, *drawn.default_css)}
    asked = [(str(link.url), type(link).__name__ == "CssLink") for link in links if str(link.url) not in own]
    import folium

    found = resolve(asked, assets, Path(folium.__file__).parent / "templates")
    if found.missing:
        msg = (
            "these files of folium plugins are not in the page, and without a network their layers do not show; "
            f"give a folder that holds them as assets=: {', '.join(found.missing)}"
        )
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    if found.pictures:
        msg = (
            "these pictures of plugins are not in the folder of their style sheets, or are too large, and do not show: "
            f"{', '.join(found.pictures)}"
        )
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    return found.scripts, found.styles
