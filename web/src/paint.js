/** Draw areas, lines and markers on a canvas. */

import { latitude, metresPerWorld } from "./geo.js";
import { simplifiedAt } from "./simplify.js";
import { drawSymbols, place, scaleAt } from "./symbols.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./data.js").Ring} Ring
 * @typedef {import("./data.js").Style} Style
 * @typedef {import("./canvaslayer.js").View} View
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{land: string, border: string, dim: number}} background Colours of a background in this theme; empty for its own.
 * @param {any} rules Obstacle symbols; null if no layer has them.
 * @returns {Generator<void, number>} Rows drawn.
 */
export function* drawShapes(context, layer, view, background, rules) {
  let size = rules ? scaleAt(rules, view.zoom) : 0;
  // Parallel lines and their symbols must fit the space between them.
  const middle = latitude((view.top + view.height / 2) / view.scale);
  const room = layer.spacing ? (layer.spacing / metresPerWorld(middle)) * view.scale : Infinity;
  if (room < 9 * size) size = 0;
  let drawn = 0;
  const closed = layer.kind === "area";
  // Draw thinner lines at small scales, so that lines a few hundred metres apart stay separate.
  const thin = closed ? 1 : Math.max(0.5, Math.min(1.15, 0.5 + (view.zoom - 6.5) / 7)) * Math.max(0.4, Math.min(1, room / 3));
  const passes = layer.styles.some((s) => s.casing) ? ["casing", "line"] : ["line"];
  /** Areas smaller than a pixel, by style, drawn together at the end.
   * @type {Map<Style, Ring[]>} */
  const dots = new Map();
  for (const pass of passes) {
    for (let row = 0; row < layer.n; row++) {
      if ((row & 255) === 255) yield;
      if (!layer.isOn(row)) continue;
      let style = layer.styles[layer.styleOf[row]];
      if (layer.background && background.land) style = themedStyle(style, background);
      const rings = layer.ringsOf(row).filter((ring) => isInView(ring, view));
      if (!rings.length) continue;
      if (pass === "line") drawn += 1;
      if (closed && rings.length === 1 && !layer.background && isDot(rings[0], view)) {
        if (pass !== "line") continue;
        const same = dots.get(style);
        if (same) same.push(rings[0]);
        else dots.set(style, [rings[0]]);
        continue;
      }
      if (closed && pass === passes[0] && style.fill) fillRings(context, rings, style, view);
      if (pass === "casing" && !style.casing) continue;
      if (size > 0 && pass === "line" && style.symbol && rules.lines[style.symbol]) {
        const { colour } = rules.lines[style.symbol];
        for (const ring of rings) {
          for (const points of partsInView(ring, view)) drawSymbols(context, place(rules, style.symbol, points, size, style.planned), colour, "#ffffff");
        }
        continue;
      }
      context.lineJoin = "round";
      context.lineCap = pass === "casing" || style.dash.length === 0 ? "round" : "butt";
      const colour = pass === "casing" ? style.casing : style.stroke;
      if (!colour || !style.width) continue;
      context.strokeStyle = colour;
      context.globalAlpha = pass === "casing" ? 0.85 * style.so : style.so;
      context.lineWidth = (pass === "casing" ? style.width + 2.4 : style.width) * thin;
      context.setLineDash(pass === "casing" ? [] : style.dash.map((d) => d * thin));
      context.beginPath();
      for (const ring of rings) if (!(closed && isDot(ring, view))) traceOpen(context, ring, view);
      context.stroke();
    }
  }
  for (const [style, rings] of dots) {
    // In an area of one pixel the outline dominates.
    context.globalAlpha = Math.max(style.fo, style.stroke ? style.so * 0.6 : 0);
    context.fillStyle = style.stroke ?? style.fill ?? "#333333";
    for (const ring of rings) context.fillRect(ring.west * view.scale - view.left - 0.5, ring.north * view.scale - view.top - 0.5, 1, 1);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  return drawn;
}

/**
 * The style of a background layer in a theme: land in the theme's colour, other areas darkened,
 * or without colours in high contrast.
 * @param {Style} style
 * @param {{land: string, border: string, dim: number}} background
 * @returns {Style}
 */
export function themedStyle(style, background) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt((style.fill ?? "#ffffff").slice(i, i + 2), 16));
  const darker = `rgb(${[r, g, b].map((v) => Math.round(v * background.dim)).join(" ")})`;
  const plain = b > r ? "#ffffff" : background.land;
  const isLand = style.fill === "#f5f2ea";
  const fill = style.fill && (isLand ? background.land : background.dim ? darker : plain);
  return { ...style, fill, stroke: style.stroke && background.border };
}

/**
 * @param {Ring} ring
 * @param {View} view
 */
function isInView(ring, view) {
  return (
    ring.east * view.scale - view.left >= -20 &&
    ring.west * view.scale - view.left <= view.width + 20 &&
    ring.south * view.scale - view.top >= -20 &&
    ring.north * view.scale - view.top <= view.height + 20
  );
}

/**
 * Whether an area is smaller than a pixel.
 * @param {Ring} ring
 * @param {View} view
 */
const isDot = (ring, view) => (ring.east - ring.west) * view.scale < 1 && (ring.south - ring.north) * view.scale < 1;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Ring[]} rings
 * @param {Style} style
 * @param {View} view
 */
function fillRings(context, rings, style, view) {
  context.globalAlpha = style.fo;
  context.fillStyle = style.hatch ? hatch(context, style) : /** @type {string} */ (style.fill);
  context.beginPath();
  for (const ring of rings) {
    if (isDot(ring, view)) context.fillRect(ring.west * view.scale - view.left - 0.5, ring.north * view.scale - view.top - 0.5, 1, 1);
    else traceClosed(context, ring, view);
  }
  context.fill("evenodd");
  context.globalAlpha = 1;
}

/**
 * Add a line to the path, skipping segments beyond one edge of the canvas.
 * @param {CanvasRenderingContext2D} context
 * @param {Ring} ring
 * @param {View} view
 */
function traceOpen(context, ring, view) {
  const { xy, n } = simplifiedAt(ring, view.scale);
  const [right, bottom] = [view.width + 20, view.height + 20];
  let px = xy[0] * view.scale - view.left;
  let py = xy[1] * view.scale - view.top;
  let down = false;
  for (let i = 1; i < n; i++) {
    const x = xy[2 * i] * view.scale - view.left;
    const y = xy[2 * i + 1] * view.scale - view.top;
    if (i < n - 1 && Math.abs(x - px) < 0.6 && Math.abs(y - py) < 0.6) continue;
    const out =
      (x < -20 && px < -20) || (x > right && px > right) || (y < -20 && py < -20) || (y > bottom && py > bottom);
    if (out) {
      down = false;
    } else {
      if (!down) context.moveTo(px, py);
      context.lineTo(x, y);
      down = true;
    }
    px = x;
    py = y;
  }
}

/**
 * The parts of a line on or near the canvas, in canvas pixels.
 * @param {Ring} ring
 * @param {View} view
 */
function partsInView(ring, view) {
  const { xy, n } = simplifiedAt(ring, view.scale);
  /** @type {number[][]} */
  const out = [];
  /** @type {number[]} */
  let run = [];
  const far = 60;
  for (let i = 0; i < n; i++) {
    const x = xy[2 * i] * view.scale - view.left;
    const y = xy[2 * i + 1] * view.scale - view.top;
    const next = Math.min(i + 1, n - 1);
    const before = Math.max(i - 1, 0);
    const near = [i, next, before].some((j) => {
      const u = xy[2 * j] * view.scale - view.left;
      const v = xy[2 * j + 1] * view.scale - view.top;
      return u > -far && v > -far && u < view.width + far && v < view.height + far;
    });
    if (near) run.push(x, y);
    else if (run.length) {
      out.push(run);
      run = [];
    }
  }
  if (run.length) out.push(run);
  return out.filter((r) => r.length >= 4);
}

/**
 * Add a ring to the path, clipped to the canvas if it reaches far beyond (Sutherland and Hodgman, CACM 17, 1974).
 * @param {CanvasRenderingContext2D} context
 * @param {Ring} ring
 * @param {View} view
 */
function traceClosed(context, ring, view) {
  const { xy, n } = simplifiedAt(ring, view.scale);
  const [right, bottom] = [view.width + 30, view.height + 30];
  /** @type {number[]} */
  let points = [];
  let [px, py] = [Infinity, Infinity];
  for (let i = 0; i < n; i++) {
    const x = xy[2 * i] * view.scale - view.left;
    const y = xy[2 * i + 1] * view.scale - view.top;
    if (Math.abs(x - px) < 0.6 && Math.abs(y - py) < 0.6) continue;
    if (i && i < n - 1 && (x < -30 || x > right || y < -30 || y > bottom)) {
      // A vertex between two others beyond the same edge is not visible.
      const u = xy[2 * i + 2] * view.scale - view.left;
      const v = xy[2 * i + 3] * view.scale - view.top;
      if ((x < -30 && px < -30 && u < -30) || (x > right && px > right && u > right) ||
        (y < -30 && py < -30 && v < -30) || (y > bottom && py > bottom && v > bottom)) continue;
    }
    points.push(x, y);
    px = x;
    py = y;
  }
  const far =
    ring.west * view.scale - view.left < -2000 || ring.east * view.scale - view.left > view.width + 2000 ||
    ring.north * view.scale - view.top < -2000 || ring.south * view.scale - view.top > view.height + 2000;
  if (far) {
    points = clipToEdge(points, 0, -30, 1);
    points = clipToEdge(points, 0, view.width + 30, -1);
    points = clipToEdge(points, 1, -30, 1);
    points = clipToEdge(points, 1, view.height + 30, -1);
  }
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) context.moveTo(points[0], points[1]);
    else context.lineTo(points[i], points[i + 1]);
  }
  if (points.length) context.closePath();
}

/**
 * @param {number[]} points
 * @param {0 | 1} axis
 * @param {number} edge
 * @param {1 | -1} sign 1 keeps what is beyond the edge, -1 what is before it.
 */
export function clipToEdge(points, axis, edge, sign) {
  /** @type {number[]} */
  const out = [];
  const n = points.length;
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    const a = sign * (points[i + axis] - edge);
    const b = sign * (points[j + axis] - edge);
    if (a >= 0) out.push(points[i], points[i + 1]);
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b);
      out.push(points[i] + t * (points[j] - points[i]), points[i + 1] + t * (points[j + 1] - points[i + 1]));
    }
  }
  return out;
}

/** @type {Map<string, CanvasPattern>} */
const patterns = new Map();

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Style} style
 */
function hatch(context, style) {
  const known = patterns.get(/** @type {string} */ (style.fill));
  if (known) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const ink = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  ink.strokeStyle = /** @type {string} */ (style.fill);
  ink.lineWidth = 1.6;
  ink.beginPath();
  for (const shift of [-8, 0, 8]) {
    ink.moveTo(shift, 8);
    ink.lineTo(shift + 8, 0);
  }
  ink.stroke();
  const made = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  patterns.set(/** @type {string} */ (style.fill), made);
  return made;
}

/**
 * Add the outline of a marker around the origin to the path.
 * @param {CanvasRenderingContext2D} context
 * @param {string} shape
 * @param {number} r
 */
export function marker(context, shape, r) {
  context.beginPath();
  const corners = markerVertices(shape, r);
  if (!corners) {
    context.arc(0, 0, r, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

/**
 * @param {string} shape
 * @param {number} r
 * @returns {number[][] | null} Vertices, or null for a circle.
 */
export function markerVertices(shape, r) {
  const ring = (/** @type {number} */ n, /** @type {number} */ turn, /** @type {number} */ size) =>
    Array.from({ length: n }, (_, i) => {
      const a = turn + (2 * Math.PI * i) / n;
      return [size * Math.cos(a), size * Math.sin(a)];
    });
  const up = -Math.PI / 2;
  switch (shape) {
    case "square":
      return ring(4, Math.PI / 4, r * 1.2);
    case "diamond":
      return ring(4, 0, r * 1.25);
    case "triangle":
      return ring(3, up, r * 1.3);
    case "wedge":
      return ring(3, -up, r * 1.3);
    case "hexagon":
      return ring(6, 0, r * 1.1);
    case "star":
      return ring(10, up, r).map(([x, y], i) => (i % 2 ? [x * 0.55, y * 0.55] : [x * 1.35, y * 1.35]));
    case "bar":
      return [[-r * 1.3, -r * 0.6], [r * 1.3, -r * 0.6], [r * 1.3, r * 0.6], [-r * 1.3, r * 0.6]];
    case "cross": {
      const [a, b] = [r * 0.38, r * 1.05];
      const plus = [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]];
      const k = Math.SQRT1_2;
      return plus.map(([x, y]) => [k * (x - y), k * (x + y)]);
    }
    default:
      return null;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Style} style
 * @param {number} [factor]
 */
export function drawMarker(context, style, factor = 1) {
  marker(context, style.marker, style.r * factor);
  if (style.fill && style.marker !== "ring") {
    context.globalAlpha = style.fo;
    context.fillStyle = style.fill;
    context.fill();
  }
  if (style.stroke && style.width) {
    context.globalAlpha = style.so;
    context.strokeStyle = style.stroke;
    context.lineWidth = style.width;
    context.lineJoin = "round";
    context.stroke();
  }
  context.globalAlpha = 1;
}
