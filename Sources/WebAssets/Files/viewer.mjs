// The dataset viewer: statistics appear in the heads of columns as they are found; a question in SQL can be taken back.
export default function (element) {
  if (element.dataset.stream) return statistics(element);
  const cancel = element.querySelector("[data-cancel]");
  if (!cancel || !window.htmx) return;
  element.addEventListener("htmx:beforeRequest", () => { cancel.hidden = false; });
  element.addEventListener("htmx:afterRequest", () => { cancel.hidden = true; });
  cancel.addEventListener("click", () => window.htmx.trigger(element, "htmx:abort"));
}

function statistics(element) {
  const events = new EventSource(element.dataset.stream);
  const bar = element.querySelector("progress");
  const words = element.querySelector("[role=status]");
  events.addEventListener("columns", (event) => {
    const state = JSON.parse(event.data);
    bar.value = state.done;
    words.textContent = state.words;
    for (const column of state.columns) {
      const place = document.getElementById(`spread-${column.index}`);
      if (place && !place.childElementCount) place.innerHTML = column.html;
    }
    if (state.isDone) {
      events.close();
      element.hidden = true;
    }
  });
  addEventListener("pagehide", () => events.close());
}
