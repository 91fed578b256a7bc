/** Start: read the page's data, make the map, draw, and say when it is drawn. */

import { coordinates, place, scaleBar } from "./controls.js";
import { readLayers } from "./data.js";
import { foliumSupport } from "./folium.js";
import { el } from "./dom.js";
import { latitude, mercatorX, mercatorY, Words } from "./geo.js";
import { guard } from "./guard.js";
import { hits } from "./hits.js";
import { drawLabels } from "./labels.js";
import { legend } from "./legend.js";
import { drawShapes } from "./paint.js";
import { drawPoints } from "./points.js";
import { filterPanel } from "./filters.js";
import { popup } from "./popup.js";
import { makeSurface } from "./surface.js";
import { tablePanel } from "./table.js";
import { timePanel } from "./time.js";
import { measurer, permalink, tellParent, tool } from "./tools.js";

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
/**
 * @param {number} aside Pixels at the right that the legend covers.
 * @param {number} below Pixels at the foot that the slider covers.
 */
function fit(aside, below = 0) {
  map.setMinZoom(0);
  map.fitBounds([[south, west], [north, east]], {
    paddingTopLeft: [narrow ? 44 : 50, 18], paddingBottomRight: [18 + aside, 18 + below], animate: false,
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
  /** @type {ReturnType<typeof timePanel>} */
  let time = null;
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
      for (const layer of order) drawn[layer.name] = layer.visible ? drawShapes(context, layer, view, { land: colour("--gc-land"), border: colour("--gc-border") }, config.symbols) : 0;
    }),
    makeSurface(map, "gc-points", 450, (context, view) => {
      const modes = [];
      for (const layer of points) {
        const made = drawPoints(context, layer, view, colour("--gc-density") || "#5b2245");
        drawn[layer.name] = made.rows;
        modes.push({ layer, ...made });
      }
      tell(modes, words);
      drawLabels(context, layers, view, { halo: colour("--gc-halo") || "#ffffff", ink: colour("--gc-label") || null }, freePart(view));
    }),
  ];
  /**
   * The part of the canvas that is on the screen and not under the legend.
   * @param {import("./surface.js").View} view
   */
  function freePart(view) {
    const seen = map.getPixelBounds().min ?? L.point(0, 0);
    const size = map.getSize();
    const [x, y] = [seen.x - view.left, seen.y - view.top];
    const legendBox = document.querySelector(".gc-legend");
    const aside = !narrow && legendBox?.hasAttribute("open") ? /** @type {HTMLElement} */ (legendBox).offsetWidth + 14 : 0;
    const below = !narrow && time ? time.node.offsetHeight + 14 : 0;
    return [x, y, x + size.x - aside, y + size.y - below];
  }
  const redraw = () => surfaces.forEach((s) => s.redraw());

  place(map, scaleBar(map, words), "bottomleft");
  if (!narrow) place(map, coordinates(map), "bottomleft");
  const panel = legend(layers, words, redraw, config.symbols);
  const filters = filterPanel(layers, words, () => {
    time?.refresh();
    redraw();
  });
  if (filters) panel.querySelector(".gc-legend-list")?.append(filters);
  document.querySelector(".gc-main")?.append(panel);
  if (!narrow) {
    // Controls that folium's layers bring to the right stand beside the legend.
    new ResizeObserver(() => {
      document.body.style.setProperty("--gc-aside", `${panel.offsetWidth + 10}px`);
    }).observe(panel);
  }

  const found = (/** @type {import("leaflet").LatLng} */ at, /** @type {number} */ most, /** @type {number} */ reach) =>
    hits(layers, mercatorX(at.lng), mercatorY(at.lat), 256 * 2 ** map.getZoom(), reach, most);
  const context = { words, cited: config.sources };
  if (config.time) {
    time = timePanel(layers, words, (days) => {
      for (const layer of layers) layer.setWindow(days);
      if (shapes.some((l) => l.timed)) redraw();
      else surfaces[1].redraw();
    });
    if (time) document.querySelector(".gc-main")?.append(time.node);
  }
  // Areas that hold in turn would lie over one another: begin with what holds on the map's day.
  if (time && shapes.some((l) => l.timed && l.visible)) {
    const day = config.asOf ? Date.parse(`${config.asOf}T00:00:00Z`) / 86400000 : Infinity;
    time.set([day, day]);
  }
  map.invalidateSize({ animate: false });
  const covered = narrow ? [0, 0] : [Math.min(panel.offsetWidth + 10, map.getSize().x / 3), Math.min(time ? time.node.offsetHeight : 0, map.getSize().y / 4)];
  fit(covered[0], covered[1]);
  const status = document.getElementById("gc-status");
  const note = el("p", { class: "gc-note", role: "status" });
  note.hidden = true;
  document.querySelector(".gc-main")?.append(note);
  const measure = measurer(map, words, (text) => {
    note.textContent = text;
    note.hidden = !text;
  });
  const box = () => {
    const seen = map.getBounds();
    return { west: mercatorX(seen.getWest()), east: mercatorX(seen.getEast()), north: mercatorY(seen.getNorth()), south: mercatorY(seen.getSouth()) };
  };
  const table = tablePanel(layers, context, box, (layer, row) => showRow(layer, row));
  const tools = el(
    "div",
    { class: "gc-tools", role: "toolbar", "aria-label": "Tools" },
    tool("table", "What is in view, as a table", () => table.open()),
    tool("measure", "Measure a distance", (button) => button.setAttribute("aria-pressed", String(measure.toggle()))),
    tool("theme", "Light, dark or high contrast", () => {
      const order = ["light", "dark", "contrast"];
      const at = order.indexOf(document.documentElement.dataset.gcTheme ?? "light");
      document.documentElement.dataset.gcTheme = order[(at + 1) % 3];
      if (status) status.textContent = `Colours: ${order[(at + 1) % 3]}`;
      time?.refresh();
      redraw();
    }),
    document.fullscreenEnabled && !narrow ? tool("screen", "Full screen", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else document.documentElement.requestFullscreen();
    }) : null,
    narrow ? null : tool("print", "Print", () => window.print()),
  );
  place(map, tools, "topleft");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (measure.on) measure.toggle();
    map.closePopup();
  });
  /** What had the keyboard before a popup opened, to give it back.
   * @type {HTMLElement | null} */
  let before = null;
  map.on("popupopen", (event) => {
    before = /** @type {HTMLElement | null} */ (document.activeElement);
    const node = event.popup.getElement();
    node?.setAttribute("role", "dialog");
    node?.setAttribute("aria-label", "Details");
    /** @type {HTMLElement | null | undefined} */ (node?.querySelector(".leaflet-popup-close-button"))?.focus();
  });
  map.on("popupclose", () => before?.focus?.());

  /**
   * @param {import("./data.js").LayerData} layer
   * @param {number} row
   */
  function showRow(layer, row) {
    let at;
    if (layer.x && layer.y) at = L.latLng(latitude(layer.y[row]), (layer.x[row] - 0.5) * 360);
    else {
      const ring = layer.ringsOf(row)[0];
      const i = 2 * Math.floor(ring.n / 2);
      at = L.latLng(latitude(ring.xy[i + 1]), (ring.xy[i] - 0.5) * 360);
    }
    if (!map.getBounds().pad(-0.1).contains(at)) map.panTo(at, { animate: false });
    openAt(at, [{ layer, row, distance: 0 }]);
  }
  /**
   * @param {import("leaflet").LatLng} at
   * @param {import("./hits.js").Hit[]} under
   */
  function openAt(at, under) {
    L.popup({ maxWidth: narrow ? 280 : 340, minWidth: 220, maxHeight: 360, autoPanPadding: [20, 20] })
      .setLatLng(at)
      .setContent(popup(under, context, (hit) => tellParent("select", { layer: hit.layer.name, row: hit.row })))
      .openOn(map);
  }
  map.on("click", (event) => {
    if (measure.on) return;
    const under = found(event.latlng, 200, event.originalEvent && /** @type {any} */ (event.originalEvent).pointerType === "touch" ? 16 : 7);
    if (!under.length) return;
    const first = under[0];
    const at =
      first.layer.kind === "point" && first.layer.x && first.layer.y
        ? L.latLng(latitude(first.layer.y[first.row]), (first.layer.x[first.row] - 0.5) * 360)
        : event.latlng;
    openAt(at, under);
  });
  permalink(map);
  if (config.tiles) {
    // Tiles lie below all of ours; once one has come, the embedded ground gives way to them.
    const under = layers.filter((l) => l.background);
    L.tileLayer(config.tiles.url, { subdomains: config.tiles.subdomains, maxNativeZoom: config.tiles.maxZoom, maxZoom: 18, referrerPolicy: "origin" })
      .once("tileload", () => {
        for (const layer of under) layer.visible = false;
        redraw();
      })
      .addTo(map);
  }
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
    surfaces[1].redraw();
  };
  state.time = time;
  state.showRow = showRow;
  requestAnimationFrame(() => {
    tellParent("ready", { height: document.documentElement.scrollHeight });
    state.ready = true;
    state.readyAt = performance.now();
    document.documentElement.dataset.gcReady = "true";
    // The index for clicks is made while nobody waits.
    window.setTimeout(() => points.forEach((l) => l.n && l.index()), 50);
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
