/** Projection, distance on the ellipsoid, and how numbers are written. */

import { say } from "./words.js";

const RAD = Math.PI / 180;
const LIMIT = 85.0511287798;

/**
 * Web Mercator, with the world from 0 to 1 in both directions and y downwards.
 * @param {number} lon
 * @returns {number}
 */
export const mercatorX = (lon) => lon / 360 + 0.5;

/**
 * @param {number} lat
 * @returns {number}
 */
export function mercatorY(lat) {
  const s = Math.sin(Math.max(-LIMIT, Math.min(LIMIT, lat)) * RAD);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/**
 * @param {number} y
 * @returns {number}
 */
export const latitude = (y) => Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) / RAD;

/**
 * Distance in metres on the WGS84 ellipsoid between two points.
 *
 * Vincenty's inverse formula (Survey Review 23, 1975), exact to below a millimetre; for
 * nearly opposite points, where it does not converge, the great circle on the mean sphere.
 * @param {number} lon1
 * @param {number} lat1
 * @param {number} lon2
 * @param {number} lat2
 * @returns {number}
 */
export function distance(lon1, lat1, lon2, lat2) {
  const a = 6378137;
  const f = 1 / 298.257223563;
  const b = a * (1 - f);
  const L = (((((lon2 - lon1 + 180) % 360) + 360) % 360) - 180) * RAD;
  const U1 = Math.atan((1 - f) * Math.tan(lat1 * RAD));
  const U2 = Math.atan((1 - f) * Math.tan(lat2 * RAD));
  const [s1, c1, s2, c2] = [Math.sin(U1), Math.cos(U1), Math.sin(U2), Math.cos(U2)];
  let lambda = L;
  for (let i = 0; i < 100; i++) {
    const sl = Math.sin(lambda);
    const cl = Math.cos(lambda);
    const sinSigma = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    if (sinSigma === 0) return 0;
    const cosSigma = s1 * s2 + c1 * c2 * cl;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (c1 * c2 * sl) / sinSigma;
    const cos2Alpha = 1 - sinAlpha * sinAlpha;
    const cos2M = cos2Alpha === 0 ? 0 : cosSigma - (2 * s1 * s2) / cos2Alpha;
    const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda =
      L + (1 - C) * f * sinAlpha * (sigma + C * sinSigma * (cos2M + C * cosSigma * (-1 + 2 * cos2M * cos2M)));
    if (Math.abs(lambda - before) < 1e-12) {
      const u2 = (cos2Alpha * (a * a - b * b)) / (b * b);
      const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
      const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
      const part = cosSigma * (-1 + 2 * cos2M * cos2M);
      const last = (B / 6) * cos2M * (-3 + 4 * sinSigma * sinSigma) * (-3 + 4 * cos2M * cos2M);
      return b * A * (sigma - B * sinSigma * (cos2M + (B / 4) * (part - last)));
    }
  }
  const h = Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 +
    Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(L / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * The place at a distance in a direction on the WGS84 ellipsoid.
 *
 * Vincenty's direct formula (Survey Review 23, 1975), exact to below a millimetre.
 * @param {number} lon
 * @param {number} lat
 * @param {number} azimuth Degrees from north, clockwise.
 * @param {number} metres
 * @returns {[number, number]} Longitude, within 180 degrees of the start's, and latitude.
 */
export function destination(lon, lat, azimuth, metres) {
  const a = 6378137;
  const f = 1 / 298.257223563;
  const b = a * (1 - f);
  const [sa, ca] = [Math.sin(azimuth * RAD), Math.cos(azimuth * RAD)];
  const tanU = (1 - f) * Math.tan(lat * RAD);
  const cosU = 1 / Math.hypot(1, tanU);
  const sinU = tanU * cosU;
  const sigma1 = Math.atan2(tanU, ca);
  const sinAlpha = cosU * sa;
  const cos2Alpha = 1 - sinAlpha * sinAlpha;
  const u2 = (cos2Alpha * (a * a - b * b)) / (b * b);
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  let sigma = metres / (b * A);
  let [sin, cos, cos2M] = [0, 0, 0];
  for (let i = 0; i < 100; i++) {
    cos2M = Math.cos(2 * sigma1 + sigma);
    sin = Math.sin(sigma);
    cos = Math.cos(sigma);
    const part = cos * (-1 + 2 * cos2M * cos2M) - (B / 6) * cos2M * (-3 + 4 * sin * sin) * (-3 + 4 * cos2M * cos2M);
    const next = metres / (b * A) + B * sin * (cos2M + (B / 4) * part);
    const step = Math.abs(next - sigma);
    sigma = next;
    if (step < 1e-13) break;
  }
  cos2M = Math.cos(2 * sigma1 + sigma);
  sin = Math.sin(sigma);
  cos = Math.cos(sigma);
  const x = sinU * sin - cosU * cos * ca;
  const there = Math.atan2(sinU * cos + cosU * sin * ca, (1 - f) * Math.hypot(sinAlpha, x));
  const lambda = Math.atan2(sin * sa, cosU * cos - sinU * sin * ca);
  const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
  const turn = lambda - (1 - C) * f * sinAlpha * (sigma + C * sin * (cos2M + C * cos * (-1 + 2 * cos2M * cos2M)));
  return [lon + turn / RAD, there / RAD];
}

/**
 * Metres that one unit of the Mercator world spans at a latitude, along the parallel.
 * @param {number} lat
 */
export const metresPerWorld = (lat) => 40075016.686 * Math.cos(lat * RAD);

/** How a reader of a language sees numbers, days and lengths. */
export class Words {
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
    if (!Number.isFinite(metres)) return say("unknown");
    if (Math.abs(metres) < 1000) return `${this.round(metres)} ${say("m")} (${this.round(metres / 0.3048)} ${say("ft")})`;
    return `${this.round(metres / 1000)} ${say("km")} (${this.round(metres / 1609.344)} ${say("mi")})`;
  }

  /**
   * A length from a place that is known to within so many metres, rounded to what is known.
   * @param {number} metres
   * @param {number} within
   * @returns {string} Such as `about 12 km (7 mi), ± 5 km`.
   */
  about(metres, within) {
    if (!Number.isFinite(metres)) return say("unknown");
    const most = metres + within;
    const [big, foot] = most < 1000 ? [1, 0.3048] : [1000, 1609.344];
    const [unit, old] = most < 1000 ? [say("m"), say("ft")] : [say("km"), say("mi")];
    const margin = `${this.plain(within / (within < 1000 ? 1 : 1000))}\u00a0${within < 1000 ? say("m") : say("km")}`;
    // As likely nought as what is written: only the upper limit is known.
    const near = metres < within;
    const figure = (/** @type {number} */ size) => {
      // The power of ten nearest to the doubt, a little below it.
      const power = Math.round(Math.log10(within / size) - 0.25);
      const step = 10 ** power;
      const value = near ? Math.ceil(most / size / step) * step : Math.round(metres / size / step) * step;
      const digits = Math.max(0, -power);
      return new Intl.NumberFormat(this.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
    };
    const [one, two] = [`${figure(big)}\u00a0${unit}`, `${figure(foot)}\u00a0${old}`];
    return near ? say("at most {length} ({other})", { length: one, other: two }) : say("about {length} ({other}), ± {margin}", { length: one, other: two, margin }).replace("± ", "±\u00a0");
  }

  /**
   * A number with two digits that count.
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
    return `${this.round(squareMetres / 1e6)} ${say("km²")} (${this.round(squareMetres / 2589988.110336)} ${say("sq mi")})`;
  }

  /** @param {number} value */
  round(value) {
    const size = Math.abs(value);
    const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return new Intl.NumberFormat(this.lang, { maximumFractionDigits: digits }).format(value);
  }

  /**
   * A calendar day; no zone shifts it.
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
