"""Detect the encoding of a text file, and decode files that mix encodings.

UTF-8 is recognised by its bytes: text in another encoding almost never decodes as UTF-8.
A Windows code page cannot be proven, so every line decoded with one is reported as a repair.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from geoconflict.errors import LimitError, ReadError, did_you_mean
from geoconflict.io.table import ParseIssue

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH = re.compile(rb"[\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a text file become characters.

    Attributes
    ----------
    name : str
        Name of the codec in Python.
    shown : str
        Name for reports.
    strict : bool
        Whether the whole file is expected to decode with this codec. If not, lines that are not
        UTF-8 are decoded with ``code_page``.
    given : bool
        Whether the caller named it.
    code_page : str
    cut_off : bool
        Whether the last line ends in the middle of a UTF-8 character.
    warnings : tuple of str
    """

    name: str
    shown: str
    strict: bool = True
    given: bool = False
    code_page: str = ""
    cut_off: bool = False
    warnings: tuple[str, ...] = ()


def detect_encoding(start: bytes, given: str | None = None) -> Encoding | None:
    """Return the encoding of a text by its first bytes, or None if they are not in one Unicode encoding.

    Parameters
    ----------
    start : bytes
    given : str, optional
        Encoding named by the caller; not checked against the bytes.

    Raises
    ------
    ReadError
        If Python does not know the encoding given.

    Examples
    --------
    >>> detect_encoding("date;место".encode("cp1251")) is None, detect_encoding(b"date,lat").name
    (True, 'utf-8')
    """
    if given is not None:
        try:
            found = codecs.lookup(given).name
        except LookupError:
            msg = f"{given!r} is not an encoding that Python knows, such as utf-8, cp1251 or cp1252"
            raise ReadError(msg) from None
        return Encoding("utf-8-sig" if found == "utf-8" else found, found, given=True)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Encoding(name, f"{name.removesuffix('-sig')} with byte-order mark")
    even, odd = start[0:2000:2], start[1:2000:2]
    if even and odd.count(0) > 0.4 * len(even) > even.count(0):
        return Encoding("utf-16-le", "utf-16-le")
    if even and even.count(0) > 0.4 * len(even) > odd.count(0):
        return Encoding("utf-16-be", "utf-16-be")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=False)
    except UnicodeDecodeError:
        return None
    return Encoding("utf-8", "utf-8")


def detect_mixed_encoding(lines: Iterable[bytes]) -> Encoding:
    r"""Choose the code page for the lines of a text that are not UTF-8.

    Cyrillic letters stand in runs, accented Latin letters stand alone.

    Parameters
    ----------
    lines : iterable of bytes
        The lines of the whole file.

    Examples
    --------
    >>> detect_mixed_encoding(["Šiauliai\n".encode(), "Zürich\n".encode("cp1252")]).shown
    'utf-8 and cp1252'
    """
    bad = letters = in_runs = 0
    any_utf8 = last_is_bad = False
    line = b""
    for number, read in enumerate(lines):
        line = read.removeprefix(codecs.BOM_UTF8) if number == 0 else read
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            last_is_bad = True
            bad += 1
            runs = [len(run) for run in _HIGH.findall(line)]
            letters += sum(runs)
            in_runs += sum(run for run in runs if run >= 3)
        else:
            last_is_bad = False
            any_utf8 = any_utf8 or not text.isascii()
    if bad == 1 and last_is_bad and _is_cut_off(line):
        note = "the file ends in the middle of a character: it was cut off, and its last row may be incomplete"
        return Encoding("utf-8", "utf-8", strict=False, code_page="utf-8", cut_off=True, warnings=(note,))
    page = "cp1251" if letters and in_runs > 0.6 * letters else "cp1252"
    note = (
        f"{bad} line{' is' if bad == 1 else 's are'} not UTF-8 and {'was' if bad == 1 else 'were'} read as {page}, which cannot be proven; "
        "set ReadOptions(encoding=…) if letters look wrong"
    )
    return Encoding("utf-8", f"utf-8 and {page}" if any_utf8 else page, strict=False, code_page=page, warnings=(note,))


def _is_cut_off(line: bytes) -> bool:
    """Return whether a line is UTF-8 except for an incomplete character at its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(line, final=False)
    except UnicodeDecodeError:
        return False
    return True


class TextStream(io.TextIOBase):
    """The text of a binary stream, with its line endings kept.

    Parameters
    ----------
    binary : binary file object
        Closed with this stream.
    encoding : Encoding

    Attributes
    ----------
    issues : list of ParseIssue
        The lines decoded with a code page so far, by their number in the file.
    """

    def __init__(self, binary: IO[bytes], encoding: Encoding) -> None:
        self.issues: list[ParseIssue] = []
        self._binary = binary
        self._encoding = encoding
        self._pending = io.StringIO(newline="")
        self._lines = self._decode()

    def _decode(self) -> Iterator[str]:
        for number, line in enumerate(self._binary, 1):
            data = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                yield self._repair(data, number)

    def _repair(self, line: bytes, number: int) -> str:
        if self._encoding.cut_off:
            text = line.decode("utf-8", errors="ignore")
            kind = "line cut off in the middle of a character"
            self.issues.append(ParseIssue(kind, number, repr(line[-12:])[2:-1], text[-8:]))
            return text
        page = self._encoding.code_page
        odd = re.search(rb"[^\x00-\x7f]+", line)
        some = line[odd.start() : odd.start() + 12].rstrip(b"\r\n") if odd else b""
        after = some.decode(page, errors="replace")
        self.issues.append(ParseIssue("line that is not UTF-8", number, repr(some)[2:-1], after))
        return line.decode(page, errors="replace")

    def readable(self) -> bool:
        """Return True."""
        return True

    def _fill(self) -> bool:
        block = "".join(line for _, line in zip(range(2000), self._lines, strict=False))
        self._pending = io.StringIO(block, newline="")
        return bool(block)

    def read(self, size: int | None = -1, /) -> str:
        """Return at most ``size`` characters, or all that are left."""
        if size is None or size < 0:
            return self._pending.read() + "".join(self._lines)
        return self._pending.read(size) or (self._pending.read(size) if self._fill() else "")

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # the stubs name no positional-only form
        """Return the next line."""
        return self._pending.readline(size) or (self._pending.readline(size) if self._fill() else "")

    def close(self) -> None:
        """Close this stream and the binary one."""
        self._binary.close()
        super().close()


def open_text(binary: IO[bytes], encoding: Encoding) -> IO[str]:
    """Return the text of a binary stream; line endings are kept."""
    if encoding.strict:
        return io.TextIOWrapper(binary, encoding=encoding.name, newline="")
    return cast("IO[str]", TextStream(binary, encoding))


def decode(data: bytes, given: str | None = None) -> tuple[str, Encoding, tuple[ParseIssue, ...]]:
    r"""Decode a whole text; lines that are not UTF-8 are decoded with a Windows code page.

    Returns
    -------
    text : str
    encoding : Encoding
    repaired : tuple of ParseIssue
        The lines that are not UTF-8.

    Raises
    ------
    ReadError
        If Python does not know the encoding given.
    UnicodeDecodeError
        If the text is not in the encoding given.

    Examples
    --------
    >>> decode("Šiauliai\n".encode() + "Zürich\n".encode("cp1252"))[0]
    'Šiauliai\nZürich\n'
    """
    encoding = detect_encoding(data[: 1 << 20], given)
    if encoding is not None:
        try:
            return data.decode(encoding.name), encoding, ()
        except UnicodeDecodeError:
            if given is not None:
                raise
    encoding = detect_mixed_encoding(io.BytesIO(data))
    with TextStream(io.BytesIO(data), encoding) as stream:
        text = stream.read()
        return text, encoding, tuple(stream.issues)


def read_text(path: str | os.PathLike[str], *, max_bytes: int, errors: str = "strict") -> str:
    """Read a UTF-8 text file, with or without a byte order mark.

    Parameters
    ----------
    path : path or str
    max_bytes : int
        The largest file that is read.
    errors : {"strict", "replace"}
        What to do with bytes that are not UTF-8.

    Returns
    -------
    str

    Raises
    ------
    ReadError
        If the file is missing, empty or a folder, cannot be opened or is not UTF-8.
    LimitError
        If it is larger than ``max_bytes``.

    Examples
    --------
    >>> read_text("defence_lin.yaml", max_bytes=1000)
    Traceback (most recent call last):
        ...
    geoconflict.errors.ReadError: defence_lin.yaml cannot be read: it does not exist; check the path
    """
    file = Path(path)
    if file.is_dir():
        msg = f"{file} cannot be read: it is a folder; give a file"
        raise ReadError(msg)
    if not file.exists():
        beside = [found.name for found in file.parent.iterdir()] if file.parent.is_dir() else []
        hint = did_you_mean(file.name, beside) or "check the path"
        msg = f"{file} cannot be read: it does not exist; {hint}"
        raise ReadError(msg)
    if not file.is_file():
        msg = f"{file} cannot be read: it is not a regular file"
        raise ReadError(msg)
    try:
        size = file.stat().st_size
        if size > max_bytes:
            msg = f"{file.name} has {size:,} bytes; the limit is {max_bytes:,}"
            raise LimitError(msg)
        text = file.read_text(encoding="utf-8-sig", errors=errors)
    except UnicodeDecodeError as error:
        msg = f"{file} is not UTF-8 text: byte {error.start} cannot be decoded; save it as UTF-8"
        raise ReadError(msg) from None
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror or error}"
        raise ReadError(msg) from None
    if not text.strip():
        msg = f"{file.name} is empty"
        raise ReadError(msg)
    return text
