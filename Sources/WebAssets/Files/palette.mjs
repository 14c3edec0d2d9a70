// What Ctrl K opens: repositories, people and pages by name, by keyboard alone.
let dialog;

function make() {
  const texts = document.documentElement.lang.startsWith("zh")
    ? { label: "快速跳转", hint: "输入名称、页面或操作", none: "没有结果" }
    : { label: "Jump to", hint: "Name, page or action", none: "Nothing found" };
  dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", texts.label);
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = texts.hint;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-label", texts.hint);
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", "palette-list");
  field.setAttribute("aria-autocomplete", "list");
  field.autocomplete = "off";
  const list = document.createElement("ul");
  list.id = "palette-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", texts.label);
  dialog.append(field, list);
  document.body.append(dialog);
  let chosen = -1;
  let asked = 0;

  function choose(number) {
    const options = list.querySelectorAll("[role=option]");
    if (!options.length) return;
    chosen = (number + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
    field.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const question = ++asked;
    const answer = await fetch("/search/palette?q=" + encodeURIComponent(field.value.trim()), { credentials: "same-origin" });
    if (!answer.ok || question !== asked) return;
    const { items } = await answer.json();
    if (question !== asked) return;
    list.replaceChildren();
    items.forEach((item, index) => {
      const option = document.createElement("li");
      option.id = "palette-" + index;
      option.setAttribute("role", "option");
      const title = document.createElement("span");
      title.textContent = item.title;
      const note = document.createElement("small");
      note.textContent = item.note;
      option.append(title, note);
      option.dataset.address = item.address;
      option.addEventListener("click", () => { location.href = item.address; });
      list.append(option);
    });
    if (!items.length) {
      const none = document.createElement("li");
      none.className = "palette-none";
      none.setAttribute("role", "presentation");
      none.textContent = texts.none;
      list.append(none);
    }
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
    choose(0);
  }

  let timer;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") {
      const option = list.querySelectorAll("[role=option]")[chosen];
      if (option) location.href = option.dataset.address;
      else if (field.value.trim()) location.href = "/search?q=" + encodeURIComponent(field.value.trim());
    } else return;
    event.preventDefault();
  });
  // Beside the dialog is outside of it.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.ask = ask;
  dialog.field = field;
}

export default function () {
  if (!dialog) make();
  if (dialog.open) return dialog.close();
  dialog.field.value = "";
  dialog.showModal();
  dialog.field.focus();
  dialog.ask();
}
