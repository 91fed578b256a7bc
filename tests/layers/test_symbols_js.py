"""The same rule in JavaScript lays the same shapes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from geoconflict.layers import symbols
from geoconflict.vocabulary import FortificationType, Status

NODE = shutil.which("node")
SCRIPT = Path(symbols.__file__).with_name("symbols.js")
CASES = Path(__file__).parents[1] / "data" / "layers" / "symbol_cases.json"
RUN = """
const fs = require("fs");
const make = new Function(fs.readFileSync(process.argv[1], "utf8") + "; return geoconflictSymbols;")();
const lay = make(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const out = {
  shapes: asked.cases.map((c) => lay.place(c.pattern, c.xy, {scale: c.scale, planned: c.planned})),
  chosen: asked.kinds.map(([kind, status]) => lay.chosen(kind, status)),
  scales: asked.zooms.map((zoom) => lay.scaleAt(zoom)),
};
process.stdout.write(JSON.stringify(out));
"""

pytestmark = pytest.mark.skipif(NODE is None, reason="node runs the script outside a browser")


@pytest.fixture(scope="module")
def answers():
    asked = {
        "cases": json.loads(CASES.read_text("utf-8")),
        "kinds": [[kind.value, status.value] for kind in FortificationType for status in Status],
        "zooms": [0, 6.9, 7, 8.5, 10, 12, 20],
    }
    done = subprocess.run(
        [str(NODE), "-e", RUN, str(SCRIPT), str(symbols.FILE)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return asked, json.loads(done.stdout)


def test_the_shapes_are_the_same_to_a_hundredth_of_a_unit(answers):
    asked, out = answers
    for case, shapes in zip(asked["cases"], out["shapes"], strict=True):
        assert len(shapes) == len(case["shapes"]), case["pattern"]
        for shape, expected in zip(shapes, case["shapes"], strict=True):
            assert (shape["closed"], shape["fill"]) == (expected["closed"], expected["fill"])
            assert shape["width"] == pytest.approx(expected["width"], abs=1e-3)
            assert shape["dash"] == pytest.approx(expected["dash"], abs=1e-3)
            flat = [value for point in shape["points"] for value in point]
            assert flat == pytest.approx([value for point in expected["points"] for value in point], abs=0.01)


def test_the_choice_and_the_scale_are_the_same(answers):
    asked, out = answers
    for (kind, status), found in zip(asked["kinds"], out["chosen"], strict=True):
        expected = symbols.chosen(kind, status)
        assert found == {"line": expected.line, "area": expected.area, "planned": expected.planned}
    assert out["scales"] == [symbols.scale_at(zoom) for zoom in asked["zooms"]]
