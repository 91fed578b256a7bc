"""Codes of obstacles and works in APP-6(D) / MIL-STD-2525D, symbol set 25 (control measures).

A code depends on how far the work has got: the standard tells a planned minefield from a
laid one, and a ditch that is being dug from one that is complete. Works that the standard
does not know have no code rather than a near one.
"""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.vocabulary import FortificationType as Kind, Status

SYMBOL_SET = "25"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means.

    Attributes
    ----------
    code : str
        Six digits: entity, entity type, entity subtype.
    name : str
        The name in the standard.
    """

    code: str
    name: str


CODES: dict[str, Code] = {
    code: Code(code, name)
    for code, name in (
        ("110100", "boundary"),
        ("140101", "forward line of own troops, friendly present"),
        ("140102", "forward line of own troops, friendly planned"),
        ("140103", "forward line of troops, enemy known"),
        ("140104", "forward line of troops, enemy suspected"),
        ("140300", "phase line"),
        ("140400", "forward edge of the battle area"),
        ("151000", "fortified area"),
        ("151203", "strong point"),
        ("270100", "obstacle belt"),
        ("270200", "obstacle zone"),
        ("270701", "minefield, completed"),
        ("270702", "minefield, planned"),
        ("270703", "minefield, known enemy"),
        ("270704", "minefield, suspected enemy"),
        ("270800", "mined area"),
        ("271201", "roadblock or blown bridge, planned"),
        ("271202", "roadblock or blown bridge, explosives safe"),
        ("271203", "roadblock or blown bridge, explosives armed but passable"),
        ("271204", "roadblock or blown bridge, executed"),
        ("280100", "abatis"),
        ("281901", "dragon's teeth, fixed"),
        ("281902", "dragon's teeth, fixed and movable"),
        ("281903", "dragon's teeth, movable prefabricated"),
        ("290100", "obstacle line"),
        ("290201", "anti-tank ditch, under construction"),
        ("290202", "anti-tank ditch, complete"),
        ("290203", "anti-tank ditch, reinforced with anti-tank mines"),
        ("290204", "anti-tank wall"),
        ("290301", "wire, unspecified"),
        ("290302", "wire, single fence"),
        ("290303", "wire, double fence"),
        ("290304", "wire, double apron fence"),
        ("290305", "wire, low wire fence"),
        ("290306", "wire, high wire fence"),
        ("290307", "wire, single concertina"),
        ("290308", "wire, double strand concertina"),
        ("290309", "wire, triple strand concertina"),
        ("290900", "fortified line"),
        ("291000", "fortified position"),
    )
}

_NOT_YET = (Status.PLANNED, Status.FUNDED, Status.UNDER_CONSTRUCTION)

_BY_TYPE: dict[Kind, str] = {
    Kind.WIRE: "290301",
    Kind.WALL: "290204",
    Kind.DITCH: "290100",
    Kind.BERM: "290100",
    Kind.EMBANKMENT: "290100",
    Kind.DRAGONS_TEETH: "281901",
    Kind.HEDGEHOGS: "290100",
    Kind.RAILS: "290100",
    Kind.TRENCH: "290900",
    Kind.STRONGPOINT: "151203",
    Kind.BUNKER: "291000",
    Kind.FORT: "291000",
    Kind.FIRING_POSITION: "291000",
    Kind.ABATIS: "280100",
    Kind.RING: "151000",
}


def app6_code(kind: Kind, status: Status) -> str | None:
    """Return the code of a kind of work at a status, or None where the standard has none.

    Parameters
    ----------
    kind : FortificationType
    status : Status

    Returns
    -------
    str or None
        Six digits of symbol set 25.

    Examples
    --------
    >>> app6_code(Kind.MINEFIELD, Status.PLANNED)
    '270702'
    >>> CODES[app6_code(Kind.ANTI_TANK_DITCH, Status.COMPLETE)].name
    'anti-tank ditch, complete'
    >>> app6_code(Kind.DEPOT, Status.COMPLETE) is None
    True
    """
    if kind is Kind.MINEFIELD:
        if status is Status.REPORTED:
            return "270800"
        return "270702" if status in _NOT_YET else "270701"
    if kind is Kind.ANTI_TANK_DITCH:
        return "290201" if status in _NOT_YET else "290202"
    if kind in (Kind.ROAD_BLOCK, Kind.DEMOLITION):
        if status in _NOT_YET:
            return "271201"
        return "271204" if kind is Kind.ROAD_BLOCK else "271202"
    return _BY_TYPE.get(kind)
