"""Compare distances, nearest points and points in zones with other tools.

Run ``python benchmarks/bench_geodesy.py [--points 1000000] [--rounds 3]``.  The tools alternate
round by round; the result is the median of the rounds, in CPU seconds of one thread.  PostGIS runs
in a separate process and is measured by wall-clock time; it is started on the loopback interface
with a temporary folder, if Debian's postgresql-15-postgis-3 is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from geoconflict import geodesy
from geoconflict.geodesy import _dispatch, verify
from geoconflict.geodesy._ellipsoid import closed_form, ecef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHAPES = Path(__file__).parent.parent / "tests" / "data" / "geodesy"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
GEOD = pyproj.Geod(ellps="WGS84")
PORT = 54329


def shape(name: str) -> shapely.Geometry:
    """Return a shape of the tests by name."""
    feature = json.loads((SHAPES / f"{name}.geojson").read_text(encoding="utf-8"))
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def fractal(line: shapely.Geometry, edges: int) -> shapely.Geometry:
    """Return a line as rough as a surveyed border, made by midpoint displacement, the same every time."""
    rng = np.random.default_rng(1)
    xy = shapely.get_coordinates(line)
    while len(xy) <= edges:
        step = np.diff(xy, axis=0)
        middle = xy[:-1] + step / 2 + 0.18 * rng.standard_normal((len(step), 1)) * step[:, ::-1] * [-1, 1]
        out = np.empty((len(xy) + len(middle), 2))
        out[::2], out[1::2] = xy, middle
        xy = out
    return shapely.LineString(xy[: edges + 1])


def measure(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of each tool; they alternate, after one warm-up run of geoconflict."""
    times: dict[str, list[float]] = {name: [] for name in work}
    next(iter(work.values()))()
    for _ in range(rounds):
        for name, job in work.items():
            start = time.process_time()
            job()
            times[name].append(time.process_time() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def show(title: str, seconds: dict[str, float]) -> None:
    """Print a table; the first row is geoconflict."""
    ours = next(iter(seconds.values()))
    print(f"\n## {title}\n\n| | seconds | ratio |\n|---|---|---|")
    for name, value in seconds.items():
        print(f"| {name} | {value:.3f} | {value / ours:.1f} × |")


class PostGIS:
    """A database used for one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, sql: str, data: str | None = None) -> str:
        """Run SQL and return what psql prints."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(PORT), "-U", "bench", "-d", "postgres", "-X", "-q", "-A", "-t"]
        done = subprocess.run([*command, "-c", sql], input=data, text=True, capture_output=True, check=True)
        return done.stdout

    def seconds(self, sql: str) -> float:
        """Return the execution time of a query."""
        text = self.ask(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) {sql}")
        found = re.search(r"Execution Time: ([\d.]+) ms", text)
        return float(found[1]) / 1000 if found else float("nan")

    def load(self, name: str, points: np.ndarray) -> None:
        """Load points into a table with a geography column."""
        self.ask(f"CREATE TABLE {name} (x float8, y float8)")
        self.ask(f"COPY {name} FROM STDIN (FORMAT csv)", "\n".join(f"{x!r},{y!r}" for x, y in points.tolist()) + "\n")
        self.ask(f"ALTER TABLE {name} ADD g geography")
        self.ask(f"UPDATE {name} SET g = ST_SetSRID(ST_MakePoint(x, y), 4326)::geography")  # noqa: S608 - names of this file
        self.ask(f"VACUUM ANALYZE {name}")


@contextlib.contextmanager
def postgis() -> Iterator[PostGIS | None]:
    """Start PostGIS, or print that it is not installed."""
    control = Path("/usr/share/postgresql/15/extension/postgis.control")
    if not (POSTGRES / "initdb").exists() or not control.exists() or shutil.which("runuser") is None:
        print("PostGIS is not installed (postgresql-15-postgis-3): skipping its rows.")
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="bench_postgis_"))
    shutil.chown(folder, "postgres")
    user = ["runuser", "-u", "postgres", "--"]
    try:
        subprocess.run(
            [*user, str(POSTGRES / "initdb"), "-D", str(folder / "db"), "-U", "bench", "-A", "trust"],
            check=True,
            capture_output=True,
        )
        options = f"-p {PORT} -h 127.0.0.1 -k {folder} -c fsync=off -c max_parallel_workers_per_gather=0 -c jit=off"
        subprocess.run(
            [
                *user,
                str(POSTGRES / "pg_ctl"),
                "-D",
                str(folder / "db"),
                "-w",
                "-l",
                str(folder / "log"),
                "-o",
                options,
                "start",
            ],
            check=True,
            capture_output=True,
        )
        database = PostGIS(folder)
        database.ask("CREATE EXTENSION postgis")
        yield database
    finally:
        if (folder / "db" / "postmaster.pid").exists():
            subprocess.run(
                [*user, str(POSTGRES / "pg_ctl"), "-D", str(folder / "db"), "-m", "immediate", "stop"],
                check=False,
                capture_output=True,
            )
        shutil.rmtree(folder, ignore_errors=True)


def per_pair(rounds: int) -> None:
    """Measure the time per pair of points."""
    rng = np.random.default_rng(0)
    lon, lat = rng.uniform(20, 31, 300_000), rng.uniform(52, 59, 300_000)
    p, q = ecef(lon, lat), ecef(lon[::-1].copy(), lat[::-1].copy())
    work = {
        "closed form, NumPy": lambda: closed_form(p, q),
        "pyproj.Geod.inv": lambda: GEOD.inv(lon, lat, lon[::-1].copy(), lat[::-1].copy()),
    }
    seconds = measure(work, rounds)
    show("300,000 pairs of points", seconds)
    print(f"\npyproj takes {seconds['pyproj.Geod.inv'] / 0.3e6 * 1e9:.0f} ns per pair on this machine")


def to_border(count: int, rounds: int, database: PostGIS | None) -> None:
    """Measure distances of up to 500 km to borders of three sizes."""
    rng = np.random.default_rng(2)
    more = count + count // 5
    start_at = shapely.get_coordinates(shape("lithuania_belarus"))[rng.integers(0, 224, more)]
    azimuth, away = rng.uniform(0, 360, more), rng.uniform(0, 500_000, more)
    points = np.column_stack(geodesy.destination(start_at[:, 0], start_at[:, 1], azimuth, away))
    near = geodesy.distance(points, fractal(shape("lithuania_belarus"), 3_658)) <= 499_000
    points = points[near][:count]
    if database:
        database.load("points", points[: count // 10])
    for edges in (3_658, 25_000, 1_200_000):
        line = fractal(shape("lithuania_belarus"), edges)
        start = time.process_time()
        index = geodesy.Index(line)
        print(f"\nindex of {edges:,} edges: {time.process_time() - start:.3f} s")
        work: dict[str, Callable[[], object]] = {
            "geoconflict": lambda index=index: geodesy.distance(points, index),
        }
        if edges < 1e6:
            work["shapely STRtree in UTM"] = lambda line=line: _strtree(points, line)
        seconds = measure(work, rounds)
        seconds["geoconflict, NumPy only (a tenth, × 10)"] = 10 * _numpy(points[: count // 10], index)
        if edges < 10_000:
            start = time.process_time()
            _utm(points[: count // 10], line)
            seconds["geopandas.distance in UTM (a tenth, × 10)"] = 10 * (time.process_time() - start)
        if database and edges < 1e6:
            table = f"border{edges}"
            database.ask(f"CREATE TABLE {table} (g geography)")
            database.ask(f"COPY {table} FROM STDIN", "SRID=4326;" + shapely.to_wkt(line, rounding_precision=-1) + "\n")
            query = f"SELECT sum(ST_Distance(p.g, b.g)) FROM points p, {table} b"  # noqa: S608 - names of this file
            seconds["PostGIS geography, spheroid (a tenth, × 10)"] = 10 * database.seconds(query)
        show(f"{count:,} points to a border of {edges:,} edges", seconds)


def _numpy(points: np.ndarray, index: geodesy.Index) -> float:
    minimum, _dispatch.MIN_POINTS = _dispatch.MIN_POINTS, 10**12
    try:
        start = time.process_time()
        geodesy.distance(points, index)
        return time.process_time() - start
    finally:
        _dispatch.MIN_POINTS = minimum


def _strtree(points: np.ndarray, line: shapely.Geometry) -> np.ndarray:
    forward = pyproj.Transformer.from_crs(4326, 32635, always_xy=True)
    xy = np.column_stack(forward.transform(*shapely.get_coordinates(line).T))
    edges = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    tree = shapely.STRtree(edges)
    flat = shapely.points(*forward.transform(points[:, 0], points[:, 1]))
    return shapely.distance(flat, edges[tree.nearest(flat)])


def _utm(points: np.ndarray, line: shapely.Geometry) -> np.ndarray:
    table = gpd.GeoSeries(gpd.points_from_xy(points[:, 0], points[:, 1]), crs=4326)
    border = gpd.GeoSeries([line], crs=4326)
    crs = border.estimate_utm_crs()
    return table.to_crs(crs).distance(border.to_crs(crs).iloc[0]).to_numpy()


def to_points(count: int, rounds: int) -> None:
    """Measure distances to the nearest of many points."""
    rng = np.random.default_rng(3)
    points, target = rng.uniform([20, 52], [31, 59], (count, 2)), rng.uniform([20, 52], [31, 59], (count // 10, 2))
    index = geodesy.Index(target)
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points[: count // 10].T), crs=4326).to_crs(32635)
    right = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*target.T), crs=4326).to_crs(32635)
    seconds = measure({"geoconflict": lambda: geodesy.distance(points, index)}, rounds)
    start = time.process_time()
    left.sjoin_nearest(right, distance_col="d")
    seconds["geopandas.sjoin_nearest in UTM (a tenth, × 10)"] = 10 * (time.process_time() - start)
    show(f"{count:,} points to the nearest of {count // 10:,} points", seconds)


def in_zones(count: int, rounds: int) -> None:
    """Measure points in a thousand adjacent zones."""
    rng = np.random.default_rng(4)
    points = rng.uniform([20, 52], [31, 59], (count, 2))
    frame = shapely.box(20, 52, 31, 59)
    seeds = shapely.MultiPoint(rng.uniform([20, 52], [31, 59], (1000, 2)))
    zones = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=frame))
    zones = shapely.segmentize(shapely.intersection(zones, frame), 0.02)
    left = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*points.T), crs=4326)
    right = gpd.GeoDataFrame(geometry=zones, crs=4326)
    work: dict[str, Callable[[], object]] = {
        "geoconflict (geodesic edges)": lambda: geodesy.points_in_zones(points, zones),
        "geopandas.sjoin (edges straight in degrees)": lambda: left.sjoin(right),
    }
    show(
        f"{count:,} points in 1,000 zones of {shapely.get_num_coordinates(zones).sum():,} vertices",
        measure(work, rounds),
    )


def accuracy(database: PostGIS | None) -> None:
    """Print the largest error for 300 points up to 500 km away, against the slow reference."""
    names = ["lithuania_belarus", "russia_kazakhstan", "fiji", "chukotka", "svalbard", "antarctica"]
    print("\n## Largest error in metres for 300 points up to 500 km away\n\n| | " + " | ".join(names) + " |")
    print("|---" * (len(names) + 1) + "|")
    rows: dict[str, list[float]] = {"geoconflict": [], "geopandas in UTM": []}
    if database:
        rows["PostGIS geography, spheroid"] = []
    for name in names:
        geom = shape(name)
        line = shapely.boundary(geom) if shapely.get_dimensions(geom) == 2 else geom
        rng = np.random.default_rng(5)
        xy = shapely.get_coordinates(line)[rng.integers(0, shapely.get_num_coordinates(line), 300)]
        lon, lat = geodesy.destination(xy[:, 0], xy[:, 1], rng.uniform(0, 360, 300), rng.uniform(0, 500_000, 300))
        points = np.column_stack([lon, lat])
        truth = verify.true_distance(points, line)
        rows["geoconflict"].append(float(np.abs(geodesy.distance(points, line) - truth).max()))
        rows["geopandas in UTM"].append(float(np.nanmax(np.abs(_utm(points, line) - truth))))
        if database:
            database.load(f"p_{name}", points)
            database.ask(f"CREATE TABLE b_{name} (g geography)")
            database.ask(f"COPY b_{name} FROM STDIN", "SRID=4326;" + shapely.to_wkt(line, rounding_precision=-1) + "\n")
            query = f"SELECT x, y, ST_Distance(p.g, b.g) FROM p_{name} p, b_{name} b"  # noqa: S608 - names of this file
            text = database.ask(query)
            table = {(float(a), float(b)): float(c) for a, b, c in (row.split("|") for row in text.split())}
            found = np.array([table[x, y] for x, y in points.tolist()])
            rows["PostGIS geography, spheroid"].append(float(np.abs(found - truth).max()))
    for label, values in rows.items():
        print(f"| {label} | " + " | ".join(f"{value:.2g}" for value in values) + " |")


def main() -> None:
    """Run all benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    # Stop the database if the benchmark is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with postgis() as database:
        per_pair(options.rounds)
        to_border(options.points, options.rounds, database)
        accuracy(database)
    to_points(options.points, options.rounds)
    in_zones(options.points, options.rounds)


if __name__ == "__main__":
    main()
