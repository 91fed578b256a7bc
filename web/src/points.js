/**
 * Draw layers of points: few as marks with circles of uncertainty, many as dots, very many as
 * shades of density. Always in the order of the rows, so that no type hides another.
 */

import { latitude, metresPerWorld } from "./geo.js";
import { drawMarker } from "./paint.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./data.js").Style} Style
 * @typedef {import("./surface.js").View} View
 * @typedef {{rows: number, mode: "marks" | "dots" | "density", most: number}} Drawn
 */

/** Up to so many in view, marks; up to so many, dots; beyond, density. */
export const MARKS = 8_000;
export const DOTS = 120_000;
/** Up to so many in view, circles of uncertainty. */
export const CIRCLES = 3_000;
const SPREAD = 60;

/** @type {Int32Array} */
let seen = new Int32Array(1024);

/**
 * Collect the rows in view.
 * @param {LayerData} layer
 * @param {View} view
 * @returns {number} How many; they stand in `seen`.
 */
function collect(layer, view) {
  if (seen.length < layer.n) seen = new Int32Array(layer.n);
  const { x: xs, y: ys, on, styleOf, shown } = layer;
  if (!xs || !ys || !layer.visible) return 0;
  const west = (view.left - 20) / view.scale;
  const east = (view.left + view.width + 20) / view.scale;
  const north = (view.top - 20) / view.scale;
  const south = (view.top + view.height + 20) / view.scale;
  const timed = layer.window !== null && (layer.longest > 0 || !layer.sorted || layer.start?.[0] === -2147483648);
  let count = 0;
  for (let row = layer.first; row < layer.last; row++) {
    const x = xs[row];
    if (x < west || x > east) continue;
    const y = ys[row];
    if (y < north || y > south || !on[styleOf[row]]) continue;
    if (shown && !shown[row]) continue;
    if (timed && !layer.isThen(row)) continue;
    seen[count++] = row;
  }
  return count;
}

/**
 * Draw a layer of points.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {string} ink Colour of density, `#rrggbb`.
 * @returns {Drawn}
 */
export function drawPoints(context, layer, view, ink) {
  const count = collect(layer, view);
  layer.spread = null;
  if (count > DOTS) return { rows: count, mode: "density", most: density(context, layer, view, count, ink) };
  if (count > MARKS) {
    dots(context, layer, view, count);
    return { rows: count, mode: "dots", most: 0 };
  }
  const vague = drawCircles(context, layer, view, count);
  marks(context, layer, view, count, vague);
  return { rows: count, mode: "marks", most: 0 };
}

/**
 * @param {LayerData} layer
 * @param {number} ratio
 */
function sprites(layer, ratio) {
  return layer.styles.map((style) => {
    const half = Math.ceil(style.r * 1.4 + style.width + 1);
    return [1, 0.6].map((factor) => {
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.ceil(2 * half * ratio);
      const ink = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
      ink.setTransform(ratio, 0, 0, ratio, half * ratio, half * ratio);
      drawMarker(ink, style, factor);
      return { tile, half };
    });
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @param {Set<number> | null} vague
 */
function marks(context, layer, view, count, vague) {
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  const { ratio } = view;
  const tiles = sprites(layer, ratio);
  spread(context, layer, view, count);
  for (let i = 0; i < count; i++) {
    const row = seen[i];
    const aside = layer.spread?.get(row);
    const x = xs[row] * view.scale - view.left + (aside ? aside[0] : 0);
    const y = ys[row] * view.scale - view.top + (aside ? aside[1] : 0);
    const { tile, half } = tiles[layer.styleOf[row]][vague?.has(row) ? 1 : 0];
    // At whole pixels a mark is copied; between them it would be resampled, ten times slower.
    context.drawImage(tile, Math.round((x - half) * ratio) / ratio, Math.round((y - half) * ratio) / ratio, 2 * half, 2 * half);
  }
}

/**
 * Set points of one place side by side on a spiral, and ring them, so that none hides another.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 */
function spread(context, layer, view, count) {
  if (view.zoom < 8 || count < 2 || count > CIRCLES) return;
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  /** @type {Map<string, number[]>} */
  const places = new Map();
  for (let i = 0; i < count; i++) {
    const row = seen[i];
    const key = `${xs[row]} ${ys[row]}`;
    const rows = places.get(key);
    if (rows) rows.push(row);
    else places.set(key, [row]);
  }
  const r = Math.max(...layer.styles.map((s) => s.r));
  layer.spread = new Map();
  for (const rows of places.values()) {
    if (rows.length < 2 || rows.length > SPREAD) continue;
    const step = r * 1.25;
    rows.forEach((row, k) => {
      const [a, d] = [k * 2.399963, step * Math.sqrt(k + 0.6)];
      layer.spread?.set(row, [d * Math.cos(a), d * Math.sin(a)]);
    });
    context.beginPath();
    context.arc(xs[rows[0]] * view.scale - view.left, ys[rows[0]] * view.scale - view.top, step * Math.sqrt(rows.length) + r, 0, 2 * Math.PI);
    context.fillStyle = "rgba(255, 255, 255, 0.55)";
    context.fill();
    context.setLineDash([]);
    context.strokeStyle = "rgba(60, 56, 50, 0.6)";
    context.lineWidth = 0.8;
    context.stroke();
  }
}

/**
 * Draw each circle of uncertainty once, however many rows share it.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @returns {Set<number> | null} The rows whose place is vague at this scale.
 */
function drawCircles(context, layer, view, count) {
  if (!layer.radius || count > CIRCLES) return null;
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  /** @type {Set<number>} */
  const vague = new Set();
  const done = new Set();
  const limit = Math.max(view.width, view.height);
  // Circles reach into the view from outside; a few thousand rows are looked at for that.
  const all = layer.last - layer.first <= 20_000;
  const total = all ? layer.last - layer.first : count;
  context.setLineDash([4, 3]);
  for (let i = 0; i < total; i++) {
    const row = all ? layer.first + i : seen[i];
    const metres = layer.radius[row];
    if (!(metres > 0)) continue;
    const style = layer.styles[layer.styleOf[row]];
    const r = (metres / metresPerWorld(latitude(ys[row]))) * view.scale;
    if (r < style.r + 2 || !layer.isOn(row)) continue;
    vague.add(row);
    const x = xs[row] * view.scale - view.left;
    const y = ys[row] * view.scale - view.top;
    if (x < -r || x > view.width + r || y < -r || y > view.height + r) continue;
    const key = `${x.toFixed(0)} ${y.toFixed(0)} ${r.toFixed(0)} ${layer.styleOf[row]}`;
    if (done.has(key)) continue;
    done.add(key);
    // A white mark has its circle in the colour of its rim.
    const colour = /** @type {string} */ (style.fill && style.fill.toLowerCase() !== "#ffffff" ? style.fill : (style.stroke ?? "#333333"));
    context.beginPath();
    context.arc(x, y, r, 0, 2 * Math.PI);
    if (r < limit) {
      // The wider a circle, the fainter: a country must not drown its towns.
      context.globalAlpha = 0.08 * Math.min(1, 50 / r);
      context.fillStyle = colour;
      context.fill();
    }
    context.globalAlpha = 0.15 + 0.4 * Math.min(1, 60 / r);
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  return vague;
}

/** @type {ImageData | null} */
let plate = null;

/**
 * @param {CanvasRenderingContext2D} context
 * @returns {ImageData} Empty, of the size of the canvas.
 */
function emptyPlate(context) {
  const { width, height } = context.canvas;
  if (plate?.width !== width || plate?.height !== height) plate = new ImageData(width, height);
  else new Uint32Array(plate.data.buffer).fill(0);
  return plate;
}

/** @param {string} colour `#rrggbb` */
export const abgr = (colour) =>
  ((0xff << 24) | (parseInt(colour.slice(5, 7), 16) << 16) | (parseInt(colour.slice(3, 5), 16) << 8) | parseInt(colour.slice(1, 3), 16)) >>> 0;

/**
 * Put a small square a point.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 */
function dots(context, layer, view, count) {
  const image = emptyPlate(context);
  const pixels = new Uint32Array(image.data.buffer);
  const { width, height } = image;
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  const colours = layer.styles.map((s) => abgr(s.fill ?? s.stroke ?? "#333333"));
  const size = Math.max(2, Math.round((count > 40_000 ? 2 : 3) * view.ratio));
  const half = size >> 1;
  const k = view.scale * view.ratio;
  const [left, top] = [view.left * view.ratio, view.top * view.ratio];
  for (let i = 0; i < count; i++) {
    const row = seen[i];
    const x = ((xs[row] * k - left) | 0) - half;
    const y = ((ys[row] * k - top) | 0) - half;
    if (x < 0 || y < 0 || x + size > width || y + size > height) continue;
    const colour = colours[layer.styleOf[row]];
    for (let j = 0, at = y * width + x; j < size; j++, at += width) pixels.fill(colour, at, at + size);
  }
  stamp(context, image);
}

/**
 * Put an image over what is drawn, not in its place.
 * @param {CanvasRenderingContext2D} context
 * @param {ImageData} image
 */
function stamp(context, image) {
  const tile = document.createElement("canvas");
  tile.width = image.width;
  tile.height = image.height;
  /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d")).putImageData(image, 0, 0);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(tile, 0, 0);
  context.restore();
}

/**
 * Shade cells of three pixels by the logarithm of how many points they hold.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @param {string} ink
 * @returns {number} Most in a cell.
 */
function density(context, layer, view, count, ink) {
  const cell = 3;
  const wide = Math.ceil(view.width / cell);
  const high = Math.ceil(view.height / cell);
  const counts = new Uint32Array(wide * high);
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  const k = view.scale / cell;
  const [left, top] = [view.left / cell, view.top / cell];
  let most = 1;
  for (let i = 0; i < count; i++) {
    const row = seen[i];
    const x = (xs[row] * k - left) | 0;
    const y = (ys[row] * k - top) | 0;
    if (x < 0 || y < 0 || x >= wide || y >= high) continue;
    const n = ++counts[y * wide + x];
    if (n > most) most = n;
  }
  const image = new ImageData(wide, high);
  const pixels = new Uint32Array(image.data.buffer);
  const colour = abgr(ink) & 0x00ffffff;
  const shades = Uint32Array.from({ length: 256 }, (_, i) => ((Math.round(40 + (215 * i) / 255) << 24) | colour) >>> 0);
  const scale = 255 / Math.log(most + 1);
  for (let i = 0; i < counts.length; i++) if (counts[i]) pixels[i] = shades[(Math.log(counts[i] + 1) * scale) | 0];
  const tile = document.createElement("canvas");
  tile.width = wide;
  tile.height = high;
  /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d")).putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(tile, 0, 0, wide * cell, high * cell);
  return most;
}
