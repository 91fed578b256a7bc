/** The row of tools: table, measure, coordinates, colours, full screen, print, help. */

import { el } from "./dom.js";
import { announce } from "./notices.js";
import { narrow } from "./stage.js";
import { tool } from "./tools.js";
import { say } from "./words.js";

/**
 * @param {{table: {open: () => void}, measure: {toggle: () => boolean}, go: {open: () => void},
 *   help: {open: () => void}, recolour: () => void}} parts
 * @returns {HTMLElement}
 */
export function toolbar({ table, measure, go, help, recolour }) {
  return el(
    "div",
    { class: "gc-tools", role: "toolbar", "aria-label": say("Tools") },
    tool("table", say("Data table"), () => table.open()),
    tool("measure", say("Measure distance"), (button) => button.setAttribute("aria-pressed", String(measure.toggle()))),
    tool("go", say("Go to coordinates"), () => go.open()),
    tool("theme", say("Change theme"), () => {
      const order = ["light", "dark", "contrast"];
      const at = order.indexOf(document.documentElement.dataset.gcTheme ?? "light");
      const next = order[(at + 1) % 3];
      document.documentElement.dataset.gcTheme = next;
      const names = /** @type {Record<string, string>} */ ({ light: say("light"), dark: say("dark"), contrast: say("high contrast") });
      announce(say("Theme: {theme}", { theme: names[next] }));
      recolour();
    }),
    document.fullscreenEnabled && !narrow ? tool("screen", say("Full screen"), () => {
      const asked = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
      asked.catch(() => announce(say("Full screen is not allowed here.")));
    }) : null,
    narrow ? null : tool("print", say("Print"), () => window.print()),
    narrow ? null : tool("help", say("Keyboard shortcuts"), () => help.open()),
  );
}
