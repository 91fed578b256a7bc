"""Controlled vocabularies of the tables: one enumeration each, with a meaning for every member.

Each member is an ordinary string, so ``"minefield" == FortificationType.MINEFIELD``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from geoconflict.errors import NameUnknownError, did_you_mean


class Word(StrEnum):
    """A string with a meaning; the base of every enumeration here.

    Examples
    --------
    >>> Status.read("Under construction")
    <Status.UNDER_CONSTRUCTION: 'under_construction'>
    >>> Status.PLANNED.meaning
    'announced or ordered, no construction seen'
    >>> Status.PLANNED.label
    'planned'
    """

    meaning: str
    label: str

    def __new__(cls, value: str, meaning: str, label: str | None = None) -> Self:
        """Store the meaning and the label with the string."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        member.label = value.replace("_", " ") if label is None else label
        return member

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the member that a person wrote, whatever the case, spaces or hyphens.

        Raises
        ------
        NameUnknownError
            With the nearest words of this vocabulary.
        """
        key = "_".join(str(text).strip().casefold().replace("-", " ").replace("_", " ").replace("'", "").split())
        for member in cls:
            if member.value == key:
                return member
        known = [member.value for member in cls]
        hint = did_you_mean(key, known) or "one of: " + ", ".join(known)
        msg = f"{str(text)!r} is not a {cls.__name__}; {hint}"
        raise NameUnknownError(msg, suggestions=known)


class EventType(Word):
    """Types of events: ACLED's six, and unknown."""

    BATTLE = "battle", "armed clash between organised groups, or territory changing hands"
    EXPLOSION = "explosion", "remote violence: shelling, air or drone strike, mine, bomb"
    VIOLENCE_AGAINST_CIVILIANS = "violence_against_civilians", "an organised group attacks people who are not armed"
    PROTEST = "protest", "a public gathering whose participants are not violent"
    RIOT = "riot", "violence by a crowd or mob"
    STRATEGIC_DEVELOPMENT = (
        "strategic_development",
        "no violence but of strategic importance: movement, arrest, agreement, looting",
    )
    UNKNOWN = "unknown", "not stated, or the source's word has no equivalent here"


class PlacePrecision(Word):
    """How well the place of an event is known."""

    EXACT = "exact", "exact location: a building, a street corner, a geolocated picture"
    LOCALITY = "locality", "a named town or village; the point is its centre"
    NEAR = "near", "near a named place or part of a region; the point represents it"
    DISTRICT = "district", "a second-order division; the point is its centroid or chief town"
    REGION = "region", "a first-order division or large natural feature; the point represents it"
    COUNTRY = "country", "a country only; the point is its centroid"
    OFFSHORE = "offshore", "international waters or airspace"
    UNKNOWN = "unknown", "not stated by the source"


class TimePrecision(Word):
    """How well the date of an event is known."""

    EXACT = "exact", "the minute or the hour"
    DAY = "day", "the day"
    DAYS = "days", "two to six days"
    WEEK = "week", "the week"
    MONTH = "month", "the month"
    YEAR = "year", "the year"
    UNKNOWN = "unknown", "not stated by the source"


class StretchKind(Word):
    """What a stretch of border runs through."""

    LAND = "land", "dry land, including small streams"
    RIVER = "river", "along a river"
    LAKE = "lake", "across a lake, a reservoir or a lagoon"
    SEA = "sea", "across the territorial sea, out to the 12-mile limit"


class CrossingKind(Word):
    """What uses a border crossing."""

    ROAD = "road", "a road crossing"
    RAIL = "rail", "a railway crossing"
    RIVER = "river", "a ferry or river port"
    PEDESTRIAN = "pedestrian", "on foot or by bicycle only"
    UNKNOWN = "unknown", "not stated by the source"


class CrossingStatus(Word):
    """Whether a crossing can be used."""

    OPEN = "open", "open to ordinary traffic"
    RESTRICTED = "restricted", "open to some only"
    CLOSED = "closed", "closed to traffic"
    UNKNOWN = "unknown", "not stated by the source"


class Status(Word):
    """Progress of a fortification."""

    PLANNED = "planned", "announced or ordered, no construction seen"
    FUNDED = "funded", "budget approved, no construction seen"
    UNDER_CONSTRUCTION = "under_construction", "being built"
    COMPLETE = "complete", "finished"
    REPORTED = "reported", "reported to exist; progress not known"
    LOST = "lost", "no longer held by its owner"
    DENIED = "denied", "reported to exist, and denied by a party named in the source"


class FortificationType(Word):
    """Types of fortifications and obstacles; their symbol codes are in ``fortifications``."""

    FENCE = "fence", "a border or security fence"
    WIRE = "wire", "barbed or razor wire entanglement"
    WALL = "wall", "a wall or barrier of concrete or stone"
    BERM = "berm", "a bank of sand or earth pushed up by machine"
    EMBANKMENT = "embankment", "a raised bank that blocks or covers movement"
    DITCH = "ditch", "a ditch, not said to stop tanks"
    ANTI_TANK_DITCH = "anti_tank_ditch", "a ditch dug to stop armoured vehicles", "anti-tank ditch"
    DRAGONS_TEETH = "dragons_teeth", "rows of concrete pyramids against vehicles", "dragon's teeth"
    HEDGEHOGS = "hedgehogs", "steel or concrete hedgehogs"
    RAILS = "rails", "upright rails set against vehicles"
    MINEFIELD = "minefield", "an area of land mines"
    TRENCH = "trench", "a trench for infantry"
    STRONGPOINT = "strongpoint", "a position prepared for all-round defence"
    BUNKER = "bunker", "a covered firing or command position"
    FORT = "fort", "a permanent fortified position"
    OUTPOST = "outpost", "a small position in front of or away from the main one"
    FIRING_POSITION = "firing_position", "a prepared position for a weapon"
    WATCHTOWER = "watchtower", "an observation tower"
    SENSOR = "sensor", "cameras, radars and other means of observation"
    PATROL_ROAD = "patrol_road", "a road along the line for patrols"
    CONTROL_STRIP = "control_strip", "raked strip of soil that shows footprints"
    ABATIS = "abatis", "felled trees across a road or a front"
    ROAD_BLOCK = "road_block", "an obstacle that closes a road"
    DEMOLITION = "demolition", "a bridge or road prepared to be blown up"
    DEPOT = "depot", "a store, such as a park of counter-mobility material"
    SHELTER = "shelter", "a shelter for people"
    RING = "ring", "a closed ring of fortifications around a place"


class Worldview(Word):
    """According to which view of disputed areas a border or a country is drawn."""

    DE_FACTO = "de_facto", "by who administers the area"
    INTERNATIONAL = "international", "by the position of the United Nations General Assembly where it has voted"
