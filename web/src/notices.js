/** What the page says beside the map: that it failed, how points are drawn, what a tool does. */

import { el } from "./dom.js";
import { say } from "./words.js";

/**
 * Say that the map could not be drawn.
 * @param {string} words
 */
export function fail(words) {
  const status = document.getElementById("gc-status");
  if (status) {
    status.className = "gc-error";
    status.textContent = words;
  }
  document.documentElement.dataset.gcReady = "failed";
}

/**
 * Say something to readers of the screen and to those who hear it.
 * @param {string} words
 */
export function announce(words) {
  const status = document.getElementById("gc-status");
  if (status) status.textContent = words;
}

/** A line over the map for what a tool says; empty words hide it. */
export function noteLine() {
  const note = el("p", { class: "gc-note", role: "status" });
  note.hidden = true;
  document.querySelector(".gc-main")?.append(note);
  return (/** @type {string} */ text) => {
    note.textContent = text;
    note.hidden = !text;
  };
}

let fading = 0;

/**
 * Say something on a line and take it away after some seconds.
 * @param {(text: string) => void} line
 * @param {string} text
 */
export function passing(line, text) {
  window.clearTimeout(fading);
  line(text);
  fading = window.setTimeout(() => line(""), 6000);
}

/**
 * Say how points are drawn when they are too many for marks.
 * @param {({layer: import("./data.js").LayerData} & import("./points.js").Drawn)[]} modes
 * @param {import("./geo.js").Words} words
 */
export function tellModes(modes, words) {
  let node = document.getElementById("gc-mode");
  const many = modes.filter((m) => m.mode !== "marks");
  if (!node) {
    node = el("p", { id: "gc-mode", class: "gc-mode", dir: "auto" });
    document.querySelector(".gc-main")?.append(node);
  }
  node.hidden = many.length === 0;
  node.textContent = many
    .map((m) =>
      m.mode === "density"
        ? say("{layer}: {n} in view, shaded by density (darkest: {most} a cell). Move closer for single ones.", { layer: m.layer.name, n: words.whole.format(m.rows), most: words.whole.format(m.most) })
        : say("{layer}: {n} in view, as dots. Move closer for marks and circles of uncertainty.", { layer: m.layer.name, n: words.whole.format(m.rows) }),
    )
    .join(" ");
}
