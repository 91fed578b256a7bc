"""Border crossings: the embedded ones with the history of their status, and a user's own.

The folder of boundary data holds ``crossings.csv``, one row for each crossing with its position
and source, and ``crossings_status.csv``, one row for each change of status with its date and
source. The status on a date is looked up, so that one table serves maps of any date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geoconflict.errors import Fault, InputError, ReadError
from geoconflict.names.countries import resolve, resolve_all
from geoconflict.names.places import read_named_points
from geoconflict.reference.archive import boundaries_folder
from geoconflict.schema import CROSSINGS
from geoconflict.vocabulary import CrossingStatus


def crossings(
    a: str,
    b: str | Sequence[str] | None = None,
    *,
    on: str | dt.date | None = None,
    folder: str | PathLike[str] | None = None,
) -> gpd.GeoDataFrame:
    """Return the embedded crossings of a country's borders, with their status on a date.

    Parameters
    ----------
    a : str
        Name in English or ISO 3166-1 code.
    b : str or sequence of str, optional
        The countries on the other side; all neighbours by default.
    on : date or str, optional
        The date of ``status``, such as ``2025-08-19``. By default the latest known status;
        ``status_date`` is the date from which it holds.
    folder : path, optional
        Folder of the data; the embedded data by default.

    Returns
    -------
    GeoDataFrame
        A table of CROSSINGS in the order of the file. It is empty if none are known, which does
        not mean that none exist. ``attrs["crossings"]`` has the date of the status.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
        For a country.
    InputError
        If ``on`` is not a date.

    Examples
    --------
    >>> table = crossings("Lithuania", "Belarus", on="2025-08-19")
    >>> table.loc[table["status"] == "closed", "name"].tolist()
    ['Lavoriškės – Kotlovka', 'Šumskas – Losha', 'Tverečius – Vidzy', 'Raigardas – Privalka']
    """
    date = _parse_date(on)
    root = boundaries_folder(folder)
    places = _read_crossings(root / "crossings.csv")
    one = resolve(a).name
    left, right = places["country_a"], places["country_b"]
    kept = (left == one) | (right == one)
    if b is not None:
        others = {country.name for country in resolve_all(b)}
        kept &= left.isin(others) | right.isin(others)
    table = places[kept].reset_index(drop=True)
    history = _read_history(root / "crossings_status.csv")
    known = history if date is None else history[history["from_date"] <= date.isoformat()]
    last = (
        known.sort_values("from_date", kind="stable")
        .drop_duplicates("crossing_id", keep="last")
        .set_index("crossing_id")
    )
    table["status"] = [last["status"].get(key, "unknown") for key in table["crossing_id"]]
    table["status_date"] = [last["from_date"].get(key) for key in table["crossing_id"]]
    table["status_source"] = [last["source"].get(key) for key in table["crossing_id"]]
    table["status_source_url"] = [last["source_url"].get(key) for key in table["crossing_id"]]
    table.attrs["crossings"] = {"status_on": "the latest known change" if date is None else date.isoformat()}
    return table


def read_crossings(path: str | PathLike[str]) -> gpd.GeoDataFrame:
    """Read a table of border crossings from a CSV or vector file.

    Parameters
    ----------
    path : path
        At least the columns ``name``, ``country_a``, ``country_b``, ``kind`` and ``status``,
        and ``longitude`` and ``latitude`` or points.

    Returns
    -------
    GeoDataFrame
        A table of CROSSINGS.

    Raises
    ------
    ReadError, SchemaError, CRSError
        As for :func:`~geoconflict.names.places.read_places`.
    """
    return read_named_points(path, CROSSINGS)


def _parse_date(on: str | dt.date | None) -> dt.date | None:
    if isinstance(on, dt.datetime):
        return on.date()
    if on is None or isinstance(on, dt.date):
        return on
    try:
        return dt.date.fromisoformat(on)
    except (TypeError, ValueError):
        msg = f"{on!r} is not a date; write it as 2025-08-19"
        raise InputError(msg) from None


@lru_cache(maxsize=4)
def _read_crossings(path: Path) -> gpd.GeoDataFrame:
    return read_named_points(path, CROSSINGS, defaults={"status": "unknown"})


@lru_cache(maxsize=4)
def _read_history(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype="string", encoding="utf-8").astype("object")
    known = {member.value for member in CrossingStatus}
    faults = [
        Fault(f"{row.status!r} on {row.from_date!r} is not a status on a date", row=number)
        for number, row in enumerate(table.itertuples(index=False), start=1)
        if row.status not in known or not _is_date(row.from_date)
    ]
    if faults:
        msg = f"{path.name} cannot be used"
        raise ReadError(msg, faults)
    return table.where(table.notna(), None)


def _is_date(text: object) -> bool:
    try:
        dt.date.fromisoformat(str(text))
    except ValueError:
        return False
    return True
