"""Atlos: exports of investigations on the Atlos platform.

From the documentation of the platform: the precision of a place is Exact (within 10 m), Vicinity
(100 m) or Locality (1 km). Column names have the prefix ``attr_`` in some exports and not in others.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision

_COLUMNS = {
    "event_id": ("slug", "id"),
    "event_date": ("attr_date", "date", "incident_date"),
    "event_type": ("attr_type", "type", "incident_type"),
    "location": ("attr_location", "location_name"),
    "geo_precision": ("attr_geolocation_resolution", "geolocation_resolution", "geolocation_precision", "precision"),
    "latitude": ("latitude", "attr_latitude", "lat"),
    "longitude": ("longitude", "attr_longitude", "lon"),
    "coordinates": ("attr_geolocation", "geolocation"),
    "source_url": ("sources", "source_urls", "source_1"),
    "notes": ("attr_description", "description"),
}
_WORDS: dict[str, dict[str, str]] = {
    "geo_precision": {
        "exact": PlacePrecision.EXACT,
        "vicinity": PlacePrecision.EXACT,
        "locality": PlacePrecision.LOCALITY,
    },
    "event_type": {
        "military activity": EventType.STRATEGIC_DEVELOPMENT,
        "military activity/combat": EventType.BATTLE,
        "civilian activity": EventType.UNKNOWN,
        "civilian activity/protest or march": EventType.PROTEST,
        "civilian activity/riot": EventType.RIOT,
        "military activity/execution": EventType.VIOLENCE_AGAINST_CIVILIANS,
        "military activity/strike": EventType.EXPLOSION,
        "military activity/explosion": EventType.EXPLOSION,
    },
}
_RADII = {"exact": 10.0, "vicinity": 100.0, "locality": 1000.0}

SOURCES = (
    Source(
        name="atlos",
        title="Atlos",
        columns=_COLUMNS,
        signature=("slug", "attr_status", "attr_description", "attr_geolocation_resolution"),
        words=_WORDS,
        prefixes=("event_type",),
        radii_m=_RADII,
    ),
    Source(
        name="atlos_short",
        title="Atlos, names without attr_",
        columns=_COLUMNS,
        signature=("slug", "status", "description", "geolocation_resolution"),
        words=_WORDS,
        prefixes=("event_type",),
        radii_m=_RADII,
    ),
)
