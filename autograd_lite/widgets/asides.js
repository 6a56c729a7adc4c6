// The views beside the steps: paths, check, nudge. Python wrote their tables and their marks.

const ABOUT = {
  steps: "both passes, a step at a time",
  paths: "every path from an input to the output",
  check: "each gradient beside a difference of values",
  nudge: "move an input by h, and compare",
};
const ASKS = { paths: "Paths from", nudge: "Nudge" };
const FAR = 1; // how far the slider moves an input to either side

function makeAsides(model, holder) {
  const own = Math.random().toString(36).slice(2); // radio buttons of two views are two groups
  const view = () => model.get("view");
  const isOpen = () => view() !== "steps";
  /** What Python wrote of the open view; null while it still writes. */
  const data = () => {
    const pages = model.get("_pages")[view()];
    const found = pages ? pages[model.get("leaf")] ?? Object.values(pages)[0] : model.get("_aside");
    return found?.view === view() ? found : null;
  };
  let complaint = null;
  const silence = make("div", { class: "ag-silence", role: "status" });
  const set = (name, value) => {
    if (model.get(name) === value) return;
    // Python may be busy, or gone: then what was asked for does not come.
    const answered = name !== "path" && value !== "steps" && Object.keys(model.get("_pages")).length === 0;
    if (answered) complaint ??= setTimeout(() => { silence.textContent = BUSY; }, COMPLAIN_AFTER);
    model.set(name, value);
    model.save_changes();
  };
  const calm = () => {
    clearTimeout(complaint);
    complaint = null;
    silence.textContent = "";
  };
  model.on("change:_aside", calm);

  const radios = model.get("_views").map((name) => {
    const radio = control("input", { type: "radio", name: `view-${own}`, value: name });
    radio.addEventListener("change", () => set("view", name));
    return radio;
  });
  const chooser = make("div", { class: "ag-views", role: "radiogroup", "aria-label": "Show" },
    make("span", { class: "ag-is-faint", "aria-hidden": "true" }, "Show"),
    ...radios.map((radio) => make("label", { title: ABOUT[radio.value] }, radio, radio.value)));
  chooser.hidden = radios.length === 0;

  const asks = make("span", {});
  const select = control("select", {});
  const leaf = make("label", {}, asks, select);
  select.addEventListener("change", () => set("leaf", select.value));
  const typed = control("input", { type: "number", step: model.get("_h_step"), "aria-label": "h" });
  const slid = control("input", { type: "range", min: -FAR, max: FAR, step: model.get("_h_step"), "aria-label": "h, dragged" });
  for (const input of [typed, slid]) {
    input.addEventListener("input", () => {
      if (input.value !== "" && Number.isFinite(Number(input.value))) set("h", Number(input.value));
    });
  }
  typed.addEventListener("blur", () => { typed.value = model.get("h"); }); // half a number is none
  const nudge = make("span", { class: "ag-asked" }, make("label", {}, "by h =", typed), slid);
  const title = make("div", { class: "ag-words" });
  const told = make("div", { class: "ag-told" });
  const note = make("div", { class: "ag-note" });
  const parts = [make("div", { class: "ag-asked" }, leaf, nudge), title, told, note, silence];
  const element = make("div", { class: "ag-aside" });
  let shown = null;

  /** A row; those that can be chosen begin with a radio button, others may have a bar. */
  function makeRow(cells, place, table, choices) {
    const row = make("tr", {}, ...cells.map(([text, kind], column) => {
      const cell = make(column ? "td" : "th", column ? { class: kind ? `ag-is-${kind}` : "" } : { scope: "row" });
      if (column || place >= choices) cell.textContent = text;
      else cell.append(make("label", {}, makeChoice(place), text));
      return cell;
    }));
    if (table.bars.length) {
      const bar = make("i", { style: `width: ${100 * table.bars[place]}%` });
      row.append(make("td", { class: `ag-share ag-is-${cells.at(-1)[1]}`, "aria-hidden": "true" }, bar));
    }
    if (place < choices) row.addEventListener("click", () => set("path", place));
    return row;
  }
  function makeChoice(place) {
    const radio = control("input", { type: "radio", name: `path-${own}`, value: place });
    radio.addEventListener("change", () => set("path", place));
    return radio;
  }
  function makeTable(table, number, choices) {
    const head = table.head.some(Boolean)
      ? [make("thead", {}, make("tr", {}, ...table.head.map((name) => make("th", { scope: "col" }, name))))] : [];
    return make("table", {}, ...head, make("tbody", {}, ...table.rows.map((row, place) =>
      makeRow(row, place, table, number ? 0 : choices))));
  }
  function fill(now) {
    asks.textContent = ASKS[now.view] ?? "";
    select.setAttribute("aria-label", asks.textContent);
    leaf.hidden = now.options.length === 0;
    select.replaceChildren(...now.options.map((name) => make("option", { value: name }, name)));
    select.value = now.leaf;
    const choices = now.frames.length - 1;
    const focused = told.contains(document.activeElement);
    title.textContent = `${now.title}.`;
    note.textContent = now.note;
    told.replaceChildren(...now.tables.map((table, number) => makeTable(table, number, choices)));
    if (focused) told.querySelector(`input[value="${chosen(now)}"]`)?.focus();
  }
  /** The path that is marked: the last one, if there are fewer by now. */
  const chosen = (now) => Math.max(0, Math.min(model.get("path"), now.frames.length - 2));

  /** The boxes of inputs become buttons, as long as a view asks for one. */
  function makeButtons(now) {
    const svg = holder.querySelector("svg");
    if (now.options.length) svg.setAttribute("role", "group");
    for (const [key, name] of now.options.length ? Object.entries(now.boxes) : []) {
      const box = svg.querySelector(`[data-slot="${key}"]`);
      const labels = { role: "button", tabindex: "0", "data-leaf": name, "data-lm-suppress-shortcuts": "true",
        "aria-label": `${ASKS[now.view]} ${name}`, "aria-pressed": String(now.leaf.replace(/\[[\d,]+\]$/, "") === name || now.leaf === name) };
      for (const [attribute, text] of Object.entries(labels)) box.setAttribute(attribute, text);
    }
  }
  holder.addEventListener("click", (event) => {
    const box = event.target.closest("[data-leaf]");
    if (box) set("leaf", box.dataset.leaf);
  });
  /** Another view was asked for, and Python still computes it. */
  function wait() {
    leaf.hidden = nudge.hidden = true;
    title.textContent = "";
    note.textContent = "";
    told.replaceChildren();
    shown = null;
  }
  function show(picture) {
    for (const radio of radios) radio.checked = radio.value === view();
    element.hidden = !isOpen();
    if (!isOpen()) {
      element.replaceChildren();
      calm();
      return;
    }
    if (!element.hasChildNodes()) element.append(...parts);
    const now = data();
    if (!now) {
      wait();
      return;
    }
    nudge.hidden = view() !== "nudge";
    for (const input of [typed, slid]) {
      if (document.activeElement !== input || Number(input.value) !== model.get("h")) input.value = model.get("h");
    }
    if (now !== shown) fill(now);
    shown = now;
    for (const radio of told.querySelectorAll("input")) radio.checked = Number(radio.value) === chosen(now);
    picture.show([now.frames[0], now.frames[chosen(now) + 1] ?? {}], 1);
    makeButtons(now);
  }
  return {
    chooser,
    element,
    isOpen,
    show,
    sentence: () => (data() ? `${data().title}. ${data().note}` : ""),
    /** A key on the box of an input chooses it. */
    press(event) {
      const name = event.target.dataset?.leaf;
      if (name === undefined || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      set("leaf", name);
    },
  };
}
