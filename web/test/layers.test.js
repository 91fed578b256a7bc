import assert from "node:assert/strict";
import { test } from "node:test";
import { Ring } from "../src/data.js";
import { differences, simplifyTo, simplifiedAt } from "../src/simplify.js";
import { mercatorX, mercatorY } from "../src/geo.js";
import { degrees, graticuleLines, graticuleStep } from "../src/graticule.js";
import { rasterHits } from "../src/raster.js";

test("signed differences are decoded from byte planes", () => {
  const numbers = [0, -1, 1, -128, 127, 300, -70000, 2 ** 30, -(2 ** 30)];
  const zigzag = numbers.map((v) => ((v << 1) ^ (v >> 31)) >>> 0);
  const planes = Uint8Array.from([0, 1, 2, 3].flatMap((k) => zigzag.map((z) => (z >>> (8 * k)) & 255)));
  const blob = { array: (what) => what };
  assert.deepEqual([...differences(blob, { planes: 4, x: planes }, "x")], numbers);
  assert.deepEqual(differences(blob, { x: numbers }, "x"), numbers);
});

/** @param {number} n */
function circle(n) {
  const ring = new Ring(0, true, n);
  for (let i = 0; i < n; i++) ring.put(i, 0.5 + 0.1 * Math.cos((2 * Math.PI * i) / (n - 1)), 0.5 + 0.1 * Math.sin((2 * Math.PI * i) / (n - 1)));
  return ring;
}

test("a simplified ring stays within the tolerance and keeps its ends", () => {
  const ring = circle(5001);
  const few = simplifyTo(ring, 0.002);
  assert.ok(few.n < 400 && few.n > 250);
  assert.deepEqual([few.xy[0], few.xy[1]], [ring.xy[0], ring.xy[1]]);
  assert.deepEqual([few.xy[2 * few.n - 2], few.xy[2 * few.n - 1]], [ring.xy[10000], ring.xy[10001]]);
  for (let i = 0; i < ring.n; i += 7) {
    let least = Infinity;
    for (let k = 0; k < few.n; k++) least = Math.min(least, Math.hypot(few.xy[2 * k] - ring.xy[2 * i], few.xy[2 * k + 1] - ring.xy[2 * i + 1]));
    assert.ok(least < 0.002);
  }
});

test("high zooms keep every vertex, low zooms few, and each zoom is simplified once", () => {
  const ring = circle(5001);
  assert.equal(simplifiedAt(ring, 256 * 2 ** 18), ring);
  assert.ok(simplifiedAt(ring, 256).n < 500);
  assert.equal(simplifiedAt(ring, 256), simplifiedAt(ring, 256));
  assert.equal(simplifiedAt(circle(20), 1).n, 20);
});

test("the step of a graticule is round and wide enough", () => {
  for (let zoom = 0; zoom <= 18; zoom += 0.25) {
    const scale = 256 * 2 ** zoom;
    const step = graticuleStep(scale);
    const wide = (step / 1_296_000) * scale;
    assert.ok(step === 108000 || wide >= 92);
    assert.ok(step === 1 || wide < 92 * 3.01, `${zoom}: ${step} is ${wide} px`);
    assert.ok([3600, 60, 1].some((unit) => step % unit === 0 && step / unit <= 30));
  }
});

test("degrees, minutes and seconds are written with their letter", () => {
  assert.equal(degrees(0, "NS"), "0°");
  assert.equal(degrees(-55 * 3600 - 1800, "NS"), "55°30′S");
  assert.equal(degrees(24 * 3600 + 61, "EW"), "24°01′01″E");
  assert.equal(degrees(-648_000, "EW"), "180°");
});

test("lines across the antimeridian are labelled with their true longitude", () => {
  const scale = 256 * 2 ** 4;
  const view = { scale, left: mercatorX(170) * scale, top: mercatorY(10) * scale, width: 400, height: 300, zoom: 4, ratio: 1 };
  const { up, across } = graticuleLines(view);
  assert.deepEqual(up.map((l) => l.text), ["170°E", "180°", "170°W", "160°W"]);
  assert.ok(across.some((l) => l.text === "0°"));
});

test("a click finds the cell below it, but no empty or hidden cell", () => {
  const raster = { frames: [{ w: 2, h: 1, cells: Uint8Array.of(0, 255), box: [0.2, 0.2, 0.4, 0.3] }], palette: ["#000000"], texts: ["a"], opacity: 1 };
  const layer = { n: 1, raster, on: Uint8Array.of(1), legend: [{ rows: 0 }], isOn: () => true };
  assert.equal(rasterHits(layer, 0.25, 0.25)[0].cell, 0);
  assert.equal(rasterHits(layer, 1.25, 0.25)[0].cell, 0);
  assert.deepEqual(rasterHits(layer, 0.35, 0.25), []);
  assert.deepEqual(rasterHits(layer, 0.25, 0.35), []);
  layer.on[0] = 0;
  assert.deepEqual(rasterHits(layer, 0.25, 0.25), []);
});
