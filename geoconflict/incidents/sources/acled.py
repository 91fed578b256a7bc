"""ACLED: Armed Conflict Location & Event Data, as CSV, XLSX or JSON, in the current and the former layout.

The columns are those of exports since March 2023; older files have ``data_id``, ``event_id_no_cnty`` and
``iso3``, names in capitals, and event types of the codebook before 2019. ``actor1`` and ``actor2`` do not
mean attacker and defender. 0 fatalities means "none reported". ``geo_precision`` has no official radius;
see ``PrecisionTable``.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision, TimePrecision

_COLUMNS = {
    "event_id": ("event_id_cnty",),
    "version": ("timestamp",),
    "event_date": ("event_date",),
    "time_precision": ("time_precision",),
    "event_type": ("event_type",),
    "sub_event_type": ("sub_event_type",),
    "actor1": ("actor1",),
    "actor2": ("actor2",),
    "fatalities": ("fatalities",),
    "country": ("country",),
    "admin1": ("admin1",),
    "admin2": ("admin2",),
    "location": ("location",),
    "geo_precision": ("geo_precision",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "source": ("source",),
    "notes": ("notes",),
}

_WORDS: dict[str, dict[str, str]] = {
    "time_precision": {"1": TimePrecision.DAY, "2": TimePrecision.WEEK, "3": TimePrecision.MONTH},
    "geo_precision": {"1": PlacePrecision.LOCALITY, "2": PlacePrecision.NEAR, "3": PlacePrecision.REGION},
    "event_type": {
        "battles": EventType.BATTLE,
        "explosions/remote violence": EventType.EXPLOSION,
        "violence against civilians": EventType.VIOLENCE_AGAINST_CIVILIANS,
        "protests": EventType.PROTEST,
        "riots": EventType.RIOT,
        "strategic developments": EventType.STRATEGIC_DEVELOPMENT,
        # the codebook before 2019
        "battle-no change of territory": EventType.BATTLE,
        "battle-government regains territory": EventType.BATTLE,
        "battle-non-state actor overtakes territory": EventType.BATTLE,
        "remote violence": EventType.EXPLOSION,
        "strategic development": EventType.STRATEGIC_DEVELOPMENT,
        "headquarters or base established": EventType.STRATEGIC_DEVELOPMENT,
        "non-violent transfer of territory": EventType.STRATEGIC_DEVELOPMENT,
        # one class then, two today; only the sub-type or the actors could tell which
        "riots/protests": EventType.UNKNOWN,
    },
}

_NUMERIC = (
    "year",
    "time_precision",
    "inter1",
    "inter2",
    "interaction",
    "iso",
    "latitude",
    "longitude",
    "geo_precision",
    "fatalities",
    "timestamp",
)

_CONSTANTS = {
    "fatalities_claimant": "ACLED, from the reports it cites",
    "attribution": "ACLED (acleddata.com)",
}

SOURCES = (
    Source(
        name="acled",
        title="ACLED",
        columns=_COLUMNS,
        signature=("event_id_cnty", "event_date", "event_type"),
        words=_WORDS,
        constants=_CONSTANTS,
        numeric=_NUMERIC,
        date_order="dmy",
    ),
    Source(
        name="acled_old",
        title="ACLED, columns of before March 2023",
        columns={**_COLUMNS, "event_id": ("event_id_cnty", "data_id")},
        signature=("event_id_cnty", "event_date", "event_type", "event_id_no_cnty"),
        words=_WORDS,
        constants=_CONSTANTS,
        numeric=_NUMERIC,
        date_order="dmy",
    ),
)
