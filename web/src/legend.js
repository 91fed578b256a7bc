/** The legend, with checkboxes that toggle layers and classes. */

import { el, svg } from "./dom.js";
import { translate } from "./i18n.js";
import { markerVertices } from "./paint.js";
import { place } from "./symbols.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./data.js").Style} Style
 */

/**
 * The legend symbol of a style.
 * @param {Style} style
 * @param {string} kind
 * @param {any} rules
 */
export function swatch(style, kind, rules) {
  const node = svg("svg", { class: "gc-swatch", width: 28, height: 18, viewBox: "0 0 28 18", "aria-hidden": "true", focusable: "false" });
  if (kind === "area" || kind === "raster") {
    const shape = svg("rect", { x: 2, y: 2, width: 24, height: 14, fill: style.fill ?? "none", stroke: style.stroke ?? "none", "stroke-width": style.width });
    shape.style.fillOpacity = String(Math.min(1, style.fo + 0.1));
    node.append(shape);
    if (style.hatch) {
      shape.setAttribute("fill", "none");
      const strokes = [-8, 0, 8, 16].map((x) => `M${Math.max(2, x + 2)} ${x < 0 ? 8 : 16}L${Math.min(26, x + 16)} ${x > 10 ? 6 : 2}`);
      node.append(svg("path", { d: strokes.join(""), stroke: style.fill ?? "none", "stroke-width": 1.6, fill: "none" }));
    }
  } else if (kind === "line" && style.symbol && rules?.lines[style.symbol]) {
    const { colour } = rules.lines[style.symbol];
    for (const shape of place(rules, style.symbol, [0, 12, 28, 12], 0.85, style.planned)) {
      const pairs = [];
      for (let i = 0; i < shape.points.length; i += 2) pairs.push(`${shape.points[i].toFixed(2)} ${shape.points[i + 1].toFixed(2)}`);
      node.append(
        svg("path", {
          d: `M${pairs.join("L")}${shape.closed ? "Z" : ""}`, stroke: colour, "stroke-width": shape.width,
          fill: shape.closed ? (shape.fill ? colour : "#ffffff") : "none", "stroke-dasharray": shape.dash.length ? shape.dash.join(" ") : null,
        }),
      );
    }
  } else if (kind === "line" || kind === "graticule") {
    const across = "M1 9 L27 9";
    if (style.casing) node.append(svg("path", { d: across, stroke: style.casing, "stroke-width": style.width + 2.4, fill: "none" }));
    node.append(
      svg("path", {
        d: across, fill: "none", stroke: style.stroke ?? "none", "stroke-width": style.width,
        "stroke-dasharray": style.dash.length ? style.dash.join(" ") : null,
      }),
    );
  } else {
    const r = Math.min(7, style.r);
    const corners = markerVertices(style.marker, r);
    const d = corners
      ? `M${corners.map(([x, y]) => `${(x + 14).toFixed(2)} ${(y + 9).toFixed(2)}`).join("L")}Z`
      : `M${14 - r} 9a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
    const shape = svg("path", {
      d, fill: style.marker === "ring" ? "none" : (style.fill ?? "none"), stroke: style.stroke ?? "none", "stroke-width": style.width,
    });
    shape.style.fillOpacity = String(style.fo);
    node.append(shape);
  }
  return node;
}

/**
 * @param {LayerData[]} layers
 * @param {import("./format.js").Formatter} words
 * @param {() => void} changed
 * @param {any} rules
 * @returns {HTMLElement}
 */
export function legend(layers, words, changed, rules) {
  const list = el("div", { class: "gc-legend-list" });
  for (const layer of layers) {
    if (layer.background || (layer.n === 0 && layer.kind !== "graticule")) continue;
    const box = group(layer, words, changed, rules);
    const way = displayChoice(layer, changed);
    if (way) box.append(way);
    list.append(box);
  }
  const narrow = window.matchMedia("(max-width: 640px)").matches;
  const node = el(
    "details",
    { class: "gc-legend" },
    el("summary", {}, translate("Legend")),
    list,
  );
  if (!narrow || layers.length <= 12) node.setAttribute("open", "");
  return node;
}

/**
 * @param {LayerData} layer
 * @param {import("./format.js").Formatter} words
 * @param {() => void} changed
 * @param {any} rules
 */
function group(layer, words, changed, rules) {
  const single = layer.legend.length === 1;
  const box = el("fieldset", { class: "gc-group" });
  const count = (/** @type {number} */ n) => (layer.kind === "point" && layer.n > 20 ? el("span", { class: "gc-count" }, words.whole.format(n)) : null);
  /** @type {HTMLInputElement[]} */
  const parts = [];
  const whole = tick(layer.visible, (on) => {
    layer.visible = on;
    for (const part of parts) part.disabled = !on;
    changed();
  });
  whole.dataset.gcLayer = String(layer.id);
  if (single) {
    const entry = layer.legend[0];
    const finer = entry.label === layer.name ? null : el("small", { class: "gc-finer" }, entry.label);
    box.append(el("legend", { class: "gc-hidden" }, layer.name), el("label", { class: "gc-entry" }, whole, swatch(entry.style, layer.kind, rules), el("span", { class: "gc-label", dir: "auto" }, keep(layer.name), finer), count(entry.count)));
    return box;
  }
  box.append(el("legend", { class: "gc-hidden" }, layer.name), el("label", { class: "gc-entry gc-entry-head" }, whole, el("span", { class: "gc-label", dir: "auto" }, layer.name)));
  for (const entry of layer.legend) {
    if (entry.rows === null) {
      box.append(el("div", { class: "gc-entry" }, swatch(entry.style, layer.kind, rules), entry.label));
      continue;
    }
    const index = entry.rows;
    const part = tick(true, (on) => {
      layer.on[index] = on ? 1 : 0;
      changed();
    });
    part.disabled = !layer.visible;
    parts.push(part);
    box.append(el("label", { class: "gc-entry" }, part, swatch(entry.style, layer.kind, rules), el("span", { class: "gc-label", dir: "auto" }, keep(entry.label)), count(entry.count)));
  }
  return box;
}

/**
 * Put a no-break space between a number and its unit.
 * @param {string} text
 */
const keep = (text) => text.replace(/(\d) (km|mi|m|nmi)\b/g, "$1\u00a0$2");

/**
 * @param {boolean} on
 * @param {(on: boolean) => void} changed
 * @returns {HTMLInputElement}
 */
function tick(on, changed) {
  const node = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
  node.checked = on;
  node.addEventListener("change", () => changed(node.checked));
  return node;
}

/** Layers with fewer points have no display style. */
const FEW = 30;

/**
 * @param {LayerData} layer
 * @param {() => void} changed
 * @returns {HTMLElement | null}
 */
export function displayChoice(layer, changed) {
  if (layer.kind !== "point" || layer.n < FEW || layer.labelStyle) return null;
  const ways = {
    auto: translate("Automatic"), points: translate("Points"), clusters: translate("Clusters"), hexagons: translate("Hexagons"), heat: translate("Heatmap"),
  };
  const select = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": translate("Display style of {layer}", { layer: layer.name }) }));
  for (const [way, words] of Object.entries(ways)) {
    const option = /** @type {HTMLOptionElement} */ (el("option", {}, words));
    option.value = way;
    select.append(option);
  }
  select.value = layer.display;
  select.addEventListener("change", () => {
    layer.display = /** @type {LayerData["display"]} */ (select.value);
    changed();
  });
  return el("label", { class: "gc-display" }, el("span", { class: "gc-hidden" }, translate("Display style")), select);
}
