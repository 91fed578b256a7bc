"""Write the cases by which another implementation of the rule can be held to this one.

Run ``python tests/maps/symbol_cases.py`` after a change of the patterns or of the rule.
"""

from __future__ import annotations

import json
from pathlib import Path

from geoconflict.maps.symbols import symbols

FILE = Path(__file__).parents[1] / "data" / "layers" / "symbol_cases.json"
_STRAIGHT = [[0, 0], [110, 0]]
_CORNER = [[0, 0], [60, 0], [10, 20]]
_WAVE = [[0, 0], [10, 6], [20, 9], [30, 8], [40, 3], [50, -4], [60, -9], [70, -9], [80, -4], [95, 10]]
_CROOKED = [[0, 0], [40, 5], [80, 0], [80, -60], [85, -60], [87, -58], [140, -50]]
CASES = [
    *({"pattern": name, "xy": _CROOKED, "scale": 1.0, "planned": False} for name in sorted(symbols.spec()["lines"])),
    {"pattern": "anti_tank_ditch", "xy": _STRAIGHT, "scale": 1.0, "planned": True},
    {"pattern": "anti_tank_ditch", "xy": _STRAIGHT, "scale": 0.0, "planned": False},
    {"pattern": "anti_tank_ditch", "xy": _CORNER, "scale": 0.6, "planned": False},
    {"pattern": "minefield", "xy": _WAVE, "scale": 1.25, "planned": True},
    {"pattern": "dragons_teeth", "xy": _CORNER, "scale": 1.0, "planned": False},
    {"pattern": "mined_area", "xy": _WAVE, "scale": 1.0, "planned": False},
    {"pattern": "fortified_line", "xy": _WAVE, "scale": 0.8, "planned": False},
    {"pattern": "strongpoint", "xy": [[5, 5], [9, 5]], "scale": 1.0, "planned": False},
    {"pattern": "wire", "xy": [[5, 5], [5, 5]], "scale": 1.0, "planned": False},
]


def cases() -> list[dict[str, object]]:
    """Return every case with its shapes; points have three decimals, y points down."""
    out = []
    for case in CASES:
        shapes = symbols.place(
            str(case["pattern"]), case["xy"], float(case["scale"]), y_down=True, planned=bool(case["planned"])
        )
        told = [
            {
                "points": [[round(float(x), 3) + 0.0, round(float(y), 3) + 0.0] for x, y in shape.points],
                "closed": shape.closed,
                "fill": shape.fill,
                "width": round(shape.width, 3),
                "dash": [round(step, 3) for step in shape.dash],
            }
            for shape in shapes
        ]
        out.append({**case, "y_down": True, "shapes": told})
    return out


def text() -> str:
    """Return the file as it is kept: one case a line."""
    lines = ",\n".join(json.dumps(case) for case in cases())
    return f"[\n{lines}\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
