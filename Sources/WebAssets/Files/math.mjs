// Sets the formulas of a document. Without KaTeX they stay as they were written.
const folder = new URL("vendor/katex/", import.meta.url);
// What most formulas are set in. Others are rare, and come when a formula asks for them.
const faces = ["1em KaTeX_Main", "italic 1em KaTeX_Math"];
const patience = 3000;
let loading;

function loaded(element) {
  return new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = reject;
    document.head.append(element);
  });
}

// Formulas that are set before their styles and letters are there take another place, and then another one: lines of
// text would break anew under the reader's eyes.
async function load() {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("katex.css", folder).href;
  const script = document.createElement("script");
  script.src = new URL("katex.js", folder).href;
  const letters = loaded(style).then(() => Promise.race([
    Promise.allSettled(faces.map((face) => document.fonts.load(face))),
    new Promise((resolve) => setTimeout(resolve, patience)),
  ]));
  await Promise.all([loaded(script), letters]);
  return globalThis.katex;
}

export default async function (place) {
  const katex = await (loading ??= load());
  for (const span of place.querySelectorAll(".math:not([data-done])")) {
    // Writing into the page and not into text: styles are then set by script, which the page's policy allows.
    katex.render(span.textContent, span, {
      displayMode: span.dataset.display === "true", throwOnError: false, trust: false, strict: "ignore",
      maxSize: 20, maxExpand: 500, errorColor: "var(--bad-ink)",
    });
    span.dataset.done = "";
  }
}
