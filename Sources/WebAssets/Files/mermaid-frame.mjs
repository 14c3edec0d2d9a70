// Runs in the frame of mermaid.mjs, which has no origin of its own.
const tell = (message) => parent.postMessage(message, "*");

// Mermaid parses labels as HTML while it makes them clean: only tags that style words are left for it.
const tags = /(?<!<)<(?!\/?(?:br|b|i|u|s|em|strong|small|sub|sup|code)\s*\/?>)(?=[/!]?[a-z-])/gi;

addEventListener("message", async (event) => {
  if (event.source !== parent) return;
  try {
    const { mermaid } = await import(new URL("vendor/mermaid/index.js", import.meta.url));
    mermaid.initialize({
      startOnLoad: false, securityLevel: "strict", theme: event.data.dark ? "dark" : "neutral", maxTextSize: 50000,
      maxEdges: 500, suppressErrorRendering: true,
      fontFamily: "system-ui, sans-serif",
      // Labels are text, not HTML that mermaid makes while it measures them.
      htmlLabels: false, flowchart: { htmlLabels: false }, class: { htmlLabels: false },
    });
    const { svg } = await mermaid.render("diagram", String(event.data.source).replace(tags, "#lt;"));
    document.body.replaceChildren(document.createRange().createContextualFragment(svg));
    Object.assign(document.body.firstElementChild.style, { display: "block", margin: "auto" });
    // A frame lets the page show through only where both have the same scheme.
    document.documentElement.style.colorScheme = event.data.dark ? "dark" : "light";
    tell({ state: "drawn", height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  } catch (error) {
    tell({ state: "failed", reason: String(error) });
  }
});
tell({ state: "ready" });
