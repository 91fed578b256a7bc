import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceToLine } from "../src/hittest.js";
import { pointInRings } from "../src/labels.js";
import { markerVertices, clipToEdge } from "../src/paint.js";

const square = [0, 0, 10, 0, 10, 10, 0, 10];

test("a ring is clipped at an edge", () => {
  const half = clipToEdge(square, 0, 5, 1);
  assert.deepEqual(new Set(half.filter((_, i) => i % 2 === 0)), new Set([5, 10]));
  assert.deepEqual(clipToEdge(square, 1, 20, 1), []);
});

test("points in holes are outside", () => {
  assert.ok(pointInRings([square], 5, 5));
  assert.ok(!pointInRings([square], 15, 5));
  assert.ok(!pointInRings([square, [4, 4, 6, 4, 6, 6, 4, 6]], 5, 5));
});

test("the distance to a line is measured to its nearest segment", () => {
  const line = Float64Array.from([0, 0, 10, 0, 10, 10]);
  assert.equal(distanceToLine(line, 3, 5, 3), 3);
  assert.equal(distanceToLine(line, 3, 13, 14), 5);
});

test("every marker except circle and ring has vertices", () => {
  for (const shape of ["square", "diamond", "triangle", "wedge", "hexagon", "star", "bar", "cross"]) {
    assert.ok((markerVertices(shape, 5) ?? []).length >= 3, shape);
  }
  assert.equal(markerVertices("circle", 5), null);
});
