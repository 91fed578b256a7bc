/**
 * A Leaflet renderer with a canvas that is moved and scaled with the map and redrawn after a move.
 *
 * The draw function may be a generator. It is then run in slices of a few milliseconds per
 * frame on a second canvas, which replaces the first one when it is complete.
 */

import { isPrinting, pixelRatio } from "./print.js";

/**
 * The view of a canvas: world coordinates (0 to 1) become canvas pixels by `x * scale - left`.
 * @typedef {{scale: number, left: number, top: number, width: number, height: number, zoom: number, ratio: number}} View
 * @typedef {(context: CanvasRenderingContext2D, view: View) => Generator<void, void> | void} Draw
 * @typedef {{bounds: import("leaflet").Bounds, center: import("leaflet").LatLng, zoom: number,
 *   origin: import("leaflet").Point, steps: Iterator<void, void> | null, frame: number}} Job
 */

/** Time budget of a slice in milliseconds, to keep 60 frames per second. */
const SLICE = 7;
/** After this many milliseconds, a drawing is completed before the next one starts. */
const PATIENCE = 120;

/**
 * @param {import("leaflet").Map} map
 * @param {string} pane
 * @param {number} zIndex
 * @param {Draw} draw
 */
export function canvasLayer(map, pane, zIndex, draw) {
  const holder = map.createPane(pane);
  holder.style.zIndex = String(zIndex);
  holder.style.pointerEvents = "none";
  const padding = 0.25;

  const Kind = /** @type {any} */ (L.Renderer).extend({
    options: { padding, pane },
    getEvents() {
      const events = /** @type {any} */ (L.Renderer).prototype.getEvents.call(this);
      events.move = this._onMove;
      return events;
    },
    _initContainer() {
      const canvas = () => {
        const made = document.createElement("canvas");
        made.setAttribute("aria-hidden", "true");
        // Leaflet scales elements of this class during zoom animations.
        made.className = "leaflet-zoom-animated";
        return made;
      };
      this._container = canvas();
      this._back = canvas();
      this._back.style.visibility = "hidden";
      holder.append(this._back);
      this._layers = {};
      /** @type {Job | null} */
      this._job = null;
      this._since = 0;
    },
    _destroyContainer() {
      this._stop();
      this._container.remove();
      this._back.remove();
    },
    /**
     * @param {import("leaflet").LatLng} center
     * @param {number} zoom
     */
    _updateTransform(center, zoom) {
      if (this._bounds) /** @type {any} */ (L.Renderer).prototype._updateTransform.call(this, center, zoom);
    },
    _onZoomEnd() {},
    _updatePaths() {},
    _reset() {
      this._update();
    },
    _onMove() {
      if (map.getZoom() !== this._zoom || !this._bounds) return;
      // Redraw before the edge of the canvas becomes visible.
      const margin = map.getSize().multiplyBy(padding * 0.4);
      const job = /** @type {Job | null} */ (this._job);
      const ahead = job ? job.bounds : this._bounds;
      if (!reaches(ahead, job ? 0 : 1)) this._update();
      /**
       * @param {import("leaflet").Bounds} bounds In layer points.
       * @param {number} share Share of the margin that must be left.
       */
      function reaches(bounds, share) {
        const at = map.containerPointToLayerPoint([0, 0]);
        const size = map.getSize();
        const { min, max } = /** @type {{min: import("leaflet").Point, max: import("leaflet").Point}} */ (/** @type {unknown} */ (bounds));
        return (
          at.x - min.x >= margin.x * share && at.y - min.y >= margin.y * share &&
          max.x - at.x - size.x >= margin.x * share && max.y - at.y - size.y >= margin.y * share
        );
      }
    },
    _update() {
      if (/** @type {any} */ (map)._animatingZoom && this._bounds) return;
      const size = map.getSize();
      const min = map.containerPointToLayerPoint(size.multiplyBy(-padding)).round();
      const bounds = L.bounds(min, min.add(size.multiplyBy(1 + 2 * padding)).round());
      this._start({ bounds, center: map.getCenter(), zoom: map.getZoom(), origin: map.getPixelOrigin(), steps: null, frame: 0 });
    },
    redraw() {
      if (this._job && performance.now() - this._since > PATIENCE) this._again = true;
      else this._update();
    },
    /** Whether a drawing is in progress, or the last one does not cover the viewport. */
    busy() {
      if (this._job !== null || !this._bounds || this._zoom !== map.getZoom()) return true;
      const min = map.containerPointToLayerPoint([0, 0]);
      return !this._bounds.contains(L.bounds(min, min.add(map.getSize())));
    },
    _stop() {
      if (!this._job) return;
      cancelAnimationFrame(this._job.frame);
      this._job.steps?.return?.();
      this._job = null;
    },
    /** @param {Job} job */
    _start(job) {
      if (!this._job) this._since = performance.now();
      this._stop();
      this._again = false;
      const size = job.bounds.getSize();
      const ratio = pixelRatio();
      const canvas = /** @type {HTMLCanvasElement} */ (this._back);
      const [w, h] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, w, h);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const at = job.origin.add(/** @type {import("leaflet").Point} */ (job.bounds.min));
      const view = { scale: 256 * 2 ** job.zoom, left: at.x, top: at.y, width: size.x, height: size.y, zoom: job.zoom, ratio };
      job.steps = draw(context, view) ?? null;
      this._job = job;
      this._run();
      // Until the new drawing is complete, show the old one, moved and scaled.
      if (this._job && this._bounds && this._zoom !== job.zoom) this._updateTransform(map.getCenter(), map.getZoom());
    },
    _run() {
      const job = /** @type {Job} */ (this._job);
      const until = isPrinting() ? Infinity : performance.now() + SLICE;
      while (job.steps && !job.steps.next().done) {
        if (performance.now() < until) continue;
        job.frame = requestAnimationFrame(() => this._run());
        return;
      }
      this._show(job);
    },
    /** @param {Job} job */
    _show(job) {
      [this._container, this._back] = [this._back, this._container];
      this._bounds = job.bounds;
      this._center = job.center;
      this._zoom = job.zoom;
      this._job = null;
      // Use whole pixels; Leaflet's fractional transform would blur the canvas.
      L.DomUtil.setPosition(this._container, /** @type {import("leaflet").Point} */ (job.bounds.min));
      this._container.style.visibility = "";
      this._back.style.visibility = "hidden";
      if (this._again) this._update();
    },
  });
  const surface = new Kind();
  surface.addTo(map);
  return /** @type {{redraw: () => void, busy: () => boolean}} */ (surface);
}
