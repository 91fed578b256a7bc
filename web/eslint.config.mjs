import js from "@eslint/js";

const browser = Object.fromEntries(
  ("window document L Blob Response DecompressionStream DOMParser Node Element Document Range URL Intl atob console " +
    "getComputedStyle requestAnimationFrame cancelAnimationFrame performance ResizeObserver setTimeout clearTimeout " +
    "TextDecoder HTMLElement history location navigator ImageData OffscreenCanvas Path2D setInterval clearInterval " +
    "CSS parent crypto structuredClone")
    .split(" ")
    .map((name) => [name, "readonly"]),
);

export default [
  js.configs.recommended,
  {
    files: ["src/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: browser },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      // Texts reach the page as text; HTML has no way in but through guard.js.
      "no-restricted-properties": [
        "error",
        { property: "innerHTML" },
        { property: "outerHTML" },
        { property: "insertAdjacentHTML" },
        { object: "document", property: "write" },
      ],
    },
  },
  {
    files: ["test/**/*.js", "build.mjs"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: { TextDecoder: "readonly", TextEncoder: "readonly", process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly", globalThis: "readonly", Blob: "readonly" },
    },
  },
];
