"""How the commands read and write layers."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Literal

import geopandas as gpd

from geoconflict import incidents
from geoconflict.cli._common import PIPE, note
from geoconflict.crs import WGS84, is_wgs84, require_crs
from geoconflict.errors import ReadError
from geoconflict.export.vector import to_geojson, write
from geoconflict.incidents import ReadReport
from geoconflict.io.vector import read_vector

_LAYERS = {".geojson", ".json", ".gpkg", ".fgb", ".parquet", ".shp"}


def read_layer(file: str) -> gpd.GeoDataFrame:
    """Read a layer from a file, or GeoJSON from standard input, in longitude and latitude.

    A layer in another CRS is transformed, and a note says so.

    Raises
    ------
    ReadError, CRSError
    """
    if file == PIPE:
        content = sys.stdin.buffer.read()
        if not content.strip():
            msg = "standard input is empty; pipe a GeoJSON layer into it"
            raise ReadError(msg)
        table, name = read_vector(content, name="standard input"), "standard input"
    else:
        table, name = read_vector(file), file
    crs = require_crs(table, what=name)
    if is_wgs84(crs):
        return table
    note(f"note: {name} was transformed from {crs.name} to WGS84")
    return table.to_crs(WGS84)


def read_points(file: str) -> gpd.GeoDataFrame:
    """Read a layer as it is, and a plain table as a file of incidents."""
    if file == PIPE or Path(file).suffix.lower() in _LAYERS:
        return read_layer(file)
    table, report = read_incidents(file)
    if not report.clean:
        remarks = len(report.doubts) + len(report.warnings) + report.duplicates_count
        counted = f"{remarks} warning{'s' if remarks != 1 else ''}; " if remarks else ""
        note(f"{report.summary()}; {counted}see 'geoconflict validate {file}'")
    return table


def read_incidents(
    file: str, source: str | None = None, date_order: Literal["dmy", "mdy"] | None = None
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """Read incidents without the warning about rejected rows, which are in the report."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", incidents.IncidentsWarning)
        table = incidents.read_incidents(file, source=source, options=incidents.ReadOptions(date_order=date_order))
    return table, incidents.ReadReport.from_dict(table.attrs["report"])


def write_layer(table: gpd.GeoDataFrame, output: str) -> int:
    """Write a layer to a file, or as GeoJSON to standard output."""
    if output == PIPE:
        sys.stdout.write(to_geojson(table))
    else:
        path = write(table, output)
        print(f"wrote {len(table)} features to {path}", file=sys.stderr)
    return 0
