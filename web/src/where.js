/** Where: coordinates under the pointer in three notations, and the way to typed coordinates. */

import { el } from "./dom.js";
import { NOTATIONS, readPlace, written } from "./notation.js";
import { announce } from "./notices.js";
import { say } from "./words.js";

/** @typedef {import("leaflet").Map} Map */

/**
 * The coordinates under the pointer, or of the middle of the map when no pointer is over it; a
 * click goes on to the next notation.
 * @param {Map} map
 * @returns {{node: HTMLElement, copy: (say: (text: string) => void) => void}}
 */
export function coordinates(map) {
  let notation = 0;
  /** @type {import("leaflet").LatLng | null} */
  let under = null;
  const figures = el("bdi", { dir: "ltr" });
  const kind = el("span", { class: "gc-coordinates-kind" });
  const node = el("button", {
    type: "button", class: "gc-coordinates", title: say("Change coordinate format"), onclick: () => {
      notation = (notation + 1) % NOTATIONS.length;
      show();
      announce(node.textContent ?? "");
    },
  }, kind, figures);
  const here = () => {
    const at = under ?? map.getCenter();
    return written(at.lng, at.lat, NOTATIONS[notation]);
  };
  const show = () => {
    figures.textContent = here();
    kind.textContent = under ? "" : `${say("Centre")} `;
  };
  map.on("mousemove", (event) => {
    under = event.latlng;
    show();
  });
  map.on("mouseout", () => {
    under = null;
    show();
  });
  map.on("moveend", show);
  show();
  return {
    node,
    copy: (tell) => {
      const text = here();
      // A frame or an old browser may refuse the clipboard; the reader still sees the text.
      const done = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"));
      done.then(() => tell(say("Copied: {text}", { text })), () => tell(say("The browser blocked copying to the clipboard: {text}", { text })));
    },
  };
}

/**
 * A small dialog where a reader types coordinates and the map goes there.
 * @param {Map} map
 * @param {[number, number, number, number]} ground West, south, east and north of what the map holds.
 * @returns {{open: () => void}}
 */
export function goTo(map, ground) {
  const field = /** @type {HTMLInputElement} */ (el("input", {
    type: "text", id: "gc-go-field", autocomplete: "off", dir: "ltr", placeholder: "54.6872, 25.2797", "aria-describedby": "gc-go-help gc-go-said",
  }));
  const said = el("p", { id: "gc-go-said", class: "gc-refused", role: "alert" });
  const dialog = /** @type {HTMLDialogElement} */ (el(
    "dialog",
    { class: "gc-dialog gc-small", "aria-label": say("Go to coordinates") },
    el("label", { for: "gc-go-field", class: "gc-dialog-title" }, say("Go to coordinates")),
    field,
    el("p", { id: "gc-go-help", class: "gc-soft" }, say("Decimal degrees, degrees minutes seconds (DMS) or MGRS. Latitude first.")),
    said,
    el(
      "div",
      { class: "gc-buttons" },
      el("button", { type: "button", class: "gc-tool gc-main-button", onclick: () => go() }, say("Go")),
      el("button", { type: "button", class: "gc-tool", onclick: () => dialog.close() }, say("Close")),
    ),
  ));
  document.body.append(dialog);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go();
  });
  /** @type {import("leaflet").CircleMarker | null} */
  let mark = null;
  function go() {
    const place = readPlace(field.value);
    if ("reason" in place) return refuse(place.reason);
    const [west, south, east, north] = ground;
    // The map's longitudes run on beyond 180 where the view does.
    const lon = place.lon + 360 * Math.ceil((west - place.lon) / 360);
    if (lon > east || place.lat < south || place.lat > north) return refuse(say("This location is outside the map area."));
    refuse("");
    dialog.close();
    mark?.remove();
    mark = L.circleMarker([place.lat, lon], { radius: 9, color: "#b3261e", weight: 2.5, fill: false, interactive: false }).addTo(map);
    map.setView([place.lat, lon], Math.max(map.getZoom(), 10), { animate: false });
    announce(say("Map centred on {place}", { place: NOTATIONS.map((n) => written(place.lon, place.lat, n)).join(" · ") }));
  }
  /** @param {string} reason */
  function refuse(reason) {
    said.textContent = reason;
    if (reason) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  return {
    open: () => {
      refuse("");
      dialog.showModal();
      field.select();
    },
  };
}
