import assert from "node:assert/strict";
import { test } from "node:test";
import { fromMgrs, fromUtm, mgrs, utm, zoneOf } from "../src/mgrs.js";
import { readPlace, formatted } from "../src/coordformat.js";

// From the package mgrs (NGA's GeoTrans), which the Python tests compare with on 24,000 points.
test("grid references, with Norway, Svalbard and the poles", () => {
  assert.equal(mgrs(25.2797, 54.6872), "35U LA 89106 61342");
  assert.equal(mgrs(4, 60), "32V KM 21288 61953");
  assert.equal(mgrs(10, 78), "33X UG 84085 63320");
  assert.equal(mgrs(10, -85), "B AT 96454 47018");
  assert.equal(mgrs(-165.2495313829699, -41.994840819405695), "03G VP 79332 50766");
  assert.equal(zoneOf(180, 0), 1);
  assert.equal(zoneOf(-180, 0), 1);
});

test("UTM and back, within a tenth of a millimetre", () => {
  for (const lat of [-79.9, -45, 0.0001, 33.3, 83.9]) {
    for (const off of [-4, -1, 0, 2.5]) {
      const [lon, back] = fromUtm(...utm(27 + off, lat, 35), 35);
      assert.ok(Math.abs(lon - 27 - off) < 1e-9 / Math.cos((lat * Math.PI) / 180) && Math.abs(back - lat) < 1e-9, `${lat} ${off}`);
    }
  }
});

test("a reference gives the centre of its square, an invalid one null", () => {
  const square = fromMgrs("35ula8961");
  assert.equal(square?.metres, 1000);
  assert.ok(square && Math.abs(square.lat - 54.6887) < 1e-3 && Math.abs(square.lon - 25.2857) < 1e-3);
  for (const text of ["35UXX11", "61UAA", "35ILA11", "35ULA123", "ZZZ", "", "00UAA"]) assert.equal(fromMgrs(text), null, text);
});

test("coordinates in the formats that people type", () => {
  const cases = /** @type {[string, number, number][]} */ ([
    ["54.6872, 25.2797", 54.6872, 25.2797],
    ["54,6872; 25,2797", 54.6872, 25.2797],
    ["54,6872 25,2797", 54.6872, 25.2797],
    ["25.2797E 54.6872N", 54.6872, 25.2797],
    ["N54 41 14 E25 16 47", 54 + 41 / 60 + 14 / 3600, 25 + 16 / 60 + 47 / 3600],
    ["54°41′14″S 25°16′47″W", -(54 + 41 / 60 + 14 / 3600), -(25 + 16 / 60 + 47 / 3600)],
    ["54 41 14 25 16 47", 54 + 41 / 60 + 14 / 3600, 25 + 16 / 60 + 47 / 3600],
    ["−33.9 18.4", -33.9, 18.4],
    ["٥٤٫٦٨٧٢، ٢٥٫٢٧٩٧", 54.6872, 25.2797],
  ]);
  for (const [text, lat, lon] of cases) {
    const found = readPlace(text);
    assert.ok("lat" in found && Math.abs(found.lat - lat) < 1e-9 && Math.abs(found.lon - lon) < 1e-9, `${text} ${JSON.stringify(found)}`);
  }
});

test("formatted coordinates are read back", () => {
  for (const notation of ["decimal", "dms", "mgrs"]) {
    const found = readPlace(formatted(-70.123456, -33.654321, notation));
    assert.ok("lat" in found && Math.abs(found.lat + 33.654321) < 2e-4 && Math.abs(found.lon + 70.123456) < 2e-4, notation);
  }
});

test("ambiguous input is refused with a reason", () => {
  const cases = /** @type {[string, RegExp][]} */ ([
    ["", /latitude and a longitude/], ["54.7", /two numbers/], ["95, 10", /95 is out of range/], ["10, 200", /200 is out of range/],
    ["54.7N 25.2N", /both letters/], ["54.7N, 25.2", /both letters/], ["54°61′N 25°E", /less than 60/], ["54N 3O", /west or east/],
    ["-54S 3E", /not both/], ["35UXX11", /Not a valid MGRS/], ["1 2 3", /two numbers/], ["1.5 30 25 20", /two numbers/], ["<b>1</b>, 2", /two numbers/],
  ]);
  for (const [text, reason] of cases) {
    const found = readPlace(text);
    assert.ok("reason" in found && reason.test(found.reason), `${text} ${JSON.stringify(found)}`);
  }
});
