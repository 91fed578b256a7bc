/** Start: read the page's data, make the map, draw, and say when it is drawn. */

import { coordinates, place, scaleBar } from "./controls.js";
import { readLayers } from "./data.js";
import { foliumSupport } from "./folium.js";
import { latitude, mercatorX, mercatorY, Words } from "./geo.js";
import { guard } from "./guard.js";
import { hits } from "./hits.js";
import { drawLabels } from "./labels.js";
import { legend } from "./legend.js";
import { drawShapes } from "./paint.js";
import { drawPoints } from "./points.js";
import { popup } from "./popup.js";
import { makeSurface } from "./surface.js";

guard();

/** @param {string} words */
function fail(words) {
  const status = document.getElementById("gc-status");
  if (status) {
    status.className = "gc-error";
    status.textContent = words;
  }
  document.documentElement.dataset.gcReady = "failed";
}

window.addEventListener("error", (event) => fail(`This map could not be drawn whole: ${event.message}`));
window.addEventListener("unhandledrejection", (event) => fail(`This map could not be drawn: ${event.reason}`));

const config = JSON.parse(document.getElementById("gc-config")?.textContent ?? "{}");
document.documentElement.dataset.gcTheme = config.theme;

const [west, south, east, north] = config.box;
const ground = L.latLngBounds([config.ground[1], config.ground[0]], [config.ground[3], config.ground[2]]);
const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = window.matchMedia("(max-width: 640px)").matches;
const map = L.map("gc-map", {
  attributionControl: false,
  zoomControl: !narrow,
  zoomSnap: 0.25,
  zoomDelta: 0.5,
  wheelPxPerZoomLevel: 90,
  maxZoom: 18,
  maxBounds: ground,
  maxBoundsViscosity: 0.9,
  fadeAnimation: !quiet,
  zoomAnimation: !quiet,
  inertia: !quiet,
});
/** @param {number} aside Pixels at the right that the legend covers. */
function fit(aside) {
  map.setMinZoom(0);
  map.fitBounds([[south, west], [north, east]], {
    paddingTopLeft: [narrow ? 14 : 50, 18], paddingBottomRight: [18 + aside, 18], animate: false,
  });
  const fill = map.getBoundsZoom(ground, true);
  map.setMinZoom(Math.min(map.getZoom(), Math.max(fill, 0)));
}
fit(0);

foliumSupport(map);
/** @type {any} */ (window).geoconflict = { map, ready: false, drawn: {} };

/** @param {import("./data.js").LayerData[]} layers */
function run(layers) {
  const words = new Words(config.lang);
  /** @type {Record<string, number>} */
  const drawn = {};
  const shapes = layers.filter((l) => l.kind !== "point");
  const points = layers.filter((l) => l.kind === "point");
  const style = getComputedStyle(document.body);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const surfaces = [
    makeSurface(map, "gc-shapes", 300, (context, view) => {
      // Lines over areas, whatever the order in which the layers were given.
      const order = [...shapes].sort((a, b) => rankOf(a) - rankOf(b));
      for (const layer of order) drawn[layer.name] = layer.visible ? drawShapes(context, layer, view) : 0;
    }),
    makeSurface(map, "gc-points", 450, (context, view) => {
      const modes = [];
      for (const layer of points) {
        const made = drawPoints(context, layer, view, colour("--gc-density") || "#5b2245");
        drawn[layer.name] = made.rows;
        modes.push({ layer, ...made });
      }
      tell(modes, words);
      drawLabels(context, layers, view, { halo: colour("--gc-halo") || "#ffffff", ink: colour("--gc-label") || null });
    }),
  ];
  const redraw = () => surfaces.forEach((s) => s.redraw());

  place(map, scaleBar(map, words), "bottomleft");
  if (!narrow) place(map, coordinates(map), "bottomleft");
  const panel = legend(layers, words, redraw);
  document.querySelector(".gc-main")?.append(panel);
  if (!narrow) {
    // Controls that folium's layers bring to the right stand beside the legend.
    new ResizeObserver(() => {
      document.body.style.setProperty("--gc-aside", `${panel.offsetWidth + 10}px`);
    }).observe(panel);
  }
  map.invalidateSize({ animate: false });
  fit(narrow ? 0 : Math.min(panel.offsetWidth + 10, map.getSize().x / 3));

  const found = (/** @type {import("leaflet").LatLng} */ at, /** @type {number} */ most, /** @type {number} */ reach) =>
    hits(layers, mercatorX(at.lng), mercatorY(at.lat), 256 * 2 ** map.getZoom(), reach, most);
  const context = { words, cited: config.sources };
  map.on("click", (event) => {
    const under = found(event.latlng, 200, event.originalEvent && /** @type {any} */ (event.originalEvent).pointerType === "touch" ? 16 : 7);
    if (!under.length) return;
    const first = under[0];
    const at =
      first.layer.kind === "point" && first.layer.x && first.layer.y
        ? L.latLng(latitude(first.layer.y[first.row]), (first.layer.x[first.row] - 0.5) * 360)
        : event.latlng;
    L.popup({ maxWidth: narrow ? 280 : 340, minWidth: 220, maxHeight: 360, autoPanPadding: [20, 20] })
      .setLatLng(at)
      .setContent(popup(under, context))
      .openOn(map);
  });
  let waiting = 0;
  map.on("mousemove", (event) => {
    if (waiting) return;
    waiting = window.setTimeout(() => {
      waiting = 0;
      map.getContainer().style.cursor = found(event.latlng, 1, 6).length ? "pointer" : "";
    }, 60);
  });
  const state = /** @type {any} */ (window).geoconflict;
  state.layers = layers;
  state.drawn = drawn;
  state.redraw = redraw;
  state.hitsAt = (/** @type {import("leaflet").LatLng} */ at) => found(at, 200, 7);
  state.setWindow = (/** @type {[number, number] | null} */ days) => {
    for (const layer of layers) layer.setWindow(days);
    redraw();
  };
  requestAnimationFrame(() => {
    state.ready = true;
    state.readyAt = performance.now();
    document.documentElement.dataset.gcReady = "true";
  });
}

/**
 * Say how points are drawn when they are too many for marks.
 * @param {({layer: import("./data.js").LayerData} & import("./points.js").Drawn)[]} modes
 * @param {Words} words
 */
function tell(modes, words) {
  let node = document.getElementById("gc-mode");
  const many = modes.filter((m) => m.mode !== "marks");
  if (!node) {
    node = document.createElement("p");
    node.id = "gc-mode";
    node.className = "gc-mode";
    document.querySelector(".gc-main")?.append(node);
  }
  node.hidden = many.length === 0;
  node.textContent = many
    .map((m) =>
      m.mode === "density"
        ? `${m.layer.name}: ${words.whole.format(m.rows)} in view, shaded by density (darkest: ${words.whole.format(m.most)} a cell). Move closer for single ones.`
        : `${m.layer.name}: ${words.whole.format(m.rows)} in view, as dots. Move closer for marks and circles of uncertainty.`,
    )
    .join(" ");
}

/** @param {import("./data.js").LayerData} layer */
const rankOf = (layer) => (layer.background ? 0 : layer.kind === "area" ? 1 : 2);

readLayers(config).then(run);
