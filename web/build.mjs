/**
 * Build the committed assets from the source: `npm ci && npm run build`.
 *
 * Writes the bundled script, the style sheet, Leaflet's script and style sheet with its
 * licence, and `manifest.json` with the SHA-256 of every source and every asset, which the
 * tests compare. The same sources give the same bytes.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? join(here, "..", "geoconflict", "maps", "web", "assets");
const leaflet = join(here, "node_modules", "leaflet");

/** @param {string | Uint8Array} bytes */
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

mkdirSync(out, { recursive: true });
const bundle = await build({
  entryPoints: [join(here, "src", "main.js")],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  loader: { ".png": "dataurl" },
  legalComments: "none",
  write: false,
});
const boot = await build({
  entryPoints: [join(here, "src", "boot.js")],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  write: false,
});
const style = await build({
  entryPoints: [join(here, "src", "index.css")],
  bundle: true,
  minify: true,
  write: false,
});

// Leaflet's pictures (layer switch, default pin) are put in as data, so that nothing is asked for.
const pictures = (/** @type {string} */ css) =>
  css.replace(/url\(images\/([\w.-]+)\)/g, (_, name) => {
    const data = readFileSync(join(leaflet, "dist", "images", name)).toString("base64");
    return `url(data:image/png;base64,${data})`;
  });

const unix = (/** @type {string} */ text) => text.replaceAll("\r\n", "\n");
/** @type {Record<string, string>} */
const assets = {
  "boot.js": boot.outputFiles[0].text,
  "geoconflict.js": bundle.outputFiles[0].text,
  "geoconflict.css": style.outputFiles[0].text,
  "leaflet.js": unix(readFileSync(join(leaflet, "dist", "leaflet.js"), "utf8")).replace(/\n?\/\/# sourceMappingURL=.*\n?$/, "\n"),
  "leaflet.css": pictures(unix(readFileSync(join(leaflet, "dist", "leaflet.css"), "utf8"))),
  "LICENSE-leaflet.md": unix(readFileSync(join(leaflet, "LICENSE"), "utf8")),
};
const sources = [
  "build.mjs",
  "package.json",
  "package-lock.json",
  ...readdirSync(join(here, "src")).sort().map((name) => `src/${name}`),
];
const lock = JSON.parse(readFileSync(join(here, "package-lock.json"), "utf8"));
const manifest = {
  leaflet: { version: lock.packages["node_modules/leaflet"].version, integrity: lock.packages["node_modules/leaflet"].integrity, licence: "BSD-2-Clause" },
  sources: Object.fromEntries(sources.map((name) => [name, sha256(readFileSync(join(here, name)))])),
  assets: Object.fromEntries(Object.entries(assets).map(([name, text]) => [name, sha256(text)])),
};
for (const [name, text] of Object.entries(assets)) writeFileSync(join(out, name), text);
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
console.log(Object.entries(assets).map(([name, text]) => `${name} ${text.length}`).join("\n"));
