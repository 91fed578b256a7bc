/** The graticule: meridians and parallels at round intervals, labelled at the edges of the view. */

import { latitude, mercatorX, mercatorY } from "./geo.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./canvaslayer.js").View} View
 */

const FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif';
// In seconds of arc: degrees, minutes, seconds.
const STEPS = [
  ...[30, 15, 10, 5, 2, 1].map((d) => d * 3600), ...[30, 20, 10, 5, 2, 1].map((m) => m * 60), ...[30, 20, 10, 5, 2, 1],
];
const LEAST_PX = 92;

/**
 * The smallest interval, in seconds of arc, at which meridians are far enough apart.
 * @param {number} scale Pixels per world.
 */
export function graticuleStep(scale) {
  const wide = STEPS.filter((s) => (s / 1_296_000) * scale >= LEAST_PX);
  return wide.length ? wide[wide.length - 1] : STEPS[0];
}

/**
 * @param {number} seconds Of arc; west and south are negative.
 * @param {string} letters
 */
export function degrees(seconds, letters) {
  const size = Math.abs(seconds);
  const [d, m, s] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const fine = s ? `${two(m)}′${two(s)}″` : m ? `${two(m)}′` : "";
  const half = letters === "EW" && size === 648_000;
  return `${d}°${fine}${size === 0 || half ? "" : letters[seconds < 0 ? 1 : 0]}`;
}

/**
 * The lines that cross a view: their canvas positions and labels.
 * @param {View} view
 * @returns {{across: {at: number, text: string}[], up: {at: number, text: string}[]}}
 */
export function graticuleLines(view) {
  const step = graticuleStep(view.scale);
  const [west, east] = [view.left, view.left + view.width].map((x) => (x / view.scale - 0.5) * 1_296_000);
  const [north, south] = [view.top, view.top + view.height].map((y) => latitude(y / view.scale) * 3600);
  const up = [];
  for (let i = Math.ceil(west / step); i * step <= east; i++) {
    const turned = ((((i * step + 648_000) % 1_296_000) + 1_296_000) % 1_296_000) - 648_000;
    up.push({ at: mercatorX((i * step) / 3600) * view.scale - view.left, text: degrees(turned, "EW") });
  }
  const across = [];
  for (let i = Math.ceil(Math.max(south, -306_000) / step); i * step <= Math.min(north, 306_000); i++) {
    across.push({ at: mercatorY((i * step) / 3600) * view.scale - view.top, text: degrees(i * step, "NS") });
  }
  return { across, up };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @returns {number} Lines drawn.
 */
export function drawGraticule(context, layer, view) {
  if (!layer.on[0]) return 0;
  const style = layer.styles[0];
  const { across, up } = graticuleLines(view);
  context.strokeStyle = style.stroke ?? "#5f7179";
  context.globalAlpha = style.so;
  context.lineWidth = style.width;
  context.setLineDash(style.dash);
  context.beginPath();
  for (const { at } of across) {
    context.moveTo(0, at);
    context.lineTo(view.width, at);
  }
  for (const { at } of up) {
    context.moveTo(at, 0);
    context.lineTo(at, view.height);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
  return across.length + up.length;
}

/**
 * Label the lines at the edges of the viewport, avoiding the controls.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData[]} layers
 * @param {View} view
 * @param {import("leaflet").Map} map
 * @param {{halo: string, ink: string | null}} colours
 * @returns {number[][]} The boxes of the labels.
 */
export function labelGraticule(context, layers, view, map, colours) {
  const layer = layers.find((l) => l.kind === "graticule" && l.named && l.visible && l.on[0]);
  if (!layer) return [];
  /** @type {number[][]} */
  const done = [];
  const seen = map.getPixelBounds().min ?? L.point(0, 0);
  const size = map.getSize();
  const [left, top] = [seen.x - view.left, seen.y - view.top];
  const frame = map.getContainer().getBoundingClientRect();
  const taken = [...document.querySelectorAll(".gc-map .leaflet-control, .gc-legend, .gc-time")].map((node) => {
    const box = node.getBoundingClientRect();
    return [box.left - frame.left + left - 3, box.top - frame.top + top - 3, box.right - frame.left + left + 3, box.bottom - frame.top + top + 3];
  });
  context.font = `500 10.5px ${FONT}`;
  if ("letterSpacing" in context) context.letterSpacing = "0px";
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.lineJoin = "round";
  const { across, up } = graticuleLines(view);
  /**
   * @param {string} text
   * @param {number[][]} spots
   * @param {number} width
   */
  const write = (text, spots, width) => {
    for (const [x, y] of spots) {
      const box = [x - 2, y - 8, x + width + 2, y + 8];
      if (box[0] < left || box[1] < top || box[2] > left + size.x || box[3] > top + size.y) continue;
      if (taken.some((t) => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) continue;
      taken.push(box);
      done.push(box);
      context.strokeStyle = colours.halo;
      context.lineWidth = 3;
      context.globalAlpha = 0.85;
      context.strokeText(text, x, y);
      context.globalAlpha = 1;
      context.fillStyle = colours.ink ?? "#46565d";
      context.fillText(text, x, y);
      return;
    }
  };
  for (const { at, text } of up) {
    const width = context.measureText(text).width;
    write(text, [[at - width / 2, top + 10], [at - width / 2, top + size.y - 10]], width);
  }
  for (const { at, text } of across) {
    const width = context.measureText(text).width;
    write(text, [[left + 4, at], [left + size.x - width - 4, at]], width);
  }
  return done;
}
