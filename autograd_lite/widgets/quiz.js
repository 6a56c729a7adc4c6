// The quiz: a picture with covered numbers, a field for each, and what was said of it.

function render({ model, el }) {
  const root = mount(model, el);
  const ask = asker(model);
  const picture = makePicture(model.get("_svg"));
  unbutton(picture.element);
  const form = make("form", { class: "ag-questions" });
  const panel = make("div", { class: "ag-panel" });
  const live = make("div", { class: "ag-live", role: "status", "aria-live": "polite" });
  const counter = make("span", { class: "ag-counter" });
  const rows = model.get("_trace").fields.map(({ label }) => makeRow(label));
  const all = control("button", { type: "button", class: "ag-button ag-press" }, "Show all");
  all.addEventListener("click", () => {
    ask.press("show");
    root.focus(); // the button is about to be switched off
  });
  form.append(...rows.flatMap((row) => row.elements));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const open = rows.filter((row) => !row.input.readOnly);
    const changed = open.filter((row) => row.input.value !== row.text);
    const typed = (changed.length ? changed : open).map((row) => [row.label, row.input.value]);
    if (typed.length) ask.press("check", Object.fromEntries(typed));
  });
  form.append(make("div", { class: "ag-bar ag-last-row" },
    control("button", { type: "submit", class: "ag-button ag-press" }, "Check"), all, counter));
  root.append(picture.element, form, ask.silence, live, panel);

  function makeRow(label) {
    const id = `ag-${Math.random().toString(36).slice(2)}`;
    const input = control("input", { type: "text", size: 10, autocomplete: "off", spellcheck: "false", "data-asked": label, "aria-describedby": id });
    const button = control("button", { type: "button", class: "ag-button ag-press", "aria-label": `Show the ${label}` }, "Show");
    const verdict = make("span", { class: "ag-verdict", id });
    button.addEventListener("click", () => {
      ask.press("show", label);
      input.focus();
    });
    return { label, input, button, verdict, text: "",
      elements: [make("label", {}, make("span", {}, `${label} =`), input), button, verdict] };
  }
  function show() {
    const { frames, fields, equations, said, score } = model.get("_trace");
    picture.show(frames, 0);
    fields.forEach((field, i) => {
      const row = rows[i];
      row.verdict.textContent = field.verdict;
      row.input.readOnly = row.button.disabled = field.known;
      if (row.text !== field.text) row.input.value = row.text = field.text; // else it is being typed
    });
    all.disabled = fields.every((field) => field.known);
    counter.textContent = score;
    live.textContent = said;
    if (equations.length) fillEquations(panel, { equations, rule: "" });
    else panel.replaceChildren(make("div", { class: "ag-note" }, "Type a number and press Enter. The equation behind it appears here."));
  }
  keepKeys(root, () => {});
  const observer = new ResizeObserver(picture.follow); // once there is a width
  observer.observe(root);
  model.on("change:_trace", show);
  show();
  return () => observer.disconnect();
}

export default { render };
