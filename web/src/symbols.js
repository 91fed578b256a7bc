/**
 * Obstacle symbols along lines: the steps of `docs/symbols.md`, in screen pixels with y downwards.
 *
 * The definition is `geoconflict/maps/symbols/symbols.json`. Python works out the shapes of one glyph
 * (`maps.symbols.symbols.page_rules`); this module repeats them along a line, since their spacing is in
 * pixels and depends on the zoom. `maps.symbols.symbols.place` does the same for the printed map; a
 * test compares the two.
 */

/**
 * @typedef {{points: number[], closed: boolean, fill: boolean, width: number, dash: number[]}} Shape Points are x, y, x, y…
 * @typedef {{s: number, x: number, y: number, dx: number, dy: number, xScale: number, reach: number}} Anchor
 *   Where a glyph stands: arc length, origin, direction, scale along the line, half its foot.
 */

/**
 * The scale of glyphs at a zoom; 0 draws the bare line.
 * @param {any} rules
 * @param {number} zoom
 */
export function scaleAt(rules, zoom) {
  return (rules.levels.find((/** @type {any} */ l) => zoom < l.below_zoom) ?? rules.levels.at(-1)).scale;
}

/**
 * Lay a pattern along a line.
 * @param {any} rules What `page_rules` returns.
 * @param {string} name
 * @param {number[]} screen x, y, x, y… with y downwards; glyphs stand on the left of the line.
 * @param {number} scale
 * @param {boolean} planned
 * @returns {Shape[]}
 */
export function place(rules, name, screen, scale, planned) {
  const pattern = rules.lines[name];
  const distinct = screen.filter((_, i) => {
    const x = i - (i % 2);
    return x === 0 || screen[x] !== screen[x - 2] || screen[x + 1] !== screen[x - 1];
  });
  const line = simplify(distinct, rules.carrier_tolerance * Math.max(scale, 0.5));
  if (line.length < 4) return [];
  const lengths = arcLengths(line);
  const anchors = scale > 0 ? findAnchors(line, lengths, pattern, scale, rules) : [];
  const hollow = planned && rules.planned.hollow;
  return [
    ...baseLine(line, lengths, anchors, pattern, scale, planned ? rules.planned.dash : pattern.line.dash),
    ...anchors.flatMap((anchor) => glyph(anchor, pattern, scale, hollow)),
  ];
}

/**
 * Douglas and Peucker.
 * @param {number[]} p
 * @param {number} tolerance
 */
function simplify(p, tolerance) {
  const n = p.length / 2;
  if (n < 3) return p;
  const keep = new Uint8Array(n);
  keep[0] = keep[n - 1] = 1;
  const stack = [[0, n - 1]];
  while (stack.length) {
    const [a, b] = /** @type {number[]} */ (stack.pop());
    let [most, at] = [tolerance, -1];
    const [ax, ay] = [p[2 * a], p[2 * a + 1]];
    const [bx, by] = [p[2 * b] - ax, p[2 * b + 1] - ay];
    const size = bx * bx + by * by;
    for (let i = a + 1; i < b; i++) {
      const [x, y] = [p[2 * i] - ax, p[2 * i + 1] - ay];
      const t = size ? Math.max(0, Math.min(1, (x * bx + y * by) / size)) : 0;
      const d = Math.hypot(x - t * bx, y - t * by);
      if (d > most) [most, at] = [d, i];
    }
    if (at > 0) {
      keep[at] = 1;
      stack.push([a, at], [at, b]);
    }
  }
  return p.filter((_, i) => keep[i >> 1]);
}

/** @param {number[]} p */
function arcLengths(p) {
  const out = [0];
  for (let i = 2; i < p.length; i += 2) out.push(out[out.length - 1] + Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]));
  return out;
}

/**
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {number} s Arc length.
 */
function pointAt(p, lengths, s) {
  let i = 0;
  let high = lengths.length - 2;
  while (i < high) {
    const middle = (i + high + 1) >> 1;
    if (lengths[middle] <= s) i = middle;
    else high = middle - 1;
  }
  const part = lengths[i + 1] - lengths[i];
  const t = part > 0 ? (s - lengths[i]) / part : 0;
  return [p[2 * i] + t * (p[2 * i + 2] - p[2 * i]), p[2 * i + 1] + t * (p[2 * i + 3] - p[2 * i + 1])];
}

/**
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {any} pattern
 * @param {number} scale
 * @param {any} rules
 * @returns {Anchor[]}
 */
function findAnchors(p, lengths, pattern, scale, rules) {
  const [period, half, total] = [pattern.period * scale, pattern.half * scale, lengths[lengths.length - 1]];
  /** @type {Anchor[]} */
  const anchors = [];
  /**
   * Put a glyph on the chord of its foot, unless the line doubles back under it or another glyph is too near.
   * @param {number} s
   * @param {number} reach
   * @param {number} low
   * @param {number} high
   * @param {number} leastChord
   * @param {(x: number, y: number) => boolean} isFree
   */
  const add = (s, reach, low, high, leastChord, isFree) => {
    const [[ax, ay], [bx, by]] = [pointAt(p, lengths, low), pointAt(p, lengths, high)];
    const chord = Math.hypot(bx - ax, by - ay);
    if (chord < leastChord) return;
    const [x, y, dx, dy] = [(ax + bx) / 2, (ay + by) / 2, (bx - ax) / chord, (by - ay) / chord];
    const up = pattern.middle * scale;
    if (isFree(x + up * dy, y - up * dx)) anchors.push({ s, x, y, dx, dy, xScale: pattern.stretch ? chord / pattern.period : scale, reach });
  };
  if (pattern.ends) {
    if (total >= 8 * half) for (const s of [half, total - half]) add(s, half, s - half, s + half, half, () => true);
    return anchors;
  }
  const isFree = keepApart(rules.least_gap * Math.min(period, 2 * half + scale));
  for (const [first, last] of betweenCorners(p, rules.corner_deg)) {
    const [start, end] = [lengths[first], lengths[last]];
    const count = Math.max(Math.floor((end - start) / period + 0.5), 1);
    const step = (end - start) / count;
    if (step < rules.least_step * period) continue;
    const reach = pattern.stretch ? step / 2 : half;
    for (let i = 0; i < count; i++) {
      const s = start + (i + 0.5) * step;
      const [low, high] = [Math.max(s - reach, start), Math.min(s + reach, end)];
      add(s, reach, low, high, Math.max(0.6 * (high - low), 1e-9), isFree);
    }
  }
  return anchors;
}

/**
 * Remember places in a grid of cells, and refuse one that is nearer than `least` to another.
 * @param {number} least
 */
function keepApart(least) {
  /** @type {Map<string, number[][]>} */
  const cells = new Map();
  return (/** @type {number} */ x, /** @type {number} */ y) => {
    const [column, row] = [Math.floor(x / least), Math.floor(y / least)];
    for (let i = -1; i <= 1; i++) {
      for (let j = -1; j <= 1; j++) {
        for (const other of cells.get(`${column + i} ${row + j}`) ?? []) if (Math.hypot(other[0] - x, other[1] - y) < least) return false;
      }
    }
    const key = `${column} ${row}`;
    cells.set(key, [...(cells.get(key) ?? []), [x, y]]);
    return true;
  };
}

/**
 * The runs of vertices between sharp corners, as first and last vertex.
 * @param {number[]} p
 * @param {number} cornerDeg
 */
function betweenCorners(p, cornerDeg) {
  const corners = [0];
  const n = p.length / 2;
  for (let i = 1; i < n - 1; i++) {
    const [ux, uy] = [p[2 * i] - p[2 * i - 2], p[2 * i + 1] - p[2 * i - 1]];
    const [vx, vy] = [p[2 * i + 2] - p[2 * i], p[2 * i + 3] - p[2 * i + 1]];
    if (Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)) > (cornerDeg * Math.PI) / 180) corners.push(i);
  }
  return corners.map((first, i) => [first, corners[i + 1] ?? n - 1]);
}

/**
 * The shapes of one glyph, turned and moved to its anchor.
 * @param {Anchor} anchor
 * @param {any} pattern
 * @param {number} scale
 * @param {boolean} hollow
 * @returns {Shape[]}
 */
function glyph({ x, y, dx, dy, xScale }, pattern, scale, hollow) {
  return pattern.shapes.map((/** @type {any} */ shape) => {
    const points = [];
    for (let i = 0; i < shape.points.length; i += 2) {
      const [u, v] = [shape.points[i] * xScale, shape.points[i + 1] * scale];
      points.push(x + u * dx + v * dy, y + u * dy - v * dx);
    }
    return { points, closed: shape.closed, fill: shape.fill && !hollow, width: shape.width * Math.max(scale, 0.6), dash: [] };
  });
}

/**
 * The line under the glyphs: all of it, or the parts between them.
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {Anchor[]} anchors
 * @param {any} pattern
 * @param {number} scale
 * @param {number[]} dash
 * @returns {Shape[]}
 */
function baseLine(p, lengths, anchors, pattern, scale, dash) {
  const size = Math.max(scale, 0.6);
  const style = { closed: false, fill: false, width: pattern.line.width * size, dash: dash.map((d) => d * size) };
  const pad = pattern.stretch ? 0 : scale;
  const gap = (/** @type {Anchor} */ a) => (pattern.line.where === "all" ? (pattern.clear * scale) / 2 : a.reach + pad);
  const gaps = anchors.map((a) => [a.s - gap(a), a.s + gap(a)]).filter(([low, high]) => high > low);
  if (!gaps.length) return [{ points: p, ...style }];
  const out = [];
  let from = 0;
  for (const [low, high] of [...gaps, [lengths[lengths.length - 1], Infinity]]) {
    if (low - from > 0.5 * scale) {
      const inner = lengths.flatMap((s, i) => (s > from && s < low ? [p[2 * i], p[2 * i + 1]] : []));
      out.push({ points: [...pointAt(p, lengths, from), ...inner, ...pointAt(p, lengths, low)], ...style });
    }
    from = Math.max(from, high);
  }
  return out;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shape[]} shapes
 * @param {string} colour
 * @param {string} paper Covers what lies below an outline.
 */
export function drawSymbols(context, shapes, colour, paper) {
  context.lineJoin = "round";
  context.lineCap = "butt";
  for (const shape of shapes) {
    const { points } = shape;
    context.beginPath();
    context.moveTo(points[0], points[1]);
    for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
    if (shape.closed) {
      context.closePath();
      context.fillStyle = shape.fill ? colour : paper;
      context.fill();
    }
    context.setLineDash(shape.dash);
    context.lineWidth = shape.width;
    context.strokeStyle = colour;
    context.stroke();
  }
  context.setLineDash([]);
}
