/** Start: read the page's data, make the map, draw, and say when it is drawn. */

import { basemap } from "./basemap.js";
import { place, scaleBar } from "./controls.js";
import { readLayers, readRest } from "./data.js";
import { RAMP } from "./display.js";
import { filterPanel } from "./filters.js";
import { foliumSupport } from "./folium.js";
import { tellHeight } from "./frame.js";
import { mercatorX, mercatorY, Words } from "./geo.js";
import { drawGraticule, nameGraticule } from "./graticule.js";
import { guard } from "./guard.js";
import { helpPanel } from "./help.js";
import { keys } from "./keys.js";
import { drawLabels } from "./labels.js";
import { legend } from "./legend.js";
import { locatorInset } from "./locator.js";
import { announce, complain, fail, noteLine, passing, tellModes } from "./notices.js";
import { drawShapes } from "./paint.js";
import { drawPoints } from "./points.js";
import { outside } from "./outside.js";
import { drawRaster } from "./raster.js";
import { selection } from "./select.js";
import { narrow, rightToLeft, stage, themeOf } from "./stage.js";
import { makeSurface } from "./surface.js";
import { tablePanel } from "./table.js";
import { timePanel } from "./time.js";
import { toolbar } from "./toolbar.js";
import { measurer } from "./tools.js";
import { walker } from "./walk.js";
import { coordinates, goTo } from "./where.js";
import { say, speak } from "./words.js";

/** @typedef {import("./data.js").LayerData} LayerData */

guard();
// A script of a folium layer may fail while all of ours is drawn.
window.addEventListener("error", (event) => complain(say("Part of this map could not be drawn: {reason}", { reason: event.message })));
window.addEventListener("unhandledrejection", (event) => complain(say("Part of this map could not be drawn: {reason}", { reason: String(event.reason) })));

const config = JSON.parse(document.getElementById("gc-config")?.textContent ?? "{}");
speak(config.words);
document.documentElement.dataset.gcTheme = themeOf(config.theme);
const { map, fit } = stage(config);
foliumSupport(map);
/** @type {any} */ (window).geoconflict = { map, ready: false, drawn: {} };

/** @param {LayerData} layer */
const rankOf = (layer) => (layer.background ? 0 : layer.kind === "area" || layer.kind === "raster" ? 1 : layer.kind === "graticule" ? 2 : 3);

/** @param {LayerData[]} layers */
function run(layers) {
  const words = new Words(config.lang);
  const main = document.querySelector(".gc-main");
  /** @type {ReturnType<typeof timePanel>} */
  let time = null;
  // Layers are named by data: a plain object would take "__proto__" for its own.
  /** @type {Record<string, number>} */
  const drawn = Object.create(null);
  const shapes = layers.filter((l) => l.kind !== "point");
  const points = layers.filter((l) => l.kind === "point");
  const style = getComputedStyle(document.body);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const surfaces = [
    makeSurface(map, "gc-shapes", 300, function* (context, view) {
      // Lines over areas, whatever the order in which the layers were given.
      const order = [...shapes].sort((a, b) => rankOf(a) - rankOf(b));
      const ground = { land: colour("--gc-land"), border: colour("--gc-border"), dim: Number(colour("--gc-dim")) };
      for (const layer of order) {
        drawn[layer.name] =
          !layer.visible ? 0
          : layer.kind === "raster" ? drawRaster(context, layer, view)
          : layer.kind === "graticule" ? drawGraticule(context, layer, view)
          : yield* drawShapes(context, layer, view, ground, config.symbols);
      }
    }),
    makeSurface(map, "gc-points", 450, function* (context, view) {
      const colours = { ink: colour("--gc-density") || "#5b2245", ramp: RAMP, paper: colour("--gc-paper"), text: colour("--gc-ink") };
      const modes = [];
      for (const layer of points) {
        const made = yield* drawPoints(context, layer, view, colours);
        drawn[layer.name] = made.rows;
        modes.push({ layer, ...made });
      }
      tellModes(modes, words, shapes.filter((l) => l.visible && l.inTurn && Number.isFinite(l.turn)));
      // Names make room for clusters, once it is known where these are.
      if (points.some((l) => l.bins?.circles.length)) requestAnimationFrame(() => surfaces[2].redraw());
    }),
    // Names stand on a canvas of their own: they stay while a window of time moves.
    makeSurface(map, "gc-labels", 460, (context, view) => {
      const inks = { halo: colour("--gc-halo") || "#ffffff", ink: colour("--gc-label") || null };
      const written = nameGraticule(context, layers, view, map, inks);
      drawLabels(context, layers, view, inks, freePart(view), written);
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
    return [rightToLeft ? x + aside : x, y, rightToLeft ? x + size.x : x + size.x - aside, y + size.y - below];
  }
  const redraw = () => surfaces.forEach((s) => s.redraw());
  /** @param {[number, number] | null} days */
  const setWindow = (days) => {
    for (const layer of layers) layer.setWindow(days);
    if (shapes.some((l) => l.timed) || points.some((l) => l.timed && l.look)) redraw();
    else surfaces[1].redraw();
    walk?.reset();
    remember();
  };
  let remember = () => {};
  /** @type {ReturnType<typeof walker> | null} */
  let walk = null;

  place(map, scaleBar(map, words), "bottomleft");
  const pointer = coordinates(map);
  if (!narrow) {
    place(map, pointer.node, "bottomleft");
    if (config.locator) place(map, /** @type {any} */ (locatorInset(map, config.locator)), "bottomleft");
  }
  const opened = layers.map((l) => l.visible);
  const changed = () => {
    walk?.reset();
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
    // Controls that folium's layers bring to the right stand beside the legend.
    new ResizeObserver(() => {
      document.body.style.setProperty("--gc-aside", `${panel.offsetWidth + 10}px`);
    }).observe(panel);
  }
  if (config.time) {
    time = timePanel(layers, words, setWindow);
    if (time) main?.append(time.node);
  }
  // Areas that hold in turn would lie over one another: begin with the day that the figure shows as well.
  if (config.opens) {
    const day = Date.parse(`${config.opens}T00:00:00Z`) / 86400000;
    // What holds in turn shows its last state in a window: there what came before may stay in view.
    const turns = shapes.every((l) => !l.timed || l.inTurn || l.kind === "raster");
    if (time) time.set([turns ? time.all[0] : day, day]);
    else for (const layer of shapes) layer.setWindow([day, day]);
  }
  map.invalidateSize({ animate: false });
  if (narrow) fit();
  else fit(Math.min(panel.offsetWidth + 10, map.getSize().x / 3), Math.min(time ? time.node.offsetHeight : 0, map.getSize().y / 4));

  const context = { words, cited: config.sources };
  const note = noteLine();
  const measure = measurer(map, words, note);
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
  const help = helpPanel();
  const go = goTo(map, config.ground);
  place(map, toolbar({ table, measure, go, help, recolour }), "topleft");
  walk = walker(map, layers, box, showRow, (at, of) => announce(of ? say("{n} of {all}", { n: at, all: of }) : say("No features in view.")));
  keys(map, { walk, help, go, copy: () => pointer.copy((text) => passing(note, text)) });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (measure.on) measure.toggle();
    map.closePopup();
  });
  remember = outside({ map, layers, words, panel, time, filtered: () => filters?.told() ?? [], ground: config.ground, showRow, redraw, opened });
  basemap(map, config, layers, redraw);

  // What tests and pages round the map may ask.
  const state = /** @type {any} */ (window).geoconflict;
  Object.assign(state, { layers, drawn, redraw, time, setWindow, showRow });
  state.hitsAt = (/** @type {import("leaflet").LatLng} */ at) => found(at, 200, 7);
  state.busy = () => surfaces.some((s) => s.busy());
  // Ready means drawn: two frames in a row with nothing left to draw, since a drawing may ask for another in the next frame.
  let idle = 0;
  const finish = () => {
    idle = state.busy() ? 0 : idle + 1;
    if (idle < 2) {
      requestAnimationFrame(finish);
      return;
    }
    tellHeight(config);
    state.ready = true;
    state.readyAt = performance.now();
    document.documentElement.dataset.gcReady = "true";
    window.setTimeout(complete, 50);
  };
  // What a reader does not see at once comes while nobody waits: columns, the index for clicks.
  const complete = async () => {
    if (!whole) {
      await readRest(layers);
      addFilters();
      // By now it is known which days are in doubt.
      time?.refresh();
      surfaces[1].redraw();
    }
    for (const layer of points) if (layer.n) await layer.indexed();
    state.whole = true;
  };
  requestAnimationFrame(finish);
}

readLayers(config)
  .then(run)
  .catch((reason) => fail(say("This map could not be drawn: {reason}", { reason: String(reason) })));
