/** Keyboard shortcuts of the map, and the dialog that lists them. */

import { el } from "./dom.js";
import { translate } from "./i18n.js";

/**
 * Listen to single-letter keys while the map or something in it has the focus.
 * @param {import("leaflet").Map} map
 * @param {{navigator: {step: (by: 1 | -1) => void}, help: {open: () => void}, go: {open: () => void}, copy: () => void}} acts
 */
export function keyboardShortcuts(map, { navigator, help, go, copy }) {
  const box = map.getContainer();
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, select, textarea")) return;
    // Enter on a button or link activates it.
    const key = event.key === "Enter" ? (target === box ? "n" : "") : event.key.toLowerCase();
    if (key === "n") navigator.step(1);
    else if (key === "p") navigator.step(-1);
    else if (key === "c") copy();
    else if (key === "g") go.open();
    else if (key === "?") help.open();
    else return;
    event.preventDefault();
  });
}

/** @returns {{open: () => void}} */
export function helpDialog() {
  const keys = [
    [["Tab"], translate("Move between controls")],
    [["←", "→", "↑", "↓"], translate("Pan the map, move a slider or change a selection")],
    [["+", "−"], translate("Zoom in, zoom out")],
    [["Enter", "N"], translate("On the map: open the feature nearest the centre, then the next")],
    [["P"], translate("On the map: open the previous feature")],
    [["C"], translate("On the map: copy the coordinates")],
    [["G"], translate("On the map: go to coordinates")],
    [["?"], translate("On the map: show this help")],
    [["Esc"], translate("Close the popup, dialog or tool")],
  ];
  const dialog = /** @type {HTMLDialogElement} */ (el(
    "dialog",
    { class: "gc-dialog gc-small", "aria-labelledby": "gc-help-title" },
    el("h2", { id: "gc-help-title", class: "gc-dialog-title" }, translate("Keyboard shortcuts")),
    el("dl", { class: "gc-keys" }, ...keys.flatMap(([names, what]) => [
      el("dt", {}, .../** @type {string[]} */ (names).map((name) => el("kbd", {}, name))),
      el("dd", {}, /** @type {string} */ (what)),
    ])),
    el("div", { class: "gc-buttons" }, el("button", { type: "button", class: "gc-tool", onclick: () => dialog.close() }, translate("Close"))),
  ));
  document.body.append(dialog);
  return { open: () => dialog.showModal() };
}
