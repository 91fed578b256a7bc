"""Codes of symbol set 25, compared with a second source."""

from __future__ import annotations

from geoconflict.fortifications.codes import CODES, app6_code
from geoconflict.vocabulary import FortificationType, Status


def test_every_code_that_a_work_can_have_is_in_the_list():
    used = {app6_code(kind, status) for kind in FortificationType for status in Status} - {None}
    assert used <= set(CODES)
    assert all(len(code) == 6 and code.isdigit() for code in CODES)
    assert app6_code(FortificationType.ANTI_TANK_DITCH, Status.UNDER_CONSTRUCTION) == "290201"
    assert app6_code(FortificationType.MINEFIELD, Status.COMPLETE) == "270701"
