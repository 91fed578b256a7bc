/** Select features: click, popup and keyboard focus. */

import { postToParent } from "./embed.js";
import { latitude, mercatorX, mercatorY } from "./geo.js";
import { hitTest } from "./hittest.js";
import { translate } from "./i18n.js";
import { narrow } from "./map.js";
import { popup } from "./popup.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {import("./hittest.js").Hit} Hit
 */

/**
 * The anchor of a row's popup.
 * @param {LayerData} layer
 * @param {number} row
 */
function anchorOf(layer, row) {
  if (layer.x && layer.y) return L.latLng(latitude(layer.y[row]), (layer.x[row] - 0.5) * 360);
  const ring = layer.ringsOf(row)[0];
  const i = 2 * Math.floor(ring.n / 2);
  return L.latLng(latitude(ring.xy[i + 1]), (ring.xy[i] - 0.5) * 360);
}

/**
 * @param {import("leaflet").Map} map
 * @param {LayerData[]} layers
 * @param {import("./popup.js").Context} context
 * @param {() => boolean} busy Whether a tool handles clicks now.
 */
export function selection(map, layers, context, busy) {
  const found = (/** @type {import("leaflet").LatLng} */ at, /** @type {number} */ most, /** @type {number} */ reach) =>
    hitTest(layers, mercatorX(at.lng), mercatorY(at.lat), 256 * 2 ** map.getZoom(), reach, most);

  /** The element that had the focus before a popup opened.
   * @type {HTMLElement | null} */
  let before = null;
  map.on("popupopen", (event) => {
    before = /** @type {HTMLElement | null} */ (document.activeElement);
    const node = event.popup.getElement();
    node?.setAttribute("role", "dialog");
    node?.setAttribute("aria-label", translate("Details"));
    const close = /** @type {HTMLElement | null | undefined} */ (node?.querySelector(".leaflet-popup-close-button"));
    close?.setAttribute("aria-label", translate("Close"));
    close?.focus();
  });
  map.on("popupclose", () => before?.focus?.());

  /** Height of the notice above the map, which popups must not cover. */
  const noticeHeight = () => {
    const notice = document.getElementById("gc-mode");
    return notice && !notice.hidden ? notice.offsetHeight + 10 : 0;
  };

  /**
   * @param {import("leaflet").LatLng} at
   * @param {Hit[]} under
   */
  function openAt(at, under) {
    L.popup({ maxWidth: narrow ? 280 : 340, minWidth: narrow ? 220 : 290, maxHeight: Math.min(360, map.getSize().y - 72), autoPanPaddingTopLeft: [20, 20 + noticeHeight()], autoPanPaddingBottomRight: [20, 20] })
      .setLatLng(at)
      .setContent(popup(under, context, (hit) => postToParent("select", { layer: hit.layer.name, row: hit.row })))
      .openOn(map);
  }

  /**
   * @param {LayerData} layer
   * @param {number} row
   */
  function showRow(layer, row) {
    const at = anchorOf(layer, row);
    if (!map.getBounds().pad(-0.1).contains(at)) map.panTo(at, { animate: false });
    openAt(at, [{ layer, row, distance: 0 }]);
  }

  /**
   * Zoom in on a cluster or hexagon if that separates its points.
   * @param {import("./aggregate.js").Aggregate} bin
   */
  function closer(bin) {
    const lon = (/** @type {number} */ x) => (x - 0.5) * 360;
    const box = L.latLngBounds([latitude(bin.south), lon(bin.west)], [latitude(bin.north), lon(bin.east)]);
    const zoom = Math.min(map.getBoundsZoom(box, false, L.point(80, 80)), map.getMaxZoom());
    if (bin.n < 2 || zoom <= map.getZoom() + 0.1 || bin.east - bin.west + bin.south - bin.north < 1e-9) return false;
    map.setView(box.getCenter(), Math.min(zoom, map.getZoom() + 4));
    return true;
  }

  map.on("click", (event) => {
    if (busy()) return;
    const under = found(event.latlng, 200, event.originalEvent && /** @type {any} */ (event.originalEvent).pointerType === "touch" ? 16 : 7);
    if (!under.length) return;
    const first = under[0];
    // A click on a cluster zooms in; a click on a hexagon lists its rows.
    if (first.aggregate && first.layer.display === "clusters" && closer(first.aggregate)) return;
    openAt(first.layer.kind === "point" ? anchorOf(first.layer, first.row) : event.latlng, under);
  });

  let waiting = 0;
  map.on("mousemove", (event) => {
    if (waiting) return;
    waiting = window.setTimeout(() => {
      waiting = 0;
      map.getContainer().style.cursor = found(event.latlng, 1, 6).length ? "pointer" : "";
    }, 60);
  });
  return { found, showRow };
}
