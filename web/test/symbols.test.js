import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { place, scaleAt } from "../src/symbols.js";

const file = new URL("../../tests/data/outputs/placed.json", import.meta.url);
const { rules, cases } = JSON.parse(readFileSync(file, "utf8"));

test("graphics are laid along lines as the rule in Python lays them", () => {
  assert.ok(cases.length > 40);
  for (const c of cases) {
    const found = place(rules, c.name, c.line, c.scale, c.planned);
    const what = `${c.name} at ${c.scale}`;
    assert.equal(found.length, c.shapes.length, what);
    found.forEach((shape, i) => {
      const wanted = c.shapes[i];
      assert.equal(shape.points.length, wanted.points.length, what);
      shape.points.forEach((v, j) => assert.ok(Math.abs(v - wanted.points[j]) < 6e-4, `${what}: ${v} ${wanted.points[j]}`));
      assert.deepEqual([shape.closed, shape.fill, shape.dash], [wanted.closed, wanted.fill, wanted.dash], what);
      assert.ok(Math.abs(shape.width - wanted.width) < 1e-9, what);
    });
  }
});

test("far out, the bare line; close up, the signs", () => {
  assert.equal(scaleAt(rules, 5), 0);
  assert.equal(scaleAt(rules, 12), 1);
});
