"""The page of a web map: one HTML file with everything in it, and a policy that holds it in.

Every text is escaped on its way into HTML; data travels as JSON or base64 in script tags
that no browser runs. The Content-Security-Policy names each script by its SHA-256, so that
nothing else runs, and forbids every request.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoconflict.maps.basemap import Pictures
    from geoconflict.maps.web.pack import Packed
    from geoconflict.maps.web.words import Words

# What JSON must not carry as it is inside a script tag, or inside JavaScript (ECMA-262 before 2019).
_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


# Its licence wants to be with it, and it is deflated.
_LEAFLET = (
    "<!-- Contains Leaflet 1.9.4: (c) 2010-2023 Volodymyr Agafonkin, (c) 2010-2011 CloudMade; "
    "BSD 2-Clause, https://opensource.org/license/bsd-2-clause -->"
)


def inert_json(value: object) -> str:
    r"""Return JSON that can stand in a script tag: ASCII, with no ``<``, ``>`` or ``&``.

    Examples
    --------
    >>> inert_json({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    for character, written in _INERT.items():
        text = text.replace(character, written)
    return text


def asset(name: str) -> str:
    """Return a script or style sheet that the package carries."""
    text = resources.files("geoconflict.maps.web").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean(text: object) -> str:
    """Return a text as HTML text, with lone surrogates and other control characters shown as U+FFFD."""
    plain = str(text).encode("utf-8", "replace" if _lone(str(text)) else "strict").decode("utf-8")
    plain = "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 else c for c in plain)
    return escape(plain, quote=True)


def _lone(text: str) -> bool:
    return any(0xD800 <= ord(c) <= 0xDFFF for c in text)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made of.

    Attributes
    ----------
    title, lang, direction : str
    as_of : str or None
        Written out, such as ``19 August 2025``.
    words : Words
        The page's own words.
    config : dict
        What the script reads; JSON-able.
    packed : tuple of Packed
    sources, methods, attributions, notes : tuple of str
    disclaimer, summary : str
        ``summary`` tells in words what the map shows.
    extra_scripts, extra_styles : tuple of str
        Of folium's layers.
    extra_html : str
        Already safe.
    image_sources : tuple of str
        Hosts of online tiles; empty for a map that makes no request.
    fallback : str
        HTML for readers without scripts; already safe; may be empty.
    pictures : Pictures or None
        Tiles of a base map that the page carries.
    """

    title: str
    lang: str
    direction: str
    as_of: str | None
    words: Words
    config: dict[str, Any]
    packed: tuple[Packed, ...]
    sources: tuple[str, ...]
    methods: tuple[str, ...]
    attributions: tuple[str, ...]
    notes: tuple[str, ...]
    disclaimer: str
    summary: str
    extra_scripts: tuple[str, ...] = ()
    extra_styles: tuple[str, ...] = ()
    extra_html: str = ""
    image_sources: tuple[str, ...] = ()
    fallback: str = ""
    pictures: Pictures | None = None

    def html(self) -> str:
        """Return the file."""
        boot = asset("boot.js")
        scripts = [asset("leaflet.js"), asset("geoconflict.js")]
        styles = [asset("geoconflict.css"), *self.extra_styles]
        hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in (boot, *scripts, *self.extra_scripts))
        images = " ".join(["data:", *self.image_sources])
        policy = (
            f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {images}; "
            "base-uri 'none'; form-action 'none'"
        )
        referrer = "origin" if self.image_sources else "no-referrer"
        parts = [
            "<!DOCTYPE html>",
            f'<html lang="{clean(self.lang)}" dir="{clean(self.direction)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="referrer" content="{referrer}">',
            f'<meta name="description" content="{clean(self.summary)}">',
            '<meta name="generator" content="geoconflict">',
            f"<title>{clean(self.title)}</title>",
            *(f"<style>{style}</style>" for style in styles),
            "</head>",
            '<body class="gc">',
            *self._body(),
            f'<script type="application/json" id="gc-config">{inert_json(self._config())}</script>',
            *self._data(),
            _LEAFLET,
            f'<script type="text/plain" id="gc-code">{_deflated(scripts, [asset("leaflet.css")])}</script>',
            # Run after the others, by the script that begins; until then text.
            *(f'<script type="text/plain" class="gc-then">{script}</script>' for script in self.extra_scripts),
            f"<script>{boot}</script>",
            "</body>",
            "</html>",
            "",
        ]
        return "\n".join(parts)

    def _config(self) -> dict[str, Any]:
        heads = [{**p.head, "id": i} for i, p in enumerate(self.packed)]
        return {**self.config, "layers": heads}

    def _data(self) -> Iterable[str]:
        for i, packed in enumerate(self.packed):
            yield f'<script type="text/plain" id="gc-blob-{i}">{packed.blob}</script>'
            if packed.rest:
                yield f'<script type="text/plain" id="gc-rest-{i}">{packed.rest}</script>'
            if packed.notes:
                yield f'<script type="text/plain" id="gc-text-{i}">{packed.notes}</script>'
        if self.pictures is not None:
            yield f'<script type="application/json" id="gc-tiles">{inert_json(_tiles(self.pictures))}</script>'

    def _body(self) -> Iterable[str]:
        as_of = f'<p class="gc-asof">{clean(self.as_of)}</p>' if self.as_of else ""
        yield f'<header class="gc-head"><h1><bdi>{clean(self.title)}</bdi></h1>{as_of}</header>'
        if self.extra_html:
            yield f'<div class="gc-extra">{self.extra_html}</div>'
        yield '<main class="gc-main">'
        yield (
            f'<div id="gc-map" class="gc-map" role="region" aria-label="{clean(self.title)}" '
            'aria-describedby="gc-summary" tabindex="0"></div>'
        )
        yield f'<p id="gc-summary" class="gc-hidden">{clean(self.summary)}</p>'
        yield '<div id="gc-status" class="gc-hidden" role="status" aria-live="polite"></div>'
        yield "</main>"
        say = self.words.say
        needs = clean(say("The interactive map needs JavaScript."))
        fallback = self.fallback or f"<p>{clean(self.summary)}</p><p>{needs}</p>"
        # The empty map and the panels that the script fills give way to the words or the picture.
        yield (
            f"<noscript><style>.gc{{height:auto}}.gc-main{{display:none}}.gc-about-text{{position:static}}</style>"
            f'<div class="gc-noscript">{fallback}</div></noscript>'
        )
        yield '<footer class="gc-foot">'
        yield f'<p class="gc-credit">{clean(" · ".join(self.attributions))}</p>' if self.attributions else ""
        yield f'<details class="gc-about"><summary>{clean(say("Sources and method"))}</summary>'
        yield '<div class="gc-about-text">'
        if self.sources:
            yield f"<h2>{clean(say('Sources'))}</h2><ol>"
            yield from (f'<li id="gc-source-{i}"><bdi>{clean(s)}</bdi></li>' for i, s in enumerate(self.sources, 1))
            yield "</ol>"
        for heading, texts in ((say("Method"), self.methods), (say("Notes"), self.notes)):
            if texts:
                yield f"<h2>{clean(heading)}</h2><ul>"
                yield from (f"<li><bdi>{clean(text)}</bdi></li>" for text in texts)
                yield "</ul>"
        if self.disclaimer:
            yield f'<p class="gc-disclaimer">{clean(self.disclaimer)}</p>'
        if self.attributions:
            yield f"<h2>{clean(say('Data'))}</h2><ul>"
            yield from (f"<li><bdi>{clean(text)}</bdi></li>" for text in self.attributions)
            yield "</ul>"
        yield "</div></details></footer>"


def _deflated(scripts: list[str], styles: list[str]) -> str:
    raw = json.dumps({"scripts": scripts, "styles": styles}, separators=(",", ":")).encode("ascii")
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _tiles(pictures: Pictures) -> dict[str, Any]:
    """Return tiles as the page reads them: each different picture once."""
    blobs: dict[bytes, int] = {}
    at = {key: blobs.setdefault(raw, len(blobs)) for key, raw in pictures.tiles.items()}
    return {
        "type": pictures.media_type,
        "min": pictures.min_zoom,
        "max": pictures.max_zoom,
        "at": at,
        "pictures": [base64.b64encode(raw).decode("ascii") for raw in blobs],
    }


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
