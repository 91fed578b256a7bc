"""Measure buffers and bands: the largest error of the distance along the boundary, and the time.

Run with ``python benchmarks/bench_buffers.py [--quick]`` from the root of a checkout.  The shapes are those of
``tests/data/geodesy``; the border at full resolution is taken from the data of ``timezonefinder``
if it is installed.  For comparison, a planar buffer: project to the UTM zone that geopandas
estimates, buffer with 64 segments per quarter circle, project back.  Times are CPU seconds, the best of three.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from geoconflict import geodesy  # noqa: E402 - the import must find this checkout

SHAPES = ["lithuania_belarus", "russia_kazakhstan", "fiji", "chukotka", "svalbard", "antarctica"]
RADII = [1e3, 5e3, 5e4, 5e5]
BANDS = [0, 5e3, 25e3, 50e3]


def helper(name: str) -> Any:  # noqa: ANN401 - a module
    """Import a helper module of the tests."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "geodesy" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def fastest(call: Callable[[], Any], times: int = 3) -> tuple[Any, float]:
    """Return the result of a call, and its CPU time, the best of a few runs."""
    best = np.inf
    for _ in range(times):
        start = time.process_time()
        out = call()
        best = min(best, time.process_time() - start)
    return out, best


def largest_error(slow: Any, zone: Any, geometry: Any, radius_m: float, most: int) -> float:  # noqa: ANN401 - a module, geometries
    """Return the largest error along a boundary as a share of the radius."""
    at = slow.boundary_samples(zone, most)
    d = slow.slow_distance(at, geometry)
    return float(np.abs(d - radius_m).max() / radius_m)


def planar(geometry: Any, radius_m: float) -> Any:  # noqa: ANN401 - geometries
    """Return the buffer in the UTM zone that geopandas estimates."""
    series = gpd.GeoSeries([geometry], crs=4326)
    projected = series.to_crs(series.estimate_utm_crs())
    return projected.buffer(radius_m, quad_segs=64).to_crs(4326).iloc[0]


def accuracy(most: int) -> None:
    """Print the largest errors for every shape and radius."""
    library, slow = helper("shape_library"), helper("slow_boundary")
    print(f"largest |d - r|/r at {most} points of the boundary, tol 1e-4 (UTM: planar buffer)")
    print(f"{'shape':>18} {'edges':>6} " + " ".join(f"{r / 1e3:>8.0f} km {'UTM':>8} {'s':>5}" for r in RADII))
    for name in SHAPES:
        shape = library.shape(name)
        cells = []
        for radius in RADII:
            zone, seconds = fastest(lambda s=shape, r=radius: geodesy.buffer(s, r), 1)
            peer = planar(shape, radius)
            error = largest_error(slow, zone, shape, radius, most)
            theirs = largest_error(slow, peer, shape, radius, most) if peer.is_valid and not peer.is_empty else np.inf
            cells.append(f"{error:>11.1e} {theirs:>8.1e} {seconds:>5.2f}" + ("" if zone.is_valid else " INVALID"))
        print(f"{name:>18} {shapely.get_num_coordinates(shape):>6} " + " ".join(cells), flush=True)


def timing() -> None:
    """Print the time of common tasks."""
    tasks = []
    points = np.random.default_rng(1).uniform([20, 48], [40, 56], (10**5, 2))
    circles = shapely.points(points)
    tasks.append(
        (
            "10^5 circles of 5 km, tol 1e-3",
            lambda: geodesy.buffer(circles, 5e3, tol=1e-3),
            lambda: gpd.GeoSeries(circles, crs=4326).to_crs(32635).buffer(5e3, quad_segs=14).to_crs(4326),
        )
    )
    for simple in (1e-4, 0.0):
        country, border = full_border(simple)
        if country is None:
            print("timezonefinder is not installed: skipping the border at full resolution")
            break
        edges = shapely.get_num_coordinates(border) - shapely.get_num_geometries(border)
        tasks += [
            (f"50 km around {edges} edges", lambda b=border: geodesy.buffer(b, 5e4), lambda b=border: planar(b, 5e4)),
            (f"1 km around {edges} edges", lambda b=border: geodesy.buffer(b, 1e3), lambda b=border: planar(b, 1e3)),
            (
                f"-5 km of {len(country.exterior.coords)} edges",
                lambda c=country: geodesy.buffer(c, -5e3),
                lambda c=country: planar(c, -5e3),
            ),
            (f"3 bands, {edges} edges", lambda b=border, c=country: geodesy.bands(b, c, BANDS), None),
            (
                f"offset at 25 km, {edges} edges",
                lambda b=border, c=country: geodesy.offset_line(b, c, 25e3, simplify_m=50),
                None,
            ),
        ]
    geodesy.buffer(helper("shape_library").shape("russia_kazakhstan"), 5e4)
    print(f"{'task':>34} {'seconds':>8} {'UTM':>8} {'ratio':>6}")
    for name, ours, theirs in tasks:
        _, seconds = fastest(ours)
        if theirs is None:
            print(f"{name:>34} {seconds:>8.2f}", flush=True)
            continue
        _, peer = fastest(theirs)
        print(f"{name:>34} {seconds:>8.2f} {peer:>8.2f} {peer / seconds:>6.1f}", flush=True)


def full_border(simple: float) -> tuple[Any, Any]:
    """Return Lithuania and its border with Belarus, simplified with a tolerance in degrees; (None, None) without data."""
    if importlib.util.find_spec("timezonefinder") is None:
        return None, None
    from timezonefinder import TimezoneFinder

    finder = TimezoneFinder()
    mine, other = (finder.get_geometry(tz_name=n, coords_as_pairs=True) for n in ("Europe/Vilnius", "Europe/Minsk"))
    known = {
        tuple(sorted(edge)) for part in other for ring in part for edge in zip(ring, ring[1:] + ring[:1], strict=True)
    }
    ring = [tuple(point) for point in mine[0][0]]
    shared = [edge for edge in itertools.pairwise(ring) if tuple(sorted(edge)) in known]
    country = shapely.Polygon(ring)
    if simple:
        on = {point for edge in shared for point in edge}
        country = shapely.simplify(country, simple)
        kept = [tuple(point) for point in country.exterior.coords]
        shared = [edge for edge in itertools.pairwise(kept) if edge[0] in on and edge[1] in on]
    return country, shapely.line_merge(shapely.multilinestrings(np.array(shared)))


def sides(count: int) -> None:
    """Print how many random points are on the wrong side of a buffer."""
    library = helper("shape_library")
    for name in SHAPES:
        shape = library.shape(name)
        index = geodesy.Index(shape)
        for radius in (5e4, 5e5):
            zone = geodesy.buffer(shape, radius)
            at = library.points_around(shape, 1.5 * radius, count)
            d = geodesy.distance(at, index)
            sure = np.abs(d - radius) > 2e-4 * radius
            shapely.prepare(zone)
            wrong = (shapely.intersects_xy(zone, at[:, 0], at[:, 1]) != (d < radius)) & sure
            print(
                json.dumps({"shape": name, "radius_m": radius, "points": int(sure.sum()), "wrong": int(wrong.sum())}),
                flush=True,
            )


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    accuracy(200 if quick else 2000)
    timing()
    sides(10_000 if quick else 100_000)
