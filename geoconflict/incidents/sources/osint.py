"""Volunteer maps: KML of GeoConfirmed and others, GeoJSON and GPX.

Folders of KML are layers, kept in ``sub_event_type``. The date of a placemark is its time stamp, or
else a column of its extended data, or else the start of its name (``27 FEB 2022``, as in GeoConfirmed)
or of its description. Points are set by hand with unknown precision.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.incidents.sources.plain import SOURCES as PLAIN

SOURCES = (
    Source(
        name="osint_map",
        title="a map of placemarks",
        columns={
            **PLAIN[0].columns,
            "event_id": ("id", "event_id", "gc_id"),
            "event_date": ("when", "begin", "date", "event_date", "time", "day_in_text"),
            "event_date_end": ("end",),
            "event_type": ("type", "category", "event_type"),
            "sub_event_type": ("folder",),
            "location": ("place", "location", "address"),
            "source_url": ("link", "url", "source", "sources", "source_url", "geolocation"),
            "source": ("outlet",),
            "notes": ("description", "desc", "cmt", "name"),
        },
        words=PLAIN[0].words,
        coalesce=("event_date", "notes"),
        short_years=True,
    ),
)
