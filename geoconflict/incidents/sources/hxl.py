"""Files of the Humanitarian Data Exchange, whose columns are identified by a row of HXL tags.

See the HXL standard 1.1 (hxlstandard.org). A tag such as ``#geo+lat`` identifies a column, whatever its
header and language.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.incidents.sources.plain import SOURCES as PLAIN

SOURCES = (
    Source(
        name="hxl",
        title="a table with HXL tags",
        columns={
            "event_id": ("event_id", "event_code", "meta_id", "event_id_num"),
            "event_date": ("date_occurred", "date_event", "date_start", "date"),
            "event_date_end": ("date_end",),
            "event_type": ("event_type", "event_category", "event"),
            "sub_event_type": ("event_type_sub", "event_subtype", "event_sub_type"),
            "actor1": ("group_name", "org_actor1", "actor_name_1"),
            "country": ("country_name", "country"),
            "admin1": ("adm1_name", "adm1"),
            "admin2": ("adm2_name", "adm2"),
            "location": ("loc_name", "loc"),
            "fatalities": ("affected_killed", "affected_killed_num", "affected_dead"),
            "latitude": ("geo_lat", "geo_lat_num"),
            "longitude": ("geo_lon", "geo_lon_num"),
            "source": ("meta_source", "meta_source_name"),
            "source_url": ("meta_source_url", "meta_url"),
            "notes": ("description", "description_event", "meta_notes"),
        },
        signature=("geo_lat", "geo_lon"),
        tagged=True,
        words=PLAIN[0].words,
    ),
)
