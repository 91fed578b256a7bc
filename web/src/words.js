/**
 * The page's own words. A text is named by its English wording; the page carries the wordings
 * of its own language (`maps/web/words.json` has all of them), and what it lacks is English.
 */

/** @type {Record<string, string>} */
let table = {};

/** @param {Record<string, string> | undefined} words The wordings that the page carries. */
export function speak(words) {
  table = words ?? {};
}

/**
 * @param {string} key The English wording; places to fill stand in braces.
 * @param {Record<string, string | number>} [slots] What fills them.
 * @returns {string}
 */
export function say(key, slots) {
  const text = Object.hasOwn(table, key) ? table[key] : key;
  if (!slots) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(slots, name) ? String(slots[name]) : whole));
}

/**
 * A word of a vocabulary in the page's language, without its underscores.
 * @param {string} value
 */
export const term = (value) => say(value.replaceAll("_", " "));
