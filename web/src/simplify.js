/** Decode lines and outlines with many vertices, and simplify them for each zoom. */

/**
 * @typedef {import("./codec.js").BinaryBlob} BinaryBlob
 * @typedef {import("./data.js").Ring} Ring
 * @typedef {{xy: Float64Array, n: number}} Trace
 */

/**
 * The coordinate differences of all rings on one axis, stored as 32-bit numbers or as byte
 * planes with the sign in the lowest bit.
 * @param {BinaryBlob} blob
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

// Shorter rings are not simplified.
const SHORT = 48;
// Simplification tolerance in CSS pixels.
const APART = 0.4;

/** @type {WeakMap<Ring, Map<number, Trace>>} */
const levels = new WeakMap();

/**
 * The vertices of a ring that matter at a scale. Each integer zoom is simplified once, when it
 * is first drawn.
 * @param {Ring} ring
 * @param {number} scale Pixels a world.
 * @returns {Trace}
 */
export function simplifiedAt(ring, scale) {
  if (ring.n <= SHORT) return ring;
  const zoom = Math.ceil(Math.log2(scale) - 1e-9);
  let made = levels.get(ring);
  if (!made) levels.set(ring, (made = new Map()));
  const known = made.get(zoom);
  if (known) return known;
  const found = simplifyTo(ring, APART / 2 ** zoom);
  made.set(zoom, found);
  return found;
}

/**
 * Drop each vertex that is closer than a distance to the last vertex kept.
 * @param {Trace} ring
 * @param {number} apart
 * @returns {Trace}
 */
export function simplifyTo(ring, apart) {
  const { xy, n } = ring;
  const kept = new Float64Array(2 * n);
  const least = apart * apart;
  let count = 0;
  let [px, py] = [Infinity, Infinity];
  for (let i = 0; i < n; i++) {
    const [x, y] = [xy[2 * i], xy[2 * i + 1]];
    const [dx, dy] = [x - px, y - py];
    // Keep the last vertex, so that lines keep their end and rings stay closed.
    if (dx * dx + dy * dy < least && i < n - 1) continue;
    kept[2 * count] = x;
    kept[2 * count + 1] = y;
    count += 1;
    px = x;
    py = y;
  }
  return count > 0.8 * n ? ring : { xy: kept.slice(0, 2 * count), n: count };
}
