// Runs in the frame of mermaid.mjs, which has no origin of its own.
const tell = (message) => parent.postMessage(message, "*");

addEventListener("message", async (event) => {
  if (event.source !== parent) return;
  try {
    const { mermaid } = await import(new URL("vendor/mermaid/index.js", import.meta.url));
    mermaid.initialize({
      startOnLoad: false, securityLevel: "strict", theme: event.data.dark ? "dark" : "neutral", maxTextSize: 50000,
      maxEdges: 500, suppressErrorRendering: true,
    });
    const { svg } = await mermaid.render("diagram", String(event.data.source));
    document.body.replaceChildren(document.createRange().createContextualFragment(svg));
    // A frame lets the page show through only where both have the same scheme.
    document.documentElement.style.colorScheme = event.data.dark ? "dark" : "light";
    tell({ state: "drawn", height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  } catch (error) {
    tell({ state: "failed", reason: String(error) });
  }
});
tell({ state: "ready" });
