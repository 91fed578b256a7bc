"""Export tables as GeoJSON, GeoPackage, GeoParquet, FlatGeobuf and CSV.

GeoJSON follows RFC 7946: longitude and latitude on WGS84, no ``crs`` member, exterior rings
counter-clockwise, seven decimals (about 1 cm), geometries split at the antimeridian.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import antimeridian
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.polygon import orient

from geoconflict.crs import WGS84, is_wgs84, require_crs
from geoconflict.errors import Fault, GeometryError, MissingExtraError, OutputError, did_you_mean
from geoconflict.io.atomic import whole_file, write_text
from geoconflict.schema import TABLES

_DECIMALS = 7
_FIXED_DATE = "1970-01-01T00:00:00.000Z"


def write(table: gpd.GeoDataFrame, path: str | Path, *, layer: str | None = None) -> Path:
    """Write a table to a file; the suffix sets the format.

    Parameters
    ----------
    table : GeoDataFrame
        With a CRS; it is transformed to WGS84.
    path : str or Path
        ``.geojson``/``.json``, ``.gpkg``, ``.parquet``, ``.fgb``, or ``.csv`` for points. Written completely or not at all.
    layer : str, optional
        Layer name in a GeoPackage; by default the file name without suffix.

    Returns
    -------
    Path

    Raises
    ------
    OutputError
        If the format is unknown, or the file cannot be written.
    CRSError
        If the table has no CRS.
    GeometryError
        If a coordinate is not finite or out of range.

    Examples
    --------
    >>> import geopandas as gpd, tempfile, pathlib
    >>> from shapely import Point
    >>> table = gpd.GeoDataFrame({"name": ["Rukla"]}, geometry=[Point(24.4, 55.05)], crs="EPSG:4326")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     print(write(table, pathlib.Path(folder) / "places.geojson").read_text(), end="")
    {"type":"FeatureCollection","features":[
    {"type":"Feature","id":1,"properties":{"name":"Rukla"},"geometry":{"type":"Point","coordinates":[24.4,55.05]}}
    ]}
    """
    target = Path(path)
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        if target.suffix.lower() == ".shp":
            msg = (
                f"{target.name}: Shapefile is not written, because it shortens column names and texts; "
                f"use a GeoPackage: {target.stem}.gpkg"
            )
            raise OutputError(msg)
        known = ", ".join(_WRITERS)
        hint = did_you_mean(target.suffix.lower(), _WRITERS)
        msg = (
            f"the format {target.suffix or '(no suffix)'!r} of {target.name} is not known; {hint or 'known: ' + known}"
        )
        raise OutputError(msg)
    ready = _in_wgs84(table)
    writer(ready, target, layer or target.stem)
    return target


def to_geojson(table: gpd.GeoDataFrame) -> str:
    """Return a table as GeoJSON text (RFC 7946), with one feature on each line.

    The ``id`` of a feature is the key column of the table, if it is one of ``geoconflict.schema``,
    or the row number from 1. Licences and attributions are also members of the collection
    (foreign members, RFC 7946, section 6.1).

    Parameters
    ----------
    table : GeoDataFrame

    Returns
    -------
    str

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> table = gpd.GeoDataFrame(geometry=[LineString([(179, 0), (-179, 0)])], crs="EPSG:4326")
    >>> print(to_geojson(table).splitlines()[1][-81:])
    {"type":"MultiLineString","coordinates":[[[179,0],[180,0]],[[-180,0],[-179,0]]]}}
    """
    ready = _in_wgs84(table)
    properties = [name for name in ready.columns if name != ready.geometry.name]
    # Before pandas 3.1 there are no records without columns.
    records = ready[properties].astype("object").to_dict("records") if properties else [{} for _ in range(len(ready))]
    key = next((t.key for t in TABLES if t.key in properties and set(_required(t.key)) <= set(properties)), None)
    lines = []
    for number, (record, geometry) in enumerate(zip(records, ready.geometry, strict=True), start=1):
        feature = {
            "type": "Feature",
            "id": _json_value(record[key]) if key else number,
            "properties": {str(name): _json_value(value) for name, value in record.items()},
            "geometry": None if geometry is None or geometry.is_empty else _geometry(geometry),
        }
        lines.append(_dumps(feature))
    head: dict[str, Any] = {"type": "FeatureCollection"}
    for name in ("licence", "attribution"):
        if name in properties:
            values = [str(v) for v in dict.fromkeys(ready[name].dropna())]
            if values:
                head[name] = "; ".join(values)
    return _dumps(head)[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"


def _required(key: str) -> list[str]:
    table = next(t for t in TABLES if t.key == key)
    return [column.name for column in table.columns if column.need == "required"]


def _in_wgs84(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    crs = require_crs(table)
    ready = table if is_wgs84(crs) else table.to_crs(WGS84)
    bounds = shapely.bounds(ready.geometry.to_numpy())
    present = ~(ready.geometry.isna() | ready.geometry.is_empty).to_numpy()
    bad = present & ~(np.isfinite(bounds).all(axis=1) & (np.abs(bounds[:, [1, 3]]) <= 90).all(axis=1))
    if bad.any():
        faults = [
            Fault(f"bounds {[float(v) for v in bounds[row]]} are out of range", row=int(row) + 1)
            for row in bad.nonzero()[0]
        ]
        msg = "the table cannot be exported"
        raise GeometryError(msg, faults)
    return ready


def _geometry(geometry: Any) -> dict[str, Any]:  # noqa: ANN401 - shapely's base class says nothing of its kinds

    cut = _split(geometry)
    rounded = shapely.transform(cut, lambda xy: xy.round(_DECIMALS) + 0.0, include_z=cut.has_z)
    if rounded.geom_type in {"Polygon", "MultiPolygon"}:
        kept = rounded if rounded.is_valid else shapely.set_precision(cut, 10.0**-_DECIMALS)
        rounded = shapely.orient_polygons(kept) if hasattr(shapely, "orient_polygons") else _orient(kept)
    return dict(shapely.geometry.mapping(rounded))


def _orient(geometry: Any) -> Any:  # noqa: ANN401 - as above

    if geometry.geom_type == "Polygon":
        return orient(geometry)
    return shapely.MultiPolygon([orient(part) for part in geometry.geoms])


def _split(geometry: Any) -> Any:  # noqa: ANN401 - as above
    """Split a geometry at the antimeridian if one of its edges crosses it."""
    xy = shapely.get_coordinates(geometry)
    if len(xy) < 2 or (np.abs(xy[:, 0]).max() <= 180 and not _jumps(geometry)):
        return geometry
    # Wrap longitudes beyond 180 first, so that a crossing is a jump. Edges of GeoJSON are straight in
    # longitude and latitude (RFC 7946, section 3.1.1), so the split is, too.
    wrapped = shapely.transform(geometry, _wrap)
    return shapely.geometry.shape(
        antimeridian.fix_shape(shapely.geometry.mapping(wrapped), fix_winding=False, great_circle=False)
    )


def _wrap(xy: Any) -> Any:  # noqa: ANN401 - an array in, an array out
    out = xy.copy()
    lon = out[:, 0]
    beyond = (lon > 180) | (lon < -180)
    out[beyond, 0] = (lon[beyond] + 180) % 360 - 180
    return out


def _jumps(geometry: Any) -> bool:  # noqa: ANN401 - as above

    for part in shapely.get_parts(geometry):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            lon = shapely.get_coordinates(ring)[:, 0]
            if len(lon) > 1 and np.abs(np.diff(lon)).max() > 180:
                return True
    return False


def _json_value(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Convert a cell to a JSON value; NaN, NaT and NA become null."""
    if isinstance(value, list | tuple | set | np.ndarray):
        return [_json_value(v) for v in (sorted(value) if isinstance(value, set) else value)]
    if isinstance(value, dict):
        return {str(k): _json_value(v) for k, v in value.items()}
    if value is pd.NaT or value is pd.NA or (isinstance(value, float | np.floating) and not math.isfinite(value)):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _dumps(value: Any) -> str:  # noqa: ANN401 - any JSON value
    text = json.dumps(_integers(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # UTF-8 cannot encode lone surrogates; write them as escapes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8") if _surrogate(text) else text


def _surrogate(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _integers(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {k: _integers(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_integers(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _write_geojson(table: gpd.GeoDataFrame, path: Path, _layer: str) -> None:
    write_text(to_geojson(table), path)


def _for_gdal(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Convert nested cells to JSON text, for the drivers of GDAL."""
    out = table.copy()
    for name in out.columns:
        if name != out.geometry.name and out[name].dtype == "object":
            cells = out[name].map(_json_value)
            nested = cells.map(lambda v: isinstance(v, list | dict)).any()
            out[name] = cells.map(lambda v: _dumps(v) if isinstance(v, list | dict) else v) if nested else cells
    return out


def _write_gdal(driver: str) -> Callable[[gpd.GeoDataFrame, Path, str], None]:
    def write_it(table: gpd.GeoDataFrame, path: Path, layer: str) -> None:
        import pyogrio

        # GDAL writes the current time to a GeoPackage; a fixed one gives the same bytes.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _FIXED_DATE})
        try:
            with whole_file(path) as temporary:
                _for_gdal(table).to_file(temporary, driver=driver, engine="pyogrio", layer=layer)
        except pyogrio.errors.DataSourceError as error:
            msg = f"{path} cannot be written: {error}"
            raise OutputError(msg) from error
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})

    return write_it


def _write_csv(table: gpd.GeoDataFrame, path: Path, _layer: str) -> None:
    """Write points as CSV, with cells escaped that a spreadsheet would run as formulas."""
    kinds = sorted(set(table.geometry.geom_type.dropna()) - {"Point"})
    if kinds:
        msg = (
            f"CSV is for points only, found {', '.join(kinds)}; use .geojson or .gpkg, or write the columns "
            f'without the geometry: table.drop(columns="{table.geometry.name}").to_csv("{path.name}", index=False)'
        )
        raise OutputError(msg)
    out = table.drop(columns=table.geometry.name).map(_json_value).map(_escape_formula)
    xy = shapely.get_coordinates(
        shapely.points(
            [(p.x, p.y) if p is not None and not p.is_empty else (math.nan, math.nan) for p in table.geometry]
        )
    )
    out["longitude"], out["latitude"] = xy[:, 0].round(_DECIMALS), xy[:, 1].round(_DECIMALS)
    write_text(out.to_csv(index=False, lineterminator="\n"), path)


def write_rows(rows: pd.DataFrame, path: str | Path) -> Path:
    """Write rows without geometry as CSV, with cells escaped that a spreadsheet would run as formulas.

    Parameters
    ----------
    rows : DataFrame
    path : str or Path
        Written completely or not at all.

    Returns
    -------
    Path

    Examples
    --------
    >>> import pandas as pd, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_rows(pd.DataFrame({"a": ["=1+1"]}), pathlib.Path(folder) / "rows.csv")
    ...     path.read_text().splitlines()
    ['a', "'=1+1"]
    """
    return write_text(rows.map(_json_value).map(_escape_formula).to_csv(index=False, lineterminator="\n"), path)


def _escape_formula(value: Any) -> Any:  # noqa: ANN401 - whatever a cell holds
    """Add an apostrophe to a text that starts like a formula and is not a number (OWASP, CSV injection)."""
    if isinstance(value, list | dict):
        return _dumps(value)
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(value):
        return "'" + value
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write_parquet(table: gpd.GeoDataFrame, path: Path, _layer: str) -> None:
    try:
        import pyarrow as pa  # noqa: F401 - only to check that it is installed
    except ImportError as error:
        what = "GeoParquet files"
        raise MissingExtraError(what, package="pyarrow", extra="parquet") from error
    with whole_file(path) as temporary:
        _for_gdal(table).to_parquet(temporary, index=False)


_WRITERS: dict[str, Callable[[gpd.GeoDataFrame, Path, str], None]] = {
    ".geojson": _write_geojson,
    ".json": _write_geojson,
    ".gpkg": _write_gdal("GPKG"),
    ".fgb": _write_gdal("FlatGeobuf"),
    ".parquet": _write_parquet,
    ".csv": _write_csv,
}
