"""Compare ``read_incidents`` with ``pandas.read_csv`` on a million rows in the layout of ACLED.

Run as ``python benchmarks/bench_incidents.py [ROWS]``. Each reader runs in its own process, so that
its peak of memory can be measured. The rows are made up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

_COLUMNS = [
    "event_id_cnty",
    "event_date",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "actor1",
    "assoc_actor_1",
    "inter1",
    "actor2",
    "assoc_actor_2",
    "inter2",
    "interaction",
    "civilian_targeting",
    "iso",
    "region",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "location",
    "latitude",
    "longitude",
    "geo_precision",
    "source",
    "source_scale",
    "notes",
    "fatalities",
    "tags",
    "timestamp",
]
_TYPES = (
    ("Political violence", "Battles", "Armed clash"),
    ("Political violence", "Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Political violence", "Violence against civilians", "Attack"),
    ("Demonstrations", "Protests", "Peaceful protest"),
    ("Demonstrations", "Riots", "Violent demonstration"),
    ("Strategic developments", "Strategic developments", "Change to group/activity"),
)
_SENTENCE = (
    "On {day}, an armed group clashed with government forces near Town {town} (District {town}, Region {region}). "
    "Fighting lasted for several hours and both sides used small arms and mortars. A made-up sentence for the "
    "benchmark, number {row}, of about the length that such notes have. Casualties unknown."
)

_CHILD = """
import json, resource, sys, time
import pandas as pd
path, what = sys.argv[1:]
if what == "pandas":
    import pandas.io.parsers
else:
    import geopandas, shapely, pyproj
    from geoconflict.incidents import reader
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, cpu = time.perf_counter(), time.process_time()
if what == "pandas":
    frame = pd.read_csv(path, low_memory=False)
else:
    frame = reader.read_incidents(path)
took, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
print(json.dumps({"seconds": took, "cpu_seconds": cpu, "peak_mb": peak / 1024, "rows": len(frame),
                  "frame_mb": frame.memory_usage(deep=True).sum() / 2**20}))
"""


def write(path: Path, rows: int) -> None:
    """Write a number of rows in the layout of ACLED."""
    rng = np.random.default_rng(20250701)
    towns = rng.integers(0, 5000, rows)
    kinds = rng.integers(0, len(_TYPES), rows)
    days = np.datetime64("2018-01-01") + rng.integers(0, 2700, rows)
    deaths = rng.poisson(0.7, rows)
    lon = rng.uniform(-17, 24, 5000).round(4)
    lat = rng.uniform(4, 20, 5000).round(4)
    with path.open("w", encoding="utf-8") as out:
        out.write(",".join(_COLUMNS) + "\n")
        for row in range(rows):
            town, day = int(towns[row]), str(days[row])
            region = town % 60
            disorder, kind, sub = _TYPES[kinds[row]]
            notes = _SENTENCE.format(day=day, town=town, region=region, row=row)
            out.write(
                f'MLI{row},{day},{day[:4]},1,{disorder},{kind},{sub},Armed Group {town % 90},,2,"Military Forces of Country {region % 9}",'
                f",1,12,,466,Western Africa,Country {region % 9},Region {region},District {town % 700},,Town {town},{lat[town]},{lon[town]},"
                f'{1 + row % 3},Outlet {town % 400},National,"{notes}",{deaths[row]},,{1700000000 + row % 5000}\n'
            )


def main() -> None:
    """Write the file, run both readers and print the ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acled_shaped.csv"
        write(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 2**20:,.0f} MiB")
        results = {}
        for what in ("pandas", "geoconflict"):
            done = subprocess.run(
                [sys.executable, "-c", _CHILD, str(path), what], check=True, capture_output=True, text=True
            )
            results[what] = json.loads(done.stdout.splitlines()[-1])
            print(f"{what:12}", {key: round(value, 2) for key, value in results[what].items()})
        ours, peer = results["geoconflict"], results["pandas"]
        print(f"time: {ours['seconds'] / peer['seconds']:.2f} times pandas.read_csv (goal 2.5)")
        print(f"CPU time: {ours['cpu_seconds'] / peer['cpu_seconds']:.2f} times")
        print(
            f"peak: {ours['peak_mb'] / ours['frame_mb']:.2f} times our frame, {ours['peak_mb'] / peer['frame_mb']:.2f} times the frame of pandas (goal 3)"
        )


if __name__ == "__main__":
    main()
