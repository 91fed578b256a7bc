/** Uncertainty circles: every vertex is at the radius on the ellipsoid. */

import { destination, latitude, mercatorX, mercatorY, metresPerWorld } from "./geo.js";
import { mainColour } from "./rowfilter.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./canvaslayer.js").View} View
 */

/** Above this radius in pixels the ellipsoidal circle differs visibly from a circle in Mercator. */
const LARGE = 60;
const CORNERS = 96;
/** Cached outlines by latitude and radius, as offsets from the centre.
 * @type {Map<string, Float64Array>} */
const outlines = new Map();

/**
 * @param {number} lat
 * @param {number} metres
 * @returns {Float64Array} x, y, x, y … in world units, relative to the centre.
 */
export function outline(lat, metres) {
  const key = `${lat.toFixed(5)} ${metres.toFixed(1)}`;
  let found = outlines.get(key);
  if (!found) {
    if (outlines.size > 2000) outlines.clear();
    found = new Float64Array(2 * CORNERS);
    const y0 = mercatorY(lat);
    for (let i = 0; i < CORNERS; i++) {
      const [lon, there] = destination(0, lat, (360 * i) / CORNERS, metres);
      found[2 * i] = mercatorX(lon) - 0.5;
      found[2 * i + 1] = mercatorY(there) - y0;
    }
    outlines.set(key, found);
  }
  return found;
}

/**
 * Draw each circle once, even if several rows share it.
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData} layer
 * @param {View} view
 * @param {Int32Array} rows
 * @returns {Set<number>} The rows whose circle is larger than their marker.
 */
export function circles(context, layer, view, rows) {
  const radius = /** @type {Float32Array} */ (layer.radius);
  const xs = /** @type {Float64Array} */ (layer.x);
  const ys = /** @type {Float64Array} */ (layer.y);
  /** @type {Set<number>} */
  const uncertain = new Set();
  const done = new Set();
  const limit = Math.max(view.width, view.height);
  context.setLineDash([4, 3]);
  for (const row of rows) {
    const metres = radius[row];
    if (!(metres > 0)) continue;
    const style = layer.styles[layer.styleOf[row]];
    const lat = latitude(ys[row]);
    const r = (metres / metresPerWorld(lat)) * view.scale;
    if (r < style.r + 2 || !layer.isOn(row)) continue;
    uncertain.add(row);
    const x = xs[row] * view.scale - view.left;
    const y = ys[row] * view.scale - view.top;
    // On the map, an ellipsoidal circle extends further towards the pole.
    const reach = r > LARGE ? 2 * r : r;
    if (x < -reach || x > view.width + reach || y < -reach || y > view.height + reach) continue;
    const key = `${x.toFixed(0)} ${y.toFixed(0)} ${r.toFixed(0)} ${layer.styleOf[row]}`;
    if (done.has(key)) continue;
    done.add(key);
    context.beginPath();
    if (r > LARGE) {
      const steps = outline(lat, metres);
      for (let i = 0; i < steps.length; i += 2) context.lineTo(x + steps[i] * view.scale, y + steps[i + 1] * view.scale);
      context.closePath();
    } else {
      context.arc(x, y, r, 0, 2 * Math.PI);
    }
    const colour = mainColour(style);
    if (r < limit) {
      // Fill large circles more faintly, so that they do not hide what is inside.
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
  return uncertain;
}
