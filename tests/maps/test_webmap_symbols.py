"""The page lays obstacle graphics along lines by the rule of ``layers.symbols``.

``placed.json`` holds what the rule gives for some lines; the tests of the script in ``web/``
compare with the same file. To write it again: ``python tests/maps/test_webmap_symbols.py``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from geoconflict.maps.symbols.symbols import place, spec

FILE = Path(__file__).parents[1] / "data" / "outputs" / "placed.json"
LINES = {
    "straight": [(0, 0), (90, 0)],
    "bent": [(0, 100), (60, 100), (60, 20), (180, 60), (175, 150)],
    "wave": [(4 * i, round(30 * math.sin(i / 4), 3)) for i in range(30)],
    "short": [(0, 0), (5, 1)],
}


def cases():
    names = sorted(spec()["lines"])
    made = []
    for i, name in enumerate(names):
        line = sorted(LINES)[i % len(LINES)]
        for scale, planned in ((1.0, False), (0.6, True)) if i % 2 else ((0.8, False), (0.0, False)):
            shapes = place(name, LINES[line], scale, y_down=True, planned=planned)
            made.append(
                {
                    "name": name,
                    "line": [float(v) for point in LINES[line] for v in point],
                    "scale": scale,
                    "planned": planned,
                    "shapes": [
                        {
                            "points": [round(float(v), 3) for v in shape.points.ravel()],
                            "closed": shape.closed,
                            "fill": shape.fill,
                            "width": shape.width,
                            "dash": list(shape.dash),
                        }
                        for shape in shapes
                    ],
                }
            )
    rules = {k: v for k, v in spec().items() if k not in {"areas", "types", "colours"}}
    return {"rules": rules, "cases": made}


def test_the_file_that_the_script_is_tested_with_is_what_the_rule_gives():
    found, wanted = json.loads(FILE.read_text(encoding="utf-8")), cases()
    assert found["rules"] == wanted["rules"]
    assert len(found["cases"]) == len(wanted["cases"]) > 40
    for a, b in zip(found["cases"], wanted["cases"], strict=True):
        assert {k: a[k] for k in ("name", "scale", "planned")} == {k: b[k] for k in ("name", "scale", "planned")}
        assert len(a["shapes"]) == len(b["shapes"])
        for p, q in zip(a["shapes"], b["shapes"], strict=True):
            assert p["points"] == pytest.approx(q["points"], abs=6e-4)


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases(), separators=(",", ":")) + "\n", encoding="utf-8")
