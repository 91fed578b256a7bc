"""Read vector files: the one place where GDAL opens a file of points, lines or areas."""

from __future__ import annotations

import io
import warnings
from os import PathLike
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geoconflict.errors import ReadError, did_you_mean

# First bytes of the formats that are opened. A text that starts otherwise is not handed to GDAL,
# which would choose a driver by content and could follow an address written in the file.
_SIGNATURES = (
    (b"SQLite format 3\x00", "GeoPackage"),
    (b"fgb\x03", "FlatGeobuf"),
    (b"\x00\x00\x27\x0a", "Shapefile"),
    (b"PK\x03\x04", "zipped Shapefile"),
    (b"PAR1", "GeoParquet"),
    (b"{", "GeoJSON"),
)


def detect_format(head: bytes, name: str) -> str:
    """Return the format of a vector file by its first bytes.

    Parameters
    ----------
    head : bytes
        The first bytes of the file.
    name : str
        Name of the file, for the message.

    Raises
    ------
    ReadError
        If the file is in none of the formats that are read.

    Examples
    --------
    >>> detect_format(b'{"type": "FeatureCollection"', "a.geojson")
    'GeoJSON'
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n") if head[:1] not in {b"\x00", b"P"} else head
    for signature, form in _SIGNATURES:
        if start.startswith(signature):
            return form
    formats = ", ".join(form for _, form in _SIGNATURES)
    msg = f"{name} cannot be read as a vector file: it is none of {formats}"
    raise ReadError(msg)


def read_vector(source: str | PathLike[str] | bytes, *, layer: str | None = None, name: str = "") -> gpd.GeoDataFrame:
    """Read one layer of a vector file as it is, in its own CRS.

    Parameters
    ----------
    source : path or bytes
        A local GeoJSON, GeoPackage, Shapefile (also zipped), FlatGeobuf or GeoParquet file, or its bytes.
    layer : str, optional
        Layer of a file that has several; the first one by default.
    name : str, optional
        How messages call the source; the file's name by default.

    Returns
    -------
    GeoDataFrame
        All columns of the layer. ``attrs["layers"]`` lists the names of all layers.

    Raises
    ------
    ReadError
        If the file is missing, is in no known format, is damaged, has no such layer, or has no geometry.

    Examples
    --------
    >>> read_vector(b'{"type": "Point", "coordinates": [25.28, 54.69]}').geometry.x.tolist()
    [25.28]
    """
    frame = read_layer(source, layer=layer, name=name)
    if not isinstance(frame, gpd.GeoDataFrame):
        what = name or ("the input" if isinstance(source, bytes) else Path(source).name)
        msg = f"{what} holds no geometries"
        raise ReadError(msg)
    return frame


def read_layer(source: str | PathLike[str] | bytes, *, layer: str | None = None, name: str = "") -> pd.DataFrame:
    """Read one layer of a vector file, which may be a table without geometries.

    Parameters and errors are those of :func:`read_vector`.

    Examples
    --------
    >>> read_layer(b'{"type": "Point", "coordinates": [25.28, 54.69]}').attrs["layers"]
    []
    """
    place: str | bytes
    frame: pd.DataFrame
    if isinstance(source, bytes):
        name, head, place = name or "the input", source[:64], source
    else:
        path = Path(source)
        name = name or path.name
        require_local_file(source)
        with path.open("rb") as opened:
            head = opened.read(64)
        place = str(path.resolve())
    if not head.strip():
        msg = f"{name} is empty"
        raise ReadError(msg)
    form = detect_format(head, name)
    layers: list[str] = []
    try:
        if form == "GeoParquet":
            frame = _read_parquet(place)
        else:
            frame, layers = _read_gdal(place, form, layer, name)
    except ReadError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        msg = f"{name} cannot be read as {form}: {str(error)[:200]}"
        raise ReadError(msg) from error
    frame.attrs["layers"] = layers
    return frame


def _read_parquet(place: str | bytes) -> gpd.GeoDataFrame:
    table: gpd.GeoDataFrame = gpd.read_parquet(io.BytesIO(place) if isinstance(place, bytes) else place)
    return table


def _read_gdal(place: str | bytes, form: str, layer: str | None, name: str) -> tuple[pd.DataFrame, list[str]]:
    import pyogrio

    if form == "zipped Shapefile" and isinstance(place, str):
        place = f"/vsizip/{place}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks on the file's suffix
        layers = [str(found) for found, _ in pyogrio.list_layers(place)]
        if not layers:
            msg = f"{name} holds no layer"
            raise ReadError(msg)
        if layer is not None and layer not in layers:
            hint = did_you_mean(layer, layers)
            msg = f"{name} has no layer {layer!r}; it has {', '.join(layers)}"
            raise ReadError(f"{msg}; {hint}" if hint else msg)
        frame: pd.DataFrame = gpd.read_file(place, layer=layer if layer is not None else 0, engine="pyogrio")
    return frame, layers if isinstance(place, str) or len(layers) > 1 else []


def require_local_file(source: str | PathLike[str]) -> None:
    """Raise ReadError unless a path names an existing, regular, local file."""
    path, text = Path(source), str(source)
    if "://" in text or text.startswith("/vsi"):
        msg = f"{text} is not a local file; download it first"
        raise ReadError(msg)
    if path.is_dir():
        msg = f"{path} is a folder, not a file"
        raise ReadError(msg)
    if not path.exists():
        beside = [found.name for found in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, beside) or "check the path"
        msg = f"{path} does not exist; {hint}"
        raise ReadError(msg)
    if not path.is_file():
        msg = f"{path} is not a regular file; devices and pipes are not read"
        raise ReadError(msg)
