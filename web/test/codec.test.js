import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { BinaryBlob, column, derivedCodes, fromBase64, inflate } from "../src/codec.js";

/**
 * @param {object} head
 * @param {Buffer} body
 */
function blob(head, body) {
  let text = JSON.stringify(head);
  text += " ".repeat((8 - ((text.length + 4) % 8)) % 8);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  const raw = Buffer.concat([size, Buffer.from(text), body]);
  return new BinaryBlob(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
}

test("base64 and inflate restore the packed bytes", async () => {
  const packed = deflateSync(Buffer.from("Suwałki")).toString("base64");
  assert.equal(new TextDecoder().decode(await inflate(fromBase64(packed))), "Suwałki");
});

test("planes of 24 bits become numbers", () => {
  const made = blob({}, Buffer.from([0x01, 0xff, 0x02, 0xff, 0x03, 0xff]));
  assert.deepEqual([...made.array({ t: "u3", o: 0, n: 2 })], [0x010203, 0xffffff]);
});

test("differences are summed", () => {
  const body = Buffer.alloc(12);
  [100, 5, -3].forEach((v, i) => body.writeInt32LE(v, 4 * i));
  assert.deepEqual([...blob({}, body).array({ t: "i4", o: 0, n: 3, d: 1 })], [100, 105, 102]);
});

test("a column of codes gives its values, missing ones as null", () => {
  const made = blob({}, Buffer.from([0, 1, 2, 1]));
  const read = column({ values: [null, "a", 3.5], codes: { t: "u1", o: 0, n: 4 } }, made, () => "");
  assert.deepEqual([0, 1, 2, 3].map((row) => read.get(row)), [null, "a", 3.5, "a"]);
});

test("a block of texts is inflated on demand", async () => {
  const packed = [["a", "b"], ["c", null]].map((rows) => deflateSync(JSON.stringify(rows)).toString("base64"));
  const described = { blocks: [packed[0].length, packed[0].length + packed[1].length], first: 0, rows: 2 };
  const read = column(described, blob({}, Buffer.alloc(0)), () => packed.join(""));
  assert.equal(await read.get(2), "c");
  assert.equal(await read.get(1), "b");
  assert.equal(await read.get(3), null);
});

test("differences of 24 bits are summed and wrap round", () => {
  const made = blob({}, Buffer.from([0x00, 0xff, 0x01, 0xff, 0x05, 0xfe]));
  assert.deepEqual([...made.array({ t: "u3", o: 0, n: 2, d: 1 })], [5 + 256, (5 + 256 + 0xfffffe) & 0xffffff]);
});

test("several codes share a byte", () => {
  const made = blob({}, Buffer.from([0 + 2 * 3 + 1 * 9 + 0 * 27 + 2 * 81, 1]));
  assert.deepEqual([...made.array({ t: "b1", o: 0, n: 6, base: 3, k: 5 })], [0, 2, 1, 0, 2, 1]);
});

test("a column is derived from another column's codes", () => {
  assert.deepEqual([...derivedCodes([4, 300], Uint8Array.from([1, 0, 1]))], [300, 4, 300]);
  const read = column({ values: [null, "Mon", "Tue"], of: "start", map: [1, 2] }, blob({}, Buffer.alloc(0)), () => "", () => ({ codes: Int32Array.from([100, 101]), least: 100 }));
  assert.deepEqual([read.get(0), read.get(1)], ["Mon", "Tue"]);
});
