"""Control of territory by day: who held which ground when, as far as anybody saw."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from geoconflict.crs import WGS84, is_wgs84
from geoconflict.errors import Fault, InputError, SchemaError
from geoconflict.maps.colour import CATEGORIES
from geoconflict.maps.layers.areas import by_name, day_faults
from geoconflict.maps.scene import Description, Layer, PopupField, Ramp, days, present

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

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
# The colours for categories; blue, which could pass for water, comes late.
HOLDERS = tuple(CATEGORIES[i] for i in (3, 1, 5, 4, 2, 0))
_UNKNOWN = np.iinfo(np.int32).min
_FREE = "free_from"  # in the table's attrs: the day of a last snapshot on which nothing was held


@dataclass(frozen=True, eq=False)
class Territory(Layer):
    """Ground by who holds it, one state at a time.

    Of a window of days the map draws the state of the last day in it that is known, so that
    states never lie over one another.

    Parameters
    ----------
    table : GeoDataFrame
        Areas with ``holder``, ``valid_from`` and ``valid_to`` (days, both included; a missing
        ``valid_to`` is open); ``seen_on`` is the day on which somebody saw this state. ``from_snapshots``
        makes such a table.
    holder : str
        One holder for all rows, where the table has no such column.
    ramp : Ramp
        Colours, given to the holders in order of first appearance; hatched when they come again.
    fill_opacity : float

    Raises
    ------
    SchemaError
        If nobody is named as holder, a day cannot be read, a row has no first day, or a row ends before it begins.

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
    ramp: Ramp = field(default=Ramp(HOLDERS))
    fill_opacity: float = 0.38

    accepts: ClassVar[tuple[str, ...]] = ("Polygon", "MultiPolygon")
    needs: ClassVar[tuple[str, ...]] = ("valid_from", "valid_to")
    title: ClassVar[str] = "Control of territory"

    def __post_init__(self) -> None:
        """Check the table, its holders and its days."""
        super().__post_init__()
        faults = []
        if "holder" not in self.table.columns and not self.holder:
            faults.append(Fault("this column is missing", field="holder", hint="or say holder=… for all rows"))
        faults += day_faults(self.table, begins=True)
        if faults:
            msg = "the table of Territory cannot be drawn"
            raise SchemaError(msg, faults)

    def describe(self) -> Description:
        """Return the ground by holder, with the days of each state."""
        rows, notes = self.rows()
        holders = rows["holder"] if "holder" in rows.columns else pd.Series(self.holder, index=rows.index)
        styles, style_of, legend, shared = by_name(
            holders, self.ramp.colours, fill_opacity=self.fill_opacity, other="holder not known"
        )
        shown = rows if "holder" in rows.columns else rows.assign(holder=holders)
        return self.finish(
            Description(
                self.heading,
                "area",
                shown,
                styles,
                style_of,
                legend,
                title_column="holder",
                fields=present(shown, FIELDS),
                start=days(rows["valid_from"]),
                end=days(rows["valid_to"]),
                in_turn=True,
                notes=(*self._unseen(rows), *self._freed(), *(f"{self.heading}: {note}" for note in shared)),
            ),
            notes,
        )

    def _freed(self) -> tuple[str, ...]:
        """Tell the last day on which somebody looked and nothing was held: it has no row to draw."""
        day = self.table.attrs.get(_FREE)
        if not day:
            return ()
        return (f"{self.heading}: seen last on {day}, when nothing was held any more; that day is not drawn.",)

    def _unseen(self, rows: gpd.GeoDataFrame) -> tuple[str, ...]:
        """Tell the days that are drawn though nobody saw them."""
        if "seen_on" not in rows.columns:
            return ()
        seen = days(rows["seen_on"])
        start, end = days(rows["valid_from"]), days(rows["valid_to"])
        known = (seen != _UNKNOWN) & (start != _UNKNOWN)
        if not known.any():
            return ()
        first, last = int(start[known].min()), int(max(end[known].max(), start[known].max()))
        stretches = [
            (int(s), int(e)) for s, e in sorted({*zip(start[known], end[known], strict=True)}) if e != _UNKNOWN
        ]
        drawn = {day for s, e in stretches for day in range(s, e + 1)}
        unseen = len(drawn - set(seen[known].tolist()))
        if not unseen:
            return ()
        longest = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
        states = len(np.unique(seen[known]))
        told = (
            f"{self.heading}: seen on {states} {'day' if states == 1 else 'days'} from {_day(first)} to {_day(last)}; "
            f"{unseen} days between were seen by nobody and are drawn as last seen, "
            f"the longest stretch after {_day(longest[0])} until {_day(longest[1])}."
        )
        return (told,)


def from_snapshots(
    snapshots: Mapping[str | dt.date, gpd.GeoDataFrame],
    *,
    holder: str = "",
    last_until: str | dt.date | None = None,
) -> gpd.GeoDataFrame:
    """Return the table of ``Territory`` from what was seen on single days.

    A snapshot holds from its day to the day before the next one; the last one holds on its
    own day only, unless ``last_until`` is given. A snapshot without rows ends what was held; where
    it is the last one, ``attrs["free_from"]`` of the table keeps its day, and the map's notes tell it.

    Parameters
    ----------
    snapshots : mapping of day to GeoDataFrame
        Days as ``YYYY-MM-DD`` or dates, in any order. Columns pass on as they are.
    holder : str
        Who holds the ground of snapshots that have no column ``holder``.
    last_until : str or date, optional
        The day until which the last snapshot is to be drawn.

    Returns
    -------
    GeoDataFrame
        With ``holder``, ``valid_from``, ``valid_to`` and ``seen_on``; the areas are in ``geometry``,
        whatever a snapshot calls them.

    Raises
    ------
    InputError
        With every day that cannot be read or comes twice, and every snapshot without a CRS
        in WGS84, without a holder, or with a column ``geometry`` beside the active one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> seen = gpd.GeoDataFrame(geometry=[box(30, 48, 31, 49)], crs="EPSG:4326")
    >>> table = from_snapshots({"2025-08-10": seen, "2025-08-01": seen}, holder="Northland")
    >>> table[["valid_from", "valid_to"]].values.tolist()
    [['2025-08-01', '2025-08-09'], ['2025-08-10', '2025-08-10']]
    """
    import geopandas as gpd

    faults: list[Fault] = []
    read = _read(snapshots, holder, faults)
    until = _date(last_until, faults) if last_until is not None else None
    order = sorted(read)
    if not order and not faults:
        faults.append(Fault("there is no snapshot"))
    if order and until is not None and until < order[-1]:
        faults.append(Fault(f"{until} lies before the last snapshot, {order[-1]}", field="last_until"))
    if faults:
        msg = "the snapshots make no table of control"
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
    snapshots: Mapping[str | dt.date, gpd.GeoDataFrame], holder: str, faults: list[Fault]
) -> dict[dt.date, gpd.GeoDataFrame]:
    read: dict[dt.date, gpd.GeoDataFrame] = {}
    for given, seen in snapshots.items():
        day = _date(given, faults)
        if not hasattr(seen, "geometry") or not hasattr(seen, "crs"):
            faults.append(Fault(f"a GeoDataFrame is needed, found {type(seen).__name__}", field=str(given)))
            continue
        if seen.crs is None or not is_wgs84(seen.crs):
            found = "no CRS" if seen.crs is None else seen.crs.name
            faults.append(Fault(f"{found}, not WGS84", field=str(given), hint=f'use set_crs or to_crs("{WGS84}")'))
        if not holder and "holder" not in seen.columns:
            faults.append(Fault("no column holder", field=str(given), hint="or say holder=… for all"))
        if day in read:
            faults.append(Fault("this day comes twice", field=str(given)))
        if day is not None:
            read[day] = seen if seen.geometry.name == "geometry" else _renamed(seen, str(given), faults)
    return read


def _renamed(seen: gpd.GeoDataFrame, given: str, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Return a snapshot with its areas in ``geometry``, so that joining leaves none behind."""
    if "geometry" in seen.columns:
        found = f"the areas are in {seen.geometry.name!r}, beside another column 'geometry'"
        faults.append(Fault(found, field=given, hint="drop or rename that column"))
        return seen
    return seen.rename_geometry("geometry")


def _date(given: str | dt.date, faults: list[Fault]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(given)[:10])
    except ValueError:
        faults.append(Fault(f"{given!r} is no day; write it as 2025-08-19"))
        return None


def _day(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()
