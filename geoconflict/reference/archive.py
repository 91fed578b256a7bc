"""The archive of border lines: where the files are, their format, and arcs as lines and polygons.

An archive is a zip file of small members, so that one border is read without the rest.
A member holds the arcs of one pair of units (``border/BY~LT``), of the outer limit of a
unit's territorial sea (``limit/LT``) or of its coast (``coast/LT``). Coordinates are integers
in units of 1e-7 degree (about 1 cm), as in the source, stored as differences in zigzag
variable-length integers (as in Protocol Buffers).

A member consists of ``GCA1``, the number of arcs (uint32), the kind of each arc (uint8, its
position in ``KINDS``), the number of vertices of each arc (uint32), all differences of
longitude, then all differences of latitude. All integers are little-endian.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

from geoconflict.errors import InputError, ReadError
from geoconflict.units import parse_metres

SCALE = 10_000_000
KINDS = ("land", "river", "lake", "sea", "coast", "limit", "seam")
FILE_NAME = "openstreetmap_borders.zip"
NATURAL_EARTH = "natural_earth.zip"
_MAGIC = b"GCA1"
_BITS = 7
_NAME_SIZE_OFFSET = 26  # of the sizes of name and extra field in the local file header of a zip (APPNOTE 4.3.7)
# The longest degree of a meridian and of a parallel, so that distances are never underestimated.
_LAT_M_PER_DEG = 111_694.0
_LON_M_PER_DEG = 111_320.0
_COARSEST_M = 100_000.0
_PACKAGE = Path(__file__).resolve().parents[1]

Line: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """The arcs of one member.

    Attributes
    ----------
    kinds : list of str
        For each arc one of ``KINDS``.
    coordinates : list of int64 array (n, 2)
        Longitude and latitude in units of 1e-7 degree.
    """

    kinds: list[str]
    coordinates: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.kinds)


def encode(arcs: Arcs) -> bytes:
    """Encode arcs as the bytes of a member.

    Examples
    --------
    >>> arcs = Arcs(["land"], [np.array([[255000000, 547000000], [255000100, 546999900]])])
    >>> [line.tolist() for line in decode(encode(arcs)).coordinates]
    [[[255000000, 547000000], [255000100, 546999900]]]
    """
    kinds = np.array([KINDS.index(kind) for kind in arcs.kinds], dtype=np.uint8)
    counts = np.array([len(line) for line in arcs.coordinates], dtype="<u4")
    vertices = np.concatenate(arcs.coordinates) if arcs.coordinates else np.empty((0, 2), dtype=np.int64)
    steps = np.diff(vertices, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    head = _MAGIC + np.array([len(kinds)], dtype="<u4").tobytes()
    return head + kinds.tobytes() + counts.tobytes() + _to_varints(steps[:, 0]) + _to_varints(steps[:, 1])


def decode(data: bytes) -> Arcs:
    """Decode the bytes of a member; the inverse of :func:`encode`.

    Raises
    ------
    ReadError
        If the bytes are not such a member, or are truncated.
    """
    if data[:4] != _MAGIC:
        msg = "the member does not hold border arcs: it does not start with GCA1; download the file again"
        raise ReadError(msg)
    number = int(np.frombuffer(data, "<u4", 1, 4)[0])
    kinds = np.frombuffer(data, np.uint8, number, 8)
    counts = np.frombuffer(data, "<u4", number, 8 + number).astype(np.int64)
    values = _from_varints(np.frombuffer(data, np.uint8, -1, 8 + 5 * number))
    total = int(counts.sum())
    if len(values) != 2 * total:
        msg = f"the member should hold {2 * total} numbers and holds {len(values)}; the file is damaged, download it again"
        raise ReadError(msg)
    vertices = np.cumsum(values.reshape(2, total).T, axis=0)
    lines = np.split(vertices, np.cumsum(counts)[:-1]) if number else []
    return Arcs([KINDS[kind] for kind in kinds], lines)


def _to_varints(values: NDArray[np.int64]) -> bytes:
    rest = ((values << 1) ^ (values >> 63)).astype(np.uint64)
    sizes = np.ones(len(rest), dtype=np.int64)
    for power in range(1, 10):
        sizes += rest >= np.uint64(1 << (_BITS * power))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if len(sizes) else sizes
    out = np.zeros(int(sizes.sum()), dtype=np.uint8)
    for place in range(int(sizes.max(initial=0))):
        here = sizes > place
        more = np.where(sizes[here] > place + 1, 128, 0).astype(np.uint64)
        out[starts[here] + place] = (rest[here] & np.uint64(127)) | more
        rest[here] >>= np.uint64(_BITS)
    return out.tobytes()


def _from_varints(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    ends = np.flatnonzero(data < 128)
    if len(ends) == 0:
        return np.empty(0, dtype=np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends - starts + 1
    rest = np.zeros(len(ends), dtype=np.uint64)
    for place in range(int(sizes.max())):
        here = sizes > place
        rest[here] |= (data[starts[here] + place].astype(np.uint64) & np.uint64(127)) << np.uint64(_BITS * place)
    half = (rest >> np.uint64(1)).astype(np.int64)
    odd: NDArray[np.int64] = -(rest & np.uint64(1)).astype(np.int64)
    return half ^ odd


def write_archive(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members in the given order and with a fixed date, so that equal members give equal bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)


class BorderArchive:
    """Read single members of an archive.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ReadError
        If the file is missing or is not such an archive.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self.index: dict[str, Any] = json.loads(archive.read("index.json"))
                self._members = {info.filename: info for info in archive.infolist()}
        except FileNotFoundError as missing:
            msg = f"{path.name} is not in {path.parent}; it holds the borders: reinstall geoconflict"
            raise ReadError(msg) from missing
        except (zipfile.BadZipFile, KeyError, ValueError) as broken:
            msg = f"{path.name} is not an archive of borders: {broken}"
            raise ReadError(msg) from broken

    @property
    def provenance(self) -> dict[str, str]:
        """Source, date, licence and attribution of the data, as columns of a table."""
        return {column: self.index[column] for column in ("source", "source_date", "licence", "attribution")}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of members by name; names that are not in the archive are left out.

        Raises
        ------
        ReadError
            If a member is damaged.
        """
        out = {}
        with self.path.open("rb") as file:
            for name in names:
                if name in self._members:
                    out[name] = self._member(file, self._members[name])
        return out

    def _member(self, file: BinaryIO, info: zipfile.ZipInfo) -> bytes:
        """Read one member at its offset; ``zipfile`` would read the directory again at each call."""
        file.seek(info.header_offset + _NAME_SIZE_OFFSET)
        name_size, extra_size = struct.unpack("<HH", file.read(4))
        file.seek(name_size + extra_size, 1)
        data = file.read(info.compress_size)
        try:
            raw = zlib.decompress(data, -zlib.MAX_WBITS)
        except zlib.error as broken:
            raw, why = b"", str(broken)
        else:
            why = "its checksum differs"
        if zlib.crc32(raw) != info.CRC:
            msg = f"{info.filename} in {self.path.name} is damaged ({why}): reinstall geoconflict"
            raise ReadError(msg)
        return raw

    def arcs(self, names: Iterable[str]) -> dict[str, Arcs]:
        """Return the arcs of members by name."""
        return {name: decode(data) for name, data in self.read(names).items()}


def open_borders(folder: str | PathLike[str] | None = None) -> BorderArchive:
    """Open the archive of borders in a folder; the embedded one by default."""
    return open_archive(boundaries_folder(folder) / FILE_NAME)


@lru_cache(maxsize=4)
def open_archive(path: Path) -> BorderArchive:
    """Open an archive; its index is read once."""
    return BorderArchive(path)


def boundaries_folder(path: str | PathLike[str] | None = None) -> Path:
    """Return the folder of the boundary data.

    Without a path, ``_boundaries`` inside the installed package is tried first, then
    ``data/boundaries`` of the source checkout.

    Parameters
    ----------
    path : path, optional
        Your own folder with files of the same names.

    Returns
    -------
    Path

    Raises
    ------
    ReadError
        If the data are not found; the message lists the folders that were searched.

    Examples
    --------
    >>> (boundaries_folder() / "README.md").is_file()
    True
    """
    folders = [Path(path)] if path is not None else [_PACKAGE / "_boundaries", _PACKAGE.parent / "data" / "boundaries"]
    for folder in folders:
        if (folder / FILE_NAME).is_file():
            return folder
    searched = " nor in ".join(str(folder) for folder in folders)
    msg = f"{FILE_NAME} is not in {searched}; reinstall geoconflict, or give the folder that holds it"
    raise ReadError(msg)


def parse_resolution(resolution: str | float | None) -> float:
    """Return a simplification tolerance in metres; 0 is full resolution.

    Examples
    --------
    >>> parse_resolution("0.5 km"), parse_resolution(50), parse_resolution(None)
    (500.0, 50.0, 0.0)
    """
    if resolution is None:
        return 0.0
    metres = parse_metres(resolution, what="resolution")
    if metres > _COARSEST_M:
        msg = f"the resolution must be at most {_COARSEST_M / 1000:g} km, found {resolution!r}"
        raise InputError(msg)
    return metres


def simplify(line: Line, resolution_m: float) -> Line:
    """Simplify a line (Douglas and Peucker, 1973) with a tolerance in metres, keeping its ends.

    Degrees are scaled to metres at the line's latitude nearest the equator. A ring keeps at
    least four vertices, so that small islands do not disappear.
    """
    if resolution_m <= 0 or len(line) < 3:
        return line
    low = float(np.abs(line[:, 1]).min()) if np.ptp(np.sign(line[:, 1])) == 0 else 0.0
    scale = np.array([_LON_M_PER_DEG * np.cos(np.radians(low)), _LAT_M_PER_DEG])
    metres = np.column_stack([line * scale, np.arange(len(line))])
    thinner = shapely.simplify(shapely.linestrings(metres), resolution_m, preserve_topology=False)
    kept = shapely.get_coordinates(thinner, include_z=True)[:, 2].astype(np.intp)
    if len(kept) < 4 and bool((line[0] == line[-1]).all()):
        kept = np.unique(np.linspace(0, len(line) - 1, 4).astype(np.intp))
    out: Line = line[kept]
    return out


def join(lines: Iterable[Line]) -> shapely.LineString | shapely.MultiLineString:
    """Join lines end to start, keeping their direction."""
    merged = shapely.line_merge(shapely.multilinestrings([shapely.LineString(line) for line in lines]), directed=True)
    parts: list[shapely.LineString] = sorted(shapely.get_parts(merged), key=lambda part: tuple(part.coords[0]))
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def unit_areas(
    archive: BorderArchive, unit: str, *, resolution_m: float
) -> tuple[list[shapely.Polygon], list[shapely.Polygon]]:
    """Return the polygons of a unit's land, and those of its territorial sea.

    Parameters
    ----------
    archive : BorderArchive
    unit : str
    resolution_m : float
        Simplification tolerance in metres; 0 is full resolution. The same tolerance gives
        the same lines for areas and borders.
    """
    plan: dict[str, Any] = json.loads(archive.read([f"faces/{unit}"])[f"faces/{unit}"])
    members = archive.read(plan["members"])
    lines = [
        simplify(arc / SCALE, resolution_m) for name in plan["members"] for arc in decode(members[name]).coordinates
    ]
    simplified = resolution_m > 0
    land, sea = (
        [polygon for rings in plan[part] for polygon in _polygons(rings, lines, simplified=simplified)]
        for part in ("land", "sea")
    )
    return land, sea


def _polygons(rings: list[list[int]], lines: list[Line], *, simplified: bool) -> list[shapely.Polygon]:
    outer, *inner = [_ring(ring, lines) for ring in rings]
    if len(outer) < 4:
        return []
    polygon = shapely.Polygon(outer, [ring for ring in inner if len(ring) >= 4])
    if not simplified or polygon.is_valid:  # polygons at full resolution are valid
        return [polygon]
    # Simplified arcs may cross along a winding river; make_valid splits the polygon there.
    valid = shapely.get_parts(shapely.make_valid(polygon))
    return [part for piece in valid for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]


def _ring(ring: list[int], lines: list[Line]) -> Line:
    pieces = [lines[number] if number >= 0 else lines[~number][::-1] for number in ring]
    joined = np.concatenate([piece[:-1] for piece in pieces])
    return np.concatenate([joined, joined[:1]])
