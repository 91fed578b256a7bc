"""The page's script lays the same shapes by the same rule."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geoconflict.maps.symbols import symbols

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "web" / "src" / "symbols.js"
CASES = Path(__file__).parents[1] / "data" / "layers" / "symbol_cases.json"
ZOOMS = [0, 6.9, 7, 8.5, 10, 12, 20]
RUN = """
import fs from "node:fs";
import { place, scaleAt } from "./symbols.mjs";
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const shapes = asked.cases.map((c) => place(asked.rules, c.pattern, c.xy.flat(), c.scale, c.planned));
process.stdout.write(JSON.stringify({ shapes, scales: asked.zooms.map((zoom) => scaleAt(asked.rules, zoom)) }));
"""


@pytest.mark.skipif(NODE is None, reason="node runs the script outside a browser")
@pytest.mark.skipif(not SCRIPT.is_file(), reason="the sources of the page's script are not here")
def test_the_shapes_are_the_same_to_a_hundredth_of_a_unit(tmp_path):
    (tmp_path / "symbols.mjs").write_text(SCRIPT.read_text("utf-8"), "utf-8")
    (tmp_path / "run.mjs").write_text(RUN, "utf-8")
    cases = json.loads(CASES.read_text("utf-8"))
    done = subprocess.run(
        [str(NODE), str(tmp_path / "run.mjs")],
        input=json.dumps({"cases": cases, "rules": symbols.spec(), "zooms": ZOOMS}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    out = json.loads(done.stdout)
    assert out["scales"] == [symbols.scale_at(zoom) for zoom in ZOOMS]
    for case, shapes in zip(cases, out["shapes"], strict=True):
        assert len(shapes) == len(case["shapes"]), case["pattern"]
        for shape, expected in zip(shapes, case["shapes"], strict=True):
            assert (shape["closed"], shape["fill"]) == (expected["closed"], expected["fill"])
            assert shape["width"] == pytest.approx(expected["width"], abs=1e-3)
            assert shape["dash"] == pytest.approx(expected["dash"], abs=1e-3)
            flat = [value for point in expected["points"] for value in point]
            assert shape["points"] == pytest.approx(flat, abs=0.01), case["pattern"]
