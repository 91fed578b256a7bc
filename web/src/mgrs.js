/**
 * Convert between WGS84 coordinates and UTM, UPS and the Military Grid Reference System.
 *
 * UTM by Krüger's series to the sixth order in the third flattening (Karney, Journal of Geodesy
 * 85, 2011, equations 35 and 36): within a zone the series is good to some nanometres. UPS by
 * the polar stereographic formulas of Snyder (1987, chapter 21). Letters by NGA.STND.0037.
 */

const RAD = Math.PI / 180;
const a = 6378137;
const f = 1 / 298.257223563;
const e = Math.sqrt(f * (2 - f));
const n = f / (2 - f);
/** Radius of the circle whose length is that of a meridian. */
const A = (a / (1 + n)) * (1 + n ** 2 / 4 + n ** 4 / 64 + n ** 6 / 256);

/**
 * Evaluate a series in n; the coefficients start at a given power.
 * @param {number} power
 * @param {number[]} terms
 */
const series = (power, terms) => terms.reduce((sum, c, i) => sum + c * n ** (power + i), 0);

const ALPHA = [
  series(1, [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800]),
  series(2, [13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360]),
  series(3, [61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440]),
  series(4, [49561 / 161280, -179 / 168, 6601661 / 7257600]),
  series(5, [34729 / 80640, -3418889 / 1995840]),
  series(6, [212378941 / 319334400]),
];
const BETA = [
  series(1, [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800]),
  series(2, [1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720]),
  series(3, [17 / 480, -37 / 840, -209 / 4480, 5569 / 90720]),
  series(4, [4397 / 161280, -11 / 504, -830251 / 7257600]),
  series(5, [4583 / 161280, -108847 / 3991680]),
  series(6, [20648693 / 638668800]),
];

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const COLUMNS = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"];
const ROWS = "ABCDEFGHJKLMNPQRSTUV";

/**
 * The zone of UTM, with the exceptions of south-west Norway and Svalbard.
 * @param {number} lon From -180 to 180.
 * @param {number} lat
 */
export function zoneOf(lon, lat) {
  if (lat >= 56 && lat < 64 && lon >= 3 && lon < 12) return 32;
  if (lat >= 72 && lon >= 0 && lon < 42) return lon < 9 ? 31 : lon < 21 ? 33 : lon < 33 ? 35 : 37;
  return (Math.floor((lon + 180) / 6) % 60) + 1;
}

/** @param {number} zone */
const meridian = (zone) => zone * 6 - 183;

/**
 * Easting and northing in a zone, in metres; the northing is negative in the south.
 * @param {number} lon
 * @param {number} lat
 * @param {number} zone
 * @returns {[number, number]}
 */
export function utm(lon, lat, zone) {
  const lambda = (((lon - meridian(zone) + 540) % 360) - 180) * RAD;
  const tau = Math.tan(lat * RAD);
  const sigma = Math.sinh(e * Math.atanh((e * tau) / Math.hypot(1, tau)));
  const conformal = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
  const xi = Math.atan2(conformal, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(conformal, Math.cos(lambda)));
  let [north, east] = [xi, eta];
  ALPHA.forEach((c, i) => {
    const j = 2 * (i + 1);
    north += c * Math.sin(j * xi) * Math.cosh(j * eta);
    east += c * Math.cos(j * xi) * Math.sinh(j * eta);
  });
  return [500000 + 0.9996 * A * east, 0.9996 * A * north];
}

/**
 * Longitude and latitude of a UTM position.
 * @param {number} easting
 * @param {number} northing Negative in the south.
 * @param {number} zone
 * @returns {[number, number]}
 */
export function fromUtm(easting, northing, zone) {
  const xi = northing / (0.9996 * A);
  const eta = (easting - 500000) / (0.9996 * A);
  let [x, y] = [xi, eta];
  BETA.forEach((c, i) => {
    const j = 2 * (i + 1);
    x -= c * Math.sin(j * xi) * Math.cosh(j * eta);
    y -= c * Math.cos(j * xi) * Math.sinh(j * eta);
  });
  const conformal = Math.sin(x) / Math.hypot(Math.sinh(y), Math.cos(x));
  const lon = meridian(zone) + Math.atan2(Math.sinh(y), Math.cos(x)) / RAD;
  return [turn(lon), geographic(conformal) / RAD];
}

/**
 * The latitude, in radians, whose conformal latitude has a tangent; by Newton's method.
 * @param {number} wanted
 */
function geographic(wanted) {
  let tau = wanted / (1 - e * e);
  for (let i = 0; i < 8; i++) {
    const sigma = Math.sinh(e * Math.atanh((e * tau) / Math.hypot(1, tau)));
    const now = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
    const step = ((wanted - now) / Math.hypot(1, now)) * ((1 + (1 - e * e) * tau * tau) / ((1 - e * e) * Math.hypot(1, tau)));
    tau += step;
    if (Math.abs(step) < 1e-14 * Math.max(1, Math.abs(tau))) break;
  }
  return Math.atan(tau);
}

const POLAR = (2 * a * 0.994) / Math.sqrt((1 + e) ** (1 + e) * (1 - e) ** (1 - e));

/**
 * Easting and northing of UPS, in metres, for the pole of the point's hemisphere.
 * @param {number} lon
 * @param {number} lat
 * @returns {[number, number]}
 */
export function ups(lon, lat) {
  const phi = Math.abs(lat) * RAD;
  const s = e * Math.sin(phi);
  const rho = POLAR * Math.tan(Math.PI / 4 - phi / 2) * ((1 + s) / (1 - s)) ** (e / 2);
  const away = lat < 0 ? 1 : -1;
  return [2e6 + rho * Math.sin(lon * RAD), 2e6 + away * rho * Math.cos(lon * RAD)];
}

/**
 * @param {number} easting
 * @param {number} northing
 * @param {boolean} south
 * @returns {[number, number]}
 */
export function fromUps(easting, northing, south) {
  const [x, y] = [easting - 2e6, northing - 2e6];
  const rho = Math.hypot(x, y);
  // The tangent of the conformal latitude is that of the colatitude of the plane, turned round.
  const t = rho / POLAR;
  const conformal = rho === 0 ? Infinity : (1 / t - t) / 2;
  const lat = rho === 0 ? 90 : geographic(conformal) / RAD;
  return [turn(Math.atan2(x, south ? y : -y) / RAD), south ? -lat : lat];
}

/** @param {number} lon */
const turn = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

/** Lowest second letter, easting and northing of the four quarters of UPS, and their letters in order. */
const QUARTERS = /** @type {Record<string, {columns: string, rows: string, east: number, north: number}>} */ ({
  A: { columns: "JKLPQRSTUXYZ", rows: "ABCDEFGHJKLMNPQRSTUVWXYZ", east: 8e5, north: 8e5 },
  B: { columns: "ABCFGHJKLPQR", rows: "ABCDEFGHJKLMNPQRSTUVWXYZ", east: 2e6, north: 8e5 },
  Y: { columns: "RSTUXYZ", rows: "ABCDEFGHJKLMNP", east: 13e5, north: 13e5 },
  Z: { columns: "ABCFGHJ", rows: "ABCDEFGHJKLMNP", east: 2e6, north: 13e5 },
});

/** GeoTrans, the reference implementation, uses UTM up to this many degrees beyond 80° S and 84° N. */
const EDGE = 1e-5;

/** @param {number} value Metres inside the square of 100 km. */
const five = (value) => String(Math.floor(value)).padStart(5, "0");

/**
 * The MGRS reference of a point to the metre, truncated as the standard prescribes.
 * @param {number} lon
 * @param {number} lat
 * @returns {string} Such as `35U LA 89106 61342`.
 */
export function mgrs(lon, lat) {
  const at = turn(lon);
  if (lat < -80 - EDGE || lat >= 84 + EDGE) {
    const [east, north] = ups(at, lat);
    const zone = lat < 0 ? (east >= 2e6 ? "B" : "A") : east >= 2e6 ? "Z" : "Y";
    const quarter = QUARTERS[zone];
    // Rounding may put a point just outside the UPS squares: use the last one.
    const column = Math.max(0, Math.min(quarter.columns.length - 1, Math.floor((east - quarter.east) / 1e5)));
    const row = Math.max(0, Math.min(quarter.rows.length - 1, Math.floor((north - quarter.north) / 1e5)));
    const [x, y] = [east - quarter.east - column * 1e5, north - quarter.north - row * 1e5];
    return `${zone} ${quarter.columns[column]}${quarter.rows[row]} ${five(x)} ${five(y)}`;
  }
  const zone = zoneOf(at, lat);
  const band = BANDS[Math.max(0, Math.min(19, Math.floor((lat + 80) / 8)))];
  const [east, north] = utm(at, lat, zone);
  const column = COLUMNS[(zone - 1) % 3][Math.floor(east / 1e5) - 1];
  const whole = Math.floor(north < 0 ? north + 1e7 : north);
  const row = ROWS[(Math.floor(whole / 1e5) + (zone % 2 ? 0 : 5)) % 20];
  return `${String(zone).padStart(2, "0")}${band} ${column}${row} ${five(east % 1e5)} ${five(whole % 1e5)}`;
}

/**
 * The centre of the square that an MGRS reference names; null if it is invalid.
 * @param {string} text
 * @returns {{lon: number, lat: number, metres: number} | null} `metres` is the size of the square.
 */
export function fromMgrs(text) {
  const found = /^(\d{1,2})?([A-HJ-NP-Z])([A-HJ-NP-Z])([A-HJ-NP-Z])((?:\d\d){0,5})$/.exec(text.replace(/\s+/g, "").toUpperCase());
  if (!found) return null;
  const [, zone, band, column, row, digits] = found;
  const half = digits.length / 2;
  const metres = 10 ** (5 - half);
  const east = Number(digits.slice(0, half)) * metres + metres / 2;
  const north = Number(digits.slice(half)) * metres + metres / 2;
  if (zone === undefined) {
    const quarter = QUARTERS[band];
    const c = quarter?.columns.indexOf(column) ?? -1;
    const r = quarter?.rows.indexOf(row) ?? -1;
    if (c < 0 || r < 0) return null;
    const [lon, lat] = fromUps(quarter.east + c * 1e5 + east, quarter.north + r * 1e5 + north, band < "C");
    // The centre of a square at the edge may lie slightly outside UPS.
    const slack = metres / 111_000;
    if (lat < 0 ? lat > -80 + slack : lat < 84 - slack) return null;
    return { lon, lat, metres };
  }
  const number = Number(zone);
  const b = BANDS.indexOf(band);
  if (number < 1 || number > 60 || b < 0) return null;
  const c = COLUMNS[(number - 1) % 3].indexOf(column);
  const r = ROWS.indexOf(row);
  if (c < 0 || r < 0) return null;
  const low = -80 + 8 * b;
  const high = low + (band === "X" ? 12 : 8);
  const within = ((r - (number % 2 ? 0 : 5) + 20) % 20) * 1e5 + north;
  const slack = metres / 100_000;
  // Row letters repeat every 2,000 km: take the one inside the latitude band.
  for (let cycle = -5; cycle < 5; cycle++) {
    const [lon, lat] = fromUtm((c + 1) * 1e5 + east, within + cycle * 2e6, number);
    if (lat < low - slack || lat > high + slack) continue;
    // Zones are wider at Norway and Svalbard.
    const reach = (band === "V" || band === "X" ? 6 : 3) + slack / Math.cos(lat * RAD);
    if (Math.abs(turn(lon - meridian(number))) > reach) return null;
    return { lon, lat, metres };
  }
  return null;
}
