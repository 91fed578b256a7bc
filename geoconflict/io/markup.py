"""Read KML and GPX without external entities or network access.

The expat parser of the standard library is fed in blocks. A document type declaration, which can
declare entities and which neither format needs, is an error; network links are counted and not
followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat  # document types, and with them entities, are refused below

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, ReadError
from geoconflict.io.open import Opened, blocks
from geoconflict.io.table import ParseIssue, RawTable

_DEEPEST = 200
# a day at the very start of a name or description: "27 FEB 2022 …", "[2022-02-27] …"
_DAY = re.compile(r"\W*(\d{4}-\d{2}-\d{2}|\d{1,2}[ ./-]?(?:[A-Za-z]{3,9}|\d{1,2})[ ./-]?(?:\d{4}|\d{2}))\b")
_SHAPES = {"Polygon", "LineString", "LinearRing", "Model", "Track", "MultiTrack"}
_PLACEMARK_TEXTS = {"name", "description", "address", "when", "begin", "end", "styleUrl", "snippet"}
_GPX_TEXTS = {"name", "desc", "cmt", "time", "sym", "type", "src"}


@dataclass(slots=True)
class _Walk:
    """State and results of the parser."""

    parser: Any
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    folders: list[tuple[int, str]] = field(default_factory=list)
    row: dict[str, str] | None = None
    key: str = ""
    shapes: list[str] = field(default_factory=list)
    rows: list[dict[str, str]] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lost: list[ParseIssue] = field(default_factory=list)
    count: int = 0
    links: int = 0
    others: int = 0


def read_kml(opened: Opened) -> RawTable:
    """Read the placemarks of a KML file; folders are named in the column ``folder``.

    Raises
    ------
    ReadError
        If it is not well formed (with line and column), or declares a document type.
    """
    walk = _parse(opened, _kml_start, _kml_end)
    notes = []
    if walk.links:
        notes.append(f"network links are not followed: {walk.links} left out")
    return _raw(walk, "KML", notes, opened.name)


def read_gpx(opened: Opened) -> RawTable:
    """Read the waypoints of a GPX file; tracks and routes are counted and left out.

    Raises
    ------
    ReadError
    """
    walk = _parse(opened, _gpx_start, _gpx_end)
    notes = [f"tracks and routes are not events: {walk.others} left out"] if walk.others else []
    return _raw(walk, "GPX", notes, opened.name)


def _raw(walk: _Walk, form: str, notes: list[str], name: str) -> RawTable:
    if not walk.rows and not walk.lost:
        what = "placemark" if form == "KML" else "waypoint"
        more = "; ".join(notes)
        msg = f"{name} contains no {what}" + (f"; {more}" if more else "")
        raise ReadError(msg)
    columns = list(dict.fromkeys(key for row in walk.rows for key in row))
    data = {key: np.array([row.get(key) for row in walk.rows], dtype=object) for key in columns}
    lonlat = np.array(walk.points, dtype="float64").reshape(-1, 2)
    return RawTable(
        pd.DataFrame(data, index=pd.RangeIndex(len(walk.rows)), dtype=object),
        np.array(walk.numbers, dtype="int64"),
        form,
        lon=lonlat[:, 0],
        lat=lonlat[:, 1],
        lost=tuple(walk.lost),
        warnings=tuple(notes),
    )


def _parse(
    opened: Opened, start: Callable[[_Walk, str, dict[str, str]], None], end: Callable[[_Walk, str, str], None]
) -> _Walk:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    walk = _Walk(parser)

    def fault(message: str, hint: str) -> ReadError:
        where = Fault(message, line=parser.CurrentLineNumber, column=parser.CurrentColumnNumber + 1, hint=hint)
        return ReadError(f"{opened.name} cannot be read", [where])

    def refuse(*_: object) -> None:
        what = "it declares a document type, which can include other files"
        raise fault(what, "delete the declaration; KML and GPX do not need it")

    def on_start(name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(" ", 1)[-1]
        walk.path.append(local)
        if len(walk.path) > _DEEPEST:
            what = f"elements are nested more than {_DEEPEST} deep"
            raise fault(what, "such a file is not ordinary KML or GPX")
        walk.text.clear()
        start(walk, local, attributes)

    def on_end(name: str) -> None:
        end(walk, name.rsplit(" ", 1)[-1], "".join(walk.text).strip())
        walk.text.clear()
        walk.path.pop()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = walk.text.append
    try:
        with opened.stream() as stream:
            for block in blocks(stream):
                parser.Parse(block, False)  # noqa: FBT003 - expat takes its flag by position
            parser.Parse(b"", True)  # noqa: FBT003 - expat takes its flag by position
    except expat.ExpatError as error:
        where = Fault(expat.ErrorString(error.code), line=error.lineno, column=error.offset + 1)
        msg = f"{opened.name} is not well-formed XML; the file may have been cut off"
        raise ReadError(msg, [where]) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, ReadError):
            raise
        msg = f"{opened.name} declares an encoding that cannot be read ({error}); save it as UTF-8"
        raise ReadError(msg) from error
    return walk


def _kml_start(walk: _Walk, name: str, attributes: dict[str, str]) -> None:
    if name in {"Folder", "Document"}:
        walk.folders.append((len(walk.path), ""))
    elif name == "NetworkLink":
        walk.links += 1
    elif name == "Placemark":
        walk.count += 1
        names = [folder for _, folder in walk.folders if folder]
        walk.row = {"folder": " / ".join(names)} if names else {}
        walk.shapes = []
        if attributes.get("id"):
            walk.row["id"] = attributes["id"]
    elif walk.row is not None:
        if name in {"Data", "SimpleData"}:
            walk.key = attributes.get("name", "")
        elif name in _SHAPES:
            walk.shapes.append(name)


def _kml_end(walk: _Walk, name: str, text: str) -> None:
    if name in {"Folder", "Document"} and walk.folders:
        walk.folders.pop()
    elif name == "Placemark":
        _finish(walk)
    elif walk.row is None:
        if name == "name" and walk.folders and len(walk.path) == walk.folders[-1][0] + 1:
            walk.folders[-1] = (walk.folders[-1][0], text)
    elif name == "coordinates":
        if len(walk.path) > 1 and walk.path[-2] == "Point":
            walk.shapes.append("Point")
            walk.row["\x00point"] = text
    elif name in {"value", "SimpleData"}:
        if walk.key and text:
            walk.row[walk.key] = text
    elif name in _PLACEMARK_TEXTS and text:
        walk.row.setdefault(name, text)


def _finish(walk: _Walk) -> None:
    row = walk.row or {}
    walk.row = None
    text = row.pop("\x00point", "")
    point = _lonlat(text)
    if len(walk.shapes) > 1 or (walk.shapes and walk.shapes[0] != "Point"):
        shape = "several shapes" if len(walk.shapes) > 1 else f"a {walk.shapes[0]}"
        walk.lost.append(
            ParseIssue(f"{shape}: not the point of an event", walk.count, row.get("name", ""), column="geometry")
        )
        return
    if text and point is None:
        walk.lost.append(ParseIssue("coordinates that are not numbers", walk.count, text, column="coordinates"))
        return
    for text in (row.get("name", ""), row.get("description", "")):
        hit = _DAY.match(text)
        if hit:
            row["day_in_text"] = hit[1]
            break
    walk.rows.append(row)
    walk.numbers.append(walk.count)
    walk.points.append(point if point is not None else (float("nan"), float("nan")))


def _lonlat(text: str) -> tuple[float, float] | None:
    parts = re.split(r"[,\s]+", text.strip())
    try:
        return (float(parts[0]), float(parts[1]))
    except (ValueError, IndexError):
        return None


def _gpx_start(walk: _Walk, name: str, attributes: dict[str, str]) -> None:
    if name in {"trk", "rte"}:
        walk.others += 1
    elif name == "wpt":
        walk.count += 1
        walk.row = {"\x00lat": attributes.get("lat", ""), "\x00lon": attributes.get("lon", "")}
    elif name == "link" and walk.row is not None and attributes.get("href"):
        walk.row.setdefault("link", attributes["href"])


def _gpx_end(walk: _Walk, name: str, text: str) -> None:
    if walk.row is None:
        return
    if name == "wpt":
        row, walk.row = walk.row, None
        given = f"{row.pop(chr(0) + 'lon')} {row.pop(chr(0) + 'lat')}"
        point = _lonlat(given)
        if point is None:
            walk.lost.append(ParseIssue("coordinates that are not numbers", walk.count, given, column="wpt"))
            return
        walk.rows.append(row)
        walk.points.append(point)
        walk.numbers.append(walk.count)
    elif name in _GPX_TEXTS and text and len(walk.path) > 1 and walk.path[-2] == "wpt":
        walk.row[name] = text
