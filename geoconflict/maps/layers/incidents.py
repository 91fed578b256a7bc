"""Incidents, by type, with their dates and the uncertainty of their locations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from geoconflict.errors import Fault, InputError, did_you_mean
from geoconflict.maps.layers.base import POINTS, Layer, by_category, days, has_values, uncertainty
from geoconflict.maps.spec import DISPLAYS, UNKNOWN_DAY, Display, LayerSpec, Marker, PopupField, Style
from geoconflict.vocabulary import EventType

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
    PopupField("distance_m", "Distance", "length_m"),
    PopupField("within_m", "Within (m)", "number"),
    PopupField("nearest_name", "Nearest"),
    PopupField("nearest_id", "Nearest (ID)"),
    PopupField("certainty", "Certainty", "word"),
    PopupField("source", "Source", "sources"),
    PopupField("source_url", "Source link", "link"),
    PopupField("notes", "Notes"),
)
FILTERS = ("event_type", "actor1", "geo_precision", "source")

# The colours of maps.classes.CATEGORIES; the shapes tell the types apart as well.
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
    """Incidents by type, in order of date; an uncertain location is drawn as a circle.

    Parameters
    ----------
    table : GeoDataFrame
        An INCIDENTS table; needs ``event_type`` and ``event_date``.
    radius_px : float
        Half the size of the markers.
    palette : mapping, optional
        Event type → colour ``#rrggbb``, instead of the default colour.
    display : str
        How the page draws them at first: ``auto`` (markers, dots or density, by the number in
        view), ``points``, ``clusters``, ``hexagons`` or ``heat``.

    Raises
    ------
    InputError
        If ``display`` is none of these, or ``palette`` has an unknown event type.

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
    palette: Mapping[str, str] | None = None
    display: Display = "auto"

    popup: ClassVar[tuple[PopupField, ...]] = FIELDS
    accepts: ClassVar[tuple[str, ...]] = POINTS
    needs: ClassVar[tuple[str, ...]] = ("event_type", "event_date")
    measures: ClassVar[tuple[str, ...]] = ("location_uncertainty_m",)
    title: ClassVar[str] = "Incidents"

    def __post_init__(self) -> None:
        """Check the table and the options."""
        super().__post_init__()
        if self.display not in DISPLAYS:
            hint = did_you_mean(str(self.display), DISPLAYS)
            msg = f"display is {self.display!r}; use one of {', '.join(DISPLAYS)}. {hint}".rstrip()
            raise InputError(msg)
        unknown = [str(k) for k in (self.palette or {}) if str(k) not in {str(kind) for kind in COLOURS}]
        if unknown:
            known = [str(kind) for kind in COLOURS]
            faults = [Fault("this is not an event type", field=k, hint=did_you_mean(k, known) or None) for k in unknown]
            msg = f"palette maps event types to colours; the event types are {', '.join(known)}"
            raise InputError(msg, faults)

    def describe(self) -> LayerSpec:
        """Return the incidents in order of date, and from west to east within a day."""
        rows, notes = self.rows()
        start = days(rows["event_date"])
        # West to east within a day: this favours no type, and takes fewer bytes in the page.
        order = np.lexsort((rows.geometry.x.to_numpy(), start)) if len(rows) else np.empty(0, dtype=np.int64)
        if (np.diff(order) < 0).any():
            rows, start = rows.iloc[order], start[order]
        undated = int((start == UNKNOWN_DAY).sum())
        if undated:
            notes += (f"{self.heading}: {undated} of {len(rows)} rows have no valid date and are always shown.",)
        end = start
        if "event_date_end" in rows.columns:
            last = days(rows["event_date_end"])
            backwards = int(((last < start) & (last != UNKNOWN_DAY)).sum())
            if backwards:
                notes += (
                    f"{self.heading}: {backwards} of {len(rows)} rows end before they start; only their first day is used.",
                )
            end = np.maximum(last, start)
        table, style_of, legend = by_category(rows["event_type"], self._styles(), other=self._other())
        return self.finish(
            LayerSpec(
                self.heading,
                "point",
                rows,
                table,
                style_of,
                legend,
                title_column=next((c for c in ("title", "location", "admin1", "country") if has_values(rows, c)), None),
                uncertainty_m=uncertainty(rows),
                start=start,
                end=end,
                filters=tuple(c for c in FILTERS if has_values(rows, c)),
                display=self.display,
            ),
            notes,
        )

    def _styles(self) -> dict[str, tuple[str, Style]]:
        given = self.palette or {}
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
