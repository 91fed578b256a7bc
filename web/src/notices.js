/** Notices: errors, how points are displayed, messages of tools. */

import { dataImage, el } from "./dom.js";
import { translate } from "./i18n.js";

/**
 * Show an error message.
 * @param {string} words
 */
export function showError(words) {
  const status = document.getElementById("gc-status");
  if (!status) return;
  status.className = "gc-error";
  status.textContent = words;
}

/**
 * Report that the map could not be drawn, and show its static image if the page has one.
 * @param {string} words
 */
export function showFailure(words) {
  showError(words);
  document.documentElement.dataset.gcReady = "failed";
  showStill();
}

/** Show the static image that the page has for readers without JavaScript. */
function showStill() {
  const main = document.querySelector(".gc-main");
  // With scripts enabled, the content of noscript is text.
  const kept = document.querySelector("noscript")?.textContent ?? "";
  const inert = new DOMParser().parseFromString(kept, "text/html").querySelector(".gc-still img");
  const picture = dataImage(inert?.getAttribute("src"));
  if (!main || !picture || main.querySelector(".gc-still")) return;
  picture.alt = inert?.getAttribute("alt") ?? "";
  main.append(el("figure", { class: "gc-still gc-still-over" }, picture));
}

/**
 * Announce a status message, also to screen readers.
 * @param {string} words
 */
export function announceStatus(words) {
  const status = document.getElementById("gc-status");
  if (status) status.textContent = words;
}

/** A message line above the map; an empty text hides it. */
export function noticeLine() {
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
 * Show a message for a few seconds.
 * @param {(text: string) => void} line
 * @param {string} text
 */
export function showBriefly(line, text) {
  window.clearTimeout(fading);
  line(text);
  fading = window.setTimeout(() => line(""), 6000);
}

/**
 * Show how points are displayed if they are not drawn as markers.
 * @param {({layer: import("./data.js").LayerData} & import("./points.js").Drawn)[]} modes
 * @param {import("./format.js").Formatter} words
 * @param {import("./data.js").LayerData[]} [states] Layers with successive states, whose date is shown.
 */
export function showDisplayModes(modes, words, states = []) {
  let node = document.getElementById("gc-mode");
  const many = modes.filter((m) => m.mode !== "marks");
  if (!node) {
    node = el("p", { id: "gc-mode", class: "gc-mode", dir: "auto" });
    document.querySelector(".gc-main")?.append(node);
  }
  node.hidden = many.length + states.length === 0;
  const told = states.map((l) => el("span", {}, `${l.name}: ${translate("As of {day}", { day: words.date(l.turn) })}. `));
  node.replaceChildren(...told, ...many.flatMap((m) => [el("span", {}, said(m, words)), scale(m)]));
}

/**
 * @param {{layer: import("./data.js").LayerData} & import("./points.js").Drawn} m
 * @param {import("./format.js").Formatter} words
 */
function said(m, words) {
  const slots = { layer: m.layer.name, n: words.whole.format(m.rows) };
  switch (m.mode) {
    case "density":
      return translate("{layer}: {n} in view, shaded by density (darkest: {most} per cell). Zoom in for single points.", { ...slots, most: words.whole.format(m.most) });
    case "clusters":
      return translate("{layer}: {n} in view, in clusters. Rings show the share of each type.", slots);
    case "hexagons":
      return translate("{layer}: {n} in view, counted in hexagons about {length} high.", { ...slots, length: words.length(m.metres) });
    case "heat":
      return translate("{layer}: {n} in view, smoothed over about {length}. Colours show relative density, not counts.", { ...slots, length: words.length(m.metres) });
    default:
      return translate("{layer}: {n} in view, shown as dots. Zoom in for symbols and uncertainty circles.", slots);
  }
}

/**
 * The colour scale of counts.
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
