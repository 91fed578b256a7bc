"""The page of a web map: one HTML file with a strict Content-Security-Policy.

All text is escaped when HTML is written; data is JSON or base64 in script elements that browsers
do not run. The policy allows only scripts with known SHA-256 hashes, and forbids all requests.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from importlib import resources
from typing import Any

import numpy as np

from geoconflict.maps.basemap import OnlineTiles, Pictures
from geoconflict.maps.scene import Facts, Scene, translated
from geoconflict.maps.spec import LayerSpec
from geoconflict.maps.symbols import symbols
from geoconflict.maps.view import locator, unwrapped
from geoconflict.maps.web.folium_layers import Rendered
from geoconflict.maps.web.pack import Packed, pack
from geoconflict.maps.words import right_to_left

# Characters to escape in JSON inside a script element, or in JavaScript (ECMA-262 before 2019).
_INERT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


# The licence of Leaflet must be readable; the script itself is compressed.
_LEAFLET = (
    "<!-- Contains Leaflet 1.9.4: (c) 2010-2023 Volodymyr Agafonkin, (c) 2010-2011 CloudMade; "
    "BSD 2-Clause, https://opensource.org/license/bsd-2-clause -->"
)


def inert_json(value: object) -> str:
    r"""Return JSON for a script element: ASCII without ``<``, ``>`` and ``&``.

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
    """Return a script or style sheet of this package."""
    text = resources.files("geoconflict.maps.web").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean(text: object) -> str:
    """Escape text for HTML; lone surrogates and control characters become U+FFFD."""
    plain = str(text).encode("utf-8", "replace" if _lone(str(text)) else "strict").decode("utf-8")
    plain = "".join("\ufffd" if (ord(c) < 32 and c not in "\t\n") or 0x7F <= ord(c) < 0xA0 else c for c in plain)
    return escape(plain, quote=True)


def _lone(text: str) -> bool:
    return any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def page_html(scene: Scene, *, extra: Rendered | None = None, still: str = "") -> str:
    """Return the HTML file.

    Parameters
    ----------
    scene : Scene
    extra : Rendered, optional
        What folium layers add to the page.
    still : str
        Safe HTML for readers without JavaScript; by default a text summary.

    Returns
    -------
    str
    """
    extra = extra or Rendered((), (), "")
    options, words, base = scene.options, scene.options.wording(), scene.basemap
    facts = scene.facts()
    named = str(options.tiles) if base is None else ""
    tiles = OnlineTiles.named(named) if named else None
    if tiles is not None:
        facts = replace(facts, attributions=(*facts.attributions, tiles.attribution))
    packed = [
        pack(translated(d.spec, words), lon0=scene.view.lon0, tolerance_deg=d.tolerance_deg) for d in scene.details
    ]
    config = _config(scene, facts.cited, tiles)
    config["layers"] = [{**layer.head, "id": i} for i, layer in enumerate(packed)]
    boot = asset("boot.js")
    scripts = [asset("leaflet.js"), asset("geoconflict.js")]
    styles = [asset("geoconflict.css"), *extra.styles]
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in (boot, *scripts, *extra.scripts))
    images = " ".join(["data:", *(tiles.hosts() if tiles else ())])
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src {images}; "
        "base-uri 'none'; form-action 'none'"
    )
    direction = "rtl" if right_to_left(options.lang) else "ltr"
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{clean(options.lang)}" dir="{direction}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="referrer" content="{"origin" if tiles else "no-referrer"}">',
        f'<meta name="description" content="{clean(facts.summary)}">',
        '<meta name="generator" content="geoconflict">',
        f"<title>{clean(scene.title)}</title>",
        *(f"<style>{style}</style>" for style in styles),
        "</head>",
        '<body class="gc">',
        *_body(scene, facts, extra.html, still),
        f'<script type="application/json" id="gc-config">{inert_json(config)}</script>',
        *_data(packed, base.pictures if base is not None else None),
        _LEAFLET,
        f'<script type="text/plain" id="gc-code">{_deflated(scripts, [asset("leaflet.css")])}</script>',
        # The boot script runs these after the others.
        *(f'<script type="text/plain" class="gc-then">{script}</script>' for script in extra.scripts),
        f"<script>{boot}</script>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(parts)


def _config(scene: Scene, cited: dict[str, int], tiles: OnlineTiles | None) -> dict[str, Any]:
    """Return the JSON data for the script."""
    view, options = scene.view, scene.options
    inset = locator(view, worldviews=scene.worldviews) if options.locator else None
    return {
        "version": 1,
        "title": scene.title,
        "lang": options.lang,
        "theme": options.theme,
        "asOf": scene.as_of,
        "opens": scene.state_date,
        "time": options.time,
        "box": unwrapped(view.bounds, view.lon0),
        "extent": unwrapped(view.extent, view.lon0),
        "lon0": view.lon0,
        "sources": cited,
        "symbols": _symbols(scene.specs),
        "words": options.wording().table,
        "locator": inset.config() if inset else None,
        "tiles": tiles.config() if tiles else None,
    }


def _symbols(specs: Sequence[LayerSpec]) -> dict[str, Any] | None:
    """Return the obstacle symbols that the layers use."""
    used = {style.symbol for spec in specs for style in spec.styles if style.symbol}
    if not used:
        return None
    return symbols.page_rules(used)


def _data(packed: Sequence[Packed], pictures: Pictures | None) -> Iterable[str]:
    for i, layer in enumerate(packed):
        yield f'<script type="text/plain" id="gc-blob-{i}">{layer.blob}</script>'
        if layer.rest:
            yield f'<script type="text/plain" id="gc-rest-{i}">{layer.rest}</script>'
        if layer.notes:
            yield f'<script type="text/plain" id="gc-text-{i}">{layer.notes}</script>'
    if pictures is not None:
        yield f'<script type="application/json" id="gc-tiles">{inert_json(_tiles(pictures))}</script>'


def _body(scene: Scene, facts: Facts, extra_html: str, still: str) -> Iterable[str]:
    words = scene.options.wording()
    say = words.say
    title = clean(scene.title)
    as_of = say("As of {day}", day=words.day(scene.as_of)) if scene.as_of else ""
    dated = f'<p class="gc-asof">{clean(as_of)}</p>' if as_of else ""
    yield f'<header class="gc-head"><h1><bdi>{title}</bdi></h1>{dated}</header>'
    if extra_html:
        yield f'<div class="gc-extra">{extra_html}</div>'
    yield '<main class="gc-main">'
    yield (
        f'<div id="gc-map" class="gc-map" role="region" aria-label="{title}" '
        'aria-describedby="gc-summary" tabindex="0"></div>'
    )
    yield f'<p id="gc-summary" class="gc-hidden">{clean(facts.summary)}</p>'
    yield '<div id="gc-status" class="gc-hidden" role="status" aria-live="polite"></div>'
    yield "</main>"
    needs = clean(say("The interactive map needs JavaScript."))
    fallback = still or f"<p>{clean(facts.summary)}</p><p>{needs}</p>"
    # Without JavaScript, hide the empty map and panels.
    yield (
        f"<noscript><style>.gc{{height:auto}}.gc-main{{display:none}}.gc-about-text{{position:static}}</style>"
        f'<div class="gc-noscript">{fallback}</div></noscript>'
    )
    yield '<footer class="gc-foot">'
    yield f'<p class="gc-credit">{clean(" · ".join(facts.attributions))}</p>' if facts.attributions else ""
    yield f'<details class="gc-about"><summary>{clean(say("Sources and method"))}</summary>'
    yield '<div class="gc-about-text">'
    if facts.sources:
        yield f"<h2>{clean(say('Sources'))}</h2><ol>"
        yield from (f'<li id="gc-source-{i}"><bdi>{clean(s)}</bdi></li>' for i, s in enumerate(facts.sources, 1))
        yield "</ol>"
    yield from _list(say("Method"), facts.methods)
    yield from _list(say("Notes"), facts.notes)
    if facts.disclaimer:
        yield f'<p class="gc-disclaimer">{clean(facts.disclaimer)}</p>'
    yield from _list(say("Data"), facts.attributions)
    yield "</div></details></footer>"


def _list(heading: str, texts: Sequence[str]) -> Iterable[str]:
    if texts:
        yield f"<h2>{clean(heading)}</h2><ul>"
        yield from (f"<li><bdi>{clean(text)}</bdi></li>" for text in texts)
        yield "</ul>"


def _deflated(scripts: list[str], styles: list[str]) -> str:
    raw = json.dumps({"scripts": scripts, "styles": styles}, separators=(",", ":")).encode("ascii")
    return base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _tiles(pictures: Pictures) -> dict[str, Any]:
    """Return image tiles as JSON data, each distinct image once."""
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


STILL_MM = (183.0, 122.0)
STILL_DPI = 150
_COMMON = 128


def still_html(scene: Scene, png: bytes) -> str:
    """Return HTML with the printed figure as a picture, a summary, and the legend as text.

    The picture has 256 colours: for the sample map it takes a sixth of the bytes of an SVG.

    Parameters
    ----------
    scene : Scene
    png : bytes
        The printed figure.

    Returns
    -------
    str
    """
    # Pillow is installed with matplotlib.
    from PIL import Image

    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB")
    small = io.BytesIO()
    _reduced(image).save(small, "png", optimize=True)
    picture = base64.b64encode(small.getvalue()).decode("ascii")
    summary = clean(scene.facts().summary)
    shown = [spec for spec in scene.specs if spec.visible and not spec.background and spec.legend]
    # The legend is also in the picture; as text, screen readers can read it.
    legend = "".join(f"<li>{_legend(spec)}</li>" for spec in shown)
    return (
        f'<figure class="gc-still"><img src="data:image/png;base64,{picture}" width="{image.width}" height="{image.height}" '
        f'alt="{summary}"><figcaption><p>{summary}</p><p>A picture of the map: the interactive map needs JavaScript.'
        f"</p>{f'<h2>Legend</h2><ul>{legend}</ul>' if legend else ''}</figcaption></figure>"
    )


def _reduced(image: Any) -> Any:  # noqa: ANN401 - Pillow comes with matplotlib, which is optional
    """Reduce a picture to 256 colours: the most frequent ones exactly, the others spread over the rest.

    A palette by area alone would change the colours of small markers.
    """
    from PIL import Image

    rgb = np.asarray(image).astype(np.int64)
    found, where, count = np.unique(
        (rgb[..., 0] << 16 | rgb[..., 1] << 8 | rgb[..., 2]).ravel(), return_inverse=True, return_counts=True
    )
    common = found[np.lexsort((found, -count))[:_COMMON]]
    common = np.column_stack([common >> 16, common >> 8 & 255, common & 255])
    rest = image.quantize(256 - len(common), method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette()
    spread = np.array(rest[: 3 * (256 - len(common))], dtype=np.int64).reshape(-1, 3)
    palette = np.concatenate([common, spread])
    colours = np.column_stack([found >> 16, found >> 8 & 255, found & 255])
    nearest = np.concatenate(
        [
            ((block[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
            for block in np.array_split(colours, len(colours) // 4096 + 1)
        ]
    )
    out = Image.fromarray(nearest[where].astype(np.uint8).reshape(rgb.shape[:2]), "P")
    out.putpalette(palette.astype(np.uint8).tobytes())
    return out


def _legend(layer: LayerSpec) -> str:
    entries = [f"{entry.label} ({entry.count:,})" for entry in layer.legend]
    if len(entries) == 1 and layer.legend[0].label == layer.name:
        return clean(entries[0])
    return f"{clean(layer.name)}: {clean('; '.join(entries))}"
