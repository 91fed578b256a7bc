import assert from "node:assert/strict";
import { test } from "node:test";
import { isDay, readAddress, writeAddress } from "../src/permalink.js";
import { UNKNOWN } from "../src/data.js";
import { dateUncertainty, mayBeOutsideWindow } from "../src/uncertaindates.js";
import { handleMessage } from "../src/embed.js";
import { Formatter } from "../src/format.js";
import { readColumn, searchLongTexts } from "../src/textsearch.js";
import { sortRows } from "../src/tabledata.js";
import { histogram } from "../src/timeslider.js";
import { nearest } from "../src/navigate.js";
import { translate, setTranslations } from "../src/i18n.js";

test("texts are translated with their placeholders filled, and stay English without a translation", () => {
  setTranslations({ "{n} of {all}": "{n} sur {all}" });
  assert.equal(translate("{n} of {all}", { n: 1, all: "{n}" }), "1 sur {n}");
  assert.equal(translate("Close"), "Close");
  assert.equal(translate("constructor"), "constructor");
  setTranslations({});
  assert.equal(translate("{n} of {all}", { n: 1, all: 2 }), "1 of 2");
});

test("a length is rounded to the location uncertainty", () => {
  const words = new Formatter("en");
  const plain = (/** @type {string} */ text) => text.replaceAll("\u00a0", " ");
  assert.equal(plain(words.about(12345, 5000)), "about 12 km (8 mi), ± 5 km");
  assert.equal(plain(words.about(31012, 100)), "about 31.0 km (19.3 mi), ± 100 m");
  assert.equal(plain(words.about(412, 50)), "about 410 m (1,400 ft), ± 50 m");
  assert.equal(plain(words.about(3000, 15000)), "at most 20 km (20 mi)");
  assert.equal(words.about(NaN, 5), "unknown");
});

/** Rows with a first and a last day and a word for the precision. */
const timed = (/** @type {[number, number, string | null][]} */ rows, kind = "point") => {
  const values = [...new Set(rows.map((r) => r[2]))];
  return /** @type {any} */ ({
    kind, n: rows.length, start: Int32Array.from(rows.map((r) => r[0])), end: Int32Array.from(rows.map((r) => r[1])), shown: null, window: null, longest: Math.max(...rows.map((r) => r[1] - r[0])),
    columnNames: ["time_precision"], columns: [{ values, codes: Uint8Array.from(rows.map((r) => values.indexOf(r[2]))) }],
  });
};

test("a date is uncertain by its precision or its length", () => {
  const rows = /** @type {[number, number, string | null][]} */ ([
    [5, 5, "day"], [5, 9, "day"], [5, 5, "week"], [5, 5, "month"], [5, 9, null], [5, 5, null], [UNKNOWN, UNKNOWN, "year"], [5, 5, "unknown"],
  ]);
  assert.deepEqual([...dateUncertainty(timed(rows))], [0, 0, 6, 30, 4, 0, 0, 0]);
  assert.deepEqual([...dateUncertainty(timed(rows, "area"))], Array(8).fill(0));
  assert.deepEqual([...histogram([timed(rows)], 0, 9, 1, true)], [3]);
});

test("a row that may be outside the time window is recognised", () => {
  const layer = timed([[5, 9, null], [10, 10, "week"], [5, 9, "day"]]);
  assert.equal(mayBeOutsideWindow(layer, 0), false);
  layer.window = [6, 20];
  assert.deepEqual([0, 1, 2].map((row) => mayBeOutsideWindow(layer, row)), [true, true, false]);
  layer.window = [0, 30];
  assert.deepEqual([0, 1, 2].map((row) => mayBeOutsideWindow(layer, row)), [false, false, false]);
});

test("a permalink is read back as it was written", () => {
  const address = { zoom: 9.5, lat: 49, lon: -19.25, days: /** @type {[number, number]} */ ([20270, 20280]), switched: [3, 5] };
  assert.equal(writeAddress(address), "#9.50/49.0000/-19.2500/2025-07-01~2025-07-11/x3.5");
  assert.deepEqual(readAddress(writeAddress(address)), address);
  assert.deepEqual(readAddress("#2/0/0"), { zoom: 2, lat: 0, lon: 0, days: null, switched: [] });
});

test("a malformed permalink is ignored", () => {
  const bad = [
    "", "#", "#<script>", "#99/0/0", "#3/91/0", "#3/0/999", "#3/0/0/2025-02-30~2025-03-01", "#3/0/0/2025-03-02~2025-03-01",
    "#3/0/0/x", "#3/0/0/x1.", "#3/0/0/x1e9", "#3/0/0/x__proto__", `#3/0/0/x${"1.".repeat(300)}1`, "#3/0/0 ", "#3/0/0/2025-1-1~2025-1-2", "#NaN/0/0", "#1e1/0/0",
  ];
  for (const hash of bad) assert.equal(readAddress(hash), null, hash);
  assert.deepEqual(["2025-02-28", "2025-02-29", "x", 5, null].map(isDay), [true, false, false, false, false]);
});

test("the parent page may send three kinds of message", () => {
  /** @type {any[]} */
  const done = [];
  const acts = {
    select: (/** @type {any[]} */ ...args) => done.push(args) > 0,
    view: (/** @type {any[]} */ ...args) => done.push(args) > 0,
    time: () => false,
  };
  assert.equal(handleMessage({ geoconflict: "select", layer: "Incidents", row: 3 }, acts), null);
  assert.equal(handleMessage({ geoconflict: "view", longitude: 20, latitude: 50, zoom: 7 }, acts), null);
  assert.match(String(handleMessage({ geoconflict: "time", from: "2025-01-01", to: "2025-01-02" }, acts)), /no time slider/);
  assert.deepEqual(done, [["Incidents", 3], [20, 50, 7]]);
  const bad = [
    null, 5, "select", [], {}, { geoconflict: "toString" }, { geoconflict: "__proto__" }, { geoconflict: "select" }, { geoconflict: "select", layer: {}, row: 0 },
    { geoconflict: "select", layer: "a", row: -1 }, { geoconflict: "select", layer: "a", row: 1.5 }, { geoconflict: "select", layer: "a", row: "1" },
    { geoconflict: "select", layer: "a", row: 1, more: 1 }, { geoconflict: "view", longitude: "20", latitude: 0, zoom: 1 }, { geoconflict: "view", longitude: NaN, latitude: 0, zoom: 1 },
    { geoconflict: "view", longitude: 0, latitude: 91, zoom: 1 }, { geoconflict: "view", longitude: 0, latitude: 0, zoom: 99 }, { geoconflict: "time", from: "2025-01-02", to: "2025-01-01" },
    { geoconflict: "time", from: "2025-13-01", to: "2025-14-01" }, { geoconflict: "time", from: 5, to: 6 },
  ];
  for (const message of bad) assert.equal(typeof handleMessage(message, acts), "string", JSON.stringify(message));
  assert.equal(done.length, 2);
});

/** A layer whose only column lies in blocks of two rows. */
const noted = (/** @type {(string | null)[]} */ texts) => /** @type {any} */ ({
  n: texts.length,
  columns: [{ values: null, codes: null, blocks: { count: Math.ceil(texts.length / 2), rows: 2, read: async (/** @type {number} */ i) => texts.slice(2 * i, 2 * i + 2) }, get: async (/** @type {number} */ row) => texts[row] }],
});

test("long texts are searched and sorted block by block", async () => {
  const texts = ["Shelling near b", null, "a reducedMotion day", "SHELLING again", "c"];
  const hit = new Uint8Array(5);
  assert.equal(await searchLongTexts(noted(texts), " shelling ", hit, { stopped: false }, () => {}), true);
  assert.deepEqual([...hit], [1, 0, 0, 1, 0]);
  assert.equal(await searchLongTexts(noted(texts), "c", new Uint8Array(5), { stopped: true }, () => {}), false);
  const all = await readColumn(noted(texts), 0, { stopped: false }, () => {});
  assert.deepEqual(all, texts);
  const rows = [0, 1, 2, 3, 4];
  sortRows(noted(texts), rows, { c: 0, up: true }, "en", all);
  assert.deepEqual(rows, [2, 4, 3, 0, 1]);
  sortRows(noted(texts), rows, { c: 0, up: false }, "en", all);
  assert.deepEqual(rows, [0, 3, 4, 2, 1]);
});

test("rows are sorted numerically and alphabetically, missing values last", () => {
  const layer = /** @type {any} */ ({ n: 4, columns: [
    { values: [null, "Öland", "Zadar", "Oslo"], codes: Uint8Array.from([1, 2, 0, 3]), get: () => null },
    { values: null, codes: null, get: (/** @type {number} */ row) => [10, null, 9, 2][row] },
  ] });
  const sorted = (/** @type {number} */ c, /** @type {boolean} */ up, lang = "de") => {
    const rows = [0, 1, 2, 3];
    sortRows(layer, rows, { c, up }, lang, null);
    return rows;
  };
  assert.deepEqual(sorted(0, true), [0, 3, 1, 2]);
  assert.deepEqual(sorted(0, true, "sv"), [3, 1, 0, 2]);
  assert.deepEqual(sorted(1, true), [3, 2, 0, 1]);
  assert.deepEqual(sorted(1, false), [0, 2, 3, 1]);
});

test("keyboard navigation goes from the centre outwards, points before areas", () => {
  const base = { interactive: true, visible: true, first: 0, isOn: () => true };
  const points = /** @type {any} */ ({ ...base, id: 1, n: 3, last: 3, x: [0.5, 0.1, 0.45], y: [0.5, 0.5, 0.5] });
  const area = /** @type {any} */ ({ ...base, id: 0, n: 1, last: 1, ringsOf: () => [{ west: 0.4, east: 0.6, north: 0.4, south: 0.6 }] });
  const found = nearest([area, points], { west: 0.2, east: 0.8, north: 0, south: 1 }, [0.46, 0.5]);
  assert.deepEqual(found.map((s) => [s.layer.id, s.row]), [[1, 2], [1, 0], [0, 0]]);
});
