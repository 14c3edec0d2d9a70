// Keeps a part of a page fresh: the server sends markup of what changed, by the id of the element that it replaces.
/** @param {HTMLElement} place with data-topics, data-after, and the id of what is loaded anew when rows come or go */
export default function live(place) {
  const { topics, reload } = place.dataset;
  let after = place.dataset.after;
  let wait = 1000;
  let timer = 0;

  const load = () => {
    timer = 0;
    fetch(location.href, { headers: { "HX-Request": "true", "HX-Target": reload } })
      .then((answer) => (answer.ok ? answer.text() : null))
      .then((text) => text && put(text));
  };

  // What has the keyboard's attention must not vanish under it.
  const isBusy = (old) => old.contains(document.activeElement) && document.activeElement.matches("button,input");

  const put = (text) => {
    const template = document.createElement("template");
    template.innerHTML = text;
    for (const fresh of [...template.content.children]) {
      const old = document.getElementById(fresh.id);
      if (fresh.dataset.title) document.title = fresh.dataset.title;
      if (fresh.dataset.append) {
        const list = document.getElementById(fresh.dataset.append);
        if (old || !list) continue;
        list.append(fresh);
        while (list.children.length > (list.dataset.limit || 5000)) list.firstElementChild.remove();
      } else if (old && (!reload || old.dataset.state === fresh.dataset.state)) {
        if (isBusy(old) && old.dataset.state === fresh.dataset.state) {
          const bars = [old, fresh].map((one) => one.querySelector(".job-progress,.job-bar"));
          if (bars[0] && bars[1]) bars[0].replaceWith(bars[1]);
        } else old.replaceWith(fresh);
      } else if (reload && !timer) {
        // A row that comes or goes is wanted soon; jobs that the list has no room for are no reason to hurry.
        timer = setTimeout(load, old ? 250 : 2000);
      }
    }
  };

  const open = () => {
    const source = new EventSource(`/events?topics=${encodeURIComponent(topics)}&after=${after}`);
    source.addEventListener("fragment", (event) => {
      wait = 1000;
      if (event.lastEventId) after = event.lastEventId;
      put(event.data);
    });
    source.addEventListener("error", () => {
      // A server that says no, or is on its way up, ends the browser's own attempts.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, 30000);
    });
    addEventListener("pagehide", () => source.close(), { once: true });
  };
  open();
  addEventListener("pageshow", (event) => event.persisted && open());
}
