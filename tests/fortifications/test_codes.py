"""Codes of symbol set 25, compared with the tables of the standard."""

from __future__ import annotations

import re

import pytest

from geoconflict.fortifications.codes import CODES, app6_code
from geoconflict.vocabulary import FortificationType, Status

# Entity (type) and subtype in appendix H of MIL-STD-2525D, copied from the tables of the Joint Military
# Symbology Markup Language (Esri/joint-military-symbology-xml); 271204 and 281901 to 281903 from
# other transcriptions of table H-XIX (among them spatialillusions/milsymbol).
STANDARD = {
    "110100": ("Boundary", ""),
    "140101": ("Forward Line of Troops", "Friendly Present"),
    "140102": ("Forward Line of Troops", "Friendly Planned or on Order"),
    "140103": ("Forward Line of Troops", "Enemy Known"),
    "140104": ("Forward Line of Troops", "Enemy Suspected or Templated"),
    "140300": ("Phase Line", ""),
    "140400": ("Forward Edge of the Battle Area", ""),
    "151000": ("Fortified Area", ""),
    "151203": ("Battle Position", "Strong Point"),
    "270100": ("Obstacle Belt", ""),
    "270200": ("Obstacle Zone", ""),
    "270701": ("Minefield", "Completed"),
    "270702": ("Minefield", "Planned"),
    "270703": ("Minefield", "Known Enemy"),
    "270704": ("Minefield", "Suspected or Templated Enemy"),
    "270800": ("Mined Area", ""),
    "271201": ("Roadblocks, Craters, and Blown Bridges", "Planned"),
    "271202": ("Roadblocks, Craters, and Blown Bridges", "Explosives, State of Readiness 1 (Safe)"),
    "271203": ("Roadblocks, Craters, and Blown Bridges", "Explosives, State of Readiness 2 (Armed but Passable)"),
    "271204": ("Roadblocks, Craters, and Blown Bridges", "Roadblock Complete (Executed)"),
    "280100": ("Abatis", ""),
    "281901": ("Tetrahedrons, Dragons Teeth, and Other Similar Obstacles", "Fixed and Prefabricated"),
    "281902": ("Tetrahedrons, Dragons Teeth, and Other Similar Obstacles", "Movable"),
    "281903": ("Tetrahedrons, Dragons Teeth, and Other Similar Obstacles", "Movable and Prefabricated"),
    "290100": ("Obstacle Line", ""),
    "290201": ("Antitank Ditch", "Under Construction"),
    "290202": ("Antitank Ditch", "Completed"),
    "290203": ("Antitank Ditch", "Reinforced with Antitank Mines"),
    "290204": ("Antitank Obstacles", "Antitank Wall"),
    "290301": ("Wire Obstacles", "Unspecified Wire"),
    "290302": ("Wire Obstacles", "Single Fence Wire"),
    "290303": ("Wire Obstacles", "Double Fence Wire"),
    "290304": ("Wire Obstacles", "Double Apron Fence"),
    "290305": ("Wire Obstacles", "Low Wire Fence"),
    "290306": ("Wire Obstacles", "High Wire Fence"),
    "290307": ("Wire Obstacles", "Single Concertina"),
    "290308": ("Wire Obstacles", "Double Strand Concertina"),
    "290309": ("Wire Obstacles", "Triple Strand Concertina"),
    "290900": ("Fortified Line", ""),
    "291000": ("Fortified Position", ""),
}


def words(text: str) -> set[str]:
    plain = (
        text.casefold()
        .replace("anti-tank", "antitank")
        .replace("dragon's", "dragons")
        .replace("roadblocks", "roadblock")
    )
    return set(re.findall(r"[a-z0-9]+", plain))


def test_every_code_is_compared():
    assert CODES.keys() == STANDARD.keys()


@pytest.mark.parametrize("code", STANDARD)
def test_a_name_has_the_words_of_the_standard_and_no_others(code):
    entity, subtype = STANDARD[code]
    ours = words(CODES[code].name)
    assert words(subtype or entity) <= ours
    assert ours <= words(entity) | words(subtype)


def test_every_code_of_a_fortification_is_in_the_list():
    used = {app6_code(kind, status) for kind in FortificationType for status in Status} - {None}
    assert used <= set(CODES)
    assert all(len(code) == 6 and code.isdigit() for code in CODES)
    assert app6_code(FortificationType.ANTI_TANK_DITCH, Status.UNDER_CONSTRUCTION) == "290201"
    assert app6_code(FortificationType.MINEFIELD, Status.COMPLETE) == "270701"
