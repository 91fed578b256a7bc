/**
 * Obstacle graphics along lines: the rule of `docs/symbols.md`, in screen units with y downwards.
 *
 * `geoconflict.maps.symbols.symbols.place` is the same rule in Python; a test holds the two together.
 */

/**
 * @typedef {{points: number[], closed: boolean, fill: boolean, width: number, dash: number[]}} Shape Points are x, y, x, y…
 * @typedef {{at: number, ox: number, oy: number, dx: number, dy: number, sx: number, half: number}} Stand
 */

const ARC = 15;
const LEAST_FOOT = 1.5;

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
 * @param {any} rules The definition, or the part of it that the page carries.
 * @param {string} name
 * @param {number[]} screen x, y, x, y… with y downwards; the enemy on the left as a reader sees it.
 * @param {number} scale
 * @param {boolean} planned
 * @returns {Shape[]}
 */
export function place(rules, name, screen, scale, planned) {
  const pattern = rules.lines[name];
  /** @type {number[]} */
  const up = [];
  for (let i = 0; i < screen.length; i += 2) {
    const [x, y] = [screen[i], -screen[i + 1]];
    if (up.length && up[up.length - 2] === x && up[up.length - 1] === y) continue;
    up.push(x, y);
  }
  const carrier = simplify(up, rules.carrier_tolerance * Math.max(scale, 0.5));
  if (carrier.length < 4) return [];
  const lengths = along(carrier);
  const stands = scale > 0 ? findStands(carrier, lengths, pattern, scale, rules) : [];
  const shapes = bareLines(carrier, lengths, stands, pattern, scale, planned ? rules : null);
  for (const stand of stands) shapes.push(...glyph(stand, pattern, scale, planned && rules.planned.hollow));
  for (const shape of shapes) for (let i = 1; i < shape.points.length; i += 2) shape.points[i] = -shape.points[i];
  return shapes;
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
  const out = [];
  for (let i = 0; i < n; i++) if (keep[i]) out.push(p[2 * i], p[2 * i + 1]);
  return out;
}

/** @param {number[]} p */
function along(p) {
  const out = [0];
  for (let i = 2; i < p.length; i += 2) out.push(out[out.length - 1] + Math.hypot(p[i] - p[i - 2], p[i + 1] - p[i - 1]));
  return out;
}

/**
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {number} s
 */
function at(p, lengths, s) {
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
 * @param {any} element
 * @returns {{points: number[], closed: boolean}}
 */
function outline(element) {
  if (element.type === "circle" || element.type === "arc") {
    const [from, to] = element.type === "circle" ? [0, 360 - ARC] : [element.from, element.to];
    const count = Math.max(Math.round(Math.abs(to - from) / ARC), 2) + 1;
    const points = [];
    for (let i = 0; i < count; i++) {
      const a = ((from + ((to - from) * i) / (count - 1)) * Math.PI) / 180;
      points.push(element.center[0] + element.radius * Math.cos(a), element.center[1] + element.radius * Math.sin(a));
    }
    return { points, closed: element.type === "circle" };
  }
  return { points: element.points.flat(), closed: element.type === "polygon" };
}

/** @param {any} pattern */
function foot(pattern) {
  let [half, low, high] = [LEAST_FOOT, Infinity, -Infinity];
  for (const element of pattern.elements) {
    const { points } = outline(element);
    for (let i = 0; i < points.length; i += 2) {
      half = Math.max(half, Math.abs(points[i]));
      low = Math.min(low, points[i + 1]);
      high = Math.max(high, points[i + 1]);
    }
  }
  return { half, middle: (low + high) / 2 };
}

/**
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {any} pattern
 * @param {number} scale
 * @param {any} rules
 * @returns {Stand[]}
 */
function findStands(p, lengths, pattern, scale, rules) {
  const { half, middle } = foot(pattern);
  const period = pattern.period * scale;
  const whole = lengths[lengths.length - 1];
  /** @type {Stand[]} */
  const out = [];
  if (pattern.at === "ends") {
    const reach = half * scale;
    if (whole < 8 * reach) return out;
    for (const s of [reach, whole - reach]) {
      const [a, b] = [at(p, lengths, s - reach), at(p, lengths, s + reach)];
      const chord = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (chord >= reach) out.push({ at: s, ox: (a[0] + b[0]) / 2, oy: (a[1] + b[1]) / 2, dx: (b[0] - a[0]) / chord, dy: (b[1] - a[1]) / chord, sx: scale, half: reach });
    }
    return out;
  }
  const least = rules.least_gap * Math.min(period, 2 * half * scale + scale);
  /** @type {Map<string, number[][]>} */
  const cells = new Map();
  const take = (/** @type {number} */ x, /** @type {number} */ y) => {
    const [cx, cy] = [Math.floor(x / least), Math.floor(y / least)];
    for (let i = -1; i <= 1; i++) {
      for (let j = -1; j <= 1; j++) {
        for (const other of cells.get(`${cx + i} ${cy + j}`) ?? []) if (Math.hypot(other[0] - x, other[1] - y) < least) return false;
      }
    }
    const key = `${cx} ${cy}`;
    cells.set(key, [...(cells.get(key) ?? []), [x, y]]);
    return true;
  };
  for (const [first, last] of stretches(p, rules.corner_deg)) {
    const start = lengths[first];
    const length = lengths[last] - start;
    const count = Math.max(halfEven(length / period), 1);
    const step = length / count;
    if (step < rules.least_step * period) continue;
    const reach = pattern.stretch ? step / 2 : half * scale;
    for (let i = 0; i < count; i++) {
      const s = start + (i + 0.5) * step;
      const [low, high] = [Math.max(s - reach, start), Math.min(s + reach, start + length)];
      const [a, b] = [at(p, lengths, low), at(p, lengths, high)];
      const chord = Math.hypot(b[0] - a[0], b[1] - a[1]);
      if (chord < 0.6 * (high - low)) continue;
      const [dx, dy] = [(b[0] - a[0]) / chord, (b[1] - a[1]) / chord];
      const [ox, oy] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      if (!take(ox - middle * scale * dy, oy + middle * scale * dx)) continue;
      out.push({ at: s, ox, oy, dx, dy, sx: pattern.stretch ? chord / pattern.period : scale, half: reach });
    }
  }
  return out;
}

/**
 * Round as Python does: a half goes to the even number.
 * @param {number} x
 */
function halfEven(x) {
  const down = Math.floor(x);
  if (x - down !== 0.5) return Math.round(x);
  return down % 2 ? down + 1 : down;
}

/**
 * @param {number[]} p
 * @param {number} cornerDeg
 */
function stretches(p, cornerDeg) {
  const corners = [0];
  const n = p.length / 2;
  for (let i = 1; i < n - 1; i++) {
    const before = Math.atan2(p[2 * i + 1] - p[2 * i - 1], p[2 * i] - p[2 * i - 2]);
    const after = Math.atan2(p[2 * i + 3] - p[2 * i + 1], p[2 * i + 2] - p[2 * i]);
    let turn = (after - before + Math.PI) % (2 * Math.PI);
    if (turn < 0) turn += 2 * Math.PI;
    if (Math.abs(turn - Math.PI) > (cornerDeg * Math.PI) / 180) corners.push(i);
  }
  corners.push(n - 1);
  return corners.slice(1).map((last, i) => [corners[i], last]);
}

/**
 * @param {Stand} stand
 * @param {any} pattern
 * @param {number} scale
 * @param {boolean} hollow
 * @returns {Shape[]}
 */
function glyph(stand, pattern, scale, hollow) {
  return pattern.elements.map((/** @type {any} */ element) => {
    const { points, closed } = outline(element);
    const out = [];
    for (let i = 0; i < points.length; i += 2) {
      const [x, y] = [points[i] * stand.sx, points[i + 1] * scale];
      out.push(stand.ox + x * stand.dx - y * stand.dy, stand.oy + x * stand.dy + y * stand.dx);
    }
    return { points: out, closed, fill: Boolean(element.fill) && !hollow, width: (element.width ?? pattern.width) * Math.max(scale, 0.6), dash: [] };
  });
}

/**
 * @param {number[]} p
 * @param {number[]} lengths
 * @param {Stand[]} stands
 * @param {any} pattern
 * @param {number} scale
 * @param {any} planned
 * @returns {Shape[]}
 */
function bareLines(p, lengths, stands, pattern, scale, planned) {
  const { line } = pattern;
  const size = Math.max(scale, 0.6);
  const style = { closed: false, fill: false, width: line.width * size, dash: (planned ? planned.planned.dash : line.dash).map((/** @type {number} */ d) => d * size) };
  const clear = ((pattern.clear ?? 0) * scale) / 2;
  const pad = pattern.stretch ? 0 : scale;
  const covered =
    line.where === "all"
      ? clear ? stands.map((s) => [s.at - clear, s.at + clear]) : []
      : stands.map((s) => [s.at - s.half - pad, s.at + s.half + pad]);
  if (!covered.length) return [{ points: [...p], ...style }];
  const out = [];
  let from = 0;
  for (const [low, high] of [...covered, [lengths[lengths.length - 1], Infinity]]) {
    if (low - from > 0.5 * scale) {
      const points = [...at(p, lengths, from)];
      for (let i = 0; i < lengths.length; i++) if (lengths[i] > from && lengths[i] < low) points.push(p[2 * i], p[2 * i + 1]);
      points.push(...at(p, lengths, low));
      out.push({ points, ...style });
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
export function drawShapesOf(context, shapes, colour, paper) {
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
