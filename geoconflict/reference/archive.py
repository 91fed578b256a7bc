"""The archive of border lines: its folder, its file format, its arcs as lines and polygons."""

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
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import shapely
from numpy.typing import NDArray

from geoconflict.errors import ReadError

SCALE = 10_000_000
KINDS = ("land", "river", "lake", "sea", "coast", "limit", "seam")
FILE_NAME = "openstreetmap_borders.zip"
NATURAL_EARTH = "natural_earth.zip"
_MAGIC = b"GCA1"
_BITS = 7
_LOCAL_NAME_SIZE_AT = 26  # in a local file header of a zip (APPNOTE 4.3.7); the sizes of name and extra field


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """The arcs of one member.

    Attributes
    ----------
    kinds : list of str
        One of ``KINDS`` an arc.
    coordinates : list of int64 array (n, 2)
        Longitude and latitude in ten-millionths of a degree.
    """

    kinds: list[str]
    coordinates: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.kinds)


def encode(arcs: Arcs) -> bytes:
    """Return the bytes of a member.

    Examples
    --------
    >>> arcs = Arcs(["land"], [np.array([[255000000, 547000000], [255000100, 546999900]])])
    >>> [line.tolist() for line in decode(encode(arcs)).coordinates]
    [[[255000000, 547000000], [255000100, 546999900]]]
    """
    kinds = np.array([KINDS.index(kind) for kind in arcs.kinds], dtype=np.uint8)
    counts = np.array([len(line) for line in arcs.coordinates], dtype="<u4")
    whole = np.concatenate(arcs.coordinates) if arcs.coordinates else np.empty((0, 2), dtype=np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    head = _MAGIC + np.array([len(kinds)], dtype="<u4").tobytes()
    return head + kinds.tobytes() + counts.tobytes() + _to_varints(steps[:, 0]) + _to_varints(steps[:, 1])


def decode(data: bytes) -> Arcs:
    """Return the arcs of a member's bytes; the inverse of :func:`encode`.

    Raises
    ------
    ReadError
        If the bytes are not such a member, or are cut short.
    """
    if data[:4] != _MAGIC:
        msg = "this is no member of border arcs: it does not start with GCA1; take the file again from its release"
        raise ReadError(msg)
    number = int(np.frombuffer(data, "<u4", 1, 4)[0])
    kinds = np.frombuffer(data, np.uint8, number, 8)
    counts = np.frombuffer(data, "<u4", number, 8 + number).astype(np.int64)
    values = _from_varints(np.frombuffer(data, np.uint8, -1, 8 + 5 * number))
    total = int(counts.sum())
    if len(values) != 2 * total:
        msg = f"a member of border arcs promises {2 * total} numbers and holds {len(values)}; the file is damaged"
        raise ReadError(msg)
    whole = np.cumsum(values.reshape(2, total).T, axis=0)
    lines = np.split(whole, np.cumsum(counts)[:-1]) if number else []
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


def write_container(path: Path, members: Iterable[tuple[str, bytes]]) -> None:
    """Write members in their order, with a fixed date, so that the bytes depend on nothing else."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            archive.writestr(info, data)


class Container:
    """Read access to the file, a member at a time.

    Parameters
    ----------
    path : Path

    Raises
    ------
    ReadError
        If the file is missing or is not such a container.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                self.index: dict[str, Any] = json.loads(archive.read("index.json"))
                self._members = {info.filename: info for info in archive.infolist()}
        except FileNotFoundError as missing:
            msg = f"{path.name} is not in {path.parent}; it holds the borders: install geoconflict again"
            raise ReadError(msg) from missing
        except (zipfile.BadZipFile, KeyError, ValueError) as broken:
            msg = f"{path.name} is not a container of borders: {broken}"
            raise ReadError(msg) from broken

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of the members of those names; names that are not there are left out.

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
        """Read one member by its place in the directory, which zipfile would read again at each call."""
        file.seek(info.header_offset + _LOCAL_NAME_SIZE_AT)
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
            msg = f"{info.filename} in {self.path.name} is damaged ({why}): install geoconflict again"
            raise ReadError(msg)
        return raw

    def arcs(self, names: Iterable[str]) -> dict[str, Arcs]:
        """Return the arcs of the members of those names."""
        return {name: decode(data) for name, data in self.read(names).items()}


@lru_cache(maxsize=4)
def open_container(path: Path) -> Container:
    """Return the container at a path; the index is read once."""
    return Container(path)


_PACKAGE = Path(__file__).resolve().parents[1]


def boundaries_folder(path: str | PathLike[str] | None = None) -> Path:
    """Return the folder of the boundary data.

    Looked for in this order: the path given; ``_boundaries`` inside the installed package;
    ``data/boundaries`` of the checkout that the package lies in.

    Parameters
    ----------
    path : path, optional
        A folder of one's own that holds files of the same names.

    Returns
    -------
    Path

    Raises
    ------
    ReadError
        If no such folder holds the data; the message lists where it was looked for.

    Examples
    --------
    >>> (boundaries_folder() / "README.md").is_file()
    True
    """
    places = [Path(path)] if path is not None else [_PACKAGE / "_boundaries", _PACKAGE.parent / "data" / "boundaries"]
    for place in places:
        if (place / FILE_NAME).is_file():
            return place
    looked = " nor in ".join(str(place) for place in places)
    msg = f"{FILE_NAME} is not in {looked}; install geoconflict again, or give the folder that holds it"
    raise ReadError(msg)


if TYPE_CHECKING:
    Line = NDArray[np.float64]

# The longest degree of the meridian and of a parallel: distances come out too long, never too short.
_LAT_M_PER_DEG = 111_694.0
_LON_M_PER_DEG = 111_320.0
_PARTS = ("land", "sea")


def simplify(line: Line, resolution_m: float) -> Line:
    """Drop vertices of a line as long as it stays within a distance of the full one; its ends stay.

    Douglas and Peucker (1973) in metres, with the scale of the line's latitude nearest the
    equator. A ring keeps at least four vertices, so that an island never vanishes.
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
    """Join lines head to tail, keeping their direction."""
    merged = shapely.line_merge(shapely.multilinestrings([shapely.LineString(line) for line in lines]), directed=True)
    parts: list[shapely.LineString] = sorted(shapely.get_parts(merged), key=lambda part: tuple(part.coords[0]))
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def unit_faces(
    container: Container, unit: str, *, resolution_m: float
) -> tuple[list[shapely.Polygon], list[shapely.Polygon]]:
    """Return the polygons of a unit: those of land, and those of its territorial sea.

    Parameters
    ----------
    container : Container
    unit : str
    resolution_m : float
        How far the outline may lie from full resolution; the same value as for a border
        gives the same line.
    """
    plan: dict[str, Any] = json.loads(container.read([f"faces/{unit}"])[f"faces/{unit}"])
    members = container.read(plan["members"])
    lines = [
        simplify(whole / SCALE, resolution_m) for name in plan["members"] for whole in decode(members[name]).coordinates
    ]
    thin = resolution_m > 0
    land, sea = ([polygon for rings in plan[part] for polygon in _polygons(rings, lines, thin=thin)] for part in _PARTS)
    return land, sea


def _polygons(rings: list[list[int]], lines: list[Line], *, thin: bool) -> list[shapely.Polygon]:
    outer, *inner = [_ring(ring, lines) for ring in rings]
    if len(outer) < 4:
        return []
    polygon = shapely.Polygon(outer, [ring for ring in inner if len(ring) >= 4])
    if not thin or polygon.is_valid:  # faces at full resolution are valid as they were derived
        return [polygon]
    # Simplified arcs may touch or cross where a river winds; the ground between is split there.
    mended = shapely.get_parts(shapely.make_valid(polygon))
    return [part for piece in mended for part in shapely.get_parts(piece) if part.geom_type == "Polygon"]


def _ring(ring: list[int], lines: list[Line]) -> Line:
    pieces = [lines[number] if number >= 0 else lines[~number][::-1] for number in ring]
    joined = np.concatenate([piece[:-1] for piece in pieces])
    return np.concatenate([joined, joined[:1]])
