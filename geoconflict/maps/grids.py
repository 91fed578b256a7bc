"""Grids of numbers, and how they become frames for a map: classed, in rows of Web Mercator.

A frame is warped once, by the nearest cell, so that a page only lays a picture on the map and
every cell that it shows is a cell of the source. Web Mercator and longitude have the same
columns; only rows move.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geoconflict.crs import Bounds
from geoconflict.errors import Fault, GeometryError, InputError, LimitError, MissingExtraError, ReadError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LIMIT_DEG = 85.0511287798  # where Web Mercator ends
MOST_CELLS = 4_000_000
MOST_READ = 100_000_000  # cells of a file
NO_DATA = 255
_HALF_WORLD_M = math.pi * 6_378_137.0  # from the prime meridian to 180 degrees in EPSG:3857
# How files begin that hold their own cells. Other kinds, such as VRT and WMS, can point into a network.
_DRIVERS = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",
    b"MM\0+": "GTiff",
    b"EHFA_HEADER_TAG": "HFA",
    b"ncols": "AAIGrid",
    b"nrows": "AAIGrid",
}
_FINE_ROWS, _FINE_CELLS = 1024, 500_000


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers on a regular grid, the first row in the north.

    Parameters
    ----------
    values : array, shape (rows, columns)
        Numbers; NaN, or masked, is no data.
    bounds : Bounds
        The outer edges of the outermost cells, in degrees also for a grid in EPSG:3857.
    crs : str
        In which the cells are of one size: ``EPSG:4326`` or ``EPSG:3857``.
    nodata : float, optional
        A number that means no data.
    valid_from, valid_to : str or date, optional
        The first and the last day for which the grid holds.
    source : str

    Raises
    ------
    GeometryError, InputError
        With all that is wrong: no two dimensions, no cells, values that are no numbers,
        infinite ones, another CRS, days that cannot be read or that run backwards.

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
        """Check the shape, the numbers, the box and the days, all at once."""
        faults = []
        array: Any = np.ma.asanyarray(self.values)
        if array.ndim != 2 or not array.size:
            faults.append(Fault(f"shape {array.shape}", field="values", hint="rows and columns are needed"))
        elif array.dtype.kind not in "fiub":
            faults.append(Fault(f"values of type {array.dtype} are no numbers", field="values"))
        elif np.isinf(self.numbers()).any():
            faults.append(Fault("infinite numbers", field="values", hint="set them to NaN, or name them as nodata"))
        if self.crs not in {"EPSG:4326", "EPSG:3857"}:
            faults.append(
                Fault(f"{self.crs!r} is neither EPSG:4326 nor EPSG:3857", field="crs", hint="warp the grid first")
            )
        given: object = self.bounds
        if not isinstance(given, Bounds):
            faults.append(Fault(f"{self.bounds!r} is no Bounds(west, south, east, north)", field="bounds"))
        elif self.bounds.north <= self.bounds.south or self.bounds.width_deg <= 0:
            faults.append(Fault(f"{self.bounds} has no size", field="bounds"))
        elif self.crs == "EPSG:3857" and max(abs(self.bounds.north), abs(self.bounds.south)) > LIMIT_DEG + 1e-6:
            faults.append(
                Fault(f"{self.bounds} reaches beyond {LIMIT_DEG:.2f}°, where Web Mercator ends", field="bounds")
            )
        faults += self._days()
        if faults:
            msg = "the grid cannot be drawn"
            raise GeometryError(msg, faults)

    def _days(self) -> list[Fault]:
        faults, read = [], []
        for name, value in (("valid_from", self.valid_from), ("valid_to", self.valid_to)):
            try:
                read.append(None if value is None else dt.date.fromisoformat(str(value)[:10]))
            except ValueError:
                faults.append(Fault(f"{value!r} is no day; write it as 2025-08-19", field=name))
        if len(read) == 2 and read[0] is None and read[1] is not None:
            faults.append(Fault("a last day without a first one", field="valid_to", hint="say valid_from as well"))
        if len(read) == 2 and read[0] and read[1] and read[1] < read[0]:
            faults.append(Fault("the grid ends before it begins", field="valid_to"))
        return faults

    def numbers(self) -> np.ndarray:
        """Return the values as floats, NaN where there is no data."""
        array: Any = np.ma.asanyarray(self.values)
        out = np.ma.filled(array.astype("float64"), np.nan)
        return out if self.nodata is None else np.where(out == self.nodata, np.nan, out)


@dataclass(frozen=True, eq=False)
class Frames:
    """Grids as a map shows them: one code a cell, in rows of Web Mercator.

    Attributes
    ----------
    codes : tuple of uint8 array
        One a frame; 255 is no data.
    boxes : tuple of Bounds
        The outer edges of each frame, cut where Web Mercator ends.
    palette : tuple of str
        The colour of each code.
    texts : tuple of str
        What a cell of each code says.
    opacity : float
    """

    codes: tuple[np.ndarray, ...]
    boxes: tuple[Bounds, ...]
    palette: tuple[str, ...]
    texts: tuple[str, ...]
    opacity: float


def mercator(lat: np.ndarray) -> np.ndarray:
    """Return the place of latitudes in Web Mercator, from 0 in the north to 1 in the south.

    Examples
    --------
    >>> mercator(np.array([LIMIT_DEG, 0.0])).round(9).tolist()
    [0.0, 0.5]
    """
    s = np.sin(np.radians(np.clip(lat, -LIMIT_DEG, LIMIT_DEG)))
    out: np.ndarray = 0.5 - np.log((1 + s) / (1 - s)) / (4 * math.pi)
    return out


def latitude(y: np.ndarray) -> np.ndarray:
    """Return the latitude of places in Web Mercator, the inverse of ``mercator``."""
    out: np.ndarray = np.degrees(np.arctan(np.sinh(math.pi * (1 - 2 * np.asarray(y)))))
    return out


def warp(codes: np.ndarray, grid: Grid, *, most: int = MOST_CELLS) -> tuple[np.ndarray, Bounds, float]:
    """Return the codes of a grid in rows of Web Mercator, by the nearest cell.

    Rows are as fine as the finest row of the source, so that no cell lies off by more than
    half of its height; a grid of few rows gets about a thousand, and its cells lie true. A grid of more than ``most`` cells keeps each n-th row and column.

    Parameters
    ----------
    codes : uint8 array, shape (rows, columns)
    grid : Grid
        Whose box and CRS count.
    most : int

    Returns
    -------
    codes, box, step
        ``step`` is how many cells of the source one cell stands for along a side.

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
        # The row nearest to the equator is the least high in Mercator.
        least_lat = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
        finest = cell / 360 / max(math.cos(math.radians(least_lat)), 1e-6)
        rows = max(1, math.ceil((bottom - top) / finest * (1 - 1e-9)))
    step = max(1.0, math.sqrt(rows * wide / most))
    if step > 1:
        rows, columns = max(1, math.floor(rows / step)), max(1, math.floor(wide / step))
    else:
        columns = wide
        if grid.crs == "EPSG:4326":
            # A row that comes again takes hardly a byte: the edges of few, high rows lie where they belong.
            rows *= max(1, min(math.ceil(_FINE_ROWS / rows), min(_FINE_CELLS, most) // (rows * wide)))
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
    """Read one band of a raster file, such as a GeoTIFF, with its box and its value for no data.

    Only the file itself is read, and the ``.prj`` of an ASCII grid: files beside it, such as
    masks and overviews, could lead into a network.

    Parameters
    ----------
    path : str or Path
        A GeoTIFF, an ERDAS Imagine file or an Esri ASCII grid, in EPSG:4326 or EPSG:3857,
        north up, of at most 100,000,000 cells.
    band : int
        Counted from 1.
    valid_from, valid_to, source
        As for ``Grid``.

    Returns
    -------
    Grid

    Raises
    ------
    ReadError
        If the file cannot be read, is of another kind, has no such band, is in another CRS, or
        is turned.
    LimitError
        If it has too many cells; none of them was read.
    MissingExtraError
        If rasterio is not installed.
    """
    try:
        import rasterio
    except ImportError as error:
        what = "raster files"
        raise MissingExtraError(what, package="rasterio", extra="raster") from error
    place = str(Path(path).absolute())
    if "://" in str(path) or str(path).startswith("/vsi") or place.startswith("/vsi"):
        msg = f"{path} is no local file; nothing is read from a network"
        raise ReadError(msg)
    driver = _driver(path)
    try:
        with rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"), rasterio.open(place, driver=driver) as opened:
            if opened.width * opened.height > MOST_READ:
                msg = f"{path} is too large to be drawn"
                size = f"{opened.width:,} by {opened.height:,} cells; at most {MOST_READ:,} in all are read"
                raise LimitError(msg, [Fault(size, hint="thin it first: gdal_translate -outsize 5000 0")])
            faults = _misfits(opened, band)
            if faults:
                msg = f"{path} cannot be drawn"
                raise ReadError(msg, faults)
            values = opened.read(band, masked=True)
            mercator_metres = opened.crs.to_epsg() == 3857
            west, south, east, north = (float(edge) for edge in opened.bounds)
    except rasterio.errors.RasterioError as error:
        msg = f"{path} cannot be read as a raster: {error}"
        raise ReadError(msg) from error
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
    """Return edges from -180 to 180, and which column comes first there.

    A grid that goes round the world, but for what a rounded width of cells adds up to, begins
    at -180; any other keeps its columns as they are.

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
            msg = f"{path} goes round the world, but no column begins at 180 degrees"
            fault = Fault(
                f"{columns} columns from {west:.10g} to {east:.10g} degrees",
                field="transform",
                hint=f"gdalwarp -t_srs EPSG:4326 -te -180 -90 180 90 -ts {columns} 0 -r near lays them there",
            )
            raise ReadError(msg, [fault])
        return -180.0, 180.0, round(first) % columns
    if wide > 360:
        msg = f"{path} is {wide:.10g} degrees wide, more than the world"
        raise ReadError(msg)
    turns = -360.0 * math.floor((west + 180) / 360)
    west, east = west + turns, east + turns
    return west, east if east <= 180 else east - 360, 0


def _driver(path: str | Path) -> str:
    """Return the driver for a file by how it begins; refuse what is no plain local raster."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(64)
    except OSError as error:
        msg = f"{path} cannot be read as a raster: {error.strerror or error}"
        raise ReadError(msg) from error
    for start, driver in _DRIVERS.items():
        if head.startswith(start) or (driver == "AAIGrid" and head.lstrip().lower().startswith(start)):
            return driver
    msg = f"{path} cannot be read as a raster"
    raise ReadError(
        msg,
        [
            Fault(
                f"it begins with {head[:16]!r}, not as a GeoTIFF, an ERDAS Imagine file or an Esri ASCII grid does",
                hint="other kinds can point into a network; make a GeoTIFF: gdal_translate -of GTiff",
            )
        ],
    )


def _misfits(opened: Any, band: int) -> list[Fault]:  # noqa: ANN401 - rasterio has no types
    faults = []
    if not 1 <= band <= opened.count:
        faults.append(Fault(f"band {band}; there are {opened.count}", field="band"))
    code = opened.crs.to_epsg() if opened.crs else None
    if code not in {4326, 3857}:
        found = "no CRS" if opened.crs is None else str(opened.crs)[:60]
        faults.append(Fault(f"the CRS is {found}", field="crs", hint="warp it first: gdalwarp -t_srs EPSG:4326"))
    if opened.transform.b or opened.transform.d or opened.transform.e >= 0 or opened.transform.a <= 0:
        faults.append(Fault("rows do not run from north to south", field="transform", hint="gdalwarp turns it"))
    return faults


def check_grids(grids: tuple[Grid, ...]) -> None:
    """Refuse grids that make no layer: none at all, or several without days."""
    faults = [
        Fault(f"a Grid is needed, found {type(grid).__name__}", row=i)
        for i, grid in enumerate(grids, 1)
        if not isinstance(grid, Grid)
    ]
    if not grids:
        faults.append(Fault("no grid was given"))
    if len(grids) > 1 and not faults:
        faults += [
            Fault("several grids are frames of time, and this one has no valid_from", row=i)
            for i, grid in enumerate(grids, 1)
            if grid.valid_from is None
        ]
    if faults:
        msg = "the raster cannot be drawn"
        raise InputError(msg, faults)
