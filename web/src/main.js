/** Entry point: read the data, create the map, draw it and set the ready flag. */

import { basemap } from "./basemap.js";
import { canvasLayer } from "./canvaslayer.js";
import { addControl, scaleBar } from "./controls.js";
import { coordinates, goToDialog } from "./coordinates.js";
import { readLayers, readRest } from "./data.js";
import { postHeight } from "./embed.js";
import { filterPanel } from "./filters.js";
import { foliumSupport } from "./folium.js";
import { Formatter } from "./format.js";
import { mercatorX, mercatorY } from "./geo.js";
import { drawGraticule, labelGraticule } from "./graticule.js";
import { setTranslations, translate } from "./i18n.js";
import { helpDialog, keyboardShortcuts } from "./keyboard.js";
import { drawLabels } from "./labels.js";
import { legend } from "./legend.js";
import { locatorInset } from "./locator.js";
import { createMap, narrow, resolveTheme, rightToLeft } from "./map.js";
import { featureNavigator } from "./navigate.js";
import { announceStatus, noticeLine, showBriefly, showDisplayModes, showError, showFailure } from "./notices.js";
import { drawShapes } from "./paint.js";
import { drawPoints, RAMP } from "./points.js";
import { drawRaster } from "./raster.js";
import { installSanitizer } from "./sanitize.js";
import { selection } from "./selection.js";
import { connectPage } from "./share.js";
import { tablePanel } from "./table.js";
import { timeSlider } from "./timeslider.js";
import { measureTool, toolbar } from "./toolbar.js";

/** @typedef {import("./data.js").LayerData} LayerData */

installSanitizer();
// Scripts of folium layers may fail although our own layers are drawn.
window.addEventListener("error", (event) => showError(translate("Part of this map could not be drawn: {reason}", { reason: event.message })));
window.addEventListener("unhandledrejection", (event) => showError(translate("Part of this map could not be drawn: {reason}", { reason: String(event.reason) })));

const config = JSON.parse(document.getElementById("gc-config")?.textContent ?? "{}");
setTranslations(config.words);
document.documentElement.dataset.gcTheme = resolveTheme(config.theme);
const { map, fit } = createMap(config);
foliumSupport(map);
/** @type {any} */ (window).geoconflict = { map, ready: false, drawn: {} };

/** @param {LayerData} layer */
const drawOrder = (layer) => (layer.background ? 0 : layer.kind === "area" || layer.kind === "raster" ? 1 : layer.kind === "graticule" ? 2 : 3);

/** @param {LayerData[]} layers */
function run(layers) {
  const words = new Formatter(config.lang);
  const main = document.querySelector(".gc-main");
  /** @type {ReturnType<typeof timeSlider>} */
  let time = null;
  // Layer names come from data: a plain object would treat "__proto__" specially.
  /** @type {Record<string, number>} */
  const drawn = Object.create(null);
  const shapes = layers.filter((l) => l.kind !== "point");
  const points = layers.filter((l) => l.kind === "point");
  const style = getComputedStyle(document.body);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const canvasLayers = [
    canvasLayer(map, "gc-shapes", 300, function* (context, view) {
      // Draw lines above areas, whatever the order of the layers.
      const order = [...shapes].sort((a, b) => drawOrder(a) - drawOrder(b));
      const background = { land: colour("--gc-land"), border: colour("--gc-border"), dim: Number(colour("--gc-dim")) };
      for (const layer of order) {
        drawn[layer.name] =
          !layer.visible ? 0
          : layer.kind === "raster" ? drawRaster(context, layer, view)
          : layer.kind === "graticule" ? drawGraticule(context, layer, view)
          : yield* drawShapes(context, layer, view, background, config.symbols);
      }
    }),
    canvasLayer(map, "gc-points", 450, function* (context, view) {
      const colours = { ink: colour("--gc-density") || "#5b2245", ramp: RAMP, paper: colour("--gc-paper"), text: colour("--gc-ink") };
      const modes = [];
      for (const layer of points) {
        const made = yield* drawPoints(context, layer, view, colours);
        drawn[layer.name] = made.rows;
        modes.push({ layer, ...made });
      }
      showDisplayModes(modes, words, shapes.filter((l) => l.visible && l.successive && Number.isFinite(l.turn)));
      // Labels avoid clusters, so redraw them once the clusters are placed.
      if (points.some((l) => l.aggregates?.circles.length)) requestAnimationFrame(() => canvasLayers[2].redraw());
    }),
    // Labels have their own canvas, so that they are not redrawn with every step of the time slider.
    canvasLayer(map, "gc-labels", 460, (context, view) => {
      const inks = { halo: colour("--gc-halo") || "#ffffff", ink: colour("--gc-label") || null };
      const written = labelGraticule(context, layers, view, map, inks);
      drawLabels(context, layers, view, inks, visiblePart(view), written);
    }),
  ];
  /**
   * The visible part of the canvas, without the legend and the time slider.
   * @param {import("./canvaslayer.js").View} view
   */
  function visiblePart(view) {
    const seen = map.getPixelBounds().min ?? L.point(0, 0);
    const size = map.getSize();
    const [x, y] = [seen.x - view.left, seen.y - view.top];
    const legendBox = document.querySelector(".gc-legend");
    const aside = !narrow && legendBox?.hasAttribute("open") ? /** @type {HTMLElement} */ (legendBox).offsetWidth + 14 : 0;
    const below = !narrow && time ? time.node.offsetHeight + 14 : 0;
    return [rightToLeft ? x + aside : x, y, rightToLeft ? x + size.x : x + size.x - aside, y + size.y - below];
  }
  const redraw = () => canvasLayers.forEach((s) => s.redraw());
  /** @param {[number, number] | null} days */
  const setWindow = (days) => {
    for (const layer of layers) layer.setWindow(days);
    if (shapes.some((l) => l.timed) || points.some((l) => l.timed && l.labelStyle)) redraw();
    else canvasLayers[1].redraw();
    navigator?.reset();
    remember();
  };
  let remember = () => {};
  /** @type {ReturnType<typeof featureNavigator> | null} */
  let navigator = null;

  addControl(map, scaleBar(map, words), "bottomleft");
  const pointer = coordinates(map);
  if (!narrow) {
    addControl(map, pointer.node, "bottomleft");
    if (config.locator) addControl(map, /** @type {any} */ (locatorInset(map, config.locator)), "bottomleft");
  }
  const opened = layers.map((l) => l.visible);
  const changed = () => {
    navigator?.reset();
    redraw();
    remember();
  };
  const panel = legend(layers, words, changed, config.symbols);
  /** @type {ReturnType<typeof filterPanel>} */
  let filters = null;
  const addFilters = () => {
    filters = filterPanel(layers, words, () => {
      time?.refresh();
      changed();
    });
    if (filters) panel.querySelector(".gc-legend-list")?.append(filters.node);
  };
  const whole = layers.every((l) => l.loaded);
  if (whole) addFilters();
  main?.append(panel);
  if (!narrow) {
    // Place controls of folium layers on the right beside the legend.
    new ResizeObserver(() => {
      document.body.style.setProperty("--gc-aside", `${panel.offsetWidth + 10}px`);
    }).observe(panel);
  }
  if (config.time) {
    time = timeSlider(layers, words, setWindow);
    if (time) main?.append(time.node);
  }
  // Successive states would overlap: open on the date that the printed map shows.
  if (config.opens) {
    const day = Date.parse(`${config.opens}T00:00:00Z`) / 86400000;
    // Successive states show the latest one in the window, so the window may start earlier.
    const turns = shapes.every((l) => !l.timed || l.successive || l.kind === "raster");
    if (time) time.set([turns ? time.all[0] : day, day]);
    else for (const layer of shapes) layer.setWindow([day, day]);
  }
  map.invalidateSize({ animate: false });
  if (narrow) fit();
  else fit(Math.min(panel.offsetWidth + 10, map.getSize().x / 3), Math.min(time ? time.node.offsetHeight : 0, map.getSize().y / 4));

  const context = { words, cited: config.sources };
  const note = noticeLine();
  const measure = measureTool(map, words, note);
  const { found, showRow } = selection(map, layers, context, () => measure.on);
  const box = () => {
    const seen = map.getBounds();
    return { west: mercatorX(seen.getWest()), east: mercatorX(seen.getEast()), north: mercatorY(seen.getNorth()), south: mercatorY(seen.getSouth()) };
  };
  const table = tablePanel(layers, context, box, showRow);
  const recolour = () => {
    time?.refresh();
    redraw();
  };
  const help = helpDialog();
  const go = goToDialog(map, config.extent);
  addControl(map, toolbar({ table, measure, go, help, recolour }), "topleft");
  navigator = featureNavigator(map, layers, box, showRow, (at, of) => announceStatus(of ? translate("{n} of {all}", { n: at, all: of }) : translate("No features in view.")));
  keyboardShortcuts(map, { navigator, help, go, copy: () => pointer.copy((text) => showBriefly(note, text)) });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (measure.on) measure.toggle();
    map.closePopup();
  });
  remember = connectPage({ map, layers, words, panel, time, filtered: () => filters?.describe() ?? [], extent: config.extent, showRow, redraw, opened });
  basemap(map, config, layers, redraw);

  // For tests and for scripts on the page.
  const state = /** @type {any} */ (window).geoconflict;
  Object.assign(state, { layers, drawn, redraw, time, setWindow, showRow });
  state.hitsAt = (/** @type {import("leaflet").LatLng} */ at) => found(at, 200, 7);
  state.busy = () => canvasLayers.some((s) => s.busy());
  // Ready means drawn: two frames in a row with nothing left to draw, since a drawing may ask for another in the next frame.
  let idle = 0;
  const finish = () => {
    idle = state.busy() ? 0 : idle + 1;
    if (idle < 2) {
      requestAnimationFrame(finish);
      return;
    }
    postHeight(config);
    state.ready = true;
    state.readyAt = performance.now();
    document.documentElement.dataset.gcReady = "true";
    window.setTimeout(complete, 50);
  };
  // Load the remaining columns and build the spatial index after the first drawing.
  const complete = async () => {
    if (!whole) {
      await readRest(layers);
      addFilters();
      // The date precision is loaded now.
      time?.refresh();
      canvasLayers[1].redraw();
    }
    for (const layer of points) if (layer.n) await layer.indexed();
    state.whole = true;
  };
  requestAnimationFrame(finish);
}

readLayers(config)
  .then(run)
  .catch((reason) => showFailure(translate("This map could not be drawn: {reason}", { reason: String(reason) })));
