/** Popup content: the attributes of a row, formatted by type. */

import { dataImage, el, link } from "./dom.js";
import { translate, translateTerm } from "./i18n.js";
import { mainColour } from "./rowfilter.js";
import { dateUncertainty, mayBeOutsideWindow } from "./uncertaindates.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./hittest.js").Hit} Hit
 * @typedef {import("./format.js").Formatter} Formatter
 * @typedef {{words: Formatter, cited: Record<string, number>}} Context
 */

/**
 * The popup for the rows at a click: one row at a time, with buttons for the others.
 * @param {Hit[]} found
 * @param {Context} context
 * @param {(hit: Hit) => void} [onShow]
 * @returns {HTMLElement}
 */
export function popup(found, context, onShow) {
  const body = el("div", { class: "gc-popup-body" });
  const count = el("span", { class: "gc-popup-count", "aria-live": "polite" });
  let at = 0;
  const show = (/** @type {number} */ step) => {
    at = (at + step + found.length) % found.length;
    body.replaceChildren(details(found[at].layer, found[at].row, context, found[at].cell));
    const all = found[0].aggregate && found.every((hit) => hit.aggregate === found[0].aggregate) ? found[0].aggregate.n : null;
    count.textContent = all !== null ? translate("{n} of {all}", { n: at + 1, all: context.words.whole.format(all) }) : found.length >= 200 ? translate("{n} of {all} or more", { n: at + 1, all: found.length }) : translate("{n} of {all}", { n: at + 1, all: found.length });
    onShow?.(found[at]);
  };
  const node = el("div", { class: "gc-popup" }, body);
  if (found.length > 1) {
    node.append(
      el(
        "div",
        { class: "gc-popup-nav" },
        el("button", { type: "button", "aria-label": translate("Previous"), onclick: () => show(-1) }, "‹"),
        count,
        el("button", { type: "button", "aria-label": translate("Next"), onclick: () => show(1) }, "›"),
      ),
    );
  }
  show(0);
  return node;
}

/**
 * @param {LayerData} layer
 * @param {number} row
 * @param {Context} context
 * @param {number} [cell] The code of a cell of a raster.
 */
export function details(layer, row, context, cell) {
  const style = layer.styles[layer.styleOf[row]];
  const entry = layer.raster ? null : layer.legend.find((e) => e.rows === layer.styleOf[row]);
  const head = el("h2", { class: "gc-popup-title", dir: "auto" });
  const kicker = el("p", { class: "gc-popup-kicker", dir: "auto" }, entry && entry.label !== layer.name ? `${layer.name} · ${entry.label}` : layer.name);
  const swatchColour = layer.raster ? layer.raster.palette[cell ?? 0] : mainColour(style);
  kicker.style.setProperty("--gc-colour", swatchColour);
  const list = el("dl", { class: "gc-popup-fields" });
  const node = el("div", {}, kicker, head, list);
  if (dateUncertainty(layer)[row]) {
    const outside = mayBeOutsideWindow(layer, row) ? ` ${translate("It may be outside the selected dates.")}` : "";
    node.append(el("p", { class: "gc-doubt" }, translate("The date is uncertain.") + outside));
  }
  const missing = () => head.remove();
  if (layer.raster && cell !== undefined) head.textContent = layer.raster.texts[cell];
  else if (layer.titleColumn === null) missing();
  else {
    when(layer.columns[layer.titleColumn].get(row), (value) => {
      if (value === null) missing();
      else head.textContent = String(value);
    });
  }
  /** @type {Record<string, any>} */
  const first = {};
  for (const field of layer.fields) {
    if (field.c === layer.titleColumn) continue;
    const term = el("dt", { dir: "auto" }, field.label);
    const data = el("dd", { class: `gc-${field.type}`, dir: "auto" });
    list.append(term, data);
    when(layer.columns[field.c].get(row), (value) => {
      const name = layer.columnNames[field.c];
      const same = name === "event_date_end" && value === first.event_date;
      first[name] = value;
      const shown = value === null || same ? null : formatted(value, field.type, context, field.type === "length_m" ? uncertaintyOf(layer, row) : null);
      if (shown === null) {
        term.remove();
        data.remove();
      } else {
        data.replaceChildren(shown);
      }
    });
  }
  return node;
}

/**
 * Use a value now, or when its block is loaded.
 * @param {any} value
 * @param {(value: any) => void} use
 */
function when(value, use) {
  if (value instanceof Promise) value.then(use, () => use(translate("could not be read")));
  else use(value);
}

/**
 * The location uncertainty of a row in metres; null if not given.
 * @param {LayerData} layer
 * @param {number} row
 */
export function uncertaintyOf(layer, row) {
  const within = layer.radius?.[row];
  return within !== undefined && within > 0 ? within : null;
}

/**
 * @param {string | number | boolean} value
 * @param {string} type
 * @param {Context} context
 * @param {number | null} [within] Uncertainty in metres of the location from which a length is measured.
 * @returns {Node | null}
 */
export function formatted(value, type, context, within = null) {
  const { words } = context;
  const text = (/** @type {string} */ t) => document.createTextNode(t);
  const number = typeof value === "number" ? value : Number(value);
  if (typeof value === "boolean") return text(value ? translate("yes") : translate("no"));
  switch (type) {
    case "number":
      return text(Number.isFinite(number) ? words.number(number) : String(value));
    case "length_m":
      if (!Number.isFinite(number)) return text(String(value));
      return text(within === null ? words.length(number) : words.about(number, within));
    case "area_m2":
      return Number.isFinite(number) ? text(words.area(number)) : text(String(value));
    case "uncertainty_m":
      return Number.isFinite(number) ? text(translate("{length} (shown as a circle)", { length: words.length(number) })) : null;
    case "date":
      return text(words.date(/** @type {string} */ (value)));
    case "word":
      return text(translateTerm(String(value)));
    case "link":
      return link(String(value));
    case "image":
      return dataImage(value) ?? text(translate("image not shown"));
    case "sources": {
      const number_ = context.cited[String(value)];
      const node = el("span", {}, String(value));
      if (number_) node.append(el("sup", { class: "gc-cite", "aria-label": translate("source {n}", { n: number_ }) }, String(number_)));
      return node;
    }
    default:
      return text(String(value));
  }
}
