/** How a layer of points is drawn, as a reader chooses it. */

import { el } from "./dom.js";
import { say } from "./words.js";

/** @typedef {import("./data.js").LayerData} LayerData */

/** Fewer points need no choice. */
const FEW = 30;

/** Colours of counts, from few to many. */
export const RAMP = ["#f9d8a5", "#f3ac7a", "#e77f64", "#cf5764", "#a63a68", "#74265f", "#3f1a4f"];

/**
 * @param {LayerData} layer
 * @param {() => void} changed
 * @returns {HTMLElement | null}
 */
export function displayChoice(layer, changed) {
  if (layer.kind !== "point" || layer.n < FEW || layer.look) return null;
  const ways = {
    auto: say("Automatic"), points: say("Points"), clusters: say("Clusters"), hexagons: say("Hexagons"), heat: say("Heatmap"),
  };
  const select = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": say("Display style of {layer}", { layer: layer.name }) }));
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
  return el("label", { class: "gc-display" }, el("span", { class: "gc-hidden" }, say("Display style")), select);
}
