/** What the keyboard does, in a dialog. */

import { el } from "./dom.js";
import { say } from "./words.js";

/** @returns {{open: () => void}} */
export function helpPanel() {
  const keys = [
    [["Tab"], say("Go through everything on the page")],
    [["←", "→", "↑", "↓"], say("Move the map, a slider or a choice")],
    [["+", "−"], say("Move closer, move away")],
    [["Enter", "N"], say("On the map: open what lies nearest the middle, then the next")],
    [["P"], say("On the map: open the one before")],
    [["C"], say("On the map: copy the coordinates")],
    [["G"], say("On the map: go to coordinates")],
    [["?"], say("On the map: this help")],
    [["Esc"], say("Close a popup, a dialog or a tool")],
  ];
  const dialog = /** @type {HTMLDialogElement} */ (el(
    "dialog",
    { class: "gc-dialog gc-small", "aria-labelledby": "gc-help-title" },
    el("h2", { id: "gc-help-title", class: "gc-dialog-title" }, say("Keyboard")),
    el("dl", { class: "gc-keys" }, ...keys.flatMap(([names, what]) => [
      el("dt", {}, .../** @type {string[]} */ (names).map((name) => el("kbd", {}, name))),
      el("dd", {}, /** @type {string} */ (what)),
    ])),
    el("div", { class: "gc-buttons" }, el("button", { type: "button", class: "gc-tool", onclick: () => dialog.close() }, say("Close"))),
  ));
  document.body.append(dialog);
  return { open: () => dialog.showModal() };
}
