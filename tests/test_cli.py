"""The command line, run as its users run it: a process, its streams and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import shape

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def run(*arguments: str, stdin: str | bytes = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    raw = stdin if isinstance(stdin, bytes) else stdin.encode("utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "geoconflict", *arguments],
        input=raw,
        capture_output=True,
        cwd=cwd,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def gap() -> str:
    done = run("border", "Lithuania", "Poland")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_has_help_with_examples() -> None:
    top = run("--help")
    assert top.returncode == 0
    for name in ("build", "border", "bands", "buffer", "distance", "read", "validate", "coordinates"):
        assert name in top.stdout
        done = run(name, "--help")
        assert done.returncode == 0
        assert "examples:" in done.stdout
        assert f"geoconflict {name}" in done.stdout


def test_no_command_and_a_wrong_one_are_usage_faults() -> None:
    assert run().returncode == 2
    assert run("bordr").returncode == 2


def test_a_border_is_geojson_on_standard_output(gap: str) -> None:
    data = json.loads(gap)
    assert data["attribution"] == "© OpenStreetMap contributors"
    assert sum(f["properties"]["length_m"] for f in data["features"]) == pytest.approx(104_000, rel=0.01)


def test_lengths_are_a_table_with_resolution_and_worldview() -> None:
    done = run("border", "LT", "by", "--lengths")
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0][:3] == ["border", "kind", "length_km"]
    assert lines[-1][0] == "total"
    assert float(lines[-1][2]) == pytest.approx(679, rel=0.01)
    assert all(line[5] == "de_facto" for line in lines[1:-1])


def test_layers_pass_through_a_pipe(gap: str) -> None:
    done = run("buffer", "-", "5 km", stdin=gap)
    assert done.returncode == 0, done.stderr
    zones = json.loads(done.stdout)["features"]
    assert all(shape(zone["geometry"]).is_valid for zone in zones)
    assert all(zone["properties"]["band_outer_m"] == 5000 for zone in zones)


def test_bands_are_written_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "bands.gpkg"
    done = run("bands", "Lithuania", "Poland", "--edges", "0 km", "5 km", "20 km", "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert "wrote 2 features" in done.stderr
    assert gpd.read_file(out)["name"].tolist() == ["0–5 km", "5–20 km"]


def test_distance_to_a_border_and_to_a_layer(gap: str, tmp_path: Path) -> None:
    places = EXAMPLES / "02_sahel_incidents" / "incidents.csv"
    done = run("distance", str(places), "Mali", "Senegal", "--column", "to_senegal_m")
    rows = {f["properties"]["location"]: f["properties"]["to_senegal_m"] for f in json.loads(done.stdout)["features"]}
    assert rows["Diboli"] < 2000
    assert 60_000 < rows["Kayes"] < 70_000
    layer = tmp_path / "gap.geojson"
    layer.write_text(gap, encoding="utf-8")
    again = run("distance", str(layer), str(layer))
    assert {f["properties"]["distance_m"] for f in json.loads(again.stdout)["features"]} == {0}


def test_read_reports_on_standard_error_and_validate_on_standard_output() -> None:
    places = str(EXAMPLES / "02_sahel_incidents" / "incidents.csv")
    done = run("read", places)
    assert len(json.loads(done.stdout)["features"]) == 7
    assert "7 rows read, 7 used" in done.stderr
    checked = run("validate", places)
    assert checked.returncode == 0
    assert "7 rows read, 7 used" in checked.stdout
    assert json.loads(run("validate", places, "--format", "json").stdout)["rows_read"] == 7


@pytest.mark.parametrize("name", ["project.yaml", "defence_line.yaml"])
def test_validate_knows_projects_and_defence_lines(name: str) -> None:
    done = run("validate", str(EXAMPLES / "01_baltic_defence_line" / name))
    assert done.returncode == 0, done.stderr
    assert "no faults found in the" in done.stdout
    assert "not run" in done.stdout or "not drawn" in done.stdout


@pytest.mark.parametrize("command", ["validate", "check"])
def test_a_misspelt_country_of_a_defence_line_is_reported_at_its_place(command: str, tmp_path: Path) -> None:
    line = (EXAMPLES / "01_baltic_defence_line" / "defence_line.yaml").read_text(encoding="utf-8")
    assert "Russia" in line
    (tmp_path / "line.yaml").write_text(line.replace("Russia", "Rusia"), encoding="utf-8")
    done = run(command, str(tmp_path / "line.yaml"))
    assert done.returncode == (2 if command == "validate" else 1)
    assert "unknown country 'Rusia'; did you mean Russia?" in done.stderr
    assert "line " in done.stderr


def test_a_file_for_another_command_is_named_with_its_command(tmp_path: Path) -> None:
    folder = EXAMPLES / "01_baltic_defence_line"
    built = run("build", str(folder / "defence_line.yaml"), "-o", str(tmp_path / "out"))
    assert built.returncode == 1
    assert "defence_line.yaml is a description of a defence line, not a project" in built.stderr
    assert "'geoconflict check'" in built.stderr
    checked = run("check", str(folder / "project.yaml"))
    assert checked.returncode == 1
    assert (
        "project.yaml is a project, not a description of a defence line; 'geoconflict build' takes it" in checked.stderr
    )


def test_build_prints_results_and_only_the_folder_if_quiet(tmp_path: Path) -> None:
    project = str(EXAMPLES / "02_sahel_incidents" / "project.yaml")
    loud = run("build", project, "-o", str(tmp_path / "out"))
    assert loud.returncode == 0, loud.stderr
    assert "\nresults:\n" in loud.stdout
    quiet = run("build", project, "-o", str(tmp_path / "out"), "-q")
    (line,) = quiet.stdout.splitlines()
    assert line.startswith("wrote ")
    assert line.endswith(f" files to {tmp_path / 'out'}")
    assert quiet.stderr == ""


def test_a_table_with_warnings_is_counted_with_the_command_that_lists_them(tmp_path: Path) -> None:
    table = tmp_path / "events.csv"
    rows = ["id,date,lat,lon,fatalities", "1,2025-01-02,54.5,25.5,many", "2,2025-01-03,54.5,25.5,-4"]
    table.write_text("\n".join(rows), encoding="utf-8")
    done = run("near", str(table), "Lithuania", "Poland", "--radius", "500 km")
    assert done.returncode == 0, done.stderr
    assert f"0 set aside; 2 warnings; see 'geoconflict validate {table}'" in done.stderr


def test_coordinates_answer_every_line() -> None:
    done = run("coordinates", stdin="54.6872, 25.2797\n\n5441N02517E\nnonsense\n")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 4
    assert (answers[0]["lat"], answers[0]["lon"]) == (54.6872, 25.2797)
    assert "error" in answers[1]
    assert answers[2]["notation"] == "dm"
    assert "error" in answers[3]


def test_a_country_settles_what_is_ambiguous() -> None:
    assert "candidates" in json.loads(run("coordinates", stdin="54.68 N 25.28 O").stdout)
    settled = json.loads(run("coordinates", "--country", "Lithuania", stdin="54.68 N 25.28 O").stdout)
    assert settled["lon"] == 25.28


BAD = {
    "no_coordinates.csv": ("name,date\nA,2025-07-01\n", "coordinate"),
    "empty.csv": ("", "empty"),
    "not_a_table.geojson": ("\x89PNG\r\n\x1a\n", "geojson"),
    "swapped.csv": (
        "event_id,event_date,country,latitude,longitude\n"
        + "".join(f"{i},2025-07-01,Mongolia,10{i}.5,47.9\n" for i in range(5)),
        "",
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_input_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    content, says = BAD[name]
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    done = run("read", str(path), "-o", str(tmp_path / "out.geojson"))
    assert "Traceback" not in done.stderr
    if name == "swapped.csv":
        # The country proves the order: the axes are put right, and the report says so.
        assert done.returncode == 0, done.stderr
        assert "swap" in done.stderr.casefold()
        return
    assert done.returncode == 1
    assert says in done.stderr.casefold()
    assert sorted(p.name for p in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["border", "Lithunia", "Poland"], "did you mean Lithuania"),
        (["border", "Lithuania", "Spain"], "no common border"),
        (["border", "Congo", "Angola"], "several countries"),
        (["bands", "Lithuania", "Poland", "--edges", "5", "10"], "no unit"),
        (["buffer", "none.geojson", "5 km"], "does not exist"),
        (["buffer", "-", "5 km"], "standard input is empty"),
        (["read", "none.csv"], "none.csv"),
        (["validate", "none.yaml"], "none.yaml"),
        (["build", "none.yaml", "-o", "out"], "cannot be read"),
        (["border", "Lithuania", "Poland", "-o", "out.shp"], "Shapefile is not written"),
        (["border", "Lithuania", "Poland", "-o", "out.xyz"], "not known"),
        (["coordinates", "--reference", "91,999", "README.md"], "longitude comes first"),
    ],
)
def test_a_mistake_is_one_message_without_a_traceback(arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert done.returncode in {1, 2}
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_failed_build_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    project = tmp_path / "project.yaml"
    text = (EXAMPLES / "02_sahel_incidents" / "project.yaml").read_text(encoding="utf-8")
    project.write_text(text.replace("with: Senegal", "with: Senegal, kinds: [sea]"), encoding="utf-8")
    for name in ("incidents.csv", "places.csv"):
        (tmp_path / name).write_bytes((EXAMPLES / "02_sahel_incidents" / name).read_bytes())
    done = run("build", str(project), "-o", str(tmp_path / "out"), "-q")
    assert done.returncode == 1
    assert "in the step 'senegal' of project.yaml" in done.stderr
    assert not (tmp_path / "out").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_control_characters_do_not_reach_the_terminal() -> None:
    done = run("border", "Lithu\x1b[31mania", "Poland")
    assert done.returncode == 1
    assert "\x1b" not in done.stderr


REPORT = (
    "Lithuania plans a belt along its border with Belarus. The first echelon, roughly three miles in depth, starts with "
    "an anti-tank ditch next to the border fence, followed by strips of dragon's teeth and minefields."
)


def test_facts_rest_on_their_spans() -> None:
    lines = run("parse", "-", "--format", "facts", stdin=json.dumps({"id": "a", "text": REPORT})).stdout.splitlines()
    (record,) = [json.loads(line) for line in lines]
    assert set(record) == {"id", "facts"}
    types = [fact["value"]["type"] for fact in record["facts"] if fact["slot"] == "obstacle"]
    assert types == ["anti_tank_ditch", "dragons_teeth", "minefield"]
    for fact in record["facts"]:
        start, end = fact["span"]
        assert REPORT[start:end].strip()


def test_a_draft_is_a_description_and_no_map(tmp_path: Path) -> None:
    page = tmp_path / "review.html"
    done = run("parse", REPORT, "--review", str(page))
    assert done.returncode == 0, done.stderr
    assert "draft: true" in done.stdout
    assert page.stat().st_size > 1000
    draft = tmp_path / "draft.yaml"
    draft.write_text(done.stdout, encoding="utf-8")
    assert run("validate", str(draft)).returncode == 0


def test_claims_are_checked() -> None:
    done = run("check", str(EXAMPLES / "01_baltic_defence_line" / "defence_line.yaml"), "--format", "json")
    verdicts = {verdict["id"]: verdict["verdict"] for verdict in map(json.loads, done.stdout.splitlines())}
    assert verdicts == {"vilnius-from-belarus": "holds", "rukla-from-vilnius": "holds"}
    assert done.returncode == 0


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["$schema"].endswith("2020-12/schema")
