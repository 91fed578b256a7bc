/** What the page says beside the map: that it failed, how points are drawn, what a tool does. */

import { dataImage, el } from "./dom.js";
import { say } from "./words.js";

/**
 * Say that something on the page does not work.
 * @param {string} words
 */
export function complain(words) {
  const status = document.getElementById("gc-status");
  if (!status) return;
  status.className = "gc-error";
  status.textContent = words;
}

/**
 * Say that the map could not be drawn, and show its picture if the page has one.
 * @param {string} words
 */
export function fail(words) {
  complain(words);
  document.documentElement.dataset.gcReady = "failed";
  showStill();
}

/** Show the picture that the page keeps for readers without scripts, if it has one. */
function showStill() {
  const main = document.querySelector(".gc-main");
  // With scripts on, what stands in a noscript is one text.
  const kept = document.querySelector("noscript")?.textContent ?? "";
  const inert = new DOMParser().parseFromString(kept, "text/html").querySelector(".gc-still img");
  const picture = dataImage(inert?.getAttribute("src"));
  if (!main || !picture || main.querySelector(".gc-still")) return;
  picture.alt = inert?.getAttribute("alt") ?? "";
  main.append(el("figure", { class: "gc-still gc-still-over" }, picture));
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
 * @param {import("./data.js").LayerData[]} [states] Layers that show one state of several: its day is told.
 */
export function tellModes(modes, words, states = []) {
  let node = document.getElementById("gc-mode");
  const many = modes.filter((m) => m.mode !== "marks");
  if (!node) {
    node = el("p", { id: "gc-mode", class: "gc-mode", dir: "auto" });
    document.querySelector(".gc-main")?.append(node);
  }
  node.hidden = many.length + states.length === 0;
  const told = states.map((l) => el("span", {}, `${l.name}: ${say("As of {day}", { day: words.date(l.turn) })}. `));
  node.replaceChildren(...told, ...many.flatMap((m) => [el("span", {}, said(m, words)), scale(m)]));
}

/**
 * @param {{layer: import("./data.js").LayerData} & import("./points.js").Drawn} m
 * @param {import("./geo.js").Words} words
 */
function said(m, words) {
  const slots = { layer: m.layer.name, n: words.whole.format(m.rows) };
  switch (m.mode) {
    case "density":
      return say("{layer}: {n} in view, shaded by density (darkest: {most} per cell). Zoom in for single points.", { ...slots, most: words.whole.format(m.most) });
    case "clusters":
      return say("{layer}: {n} in view, in clusters. Rings show the share of each type.", slots);
    case "hexagons":
      return say("{layer}: {n} in view, counted in hexagons about {length} high.", { ...slots, length: words.length(m.metres) });
    case "heat":
      return say("{layer}: {n} in view, smoothed over about {length}. Colours show relative density, not counts.", { ...slots, length: words.length(m.metres) });
    default:
      return say("{layer}: {n} in view, shown as dots. Zoom in for symbols and uncertainty circles.", slots);
  }
}

/**
 * The scale of colours of counts.
 * @param {import("./points.js").Drawn} m
 */
function scale(m) {
  const box = el("span", { class: "gc-mode-scale" });
  for (const { colour, label } of m.classes) {
    const step = el("span", { class: "gc-mode-step" }, label);
    step.style.setProperty("--gc-colour", colour);
    box.append(step);
  }
  return box;
}
