/** What folium's scripts expect besides Leaflet: pins, and the part of jQuery that they use. */

import icon from "leaflet/dist/images/marker-icon.png";
import shadow from "leaflet/dist/images/marker-shadow.png";
import { sanitizeHtml } from "./sanitize.js";

/** Colours of folium's pins. */
const PINS = /** @type {Record<string, string>} */ ({
  red: "#d63e2a", darkred: "#a13336", lightred: "#ff8e7f", orange: "#f69730", beige: "#ffcb92", green: "#72b026",
  darkgreen: "#728224", lightgreen: "#bbf970", blue: "#38aadd", darkblue: "#0065a0", lightblue: "#8adaff",
  cadetblue: "#436978", purple: "#d252b9", darkpurple: "#5b396b", pink: "#ff91ea", white: "#fbfbfb", gray: "#575757",
  lightgray: "#a3a3a3", black: "#303030",
});

/** @param {import("leaflet").Map} map */
export function foliumSupport(map) {
  const all = /** @type {any} */ (L);
  all.Icon.Default.imagePath = "";
  all.Icon.Default.mergeOptions({ iconUrl: icon, iconRetinaUrl: icon, shadowUrl: shadow });
  const Pin = all.Icon.extend({
    options: { iconSize: [28, 38], iconAnchor: [14, 37], popupAnchor: [0, -32], tooltipAnchor: [12, -24], markerColor: "blue" },
    createIcon() {
      const ns = "http://www.w3.org/2000/svg";
      const node = document.createElement("div");
      node.className = "leaflet-marker-icon gc-pin";
      const drawing = document.createElementNS(ns, "svg");
      drawing.setAttribute("viewBox", "0 0 28 38");
      drawing.setAttribute("width", "28");
      drawing.setAttribute("height", "38");
      drawing.setAttribute("aria-hidden", "true");
      const body = document.createElementNS(ns, "path");
      body.setAttribute("d", "M14 37C10 29 2 22 2 13a12 12 0 1 1 24 0c0 9-8 16-12 24Z");
      body.setAttribute("fill", PINS[this.options.markerColor] ?? PINS.blue);
      body.setAttribute("stroke", "#ffffff");
      const dot = document.createElementNS(ns, "circle");
      dot.setAttribute("cx", "14");
      dot.setAttribute("cy", "13");
      dot.setAttribute("r", "4.5");
      dot.setAttribute("fill", /^[a-z]+$|^#[0-9a-f]{3,8}$/i.test(this.options.iconColor ?? "") ? this.options.iconColor : "#ffffff");
      drawing.append(body, dot);
      node.append(drawing);
      this._setIconStyles(node, "icon");
      return node;
    },
    createShadow: () => null,
  });
  all.AwesomeMarkers = { Icon: Pin, icon: (/** @type {any} */ options) => new Pin(options) };

  /** @param {any} what */
  const dollar = (what) => {
    if (typeof what === "function") {
      what();
      return [];
    }
    if (what === document || what === window) return { ready: (/** @type {() => void} */ run) => run() };
    if (typeof what === "string" && what.trim().startsWith("<")) return [...sanitizeHtml(what).children];
    return typeof what === "string" ? [...document.querySelectorAll(what)] : [what];
  };
  const page = /** @type {any} */ (window);
  page.$ = page.jQuery = dollar;
  page.map_geoconflict = map;

  // Show Leaflet's attribution control, without its flag, once a layer needs it.
  map.on("layeradd", (event) => {
    const credit = event.layer.getAttribution?.();
    if (!credit || map.attributionControl) return;
    const control = L.control.attribution({ prefix: false });
    control.addTo(map);
    map.attributionControl = control;
    control.addAttribution(credit);
  });
}
