"""Read tiles from a local PMTiles archive, version 3, with limits on every size.

The format is specified at github.com/protomaps/PMTiles (spec/v3): a header of 127 bytes, directories
of varints along a Hilbert curve, and the tiles. Offsets, counts and inflated sizes are checked against
limits before they are used, since an archive may come from anywhere.
"""

from __future__ import annotations

import bisect
import itertools
import json
import struct
import zlib
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from geoconflict.errors import LimitError, ReadError

_HEADER = 127
# Limits of one inflated directory, and of the bytes and entries of all directories, which are cached.
_DIRECTORY_BYTES = 32 * 2**20
_DIRECTORIES_BYTES = 64 * 2**20
_ENTRIES = 3_000_000
_DEPTH = 4
_METADATA_BYTES = 8 * 2**20
_TILE_BYTES = 16 * 2**20
_MAX_ZOOM = 26

TYPES = {1: "vector", 2: "image/png", 3: "image/jpeg", 4: "image/webp"}
_OTHER_TYPES = {0: "of an unknown type", 5: "AVIF pictures", 6: "MapLibre tiles"}
_OTHER_COMPRESSION = {0: "unknown", 3: "brotli", 4: "zstd"}
_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A run of tiles with the same bytes, or another directory if ``run`` is 0."""

    tile: int
    offset: int
    length: int
    run: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """The entries of a directory as arrays of 64-bit numbers."""

    tiles: array[int]
    offsets: array[int]
    lengths: array[int]
    runs: array[int]

    def nearest(self, wanted: int) -> Entry | None:
        """Return the last entry that starts at or before a tile."""
        at = bisect.bisect_right(self.tiles, wanted) - 1
        return Entry(self.tiles[at], self.offsets[at], self.lengths[at], self.runs[at]) if at >= 0 else None


@dataclass
class Reader:
    """An open archive.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    kind : str
        ``vector``, or the media type of the images.
    min_zoom, max_zoom : int
    bounds : tuple of float
        West, south, east, north in the header.

    Raises
    ------
    ReadError
        If the file is missing, damaged or not a PMTiles archive that can be read.
    """

    path: Path
    kind: str = field(init=False)
    min_zoom: int = field(init=False)
    max_zoom: int = field(init=False)
    bounds: tuple[float, float, float, float] = field(init=False)

    def __post_init__(self) -> None:
        """Open the file and check its header."""
        try:
            self._file = self.path.open("rb")
            self._size = self.path.stat().st_size
        except OSError as error:
            msg = f"the archive of tiles {self.path} cannot be read: {error.strerror or error}"
            raise ReadError(msg) from error
        try:
            self._header()
        except BaseException:
            self._file.close()
            raise
        self._read: dict[tuple[int, int], _Directory] = {}
        self._entries_left, self._bytes_left = _ENTRIES, _DIRECTORIES_BYTES

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._file.close()

    def metadata(self) -> dict[str, Any]:
        """Return the metadata of the archive."""
        if not self._metadata[1]:
            return {}
        raw = self._unpacked(self._part(*self._metadata, "metadata"), self._inner, _METADATA_BYTES, "metadata")
        try:
            found = json.loads(raw)
        except (ValueError, RecursionError) as error:
            self._refuse("its metadata are no JSON", error)
        if not isinstance(found, dict):
            self._refuse("its metadata are no JSON object")
        return found

    def find(self, z: int, x: int, y: int) -> Entry | None:
        """Return the entry of a tile, or None if the archive does not have it.

        Raises
        ------
        ReadError
            If the directories are damaged or nested too deeply.
        LimitError
            If the directories read so far exceed the limits.
        """
        wanted = tile_number(z, x, y)
        offset, length = self._root
        for _ in range(_DEPTH):
            entry = self._directory(offset, length).nearest(wanted)
            if entry is None:
                return None
            if entry.run:
                return entry if wanted < entry.tile + entry.run else None
            if entry.offset + entry.length > self._leaves[1]:
                self._refuse("a directory lies beyond its part of the file")
            offset, length = self._leaves[0] + entry.offset, entry.length
        return self._refuse(f"its directories lead on more than {_DEPTH} deep")

    def tile(self, entry: Entry) -> bytes:
        """Return the inflated bytes of a tile.

        Raises
        ------
        ReadError, LimitError
        """
        raw = self._tile(entry, _TILE_BYTES)
        if raw is None:
            msg = f"the archive of tiles {self.path.name} has a tile of more than {_TILE_BYTES:,} bytes when inflated"
            raise LimitError(msg)
        return raw

    def within(self, entry: Entry, most: int) -> bytes | None:
        """Return the inflated bytes of a tile, or None if there are more than ``most``.

        Raises
        ------
        ReadError, LimitError
        """
        return self.tile(entry) if most >= _TILE_BYTES else self._tile(entry, most)

    def _tile(self, entry: Entry, most: int) -> bytes | None:
        if entry.offset + entry.length > self._tiles[1]:
            self._refuse("a tile lies beyond the tiles' part of the file")
        raw = self._part(self._tiles[0] + entry.offset, entry.length, "tile", most=_TILE_BYTES)
        inflated = self._inflated(raw, self._outer, most, "tile")
        if inflated is None:
            return None
        beginning = _BEGINNINGS.get(self.kind)
        if beginning is not None and not inflated.startswith(beginning):
            self._refuse(f"a tile is no {self.kind}, which the header says that all are")
        return inflated

    def _header(self) -> None:
        raw = self._file.read(_HEADER)
        if len(raw) < _HEADER or raw[:7] != b"PMTiles":
            self._refuse("it does not begin as a PMTiles archive does")
        if raw[7] != 3:
            self._refuse(f"it is of version {raw[7]}, and only version 3 is read")
        numbers = struct.unpack("<11Q", raw[8:96])
        self._root, self._metadata, self._leaves, self._tiles = (
            (numbers[0], numbers[1]),
            (numbers[2], numbers[3]),
            (numbers[4], numbers[5]),
            (numbers[6], numbers[7]),
        )
        parts = {"root": self._root, "metadata": self._metadata, "leaves": self._leaves, "tiles": self._tiles}
        for name, (offset, length) in parts.items():
            if offset + length > self._size:
                self._refuse(f"it is cut off: its {name} end at byte {offset + length:,} of {self._size:,}")
        self._inner, self._outer, kind = raw[97], raw[98], raw[99]
        if kind not in TYPES:
            self._refuse(
                f"its tiles are {_OTHER_TYPES.get(kind, 'of an unknown kind')}; vector, PNG, JPEG and WebP are read"
            )
        self.kind = TYPES[kind]
        self.min_zoom, self.max_zoom = raw[100], raw[101]
        if not self.min_zoom <= self.max_zoom <= _MAX_ZOOM:
            self._refuse(f"its zooms are {self.min_zoom} to {self.max_zoom}")
        west, south, east, north = (value / 1e7 for value in struct.unpack("<4i", raw[102:118]))
        if not (-180.0 <= west <= east <= 180.0 and -90.0 <= south <= north <= 90.0):
            self._refuse(f"its bounds {west}, {south}, {east}, {north} are not on the globe")
        self.bounds = (west, south, east, north)

    def _directory(self, offset: int, length: int) -> _Directory:
        key = (offset, length)
        if key not in self._read:
            raw = self._unpacked(
                self._part(offset, length, "directory", most=_DIRECTORY_BYTES),
                self._inner,
                _DIRECTORY_BYTES,
                "directory",
            )
            self._bytes_left -= len(raw)
            try:
                # At most as many entries as fit in the bytes, so that an impossible number is reported as damage.
                self._entries_left -= min(_Numbers(raw)(), len(raw) // 4)
                if self._bytes_left < 0 or self._entries_left < 0:
                    msg = (
                        f"the directories of the archive of tiles {self.path.name} hold more for this view than "
                        f"{_ENTRIES:,} entries or {_DIRECTORIES_BYTES:,} bytes; make the map's view= smaller"
                    )
                    raise LimitError(msg)
                self._read[key] = _entries(raw)
            except (IndexError, OverflowError) as error:
                self._refuse("a directory is damaged", error)
        return self._read[key]

    def _part(self, offset: int, length: int, what: str, *, most: int = _METADATA_BYTES) -> bytes:
        if length > most:
            msg = f"the archive of tiles {self.path.name} has a {what} of {length:,} bytes, more than {most:,}"
            raise LimitError(msg)
        self._file.seek(offset)
        raw = self._file.read(length)
        if len(raw) < length:
            self._refuse(f"it is cut off inside a {what}")
        return raw

    def _unpacked(self, raw: bytes, how: int, most: int, what: str) -> bytes:
        out = self._inflated(raw, how, most, what)
        if out is None:
            msg = f"the archive of tiles {self.path.name} has a {what} of more than {most:,} bytes when inflated"
            raise LimitError(msg)
        return out

    def _inflated(self, raw: bytes, how: int, most: int, what: str) -> bytes | None:
        """Return inflated bytes, or None if there are more than ``most``."""
        if how == 1:
            return raw if len(raw) <= most else None
        if how != 2:
            name = _OTHER_COMPRESSION.get(how, str(how))
            self._refuse(f"its {what} is packed by {name}; gzip and none are read")
        inflate = zlib.decompressobj(wbits=31)
        try:
            out = inflate.decompress(raw, most + 1)
        except zlib.error as error:
            self._refuse(f"a {what} is no gzip", error)
        if len(out) > most:
            return None
        if not inflate.eof:
            self._refuse(f"a {what} is cut off")
        return out

    def _refuse(self, why: str, cause: BaseException | None = None) -> NoReturn:
        msg = f"the archive of tiles {self.path.name} cannot be used: {why}"
        raise ReadError(msg) from cause


def tile_number(z: int, x: int, y: int) -> int:
    """Return the PMTiles id of a tile: its position along the Hilbert curves of all zooms.

    Examples
    --------
    >>> [tile_number(0, 0, 0), tile_number(1, 0, 0), tile_number(1, 1, 0), tile_number(2, 0, 0)]
    [0, 1, 4, 5]
    """
    number: int = (4**z - 1) // 3
    side = 1 << z
    half = side >> 1
    while half:
        right, low = int(x & half > 0), int(y & half > 0)
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half >>= 1
    return number


class _Numbers:
    """Read consecutive varints."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def __call__(self) -> int:
        value = shift = 0
        while True:
            byte = self.raw[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise OverflowError


def _entries(raw: bytes) -> _Directory:
    """Return a directory. Raise IndexError if it is truncated, OverflowError if a number is impossible."""
    number = _Numbers(raw)
    count = number()
    # An entry takes at least four bytes.
    if count * 4 > len(raw):
        raise OverflowError
    tiles = array("Q", itertools.accumulate(number() for _ in range(count)))
    runs, lengths, offsets = (array("Q", (number() for _ in range(count))) for _ in range(3))
    if count and (offsets[0] == 0 or min(lengths) == 0):
        raise OverflowError
    for i, offset in enumerate(offsets):
        # Zero means directly after the previous tile.
        offsets[i] = offset - 1 if offset else offsets[i - 1] + lengths[i - 1]
    return _Directory(tiles, offsets, lengths, runs)
