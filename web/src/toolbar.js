/** The toolbar: data table, measure, go to coordinates, theme, full screen, print, help. */

import { el, svg } from "./dom.js";
import { distance } from "./geo.js";
import { translate } from "./i18n.js";
import { narrow } from "./map.js";
import { announceStatus } from "./notices.js";

/**
 * @param {{table: {open: () => void}, measure: {toggle: () => boolean}, go: {open: () => void},
 *   help: {open: () => void}, recolour: () => void}} parts
 * @returns {HTMLElement}
 */
export function toolbar({ table, measure, go, help, recolour }) {
  return el(
    "div",
    { class: "gc-tools", role: "toolbar", "aria-label": translate("Tools") },
    tool("table", translate("Data table"), () => table.open()),
    tool("measure", translate("Measure distance"), (button) => button.setAttribute("aria-pressed", String(measure.toggle()))),
    tool("go", translate("Go to coordinates"), () => go.open()),
    tool("theme", translate("Change theme"), () => {
      const order = ["light", "dark", "contrast"];
      const at = order.indexOf(document.documentElement.dataset.gcTheme ?? "light");
      const next = order[(at + 1) % 3];
      document.documentElement.dataset.gcTheme = next;
      const names = /** @type {Record<string, string>} */ ({ light: translate("light"), dark: translate("dark"), contrast: translate("high contrast") });
      announceStatus(translate("Theme: {theme}", { theme: names[next] }));
      recolour();
    }),
    document.fullscreenEnabled && !narrow ? tool("screen", translate("Full screen"), () => {
      const asked = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      asked.catch(() => announceStatus(translate("Full screen is not allowed here.")));
    }) : null,
    narrow ? null : tool("print", translate("Print"), () => window.print()),
    narrow ? null : tool("help", translate("Keyboard shortcuts"), () => help.open()),
  );
}

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
 * Measure the length of a clicked line on the ellipsoid.
 * @param {import("leaflet").Map} map
 * @param {import("./format.js").Formatter} words
 * @param {(text: string) => void} showNotice
 */
export function measureTool(map, words, showNotice) {
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
    showNotice(points.length < 2 ? translate("Click to add the next point.") : translate("{length} along {n} points (ellipsoidal). Press Esc to stop.", { length: words.length(sum), n: points.length }));
  };
  function toggle() {
    state.on = !state.on;
    map.getContainer().classList.toggle("gc-measuring", state.on);
    if (state.on) {
      points = [];
      map.on("click", add);
      map.doubleClickZoom.disable();
      showNotice(translate("Click the map to add the first point."));
    } else {
      map.off("click", add);
      map.doubleClickZoom.enable();
      line?.remove();
      line = null;
      showNotice("");
    }
    return state.on;
  }
  return state;
}
