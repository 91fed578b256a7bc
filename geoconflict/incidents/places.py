"""Read the points of incidents from the columns of a file, and check them.

Points are checked against the bounding box of the country that their row names. The boxes are in
``country_boxes.csv`` (derived by ``data/country_boxes/derive.py``). If a point is more than a degree
outside the box, and inside it with latitude and longitude exchanged, the axes were swapped, unless
the box is wider than 60°. In all other cases the row is used unchanged and reported.
"""

from __future__ import annotations

import csv
import importlib.resources
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from geoconflict.coordinates import parse_column
from geoconflict.crs import Bounds, is_wgs84
from geoconflict.errors import CRSError, Fault, NameUnknownError, ReadError, did_you_mean
from geoconflict.incidents.columns import FileFacts, Piece
from geoconflict.incidents.report import Ledger
from geoconflict.io.table import Floats, Objects, column_key

Mask = np.ndarray[Any, np.dtype[np.bool_]]

AS_GIVEN = "coordinates as given"
_SLACK_DEG = 1.0
_WIDEST_DEG = 60.0
_OUTLINE_SLACK_DEG = 0.1


@dataclass(slots=True)
class Places:
    """The points of a table while it is read.

    Attributes
    ----------
    lon, lat : ndarray of float
        Degrees on WGS84; NaN if there is no point.
    uncertainty_m : ndarray of float
        Half the diagonal of the cell of a grid reference; NaN for other notations.
    method : ndarray of object
        How the point was obtained.
    used : dict of str to str
        Column of INCIDENTS → column of the file.
    """

    lon: Floats
    lat: Floats
    uncertainty_m: Floats
    method: np.ndarray[Any, np.dtype[np.object_]]
    used: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Work:
    """The piece that is read, the facts about its file, and its points."""

    piece: Piece
    facts: FileFacts
    places: Places

    @property
    def ledger(self) -> Ledger:
        return self.piece.ledger


def locate(piece: Piece, facts: FileFacts) -> Places:
    """Read the points of a piece.

    They come from the geometries of the format, or from two columns of degrees; for rows that have
    neither, from one column of text in any notation of ``geoconflict.coordinates``.

    Raises
    ------
    ReadError
        If no column can hold coordinates.
    CRSError
        If the file declares another system than WGS84, or its numbers cannot be degrees.
    """
    raw, source, request = piece.raw, piece.source, piece.request
    system = read_system(raw.crs, request.crs, request.name)
    count = len(piece)
    places = Places(
        lon=np.full(count, np.nan),
        lat=np.full(count, np.nan),
        uncertainty_m=np.full(count, np.nan),
        method=np.full(count, AS_GIVEN, dtype=object),
        used={},
    )
    work = _Work(piece, facts, places)
    if raw.lon is not None and raw.lat is not None:
        places.lon, places.lat = raw.lon.copy(), raw.lat.copy()
        places.used["geometry"] = "geometry"
        if raw.uncertainty_m is not None:
            places.uncertainty_m = raw.uncertainty_m.copy()
    lat, lon = source.find("latitude", piece.names), source.find("longitude", piece.names)
    if lat is not None and lon is not None:
        _from_two(work, lat, lon)
    if facts.text_column is not None:
        _from_text(work, facts.text_column)
    if not places.used:
        raise _no_coordinates(piece)
    columns = (lat or facts.text_column or "geometry", lon or facts.text_column or "geometry")
    _transform(places, system)
    _check_country(work, columns)
    _check(work, columns)
    return places


def read_system(declared: str | None, given: str | None, name: str) -> str | None:
    """Return the coordinate reference system to transform from, or None for WGS84.

    Parameters
    ----------
    declared, given : str, optional
        What the file and the caller say.
    name : str
        Name of the file, for messages.

    Raises
    ------
    CRSError
        If they contradict each other, are not known, or the file is not in WGS84 and the caller
        does not say so.
    """
    found: dict[str, pyproj.CRS] = {}
    for who, text in (("file", declared), ("caller", given)):
        if text is None:
            continue
        try:
            found[who] = pyproj.CRS.from_user_input(text)
        except pyproj.exceptions.CRSError as error:
            msg = f"{name}: {text!r} is not a coordinate reference system that is known ({str(error)[:80]})"
            raise CRSError(msg) from error
    if "file" in found and "caller" in found and found["file"] != found["caller"]:
        both_wgs84 = is_wgs84(found["file"]) and is_wgs84(found["caller"])
        if not both_wgs84:
            msg = (
                f"{name} declares {found['file'].name} ({declared}), but crs={given!r} was given; one of them is wrong"
            )
            raise CRSError(msg)
    system = found.get("caller", found.get("file"))
    if system is None or is_wgs84(system):
        return None
    if "caller" not in found:
        msg = (
            f"{name} is in {system.name} ({declared}), not in longitude and latitude on WGS84; "
            f"pass crs={_code(system, declared)!r} to have it transformed, or save it as EPSG:4326"
        )
        raise CRSError(msg)
    return given


def _code(system: Any, declared: str | None) -> str:  # noqa: ANN401 - a pyproj value; pyproj is imported late
    authority = system.to_authority()
    return ":".join(authority) if authority else str(declared)[:60]


def _from_two(work: _Work, lat: str, lon: str) -> None:
    """Read two columns of degrees; cells that are not numbers may be in another notation."""
    piece, places, ledger, frame = work.piece, work.places, work.ledger, work.piece.raw.frame
    wanted = np.isnan(places.lon) | np.isnan(places.lat)
    if not wanted.any() and "geometry" in places.used:
        return
    read = {column: piece.degrees(column) for column in (lat, lon)}
    odd = np.zeros(len(wanted), dtype=bool)
    for numbers in read.values():
        odd[numbers.unread] = True
    odd &= wanted & ~read[lat].missing & ~read[lon].missing
    for column, numbers in read.items():
        for kind, at in numbers.repaired.items():
            hits = [i for i in at if wanted[i] and not odd[i]]
            after = [f"{numbers.found[i]:.10g}" for i in hits]
            ledger.repair(kind, column, hits, frame[column].iloc[hits].tolist(), after)
            places.method[hits] = f"coordinates repaired: {kind}"
    places.used.update(latitude=lat, longitude=lon)
    places.lat = np.where(wanted & ~odd, read[lat].found, places.lat)
    places.lon = np.where(wanted & ~odd, read[lon].found, places.lon)
    _parse(work, np.flatnonzero(odd), [f"{a} {b}" for a, b in zip(frame[lat][odd], frame[lon][odd], strict=True)], lat)
    gone = np.flatnonzero(wanted & (read[lat].missing | read[lon].missing))
    if work.facts.text_column is None:
        ledger.reject("no coordinates", lat, gone, [None] * len(gone))
    else:
        places.lat[gone] = places.lon[gone] = np.nan


def text_columns(piece: Piece) -> list[str]:
    """Return the columns that may hold coordinates as text, the best first."""
    return [*piece.source.find_all("coordinates", piece.names), *piece.source.find_all("wkt", piece.names)]


def best_text_column(samples: Mapping[str, Sequence[str]], country: str | None) -> str | None:
    """Return the column whose cells can best be parsed as coordinates, or None.

    Parameters
    ----------
    samples : mapping of str to sequence of str
        Column → its first filled cells.
    country : str, optional
        The country that the points are in.
    """
    shares = {
        column: float(parse_column(cells, country=_country_bounds(country)).ok.mean())
        for column, cells in samples.items()
        if cells
    }
    best = max(shares, key=lambda column: shares[column], default=None)
    return best if best is not None and shares[best] > 0 else None


def _from_text(work: _Work, column: str) -> None:
    places = work.places
    rejected = np.zeros(len(places.lon), dtype=bool)
    for entry in work.ledger.rejected:
        rejected[entry.positions] = True
    wanted = (np.isnan(places.lon) | np.isnan(places.lat)) & ~rejected
    cells = work.piece.texts(column)
    filled = np.array([cell is not None for cell in cells], dtype=bool)
    at = np.flatnonzero(wanted & filled)
    places.used["coordinates"] = column
    gone = np.flatnonzero(wanted & ~filled)
    work.ledger.reject("no coordinates", column, gone, [None] * len(gone))
    _parse(work, at, [str(cell) for cell in cells[at]], column)


def _parse(work: _Work, at: np.ndarray[Any, np.dtype[np.intp]], cells: list[str], column: str) -> None:
    """Parse text in any notation into the rows at some positions; ambiguous text is rejected."""
    if not len(at):
        return
    places, ledger = work.places, work.ledger
    found = parse_column(cells, country=_country_bounds(work.facts.country))
    ok = found.ok
    places.lat[at], places.lon[at] = found.lat, found.lon
    places.uncertainty_m[at] = found.uncertainty_m
    for notation in sorted({str(n) for n in found.notation[ok]}):
        places.method[at[ok & (found.notation == notation)]] = f"coordinates read as {notation.replace('_', ' ')}"
    noted = np.array([bool(note) for note in found.note], dtype=bool) & ok
    for note, hits in _grouped(found.note, noted).items():
        after = [f"{found.lat[i]:.10g}, {found.lon[i]:.10g}" for i in hits]
        ledger.repair(note, column, at[hits], [cells[i] for i in hits], after)
    for error, hits in _grouped(found.error, ~ok).items():
        candidates = found.candidates[hits[0]]
        hint = f"it could be {' or '.join(candidates)}" if candidates else ""
        ledger.reject(error, column, at[hits], [cells[i] for i in hits], hint)


def _grouped(words: Objects, wanted: Mask) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for i in np.flatnonzero(wanted).tolist():
        out.setdefault(str(words[i]), []).append(i)
    return out


def _country_bounds(name: str | None) -> Bounds | None:
    box = find_box(name, load_boxes()) if name is not None else None
    return Bounds(box.west, box.south, box.east, box.north) if box is not None else None


def _no_coordinates(piece: Piece) -> ReadError:
    source, names, name = piece.source, piece.names, piece.request.name
    columns = list(piece.raw.frame.columns)
    faults: list[Fault] = []
    for ours in ("latitude", "longitude"):
        if source.find(ours, names) is None:
            near = did_you_mean(ours, [c for c in columns if column_key(c).startswith(ours[:2])])
            faults.append(Fault(f"no column of {ours}", field=ours, hint=near or None))
    if any(re.fullmatch(r"-?\d+\.?\d*", str(column)) for column in columns):
        faults.append(Fault("the first row has a number", hint="the file may have no header; add one"))
    listed = ", ".join(columns[:12]) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
    msg = (
        f"{name} has no coordinates: read as {source.title}, its columns are {listed}; "
        "name the columns with source={'latitude': …, 'longitude': …}, or locate the places with gc.geocode"
    )
    return ReadError(msg, faults)


def _transform(places: Places, system: str | None) -> None:
    if system is None:
        return
    there = ~(np.isnan(places.lon) | np.isnan(places.lat))
    places.lon, places.lat = to_wgs84(system, places.lon, places.lat)
    places.method[there] = f"transformed from {system}"


def to_wgs84(system: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return longitude and latitude; NaN where the system is not valid."""
    transformer = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(x, y)
    bad = np.isinf(lon) | np.isinf(lat)
    return np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)


def _check_country(work: _Work, columns: tuple[str, str]) -> None:
    default = work.piece.request.country
    if default is not None:
        require_box(default, load_boxes())
    column = work.piece.source.find("country", work.piece.names)
    if column is not None:
        countries = work.piece.raw.frame[column]
        if default is not None:
            countries = countries.where(countries.notna() & (countries != ""), default)
    elif default is not None:
        countries = pd.Series([default] * len(work.piece), dtype=object)
    else:
        return
    check_country_bbox(
        work.places, countries, work.ledger, columns=columns, outlines=work.piece.request.options.countries
    )


def _check(work: _Work, columns: tuple[str, str]) -> None:
    """Reject what cannot be a point in degrees."""
    places, ledger = work.places, work.ledger
    lat, lon = places.lat, places.lon
    with np.errstate(invalid="ignore"):
        far_lat, far_lon = np.abs(lat) > 90, np.abs(lon) > 180
        there = ~(np.isnan(lat) | np.isnan(lon))
    swapped = far_lat & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    _reject(ledger, "latitude beyond 90", columns[0], swapped, lat, "latitude and longitude may be swapped")
    _reject(ledger, "latitude beyond 90", columns[0], far_lat & ~swapped, lat)
    _reject(ledger, "longitude beyond 180", columns[1], far_lon & ~far_lat, lon)
    null = np.flatnonzero((lat == 0) & (lon == 0))
    note = ledger.doubt if work.piece.request.keep else ledger.reject
    note("the point (0, 0) means that no place is known", columns[0], null, ["0, 0"] * len(null))
    rejected = np.zeros(len(lat), dtype=bool)
    for entry in ledger.rejected:
        rejected[entry.positions] = True
    nowhere = np.flatnonzero(~there & ~rejected)
    ledger.reject("no coordinates", columns[0], nowhere, [None] * len(nowhere))


def _reject(ledger: Ledger, kind: str, column: str, mask: Mask, values: Floats, hint: str = "") -> None:
    at = np.flatnonzero(mask)
    ledger.reject(kind, column, at, [f"{v:.10g}" for v in values[at]], hint)


@dataclass(frozen=True, slots=True)
class Box:
    """The bounding box of a country in degrees; ``west > east`` if it crosses the antimeridian."""

    name: str
    iso: str
    west: float
    south: float
    east: float
    north: float


def load_boxes() -> dict[str, Box]:
    """Return the bounding box of each country by the keys of its names and codes.

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
                out.setdefault(column_key(name), box)
    return out


def find_box(name: str, boxes: dict[str, Box]) -> Box | None:
    """Return the bounding box of a country by a name from a data set, such as ``DR Congo (Zaire)``.

    Examples
    --------
    >>> find_box("Russia (Soviet Union)", load_boxes()).iso
    'RU'
    """
    bare = re.sub(r"\(.*?\)", " ", name)
    inner = re.findall(r"\((.*?)\)", name)
    for candidate in (name, bare, *inner):
        hit = boxes.get(column_key(candidate))
        if hit is not None:
            return hit
    return None


def require_box(name: str, boxes: dict[str, Box]) -> Box:
    """Return the bounding box of a country that the caller named.

    Raises
    ------
    NameUnknownError
    """
    hit = find_box(name, boxes)
    if hit is not None:
        return hit
    known = sorted({box.name for box in boxes.values()})
    msg = f"{name!r} is not a known country; {did_you_mean(name, known) or 'use its English name or its ISO code'}"
    raise NameUnknownError(msg, suggestions=known)


def check_country_bbox(
    places: Places, names: pd.Series, ledger: Ledger, *, columns: tuple[str, str], outlines: gpd.GeoDataFrame | None
) -> None:
    """Exchange swapped latitudes and longitudes, and report points outside their country.

    Parameters
    ----------
    places : Places
        Modified in place.
    names : Series of str, shape (n,)
        The country of each row; may be missing.
    ledger : Ledger
    columns : (str, str)
        Names of the columns of latitude and longitude in the file.
    outlines : GeoDataFrame, optional
        COUNTRIES, for a closer check against outlines.
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
