import assert from "node:assert/strict";
import { test } from "node:test";
import { hexagon, shortCount, classBreaks } from "../src/aggregate.js";
import { outline } from "../src/circles.js";
import { destination, distance, latitude, mercatorY } from "../src/geo.js";
import { smooth } from "../src/heat.js";
import { rowTest as shown } from "../src/rowfilter.js";

test("a point belongs to the hexagon with the nearest centre", () => {
  const middle = (/** @type {number} */ c, /** @type {number} */ r) => [(c + (r & 1) / 2) * Math.sqrt(3), r * 1.5];
  let seed = 7;
  const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) * 40 - 20;
  for (let i = 0; i < 5000; i++) {
    const [x, y] = [random(), random()];
    const [column, row] = hexagon(x, y);
    assert.ok(Number.isInteger(column) && Number.isInteger(row));
    const [u, v] = middle(column, row);
    const near = Math.hypot(u - x, v - y);
    for (let r = row - 2; r <= row + 2; r++) {
      for (let c = column - 2; c <= column + 2; c++) {
        const [a, b] = middle(c, r);
        assert.ok(near <= Math.hypot(a - x, b - y) + 1e-12);
      }
    }
  }
});

test("class breaks of counts are at most as many as the colours and start at the lowest count", () => {
  assert.deepEqual(classBreaks(1, 1, 7), [1]);
  assert.deepEqual(classBreaks(1, 2, 7), [1, 2]);
  assert.deepEqual(classBreaks(1, 12, 7), [1, 2, 4, 6, 8, 10, 12]);
  assert.deepEqual(classBreaks(30, 94, 7), [30, 40, 50, 60, 70, 80, 90]);
  assert.deepEqual(classBreaks(1, 618, 7), [1, 3, 10, 30, 100, 300]);
  assert.deepEqual(classBreaks(50, 5000, 7), [30, 100, 300, 1000, 3000]);
  assert.deepEqual(classBreaks(1, 5e6, 7), [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]);
  for (const least of [1, 7, 30, 999]) {
    for (const most of [least, least + 1, 3 * least, 19 * least, 21 * least, 1e7]) {
      const found = classBreaks(least, most, 7);
      assert.ok(found.length <= 7 && found[0] <= least && found[found.length - 1] <= most, `${least} ${most}`);
      assert.ok(found.every((v, i) => !i || v > found[i - 1]), `${least} ${most}`);
    }
  }
});

test("counts are abbreviated to four characters", () => {
  assert.deepEqual([7, 999, 1000, 1234, 9_940, 9_960, 45_678, 999_499, 999_600, 2_500_000].map(shortCount),
    ["7", "999", "1k", "1.2k", "9.9k", "10k", "46k", "999k", "1M", "2.5M"]);
});

test("every vertex of an uncertainty circle is at its radius", () => {
  for (const [lat, metres] of [[0, 5e5], [55, 1e5], [-78, 3e5], [66, 1000]]) {
    const ring = outline(lat, metres);
    for (let i = 0; i < ring.length; i += 2) {
      const there = latitude(mercatorY(lat) + ring[i + 1]);
      assert.ok(Math.abs(distance(0, lat, ring[i] * 360, there) - metres) < 0.05, `${lat} ${metres}`);
    }
  }
});

test("destination points agree with PROJ 9 (Karney 2013)", () => {
  for (const [lon, lat, azimuth, metres, wantLon, wantLat] of [
    [24.4, 55.05, 123.4, 456789, 30.03948253536991, 52.65383065231196],
    [-73.8, 40.6, 51.2, 5551759.4, -0.5004200986653586, 51.599186217640685],
    [10, -80, 200, 800000, -26.853735168557137, -85.9227612265018],
  ]) {
    const [x, y] = destination(lon, lat, azimuth, metres);
    assert.ok(Math.abs(x - wantLon) < 1e-8 && Math.abs(y - wantLat) < 1e-9, `${x} ${y}`);
  }
});

test("smoothing keeps the sum and spreads evenly", () => {
  const values = new Float32Array(41 * 41);
  values[20 * 41 + 20] = 1;
  const out = smooth(values, 41, 41, 3);
  const sum = out.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum - 1) < 1e-5);
  assert.ok(out[20 * 41 + 20] === Math.max(...out));
  assert.ok(Math.abs(out[20 * 41 + 17] - out[17 * 41 + 20]) < 1e-9);
  let variance = 0;
  for (let x = 0; x < 41; x++) for (let y = 0; y < 41; y++) variance += out[y * 41 + x] * (x - 20) ** 2;
  assert.ok(Math.abs(variance - (3 * (7 * 7 - 1)) / 12) < 1e-3);
});

test("rows are filtered by type, filters and time", () => {
  const layer = /** @type {any} */ ({ on: [1, 0], styleOf: [0, 1, 0], shown: null, window: null, longest: 0, sorted: true, start: [0, 0, 9], isThen: (/** @type {number} */ r) => r !== 2 });
  assert.deepEqual([0, 1, 2].map((r) => shown(layer)?.(r)), [true, false, true]);
  layer.shown = [1, 1, 0];
  assert.deepEqual([0, 1, 2].map((r) => shown(layer)?.(r)), [true, false, false]);
  layer.shown = null;
  layer.on = [1, 1];
  assert.equal(shown(layer), null);
  layer.window = [0, 1];
  layer.longest = 3;
  assert.deepEqual([0, 1, 2].map((r) => shown(layer)?.(r)), [true, true, false]);
});
