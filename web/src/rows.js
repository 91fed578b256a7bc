/** Which rows are to be seen, and what all ways of drawing points share. */

import { UNKNOWN } from "./data.js";

/** @typedef {import("./data.js").LayerData} LayerData */

/** Rows between two places where drawing may be interrupted. */
export const CHUNK = 65_536;

/**
 * Which rows are to be seen now, as a test of a row that is as short as it can be.
 * @param {LayerData} layer
 * @returns {((row: number) => boolean) | null} Null when all rows from `first` to `last` are.
 */
export function test(layer) {
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
 * The colour that stands for a style where there is room for one: a white mark has that of its rim.
 * @param {import("./data.js").Style} style
 */
export const inkOf = (style) => (style.fill && style.fill.toLowerCase() !== "#ffffff" ? style.fill : (style.stroke ?? "#333333"));
