/** Search long texts, which are compressed in blocks, in slices so that the page stays responsive. */

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{stopped: boolean}} Run Set `stopped` to end it.
 */

const SLICE_MS = 24;

/** The columns of a layer that are stored in blocks. */
export const longTextColumns = (/** @type {LayerData} */ layer) => layer.columns.map((column, c) => (column.blocks ? c : -1)).filter((c) => c >= 0);

/**
 * Visit the values of columns, block by block.
 * @param {LayerData} layer
 * @param {number[]} columns
 * @param {(value: any, row: number, c: number) => void} use
 * @param {Run} run
 * @param {(share: number) => void} tell Called after each slice with the share done, from 0 to 1.
 * @returns {Promise<boolean>} Whether all blocks were read.
 */
export async function scanBlocks(layer, columns, use, run, tell) {
  const all = columns.reduce((sum, c) => sum + (layer.columns[c].blocks?.count ?? 0), 0);
  let done = 0;
  let since = performance.now();
  for (const c of columns) {
    const blocks = /** @type {import("./codec.js").Blocks} */ (layer.columns[c].blocks);
    for (let i = 0; i < blocks.count; i++) {
      const values = await blocks.read(i);
      if (run.stopped) return false;
      const first = i * blocks.rows;
      for (let k = 0; k < values.length; k++) use(values[k], first + k, c);
      done += 1;
      if (performance.now() - since > SLICE_MS) {
        tell(done / all);
        await new Promise((next) => window.setTimeout(next, 0));
        if (run.stopped) return false;
        since = performance.now();
      }
    }
  }
  tell(1);
  return true;
}

/**
 * Mark the rows whose long texts contain a text, ignoring case.
 * @param {LayerData} layer
 * @param {string} text
 * @param {Uint8Array} hit One value per row; set to 1 where the text is found.
 * @param {Run} run
 * @param {(share: number) => void} tell
 */
export function searchLongTexts(layer, text, hit, run, tell) {
  const wanted = text.trim().toLocaleLowerCase();
  return scanBlocks(layer, longTextColumns(layer), (value, row) => {
    if (!hit[row] && typeof value === "string" && value.toLocaleLowerCase().includes(wanted)) hit[row] = 1;
  }, run, tell);
}

/**
 * Read all values of one column.
 * @param {LayerData} layer
 * @param {number} c
 * @param {Run} run
 * @param {(share: number) => void} tell
 * @returns {Promise<(string | null)[] | null>} Null if it was stopped.
 */
export async function readColumn(layer, c, run, tell) {
  const out = new Array(layer.n).fill(null);
  const whole = await scanBlocks(layer, [c], (value, row) => {
    out[row] = value;
  }, run, tell);
  return whole ? out : null;
}
