"""Size of the web map's file, and how soon and how smoothly a browser shows it.

    python benchmarks/bench_webmap.py [--rows 10000 100000 1000000] [--notes 0 30] [--supercluster FOLDER]

Incidents are synthetic: seven attributes, six types, five years, a random walk over towns, places
at full precision (no two alike), and notes of so many characters (0 for none). The browser is
headless Chromium without a GPU. ``usable`` is the time from navigation to the flag that the page
sets when its data is drawn; ``whole`` to when columns and the index for clicks are read as well.
Frame times are of a drag over the map and of zooming in and out; a window is a frame of the
slider over 30 days, the median and the 95th percentile of 60; a popup is the time from a click
to the popup, the first and the median of eleven more. With ``--supercluster`` (a folder with that npm package) its index is built in the
same browser from the same points, beside our clusters. ``benchmarks/peers_webmap.py`` measures
other libraries' maps.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geoconflict.maps import layers
from geoconflict.maps.webmap import Map

ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TYPES = ["battle", "explosion", "violence_against_civilians", "protest", "riot", "strategic_development"]
WORDS = [
    "shelling",
    "reported",
    "near",
    "the",
    "village",
    "by",
    "local",
    "officials",
    "after",
    "drones",
    "struck",
    "positions",
    "along",
    "road",
]


def incidents(rows: int, notes: int) -> gpd.GeoDataFrame:
    """Return synthetic incidents; ``notes`` is the length of a note in characters, 0 for none."""
    rng = np.random.default_rng(1)
    towns = rng.uniform([22, 44], [40, 52], (max(10, rows // 50), 2))
    at = towns[rng.integers(0, len(towns), rows)] + rng.normal(0, 0.05, (rows, 2))
    day = np.sort(rng.integers(0, 1826, rows))
    frame = pd.DataFrame(
        {
            "event_date": (np.datetime64("2020-01-01") + day).astype(str),
            "event_type": np.array(TYPES)[rng.choice(6, rows, p=[0.3, 0.4, 0.12, 0.1, 0.04, 0.04])],
            "actor1": np.array([f"Actor {i}" for i in range(60)])[rng.integers(0, 60, rows)],
            "fatalities": rng.poisson(0.7, rows).astype(float),
            "geo_precision": np.array(["exact", "locality", "district"])[rng.integers(0, 3, rows)],
            "location_uncertainty_m": np.array([100.0, 2000.0, 15000.0])[rng.integers(0, 3, rows)],
            "source": np.array(["Agency", "Gazette", "Observer"])[rng.integers(0, 3, rows)],
        }
    )
    frame["event_date_end"] = frame["event_date"]
    if notes:
        each = max(1, notes // 7)
        picks = rng.integers(0, len(WORDS), (rows, each))
        frame["notes"] = [f"{i}: " + " ".join(WORDS[j] for j in pick) for i, pick in enumerate(picks)]
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(at[:, 0], at[:, 1]), crs=4326)


FRAMES = """async (act) => {
  const map = geoconflict.map, times = [];
  let last = performance.now(), run = true;
  const tick = (t) => { times.push(t - last); last = t; if (run) requestAnimationFrame(tick); };
  requestAnimationFrame((t) => { last = t; requestAnimationFrame(tick); });
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  if (act === "pan") for (let i = 0; i < 8; i++) { map.panBy([i % 2 ? -160 : 160, i % 3 ? 60 : -60], {duration: 0.4}); await wait(480); }
  else for (let i = 0; i < 4; i++) { map.setZoom(map.getZoom() + (i % 2 ? -1 : 1)); await wait(700); }
  run = false;
  times.sort((a, b) => a - b);
  const sum = times.reduce((a, b) => a + b, 0);
  return {fps: 1000 * times.length / sum, p95: times[Math.floor(times.length * 0.95)], worst: times.at(-1)};
}"""


WINDOWS = """async () => {
  const times = [];
  for (let i = 0; i < 60; i++) {
    const t = performance.now();
    geoconflict.setWindow([18300 + 28 * i, 18329 + 28 * i]);
    while (geoconflict.busy()) await new Promise(requestAnimationFrame);
    times.push(performance.now() - t);
    await new Promise(requestAnimationFrame);
  }
  geoconflict.setWindow(null);
  while (geoconflict.busy()) await new Promise(requestAnimationFrame);
  times.sort((a, b) => a - b);
  return [times[30], times[57]];
}"""
REDRAW = """async (display) => {
  const layer = geoconflict.maps.layers.at(-1);
  layer.display = display;
  const t = performance.now();
  geoconflict.redraw();
  while (geoconflict.busy()) await new Promise(requestAnimationFrame);
  return performance.now() - t;
}"""
POPUP = """async () => {
  const layer = geoconflict.maps.layers.at(-1), map = geoconflict.map, times = [];
  for (let i = 0; i < 12; i++) {
    const row = Math.floor(((i + 0.5) * layer.n) / 12);
    const at = L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * layer.y[row]))) * 180 / Math.PI, (layer.x[row] - 0.5) * 360);
    map.setView(at, map.getZoom(), {animate: false});
    while (geoconflict.busy()) await new Promise(requestAnimationFrame);
    await new Promise((r) => setTimeout(r, 60));
    let opened = 0;
    map.once("popupopen", () => { opened = performance.now(); });
    const t = performance.now();
    map.fire("click", {latlng: at, originalEvent: {}});
    times.push(opened - t);
    map.closePopup();
  }
  const first = times.shift();
  times.sort((a, b) => a - b);
  return [first, times[5]];
}"""


def measure(path: Path, *, full: bool = True) -> dict[str, float]:
    """Open one of our files in Chromium and measure it."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    out: dict[str, float] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(150_000)
        page.goto(path.as_uri(), timeout=150_000)
        page.wait_for_selector("html[data-gc-ready=true]", state="attached")
        out["usable_s"] = page.evaluate("geoconflict.readyAt / 1000")
        page.evaluate("(async () => { while (!geoconflict.whole) await new Promise((r) => setTimeout(r, 10)); })()")
        out["whole_s"] = page.evaluate("performance.now() / 1000")
        if full:
            for act in ("pan", "zoom"):
                found = page.evaluate(f"({FRAMES})('{act}')")
                out[f"{act}_fps"], out[f"{act}_p95_ms"] = found["fps"], found["p95"]
            out["window_ms"], out["window_p95_ms"] = page.evaluate(f"({WINDOWS})()")
            for display in ("clusters", "hexagons", "heat", "auto"):
                out[f"{display}_ms"] = page.evaluate(f"({REDRAW})('{display}')")
            out["first_popup_ms"], out["popup_ms"] = page.evaluate(f"({POPUP})()")
        browser.close()
    return out


def supercluster(path: Path, folder: Path) -> float:
    """Return the milliseconds in which supercluster indexes the points of one of our files."""
    from playwright.sync_api import sync_playwright

    script = next(folder.rglob("supercluster.min.js"))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGS)
        page = browser.new_context(bypass_csp=True).new_page()
        page.set_default_timeout(150_000)
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-gc-ready=true]", state="attached")
        page.add_script_tag(content=script.read_text(encoding="utf-8"))
        took = page.evaluate(
            """() => {
              const {x, y, n} = geoconflict.maps.layers.at(-1);
              const points = Array.from({length: n}, (_, i) => ({type: "Feature", properties: {}, geometry: {type: "Point",
                coordinates: [(x[i] - 0.5) * 360, Math.atan(Math.sinh(Math.PI * (1 - 2 * y[i]))) * 180 / Math.PI]}}));
              const t = performance.now();
              new Supercluster({radius: 68, maxZoom: 16}).load(points);
              return performance.now() - t;
            }"""
        )
        browser.close()
    return float(took)


def build(rows: int, notes: int, path: Path) -> float:
    """Build a map of synthetic incidents and return the seconds it took."""
    frame = incidents(rows, notes)
    none = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)
    start = time.perf_counter()
    Map([layers.Incidents(frame)], title="Synthetic incidents", background=none).save(path)
    return time.perf_counter() - start


def main() -> None:
    """Print a row a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--notes", type=int, nargs="+", default=[0, 30])
    parser.add_argument("--supercluster", type=Path, help="a folder with the npm package of that name")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        for rows in asked.rows:
            for notes in asked.notes:
                built = build(rows, notes, path)
                found = measure(path)
                numbers = "  ".join(f"{k} {v:.3g}" for k, v in found.items())
                size = path.stat().st_size
                each = f"{size / 1e6:.2f} MB  {size / rows:.1f} B/row  built_s {built:.2f}"
                print(f"{rows:>10,} notes {notes:>3}  {each}  {numbers}", flush=True)
            if asked.supercluster:
                print(f"{'':>10} supercluster indexes these points in {supercluster(path, asked.supercluster):.0f} ms")


if __name__ == "__main__":
    main()
