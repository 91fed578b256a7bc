/** Layers, as read from the page and ready to draw. */

import { Blobbed, column, fromBase64, inflate } from "./codec.js";
import { differences } from "./detail.js";
import { mercatorX, mercatorY } from "./geo.js";
import { Grid } from "./grid.js";
import { outline, readRaster } from "./raster.js";

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
   */
  constructor(head, blob) {
    /** @type {number} */ this.id = head.id;
    /** @type {string} */ this.name = head.name;
    /** @type {"point" | "line" | "area" | "raster" | "graticule"} */ this.kind = head.kind;
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
    /** How points are drawn: by their number in view, or always in one way.
     * @type {"auto" | "points" | "clusters" | "hexagons" | "heat"} */ this.display = head.display ?? "auto";
    /** Whether rows hold one after the other, and the day whose state is shown. */
    this.inTurn = head.inTurn === true;
    this.turn = Infinity;
    /** Whether the lines of a graticule carry their degrees. */
    this.named = head.named === true;
    /** @type {import("./raster.js").Raster | null} */ this.raster = null;
    /** Which styles are shown; the legend switches them. */
    this.on = new Uint8Array(Math.max(1, this.styles.length)).fill(1);
    this.styleOf = blob.array(blob.head.style);
    /** Whether all columns are read; those of a large layer come after it is drawn. */
    this.loaded = false;
    /** @type {Promise<void>} Settles when all columns are read. */
    this.whole = new Promise((done) => {
      this.settle = done;
    });
    /** @type {import("./codec.js").Column[]} */
    this.columns = this.columnNames.map((_, c) => ({
      values: null,
      codes: null,
      get: async (row) => {
        await this.whole;
        return this.columns[c].get(row);
      },
    }));
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
        // What has no last day may reach into every later window.
        const lasts = this.start[i] !== UNKNOWN && this.end[i] === UNKNOWN ? Infinity : this.end[i] - this.start[i];
        if (lasts > this.longest) this.longest = lasts;
        if (i && this.start[i] < this.start[i - 1]) this.sorted = false;
      }
    }
    /** The rows that may be seen now, `[first, last)`, and the days of the window; null for all time. */
    this.first = 0;
    this.last = this.n;
    /** @type {[number, number] | null} */ this.window = null;
    /** Where points were drawn that stand at one place and were spread; filled by the painter.
     * @type {Map<number, [number, number]> | null} */ this.spread = null;
    /** Clusters or hexagons as they were drawn; filled by the painter.
     * @type {import("./bins.js").Bins | null} */ this.bins = null;
    /** Marks that were drawn before; filled by the painter.
     * @type {{key: string, made: {tile: HTMLCanvasElement, half: number}[][]} | null} */ this.tiles = null;
    /** @type {Grid | null} */ this.grid = null;
    /** @type {Float32Array | null} */ this.radius = null;
    /** @type {[number, string, number][]} */ this.labels = blob.head.labels ?? [];
    /** Rows that pass the filters and the time; null when all do.
     * @type {Uint8Array | null} */ this.shown = null;
    if (this.kind === "point") this.readPoints(blob);
    else if (this.kind === "raster") {
      this.raster = readRaster(blob);
      this.rings = this.raster.frames.map(outline);
      this.ringStart = Uint32Array.from({ length: this.n + 1 }, (_, i) => i);
    } else if (this.kind !== "graticule") this.readShapes(blob);
    if (this.inTurn) this.setWindow(null);
  }

  /**
   * Take in the columns, one after the other.
   * @param {Blobbed} blob
   * @param {() => string} texts
   * @returns {Generator<void, void>}
   */
  *completing(blob, texts) {
    const known = (/** @type {string | number} */ of) => {
      if (of === "style") return { codes: this.styleOf, least: 0 };
      if (of !== "start") return { codes: /** @type {import("./codec.js").Numbers} */ (this.columns[Number(of)].codes), least: 0 };
      let least = Infinity;
      for (const day of this.start ?? []) if (day < least) least = day;
      return { codes: /** @type {Int32Array} */ (this.start), least };
    };
    for (const [i, described] of blob.head.columns.entries()) {
      Object.assign(this.columns[i], column(described, blob, texts, known));
      yield;
    }
    if (blob.head.radius) {
      const read = column(blob.head.radius, blob, texts, known);
      this.radius = new Float32Array(this.n);
      for (let row = 0; row < this.n; row++) this.radius[row] = /** @type {number | null} */ (read.get(row)) ?? NaN;
    }
    this.loaded = true;
    this.settle?.();
  }

  /** @param {Blobbed} blob */
  readPoints(blob) {
    const p = blob.head.points;
    const codes = p.codes ? blob.array(p.codes) : null;
    /** @param {0 | 1} axis */
    const read = (axis) => {
      const whole = blob.array(axis ? p.y : p.x);
      const [low, k] = [p.low[axis], p.span[axis] / p.steps];
      const out = new Float64Array(this.n);
      if (codes) for (let i = 0; i < this.n; i++) out[i] = low + whole[codes[i]] * k;
      else for (let i = 0; i < this.n; i++) out[i] = low + whole[i] * k;
      return out;
    };
    this.x = read(0);
    this.y = read(1);
    /** Latitudes of points beyond the edge of the map, by row. */
    this.beyond = new Map(p.beyond ?? []);
  }

  /** @param {Blobbed} blob */
  readShapes(blob) {
    const s = blob.head.shapes;
    const counts = blob.array(s.points);
    const row = blob.array(s.row);
    const first = blob.array(s.first);
    const dx = differences(blob, s, "x");
    const dy = differences(blob, s, "y");
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

  /**
   * The points of a box of the world, and perhaps some near it: by the index, once it is made.
   * @param {number} west
   * @param {number} north
   * @param {number} east
   * @param {number} south
   * @returns {number[]}
   */
  near(west, north, east, south) {
    const [xs, ys] = [/** @type {Float64Array} */ (this.x), /** @type {Float64Array} */ (this.y)];
    // To make it at once would hold up a page with millions of points.
    if (this.n <= 200_000) this.grid ??= new Grid(xs, ys, this.n);
    if (this.grid) return this.grid.near(west, north, east, south);
    const out = [];
    for (let i = 0; i < this.n; i++) if (xs[i] >= west && xs[i] <= east && ys[i] >= north && ys[i] <= south) out.push(i);
    return out;
  }

  /** Make the index in slices. */
  async indexed() {
    if (this.grid) return;
    const made = await Grid.slowly(/** @type {Float64Array} */ (this.x), /** @type {Float64Array} */ (this.y), this.n);
    this.grid ??= made;
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
      (this.kind === "raster" || this.on[this.styleOf[row]] === 1) &&
      (!this.shown || this.shown[row] === 1) &&
      this.isThen(row)
    );
  }

  /**
   * Whether a row lies in the window of time. A row whose day is not known is always there.
   * @param {number} row
   */
  isThen(row) {
    if (!this.start || !this.end || this.start[row] === UNKNOWN) return true;
    if (this.inTurn) return this.start[row] <= this.turn && (this.end[row] >= this.turn || this.end[row] === UNKNOWN);
    if (!this.window) return true;
    return this.start[row] <= this.window[1] && (this.end[row] >= this.window[0] || this.end[row] === UNKNOWN);
  }

  /**
   * The last day of a window of which a row tells something; of all time where there is no window.
   * @param {[number, number] | null} days
   */
  lastKnown(days) {
    const [from, to] = days ?? [-Infinity, Infinity];
    let last = -Infinity;
    for (let row = 0; row < this.n && this.start && this.end; row++) {
      if (this.start[row] === UNKNOWN || this.start[row] > to) continue;
      const open = this.end[row] === UNKNOWN;
      if (!open && this.end[row] < from) continue;
      last = Math.max(last, Math.min(open ? Math.max(this.start[row], to === Infinity ? from : to) : this.end[row], to));
    }
    return last;
  }

  /**
   * Show what lies in a window of days, or all time.
   * @param {[number, number] | null} days
   */
  setWindow(days) {
    this.window = days;
    this.first = 0;
    this.last = this.n;
    if (this.inTurn) this.turn = this.lastKnown(days);
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
 * @param {string} id Of a script tag that holds base64.
 */
const unpacked = async (id) => new Blobbed(await inflate(fromBase64((document.getElementById(id)?.textContent ?? "").trim())));

/**
 * Read all layers of the page; the columns of large ones follow on `readRest`.
 * @param {any} config
 * @returns {Promise<LayerData[]>}
 */
export async function readLayers(config) {
  return Promise.all(
    config.layers.map(async (/** @type {any} */ head) => {
      const blob = await unpacked(`gc-blob-${head.id}`);
      const layer = new LayerData(head, blob);
      if (blob.head.columns) for (const work = layer.completing(blob, textsOf(head.id)); !work.next().done; );
      return layer;
    }),
  );
}

/**
 * Read what was left for later.
 * @param {LayerData[]} layers
 */
export async function readRest(layers) {
  for (const layer of layers) {
    if (layer.loaded) continue;
    const blob = await unpacked(`gc-rest-${layer.id}`);
    for (const work = layer.completing(blob, textsOf(layer.id)); !work.next().done; ) await new Promise((done) => setTimeout(done));
  }
}

/** @param {number} id */
const textsOf = (id) => () => document.getElementById(`gc-text-${id}`)?.textContent ?? "";
