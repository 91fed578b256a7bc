"""Codes of fortifications in MIL-STD-2525D / APP-6(D), symbol set 25 (control measures).

A code depends on the status: the standard distinguishes a planned from a completed minefield,
and an anti-tank ditch under construction from a completed one. Types that the standard does not
have get no code.
"""

from __future__ import annotations

from dataclasses import dataclass

from geoconflict.vocabulary import FortificationType as Type, Status


@dataclass(frozen=True, slots=True)
class Code:
    """A code and its meaning.

    Attributes
    ----------
    code : str
        Six digits: entity, entity type, entity subtype.
    name : str
        The name in the standard, shortened.
    """

    code: str
    name: str


CODES: dict[str, Code] = {
    code: Code(code, name)
    for code, name in (
        ("110100", "boundary"),
        ("140101", "forward line of troops, friendly present"),
        ("140102", "forward line of troops, friendly planned or on order"),
        ("140103", "forward line of troops, enemy known"),
        ("140104", "forward line of troops, enemy suspected or templated"),
        ("140300", "phase line"),
        ("140400", "forward edge of the battle area"),
        ("151000", "fortified area"),
        ("151203", "strong point"),
        ("270100", "obstacle belt"),
        ("270200", "obstacle zone"),
        ("270701", "minefield, completed"),
        ("270702", "minefield, planned"),
        ("270703", "minefield, known enemy"),
        ("270704", "minefield, suspected or templated enemy"),
        ("270800", "mined area"),
        ("271201", "roadblock, planned"),
        ("271202", "roadblock, explosives, state of readiness 1 (safe)"),
        ("271203", "roadblock, explosives, state of readiness 2 (armed but passable)"),
        ("271204", "roadblock, complete (executed)"),
        ("280100", "abatis"),
        ("281901", "dragon's teeth, fixed and prefabricated"),
        ("281902", "dragon's teeth, movable"),
        ("281903", "dragon's teeth, movable and prefabricated"),
        ("290100", "obstacle line"),
        ("290201", "anti-tank ditch, under construction"),
        ("290202", "anti-tank ditch, completed"),
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

_BY_TYPE: dict[Type, str] = {
    Type.WIRE: "290301",
    Type.WALL: "290204",
    Type.DITCH: "290100",
    Type.BERM: "290100",
    Type.EMBANKMENT: "290100",
    Type.DRAGONS_TEETH: "281901",
    Type.HEDGEHOGS: "290100",
    Type.RAILS: "290100",
    Type.TRENCH: "290900",
    Type.STRONGPOINT: "151203",
    Type.BUNKER: "291000",
    Type.FORT: "291000",
    Type.FIRING_POSITION: "291000",
    Type.ABATIS: "280100",
    Type.RING: "151000",
}


def app6_code(type_: Type, status: Status) -> str | None:
    """Return the code of a fortification, or None if the standard has none.

    Parameters
    ----------
    type_ : FortificationType
    status : Status

    Returns
    -------
    str or None
        Six digits of symbol set 25.

    Examples
    --------
    >>> app6_code(Type.MINEFIELD, Status.PLANNED)
    '270702'
    >>> CODES[app6_code(Type.ANTI_TANK_DITCH, Status.COMPLETE)].name
    'anti-tank ditch, completed'
    >>> app6_code(Type.DEPOT, Status.COMPLETE) is None
    True
    """
    if type_ is Type.MINEFIELD:
        if status is Status.REPORTED:
            return "270800"
        return "270702" if status in _NOT_YET else "270701"
    if type_ is Type.ANTI_TANK_DITCH:
        return "290201" if status in _NOT_YET else "290202"
    if type_ in (Type.ROAD_BLOCK, Type.DEMOLITION):
        if status in _NOT_YET:
            return "271201"
        return "271204" if type_ is Type.ROAD_BLOCK else "271202"
    return _BY_TYPE.get(type_)
