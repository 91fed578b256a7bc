/** Keyboard navigation between features, from the centre of the view outwards. */

import { mercatorX, mercatorY } from "./geo.js";
import { rowsInBox } from "./tabledata.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{layer: LayerData, row: number}} Step
 */

const MOST = 500;

/**
 * The features in a bounding box, nearest to the centre first; points before lines and areas.
 * @param {LayerData[]} layers
 * @param {import("./tabledata.js").Box} box
 * @param {[number, number]} middle World, 0 to 1.
 * @returns {Step[]}
 */
export function nearest(layers, box, middle) {
  /** @type {(Step & {far: number})[]} */
  let out = [];
  /** Features farther than the last one of a full list are skipped. */
  let limit = Infinity;
  const order = (/** @type {Step & {far: number}} */ a, /** @type {Step & {far: number}} */ b) => a.far - b.far || a.layer.id - b.layer.id || a.row - b.row;
  const cut = () => {
    out = out.sort(order).slice(0, MOST);
    if (out.length === MOST) limit = out[MOST - 1].far;
  };
  for (const layer of layers) {
    if (!layer.interactive || !layer.visible) continue;
    for (const row of rowsInBox(layer, box, Infinity)) {
      let far = 0;
      if (layer.x && layer.y) far = Math.hypot(layer.x[row] - middle[0], layer.y[row] - middle[1]);
      // Sort behind every point, which is less than two world units away.
      else far = 2 + Math.min(...layer.ringsOf(row).map((r) => Math.hypot((r.west + r.east) / 2 - middle[0], (r.north + r.south) / 2 - middle[1])));
      if (far > limit) continue;
      out.push({ layer, row, far });
      if (out.length > 8 * MOST) cut();
    }
  }
  cut();
  return out;
}

/**
 * @param {import("leaflet").Map} map
 * @param {LayerData[]} layers
 * @param {() => import("./tabledata.js").Box} box
 * @param {(layer: LayerData, row: number) => void} show
 * @param {(at: number, of: number) => void} tell
 * @returns {{step: (by: 1 | -1) => void, reset: () => void}}
 */
export function featureNavigator(map, layers, box, show, tell) {
  /** @type {Step[]} */
  let steps = [];
  let at = -1;
  /** The view for which the list was made. */
  let from = "";
  const view = () => {
    const c = map.getCenter();
    return { x: mercatorX(c.lng), y: mercatorY(c.lat), zoom: map.getZoom() };
  };
  let centre = view();
  return {
    reset: () => {
      from = "";
    },
    step: (by) => {
      const now = view();
      // Opening a popup may pan the map slightly; larger moves are the reader's.
      const moved = Math.hypot(now.x - centre.x, now.y - centre.y) * 256 * 2 ** now.zoom > map.getSize().x / 3;
      if (from !== String(now.zoom) || moved || !steps.length) {
        steps = nearest(layers, box(), [now.x, now.y]);
        at = by > 0 ? -1 : 0;
        from = String(now.zoom);
        centre = now;
      }
      if (!steps.length) {
        tell(0, 0);
        return;
      }
      at = (at + by + steps.length) % steps.length;
      show(steps[at].layer, steps[at].row);
      tell(at + 1, steps.length);
    },
  };
}
