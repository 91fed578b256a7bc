"""The rooms of docs/architecture.md: which may import which, no cycles, and which imports may be late."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "geoconflict"
# A room imports only from rooms of a lower floor, and from inside itself.
FLOORS = {
    "_version": 0,
    "errors": 1,
    "vocabulary": 2,
    "units": 2,
    "crs": 2,
    "io": 3,
    "schema": 3,
    "geodesy": 3,
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
# Third-party packages that are imported inside the functions that need them, and the rooms that
# may: they are optional, or slow to import, or start threads.
HEAVY = {
    "PIL": {"maps"},
    "branca": {"maps"},
    "folium": {"maps"},
    "httpx": {"incidents"},
    "jinja2": {"maps"},
    "matplotlib": {"maps"},
    "mpl_toolkits": {"maps"},
    "numba": {"geodesy"},
    "odf": {"io"},
    "openpyxl": {"io"},
    "playwright": {"maps"},
    "pmtiles": {"io", "maps"},
    "pyarrow": {"io", "export"},
    "pyogrio": {"io", "export", "maps"},
    "rasterio": {"analysis", "io", "maps"},
    "xyzservices": {"maps"},
}
# These import numba or matplotlib at their top, and are imported where that is needed.
COMPILED = {"geoconflict.geodesy._numba", "geoconflict.maps.print.sheet"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imports(path: Path) -> list[tuple[str, ast.stmt]]:
    """Return every imported module with its statement, wherever in the file it stands."""
    found: list[tuple[str, ast.stmt]] = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [(name.name, node) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: a relative import"
            for name in node.names:
                inner = f"{node.module}.{name.name}"
                found.append((inner if inner in MODULES else str(node.module), node))
    return found


def late(path: Path) -> list[tuple[str, int]]:
    """Return the imports that are not at the top of the file."""
    tree = tree_of(path)
    top = {id(node) for node in tree.body}
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            top |= {id(inner) for inner in node.body}
    return [(name, node.lineno) for name, node in imports(path) if id(node) not in top]


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_room_imports_only_from_lower_floors(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor yet; give it one here and in docs/architecture.md"
    for imported, node in imports(path):
        if imported.startswith("geoconflict."):
            there = imported.split(".")[1]
            assert there == here or FLOORS[there] < FLOORS[here], f"line {node.lineno} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_late_imports_are_of_heavy_packages_in_their_rooms(path: Path) -> None:
    for imported, line in late(path):
        top = imported.split(".")[0]
        assert top in HEAVY or imported in COMPILED, (
            f"line {line} imports {imported} inside a function; move it to the top"
        )
    for imported, node in imports(path):
        top = imported.split(".")[0]
        if top in HEAVY:
            assert room(path) in HEAVY[top], f"line {node.lineno} imports {imported}"


# Calls that open or write a file, and who may make them beside the room io: the embedded data,
# downloads, plugin files of a browser page, checksums, and a snapshot's browser.
FILE_CALLS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "read_file", "to_file", "to_csv"}
OWN_FILES = {
    "reference/archive.py": "embedded boundaries",
    "names/place_archive.py": "embedded place names",
    "names/countries.py": "embedded tables",
    "names/mentions.py": "embedded tables",
    "names/cache.py": "a SQLite cache",
    "incidents/places.py": "embedded table of country boxes",
    "incidents/api/store.py": "its own folder of downloads",
    "maps/symbols/symbols.py": "embedded definitions",
    "maps/words.py": "embedded translations",
    "maps/web/page.py": "embedded assets",
    "maps/web/review.py": "embedded assets",
    "maps/web/folium_layers.py": "files of plugins in a folder that the user names",
    "maps/web/snapshot.py": "the page that a browser opens",
    "cli/main.py": "the null device, when the reader of standard output has gone",
    "project/run.py": "checksums of inputs and outputs",
    "export/vector.py": "GDAL writes to a temporary file of io.atomic",
}


def test_only_io_opens_and_writes_files() -> None:
    found = set()
    for path in FILES:
        if room(path) == "io":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name)):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                own = isinstance(node.func, ast.Name) and called != "open"  # a function of io, imported
                if called in FILE_CALLS and not own:
                    found.add(name(path))
    assert found <= set(OWN_FILES), found - set(OWN_FILES)


def test_no_module_imports_itself_through_others() -> None:
    graph = {
        module: {imported for imported, _ in imports(path) if imported in MODULES and imported != module}
        for module, path in MODULES.items()
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module not in done:
            for imported in sorted(graph[module]):
                visit(imported, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_the_documents_tell_the_same_rooms() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)/?`", text, flags=re.MULTILINE)
    told = {room: int(floor) for floor, room in rows}
    assert told == {room: floor for room, floor in FLOORS.items() if room not in {"_version", "__main__"}}
    assert {room(path) for path in FILES} <= set(FLOORS)


def test_every_file_named_in_the_documents_exists() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for named in re.findall(
            r"`((?:geoconflict|tests|web|data|examples|benchmarks)/[\w./-]+)`", page.read_text(encoding="utf-8")
        ):
            if "NAME" not in named:
                assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_every_file_named_on_the_way_of_a_call_exists() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:\w+/)*\w+\.py)`", text[text.index("## How eight calls run") :])
    assert len(named) > 25
    for file in named:
        if not file.startswith("__init__"):
            assert (PACKAGE / file).exists(), file
