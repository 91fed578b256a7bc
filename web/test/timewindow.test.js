import assert from "node:assert/strict";
import { test } from "node:test";
import { BinaryBlob } from "../src/codec.js";
import { LayerData, Ring, UNKNOWN } from "../src/data.js";
import { ringAt } from "../src/tabledata.js";

test("a row without an end date is in every later window", () => {
  const days = Buffer.alloc(24);
  [100, 200, 300].forEach((day, i) => days.writeInt32LE(day, 4 * i));
  // An open end, one day, two days: differences to the first day.
  [UNKNOWN - 100, 0, 1].forEach((span, i) => days.writeInt32LE(span | 0, 12 + 4 * i));
  const places = Buffer.alloc(24);
  const head = {
    style: { t: "u1", o: 48, n: 3 }, start: { t: "i4", o: 0, n: 3 }, end: { t: "i4", o: 12, n: 3 },
    points: { low: [0, 0], span: [1, 1], steps: 1, x: { t: "u4", o: 24, n: 3 }, y: { t: "u4", o: 36, n: 3 } },
  };
  let text = JSON.stringify(head);
  text += " ".repeat((8 - ((text.length + 4) % 8)) % 8);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const raw = Buffer.concat([size, Buffer.from(text), days, places, Buffer.alloc(8)]);
  const layer = new LayerData({ kind: "point", n: 3, styles: [{}], columns: [], legend: [], visible: true, timed: true }, new BinaryBlob(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length)));
  layer.setWindow([301, 400]);
  assert.deepEqual([0, 1, 2].map((row) => layer.isOn(row)), [true, false, true]);
  layer.setWindow([50, 99]);
  assert.deepEqual([0, 1, 2].map((row) => layer.isOn(row)), [false, false, false]);
});

test("a ring that ends at 180 degrees stays there", () => {
  const ring = new Ring(0, true, 4);
  [[170, 0.3], [180, 0.3], [180, 0.2], [170, 0.2]].forEach(([lon, y], i) => ring.put(i, lon / 360 + 0.5, y));
  assert.deepEqual(ringAt(ring).map(([lon]) => lon), [170, 180, 180, 170]);
  const west = new Ring(0, true, 3);
  [[-190, 0.3], [-180, 0.3], [-180, 0.2]].forEach(([lon, y], i) => west.put(i, lon / 360 + 0.5, y));
  assert.deepEqual(ringAt(west).map(([lon]) => lon), [170, 180, 180]);
});
