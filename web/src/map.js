/** Create the Leaflet map from the page's settings and fit it to its bounding box. */

import { translate } from "./i18n.js";

export const reducedMotion = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
export const narrow = window.matchMedia("(max-width: 640px)").matches;

/**
 * The colour theme of the page; "auto" follows the reader's device.
 * @param {string} wanted
 * @returns {"light" | "dark" | "contrast"}
 */
export function resolveTheme(wanted) {
  if (wanted === "dark" || wanted === "contrast") return wanted;
  if (wanted !== "auto") return "light";
  if (window.matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * @typedef {{map: import("leaflet").Map, fit: (aside?: number, below?: number) => void}} FittedMap
 */

/** Whether the page is right-to-left: tools on the right, legend on the left. */
export const rightToLeft = document.documentElement.dir === "rtl";

/**
 * @param {any} config
 * @returns {FittedMap}
 */
export function createMap(config) {
  const [west, south, east, north] = config.box;
  const box = L.latLngBounds([south, west], [north, east]);
  const extent = L.latLngBounds([config.extent[1], config.extent[0]], [config.extent[3], config.extent[2]]);
  const map = L.map("gc-map", {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 90,
    maxZoom: 18,
    maxBounds: extent,
    maxBoundsViscosity: 0.9,
    fadeAnimation: !reducedMotion,
    zoomAnimation: !reducedMotion,
    inertia: !reducedMotion,
  });
  L.control.zoom({ zoomInTitle: translate("Zoom in"), zoomOutTitle: translate("Zoom out") }).addTo(map);
  /**
   * @param {number} [aside] Pixels covered by the legend at the side.
   * @param {number} [below] Pixels covered by the time slider at the bottom.
   */
  function fit(aside = 0, below = 0) {
    covered = { aside, below };
    map.setMinZoom(0);
    const [paddingTopLeft, paddingBottomRight] = paddings();
    map.fitBounds(box, { paddingTopLeft, paddingBottomRight, animate: false });
    map.setMinZoom(leastZoom());
  }
  let covered = { aside: 0, below: 0 };
  /** Paddings at the top left and at the bottom right, limited in a small container, which they would otherwise fill. */
  function paddings() {
    const most = map.getSize().multiplyBy(0.4);
    const [tools, legend] = [narrow ? 44 : 50, 18 + covered.aside].map((x) => Math.min(x, most.x));
    return [
      L.point(rightToLeft ? legend : tools, Math.min(18, most.y)),
      L.point(rightToLeft ? tools : legend, Math.min(18 + covered.below, most.y)),
    ];
  }
  /** The zoom at which the extent fills the map, or the view fits into it; the minimum zoom must be 0 now. */
  function leastZoom() {
    const [topLeft, bottomRight] = paddings();
    const fitted = map.getBoundsZoom(box, false, topLeft.add(bottomRight));
    return Math.min(fitted, Math.max(map.getBoundsZoom(extent, true), 0));
  }
  /** Keep the map within its extent when its size changes; printing has its own zoom. */
  function limit() {
    if (document.documentElement.classList.contains("gc-printing")) return;
    map.setMinZoom(0);
    const least = leastZoom();
    if (map.getZoom() < least) map.setZoom(least, { animate: false });
    map.setMinZoom(least);
    map.panInsideBounds(extent, { animate: false });
  }
  fit();
  map.on("resize", limit);
  return { map, fit };
}
