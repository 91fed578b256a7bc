"""Tiny PMTiles archives for the tests: a writer, pictures made of one colour, vector tiles made by GDAL."""

from __future__ import annotations

import gzip
import json
import struct
import tempfile
import zlib
from pathlib import Path

import pyogrio
from shapely import box

from geoconflict.io.pmtiles import Reader, tile_number


def varint(value):
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)


def directory(entries):
    """Return a directory of (tile, offset, length, run), sorted by tile."""
    tiles = [entry[0] for entry in entries]
    steps = [b - a for a, b in zip([0, *tiles], tiles, strict=False)]
    columns = [steps, [e[3] for e in entries], [e[2] for e in entries], [e[1] + 1 for e in entries]]
    return varint(len(entries)) + b"".join(varint(value) for column in columns for value in column)


def archive(tiles, *, kind, metadata=None, bounds=(-180, -85, 180, 85), leaf_size=0, packed=True, header=None, run=1):
    """Return an archive with tiles by (z, x, y); ``header`` overwrites bytes at their places.

    ``run`` is how many tiles each of them stands for.
    """
    data, entries = b"", []
    for (z, x, y), raw in sorted(tiles.items(), key=lambda item: tile_number(*item[0])):
        stored = gzip.compress(raw, mtime=0) if kind == 1 else raw
        entries.append((tile_number(z, x, y), len(data), len(stored), run))
        data += stored
    pack = (lambda raw: gzip.compress(raw, mtime=0)) if packed else (lambda raw: raw)
    leaves = b""
    if leaf_size:
        root = []
        for first in range(0, len(entries), leaf_size):
            part = pack(directory(entries[first : first + leaf_size]))
            root.append((entries[first][0], len(leaves), len(part), 0))
            leaves += part
        entries = root
    root = pack(directory(entries))
    said = pack(json.dumps(metadata or {}).encode())
    zooms = [z for z, _, _ in tiles] or [0]
    parts, at = [], 127
    for part in (root, said, leaves, data):
        parts += [at, len(part)]
        at += len(part)
    head = b"PMTiles\x03" + struct.pack("<8Q", *parts) + struct.pack("<3Q", len(tiles), len(entries), len(tiles))
    head += bytes([1, 2 if packed else 1, 2 if kind == 1 else 1, kind, min(zooms), max(zooms)])
    head += struct.pack("<4i", *(round(value * 1e7) for value in bounds)) + bytes([min(zooms)]) + bytes(8)
    head = bytearray(head)
    assert len(head) == 127
    for place, raw in (header or {}).items():
        head[place : place + len(raw)] = raw
    return bytes(head) + root + said + leaves + data


def png(red, green, blue):
    """Return a PNG of 256 by 256 pixels of one colour."""

    def chunk(name, raw):
        return struct.pack(">I", len(raw)) + name + raw + struct.pack(">I", zlib.crc32(name + raw))

    rows = (b"\x00" + bytes([red, green, blue]) * 256) * 256
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


def pictures(zooms, bounds):
    """Return a tile of a colour of its own zoom for every place inside bounds."""
    from geoconflict.crs import Bounds
    from geoconflict.maps.basemap import covering

    return {(z, x, y): png(40 + 20 * z, 90, 200 - 20 * z) for z in zooms for x, y in covering(Bounds(*bounds), z)}


def vector(tables, zooms):
    """Return vector tiles by (z, x, y): GDAL cuts each layer by itself, and tiles of layers are joined."""
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        for i, (name, table) in enumerate(tables.items()):
            path = Path(folder) / f"{i}.pmtiles"
            options = {"MINZOOM": str(min(zooms)), "MAXZOOM": str(max(zooms)), "SIMPLIFICATION": "0"}
            pyogrio.write_dataframe(table, path, driver="PMTiles", layer=name, dataset_options=options)
            with Reader(path) as reader:
                for z in zooms:
                    for x in range(1 << z):
                        for y in range(1 << z):
                            entry = reader.find(z, x, y)
                            if entry is not None:
                                out[z, x, y] = out.get((z, x, y), b"") + reader.tile(entry)
    return out


WHOLE = box(-180, -85, 180, 85)
