"""Grids of numbers, and the frames of a map made from them: classified cells in rows of Web Mercator.

Frames are reprojected once, by nearest neighbour, so the page only places an image and every
cell shown is a cell of the source. The columns of a grid in longitude and latitude are also
columns in Web Mercator; only rows change.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, GeometryError, InputError, ReadError
from geoconflict.io.raster import read_raster

LIMIT_DEG = 85.0511287798  # the limit of Web Mercator
MAX_CELLS = 4_000_000
NO_DATA = 255
_HALF_WORLD_M = math.pi * 6_378_137.0  # 180 degrees of longitude in EPSG:3857
_FINE_ROWS, _FINE_CELLS = 1024, 500_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers on a regular grid, with the northernmost row first.

    Parameters
    ----------
    values : array, shape (rows, columns)
        Numbers; NaN and masked cells have no data.
    bounds : Bounds
        Outer edges of the outermost cells, in degrees also for a grid in EPSG:3857.
    crs : str
        CRS in which all cells have one size: ``EPSG:4326`` or ``EPSG:3857``.
    nodata : float, optional
        Value of cells without data.
    valid_from, valid_to : str or date, optional
        First and last date of the grid.
    source : str

    Raises
    ------
    GeometryError, InputError
        Lists every error: not two dimensions, no cells, values that are not finite numbers,
        another CRS, invalid dates.

    Examples
    --------
    >>> rain = Grid([[1.0, 2.0], [3.0, -1.0]], Bounds(10, 50, 12, 51), nodata=-1)
    >>> rain.numbers().tolist()
    [[1.0, 2.0], [3.0, nan]]
    """

    values: ArrayLike
    bounds: Bounds
    crs: Literal["EPSG:4326", "EPSG:3857"] = "EPSG:4326"
    nodata: float | None = None
    valid_from: str | dt.date | None = None
    valid_to: str | dt.date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        """Check the shape, the values, the bounds and the dates."""
        faults = []
        array: Any = np.ma.asanyarray(self.values)
        if array.ndim != 2 or not array.size:
            faults.append(Fault(f"shape {array.shape}", field="values", hint="expected rows and columns"))
        elif array.dtype.kind not in "fiub":
            faults.append(Fault(f"values of type {array.dtype} are not numbers", field="values"))
        elif np.isinf(self.numbers()).any():
            faults.append(Fault("infinite values", field="values", hint="set them to NaN, or set nodata"))
        if self.crs not in {"EPSG:4326", "EPSG:3857"}:
            faults.append(
                Fault(f"{self.crs!r} is neither EPSG:4326 nor EPSG:3857", field="crs", hint="reproject the grid first")
            )
        given: object = self.bounds
        if not isinstance(given, Bounds):
            faults.append(Fault(f"{self.bounds!r} is not a Bounds(west, south, east, north)", field="bounds"))
        elif self.bounds.north <= self.bounds.south or self.bounds.width_deg <= 0:
            faults.append(Fault(f"{self.bounds} is empty", field="bounds"))
        elif self.crs == "EPSG:3857" and max(abs(self.bounds.north), abs(self.bounds.south)) > LIMIT_DEG + 1e-6:
            faults.append(
                Fault(f"{self.bounds} extends beyond {LIMIT_DEG:.2f}°, the limit of Web Mercator", field="bounds")
            )
        faults += self._days()
        if faults:
            msg = "invalid grid"
            raise GeometryError(msg, faults)

    def _days(self) -> list[Fault]:
        faults, read = [], []
        for name, value in (("valid_from", self.valid_from), ("valid_to", self.valid_to)):
            try:
                read.append(None if value is None else dt.date.fromisoformat(str(value)[:10]))
            except ValueError:
                faults.append(Fault(f"{value!r} is not a date; write it as 2025-08-19", field=name))
        if len(read) == 2 and read[0] is None and read[1] is not None:
            faults.append(Fault("valid_to is set without valid_from", field="valid_to", hint="set valid_from as well"))
        if len(read) == 2 and read[0] and read[1] and read[1] < read[0]:
            faults.append(Fault("the grid ends before it starts", field="valid_to"))
        return faults

    def numbers(self) -> np.ndarray:
        """Return the values as floats, NaN where there is no data."""
        array: Any = np.ma.asanyarray(self.values)
        out = np.ma.filled(array.astype("float64"), np.nan)
        return out if self.nodata is None else np.where(out == self.nodata, np.nan, out)


@dataclass(frozen=True, eq=False)
class Frames:
    """Grids as a map shows them: one code for each cell, in rows of Web Mercator.

    Attributes
    ----------
    codes : tuple of uint8 array
        One for each frame; 255 means no data.
    boxes : tuple of Bounds
        Outer edges of each frame, within the limits of Web Mercator.
    palette : tuple of str
        Colour of each code.
    texts : tuple of str
        Text of each code.
    opacity : float
    """

    codes: tuple[np.ndarray, ...]
    boxes: tuple[Bounds, ...]
    palette: tuple[str, ...]
    texts: tuple[str, ...]
    opacity: float


def mercator(lat: np.ndarray) -> np.ndarray:
    """Return the y coordinates of latitudes in Web Mercator, from 0 in the north to 1 in the south.

    Examples
    --------
    >>> mercator(np.array([LIMIT_DEG, 0.0])).round(9).tolist()
    [0.0, 0.5]
    """
    s = np.sin(np.radians(np.clip(lat, -LIMIT_DEG, LIMIT_DEG)))
    out: np.ndarray = 0.5 - np.log((1 + s) / (1 - s)) / (4 * math.pi)
    return out


def latitude(y: np.ndarray) -> np.ndarray:
    """Return the latitudes of y coordinates in Web Mercator, the inverse of ``mercator``."""
    out: np.ndarray = np.degrees(np.arctan(np.sinh(math.pi * (1 - 2 * np.asarray(y)))))
    return out


def warp(codes: np.ndarray, grid: Grid, *, max_cells: int = MAX_CELLS) -> tuple[np.ndarray, Bounds, float]:
    """Reproject the codes of a grid to Web Mercator by nearest neighbour.

    Rows are as high as the lowest row of the source, so no cell is displaced by more than half
    its height; a grid with few rows gets about a thousand, and is placed more exactly. A grid
    with more than ``max_cells`` cells keeps every n-th row and column.

    Parameters
    ----------
    codes : uint8 array, shape (rows, columns)
    grid : Grid
        For its bounds and CRS.
    max_cells : int

    Returns
    -------
    codes, box, step
        ``step`` is the number of source cells for each cell along a row.

    Examples
    --------
    >>> grid = Grid([[1], [2]], Bounds(0, 0, 60, 60))
    >>> rows = warp(np.array([[1], [2]], dtype=np.uint8), grid)[0].ravel()
    >>> len(rows), round(float((rows == 1).mean()), 3)
    (1026, 0.583)
    """
    box = grid.bounds
    north, south = min(box.north, LIMIT_DEG), max(box.south, -LIMIT_DEG)
    high, wide = codes.shape
    top, bottom = mercator(np.array([north, south]))
    rows = high
    if grid.crs == "EPSG:4326":
        cell = (box.north - box.south) / high
        # In Mercator, rows are lowest near the equator.
        least_lat = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
        finest = cell / 360 / max(math.cos(math.radians(least_lat)), 1e-6)
        rows = max(1, math.ceil((bottom - top) / finest * (1 - 1e-9)))
    step = max(1.0, math.sqrt(rows * wide / max_cells))
    if step > 1:
        rows, columns = max(1, math.floor(rows / step)), max(1, math.floor(wide / step))
    else:
        columns = wide
        if grid.crs == "EPSG:4326":
            # Repeated rows compress well, and place the edges of high rows exactly.
            rows *= max(1, min(math.ceil(_FINE_ROWS / rows), min(_FINE_CELLS, max_cells) // (rows * wide)))
    y = top + (np.arange(rows) + 0.5) / rows * (bottom - top)
    if grid.crs == "EPSG:4326":
        row = np.floor((box.north - latitude(y)) / (box.north - box.south) * high)
    else:
        row = np.floor((y - top) / (bottom - top) * high)
    column = np.floor((np.arange(columns) + 0.5) / columns * wide)
    at = np.clip(row, 0, high - 1).astype(np.int64), np.clip(column, 0, wide - 1).astype(np.int64)
    return codes[np.ix_(*at)], Bounds(box.west, south, box.east, north), step


def read_grid(
    path: str | Path,
    *,
    band: int = 1,
    valid_from: str | dt.date | None = None,
    valid_to: str | dt.date | None = None,
    source: str = "",
) -> Grid:
    """Read one band of a raster file, such as a GeoTIFF, with its bounds and nodata value.

    Only the file itself is read, and the ``.prj`` file of an ASCII grid; other sidecar files,
    such as masks and overviews, could refer to a network.

    Parameters
    ----------
    path : str or Path
        A GeoTIFF, an ERDAS Imagine file or an Esri ASCII grid, in EPSG:4326 or EPSG:3857,
        north up, with at most 100,000,000 cells.
    band : int
        Band number, from 1.
    valid_from, valid_to, source
        As for ``Grid``.

    Returns
    -------
    Grid

    Raises
    ------
    ReadError
        If the file cannot be read, has another format or CRS, is rotated, or has no such band.
    LimitError
        If it has too many cells; it is not read then.
    """
    raster = read_raster(path, band)
    values, (west, south, east, north) = raster.values, raster.bounds
    mercator_metres = raster.epsg == 3857
    if mercator_metres:
        west, east = (x / _HALF_WORLD_M * 180 for x in (west, east))
        south, north = (float(latitude(np.array(0.5 - y / _HALF_WORLD_M / 2))) for y in (south, north))
    west, east, first = _turned(west, east, values.shape[1], path)
    if first:
        values = values[:, (np.arange(values.shape[1]) + first) % values.shape[1]]
    bounds = Bounds(west, max(south, -90.0), east, min(north, 90.0))
    crs: Literal["EPSG:4326", "EPSG:3857"] = "EPSG:3857" if mercator_metres else "EPSG:4326"
    return Grid(values, bounds, crs, valid_from=valid_from, valid_to=valid_to, source=source)


def _turned(west: float, east: float, columns: int, path: str | Path) -> tuple[float, float, int]:
    """Return edges from -180 to 180, and the index of the column that comes first.

    A grid that spans all longitudes, within the rounding of the cell width, is rotated to start
    at -180; any other keeps its columns.

    Examples
    --------
    >>> _turned(0.0, 360.0, 4, "rain.tif"), _turned(190.0, 200.0, 4, "rain.tif")
    ((-180.0, 180.0, 2), (-170.0, -160.0, 0))
    """
    wide, column = east - west, (east - west) / columns
    slack = max(1e-6, min(column / 100, 1e-3))
    if abs(wide - 360) <= slack:
        first = (-180 - west) / column
        if abs(first - round(first)) * column > slack:
            msg = f"{path} spans all longitudes, but no column starts at 180 degrees"
            fault = Fault(
                f"{columns} columns from {west:.10g} to {east:.10g} degrees",
                field="transform",
                hint=f"gdalwarp -t_srs EPSG:4326 -te -180 -90 180 90 -ts {columns} 0 -r near aligns them",
            )
            raise ReadError(msg, [fault])
        return -180.0, 180.0, round(first) % columns
    if wide > 360:
        msg = f"{path} is {wide:.10g} degrees wide; the maximum is 360"
        raise ReadError(msg)
    turns = -360.0 * math.floor((west + 180) / 360)
    west, east = west + turns, east + turns
    return west, east if east <= 180 else east - 360, 0


def check_grids(grids: tuple[Grid, ...]) -> None:
    """Raise if there is no grid, or one of several has no date."""
    faults = [
        Fault(f"a Grid is needed, found {type(grid).__name__}", row=i)
        for i, grid in enumerate(grids, 1)
        if not isinstance(grid, Grid)
    ]
    if not grids:
        faults.append(Fault("there are no grids"))
    if len(grids) > 1 and not faults:
        faults += [
            Fault("several grids are frames of a time series, and this one has no valid_from", row=i)
            for i, grid in enumerate(grids, 1)
            if grid.valid_from is None
        ]
    if faults:
        msg = "invalid grids of a raster"
        raise InputError(msg, faults)
