/** The buttons of the tools, the measure, and what the page tells the one round it. */

import { el, svg } from "./dom.js";
import { distance } from "./geo.js";
import { say as word } from "./words.js";

const ICONS = {
  table: "M2 3h14v12H2zM2 7h14M2 11h14M7 3v12",
  measure: "M2 12L12 2l4 4L6 16zM5 9l2 2M8 6l2 2M11 3l2 2",
  theme: "M9 2a7 7 0 1 0 0 14zM9 2a7 7 0 0 1 0 14",
  screen: "M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4",
  go: "M9 1v5M9 12v5M1 9h5M12 9h5M9 5a4 4 0 1 0 0 8a4 4 0 1 0 0-8",
  help: "M6 7a3 3 0 1 1 4.4 2.6Q9 10.5 9 12M9 14v1.6M9 1a8 8 0 1 0 0 16a8 8 0 1 0 0-16",
  print: "M5 7V2h8v5M3 7h12v6H3zM5 11h8v5H5z",
};

/**
 * @param {keyof typeof ICONS} icon
 * @param {string} label
 * @param {(button: HTMLElement) => void} act
 */
export function tool(icon, label, act) {
  const drawing = svg("svg", { viewBox: "0 0 18 18", width: 18, height: 18, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[icon], fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
  const button = el("button", { type: "button", class: "gc-icon", "aria-label": label, title: label, onclick: () => act(button) }, drawing);
  return button;
}

/**
 * Measure along clicks, on the ellipsoid.
 * @param {import("leaflet").Map} map
 * @param {import("./geo.js").Words} words
 * @param {(text: string) => void} say
 */
export function measurer(map, words, say) {
  /** @type {import("leaflet").LatLng[]} */
  let points = [];
  /** @type {import("leaflet").Polyline | null} */
  let line = null;
  const state = { on: false, toggle };
  const add = (/** @type {import("leaflet").LeafletMouseEvent} */ event) => {
    points.push(event.latlng);
    line ??= L.polyline([], { color: "#b3261e", weight: 2.5, dashArray: "6 4", interactive: false }).addTo(map);
    line.setLatLngs(points);
    let sum = 0;
    for (let i = 1; i < points.length; i++) sum += distance(points[i - 1].lng, points[i - 1].lat, points[i].lng, points[i].lat);
    say(points.length < 2 ? word("Click to add the next point.") : word("{length} along {n} points (ellipsoidal). Press Esc to stop.", { length: words.length(sum), n: points.length }));
  };
  function toggle() {
    state.on = !state.on;
    map.getContainer().classList.toggle("gc-measuring", state.on);
    if (state.on) {
      points = [];
      map.on("click", add);
      map.doubleClickZoom.disable();
      say(word("Click the map to add the first point."));
    } else {
      map.off("click", add);
      map.doubleClickZoom.enable();
      line?.remove();
      line = null;
      say("");
    }
    return state.on;
  }
  return state;
}
