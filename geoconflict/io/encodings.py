"""Tell the encoding of a text, and read one that has several.

UTF-8 proves itself: a text of another encoding hardly ever passes as it. A Windows code page
cannot be proven, so that reading one is a repair that the report shows.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from geoconflict.errors import ReadError
from geoconflict.io.raw import Setback

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Guess:
    """The encoding that the start of a file shows.

    Attributes
    ----------
    name : str
        As Python calls it.
    shown : str
        As a report calls it.
    certain : bool
        Whether a strict decoder can be tried.
    """

    name: str
    shown: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text that was not plain UTF-8.

    Attributes
    ----------
    text : str
    name : str
        The encodings found.
    repaired : tuple of Setback
        The lines that were read by a code page, by their number in the file.
    warnings : tuple of str
    """

    text: str
    name: str
    repaired: tuple[Setback, ...]
    warnings: tuple[str, ...]


def guess(start: bytes, given: str | None = None) -> Guess:
    """Tell the encoding from the first bytes.

    Examples
    --------
    >>> guess("date;место".encode("cp1251")).certain, guess(b"date,lat").name
    (False, 'utf-8')
    """
    if given is not None:
        try:
            found = codecs.lookup(given).name
        except LookupError:
            msg = f"{given!r} is no encoding that Python knows, such as utf-8, cp1251 or cp1252"
            raise ReadError(msg) from None
        return Guess("utf-8-sig" if found == "utf-8" else found, found, certain=True)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Guess(name, f"{name.removesuffix('-sig')} with byte-order mark", certain=True)
    even, odd = start[0:2000:2], start[1:2000:2]
    if even and odd.count(0) > 0.4 * len(even) > even.count(0):
        return Guess("utf-16-le", "utf-16-le", certain=True)
    if even and even.count(0) > 0.4 * len(even) > odd.count(0):
        return Guess("utf-16-be", "utf-16-be", certain=True)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start, final=False)
    except UnicodeDecodeError:
        return Guess("utf-8", "utf-8", certain=False)
    return Guess("utf-8", "utf-8", certain=True)


def decode(data: bytes) -> Decoded:
    r"""Decode a text line by line: UTF-8 where it is UTF-8, a Windows code page where it is not.

    Examples
    --------
    >>> decode("Šiauliai\n".encode() + "Zürich\n".encode("cp1252")).text
    'Šiauliai\nZürich\n'
    """
    body = data.removeprefix(codecs.BOM_UTF8)
    lines = body.split(b"\n")
    good: list[str | None] = []
    for line in lines:
        try:
            good.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            good.append(None)
    bad = [i for i, text in enumerate(good) if text is None]
    notes: list[str] = []
    repaired: list[Setback] = []
    if bad == [len(lines) - 1] and _is_cut_off(lines[-1]):
        text = lines[-1].decode("utf-8", errors="ignore")
        good[-1] = text
        notes.append("the file ends in the middle of a character: it was cut off, and its last row may be incomplete")
        repaired.append(
            Setback("line cut off in the middle of a character", len(lines), repr(lines[-1][-12:])[2:-1], text[-8:], "")
        )
        return Decoded("\n".join(t or "" for t in good), "utf-8", tuple(repaired), tuple(notes))
    page = _code_page(b"\n".join(lines[i] for i in bad))
    for i in bad:
        text = lines[i].decode(page, errors="replace")
        good[i] = text
        odd = re.search(rb"[^\x00-\x7f]+", lines[i])
        at = odd.start() if odd else 0
        repaired.append(
            Setback(
                "line that is not UTF-8",
                i + 1,
                repr(lines[i][at : at + 12])[2:-1],
                lines[i][at : at + 12].decode(page, errors="replace"),
                "",
            )
        )
    any_utf8 = any(text is not None and not text.isascii() for i, text in enumerate(good) if i not in set(bad))
    name = f"utf-8 and {page}" if any_utf8 else page
    notes.append(
        f"{len(bad)} lines are not UTF-8 and were read as {page}, which cannot be proven; "
        "say ReadOptions(encoding=…) if letters look wrong"
    )
    return Decoded("\n".join(t or "" for t in good), name, tuple(repaired), tuple(notes))


def _is_cut_off(line: bytes) -> bool:
    """Tell whether a line is UTF-8 but for an unfinished character at its end."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(line, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _code_page(data: bytes) -> str:
    """Return the Windows code page of the letters: Cyrillic ones stand in rows, Latin ones alone."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    if not runs:
        return "cp1252"
    return "cp1251" if sum(run for run in runs if run >= 3) > 0.6 * sum(runs) else "cp1252"
