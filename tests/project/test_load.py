from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geoconflict.errors import DescriptionError, ReadError
from geoconflict.project.load import read_project

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
geoconflict: 1
title: The gap
as_of: 2025-08-19
tables:
  gap: {border: Lithuania, with: Poland}
  belt: {bands: gap, edges: [0 km, 5 km], side: Lithuania}
map:
  layers:
    - {layer: bands, table: belt}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "project.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_project_is_read(tmp_path: Path) -> None:
    project = read_project(written(tmp_path, GOOD))
    assert list(project.steps) == ["gap", "belt"]
    assert project.model.as_of.isoformat() == "2025-08-19"
    assert str(project.model.worldview) == "de_facto"
    assert project.model.figure.formats == ["png", "svg"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "title: The gap",
            "titel: The gap",
            "line 2, column 1, titel: the key 'titel' is not known here (did you mean title?)",
        ),
        ("title: The gap\n", "", "the key 'title' is missing"),
        ("as_of: 2025-08-19", "as_of: soon", "line 3, column 8, as_of: 'soon' is not a date"),
        ("geoconflict: 1", "geoconflict: 2", "line 1, column 14, geoconflict"),
        ("5 km", "5 kilometrs", "line 6, column 36, tables.belt.edges[2]"),
        ("5 km", "5", "has no unit"),
        ("bands: gap", "bands: gab", "no step above makes the table 'gab' (did you mean gap?)"),
        ("{bands: gap,", "{band: gap,", "no step makes this table, found 'band' (did you mean bands?)"),
        ("layer: bands", "layer: band", "line 9, column 15, map.layers[1].layer"),
        (
            "table: belt",
            "table: bel",
            "line 9, column 29, map.layers[1].table: no step makes the table 'bel' (did you mean belt?)",
        ),
        ("  gap:", "  Gap:", "the name 'Gap' is not a table name"),
        ("border: Lithuania, with: Poland", "incidents: none.csv", "the file 'none.csv' does not exist"),
        ("side: Lithuania", "side: Lithuania, tolerance: 3", "the key 'tolerance' is not known here"),
        ("map:", "figure: {dpi: 9000}\nmap:", "figure.dpi"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(DescriptionError) as caught:
        read_project(written(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(caught.value)
    assert "project.yaml cannot be built" in str(caught.value)


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace("as_of: 2025-08-19", "as_of: soon").replace("5 km", "5").replace("table: belt", "table: bel")
    with pytest.raises(DescriptionError) as caught:
        read_project(written(tmp_path, text))
    assert [fault.line for fault in caught.value.faults] == [3, 6, 9]


def test_the_nearest_file_is_offered(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("a", encoding="utf-8")
    text = GOOD.replace("border: Lithuania, with: Poland", "incidents: event.csv")
    with pytest.raises(DescriptionError, match=r"did you mean events\.csv"):
        read_project(written(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 1_000_001, "at most 1,000,000"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "project.yaml"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=says):
        read_project(path)


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text", "a: [1, 2", "a: !!python/object:os.system x"])
def test_what_is_no_project_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DescriptionError):
        read_project(written(tmp_path, text))


def test_a_folder_or_a_missing_file_is_told(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    with pytest.raises(ReadError, match=r"did you mean .*project\.yaml"):
        read_project(tmp_path)
    with pytest.raises(ReadError, match=r"did you mean project\.yaml"):
        read_project(tmp_path / "projct.yaml")
