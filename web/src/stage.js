/** The Leaflet map of the page: made from the page's settings, fitted to its box. */

import { say } from "./words.js";

export const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
export const narrow = window.matchMedia("(max-width: 640px)").matches;

/**
 * The colours of the page: those asked for, or those of the reader's device.
 * @param {string} wanted
 * @returns {"light" | "dark" | "contrast"}
 */
export function themeOf(wanted) {
  if (wanted === "dark" || wanted === "contrast") return wanted;
  if (wanted !== "auto") return "light";
  if (window.matchMedia("(prefers-contrast: more)").matches) return "contrast";
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/**
 * @typedef {{map: import("leaflet").Map, fit: (aside?: number, below?: number) => void}} Stage
 */

/** Whether the page is mirrored: the tools stand at the right, the legend at the left. */
export const rightToLeft = document.documentElement.dir === "rtl";

/**
 * @param {any} config
 * @returns {Stage}
 */
export function stage(config) {
  const [west, south, east, north] = config.box;
  const ground = L.latLngBounds([config.ground[1], config.ground[0]], [config.ground[3], config.ground[2]]);
  const map = L.map("gc-map", {
    attributionControl: false,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    wheelPxPerZoomLevel: 90,
    maxZoom: 18,
    maxBounds: ground,
    maxBoundsViscosity: 0.9,
    fadeAnimation: !quiet,
    zoomAnimation: !quiet,
    inertia: !quiet,
  });
  L.control.zoom({ zoomInTitle: say("Zoom in"), zoomOutTitle: say("Zoom out") }).addTo(map);
  /**
   * @param {number} [aside] Pixels at the side that the legend covers.
   * @param {number} [below] Pixels at the foot that the slider covers.
   */
  function fit(aside = 0, below = 0) {
    map.setMinZoom(0);
    // Paddings larger than the container would leave no room to fit to.
    const most = map.getSize().multiplyBy(0.4);
    const [tools, legend] = [narrow ? 44 : 50, 18 + aside].map((x) => Math.min(x, most.x));
    map.fitBounds([[south, west], [north, east]], {
      paddingTopLeft: [rightToLeft ? legend : tools, Math.min(18, most.y)],
      paddingBottomRight: [rightToLeft ? tools : legend, Math.min(18 + below, most.y)],
      animate: false,
    });
    const fill = map.getBoundsZoom(ground, true);
    map.setMinZoom(Math.min(map.getZoom(), Math.max(fill, 0)));
  }
  fit();
  return { map, fit };
}
