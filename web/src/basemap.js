/** Base maps beside the embedded ground: online tiles by name, and tiles that the file carries. */

import { el } from "./dom.js";

const TYPES = ["image/png", "image/jpeg", "image/webp"];

/**
 * Tiles lie below all of ours; once one has come, the embedded ground gives way to them.
 * @param {import("leaflet").Map} map
 * @param {any} config
 * @param {import("./data.js").LayerData[]} layers
 * @param {() => void} redraw
 */
export function basemap(map, config, layers, redraw) {
  const giveWay = () => {
    for (const layer of layers) if (layer.background) layer.visible = false;
    redraw();
  };
  const kept = document.getElementById("gc-tiles");
  if (kept) {
    embedded(JSON.parse(kept.textContent ?? "{}")).addTo(map);
    giveWay();
    return;
  }
  if (!config.tiles) return;
  L.tileLayer(config.tiles.url, { subdomains: config.tiles.subdomains, maxNativeZoom: config.tiles.maxZoom, maxZoom: 18, referrerPolicy: "origin" })
    .once("tileload", giveWay)
    .addTo(map);
}

/**
 * A layer of tiles out of the page. Nearer and wider views stretch the zooms that are there.
 * @param {{type: string, min: number, max: number, at: Record<string, number>, pictures: string[]}} kept
 * @returns {import("leaflet").GridLayer}
 */
export function embedded(kept) {
  const at = new Map(Object.entries(kept.at));
  const known = TYPES.includes(kept.type);
  const Kept = L.GridLayer.extend({
    createTile(/** @type {import("leaflet").Coords} */ spot) {
      const picture = kept.pictures[at.get(`${spot.z}/${spot.x}/${spot.y}`) ?? -1];
      const node = /** @type {HTMLImageElement} */ (el("img", { alt: "", role: "presentation" }));
      if (known && picture) node.src = `data:${kept.type};base64,${picture}`;
      return node;
    },
  });
  return new /** @type {any} */ (Kept)({ minNativeZoom: kept.min, maxNativeZoom: kept.max, maxZoom: 18 });
}
