import assert from "node:assert/strict";
import { test } from "node:test";
import { lowerBound, UNKNOWN } from "../src/data.js";
import { matchingRows } from "../src/filters.js";
import { csvCell } from "../src/tabledata.js";
import { abgr } from "../src/rowfilter.js";
import { histogram, span } from "../src/timeslider.js";

/** @param {number[]} days */
const timed = (days, shown = null) => /** @type {any} */ ({ n: days.length, start: Int32Array.from(days), end: Int32Array.from(days), shown });

test("a time window is found by binary search", () => {
  const days = Int32Array.from([1, 3, 3, 7]);
  assert.deepEqual([0, 1, 2, 3, 4, 8].map((d) => lowerBound(days, d)), [0, 0, 1, 1, 3, 4]);
});

test("the histogram counts filtered rows and skips unknown dates", () => {
  assert.deepEqual([...histogram([timed([0, 0, 9, UNKNOWN])], 0, 9, 2)], [2, 1]);
  assert.deepEqual([...histogram([timed([0, 0, 9], /** @type {any} */ (Uint8Array.from([1, 0, 1])))], 0, 9, 2)], [1, 1]);
  assert.deepEqual(span([timed([5, UNKNOWN, 8])]), [5, 8]);
  assert.equal(span([timed([5, 5])]), null);
});

test("filters by value, fatalities and text combine", () => {
  const codes = (/** @type {number[]} */ c) => Uint8Array.from(c);
  const make = (/** @type {any[]} */ values, /** @type {number[]} */ c) => ({ values, codes: codes(c), get: (/** @type {number} */ r) => values[c[r]] });
  const layer = /** @type {any} */ ({
    n: 3,
    columnNames: ["actor1", "fatalities"],
    columns: [make([null, "Army", "Militia"], [1, 2, 0]), make([null, 0, 4], [2, 2, 1])],
  });
  assert.equal(matchingRows(layer, new Map(), "", 0), null);
  assert.deepEqual([...(matchingRows(layer, new Map([[0, new Set(["Army"])]]), "", 0) ?? [])], [1, 0, 0]);
  assert.deepEqual([...(matchingRows(layer, new Map([[0, new Set(["Army", "Militia"])]]), "", 0) ?? [])], [1, 1, 0]);
  assert.deepEqual([...(matchingRows(layer, new Map(), "MILI", 0) ?? [])], [0, 1, 0]);
  assert.deepEqual([...(matchingRows(layer, new Map(), "mili", 0, Uint8Array.from([0, 0, 1])) ?? [])], [0, 1, 1]);
  assert.deepEqual([...(matchingRows(layer, new Map(), "", 1) ?? [])], [1, 1, 0]);
});

test("CSV cells are quoted and never formulas", () => {
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvCell("=1+1"), "'=1+1");
  assert.equal(csvCell("@x"), "'@x");
  assert.equal(csvCell(-5), "-5");
  assert.equal(csvCell(null), "");
});

test("colours become pixels", () => {
  assert.equal(abgr("#010203"), 0xff030201);
});
