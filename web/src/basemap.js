/** Online tiles, where the map's maker asked for them by name. */

/**
 * Tiles lie below all of ours; once one has come, the embedded ground gives way to them.
 * @param {import("leaflet").Map} map
 * @param {any} config
 * @param {import("./data.js").LayerData[]} layers
 * @param {() => void} redraw
 */
export function basemap(map, config, layers, redraw) {
  if (!config.tiles) return;
  L.tileLayer(config.tiles.url, { subdomains: config.tiles.subdomains, maxNativeZoom: config.tiles.maxZoom, maxZoom: 18, referrerPolicy: "origin" })
    .once("tileload", () => {
      for (const layer of layers) if (layer.background) layer.visible = false;
      redraw();
    })
    .addTo(map);
}
