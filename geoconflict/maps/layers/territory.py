"""Control of territory over time, from observations on single days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict.crs import WGS84, is_wgs84
from geoconflict.errors import Fault, InputError, SchemaError
from geoconflict.maps.classes import CATEGORIES, PaletteLike, palette_of
from geoconflict.maps.layers.base import AREAS, Layer, by_name, day_faults, days
from geoconflict.maps.spec import UNKNOWN_DAY, LayerSpec, PopupField, iso_date

FIELDS = (
    PopupField("holder", "Controlled by"),
    PopupField("seen_on", "Observed on", "date"),
    PopupField("valid_from", "Shown from", "date"),
    PopupField("valid_to", "Shown until", "date"),
    PopupField("area_m2", "Area", "area_m2"),
    PopupField("method", "Method"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)
# The colours for categories; blue, which looks like water, comes last but one.
HOLDERS = tuple(CATEGORIES[i] for i in (3, 1, 5, 4, 2, 0))
_FREE = "free_from"  # in table.attrs: the date of a last snapshot without any area


@dataclass(frozen=True, eq=False)
class Territory(Layer):
    """Areas by who controls them, one state at a time.

    Of a date range the map draws only the latest known state, so states never overlap.

    Parameters
    ----------
    table : GeoDataFrame
        Areas with ``holder``, ``valid_from`` and ``valid_to`` (dates, both inclusive; without
        ``valid_to`` the state has no end); ``seen_on`` is the date of the observation.
        ``from_snapshots`` makes such a table.
    holder : str
        Holder of all rows, if the table has no such column.
    palette : Palette, str or sequence of str
        Colours of the holders, in order of appearance; repeated colours are hatched.
    fill_opacity : float

    Raises
    ------
    SchemaError
        If no holder is given, a date cannot be parsed, a row has no start, or ends before it starts.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> day = lambda width: gpd.GeoDataFrame(geometry=[box(30, 48, 30 + width, 49)], crs="EPSG:4326")
    >>> table = from_snapshots({"2025-08-01": day(1), "2025-09-01": day(2)}, holder="Northland")
    >>> layer = Territory(table).describe()
    >>> [(entry.label, entry.count) for entry in layer.legend], (layer.end - layer.start).tolist()
    ([('Northland', 2)], [30, 0])
    """

    holder: str = ""
    palette: PaletteLike = HOLDERS
    fill_opacity: float = 0.38

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = AREAS
    needs: ClassVar[tuple[str, ...]] = ("valid_from", "valid_to")
    title: ClassVar[str] = "Control of territory"

    def __post_init__(self) -> None:
        """Check the table, its holders and its dates."""
        super().__post_init__()
        faults = []
        if "holder" not in self.table.columns and not self.holder:
            faults.append(Fault("this column is missing", field="holder", hint="or set holder=… for all rows"))
        faults += day_faults(self.table, start_required=True)
        if faults:
            msg = "the table of Territory cannot be drawn"
            raise SchemaError(msg, faults)

    def describe(self) -> LayerSpec:
        """Return the areas by holder, with the dates of each state."""
        rows, notes = self.rows()
        holders = rows["holder"] if "holder" in rows.columns else pd.Series(self.holder, index=rows.index)
        styles, style_of, legend, shared = by_name(
            holders, palette_of(self.palette).colours, fill_opacity=self.fill_opacity, other="holder not known"
        )
        shown = rows if "holder" in rows.columns else rows.assign(holder=holders)
        return self.finish(
            LayerSpec(
                self.heading,
                "area",
                shown,
                styles,
                style_of,
                legend,
                title_column="holder",
                start=days(rows["valid_from"]),
                end=days(rows["valid_to"]),
                in_turn=True,
                notes=(*self._unseen(rows), *self._freed(), *(f"{self.heading}: {note}" for note in shared)),
            ),
            notes,
        )

    def _freed(self) -> tuple[str, ...]:
        """Report a last observation without any area: there is no row to draw for it."""
        day = self.table.attrs.get(_FREE)
        if not day:
            return ()
        return (f"{self.heading}: last observed on {day}, with no area held; that day is not drawn.",)

    def _unseen(self, rows: gpd.GeoDataFrame) -> tuple[str, ...]:
        """Report the days that are drawn without an observation."""
        if "seen_on" not in rows.columns:
            return ()
        seen = days(rows["seen_on"])
        start, end = days(rows["valid_from"]), days(rows["valid_to"])
        known = (seen != UNKNOWN_DAY) & (start != UNKNOWN_DAY)
        if not known.any():
            return ()
        first, last = int(start[known].min()), int(max(end[known].max(), start[known].max()))
        stretches = [
            (int(s), int(e)) for s, e in sorted({*zip(start[known], end[known], strict=True)}) if e != UNKNOWN_DAY
        ]
        drawn = {day for s, e in stretches for day in range(s, e + 1)}
        unseen = len(drawn - set(seen[known].tolist()))
        if not unseen:
            return ()
        longest = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
        states = len(np.unique(seen[known]))
        note = (
            f"{self.heading}: observed on {states} {'day' if states == 1 else 'days'} from {iso_date(first)} to {iso_date(last)}; "
            f"no observation for {unseen} days, which show the last observed state; "
            f"the longest gap is from {iso_date(longest[0] + 1)} to {iso_date(longest[1])}."
        )
        return (note,)


def from_snapshots(
    snapshots: Mapping[str, gpd.GeoDataFrame] | Mapping[dt.date, gpd.GeoDataFrame],
    *,
    holder: str = "",
    last_until: str | dt.date | None = None,
) -> gpd.GeoDataFrame:
    """Return a table for ``Territory`` from observations on single days.

    A snapshot is valid from its date to the day before the next one; the last one only on its
    own date, unless ``last_until`` is given. A snapshot without rows ends the state before it; if
    it is the last one, ``attrs["free_from"]`` of the table is its date, and the map has a note.

    Parameters
    ----------
    snapshots : mapping of date to GeoDataFrame
        Dates as ``YYYY-MM-DD`` or ``date``, in any order. Columns are kept.
    holder : str
        Holder in snapshots that have no column ``holder``.
    last_until : str or date, optional
        Last day of the last snapshot.

    Returns
    -------
    GeoDataFrame
        With ``holder``, ``valid_from``, ``valid_to`` and ``seen_on``; the areas are in ``geometry``.

    Raises
    ------
    InputError
        Lists every date that cannot be parsed or occurs twice, and every snapshot that is not in
        WGS84, has no holder, or has a column ``geometry`` that is not the active geometry.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> seen = gpd.GeoDataFrame(geometry=[box(30, 48, 31, 49)], crs="EPSG:4326")
    >>> table = from_snapshots({"2025-08-10": seen, "2025-08-01": seen}, holder="Northland")
    >>> table[["valid_from", "valid_to"]].values.tolist()
    [['2025-08-01', '2025-08-09'], ['2025-08-10', '2025-08-10']]
    """
    faults: list[Fault] = []
    read = _read(snapshots, holder, faults)
    until = _date(last_until, faults) if last_until is not None else None
    order = sorted(read)
    if not order and not faults:
        faults.append(Fault("there are no snapshots"))
    if order and until is not None and until < order[-1]:
        faults.append(Fault(f"{until} is before the last snapshot, {order[-1]}", field="last_until"))
    if faults:
        msg = "the snapshots cannot be combined"
        raise InputError(msg, faults)
    ends = [following - dt.timedelta(days=1) for following in order[1:]] + [until or order[-1]]
    parts = []
    for day, end in zip(order, ends, strict=True):
        seen = read[day]
        more = {} if "holder" in seen.columns else {"holder": holder}
        parts.append(seen.assign(**more, valid_from=day.isoformat(), valid_to=end.isoformat(), seen_on=day.isoformat()))
    filled = [part for part in parts if len(part)]
    joined: gpd.GeoDataFrame = pd.concat(filled or parts[:1], ignore_index=True)
    table = gpd.GeoDataFrame(joined, geometry="geometry", crs=WGS84)
    if filled and not len(read[order[-1]]):
        table.attrs[_FREE] = order[-1].isoformat()
    return table


def _read(
    snapshots: Mapping[str, gpd.GeoDataFrame] | Mapping[dt.date, gpd.GeoDataFrame], holder: str, faults: list[Fault]
) -> dict[dt.date, gpd.GeoDataFrame]:
    read: dict[dt.date, gpd.GeoDataFrame] = {}
    for given, seen in snapshots.items():
        day = _date(given, faults)
        if not hasattr(seen, "geometry") or not hasattr(seen, "crs"):
            faults.append(Fault(f"a GeoDataFrame is needed, found {type(seen).__name__}", field=str(given)))
            continue
        if seen.crs is None or not is_wgs84(seen.crs):
            found = "no CRS" if seen.crs is None else seen.crs.name
            faults.append(Fault(f"{found}, expected WGS84", field=str(given), hint=f'use set_crs or to_crs("{WGS84}")'))
        if not holder and "holder" not in seen.columns:
            faults.append(
                Fault("there is no column holder", field=str(given), hint="or set holder=… for all snapshots")
            )
        if day in read:
            faults.append(Fault("this date occurs twice", field=str(given)))
        if day is not None:
            read[day] = seen if seen.geometry.name == "geometry" else _renamed(seen, str(given), faults)
    return read


def _renamed(seen: gpd.GeoDataFrame, given: str, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Return a snapshot with its areas in ``geometry``, so that concatenation keeps them."""
    if "geometry" in seen.columns:
        found = f"the active geometry is {seen.geometry.name!r}, but there is also a column 'geometry'"
        faults.append(Fault(found, field=given, hint="drop or rename that column"))
        return seen
    return seen.rename_geometry("geometry")


def _date(given: str | dt.date, faults: list[Fault]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(given)[:10])
    except ValueError:
        faults.append(Fault(f"{given!r} is not a date; write it as 2025-08-19"))
        return None
