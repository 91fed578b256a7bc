"""Read tables of named points: places, and other tables that are keyed by a name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import geopandas as gpd

from geoconflict.io.points import read_points
from geoconflict.schema import PLACES, Table, conform


def read_places(path: str | PathLike[str]) -> gpd.GeoDataFrame:
    r"""Read a table of places from a CSV or vector file.

    Parameters
    ----------
    path : path
        At least the columns ``name``, ``longitude`` and ``latitude``, or ``name`` and points.
        ``place_id`` is made from the name if it is absent.

    Returns
    -------
    GeoDataFrame
        A table of PLACES.

    Raises
    ------
    ReadError
        If the file is missing, empty or in another format, with all rows that have no usable
        coordinates.
    SchemaError
        If it is not a table of PLACES.
    CRSError
        If a vector file is not in WGS84.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "places.csv"
    ...     _ = path.write_text("name,longitude,latitude\nRukla,24.39,55.05\n")
    ...     read_places(path)[["place_id", "name"]].values.tolist()
    [['rukla', 'Rukla']]
    """
    return read_named_points(path, PLACES)


def read_named_points(
    path: str | PathLike[str], table: Table, *, defaults: Mapping[str, str] | None = None
) -> gpd.GeoDataFrame:
    """Read a table of points whose key may be made from the column ``name``.

    Parameters
    ----------
    path : path
    table : Table
        The table that the file holds.
    defaults : mapping of str to str, optional
        Values of columns that the file does not have.

    Raises
    ------
    ReadError, SchemaError, CRSError
    """
    frame = read_points(path)
    for name, value in (defaults or {}).items():
        if name not in frame.columns:
            frame[name] = value
    if table.key not in frame.columns and "name" in frame.columns:
        frame[table.key] = _ids([str(name) for name in frame["name"]])
    return conform(frame, table, what=Path(path).name)


def slug(text: str) -> str:
    """Return an identifier made from a name: lower case, without diacritics, joined by hyphens.

    Examples
    --------
    >>> slug("Šalčininkai (border post)")
    'salcininkai-border-post'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


def _ids(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        base = slug(name) or "place"
        seen[base] = seen.get(base, 0) + 1
        out.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return out
