"""Read the formats that a library opens: workbooks, Parquet, GeoPackage, Shapefile, FlatGeobuf."""

from __future__ import annotations

import importlib.util
import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoconflict.crs import is_wgs84
from geoconflict.errors import CRSError, LimitError, MissingExtraError, ReadError, did_you_mean
from geoconflict.incidents.source import plain
from geoconflict.io.raw import Raw, Setback, unique_names

if TYPE_CHECKING:
    import geopandas as gpd

    from geoconflict.io.opening import Opened

_ENGINES: dict[str, tuple[Any, str, str]] = {"xlsx": ("openpyxl", "openpyxl", "XLSX"), "ods": ("odf", "odfpy", "ODS")}
_MOST_ROWS = 2_000_000


def read_workbook(opened: Opened, *, sheet: str | None) -> Raw:
    """Read one sheet of a workbook; its first row that is not blank is the header.

    Values of formulas are read as they were last computed; formulas are not run.

    Raises
    ------
    MissingExtraError
        If the library that opens it is not installed.
    ReadError
        If there is no such sheet, or several and none is named.
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


def _from_cells(cells: pd.DataFrame, opened: Opened, form: str, notes: list[str]) -> Raw:
    if len(cells) > _MOST_ROWS:
        msg = f"{opened.name} has {len(cells):,} rows; a sheet may have {_MOST_ROWS:,} at most"
        raise LimitError(msg)
    filled = np.flatnonzero(cells.notna().any(axis=1).to_numpy())
    if not len(filled):
        msg = f"{opened.name} is empty: there is no table in its sheet"
        raise ReadError(msg)
    head = int(filled[0])
    names, repeated = unique_names(["" if pd.isna(v) else str(v) for v in cells.iloc[head].tolist()])
    notes += [
        f"the column name {name!r} stands {len(all_)} times; read as {', '.join(all_[:5])}"
        for name, all_ in repeated.items()
    ]
    body = cells.iloc[head + 1 :]
    numbers = np.arange(1, len(body) + 1, dtype="int64")
    body.columns = pd.Index(names)
    tags: dict[str, str] = {}
    if len(body):
        first = ["" if pd.isna(v) else str(v).strip() for v in body.iloc[0].tolist()]
        tagged = [v for v in first if v.startswith("#")]
        if tagged and 2 * len(tagged) >= sum(1 for v in first if v):
            tags = {plain(v): name for v, name in zip(first, names, strict=True) if v.startswith("#")}
            body, numbers = body.iloc[1:], numbers[:-1]
            notes.append("row 1 holds HXL tags, not data; it was used to name the columns")
    there = body.notna().any(axis=1).to_numpy()
    body = body[there].reset_index(drop=True).astype(object)
    body = body.where(body.notna(), None)
    return Raw(body, numbers[there], form, tags=tags, warnings=tuple(notes))


def read_parquet(opened: Opened) -> Raw:
    """Read a Parquet file, with its points where it is GeoParquet.

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
        msg = f"{opened.name} is a damaged Parquet file ({str(error)[:100]}); fetch it again"
        raise ReadError(msg) from error
    if b"geo" in (table.schema.metadata or {}):
        import geopandas as gpd

        frame = gpd.read_parquet(io.BytesIO(opened.read()))
        return _from_geometries(frame, opened, "GeoParquet", ())
    plain_frame: pd.DataFrame = table.to_pandas()
    names, _ = unique_names([str(name) for name in plain_frame.columns])
    plain_frame.columns = pd.Index(names)
    numbers = np.arange(1, len(plain_frame) + 1, dtype="int64")
    return Raw(plain_frame.reset_index(drop=True), numbers, "Parquet")


def read_vector(opened: Opened, *, layer: str | None) -> Raw:
    """Read a layer of a GeoPackage, Shapefile or FlatGeobuf.

    Raises
    ------
    ReadError
        If it cannot be read, or there is no such layer.
    CRSError
        If it does not say its coordinate reference system.
    """
    import geopandas as gpd
    import pyogrio

    place: Any = opened.path
    if place is None or place.suffix.casefold() not in {".gpkg", ".shp", ".fgb", ".zip"}:
        place = opened.read()  # GDAL goes by the name; without one it is given the bytes
    if opened.path is not None and zipfile.is_zipfile(opened.path):
        place = f"/vsizip/{opened.path.resolve()}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL remarks on the name, which was judged already
            layers = [str(name) for name, _ in pyogrio.list_layers(place)]
            if not layers:
                msg = f"{opened.name} holds no layer"
                raise ReadError(msg)
            chosen = _sheet(layers, layer, opened.name)
            frame = gpd.read_file(place, layer=chosen, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        msg = f"{opened.name} cannot be read ({str(error)[:150]})"
        raise ReadError(msg) from error
    notes = (
        ()
        if len(layers) == 1 or layer
        else (f"the layer {chosen!r} was read; the others are {', '.join(n for n in layers if n != chosen)[:200]}",)
    )
    if not isinstance(frame, gpd.GeoDataFrame):
        numbers = np.arange(1, len(frame) + 1, dtype="int64")
        return Raw(pd.DataFrame(frame), numbers, "vector file", warnings=notes)
    return _from_geometries(frame, opened, "vector file", notes)


def _from_geometries(frame: gpd.GeoDataFrame, opened: Opened, form: str, notes: tuple[str, ...]) -> Raw:
    crs = frame.crs
    if crs is None:
        msg = (
            f"{opened.name} does not say its coordinate reference system; save it with one (a Shapefile needs its .prj)"
        )
        raise CRSError(msg)
    declared = "EPSG:4326" if is_wgs84(crs) else str(crs.to_string())
    kinds = frame.geometry.geom_type
    single = (kinds == "Point") | frame.geometry.isna()
    numbers = np.arange(1, len(frame) + 1, dtype="int64")
    lost = tuple(
        Setback(
            f"a {kinds.iloc[int(i)]} is not the point of an event",
            int(i) + 1,
            str(kinds.iloc[int(i)]),
            column="geometry",
        )
        for i in np.flatnonzero(~single.to_numpy())
    )
    kept = frame[single]
    table = pd.DataFrame(kept.drop(columns=kept.geometry.name)).reset_index(drop=True)
    return Raw(
        table,
        numbers[single.to_numpy()],
        form,
        lon=kept.geometry.x.to_numpy(dtype="float64"),
        lat=kept.geometry.y.to_numpy(dtype="float64"),
        crs=declared,
        lost=lost,
        warnings=notes,
    )
