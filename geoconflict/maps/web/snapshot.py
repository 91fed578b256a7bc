"""Screenshots of the web map with an installed Chromium, checked against the data of the layers."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geoconflict.errors import Fault, InputError, MissingExtraError, OutputError
from geoconflict.maps.scene import Scene, translated
from geoconflict.maps.spec import UNKNOWN_DAY, LayerSpec

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
_ARGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
_PATIENCE_MS = 60_000
_LARGEST = 12_000

# The state of the page, to check the screenshot.
_STATE = """() => {
  const state = window.geoconflict ?? {};
  const seen = state.map?.getBounds();
  return {
    ready: document.documentElement.dataset.gcReady ?? "not set",
    said: document.getElementById("gc-status")?.textContent ?? "",
    drawn: Object.entries(state.drawn ?? {}),
    layers: (state.layers ?? []).map((l) => ({name: l.name, visible: l.visible, days: l.window})),
    seen: seen ? [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()] : null,
  };
}"""
_BARE = ".gc-main > :not(#gc-map), .leaflet-control-container { visibility: hidden !important; }"
_COLOURS = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
  const seen = new Set();
  for (let i = 0; i < pixels.length && seen.size < 3; i++) seen.add(pixels[i]);
  return seen.size;
}"""


@dataclass(frozen=True, slots=True)
class Shot:
    """Options of a screenshot.

    Attributes
    ----------
    size_px : tuple of int
        Width and height of the window, in CSS pixels.
    scale : float
        Pixels of the picture for each CSS pixel.
    chromium : str or None
        Path of the browser; None to find it by its usual names.
    """

    size_px: tuple[int, int] = (1280, 800)
    scale: float = 2.0
    chromium: str | None = None

    def __post_init__(self) -> None:
        """Raise if a size is out of range."""
        faults = [
            Fault(f"{value!r} is not an integer from 200 to {_LARGEST}", field=name)
            for name, value in zip(("width", "height"), self.size_px, strict=True)
            if not (isinstance(value, int) and 200 <= value <= _LARGEST)
        ]
        if not 0.5 <= self.scale <= 4:
            faults.append(Fault(f"{self.scale!r} is not from 0.5 to 4", field="scale"))
        elif not faults and max(self.size_px) * self.scale > 2 * _LARGEST:
            faults.append(Fault(f"{self.size_px} at scale {self.scale} is larger than {2 * _LARGEST} pixels"))
        if faults:
            msg = "invalid size of a snapshot"
            raise InputError(msg, faults)


def screenshot(html: str, scene: Scene, shot: Shot) -> bytes:
    """Take a screenshot of the page as it opens.

    The page is opened offline, and the screenshot taken when it reports that everything is drawn.
    Then the rows in view are counted in the tables and compared with the counts that the page
    reports, and the colours of the map are counted.

    Parameters
    ----------
    html : str
        The page of the map.
    scene : Scene
    shot : Shot

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    OutputError
        If the page fails, does not show all rows in view, or has a single colour.
    MissingExtraError
        If Playwright is not installed.
    """
    # The page has translated layer names.
    words = scene.options.wording()
    found = [translated(spec, words) for spec in scene.specs if not spec.background]
    browser = chromium(shot.chromium)
    # Playwright's synchronous API does not run inside the event loop of a notebook.
    with ThreadPoolExecutor(1) as other:
        picture, state = other.submit(_open, html, shot, browser).result()
    verify_screenshot(found, state)
    return picture


def chromium(path: str | None = None) -> str:
    """Return the path of an installed Chromium, Chrome or Edge; none is downloaded.

    Raises
    ------
    OutputError
        If there is none.
    """
    if path is not None:
        if not Path(path).is_file():
            msg = f"there is no browser at {path}"
            raise OutputError(msg)
        return path
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    for place in _PLACES:
        if Path(place).is_file():
            return place
    msg = f"Chromium was not found (looked for {', '.join(_NAMES)}); install it, or set chromium= to its path"
    raise OutputError(msg)


def _open(html: str, shot: Shot, browser: str) -> tuple[bytes, dict[str, Any]]:
    """Open the page, wait, and return the screenshot and the state of the page."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        what = "snapshots"
        raise MissingExtraError(what, package="playwright", extra="snapshot") from error
    with tempfile.TemporaryDirectory(prefix="geoconflict-") as folder:
        page_file = Path(folder) / "map.html"
        page_file.write_bytes(html.encode("utf-8"))
        address = page_file.as_uri()
        try:
            with sync_playwright() as play:
                # Chromium has no sandbox for root; the page is our own, with a strict policy.
                root = hasattr(os, "geteuid") and os.geteuid() == 0
                opened = play.chromium.launch(executable_path=browser, args=list(_ARGS), chromium_sandbox=not root)
                context = opened.new_context(
                    viewport={"width": shot.size_px[0], "height": shot.size_px[1]},
                    device_scale_factor=shot.scale,
                    offline=True,
                    reduced_motion="reduce",
                    locale="en-GB",
                    timezone_id="UTC",
                )
                context.route(
                    "**/*",
                    lambda route: (
                        route.continue_() if route.request.url.startswith((address, "data:")) else route.abort()
                    ),
                )
                page = context.new_page()
                errors: list[str] = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.goto(address, timeout=_PATIENCE_MS)
                return _look(page, context.new_page(), errors)
        except Error as error:
            msg = f"the browser {browser} failed: {str(error).splitlines()[0]}"
            raise OutputError(msg) from error


def _look(page: Any, blank: Any, errors: list[str]) -> tuple[bytes, dict[str, Any]]:  # noqa: ANN401 - Playwright is optional
    from playwright.sync_api import TimeoutError as Late

    try:
        page.wait_for_selector("html[data-gc-ready]", state="attached", timeout=_PATIENCE_MS)
    except Late:
        msg = f"the page was not drawn after {_PATIENCE_MS // 1000} s"
        raise OutputError(f"{msg}: {errors[0]}" if errors else msg) from None
    state: dict[str, Any] = {**page.evaluate(_STATE), "errors": errors, "colours": 0}
    if state["ready"] == "true":
        # Labels and columns are read after the first drawing.
        page.evaluate(
            "async () => { while (!geoconflict.whole || geoconflict.busy()) await new Promise(requestAnimationFrame); }"
        )
        page.evaluate("() => Promise.all([...document.images].map((image) => image.decode().catch(() => null)))")
        bare = page.add_style_tag(content=_BARE)
        box = page.locator("#gc-map").bounding_box()
        # Pixels at the edge may mix with the surroundings.
        inner = {"x": box["x"] + 3, "y": box["y"] + 3, "width": box["width"] - 6, "height": box["height"] - 6}
        seen = page.screenshot(clip=inner, animations="disabled")
        bare.evaluate("(node) => node.remove()")
        state["colours"] = blank.evaluate(_COLOURS, base64.b64encode(seen).decode("ascii"))
    return page.screenshot(animations="disabled"), state


def verify_screenshot(specs: list[LayerSpec], state: dict[str, Any]) -> None:
    """Raise if a screenshot does not show the rows of the layers.

    Parameters
    ----------
    specs : list of LayerSpec
        The layers of the map, without the background.
    state : dict
        State of the page: whether it is ready, the number of rows drawn of each layer, the bounds shown.

    Raises
    ------
    OutputError
    """
    if state["ready"] != "true":
        why = state["said"] or "; ".join(state["errors"]) or "no reason given"
        msg = f"the page could not be drawn: {why}"
        raise OutputError(msg)
    if state["errors"]:
        msg = f"a script of the page failed: {'; '.join(state['errors'][:5])}"
        raise OutputError(msg)
    drawn = dict(state["drawn"])
    shown = {item["name"]: item for item in state["layers"]}
    names = [d.name for d in specs]
    lines, faults, total = [], [], 0
    for d in specs:
        there = shown.get(d.name)
        if there is None or not there["visible"]:
            lines.append(f"{d.name}: {len(d.table)} rows, not shown at first")
            continue
        wanted = in_view(d, state["seen"], there["days"])
        got = int(drawn.get(d.name, 0))
        total += got
        lines.append(f"{d.name}: {wanted} of {len(d.table)} rows are in view, {got} were drawn")
        # The page reports counts by name: skip names that occur twice.
        if wanted and got < (wanted if d.kind == "point" else 1) and names.count(d.name) == 1:
            faults.append(lines[-1])
    if faults:
        msg = "the screenshot does not show all rows in view:\n  - " + "\n  - ".join(faults)
        raise OutputError(msg)
    if specs and not total:
        msg = "no rows are in view; use another view=, or layers with rows:\n  - "
        raise OutputError(msg + "\n  - ".join(lines))
    if state["colours"] < 2:
        msg = "the map has a single colour: nothing is drawn on it"
        raise OutputError(msg)


def in_view(layer: LayerSpec, seen: list[float], days: list[int] | None) -> int:
    """Return how many rows are in the bounds and the date range that the page shows.

    Parameters
    ----------
    layer : LayerSpec
    seen : list of float
        West, south, east, north; longitudes may exceed 180 degrees.
    days : list of int or None
        First and last day, counted from 1970-01-01; None for all dates.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from geoconflict.maps.layers import Places
    >>> two = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(179, 0), Point(10, 0)], crs="EPSG:4326")
    >>> in_view(Places(two).describe(), [-185.0, -5.0, -170.0, 5.0], None)
    1
    """
    west, south, east, north = seen
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    # Latitudes beyond the limit of Web Mercator are not in view.
    inside = np.zeros(len(shapes), dtype=bool)
    for turn in (-360.0, 0.0, 360.0):
        inside |= shapely.intersects(shapes, shapely.box(west + turn, south, east + turn, north))
    if days is not None and layer.start is not None:
        last = layer.end if layer.end is not None else layer.start
        inside &= (layer.start == UNKNOWN_DAY) | (
            (layer.start <= days[1]) & ((last >= days[0]) | (last == UNKNOWN_DAY))
        )
    return int(inside.sum())
