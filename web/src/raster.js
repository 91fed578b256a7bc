/** Raster layers: one class code per cell, drawn as an image without smoothing. */

import { Ring } from "./data.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./canvaslayer.js").View} View
 * @typedef {{w: number, h: number, cells: Uint8Array, box: [number, number, number, number]}} Frame
 * @typedef {{frames: Frame[], palette: string[], texts: string[], opacity: number}} Raster
 */

const NO_DATA = 255;
// Number of cached images; a large grid takes 16 MB each.
const KEPT = 24;

/** @type {WeakMap<LayerData, {state: string, pictures: Map<number, HTMLCanvasElement>}>} */
const drawn = new WeakMap();

/**
 * @param {import("./codec.js").BinaryBlob} blob
 * @returns {Raster}
 */
export function readRaster(blob) {
  const { frames, palette, texts, opacity } = blob.head.raster;
  return { palette, texts, opacity, frames: frames.map((/** @type {any} */ f) => ({ ...f, cells: blob.array(f.cells) })) };
}

/**
 * The outline of a frame, for the data table and popups.
 * @param {Frame} frame
 * @param {number} row
 */
export function outline(frame, row) {
  const [west, north, east, south] = frame.box;
  const ring = new Ring(row, true, 5);
  [[west, north], [east, north], [east, south], [west, south], [west, north]].forEach(([x, y], i) => ring.put(i, x, y));
  return ring;
}

/**
 * @param {LayerData} layer
 * @param {number} code
 */
const isShown = (layer, code) => code !== NO_DATA && (layer.legend[0]?.rows === null || layer.on[code] === 1);

/**
 * The image of a frame, one pixel per cell; hidden classes are transparent.
 * @param {LayerData} layer
 * @param {number} row
 */
function picture(layer, row) {
  const state = layer.on.join("");
  let kept = drawn.get(layer);
  if (!kept || kept.state !== state) drawn.set(layer, (kept = { state, pictures: new Map() }));
  const known = kept.pictures.get(row);
  if (known) return known;
  const { palette, frames } = /** @type {Raster} */ (layer.raster);
  const { w, h, cells } = frames[row];
  const canvas = document.createElement("canvas");
  canvas.width = w;
  canvas.height = h;
  const ink = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ink.createImageData(w, h);
  const dots = new Uint32Array(image.data.buffer);
  const colours = new Uint32Array(256);
  // Pixel bytes are red, green, blue, alpha; in an integer the first byte is the lowest.
  palette.forEach((c, code) => {
    const rgb = parseInt(c.slice(1), 16);
    if (isShown(layer, code)) colours[code] = (255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16);
  });
  for (let i = 0; i < cells.length; i++) dots[i] = colours[cells[i]];
  ink.putImageData(image, 0, 0);
  if (kept.pictures.size >= KEPT) kept.pictures.delete(/** @type {number} */ (kept.pictures.keys().next().value));
  kept.pictures.set(row, canvas);
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @returns {number} Frames drawn.
 */
export function drawRaster(context, layer, view) {
  if (!layer.raster) return 0;
  let count = 0;
  context.imageSmoothingEnabled = false;
  context.globalAlpha = layer.raster.opacity;
  for (let row = 0; row < layer.n; row++) {
    if (!layer.isOn(row)) continue;
    const { w, h, box } = layer.raster.frames[row];
    const kx = ((box[2] - box[0]) * view.scale) / w;
    const ky = ((box[3] - box[1]) * view.scale) / h;
    const top = box[1] * view.scale - view.top;
    let seen = false;
    // A global grid repeats where the view crosses its edge.
    for (const turn of [-1, 0, 1]) {
      const left = (box[0] + turn) * view.scale - view.left;
      const c0 = Math.max(0, Math.floor(-left / kx));
      const c1 = Math.min(w, Math.ceil((view.width - left) / kx));
      const r0 = Math.max(0, Math.floor(-top / ky));
      const r1 = Math.min(h, Math.ceil((view.height - top) / ky));
      if (c1 <= c0 || r1 <= r0) continue;
      // Draw only the cells in view: a canvas cannot scale an image to millions of pixels.
      context.drawImage(picture(layer, row), c0, r0, c1 - c0, r1 - r0, left + c0 * kx, top + r0 * ky, (c1 - c0) * kx, (r1 - r0) * ky);
      seen = true;
    }
    if (seen) count += 1;
  }
  context.imageSmoothingEnabled = true;
  context.globalAlpha = 1;
  return count;
}

/**
 * The cells at a point, topmost frame first.
 * @param {LayerData} layer
 * @param {number} x
 * @param {number} y
 * @returns {import("./hittest.js").Hit[]}
 */
export function rasterHits(layer, x, y) {
  const out = [];
  for (let row = layer.n - 1; row >= 0 && layer.raster; row--) {
    if (!layer.isOn(row)) continue;
    const { w, h, cells, box } = layer.raster.frames[row];
    const r = Math.floor(((y - box[1]) / (box[3] - box[1])) * h);
    if (r < 0 || r >= h) continue;
    for (const turn of [-1, 0, 1]) {
      const c = Math.floor(((x - turn - box[0]) / (box[2] - box[0])) * w);
      const code = c >= 0 && c < w ? cells[r * w + c] : NO_DATA;
      if (isShown(layer, code)) {
        out.push({ layer, row, distance: 0, cell: code });
        break;
      }
    }
  }
  return out;
}
