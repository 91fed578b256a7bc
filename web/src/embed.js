/**
 * Messages between a map in a frame and its parent page.
 *
 * Messages are objects with the key `geoconflict`. The parent page is not trusted: a message that
 * is not exactly of an expected form is answered with `refused` and changes nothing.
 */

import { mercatorY } from "./geo.js";
import { isDay } from "./permalink.js";

/**
 * @typedef {{
 *   select: (layer: string, row: number) => boolean,
 *   view: (longitude: number, latitude: number, zoom: number) => boolean,
 *   time: (from: string, to: string) => boolean,
 * }} Acts Each returns whether it could be done.
 */

const FORMS = /** @type {Record<string, string[]>} */ ({
  select: ["layer", "row"],
  view: ["longitude", "latitude", "zoom"],
  time: ["from", "to"],
});

/**
 * Check a message and act on it.
 * @param {unknown} data
 * @param {Acts} acts
 * @returns {string | null} Why it was refused; null if it was done.
 */
export function handleMessage(data, acts) {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return "not an object";
  const message = /** @type {Record<string, unknown>} */ (data);
  const kind = message.geoconflict;
  if (typeof kind !== "string" || !Object.hasOwn(FORMS, kind)) return "unknown kind; one of select, view, time";
  const wanted = FORMS[kind];
  const found = Object.keys(message).filter((key) => key !== "geoconflict");
  if (found.length !== wanted.length || !wanted.every((key) => Object.hasOwn(message, key))) return `needs exactly ${wanted.join(", ")}`;
  const within = (/** @type {unknown} */ v, /** @type {number} */ low, /** @type {number} */ high) => typeof v === "number" && v >= low && v <= high;
  if (kind === "select") {
    const { layer, row } = message;
    if (typeof layer !== "string" || layer.length > 400 || !Number.isInteger(row) || !within(row, 0, 2 ** 31)) return "layer is a text, row a whole number from 0";
    return acts.select(layer, /** @type {number} */ (row)) ? null : "no such row is visible";
  }
  if (kind === "view") {
    const { longitude, latitude, zoom } = message;
    if (!within(longitude, -360, 360) || !within(latitude, -90, 90) || !within(zoom, 0, 18)) return "longitude, latitude or zoom is out of range";
    return acts.view(Number(longitude), Number(latitude), Number(zoom)) ? null : "that location is outside the map area";
  }
  const { from, to } = message;
  if (!isDay(from) || !isDay(to) || String(from) > String(to)) return "from and to are days as YYYY-MM-DD, in their order";
  return acts.time(String(from), String(to)) ? null : "this map has no time slider";
}

/**
 * Listen to messages of the parent page.
 * @param {Acts} acts
 */
export function listenToParent(acts) {
  if (window.parent === window) return;
  window.addEventListener("message", (event) => {
    // Ignore other frames, and messages of other tools.
    if (event.source !== window.parent) return;
    if (typeof event.data !== "object" || event.data === null || !Object.hasOwn(event.data, "geoconflict")) return;
    const reason = handleMessage(event.data, acts);
    if (reason) postToParent("refused", { reason });
  });
}

const LEAST = 420;
const MOST = 900;

/**
 * The height at which the view fills the map's width, including header and footer.
 * @param {number[]} box West, south, east, north of the view.
 * @param {number} width Of the frame, in CSS pixels.
 * @param {number} beside Height of header and footer.
 * @returns {number} From 420 to 900 pixels.
 */
export function preferredHeight(box, width, beside) {
  const [west, south, east, north] = box;
  const wide = Math.max((east - west) / 360, 1e-9);
  const high = mercatorY(Math.max(south, -85)) - mercatorY(Math.min(north, 85));
  return Math.round(Math.min(MOST, Math.max(LEAST, (width * high) / wide + beside)));
}

/**
 * Send a message to the parent page, if there is one.
 * @param {string} kind
 * @param {object} what
 */
export function postToParent(kind, what) {
  if (window.parent !== window) window.parent.postMessage({ geoconflict: kind, ...what }, "*");
}

/**
 * Send the preferred height now as "ready", and as "height" whenever the width changes.
 * @param {any} config
 */
export function postHeight(config) {
  // On a narrow page the time slider and the legend take height from the map.
  const beside = () => {
    const high = (/** @type {string} */ what) => /** @type {HTMLElement | null} */ (document.querySelector(what))?.offsetHeight ?? 0;
    const over = document.documentElement.clientWidth <= 640 ? high(".gc-time") + Math.min(high(".gc-legend"), 280) : 0;
    return high(".gc-head") + high(".gc-foot") + over;
  };
  const height = () => preferredHeight(config.box, document.documentElement.clientWidth, beside());
  let width = document.documentElement.clientWidth;
  postToParent("ready", { height: height() });
  window.addEventListener("resize", () => {
    // The parent page reacts by changing the height, which must not be reported again.
    if (document.documentElement.clientWidth === width) return;
    width = document.documentElement.clientWidth;
    postToParent("height", { height: height() });
  });
}
