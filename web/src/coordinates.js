/** Coordinates of the pointer in three formats, and the dialog to go to coordinates. */

import { formatted, NOTATIONS, readPlace } from "./coordformat.js";
import { el } from "./dom.js";
import { translate } from "./i18n.js";
import { announceStatus } from "./notices.js";

/** @typedef {import("leaflet").Map} Map */

/**
 * A button with the coordinates of the pointer, or of the map centre if the pointer is elsewhere.
 * A click changes the format.
 * @param {Map} map
 * @returns {{node: HTMLElement, copy: (showNotice: (text: string) => void) => void}}
 */
export function coordinates(map) {
  let notation = 0;
  /** @type {import("leaflet").LatLng | null} */
  let under = null;
  const figures = el("bdi", { dir: "ltr" });
  const kind = el("span", { class: "gc-coordinates-kind" });
  const node = el("button", {
    type: "button", class: "gc-coordinates", title: translate("Change coordinate format"), onclick: () => {
      notation = (notation + 1) % NOTATIONS.length;
      show();
      announceStatus(node.textContent ?? "");
    },
  }, kind, figures);
  const here = () => {
    const at = under ?? map.getCenter();
    return formatted(at.lng, at.lat, NOTATIONS[notation]);
  };
  const show = () => {
    figures.textContent = here();
    kind.textContent = under ? "" : `${translate("Centre")} `;
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
      // A frame or an old browser may refuse the clipboard: show the text instead.
      const done = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"));
      done.then(() => tell(translate("Copied: {text}", { text })), () => tell(translate("The browser blocked copying to the clipboard: {text}", { text })));
    },
  };
}

/**
 * A dialog that moves the map to typed coordinates.
 * @param {Map} map
 * @param {[number, number, number, number]} extent West, south, east and north of the map's extent.
 * @returns {{open: () => void}}
 */
export function goToDialog(map, extent) {
  const field = /** @type {HTMLInputElement} */ (el("input", {
    type: "text", id: "gc-go-field", autocomplete: "off", dir: "ltr", placeholder: "54.6872, 25.2797", "aria-describedby": "gc-go-help gc-go-said",
  }));
  const said = el("p", { id: "gc-go-said", class: "gc-refused", role: "alert" });
  const dialog = /** @type {HTMLDialogElement} */ (el(
    "dialog",
    { class: "gc-dialog gc-small", "aria-label": translate("Go to coordinates") },
    el("label", { for: "gc-go-field", class: "gc-dialog-title" }, translate("Go to coordinates")),
    field,
    el("p", { id: "gc-go-help", class: "gc-soft" }, translate("Decimal degrees, degrees minutes seconds (DMS) or MGRS. Latitude first.")),
    said,
    el(
      "div",
      { class: "gc-buttons" },
      el("button", { type: "button", class: "gc-tool gc-main-button", onclick: () => go() }, translate("Go")),
      el("button", { type: "button", class: "gc-tool", onclick: () => dialog.close() }, translate("Close")),
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
    const [west, south, east, north] = extent;
    // Longitudes of the map continue beyond 180 if the view crosses the antimeridian.
    const lon = place.lon + 360 * Math.ceil((west - place.lon) / 360);
    if (lon > east || place.lat < south || place.lat > north) return refuse(translate("This location is outside the map area."));
    refuse("");
    dialog.close();
    mark?.remove();
    mark = L.circleMarker([place.lat, lon], { radius: 9, color: "#b3261e", weight: 2.5, fill: false, interactive: false }).addTo(map);
    map.setView([place.lat, lon], Math.max(map.getZoom(), 10), { animate: false });
    announceStatus(translate("Map centred on {place}", { place: NOTATIONS.map((n) => formatted(place.lon, place.lat, n)).join(" · ") }));
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
