/** Format numbers, dates, lengths, areas and coordinates. */

import { translate } from "./i18n.js";

/** Numbers, dates and lengths in the page's language. */
export class Formatter {
  /** @param {string} lang */
  constructor(lang) {
    this.lang = lang;
    this.whole = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
    this.day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    this.month = new Intl.DateTimeFormat(lang, { month: "short", year: "numeric", timeZone: "UTC" });
  }

  /**
   * @param {number} value
   * @param {number} [digits] Significant digits.
   */
  number(value, digits = 3) {
    if (Number.isInteger(value)) return this.whole.format(value);
    return new Intl.NumberFormat(this.lang, { maximumSignificantDigits: digits }).format(value);
  }

  /**
   * @param {number} metres
   * @returns {string} Such as `4.83 km (3 mi)`.
   */
  length(metres) {
    if (!Number.isFinite(metres)) return translate("unknown");
    if (Math.abs(metres) < 1000) return `${this.round(metres)} ${translate("m")} (${this.round(metres / 0.3048)} ${translate("ft")})`;
    return `${this.round(metres / 1000)} ${translate("km")} (${this.round(metres / 1609.344)} ${translate("mi")})`;
  }

  /**
   * A length measured from an uncertain location, rounded to its uncertainty.
   * @param {number} metres
   * @param {number} within
   * @returns {string} Such as `about 12 km (7 mi), ± 5 km`.
   */
  about(metres, within) {
    if (!Number.isFinite(metres)) return translate("unknown");
    const most = metres + within;
    const [big, foot] = most < 1000 ? [1, 0.3048] : [1000, 1609.344];
    const [unit, old] = most < 1000 ? [translate("m"), translate("ft")] : [translate("km"), translate("mi")];
    const margin = `${this.plain(within / (within < 1000 ? 1 : 1000))}\u00a0${within < 1000 ? translate("m") : translate("km")}`;
    // The length may be zero: only the upper limit is known.
    const near = metres < within;
    const figure = (/** @type {number} */ size) => {
      // Round to a power of ten slightly below the uncertainty.
      const power = Math.round(Math.log10(within / size) - 0.25);
      const step = 10 ** power;
      const value = near ? Math.ceil(most / size / step) * step : Math.round(metres / size / step) * step;
      const digits = Math.max(0, -power);
      return new Intl.NumberFormat(this.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    };
    const [one, two] = [`${figure(big)}\u00a0${unit}`, `${figure(foot)}\u00a0${old}`];
    return near ? translate("at most {length} ({other})", { length: one, other: two }) : translate("about {length} ({other}), ± {margin}", { length: one, other: two, margin }).replace("± ", "±\u00a0");
  }

  /**
   * A number with two significant digits.
   * @param {number} value
   */
  plain(value) {
    return new Intl.NumberFormat(this.lang, { maximumSignificantDigits: 2 }).format(value);
  }

  /** @param {number} share From 0 to 1. */
  percent(share) {
    return new Intl.NumberFormat(this.lang, { style: "percent" }).format(share);
  }

  /** @param {number} squareMetres */
  area(squareMetres) {
    return `${this.round(squareMetres / 1e6)} ${translate("km²")} (${this.round(squareMetres / 2589988.110336)} ${translate("sq mi")})`;
  }

  /** @param {number} value */
  round(value) {
    const size = Math.abs(value);
    const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return new Intl.NumberFormat(this.lang, { maximumFractionDigits: digits }).format(value);
  }

  /**
   * A calendar date, independent of the time zone.
   * @param {string | number} day ISO text, or days since 1970-01-01.
   */
  date(day) {
    const at = typeof day === "number" ? new Date(day * 86400000) : new Date(`${String(day).slice(0, 10)}T00:00:00Z`);
    return Number.isNaN(at.getTime()) ? String(day) : this.day.format(at);
  }
}

/**
 * @param {number} lon
 * @param {number} lat
 * @returns {string} Degrees, minutes and seconds.
 */
export function dms(lon, lat) {
  /**
   * @param {number} value
   * @param {string} letters
   */
  const part = (value, letters) => {
    let seconds = Math.round(Math.abs(value) * 3600);
    const degrees = Math.floor(seconds / 3600);
    seconds -= degrees * 3600;
    const minutes = Math.floor(seconds / 60);
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    return `${degrees}°${two(minutes)}′${two(seconds - minutes * 60)}″${letters[value < 0 ? 1 : 0]}`;
  };
  return `${part(lat, "NS")} ${part(lon, "EW")}`;
}
