/**
 * Inflate Leaflet and the map's script and run them, then the scripts of folium layers.
 *
 * They are compressed, since they are the larger part of a small map. The page's
 * Content-Security-Policy allows each of them by its hash.
 */

/**
 * Resolve once the window and the map container have a size. A frame that is hidden, or that the browser has not
 * laid out yet, has none: a map fitted to it would open at the deepest zoom and show nothing.
 */
function laidOut() {
  const container = document.getElementById("gc-map");
  return new Promise((/** @type {(value: void) => void} */ done) => {
    if (!container) return done();
    const look = () => {
      if (!window.innerWidth || !window.innerHeight || !container.clientWidth || !container.clientHeight) return;
      observer.disconnect();
      window.removeEventListener("resize", look);
      done();
    };
    const observer = new ResizeObserver(look);
    observer.observe(container);
    window.addEventListener("resize", look);
  });
}

async function boot() {
  const tell = (/** @type {string} */ words) => {
    const status = document.getElementById("gc-status");
    if (status) {
      status.className = "gc-error";
      status.textContent = words;
    }
    document.documentElement.dataset.gcReady = "failed";
  };
  if (!("DecompressionStream" in window)) {
    tell("This map needs a browser of 2023 or later (Chromium 80, Firefox 113, Safari 16.4).");
    return;
  }
  try {
    const text = document.getElementById("gc-code")?.textContent?.trim() ?? "";
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const code = JSON.parse(await new Response(stream).text());
    const put = (/** @type {string} */ tag, /** @type {string} */ what, /** @type {Node | null} */ before) => {
      const node = document.createElement(tag);
      node.textContent = what;
      document.head.insertBefore(node, before);
    };
    await laidOut();
    // Before our own style sheet, which takes precedence.
    const ours = document.head.querySelector("style");
    for (const style of code.styles) put("style", style, ours);
    for (const script of code.scripts) put("script", script, null);
    for (const node of document.querySelectorAll("script.gc-then")) put("script", node.textContent ?? "", null);
  } catch (error) {
    tell(`This map could not be drawn: ${error}`);
  }
}

boot();
