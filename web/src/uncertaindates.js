/** Rows with uncertain dates, and whether they may be outside the time window. */

import { UNKNOWN } from "./data.js";

/** @typedef {import("./data.js").LayerData} LayerData */

/** Largest error of a date in days, by its precision. */
const MOST_DAYS_OFF = /** @type {Record<string, number>} */ ({ days: 6, week: 6, month: 30, year: 365 });
const EXACT = new Set(["exact", "day"]);

/** Cached results with the column they were computed from, since columns of large layers are loaded later.
 * @type {WeakMap<LayerData, {codes: unknown, out: Uint16Array}>} */
const known = new WeakMap();

/**
 * Uncertainty of the date in days, by row; 0 if the day is known. A range of days without a
 * precision counts as uncertain. Areas and lines have validity periods, not uncertain dates.
 * @param {LayerData} layer
 * @returns {Uint16Array}
 */
export function dateUncertainty(layer) {
  const have = known.get(layer);
  const column = layer.columns[layer.columnNames.indexOf("time_precision")];
  if (have && have.codes === column?.codes) return have.out;
  const out = new Uint16Array(layer.n);
  known.set(layer, { codes: column?.codes, out });
  const { start, end } = layer;
  if (layer.kind !== "point" || !start || !end) return out;
  // By precision code: 0 for exact, uncertainty in days, or -1 if the range of days decides.
  const byCode = (column?.codes && column.values ? column.values : [""]).map((value) => {
    const word = String(value);
    return EXACT.has(word) ? 0 : Object.hasOwn(MOST_DAYS_OFF, word) ? MOST_DAYS_OFF[word] : -1;
  });
  const codes = column?.values ? column.codes : null;
  // Without precision and ranges, every date is exact.
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
 * Whether a row in the time window may have happened outside it.
 * @param {LayerData} layer
 * @param {number} row
 */
export function mayBeOutsideWindow(layer, row) {
  const { start, end, window: days } = layer;
  if (!days || !start || !end || start[row] === UNKNOWN) return false;
  const slack = dateUncertainty(layer)[row];
  if (!slack) return false;
  // A range bounds the event; a single day with a coarse precision may be off either way.
  const run = end[row] > start[row];
  const low = run ? start[row] : start[row] - slack;
  const high = run ? end[row] : start[row] + slack;
  return low < days[0] || high > days[1];
}

/** Rows with a single, uncertain day, by their `dateUncertainty` array.
 * @type {WeakMap<Uint16Array, number[]>} */
const uncertain = new WeakMap();

/**
 * Count rows outside a time window that may have happened within it: those with a single day
 * that is only known to the week, month or year.
 * @param {LayerData} layer
 * @param {[number, number]} days
 */
export function mayFallInWindow(layer, days) {
  const { start, end, shown, on, styleOf } = layer;
  if (layer.kind !== "point" || !layer.visible || !start || !end) return 0;
  const slack = dateUncertainty(layer);
  let rows = uncertain.get(slack);
  if (!rows) {
    rows = [];
    for (let row = 0; row < layer.n; row++) if (slack[row] && end[row] <= start[row]) rows.push(row);
    uncertain.set(slack, rows);
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
