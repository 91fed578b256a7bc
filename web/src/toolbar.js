/** The row of tools at the left: table, measure, colours, full screen, print. */

import { el } from "./dom.js";
import { announce } from "./notices.js";
import { narrow } from "./stage.js";
import { tool } from "./tools.js";

/**
 * @param {{table: {open: () => void}, measure: {toggle: () => boolean}, recolour: () => void}} parts
 * @returns {HTMLElement}
 */
export function toolbar({ table, measure, recolour }) {
  return el(
    "div",
    { class: "gc-tools", role: "toolbar", "aria-label": "Tools" },
    tool("table", "What is in view, as a table", () => table.open()),
    tool("measure", "Measure a distance", (button) => button.setAttribute("aria-pressed", String(measure.toggle()))),
    tool("theme", "Light, dark or high contrast", () => {
      const order = ["light", "dark", "contrast"];
      const at = order.indexOf(document.documentElement.dataset.gcTheme ?? "light");
      const next = order[(at + 1) % 3];
      document.documentElement.dataset.gcTheme = next;
      announce(`Colours: ${next}`);
      recolour();
    }),
    document.fullscreenEnabled && !narrow ? tool("screen", "Full screen", () => {
      const asked = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      asked.catch(() => announce("Full screen is not allowed here"));
    }) : null,
    narrow ? null : tool("print", "Print", () => window.print()),
  );
}
