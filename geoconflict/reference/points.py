"""Read small tables of points that a person compiled: places and crossings.

The files are UTF-8 CSV or GeoJSON with the columns of the table. A CSV gives its points
in ``longitude`` and ``latitude`` (or ``lon`` and ``lat``) as decimal degrees on WGS84.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geoconflict.crs import WGS84
from geoconflict.errors import Fault, ReadError, did_you_mean
from geoconflict.schema import CROSSINGS, PLACES, Table, conform

_LON = ("longitude", "lon", "lng", "long", "x")
_LAT = ("latitude", "lat", "y")
MAX_BYTES = 200_000_000


def read_places(path: str | Path) -> gpd.GeoDataFrame:
    r"""Read a table of places from a CSV or GeoJSON file.

    Parameters
    ----------
    path : str or Path
        Columns ``name``, ``longitude``, ``latitude`` at least; ``place_id`` is made from
        the name where it is absent.

    Returns
    -------
    GeoDataFrame
        A table of PLACES.

    Raises
    ------
    ReadError
        If the file is missing, empty or not what its name says, with all rows that have no
        usable coordinates.
    SchemaError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "places.csv"
    ...     _ = path.write_text("name,longitude,latitude\nRukla,24.39,55.05\n")
    ...     read_places(path)[["place_id", "name"]].values.tolist()
    [['rukla', 'Rukla']]
    """
    return read_points(path, PLACES)


def read_crossings(path: str | Path) -> gpd.GeoDataFrame:
    """Read a table of border crossings from a CSV or GeoJSON file.

    Parameters
    ----------
    path : str or Path
        Columns ``name``, ``country_a``, ``country_b``, ``kind``, ``status``, ``longitude``
        and ``latitude`` at least.

    Returns
    -------
    GeoDataFrame
        A table of CROSSINGS.

    Raises
    ------
    ReadError, SchemaError
    """
    return read_points(path, CROSSINGS)


def slug(text: str) -> str:
    """Return an identifier made from a name: lower case, ASCII where that is plain, hyphens.

    Examples
    --------
    >>> slug("Šalčininkai (border post)")
    'salcininkai-border-post'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def read_points(path: str | Path, table: Table, *, defaults: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    """Read a compiled table of points of any kind.

    Parameters
    ----------
    path : str or Path
    table : Table
        Which table the file holds.
    defaults : mapping of str to str, optional
        Values of columns that the file leaves out.

    Returns
    -------
    GeoDataFrame

    Raises
    ------
    ReadError, SchemaError
    """
    source = Path(path)
    _check_file(source)
    if source.suffix.lower() in {".geojson", ".json", ".gpkg", ".fgb"}:
        import pyogrio

        try:
            frame = gpd.read_file(source, engine="pyogrio")
        except pyogrio.errors.DataSourceError as error:
            msg = f"{source.name} cannot be read as {source.suffix[1:]}: {error}"
            raise ReadError(msg) from error
    else:
        rows = _read_csv(source)
        lon, lat = _axes(rows, source)
        keep = [name for name in rows.columns if name not in {lon, lat}]
        points = shapely.points(_degrees(rows, lon, lat, source))
        frame = gpd.GeoDataFrame(rows[keep], geometry=points, crs=WGS84)
    for name, value in (defaults or {}).items():
        if name not in frame.columns:
            frame[name] = value
    if table.key not in frame.columns and "name" in frame.columns:
        frame[table.key] = _ids([str(name) for name in frame["name"]])
    return conform(frame, table, what=source.name)


def _check_file(source: Path) -> None:
    if source.is_dir():
        msg = f"{source} is a folder, not a file"
        raise ReadError(msg)
    if not source.exists():
        beside = [p.name for p in source.parent.iterdir()] if source.parent.is_dir() else []
        msg = f"{source} does not exist; {did_you_mean(source.name, beside) or 'check the path'}"
        raise ReadError(msg)
    size = source.stat().st_size
    if size == 0:
        msg = f"{source.name} is empty"
        raise ReadError(msg)
    if size > MAX_BYTES:
        msg = f"{source.name} has {size:,} bytes; the limit for a compiled table is {MAX_BYTES:,}"
        raise ReadError(msg)


def _read_csv(source: Path) -> pd.DataFrame:
    head = source.read_bytes()[:4096]
    if b"\x00" in head:
        msg = f"{source.name} is not a text: it holds NUL bytes"
        raise ReadError(msg)
    try:
        rows = pd.read_csv(source, dtype="string", encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    except UnicodeDecodeError as error:
        msg = f"{source.name} is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ReadError(msg) from error
    except pd.errors.ParserError as error:
        msg = f"{source.name} is not a CSV table: {error}"
        raise ReadError(msg) from error
    rows.columns = pd.Index([str(name).strip() for name in rows.columns])
    if rows.empty:
        msg = f"{source.name} has a header and no rows"
        raise ReadError(msg)
    return rows


def _axes(rows: pd.DataFrame, source: Path) -> tuple[str, str]:
    folded = {str(name).casefold(): str(name) for name in rows.columns}
    lon = next((folded[name] for name in _LON if name in folded), None)
    lat = next((folded[name] for name in _LAT if name in folded), None)
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
                shown = "nothing" if text is None or text != text else repr(str(text))  # noqa: PLR0124 - NaN
                faults.append(Fault(f"{shown} is not a {name} from -{most:g} to {most:g}", row=number, field=name))
            pair.append(value)
        points.append((pair[0], pair[1]))
    if faults:
        msg = f"{source.name} has rows without usable coordinates"
        raise ReadError(msg, faults)
    return points


def _ids(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        base = slug(name) or "place"
        seen[base] = seen.get(base, 0) + 1
        out.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return out
