import assert from "node:assert/strict";
import { test } from "node:test";
import { SpatialIndex } from "../src/spatialindex.js";

test("the index finds every row that a scan finds", () => {
  const n = 5000;
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const xs = Float64Array.from({ length: n }, random);
  const ys = Float64Array.from({ length: n }, () => random() ** 3);
  const grid = new SpatialIndex(xs, ys, n);
  for (let k = 0; k < 200; k++) {
    const [x, y, d] = [random(), random(), random() / 20];
    const found = new Set(grid.near(x - d, y - d, x + d, y + d));
    for (let i = 0; i < n; i++) {
      if (Math.abs(xs[i] - x) <= d && Math.abs(ys[i] - y) <= d) assert.ok(found.has(i));
    }
    assert.equal(found.size, grid.near(x - d, y - d, x + d, y + d).length);
  }
});

test("coincident points share a cell", () => {
  const grid = new SpatialIndex(new Float64Array(9).fill(0.5), new Float64Array(9).fill(0.5), 9);
  assert.equal(grid.near(0.4, 0.4, 0.6, 0.6).length, 9);
});
