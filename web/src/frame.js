/** The page around a frame that holds the map: how high the map would be, and what was chosen. */

import { mercatorY } from "./geo.js";

const LEAST = 420;
const MOST = 900;

/**
 * The height at which the view fills the map's width, with the head and the foot.
 * @param {number[]} box West, south, east, north of the view.
 * @param {number} width Of the frame, in CSS pixels.
 * @param {number} beside Height of head and foot.
 * @returns {number} From 420 to 900 pixels.
 */
export function wantedHeight(box, width, beside) {
  const [west, south, east, north] = box;
  const wide = Math.max((east - west) / 360, 1e-9);
  const high = mercatorY(Math.max(south, -85)) - mercatorY(Math.min(north, 85));
  return Math.round(Math.min(MOST, Math.max(LEAST, (width * high) / wide + beside)));
}

/**
 * Tell the page around the frame something; nothing where there is none.
 * @param {string} kind
 * @param {object} what
 */
export function tellParent(kind, what) {
  if (window.parent !== window) window.parent.postMessage({ geoconflict: kind, ...what }, "*");
}

/**
 * Tell the wanted height now, as "ready", and again as "height" when the width changes.
 * @param {any} config
 */
export function tellHeight(config) {
  // On a narrow page the slider and the legend lie over a map that is low as it is.
  const beside = () => {
    const high = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (document.querySelector(what))?.offsetHeight ?? 0;
    const over = document.documentElement.clientWidth <= 640 ? high(".gc-time") + Math.min(high(".gc-legend"), 280) : 0;
    return high(".gc-head") + high(".gc-foot") + over;
  };
  const height = () => wantedHeight(config.box, document.documentElement.clientWidth, beside());
  let width = document.documentElement.clientWidth;
  tellParent("ready", { height: height() });
  window.addEventListener("resize", () => {
    // The page around changes the height because of this; that must not be told again.
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    tellParent("height", { height: height() });
  });
}
