/** Format and parse coordinates: decimal degrees, degrees minutes seconds, MGRS. */

import { dms } from "./format.js";
import { translate } from "./i18n.js";
import { fromMgrs, mgrs } from "./mgrs.js";

export const NOTATIONS = /** @type {const} */ (["decimal", "dms", "mgrs"]);

/**
 * @param {number} lon
 * @param {number} lat
 * @param {string} notation One of `NOTATIONS`.
 */
export function formatted(lon, lat, notation) {
  const at = ((((lon + 180) % 360) + 360) % 360) - 180;
  if (notation === "mgrs") return mgrs(at, lat);
  return notation === "dms" ? dms(at, lat) : `${lat.toFixed(4)}, ${at.toFixed(4)}`;
}

/** @typedef {{lon: number, lat: number}} Place */

const MARKS = /[°º˚'’′"”″:]/;

/**
 * Parse typed coordinates.
 *
 * Without letters the latitude comes first. Ambiguous input is refused with a reason.
 * @param {string} text
 * @returns {Place | {reason: string}}
 */
export function readPlace(text) {
  const plain = latin(text.normalize("NFKC")).trim();
  if (!plain) return { reason: translate("Enter a latitude and a longitude, or an MGRS reference.") };
  const square = fromMgrs(plain);
  if (square) return { lon: square.lon, lat: square.lat };
  if (/^\d{0,2}\s*[A-Z]\s*[A-Z]{2}[\d\s]*$/i.test(plain)) return { reason: translate("Not a valid MGRS reference.") };
  const parts = halves(plain.toUpperCase());
  if (!parts) return { reason: translate("Enter two numbers: latitude and longitude.") };
  const [one, two] = parts.map(angle);
  if (!one || !two) return { reason: translate("Enter two numbers: latitude and longitude.") };
  if ("reason" in one) return one;
  if ("reason" in two) return two;
  const axis = (/** @type {string} */ letter) => (letter === "" ? "" : "NS".includes(letter) ? "lat" : "lon");
  const [first, second] = [axis(one.letter), axis(two.letter)];
  if ((first === "") !== (second === "") || (first && first === second)) {
    return { reason: translate("Use both letters (N or S, and E or W) or neither.") };
  }
  const [lat, lon] = first === "lon" ? [two.value, one.value] : [one.value, two.value];
  if (Math.abs(lat) > 90) return { reason: translate("Latitude {value} is out of range (−90 to 90). Enter latitude first, or add N, S, E and W.", { value: lat }) };
  if (Math.abs(lon) > 180) return { reason: translate("Longitude {value} is out of range (−180 to 180).", { value: lon }) };
  return { lon, lat };
}

/**
 * Replace Arabic digits and signs by Latin ones.
 * @param {string} text
 */
const latin = (text) =>
  text
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replaceAll("\u066b", ".")
    .replaceAll("\u060c", ",")
    .replaceAll("\u061b", ";")
    .replaceAll("\u2212", "-");

/**
 * Split a text into its two coordinates.
 * @param {string} text
 * @returns {string[] | null}
 */
function halves(text) {
  const letters = [...text.matchAll(/[NSEWO]/g)];
  if (letters.length === 2) {
    const [p, q] = letters.map((m) => m.index);
    // The letters stand before the numbers, or after them.
    return p === 0 ? [text.slice(0, q), text.slice(q)] : [text.slice(0, p + 1), text.slice(p + 1)];
  }
  for (const mark of [/\s*;\s*/, /\s*,\s+/, /\s*[,/]\s*/]) {
    const parts = text.split(mark);
    if (parts.length === 2 && parts.every((p) => /\d/.test(p))) return parts;
  }
  const numbers = text.split(/\s+/);
  if (numbers.length % 2) return null;
  return [numbers.slice(0, numbers.length / 2).join(" "), numbers.slice(numbers.length / 2).join(" ")];
}

/**
 * @param {string} text One coordinate: a number, or degrees, minutes and seconds, with a letter or a sign.
 * @returns {{value: number, letter: string} | {reason: string} | null}
 */
function angle(text) {
  // O means west (oeste, ouest) or east (Ost, øst), depending on the language.
  if (text.includes("O")) return { reason: translate("The letter O can mean west or east: use W or E.") };
  const letter = /[NSEW]/.exec(text)?.[0] ?? "";
  const bare = text.replace(/[NSEW]/, " ").replace(/^[\s,;]+|[\s,;]+$/g, "");
  const sign = bare.startsWith("-") ? -1 : 1;
  if (sign < 0 && letter) return { reason: translate("Use a minus sign or a letter, not both.") };
  const numbers = bare.replace(/^[+-]/, "").split(new RegExp(`${MARKS.source}+\\s*|\\s+`)).filter(Boolean);
  if (numbers.length < 1 || numbers.length > 3) return null;
  if (!numbers.every((part) => /^\d+(?:[.,]\d+)?$/.test(part))) return null;
  const [degrees, minutes = 0, seconds = 0] = numbers.map((part) => Number(part.replace(",", ".")));
  if (minutes >= 60 || seconds >= 60) return { reason: translate("Minutes and seconds must be less than 60.") };
  if (numbers.slice(0, -1).some((part) => /[.,]/.test(part))) return null;
  const value = sign * (degrees + minutes / 60 + seconds / 3600);
  return { value: letter === "S" || letter === "W" ? -value : value, letter };
}
