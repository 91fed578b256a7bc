/** The data table: rows in view in pages, sortable, with download as CSV or GeoJSON. */

import { el } from "./dom.js";
import { translate } from "./i18n.js";
import { formatted, uncertaintyOf } from "./popup.js";
import { exportFile, rowsInBox, sortRows } from "./tabledata.js";
import { readColumn } from "./textsearch.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

export const PAGE = 100;
const SAVED = 200_000;

/**
 * @param {LayerData[]} layers
 * @param {{words: import("./format.js").Formatter, cited: Record<string, number>}} context
 * @param {() => import("./tabledata.js").Box} view
 * @param {(layer: LayerData, row: number) => void} show
 * @returns {{open: () => void}}
 */
export function tablePanel(layers, context, view, show) {
  const { words } = context;
  const usable = layers.filter((l) => l.interactive && l.n > 0);
  const choose = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": translate("Layer") }));
  for (const layer of usable) {
    const option = /** @type {HTMLOptionElement} */ (el("option", { dir: "auto" }, layer.name));
    option.value = String(layer.id);
    choose.append(option);
  }
  const said = el("p", { role: "status", class: "gc-soft" });
  const body = el("div", { class: "gc-table-body", tabindex: 0, role: "region", "aria-label": translate("Rows in view") });
  const turnTo = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => number} */ where) =>
    /** @type {HTMLButtonElement} */ (el("button", { type: "button", class: "gc-tool", "aria-label": label, title: label, onclick: () => goToPage(where()) }, sign));
  const first = turnTo("«", translate("First page"), () => 0);
  const back = turnTo("‹", translate("Previous page"), () => page - 1);
  const on = turnTo("›", translate("Next page"), () => page + 1);
  const last = turnTo("»", translate("Last page"), () => pages() - 1);
  const where = el("span", { class: "gc-page-said", "aria-live": "polite" });
  const pager = el("div", { class: "gc-pages", role: "group", "aria-label": translate("Pages") }, first, back, where, on, last);
  const dialog = /** @type {HTMLDialogElement} */ (
    el(
      "dialog",
      { class: "gc-dialog", "aria-label": translate("Data table") },
      el(
        "div",
        { class: "gc-table-head" },
        choose,
        el("button", { type: "button", class: "gc-tool", onclick: () => download("csv") }, "CSV"),
        el("button", { type: "button", class: "gc-tool", onclick: () => download("geojson") }, "GeoJSON"),
        el("button", { type: "button", class: "gc-tool gc-close", onclick: () => dialog.close() }, translate("Close")),
      ),
      said,
      body,
      pager,
    )
  );
  document.body.append(dialog);
  /** @type {import("./tabledata.js").Order | null} */
  let order = null;
  let page = 0;
  /** @type {number[]} */
  let rows = [];
  /** @type {import("./textsearch.js").Run} */
  let run = { stopped: false };
  const layer = () => /** @type {LayerData} */ (usable.find((l) => String(l.id) === choose.value));
  const pages = () => Math.max(1, Math.ceil(rows.length / PAGE));

  /** Find and sort the rows, then show the page. */
  async function fill() {
    run.stopped = true;
    run = { stopped: false };
    const mine = run;
    const of = layer();
    if (!of) {
      said.textContent = translate("No layer has rows.");
      return;
    }
    rows = rowsInBox(of, view(), Infinity);
    if (order) {
      /** @type {(string | null)[] | null} */
      let texts = null;
      if (of.columns[order.c].blocks) {
        texts = await readColumn(of, order.c, mine, (share) => {
          said.textContent = translate("Loading column: {share}", { share: words.percent(share) });
        });
        if (!texts) return;
      }
      sortRows(of, rows, order, words.lang, texts);
    }
    const saved = rows.length > SAVED ? ` ${translate("Downloads contain the first {n} rows.", { n: words.whole.format(SAVED) })}` : "";
    said.textContent = translate("Rows in view: {n}.", { n: words.whole.format(rows.length) }) + saved;
    await draw(mine);
  }

  /** @param {import("./textsearch.js").Run} mine */
  async function draw(mine) {
    const of = layer();
    page = Math.max(0, Math.min(page, pages() - 1));
    const columns = [...new Set([...(of.titleColumn === null ? [] : [of.titleColumn]), ...of.fields.map((f) => f.c)])];
    const head = el("tr", { "aria-rowindex": 1 }, el("th", { scope: "col" }, el("span", { class: "gc-hidden" }, translate("Show"))));
    for (const c of columns) {
      const label = of.fields.find((f) => f.c === c)?.label ?? translate("Name");
      const state = order?.c === c ? (order.up ? "ascending" : "descending") : "none";
      const button = el("button", { type: "button", dir: "auto", onclick: () => turn(c) }, label, state === "none" ? "" : order?.up ? " ▲" : " ▼");
      head.append(el("th", { scope: "col", "aria-sort": state }, button));
    }
    const lines = el("tbody", {});
    const begin = page * PAGE;
    for (const [i, row] of rows.slice(begin, begin + PAGE).entries()) {
      const line = el("tr", { "aria-rowindex": begin + i + 2 });
      const go = el("button", { type: "button", class: "gc-tool", "aria-label": translate("Show row {n} on the map", { n: row + 1 }), onclick: () => {
        dialog.close();
        show(of, row);
      } }, "◎");
      line.append(el("td", {}, go));
      for (const c of columns) {
        const value = await of.columns[c].get(row);
        const type = of.fields.find((f) => f.c === c)?.type ?? "text";
        const made = value === null ? null : formatted(value, type === "uncertainty_m" ? "length_m" : type, context, type === "length_m" ? uncertaintyOf(of, row) : null);
        line.append(el("td", { dir: "auto", class: ["number", "length_m", "area_m2", "uncertainty_m"].includes(type) ? "gc-figure" : null }, made));
      }
      lines.append(line);
    }
    if (mine.stopped) return;
    const whole = el("table", { "aria-rowcount": rows.length + 1 }, el("thead", {}, head), lines);
    body.replaceChildren(whole);
    body.scrollTop = 0;
    pager.hidden = pages() === 1;
    where.textContent = translate("Page {page} of {pages}", { page: words.whole.format(page + 1), pages: words.whole.format(pages()) });
    // aria-disabled instead of disabled keeps the focus on the button.
    for (const [button, end] of /** @type {[HTMLElement, boolean][]} */ ([[first, page === 0], [back, page === 0], [on, page === pages() - 1], [last, page === pages() - 1]])) {
      button.setAttribute("aria-disabled", String(end));
    }
  }

  /** @param {number} to */
  function goToPage(to) {
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
  async function download(kind) {
    const of = layer();
    if (!of) return;
    const file = await exportFile(of, rows.slice(0, SAVED), kind);
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(file);
    anchor.download = `${of.name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "rows"}.${kind}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  dialog.addEventListener("keydown", (event) => {
    if (/** @type {HTMLElement} */ (event.target).tagName === "SELECT" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "PageDown") goToPage(page + 1);
    else if (event.key === "PageUp") goToPage(page - 1);
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
