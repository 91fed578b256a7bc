"""The floors of docs/architecture.md, held by the imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "geoconflict"
FLOORS = {
    "_version": 0,
    "errors": 1,
    "vocabulary": 1,
    "units": 2,
    "crs": 2,
    "io": 3,
    "schema": 4,
    "geodesy": 4,
    "names": 4,
    "coordinates": 4,
    "reference": 5,
    "incidents": 5,
    "fortifications": 5,
    "analysis": 5,
    "maps": 6,
    "export": 6,
    "api": 7,
    "project": 8,
    "cli": 9,
    "__main__": 10,
}
# errors stands below vocabulary: rooms of one floor that may look at each other.
BESIDE = {("vocabulary", "errors"), ("names", "incidents"), ("names", "reference")}
HEAVY = {
    "folium": {"maps"},
    "branca": {"maps"},
    "matplotlib": {"maps"},
    "rasterio": {"analysis", "io", "maps"},
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, ast.stmt]]:
    found: list[tuple[str, ast.stmt]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(name.name, node) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "geoconflict":
                found += [(f"geoconflict.{name.name}", node) for name in node.names]
            else:
                found.append((node.module, node))
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_from_lower_floors(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor yet; give it one in docs/architecture.md and here"
    for name, _node in imports(path):
        if not name.startswith("geoconflict."):
            continue
        there = name.split(".")[1]
        if there in {here, "__version__"}:
            continue
        assert FLOORS[there] < FLOORS[here] or (here, there) in BESIDE, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_heavy_libraries_stay_in_their_rooms(path: Path) -> None:
    for name, _node in imports(path):
        top = name.split(".")[0]
        if top in HEAVY:
            assert room(path) in HEAVY[top], f"{path.name} imports {name}"


def test_no_room_imports_something_that_is_not_a_room() -> None:
    assert {room(path) for path in FILES} <= set(FLOORS)
