import assert from "node:assert/strict";
import { test } from "node:test";
import { toLine } from "../src/hits.js";
import { inside } from "../src/labels.js";
import { corner, cut } from "../src/paint.js";

const square = [0, 0, 10, 0, 10, 10, 0, 10];

test("a ring is cut at an edge", () => {
  const half = cut(square, 0, 5, 1);
  assert.deepEqual(new Set(half.filter((_, i) => i % 2 === 0)), new Set([5, 10]));
  assert.deepEqual(cut(square, 1, 20, 1), []);
});

test("inside knows holes", () => {
  assert.ok(inside([square], 5, 5));
  assert.ok(!inside([square], 15, 5));
  assert.ok(!inside([square, [4, 4, 6, 4, 6, 6, 4, 6]], 5, 5));
});

test("the distance to a line is to its nearest part", () => {
  const line = Float64Array.from([0, 0, 10, 0, 10, 10]);
  assert.equal(toLine(line, 3, 5, 3), 3);
  assert.equal(toLine(line, 3, 13, 14), 5);
});

test("every marker but the circle and the ring has corners", () => {
  for (const shape of ["square", "diamond", "triangle", "wedge", "hexagon", "star", "bar", "cross"]) {
    assert.ok((corner(shape, 5) ?? []).length >= 3, shape);
  }
  assert.equal(corner("circle", 5), null);
});
