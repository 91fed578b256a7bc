"""Basemaps: the tiles in view of a local PMTiles archive, embedded as data; or online tiles by name."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, InputError, LimitError, MissingExtraError, NameUnknownError, did_you_mean
from geoconflict.io.pmtiles import Entry, Reader
from geoconflict.maps.grids import mercator
from geoconflict.maps.spec import LayerSpec
from geoconflict.maps.vectortiles import vector_layers

# Assumed width of the first view.
_FIRST_VIEW_PX = 1200
_MAX_TILES = 4000
# A vector tile can be used at several positions; its bytes at all of them count against this multiple of max_bytes.
_PLACED = 4
_TILE_DEG = 360.0


@dataclass(frozen=True, slots=True)
class Archive:
    """A local PMTiles archive, as the basemap of a page.

    Attributes
    ----------
    path : str or Path
        A ``.pmtiles`` file, version 3, with images (PNG, JPEG, WebP) or vector tiles in the
        schema of Protomaps, OpenMapTiles or Shortbread.
    attribution : str
        Credit; needed only if the archive does not contain it.
    max_bytes : int
        Maximum size of the tiles taken from the archive, uncompressed; a tile used at several
        positions counts once.
    max_zoom : int
        Highest zoom level of image tiles, if ``max_bytes`` allows it.
    """

    path: str | Path
    attribution: str = ""
    max_bytes: int = 3_000_000
    max_zoom: int = 14

    def __post_init__(self) -> None:
        """Raise if a limit is out of range."""
        faults = []
        if not 10_000 <= self.max_bytes <= 200_000_000:
            faults.append(Fault(f"{self.max_bytes!r} is not from 10,000 to 200,000,000", field="max_bytes"))
        if not 0 <= self.max_zoom <= 22:
            faults.append(Fault(f"{self.max_zoom!r} is not from 0 to 22", field="max_zoom"))
        if faults:
            msg = "invalid options of Archive"
            raise InputError(msg, faults)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Image tiles.

    Attributes
    ----------
    media_type : str
    min_zoom, max_zoom : int
    tiles : dict
        ``z/x/y`` → bytes.
    """

    media_type: str
    min_zoom: int
    max_zoom: int
    tiles: Mapping[str, bytes]


@dataclass(frozen=True)
class BaseMap:
    """What a page uses of an archive.

    Attributes
    ----------
    attribution : str
    notes : tuple of str
        Zoom levels used, and whether the archive covers the view only in part.
    whole : bool
        Whether the archive covers the extent of the view.
    pictures : Pictures or None
    specs : tuple of LayerSpec
        Land, water, forest, roads, boundaries and places of vector tiles, from bottom to top.
    """

    attribution: str
    notes: tuple[str, ...]
    whole: bool
    pictures: Pictures | None = None
    specs: tuple[LayerSpec, ...] = field(default=())


def archived(tiles: str | Path | Archive) -> Archive | None:
    """Return the archive for the option ``tiles``, or None for online tiles and for none.

    Examples
    --------
    >>> archived("base.pmtiles")
    Archive(path='base.pmtiles', attribution='', max_bytes=3000000, max_zoom=14)
    >>> archived("OpenStreetMap.Mapnik") is None
    True
    """
    if isinstance(tiles, Archive):
        return tiles
    if isinstance(tiles, Path) or tiles.lower().endswith(".pmtiles"):
        return Archive(tiles)
    return None


def read(archive: Archive, box: Bounds, extent: Bounds, *, lang: str = "en") -> BaseMap:
    """Read the tiles of a view from an archive.

    Parameters
    ----------
    archive : Archive
    box : Bounds
        What the page shows at first.
    extent : Bounds
        Extent of the background.
    lang : str
        Language of names, if the archive has several.

    Returns
    -------
    BaseMap

    Raises
    ------
    ReadError
        If the archive is missing, damaged, or has no tiles in view.
    LimitError
        If the lowest useful zoom level needs more than ``max_bytes``, or more than four times as
        much when tiles count at each position.
    InputError
        If there is no attribution.
    """
    with Reader(Path(archive.path)) as reader:
        metadata = reader.metadata()
        attribution = _credit(archive, metadata)
        whole = _covers(reader.bounds, extent)
        beyond = () if whole else ("The basemap covers only a part of the view.",)
        if reader.kind != "vector":
            pictures, note = _pictures(reader, archive, box, extent)
            return BaseMap(attribution, (note, *beyond), whole, pictures=pictures)

        zoom, tiles = _one_zoom(reader, archive, box, extent)
        layers = vector_layers(reader, tiles, zoom, extent, lang=lang)
        note = f"Basemap: zoom level {zoom} of a tile archive with levels {reader.min_zoom} to {reader.max_zoom}."
        return BaseMap(attribution, (note, *beyond), whole, specs=layers)


def first_zoom(box: Bounds) -> int:
    """Return the integer zoom level at or below that of the first view.

    Examples
    --------
    >>> from geoconflict.crs import Bounds
    >>> first_zoom(Bounds(20, 50, 30, 56))
    7
    """
    return max(0, math.floor(math.log2(_FIRST_VIEW_PX / 256 * _TILE_DEG / max(box.width_deg, 1e-4))))


def covering(extent: Bounds, zoom: int) -> list[tuple[int, int]]:
    """Return x and y of the tiles of a zoom level that intersect a box.

    Examples
    --------
    >>> from geoconflict.crs import Bounds
    >>> covering(Bounds(170, 10, -170, 20), 2)
    [(3, 1), (0, 1)]
    """
    side = 1 << zoom
    west = math.floor((extent.west + 180) / 360 * side)
    east = math.ceil((extent.west + extent.width_deg + 180) / 360 * side - 1e-9)
    top, bottom = (
        min(side - 1e-9, max(0.0, y * side)) for y in mercator(np.array([extent.north, extent.south])).tolist()
    )
    columns = range(west, min(max(east, west + 1), west + side))
    return [(x % side, y) for x in columns for y in range(math.floor(top), math.floor(bottom) + 1)]


def count(extent: Bounds, zoom: int) -> float:
    """Return the approximate number of tiles of a zoom level in a box."""
    side = float(1 << zoom)
    top, bottom = (float(y) for y in mercator(np.array([extent.north, extent.south])))
    high = (bottom - top) * side + 1
    return (extent.width_deg / 360 * side + 1) * high


def _entries(reader: Reader, extent: Bounds, zoom: int) -> dict[tuple[int, int], Entry]:
    found = {(x, y): reader.find(zoom, x, y) for x, y in covering(extent, zoom)}
    return {at: entry for at, entry in found.items() if entry is not None}


@dataclass
class _Taken:
    """Tiles read from an archive, each distinct one once, up to a number of bytes.

    Attributes
    ----------
    reader : Reader
    left : int
        Bytes that may still be read.
    kept : dict
        Position of a tile in the archive → its bytes.
    """

    reader: Reader
    left: int
    kept: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def take(self, found: Mapping[tuple[int, int], Entry]) -> dict[tuple[int, int], bytes] | None:
        """Return the bytes of all tiles of a zoom level; None, without using them, if they exceed the limit."""
        fresh: dict[tuple[int, int], bytes] = {}
        left = self.left
        wanted = {(entry.offset, entry.length): entry for entry in found.values()}
        # If the compressed tiles exceed the limit, there is no need to decompress them.
        if sum(key[1] for key in wanted if key not in self.kept) > left:
            return None
        for key, entry in wanted.items():
            if key in self.kept:
                continue
            raw = self.reader.within(entry, left)
            if raw is None:
                return None
            fresh[key] = raw
            left -= len(raw)
        self.kept.update(fresh)
        self.left = left
        return {at: self.kept[entry.offset, entry.length] for at, entry in found.items()}


def _pictures(reader: Reader, archive: Archive, box: Bounds, extent: Bounds) -> tuple[Pictures, str]:
    """Read complete zoom levels, from the one that shows the whole extent, up to the limit."""
    tiles: dict[str, bytes] = {}
    last = min(reader.max_zoom, archive.max_zoom)
    # The page cannot zoom out further than the extent, which is up to two levels wider than the view.
    first = max(reader.min_zoom, min(last, first_zoom(box) - 2))
    taken, deepest = _Taken(reader, archive.max_bytes), None
    for zoom in range(first, last + 1):
        if count(extent, zoom) > _MAX_TILES:
            break
        found = taken.take(_entries(reader, extent, zoom))
        if found is None:
            break
        for (x, y), raw in found.items():
            tiles[f"{zoom}/{x}/{y}"] = raw
        deepest = zoom
    if deepest is None:
        raise _too_much(archive, first, "tiles" if count(extent, first) > _MAX_TILES else "bytes")
    if not tiles:
        raise _elsewhere(reader, archive)
    levels = f"levels {first} to {deepest} are" if deepest > first else f"level {first} is"
    note = f"Basemap: zoom {levels} in this file (the archive has {reader.min_zoom} to {reader.max_zoom}); closer views enlarge them."
    return Pictures(reader.kind, first, deepest, tiles), note


def _one_zoom(
    reader: Reader, archive: Archive, box: Bounds, extent: Bounds
) -> tuple[int, dict[tuple[int, int], bytes]]:
    """Return the highest zoom level within the limits, at most one above that of the first view."""
    best = max(reader.min_zoom, min(reader.max_zoom, archive.max_zoom, first_zoom(box) + 1))
    least = max(reader.min_zoom, best - 4)
    why = "tiles"
    for zoom in range(best, least - 1, -1):
        if count(extent, zoom) > _MAX_TILES:
            continue
        found = _entries(reader, extent, zoom)
        if not found:
            raise _elsewhere(reader, archive)
        tiles = _Taken(reader, archive.max_bytes).take(found)
        if tiles is None:
            why = "bytes"
        elif sum(map(len, tiles.values())) > _PLACED * archive.max_bytes:
            why = "places"
        else:
            return zoom, tiles
    raise _too_much(archive, least, why)


def _too_much(archive: Archive, zoom: int, why: str) -> LimitError:
    most = archive.max_bytes
    size = {
        "tiles": f"more than {_MAX_TILES:,} tiles",
        "bytes": f"more than {most:,} bytes of tiles",
        "places": f"tiles at so many positions that they amount to more than {_PLACED * most:,} bytes",
    }[why]
    return LimitError(
        f"zoom level {zoom} of the tile archive {Path(archive.path).name} needs {size} for this view; "
        f"max_bytes is {most:,}: increase it in Archive(…), or use a smaller view="
    )


def _elsewhere(reader: Reader, archive: Archive) -> InputError:
    west, south, east, north = reader.bounds
    return InputError(
        f"the tile archive {Path(archive.path).name} has no tiles in view; it covers longitudes "
        f"{west:.2f} to {east:.2f} and latitudes {south:.2f} to {north:.2f}"
    )


def _credit(archive: Archive, metadata: dict[str, Any]) -> str:
    attribution = archive.attribution or plain_text(metadata.get("attribution"))
    if not attribution:
        msg = (
            f"the tile archive {Path(archive.path).name} has no attribution; "
            "set it with Archive(path, attribution='© …')"
        )
        raise InputError(msg)
    return attribution


def plain_text(value: object) -> str:
    r"""Return text without HTML tags and control characters, at most 300 characters.

    Examples
    --------
    >>> plain_text('<a href="https://osm.org">&copy; OpenStreetMap</a>\n contributors')
    '© OpenStreetMap contributors'
    """
    if not isinstance(value, str):
        return ""
    parts: list[str] = []
    hidden = [0]

    class Text(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            hidden[0] += tag in {"script", "style"}

        def handle_endtag(self, tag: str) -> None:
            hidden[0] -= tag in {"script", "style"} and hidden[0] > 0

        def handle_data(self, data: str) -> None:
            if not hidden[0]:
                parts.append(data)

    reader = Text(convert_charrefs=True)
    reader.feed(value[:4000])
    reader.close()
    text = "".join(c if c.isprintable() or c == " " else " " for c in "".join(parts))
    return " ".join(text.split())[:300]


def _covers(outer: tuple[float, float, float, float], extent: Bounds) -> bool:
    """Return whether the bounds of an archive contain an extent, within the limits of Web Mercator."""
    west, south, east, north = outer
    slack = 1e-6
    if max(south, -85.0) > max(extent.south, -85.0) + slack or min(north, 85.0) < min(extent.north, 85.0) - slack:
        return False
    if east - west >= 360 - slack:
        return True
    return west <= extent.west + slack and extent.west + extent.width_deg <= east + slack


_HOST = re.compile(r"[a-z0-9.-]+(:\d+)?\Z")


@dataclass(frozen=True, slots=True)
class OnlineTiles:
    """Online tiles.

    Attributes
    ----------
    name, url, attribution : str
    subdomains : str
    max_zoom : int
    """

    name: str
    url: str
    attribution: str
    subdomains: str = "abc"
    max_zoom: int = 18

    @classmethod
    def named(cls, name: str) -> OnlineTiles:
        """Return the tiles with a name in ``xyzservices``, such as ``OpenStreetMap.Mapnik``.

        Raises
        ------
        NameUnknownError
            With similar names.
        InputError
            If the tiles need an API key.
        MissingExtraError
            If xyzservices is not installed.
        """
        try:
            import xyzservices.providers as known
        except ImportError as error:
            what = "online tiles"
            raise MissingExtraError(what, package="xyzservices", extra="tiles") from error
        names = {str(key): provider for key, provider in known.flatten().items()}
        if name not in names:
            msg = f"there are no tiles {name!r}; {did_you_mean(name, names) or 'see xyzservices.providers'}"
            raise NameUnknownError(msg, suggestions=sorted(names)[:20])
        found = names[name]
        if found.requires_token():
            msg = f"the tiles {name!r} need an API key, which the file would publish; choose others"
            raise InputError(msg)
        # Keep the placeholders that Leaflet fills for each tile; fill the others, such as variant.
        url = re.sub(r"\{(\w+)\}", lambda m: m[0] if m[1] in "sxyzr" else str(found.get(m[1], "")), str(found.url))
        return cls(
            name, url, str(found.attribution), str(found.get("subdomains", "abc")), int(found.get("max_zoom", 18))
        )

    def hosts(self) -> tuple[str, ...]:
        """Return the origins of the tiles, for the Content-Security-Policy.

        Raises
        ------
        InputError
            If the URL is not https.
        """
        parts = urlsplit(self.url)
        hosts = [parts.netloc.replace("{s}", s) for s in self.subdomains] if "{s}" in parts.netloc else [parts.netloc]
        if parts.scheme != "https" or not all(_HOST.match(host) for host in hosts):
            msg = f"tiles need an https URL, found {self.url[:80]!r}"
            raise InputError(msg)
        return tuple(f"https://{host}" for host in hosts)

    def config(self) -> dict[str, Any]:
        """Return the JSON data for the page."""
        return {"url": self.url, "subdomains": self.subdomains, "maxZoom": self.max_zoom}
