// The editor over a textarea: CodeMirror where it is installed, a preview, and a draft that survives the tab.
// Without CodeMirror, or where it fails, the textarea stays.

const draftAge = 7 * 86400e3;

// The colours of the page.
const theme = {
  "&": { color: "var(--text)", backgroundColor: "var(--surface)" },
  ".cm-gutters": { color: "var(--text-3)", backgroundColor: "var(--sunken)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
};

export default function (place) {
  const area = place.querySelector("textarea");
  const form = area.closest("form");
  const editor = { get: () => area.value, set: (text) => { area.value = text; }, line: (number) => select(area, number) };
  if (place.dataset.draft) keepDraft(place, area, form, editor);
  preview(place, editor);
  if (place.dataset.codemirror) dress(place, area, form, editor).catch(() => { area.hidden = false; });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    editor.line(Number(link.dataset.line));
  });
}

function select(area, number) {
  const start = area.value.split("\n").slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
  const end = area.value.indexOf("\n", start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
}

async function dress(place, area, form, editor) {
  const cm = await import(place.dataset.codemirror);
  const dark = getComputedStyle(document.documentElement).colorScheme.startsWith("dark")
    || (document.documentElement.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const language = new cm.Compartment();
  const extensions = [
    cm.basicSetup, cm.EditorView.lineWrapping, language.of([]),
    cm.EditorView.cspNonce.of(place.dataset.nonce),
    cm.EditorView.domEventHandlers({ beforeinput: (event, view) => replaceSelected(cm, event, view) }),
    cm.EditorView.contentAttributes.of({ "aria-label": area.labels[0]?.textContent ?? "", id: "editor-content", tabindex: "0" }),
    cm.EditorView.theme(theme, { dark }),
    // Tab leaves the editor, as keyboards need it; indenting is Ctrl-] there.
    cm.EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      area.value = update.state.doc.toString();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }),
  ];
  extensions.push(cm.syntaxHighlighting(dark ? cm.oneDarkHighlightStyle : lightStyle(cm)));
  const view = new cm.EditorView({ doc: area.value, extensions, parent: place });
  area.after(view.dom);
  area.hidden = true;
  area.labels[0]?.addEventListener("click", () => view.focus());
  editor.get = () => view.state.doc.toString();
  editor.set = (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  editor.line = (number) => {
    const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
    view.dispatch({ selection: { anchor: line.from, head: line.to }, scrollIntoView: true });
    view.focus();
  };
  form.addEventListener("submit", () => { area.value = editor.get(); });
  const name = place.dataset.file || form.querySelector("[name=name]")?.value || "";
  const found = cm.LanguageDescription.matchFilename(cm.languages, name.split("/").pop());
  if (found) view.dispatch({ effects: language.reconfigure(await found.load()) });
}

// Headings without a line below them: to Markdown the metadata of a card is one.
function lightStyle(cm) {
  return cm.HighlightStyle.define(cm.defaultHighlightStyle.specs.map((spec) =>
    spec.fontWeight === "bold" && spec.textDecoration ? { ...spec, textDecoration: "none" } : spec));
}

// A browser that replaces selected text itself keeps its looks in a style attribute, which the policy refuses.
function replaceSelected(cm, event, view) {
  const { main } = view.state.selection;
  const text = event.data;
  if (event.inputType !== "insertText" || !text || main.empty || view.composing || view.state.readOnly) return false;
  const change = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
  const isHandled = view.state.facet(cm.EditorView.inputHandler).some((each) => each(view, main.from, main.to, text, change));
  if (!isHandled) view.dispatch(change());
  event.preventDefault();
  return true;
}

function keepDraft(place, area, form, editor) {
  const key = `weir-draft ${place.dataset.draft}`;
  const original = area.value;
  let saved;
  try { saved = JSON.parse(localStorage.getItem(key)); } catch { saved = null; }
  if (saved && saved.base === place.dataset.base && saved.text !== original && Date.now() - saved.time < draftAge) {
    const bar = document.createElement("p");
    bar.className = "editor-draft";
    bar.setAttribute("role", "status");
    bar.append(place.dataset.restored + " ");
    bar.append(button(place.dataset.restore, () => { editor.set(saved.text); bar.remove(); }),
      button(place.dataset.drop, () => { localStorage.removeItem(key); bar.remove(); }));
    place.prepend(bar);
  } else if (saved) localStorage.removeItem(key);
  let timer;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      try {
        localStorage.setItem(key, JSON.stringify({ base: place.dataset.base, text: area.value, time: Date.now() }));
      } catch { /* no room: the page itself still has it */ }
    }, 400);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!event.submitter?.value.startsWith("fix:")) localStorage.removeItem(key);
  });
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function preview(place, editor) {
  const toggle = place.querySelector("[data-preview-button]");
  const target = place.querySelector("[data-preview-place]");
  if (!toggle || !place.dataset.preview) return;
  const label = toggle.textContent;
  toggle.hidden = false;
  toggle.addEventListener("click", async (event) => {
    event.preventDefault();
    const on = toggle.getAttribute("aria-pressed") !== "true";
    if (on) {
      const form = toggle.form;
      const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: editor.get() });
      const answer = await fetch(place.dataset.preview, {
        method: "POST", body, headers: { "HX-Request": "true", "HX-Target": "preview" },
      });
      const read = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      target.replaceChildren(...read.body.childNodes);
    }
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = on ? toggle.dataset.write : label;
    target.hidden = !on;
    place.classList.toggle("previewing", on);
  });
}
