"""The page's script lays the same shapes at the same positions as ``maps.symbols.symbols.place``."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from pathlib import Path

import pytest

from geoconflict.maps.symbols import symbols

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "web" / "src" / "symbols.js"
ZOOMS = [0, 6.9, 7, 8.5, 10, 12, 20]
LINES = {
    "straight": [(0, 0), (110, 0)],
    "corner": [(0, 0), (60, 0), (10, 20)],
    "wave": [(4 * i, 30 * math.sin(i / 4)) for i in range(40)],
    "crooked": [(0, 0), (40, 5), (80, 0), (80, -60), (85, -60), (87, -58), (140, -50)],
    "short": [(5, 5), (9, 5)],
    "point": [(5, 5), (5, 5)],
}
CASES = [
    {"name": name, "line": line, "scale": scale, "planned": planned}
    for name in sorted(symbols.spec()["lines"])
    for line in LINES
    for scale, planned in ((0.0, False), (0.6, True), (1.0, False), (1.25, True))
]
RUN = """
import fs from "node:fs";
import { place, scaleAt } from "./symbols.mjs";
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const shapes = asked.cases.map((c) => place(asked.rules, c.name, asked.lines[c.line].flat(), c.scale, c.planned));
process.stdout.write(JSON.stringify({ shapes, scales: asked.zooms.map((zoom) => scaleAt(asked.rules, zoom)) }));
"""


@pytest.mark.skipif(NODE is None, reason="node runs the script outside a browser")
@pytest.mark.skipif(not SCRIPT.is_file(), reason="the sources of the page's script are not here")
def test_the_script_and_python_lay_the_same_shapes_at_the_same_positions(tmp_path):
    (tmp_path / "symbols.mjs").write_text(SCRIPT.read_text("utf-8"), "utf-8")
    (tmp_path / "run.mjs").write_text(RUN, "utf-8")
    rules = symbols.page_rules(symbols.spec()["lines"])
    done = subprocess.run(
        [str(NODE), str(tmp_path / "run.mjs")],
        input=json.dumps({"cases": CASES, "lines": LINES, "rules": rules, "zooms": ZOOMS}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    out = json.loads(done.stdout)
    assert out["scales"] == [symbols.scale_at(zoom) for zoom in ZOOMS]
    for case, found in zip(CASES, out["shapes"], strict=True):
        wanted = symbols.place(case["name"], LINES[case["line"]], case["scale"], y_down=True, planned=case["planned"])
        assert len(found) == len(wanted), case
        for one, other in zip(found, wanted, strict=True):
            assert (one["closed"], one["fill"]) == (other.closed, other.fill), case
            assert [one["width"], *one["dash"]] == pytest.approx([other.width, *other.dash]), case
            assert one["points"] == pytest.approx(other.points.ravel().tolist(), abs=0.002), case
