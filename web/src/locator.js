/** A locator map: the wider region with a rectangle of the current view. */

import { svg } from "./dom.js";
import { mercatorX, mercatorY } from "./geo.js";
import { translate } from "./i18n.js";

/**
 * @typedef {{west: number, east: number, north: number, south: number, width: number, height: number, land: string, borders: boolean}} Locator
 *   The region in degrees, the size in pixels, and the land as an SVG path in tenths of a pixel.
 */

const LEAST = 5;

/**
 * @param {import("leaflet").Map} map
 * @param {Locator} locator
 * @returns {Element}
 */
export function locatorInset(map, locator) {
  const { width, height } = locator;
  const [x0, y0] = [mercatorX(locator.west), mercatorY(locator.north)];
  const k = width / (mercatorX(locator.east) - x0);
  const box = svg("rect", { class: "gc-locator-box" });
  const node = svg(
    "svg",
    { class: "gc-locator", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", focusable: "false" },
    svg("path", { d: locator.land, transform: "scale(0.1)", class: locator.borders ? "gc-locator-land" : "gc-locator-land gc-locator-whole" }),
    box,
  );
  node.setAttribute("aria-label", translate("Locator map"));
  const update = () => {
    const seen = map.getBounds();
    const [west, east] = [mercatorX(seen.getWest()), mercatorX(seen.getEast())];
    const [north, south] = [mercatorY(seen.getNorth()), mercatorY(seen.getSouth())];
    // Keep the rectangle large enough to be seen.
    const wide = Math.max(LEAST, (east - west) * k);
    const high = Math.max(LEAST, (south - north) * k);
    const x = ((west + east) / 2 - x0) * k - wide / 2;
    const y = ((north + south) / 2 - y0) * k - high / 2;
    for (const [name, value] of Object.entries({ x, y, width: wide, height: high })) box.setAttribute(name, value.toFixed(1));
  };
  map.on("move zoomend resize", update);
  update();
  return node;
}
