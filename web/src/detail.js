/** Lines and outlines of very many vertices: read from the page, and thinned for each zoom. */

/**
 * @typedef {import("./codec.js").Blobbed} Blobbed
 * @typedef {import("./data.js").Ring} Ring
 * @typedef {{xy: Float64Array, n: number}} Trace
 */

/**
 * The differences along all rings, on one axis: as numbers of 32 bits, or as planes of bytes
 * with the sign in the lowest bit.
 * @param {Blobbed} blob
 * @param {any} shapes
 * @param {"x" | "y"} axis
 * @returns {import("./codec.js").Numbers}
 */
export function differences(blob, shapes, axis) {
  const read = blob.array(shapes[axis]);
  if (!shapes.planes) return read;
  const n = read.length / shapes.planes;
  const out = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    let value = 0;
    for (let k = shapes.planes - 1; k >= 0; k--) value = (value << 8) | read[k * n + i];
    out[i] = (value >>> 1) ^ -(value & 1);
  }
  return out;
}

// Rings that are shorter cost nothing.
const SHORT = 48;
// No vertex that is left out lies farther than this from one that is kept, in CSS pixels.
const APART = 0.4;

/** @type {WeakMap<Ring, Map<number, Trace>>} */
const levels = new WeakMap();

/**
 * The vertices of a ring that can be told apart at a scale: all of them at a deep zoom, few at
 * a wide view. Each whole zoom is thinned once, when it is first seen.
 * @param {Ring} ring
 * @param {number} scale Pixels a world.
 * @returns {Trace}
 */
export function traceAt(ring, scale) {
  if (ring.n <= SHORT) return ring;
  const zoom = Math.ceil(Math.log2(scale) - 1e-9);
  let made = levels.get(ring);
  if (!made) levels.set(ring, (made = new Map()));
  const known = made.get(zoom);
  if (known) return known;
  const found = thinned(ring, APART / 2 ** zoom);
  made.set(zoom, found);
  return found;
}

/**
 * Leave out each vertex that lies nearer than a distance to the last one that was kept.
 * @param {Trace} ring
 * @param {number} apart
 * @returns {Trace}
 */
export function thinned(ring, apart) {
  const { xy, n } = ring;
  const kept = new Float64Array(2 * n);
  const least = apart * apart;
  let count = 0;
  let [px, py] = [Infinity, Infinity];
  for (let i = 0; i < n; i++) {
    const [x, y] = [xy[2 * i], xy[2 * i + 1]];
    const [dx, dy] = [x - px, y - py];
    // The last vertex stays, so that a line keeps its end and a ring its closure.
    if (dx * dx + dy * dy < least && i < n - 1) continue;
    kept[2 * count] = x;
    kept[2 * count + 1] = y;
    count += 1;
    px = x;
    py = y;
  }
  return count > 0.8 * n ? ring : { xy: kept.slice(0, 2 * count), n: count };
}
