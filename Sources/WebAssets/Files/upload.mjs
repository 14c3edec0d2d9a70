// Uploading in pieces: many files, progress of each, going on where a connection or a tab broke.
// The hub hashes what it stores; a file is known by its name, size, time and a sum over samples of it.

const pieceSize = 8 << 20;
const attempts = 6;

export default function (form) {
  const say = (word) => form.dataset["say" + word];
  const list = form.querySelector("[data-list]");
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const problem = form.querySelector("[data-problem]");
  const total = form.querySelector("[data-total]");
  const items = new Map();
  const csrf = () => form.elements.csrf.value;
  const lang = document.documentElement.lang;
  let sending = false;

  // What is uploaded here is not sent with the form once more.
  input.removeAttribute("name");
  input.addEventListener("change", () => { add([...input.files].map((file) => [file.webkitRelativePath || file.name, file])); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = entries.length ? await walk(entries) : [...event.dataTransfer.files].map((file) => [file.name, file]);
    add(files);
  });
  addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); commit(); });

  function add(files) {
    tell("");
    for (const [name, file] of files) {
      const path = form.dataset.folder ? `${form.dataset.folder}/${name}` : name;
      items.get(path)?.remove();
      const item = { path, file, sent: 0, state: "waiting", row: row(path, file) };
      item.remove = () => { item.gone = true; item.abort?.abort(); item.row.remove(); items.delete(path); sum(); };
      item.row.querySelector("[data-remove]").addEventListener("click", () => { discard(item); item.remove(); });
      item.row.querySelector("[data-retry]").addEventListener("click", () => { show(item, "waiting"); run(); });
      items.set(path, item);
      list.append(item.row);
      show(item, "waiting");
    }
    run();
  }

  function row(path, file) {
    const button = (name, word, more) => make("button", { type: "button", className: `button${more}`, textContent: say(word) }, name);
    const remove = button("remove", "Remove", " quiet");
    remove.setAttribute("aria-label", `${say("Remove")} ${path}`);
    const retry = button("retry", "Retry", "");
    retry.hidden = true;
    const bar = make("progress", { max: 1, value: 0 });
    bar.setAttribute("aria-label", path);
    const name = make("div", { className: "upload-name" });
    name.append(make("span", { textContent: path }), " ", make("small", { className: "hint", textContent: bytes(file.size) }));
    const actions = make("span", { className: "upload-actions" });
    actions.append(retry, remove);
    const made = make("li");
    made.append(name, bar, make("span", { className: "upload-note" }), actions);
    return made;
  }

  function show(item, state, note) {
    item.state = state;
    item.row.dataset.state = state;
    const bar = item.row.querySelector("progress");
    bar.value = item.file.size ? item.sent / item.file.size : state === "done" ? 1 : 0;
    const words = { waiting: say("Waiting"), done: say("Done"), failed: say("Failed"), ignored: say("Ignored") };
    const parts = [note ?? words[state] ?? `${bytes(item.sent)} / ${bytes(item.file.size)}`];
    if (item.isLarge && state !== "ignored") parts.push(say("Large"));
    if (item.replaces && state !== "ignored") parts.push(say("Replaces"));
    item.row.querySelector(".upload-note").textContent = parts.join(" · ");
    item.row.querySelector("[data-retry]").hidden = state !== "failed";
    sum();
  }

  function sum() {
    const all = [...items.values()].filter((item) => item.state !== "ignored");
    const size = all.reduce((sum, item) => sum + item.file.size, 0);
    const sent = all.reduce((sum, item) => sum + item.sent, 0);
    total.hidden = all.length === 0;
    total.querySelector("progress").value = size ? sent / size : all.every((item) => item.state === "done") ? 1 : 0;
    total.querySelector("span").textContent = `${bytes(sent)} / ${bytes(size)}`;
    document.title = sending ? `${size ? Math.floor(100 * sent / size) : 100}% · ${original}` : original;
  }
  const original = document.title;

  let running = null;
  function run() { running ??= loop().finally(() => { running = null; sending = false; sum(); }); return running; }

  async function loop() {
    sending = true;
    for (;;) {
      const next = [...items.values()].find((item) => item.state === "waiting");
      if (!next) return;
      try {
        await upload(next);
      } catch (error) {
        if (!next.gone) show(next, "failed", error.message || say("Failed"));
      }
    }
  }

  async function upload(item) {
    item.token ??= await fingerprint(item);
    const sample = base64(await item.file.slice(0, 512).arrayBuffer());
    const plan = (await post(form.dataset.plan, { files: [describe(item, { sample })] })).files[0];
    if (plan.error) throw new Error(plan.error);
    item.isLarge = plan.isLarge;
    item.replaces = plan.replaces;
    if (plan.isIgnored) return show(item, "ignored");
    item.sent = plan.offset;
    show(item, "sending", plan.offset > 0 && plan.offset < item.file.size ? say("Resumed") : undefined);
    let failures = 0;
    while (item.sent < item.file.size && !item.gone) {
      try {
        await piece(item);
        failures = 0;
      } catch (error) {
        if (item.gone) return;
        failures += 1;
        if (error.final || failures > attempts) throw error;
        show(item, "sending", say("Offline"));
        await new Promise((done) => setTimeout(done, Math.min(15000, 500 * 2 ** failures)));
        // The hub knows how much of it arrived.
        try { item.sent = (await post(form.dataset.plan, { files: [describe(item)] })).files[0].offset; } catch { /* next time */ }
      }
    }
    if (!item.gone) show(item, "done");
  }

  function piece(item) {
    const start = item.sent;
    const body = item.file.slice(start, start + pieceSize);
    const query = new URLSearchParams({ token: item.token, size: item.file.size, offset: start, large: item.isLarge });
    const path = item.path.split("/").map(encodeURIComponent).join("/");
    // fetch tells nothing of what it has sent.
    const request = new XMLHttpRequest();
    item.abort = request;
    return new Promise((resolve, reject) => {
      request.open("PUT", `${form.dataset.piece}/${path}?${query}`);
      request.setRequestHeader("X-CSRF-Token", csrf());
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.onprogress = (event) => { item.sent = start + event.loaded; show(item, "sending"); };
      request.onload = () => {
        const answer = parse(request.responseText);
        if (request.status < 300) { item.sent = answer.offset; resolve(); return; }
        item.sent = start;
        const error = new Error([answer.error, answer.remedy].filter(Boolean).join(" ") || say("Failed"));
        error.final = request.status < 500 && request.status !== 409;
        reject(error);
      };
      request.onerror = request.onabort = () => { item.sent = start; reject(new Error(say("Offline"))); };
      request.send(body);
    });
  }

  async function commit() {
    tell("");
    await run();
    const files = [...items.values()].filter((item) => item.state !== "ignored");
    if (!files.length) return tell(say("None"));
    if (files.some((item) => item.state !== "done")) return tell(say("Unfinished"));
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    total.querySelector("span").textContent = say("Committing");
    try {
      const fields = new FormData(form);
      const answer = await post(form.dataset.commit, {
        files: files.map((item) => describe(item)), summary: fields.get("summary"), description: fields.get("description"), target: fields.get("target"),
      });
      location.assign(answer.location);
    } catch (error) {
      tell(error.message);
      button.disabled = false;
      sum();
    }
  }

  const describe = (item, more) => ({ path: item.path, size: item.file.size, token: item.token, isLarge: Boolean(item.isLarge), ...more });
  const discard = (item) => { if (item.token) post(form.dataset.plan, { files: [], discarded: [describe(item)] }).catch(() => {}); };

  async function post(address, body) {
    const answer = await fetch(address, {
      method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf() },
    });
    const read = parse(await answer.text());
    if (!answer.ok) throw new Error([read.error, read.remedy].filter(Boolean).join(" ") || say("Failed"));
    return read;
  }

  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
    if (text) problem.scrollIntoView({ block: "nearest" });
  }

  function bytes(count) {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (count >= 1000 && unit < 4) { count /= 1000; unit += 1; }
    return `${count.toLocaleString(lang, { maximumFractionDigits: unit && count < 100 ? 1 : 0 })} ${units[unit]}`;
  }
}

function make(tag, properties = {}, mark) {
  const made = Object.assign(document.createElement(tag), properties);
  if (mark) made.dataset[mark] = "";
  return made;
}

function parse(text) { try { return JSON.parse(text); } catch { return {}; } }

function base64(buffer) { return btoa(String.fromCharCode(...new Uint8Array(buffer))); }

// Files of a folder that was dropped, with their paths in it.
async function walk(entries, before = "") {
  const found = [];
  for (const entry of entries) {
    if (entry.isFile) {
      found.push([before + entry.name, await new Promise((done, fail) => entry.file(done, fail))]);
    } else {
      const reader = entry.createReader();
      for (;;) {
        const part = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!part.length) break;
        found.push(...await walk(part, `${before}${entry.name}/`));
      }
    }
  }
  return found;
}

// Names the upload so that the same file goes on and another does not: FNV-1a over where it goes, its size and time, and
// 64 KiB of its beginning, middle and end. Digests need https, so the hub makes them.
async function fingerprint(item) {
  const { file, path } = item;
  const part = 65536;
  const samples = [0, Math.max(0, Math.floor(file.size / 2) - part / 2), Math.max(0, file.size - part)];
  let [one, two] = [0x811c9dc5, 0x01234567];
  const mix = (data) => {
    for (const byte of data) {
      one = Math.imul(one ^ byte, 0x01000193) >>> 0;
      two = Math.imul(two ^ byte, 0x01000193) >>> 0;
      two = (two ^ (two >>> 15)) >>> 0;
    }
  };
  mix(new TextEncoder().encode(`${path}\0${file.size}\0${file.lastModified}`));
  for (const start of samples) mix(new Uint8Array(await file.slice(start, start + part).arrayBuffer()));
  const hex = (number) => number.toString(16).padStart(8, "0");
  return hex(one) + hex(two);
}
