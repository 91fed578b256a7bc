/** A canvas that Leaflet moves and scales with the map, and that redraws when the view settles. */

import { pixelRatio } from "./print.js";

/**
 * The view of a canvas: world (0 to 1) to canvas pixels is `x * scale - left`.
 * @typedef {{scale: number, left: number, top: number, width: number, height: number, zoom: number, ratio: number}} View
 */

/**
 * @param {import("leaflet").Map} map
 * @param {string} pane
 * @param {number} zIndex
 * @param {(context: CanvasRenderingContext2D, view: View) => void} draw
 */
export function makeSurface(map, pane, zIndex, draw) {
  const holder = map.createPane(pane);
  holder.style.zIndex = String(zIndex);
  holder.style.pointerEvents = "none";

  const Kind = /** @type {any} */ (L.Renderer).extend({
    options: { padding: 0.2, pane },
    getEvents() {
      const events = /** @type {any} */ (L.Renderer).prototype.getEvents.call(this);
      events.move = this._onMove;
      return events;
    },
    _initContainer() {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._layers = {};
    },
    _destroyContainer() {
      this._container.remove();
    },
    _onZoomEnd() {},
    _updatePaths() {},
    _reset() {
      // Not Leaflet's transform: its fractions of a pixel blur what is drawn.
      this._update();
    },
    _onMove() {
      if (map.getZoom() !== this._zoom) return;
      const seen = map.getPixelBounds();
      const topLeft = seen.min ?? L.point(0, 0);
      const have = this._bounds && this._pixelOrigin && map.getPixelOrigin().add(this._bounds.min);
      if (!have) return;
      const size = this._bounds.getSize();
      const low = seen.max ?? topLeft;
      if (topLeft.x < have.x || topLeft.y < have.y || low.x > have.x + size.x || low.y > have.y + size.y) this._update();
    },
    _update() {
      if (/** @type {any} */ (map)._animatingZoom && this._bounds) return;
      /** @type {any} */ (L.Renderer).prototype._update.call(this);
      this._pixelOrigin = map.getPixelOrigin();
      const size = this._bounds.getSize();
      const ratio = pixelRatio();
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      const [w, h] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
        canvas.style.width = `${size.x}px`;
        canvas.style.height = `${size.y}px`;
      }
      this.redraw();
    },
    redraw() {
      if (!this._bounds) return;
      const size = this._bounds.getSize();
      const ratio = pixelRatio();
      const context = this._container.getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, this._container.width, this._container.height);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const origin = this._pixelOrigin.add(this._bounds.min);
      draw(context, {
        scale: 256 * 2 ** this._zoom,
        left: origin.x,
        top: origin.y,
        width: size.x,
        height: size.y,
        zoom: this._zoom,
        ratio,
      });
    },
  });
  const surface = new Kind();
  surface.addTo(map);
  return /** @type {{redraw: () => void, _container: HTMLCanvasElement}} */ (surface);
}
