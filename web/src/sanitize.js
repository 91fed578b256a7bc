/**
 * Sanitize all HTML that a script assigns to the page.
 *
 * Our own code never uses HTML strings, but Leaflet and folium layers do for popups, tooltips,
 * icons and layer names. This module replaces `innerHTML` and similar methods by versions that
 * keep an allowlist of tags and attributes.
 */

import { safeAddress } from "./dom.js";

const TAGS = new Set(
  ("A ABBR B BIG BLOCKQUOTE BR BUTTON CAPTION CODE COL COLGROUP DD DEL DETAILS DIV DL DT EM FIGCAPTION FIGURE H1 H2 " +
    "H3 H4 H5 H6 HR I IMG INPUT INS KBD LABEL LI MARK OL P PRE Q S SAMP SECTION SMALL SPAN STRONG SUB SUMMARY SUP TABLE " +
    "TBODY TD TFOOT TH THEAD TIME TR U UL").split(" "),
);
const ATTRIBUTES = new Set([
  "alt", "class", "colspan", "dir", "height", "lang", "rowspan", "scope", "title", "width", "id", "role", "aria-hidden",
  "aria-label", "type",
]);
const STYLES = new Set(
  ("color background-color font font-family font-size font-style font-weight text-align text-decoration line-height " +
    "white-space width height max-width max-height min-width padding padding-top padding-right padding-bottom " +
    "padding-left margin margin-top margin-right margin-bottom margin-left border border-radius border-color " +
    "border-width border-style opacity display vertical-align letter-spacing float transform").split(" "),
);

/**
 * @param {string} html
 * @returns {DocumentFragment} The allowed part of it.
 */
export function sanitizeHtml(html) {
  const inert = new DOMParser().parseFromString(html, "text/html");
  const out = document.createDocumentFragment();
  for (const child of inert.body.childNodes) copy(child, out);
  return out;
}

/**
 * @param {Node} node
 * @param {Node} into
 */
function copy(node, into) {
  if (node.nodeType === Node.TEXT_NODE) {
    into.appendChild(document.createTextNode(node.nodeValue ?? ""));
    return;
  }
  if (!(node.nodeType === Node.ELEMENT_NODE)) return;
  const element = /** @type {HTMLElement} */ (node);
  const name = element.tagName;
  if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || ["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT"].includes(name)) return;
  if (!TAGS.has(name)) {
    for (const child of element.childNodes) copy(child, into);
    return;
  }
  const made = document.createElement(name);
  for (const { name: key, value } of element.attributes) {
    if (ATTRIBUTES.has(key) && !(key === "id" && value.startsWith("gc-"))) made.setAttribute(key, value);
  }
  if (name === "INPUT" && !["checkbox", "radio", "range"].includes(element.getAttribute("type") ?? "")) return;
  if (name === "BUTTON") made.setAttribute("type", "button");
  if (name === "A") {
    const address = element.getAttribute("href");
    const safe = safeAddress(address);
    // Leaflet's own buttons are links to "#".
    if (address === "#" || address === "#close") made.setAttribute("href", "#");
    else if (safe) {
      made.setAttribute("href", safe);
      made.setAttribute("rel", "noopener noreferrer nofollow");
      made.setAttribute("target", "_blank");
    }
  }
  if (name === "IMG") {
    const source = element.getAttribute("src") ?? "";
    if (/^data:image\/(png|jpeg|webp|gif);base64,/.test(source)) made.setAttribute("src", source);
  }
  for (const property of element.style) {
    const value = element.style.getPropertyValue(property);
    const base = property.replace(/-(top|right|bottom|left)-?(color|width|style)?$/, "");
    if ((STYLES.has(property) || STYLES.has(base)) && !/url|expression|var\(/i.test(value)) made.style.setProperty(property, value);
  }
  for (const child of element.childNodes) copy(child, made);
  into.appendChild(made);
}

/** Replace the methods that take HTML. */
export function installSanitizer() {
  const native = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    configurable: false,
    get: native?.get,
    set(html) {
      const text = html === null || html === undefined ? "" : String(html);
      this.replaceChildren(/[<&]/.test(text) ? sanitizeHtml(text) : document.createTextNode(text));
    },
  });
  Object.defineProperty(Element.prototype, "outerHTML", {
    configurable: false,
    get: Object.getOwnPropertyDescriptor(Element.prototype, "outerHTML")?.get,
    set(html) {
      this.replaceWith(sanitizeHtml(String(html)));
    },
  });
  const fix = (/** @type {any} */ owner, /** @type {string} */ name, /** @type {any} */ value) =>
    Object.defineProperty(owner, name, { configurable: false, writable: false, value });
  fix(Element.prototype, "insertAdjacentHTML", /** @this {Element} */ function (/** @type {InsertPosition} */ where, /** @type {string} */ html) {
    const made = sanitizeHtml(String(html));
    if (where === "beforebegin") this.before(made);
    else if (where === "afterbegin") this.prepend(made);
    else if (where === "beforeend") this.append(made);
    else this.after(made);
  });
  fix(Range.prototype, "createContextualFragment", (/** @type {string} */ html) => sanitizeHtml(String(html)));
  fix(Document.prototype, "write", () => undefined);
  fix(Document.prototype, "writeln", () => undefined);
}
