"""Read raster files: the one place where rasterio opens a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geoconflict.errors import Fault, LimitError, ReadError
from geoconflict.io.vector import require_local_file

MAX_READ = 100_000_000  # cells in a file
# First bytes of formats that contain their own cells. Others, such as VRT and WMS, can refer to a network.
_DRIVERS = {
    b"II*\0": "GTiff",
    b"MM\0*": "GTiff",
    b"II+\0": "GTiff",
    b"MM\0+": "GTiff",
    b"EHFA_HEADER_TAG": "HFA",
    b"ncols": "AAIGrid",
    b"nrows": "AAIGrid",
}


@dataclass(frozen=True, eq=False)
class RasterBand:
    """One band of a raster file, with the first row in the north.

    Attributes
    ----------
    values : masked array of shape (rows, columns)
        Masked where the file has no data.
    bounds : tuple of float
        West, south, east, north in units of the CRS.
    epsg : int
        4326 (degrees) or 3857 (Web Mercator, metres).
    """

    values: np.ma.MaskedArray
    bounds: tuple[float, float, float, float]
    epsg: int


def read_raster(path: str | Path, band: int = 1) -> RasterBand:
    """Read one band of a GeoTIFF, an ERDAS Imagine file or an Esri ASCII grid.

    Raises
    ------
    ReadError
        If the file cannot be read, has another format or CRS, is rotated, or has no such band.
    LimitError
        If it has too many cells; it is not read then.
    """
    import rasterio

    require_local_file(path)
    driver = _driver(path)
    try:
        with (
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"),
            rasterio.open(str(Path(path).absolute()), driver=driver) as opened,
        ):
            if opened.width * opened.height > MAX_READ:
                msg = f"{path} is too large"
                size = f"{opened.width:,} by {opened.height:,} cells; the maximum is {MAX_READ:,} in total"
                raise LimitError(msg, [Fault(size, hint="resample it first: gdal_translate -outsize 5000 0")])
            faults = _misfits(opened, band)
            if faults:
                msg = f"{path} cannot be drawn"
                raise ReadError(msg, faults)
            west, south, east, north = (float(edge) for edge in opened.bounds)
            return RasterBand(opened.read(band, masked=True), (west, south, east, north), int(opened.crs.to_epsg()))
    except rasterio.errors.RasterioError as error:
        msg = f"{path} cannot be read as a raster: {error}"
        raise ReadError(msg) from error


def _driver(path: str | Path) -> str:
    """Return the GDAL driver for the first bytes of a file; raise for other formats."""
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
                f"it starts with {head[:16]!r}; a GeoTIFF, an ERDAS Imagine file or an Esri ASCII grid is needed",
                hint="other formats can refer to a network; convert it: gdal_translate -of GTiff",
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
        faults.append(Fault(f"the CRS is {found}", field="crs", hint="reproject it first: gdalwarp -t_srs EPSG:4326"))
    if opened.transform.b or opened.transform.d or opened.transform.e >= 0 or opened.transform.a <= 0:
        faults.append(Fault("rows do not run from north to south", field="transform", hint="gdalwarp corrects it"))
    return faults
