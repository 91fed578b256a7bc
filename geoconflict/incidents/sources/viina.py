"""VIINA: Violent Incident Information from News Articles, on the war in Ukraine since 2022.

From the README of the data: version 1 is one table with labels ``t_*`` and ``a_*``, each with a
probability (``_pred``) and a value of 0 or 1 (``_b``); version 2 has yearly files of events
(``event_info``), labels (``event_labels``) and deduplicated events (``event_1pd``). Each row is a report,
so that one event can have several rows. Only the values of 0 and 1 are used for the type, since the
thresholds of the probabilities differ by label.
"""

from __future__ import annotations

from geoconflict.incidents.source import Source
from geoconflict.vocabulary import EventType, PlacePrecision

_COLUMNS = {
    "event_id": ("event_id", "event_id_1pd", "viinaid"),
    "event_date": ("date",),
    "location": ("address", "asciiname"),
    "geo_precision": ("GEO_PRECISION",),
    "latitude": ("latitude",),
    "longitude": ("longitude",),
    "source": ("source",),
    "source_url": ("url",),
    "notes": ("text",),
}
_WORDS: dict[str, dict[str, str]] = {
    "geo_precision": {
        "street": PlacePrecision.EXACT,
        "house": PlacePrecision.EXACT,
        "adm4": PlacePrecision.LOCALITY,
        "settlement": PlacePrecision.LOCALITY,
        "locality": PlacePrecision.LOCALITY,
        "adm3": PlacePrecision.LOCALITY,
        "adm2": PlacePrecision.DISTRICT,
        "adm1": PlacePrecision.REGION,
        "adm0": PlacePrecision.COUNTRY,
    },
}
# in order of precedence: the first that is 1 decides
_FLAGS = (
    ("t_airstrike_b", EventType.EXPLOSION),
    ("t_artillery_b", EventType.EXPLOSION),
    ("t_uav_b", EventType.EXPLOSION),
    ("t_ied_b", EventType.EXPLOSION),
    ("t_firefight_b", EventType.BATTLE),
    ("t_armor_b", EventType.BATTLE),
    ("t_raid_b", EventType.BATTLE),
    ("t_aad_b", EventType.BATTLE),
    ("t_killing_b", EventType.VIOLENCE_AGAINST_CIVILIANS),
    ("t_civcas_b", EventType.VIOLENCE_AGAINST_CIVILIANS),
    ("t_hospital_b", EventType.VIOLENCE_AGAINST_CIVILIANS),
    ("t_occupy_b", EventType.STRATEGIC_DEVELOPMENT),
    ("t_control_b", EventType.STRATEGIC_DEVELOPMENT),
    ("t_arrest_b", EventType.STRATEGIC_DEVELOPMENT),
    ("t_cyber_b", EventType.STRATEGIC_DEVELOPMENT),
)
_CONSTANTS = {"licence": "ODbL-1.0", "attribution": "VIINA, Zhukov and Ayers"}

SOURCES = (
    Source(
        name="viina",
        title="VIINA",
        columns=_COLUMNS,
        signature=("event_id", "report_id", "date", "address", "GEO_PRECISION"),
        words=_WORDS,
        flags=_FLAGS,
        # a street may be long, and the source publishes no radius
        radii_m={"street": 500.0},
        constants=_CONSTANTS,
    ),
    Source(
        name="viina_1pd",
        title="VIINA, one row per event and day",
        columns=_COLUMNS,
        signature=("event_id_1pd", "date", "longitude", "latitude"),
        words=_WORDS,
        flags=_FLAGS,
        radii_m={"street": 500.0},
        constants=_CONSTANTS,
    ),
)
