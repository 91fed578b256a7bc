/** The slider of time: a window of days, a histogram of what happened, play and step. */

import { el } from "./dom.js";
import { UNKNOWN } from "./data.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

/**
 * Counts a bin over a run of days, by the first day of each row.
 * @param {LayerData[]} layers
 * @param {number} from
 * @param {number} to
 * @param {number} bins
 * @returns {Uint32Array}
 */
export function histogram(layers, from, to, bins) {
  const counts = new Uint32Array(bins);
  const k = bins / (to - from + 1);
  for (const layer of layers) {
    const { start, shown } = layer;
    if (!start) continue;
    for (let row = 0; row < layer.n; row++) {
      if (start[row] === UNKNOWN || (shown && !shown[row])) continue;
      const bin = Math.floor((start[row] - from) * k);
      if (bin >= 0 && bin < bins) counts[bin] += 1;
    }
  }
  return counts;
}

/**
 * The first and the last day of all layers that have days; null when none has.
 * @param {LayerData[]} layers
 * @returns {[number, number] | null}
 */
export function span(layers) {
  let [from, to] = [Infinity, -Infinity];
  for (const layer of layers) {
    if (!layer.start || !layer.end) continue;
    for (let row = 0; row < layer.n; row++) {
      if (layer.start[row] === UNKNOWN) continue;
      if (layer.start[row] < from) from = layer.start[row];
      const end = layer.end[row] === UNKNOWN ? layer.start[row] : layer.end[row];
      if (end > to) to = end;
    }
  }
  return to > from ? [from, to] : null;
}

/**
 * @param {LayerData[]} layers
 * @param {import("./geo.js").Words} words
 * @param {(window: [number, number] | null) => void} changed
 * @returns {{node: HTMLElement, refresh: () => void, set: (window: [number, number]) => void} | null}
 */
export function timePanel(layers, words, changed) {
  const all = span(layers);
  const timed = layers.filter((l) => l.start);
  // A handful of points needs no slider; zones that come and go do.
  if (!all || (timed.every((l) => l.kind === "point") && timed.reduce((a, l) => a + l.n, 0) < 8)) return null;
  const [from, to] = all;
  const bins = Math.min(to - from + 1, 160);
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "gc-time-bars", width: 640, height: 72, "aria-hidden": "true" }));
  const input = (/** @type {string} */ label, /** @type {number} */ value) =>
    /** @type {HTMLInputElement} */ (el("input", { type: "range", min: from, max: to, step: 1, value, "aria-label": label }));
  const first = input("First day", from);
  const last = input("Last day", to);
  const said = el("output", { class: "gc-time-said" });
  const play = el("button", { type: "button", class: "gc-tool", "aria-label": "Play", onclick: () => toggle() }, "▶");
  const step = (/** @type {number} */ sign) => () => move(sign * size());
  const node = el(
    "section",
    { class: "gc-time", "aria-label": "Time" },
    el(
      "div",
      { class: "gc-time-head" },
      play,
      el("button", { type: "button", class: "gc-tool", "aria-label": "Earlier", onclick: step(-1) }, "‹"),
      el("button", { type: "button", class: "gc-tool", "aria-label": "Later", onclick: step(1) }, "›"),
      said,
      el("button", { type: "button", class: "gc-tool gc-time-all", onclick: () => set([from, to]) }, "All"),
    ),
    el("div", { class: "gc-time-track" }, canvas, first, last),
  );
  /** @type {[number, number]} */
  let now = [from, to];
  let counts = histogram(layers, from, to, bins);
  let timer = 0;
  let waiting = 0;

  const size = () => now[1] - now[0] + 1;
  /** @param {[number, number]} wanted */
  function set(wanted) {
    now = [Math.max(from, Math.min(wanted[0], to)), Math.max(from, Math.min(wanted[1], to))];
    first.value = String(now[0]);
    last.value = String(now[1]);
    const whole = now[0] === from && now[1] === to;
    const text = now[0] === now[1] ? words.date(now[0]) : `${words.date(now[0])} – ${words.date(now[1])}`;
    said.textContent = text;
    first.setAttribute("aria-valuetext", words.date(now[0]));
    last.setAttribute("aria-valuetext", words.date(now[1]));
    draw();
    if (!waiting) {
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        changed(now[0] === from && now[1] === to ? null : now);
      });
    }
    return whole;
  }
  /** @param {number} days */
  function move(days) {
    const length = size();
    const start = Math.max(from, Math.min(now[0] + days, to - length + 1));
    set([start, start + length - 1]);
  }
  function toggle() {
    if (timer) {
      window.clearInterval(timer);
      timer = 0;
    } else {
      if (size() > (to - from) / 2) set([from, from + Math.max(0, Math.round((to - from) / 12))]);
      else if (now[1] >= to) set([from, from + size() - 1]);
      timer = window.setInterval(() => {
        if (now[1] >= to) toggle();
        else move(Math.max(1, Math.round(size() / 6)));
      }, 120);
    }
    play.textContent = timer ? "❚❚" : "▶";
    play.setAttribute("aria-label", timer ? "Pause" : "Play");
  }
  function draw() {
    const ink = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const style = getComputedStyle(node);
    const [on, off] = [style.getPropertyValue("--gc-soft").trim() || "#5c574e", style.getPropertyValue("--gc-rule").trim() || "#d9d4c8"];
    ink.clearRect(0, 0, canvas.width, canvas.height);
    const most = Math.max(1, ...counts);
    const wide = canvas.width / bins;
    for (let i = 0; i < bins; i++) {
      const a = from + (i * (to - from + 1)) / bins;
      const b = from + ((i + 1) * (to - from + 1)) / bins - 1;
      ink.fillStyle = b >= now[0] && a <= now[1] ? on : off;
      const high = counts[i] ? Math.max(2, (counts[i] / most) * canvas.height) : 0;
      ink.fillRect(i * wide, canvas.height - high, Math.max(1, wide - 1), high);
    }
  }
  first.addEventListener("input", () => set([Math.min(Number(first.value), now[1]), now[1]]));
  last.addEventListener("input", () => set([now[0], Math.max(Number(last.value), now[0])]));
  set(now);
  return {
    node,
    set,
    refresh: () => {
      counts = histogram(layers, from, to, bins);
      draw();
    },
  };
}
