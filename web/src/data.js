/** Layers as read from the page. */

import { BinaryBlob, column, fromBase64, inflate } from "./codec.js";
import { mercatorX, mercatorY } from "./geo.js";
import { outline, readRaster } from "./raster.js";
import { differences } from "./simplify.js";
import { SpatialIndex } from "./spatialindex.js";

/**
 * @typedef {{stroke: string | null, fill: string | null, width: number, so: number, fo: number, dash: number[],
 *   marker: string, r: number, casing: string | null, hatch: boolean, symbol: string | null, planned: boolean}} Style
 * @typedef {{label: string, style: Style, count: number, rows: number | null}} Entry
 * @typedef {{c: number, label: string, type: string}} Field
 * @typedef {{size: number, colour: string, italic: boolean, upper: boolean, placement: string, minZoom: number}} LabelStyle
 */

/** A layer: its settings, and its rows as columns. */
export class LayerData {
  /**
   * @param {any} head
   * @param {BinaryBlob} blob
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
    /** @type {LabelStyle | null} */ this.labelStyle = head.labels ?? null;
    /** @type {boolean} */ this.visible = head.visible;
    /** @type {boolean} */ this.interactive = head.interactive;
    /** @type {boolean} */ this.background = head.background;
    /** @type {boolean} */ this.timed = head.timed;
    /** @type {number | null} */ this.spacing = head.spacing ?? null;
    /** Display style of points; "auto" chooses by their number in view.
     * @type {"auto" | "points" | "clusters" | "hexagons" | "heat"} */ this.display = head.display ?? "auto";
    /** Whether rows are successive states, and the date of the state shown. */
    this.successive = head.inTurn === true;
    this.turn = Infinity;
    /** Whether the lines of a graticule are labelled. */
    this.named = head.named === true;
    /** @type {import("./raster.js").Raster | null} */ this.raster = null;
    /** Which styles are visible; the legend toggles them. */
    this.on = new Uint8Array(Math.max(1, this.styles.length)).fill(1);
    this.styleOf = blob.array(blob.head.style);
    /** Whether all columns are loaded; large layers load most of them after the first drawing. */
    this.loaded = false;
    /** @type {Promise<void>} Resolves when all columns are loaded. */
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
    /** Duration of the longest event in days: an event may start this long before a window and still reach into it. */
    this.longest = 0;
    /** Whether rows are sorted by start date, so that a time window is a slice. */
    this.sorted = this.start !== null;
    if (this.start && this.end) {
      for (let i = 0; i < this.n; i++) {
        // An event without an end date reaches into every later window.
        const lasts = this.start[i] !== UNKNOWN && this.end[i] === UNKNOWN ? Infinity : this.end[i] - this.start[i];
        if (lasts > this.longest) this.longest = lasts;
        if (i && this.start[i] < this.start[i - 1]) this.sorted = false;
      }
    }
    /** The rows that may be in the time window, `[first, last)`, and its days; null for all dates. */
    this.first = 0;
    this.last = this.n;
    /** @type {[number, number] | null} */ this.window = null;
    /** Pixel offsets of coincident points that were drawn apart; set when drawing.
     * @type {Map<number, [number, number]> | null} */ this.spread = null;
    /** Clusters or hexagons as drawn; set when drawing.
     * @type {import("./aggregate.js").Aggregates | null} */ this.aggregates = null;
    /** Cached markers; set when drawing.
     * @type {{key: string, made: {tile: HTMLCanvasElement, half: number}[][]} | null} */ this.tiles = null;
    /** @type {SpatialIndex | null} */ this.grid = null;
    /** @type {Float32Array | null} */ this.radius = null;
    /** @type {[number, string, number][]} */ this.labels = blob.head.labels ?? [];
    /** Rows that pass the filters; null if all do.
     * @type {Uint8Array | null} */ this.shown = null;
    if (this.kind === "point") this.readPoints(blob);
    else if (this.kind === "raster") {
      this.raster = readRaster(blob);
      this.rings = this.raster.frames.map(outline);
      this.ringStart = Uint32Array.from({ length: this.n + 1 }, (_, i) => i);
    } else if (this.kind !== "graticule") this.readShapes(blob);
    if (this.successive) this.setWindow(null);
  }

  /**
   * Decode the columns, one after the other.
   * @param {BinaryBlob} blob
   * @param {() => string} texts
   * @returns {Generator<void, void>}
   */
  *decodeColumns(blob, texts) {
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

  /** @param {BinaryBlob} blob */
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
    /** Latitudes of points beyond the limits of Web Mercator, by row. */
    this.beyond = new Map(p.beyond ?? []);
  }

  /** @param {BinaryBlob} blob */
  readShapes(blob) {
    const s = blob.head.shapes;
    const counts = blob.array(s.points);
    const row = blob.array(s.row);
    const first = blob.array(s.first);
    const dx = differences(blob, s, "x");
    const dy = differences(blob, s, "y");
    /** @type {Ring[]} */
    this.rings = [];
    /** Index of the first ring of each row, and the total. */
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
   * Rows of the points in a bounding box, and maybe some near it; uses the spatial index once it is built.
   * @param {number} west
   * @param {number} north
   * @param {number} east
   * @param {number} south
   * @returns {number[]}
   */
  near(west, north, east, south) {
    const [xs, ys] = [/** @type {Float64Array} */ (this.x), /** @type {Float64Array} */ (this.y)];
    // Building it at once would block a page with millions of points.
    if (this.n <= 200_000) this.grid ??= new SpatialIndex(xs, ys, this.n);
    if (this.grid) return this.grid.near(west, north, east, south);
    const out = [];
    for (let i = 0; i < this.n; i++) if (xs[i] >= west && xs[i] <= east && ys[i] >= north && ys[i] <= south) out.push(i);
    return out;
  }

  /** Build the spatial index in slices. */
  async indexed() {
    if (this.grid) return;
    const made = await SpatialIndex.slowly(/** @type {Float64Array} */ (this.x), /** @type {Float64Array} */ (this.y), this.n);
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
   * Whether a row is visible now.
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
   * Whether a row is in the time window. Rows without a date always are.
   * @param {number} row
   */
  isThen(row) {
    if (!this.start || !this.end || this.start[row] === UNKNOWN) return true;
    if (this.successive) return this.start[row] <= this.turn && (this.end[row] >= this.turn || this.end[row] === UNKNOWN);
    if (!this.window) return true;
    return this.start[row] <= this.window[1] && (this.end[row] >= this.window[0] || this.end[row] === UNKNOWN);
  }

  /**
   * The last day of a window (or of all dates) for which a state is known.
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
   * Set the time window; null for all dates.
   * @param {[number, number] | null} days
   */
  setWindow(days) {
    this.window = days;
    this.first = 0;
    this.last = this.n;
    if (this.successive) this.turn = this.lastKnown(days);
    if (!days || !this.start || !this.sorted || this.start[0] === UNKNOWN) return;
    this.first = lowerBound(this.start, days[0] - this.longest);
    this.last = lowerBound(this.start, days[1] + 1);
  }
}

/** An unknown date: the lowest 32-bit integer. */
export const UNKNOWN = -2147483648;

/**
 * The first index of a sorted array whose value is not less than a value.
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

/** A ring or line in Web Mercator with its bounding box. */
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
 * @param {string} id Of a script element that holds base64.
 */
const unpacked = async (id) => new BinaryBlob(await inflate(fromBase64((document.getElementById(id)?.textContent ?? "").trim())));

/**
 * Read all layers of the page; `readRest` loads the remaining columns of large ones.
 * @param {any} config
 * @returns {Promise<LayerData[]>}
 */
export async function readLayers(config) {
  return Promise.all(
    config.layers.map(async (/** @type {any} */ head) => {
      const blob = await unpacked(`gc-blob-${head.id}`);
      const layer = new LayerData(head, blob);
      if (blob.head.columns) for (const work = layer.decodeColumns(blob, textsOf(head.id)); !work.next().done; );
      return layer;
    }),
  );
}

/**
 * Load the columns that `readLayers` left out.
 * @param {LayerData[]} layers
 */
export async function readRest(layers) {
  for (const layer of layers) {
    if (layer.loaded) continue;
    const blob = await unpacked(`gc-rest-${layer.id}`);
    for (const work = layer.decodeColumns(blob, textsOf(layer.id)); !work.next().done; ) await new Promise((done) => setTimeout(done));
  }
}

/** @param {number} id */
const textsOf = (id) => () => document.getElementById(`gc-text-${id}`)?.textContent ?? "";
