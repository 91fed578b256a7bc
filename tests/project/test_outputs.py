"""Everything that one build writes, against independent readings of the files."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from importlib import metadata
from pathlib import Path

import geopandas as gpd
import pyproj
import pytest

import geoconflict as gc
from geoconflict.crs import Bounds
from geoconflict.errors import InputError, MissingExtraError, OutputError
from geoconflict.project import Built, build, read_project, run, steps
from geoconflict.project.picture import make_map

pytest.importorskip("matplotlib", reason="a build draws a figure")

GEOD = pyproj.Geod(ellps="WGS84")
TEXT = """\
geoconflict: 1
title: Crimea
summary: What the map shows
as_of: 2025-08-19
worldview: international
language: de
tables:
  border: {border: Ukraine, with: Russia, kinds: [land], resolution: 2 km}
  posts: {places: ../shared/places.csv}
  belt: {buffer: posts, radius: 20 km, label: name}
  rows: {incidents: data/events.csv}
  measured: {distance: rows, to: posts, as: to_post_m}
  counted: {count: measured, zones: belt, by: event_type, sum: fatalities}
map:
  view: [32, 44, 37, 47]
  caption: How it was made
  layers:
    - {layer: zones, table: counted, visible: false}
    - {layer: borders, table: border, name: The line}
    - {layer: incidents, table: measured}
figure: {formats: [png, pdf]}
files: [geojson, gpkg]
"""
EVENTS = """\
event_id,event_date,event_type,latitude,longitude,fatalities
1,2025-07-01,battle,44.95,34.10,2
2,2025-07-02,riot,45.00,34.15,1
3,2025-07-03,battle,46.00,36.00,5
"""
PLACES = "name,kind,country,longitude,latitude,source\nSimferopol,city,Ukraine,34.10,44.95,GeoNames\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name, text in {"p/project.yaml": TEXT, "p/data/events.csv": EVENTS, "shared/places.csv": PLACES}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root / "p" / "project.yaml"


@pytest.fixture(scope="module")
def progress() -> list[str]:
    return []


@pytest.fixture(scope="module")
def built(project: Path, progress: list[str]) -> Built:
    folder = project.parent / "new" / "out"
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("kept", encoding="utf-8")
    (folder / "map.html").write_text("old", encoding="utf-8")
    return build(project, folder, built_on=dt.date(2025, 9, 1), progress=progress.append)


def test_all_files_are_written_and_others_are_kept(built: Built) -> None:
    layers = [
        f"layers/{name}.{suffix}"
        for name in ("border", "posts", "belt", "rows", "measured", "counted")
        for suffix in ("geojson", "gpkg")
    ]
    names = ["map.html", *layers, "figure.png", "figure.pdf", "summary.md", "manifest.json"]
    assert [path.relative_to(built.folder).as_posix() for path in built.files] == names
    assert all(path.stat().st_size > 100 for path in built.files)
    found = {path.relative_to(built.folder).as_posix() for path in built.folder.rglob("*") if path.is_file()}
    assert found == {*names, "mine.txt"}
    assert (built.folder / "mine.txt").read_text(encoding="utf-8") == "kept"
    assert not list(built.folder.parent.glob(".geoconflict-*"))


def test_the_progress_names_every_table_and_output(built: Built, progress: list[str]) -> None:
    assert progress[:6] == [f"table {name}" for name in built.tables]
    assert progress[6] == "map"
    assert progress[7] == "layer layers/border.geojson"
    assert progress[-1] == "figure"


def test_the_manifest_has_the_checksums_of_the_files(built: Built, project: Path) -> None:
    manifest = json.loads((built.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["title"] == "Crimea"
    assert manifest["as_of"] == "2025-08-19"
    assert manifest["built_on"] == "2025-09-01"
    assert manifest["worldview"] == "international"
    assert manifest["geoconflict"] == gc.__version__
    assert manifest["environment"]["shapely"] == metadata.version("shapely")
    assert manifest["environment"]["geopandas"] == metadata.version("geopandas")
    sources = {"project.yaml": project, "data/events.csv": project.parent / "data" / "events.csv"}
    sources["places.csv"] = project.parents[1] / "shared" / "places.csv"
    # A file outside the folder of the project shows its name only.
    assert [item["file"] for item in manifest["inputs"]] == ["project.yaml", "places.csv", "data/events.csv"]
    outputs = {item["file"]: item for item in manifest["outputs"]}
    assert list(outputs) == [path.relative_to(built.folder).as_posix() for path in built.files[:-1]]
    for item, path in [
        *((item, sources[item["file"]]) for item in manifest["inputs"]),
        *((item, built.folder / name) for name, item in outputs.items()),
    ]:
        raw = path.read_bytes()
        assert item["sha256"] == hashlib.sha256(raw).hexdigest()
        assert item["bytes"] == len(raw)


def test_the_layers_hold_the_rows_and_the_worldview(built: Built) -> None:
    border = gpd.read_file(built.folder / "layers" / "border.geojson")
    assert set(border["worldview"]) == {"international"}
    assert set(border["kind"]) == {"land"}
    measured = gpd.read_file(built.folder / "layers" / "measured.gpkg")
    truth = [GEOD.inv(34.10, 44.95, point.x, point.y)[2] for point in measured.geometry]
    assert measured["to_post_m"].to_numpy() == pytest.approx(truth, abs=1e-3)
    counted = gpd.read_file(built.folder / "layers" / "counted.geojson")
    assert counted[["name", "n", "n_battle", "n_riot", "sum_fatalities"]].to_numpy().tolist() == [
        ["Simferopol", 2, 1, 1, 3.0]
    ]


def test_the_figure_has_the_documented_size(built: Built) -> None:
    raw = (built.folder / "figure.png").read_bytes()
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", raw[16:24])
    # 240 mm by 170 mm at 160 dots an inch of 25.4 mm
    assert (width, height) == pytest.approx((240 / 25.4 * 160, 170 / 25.4 * 160), abs=1.01)
    assert (built.folder / "figure.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_summary_shows_what_was_computed(built: Built) -> None:
    text = (built.folder / "summary.md").read_text(encoding="utf-8")
    assert "# Crimea\n\nWhat the map shows\n\nAs of 2025-08-19; " in text
    assert "| name | country | area | source | points | n battle | n riot | sum fatalities |" in text.replace(
        " points certainly inside |", ""
    )
    assert "| to post |" in text
    assert "Sources" in text
    assert built.headlines[0].startswith("border: Ukraine – Russia ")
    assert "counted: 1 of 3 points outside all zones" in built.headlines
    assert len(built.notes) == len(set(built.notes))
    assert any(note.startswith("events.csv: ") for note in built.notes)
    assert all(f"- {note}" in text.replace("\\", "") for note in built.notes)


def test_the_map_has_the_words_of_the_project(built: Built) -> None:
    page = (built.folder / "map.html").read_text(encoding="utf-8")
    assert '<html lang="de"' in page
    assert "How it was made" in page
    assert "The line" in page
    assert "2025-08-19" in page or "19 August 2025" in page


def test_the_layers_of_the_map_are_those_of_the_project(project: Path, built: Built) -> None:
    map_ = make_map(read_project(project), built.tables, lambda name: project.parent / name)
    assert [(layer.heading, layer.visible) for layer in map_.layers] == [
        (map_.layers[0].heading, False),
        ("The line", True),
        (map_.layers[2].heading, True),
    ]
    assert [type(layer).__name__ for layer in map_.layers] == ["Zones", "Borders", "Incidents"]
    assert map_.view.bounds == Bounds(32, 44, 37, 47)
    assert (map_.title, map_.as_of) == ("Crimea", "2025-08-19")
    assert (map_.options.lang, map_.options.method) == ("de", "How it was made")


def test_a_table_without_rows_is_not_drawn(project: Path, built: Built) -> None:
    tables = {**built.tables, "border": built.tables["border"].iloc[:0]}
    map_ = make_map(read_project(project), tables, lambda name: project.parent / name)
    assert [type(layer).__name__ for layer in map_.layers] == ["Zones", "Incidents"]


def test_without_matplotlib_everything_else_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_args: object) -> list[str]:
        what = "A figure"
        raise MissingExtraError(what, package="matplotlib", extra="figure")

    monkeypatch.setattr(run, "draw_figure", missing)
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    (tmp_path / "project.yaml").write_text(
        "geoconflict: 1\ntitle: T\nas_of: 2025-08-19\ntables:\n  posts: {places: places.csv}\n"
        "map:\n  layers:\n    - {layer: places, table: posts}\n",
        encoding="utf-8",
    )
    built = build(read_project(tmp_path / "project.yaml"), tmp_path / "a" / "b")
    assert [path.name for path in built.files] == ["map.html", "posts.geojson", "summary.md", "manifest.json"]
    (note,) = built.notes
    assert note.startswith("no figure was drawn: ")
    assert "matplotlib" in note
    assert "- no figure was drawn" in (built.folder / "summary.md").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written(project: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: "):
        build(project, project / "out")


@pytest.mark.parametrize(("epoch", "day"), [("0", "1970-01-01"), ("86400", "1970-01-02"), ("1756684799", "2025-08-31")])
def test_the_build_date_follows_source_date_epoch(monkeypatch: pytest.MonkeyPatch, epoch: str, day: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert run._today().isoformat() == day


@pytest.mark.parametrize("epoch", [None, "soon", "-5"])
def test_without_source_date_epoch_the_build_date_is_today(monkeypatch: pytest.MonkeyPatch, epoch: str | None) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    before = dt.datetime.now(tz=dt.UTC).date()
    assert before <= run._today() <= dt.datetime.now(tz=dt.UTC).date()


def test_a_missing_file_is_no_input(tmp_path: Path) -> None:
    context = steps.Context(tmp_path, "de_facto", dt.date(2025, 8, 19))
    with pytest.raises(InputError, match="does not exist"):
        context.file("nothing.csv")
    assert context.inputs == []
