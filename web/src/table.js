/** The rows in view as a table: in pages, sortable, by keyboard, to be taken away as CSV or GeoJSON. */

import { el } from "./dom.js";
import { allOf } from "./notes.js";
import { knownTo, written } from "./popup.js";
import { fileOf, rowsIn, sortRows } from "./inview.js";
import { say } from "./words.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

export const PAGE = 100;
const SAVED = 200_000;

/**
 * @param {LayerData[]} layers
 * @param {{words: import("./geo.js").Words, cited: Record<string, number>}} context
 * @param {() => import("./inview.js").Box} view
 * @param {(layer: LayerData, row: number) => void} show
 * @returns {{open: () => void}}
 */
export function tablePanel(layers, context, view, show) {
  const { words } = context;
  const usable = layers.filter((l) => l.interactive && l.n > 0);
  const choose = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": say("Layer") }));
  for (const layer of usable) {
    const option = /** @type {HTMLOptionElement} */ (el("option", { dir: "auto" }, layer.name));
    option.value = String(layer.id);
    choose.append(option);
  }
  const said = el("p", { role: "status", class: "gc-soft" });
  const body = el("div", { class: "gc-table-body", tabindex: 0, role: "region", "aria-label": say("Rows in view") });
  const turnTo = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => number} */ where) =>
    /** @type {HTMLButtonElement} */ (el("button", { type: "button", class: "gc-tool", "aria-label": label, title: label, onclick: () => turnPage(where()) }, sign));
  const first = turnTo("«", say("First page"), () => 0);
  const back = turnTo("‹", say("Previous page"), () => page - 1);
  const on = turnTo("›", say("Next page"), () => page + 1);
  const last = turnTo("»", say("Last page"), () => pages() - 1);
  const where = el("span", { class: "gc-page-said", "aria-live": "polite" });
  const turner = el("div", { class: "gc-pages", role: "group", "aria-label": say("Pages") }, first, back, where, on, last);
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { class: "gc-dialog", "aria-label": say("Data table") },
      el(
        "div",
        { class: "gc-table-head" },
        choose,
        el("button", { type: "button", class: "gc-tool", onclick: () => take("csv") }, "CSV"),
        el("button", { type: "button", class: "gc-tool", onclick: () => take("geojson") }, "GeoJSON"),
        el("button", { type: "button", class: "gc-tool gc-close", onclick: () => dialog.close() }, say("Close")),
      ),
      said,
      body,
      turner,
    )
  );
  document.body.append(dialog);
  /** @type {import("./inview.js").Order | null} */
  let order = null;
  let page = 0;
  /** @type {number[]} */
  let rows = [];
  /** @type {import("./notes.js").Run} */
  let run = { stopped: false };
  const layer = () => /** @type {LayerData} */ (usable.find((l) => String(l.id) === choose.value));
  const pages = () => Math.max(1, Math.ceil(rows.length / PAGE));

  /** Find the rows and put them in order, then show the page. */
  async function fill() {
    run.stopped = true;
    run = { stopped: false };
    const mine = run;
    const of = layer();
    if (!of) {
      said.textContent = say("No layer has rows.");
      return;
    }
    rows = rowsIn(of, view(), Infinity);
    if (order) {
      /** @type {(string | null)[] | null} */
      let texts = null;
      if (of.columns[order.c].blocks) {
        texts = await allOf(of, order.c, mine, (share) => {
          said.textContent = say("Loading column: {share}", { share: words.percent(share) });
        });
        if (!texts) return;
      }
      sortRows(of, rows, order, words.lang, texts);
    }
    const saved = rows.length > SAVED ? ` ${say("Downloads contain the first {n} rows.", { n: words.whole.format(SAVED) })}` : "";
    said.textContent = say("Rows in view: {n}.", { n: words.whole.format(rows.length) }) + saved;
    await draw(mine);
  }

  /** @param {import("./notes.js").Run} mine */
  async function draw(mine) {
    const of = layer();
    page = Math.max(0, Math.min(page, pages() - 1));
    const columns = [...new Set([...(of.titleColumn === null ? [] : [of.titleColumn]), ...of.fields.map((f) => f.c)])];
    const head = el("tr", { "aria-rowindex": 1 }, el("th", { scope: "col" }, el("span", { class: "gc-hidden" }, say("Show"))));
    for (const c of columns) {
      const label = of.fields.find((f) => f.c === c)?.label ?? say("Name");
      const state = order?.c === c ? (order.up ? "ascending" : "descending") : "none";
      const button = el("button", { type: "button", dir: "auto", onclick: () => turn(c) }, label, state === "none" ? "" : order?.up ? " ▲" : " ▼");
      head.append(el("th", { scope: "col", "aria-sort": state }, button));
    }
    const lines = el("tbody", {});
    const begin = page * PAGE;
    for (const [i, row] of rows.slice(begin, begin + PAGE).entries()) {
      const line = el("tr", { "aria-rowindex": begin + i + 2 });
      const go = el("button", { type: "button", class: "gc-tool", "aria-label": say("Show row {n} on the map", { n: row + 1 }), onclick: () => {
        dialog.close();
        show(of, row);
      } }, "◎");
      line.append(el("td", {}, go));
      for (const c of columns) {
        const value = await of.columns[c].get(row);
        const type = of.fields.find((f) => f.c === c)?.type ?? "text";
        const made = value === null ? null : written(value, type === "uncertainty_m" ? "length_m" : type, context, type === "length_m" ? knownTo(of, row) : null);
        line.append(el("td", { dir: "auto", class: ["number", "length_m", "area_m2", "uncertainty_m"].includes(type) ? "gc-figure" : null }, made));
      }
      lines.append(line);
    }
    if (mine.stopped) return;
    const whole = el("table", { "aria-rowcount": rows.length + 1 }, el("thead", {}, head), lines);
    body.replaceChildren(whole);
    body.scrollTop = 0;
    turner.hidden = pages() === 1;
    where.textContent = say("Page {page} of {pages}", { page: words.whole.format(page + 1), pages: words.whole.format(pages()) });
    // A button that had the keyboard keeps it, though it does nothing at the end.
    for (const [button, end] of /** @type {[HTMLElement, boolean][]} */ ([[first, page === 0], [back, page === 0], [on, page === pages() - 1], [last, page === pages() - 1]])) {
      button.setAttribute("aria-disabled", String(end));
    }
  }

  /** @param {number} to */
  function turnPage(to) {
    if (to < 0 || to >= pages() || to === page) return;
    page = to;
    run.stopped = true;
    run = { stopped: false };
    draw(run);
  }

  /** @param {number} c */
  function turn(c) {
    order = order?.c === c ? { c, up: !order.up } : { c, up: true };
    page = 0;
    fill().then(() => {
      const at = [...body.querySelectorAll("th")].find((th) => th.getAttribute("aria-sort") !== "none");
      at?.querySelector("button")?.focus();
    });
  }

  /** @param {"csv" | "geojson"} kind */
  async function take(kind) {
    const of = layer();
    if (!of) return;
    const file = await fileOf(of, rows.slice(0, SAVED), kind);
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = `${of.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "rows"}.${kind}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  dialog.addEventListener("keydown", (event) => {
    if (/** @type {HTMLElement} */ (event.target).tagName === "SELECT" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "PageDown") turnPage(page + 1);
    else if (event.key === "PageUp") turnPage(page - 1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    run.stopped = true;
  });
  const preferred = usable.find((l) => l.kind === "point" && l.timed) ?? usable[0];
  if (preferred) choose.value = String(preferred.id);
  choose.addEventListener("change", () => {
    order = null;
    page = 0;
    fill();
  });
  return {
    open: () => {
      page = 0;
      dialog.showModal();
      fill();
    },
  };
}
