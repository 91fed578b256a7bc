/**
 * Printing: the map is redrawn at a fixed size and high resolution, and `print.css` scales it to
 * the paper. Active filters and hidden layers are listed beside it.
 */

import { el } from "./dom.js";
import { narrow, rightToLeft } from "./map.js";

/** Resolution of the canvases in print, relative to the screen. */
let printRatio = 1;

/** Canvas pixels per CSS pixel. */
export const pixelRatio = () => Math.min(3, Math.max(printRatio, window.devicePixelRatio || 1));

/** Whether the map is drawn for print, without interruption. */
export const isPrinting = () => printRatio > 1;

/**
 * The part of the map that legend and time slider do not cover.
 * @param {import("leaflet").Map} map
 */
function uncovered(map) {
  const size = map.getSize();
  const wide = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (document.querySelector(what));
  const beside = narrow ? 0 : Math.min((wide(".gc-legend")?.offsetWidth ?? 0) + 10, size.x / 3);
  const below = narrow ? 0 : Math.min((wide(".gc-time")?.offsetHeight ?? 0) + 12, size.y / 3);
  const [left, right] = rightToLeft ? [beside, size.x] : [0, size.x - beside];
  return L.latLngBounds(map.containerPointToLatLng([left, size.y - below]), map.containerPointToLatLng([right, 0]));
}

/**
 * Merge the canvases of the map into one for printing: in Chromium's PDF, a cleared canvas hides
 * what is below it.
 * @param {import("leaflet").Map} map
 */
function flatten(map) {
  const container = map.getContainer();
  const layers = /** @type {HTMLCanvasElement[]} */ ([...container.querySelectorAll(".leaflet-map-pane canvas")]).filter((c) => c.width && c.height && getComputedStyle(c).visibility !== "hidden");
  if (!layers.length) return;
  const depth = (/** @type {HTMLElement} */ c) => Number(getComputedStyle(/** @type {Element} */ (c.parentElement)).zIndex) || 0;
  layers.sort((a, b) => depth(a) - depth(b));
  const [lowest] = layers;
  const one = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "gc-paper", width: lowest.width, height: lowest.height, "aria-hidden": "true" }));
  one.style.cssText = lowest.style.cssText;
  const ink = one.getContext("2d");
  if (!ink) return;
  ink.fillStyle = getComputedStyle(container).backgroundColor;
  ink.fillRect(0, 0, one.width, one.height);
  for (const canvas of layers) ink.drawImage(canvas, 0, 0);
  lowest.before(one);
}

/**
 * @param {import("leaflet").Map} map
 * @param {() => string[]} describe Describes active filters and hidden layers.
 * @param {() => void} redraw
 */
export function printing(map, describe, redraw) {
  const notes = el("ul", { class: "gc-print-said" });
  document.querySelector(".gc-foot")?.before(notes);
  /** @type {{at: import("leaflet").LatLng, zoom: number, least: number, snap: number | undefined, theme: string, open: [HTMLDetailsElement, boolean][]} | null} */
  let before = null;
  window.addEventListener("beforeprint", () => {
    if (before) return;
    const root = document.documentElement;
    const open = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details.gc-legend, details.gc-about")]);
    before = { at: map.getCenter(), zoom: map.getZoom(), least: map.getMinZoom(), snap: map.options.zoomSnap, theme: root.dataset.gcTheme ?? "light", open: open.map((node) => [node, node.open]) };
    for (const node of open) node.open = true;
    // Print dark pages in the light theme.
    if (before.theme === "dark") root.dataset.gcTheme = "light";
    const seen = uncovered(map);
    map.closePopup();
    root.classList.add("gc-printing");
    printRatio = 2.5;
    map.invalidateSize({ animate: false, pan: false });
    // Fit exactly, without zoom steps.
    map.options.zoomSnap = 0;
    map.setMinZoom(0);
    map.fitBounds(seen, { animate: false, padding: [0, 0] });
    notes.replaceChildren(...describe().map((text) => el("li", {}, el("bdi", {}, text))));
    // Show the locator map in the legend, where it covers nothing.
    const inset = document.querySelector(".gc-map .gc-locator");
    if (inset) document.querySelector(".gc-legend-list")?.append(inset.cloneNode(true));
    redraw();
    flatten(map);
  });
  window.addEventListener("afterprint", () => {
    if (!before) return;
    const root = document.documentElement;
    root.classList.remove("gc-printing");
    document.querySelector(".gc-paper")?.remove();
    document.querySelector(".gc-legend .gc-locator")?.remove();
    root.dataset.gcTheme = before.theme;
    printRatio = 1;
    for (const [node, was] of before.open) node.open = was;
    map.invalidateSize({ animate: false, pan: false });
    map.options.zoomSnap = before.snap;
    map.setMinZoom(before.least);
    map.setView(before.at, before.zoom, { animate: false });
    notes.replaceChildren();
    redraw();
    before = null;
  });
}
