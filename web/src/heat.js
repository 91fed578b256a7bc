/** Point density: counts per screen cell, or a smoothed heatmap. */

import { latitude, metresPerWorld } from "./geo.js";
import { translate } from "./i18n.js";
import { abgr, CHUNK, rowTest } from "./rowfilter.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./canvaslayer.js").View} View
 * @typedef {import("./points.js").Drawn} Drawn
 */

/** @type {HTMLCanvasElement | null} */
let tile = null;

/**
 * Count rows in square cells of the canvas.
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} cell Pixels.
 * @param {{seen: Int32Array, count: number, next: number} | null} begun Rows in view that were found already.
 * @returns {Generator<void, {counts: Float32Array<ArrayBuffer>, wide: number, high: number, rows: number, most: number}>}
 */
function* count(layer, view, cell, begun) {
  const wide = Math.ceil(view.width / cell);
  const high = Math.ceil(view.height / cell);
  const counts = new Float32Array(wide * high);
  if (!layer.x || !layer.y || !layer.visible) return { counts, wide, high, rows: 0, most: 0 };
  const { x: xs, y: ys } = layer;
  const k = view.scale / cell;
  const [left, top] = [view.left / cell, view.top / cell];
  let [rows, most] = [0, 0];
  const put = (/** @type {number} */ row) => {
    const x = xs[row] * k - left;
    const y = ys[row] * k - top;
    if (!(x >= 0 && y >= 0 && x < wide && y < high)) return;
    rows += 1;
    const n = ++counts[(y | 0) * wide + (x | 0)];
    if (n > most) most = n;
  };
  if (begun) for (let i = 0; i < begun.count; i++) put(begun.seen[i]);
  const good = rowTest(layer);
  for (let row = begun?.next ?? layer.first; row < layer.last; ) {
    const end = Math.min(layer.last, row + CHUNK);
    if (good) {
      for (; row < end; row++) if (good(row)) put(row);
    } else {
      for (; row < end; row++) put(row);
    }
    yield;
  }
  return { counts, wide, high, rows, most };
}

/**
 * Draw an image of cells on the canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {ImageData} image
 * @param {number} cell
 * @param {boolean} smooth
 */
function drawCells(context, image, cell, smooth) {
  tile ??= document.createElement("canvas");
  [tile.width, tile.height] = [image.width, image.height];
  /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d")).putImageData(image, 0, 0);
  context.imageSmoothingEnabled = smooth;
  context.drawImage(tile, 0, 0, image.width * cell, image.height * cell);
  context.imageSmoothingEnabled = true;
}

/**
 * Shade cells of three pixels by the logarithm of their count.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{ink: string}} colours
 * @param {{seen: Int32Array, count: number, next: number} | null} begun
 * @returns {Generator<void, Drawn>}
 */
export function* density(context, layer, view, { ink }, begun) {
  const cell = 3;
  const { counts, wide, high, rows, most } = yield* count(layer, view, cell, begun);
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const colour = abgr(ink) & 0x00ffffff;
  const shades = Uint32Array.from({ length: 256 }, (_, i) => ((Math.round(40 + (215 * i) / 255) << 24) | colour) >>> 0);
  const scale = 255 / Math.log(most + 1);
  for (let i = 0; i < counts.length; i++) if (counts[i]) pixels[i] = shades[(Math.log(counts[i] + 1) * scale) | 0];
  drawCells(context, image, cell, false);
  return { rows, mode: "density", most, metres: 0, classes: [] };
}

/**
 * Smooth with three box filters, which approximate a Gaussian (Wells, IEEE PAMI 8, 1986).
 * @param {Float32Array<ArrayBuffer>} values
 * @param {number} wide
 * @param {number} high
 * @param {number} r Radius of the box filter in cells.
 */
export function smooth(values, wide, high, r) {
  let from = values;
  let to = new Float32Array(values.length);
  /**
   * @param {number} lines
   * @param {number} length
   * @param {number} step Between cells of a line.
   * @param {number} next Between lines.
   */
  const pass = (lines, length, step, next) => {
    for (let line = 0; line < lines; line++) {
      const at = line * next;
      let sum = 0;
      for (let i = 0; i <= Math.min(r, length - 1); i++) sum += from[at + i * step];
      for (let i = 0; i < length; i++) {
        to[at + i * step] = sum / (2 * r + 1);
        if (i + r + 1 < length) sum += from[at + (i + r + 1) * step];
        if (i - r >= 0) sum -= from[at + (i - r) * step];
      }
    }
    [from, to] = [to, from];
  };
  for (let i = 0; i < 3; i++) {
    pass(high, wide, 1, wide);
    pass(wide, high, wide, 1);
  }
  return from;
}

/**
 * Draw a heatmap: point density, smoothed over about twenty pixels.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{ramp: string[]}} colours
 * @returns {Generator<void, Drawn>}
 */
export function* heat(context, layer, view, { ramp }) {
  const cell = 4;
  const { counts, wide, high, rows } = yield* count(layer, view, cell, null);
  const r = 3;
  const values = smooth(counts, wide, high, r);
  let most = 0;
  for (const v of values) if (v > most) most = v;
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  // From transparent to the end of the colour ramp, by the square root, so that low densities are visible.
  const shades = Uint32Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (ramp.length - 1);
    return ((Math.round(Math.min(1, i / 60) * 215) << 24) | (mix(ramp[Math.floor(at)], ramp[Math.ceil(at)], at % 1) & 0xffffff)) >>> 0;
  });
  if (most > 0) for (let i = 0; i < values.length; i++) if (values[i] > 0) pixels[i] = shades[(Math.sqrt(values[i] / most) * 255) | 0];
  drawCells(context, image, cell, true);
  // Standard deviation of three box filters of 2r + 1 cells.
  const sigma = Math.sqrt((3 * ((2 * r + 1) ** 2 - 1)) / 12) * cell;
  const middle = latitude((view.top + view.height / 2) / view.scale);
  const steps = ramp.map((colour, i) => ({ colour, label: i === 0 ? translate("low") : i === ramp.length - 1 ? translate("high") : "" }));
  return { rows, mode: "heat", most: 0, metres: (sigma / view.scale) * metresPerWorld(middle), classes: rows ? steps : [] };
}

/**
 * @param {string} a `#rrggbb`
 * @param {string} b
 * @param {number} share Of the second.
 */
function mix(a, b, share) {
  const [p, q] = [abgr(a), abgr(b)];
  let out = 0;
  for (const shift of [0, 8, 16]) out |= Math.round(((p >> shift) & 255) * (1 - share) + ((q >> shift) & 255) * share) << shift;
  return out;
}
