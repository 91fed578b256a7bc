/** Filters by the values of columns, by deaths, and by a text. */

import { el } from "./dom.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

/**
 * The rows that pass, or null when all do.
 * @param {LayerData} layer
 * @param {Map<number, string>} chosen Column → the one value wanted.
 * @param {string} text Wanted in any column of words.
 * @param {number} deaths Least number of deaths.
 * @returns {Uint8Array | null}
 */
export function passing(layer, chosen, text, deaths) {
  const wanted = text.trim().toLocaleLowerCase();
  if (!chosen.size && !wanted && !deaths) return null;
  const out = new Uint8Array(layer.n).fill(1);
  for (const [c, value] of chosen) {
    const { values, codes } = layer.columns[c];
    if (!values || !codes) continue;
    const good = values.map((/** @type {any} */ v) => (String(v) === value ? 1 : 0));
    for (let row = 0; row < layer.n; row++) if (!good[codes[row]]) out[row] = 0;
  }
  const at = layer.columnNames.indexOf("fatalities");
  if (deaths && at >= 0) {
    for (let row = 0; row < layer.n; row++) {
      const value = layer.columns[at].get(row);
      if (!(typeof value === "number" && value >= deaths)) out[row] = 0;
    }
  }
  if (wanted) {
    const hit = new Uint8Array(layer.n);
    for (const { values, codes } of layer.columns) {
      if (!values || !codes) continue;
      const good = values.map((/** @type {any} */ v) => (typeof v === "string" && v.toLocaleLowerCase().includes(wanted) ? 1 : 0));
      for (let row = 0; row < layer.n; row++) if (good[codes[row]]) hit[row] = 1;
    }
    for (let row = 0; row < layer.n; row++) if (!hit[row]) out[row] = 0;
  }
  return out;
}

/**
 * @param {LayerData[]} layers
 * @param {import("./geo.js").Words} words
 * @param {() => void} changed
 * @returns {HTMLElement | null}
 */
export function filterPanel(layers, words, changed) {
  const usable = layers.filter((l) => l.filters.length && l.n > 1);
  if (!usable.length) return null;
  const box = el("div", { class: "gc-filter-list" });
  const said = el("p", { class: "gc-filter-said", role: "status" });
  for (const layer of usable) {
    /** @type {Map<number, string>} */
    const chosen = new Map();
    let text = "";
    let deaths = 0;
    const apply = () => {
      layer.shown = passing(layer, chosen, text, deaths);
      const n = layer.shown ? layer.shown.reduce((a, b) => a + b, 0) : layer.n;
      said.textContent = layer.shown ? `${words.whole.format(n)} of ${words.whole.format(layer.n)} pass` : "";
      changed();
    };
    let waiting = 0;
    const search = el("input", { type: "search", placeholder: "Search names and words", "aria-label": `Search in ${layer.name}`, autocomplete: "off" });
    search.addEventListener("input", () => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        text = /** @type {HTMLInputElement} */ (search).value;
        apply();
      }, 150);
    });
    box.append(search);
    for (const c of layer.filters) {
      const select = choice(layer, c, (value) => {
        if (value === null) chosen.delete(c);
        else chosen.set(c, value);
        apply();
      });
      if (select) box.append(select);
    }
    if (layer.columnNames.includes("fatalities")) {
      const least = /** @type {HTMLInputElement} */ (el("input", { type: "number", min: 0, step: 1, value: 0, "aria-label": "Deaths, at least" }));
      least.addEventListener("input", () => {
        deaths = Math.max(0, Number(least.value) || 0);
        apply();
      });
      box.append(el("label", { class: "gc-filter" }, el("span", {}, "Deaths, at least"), least));
    }
  }
  box.append(said);
  return el("details", { class: "gc-filters" }, el("summary", {}, "Filter and search"), box);
}

/**
 * @param {LayerData} layer
 * @param {number} c
 * @param {(value: string | null) => void} changed
 */
function choice(layer, c, changed) {
  const { values, codes } = layer.columns[c];
  if (!values || !codes) return null;
  const field = layer.fields.find((f) => f.c === c);
  const counts = new Uint32Array(values.length);
  for (let row = 0; row < layer.n; row++) counts[codes[row]] += 1;
  const order = values.map((/** @type {any} */ _, /** @type {number} */ i) => i).filter((/** @type {number} */ i) => values[i] !== null && counts[i]);
  if (order.length < 2) return null;
  order.sort((/** @type {number} */ a, /** @type {number} */ b) => counts[b] - counts[a] || (String(values[a]) < String(values[b]) ? -1 : 1));
  const select = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": field?.label ?? layer.columnNames[c] }, el("option", { value: "" }, "All")));
  for (const i of order.slice(0, 500)) {
    const said = field?.type === "word" ? String(values[i]).replaceAll("_", " ") : String(values[i]);
    const option = /** @type {HTMLOptionElement} */ (el("option", {}, `${said} (${counts[i]})`));
    option.value = `=${values[i]}`;
    select.append(option);
  }
  select.addEventListener("change", () => changed(select.value ? select.value.slice(1) : null));
  return el("label", { class: "gc-filter" }, el("span", {}, field?.label ?? layer.columnNames[c]), select);
}
