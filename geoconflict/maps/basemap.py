"""A base map out of a local archive of tiles: only what the view needs, put into the file as data."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoconflict.errors import Fault, InputError, LimitError
from geoconflict.io.pmtiles import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoconflict.crs import Bounds
    from geoconflict.io.pmtiles import Entry
    from geoconflict.maps.scene import Description

# A page opens on some thousand pixels of its view.
_FIRST_VIEW_PX = 1200
_TILES = 4000
# Vector tiles that stand in many places are drawn in each: their bytes, place by place, against max_bytes.
_PLACED = 4
_TILE_DEG = 360.0


@dataclass(frozen=True, slots=True)
class Archive:
    """A PMTiles archive on this machine, as the base map of a page.

    Attributes
    ----------
    path : str or Path
        A ``.pmtiles`` of version 3, with pictures (PNG, JPEG, WebP) or vector tiles by the
        schema of Protomaps, OpenMapTiles or Shortbread.
    attribution : str
        Whom to credit; needed only where the archive does not say.
    max_bytes : int
        The most bytes of tiles that may be taken from the archive, counted as they are when
        inflated; a tile that stands in several places counts once.
    max_zoom : int
        The deepest zoom of pictures that is taken, if the bytes allow.
    """

    path: str | Path
    attribution: str = ""
    max_bytes: int = 3_000_000
    max_zoom: int = 14

    def __post_init__(self) -> None:
        """Refuse budgets that mean nothing."""
        faults = []
        if not 10_000 <= self.max_bytes <= 200_000_000:
            faults.append(Fault(f"{self.max_bytes!r} is not from 10,000 to 200,000,000", field="max_bytes"))
        if not 0 <= self.max_zoom <= 22:
            faults.append(Fault(f"{self.max_zoom!r} is not from 0 to 22", field="max_zoom"))
        if faults:
            msg = "the archive of tiles cannot be used so"
            raise InputError(msg, faults)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Tiles that are pictures.

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
    """What a page takes from an archive.

    Attributes
    ----------
    attribution : str
    notes : tuple of str
        Which zooms were taken, and what part of the view has none.
    whole : bool
        Whether the archive covers the ground of the view.
    pictures : Pictures or None
    described : tuple of Description
        Land, water, woods, roads, boundaries and places of vector tiles, the lowest first.
    """

    attribution: str
    notes: tuple[str, ...]
    whole: bool
    pictures: Pictures | None = None
    described: tuple[Description, ...] = field(default=())


def archived(tiles: str | Path | Archive) -> Archive | None:
    """Return the archive that an option names, or None where it names online tiles or nothing.

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


def read(archive: Archive, box: Bounds, ground: Bounds, *, lang: str = "en") -> BaseMap:
    """Read from an archive what a view needs.

    Parameters
    ----------
    archive : Archive
    box : Bounds
        What the page opens on.
    ground : Bounds
        How far a reader can move.
    lang : str
        Of names, where the archive has several.

    Returns
    -------
    BaseMap

    Raises
    ------
    ReadError
        If the archive is missing, damaged, or does not reach the view.
    LimitError
        If even the coarsest zoom that is useful takes more than ``max_bytes``, or its tiles
        more than four times that when each counts wherever it stands.
    InputError
        If nobody is credited.
    """
    with Reader(Path(archive.path)) as reader:
        metadata = reader.metadata()
        attribution = _credit(archive, metadata)
        whole = _covers(reader.bounds, ground)
        beyond = () if whole else ("The base map covers only a part of the view.",)
        if reader.kind != "vector":
            pictures, note = _pictures(reader, archive, box, ground)
            return BaseMap(attribution, (note, *beyond), whole, pictures=pictures)
        from geoconflict.maps.web.vectortiles import described

        zoom, tiles = _one_zoom(reader, archive, box, ground)
        layers = described(reader, tiles, zoom, ground, lang=lang)
        note = f"The base map is that of zoom {zoom} of an archive of tiles with zooms {reader.min_zoom} to {reader.max_zoom}."
        return BaseMap(attribution, (note, *beyond), whole, described=layers)


def first_zoom(box: Bounds) -> int:
    """Return the whole zoom at or below the one that a page opens on.

    Examples
    --------
    >>> from geoconflict.crs import Bounds
    >>> first_zoom(Bounds(20, 50, 30, 56))
    7
    """
    return max(0, math.floor(math.log2(_FIRST_VIEW_PX / 256 * _TILE_DEG / max(box.width_deg, 1e-4))))


def covering(ground: Bounds, zoom: int) -> list[tuple[int, int]]:
    """Return x and y of the tiles of a zoom that touch a box.

    Examples
    --------
    >>> from geoconflict.crs import Bounds
    >>> covering(Bounds(170, 10, -170, 20), 2)
    [(3, 1), (0, 1)]
    """
    side = 1 << zoom
    west = math.floor((ground.west + 180) / 360 * side)
    east = math.ceil((ground.west + ground.width_deg + 180) / 360 * side - 1e-9)
    top, bottom = (min(side - 1e-9, max(0.0, _mercator(lat) * side)) for lat in (ground.north, ground.south))
    columns = range(west, min(max(east, west + 1), west + side))
    return [(x % side, y) for x in columns for y in range(math.floor(top), math.floor(bottom) + 1)]


def count(ground: Bounds, zoom: int) -> float:
    """Return about how many tiles of a zoom touch a box, without listing them."""
    side = float(1 << zoom)
    high = (_mercator(ground.south) - _mercator(ground.north)) * side + 1
    return (ground.width_deg / 360 * side + 1) * high


def _mercator(lat: float) -> float:
    limit = math.radians(max(-85.05112878, min(85.05112878, lat)))
    return (1 - math.asinh(math.tan(limit)) / math.pi) / 2


def _found(reader: Reader, ground: Bounds, zoom: int) -> dict[tuple[int, int], Entry]:
    found = {(x, y): reader.find(zoom, x, y) for x, y in covering(ground, zoom)}
    return {at: entry for at, entry in found.items() if entry is not None}


@dataclass
class _Taken:
    """Tiles taken from an archive: each different one once, inflated no further than the budget.

    Attributes
    ----------
    reader : Reader
    left : int
        How many bytes may still be taken.
    kept : dict
        Where a tile lies → its bytes.
    """

    reader: Reader
    left: int
    kept: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def take(self, found: Mapping[tuple[int, int], Entry]) -> dict[tuple[int, int], bytes] | None:
        """Return the bytes of all tiles of a zoom, or None and nothing taken if the budget ends before."""
        fresh: dict[tuple[int, int], bytes] = {}
        left = self.left
        wanted = {(entry.offset, entry.length): entry for entry in found.values()}
        # What is too much while packed need not be inflated.
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


def _pictures(reader: Reader, archive: Archive, box: Bounds, ground: Bounds) -> tuple[Pictures, str]:
    """Take whole zooms, from the one that shows all the ground on, while the budget lasts."""
    tiles: dict[str, bytes] = {}
    last = min(reader.max_zoom, archive.max_zoom)
    # The page cannot zoom out further than to the ground, which is up to some zooms wider than the view.
    first = max(reader.min_zoom, min(last, first_zoom(box) - 2))
    taken, deepest = _Taken(reader, archive.max_bytes), None
    for zoom in range(first, last + 1):
        if count(ground, zoom) > _TILES:
            break
        found = taken.take(_found(reader, ground, zoom))
        if found is None:
            break
        for (x, y), raw in found.items():
            tiles[f"{zoom}/{x}/{y}"] = raw
        deepest = zoom
    if deepest is None:
        raise _too_much(archive, first, "tiles" if count(ground, first) > _TILES else "bytes")
    if not tiles:
        raise _elsewhere(reader, archive)
    said = f"zooms {first} to {deepest} are" if deepest > first else f"zoom {first} is"
    note = f"Of the base map, {said} in this file (the archive has {reader.min_zoom} to {reader.max_zoom}); nearer views enlarge them."
    return Pictures(reader.kind, first, deepest, tiles), note


def _one_zoom(
    reader: Reader, archive: Archive, box: Bounds, ground: Bounds
) -> tuple[int, dict[tuple[int, int], bytes]]:
    """Return the deepest zoom, at most one beyond the first view's, whose tiles keep to the budget."""
    best = max(reader.min_zoom, min(reader.max_zoom, archive.max_zoom, first_zoom(box) + 1))
    least = max(reader.min_zoom, best - 4)
    why = "tiles"
    for zoom in range(best, least - 1, -1):
        if count(ground, zoom) > _TILES:
            continue
        found = _found(reader, ground, zoom)
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
        "tiles": f"more than {_TILES:,} tiles",
        "bytes": f"more than {most:,} bytes of tiles",
        "places": f"tiles that stand in so many places that they come to more than {_PLACED * most:,} bytes",
    }[why]
    return LimitError(
        f"zoom {zoom} of the archive of tiles {Path(archive.path).name} takes {size} for this view, and "
        f"max_bytes is {most:,}; raise it in Archive(...), or make the map's view= smaller"
    )


def _elsewhere(reader: Reader, archive: Archive) -> InputError:
    west, south, east, north = reader.bounds
    return InputError(
        f"the archive of tiles {Path(archive.path).name} has no tiles in the view; it covers "
        f"{west:.2f} to {east:.2f} degrees of longitude and {south:.2f} to {north:.2f} of latitude"
    )


def _credit(archive: Archive, metadata: dict[str, Any]) -> str:
    said = archive.attribution or plain(metadata.get("attribution"))
    if not said:
        msg = (
            f"the archive of tiles {Path(archive.path).name} does not say whom to credit; "
            "give it as Archive(path, attribution='© …')"
        )
        raise InputError(msg)
    return said


def plain(value: object) -> str:
    r"""Return a text of metadata without its tags and control characters, at most 300 characters.

    Examples
    --------
    >>> plain('<a href="https://osm.org">&copy; OpenStreetMap</a>\n contributors')
    '© OpenStreetMap contributors'
    """
    from html.parser import HTMLParser

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


def _covers(outer: tuple[float, float, float, float], ground: Bounds) -> bool:
    """Return whether an archive's bounds hold the ground, as far as Mercator goes."""
    west, south, east, north = outer
    slack = 1e-6
    if max(south, -85.0) > max(ground.south, -85.0) + slack or min(north, 85.0) < min(ground.north, 85.0) - slack:
        return False
    if east - west >= 360 - slack:
        return True
    return west <= ground.west + slack and ground.west + ground.width_deg <= east + slack
