/** Layers, as read from the page and ready to draw. */

import { Blobbed, column, fromBase64, inflate } from "./codec.js";
import { mercatorX, mercatorY } from "./geo.js";
import { Grid } from "./grid.js";

/**
 * @typedef {{stroke: string | null, fill: string | null, width: number, so: number, fo: number, dash: number[],
 *   marker: string, r: number, casing: string | null, hatch: boolean, symbol: string | null, planned: boolean}} Style
 * @typedef {{label: string, style: Style, count: number, rows: number | null}} Entry
 * @typedef {{c: number, label: string, type: string}} Field
 * @typedef {{size: number, colour: string, italic: boolean, upper: boolean, placement: string, minZoom: number}} Look
 */

/** One layer: what the page said of it, and its rows in columns. */
export class LayerData {
  /**
   * @param {any} head
   * @param {Blobbed} blob
   * @param {() => string} texts
   */
  constructor(head, blob, texts) {
    /** @type {number} */ this.id = head.id;
    /** @type {string} */ this.name = head.name;
    /** @type {"point" | "line" | "area"} */ this.kind = head.kind;
    /** @type {number} */ this.n = head.n;
    /** @type {Style[]} */ this.styles = head.styles;
    /** @type {Entry[]} */ this.legend = head.legend;
    /** @type {string[]} */ this.columnNames = head.columns;
    /** @type {number | null} */ this.titleColumn = head.title;
    /** @type {Field[]} */ this.fields = head.fields;
    /** @type {number[]} */ this.filters = head.filters;
    /** @type {Look | null} */ this.look = head.labels ?? null;
    /** @type {boolean} */ this.visible = head.visible;
    /** @type {boolean} */ this.interactive = head.interactive;
    /** @type {boolean} */ this.background = head.background;
    /** @type {boolean} */ this.timed = head.timed;
    /** @type {number | null} */ this.spacing = head.spacing ?? null;
    /** Which styles are shown; the legend switches them. */
    this.on = new Uint8Array(Math.max(1, this.styles.length)).fill(1);
    this.styleOf = blob.array(blob.head.style);
    /** @type {import("./codec.js").Column[]} */
    this.columns = blob.head.columns.map((/** @type {any} */ c) => column(c, blob, texts));
    /** @type {Int32Array | null} */ this.start = null;
    /** @type {Int32Array | null} */ this.end = null;
    if (blob.head.start) {
      this.start = /** @type {Int32Array} */ (blob.array(blob.head.start));
      const spans = blob.array(blob.head.end);
      this.end = new Int32Array(this.n);
      for (let i = 0; i < this.n; i++) this.end[i] = this.start[i] + spans[i] | 0;
    }
    /** The longest event in days: an event that starts this much before a window may reach into it. */
    this.longest = 0;
    /** Whether rows come in order of their first day, so that a window of time is a slice. */
    this.sorted = this.start !== null;
    if (this.start && this.end) {
      for (let i = 0; i < this.n; i++) {
        if (this.end[i] - this.start[i] > this.longest) this.longest = this.end[i] - this.start[i];
        if (i && this.start[i] < this.start[i - 1]) this.sorted = false;
      }
    }
    /** The rows that may be seen now, `[first, last)`, and the days of the window; null for all time. */
    this.first = 0;
    this.last = this.n;
    /** @type {[number, number] | null} */ this.window = null;
    /** Where points were drawn that stand at one place and were spread; filled by the painter.
     * @type {Map<number, [number, number]> | null} */ this.spread = null;
    /** @type {Grid | null} */ this.grid = null;
    /** @type {Float32Array | null} */ this.radius = null;
    if (blob.head.radius) this.radius = radii(blob.head.radius, blob);
    /** @type {[number, string, number][]} */ this.labels = blob.head.labels ?? [];
    /** Rows that pass the filters and the time; null when all do.
     * @type {Uint8Array | null} */ this.shown = null;
    if (this.kind === "point") this.readPoints(blob);
    else this.readShapes(blob);
  }

  /** @param {Blobbed} blob */
  readPoints(blob) {
    const p = blob.head.points;
    const x = blob.array(p.x);
    const y = blob.array(p.y);
    const codes = p.codes ? blob.array(p.codes) : null;
    const [kx, ky] = [p.span[0] / p.steps, p.span[1] / p.steps];
    const wx = new Float64Array(x.length);
    const wy = new Float64Array(y.length);
    for (let i = 0; i < x.length; i++) {
      wx[i] = mercatorX(p.low[0] + x[i] * kx);
      wy[i] = mercatorY(p.low[1] + y[i] * ky);
    }
    if (!codes) {
      this.x = wx;
      this.y = wy;
      return;
    }
    this.x = new Float64Array(this.n);
    this.y = new Float64Array(this.n);
    for (let i = 0; i < this.n; i++) {
      this.x[i] = wx[codes[i]];
      this.y[i] = wy[codes[i]];
    }
  }

  /** @param {Blobbed} blob */
  readShapes(blob) {
    const s = blob.head.shapes;
    const counts = blob.array(s.points);
    const row = blob.array(s.row);
    const first = blob.array(s.first);
    const dx = blob.array(s.x);
    const dy = blob.array(s.y);
    /** @type {Ring[]} */
    this.rings = [];
    /** Where the rings of each row begin, and one more. */
    this.ringStart = new Uint32Array(this.n + 1);
    let at = 0;
    for (let r = 0; r < counts.length; r++) {
      const ring = new Ring(row[r], first[r] === 1, counts[r]);
      let x = 0;
      let y = 0;
      for (let i = 0; i < counts[r]; i++, at++) {
        x += dx[at];
        y += dy[at];
        ring.put(i, mercatorX(x / s.scale), mercatorY(y / s.scale));
      }
      this.rings.push(ring);
      this.ringStart[row[r] + 1] += 1;
    }
    for (let i = 0; i < this.n; i++) this.ringStart[i + 1] += this.ringStart[i];
  }

  /** The index of the points, made at the first use. */
  index() {
    this.grid ??= new Grid(/** @type {Float64Array} */ (this.x), /** @type {Float64Array} */ (this.y), this.n);
    return this.grid;
  }

  /**
   * @param {number} row
   * @returns {Ring[]}
   */
  ringsOf(row) {
    if (!this.rings || !this.ringStart) return [];
    return this.rings.slice(this.ringStart[row], this.ringStart[row + 1]);
  }

  /**
   * Whether a row is to be seen now.
   * @param {number} row
   */
  isOn(row) {
    return (
      this.visible &&
      row >= this.first &&
      row < this.last &&
      this.on[this.styleOf[row]] === 1 &&
      (!this.shown || this.shown[row] === 1) &&
      this.isThen(row)
    );
  }

  /**
   * Whether a row lies in the window of time. A row whose day is not known is always there.
   * @param {number} row
   */
  isThen(row) {
    if (!this.window || !this.start || !this.end) return true;
    if (this.start[row] === UNKNOWN) return true;
    return this.start[row] <= this.window[1] && (this.end[row] >= this.window[0] || this.end[row] === UNKNOWN);
  }

  /**
   * Show what lies in a window of days, or all time.
   * @param {[number, number] | null} days
   */
  setWindow(days) {
    this.window = days;
    this.first = 0;
    this.last = this.n;
    if (!days || !this.start || !this.sorted || this.start[0] === UNKNOWN) return;
    this.first = lowerBound(this.start, days[0] - this.longest);
    this.last = lowerBound(this.start, days[1] + 1);
  }
}

/** A day that is not known: the least number of 32 bits. */
export const UNKNOWN = -2147483648;

/**
 * The first place in a rising array whose value is not below a value.
 * @param {Int32Array} values
 * @param {number} value
 */
export function lowerBound(values, value) {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A ring or a line, in Mercator, with its box. */
export class Ring {
  /**
   * @param {number} row
   * @param {boolean} first
   * @param {number} count
   */
  constructor(row, first, count) {
    this.row = row;
    this.first = first;
    this.n = count;
    this.xy = new Float64Array(count * 2);
    this.west = Infinity;
    this.east = -Infinity;
    this.north = Infinity;
    this.south = -Infinity;
  }

  /**
   * @param {number} i
   * @param {number} x
   * @param {number} y
   */
  put(i, x, y) {
    this.xy[2 * i] = x;
    this.xy[2 * i + 1] = y;
    if (x < this.west) this.west = x;
    if (x > this.east) this.east = x;
    if (y < this.north) this.north = y;
    if (y > this.south) this.south = y;
  }
}

/**
 * @param {any} described
 * @param {Blobbed} blob
 * @returns {Float32Array}
 */
function radii(described, blob) {
  if (described.numbers) return Float32Array.from(blob.array(described.numbers));
  const codes = blob.array(described.codes);
  const values = described.values.map((/** @type {number | null} */ v) => v ?? NaN);
  const out = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = values[codes[i]];
  return out;
}

/**
 * Read all layers of the page.
 * @param {any} config
 * @returns {Promise<LayerData[]>}
 */
export async function readLayers(config) {
  return Promise.all(
    config.layers.map(async (/** @type {any} */ head) => {
      const text = document.getElementById(`gc-blob-${head.id}`)?.textContent ?? "";
      const blob = new Blobbed(await inflate(fromBase64(text.trim())));
      const texts = () => document.getElementById(`gc-text-${head.id}`)?.textContent ?? "";
      return new LayerData(head, blob, texts);
    }),
  );
}
