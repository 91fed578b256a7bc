"""Embedded border crossings: compiled facts, with a history of their status.

Two files in the boundaries folder hold them: ``crossings.csv``, one row a crossing with
its place and source, and ``crossings_status.csv``, one row a change of status with the day
from which it held and who says so. What a crossing was on a day is looked up, so that the
same table serves a map of last year and one of today.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from geoconflict.errors import Fault, InputError, ReadError
from geoconflict.names.countries import resolve
from geoconflict.reference.folder import boundaries_folder
from geoconflict.reference.points import read_points
from geoconflict.schema import CROSSINGS
from geoconflict.vocabulary import CrossingStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

# A crossing whose point lies farther from its line is marked in its notes.
FAR_FROM_BORDER_M = 300.0


def crossings(
    a: str,
    b: str | Sequence[str] | None = None,
    *,
    on: str | dt.date | None = None,
    folder: str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Return the embedded crossings of a country's borders, with their status on a day.

    Parameters
    ----------
    a : str
        A country: name in English or ISO 3166-1 code.
    b : str or sequence of str, optional
        The countries on the other side; all of its neighbours by default.
    on : date or str, optional
        The day (``2025-08-19``) for which ``status`` speaks. By default the last change
        that is known; ``status_date`` says from when it holds.
    folder : str or Path, optional
        Another folder of reference data.

    Returns
    -------
    GeoDataFrame
        A table of CROSSINGS in the order of the file; empty if none are known, which does
        not mean that there are none. ``attrs["crossings"]`` says for which day.

    Raises
    ------
    NameUnknownError, NameAmbiguousError
        For a country.
    InputError
        If ``on`` is no date.

    Examples
    --------
    >>> table = crossings("Lithuania", "Belarus", on="2025-08-19")
    >>> table.loc[table["status"] == "closed", "name"].tolist()
    ['Lavoriškės – Kotlovka', 'Šumskas – Losha', 'Tverečius – Vidzy', 'Raigardas – Privalka']
    """
    day = _day(on)
    root = boundaries_folder(folder)
    places = _places(root / "crossings.csv")
    one = resolve(a).name
    others = None if b is None else {resolve(name).name for name in ([b] if isinstance(b, str) else b)}
    left, right = places["country_a"], places["country_b"]
    mine = (left == one) | (right == one)
    if others is not None:
        mine &= left.isin(others) | right.isin(others)
    table = places[mine].reset_index(drop=True)
    history = _history(root / "crossings_status.csv")
    known = history if day is None else history[history["from_date"] <= day.isoformat()]
    last = (
        known.sort_values("from_date", kind="stable")
        .drop_duplicates("crossing_id", keep="last")
        .set_index("crossing_id")
    )
    table["status"] = [last["status"].get(key, "unknown") for key in table["crossing_id"]]
    table["status_date"] = [last["from_date"].get(key) for key in table["crossing_id"]]
    table["status_source"] = [last["source"].get(key) for key in table["crossing_id"]]
    table["status_source_url"] = [last["source_url"].get(key) for key in table["crossing_id"]]
    table.attrs["crossings"] = {"status_on": "the last known change" if day is None else day.isoformat()}
    return table


def _day(on: str | dt.date | None) -> dt.date | None:
    if on is None or isinstance(on, dt.date):
        return on
    try:
        return dt.date.fromisoformat(on)
    except ValueError:
        msg = f"{on!r} is not a date; write it as 2025-08-19"
        raise InputError(msg) from None


@lru_cache(maxsize=4)
def _places(path: Path) -> gpd.GeoDataFrame:
    return read_points(path, CROSSINGS, defaults={"status": "unknown"})


@lru_cache(maxsize=4)
def _history(path: Path) -> pd.DataFrame:
    import pandas as pd

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
