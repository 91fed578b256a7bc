"""What the README says is run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the README's script prints a figure")

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
EVENTS = """\
event_id,event_date,event_type,country,location,latitude,longitude,location_uncertainty_m
a,2025-07-10,strategic_development,Lithuania,Šumskas,54.605,25.745,5000
b,2025-07-28,strategic_development,Lithuania,Gaižiūnai,55.036,24.331,6000
"""


def test_the_script_runs_as_it_stands(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 12
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}\nprint(counts['n'].tolist())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"lithuania.html", "bands.gpkg", "lithuania.pdf"} <= {path.name for path in tmp_path.iterdir()}
    assert done.stdout.splitlines()[-1] == "[1, 0, 0]"


def test_every_path_that_is_linked_exists() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_the_commands_are_the_ones_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for job in ("demo", "test"):
        assert f"./start {job} " in README
        assert f"./start {job}" in ci


def test_every_extra_that_is_named_is_declared() -> None:
    setup = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    (listed,) = re.findall(r"the extras are (.*?), and `all`", README, flags=re.DOTALL)
    for extra in re.findall(r"`(\w+)`", listed):
        assert re.search(rf"^{extra} =", setup, flags=re.MULTILINE), extra
