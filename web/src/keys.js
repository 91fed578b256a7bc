/** Keys of one letter, which count only while the map or something in it has the keyboard. */

/**
 * @param {import("leaflet").Map} map
 * @param {{walk: {step: (by: 1 | -1) => void}, help: {open: () => void}, go: {open: () => void}, copy: () => void}} acts
 */
export function keys(map, { walk, help, go, copy }) {
  const box = map.getContainer();
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, select, textarea")) return;
    // Enter on a button or a link is that button's own.
    const key = event.key === "Enter" ? (target === box ? "n" : "") : event.key.toLowerCase();
    if (key === "n") walk.step(1);
    else if (key === "p") walk.step(-1);
    else if (key === "c") copy();
    else if (key === "g") go.open();
    else if (key === "?") help.open();
    else return;
    event.preventDefault();
  });
}
