"""A picture of the web map, taken by a Chromium of the machine, and never a blank one in silence."""

from __future__ import annotations

import base64
import copy
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geoconflict.errors import Fault, InputError, MissingExtraError, OutputError
from geoconflict.io.atomic import whole_file
from geoconflict.maps.web.facts import worded

if TYPE_CHECKING:
    from geoconflict.maps.scene import Description
    from geoconflict.maps.webmap import Map

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

# Counts and colours are asked of the page, so that the picture is checked against what it shows.
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
    """How a picture is taken.

    Attributes
    ----------
    size_px : tuple of int
        Width and height of the window, in CSS pixels.
    scale : float
        Pixels of the picture a CSS pixel.
    chromium : str or None
        Path of the browser; found by its usual names if None.
    """

    size_px: tuple[int, int] = (1280, 800)
    scale: float = 2.0
    chromium: str | None = None

    def __post_init__(self) -> None:
        """Refuse sizes that no browser draws."""
        faults = [
            Fault(f"{value!r} is not a whole number from 200 to {_LARGEST}", field=name)
            for name, value in zip(("width", "height"), self.size_px, strict=True)
            if not (isinstance(value, int) and 200 <= value <= _LARGEST)
        ]
        if not 0.5 <= self.scale <= 4:
            faults.append(Fault(f"{self.scale!r} is not from 0.5 to 4", field="scale"))
        elif not faults and max(self.size_px) * self.scale > 2 * _LARGEST:
            faults.append(Fault(f"{self.size_px} at scale {self.scale} has a side over {2 * _LARGEST} pixels"))
        if faults:
            msg = "the snapshot cannot be taken so"
            raise InputError(msg, faults)


def snapshot(
    drawn: Map, path: str | Path, *, shot: Shot, theme: str | None = None, assets: str | Path | None = None
) -> Path:
    """Write a picture of the web map as a reader sees it first.

    The page is opened without a network, and the picture is taken when it says that its data
    is drawn. Then each layer's rows in view are counted from its table and compared with what
    the page drew, and the pixels of the map are looked at.

    Parameters
    ----------
    drawn : Map
    path : str or Path
        A ``.png``, written whole or not at all.
    shot : Shot
    theme : str, optional
        In place of the map's own.
    assets : str or Path, optional
        As for ``Map.save``.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the file is not to be a PNG.
    OutputError
        If the page fails, or shows none of the rows that its layers have, or a single colour;
        with what was found.
    MissingExtraError
        If Playwright is not installed.
    """
    if Path(path).suffix.lower() != ".png":
        msg = f"a snapshot is a PNG; {Path(path).name!r} does not end in .png"
        raise InputError(msg)
    picture = taken(drawn, shot, theme=theme, assets=assets)
    with whole_file(path) as temporary:
        temporary.write_bytes(picture)
    return Path(path)


def taken(drawn: Map, shot: Shot, *, theme: str | None = None, assets: str | Path | None = None) -> bytes:
    """Return the picture as the bytes of a PNG; raises as ``snapshot`` does."""
    if theme is not None:
        # The copy shares the layers, what was worked out of them, and what was added to the folium map.
        drawn = copy.copy(drawn)
        drawn.options = replace(drawn.options, theme=theme)
    html = drawn.html(assets=assets)
    # The page calls its layers by names in its own language.
    words = drawn.options.wording()
    found = [worded(d, words) for d in drawn.descriptions() if not d.background]
    browser = chromium(shot.chromium)
    # A notebook runs an event loop of its own, in which Playwright's plain interface refuses to start.
    with ThreadPoolExecutor(1) as other:
        picture, state = other.submit(_open, html, shot, browser).result()
    judge(found, state)
    return picture


def chromium(path: str | None = None) -> str:
    """Return the path of a Chromium, Chrome or Edge on this machine; none is downloaded.

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
    msg = f"no Chromium is on this machine (looked for {', '.join(_NAMES)}); install one, or give its path as chromium="
    raise OutputError(msg)


def _open(html: str, shot: Shot, browser: str) -> tuple[bytes, dict[str, Any]]:
    """Open the page, wait, and return the picture and what the page tells of itself."""
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
                # Chromium refuses its sandbox to root; what it opens is our own page, shut off by its policy.
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
            msg = f"the browser {browser} took no picture: {str(error).splitlines()[0]}"
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
        # Names and columns that came after the first drawing.
        page.evaluate(
            "async () => { while (!geoconflict.whole || geoconflict.busy()) await new Promise(requestAnimationFrame); }"
        )
        page.evaluate("() => Promise.all([...document.images].map((image) => image.decode().catch(() => null)))")
        bare = page.add_style_tag(content=_BARE)
        box = page.locator("#gc-map").bounding_box()
        # The frame's own edge may share a pixel with what is beside it.
        inner = {"x": box["x"] + 3, "y": box["y"] + 3, "width": box["width"] - 6, "height": box["height"] - 6}
        seen = page.screenshot(clip=inner, animations="disabled")
        bare.evaluate("(node) => node.remove()")
        state["colours"] = blank.evaluate(_COLOURS, base64.b64encode(seen).decode("ascii"))
    return page.screenshot(animations="disabled"), state


def judge(described: list[Description], state: dict[str, Any]) -> None:
    """Refuse a picture that does not show what the layers hold.

    Parameters
    ----------
    described : list of Description
        The layers of the map, without the background.
    state : dict
        What the page tells: its flag, what it drew of each layer, what part of the world it shows.

    Raises
    ------
    OutputError
    """
    if state["ready"] != "true":
        why = state["said"] or "; ".join(state["errors"]) or "it gave no reason"
        msg = f"the page could not be drawn, so there is no picture: {why}"
        raise OutputError(msg)
    if state["errors"]:
        msg = f"a script of the page failed, so the picture would not be whole: {'; '.join(state['errors'][:5])}"
        raise OutputError(msg)
    told = dict(state["drawn"])
    shown = {item["name"]: item for item in state["layers"]}
    names = [d.name for d in described]
    lines, faults, total = [], [], 0
    for d in described:
        there = shown.get(d.name)
        if there is None or not there["visible"]:
            lines.append(f"{d.name}: {len(d.table)} rows, not shown at first")
            continue
        wanted = in_view(d, state["seen"], there["days"])
        got = int(told.get(d.name, 0))
        total += got
        lines.append(f"{d.name}: {wanted} of {len(d.table)} rows are in view, {got} were drawn")
        # Layers of one name cannot be told apart in what the page says.
        if wanted and got < (wanted if d.kind == "point" else 1) and names.count(d.name) == 1:
            faults.append(lines[-1])
    if faults:
        msg = "the picture lacks rows that are in view:\n  - " + "\n  - ".join(faults)
        raise OutputError(msg)
    if described and not total:
        msg = "nothing of the layers would be in the picture; give the map another view=, or layers with rows:\n  - "
        raise OutputError(msg + "\n  - ".join(lines))
    if state["colours"] < 2:
        msg = "the map is of a single colour: nothing is drawn on it"
        raise OutputError(msg)


def in_view(layer: Description, seen: list[float], days: list[int] | None) -> int:
    """Return how many rows lie in the part of the world that the page shows, in its window of days.

    Parameters
    ----------
    layer : Description
    seen : list of float
        West, south, east, north; longitudes in one run, also beyond 180 degrees.
    days : list of int or None
        First and last day, counted from 1970-01-01; None for all time.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> from geoconflict.maps.layers import Places
    >>> two = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(179, 0), Point(10, 0)], crs="EPSG:4326")
    >>> in_view(Places(two).describe(), [-185.0, -5.0, -170.0, 5.0], None)
    1
    """
    import shapely

    west, south, east, north = seen
    shapes = np.asarray(layer.table.geometry.array, dtype=object)
    # Mercator ends near 85 degrees: what lies beyond is drawn at the edge of the world, out of view.
    inside = np.zeros(len(shapes), dtype=bool)
    for turn in (-360.0, 0.0, 360.0):
        inside |= shapely.intersects(shapes, shapely.box(west + turn, south, east + turn, north))
    if days is not None and layer.start is not None:
        unknown = np.iinfo(np.int32).min
        last = layer.end if layer.end is not None else layer.start
        inside &= (layer.start == unknown) | ((layer.start <= days[1]) & ((last >= days[0]) | (last == unknown)))
    return int(inside.sum())
