// How the browser asks Python: sliders, buttons, and what is said while no answer comes.

const PATIENCE = 400; // milliseconds
const COMPLAIN_AFTER = 4000;
const BUSY = "Python is busy: it answers when the running cell is done. If none runs, run this cell again.";
const SILENCE = "Python does not answer. Run this cell again; after a restart of the kernel, first all cells above it.";

const twoDecimals = (number) => (number === null ? "not finite" : Number(number).toFixed(2)).replace("-", "\u2212");

/** A labelled slider. `changed(value)` is called while it is dragged. */
function slider({ name, min, max, step, value, words = twoDecimals }, changed) {
  const input = control("input", { type: "range", min, max, step, value, "aria-label": name, "data-input": name });
  const output = make("output", {}, words(value));
  input.addEventListener("input", () => {
    output.textContent = words(input.value);
    changed(Number(input.value));
  });
  return {
    element: make("label", { class: "ag-slider" }, make("span", { class: "ag-name" }, name), input, output),
    set(next, text = words(next)) {
      if (Number(input.value) !== next) input.value = next;
      output.textContent = text;
    },
  };
}

/** Sends inputs to Python one at a time: the latest, once those before were answered. */
function inputSender(model) {
  const silence = make("div", { class: "ag-silence", role: "status" });
  let waiting = null;
  let complaint = null;
  let next = Object.create(null); // an input may be called "constructor"
  const send = () => {
    const inputs = { ...model.get("inputs"), ...next };
    next = Object.create(null);
    if (JSON.stringify(inputs) === JSON.stringify(model.get("inputs"))) return;
    waiting = setTimeout(goOn, PATIENCE); // an error, or no change, is no answer
    complaint ??= setTimeout(() => { silence.textContent = SILENCE; }, COMPLAIN_AFTER);
    model.set("inputs", inputs);
    model.save_changes();
  };
  const goOn = () => {
    clearTimeout(waiting);
    waiting = null;
    if (Object.keys(next).length) send();
  };
  model.on("change:_trace", () => {
    clearTimeout(complaint);
    complaint = null;
    silence.textContent = "";
    goOn();
  });
  return {
    silence,
    isPending: (name) => name in next,
    send(name, value) {
      next[name] = value;
      if (waiting === null) send();
    },
  };
}

/** A slider for each of `ranges`, all kept in one trait of the model. */
function inputSliders(model, ranges, sender) {
  const sliders = ranges.map((range) => ({
    name: range.name,
    ...slider({ ...range, value: model.get("inputs")[range.name] }, (value) => sender.send(range.name, value)),
  }));
  return {
    element: make("div", { class: "ag-inputs" }, ...sliders.map((one) => one.element), sender.silence),
    show() {
      for (const one of sliders) {
        if (!sender.isPending(one.name)) one.set(model.get("inputs")[one.name]);
      }
    },
  };
}

/** Asks Python for one thing at a time, in order: buttons and settings share the one way. */
function asker(model) {
  const silence = make("div", { class: "ag-silence", role: "status" });
  const view = Math.random().toString(36).slice(2);
  const queue = [];
  let count = 0;
  let waiting = null;
  let complaint = null;
  let answered = () => {};
  let silent = () => {};
  /** A busy Python answers later, so what was asked is kept; one that is gone never does. */
  const complain = (gone) => {
    clearTimeout(complaint);
    silence.textContent = gone ? SILENCE : BUSY;
    if (!gone) return;
    waiting = null;
    queue.length = 0;
    silent();
  };
  const next = () => {
    if (waiting || queue.length === 0) return;
    waiting = { id: `${view} ${count++}`, ...queue.shift() };
    complaint = setTimeout(complain, COMPLAIN_AFTER, false);
    try {
      model.send(waiting);
    } catch {
      complain(true); // there is no kernel any more
    }
  };
  model.on("change:_answered", () => {
    silence.textContent = "";
    if (model.get("_answered") !== waiting?.id) return;
    clearTimeout(complaint);
    const done = waiting;
    waiting = null;
    answered(done);
    next();
  });
  const push = (request) => {
    queue.push(request);
    next();
  };
  return {
    silence,
    isPending: (name) => [waiting, ...queue].some((request) => request?.set === name),
    onAnswer(listener) { answered = listener; },
    onSilence(listener) { silent = listener; },
    isAsked: (button) => [waiting, ...queue].some((request) => request?.press === button),
    press: (button, ...given) => push({ press: button, with: given }),
    /** Not to be asked any more, if it still waits. */
    drop(button) {
      const kept = queue.filter((request) => request.press !== button);
      queue.splice(0, queue.length, ...kept);
    },
    /** A newer value takes the place of the one that still waits, if no button was between. */
    set(name, value) {
      if (queue.at(-1)?.set === name) queue.at(-1).value = value;
      else push({ set: name, value });
    },
  };
}
