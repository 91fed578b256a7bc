/** An index of points: which rows lie in a small box. */

/** Rows sorted into cells by counting, once. */
export class Grid {
  /**
   * @param {Float64Array} xs
   * @param {Float64Array} ys
   * @param {number} n
   */
  constructor(xs, ys, n) {
    this.side = Math.max(1, Math.min(1024, Math.floor(Math.sqrt(n / 4))));
    let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      if (xs[i] < west) west = xs[i];
      if (xs[i] > east) east = xs[i];
      if (ys[i] < north) north = ys[i];
      if (ys[i] > south) south = ys[i];
    }
    this.west = west;
    this.north = north;
    this.kx = this.side / Math.max(east - west, 1e-12);
    this.ky = this.side / Math.max(south - north, 1e-12);
    const cells = this.side * this.side;
    this.start = new Uint32Array(cells + 1);
    const cell = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      cell[i] = this.row(ys[i]) * this.side + this.column(xs[i]);
      this.start[cell[i] + 1] += 1;
    }
    for (let c = 0; c < cells; c++) this.start[c + 1] += this.start[c];
    const next = this.start.slice(0, cells);
    this.rows = new Uint32Array(n);
    for (let i = 0; i < n; i++) this.rows[next[cell[i]]++] = i;
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
   * The rows of the cells that a box touches; some may lie outside the box.
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
