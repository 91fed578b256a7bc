/** Connect the map to the URL hash, printing and the parent page. */

import { listenToParent } from "./embed.js";
import { translate } from "./i18n.js";
import { dayNumber, permalink } from "./permalink.js";
import { printing } from "./print.js";

/**
 * @typedef {import("./data.js").LayerData} LayerData
 * @typedef {{
 *   map: import("leaflet").Map,
 *   layers: LayerData[],
 *   words: import("./format.js").Formatter,
 *   panel: HTMLElement,
 *   time: ReturnType<typeof import("./timeslider.js").timeSlider>,
 *   filtered: () => string[],
 *   extent: [number, number, number, number],
 *   showRow: (layer: LayerData, row: number) => void,
 *   redraw: () => void,
 *   opened: boolean[],
 * }} Parts `panel` is the legend; `filtered` describes the active filters; `opened` holds the initial visibility of the layers.
 */

/**
 * @param {Parts} parts
 * @returns {() => void} Call it when dates or layers change.
 */
export function connectPage({ map, layers, words, panel, time, filtered, extent, showRow, redraw, opened }) {
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
  const describe = () => {
    const days = time?.days();
    const hidden = mine.filter((l) => !l.visible).map((l) => l.name);
    const parts = mine.filter((l) => l.visible).flatMap((l) =>
      l.legend.filter((e) => e.rows !== null && !l.on[e.rows]).map((e) => `${l.name}: ${e.label}`));
    hidden.push(...parts);
    return [
      ...(days ? [translate("Dates shown: {from} – {to}", { from: words.date(days[0]), to: words.date(days[1]) })] : []),
      ...(hidden.length ? [translate("Hidden: {layers}", { layers: hidden.join(", ") })] : []),
      ...filtered(),
    ];
  };
  printing(map, describe, redraw);
  listenToParent({
    select: (name, row) => {
      const layer = layers.find((l) => l.name === name && l.interactive && row < l.n);
      if (!layer?.isOn(row)) return false;
      showRow(layer, row);
      return true;
    },
    view: (lon, lat, zoom) => {
      const [west, south, east, north] = extent;
      // Longitudes of the map continue beyond 180 if the view crosses the antimeridian.
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
