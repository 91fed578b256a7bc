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
    map.setMinZoom(0);
    // Limit the paddings in a small container, which they would otherwise fill.
    const most = map.getSize().multiplyBy(0.4);
    const [tools, legend] = [narrow ? 44 : 50, 18 + aside].map((x) => Math.min(x, most.x));
    map.fitBounds([[south, west], [north, east]], {
      paddingTopLeft: [rightToLeft ? legend : tools, Math.min(18, most.y)],
      paddingBottomRight: [rightToLeft ? tools : legend, Math.min(18 + below, most.y)],
      animate: false,
    });
    const fill = map.getBoundsZoom(extent, true);
    map.setMinZoom(Math.min(map.getZoom(), Math.max(fill, 0)));
  }
  fit();
  return { map, fit };
}
