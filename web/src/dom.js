/**
 * Create elements. No function takes HTML: texts become text nodes, and only allowed attributes
 * can be set.
 */

const ATTRIBUTES = new Set([
  "class", "id", "type", "role", "title", "for", "name", "value", "min", "max", "step", "tabindex", "hidden",
  "checked", "disabled", "placeholder", "scope", "width", "height", "viewBox", "d", "fill", "stroke", "x", "y",
  "stroke-width", "stroke-dasharray", "stroke-linecap", "focusable", "lang", "dir", "alt", "rel", "target",
  "autocomplete", "open", "colspan", "transform",
]);

/**
 * Create an element.
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [props]
 *   Attributes; `aria-*` and `data-*` too; a function under a name such as `onclick` becomes an event listener.
 * @param {...(Node | string | null | undefined | false)} children Strings become text nodes.
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  fill(node, props, children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Create an SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  fill(node, props, children);
  return node;
}

/**
 * @param {Element} node
 * @param {Record<string, any>} props
 * @param {(Node | string | null | undefined | false)[]} children
 */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") {
      if (!name.startsWith("on")) throw new Error(`not a listener: ${name}`);
      node.addEventListener(name.slice(2), value);
    } else if (ATTRIBUTES.has(name) || name.startsWith("aria-") || name.startsWith("data-")) {
      node.setAttribute(name, value === true ? "" : String(value));
    } else {
      throw new Error(`attribute not allowed: ${name}`);
    }
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
}

/**
 * Return a link if its address is http, https or mailto; else only its text.
 * @param {string} address
 * @param {string} [words]
 * @returns {Node}
 */
export function link(address, words) {
  const target = safeAddress(address);
  if (!target) return document.createTextNode(words ?? address);
  const node = /** @type {HTMLAnchorElement} */ (
    el("a", { rel: "noopener noreferrer nofollow", target: "_blank" }, words ?? shortAddress(target))
  );
  node.href = target;
  return node;
}

/**
 * @param {unknown} address
 * @returns {string | null} The address if it is safe to follow.
 */
export function safeAddress(address) {
  if (typeof address !== "string" || address.length > 4000) return null;
  try {
    const url = new URL(address.trim());
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {string} address */
function shortAddress(address) {
  const words = address.replace(/^https?:\/\/(www\.)?/, "").replace(/^mailto:/, "");
  return words.length > 48 ? `${words.slice(0, 46)}…` : words;
}

/**
 * Return an image if it is a data URL of a PNG, JPEG or WebP.
 * @param {unknown} source
 * @returns {HTMLImageElement | null}
 */
export function dataImage(source) {
  if (typeof source !== "string" || !/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$/.test(source)) return null;
  const node = /** @type {HTMLImageElement} */ (el("img", { alt: "" }));
  // Decode images only when they become visible.
  node.decoding = "async";
  node.loading = "lazy";
  node.src = source;
  return node;
}
