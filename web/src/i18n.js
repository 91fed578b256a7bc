/**
 * Translations of the page's texts. The key is the English text. The page carries the texts of
 * its language from `maps/web/words.json`; missing ones stay English.
 */

/** @type {Record<string, string>} */
let table = {};

/** @param {Record<string, string> | undefined} words The translations that the page carries. */
export function setTranslations(words) {
  table = words ?? {};
}

/**
 * @param {string} key The English text, with placeholders in braces.
 * @param {Record<string, string | number>} [slots] Values for the placeholders.
 * @returns {string}
 */
export function translate(key, slots) {
  const text = Object.hasOwn(table, key) ? table[key] : key;
  if (!slots) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(slots, name) ? String(slots[name]) : whole));
}

/**
 * Translate a value of a vocabulary, with underscores as spaces.
 * @param {string} value
 */
export const translateTerm = (value) => translate(value.replaceAll("_", " "));
