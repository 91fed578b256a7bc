"""Measure how long a map takes to redraw lines and outlines with many vertices.

    python benchmarks/bench_shapes.py [--vertices 1000000]

The areas are synthetic: four outlines with noise of all wavelengths, and small squares. The
outlines are drawn twice: by default (a layer with more than 250,000 vertices is simplified), and
with all vertices in the page, to measure the simplification by zoom level alone. The browser is
headless Chromium without a GPU. Times are the median of nine redraws, from the call until the last
slice is drawn, followed by the time of the first slice in brackets.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from unittest import mock

import geopandas as gpd
import numpy as np
import shapely
from shapely import Polygon

from geoconflict.maps import layers
from geoconflict.maps.web import detail
from geoconflict.maps.webmap import Map

REDRAW = """async () => {
  const map = geoconflict.map, out = {};
  const idle = async () => { while (geoconflict.busy()) await new Promise(requestAnimationFrame); };
  const redraw = async () => {
    const times = [];
    for (let i = 0; i < 9; i++) {
      const t = performance.now();
      geoconflict.redraw();
      const first = performance.now() - t;
      await idle();
      times.push([performance.now() - t, first]);
    }
    times.sort((a, b) => a[0] - b[0]);
    return times[4];
  };
  for (const [name, more] of [["first view", 0], ["3 zooms in", 3], ["zoom 13", 13 - map.getZoom()]]) {
    if (more) map.setZoom(map.getZoom() + more, {animate: false});
    await idle();
    [out[name], out[`${name}, a slice`]] = await redraw();
    if (more === 3) map.setZoom(map.getZoom() - 3, {animate: false});
  }
  out.vertices = geoconflict.maps.layers.filter((l) => !l.background).reduce((a, l) => a + l.rings.reduce((b, r) => b + r.n, 0), 0);
  out.ready = geoconflict.readyAt;
  return out;
}"""


def outline(count: int, seed: int) -> Polygon:
    """Return a closed outline with noise that has similar detail at every zoom level."""
    rng = np.random.default_rng(seed)
    k = np.arange(1, count // 2)
    waves = np.zeros(count // 2 + 1, dtype=complex)
    waves[1 : count // 2] = k**-1.35 * np.exp(1j * rng.uniform(0, 2 * np.pi, len(k)))
    noise = np.fft.irfft(waves, count)
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    far = 2.2 * (1 + 0.3 * noise / np.abs(noise).max())
    return Polygon(
        np.column_stack([24 + 9 * (seed % 2) + 1.5 * far * np.cos(turn), 46 + 6 * (seed // 2) + far * np.sin(turn)])
    )


def squares(vertices: int) -> np.ndarray:
    """Return squares of a hundredth of a degree, with five vertices each."""
    at = np.random.default_rng(1).uniform([22, 44], [40, 52], (vertices // 5, 2))
    return shapely.box(at[:, 0], at[:, 1], at[:, 0] + 0.01, at[:, 1] + 0.01)


def main() -> None:
    """Print one row per map."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--vertices", type=int, default=1_000_000)
    count = parser.parse_args().vertices
    four = gpd.GeoDataFrame({"name": list("abcd")}, geometry=[outline(count // 4, i) for i in range(4)], crs=4326)
    small = gpd.GeoDataFrame({"name": ["x"] * (count // 5)}, geometry=squares(count), crs=4326)
    print("map | built s | MB | vertices | ready ms | first view ms | 3 zooms in ms | zoom 13 ms")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        for name, table, whole in (
            ("four outlines", four, detail.WHOLE),
            ("four outlines, all vertices", four, 10 * count),
            ("small squares", small, detail.WHOLE),
        ):
            path = Path(folder) / "map.html"
            start = time.perf_counter()
            with mock.patch.object(detail.slim, "__kwdefaults__", {"whole": whole, "budget": detail.BUDGET}):
                Map([layers.Zones(table)], title=name).save(path)
            built = time.perf_counter() - start
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(path.as_uri())
            page.wait_for_selector("html[data-gc-ready]", state="attached", timeout=60_000)
            got = page.evaluate(REDRAW)
            page.close()
            times = " | ".join(
                f"{got[key]:.1f} ({got[f'{key}, a slice']:.1f})" for key in ("first view", "3 zooms in", "zoom 13")
            )
            size = path.stat().st_size / 1e6
            print(f"{name} | {built:.1f} | {size:.2f} | {got['vertices']:,} | {got['ready']:.0f} | {times}")


if __name__ == "__main__":
    main()
