"""GDELT event tables, version 1 (57 or 58 fields) and version 2 (61), tab-delimited without a header.

From the codebooks: the number of fields identifies the version. ``EventCode`` is a CAMEO code, text
in which a leading zero matters. Geo types 1 (country), 2 (US state) and 5 (first-order division) are
centroids, not places of events. ``ActionGeo_CountryCode`` is FIPS 10-4, not ISO. An event is what an
article mentions, coded by a program; ``fatalities`` is not coded.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_EVENT = (
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_GEO1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_START = ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate")


def _names(geo: tuple[str, ...], end: tuple[str, ...]) -> tuple[str, ...]:
    actors = tuple(f"Actor{number}{part}" for number in (1, 2) for part in _ACTOR)
    places = tuple(f"{who}Geo_{part}" for who in ("Actor1", "Actor2", "Action") for part in geo)
    return (*_START, *actors, *_EVENT, *places, *end)


# CAMEO: the longest prefix decides
_CAMEO = {
    "14": EventType.PROTEST,
    "145": EventType.RIOT,
    "15": EventType.STRATEGIC_DEVELOPMENT,
    "16": EventType.STRATEGIC_DEVELOPMENT,
    "17": EventType.STRATEGIC_DEVELOPMENT,
    "18": EventType.VIOLENCE_AGAINST_CIVILIANS,
    "183": EventType.EXPLOSION,
    "19": EventType.BATTLE,
    "191": EventType.STRATEGIC_DEVELOPMENT,
    "194": EventType.EXPLOSION,
    "195": EventType.EXPLOSION,
    "20": EventType.VIOLENCE_AGAINST_CIVILIANS,
    **{f"{root:02d}": EventType.UNKNOWN for root in range(1, 14)},
}

SOURCES = (
    Source(
        name="gdelt",
        title="GDELT events",
        columns={
            "event_id": ("GLOBALEVENTID",),
            "event_date": ("SQLDATE",),
            "event_type": ("EventCode",),
            "sub_event_type": ("EventBaseCode",),
            "actor1": ("Actor1Name",),
            "actor2": ("Actor2Name",),
            "location": ("ActionGeo_FullName",),
            "geo_precision": ("ActionGeo_Type",),
            "latitude": ("ActionGeo_Lat",),
            "longitude": ("ActionGeo_Long",),
            "source_url": ("SOURCEURL",),
            "version": ("DATEADDED",),
        },
        signature=("GLOBALEVENTID", "SQLDATE", "EventCode", "ActionGeo_Type"),
        words={
            "event_type": _CAMEO,
            "geo_precision": {
                "0": PlacePrecision.UNKNOWN,
                "1": PlacePrecision.COUNTRY,
                "2": PlacePrecision.REGION,
                "3": PlacePrecision.LOCALITY,
                "4": PlacePrecision.LOCALITY,
                "5": PlacePrecision.REGION,
            },
        },
        prefixes=("event_type",),
        constants={"source": "GDELT, from the news it indexes", "attribution": "The GDELT Project (gdeltproject.org)"},
        headerless={
            57: _names(_GEO1, ("DATEADDED",)),
            58: _names(_GEO1, ("DATEADDED", "SOURCEURL")),
            61: _names(_GEO2, ("DATEADDED", "SOURCEURL")),
        },
    ),
)
