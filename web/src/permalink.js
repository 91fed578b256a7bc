/**
 * The URL hash of a view: `#zoom/latitude/longitude`, then the dates and the toggled layers if
 * they differ from the initial state: `/2025-07-01~2025-07-31/x3.5`.
 *
 * The hash is untrusted: it must match one pattern, and numbers must be in range.
 */

const FORM = /^#(\d{1,2}(?:\.\d{1,4})?)\/(-?\d{1,2}(?:\.\d{1,8})?)\/(-?\d{1,3}(?:\.\d{1,8})?)(?:\/(\d{4}-\d\d-\d\d)~(\d{4}-\d\d-\d\d))?(?:\/x(\d{1,4}(?:\.\d{1,4}){0,63}))?$/;

/**
 * @typedef {{zoom: number, lat: number, lon: number, days: [number, number] | null, switched: number[]}} Address
 */

/**
 * @param {unknown} text
 * @returns {text is string} Whether it is a valid date as `YYYY-MM-DD`.
 */
export function isDay(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

/** @param {string} day Days since 1970-01-01. */
export const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 86400000;

/** @param {number} day */
export const dayText = (day) => new Date(day * 86400000).toISOString().slice(0, 10);

/**
 * @param {string} hash
 * @returns {Address | null} Null if the hash is not a permalink.
 */
export function readAddress(hash) {
  const found = hash.length < 400 ? FORM.exec(hash) : null;
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1, 4).map(Number);
  if (zoom > 18 || Math.abs(lat) > 90 || Math.abs(lon) > 540) return null;
  const [from, to, switched] = found.slice(4);
  if (from !== undefined && !(isDay(from) && isDay(to) && from <= to)) return null;
  return {
    zoom, lat, lon,
    days: from === undefined ? null : [dayNumber(from), dayNumber(to)],
    switched: switched === undefined ? [] : [...new Set(switched.split(".").map(Number))],
  };
}

/**
 * @param {Address} address
 * @returns {string}
 */
export function writeAddress({ zoom, lat, lon, days, switched }) {
  const time = days ? `/${dayText(days[0])}~${dayText(days[1])}` : "";
  const off = switched.length ? `/x${switched.join(".")}` : "";
  return `#${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}${time}${off}`;
}

/**
 * Write the view to the URL hash, and follow changes of the hash.
 * @param {import("leaflet").Map} map
 * @param {{days: () => [number, number] | null, setDays: (days: [number, number] | null) => void,
 *   switched: () => number[], setSwitched: (ids: number[]) => void}} state
 * @returns {() => void} Call it when dates or layers change.
 */
export function permalink(map, state) {
  const read = () => {
    const found = readAddress(window.location.hash);
    if (!found) return;
    map.setView([found.lat, found.lon], found.zoom, { animate: false });
    state.setSwitched(found.switched);
    state.setDays(found.days);
  };
  let waiting = 0;
  const write = () => {
    waiting = 0;
    const at = map.getCenter();
    const hash = writeAddress({ zoom: map.getZoom(), lat: at.lat, lon: at.lng, days: state.days(), switched: state.switched() });
    try {
      history.replaceState(null, "", hash);
    } catch {
      // A sandboxed frame has no history.
    }
  };
  read();
  window.addEventListener("hashchange", read);
  map.on("moveend", write);
  return () => {
    // Browsers limit how often the URL may change.
    if (!waiting) waiting = window.setTimeout(write, 250);
  };
}
