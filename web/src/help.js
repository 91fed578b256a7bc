/** What the keyboard does, in a dialog. */

import { el } from "./dom.js";
import { say } from "./words.js";

/** @returns {{open: () => void}} */
export function helpPanel() {
  const keys = [
    [["Tab"], say("Move between controls")],
    [["←", "→", "↑", "↓"], say("Pan the map, move a slider or change a selection")],
    [["+", "−"], say("Zoom in, zoom out")],
    [["Enter", "N"], say("On the map: open the feature nearest the centre, then the next")],
    [["P"], say("On the map: open the previous feature")],
    [["C"], say("On the map: copy the coordinates")],
    [["G"], say("On the map: go to coordinates")],
    [["?"], say("On the map: show this help")],
    [["Esc"], say("Close the popup, dialog or tool")],
  ];
  const dialog = /** @type {HTMLDialogElement} */ (el(
    "dialog",
    { class: "gc-dialog gc-small", "aria-labelledby": "gc-help-title" },
    el("h2", { id: "gc-help-title", class: "gc-dialog-title" }, say("Keyboard shortcuts")),
    el("dl", { class: "gc-keys" }, ...keys.flatMap(([names, what]) => [
      el("dt", {}, .../** @type {string[]} */ (names).map((name) => el("kbd", {}, name))),
      el("dd", {}, /** @type {string} */ (what)),
    ])),
    el("div", { class: "gc-buttons" }, el("button", { type: "button", class: "gc-tool", onclick: () => dialog.close() }, say("Close"))),
  ));
  document.body.append(dialog);
  return { open: () => dialog.showModal() };
}
