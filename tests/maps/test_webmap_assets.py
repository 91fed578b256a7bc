from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
ASSETS = ROOT / "geoconflict" / "maps" / "web" / "assets"
MANIFEST = json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not WEB.is_dir(), reason="the source of the script is only in a checkout")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_assets_were_built_from_these_sources():
    names = ["build.mjs", "package.json", "package-lock.json", *(f"src/{p.name}" for p in (WEB / "src").iterdir())]
    found = {name: sha256(WEB / name) for name in sorted(names)}
    assert found == dict(sorted(MANIFEST["sources"].items())), "run `npm ci && npm run build` in web/"


def test_the_assets_are_those_that_were_built():
    assert {name: sha256(ASSETS / name) for name in MANIFEST["assets"]} == MANIFEST["assets"]
    assert {p.name for p in ASSETS.iterdir()} == {*MANIFEST["assets"], "manifest.json"}


def test_leaflet_is_the_pinned_release_with_its_licence():
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]["node_modules/leaflet"]
    assert lock["version"] == MANIFEST["leaflet"]["version"] == "1.9.4"
    assert lock["integrity"] == MANIFEST["leaflet"]["integrity"]
    assert "Leaflet 1.9.4" in (ASSETS / "leaflet.js").read_text(encoding="utf-8")[:200]
    assert "BSD 2-Clause" in (ASSETS / "LICENSE-leaflet.md").read_text(encoding="utf-8")


def test_building_again_gives_the_same_bytes(tmp_path):
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "esbuild").is_dir():
        if os.environ.get("CI"):
            pytest.fail("this run must build the script: run `npm ci` in web/ first")
        pytest.skip("node, or the packages of web/, are not installed")
    subprocess.run([node, "build.mjs", str(tmp_path)], cwd=WEB, check=True, capture_output=True)
    assert {p.name: sha256(p) for p in tmp_path.iterdir() if p.name != "manifest.json"} == MANIFEST["assets"]


@pytest.mark.parametrize("script", ["test", "lint", "types"])
def test_the_script_passes_its_own_checks(script):
    npm = shutil.which("npm")
    if npm is None or not (WEB / "node_modules" / "eslint").is_dir():
        if os.environ.get("CI"):
            pytest.fail("this run must check the script: run `npm ci` in web/ first")
        pytest.skip("node, or the packages of web/, are not installed")
    done = subprocess.run([npm, "run", "-s", script], cwd=WEB, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
