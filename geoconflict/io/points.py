"""Read a small table of points, compiled by hand, from a CSV file or a vector file."""

from __future__ import annotations

import math
from os import PathLike
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geoconflict.crs import WGS84
from geoconflict.errors import Fault, ReadError
from geoconflict.io.vector import read_vector, require_local_file

_LON = ("longitude", "lon", "lng", "long", "x")
_LAT = ("latitude", "lat", "y")
_VECTOR_SUFFIXES = {".geojson", ".json", ".gpkg", ".fgb", ".shp", ".zip", ".parquet"}
MAX_BYTES = 200_000_000


def read_points(path: str | PathLike[str]) -> gpd.GeoDataFrame:
    r"""Read a table of points as it is.

    Parameters
    ----------
    path : path
        A vector file (see :func:`~geoconflict.io.vector.read_vector`), or a UTF-8 CSV file with
        the columns ``longitude`` and ``latitude`` (or ``lon`` and ``lat``) in decimal degrees on
        WGS84.

    Returns
    -------
    GeoDataFrame
        All other columns; those of a CSV file as text.

    Raises
    ------
    ReadError
        If the file is missing, empty, too large or not in such a format; or with all rows whose
        coordinates are missing or out of range.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "places.csv"
    ...     _ = path.write_text("name,longitude,latitude\nRukla,24.39,55.05\n")
    ...     read_points(path).geometry.x.tolist()
    [24.39]
    """
    require_local_file(path)
    source = Path(path)
    size = source.stat().st_size
    if size == 0:
        msg = f"{source.name} is empty"
        raise ReadError(msg)
    if size > MAX_BYTES:
        msg = f"{source.name} has {size:,} bytes; the limit for a table of points is {MAX_BYTES:,}"
        raise ReadError(msg)
    if source.suffix.lower() in _VECTOR_SUFFIXES:
        frame = read_vector(source)
        frame.attrs.pop("layers", None)
        return frame
    rows = _read_csv(source)
    lon, lat = _coordinate_columns(rows, source)
    points = shapely.points(_degrees(rows, lon, lat, source))
    return gpd.GeoDataFrame(rows.drop(columns=[lon, lat]), geometry=points, crs=WGS84)


def _read_csv(source: Path) -> pd.DataFrame:
    with source.open("rb") as file:
        if b"\x00" in file.read(4096):
            msg = f"{source.name} is not a text file: it contains NUL bytes"
            raise ReadError(msg)
    try:
        rows = pd.read_csv(source, dtype="string", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    except UnicodeDecodeError as error:
        msg = f"{source.name} is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ReadError(msg) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        msg = f"{source.name} is not a CSV table: {error}"
        raise ReadError(msg) from error
    rows.columns = pd.Index([str(name).strip() for name in rows.columns])
    if rows.empty:
        msg = f"{source.name} has a header and no rows"
        raise ReadError(msg)
    return rows


def _coordinate_columns(rows: pd.DataFrame, source: Path) -> tuple[str, str]:
    by_lower = {str(name).casefold(): str(name) for name in rows.columns}
    lon = next((by_lower[name] for name in _LON if name in by_lower), None)
    lat = next((by_lower[name] for name in _LAT if name in by_lower), None)
    if lon is None or lat is None:
        msg = (
            f"{source.name} has no coordinates: it needs the columns longitude and latitude; "
            f"found {', '.join(map(str, rows.columns))}"
        )
        raise ReadError(msg)
    return lon, lat


def _degrees(rows: pd.DataFrame, lon: str, lat: str, source: Path) -> list[tuple[float, float]]:
    faults: list[Fault] = []
    points: list[tuple[float, float]] = []
    for number, (x, y) in enumerate(zip(rows[lon], rows[lat], strict=True), start=1):
        pair = []
        for text, name, most in ((x, lon, 180.0), (y, lat, 90.0)):
            try:
                value = float(text)
            except (TypeError, ValueError):
                value = math.nan
            if not (math.isfinite(value) and abs(value) <= most):
                shown = "an empty cell" if pd.isna(text) else repr(str(text))
                faults.append(Fault(f"{shown} is not a {name} from -{most:g} to {most:g}", row=number, field=name))
            pair.append(value)
        points.append((pair[0], pair[1]))
    if faults:
        msg = f"{source.name} has rows without usable coordinates"
        raise ReadError(msg, faults)
    return points
