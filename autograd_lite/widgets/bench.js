// The gate bench: one gate, predictions, what was said of them.

function render({ model, el }) {
  const root = mount(model, el);
  const gates = control("select", { class: "ag-gate" },
    ...model.get("_gates").map((gate) => make("option", { value: gate }, gate)));
  gates.addEventListener("change", () => {
    model.set("gate", gates.value);
    model.save_changes();
  });
  const holder = make("div", {});
  const inputs = make("div", {});
  const form = make("form", { class: "ag-predictions" });
  const feedback = make("div", { class: "ag-feedback", role: "status", "aria-live": "polite" });
  const panel = make("div", { class: "ag-panel" });
  root.append(make("div", { class: "ag-bar" }, make("label", {}, "Gate ", gates)), holder, inputs, form, feedback, panel);
  const sender = inputSender(model);
  let drawn = null;
  let picture = null;
  let sliders = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = [...form.querySelectorAll("input")];
    model.send({ predictions: Object.fromEntries(fields.map((field) => [field.dataset.predict, field.value])) });
  });
  /** Another gate is another drawing, with other fields. */
  function rebuild({ svg, asked, sliders: ranges }) {
    drawn = svg;
    picture = makePicture(svg);
    holder.replaceChildren(picture.element);
    sliders = inputSliders(model, ranges, sender);
    inputs.replaceChildren(sliders.element);
    form.replaceChildren(...asked.map((name) =>
      make("label", {}, `gradient of ${name} = `,
        control("input", { type: "text", inputmode: "decimal", size: 8, "data-predict": name, autocomplete: "off" }))),
      control("button", { type: "submit", class: "ag-button ag-look" }, "Look"));
  }
  function show() {
    const scene = model.get("_trace");
    if (scene.svg !== drawn) rebuild(scene);
    gates.value = model.get("gate");
    picture.show(scene.frames, scene.index);
    feedback.replaceChildren(...scene.feedback.map((line) => make("div", {}, line)));
    if (scene.step) fillEquations(panel, scene.step);
    else panel.replaceChildren(make("div", { class: "ag-note" }, "Type your predictions, then press Look."));
  }
  keepKeys(root, () => {});
  model.on("change:_trace", show);
  model.on("change:inputs", () => sliders.show());
  show();
}

export default { render };
