// Draws a diagram in a frame that may do nothing else: Mermaid writes styles that the page's policy forbids.
function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

export default function (place) {
  const source = place.querySelector("pre");
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = place.dataset.title;
  frame.src = "/assets/mermaid-frame";
  addEventListener("message", function told(event) {
    if (event.source !== frame.contentWindow) return;
    const { state, height } = event.data ?? {};
    if (state === "ready") {
      frame.contentWindow.postMessage({ source: source.textContent, dark: isDark() }, "*");
    } else if (state === "drawn") {
      frame.style.height = `${Math.min(Math.max(Number(height) || 0, 48), 2000)}px`;
      source.hidden = true;
      frame.dataset.drawn = "";
    } else {
      // The source is what remains to be read.
      removeEventListener("message", told);
      frame.remove();
    }
  });
  place.append(frame);
}
