/**
 * Draw point layers: few points as markers with uncertainty circles, many as dots, very many as
 * density; or as clusters, hexagons or heatmap if chosen. Always in row order, so that no type
 * hides another.
 */

import { clusters, hexagons } from "./aggregate.js";
import { circles } from "./circles.js";
import { density, heat } from "./heat.js";
import { drawMarker } from "./paint.js";
import { abgr, CHUNK, mainColour, rowTest } from "./rowfilter.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./data.js").Style} Style
 * @typedef {import("./canvaslayer.js").View} View
 * @typedef {{label: string, colour: string}} Class One step of a scale of counts.
 * @typedef {{rows: number, mode: "marks" | "dots" | "density" | "clusters" | "hexagons" | "heat", most: number,
 *   metres: number, classes: Class[]}} Drawn
 */

/** Colours of counts, from few to many. */
export const RAMP = ["#f9d8a5", "#f3ac7a", "#e77f64", "#cf5764", "#a63a68", "#74265f", "#3f1a4f"];

/** Largest numbers in view for markers and for dots; more are drawn as density. */
export const MARKS = 8_000;
export const DOTS = 120_000;
/** Largest number in view for uncertainty circles. */
export const CIRCLES = 3_000;
const SPREAD = 60;

/** @type {Int32Array} */
let seen = new Int32Array(1024);

/**
 * Collect the rows in view into `seen`, until there are more than `most`.
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} most
 * @returns {Generator<void, {count: number, next: number}>} The count, and the first row not visited.
 */
function* collect(layer, view, most) {
  const { x: xs, y: ys } = layer;
  if (!xs || !ys || !layer.visible) return { count: 0, next: layer.last };
  if (seen.length < Math.min(layer.n, most + CHUNK)) seen = new Int32Array(Math.min(layer.n, most + CHUNK));
  const west = (view.left - 20) / view.scale;
  const east = (view.left + view.width + 20) / view.scale;
  const north = (view.top - 20) / view.scale;
  const south = (view.top + view.height + 20) / view.scale;
  const good = rowTest(layer);
  let count = 0;
  for (let row = layer.first; row < layer.last; ) {
    const end = Math.min(layer.last, row + CHUNK);
    for (; row < end; row++) {
      const x = xs[row];
      if (x < west || x > east) continue;
      const y = ys[row];
      if (y < north || y > south || (good && !good(row))) continue;
      seen[count++] = row;
    }
    if (count > most) return { count, next: row };
    if (row < layer.last) yield;
  }
  return { count, next: layer.last };
}

/**
 * Draw a layer of points.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{ink: string, ramp: string[], paper: string, text: string}} colours `#rrggbb`.
 * @returns {Generator<void, Drawn>}
 */
export function* drawPoints(context, layer, view, colours) {
  layer.spread = null;
  layer.aggregates = null;
  const none = { most: 0, metres: 0, classes: [] };
  if (layer.display === "clusters") return yield* clusters(context, layer, view, colours);
  if (layer.display === "hexagons") return yield* hexagons(context, layer, view, colours);
  if (layer.display === "heat") return yield* heat(context, layer, view, colours);
  const { count, next } = yield* collect(layer, view, DOTS);
  if (count > DOTS && layer.display !== "points") return yield* density(context, layer, view, colours, { seen, count, next });
  if (count > MARKS) {
    const rows = yield* dots(context, layer, view, count, next);
    return { rows, mode: "dots", ...none };
  }
  const uncertain = drawCircles(context, layer, view, count);
  marks(context, layer, view, count, uncertain);
  return { rows: count, mode: "marks", ...none };
}

/**
 * @param {LayerData} layer
 * @param {number} ratio
 */
function sprites(layer, ratio) {
  const key = `${ratio} ${layer.styles.length}`;
  if (layer.tiles?.key === key) return layer.tiles.made;
  const made = layer.styles.map((style) => {
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
  layer.tiles = { key, made };
  return made;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @param {Set<number> | null} uncertain
 */
function marks(context, layer, view, count, uncertain) {
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
    const { tile, half } = tiles[layer.styleOf[row]][uncertain?.has(row) ? 1 : 0];
    // At whole pixels a marker is copied; otherwise it would be resampled, ten times slower.
    context.drawImage(tile, Math.round((x - half) * ratio) / ratio, Math.round((y - half) * ratio) / ratio, 2 * half, 2 * half);
  }
}

/**
 * Spread coincident points on a spiral inside a circle, so that none hides another.
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
 * Draw the uncertainty circles that are in view or reach into it.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @returns {Set<number> | null} The rows whose circle is larger than their marker.
 */
function drawCircles(context, layer, view, count) {
  if (!layer.radius || count > CIRCLES) return null;
  // Circles may reach into the view from outside: test all rows if they are few.
  const all = layer.last - layer.first <= 20_000;
  const rows = all ? Int32Array.from({ length: layer.last - layer.first }, (_, i) => layer.first + i) : seen.subarray(0, count);
  return circles(context, layer, view, rows);
}

/** @type {ImageData | null} */
let plate = null;
/** @type {HTMLCanvasElement | null} */
let sheet = null;

/**
 * Draw a small square per point: first the rows in `seen`, then the rows from `next` on.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {number} count
 * @param {number} next
 * @returns {Generator<void, number>} How many rows were drawn.
 */
function* dots(context, layer, view, count, next) {
  const { width, height } = context.canvas;
  const image = plate?.width === width && plate.height === height ? plate : new ImageData(width, height);
  // Take the buffer, so that another drawing cannot write into it.
  plate = null;
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(0);
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  const { styleOf } = layer;
  const colours = Uint32Array.from(layer.styles, (s) => abgr(mainColour(s)));
  const size = Math.max(2, Math.round((count > 40_000 ? 2 : 3) * view.ratio));
  const half = size >> 1;
  const k = view.scale * view.ratio;
  const [left, top] = [view.left * view.ratio + half, view.top * view.ratio + half];
  const [right, bottom] = [width - size, height - size];
  const put = (/** @type {number} */ row) => {
    const x = xs[row] * k - left;
    const y = ys[row] * k - top;
    if (x < 0 || y < 0 || x > right || y > bottom) return 0;
    const colour = colours[styleOf[row]];
    for (let j = 0, at = (y | 0) * width + (x | 0); j < size; j++, at += width) for (let i = 0; i < size; i++) pixels[at + i] = colour;
    return 1;
  };
  let rows = count;
  for (let i = 0; i < count; i++) put(seen[i]);
  const good = rowTest(layer);
  for (let row = next; row < layer.last; ) {
    const end = Math.min(layer.last, row + CHUNK);
    for (; row < end; row++) if (!good || good(row)) rows += put(row);
    yield;
  }
  sheet ??= document.createElement("canvas");
  if (sheet.width !== width || sheet.height !== height) [sheet.width, sheet.height] = [width, height];
  const ink = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
  ink.putImageData(image, 0, 0);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  // Draw over the existing content instead of replacing it.
  context.drawImage(sheet, 0, 0);
  context.restore();
  plate = image;
  return rows;
}
