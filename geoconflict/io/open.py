"""Open a file or a member of an archive, and detect its kind by its content.

A name with the suffix of another kind is an error, since one of the two is wrong. Archives are
read without unpacking them to disk, within limits on size and compression ratio.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal, cast

from geoconflict.errors import LimitError, ReadError, did_you_mean

Kind = Literal["delimited", "json", "kml", "gpx", "xlsx", "ods", "parquet", "vector"]

_SNIFF = 1 << 16
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on the size of an input.

    Attributes
    ----------
    max_bytes : int
        Maximum size of one file after unpacking, and of input from a pipe.
    max_ratio : float
        Maximum compression ratio, checked after 64 MiB. Text tables rarely compress more than
        50 times; a ZIP bomb reaches 1,000.
    max_members : int
        Maximum number of files in an archive.
    """

    max_bytes: int = 16 << 30
    max_ratio: float = 200.0
    max_members: int = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """An input of a known kind.

    Attributes
    ----------
    name : str
        Name in reports and messages: the last part of the path, with the member of an archive.
    kind : str
    path : Path, optional
        Path of the file; None for a pipe or a stream.
    data : bytes, optional
        Content of a pipe or a stream.
    packed : str
        ``gzip``, ``zip`` or empty.
    size : int
        Size before unpacking, in bytes.
    limits : Limits
    member : str
        The file inside a ZIP archive.
    """

    name: str
    kind: Kind
    path: Path | None
    data: bytes | None
    packed: str
    size: int
    limits: Limits
    member: str = ""

    def stream(self) -> IO[bytes]:
        """Return a new stream of the unpacked bytes, which raises LimitError beyond the limits."""
        raw: IO[bytes] = io.BytesIO(self.data) if self.data is not None else cast("Path", self.path).open("rb")
        if self.packed == "gzip":
            return _guard(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)), self, raw)
        if self.packed == "zip":
            archive = zipfile.ZipFile(raw)
            try:
                member = archive.open(self.member)
            except BaseException:
                raw.close()
                raise
            return _guard(member, self, raw)
        return raw

    def read(self) -> bytes:
        """Return all the unpacked bytes."""
        if self.data is not None and not self.packed:
            return self.data
        try:
            with self.stream() as stream:
                return stream.read()
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            raise _broken(self.name, error) from error


def open_input(path: str | os.PathLike[str] | IO[bytes], *, limits: Limits, member: str | None = None) -> Opened:
    """Open a path, ``"-"`` for standard input, or a binary stream, and detect its kind.

    Parameters
    ----------
    path : path, ``"-"`` or binary stream
    limits : Limits
    member : str, optional
        The file to read from a ZIP archive that contains several.

    Returns
    -------
    Opened

    Raises
    ------
    ReadError
        If it is missing, a folder, empty, of an unknown kind, or of another kind than its name says.
    LimitError
        If it is larger than the limits.
    """
    if hasattr(path, "read"):
        name = Path(str(getattr(path, "name", "the stream"))).name
        return _identify(name, None, _read_pipe(cast("IO[bytes]", path), name, limits), limits, member)
    if str(path) == "-":
        return _identify("standard input", None, _read_pipe(sys.stdin.buffer, "standard input", limits), limits, member)
    place = Path(path)
    try:
        mode = place.stat().st_mode
    except (OSError, ValueError) as error:
        raise _missing(place, error) from error
    if stat.S_ISDIR(mode):
        inside = sorted(child.name for child in place.iterdir())[:5]
        msg = f"{place.name or place} is a folder, not a file; choose a file in it" + (
            f", such as {inside[0]}" if inside else ""
        )
        raise ReadError(msg)
    if not stat.S_ISREG(mode):
        try:
            with place.open("rb") as stream:
                return _identify(place.name, None, _read_pipe(stream, place.name, limits), limits, member)
        except OSError as error:
            raise _missing(place, error) from error
    return _identify(place.name, place, None, limits, member)


def _missing(place: Path, error: Exception) -> ReadError:
    if isinstance(error, FileNotFoundError):
        folder = place.parent
        names = [child.name for child in folder.iterdir()] if folder.is_dir() else []
        hint = did_you_mean(place.name, names)
        where = "there is no such file" if folder.is_dir() else "there is no such folder"
        return ReadError(f"{place}: {where}" + (f"; {hint}" if hint else ""))
    return ReadError(f"{place} cannot be opened: {error.__class__.__name__}: {error}")


def _read_pipe(stream: IO[bytes], name: str, limits: Limits) -> bytes:
    data: bytes | str = stream.read(limits.max_bytes + 1)
    if isinstance(data, str):
        msg = f"{name} is a text stream; open it in binary mode, so that its encoding can be detected"
        raise ReadError(msg)
    if len(data) > limits.max_bytes:
        msg = f"{name} is larger than the limit of {limits.max_bytes:,} bytes for input from a pipe"
        raise LimitError(msg)
    return data


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save it as XLSX"),
    (b"{\\rtf", "an RTF document; save it as CSV"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"\x7fELF", "a program"),
)

_KIND_OF_SUFFIX: dict[str, tuple[Kind, ...]] = {
    ".csv": ("delimited",),
    ".tsv": ("delimited",),
    ".tab": ("delimited",),
    ".json": ("json",),
    ".geojson": ("json",),
    ".jsonl": ("json",),
    ".ndjson": ("json",),
    ".geojsonl": ("json",),
    ".kml": ("kml",),
    ".kmz": ("kml",),
    ".gpx": ("gpx",),
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsx",),
    ".ods": ("ods",),
    ".parquet": ("parquet",),
    ".geoparquet": ("parquet",),
    ".gpkg": ("vector",),
    ".shp": ("vector",),
    ".fgb": ("vector",),
}

_KIND_WORDS: dict[Kind, str] = {
    "delimited": "a text table",
    "json": "JSON",
    "kml": "KML",
    "gpx": "GPX",
    "xlsx": "an XLSX workbook",
    "ods": "an ODS workbook",
    "parquet": "Parquet",
    "vector": "a vector file",
}


def _identify(name: str, path: Path | None, data: bytes | None, limits: Limits, member: str | None) -> Opened:
    size = len(data) if data is not None else cast("Path", path).stat().st_size
    try:
        head = data[:_SNIFF] if data is not None else _head(cast("Path", path))
    except OSError as error:
        raise _missing(cast("Path", path), error) from error
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        what = "is empty" if size == 0 else "contains only blanks"
        msg = f"{name} {what}: there is no table in it"
        raise ReadError(msg)
    packed, inner = "", ""
    if head.startswith(b"\x1f\x8b"):
        packed = "gzip"
    elif head.startswith(b"PK\x03\x04"):
        kind, packed, inner = _look_into_zip(name, path, data, limits, member)
        if kind is not None:
            _check_name(name if packed == "" else inner, kind)
            return Opened(_shown(name, inner), kind, path, data, packed, size, limits, inner)
    if not packed:
        kind = _kind_of(name, head)
        _check_name(name, kind)
        return Opened(name, kind, path, data, "", size, limits)
    unpacked = Opened(_shown(name, inner), "delimited", path, data, packed, size, limits, inner)
    try:
        with unpacked.stream() as stream:
            head = stream.read(_SNIFF)
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _broken(unpacked.name, error) from error
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        msg = f"{unpacked.name} is empty once unpacked: there is no table in it"
        raise ReadError(msg)
    kind = _kind_of(unpacked.name, head)
    _check_name(inner or name.removesuffix(".gz").removesuffix(".GZ"), kind)
    if kind in {"vector", "parquet", "xlsx", "ods"}:
        msg = f"{unpacked.name} is {_KIND_WORDS[kind]} inside a {packed} archive; unpack it first"
        raise ReadError(msg)
    return Opened(unpacked.name, kind, path, data, packed, size, limits, inner)


def _shown(name: str, inner: str) -> str:
    return f"{name}/{inner}" if inner else name


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_SNIFF)


def _broken(name: str, error: Exception) -> ReadError:
    return ReadError(f"{name} is a damaged archive ({error}); download it again")


def _kind_of(name: str, head: bytes) -> Kind:
    for magic, what in _MAGIC:
        if head.startswith(magic):
            msg = f"{name} is {what}: not a table"
            raise ReadError(msg)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"SQLite format 3\x00", b"\x00\x00\x27\x0a", b"fgb\x03fgb")):
        return "vector"
    text = _plain_start(head)
    if text.startswith("<"):
        return _markup_kind(name, text)
    if text.startswith(("{", "[")):
        return "json"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _looks_utf16(head):
        msg = f"{name} contains binary data of an unknown kind; docs/incidents.md lists the formats that can be read"
        raise ReadError(msg)
    return "delimited"


def _plain_start(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").lstrip()


def _looks_utf16(head: bytes) -> bool:
    """Return whether every other byte is zero, as in UTF-16 text without a byte-order mark."""
    even, odd = head[0:1000:2], head[1:1000:2]
    return (even.count(0) > 0.4 * len(even)) != (odd.count(0) > 0.4 * len(odd))


def _markup_kind(name: str, text: str) -> Kind:
    low = text[:4096].casefold()
    if "<!doctype html" in low or "<html" in low:
        msg = f"{name} is a web page, not data; a login page is often saved in place of a file"
        raise ReadError(msg)
    for kind, mark in (("kml", "<kml"), ("gpx", "<gpx")):
        if mark in low or f":{mark[1:]} " in low:
            return cast("Kind", kind)
    if "<!doctype" in low or "<!entity" in low:
        return "kml"  # the parser raises an error with the line
    msg = f"{name} is XML, but neither KML nor GPX"
    raise ReadError(msg)


def _check_name(name: str, kind: Kind) -> None:
    suffix = PurePosixPath(name.casefold()).suffix
    named = _KIND_OF_SUFFIX.get(suffix)
    if named is not None and kind not in named:
        msg = (
            f"{name} is not what its name says: it contains {_KIND_WORDS[kind]}, not {_KIND_WORDS[named[0]]}; rename it"
        )
        raise ReadError(msg)


def _look_into_zip(
    name: str, path: Path | None, data: bytes | None, limits: Limits, member: str | None
) -> tuple[Kind | None, str, str]:
    """Return the kind if the archive itself is a file format, else how it is packed and the member to read."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data) if data is not None else cast("Path", path))
    except (zipfile.BadZipFile, ValueError) as error:
        raise _broken(name, error) from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > limits.max_members:
            msg = f"{name} contains {len(infos):,} files, more than the limit of {limits.max_members:,}"
            raise LimitError(msg)
        names = [info.filename for info in infos]
        total = sum(info.file_size for info in infos)
        if "[Content_Types].xml" in names or "mimetype" in names or any(n.casefold().endswith(".shp") for n in names):
            _check_size(name, total, sum(info.compress_size for info in infos), limits)
        if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
            return "xlsx", "", ""
        if "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]:
            return "ods", "", ""
        if member is None and any(n.casefold().endswith(".shp") for n in names):
            return "vector", "", ""
    return None, "zip", _member(name, names, member)


def _member(name: str, names: list[str], wanted: str | None) -> str:
    """Return the name of the file to read from an archive."""
    if wanted is not None:
        if wanted in names:
            return wanted
        msg = f"{name} has no member {wanted!r}; {did_you_mean(wanted, names) or 'it has ' + ', '.join(names[:10])}"
        raise ReadError(msg)
    candidates = [n for n in names if _is_data(n)]
    if name.casefold().endswith(".kmz"):
        candidates = [n for n in candidates if n.casefold().endswith(".kml")]
        candidates = [n for n in candidates if "/" not in n][:1] or candidates[:1]
        if not candidates:
            msg = f"{name} is named KMZ but contains no KML"
            raise ReadError(msg)
    if len(candidates) != 1:
        listed = ", ".join(candidates[:10])
        msg = (
            f"{name} contains {len(candidates)} files that can be read ({listed}); choose one with ReadOptions(member=…)"
            if candidates
            else f"{name} contains no table: {', '.join(names[:10]) or 'it is empty'}"
        )
        raise ReadError(msg)
    return candidates[0]


def _is_data(name: str) -> bool:
    base = PurePosixPath(name)
    hidden = base.name.startswith(".") or "__MACOSX" in base.parts
    documentation = base.name.casefold().startswith(("readme", "license", "licence", "codebook"))
    return not hidden and not documentation and base.suffix.casefold() in {*_KIND_OF_SUFFIX, ".txt", ".dat", ".asc"}


def _check_size(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    if unpacked > limits.max_bytes:
        msg = f"{name} unpacks to more than the limit of {limits.max_bytes:,} bytes"
        raise LimitError(msg)
    if unpacked > 64 << 20 and unpacked > limits.max_ratio * max(packed, 1):
        msg = f"{name} unpacks to more than {limits.max_ratio:g} times its size: it may be a ZIP bomb"
        raise LimitError(msg)


class _Guard(io.RawIOBase):
    """A stream that raises LimitError beyond the limits."""

    def __init__(self, stream: IO[bytes], opened: Opened, below: IO[bytes]) -> None:
        self._stream = stream
        self._below = below
        self._opened = opened
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        block = self._stream.read(len(view))
        self._count += len(block)
        _check_size(self._opened.name, self._count, self._opened.size, self._opened.limits)
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._stream.close()
        self._below.close()
        super().close()


def _guard(stream: IO[bytes], opened: Opened, below: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", io.BufferedReader(_Guard(stream, opened, below), buffer_size=_BLOCK))


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a stream in blocks of one mebibyte."""
    while block := stream.read(_BLOCK):
        yield block
