"""Read tables from JSON: GeoJSON, lists of records, one record per line, and responses of an API."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, ReadError
from geoconflict.io.open import Opened
from geoconflict.io.table import ParseIssue, RawTable
from geoconflict.io.text import decode


def read_json(opened: Opened, *, encoding: str | None = None) -> RawTable:
    """Read GeoJSON, a list of records, an object with one such list, or one record per line.

    Lines that are not in UTF-8 are decoded with a Windows code page and reported.

    Raises
    ------
    ReadError
        If it is not JSON (with line and column), or holds no records.
    """
    try:
        text, found, repaired = decode(opened.read(), encoding)
    except UnicodeDecodeError as error:
        msg = f"{opened.name} is not in {encoding}, the encoding that was given"
        raise ReadError(msg) from error
    text = text.lstrip("\ufeff \t\r\n\x1e")
    by_line = opened.name.casefold().removesuffix(".gz").endswith((".jsonl", ".ndjson", ".geojsonl"))
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raw = _from_lines(opened, text, error, by_line=by_line)
    except RecursionError:
        msg = f"{opened.name} is nested too deeply to be read"
        raise ReadError(msg) from None
    else:
        is_collection = not isinstance(value, dict) or value.get("type") in {"Feature", "FeatureCollection"}
        if by_line and not is_collection and "\n" not in text.rstrip():
            raw = _from_records([(1, value)], opened, "JSON, one record per line")
        else:
            raw = _from_value(value, opened)
    return replace(raw, encoding=found.shown, repaired=repaired, warnings=found.warnings)


def _from_lines(opened: Opened, text: str, error: json.JSONDecodeError, *, by_line: bool) -> RawTable:
    """Read one JSON value per line, or raise the error of the text as a whole."""
    lines = [line for line in (part.strip("\x1e \t\r") for part in text.split("\n")) if line]
    values: list[tuple[int, Any]] = []
    lost: list[ParseIssue] = []
    for row, line in enumerate(lines, 1):
        try:
            values.append((row, json.loads(line)))
        except (json.JSONDecodeError, RecursionError):
            lost.append(ParseIssue("not JSON", row, line))
    starts_whole = by_line or (bool(values) and values[0][0] == 1)
    if len(lines) < 2 or not starts_whole or not any(isinstance(value, dict) for _, value in values):
        fault = Fault(error.msg, line=error.lineno, column=error.colno, hint="the file may have been cut off")
        msg = f"{opened.name} is not whole JSON"
        raise ReadError(msg, [fault])
    if any(_is_feature(value) for _, value in values):
        raw = _from_features(values, opened, None, "GeoJSON, one feature per line")
    else:
        raw = _from_records(values, opened, "JSON, one record per line")
    return replace(raw, lost=tuple(sorted((*raw.lost, *lost), key=lambda issue: issue.row)))


def _is_feature(value: object) -> bool:
    return isinstance(value, dict) and value.get("type") == "Feature"


def _from_value(value: Any, opened: Opened) -> RawTable:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, dict):
        if value.get("type") == "FeatureCollection" and isinstance(value.get("features"), list):
            return _from_features(list(enumerate(value["features"], 1)), opened, _crs(value, opened), "GeoJSON")
        if value.get("type") == "Feature":
            return _from_features([(1, value)], opened, _crs(value, opened), "GeoJSON")
        lists = {k: v for k, v in value.items() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)}
        if len(lists) != 1:
            what = "several lists of records: " + ", ".join(lists) if lists else "no list of records"
            msg = f"{opened.name} is JSON with {what}; a table of incidents needs one"
            raise ReadError(msg)
        return _from_records(list(enumerate(next(iter(lists.values())), 1)), opened, "JSON")
    if isinstance(value, list) and value:
        rows = list(enumerate(value, 1))
        if all(_is_feature(item) for item in value):
            return _from_features(rows, opened, None, "GeoJSON")
        return _from_records(rows, opened, "JSON")
    msg = f"{opened.name} is JSON without any record"
    raise ReadError(msg)


def _crs(value: dict[str, Any], opened: Opened) -> str | None:
    """Return the CRS that an older GeoJSON names; RFC 7946 has none, and means WGS84."""
    crs = value.get("crs")
    if crs is None:
        return None
    name = crs.get("properties", {}).get("name") if isinstance(crs, dict) else None
    if not isinstance(name, str):
        msg = f"{opened.name} has a crs member that names no coordinate reference system: {str(crs)[:100]}"
        raise ReadError(msg)
    return name


def _from_records(values: list[tuple[int, Any]], opened: Opened, form: str) -> RawTable:
    good = [(row, value) for row, value in values if isinstance(value, dict)]
    if not good:
        msg = f"{opened.name} is JSON, but its items are not records with named fields"
        raise ReadError(msg)
    return RawTable(
        _frame([_flatten(value) for _, value in good]),
        np.array([row for row, _ in good], dtype="int64"),
        form,
        lost=tuple(
            ParseIssue("not a record", row, json.dumps(value)) for row, value in values if not isinstance(value, dict)
        ),
    )


def _from_features(values: list[tuple[int, Any]], opened: Opened, crs: str | None, form: str) -> RawTable:
    if not values:
        msg = f"{opened.name} is a FeatureCollection without features: there is nothing to read"
        raise ReadError(msg)
    flat: list[dict[str, Any]] = []
    rows: list[int] = []
    points: list[tuple[float, float]] = []
    lost: list[ParseIssue] = []
    for row, feature in values:
        if not _is_feature(feature):
            lost.append(ParseIssue("not a feature", row, json.dumps(feature)))
            continue
        geometry = feature.get("geometry")
        point = _point(geometry)
        if point is None:
            kind = geometry.get("type") if isinstance(geometry, dict) else str(geometry)
            lost.append(ParseIssue(f"a {kind} is not the point of an event", row, str(kind), column="geometry"))
            continue
        properties = feature.get("properties")
        fields = _flatten(properties) if isinstance(properties, dict) else {}
        if "id" in feature and "id" not in fields:
            fields["id"] = feature["id"]
        flat.append(fields)
        rows.append(row)
        points.append(point)
    lonlat = np.array(points, dtype="float64").reshape(-1, 2)
    return RawTable(
        _frame(flat),
        np.array(rows, dtype="int64"),
        form,
        lon=lonlat[:, 0],
        lat=lonlat[:, 1],
        crs=crs,
        lost=tuple(lost),
    )


def _point(geometry: object) -> tuple[float, float] | None:
    """Return the point of a geometry, NaN for none at all, None for another kind of geometry."""
    if geometry is None:
        return (float("nan"), float("nan"))
    if not isinstance(geometry, dict):
        return None
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        coordinates = coordinates[0]
    elif geometry.get("type") == "Point" and coordinates == []:
        return (float("nan"), float("nan"))
    elif geometry.get("type") != "Point":
        return None
    if (
        isinstance(coordinates, list)
        and len(coordinates) >= 2
        and all(isinstance(c, (int, float)) and not isinstance(c, bool) for c in coordinates[:2])
    ):
        return (float(coordinates[0]), float(coordinates[1]))
    return None


def _flatten(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < 3:
            out.update(_flatten(value, f"{name}.", depth + 1))
        else:
            out[name] = value
    return out


def _frame(records: Iterable[dict[str, Any]]) -> pd.DataFrame:
    records = list(records)
    names = list(dict.fromkeys(name for record in records for name in record))
    data = {}
    for name in names:
        column = np.empty(len(records), dtype=object)
        column[:] = [record.get(name) for record in records]
        data[name] = column
    return pd.DataFrame(data, index=pd.RangeIndex(len(records)), dtype=object)
