r"""The same incidents as maps of other libraries: bytes of the file, and time until it can be used.

    pip install -e '.[bench]'
    npm install --prefix peers leaflet@1.9.3 jquery@3.7.1 bootstrap@5.2.2 leaflet.markercluster@1.1.0 \
        leaflet.awesome-markers @fortawesome/fontawesome-free@6.2.0
    python benchmarks/peers_webmap.py --assets peers/node_modules [--rows 10000 100000] [--notes 60]

Each map is opened in headless Chromium at 1280 by 800. What a page asks of a CDN is answered
from the folder, so that no network counts; what the folder lacks is answered by 404 and told.
A peer is usable when its points are on the map and the browser has drawn two more frames; ours
when it says so. A map that is not usable after 150 s is told as such. Ratios are to ours.
plotly's and lonboard's maps cannot be opened from a file without a network: of them the bytes
are compared.
"""

from __future__ import annotations

import argparse
import mimetypes
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).parent))
from bench_webmap import ARGS, incidents

from geoconflict.maps import layers
from geoconflict.maps.webmap import Map

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

LIMIT_S = 150
# Leaflet's maps are found among the page's variables; a layer of the map is one row, or one cluster.
LEAFLET = """(wanted) => {
  const map = Object.values(window).find((v) => v && window.L && v instanceof L.Map);
  if (!map) return false;
  return Object.keys(map._layers).length >= wanted;
}"""
CLUSTERS = "() => document.querySelectorAll('.marker-cluster, .leaflet-marker-icon').length > 0"
# Of these only the bytes can be compared here.
PLOTLY_WHY = "from a file its map's worker loads no data; its page stays white"
LONBOARD_WHY = "its page holds a script of a CDN to a hash that npm's copy does not have"
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def ours(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write our map."""
    Map([layers.Incidents(frame)], title="Synthetic incidents").save(path)


def folium_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write folium's GeoJson with a popup of every column, on a canvas."""
    import folium

    made = folium.Map([48, 31], zoom_start=5, tiles=None, prefer_canvas=True)
    columns = [c for c in frame.columns if c != "geometry"]
    folium.GeoJson(frame, marker=folium.CircleMarker(radius=4), popup=folium.GeoJsonPopup(columns)).add_to(made)
    made.save(path)


def folium_fast(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write folium's FastMarkerCluster with the columns as texts beside each point."""
    import folium
    from folium.plugins import FastMarkerCluster

    # Clusters want the map's own limit, which folium sets for tiles only.
    made = folium.Map([48, 31], zoom_start=5, tiles=None, maxZoom=18)
    texts = frame.drop(columns="geometry").astype(str).to_numpy().tolist()
    points = [[y, x, *row] for x, y, row in zip(frame.geometry.x, frame.geometry.y, texts, strict=True)]
    FastMarkerCluster(points).add_to(made)
    made.save(path)


def explore(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write geopandas' explore(), coloured by type, with popups."""
    frame.explore("event_type", tiles=None, popup=True, tooltip=False).save(path)


def plotly_map(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write plotly's scatter_map on its white ground, the script inside the file."""
    import plotly.express as px

    flat = frame.drop(columns="geometry").assign(lon=frame.geometry.x, lat=frame.geometry.y)
    columns = [c for c in flat.columns if c not in {"lon", "lat"}]
    made = px.scatter_map(
        flat, lat="lat", lon="lon", color="event_type", hover_data=columns, map_style="white-bg", zoom=4
    )
    made.write_html(path, include_plotlyjs=True)


def lonboard_map(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write lonboard's ScatterplotLayer."""
    import lonboard

    lonboard.Map(lonboard.ScatterplotLayer.from_geopandas(frame, get_radius=800)).to_html(path)


PEERS: dict[str, tuple[Callable[[gpd.GeoDataFrame, Path], None], str, bool | None]] = {
    # name: how it is written, what is asked of the page, whether it is asked with the number of rows (None: why it cannot be opened)
    "folium GeoJson": (folium_geojson, LEAFLET, True),
    "folium FastMarkerCluster": (folium_fast, CLUSTERS, False),
    "geopandas explore()": (explore, LEAFLET, True),
    "plotly scatter_map": (plotly_map, PLOTLY_WHY, None),
    "lonboard": (lonboard_map, LONBOARD_WHY, None),
}


def answers(folder: Path) -> dict[str, list[Path]]:
    """Return the files of a folder by name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".js", ".css", ".png", ".mjs"} and path.is_file():
            found.setdefault(path.name.lower(), []).append(path)
    return found


def answered(address: str, files: dict[str, list[Path]]) -> Path | None:
    """Return the file for an address: of its name, with or without ``.min`` and a version, on its path as far as may be."""
    parts = [re.sub(r"(?<=.)@.*", "", part).lower() for part in unquote(urlsplit(address).path).split("/")]
    name = parts[-1]
    for spelt in (name, name.replace(".min.", "."), re.sub(r"-\d+(\.\d+)+", "", name), f"{name}.js"):
        if spelt in files:
            return max(files[spelt], key=lambda at: sum(part.lower() in parts for part in at.parts))
    return None


def usable(path: Path, probe: str, wanted: int | None, files: dict[str, list[Path]]) -> tuple[float | None, list[str]]:
    """Return the seconds until a page can be used, None where it cannot, and what was asked in vain."""
    from playwright.sync_api import Error, sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    missing: list[str] = []

    def answer(route: Any) -> None:  # noqa: ANN401 - Playwright's
        url = urlsplit(route.request.url)
        if url.scheme == "file":
            route.continue_()
            return
        file = answered(route.request.url, files)
        if file is None:
            missing.append(route.request.url)
            route.fulfill(status=404, body="")
            return
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        route.fulfill(body=file.read_bytes(), content_type=kind, headers={"Access-Control-Allow-Origin": "*"})

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=[*ARGS, "--enable-unsafe-swiftshader"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(LIMIT_S * 1000)
        page.route("**/*", answer)
        start = time.perf_counter()
        found: float | None = None
        try:
            page.goto(path.as_uri(), wait_until="commit", timeout=LIMIT_S * 1000)
            if probe == "ours":
                page.wait_for_selector("html[data-gc-ready=true]", state="attached")
            else:
                page.wait_for_function(probe, arg=wanted, polling=50)
            page.evaluate(FRAMES)
            found = time.perf_counter() - start
        except Error:
            found = None
        browser.close()
    return found, missing


def main() -> None:
    """Print a table a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=Path, required=True, help="a folder with the scripts that the peers load")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--notes", type=int, default=60)
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    asked = parser.parse_args()
    files = answers(asked.assets)
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            frame = incidents(rows, asked.notes)
            print(f"\n{rows:,} incidents, notes of {asked.notes} characters\n")
            print(
                "| map | file, MB | times ours | built, s | usable after, s | times ours |\n|---|---|---|---|---|---|"
            )
            base: tuple[int, float | None] | None = None
            for name, (write, probe, counted) in {"geoconflict": (ours, "ours", False), **PEERS}.items():
                if name in PEERS and name not in asked.peers:
                    continue
                path = Path(folder) / "map.html"
                start = time.perf_counter()
                try:
                    write(frame, path)
                except ImportError as error:
                    print(f"| {name} | not installed: {error.name} | | | | |", flush=True)
                    continue
                built = time.perf_counter() - start
                size = path.stat().st_size
                if counted is None:
                    ratio = f"{size / base[0]:.1f}" if base else ""
                    print(f"| {name} | {size / 1e6:.2f} | {ratio} | {built:.1f} | {probe} | |", flush=True)
                    continue
                seconds, missing = usable(path, probe, rows if counted else None, files)
                base = base or (size, seconds)
                said = f"{seconds:.1f}" if seconds is not None else f"not in {LIMIT_S}"
                ratio = f"{seconds / base[1]:.0f}" if seconds is not None and base[1] else ""
                print(
                    f"| {name} | {size / 1e6:.2f} | {size / base[0]:.1f} | {built:.1f} | {said} | {ratio} |", flush=True
                )
                for url in dict.fromkeys(missing):
                    print(f"    answered by 404: {url[:140]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
