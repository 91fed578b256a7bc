"""Check points against the box of the country that a row names, and mend swapped axes.

The boxes are in ``country_boxes.csv`` (derived by ``data/country_boxes/derive.py``). A box proves
little by lying round a point and much by not lying near it: a point more than a degree outside the
box of its country is wrong, and when it lies inside with latitude and longitude exchanged, the
axes were swapped. The box of a country wider than 60° proves too little for that; then, and in
all other cases, the row is used as it stands and reported.
"""

from __future__ import annotations

import csv
import importlib.resources
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoconflict.errors import NameUnknownError, did_you_mean
from geoconflict.incidents.source import plain

if TYPE_CHECKING:
    import geopandas as gpd

    from geoconflict.incidents.ledger import Ledger
    from geoconflict.incidents.places import Places

_SLACK_DEG = 1.0
_WIDEST_DEG = 60.0
_OUTLINE_SLACK_DEG = 0.1

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Box:
    """The box of a country in degrees; ``west > east`` where it crosses the antimeridian."""

    name: str
    iso: str
    west: float
    south: float
    east: float
    north: float


def load_boxes() -> dict[str, Box]:
    """Return the box of each country by its names and codes, in the form of ``plain``.

    Examples
    --------
    >>> load_boxes()["ltu"].name
    'Lithuania'
    """
    text = (importlib.resources.files("geoconflict.incidents") / "country_boxes.csv").read_text("utf-8")
    out: dict[str, Box] = {}
    for row in csv.DictReader(text.splitlines()):
        edges = (float(row[name]) for name in ("west", "south", "east", "north"))
        box = Box(row["name"], row["iso"], *edges)
        for name in (row["name"], row["iso"], row["iso3"], row["numeric"], *row["aliases"].split(";")):
            if name:
                out.setdefault(plain(name), box)
    return out


def find_box(name: str, boxes: dict[str, Box]) -> Box | None:
    """Return the box of a country as a data set names it, such as ``DR Congo (Zaire)``.

    Examples
    --------
    >>> find_box("Russia (Soviet Union)", load_boxes()).iso
    'RU'
    """
    bare = re.sub(r"\(.*?\)", " ", name)
    inner = re.findall(r"\((.*?)\)", name)
    for candidate in (name, bare, *inner):
        hit = boxes.get(plain(candidate))
        if hit is not None:
            return hit
    return None


def require_box(name: str, boxes: dict[str, Box]) -> Box:
    """Return the box of a country that the caller named.

    Raises
    ------
    NameUnknownError
    """
    hit = find_box(name, boxes)
    if hit is not None:
        return hit
    known = sorted({box.name for box in boxes.values()})
    msg = f"{name!r} is no country that is known here; {did_you_mean(name, known) or 'use its name in English or its ISO code'}"
    raise NameUnknownError(msg, suggestions=known)


def check(
    places: Places, names: pd.Series, ledger: Ledger, *, columns: tuple[str, str], outlines: gpd.GeoDataFrame | None
) -> None:
    """Exchange axes where the country proves that they were swapped, and report points outside it.

    Parameters
    ----------
    places : Places
        Changed in place.
    names : Series of str, shape (n,)
        The country of each row, missing where none is named.
    ledger : Ledger
    columns : (str, str)
        What the file calls latitude and longitude.
    outlines : GeoDataFrame, optional
        COUNTRIES: the outlines, against which points are checked more closely.
    """
    codes, uniques = pd.factorize(names)
    boxes = load_boxes()
    found = [find_box(str(name), boxes) for name in uniques]
    if not any(found):
        return
    edges = np.array([[b.west, b.south, b.east, b.north] if b else [np.nan] * 4 for b in [*found, None]])[codes]
    known = ~np.isnan(edges[:, 0]) & ~np.isnan(places.lon) & ~np.isnan(places.lat)
    outside = known & ~_inside(places.lon, places.lat, edges, _SLACK_DEG)
    if outside.any():
        width = (edges[:, 2] - edges[:, 0]) % 360
        fits = outside & _inside(places.lat, places.lon, edges, 0.0)
        swapped = fits & (width <= _WIDEST_DEG)
        _swap(places, ledger, np.flatnonzero(swapped), columns)
        outside &= ~swapped
    elif outlines is None:
        return
    if outlines is not None:
        outside |= _outside_outlines(places, codes, [b.iso if b else "" for b in found], outlines, known & ~outside)
    at = np.flatnonzero(outside & (np.abs(places.lat) <= 90) & (np.abs(places.lon) <= 180))
    shown = [f"{places.lat[i]:.6g}, {places.lon[i]:.6g} is not in {uniques[codes[i]]}" for i in at]
    ledger.doubt("the point lies outside the country that the row names", columns[0], at, shown)


def _inside(lon: Floats, lat: Floats, edges: Floats, slack: float) -> Mask:
    west, south, east, north = edges.T
    with np.errstate(invalid="ignore"):
        span = (east - west) % 360
        across = ((lon - (west - slack)) % 360 <= span + 2 * slack) | (span + 2 * slack >= 360)
        inside: Mask = across & (lat >= south - slack) & (lat <= north + slack) & (np.abs(lon) <= 180)
    return inside


def _swap(places: Places, ledger: Ledger, at: np.ndarray[Any, np.dtype[np.intp]], columns: tuple[str, str]) -> None:
    before = [f"{places.lat[i]:.10g}, {places.lon[i]:.10g}" for i in at]
    lat = places.lat[at].copy()
    places.lat[at], places.lon[at] = places.lon[at], lat
    after = [f"{places.lat[i]:.10g}, {places.lon[i]:.10g}" for i in at]
    ledger.repair("latitude and longitude exchanged, as the country proves", ", ".join(columns), at, before, after)
    places.method[at] = "coordinates repaired: axes exchanged"


def _outside_outlines(
    places: Places, codes: np.ndarray[Any, Any], isos: list[str], outlines: gpd.GeoDataFrame, wanted: Mask
) -> Mask:
    import shapely

    shapes = dict(zip(outlines["iso"], outlines.geometry, strict=True))
    out = np.zeros(len(codes), dtype=bool)
    for code, iso in enumerate(isos):
        shape = shapes.get(iso)
        at = np.flatnonzero(wanted & (codes == code))
        if shape is None or not len(at):
            continue
        shapely.prepare(shape)
        near = shapely.dwithin(shape, shapely.points(places.lon[at], places.lat[at]), _OUTLINE_SLACK_DEG)
        out[at[~near]] = True
    return out
