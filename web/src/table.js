/** The rows in view as a table: sortable, by keyboard, to be taken away as CSV or GeoJSON. */

import { el } from "./dom.js";
import { latitude } from "./geo.js";
import { written } from "./popup.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

const SHOWN = 200;
const SAVED = 200_000;

/**
 * The rows of a layer that are switched on and in a box of the world.
 * @param {LayerData} layer
 * @param {{west: number, east: number, north: number, south: number}} box
 * @param {number} most
 */
export function rowsIn(layer, box, most) {
  const out = [];
  for (let row = 0; row < layer.n && out.length < most; row++) {
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
 * A value for a spreadsheet: quoted where needed, and never a formula.
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
 * @param {LayerData[]} layers
 * @param {{words: import("./geo.js").Words, cited: Record<string, number>}} context
 * @param {() => {west: number, east: number, north: number, south: number}} view
 * @param {(layer: LayerData, row: number) => void} show
 * @returns {{open: () => void}}
 */
export function tablePanel(layers, context, view, show) {
  const usable = layers.filter((l) => l.interactive && l.n > 0);
  const choose = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": "Layer" }));
  for (const layer of usable) {
    const option = /** @type {HTMLOptionElement} */ (el("option", {}, layer.name));
    option.value = String(layer.id);
    choose.append(option);
  }
  const said = el("p", { role: "status", class: "gc-table-said" });
  const body = el("div", { class: "gc-table-body", tabindex: 0, role: "region", "aria-label": "Rows in view" });
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { class: "gc-dialog", "aria-label": "What is in view" },
      el(
        "div",
        { class: "gc-table-head" },
        choose,
        el("button", { type: "button", class: "gc-tool", onclick: () => take("csv") }, "CSV"),
        el("button", { type: "button", class: "gc-tool", onclick: () => take("geojson") }, "GeoJSON"),
        el("button", { type: "button", class: "gc-tool gc-close", onclick: () => dialog.close() }, "Close"),
      ),
      said,
      body,
    )
  );
  document.body.append(dialog);
  /** @type {{c: number, up: boolean} | null} */
  let order = null;
  const layer = () => /** @type {LayerData} */ (usable.find((l) => String(l.id) === choose.value));

  async function fill() {
    const of = layer();
    if (!of) {
      said.textContent = "No layer has rows.";
      return;
    }
    const rows = rowsIn(of, view(), SAVED);
    const columns = [...new Set([...(of.titleColumn === null ? [] : [of.titleColumn]), ...of.fields.map((f) => f.c)])];
    if (order) sort(of, rows, order);
    const shown = rows.slice(0, SHOWN);
    const { whole } = context.words;
    said.textContent =
      rows.length > SHOWN
        ? `${whole.format(SHOWN)} of ${whole.format(rows.length)} rows in view${rows.length === SAVED ? " or more" : ""}; the files hold all of these.`
        : `${whole.format(rows.length)} rows in view.`;
    const head = el("tr", {}, el("th", { scope: "col" }, el("span", { class: "gc-hidden" }, "Show")));
    for (const c of columns) {
      const label = of.fields.find((f) => f.c === c)?.label ?? "Name";
      const state = order?.c === c ? (order.up ? "ascending" : "descending") : "none";
      const button = el("button", { type: "button", onclick: () => turn(c) }, label, state === "none" ? "" : order?.up ? " ▲" : " ▼");
      head.append(el("th", { scope: "col", "aria-sort": state }, button));
    }
    const lines = el("tbody", {});
    for (const row of shown) {
      const line = el("tr", {});
      const go = el("button", { type: "button", class: "gc-tool", "aria-label": `Show row ${row + 1} on the map`, onclick: () => {
        dialog.close();
        show(of, row);
      } }, "◎");
      line.append(el("td", {}, go));
      for (const c of columns) {
        const value = await of.columns[c].get(row);
        const type = of.fields.find((f) => f.c === c)?.type ?? "text";
        const made = value === null ? null : written(value, type === "uncertainty_m" ? "length_m" : type, context);
        line.append(el("td", {}, made));
      }
      lines.append(line);
    }
    body.replaceChildren(el("table", {}, el("thead", {}, head), lines));
  }

  /** @param {number} c */
  function turn(c) {
    order = order?.c === c ? { c, up: !order.up } : { c, up: true };
    fill().then(() => {
      const at = [...body.querySelectorAll("th")].find((th) => th.getAttribute("aria-sort") !== "none");
      at?.querySelector("button")?.focus();
    });
  }

  /** @param {"csv" | "geojson"} kind */
  async function take(kind) {
    const of = layer();
    if (!of) {
      said.textContent = "No layer has rows.";
      return;
    }
    const rows = rowsIn(of, view(), SAVED);
    const names = of.columnNames;
    const parts = kind === "csv" ? [[...names, "longitude", "latitude"].map(csvCell).join(",")] : ['{"type":"FeatureCollection","features":['];
    for (let i = 0; i < rows.length; i++) {
      const values = await Promise.all(names.map((_, c) => of.columns[c].get(rows[i])));
      if (kind === "csv") {
        const at = of.x && of.y ? [lon(of.x[rows[i]]), latOf(of, rows[i])] : ["", ""];
        parts.push([...values, ...at].map(csvCell).join(","));
      } else {
        const properties = Object.fromEntries(names.map((name, c) => [name, values[c]]));
        parts.push(`${JSON.stringify({ type: "Feature", properties, geometry: geometry(of, rows[i]) })}${i < rows.length - 1 ? "," : "]}"}`);
      }
    }
    if (kind === "geojson" && !rows.length) parts.push("]}");
    const file = new Blob([parts.join("\n")], { type: kind === "csv" ? "text/csv" : "application/geo+json" });
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = `${of.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "rows"}.${kind}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  const preferred = usable.find((l) => l.kind === "point" && l.timed) ?? usable[0];
  if (preferred) choose.value = String(preferred.id);
  choose.addEventListener("change", () => {
    order = null;
    fill();
  });
  return {
    open: () => {
      fill().then(() => dialog.showModal());
    },
  };
}

/**
 * @param {LayerData} layer
 * @param {number[]} rows
 * @param {{c: number, up: boolean}} order
 */
function sort(layer, rows, order) {
  const read = layer.columns[order.c];
  const keys = new Map(rows.map((row) => [row, read.get(row)]));
  const sign = order.up ? 1 : -1;
  rows.sort((a, b) => {
    const [p, q] = [keys.get(a), keys.get(b)];
    if (p instanceof Promise || q instanceof Promise) return a - b;
    if (p === null || p === undefined) return q === null || q === undefined ? a - b : 1;
    if (q === null || q === undefined) return -1;
    return (p < q ? -sign : p > q ? sign : a - b);
  });
}

/** @param {number} x */
const lon = (x) => Math.round((((((x - 0.5) * 360 + 180) % 360) + 360) % 360 - 180) * 1e6) / 1e6;
/** @param {number} y */
const lat = (y) => Math.round(latitude(y) * 1e6) / 1e6;

/**
 * The latitude of a point, also beyond the edge of the map.
 * @param {LayerData} layer
 * @param {number} row
 */
const latOf = (layer, row) => layer.beyond?.get(row) ?? lat(/** @type {Float64Array} */ (layer.y)[row]);

/**
 * @param {LayerData} layer
 * @param {number} row
 */
function geometry(layer, row) {
  if (layer.x && layer.y) return { type: "Point", coordinates: [lon(layer.x[row]), latOf(layer, row)] };
  const rings = layer.ringsOf(row).map((r) => ({ first: r.first, at: Array.from({ length: r.n }, (_, i) => [lon(r.xy[2 * i]), lat(r.xy[2 * i + 1])]) }));
  if (layer.kind === "line") return { type: "MultiLineString", coordinates: rings.map((r) => r.at) };
  /** @type {number[][][][]} */
  const parts = [];
  for (const ring of rings) {
    if (ring.first) parts.push([ring.at]);
    else parts[parts.length - 1].push(ring.at);
  }
  return { type: "MultiPolygon", coordinates: parts };
}
