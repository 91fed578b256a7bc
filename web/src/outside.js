/** What reaches beyond the page: its address, its print, and the page round its frame. */

import { dayNumber, permalink } from "./address.js";
import { embed } from "./embed.js";
import { printing } from "./print.js";
import { say } from "./words.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{
 *   map: import("leaflet").Map,
 *   layers: LayerData[],
 *   words: import("./geo.js").Words,
 *   panel: HTMLElement,
 *   time: ReturnType<typeof import("./time.js").timePanel>,
 *   filtered: () => string[],
 *   ground: [number, number, number, number],
 *   showRow: (layer: LayerData, row: number) => void,
 *   redraw: () => void,
 *   opened: boolean[],
 * }} Parts `panel` is the legend; `filtered` says in words what filters are set; `opened` says which layers the map opens with.
 */

/**
 * @param {Parts} parts
 * @returns {() => void} To be called when days or layers changed.
 */
export function outside({ map, layers, words, panel, time, filtered, ground, showRow, redraw, opened }) {
  const first = time?.days() ?? null;
  const isFirst = () => String(time?.days() ?? null) === String(first);
  const mine = layers.filter((l) => !l.background && l.n > 0);
  const remember = permalink(map, {
    days: () => (!time || isFirst() ? null : (time.days() ?? time.all)),
    setDays: (days) => time?.set(days ?? first),
    switched: () => mine.filter((l) => l.visible !== opened[layers.indexOf(l)]).map((l) => l.id),
    setSwitched: (ids) => {
      for (const layer of mine) {
        const wanted = opened[layers.indexOf(layer)] !== ids.includes(layer.id);
        const tick = /** @type {HTMLInputElement | null} */ (panel.querySelector(`input[data-gc-layer="${layer.id}"]`));
        if (tick && tick.checked !== wanted) tick.click();
      }
    },
  });
  const told = () => {
    const days = time?.days();
    const hidden = mine.filter((l) => !l.visible).map((l) => l.name);
    const parts = mine.filter((l) => l.visible).flatMap((l) =>
      l.legend.filter((e) => e.rows !== null && !l.on[e.rows]).map((e) => `${l.name}: ${e.label}`));
    hidden.push(...parts);
    return [
      ...(days ? [say("Dates shown: {from} – {to}", { from: words.date(days[0]), to: words.date(days[1]) })] : []),
      ...(hidden.length ? [say("Hidden: {layers}", { layers: hidden.join(", ") })] : []),
      ...filtered(),
    ];
  };
  printing(map, told, redraw);
  embed({
    select: (name, row) => {
      const layer = layers.find((l) => l.name === name && l.interactive && row < l.n);
      if (!layer?.isOn(row)) return false;
      showRow(layer, row);
      return true;
    },
    view: (lon, lat, zoom) => {
      const [west, south, east, north] = ground;
      // The map's longitudes run on beyond 180 where the view does.
      const x = lon + 360 * Math.ceil((west - lon) / 360);
      if (x > east || lat < south || lat > north) return false;
      map.setView([lat, x], zoom, { animate: false });
      return true;
    },
    time: (from, to) => {
      time?.set([dayNumber(from), dayNumber(to)]);
      return time !== null;
    },
  });
  return remember;
}
