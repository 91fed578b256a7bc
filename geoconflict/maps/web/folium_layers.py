"""Layers of folium in the page: rendered as data, cleaned, with the files of plugins embedded.

Files that plugins link to are taken from a folder of the caller, or reported as missing. The
folder can be flat or an ``npm install`` tree: files are found by name, and among several with the
same name by the parts of the path that they share with the link. A CDN minifies ``x.js`` to
``x.min.js``, so one is used for the other.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError, LimitError, OutputError
from geoconflict.maps.web.folium_render import Sink, Tokens, rendering
from geoconflict.maps.web.snapshot import Shot

if TYPE_CHECKING:
    import folium

MAP_ID = "geoconflict"
_PART = re.compile(r"<(style|script)\b([^>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


class OfflineWarning(UserWarning):
    """A folium layer needs something that an offline file does not have."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What folium layers add to the page.

    Attributes
    ----------
    scripts, styles : tuple of str
    html : str
        Cleaned HTML.
    """

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    html: str


def new_map(box: Bounds, take_picture: Callable[[Shot], bytes]) -> folium.Map:
    """Return an empty ``folium.Map`` without tiles; ``take_picture`` replaces its own screenshots."""
    import folium

    made = folium.Map(location=[(box.south + box.north) / 2, box.center[0]], tiles=None, zoom_control=False)
    made._id = MAP_ID  # noqa: SLF001 - folium has random ids; the page needs a fixed one

    def picture(delay: int = 3, driver: object = None, size: tuple[int, int] | None = None) -> bytes:
        """Return a screenshot of the page; folium's own one would be blank offline."""
        del delay  # the page reports when it is drawn
        if driver is not None:
            msg = "screenshots are taken with Playwright, not with a Selenium driver; see Map.snapshot"
            raise InputError(msg)
        return take_picture(Shot() if size is None else Shot(size_px=(int(size[0]), int(size[1])), scale=1.0))

    vars(made)["_to_png"] = picture
    return made


def render(map_: Any, assets: Path | None = None) -> Rendered:  # noqa: ANN401 - folium has no types
    """Return what the layers of a folium map add to the page.

    Parameters
    ----------
    map_ : folium.Map
    assets : Path, optional
        A folder with the files that plugins load from the network, to embed them in the page.

    Returns
    -------
    Rendered

    Raises
    ------
    OutputError
        If there is text where a template of folium expects JavaScript.

    Warns
    -----
    OfflineWarning
        For files of plugins that are not in ``assets``, and for HTML that was removed.
    """
    figure = map_.get_root()
    boxes = (figure.header, figure.html, figure.script)
    # Rendering writes into these boxes: start without what folium left there when it showed the map.
    before = [dict(box._children) for box in boxes]  # noqa: SLF001 - folium has no other access to children
    clean = [_without_rendered(children, figure) for children in before]
    # It also adds children to the elements, such as the icon of a marker, once for each rendering.
    tree = [(element, dict(element._children)) for element in _elements(figure)]  # noqa: SLF001 - folium has no other access to children
    try:
        for box, children in zip(boxes, clean, strict=True):
            _set_children(box, children)
        with rendering(map_) as sink:
            names = _names(figure)
            for child in list(figure._children.values()):  # noqa: SLF001 - folium has no other access to children
                child.render()
            after = [dict(box._children) for box in boxes]  # noqa: SLF001 - folium has no other access to children
            for name in _rendered_before(tree):
                for part in (sink.header, sink.html, sink.script):
                    part.pop(name, None)
            raw = [{k: (v, str(v.render())) for k, v in children.items() if _keeps(v)} for children in after]
    finally:
        for element, children in [*zip(boxes, before, strict=True), *tree]:
            _set_children(element, children)
    links = [v for v in after[0].values() if not _keeps(v)]
    given = [{k for k, v in own.items() if now.get(k) is v} for own, now in zip(clean, after, strict=True)]
    scripts, styles = _linked(map_, links, assets)
    return _assemble(sink, raw, given, names, (scripts, styles))


def _set_children(box: Any, children: dict[str, Any]) -> None:  # noqa: ANN401 - folium has no types
    box._children.clear()  # noqa: SLF001 - folium has no other access to children
    box._children.update(children)  # noqa: SLF001 - folium has no other access to children


def _without_rendered(children: dict[str, Any], figure: Any) -> dict[str, Any]:  # noqa: ANN401 - folium has no types
    """Return the children that the caller added: not those that an earlier rendering wrote."""
    elements = list(_elements(figure))
    written = {"global_switches", "css_style", "map_style"}
    for element in elements:
        written |= {name for name, _ in (*getattr(element, "default_js", ()), *getattr(element, "default_css", ()))}
    written |= _names(figure)
    return {
        key: child
        for key, child in children.items()
        if key not in written and not (_HEX.search(key) and key != child.get_name())
    }


def _rendered_before(tree: list[tuple[Any, dict[str, Any]]]) -> list[str]:
    """Return the names of children that an earlier rendering added: this one has added the same again."""
    found = []
    for element, before in tree:
        known = {id(child) for child in before.values()}
        added = [child for child in element._children.values() if id(child) not in known]  # noqa: SLF001 - folium has no other access to children
        found += [old.get_name() for old in before.values() if any(_same(old, new) for new in added)]
    return found


def _same(first: Any, second: Any) -> bool:  # noqa: ANN401 - folium has no types
    mine, other = ({k: v for k, v in vars(e).items() if not k.startswith("_")} for e in (first, second))
    return type(first) is type(second) and mine == other


def _elements(element: Any) -> Iterator[Any]:  # noqa: ANN401 - folium has no types
    yield element
    for child in element._children.values():  # noqa: SLF001 - folium has no other access to children
        yield from _elements(child)


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
    # The output of templates: tags are from folium, because all texts are placeholders.
    for text in sink.header.values():
        _split(text, code, styles, tokens.in_css)
    html = [tokens.in_html(_split(text, code, styles, tokens.in_css)) for text in sink.html.values()]
    _added(raw[0], given[0], (code, styles, dropped), tokens)
    html += _added(raw[1], given[1], (code, styles, dropped), tokens)
    code += [text for _, text in raw[2].values()]
    code += sink.script.values()
    # TimestampedGeoJson expects a global variable that is local here.
    joined = "\n".join(code).replace("addControl(this.timeDimensionControl)", "addControl(timeDimensionControl)")
    script, faults = tokens.in_script(joined, names)
    if faults:
        shown = [Fault(f"{text[:80]!r} is text where a template of folium expects JavaScript") for text in faults]
        lines = "\n".join(f"  - {fault}" for fault in shown)
        msg = f"a folium layer cannot be saved; wrap JavaScript in folium.utilities.JsCode\n{lines}"
        raise OutputError(msg)
    if dropped:
        msg = f"removed from HTML that was added to the map: {', '.join(dict.fromkeys(dropped))}"
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    numbers = _Numbers()
    body = f"(function () {{\n{numbers(script)}\n}})();" if script.strip() else ""
    return Rendered(
        tuple(_whole(s) for s in (*scripts, body) if s),
        tuple(_whole(numbers(_css(s))) for s in styles),
        _whole(numbers("".join(html))),
    )


def _whole(text: str) -> str:
    """Replace lone surrogates, which UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _added(
    parts: dict[str, tuple[Any, str]], given: set[str], out: tuple[list[str], list[str], list[str]], tokens: Tokens
) -> list[str]:
    """Add the elements of the caller: scripts are dropped and tags cleaned."""
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
    """Replace the random ids of folium by numbers in order of appearance."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return _HEX.sub(lambda m: self.seen.setdefault(m[0], f"{len(self.seen):032x}"), text)


def _split(text: str, scripts: list[str], styles: list[str], in_css: Any) -> str:  # noqa: ANN401 - a function
    """Move scripts and styles out of HTML and return the rest."""

    def take(match: re.Match[str]) -> str:
        if match[1].lower() == "style":
            styles.append(in_css(match[3]))
        elif not re.search(r"\b(src|type)\s*=", match[2]):
            scripts.append(match[3])
        return ""

    return _PART.sub(take, text)


def _css(text: str) -> str:
    # The page forbids requests; remove them from style sheets.
    clean = re.sub(r"@import[^;]*;?|url\(\s*(?!['\"]?data:)[^)]*\)", "", text, flags=re.IGNORECASE)
    return re.sub(r"<(?=/style|!--)", r"\\3c ", clean, flags=re.IGNORECASE)


def _keeps(element: Any) -> bool:  # noqa: ANN401 - folium has no types
    return not hasattr(element, "url")


def _names(element: Any) -> set[str]:  # noqa: ANN401 - folium has no types
    found = set()
    for each in _elements(element):
        found.add(str(each.get_name()))
        marker = getattr(each, "marker", None)
        if marker is not None and hasattr(marker, "get_name"):
            found.add(str(marker.get_name()))
    return found


def _linked(map_: Any, links: list[Any], assets: Path | None) -> tuple[list[str], list[str]]:  # noqa: ANN401 - folium has no types
    """Return the scripts and styles of plugins that are in the folder; warn about the others."""
    own = {url for _, url in (*map_.default_js, *map_.default_css)}
    asked = [(str(link.url), type(link).__name__ == "CssLink") for link in links if str(link.url) not in own]
    import folium

    found = resolve(asked, assets, Path(folium.__file__).parent / "templates")
    if found.missing:
        msg = (
            "these files of folium plugins are not in the page, so their layers do not work offline; "
            f"set assets= to a folder with them: {', '.join(found.missing)}"
        )
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    if found.pictures:
        msg = (
            "these images of plugins are missing from the folder of their style sheets, or too large: "
            f"{', '.join(found.pictures)}"
        )
        warnings.warn(msg, OfflineWarning, stacklevel=5)
    return found.scripts, found.styles


_MAX_FILES = 100_000
_IMAGE_BYTES = 300_000
_IMAGES = {
    ".png": "image/png",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
_URL = re.compile(r"url\(\s*(['\"]?)([^'\")]+)\1\s*\)", re.IGNORECASE)
# The page has a substitute for the parts of jQuery that folium uses; highlight.js is not used on maps.
_NOT_NEEDED = re.compile(r"/(jquery(-ui)?(\.slim)?(\.min)?\.js|highlight\.js/.*\.css)\Z", re.IGNORECASE)
# Replaces the icon font of leaflet-timedimension; the page allows no fonts.
_SIGNS = (
    ".timecontrol-backward:before{content:'\\2039'}.timecontrol-forward:before{content:'\\203a'}"
    ".timecontrol-play:before{content:'\\25b6'}.timecontrol-play.pause:before{content:'\\23f8'}"
    ".timecontrol-stop:before{content:'\\25a0'}.timecontrol-loop:before{content:'\\21bb'}"
    ".timecontrol-speed:before{content:'\\00bb'}"
)


@dataclass
class Linked:
    """The files of links.

    Attributes
    ----------
    scripts, styles : list of str
    missing : list of str
        Links without a file in the folder.
    pictures : list of str
        Images of style sheets that are missing, too large, or outside the folder.
    """

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)


def resolve(links: Iterable[tuple[str, bool]], folder: Path | None, own: Path | None = None) -> Linked:
    """Find and read the files of links.

    Parameters
    ----------
    links : iterable of tuple
        URL, and whether it is a style sheet.
    folder : Path or None
    own : Path, optional
        Folder of folium with files of its own; ``folder`` has priority.

    Returns
    -------
    Linked

    Raises
    ------
    InputError
        If the folder does not exist, or several different files match a link.
    """
    out = Linked()
    files = _files(folder) if folder is not None else {}
    if own is not None and own.is_dir():
        files = {**_files(own), **files}
    for url, is_style in links:
        if _NOT_NEEDED.search(urlsplit(url).path):
            continue
        path = _find(url, files)
        if path is None:
            out.missing.append(url)
            continue
        text = path.read_text(encoding="utf-8", errors="replace").lstrip("\ufeff")
        if is_style:
            inside = folder if folder is not None and path.is_relative_to(folder) else own
            out.styles.append(_with_pictures(text, path, inside, out.pictures))
            if "timedimension" in path.name:
                out.styles.append(_SIGNS)
        else:
            # Remove references to source maps, which developer tools would request.
            text = re.sub(r"^//[#@] sourceMappingURL=.*$", "", text, flags=re.MULTILINE)
            out.scripts.append(re.sub(r"<(?=/script|!--)", r"\\x3c", text, flags=re.IGNORECASE))
    return out


def _files(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        msg = f"assets is {str(folder)!r}, which is not a folder"
        raise InputError(msg)
    found: dict[str, list[Path]] = {}
    for i, path in enumerate(sorted(folder.rglob("*"))):
        if i >= _MAX_FILES:
            msg = f"the assets folder {folder} has more than {_MAX_FILES:,} files; use a smaller one"
            raise LimitError(msg)
        if path.suffix.lower() in {".js", ".css"} and path.is_file():
            found.setdefault(path.name.lower(), []).append(path)
    return found


def _find(url: str, files: dict[str, list[Path]]) -> Path | None:
    path = unquote(urlsplit(url).path)
    name = path.rsplit("/", 1)[-1].lower()
    stem, dot, suffix = name.rpartition(".")
    other = f"{stem.removesuffix('.min')}{dot}{suffix}" if stem.endswith(".min") else f"{stem}.min{dot}{suffix}"
    found = files.get(name) or files.get(other) or []
    if len(found) < 2:
        return found[0] if found else None
    parts = {re.sub(r"@[\d.]+\Z", "", part).lower() for part in path.split("/")[:-1]}
    share = [sum(part.lower() in parts for part in at.parts[:-1]) for at in found]
    best = [at for at, n in zip(found, share, strict=True) if n == max(share)]
    if len({at.read_bytes() for at in best}) > 1:
        msg = f"several files in the assets folder match {url}: {', '.join(str(at) for at in best[:5])}; keep one"
        raise InputError(msg)
    return best[0]


def _with_pictures(css: str, path: Path, inside: Path | None, missing: list[str]) -> str:
    """Return a style sheet with its images as data URLs, and without other URLs."""

    def put(match: re.Match[str]) -> str:
        address = match[2].strip()
        if address.startswith("data:"):
            return match[0]
        kind = _IMAGES.get(PurePosixPath(unquote(address.split("?")[0].split("#")[0])).suffix.lower())
        at = _picture(address, path, inside) if kind and inside is not None else None
        if at is not None:
            return f'url("data:{kind};base64,{base64.b64encode(at.read_bytes()).decode("ascii")}")'
        # SVG files can be fonts; the page allows none.
        if kind and "/fonts/" not in address:
            missing.append(f"{path.name}: {address}")
        return "none"

    return _URL.sub(put, css)


def _picture(address: str, path: Path, inside: Path) -> Path | None:
    """Return the image that a style sheet refers to, or None; files outside the folder are not read.

    Relative paths and symbolic links are resolved first, so that no other file gets into a map.
    """
    try:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        at = (path.parent / unquote(parts.path)).resolve(strict=True)
        if not at.is_relative_to(inside.resolve(strict=True)) or not at.is_file():
            return None
        return at if at.stat().st_size <= _IMAGE_BYTES else None
    except (OSError, RuntimeError, ValueError):
        # Missing, a symbolic link loop, or not a valid URL.
        return None


_TAGS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "u",
        "ul",
    ]
)
_VOID = frozenset({"br", "col", "hr", "img"})
_ATTRIBUTES = frozenset({"alt", "class", "colspan", "dir", "height", "lang", "rowspan", "scope", "title", "width"})
_DROPPED_WHOLE = frozenset({"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"})
_STYLE = re.compile(r"[\w\s.#%,:;()+-]*\Z")
_BAD_STYLE = re.compile(r"position|z-index|url|expression|@import|-moz-binding|behavior|inset|content", re.IGNORECASE)


class Cleaner(HTMLParser):
    """Keep the allowed tags and attributes of HTML; ``dropped`` lists the others."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.dropped: list[str] = []
        self._open: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write an allowed tag with its allowed attributes."""
        if tag in _DROPPED_WHOLE:
            self._inside += 1
            self.dropped.append(f"<{tag}>")
            return
        if self._inside:
            return
        if tag not in _TAGS:
            self.dropped.append(f"<{tag}>")
            return
        kept = [
            f' {name}="{escape(value or "", quote=True)}"' for name, value in attrs if self._allowed(tag, name, value)
        ]
        if tag == "a":
            kept.append(' rel="noopener noreferrer nofollow" target="_blank"')
        self.out.append(f"<{tag}{''.join(kept)}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close a tag that is open."""
        if tag in _DROPPED_WHOLE:
            self._inside = max(0, self._inside - 1)
            return
        if self._inside or tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            self.out.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        """Write a text, escaped."""
        if not self._inside:
            self.out.append(escape(data, quote=False))

    def finish(self) -> str:
        """Return the cleaned HTML, with all tags closed."""
        self.close()
        self.out += [f"</{tag}>" for tag in reversed(self._open)]
        self._open.clear()
        return "".join(self.out)

    def _allowed(self, tag: str, name: str, value: str | None) -> bool:
        text = (value or "").strip()
        good = name in _ATTRIBUTES
        if name == "href" and tag == "a":
            good = text.lower().startswith(("http://", "https://", "mailto:"))
        elif name == "src" and tag == "img":
            good = re.match(r"data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+\Z", text) is not None
        elif name == "style":
            good = _STYLE.match(text) is not None and not _BAD_STYLE.search(text)
        if not good:
            self.dropped.append(f"{name} of <{tag}>")
        return good


def clean_html(html: str) -> tuple[str, list[str]]:
    """Return cleaned HTML, and what was removed.

    Examples
    --------
    >>> clean_html('<b onclick="x()">bold</b><script>y()</script>')
    ('<b>bold</b>', ['onclick of <b>', '<script>'])
    """
    cleaner = Cleaner()
    cleaner.feed(html)
    return cleaner.finish(), cleaner.dropped
