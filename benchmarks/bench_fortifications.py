"""Time to read a description, to lay it out, and to compute obstacle symbols.

Run ``python benchmarks/bench_fortifications.py``. For comparison: PyYAML alone for reading, which
checks nothing, and shapely's offset curves in a projected plane, which measure in the plane and
can leave loops.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely
import yaml

from geoconflict.fortifications import layout, parse_yaml
from geoconflict.maps.symbols.symbols import place

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = Path(__file__).parents[1] / "examples" / "01_baltic_defence_line" / "defence_line.yaml"
OFFSETS_M = (200.0, 1000.0, 4000.0)
TEXT = """
id: bench
name: A jagged border
owner: Westland
status: planned
segments:
  - id: all
    reference: {border: {of: Westland, with: Eastland}}
    side: Westland
    facing: Eastland
    strips: [{type: fence, offset: 200 m}, {type: minefield, offset: 1 km}, {type: trench, offset: 4 km}]
"""


def best(call: Callable[[], object], *, times: int = 3) -> float:
    """Return the shortest of several runs in seconds, after a warm-up run."""
    call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def jagged(count: int) -> tuple[shapely.LineString, shapely.Polygon]:
    """Return a jagged border of two degrees and the country west of it."""
    rng = np.random.default_rng(1)
    lat = np.linspace(54, 56, count)
    lon = 25 + np.cumsum(rng.standard_normal(count)) * 0.3 / np.sqrt(count)
    border = shapely.LineString(np.column_stack([lon, lat]))
    return border, shapely.Polygon([(22, 54), *border.coords, (22, 56)])


def main() -> None:
    """Print the times and the ratios."""
    text = SAMPLE.read_text("utf-8")
    ours, theirs = best(lambda: parse_yaml(text)), best(lambda: yaml.safe_load(text))
    print(f"read and check {len(text):,} characters: {ours * 1e3:.0f} ms, {ours / theirs:.1f} times yaml.safe_load")

    for count in (1000, 5000):
        border, country = jagged(count)
        countries = gpd.GeoDataFrame({"iso": ["XW"], "name": ["Westland"]}, geometry=[country], crs="EPSG:4326")
        countries.loc[1] = {"iso": "XE", "name": "Eastland", "geometry": shapely.box(26, 54, 28, 56)}
        borders = gpd.GeoDataFrame(
            {"country_a": ["Westland"], "country_b": ["Eastland"], "kind": ["land"]}, geometry=[border], crs="EPSG:4326"
        )
        description = parse_yaml(TEXT)
        ours = best(lambda d=description, b=borders, c=countries: layout(d, b, c), times=2)
        plane = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3346", always_xy=True)
        flat = shapely.transform(border, lambda xy, t=plane: np.column_stack(t.transform(*xy.T)))
        theirs = best(lambda f=flat: [shapely.offset_curve(f, offset) for offset in OFFSETS_M], times=2)
        print(
            f"3 strips along {count:,} vertices: {ours:.2f} s, {ours / theirs:.2f} times shapely.offset_curve in a plane"
        )

    line = np.column_stack([np.linspace(0, 4000, 4000), 200 * np.sin(np.linspace(0, 40, 4000))])
    for name in ("anti_tank_ditch", "dragons_teeth", "strongpoint"):
        count = sum(shape.closed or shape.width > 0 for shape in place(name, line))
        taken = best(lambda n=name: place(n, line))
        print(f"{name}: {count:,} shapes in {taken * 1e3:.0f} ms, {count / taken:,.0f} a second")


if __name__ == "__main__":
    main()
