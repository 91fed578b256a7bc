/** Aggregate points on the screen: clusters with the share of each type, and hexagonal bins. */

import { latitude, metresPerWorld } from "./geo.js";
import { drawMarker } from "./paint.js";
import { CHUNK, mainColour, rowTest } from "./rowfilter.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./canvaslayer.js").View} View
 * @typedef {import("./points.js").Drawn} Drawn
 * @typedef {{x: number, y: number, r: number, n: number, cells: number[], west: number, east: number, north: number, south: number}} Aggregate
 *   Centre in world units, radius in pixels, and the bounding box of its points.
 * @typedef {{of: (x: number, y: number) => number, at: (x: number, y: number) => Aggregate | null, scale: number, circles: Aggregate[]}} Aggregates
 *   The cell of a point, the bin at a point, and the circles that labels must avoid.
 */

const CELL = 68;
const HEX = 22;

/**
 * Counts, centroids, bounding boxes and types of the points in each cell.
 */
class Tally {
  /**
   * @param {number} cells
   * @param {number} styles
   */
  constructor(cells, styles) {
    this.styles = styles;
    this.n = new Uint32Array(cells);
    this.x = new Float64Array(cells);
    this.y = new Float64Array(cells);
    this.box = new Float64Array(cells * 4);
    this.of = new Uint32Array(cells * styles);
    this.row = new Int32Array(cells);
    this.rows = 0;
  }

  /**
   * @param {number} cell
   * @param {number} x
   * @param {number} y
   * @param {number} style
   * @param {number} row
   */
  put(cell, x, y, style, row) {
    this.rows += 1;
    this.row[cell] = row;
    const { box } = this;
    const at = cell * 4;
    if (this.n[cell]++ === 0) {
      box[at] = box[at + 1] = x;
      box[at + 2] = box[at + 3] = y;
    } else {
      if (x < box[at]) box[at] = x;
      else if (x > box[at + 1]) box[at + 1] = x;
      if (y < box[at + 2]) box[at + 2] = y;
      else if (y > box[at + 3]) box[at + 3] = y;
    }
    this.x[cell] += x;
    this.y[cell] += y;
    this.of[cell * this.styles + style] += 1;
  }
}

/**
 * @param {LayerData} layer
 * @param {Tally} tally
 * @param {(x: number, y: number) => number} cellOf The cell of a point, -1 outside.
 * @returns {Generator<void, void>}
 */
function* fill(layer, tally, cellOf) {
  if (!layer.x || !layer.y || !layer.visible) return;
  const { x: xs, y: ys, styleOf } = layer;
  const good = rowTest(layer);
  for (let row = layer.first; row < layer.last; ) {
    const end = Math.min(layer.last, row + CHUNK);
    for (; row < end; row++) {
      if (good && !good(row)) continue;
      const cell = cellOf(xs[row], ys[row]);
      if (cell >= 0) tally.put(cell, xs[row], ys[row], styleOf[row], row);
    }
    yield;
  }
}

/**
 * Draw clusters: points in the same cell of a grid, merged where circles would overlap.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{paper: string, text: string}} colours
 * @returns {Generator<void, Drawn>}
 */
export function* clusters(context, layer, view, colours) {
  // The grid is fixed to the world, so that panning does not change the clusters.
  const k = view.scale / CELL;
  const [c0, r0] = [Math.floor(view.left / CELL) - 1, Math.floor(view.top / CELL) - 1];
  const [wide, high] = [Math.ceil(view.width / CELL) + 3, Math.ceil(view.height / CELL) + 3];
  const cellOf = (/** @type {number} */ x, /** @type {number} */ y) => {
    const c = Math.floor(x * k) - c0;
    const r = Math.floor(y * k) - r0;
    return c < 0 || r < 0 || c >= wide || r >= high ? -1 : r * wide + c;
  };
  const tally = new Tally(wide * high, layer.styles.length);
  yield* fill(layer, tally, cellOf);
  const drawn = merged(tally, view.scale);
  for (const bin of drawn) {
    if (bin.n === 1) {
      const row = tally.row[bin.cells[0]];
      context.save();
      context.translate(bin.x * view.scale - view.left, bin.y * view.scale - view.top);
      drawMarker(context, layer.styles[layer.styleOf[row]]);
      context.restore();
    } else {
      ring(context, layer, tally, bin, view, colours);
    }
  }
  layer.aggregates = {
    of: cellOf,
    scale: view.scale,
    circles: drawn,
    at: (x, y) => drawn.find((b) => Math.hypot(b.x - x, b.y - y) * view.scale <= b.r + 2) ?? null,
  };
  return { rows: tally.rows, mode: "clusters", most: 0, metres: 0, classes: [] };
}

/** @param {number} n */
const size = (n) => (n === 1 ? 6 : Math.min(30, 10 + 3.2 * Math.log10(n) ** 1.35));

/**
 * Merge cells whose circles would overlap, largest first.
 * @param {Tally} tally
 * @param {number} scale
 * @returns {Aggregate[]}
 */
function merged(tally, scale) {
  /** @type {Aggregate[]} */
  const all = [];
  for (let cell = 0; cell < tally.n.length; cell++) {
    const n = tally.n[cell];
    if (!n) continue;
    const [west, east, north, south] = tally.box.subarray(cell * 4, cell * 4 + 4);
    all.push({ x: tally.x[cell] / n, y: tally.y[cell] / n, r: size(n), n, cells: [cell], west, east, north, south });
  }
  all.sort((a, b) => b.n - a.n || a.cells[0] - b.cells[0]);
  /** @type {Aggregate[]} */
  const out = [];
  for (const bin of all) {
    const near = out.find((b) => Math.hypot(b.x - bin.x, b.y - bin.y) * scale < (b.r + bin.r) * 0.97);
    if (!near) {
      out.push(bin);
      continue;
    }
    const n = near.n + bin.n;
    near.x = (near.x * near.n + bin.x * bin.n) / n;
    near.y = (near.y * near.n + bin.y * bin.n) / n;
    near.n = n;
    near.r = size(n);
    near.cells.push(...bin.cells);
    near.west = Math.min(near.west, bin.west);
    near.east = Math.max(near.east, bin.east);
    near.north = Math.min(near.north, bin.north);
    near.south = Math.max(near.south, bin.south);
  }
  return out;
}

/**
 * Draw a cluster: its count, in a ring with the share of each type in legend order.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {Tally} tally
 * @param {Aggregate} bin
 * @param {View} view
 * @param {{paper: string, text: string}} colours
 */
function ring(context, layer, tally, bin, view, colours) {
  const x = bin.x * view.scale - view.left;
  const y = bin.y * view.scale - view.top;
  context.beginPath();
  context.arc(x, y, bin.r + 1, 0, 2 * Math.PI);
  context.fillStyle = colours.paper;
  context.fill();
  const width = Math.max(3, bin.r * 0.26);
  context.lineWidth = width;
  let turn = -Math.PI / 2;
  for (let s = 0; s < tally.styles; s++) {
    let n = 0;
    for (const cell of bin.cells) n += tally.of[cell * tally.styles + s];
    if (!n) continue;
    const next = turn + (2 * Math.PI * n) / bin.n;
    context.beginPath();
    context.arc(x, y, bin.r - width / 2, turn, next);
    context.strokeStyle = mainColour(layer.styles[s]);
    context.stroke();
    turn = next;
  }
  context.fillStyle = colours.text;
  context.font = `600 ${bin.r > 17 ? 12 : 11}px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(shortCount(bin.n), x, y + 0.5);
  context.textAlign = "left";
}

/**
 * A count in at most four characters.
 * @param {number} n
 */
export function shortCount(n) {
  if (n < 1000) return String(n);
  const [value, unit] = n < 999_500 ? [n / 1000, "k"] : [n / 1e6, "M"];
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)}${unit}`;
}

const WIDE = Math.sqrt(3);
/** The result of `hexagon`, reused to avoid an allocation for each of millions of calls. */
const found = new Int32Array(2);

/**
 * The hexagon that contains a point, in a grid with rows 1.5 radii apart and every other row offset by half a width.
 * @param {number} x In radii.
 * @param {number} y
 * @returns {Int32Array} Column and row; the same array each time.
 */
export function hexagon(x, y) {
  const v = y / 1.5;
  const u = x / WIDE;
  let row = Math.floor(v + 0.5);
  let column = Math.floor(u - (row & 1) / 2 + 0.5);
  const off = v - row;
  if (off * 3 > 1 || off * 3 < -1) {
    // Near the upper and lower corners the centre of a neighbour may be nearer.
    const px = u - (row & 1) / 2 - column;
    const aside = px < 0 ? -0.5 : 0.5;
    const over = off < 0 ? -1 : 1;
    if (px * px * 3 + off * off * 2.25 > (px - aside) * (px - aside) * 3 + (off - over) * (off - over) * 2.25) {
      column += aside + (row & 1 ? 0.5 : -0.5);
      row += over;
    }
  }
  found[0] = column;
  found[1] = row;
  return found;
}

/**
 * Class breaks for counts: equal intervals if the counts are of similar size, else 1, 3, 10, 30 …
 * @param {number} least Lowest count.
 * @param {number} most
 * @param {number} colours Largest number of classes.
 * @returns {number[]}
 */
export function classBreaks(least, most, colours) {
  if (most <= least) return [Math.max(1, least)];
  if (most < 20 * least || most <= colours) {
    const width = roundUp((most - least + 1) / colours);
    const first = Math.floor(least / width) * width;
    return Array.from({ length: Math.floor((most - first) / width) + 1 }, (_, i) => Math.max(1, first + i * width)).slice(-colours);
  }
  const all = [1];
  for (let p = 1; all[all.length - 1] < most; p *= 10) all.push(3 * p, 10 * p);
  const used = all.filter((v, i) => v <= most && (all[i + 1] ?? Infinity) > least);
  for (let by = 1; ; by += 1) {
    const simplifyTo = used.filter((_, i) => i % by === 0);
    if (simplifyTo.length <= colours) return simplifyTo;
  }
}

/**
 * The next number of 1, 2, 5, 10, 20 …
 * @param {number} value
 */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return Math.max(1, /** @type {number} */ ([1, 2, 5, 10].find((v) => v * power >= value)) * power);
}

/**
 * A whole number with thousands separators.
 * @param {number} n
 */
const whole = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {{ramp: string[], paper: string}} colours
 * @returns {Generator<void, Drawn>}
 */
export function* hexagons(context, layer, view, colours) {
  const k = view.scale / HEX;
  const [dx, dy] = [Math.sqrt(3), 1.5];
  const [c0, r0] = [Math.floor(view.left / HEX / dx) - 2, Math.floor(view.top / HEX / dy) - 2];
  const [wide, high] = [Math.ceil(view.width / HEX / dx) + 5, Math.ceil(view.height / HEX / dy) + 5];
  const cellOf = (/** @type {number} */ x, /** @type {number} */ y) => {
    hexagon(x * k, y * k);
    const c = found[0] - c0;
    const r = found[1] - r0;
    return c < 0 || r < 0 || c >= wide || r >= high ? -1 : r * wide + c;
  };
  const tally = new Tally(wide * high, layer.styles.length);
  yield* fill(layer, tally, cellOf);
  let [least, most] = [Infinity, 0];
  for (const n of tally.n) {
    if (n > most) most = n;
    if (n && n < least) least = n;
  }
  const from = classBreaks(Math.min(least, most), most, colours.ramp.length);
  const middle = (/** @type {number} */ cell) => {
    const r = Math.floor(cell / wide) + r0;
    const c = (cell % wide) + c0;
    return [(c + (r & 1) / 2) * dx * HEX, r * dy * HEX];
  };
  context.lineWidth = 0.8;
  context.strokeStyle = colours.paper;
  for (let step = 0; step < from.length; step++) {
    context.beginPath();
    for (let cell = 0; cell < tally.n.length; cell++) {
      const n = tally.n[cell];
      if (n < from[step] || n >= (from[step + 1] ?? Infinity)) continue;
      const [x, y] = middle(cell);
      for (let i = 0; i < 6; i++) {
        const a = Math.PI / 6 + (Math.PI / 3) * i;
        const [u, v] = [x - view.left + HEX * Math.cos(a), y - view.top + HEX * Math.sin(a)];
        if (i) context.lineTo(u, v);
        else context.moveTo(u, v);
      }
      context.closePath();
    }
    context.globalAlpha = 0.82;
    context.fillStyle = shade(colours.ramp, step, from.length);
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
  const bin = (/** @type {number} */ cell) => {
    const [x, y] = middle(cell);
    const [west, east, north, south] = tally.box.subarray(cell * 4, cell * 4 + 4);
    return { x: x / view.scale, y: y / view.scale, r: HEX, n: tally.n[cell], cells: [cell], west, east, north, south };
  };
  layer.aggregates = {
    of: cellOf,
    scale: view.scale,
    circles: [],
    at: (x, y) => {
      const cell = cellOf(x, y);
      return cell >= 0 && tally.n[cell] ? bin(cell) : null;
    },
  };
  const across = ((2 * HEX) / view.scale) * metresPerWorld(latitude((view.top + view.height / 2) / view.scale));
  return {
    rows: tally.rows, mode: "hexagons", most, metres: across,
    classes: from.map((least, i) => ({
      colour: shade(colours.ramp, i, from.length),
      label: least === (from[i + 1] ?? most + 1) - 1 ? whole(least) : `${whole(least)}–${whole((from[i + 1] ?? most + 1) - 1)}`,
    })),
  };
}

/**
 * @param {string[]} ramp
 * @param {number} i
 * @param {number} n
 */
const shade = (ramp, i, n) => ramp[Math.round((i * (ramp.length - 1)) / Math.max(1, n - 1))];
