/** Which rows are visible, and helpers shared by all display styles of points. */

import { UNKNOWN } from "./data.js";

/** @typedef {import("./data.js").LayerData} LayerData */

/** Rows drawn between two possible interruptions. */
export const CHUNK = 65_536;

/**
 * The fastest test for whether a row is visible now.
 * @param {LayerData} layer
 * @returns {((row: number) => boolean) | null} Null if all rows from `first` to `last` are.
 */
export function rowTest(layer) {
  const { on, styleOf, shown } = layer;
  const timed = layer.window !== null && (layer.longest > 0 || !layer.sorted || layer.start?.[0] === UNKNOWN);
  const switched = on.some((v) => v === 0);
  if (!timed && !switched && !shown) return null;
  if (!timed && !shown) return (row) => on[styleOf[row]] === 1;
  if (!timed && shown) return (row) => on[styleOf[row]] === 1 && shown[row] === 1;
  return (row) => on[styleOf[row]] === 1 && (!shown || shown[row] === 1) && layer.isThen(row);
}

/** @param {string} colour `#rrggbb` */
export const abgr = (colour) =>
  ((0xff << 24) | (parseInt(colour.slice(5, 7), 16) << 16) | (parseInt(colour.slice(3, 5), 16) << 8) | parseInt(colour.slice(1, 3), 16)) >>> 0;

/**
 * The main colour of a style: the fill, or the outline of white markers.
 * @param {import("./data.js").Style} style
 */
export const mainColour = (style) => (style.fill && style.fill.toLowerCase() !== "#ffffff" ? style.fill : (style.stroke ?? "#333333"));
