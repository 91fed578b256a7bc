/** Filter rows by column values, fatalities and text. */

import { el } from "./dom.js";
import { translate, translateTerm } from "./i18n.js";
import { longTextColumns, searchLongTexts } from "./textsearch.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {Map<number, Set<string>>} Chosen Column → the values wanted, any of them.
 */

/** Number of values listed per column; text search finds the others. */
const OFFERED = 300;

/**
 * The rows that match, or null if all do.
 * @param {LayerData} layer
 * @param {Chosen} chosen
 * @param {string} text Text to find in any text column.
 * @param {number} deaths Minimum number of fatalities.
 * @param {Uint8Array | null} [noted] Rows whose long texts contain the text.
 * @returns {Uint8Array | null}
 */
export function matchingRows(layer, chosen, text, deaths, noted = null) {
  const wanted = text.trim().toLocaleLowerCase();
  if (!chosen.size && !wanted && !deaths) return null;
  const out = new Uint8Array(layer.n).fill(1);
  for (const [c, some] of chosen) {
    const { values, codes } = layer.columns[c];
    if (!values || !codes || !some.size) continue;
    const good = values.map((/** @type {any} */ v) => (v !== null && some.has(String(v)) ? 1 : 0));
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
    const hit = noted ? noted.slice() : new Uint8Array(layer.n);
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
 * @param {import("./format.js").Formatter} words
 * @param {() => void} changed
 * @returns {{node: HTMLElement, describe: () => string[]} | null} `describe` describes the active filters.
 */
export function filterPanel(layers, words, changed) {
  const usable = layers.filter((l) => l.filters.length && l.n > 1);
  if (!usable.length) return null;
  const box = el("div", { class: "gc-filter-list" });
  const clear = el("button", { type: "button", class: "gc-tool", onclick: () => {
    for (const part of parts) part.clear();
    changed();
  } }, translate("Clear all filters"));
  clear.hidden = true;
  const parts = usable.map((layer) => {
    const part = layerFilter(layer, words, () => {
      clear.hidden = parts.every((p) => !p.active());
      changed();
    }, usable.length > 1);
    box.append(part.node);
    return part;
  });
  box.append(clear);
  return {
    node: el("details", { class: "gc-filters" }, el("summary", {}, translate("Filters and search")), box),
    describe: () => parts.flatMap((part) => part.describe()),
  };
}

/**
 * The filters of one layer.
 * @param {LayerData} layer
 * @param {import("./format.js").Formatter} words
 * @param {() => void} changed
 * @param {boolean} headed Whether to show the layer name above.
 */
function layerFilter(layer, words, changed, headed) {
  /** @type {Chosen} */
  const chosen = new Map();
  let text = "";
  let deaths = 0;
  /** @type {Uint8Array | null} */
  let noted = null;
  /** @type {import("./textsearch.js").Run} */
  let run = { stopped: true };
  let waiting = 0;
  const deep = longTextColumns(layer).length > 0;
  const said = el("p", { class: "gc-filter-said", role: "status" });
  const progress = /** @type {HTMLProgressElement} */ (el("progress", { max: 1, value: 0, "aria-label": translate("Searching notes") }));
  const stop = el("button", { type: "button", class: "gc-tool", onclick: () => {
    run.stopped = true;
  } }, translate("Stop"));
  const searching = el("div", { class: "gc-searching" }, progress, stop);
  searching.hidden = true;
  let partly = "";

  const apply = () => {
    layer.shown = matchingRows(layer, chosen, text, deaths, noted);
    let n = layer.n;
    if (layer.shown) {
      n = 0;
      for (let row = 0; row < layer.n; row++) n += layer.shown[row];
    }
    const passed = translate("{n} of {all} rows match.", { n: words.whole.format(n), all: words.whole.format(layer.n) });
    said.textContent = layer.shown ? [passed, partly].filter(Boolean).join(" ") : "";
    changed();
  };

  async function lookFor() {
    run.stopped = true;
    const mine = { stopped: false };
    run = mine;
    noted = null;
    partly = "";
    apply();
    searching.hidden = true;
    if (!deep || !text.trim()) return;
    const hit = new Uint8Array(layer.n);
    let share = 0;
    let since = performance.now();
    noted = hit;
    searching.hidden = false;
    const whole = await searchLongTexts(layer, text, hit, mine, (done) => {
      share = done;
      progress.value = done;
      if (performance.now() - since > 700 && run === mine) {
        since = performance.now();
        apply();
      }
    });
    // A newer search has started.
    if (run !== mine) return;
    searching.hidden = true;
    partly = whole ? "" : translate("{share} of the notes searched.", { share: words.percent(share) });
    apply();
  }

  const search = /** @type {HTMLInputElement} */ (el("input", {
    type: "search", dir: "auto", autocomplete: "off", "aria-label": translate("Search in {layer}", { layer: layer.name }),
    placeholder: deep ? translate("Search text and notes") : translate("Search text"),
  }));
  search.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      text = search.value;
      lookFor();
    }, 200);
  });
  const lists = layer.filters.flatMap((c) => {
    const made = choice(layer, c, words, (values) => {
      if (values.size) chosen.set(c, values);
      else chosen.delete(c);
      apply();
    });
    return made ? [{ c, ...made }] : [];
  });
  const least = /** @type {HTMLInputElement} */ (el("input", { type: "number", min: 0, step: 1, value: 0, "aria-label": translate("Minimum fatalities") }));
  least.addEventListener("input", () => {
    deaths = Math.max(0, Number(least.value) || 0);
    apply();
  });
  const node = el(
    "div",
    { class: "gc-filter-layer", role: "group", "aria-label": layer.name },
    headed ? el("p", { class: "gc-filter-head", dir: "auto" }, layer.name) : null,
    search,
    searching,
    ...lists.map((list) => list.node),
    layer.columnNames.includes("fatalities") ? el("label", { class: "gc-filter" }, el("span", {}, translate("Minimum fatalities")), least) : null,
    said,
  );
  const label = (/** @type {number} */ c) => layer.fields.find((f) => f.c === c)?.label ?? layer.columnNames[c];
  return {
    node,
    active: () => layer.shown !== null,
    describe: () => {
      if (!layer.shown) return [];
      const parts = [...chosen].map(([c, values]) => `${label(c)}: ${[...values].map((v) => (layer.fields.find((f) => f.c === c)?.type === "word" ? translateTerm(v) : v)).join(", ")}`);
      if (text.trim()) parts.push(`“${text.trim()}”`);
      if (deaths) parts.push(`${translate("Minimum fatalities")} ${words.whole.format(deaths)}`);
      return [`${layer.name}: ${parts.join("; ")} – ${said.textContent}`];
    },
    clear: () => {
      run.stopped = true;
      run = { stopped: true };
      searching.hidden = true;
      chosen.clear();
      [text, deaths, noted, partly] = ["", 0, null, ""];
      search.value = "";
      least.value = "0";
      for (const list of lists) list.clear();
      apply();
    },
  };
}

/**
 * A list of the values of a column with counts and checkboxes.
 * @param {LayerData} layer
 * @param {number} c
 * @param {import("./format.js").Formatter} words
 * @param {(values: Set<string>) => void} changed
 * @returns {{node: HTMLElement, clear: () => void} | null}
 */
function choice(layer, c, words, changed) {
  const { values, codes } = layer.columns[c];
  if (!values || !codes) return null;
  const field = layer.fields.find((f) => f.c === c);
  const label = field?.label ?? layer.columnNames[c];
  const counts = new Uint32Array(values.length);
  for (let row = 0; row < layer.n; row++) counts[codes[row]] += 1;
  const order = values.map((_, i) => i).filter((i) => values[i] !== null && counts[i]);
  if (order.length < 2) return null;
  order.sort((a, b) => counts[b] - counts[a] || (String(values[a]) < String(values[b]) ? -1 : 1));
  /** @type {Set<string>} */
  const wanted = new Set();
  const how = el("span", { class: "gc-choice-said" }, translate("all"));
  const tell = () => {
    how.textContent = wanted.size ? translate("{n} selected", { n: words.whole.format(wanted.size) }) : translate("all");
  };
  /** @type {HTMLInputElement[]} */
  const boxes = [];
  const list = el("div", { class: "gc-choices", role: "group", "aria-label": label });
  for (const i of order.slice(0, OFFERED)) {
    const value = String(values[i]);
    const tick = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
    tick.addEventListener("change", () => {
      if (tick.checked) wanted.add(value);
      else wanted.delete(value);
      tell();
      changed(wanted);
    });
    boxes.push(tick);
    const said = field?.type === "word" ? translateTerm(value) : value;
    list.append(el("label", { class: "gc-entry" }, tick, el("span", { class: "gc-label", dir: "auto" }, said), el("span", { class: "gc-count" }, words.whole.format(counts[i]))));
  }
  if (order.length > OFFERED) {
    list.append(el("p", { class: "gc-soft" }, translate("Showing the {n} most frequent values. Use search to find others.", { n: words.whole.format(OFFERED) })));
  }
  return {
    node: el("details", { class: "gc-choice" }, el("summary", {}, el("span", { class: "gc-choice-name", dir: "auto" }, label), how), list),
    clear: () => {
      wanted.clear();
      for (const tick of boxes) tick.checked = false;
      tell();
    },
  };
}
