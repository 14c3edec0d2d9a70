// What every page does where scripts run. Everything here is an addition: pages work without it.
// Parts of a page say what they want by attributes, so that what htmx brings later has it too:
//   data-copy="text"      copies; hidden until scripts run        data-opens="id"   shows a dialog; hidden as well
//   data-closes           takes away the toast or alert it is in  data-island="url" loads a module for its place
//   data-rows             rows walked by j and k                   data-key="t|e|y"  focused or followed by that key
//   data-confirm="text"   asked before a form is sent             data-density      makes tables tight, remembered

const root = document.documentElement;
const zh = root.lang.startsWith("zh");

const kept = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } },
};

// Things that need scripts show themselves; islands are fetched when their place is there.
function wake(place) {
  for (const element of place.querySelectorAll("[data-copy],[data-opens],[data-density]")) element.hidden = false;
  for (const island of place.querySelectorAll("[data-island]:not([data-awake])")) {
    island.dataset.awake = "";
    import(island.dataset.island).then((module) => module.default(island)).catch((error) => console.warn(error));
  }
}

// What is said in passing goes away by itself, unless somebody is reading it or it went wrong.
function expire(toast) {
  if (toast.classList.contains("bad")) return;
  const leave = () => toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove();
  setTimeout(leave, 6000);
}

export function toast(text, tone = "ok") {
  const element = document.createElement("div");
  element.className = `toast ${tone}`;
  element.textContent = text;
  document.getElementById("toasts")?.append(element);
  expire(element);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Pages that came without TLS from elsewhere than this machine have no clipboard; the old way still works.
    const area = document.createElement("textarea");
    area.value = button.dataset.copy;
    area.className = "hidden";
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
  toast(document.body.dataset.copied);
}

// Dialogs, menus
function show(dialog, opener) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.addEventListener("close", () => opener?.focus(), { once: true });
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu.contains(except)) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
}

// Colours, without loading the page again. The address of the link says which are next.
const themes = ["auto", "dark", "light"];
function nextTheme() {
  const now = root.dataset.theme ?? "auto";
  const next = themes[(themes.indexOf(now) + 1) % themes.length];
  if (next === "auto") delete root.dataset.theme; else root.dataset.theme = next;
  document.cookie = `weir-theme=${next}; Max-Age=31536000; Path=/; SameSite=Lax`;
  const following = themes[(themes.indexOf(next) + 1) % themes.length];
  for (const link of document.querySelectorAll("[data-theme-toggle]")) {
    const address = new URL(link.href);
    address.searchParams.set("theme", following);
    link.href = address;
    const text = link.dataset[following];
    if (text) {
      link.title = text;
      link.querySelector(".hidden").textContent = text;
    }
  }
}

// "5 min ago" stays true on a page that stays open: the same words as the server's.
function ago(moment) {
  const seconds = Math.trunc((Date.now() - moment) / 1000), span = Math.abs(seconds), past = seconds >= 0;
  if (span >= 86400) return null;
  if (span < 45) return zh ? (past ? "刚刚" : "马上") : past ? "just now" : "now";
  const hours = span >= 3600, count = hours ? Math.floor(span / 3600) : Math.max(1, Math.floor(span / 60));
  if (zh) return `${count} ${hours ? "小时" : "分钟"}${past ? "前" : "后"}`;
  const unit = hours ? "h" : "min";
  return past ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}
setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const text = ago(Date.parse(time.dateTime));
    if (text && time.textContent.trim() !== text) time.textContent = text;
  }
}, 20000);

// Keys. One of them alone does nothing while somebody types, and all can be turned off (WCAG 2.1.4).
let chord = 0;
const places = { m: "/models", d: "/datasets", s: "/spaces", c: "/console", j: "/console/sync", h: "/" };

function rows() { return [...document.querySelectorAll("[data-rows] > *, .table tbody > tr")].filter((row) => row.querySelector("a")); }
function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("row-current") || row.contains(document.activeElement));
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  document.querySelector(".row-current")?.classList.remove("row-current");
  row.classList.add("row-current");
  // The link itself has the focus, so that Enter opens it and those who listen hear it.
  row.querySelector("a").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function follow(selector) {
  const target = document.querySelector(selector);
  if (!target) return false;
  if (target.matches("input, select, textarea")) { target.focus(); target.select?.(); } else target.click();
  return true;
}

function shortcut(key) {
  if (Date.now() - chord < 1200) {
    chord = 0;
    if (places[key]) { location.href = places[key]; return true; }
  }
  switch (key) {
    case "/": return follow(document.querySelector("[data-key='/']") ? "[data-key='/']" : "#bar-search");
    case "?": show(document.getElementById("keys"), document.activeElement); return true;
    case "g": chord = Date.now(); return true;
    case "j": walk(1); return true;
    case "k": walk(-1); return true;
    case "[": return follow(".pager a[rel=prev]");
    case "]": return follow(".pager a[rel=next]");
    case ".": nextTheme(); return true;
    case "t": case "e": case "y": return follow(`[data-key=${key}]`);
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus();
    if (event.target.matches?.(".bar-search input")) event.target.blur();
    return;
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    import("./palette.mjs").then((module) => module.default());
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
  if (event.target.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable], dialog")) return;
  if (kept.get("weir-keys") === "off" && event.key !== "?") return;
  if (shortcut(event.key)) event.preventDefault();
});

const keysOn = document.getElementById("keys-on");
if (keysOn) {
  keysOn.checked = kept.get("weir-keys") !== "off";
  keysOn.addEventListener("change", () => kept.set("weir-keys", keysOn.checked ? "on" : "off"));
}

// Clicks
// Parts of a page that change by themselves change its address, but not the bar: another language is of what is seen now.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[hreflang]");
  const language = link && new URL(link.href).searchParams.get("lang");
  if (!language) return;
  const here = new URL(location.href);
  here.searchParams.delete("done");
  here.searchParams.set("lang", language);
  link.href = here;
});

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-copy],[data-opens],[data-closes],[data-theme-toggle],[data-density]");
  closeMenus(event.target);
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target.dataset.copy !== undefined) copy(target);
  else if (target.dataset.opens) show(document.getElementById(target.dataset.opens), target);
  else if (target.dataset.closes !== undefined) {
    event.preventDefault();
    target.closest(".toast, .alert")?.remove();
  } else if (target.dataset.density !== undefined) setDensity(!root.classList.contains("dense"));
  else {
    event.preventDefault();
    nextTheme();
  }
});

// Rows as tight as somebody likes them
function setDensity(dense) {
  root.classList.toggle("dense", dense);
  for (const button of document.querySelectorAll("[data-density]")) button.setAttribute("aria-pressed", dense);
  kept.set("weir-dense", dense ? "1" : "");
}
if (kept.get("weir-dense")) setDensity(true);

// A form is sent once, however often its button is pressed; asked about first where it says so.
document.addEventListener("submit", (event) => {
  const form = event.target, question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (form.method === "dialog") return;
  if (event.defaultPrevented || form.dataset.sent !== undefined || (question && !confirm(question))) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post" || form.target === "_blank" || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "";
  // After the form's data were taken, for a disabled button is not part of them.
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"));
});
// The page somebody goes back to may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// htmx: forms are guarded as ours are, what arrives wakes up, and the focus stays where it was.
const csrf = document.querySelector("meta[name=csrf]")?.content;
let focused = null;
document.addEventListener("htmx:configRequest", (event) => {
  if (csrf) event.detail.headers["X-CSRF-Token"] = csrf;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement, target = event.detail.target;
  focused = active && target?.contains(active)
    ? active.id ? `#${CSS.escape(active.id)}` : active.name && active.value
      ? `[name="${CSS.escape(active.name)}"][value="${CSS.escape(active.value)}"]` : null
    : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const place = event.detail.elt ?? document;
  wake(place.querySelectorAll ? place : document);
  if (focused && (document.activeElement === document.body || !document.activeElement)) document.querySelector(focused)?.focus();
  focused = null;
});
document.addEventListener("htmx:responseError", (event) => {
  const id = event.detail.xhr?.getResponseHeader("X-Request-Id");
  toast([event.detail.xhr?.status, id].filter(Boolean).join(" · "), "bad");
});

wake(document);
for (const element of document.querySelectorAll("#toasts .toast")) expire(element);
if (new URL(location.href).searchParams.has("done")) {
  // Loading the page again would say it again.
  const address = new URL(location.href);
  address.searchParams.delete("done");
  history.replaceState(history.state, "", address);
}
