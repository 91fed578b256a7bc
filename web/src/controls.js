/** Scale bar, and controls in the corners of the map. */

import { el } from "./dom.js";
import { distance } from "./geo.js";
import { translate } from "./i18n.js";

const STEPS = [1, 2, 3, 5];

/**
 * A scale bar in kilometres and miles, measured on the ellipsoid at the centre of the view.
 * @param {import("leaflet").Map} map
 * @param {import("./format.js").Formatter} words
 */
export function scaleBar(map, words) {
  const km = el("div", { class: "gc-scale-km" });
  const mi = el("div", { class: "gc-scale-mi" });
  const node = el("div", { class: "gc-scale", role: "img" }, km, mi);
  const update = () => {
    const size = map.getSize();
    const y = size.y / 2;
    const most = Math.min(130, size.x / 3);
    const a = map.containerPointToLatLng([size.x / 2 - most / 2, y]);
    const b = map.containerPointToLatLng([size.x / 2 + most / 2, y]);
    const metres = distance(a.lng, a.lat, b.lng, b.lat);
    if (!(metres > 0)) return;
    const [wide, far] = bar(metres, 1000, 1, "km", "m", words);
    const [narrow, miles] = bar(metres, 1609.344, 1 / 0.3048, "mi", "ft", words);
    km.style.width = `${(wide * most).toFixed(1)}px`;
    mi.style.width = `${(narrow * most).toFixed(1)}px`;
    km.textContent = far;
    mi.textContent = miles;
    node.setAttribute("aria-label", translate("Scale: {km}, {miles}", { km: far, miles }));
  };
  map.on("move zoomend resize", update);
  update();
  return node;
}

/**
 * The longest round length that fits: its share of the available width, and its label.
 * @param {number} metres
 * @param {number} big Metres of the large unit.
 * @param {number} small Small units per metre.
 * @param {string} bigName
 * @param {string} smallName
 * @param {import("./format.js").Formatter} words
 * @returns {[number, string]}
 */
export function bar(metres, big, small, bigName, smallName, words) {
  const large = metres >= big;
  const value = large ? metres / big : metres * small;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.filter((s) => s * power <= value).pop() ?? 1;
  return [(step * power) / value, `${words.number(step * power)} ${translate(large ? bigName : smallName)}`];
}

/**
 * Add an element to a corner of the map as a Leaflet control.
 * @param {import("leaflet").Map} map
 * @param {HTMLElement} node
 * @param {import("leaflet").ControlPosition} position
 */
export function addControl(map, node, position) {
  const control = new L.Control({ position });
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(node);
    L.DomEvent.disableScrollPropagation(node);
    return node;
  };
  control.addTo(map);
}
