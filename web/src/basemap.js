/** Basemaps: online tiles, and tiles embedded in the file. */

import { el } from "./dom.js";

const TYPES = ["image/png", "image/jpeg", "image/webp"];

/**
 * Add the tiles below all layers; hide the embedded background once a tile has loaded.
 * @param {import("leaflet").Map} map
 * @param {any} config
 * @param {import("./data.js").LayerData[]} layers
 * @param {() => void} redraw
 */
export function basemap(map, config, layers, redraw) {
  const hideBackground = () => {
    for (const layer of layers) if (layer.background) layer.visible = false;
    redraw();
  };
  const kept = document.getElementById("gc-tiles");
  if (kept) {
    embedded(JSON.parse(kept.textContent ?? "{}")).addTo(map);
    hideBackground();
    return;
  }
  if (!config.tiles) return;
  L.tileLayer(config.tiles.url, { subdomains: config.tiles.subdomains, maxNativeZoom: config.tiles.maxZoom, maxZoom: 18, referrerPolicy: "origin" })
    .once("tileload", hideBackground)
    .addTo(map);
}

/**
 * A tile layer from data in the page. Other zooms are scaled from the nearest one available.
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
