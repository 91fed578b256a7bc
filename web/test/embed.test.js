import assert from "node:assert/strict";
import test from "node:test";

import { preferredHeight } from "../src/embed.js";

test("the preferred height follows the aspect ratio of the view, within limits", () => {
  // At the equator a square of degrees is nearly square on the map.
  assert.ok(Math.abs(preferredHeight([0, -5, 10, 5], 600, 80) - 681) < 3);
  assert.equal(preferredHeight([0, 0, 40, 1], 600, 80), 420);
  assert.equal(preferredHeight([0, -60, 10, 60], 600, 80), 900);
});

test("poles and single points give a height", () => {
  for (const box of [[0, -90, 360, 90], [5, 5, 5, 5]]) assert.ok(Number.isFinite(preferredHeight(box, 320, 80)));
});
