// What every page does where scripts run: copying, islands, shortcuts.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) await navigator.clipboard?.writeText(button.dataset.copy);
});
// An island's script is fetched when its place is there: <div data-island="/assets/…/editor.mjs">.
for (const place of document.querySelectorAll("[data-island]")) {
  import(place.dataset.island).then((module) => module.default(place));
}
