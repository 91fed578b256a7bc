import assert from "node:assert/strict";
import { test } from "node:test";
import { place, scaleAt } from "../src/symbols.js";

/** A tooth of 10 by 6 pixels that joins its neighbours, and a dot of 4 by 4 on a broken line. */
const rules = {
  carrier_tolerance: 1.5, corner_deg: 50, least_step: 0.75, least_gap: 0.55,
  planned: { dash: [5, 3], hollow: true },
  levels: [{ below_zoom: 7, scale: 0 }, { below_zoom: 9, scale: 0.6 }, { below_zoom: 99, scale: 1 }],
  lines: {
    tooth: {
      period: 10, stretch: true, clear: 0, ends: false, half: 5, middle: 3, line: { width: 1.4, dash: [], where: "all" },
      shapes: [{ points: [-5, 0, 0, 6, 5, 0], closed: true, fill: true, width: 1 }],
    },
    dot: {
      period: 10, stretch: false, clear: 0, ends: false, half: 2, middle: 0, line: { width: 1, dash: [4, 2], where: "bare" },
      shapes: [{ points: [-2, -2, -2, 2, 2, 2, 2, -2], closed: true, fill: true, width: 1 }],
    },
    letter: {
      period: 10, stretch: false, clear: 0, ends: true, half: 3, middle: 0, line: { width: 1, dash: [], where: "all" },
      shapes: [{ points: [-3, -3, 3, 3], closed: false, fill: false, width: 1 }],
    },
  },
};
const closed = (/** @type {ReturnType<typeof place>} */ shapes) => shapes.filter((shape) => shape.closed);
const middle = (/** @type {number[]} */ p) => [0, 1].map((axis) => {
  const values = p.filter((_, i) => i % 2 === axis);
  return (Math.min(...values) + Math.max(...values)) / 2;
});
const near = (/** @type {number[]} */ found, /** @type {number[]} */ wanted) => {
  assert.equal(found.length, wanted.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-9, `${found} is not ${wanted}`));
};

test("a line takes a whole number of glyphs, evenly spaced from end to end", () => {
  const teeth = closed(place(rules, "tooth", [0, 50, 53, 50], 1, false));
  assert.equal(teeth.length, 5);
  teeth.forEach((tooth, i) => near(tooth.points, [10.6 * i, 50, 10.6 * (i + 0.5), 44, 10.6 * (i + 1), 50]));
  assert.equal(closed(place(rules, "tooth", [0, 0, 55, 0], 1, false)).length, 6);
});

test("glyphs stand on the left of the line as a reader sees it", () => {
  const tip = (/** @type {number[]} */ line) => closed(place(rules, "tooth", line, 1, false))[0].points.slice(2, 4);
  near(tip([0, 0, 10, 0]), [5, -6]);
  near(tip([10, 0, 0, 0]), [5, 6]);
  near(tip([0, 0, 0, 10]), [6, 5]);
});

test("a line walked the other way carries the same dots", () => {
  const line = [0, 0, 30, 4, 61, -3, 90, 0];
  const back = [90, 0, 61, -3, 30, 4, 0, 0];
  const [one, other] = [line, back].map((l) => closed(place(rules, "dot", l, 1, false)).map((s) => middle(s.points)));
  assert.equal(one.length, 9);
  one.forEach((at, i) => at.forEach((v, axis) => assert.ok(Math.abs(v - other[8 - i][axis]) < 1e-6)));
});

test("the broken line fills what the glyphs leave, and nothing reaches beyond its ends", () => {
  const shapes = place(rules, "dot", [0, 0, 40, 0], 1, false);
  const parts = shapes.filter((shape) => !shape.closed).map((shape) => [shape.points[0], shape.points[2]]);
  assert.deepEqual(parts, [[0, 2], [8, 12], [18, 22], [28, 32], [38, 40]]);
  for (const shape of shapes) for (let i = 0; i < shape.points.length; i += 2) assert.ok(shape.points[i] >= 0 && shape.points[i] <= 40);
});

test("no glyph crosses a sharp corner", () => {
  const teeth = closed(place(rules, "tooth", [0, 0, 40, 0, 40, 40], 1, false));
  assert.equal(teeth.length, 8);
  for (const { points } of teeth) assert.ok(points[1] === points[5] || points[0] === points[4]);
});

test("planned works are hollow and dashed; a line too short for a glyph, and scale 0, keep the line", () => {
  const planned = place(rules, "tooth", [0, 0, 40, 0], 1, true);
  assert.deepEqual(planned[0].dash, [5, 3]);
  assert.ok(closed(planned).every((shape) => !shape.fill));
  for (const [line, scale] of /** @type {[number[], number][]} */ ([[[0, 0, 4, 0], 1], [[0, 0, 90, 0], 0]])) {
    const bare = place(rules, "tooth", line, scale, false);
    assert.deepEqual(bare.map((shape) => shape.points), [line]);
  }
  assert.deepEqual(place(rules, "tooth", [5, 5, 5, 5], 1, false), []);
});

test("letters stand at both ends of a line that is long enough", () => {
  const at = (/** @type {number} */ length) => place(rules, "letter", [0, 0, length, 0], 1, false).slice(1).map((s) => middle(s.points)[0]);
  assert.deepEqual(at(100), [3, 97]);
  assert.deepEqual(at(20), []);
});

test("far out, the bare line; close up, the symbols", () => {
  assert.deepEqual([5, 7, 12].map((zoom) => scaleAt(rules, zoom)), [0, 0.6, 1]);
});
