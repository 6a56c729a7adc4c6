// A function of the learner's own: a stepper, with what is to be said below it. A formula has a
// field above it; what is typed there is sent to Python as text.

function render({ model, el }) {
  const root = make("div", { class: "ag-widget ag-own", role: "group", "aria-label": "A function of your own" });
  el.append(root);
  const holder = make("div", {});
  const said = make("div", { class: "ag-remark", role: "status", "aria-live": "polite" });
  if (model.get("_formula") !== null) root.append(formulaField(model));
  root.append(holder, said);
  keepKeys(root, () => {});

  let leave = () => {};
  /** Other names have other sliders: a new stepper in the place of the old one. */
  function rebuild() {
    leave();
    const inside = makeInside(model);
    const place = document.createElement("div");
    const forget = renderInside({ model: inside.model, el: place });
    leave = () => {
      forget();
      inside.leave();
    };
    holder.replaceChildren(place);
  }
  function show() {
    const { words, loud } = model.get("_said");
    said.textContent = words;
    said.classList.toggle("ag-is-loud", loud);
    holder.querySelector(".ag-stepper").setAttribute("aria-label", model.get("_label"));
  }
  rebuild();
  show();
  model.on("change:_sliders", rebuild);
  model.on("change:_said change:_label change:_sliders", show);
  return () => leave();
}

/** The model as a stepper sees it that is replaced one day: from then on it hears and says nothing. */
function makeInside(model) {
  const heard = [];
  let here = true;
  return {
    model: {
      get: (name) => (name === "_kind" ? "stepper" : model.get(name)),
      send: (content) => { if (here) model.send(content); },
      set: (name, value) => { if (here) model.set(name, value); },
      save_changes: () => { if (here) model.save_changes(); },
      on(event, listener) {
        model.on(event, listener);
        heard.push([event, listener]);
      },
    },
    leave() {
      here = false;
      for (const [event, listener] of heard) model.off(event, listener);
    },
  };
}

/** The field, its button, and what is wrong with what was typed. */
function formulaField(model) {
  const id = `ag-refused-${Math.random().toString(36).slice(2)}`;
  const field = control("input", { type: "text", class: "ag-typed", autocomplete: "off", autocapitalize: "off",
    spellcheck: "false", "aria-describedby": id });
  const top = make("span", {});
  const words = make("div", {});
  const lines = make("pre", { class: "ag-caret", "aria-hidden": "true" });
  const refused = make("div", { class: "ag-refused", id, role: "status", "aria-live": "polite" }, words, lines);
  const form = make("form", { class: "ag-formula" },
    make("label", {}, top, field),
    control("button", { type: "submit", class: "ag-button ag-press" }, "Build"));
  const place = make("div", { class: "ag-formula-part" }, form, refused);
  field.value = model.get("_formula");
  if (model.get("_granularities").length === 0) { // a page without Python builds nothing
    place.replaceChildren(make("div", { class: "ag-typed" }, `${model.get("_top")} = ${field.value}`));
    return place;
  }
  const ask = asker(model);
  form.after(ask.silence);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask.press("build", field.value);
  });
  ask.onAnswer(({ with: [typed] }) => {
    const { words: wrong, place: at } = model.get("_refused");
    if (!wrong || field.value !== typed) return; // typed on meanwhile: the caret stays
    field.focus();
    field.setSelectionRange(at, at);
  });
  function show() {
    const { words: wrong = "", lines: pointing = [] } = model.get("_refused");
    top.textContent = `${model.get("_top")} =`;
    field.setAttribute("aria-invalid", String(wrong !== ""));
    words.textContent = wrong || model.get("_label");
    lines.textContent = pointing.join("\n");
    refused.classList.toggle("ag-is-loud", wrong !== "");
    lines.hidden = pointing.length === 0;
  }
  model.on("change:_refused change:_label change:_top", show);
  model.on("change:_formula", () => {
    if (document.activeElement !== field) field.value = model.get("_formula"); // set elsewhere
  });
  show();
  return place;
}

export default { render };
