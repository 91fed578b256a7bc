"""Maps made by volunteers: KML of GeoConfirmed and its like, GeoJSON and GPX of anyone.

In KML the folders are layers, and stand in ``sub_event_type``. The day of a placemark is its time
stamp, or a column of its extended data, or, as GeoConfirmed writes it, the start of its name
(``27 FEB 2022``) or description; the reader looks in that order. A point on such a map is
set by hand, and how exactly is not said, so that its class is unknown.
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
