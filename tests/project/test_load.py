from __future__ import annotations

from pathlib import Path

import pytest

from geoconflict.errors import DescriptionError, ReadError
from geoconflict.project.load import read_project, resolve_input
from geoconflict.project.model import IncidentsStep

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
def test_a_fault_has_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
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
def test_a_file_that_is_not_text_is_an_error(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "project.yaml"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=says):
        read_project(path)


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text", "a: [1, 2", "a: !!python/object:os.system x"])
def test_a_file_that_is_not_a_project_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(DescriptionError):
        read_project(written(tmp_path, text))


def test_a_folder_or_a_missing_file_is_an_error_with_the_nearest_name(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    with pytest.raises(ReadError, match=r"did you mean .*project\.yaml"):
        read_project(tmp_path)
    with pytest.raises(ReadError, match=r"did you mean project\.yaml"):
        read_project(tmp_path / "projct.yaml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "table: belt}",
            "table: belt, visble: false}",
            "map.layers[1].visble: the key 'visble' is not known here (did you mean visible?)",
        ),
        (
            "layers:\n",
            "capton: x\n  layers:\n",
            "line 8, column 3, map.capton: the key 'capton' is not known here (did you mean caption?)",
        ),
        ("map:", "figure: {dip: 90}\nmap:", "figure.dip: the key 'dip' is not known here (did you mean dpi?)"),
        ("with: Poland", "wiht: Poland", "tables.gap.wiht: the key 'wiht' is not known here (did you mean with?)"),
        (
            "with: Poland",
            "with: Poland, xyzzy: 1",
            "the key 'xyzzy' is not known here (known: border, with, kinds, resolution)",
        ),
        (
            "with: Poland",
            "with: Poland, kinds: [lend]",
            "tables.gap.kinds[1]: Input should be 'land', 'river', 'lake' or 'sea', found 'lend' (did you mean land?)",
        ),
        (
            "map:",
            "files: [geojsn]\nmap:",
            "files[1]: Input should be 'geojson', 'gpkg', 'fgb' or 'parquet', found 'geojsn' (did you mean geojson?)",
        ),
        ("map:", "worldview: de_fakto\nmap:", "(did you mean de_facto?)"),
        ("[0 km, 5 km]", "[5 km, 5 km]", "the edges of bands must rise"),
        ("[0 km, 5 km]", "[5 km]", "tables.belt.edges"),
        ("side: Lithuania", "side: [Poland, Lithuana]", "line 6, column 58, tables.belt.side[2]: "),
        ("  gap:", "  2gap:", "line 5, column 3, tables.2gap: the name '2gap' is not a table name"),
        ("{bands: gap, edges: [0 km, 5 km], side: Lithuania}", "gap", "tables.belt"),
        ("table: belt}", "table: belt}\n  view: [1, 2, 3]", "map.view"),
        ("bands: gap", "bands: belt", "no step above makes the table 'belt' (made above: gap)"),
        ("with: Poland", "with: Poland, resolution: 5", "has no unit"),
    ],
)
def test_a_fault_offers_the_nearest_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(DescriptionError) as caught:
        read_project(written(tmp_path, GOOD.replace(old, new, 1)))
    assert says in str(caught.value)


def test_two_tables_of_one_file_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text("id: x", encoding="utf-8")
    text = GOOD.replace("map:", "  line: {fortifications: line.yaml}\n  line_sites: {country: Poland}\nmap:")
    with pytest.raises(DescriptionError, match=r"two tables would be written to layers/line_sites; rename one of them"):
        read_project(written(tmp_path, text))
    project = read_project(
        written(tmp_path, text.replace("line_sites", "line_places").replace("table: belt", "table: line.sites"))
    )
    assert list(project.steps) == ["gap", "belt", "line", "line_places"]


def test_a_step_of_incidents_may_name_a_country(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("a", encoding="utf-8")
    text = GOOD.replace("map:", "  rows: {country: Mali, incidents: events.csv, date_order: dmy}\nmap:")
    step = read_project(written(tmp_path, text)).steps["rows"]
    assert isinstance(step, IncidentsStep)
    assert (step.country, step.incidents, step.date_order, step.source) == ("Mali", "events.csv", "dmy", None)


def test_files_are_found_from_the_folder_of_the_project_or_by_their_full_path(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("a", encoding="utf-8")
    for name in ("events.csv", str(tmp_path / "events.csv")):
        assert resolve_input(name, tmp_path) == tmp_path / "events.csv"
    with pytest.raises(ReadError, match=r"the file 'no/where\.csv' does not exist$"):
        resolve_input("no/where.csv", tmp_path)
    project = read_project(written(tmp_path, GOOD))
    assert project.folder == tmp_path
    assert project.text == GOOD


def test_crossings_are_a_file_or_two_countries(tmp_path: Path) -> None:
    posts = GOOD.replace("map:", "  posts: {crossings: Lithuania, with: [Poland, Latvia]}\nmap:")
    step = read_project(written(tmp_path, posts)).steps["posts"]
    assert step.files() == {}
    assert step.countries() == {"crossings": ["Lithuania"], "with": ["Poland", "Latvia"]}
    with pytest.raises(DescriptionError, match=r"tables\.posts\.crossings: the file 'Lithuania' does not exist"):
        read_project(written(tmp_path, posts.replace(", with: [Poland, Latvia]", "")))
    with pytest.raises(DescriptionError, match=r"line 7, column 48, tables\.posts\.with\[2\]: .*did you mean Latvia"):
        read_project(written(tmp_path, posts.replace("Latvia", "Latwia")))


def test_bands_on_both_sides_name_no_country(tmp_path: Path) -> None:
    step = read_project(written(tmp_path, GOOD.replace("side: Lithuania", "side: both"))).steps["belt"]
    assert step.countries() == {}


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "project.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert read_project(path).model.title == "The gap"


def test_a_path_without_neighbours(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="check the path"):
        read_project(tmp_path / "project.yaml")
    with pytest.raises(ReadError, match="check the path"):
        read_project(tmp_path / "nowhere" / "project.yaml")
    with pytest.raises(ReadError, match=r"not a project file$"):
        read_project(tmp_path)


def test_the_defaults_are_the_documented_ones(tmp_path: Path) -> None:
    docs = (Path(__file__).parents[2] / "docs" / "projects.md").read_text(encoding="utf-8")
    model = read_project(written(tmp_path, GOOD)).model
    figure = model.figure
    assert (
        f"figure: {{width_mm: {figure.width_mm}, height_mm: {figure.height_mm}, dpi: {figure.dpi}, "
        f"formats: [{', '.join(figure.formats)}]}}"
    ) in docs
    assert (model.files, model.language, model.summary, model.map.view, model.map.caption) == (
        ["geojson"],
        "en",
        None,
        None,
        None,
    )
    (layer,) = model.map.layers
    assert (layer.visible, layer.name, layer.grids, layer.options) == (True, None, None, {})
