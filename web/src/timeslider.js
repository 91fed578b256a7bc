/** The time slider: a time window with histogram, play and step buttons. */

import { UNKNOWN } from "./data.js";
import { el } from "./dom.js";
import { translate } from "./i18n.js";
import { dateUncertainty, mayFallInWindow } from "./uncertaindates.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 */

/**
 * Count rows per histogram bin, by their start date.
 * @param {LayerData[]} layers
 * @param {number} from
 * @param {number} to
 * @param {number} bins
 * @param {boolean} [uncertain] Count only rows with an uncertain date.
 * @returns {Uint32Array}
 */
export function histogram(layers, from, to, bins, uncertain = false) {
  const counts = new Uint32Array(bins);
  const k = bins / (to - from + 1);
  for (const layer of layers) {
    const { start, shown } = layer;
    if (!start) continue;
    const slack = uncertain ? dateUncertainty(layer) : null;
    for (let row = 0; row < layer.n; row++) {
      if (start[row] === UNKNOWN || (shown && !shown[row]) || (slack && !slack[row])) continue;
      const bin = Math.floor((start[row] - from) * k);
      if (bin >= 0 && bin < bins) counts[bin] += 1;
    }
  }
  return counts;
}

/**
 * The first and last day of all layers with dates; null if there are none.
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
 * Hatch a box in the context's fill colour.
 * @param {CanvasRenderingContext2D} ink
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 */
function hatch(ink, x, y, wide, high) {
  ink.save();
  ink.beginPath();
  ink.rect(x, y, wide, high);
  ink.clip();
  ink.strokeStyle = ink.fillStyle;
  ink.lineWidth = 1.5;
  ink.beginPath();
  // Align the strokes of all bars.
  const from = Math.floor((x + y) / 6) * 6;
  for (let d = from; d <= x + wide + y + high + 6; d += 6) {
    ink.moveTo(d - y + 6, y - 6);
    ink.lineTo(d - y - high - 6, y + high + 6);
  }
  ink.stroke();
  ink.restore();
}

/**
 * @param {LayerData[]} layers
 * @param {import("./format.js").Formatter} words
 * @param {(window: [number, number] | null) => void} changed
 * @returns {{node: HTMLElement, refresh: () => void, set: (window: [number, number] | null) => void,
 *   days: () => [number, number] | null, all: [number, number]} | null} `days` is null for all dates.
 */
export function timeSlider(layers, words, changed) {
  const all = span(layers);
  const timed = layers.filter((l) => l.start);
  // A few points need no slider.
  if (!all || (timed.every((l) => l.kind === "point") && timed.reduce((a, l) => a + l.n, 0) < 8)) return null;
  const [from, to] = all;
  const bins = Math.min(to - from + 1, 160);
  const canvas = /** @type {HTMLCanvasElement} */ (el("canvas", { class: "gc-time-bars", width: 640, height: 72, "aria-hidden": "true" }));
  const input = (/** @type {string} */ label, /** @type {number} */ value) =>
    /** @type {HTMLInputElement} */ (el("input", { type: "range", min: from, max: to, step: 1, value, "aria-label": label }));
  const first = input(translate("Start date"), from);
  const last = input(translate("End date"), to);
  const said = el("output", { class: "gc-time-said" });
  const play = el("button", { type: "button", class: "gc-tool", "aria-label": translate("Play"), onclick: () => toggle() }, "▶");
  const step = (/** @type {number} */ sign) => () => move(sign * size());
  const key = el("p", { class: "gc-time-key" });
  const node = el(
    "section",
    { class: "gc-time", "aria-label": translate("Time") },
    el(
      "div",
      { class: "gc-time-head" },
      play,
      el("button", { type: "button", class: "gc-tool", "aria-label": translate("Earlier"), onclick: step(-1) }, "‹"),
      el("button", { type: "button", class: "gc-tool", "aria-label": translate("Later"), onclick: step(1) }, "›"),
      said,
      el("button", { type: "button", class: "gc-tool gc-time-all", onclick: () => set(null) }, translate("All dates")),
    ),
    el("div", { class: "gc-time-track" }, canvas, first, last),
    key,
  );
  /** @type {[number, number]} */
  let now = [from, to];
  let counts = histogram(layers, from, to, bins);
  let uncertain = histogram(layers, from, to, bins, true);
  let timer = 0;
  let waiting = 0;

  const size = () => now[1] - now[0] + 1;
  /** @param {[number, number] | null} days Null for all dates. */
  function set(days) {
    const wanted = days ?? [from, to];
    now = [Math.max(from, Math.min(wanted[0], to)), Math.max(from, Math.min(wanted[1], to))];
    first.value = String(now[0]);
    last.value = String(now[1]);
    const text = now[0] === now[1] ? words.date(now[0]) : `${words.date(now[0])} – ${words.date(now[1])}`;
    said.textContent = text;
    first.setAttribute("aria-valuetext", words.date(now[0]));
    last.setAttribute("aria-valuetext", words.date(now[1]));
    draw();
    updateKey();
    if (!waiting) {
      waiting = requestAnimationFrame(() => {
        waiting = 0;
        changed(now[0] === from && now[1] === to ? null : now);
      });
    }
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
      }, window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 120);
    }
    play.textContent = timer ? "❚❚" : "▶";
    play.setAttribute("aria-label", timer ? translate("Pause") : translate("Play"));
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
      if (!uncertain[i]) continue;
      // Hatch the share with uncertain dates at the top of the bar.
      const share = (uncertain[i] / counts[i]) * high;
      ink.clearRect(i * wide, canvas.height - high, Math.max(1, wide - 1), share);
      ink.globalAlpha = 0.3;
      ink.fillRect(i * wide, canvas.height - high, Math.max(1, wide - 1), share);
      ink.globalAlpha = 1;
      hatch(ink, i * wide, canvas.height - high, Math.max(1, wide - 1), share);
    }
  }
  function updateKey() {
    const n = uncertain.reduce((a, b) => a + b, 0);
    key.hidden = n === 0;
    const more = n ? layers.reduce((sum, layer) => sum + mayFallInWindow(layer, now), 0) : 0;
    const others = more ? `; ${translate("{n} more may fall within these dates", { n: words.whole.format(more) })}` : "";
    key.textContent = translate("hatched: date uncertain ({n})", { n: words.whole.format(n) }) + others;
  }
  first.addEventListener("input", () => set([Math.min(Number(first.value), now[1]), now[1]]));
  last.addEventListener("input", () => set([now[0], Math.max(Number(last.value), now[0])]));
  set(now);
  return {
    node,
    set,
    all,
    days: () => (now[0] === from && now[1] === to ? null : now),
    refresh: () => {
      counts = histogram(layers, from, to, bins);
      uncertain = histogram(layers, from, to, bins, true);
      updateKey();
      draw();
    },
  };
}
