/**
 * The map in a frame: what it tells the page round it, and what that page may ask.
 *
 * Messages are objects with the key `geoconflict`. The page round the map is not trusted: a
 * message that is not exactly of the right form is answered with `refused` and changes nothing.
 */

import { isDay } from "./address.js";
import { tellParent } from "./frame.js";

/**
 * @typedef {{
 *   select: (layer: string, row: number) => boolean,
 *   view: (longitude: number, latitude: number, zoom: number) => boolean,
 *   time: (from: string, to: string) => boolean,
 * }} Acts Each says whether it could be done.
 */

const FORMS = /** @type {Record<string, string[]>} */ ({
  select: ["layer", "row"],
  view: ["longitude", "latitude", "zoom"],
  time: ["from", "to"],
});

/**
 * Check a message and do what it asks.
 * @param {unknown} data
 * @param {Acts} acts
 * @returns {string | null} Why it was refused; null when it was done.
 */
export function obey(data, acts) {
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
    return acts.select(layer, /** @type {number} */ (row)) ? null : "no such row is to be seen";
  }
  if (kind === "view") {
    const { longitude, latitude, zoom } = message;
    if (!within(longitude, -360, 360) || !within(latitude, -90, 90) || !within(zoom, 0, 18)) return "longitude, latitude or zoom is out of range";
    return acts.view(Number(longitude), Number(latitude), Number(zoom)) ? null : "that place lies outside of this map";
  }
  const { from, to } = message;
  if (!isDay(from) || !isDay(to) || String(from) > String(to)) return "from and to are days as YYYY-MM-DD, in their order";
  return acts.time(String(from), String(to)) ? null : "this map has no slider of time";
}

/**
 * Listen to the page round the frame.
 * @param {Acts} acts
 */
export function embed(acts) {
  if (window.parent === window) return;
  window.addEventListener("message", (event) => {
    // Other frames have no say, and messages of other tools are no business of ours.
    if (event.source !== window.parent) return;
    if (typeof event.data !== "object" || event.data === null || !Object.hasOwn(event.data, "geoconflict")) return;
    const reason = obey(event.data, acts);
    if (reason) tellParent("refused", { reason });
  });
}
