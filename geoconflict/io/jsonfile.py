"""Read JSON: GeoJSON, lists of records, one record a line, and what an API wraps round them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoconflict.errors import Fault, ReadError
from geoconflict.io import encodings
from geoconflict.io.raw import Raw, Setback

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geoconflict.io.opening import Opened


def read_json(opened: Opened, *, encoding: str | None = None) -> Raw:
    """Read any of the JSON forms; the form is told by what is inside.

    Raises
    ------
    ReadError
        If it is not JSON (with line and column), or holds no records.
    """
    data = opened.read()
    found = encodings.guess(data[: 1 << 20], encoding)
    notes: tuple[str, ...] = ()
    repaired: tuple[Setback, ...] = ()
    try:
        text = data.decode(found.name)
    except UnicodeDecodeError:
        decoded = encodings.decode(data)
        text, notes, repaired = decoded.text, decoded.warnings, decoded.repaired
    text = text.lstrip("\ufeff \t\r\n\x1e")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        return _read_lines(opened, text, found.shown, error)
    except RecursionError:
        msg = f"{opened.name} is nested deeper than can be read"
        raise ReadError(msg) from None
    is_collection = not isinstance(value, dict) or value.get("type") in {"Feature", "FeatureCollection"}
    # Two lines are two records whatever they hold; so one line is one.
    if not is_collection and _has_a_record_a_line(opened.name) and "\n" not in text.rstrip():
        raw = _from_records([value], opened, found.shown, "JSON, one record a line")
        return replace(raw, repaired=repaired, warnings=notes)
    return _from_value(value, opened, found.shown, notes, repaired)


def _has_a_record_a_line(name: str) -> bool:
    return name.casefold().removesuffix(".gz").endswith((".jsonl", ".ndjson", ".geojsonl"))


def _read_lines(opened: Opened, text: str, encoding: str, error: json.JSONDecodeError) -> Raw:
    """Read one JSON value a line, or tell where the JSON breaks."""
    lines = [(number, line.strip("\x1e \t\r")) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line]
    if len(lines) < 2 or not _is_object(lines[0][1]):
        fault = Fault(error.msg, line=error.lineno, column=error.colno, hint="the file may have been cut off")
        msg = f"{opened.name} is not whole JSON"
        raise ReadError(msg, [fault])
    values: list[Any] = []
    rows: list[int] = []
    lost: list[Setback] = []
    for row, (_, line) in enumerate(lines, 1):
        try:
            item = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            lost.append(Setback("not JSON", row, line))
            continue
        values.append(item)
        rows.append(row)
    if values and all(isinstance(v, dict) and v.get("type") == "Feature" for v in values):
        raw = _from_features(values, opened, encoding, None, "GeoJSON, one feature a line")
    else:
        raw = _from_records(values, opened, encoding, "JSON, one record a line")
    return Raw(
        raw.frame,
        np.array(rows, dtype="int64"),
        raw.format,
        raw.lon,
        raw.lat,
        encoding=encoding,
        lost=(*raw.lost, *lost),
    )


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (json.JSONDecodeError, RecursionError):
        return False


def _from_value(
    value: Any,  # noqa: ANN401 - whatever JSON holds
    opened: Opened,
    encoding: str,
    notes: tuple[str, ...],
    repaired: tuple[Setback, ...],
) -> Raw:
    if isinstance(value, dict):
        kind = value.get("type")
        if kind == "FeatureCollection" and isinstance(value.get("features"), list):
            raw = _from_features(value["features"], opened, encoding, _crs(value, opened), "GeoJSON")
        elif kind == "Feature":
            raw = _from_features([value], opened, encoding, _crs(value, opened), "GeoJSON")
        else:
            lists = {
                k: v for k, v in value.items() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)
            }
            if len(lists) != 1:
                what = "several lists of records: " + ", ".join(lists) if lists else "no list of records"
                msg = f"{opened.name} is JSON with {what}; a table of incidents needs one"
                raise ReadError(msg)
            raw = _from_records(next(iter(lists.values())), opened, encoding, "JSON")
    elif isinstance(value, list) and value:
        if all(isinstance(v, dict) and v.get("type") == "Feature" for v in value):
            raw = _from_features(value, opened, encoding, None, "GeoJSON")
        else:
            raw = _from_records(value, opened, encoding, "JSON")
    else:
        msg = f"{opened.name} is JSON without any record"
        raise ReadError(msg)
    return Raw(
        raw.frame,
        raw.rows,
        raw.format,
        raw.lon,
        raw.lat,
        encoding=encoding,
        crs=raw.crs,
        lost=raw.lost,
        repaired=repaired,
        warnings=notes,
    )


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


def _from_records(values: list[Any], opened: Opened, encoding: str, form: str) -> Raw:
    wrong = [(i, v) for i, v in enumerate(values, 1) if not isinstance(v, dict)]
    if len(wrong) == len(values):
        msg = f"{opened.name} is JSON, but its items are no records with named fields"
        raise ReadError(msg)
    good = [(i, v) for i, v in enumerate(values, 1) if isinstance(v, dict)]
    flat = [_flatten(v) for _, v in good]
    return Raw(
        _frame(flat),
        np.array([i for i, _ in good], dtype="int64"),
        form,
        encoding=encoding,
        lost=tuple(Setback("not a record", i, json.dumps(v)) for i, v in wrong),
    )


def _from_features(values: list[Any], opened: Opened, encoding: str, crs: str | None, form: str) -> Raw:
    if not values:
        msg = f"{opened.name} is a FeatureCollection without features: there is nothing to read"
        raise ReadError(msg)
    flat: list[dict[str, Any]] = []
    rows: list[int] = []
    points: list[tuple[float, float]] = []
    lost: list[Setback] = []
    for row, feature in enumerate(values, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            lost.append(Setback("not a feature", row, json.dumps(feature)))
            continue
        geometry = feature.get("geometry")
        point = _point(geometry)
        if point is None:
            kind = geometry.get("type") if isinstance(geometry, dict) else str(geometry)
            lost.append(Setback(f"a {kind} is not the point of an event", row, str(kind), column="geometry"))
            continue
        properties = feature.get("properties")
        fields = _flatten(properties) if isinstance(properties, dict) else {}
        if "id" in feature and "id" not in fields:
            fields["id"] = feature["id"]
        flat.append(fields)
        rows.append(row)
        points.append(point)
    lonlat = np.array(points, dtype="float64").reshape(-1, 2)
    return Raw(
        _frame(flat),
        np.array(rows, dtype="int64"),
        form,
        lon=lonlat[:, 0],
        lat=lonlat[:, 1],
        encoding=encoding,
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
