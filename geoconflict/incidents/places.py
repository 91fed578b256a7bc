"""From the columns of a file to points, each checked, none guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.crs import is_wgs84
from geoconflict.errors import CRSError, Fault, ReadError, did_you_mean
from geoconflict.incidents.numerals import read_numbers
from geoconflict.incidents.source import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geoconflict.incidents.ledger import Ledger
    from geoconflict.incidents.options import Ask
    from geoconflict.incidents.raw import Floats, Raw
    from geoconflict.incidents.source import Source

Mask = np.ndarray[Any, np.dtype[np.bool_]]

AS_GIVEN = "coordinates as given"


@dataclass(slots=True)
class Places:
    """The points of a table while it is read.

    Attributes
    ----------
    lon, lat : ndarray of float
        Degrees on WGS84; NaN where there is no point.
    uncertainty_m : ndarray of float
        Half diagonal of the cell that a notation names; NaN where the notation has none.
    method : ndarray of object
        How the point was made.
    used : dict of str to str
        Our column → the file's.
    """

    lon: Floats
    lat: Floats
    uncertainty_m: Floats
    method: np.ndarray[Any, np.dtype[np.object_]]
    used: dict[str, str]


def locate(raw: Raw, source: Source, names: Mapping[str, str], ledger: Ledger, *, ask: Ask) -> Places:
    """Read the points of a table.

    Parameters
    ----------
    raw : Raw
    source : Source
    names : mapping of str to str
        Plain name → column of the file.
    ledger : Ledger
    ask : Ask

    Returns
    -------
    Places

    Raises
    ------
    ReadError
        If no column can hold coordinates.
    CRSError
        If the file declares another system than WGS84, or its numbers cannot be degrees.
    """
    system = _system(raw.crs, ask.crs, ask.name)
    count = len(raw.frame)
    places = Places(
        np.full(count, np.nan),
        np.full(count, np.nan),
        np.full(count, np.nan),
        np.full(count, AS_GIVEN, dtype=object),
        {},
    )
    if raw.lon is not None and raw.lat is not None:
        places.lon, places.lat = raw.lon.copy(), raw.lat.copy()
        places.used["geometry"] = "geometry"
        if raw.uncertainty_m is not None:
            places.uncertainty_m = raw.uncertainty_m.copy()
    lat, lon = source.find("latitude", names), source.find("longitude", names)
    if lat is not None and lon is not None:
        _from_columns(raw, places, lat, lon, ledger)
    elif "geometry" not in places.used:
        raise _no_coordinates(raw, source, names, ask.name)
    _transform(places, system, ask.name)
    _check(places, ledger, ask.name, (lat or "geometry", lon or "geometry"), keep=ask.keep)
    return places


def _system(declared: str | None, said: str | None, name: str) -> str | None:
    """Return the system to transform from, or None for WGS84."""
    import pyproj

    found: dict[str, pyproj.CRS] = {}
    for who, text in (("file", declared), ("caller", said)):
        if text is None:
            continue
        try:
            found[who] = pyproj.CRS.from_user_input(text)
        except pyproj.exceptions.CRSError as error:
            msg = f"{name}: {text!r} is no coordinate reference system that is known ({str(error)[:80]})"
            raise CRSError(msg) from error
    if "file" in found and "caller" in found and found["file"] != found["caller"]:
        both_wgs84 = is_wgs84(found["file"]) and is_wgs84(found["caller"])
        if not both_wgs84:
            msg = f"{name} declares {found['file'].name} ({declared}), but crs={said!r} was given; one of them is wrong"
            raise CRSError(msg)
    system = found.get("caller", found.get("file"))
    if system is None or is_wgs84(system):
        return None
    if "caller" not in found:
        msg = (
            f"{name} is in {system.name} ({declared}), not in longitude and latitude on WGS84; "
            f"say crs={_code(system, declared)!r} to have it transformed, or save it as EPSG:4326"
        )
        raise CRSError(msg)
    return said


def _code(system: Any, declared: str | None) -> str:  # noqa: ANN401 - a pyproj value; pyproj is imported late
    authority = system.to_authority()
    return ":".join(authority) if authority else str(declared)[:60]


def _from_columns(raw: Raw, places: Places, lat: str, lon: str, ledger: Ledger) -> None:
    wanted = np.isnan(places.lon) | np.isnan(places.lat)
    if not wanted.any():
        return
    unread: dict[str, set[int]] = {}
    read = {}
    for ours, column in (("latitude", lat), ("longitude", lon)):
        numbers = read_numbers(raw.frame[column])
        read[ours] = numbers
        unread[column] = {at for at in numbers.unread if wanted[at]}
        for kind, at in numbers.repaired.items():
            hits = [i for i in at if wanted[i]]
            ledger.repair(
                kind, column, hits, raw.frame[column].iloc[hits].tolist(), [f"{numbers.found[i]:.10g}" for i in hits]
            )
            places.method[hits] = f"coordinates repaired: {kind}"
        places.used[ours] = column
    places.lat = np.where(wanted, read["latitude"].found, places.lat)
    places.lon = np.where(wanted, read["longitude"].found, places.lon)
    for column, positions in unread.items():
        at = sorted(positions)
        ledger.set_aside("not a number of degrees", column, at, raw.frame[column].iloc[at].tolist())
    spoilt = set().union(*unread.values())
    gone = [
        int(i)
        for i in np.flatnonzero(wanted & (read["latitude"].missing | read["longitude"].missing))
        if int(i) not in spoilt
    ]
    ledger.set_aside("no coordinates", lat, gone, [None] * len(gone))


def _no_coordinates(raw: Raw, source: Source, names: Mapping[str, str], name: str) -> ReadError:
    columns = list(raw.frame.columns)
    faults: list[Fault] = []
    for ours in ("latitude", "longitude"):
        if source.find(ours, names) is None:
            near = did_you_mean(ours, [c for c in columns if len(c) > 2])
            faults.append(Fault(f"no column of {ours}", field=ours, hint=near or None))
    listed = ", ".join(columns[:12]) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
    msg = (
        f"{name} has no coordinates: read as {source.title}, its columns are {listed}; "
        "name the columns with source={'latitude': …, 'longitude': …}, or find the places with gc.geocode"
    )
    return ReadError(msg, faults)


def _transform(places: Places, system: str | None, name: str) -> None:
    if system is None:
        return
    import pyproj

    transformer = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(places.lon, places.lat)
    bad = np.isinf(lon) | np.isinf(lat)
    there = ~(np.isnan(places.lon) | np.isnan(places.lat))
    if there.any() and bad[there].all():
        msg = f"{name}: none of its coordinates lies where {system} is valid; it is in another system"
        raise CRSError(msg)
    places.lon, places.lat = np.where(bad, np.nan, lon), np.where(bad, np.nan, lat)
    places.method[there] = f"transformed from {system}"


def _check(places: Places, ledger: Ledger, name: str, columns: tuple[str, str], *, keep: bool) -> None:
    """Set aside what cannot be a point in degrees."""
    lat, lon = places.lat, places.lon
    with np.errstate(invalid="ignore"):
        far_lat, far_lon = np.abs(lat) > 90, np.abs(lon) > 180
        there = ~(np.isnan(lat) | np.isnan(lon))
        metres = (np.abs(lat) > 360) & (np.abs(lon) > 360)
    if there.any() and metres.sum() > there.sum() / 2:
        first = int(np.flatnonzero(metres)[0])
        msg = (
            f"{name}: its coordinates, such as {lon[first]:.10g}, {lat[first]:.10g} in row {int(ledger.rows[first])}, are no degrees; "
            'if they are metres of a projection, say which with crs="EPSG:…"; if a spreadsheet lost their '
            "decimal points, mend them there"
        )
        raise CRSError(msg)
    swapped = far_lat & (np.abs(lat) <= 180) & (np.abs(lon) <= 90)
    _aside(ledger, "latitude beyond 90", columns[0], swapped, lat, "latitude and longitude may be swapped")
    _aside(ledger, "latitude beyond 90", columns[0], far_lat & ~swapped, lat)
    _aside(ledger, "longitude beyond 180", columns[1], far_lon & ~far_lat, lon)
    null = np.flatnonzero((lat == 0) & (lon == 0))
    note = ledger.doubt if keep else ledger.set_aside
    note("the point (0, 0) stands for no place", columns[0], null, ["0, 0"] * len(null))
    if "geometry" in places.used and "latitude" not in places.used:
        nowhere = np.flatnonzero(~there)
        ledger.set_aside("no coordinates", "geometry", nowhere, [None] * len(nowhere))


def _aside(ledger: Ledger, kind: str, column: str, mask: Mask, values: Floats, hint: str = "") -> None:
    at = np.flatnonzero(mask)
    ledger.set_aside(kind, column, at, [f"{v:.10g}" for v in values[at]], hint)


def names_of(raw: Raw, source: Source) -> dict[str, str]:
    """Return plain name → column, the first of each; HXL tags instead of headers where the source means them."""
    if source.tagged:
        return dict(raw.tags)
    out: dict[str, str] = {}
    for column in raw.frame.columns:
        out.setdefault(plain(column), column)
    return out
