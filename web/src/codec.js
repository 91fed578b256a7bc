/** Decode the binary data that `maps/web/pack.py` writes. */

/**
 * @typedef {{t: string, o: number, n: number, d?: number, base?: number, k?: number}} Described
 * @typedef {Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array} Numbers
 */

/**
 * @param {string} text Base64.
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromBase64(text) {
  const quick = /** @type {any} */ (Uint8Array).fromBase64;
  if (quick) return quick.call(Uint8Array, text);
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

/**
 * Inflate zlib bytes.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<ArrayBuffer>}
 */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** A binary blob: its header, and its arrays on demand. */
export class BinaryBlob {
  /** @param {ArrayBuffer} buffer */
  constructor(buffer) {
    this.buffer = buffer;
    const length = new DataView(buffer).getUint32(0, true);
    /** @type {any} */
    this.head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    this.base = 4 + length;
  }

  /**
   * @param {Described} what
   * @returns {Numbers}
   */
  array(what) {
    const at = this.base + what.o;
    if (what.t === "u3") {
      const planes = new Uint8Array(this.buffer, at, what.n * 3);
      const out = new Uint32Array(what.n);
      const { n } = what;
      let before = 0;
      for (let i = 0; i < n; i++) {
        const value = (planes[i] << 16) | (planes[i + n] << 8) | planes[i + 2 * n];
        out[i] = before = what.d ? (before + value) & 0xffffff : value;
      }
      return out;
    }
    if (what.t === "b1") {
      const [base, k] = [what.base ?? 2, what.k ?? 1];
      const bytes = new Uint8Array(this.buffer, at, Math.ceil(what.n / k));
      const out = new Uint8Array(what.n);
      for (let i = 0, row = 0; i < bytes.length; i++) {
        let rest = bytes[i];
        for (let j = 0; j < k && row < what.n; j++) {
          out[row++] = rest % base;
          rest = (rest / base) | 0;
        }
      }
      return out;
    }
    const kinds = /** @type {Record<string, any>} */ ({
      u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array,
    });
    const values = new kinds[what.t](this.buffer, at, what.n);
    if (what.d) {
      const out = new Int32Array(values);
      for (let i = 1; i < out.length; i++) out[i] += out[i - 1];
      return out;
    }
    return values;
  }
}

/** @typedef {{count: number, rows: number, read: (i: number) => Promise<any[]>}} Blocks */

/**
 * A column: the value of a row, or a promise of it if its block must be inflated.
 * @typedef {{
 *   values: (string | number | boolean | null)[] | null,
 *   codes: Numbers | null,
 *   get: (row: number) => (string | number | boolean | null | Promise<string | number | boolean | null>),
 *   blocks?: Blocks,
 * }} Column
 */

/**
 * Codes derived from another column's codes.
 * @param {number[]} table
 * @param {Numbers} other
 * @param {number} least Lowest number of the other column.
 * @returns {Numbers}
 */
export function derivedCodes(table, other, least = 0) {
  const most = table.reduce((a, b) => Math.max(a, b), 0);
  const out = new (most < 256 ? Uint8Array : most < 65536 ? Uint16Array : Uint32Array)(other.length);
  for (let i = 0; i < out.length; i++) out[i] = table[other[i] - least];
  return out;
}

/**
 * @param {any} described
 * @param {BinaryBlob} blob
 * @param {() => string} texts Returns the text blocks of the layer.
 * @param {(of: string | number) => {codes: Numbers, least: number}} [known] Codes from which others are derived.
 * @returns {Column}
 */
export function column(described, blob, texts, known) {
  if (described.values) {
    const values = described.values;
    const base = described.of === undefined ? null : known?.(described.of);
    const codes = base ? derivedCodes(described.map, base.codes, base.least) : blob.array(described.codes);
    return { values, codes, get: (row) => values[codes[row]] };
  }
  if (described.numbers) {
    const numbers = blob.array(described.numbers);
    return { values: null, codes: null, get: (row) => (Number.isFinite(numbers[row]) ? numbers[row] : null) };
  }
  /** @type {Map<number, Promise<any[]>>} */
  const read = new Map();
  const block = (/** @type {number} */ i) => {
    let found = read.get(i);
    if (!found) {
      const start = i === 0 ? described.first : described.blocks[i - 1];
      found = inflate(fromBase64(texts().slice(start, described.blocks[i]))).then((raw) =>
        JSON.parse(new TextDecoder().decode(raw)),
      );
      if (read.size > 64) read.delete(/** @type {number} */ (read.keys().next().value));
      read.set(i, found);
    }
    return found;
  };
  return {
    values: null,
    codes: null,
    blocks: { count: described.blocks.length, rows: described.rows, read: block },
    get: async (row) => (await block(Math.floor(row / described.rows)))[row % described.rows],
  };
}
