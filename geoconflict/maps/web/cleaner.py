"""Reduce HTML that a caller gave to harmless HTML, by a list of what is allowed."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

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
    """Write the allowed part of what it is fed; ``dropped`` lists what was left out."""

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
        """Return what was allowed, with every tag closed."""
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
    """Return harmless HTML, and what was left out.

    Examples
    --------
    >>> clean_html('<b onclick="x()">bold</b><script>y()</script>')
    ('<b>bold</b>', ['onclick of <b>', '<script>'])
    """
    cleaner = Cleaner()
    cleaner.feed(html)
    return cleaner.finish(), cleaner.dropped
