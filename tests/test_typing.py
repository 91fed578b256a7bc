"""A user's type checker sees the real signatures of the public names."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import geoconflict as gc

ROOT = Path(__file__).parents[1]
SNIPPETS = ROOT / "tests" / "data" / "typing"
PYRIGHT = ROOT / "web" / "node_modules" / ".bin" / "pyright"
pytestmark = pytest.mark.slow


def mypy(folder: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    config = folder / "mypy.ini"
    config.write_text(
        "[mypy]\nstrict = True\nwarn_unused_ignores = False\ndisallow_untyped_calls = False\n"
        "[mypy-geopandas.*,shapely.*]\nignore_missing_imports = True\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--config-file", str(config), "--cache-dir", str(folder / "cache")]
    command += ["--follow-imports=silent", "--no-error-summary", "--hide-error-context", "--no-pretty"]
    environment = {**os.environ, "MYPYPATH": str(ROOT)}
    return subprocess.run(
        [*command, *map(str, files)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def lines_to_refuse() -> list[int]:
    lines = (SNIPPETS / "bad.py").read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if line.endswith("# error")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("typing")


def test_mypy_accepts_the_good_and_refuses_the_bad_calls(folder: Path) -> None:
    done = mypy(folder, SNIPPETS / "good.py", SNIPPETS / "bad.py")
    assert "good.py" not in done.stdout, done.stdout
    refused = {int(line) for line in re.findall(r"bad\.py:(\d+): error", done.stdout)}
    assert sorted(refused) == lines_to_refuse(), done.stdout + done.stderr


def test_mypy_sees_a_type_for_every_public_name(folder: Path) -> None:
    names = [name for name in gc.__all__ if name != "__version__"]
    script = folder / "names.py"
    script.write_text("import geoconflict as gc\n" + "".join(f"reveal_type(gc.{n})\n" for n in names), encoding="utf-8")
    told = re.findall(r'names\.py:(\d+): note: Revealed type is "(.*)"', mypy(folder, script).stdout)
    types = {names[int(line) - 2]: text for line, text in told}
    assert set(types) == set(names)
    untyped = [name for name, text in types.items() if text == "Any" or text.startswith("def (*args: Any")]
    assert untyped == []


def test_pyright_gives_the_same_verdicts(folder: Path) -> None:
    if not PYRIGHT.exists():
        if os.environ.get("CI"):
            pytest.fail("pyright is not installed, and this run must have it")
        pytest.skip("pyright is not installed; 'npm ci' in web/ brings it")
    for file in ("good.py", "bad.py"):
        (folder / file).write_bytes((SNIPPETS / file).read_bytes())
    config = {"include": ["good.py", "bad.py"], "extraPaths": [str(ROOT)], "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    command = [str(PYRIGHT), "--project", str(folder), "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    found = json.loads(done.stdout)["generalDiagnostics"]
    errors = {
        (Path(item["file"]).name, item["range"]["start"]["line"] + 1) for item in found if item["severity"] == "error"
    }
    assert {line for file, line in errors if file == "good.py"} == set(), done.stdout
    assert sorted(line for file, line in errors if file == "bad.py") == lines_to_refuse()
