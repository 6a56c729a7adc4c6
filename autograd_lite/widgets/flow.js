// The gradient flow: one bar for each layer, a slider and two choices.

function render({ model, el }) {
  const root = mount(model, el);
  const { depth: [min, max, by = 1], activation, init } = model.get("_choices");
  const ask = asker(model);
  const panels = makePanels(model);
  const said = makeSaid(model);

  const depth = slider({ name: "depth", min, max, step: by, value: model.get("depth"), words: String },
    (value) => ask.set("depth", value));
  const choose = (name, words, choices) => {
    const select = control("select", { "data-input": name },
      ...Object.entries(choices).map(([value, text]) => make("option", { value }, text)));
    select.addEventListener("change", () => ask.set(name, select.value));
    return { select, element: make("label", {}, `${words} `, select) };
  };
  const selects = {
    activation: choose("activation", "Activation", activation),
    init: choose("init", "Weights", init),
  };
  root.append(
    make("div", { class: "ag-side" },
      make("div", { class: "ag-bar" }, depth.element),
      make("div", { class: "ag-bar" }, selects.activation.element, selects.init.element),
      said.element, ask.silence),
    panels.element);

  function show() {
    panels.show();
    said.show();
    if (!ask.isPending("depth")) depth.set(model.get("depth"));
    for (const [name, { select }] of Object.entries(selects)) {
      if (!ask.isPending(name)) select.value = model.get(name);
    }
  }
  keepKeys(root, () => {});
  model.on("change:_trace change:_answered", show);
  show();
}

export default { render };
