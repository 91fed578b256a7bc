/** Rows in a bounding box, their order, and their export as CSV and GeoJSON. */

import { latitude } from "./geo.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{west: number, east: number, north: number, south: number}} Box
 */

/**
 * The visible rows of a layer in a bounding box.
 * @param {LayerData} layer
 * @param {Box} box
 * @param {number} most
 */
export function rowsInBox(layer, box, most) {
  const out = [];
  for (let row = layer.first; row < layer.last && out.length < most; row++) {
    if (!layer.isOn(row)) continue;
    if (layer.x && layer.y) {
      if (layer.x[row] < box.west || layer.x[row] > box.east || layer.y[row] < box.north || layer.y[row] > box.south) continue;
    } else if (!layer.ringsOf(row).some((r) => r.east >= box.west && r.west <= box.east && r.south >= box.north && r.north <= box.south)) {
      continue;
    }
    out.push(row);
  }
  return out;
}

/**
 * A CSV value: quoted if needed, and never a formula.
 * @param {unknown} value
 */
export function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  let text = String(value);
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Export rows with the values of the table.
 * @param {LayerData} layer
 * @param {number[]} rows
 * @param {"csv" | "geojson"} kind
 * @returns {Promise<Blob>}
 */
export async function exportFile(layer, rows, kind) {
  const names = layer.columnNames;
  const parts = kind === "csv" ? [[...names, "longitude", "latitude"].map(csvCell).join(",")] : ['{"type":"FeatureCollection","features":['];
  for (let i = 0; i < rows.length; i++) {
    /** @type {(string | number | boolean | null)[]} */
    const values = [];
    for (const column of layer.columns) {
      const value = column.get(rows[i]);
      values.push(value instanceof Promise ? await value : value);
    }
    if (kind === "csv") {
      const at = layer.x && layer.y ? [lon(layer.x[rows[i]]), latOf(layer, rows[i])] : ["", ""];
      parts.push([...values, ...at].map(csvCell).join(","));
    } else {
      const properties = Object.fromEntries(names.map((name, c) => [name, values[c]]));
      parts.push(`${JSON.stringify({ type: "Feature", properties, geometry: geometry(layer, rows[i]) })}${i < rows.length - 1 ? "," : "]}"}`);
    }
  }
  if (kind === "geojson" && !rows.length) parts.push("]}");
  return new Blob([parts.join("\n")], { type: kind === "csv" ? "text/csv" : "application/geo+json" });
}

/** @param {number} x */
const lon = (x) => Math.round((((((x - 0.5) * 360 + 180) % 360) + 360) % 360 - 180) * 1e6) / 1e6;
/** @param {number} y */
const lat = (y) => Math.round(latitude(y) * 1e6) / 1e6;

/**
 * The latitude of a point, also beyond the limits of Web Mercator.
 * @param {LayerData} layer
 * @param {number} row
 */
const latOf = (layer, row) => layer.beyond?.get(row) ?? lat(/** @type {Float64Array} */ (layer.y)[row]);

/**
 * The coordinates of a ring or line, all shifted by the same multiple of 360°, so that one that ends at 180° stays there.
 * @param {import("./data.js").Ring} ring
 */
export function ringAt(ring) {
  const turn = Math.round((ring.west + ring.east) / 2 - 0.5) * 360;
  return Array.from({ length: ring.n }, (_, i) => [Math.round(((ring.xy[2 * i] - 0.5) * 360 - turn) * 1e6) / 1e6, lat(ring.xy[2 * i + 1])]);
}

/**
 * @param {LayerData} layer
 * @param {number} row
 */
function geometry(layer, row) {
  if (layer.x && layer.y) return { type: "Point", coordinates: [lon(layer.x[row]), latOf(layer, row)] };
  const rings = layer.ringsOf(row).map((r) => ({ first: r.first, at: ringAt(r) }));
  if (layer.kind === "line") return { type: "MultiLineString", coordinates: rings.map((r) => r.at) };
  /** @type {number[][][][]} */
  const parts = [];
  for (const ring of rings) {
    if (ring.first) parts.push([ring.at]);
    else parts[parts.length - 1].push(ring.at);
  }
  return { type: "MultiPolygon", coordinates: parts };
}

/** @typedef {{c: number, up: boolean}} Order */

/**
 * Sort rows by a column: numerically, or alphabetically in the page's language; missing values
 * last.
 * @param {LayerData} layer
 * @param {number[]} rows Changed in place.
 * @param {Order} order
 * @param {string} lang
 * @param {(string | null)[] | null} texts The values of all rows if they are stored in blocks.
 */
export function sortRows(layer, rows, order, lang, texts) {
  const column = layer.columns[order.c];
  const collator = new Intl.Collator(lang, { numeric: true });
  /** @type {(row: number) => any} */
  let key = (row) => column.get(row);
  /** @type {(p: any, q: any) => number} */
  let compare = (p, q) => p - q;
  if (texts) {
    key = (row) => texts[row];
    // Language-aware comparison is too slow for very many rows.
    compare = rows.length <= 50_000 ? collator.compare : (p, q) => (p < q ? -1 : p > q ? 1 : 0);
  } else if (column.values && column.codes) {
    const { values, codes } = column;
    const inOrder = values.map((_, i) => i).filter((i) => values[i] !== null);
    inOrder.sort((i, j) => {
      const [p, q] = [values[i], values[j]];
      return typeof p === "number" && typeof q === "number" ? p - q : collator.compare(String(p), String(q));
    });
    const rank = new Float64Array(values.length).fill(-1);
    inOrder.forEach((i, place) => {
      rank[i] = place;
    });
    key = (row) => (rank[codes[row]] < 0 ? null : rank[codes[row]]);
  }
  const keys = new Map(rows.map((row) => [row, key(row)]));
  const sign = order.up ? 1 : -1;
  rows.sort((a, b) => {
    const [p, q] = [keys.get(a), keys.get(b)];
    const [none, nil] = [p === null || p === undefined, q === null || q === undefined];
    if (none || nil) return none && nil ? a - b : none ? 1 : -1;
    return sign * compare(p, q) || a - b;
  });
}
