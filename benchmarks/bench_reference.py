"""Time the reference data: one pair cold in a fresh process, countries, and a million points located.

Run ``python benchmarks/bench_reference.py --points 100000``; a million points are the default.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

_COLD = """
import time
import geopandas, pyproj, shapely
from geoconflict import geodesy, schema
from geoconflict.reference import border, borders
begin = time.perf_counter()
line = border("Mali", "Senegal")
print(time.perf_counter() - begin)
"""


def cold() -> float:
    """Return the best of five times to read one pair in a fresh process, beyond the imports."""
    runs = [subprocess.run([sys.executable, "-c", _COLD], check=True, capture_output=True, text=True) for _ in range(5)]
    return min(float(run.stdout) for run in runs)


def clock(what: str, call: object) -> object:
    """Print how long a call takes."""
    begin = time.perf_counter()
    out = call()  # type: ignore[operator]  # a callable without arguments
    print(f"{what:<58}{time.perf_counter() - begin:8.2f} s")
    return out


def main() -> None:
    """Run all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=1_000_000)
    points = parser.parse_args().points
    print(f"{'border(Mali, Senegal), fresh process, beyond imports':<58}{cold():8.2f} s")

    import geopandas as gpd
    import numpy as np

    from geoconflict.reference import border, countries, country, locate, neighbours

    ukraine = list(neighbours("Ukraine"))
    clock("border(Ukraine, all neighbours)", lambda: border("Ukraine", ukraine))
    clock("country(Lithuania)", lambda: country("Lithuania"))
    clock("country(Russia)", lambda: country("Russia"))
    clock("countries(), the world at 500 m", lambda: countries(resolution=500))
    random = np.random.default_rng(1)
    ukrainian = gpd.GeoSeries.from_xy(random.uniform(22, 40, points), random.uniform(44, 52, points), crs="EPSG:4326")
    clock(f"locate({points:,} points round Ukraine)", lambda: locate(ukrainian, border_distance=False))
    clock(f"locate({points:,} points, with distances)", lambda: locate(ukrainian))


if __name__ == "__main__":
    main()
