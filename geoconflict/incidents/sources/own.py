"""A table of INCIDENTS written by this package."""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.schema import INCIDENTS
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

SOURCES = (
    Source(
        name="geoconflict",
        title="a table of INCIDENTS",
        columns={
            **{name: (name,) for name in INCIDENTS.names if name not in {"method", "source_row"}},
            "latitude": ("latitude", "lat"),
            "longitude": ("longitude", "lon"),
            "wkt": ("geometry", "wkt"),
        },
        signature=(
            "event_id",
            "event_date",
            "event_date_end",
            "event_type",
            "geo_precision",
            "time_precision",
            "dataset",
        ),
        words={
            "event_type": {member.value: member.value for member in EventType},
            "geo_precision": {member.value: member.value for member in PlacePrecision},
            "time_precision": {member.value: member.value for member in TimePrecision},
        },
    ),
)
