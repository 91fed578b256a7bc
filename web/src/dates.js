/** Rows whose day is not known: which they are, and whether they may lie outside of a window. */

import { UNKNOWN } from "./data.js";

/** @typedef {import("./data.js").LayerData} LayerData */

/** How far a day may be from the one written, by the word for its precision. */
const SLACK = /** @type {Record<string, number>} */ ({ days: 6, week: 6, month: 30, year: 365 });
const SHARP = new Set(["exact", "day"]);

/** What was found, with the column that it was found from: the columns of a large layer may come late.
 * @type {WeakMap<LayerData, {codes: unknown, out: Uint16Array}>} */
const known = new WeakMap();

/**
 * Days of doubt a row: 0 where the day is known. A run of days without a word for its precision
 * counts as doubt. Areas and lines hold from day to day; they are not in doubt.
 * @param {LayerData} layer
 * @returns {Uint16Array}
 */
export function doubt(layer) {
  const have = known.get(layer);
  const column = layer.columns[layer.columnNames.indexOf("time_precision")];
  if (have && have.codes === column?.codes) return have.out;
  const out = new Uint16Array(layer.n);
  known.set(layer, { codes: column?.codes, out });
  const { start, end } = layer;
  if (layer.kind !== "point" || !start || !end) return out;
  // By the code of a word: 0 known to the day, days of doubt, or -1 where the run of days decides.
  const byCode = (column?.codes && column.values ? column.values : [""]).map((value) => {
    const word = String(value);
    return SHARP.has(word) ? 0 : Object.hasOwn(SLACK, word) ? SLACK[word] : -1;
  });
  const codes = column?.values ? column.codes : null;
  // Without a word and without runs, every day is known.
  if (byCode.every((slack) => slack <= 0) && layer.longest === 0) return out;
  for (let row = 0; row < layer.n; row++) {
    if (start[row] === UNKNOWN) continue;
    const slack = byCode[codes ? codes[row] : 0];
    const run = end[row] === UNKNOWN ? 0 : end[row] - start[row];
    if (slack === 0) continue;
    if (run > 0) out[row] = Math.min(65535, run);
    else if (slack > 0) out[row] = slack;
  }
  return out;
}

/**
 * Whether a row in the window may have happened outside of it.
 * @param {LayerData} layer
 * @param {number} row
 */
export function mayLieOutside(layer, row) {
  const { start, end, window: days } = layer;
  if (!days || !start || !end || start[row] === UNKNOWN) return false;
  const slack = doubt(layer)[row];
  if (!slack) return false;
  // A run of days bounds the event; a single day with a coarse precision lies somewhere near.
  const run = end[row] > start[row];
  const low = run ? start[row] : start[row] - slack;
  const high = run ? end[row] : start[row] + slack;
  return low < days[0] || high > days[1];
}

/** Rows whose one written day may be another, by what `doubt` found.
 * @type {WeakMap<Uint16Array, number[]>} */
const vague = new WeakMap();

/**
 * How many rows outside of a window of days may have happened in it: a single day that is known
 * to the week, the month or the year only.
 * @param {LayerData} layer
 * @param {[number, number]} days
 */
export function mayLieInside(layer, days) {
  const { start, end, shown, on, styleOf } = layer;
  if (layer.kind !== "point" || !layer.visible || !start || !end) return 0;
  const slack = doubt(layer);
  let rows = vague.get(slack);
  if (!rows) {
    rows = [];
    for (let row = 0; row < layer.n; row++) if (slack[row] && end[row] <= start[row]) rows.push(row);
    vague.set(slack, rows);
  }
  let n = 0;
  for (const row of rows) {
    const day = start[row];
    if (day >= days[0] && day <= days[1]) continue;
    if (day - slack[row] > days[1] || day + slack[row] < days[0]) continue;
    if (on[styleOf[row]] && (!shown || shown[row])) n += 1;
  }
  return n;
}
