// Sets the formulas of a document. Without KaTeX they stay as they were written.
const folder = new URL("vendor/katex/", import.meta.url);
let loading;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("katex.css", folder).href;
    const script = document.createElement("script");
    script.src = new URL("katex.js", folder).href;
    script.onload = () => resolve(globalThis.katex);
    script.onerror = reject;
    document.head.append(style, script);
  });
  return loading;
}

export default async function (place) {
  const katex = await load();
  for (const span of place.querySelectorAll(".math:not([data-done])")) {
    // Writing into the page and not into text: styles are then set by script, which the page's policy allows.
    katex.render(span.textContent, span, {
      displayMode: span.dataset.display === "true", throwOnError: false, trust: false, strict: "ignore",
      maxSize: 20, maxExpand: 500, errorColor: "var(--bad-ink)",
    });
    span.dataset.done = "";
  }
}
