/** Labels with a halo, placed by priority without overlaps. */

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./data.js").Ring} Ring
 * @typedef {import("./canvaslayer.js").View} View
 * @typedef {{text: string, rank: number, x: number, y: number, layer: LayerData, gap: number}} Candidate
 */

const FONT = '"Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif';

/**
 * @param {CanvasRenderingContext2D} context
 * @param {LayerData[]} layers
 * @param {View} view
 * @param {{halo: string, ink: string | null}} colours
 * @param {number[]} free Left, top, right and bottom of the visible part of the canvas.
 * @param {number[][]} [written] Boxes of labels that are placed already.
 * @returns {number} Labels drawn.
 */
export function drawLabels(context, layers, view, colours, free, written = []) {
  /** @type {Candidate[]} */
  const wanted = [];
  for (const layer of layers) {
    if (!layer.labelStyle || !layer.visible || view.zoom < layer.labelStyle.minZoom) continue;
    for (const [row, text, rank] of layer.labels) {
      if (!layer.isOn(row)) continue;
      const at = layer.kind === "point" ? pointAt(layer, row, view) : middleOf(layer, row, view, free);
      if (at) wanted.push({ text, rank, layer, ...at });
    }
  }
  // Labels of places take precedence over labels of areas.
  wanted.sort((a, b) => kindRank(b) - kindRank(a) || b.rank - a.rank || (a.text < b.text ? -1 : 1));
  const taken = [...written, ...marks(layers, view)];
  let drawn = 0;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const c of wanted) {
    const look = /** @type {import("./data.js").LabelStyle} */ (c.layer.labelStyle);
    const text = look.upper ? c.text.toLocaleUpperCase() : c.text;
    context.font = `${look.italic ? "italic " : ""}${look.upper ? "600 " : "500 "}${look.size}px ${FONT}`;
    if ("letterSpacing" in context) context.letterSpacing = look.upper ? `${look.size * 0.18}px` : "0px";
    const width = context.measureText(text).width;
    const spot = place(c, width, look.size, taken, view);
    if (!spot) continue;
    taken.push(spot.box);
    context.textAlign = "left";
    // The direction follows the text, not the page.
    context.direction = FROM_RIGHT.test(text) ? "rtl" : "ltr";
    context.strokeStyle = colours.halo;
    context.lineWidth = 3.4;
    context.globalAlpha = 0.92;
    context.strokeText(text, spot.x, spot.y);
    context.globalAlpha = 1;
    context.fillStyle = colours.ink ?? look.colour;
    context.fillText(text, spot.x, spot.y);
    drawn += 1;
  }
  return drawn;
}

/** A text that starts with a letter of a right-to-left script. */
const FROM_RIGHT = /^[^\p{L}]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** @param {Candidate} c */
const kindRank = (c) => (c.layer.background ? 0 : c.layer.kind === "point" ? 2 : 1);

/**
 * @param {LayerData} layer
 * @param {number} row
 * @param {View} view
 */
function pointAt(layer, row, view) {
  if (!layer.x || !layer.y) return null;
  const x = layer.x[row] * view.scale - view.left;
  const y = layer.y[row] * view.scale - view.top;
  if (x < 0 || y < 0 || x > view.width || y > view.height) return null;
  return { x, y, gap: layer.styles[layer.styleOf[row]].r + 4 };
}

/**
 * Boxes of markers with labels, and of clusters: labels must not cover them.
 * @param {LayerData[]} layers
 * @param {View} view
 */
function marks(layers, view) {
  const out = [];
  for (const layer of layers) {
    if (layer.kind !== "point" || !layer.visible) continue;
    for (const { x, y, r } of layer.aggregates?.circles ?? []) {
      const [u, v] = [x * view.scale - view.left, y * view.scale - view.top];
      out.push([u - r, v - r, u + r, v + r]);
    }
    if (!layer.labelStyle) continue;
    for (const [row] of layer.labels) {
      if (!layer.isOn(row)) continue;
      const at = pointAt(layer, row, view);
      if (at) out.push([at.x - at.gap + 3, at.y - at.gap + 3, at.x + at.gap - 3, at.y + at.gap - 3]);
    }
  }
  return out;
}

/**
 * @param {Candidate} c
 * @param {number} width
 * @param {number} size
 * @param {number[][]} taken
 * @param {View} view
 */
function place(c, width, size, taken, view) {
  const h = size * 1.15;
  const spots =
    c.layer.kind === "point"
      ? [
          [c.gap, 0], [-c.gap - width, 0], [-width / 2, -c.gap - h / 2], [-width / 2, c.gap + h / 2],
          [c.gap * 0.7, -c.gap * 0.9], [c.gap * 0.7, c.gap * 0.9],
          [-c.gap * 0.7 - width, -c.gap * 0.9], [-c.gap * 0.7 - width, c.gap * 0.9],
        ]
      : [[-width / 2, 0], [-width / 2, -h * 1.4], [-width / 2, h * 1.4], [-width / 2, -h * 2.8], [-width / 2, h * 2.8]];
  for (const [dx, dy] of spots) {
    const box = [c.x + dx - 2, c.y + dy - h / 2, c.x + dx + width + 2, c.y + dy + h / 2];
    if (box[0] < 0 || box[1] < 0 || box[2] > view.width || box[3] > view.height) continue;
    if (taken.some((t) => t[0] < box[2] && t[2] > box[0] && t[1] < box[3] && t[3] > box[1])) continue;
    return { x: c.x + dx, y: c.y + dy, box };
  }
  return null;
}

/**
 * The label position of an area: the grid point within its visible part that is farthest from
 * its outline and from the edge of the screen.
 * @param {LayerData} layer
 * @param {number} row
 * @param {View} view
 * @param {number[]} free
 */
function middleOf(layer, row, view, free) {
  const rings = layer.ringsOf(row).filter((r) => r.n > 3);
  if (!rings.length) return null;
  // Spreading all rings as arguments could exceed the limit of a call.
  const box = rings.reduce((a, r) => [Math.min(a[0], r.west), Math.max(a[1], r.east), Math.min(a[2], r.north), Math.max(a[3], r.south)],
    [Infinity, -Infinity, Infinity, -Infinity]);
  const left = Math.max(free[0] + 10, box[0] * view.scale - view.left);
  const right = Math.min(free[2] - 10, box[1] * view.scale - view.left);
  const top = Math.max(free[1] + 10, box[2] * view.scale - view.top);
  const bottom = Math.min(free[3] - 10, box[3] * view.scale - view.top);
  if (right - left < 24 || bottom - top < 14) return null;
  // Of many islands, only the largest have room for a label.
  const large = rings.length > 60 ? [...rings].sort((a, b) => extent(b) - extent(a)).slice(0, 60) : rings;
  const near = large.map((r) => thin(r, view));
  let best = null;
  let most = 14;
  for (let i = 1; i < 12; i++) {
    for (let j = 1; j < 12; j++) {
      const x = left + ((right - left) * i) / 12;
      const y = top + ((bottom - top) * j) / 12;
      if (!pointInRings(near, x, y)) continue;
      const d = Math.min(depth(near, x, y), (x - left + 30) * 0.8, (right - x + 30) * 0.8, y - top + 20, bottom - y + 20);
      if (d > most) {
        most = d;
        best = { x, y, gap: 0 };
      }
    }
  }
  return best;
}

/** @param {Ring} r */
const extent = (r) => (r.east - r.west) * (r.south - r.north);

/**
 * @param {Ring} ring
 * @param {View} view
 */
function thin(ring, view) {
  const step = Math.max(1, Math.floor(ring.n / 400));
  const out = [];
  for (let i = 0; i < ring.n; i += step) {
    out.push(ring.xy[2 * i] * view.scale - view.left, ring.xy[2 * i + 1] * view.scale - view.top);
  }
  return out;
}

/**
 * @param {number[][]} rings
 * @param {number} x
 * @param {number} y
 */
export function pointInRings(rings, x, y) {
  let odd = false;
  for (const p of rings) {
    for (let i = 0, j = p.length - 2; i < p.length; j = i, i += 2) {
      if (p[i + 1] > y !== p[j + 1] > y && x < ((p[j] - p[i]) * (y - p[i + 1])) / (p[j + 1] - p[i + 1]) + p[i]) odd = !odd;
    }
  }
  return odd;
}

/**
 * @param {number[][]} rings
 * @param {number} x
 * @param {number} y
 */
function depth(rings, x, y) {
  let least = Infinity;
  for (const p of rings) {
    for (let i = 0; i < p.length; i += 2) {
      const d = Math.hypot((p[i] - x) * 0.6, p[i + 1] - y);
      if (d < least) least = d;
    }
  }
  return least;
}
