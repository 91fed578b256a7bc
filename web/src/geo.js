/** The Web Mercator projection, and distances on the WGS84 ellipsoid. */

const RAD = Math.PI / 180;
const LIMIT = 85.0511287798;

/**
 * Web Mercator, scaled so that the world spans 0 to 1 in both directions, y downwards.
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
 * Vincenty's inverse formula (Survey Review 23, 1975), accurate to less than a millimetre.
 * For nearly antipodal points, where it does not converge, the great circle on the mean sphere.
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
 * The point at a distance and azimuth on the WGS84 ellipsoid.
 *
 * Vincenty's direct formula (Survey Review 23, 1975), accurate to less than a millimetre.
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
 * Metres per world unit along the parallel of a latitude.
 * @param {number} lat
 */
export const metresPerWorld = (lat) => 40075016.686 * Math.cos(lat * RAD);
