"""The radii in docs/incidents.md are those that the code uses."""

import re
from pathlib import Path

import numpy as np
import pytest

from geoconflict.incidents import PRECISION, load_sources
from geoconflict.units import parse_metres
from geoconflict.vocabulary import PlacePrecision

DOCS = Path(__file__).parents[2] / "docs" / "incidents.md"
# column of the table → names of the sources that use its codes
SOURCES = {
    "ACLED": ("acled", "acled_old"),
    "UCDP": ("ucdp_ged",),
    "GDELT": ("gdelt",),
    "VIINA": ("viina", "viina_1pd"),
    "Atlos": ("atlos",),
}


def documented() -> dict[str, dict[str, str]]:
    """Return the rows of the table of radii, by class."""
    lines = iter(DOCS.read_text(encoding="utf-8").splitlines())
    head = next(line for line in lines if line.startswith("| class | radius |"))
    names = [cell.strip() for cell in head.strip("|").split("|")]
    rows = {}
    for line in lines:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not set(cells[0]) <= set("-"):
            rows[cells[0].strip("`")] = dict(zip(names[1:], cells[1:], strict=True))
    return rows


def metres(text: str) -> float | None:
    return None if text == "none" else parse_metres(text)


def codes() -> list[tuple[str, str, str, float]]:
    """Return each documented code of a source: source, code, class and radius."""
    found = []
    for word, row in documented().items():
        for column, sources in SOURCES.items():
            for code, own in re.findall(r"(\w+)(?: \(([\d.]+ k?m)[^)]*\))?", row[column]):
                radius = parse_metres(own or row["radius"])
                found += [(source, code, word, radius) for source in sources]
    return found


def test_every_class_has_the_documented_radius() -> None:
    rows = documented()
    assert set(rows) == {word.value for word in PlacePrecision}
    for word, row in rows.items():
        assert PRECISION.classes.get(word) == metres(row["radius"]), word


def test_the_table_names_codes_of_every_source() -> None:
    assert {source for source, *_ in codes()} == {name for names in SOURCES.values() for name in names}
    assert ("ucdp_ged", "2", "near", 25_000.0) in codes()
    assert ("viina", "STREET", "exact", 500.0) in codes()


@pytest.mark.parametrize(("source", "code", "word", "radius"), codes())
def test_every_code_of_a_source_has_the_documented_class_and_radius(source, code, word, radius) -> None:
    known = load_sources()[source]
    assert known.words["geo_precision"][code.casefold()] == word
    assert PRECISION.radius_m(source, code, word, source_radii=known.radii_m) == radius


def test_a_class_without_radius_is_missing_and_a_replaced_code_goes_first() -> None:
    assert np.isnan(PRECISION.radius_m("plain", "", "unknown", source_radii={}))
    mine = PRECISION.replace({("atlos", "Exact"): "3 m", "exact": "50 m"})
    assert mine.radius_m("atlos", "Exact", "exact", source_radii={"exact": 10.0}) == 3
    assert mine.radius_m("atlos", "exact", "exact", source_radii={"exact": 10.0}) == 10
    assert mine.radius_m("plain", "", "exact", source_radii={}) == 50
