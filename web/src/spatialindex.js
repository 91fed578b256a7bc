/** A spatial index of points. */

/** Rows in the cells of a grid, by counting sort. */
export class SpatialIndex {
  /**
   * @param {Float64Array} xs
   * @param {Float64Array} ys
   * @param {number} n
   * @param {boolean} [later] Do not sort yet.
   */
  constructor(xs, ys, n, later = false) {
    this.side = Math.max(1, Math.min(1024, Math.floor(Math.sqrt(n / 4))));
    this.west = this.north = this.kx = this.ky = 0;
    this.start = new Uint32Array(this.side * this.side + 1);
    this.rows = new Uint32Array(n);
    const work = this.sort(xs, ys, n);
    while (!later && !work.next().done);
  }

  /**
   * Build an index in slices, so that a page with millions of points stays responsive.
   * @param {Float64Array} xs
   * @param {Float64Array} ys
   * @param {number} n
   * @returns {Promise<SpatialIndex>}
   */
  static async slowly(xs, ys, n) {
    const made = new SpatialIndex(xs, ys, n, true);
    const work = made.sort(xs, ys, n);
    for (let until = performance.now() + 6; !work.next().done; ) {
      if (performance.now() < until) continue;
      await new Promise((done) => setTimeout(done));
      until = performance.now() + 6;
    }
    return made;
  }

  /**
   * @param {Float64Array} xs
   * @param {Float64Array} ys
   * @param {number} n
   * @returns {Generator<void, void>}
   */
  *sort(xs, ys, n) {
    const chunk = 65_536;
    let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < n; ) {
      for (const end = Math.min(n, i + chunk); i < end; i++) {
        if (xs[i] < west) west = xs[i];
        if (xs[i] > east) east = xs[i];
        if (ys[i] < north) north = ys[i];
        if (ys[i] > south) south = ys[i];
      }
      yield;
    }
    this.west = west;
    this.north = north;
    this.kx = this.side / Math.max(east - west, 1e-12);
    this.ky = this.side / Math.max(south - north, 1e-12);
    const cells = this.side * this.side;
    const cell = new Uint32Array(n);
    for (let i = 0; i < n; ) {
      for (const end = Math.min(n, i + chunk); i < end; i++) {
        cell[i] = this.row(ys[i]) * this.side + this.column(xs[i]);
        this.start[cell[i] + 1] += 1;
      }
      yield;
    }
    for (let c = 0; c < cells; c++) this.start[c + 1] += this.start[c];
    const next = this.start.slice(0, cells);
    for (let i = 0; i < n; ) {
      for (const end = Math.min(n, i + chunk); i < end; i++) this.rows[next[cell[i]]++] = i;
      yield;
    }
  }

  /** @param {number} x */
  column(x) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.west) * this.kx)));
  }

  /** @param {number} y */
  row(y) {
    return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.north) * this.ky)));
  }

  /**
   * The rows of the cells that a bounding box touches; some may be outside it.
   * @param {number} west
   * @param {number} north
   * @param {number} east
   * @param {number} south
   * @returns {number[]}
   */
  near(west, north, east, south) {
    const out = [];
    const [a, b] = [this.column(west), this.column(east)];
    for (let r = this.row(north); r <= this.row(south); r++) {
      const [from, to] = [this.start[r * this.side + a], this.start[r * this.side + b + 1]];
      for (let i = from; i < to; i++) out.push(this.rows[i]);
    }
    return out;
  }
}
