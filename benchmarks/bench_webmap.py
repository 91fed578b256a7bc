"""Size of the web map's file, and how soon and how smoothly a browser shows it.

    python benchmarks/bench_webmap.py [--rows 10000 100000 1000000] [--notes 60] [--peers]

Incidents are synthetic: seven attributes, six types, five years, a random walk over towns. The
browser is headless Chromium without a GPU. ``usable`` is the time from navigation to the flag
that the page sets when its data is drawn; frame times are of a drag over the map and of
zooming in and out. Peers are folium's GeoJson and FastMarkerCluster, at sizes that they open.
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

from geoconflict import layers
from geoconflict.outputs.webmap import Map

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


def measure(path: Path, *, ours: bool) -> dict[str, float]:
    """Open a file in Chromium and measure it."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    out: dict[str, float] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(150_000)
        start = time.perf_counter()
        page.goto(path.as_uri(), timeout=150_000)
        if not ours:
            page.wait_for_function("document.querySelectorAll('.leaflet-interactive').length > 0")
            out["usable_s"] = time.perf_counter() - start
            browser.close()
            return out
        page.wait_for_selector("html[data-gc-ready=true]", state="attached")
        out["usable_s"] = page.evaluate("geoconflict.readyAt / 1000")
        for act in ("pan", "zoom"):
            found = page.evaluate(f"({FRAMES})('{act}')")
            out[f"{act}_fps"], out[f"{act}_p95_ms"] = found["fps"], found["p95"]
        out["redraw_ms"] = page.evaluate(
            "(() => { const t = performance.now(); geoconflict.redraw(); return performance.now() - t; })()"
        )
        out["window_ms"] = page.evaluate(
            "(() => { const t0 = performance.now(); geoconflict.setWindow?.([19000, 19030]); const t = performance.now() - t0;"
            " geoconflict.setWindow?.(null); return t; })()"
        )
        out["hit_ms"] = page.evaluate(
            "(() => { const t = performance.now(); geoconflict.hitsAt(geoconflict.map.getCenter()); return performance.now() - t; })()"
        )
        browser.close()
    return out


def main() -> None:
    """Print a row a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--notes", type=int, default=60)
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            frame = incidents(rows, asked.notes)
            start = time.perf_counter()
            none = gpd.GeoDataFrame({"name": []}, geometry=[], crs=4326)
            path = Map([layers.Incidents(frame)], title="Synthetic incidents", background=none).save(
                Path(folder) / "map.html"
            )
            built = time.perf_counter() - start
            found = measure(path, ours=True)
            numbers = "  ".join(f"{k} {v:.2f}" for k, v in found.items())
            size = path.stat().st_size
            print(
                f"{rows:>9,}  {size / 1e6:.2f} MB  {size / rows:.1f} B/row  built_s {built:.2f}  {numbers}", flush=True
            )
            if asked.peers and rows <= 10_000:
                peer(frame, Path(folder) / "peer.html", size, found["usable_s"])


def peer(frame: gpd.GeoDataFrame, path: Path, size: int, usable: float) -> None:
    """Print folium's GeoJson with popups beside ours; its libraries need the network."""
    import folium

    columns = [c for c in frame.columns if c != "geometry"]
    made = folium.Map([48, 31], zoom_start=5, tiles=None, prefer_canvas=True)
    folium.GeoJson(frame, marker=folium.CircleMarker(radius=4), popup=folium.GeoJsonPopup(columns)).add_to(made)
    made.save(path)
    theirs = path.stat().st_size
    print(
        f"          folium GeoJson {theirs / 1e6:.2f} MB ({theirs / size:.1f} times ours, which was usable after {usable:.2f} s)"
    )


if __name__ == "__main__":
    main()
