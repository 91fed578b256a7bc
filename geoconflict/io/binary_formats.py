"""Read tables from workbooks, Parquet, GeoPackage, Shapefile and FlatGeobuf."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict.crs import is_wgs84
from geoconflict.errors import CRSError, LimitError, MissingExtraError, ReadError, did_you_mean
from geoconflict.io.open import Opened
from geoconflict.io.table import ParseIssue, RawTable, find_tags, name_columns, unique_names
from geoconflict.io.vector import read_layer

_ENGINES: dict[str, tuple[Any, str, str]] = {"xlsx": ("openpyxl", "openpyxl", "XLSX"), "ods": ("odf", "odfpy", "ODS")}
_MOST_ROWS = 2_000_000


def read_workbook(opened: Opened, *, sheet: str | None) -> RawTable:
    """Read one sheet of a workbook; the first row that is not blank is the header.

    Formulas are not evaluated; their stored results are read.

    Raises
    ------
    MissingExtraError
        If the library for the format is not installed.
    ReadError
        If it is damaged or empty, or has no such sheet.
    """
    module, package, form = _ENGINES[opened.kind]
    if importlib.util.find_spec(module) is None:
        what = f"{form} workbooks"
        raise MissingExtraError(what, package=package, extra="tables")
    try:
        with pd.ExcelFile(io.BytesIO(opened.read()), engine=module) as book:
            names = [str(name) for name in book.sheet_names]
            chosen = _sheet(names, sheet, opened.name)
            cells: pd.DataFrame = pd.read_excel(
                book, sheet_name=chosen, header=None, dtype=object, keep_default_na=False, na_values=[""]
            )
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        if isinstance(error, ReadError):
            raise
        msg = f"{opened.name} is a damaged workbook ({error.__class__.__name__}: {str(error)[:100]}); save it again"
        raise ReadError(msg) from error
    notes = (
        []
        if len(names) == 1 or sheet
        else [f"the sheet {chosen!r} was read; the others are {', '.join(n for n in names if n != chosen)[:200]}"]
    )
    return _from_cells(cells, opened, form, notes)


def _sheet(names: list[str], wanted: str | None, name: str) -> str:
    if wanted is None:
        return names[0]
    if wanted in names:
        return wanted
    msg = f"{name} has no sheet {wanted!r}; {did_you_mean(wanted, names) or 'it has ' + ', '.join(names[:10])}"
    raise ReadError(msg)


def _from_cells(cells: pd.DataFrame, opened: Opened, form: str, notes: list[str]) -> RawTable:
    if len(cells) > _MOST_ROWS:
        msg = f"{opened.name} has {len(cells):,} rows; a sheet may have {_MOST_ROWS:,} at most"
        raise LimitError(msg)
    filled = np.flatnonzero(cells.notna().any(axis=1).to_numpy())
    if not len(filled):
        msg = f"{opened.name} is empty: its sheet contains no table"
        raise ReadError(msg)
    head = int(filled[0])
    names, repeated = name_columns("" if pd.isna(v) else str(v) for v in cells.iloc[head].tolist())
    notes += repeated
    body = cells.iloc[head + 1 :]
    numbers = np.arange(1, len(body) + 1, dtype="int64")
    body.columns = pd.Index(names)
    tags = find_tags(("" if pd.isna(v) else str(v) for v in body.iloc[0].tolist()), names) if len(body) else {}
    if tags:
        body, numbers = body.iloc[1:], numbers[:-1]
        notes.append("row 1 holds HXL tags, not data; it was used to name the columns")
    there = body.notna().any(axis=1).to_numpy()
    body = body[there].reset_index(drop=True).astype(object)
    body = body.where(body.notna(), None)
    return RawTable(body, numbers[there], form, tags=tags, warnings=tuple(notes))


def read_parquet(opened: Opened) -> RawTable:
    """Read a Parquet file, with the points of GeoParquet.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    ReadError
    """
    if importlib.util.find_spec("pyarrow") is None:
        what = "Parquet files"
        raise MissingExtraError(what, package="pyarrow", extra="parquet")
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(io.BytesIO(opened.read()))
    except (pa.ArrowException, OSError) as error:
        msg = f"{opened.name} is a damaged Parquet file ({str(error)[:100]}); download it again"
        raise ReadError(msg) from error
    if b"geo" in (table.schema.metadata or {}):
        frame = gpd.read_parquet(io.BytesIO(opened.read()))
        return _from_geometries(frame, opened, "GeoParquet", ())
    plain_frame: pd.DataFrame = table.to_pandas()
    names, _ = unique_names([str(name) for name in plain_frame.columns])
    plain_frame.columns = pd.Index(names)
    numbers = np.arange(1, len(plain_frame) + 1, dtype="int64")
    return RawTable(plain_frame.reset_index(drop=True), numbers, "Parquet")


def read_vector_file(opened: Opened, *, layer: str | None) -> RawTable:
    """Read the points of a layer of a GeoPackage, Shapefile or FlatGeobuf.

    Raises
    ------
    ReadError
        If it cannot be read, or there is no such layer.
    CRSError
        If it does not name its coordinate reference system.
    """
    frame = read_layer(opened.path or opened.read(), layer=layer, name=opened.name)
    others = [name for name in frame.attrs["layers"][1:] if layer is None]
    notes = (
        (f"the layer {frame.attrs['layers'][0]!r} was read; the others are {', '.join(others)[:200]}",)
        if others
        else ()
    )
    if not isinstance(frame, gpd.GeoDataFrame):
        return RawTable(frame, np.arange(1, len(frame) + 1, dtype="int64"), "vector file", warnings=notes)
    return _from_geometries(frame, opened, "vector file", notes)


def _from_geometries(frame: gpd.GeoDataFrame, opened: Opened, form: str, notes: tuple[str, ...]) -> RawTable:
    crs = frame.crs
    if crs is None:
        msg = f"{opened.name} does not name its coordinate reference system; save it with one (a Shapefile needs its .prj)"
        raise CRSError(msg)
    declared = "EPSG:4326" if is_wgs84(crs) else str(crs.to_string())
    kinds = frame.geometry.geom_type
    single = (kinds == "Point") | frame.geometry.isna()
    numbers = np.arange(1, len(frame) + 1, dtype="int64")
    lost = tuple(
        ParseIssue(
            f"a {kinds.iloc[int(i)]} is not the point of an event",
            int(i) + 1,
            str(kinds.iloc[int(i)]),
            column="geometry",
        )
        for i in np.flatnonzero(~single.to_numpy())
    )
    kept = frame[single]
    table = pd.DataFrame(kept.drop(columns=kept.geometry.name)).reset_index(drop=True)
    return RawTable(
        table,
        numbers[single.to_numpy()],
        form,
        lon=kept.geometry.x.to_numpy(dtype="float64"),
        lat=kept.geometry.y.to_numpy(dtype="float64"),
        crs=declared,
        lost=lost,
        warnings=notes,
    )
