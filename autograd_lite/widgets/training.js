// The training loop: four buttons that each change one thing, and one that repeats them.

const STEPS_A_TICK = 25;

function render({ model, el }) {
  const root = mount(model, el);
  const rates = model.get("_rates");
  const ask = asker(model);
  const panels = makePanels(model);
  const said = makeSaid(model);
  const counter = make("span", { class: "ag-counter" });
  let running = false;

  const press = (name, words, title) => {
    const button = control("button", { type: "button", class: `ag-button ag-press ag-${name}`, title }, words);
    button.addEventListener("click", () => {
      stop();
      ask.press(name);
    });
    return button;
  };
  const run = control("button", { type: "button", class: "ag-button ag-press ag-run", title: "All four again and again" }, "Run");
  run.addEventListener("click", () => (running ? stop() : start()));
  const rate = slider({
    name: "learning rate", min: 0, max: rates.length - 1, step: 1, value: nearest(), words: (place) => String(rates[place]),
  }, (place) => ask.set("lr", rates[place]));
  const zeroing = control("input", { type: "checkbox", "data-input": "zeroing" });
  zeroing.addEventListener("change", () => ask.set("zeroing", zeroing.checked));

  root.append(
    make("div", { class: "ag-bar" },
      press("forward", "▸ Forward", "Compute the values"),
      press("backward", "◂ Backward", "Add to the gradients"),
      press("step", "Step", "Move the parameters"),
      press("zero", "Zero", "Empty the gradients"),
      run,
      press("reset", "Reset", "Start again"), counter),
    make("div", { class: "ag-bar" }, rate.element,
      make("label", { class: "ag-switch" }, zeroing, "Run zeroes the gradients")),
    said.element, ask.silence, panels.element);

  /** Where the slider stands for the rate: Python may have set one between two of its places. */
  function nearest() {
    const far = (one) => Math.abs(Math.log(one / model.get("lr")));
    return rates.reduce((best, one, place) => (far(one) < far(rates[best]) ? place : best), 0);
  }
  function start() {
    running = true;
    showRunning();
    goOn();
  }
  /** One chain of runs at a time. */
  function goOn() {
    if (running && !ask.isAsked("run")) ask.press("run", STEPS_A_TICK);
  }
  function stop() {
    running = false;
    ask.drop("run");
    showRunning();
  }
  function showRunning() {
    run.textContent = running ? "Pause" : "Run";
    said.show(!running);
  }
  // The next steps are asked for once the last are drawn, so nothing piles up.
  ask.onAnswer(({ press: button }) => {
    if (button !== "run" || !running) return;
    if (model.get("_trace").stopped) return stop();
    requestAnimationFrame(goOn);
  });
  ask.onSilence(stop);

  function show() {
    panels.show();
    said.show(!running);
    const { steps } = model.get("_trace");
    counter.textContent = `${steps} step${steps === 1 ? "" : "s"} taken`;
    if (!ask.isPending("lr")) rate.set(nearest(), String(model.get("lr")));
    if (!ask.isPending("zeroing")) zeroing.checked = model.get("zeroing");
  }
  keepKeys(root, stop);
  model.on("change:_trace change:lr change:zeroing change:_answered", show);
  show();
  return stop; // called when the view goes
}

export default { render };
