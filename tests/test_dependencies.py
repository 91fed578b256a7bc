"""docs/dependencies.md lists exactly the dependencies of setup.cfg, each with its lower bound."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOT_FOR_USERS = {"all", "test", "lint", "docs", "bench"}
REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*(?P<bounds>[^;]*)(?:;.*)?")

Listed = dict[str, tuple[set[str], set[str]]]
"""For each package: its version bounds, and the extras that ask for it."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def add(found: Listed, name: str, bounds: set[str], extras: set[str]) -> None:
    known = found.setdefault(normal(name), (set(), set()))
    known[0].update(bound.replace(" ", "") for bound in bounds)
    known[1].update(extras)


def declared() -> tuple[Listed, Listed]:
    """Return the core dependencies and those of the extras for users."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    sections = {"": parser["options"]["install_requires"], **parser["options.extras_require"]}
    core: Listed = {}
    extras: Listed = {}
    for section, text in sections.items():
        if section in NOT_FOR_USERS:
            continue
        for line in filter(None, map(str.strip, text.splitlines())):
            match = REQUIREMENT.fullmatch(line)
            assert match is not None, line
            add(extras if section else core, match["name"], {match["bounds"]}, {section} - {""})
    return core, extras


def documented(text: str, heading: str) -> Listed:
    """Return the rows of the first table under a heading; values in backticks count."""
    section = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert section is not None, f"the document has no section {heading!r}"
    lines = section[1].split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    columns = rows[0]
    found: Listed = {}
    for row in rows[2:]:
        cells = dict(zip(columns, row, strict=True))
        assert normal(cells["Package"]) not in found, f"{cells['Package']} has two rows"
        in_ticks = {name: set(re.findall(r"`([^`]+)`", cells.get(name, ""))) for name in ("Version", "Extra")}
        add(found, cells["Package"], in_ticks["Version"], in_ticks["Extra"])
        empty = [name for name, cell in cells.items() if not cell]
        assert not empty, f"{cells['Package']}: no value for {empty}"
    return found


@pytest.fixture(scope="module")
def document() -> str:
    return (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def test_the_core_table_lists_what_setup_cfg_requires(document: str) -> None:
    assert documented(document, "Core") == declared()[0]


def test_the_table_of_extras_lists_what_each_extra_requires(document: str) -> None:
    assert documented(document, "Extras") == declared()[1]


def test_no_package_is_both_in_the_core_and_in_an_extra() -> None:
    core, extras = declared()
    assert not core.keys() & extras.keys()


def test_every_dependency_has_a_bound() -> None:
    for table in declared():
        for name, (bounds, _) in table.items():
            assert all(re.match(r"(>=|==)\d", bound) for bound in bounds), name
