"""Incidents: what happened, where and when, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.maps.layers.points import uncertainty
from geoconflict.maps.scene import (
    DISPLAYS,
    Description,
    Display,
    Layer,
    Marker,
    PopupField,
    Style,
    by_category,
    days,
    present,
)
from geoconflict.vocabulary import EventType

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FIELDS = (
    PopupField("event_date", "Date", "date"),
    PopupField("event_date_end", "End date", "date"),
    PopupField("time_precision", "Date precision", "word"),
    PopupField("event_type", "Type", "word"),
    PopupField("sub_event_type", "Type in the source"),
    PopupField("actor1", "Actor 1"),
    PopupField("actor2", "Actor 2"),
    PopupField("fatalities", "Reported fatalities", "number"),
    PopupField("fatalities_claimant", "Fatalities reported by"),
    PopupField("location", "Location"),
    PopupField("admin1", "Region"),
    PopupField("country", "Country"),
    PopupField("geo_precision", "Location precision", "word"),
    PopupField("location_uncertainty_m", "Location uncertainty", "uncertainty_m"),
    PopupField("distance_to_border_m", "Distance to the border", "length_m"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)
FILTERS = ("event_type", "actor1", "geo_precision", "source")

# The colours of layers.colour.CATEGORIES for the six types, told apart by shape as well.
COLOURS: dict[EventType, tuple[str, Marker]] = {
    EventType.BATTLE: ("#e42536", "circle"),
    EventType.EXPLOSION: ("#f89c20", "triangle"),
    EventType.VIOLENCE_AGAINST_CIVILIANS: ("#964c78", "square"),
    EventType.PROTEST: ("#5790fc", "diamond"),
    EventType.RIOT: ("#7a21dd", "wedge"),
    EventType.STRATEGIC_DEVELOPMENT: ("#9c9ca1", "hexagon"),
}


@dataclass(frozen=True, eq=False)
class Incidents(Layer):
    """Incidents by type, drawn in order of date; a vague place is drawn as a circle.

    Parameters
    ----------
    table : GeoDataFrame
        INCIDENTS; ``event_type`` and ``event_date`` are needed.
    radius_px : float
    fields : tuple of PopupField
        What a popup shows; fields whose column is absent or empty are left out.
    colours : mapping, optional
        Event type → colour ``#rrggbb``, in place of the default one.
    display : str
        How the page draws them at first: ``auto`` (marks, dots or shades of density, by how many
        are in view), ``points``, ``clusters``, ``hexagons`` or ``heat``.

    Raises
    ------
    InputError
        If ``display`` is none of these.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"event_type": ["battle"], "event_date": ["2025-07-01"]},
    ...     geometry=[Point(-12.2, 14.5)], crs="EPSG:4326")
    >>> layer = Incidents(frame).describe()
    >>> layer.legend[0].label, int(layer.start[0])
    ('battle', 20270)
    """

    radius_px: float = 4.5
    fields: tuple[PopupField, ...] = field(default=FIELDS, kw_only=True)
    colours: Mapping[str, str] | None = None
    display: Display = "auto"

    accepts: ClassVar[tuple[str, ...]] = ("Point",)
    needs: ClassVar[tuple[str, ...]] = ("event_type", "event_date")
    title: ClassVar[str] = "Incidents"

    def __post_init__(self) -> None:
        """Check the table and the display."""
        Layer.__post_init__(self)
        if self.display not in DISPLAYS:
            hint = did_you_mean(str(self.display), DISPLAYS)
            msg = f"display is {self.display!r}; incidents are drawn as {', '.join(DISPLAYS)}. {hint}".rstrip()
            raise InputError(msg)
        unknown = [str(k) for k in (self.colours or {}) if str(k) not in {str(kind) for kind in COLOURS}]
        if unknown:
            known = [str(kind) for kind in COLOURS]
            faults = [Fault("no event type", field=k, hint=did_you_mean(k, known) or None) for k in unknown]
            msg = f"colours are given by event type ({', '.join(known)})"
            raise InputError(msg, faults)

    def describe(self) -> Description:
        """Return the incidents in order of date, within a day from west to east, so that no type hides another."""
        rows, notes = self.rows()
        start = days(rows["event_date"])
        # Within a day from west to east: no type gains by it, and the page packs it in fewer bytes.
        order = np.lexsort((rows.geometry.x.to_numpy(), start)) if len(rows) else np.empty(0, dtype=np.int64)
        if (np.diff(order) < 0).any():
            rows, start = rows.iloc[order], start[order]
        undated = int((start == np.iinfo(np.int32).min).sum())
        if undated:
            notes += (
                f"{self.heading}: {undated} of {len(rows)} rows have no day that can be read, and are always shown.",
            )
        end = start
        if "event_date_end" in rows.columns:
            last = days(rows["event_date_end"])
            backwards = int(((last < start) & (last != np.iinfo(np.int32).min)).sum())
            if backwards:
                notes += (
                    f"{self.heading}: {backwards} of {len(rows)} rows end before they begin, and count as one day.",
                )
            end = np.maximum(last, start)
        table, style_of, legend = by_category(rows["event_type"], self._styles(), other=self._other())
        return self.finish(
            Description(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column=next((c for c in ("title", "location", "admin1", "country") if _some(rows, c)), None),
                fields=present(rows, self.fields),
                uncertainty_m=uncertainty(rows),
                start=start,
                end=end,
                filters=tuple(c for c in FILTERS if _some(rows, c)),
                display=self.display,
            ),
            notes,
        )

    def _styles(self) -> dict[str, tuple[str, Style]]:
        given = self.colours or {}
        return {
            str(kind): (
                kind.label,
                Style(
                    stroke="#ffffff",
                    fill=given.get(kind, colour),
                    width_px=1.0,
                    fill_opacity=0.9,
                    radius_px=self.radius_px,
                    marker=shape,
                ),
            )
            for kind, (colour, shape) in COLOURS.items()
        }

    def _other(self) -> tuple[str, Style]:
        return ("unknown type", Style(stroke="#555555", fill="#ffffff", fill_opacity=0.9, radius_px=self.radius_px))


def _some(rows: pd.DataFrame, column: str) -> bool:
    return column in rows.columns and bool(rows[column].notna().any())
