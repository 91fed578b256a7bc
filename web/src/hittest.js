/** Find the rows at a point on the screen. */

import { pointInRings } from "./labels.js";
import { rasterHits } from "./raster.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{layer: LayerData, row: number, distance: number, aggregate?: import("./aggregate.js").Aggregate, cell?: number}} Hit
 */

/**
 * The rows at a point, topmost first: points, then lines, then areas.
 * @param {LayerData[]} layers In drawing order.
 * @param {number} x World, 0 to 1.
 * @param {number} y
 * @param {number} scale Pixels per world.
 * @param {number} reach Search radius in pixels.
 * @param {number} most
 * @returns {Hit[]}
 */
export function hitTest(layers, x, y, scale, reach, most) {
  /** @type {Hit[]} */
  const out = [];
  for (const kind of ["point", "line", "area", "raster"]) {
    for (let i = layers.length - 1; i >= 0; i--) {
      const layer = layers[i];
      if (layer.kind !== kind || !layer.interactive || !layer.visible) continue;
      const found =
        kind === "point" ? pointHits(layer, x, y, scale, reach)
        : kind === "line" ? lineHits(layer, x, y, scale, reach)
        : kind === "area" ? areaHits(layer, x, y)
        : rasterHits(layer, x, y);
      out.push(...found);
      if (out.length >= most) return out.slice(0, most);
    }
  }
  return out;
}

/**
 * @param {LayerData} layer
 * @param {number} x
 * @param {number} y
 * @param {number} scale
 * @param {number} reach
 */
function pointHits(layer, x, y, scale, reach) {
  if (!layer.x || !layer.y) return [];
  if (layer.aggregates) return aggregateHits(layer, x, y, scale);
  /** @type {Hit[]} */
  const out = [];
  const limit = (reach + 6) / scale;
  const { x: xs, y: ys } = layer;
  for (const row of layer.near(x - limit, y - limit, x + limit, y + limit)) {
    const dx = xs[row] - x;
    if (dx > limit || dx < -limit) continue;
    const dy = ys[row] - y;
    if (dy > limit || dy < -limit || layer.spread?.has(row) || !layer.isOn(row)) continue;
    const distance = Math.hypot(dx, dy) * scale;
    if (distance <= Math.max(reach, layer.styles[layer.styleOf[row]].r + 2)) out.push({ layer, row, distance });
  }
  // Coincident points were drawn apart: test where they were drawn.
  for (const [row, [dx, dy]] of layer.spread ?? []) {
    const distance = Math.hypot((xs[row] - x) * scale + dx, (ys[row] - y) * scale + dy);
    if (distance <= Math.max(reach, layer.styles[layer.styleOf[row]].r + 2) && layer.isOn(row)) out.push({ layer, row, distance });
  }
  return out.sort((a, b) => a.distance - b.distance || b.row - a.row).slice(0, 200);
}

/**
 * The rows of the cluster or hexagon at a point, in table order.
 * @param {LayerData} layer
 * @param {number} x
 * @param {number} y
 * @param {number} scale
 */
function aggregateHits(layer, x, y, scale) {
  const { aggregates, x: xs, y: ys } = layer;
  const aggregate = aggregates?.at(x, y);
  if (!aggregates || !aggregate || !xs || !ys || aggregates.scale !== scale) return [];
  const cells = new Set(aggregate.cells);
  /** @type {Hit[]} */
  const out = [];
  for (const row of layer.near(aggregate.west, aggregate.north, aggregate.east, aggregate.south)) {
    if (!cells.has(aggregates.of(xs[row], ys[row])) || !layer.isOn(row)) continue;
    out.push({ layer, row, distance: 0, aggregate });
  }
  return out.sort((a, b) => a.row - b.row).slice(0, 200);
}

/**
 * @param {LayerData} layer
 * @param {number} x
 * @param {number} y
 * @param {number} scale
 * @param {number} reach
 */
function lineHits(layer, x, y, scale, reach) {
  const best = new Map();
  const limit = reach / scale;
  for (const ring of layer.rings ?? []) {
    if (x < ring.west - limit || x > ring.east + limit || y < ring.north - limit || y > ring.south + limit) continue;
    if (!layer.isOn(ring.row)) continue;
    const d = distanceToLine(ring.xy, ring.n, x, y) * scale;
    if (d <= reach && d < (best.get(ring.row) ?? Infinity)) best.set(ring.row, d);
  }
  return [...best].map(([row, distance]) => ({ layer, row, distance })).sort((a, b) => a.distance - b.distance);
}

/**
 * @param {LayerData} layer
 * @param {number} x
 * @param {number} y
 */
function areaHits(layer, x, y) {
  const out = [];
  for (let row = layer.n - 1; row >= 0; row--) {
    if (!layer.isOn(row)) continue;
    const rings = layer.ringsOf(row);
    const near = rings.filter((r) => y >= r.north && y <= r.south && x >= r.west && x <= r.east);
    if (near.length && pointInRings(near.map((r) => /** @type {any} */ (r.xy)), x, y)) out.push({ layer, row, distance: 0 });
  }
  return out;
}

/**
 * Shortest distance from a point to a line, in the line's units.
 * @param {Float64Array} xy
 * @param {number} n
 * @param {number} x
 * @param {number} y
 */
export function distanceToLine(xy, n, x, y) {
  let least = Infinity;
  for (let i = 1; i < n; i++) {
    const [ax, ay] = [xy[2 * i - 2], xy[2 * i - 1]];
    const [bx, by] = [xy[2 * i] - ax, xy[2 * i + 1] - ay];
    const size = bx * bx + by * by;
    const t = size ? Math.max(0, Math.min(1, ((x - ax) * bx + (y - ay) * by) / size)) : 0;
    const d = Math.hypot(ax + t * bx - x, ay + t * by - y);
    if (d < least) least = d;
  }
  return least;
}
