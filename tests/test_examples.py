"""Every example is run as its reader would run it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
PROJECTS = sorted(EXAMPLES.glob("*/project.yaml"))
SCRIPTS = sorted(EXAMPLES.glob("*/*.py"))


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    root = str(EXAMPLES.parent)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "PYTHONPATH": root}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=600, check=False
    )


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_there_are_both_examples_as_project_and_as_script() -> None:
    assert len(PROJECTS) >= 2
    assert {path.parent for path in PROJECTS} <= {path.parent for path in SCRIPTS}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.parent.name)
def test_a_project_builds_and_builds_the_same_bytes_again(project: Path, tmp_path: Path) -> None:
    first = run("-m", "geoconflict", "build", str(project), "-o", "first", "-q", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    made = digests(tmp_path / "first")
    assert {"map.html", "figure.png", "figure.svg", "summary.md", "manifest.json"} <= set(made)
    assert sum(name.startswith("layers/") for name in made) >= 5
    manifest = json.loads((tmp_path / "first" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["built_on"] == "1970-01-01"
    for output in manifest["outputs"]:
        assert made[output["file"]] == output["sha256"]
    second = run("-m", "geoconflict", "build", str(project), "-o", "second", "-q", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert digests(tmp_path / "second") == made


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_script_runs(script: Path, tmp_path: Path) -> None:
    done = run(str(script), str(tmp_path / "out"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "map.html").stat().st_size > 100_000
    assert "km" in done.stdout
