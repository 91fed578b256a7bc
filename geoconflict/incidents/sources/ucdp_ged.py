"""UCDP GED: the Georeferenced Event Dataset of the Uppsala Conflict Data Program, and its candidate events.

From the codebook of version 23.1: an event is an interval. ``where_prec`` 2 is "about 25 km around a
point"; no other class has a published radius. ``number_of_sources`` is -1 if unknown. The monthly
candidate events have the same columns and versions such as 23.0.6.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

SOURCES = (
    Source(
        name="ucdp_ged",
        title="UCDP GED",
        columns={
            "event_id": ("id",),
            "event_date": ("date_start",),
            "event_date_end": ("date_end",),
            "time_precision": ("date_prec",),
            "event_type": ("type_of_violence",),
            "sub_event_type": ("type_of_violence",),
            "actor1": ("side_a",),
            "actor2": ("side_b",),
            "fatalities": ("best", "best_est"),
            "fatalities_low": ("low", "low_est"),
            "fatalities_high": ("high", "high_est"),
            "country": ("country",),
            "admin1": ("adm_1",),
            "admin2": ("adm_2",),
            "location": ("where_coordinates",),
            "geo_precision": ("where_prec",),
            "latitude": ("latitude",),
            "longitude": ("longitude",),
            "wkt": ("geom_wkt",),
            "source": ("source_article",),
            "notes": ("where_description",),
        },
        signature=("id", "type_of_violence", "date_start", "date_end", "where_prec"),
        words={
            "sub_event_type": {"1": "state-based violence", "2": "non-state violence", "3": "one-sided violence"},
            "event_type": {
                "1": EventType.BATTLE,
                "2": EventType.BATTLE,
                "3": EventType.VIOLENCE_AGAINST_CIVILIANS,
            },
            "time_precision": {
                "1": TimePrecision.DAY,
                "2": TimePrecision.DAYS,
                "3": TimePrecision.WEEK,
                "4": TimePrecision.MONTH,
                "5": TimePrecision.YEAR,
            },
            "geo_precision": {
                "1": PlacePrecision.LOCALITY,
                "2": PlacePrecision.NEAR,
                "3": PlacePrecision.DISTRICT,
                "4": PlacePrecision.REGION,
                "5": PlacePrecision.REGION,
                "6": PlacePrecision.COUNTRY,
                "7": PlacePrecision.OFFSHORE,
            },
        },
        numeric=(
            "relid",
            "year",
            "active_year",
            "type_of_violence",
            "conflict_new_id",
            "dyad_new_id",
            "side_a_new_id",
            "side_b_new_id",
            "number_of_sources",
            "where_prec",
            "latitude",
            "longitude",
            "priogrid_gid",
            "country_id",
            "event_clarity",
            "date_prec",
            "deaths_a",
            "deaths_b",
            "deaths_civilians",
            "deaths_unknown",
            "best",
            "high",
            "low",
        ),
        radii_m={"2": 25_000.0},
        constants={
            "fatalities_claimant": "UCDP, from the reports it cites",
            "licence": "CC-BY-4.0",
            "attribution": "Uppsala Conflict Data Program (ucdp.uu.se)",
        },
    ),
)
