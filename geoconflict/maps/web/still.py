"""The printed figure inside the page, for readers whose browser runs no scripts.

The picture is a PNG of at most 256 colours: for the sample map it takes a sixth of the
bytes of the figure as SVG, and a picture runs nothing.
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.maps.web.page import clean

if TYPE_CHECKING:
    from geoconflict.maps.scene import Description
    from geoconflict.maps.webmap import Map

SIZE_MM = (183.0, 122.0)
_DPI = 150
_COMMON = 128


def still(drawn: Map) -> str:
    """Return HTML with the figure of a map as a picture, its summary, and its legend as text.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from geoconflict.maps.layers import Places
    >>> from geoconflict.maps.webmap import Map
    >>> rukla = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> still(Map([Places(rukla)], title="Rukla"))[:63]
    '<figure class="gc-still"><img src="data:image/png;base64,iVBORw'
    """
    picture, width, height = png(drawn)
    summary = clean(drawn.facts().summary)
    shown = [d for d in drawn.descriptions() if d.visible and not d.background and d.legend]
    # The legend stands in the picture too; as text it can be read aloud and enlarged.
    legend = "".join(f"<li>{_legend(d)}</li>" for d in shown)
    return (
        f'<figure class="gc-still"><img src="data:image/png;base64,{picture}" width="{width}" height="{height}" '
        f'alt="{summary}"><figcaption><p>{summary}</p><p>A picture of the map: the interactive map needs JavaScript.'
        f"</p>{f'<h2>Legend</h2><ul>{legend}</ul>' if legend else ''}</figcaption></figure>"
    )


def png(drawn: Map) -> tuple[str, int, int]:
    """Return the figure as a PNG in base64, with its width and height in pixels."""
    from geoconflict.maps.figure import figure

    whole = io.BytesIO()
    figure(drawn, size_mm=SIZE_MM).savefig(whole, format="png", dpi=_DPI)
    # matplotlib brings Pillow.
    from PIL import Image

    whole.seek(0)
    with Image.open(whole) as opened:
        image = opened.convert("RGB")
    small = io.BytesIO()
    _reduced(image).save(small, "png", optimize=True)
    return base64.b64encode(small.getvalue()).decode("ascii"), image.width, image.height


def _reduced(image: Any) -> Any:  # noqa: ANN401 - Pillow comes with matplotlib, which is optional
    """Return a picture of 256 colours: the commonest as they are, the others spread over what is left.

    A palette by area alone would shift the small marks, whose colour says what they are.
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


def _legend(layer: Description) -> str:
    entries = [f"{entry.label} ({entry.count:,})" for entry in layer.legend]
    if len(entries) == 1 and layer.legend[0].label == layer.name:
        return clean(entries[0])
    return f"{clean(layer.name)}: {clean('; '.join(entries))}"
