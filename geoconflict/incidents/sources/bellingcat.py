"""Bellingcat and the Centre for Information Resilience: events found and located in open sources.

The table covers civilian harm and military events in Ukraine. Each row has a link to a post, and
usually one to the geolocation of its images. Dates are YYYY-MM-DD or, in other exports, M/D/YYYY. A
row with a ``geolocation`` is exact; the precision of the others is unknown.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType

_GROUPS = {
    "civilian infrastructure damage": EventType.EXPLOSION,
    "bombing or explosion": EventType.EXPLOSION,
    "russian firing positions": EventType.EXPLOSION,
    "munitions": EventType.EXPLOSION,
    "ground battle": EventType.BATTLE,
    "russian military losses": EventType.BATTLE,
    "ukrainian military losses": EventType.BATTLE,
    "civilian casualty": EventType.VIOLENCE_AGAINST_CIVILIANS,
    "russian military presence": EventType.STRATEGIC_DEVELOPMENT,
    "ukrainian military presence": EventType.STRATEGIC_DEVELOPMENT,
    "detention": EventType.STRATEGIC_DEVELOPMENT,
    "military infrastructure damage": EventType.EXPLOSION,
    "mass grave or burial": EventType.VIOLENCE_AGAINST_CIVILIANS,
    "russian allies presence/losses": EventType.UNKNOWN,
    "other": EventType.UNKNOWN,
}

SOURCES = (
    Source(
        name="bellingcat",
        title="Bellingcat / CIR",
        columns={
            "event_id": ("entry", "id"),
            "event_date": ("date",),
            "event_type": ("event_group", "violence type"),
            "sub_event_type": ("arms/munition",),
            "country": ("country",),
            "admin1": ("province",),
            "admin2": ("district",),
            "location": ("town/city",),
            "latitude": ("lat", "latitude"),
            "longitude": ("lon", "longitude"),
            "source_url": ("link",),
            "notes": ("brief description", "description"),
        },
        signature=("entry", "date", "brief description", "lat", "lon", "violence level", "link", "geolocation"),
        words={
            "event_type": _GROUPS,
            # spellings in the table
            "country": {"ukrain": "Ukraine", "ukraine": "Ukraine", "russa": "Russia", "belaurs": "Belarus"},
        },
        prefixes=("event_type",),
        exact_if="geolocation",
        constants={"source": "posts located by Bellingcat and CIR"},
        date_order="mdy",
    ),
)
