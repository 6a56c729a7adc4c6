// What the browser does: show frames that Python wrote, and report what the learner did.
// Nothing is computed here. All text is set as text, never as HTML.

const ICONS = {
  first: "M5 4v12 M16 4 8 10l8 6z",
  back: "M13 4 7 10l6 6",
  play: "M6 4l9 6-9 6z",
  pause: "M7 4v12 M13 4v12",
  next: "M7 4l6 6-6 6",
  last: "M15 4v12 M4 4l8 6-8 6z",
};
const PLAY_EVERY = 1200; // milliseconds
const PATIENCE = 400;
const SAY_AFTER = 150;
const COMPLAIN_AFTER = 4000;
const SILENCE = "Python does not answer. Run the cell again to make the sliders work.";
const MEASURED = 60; // steps

/** A new element with attributes, texts and children. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Controls keep their keys: JupyterLab would take them for its own shortcuts. */
function control(tag, attributes = {}, ...children) {
  return make(tag, { "data-lm-suppress-shortcuts": "true", ...attributes }, ...children);
}

function iconPath(button, name) {
  button.querySelector("path").setAttribute("d", ICONS[name]);
}

function iconButton(name, label, onClick) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  const button = control("button", { type: "button", class: `ag-button ag-${name}`, title: label, "aria-label": label }, svg);
  iconPath(button, name);
  button.addEventListener("click", onClick);
  return button;
}

/** The drawing: parsed once, then only texts and attributes of its slots change. */
function makePicture(svgText) {
  const parsed = new DOMParser().parseFromString(svgText, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  const slots = new Map();
  for (const element of svg.querySelectorAll("[data-slot]")) slots.set(element.dataset.slot, element);
  slots.set("svg", svg);
  const sheet = make("div", { class: "ag-sheet" }, svg);
  const width = parseFloat(svg.getAttribute("width"));
  sheet.style.minWidth = `${Math.floor(0.65 * width) - 2}px`; // below that it scrolls
  sheet.style.maxWidth = `${1.15 * width}px`;
  const element = make("div", { class: "ag-picture" }, sheet);
  let shown = {};
  return {
    element,
    /** Show the state that frames 0…index add up to. */
    show(frames, index) {
      const state = {};
      for (let i = 0; i <= index; i++) Object.assign(state, frames[i]);
      for (const [key, text] of Object.entries(state)) {
        if (shown[key] === text) continue;
        const [slot, attribute] = key.split("@");
        if (attribute) slots.get(slot).setAttribute(attribute, text);
        else slots.get(slot).textContent = text;
      }
      shown = state;
      follow(element, svg.querySelector(".ag-node.ag-active"));
    },
  };
}

/** In a narrow window: scroll sideways to where something happens. */
function follow(element, active) {
  if (!active || element.scrollWidth <= element.clientWidth) return;
  const [box, view] = [active.getBoundingClientRect(), element.getBoundingClientRect()];
  if (box.left < view.left) element.scrollLeft -= view.left - box.left + 8;
  else if (box.right > view.right) element.scrollLeft += box.right - view.right + 8;
}

/** The equations of a step; each line is a list of [text, kind]. */
function fillEquations(panel, step) {
  const blocks = step.equations.map((equation) => {
    const lines = equation.lines.map((line, number) =>
      make("div", { class: "ag-line" },
        make("span", { class: "ag-left" }, number ? "" : equation.left),
        make("span", { class: "ag-equals" }, "="),
        make("span", {}, ...line.map(([text, kind]) => make("span", { class: kind ? `ag-is-${kind}` : "" }, text)))));
    const notes = [equation.note, equation.local && `where ${equation.local}`].filter(Boolean);
    return make("div", { class: "ag-equation" }, ...lines,
      make("div", { class: "ag-note" }, notes.join("; ") || "\u00a0"));
  });
  panel.replaceChildren(make("div", { class: "ag-equations" }, ...blocks),
    make("div", { class: "ag-rule" }, step.rule || "\u00a0"));
}

/** A labelled slider. `changed(value)` is called while it is dragged. */
function slider({ name, min, max, step, value }, changed) {
  const input = control("input", { type: "range", min, max, step, value, "aria-label": name, "data-input": name });
  const shown = (number) => (number === null ? "not finite" : Number(number).toFixed(2)).replace("-", "\u2212");
  const output = make("output", {}, shown(value));
  input.addEventListener("input", () => {
    output.textContent = shown(input.value);
    changed(Number(input.value));
  });
  return {
    element: make("label", { class: "ag-slider" }, make("span", { class: "ag-name" }, name), input, output),
    set(next) {
      if (Number(input.value) !== next) input.value = next;
      output.textContent = shown(next);
    },
  };
}

/** Sends inputs to Python one at a time: the latest, once those before were answered. */
function inputSender(model) {
  const silence = make("div", { class: "ag-silence", role: "status" });
  let waiting = null;
  let complaint = null;
  let next = {};
  const send = () => {
    const inputs = { ...model.get("inputs"), ...next };
    next = {};
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

function renderStepper(model, root) {
  const steps = () => model.get("_trace").steps;
  const last = () => steps().length - 1;
  let timer = null;
  let saying = null;

  const picture = makePicture(model.get("_svg"));
  const phases = ["forward", "seed", "backward"].map((phase) => {
    const button = control("button", { type: "button", class: `ag-phase ag-phase-${phase}`, "data-phase": phase },
      { forward: "▸ Forward", seed: "Seed", backward: "◂ Backward" }[phase]);
    button.addEventListener("click", () => go(steps().findIndex((step) => step.phase === phase)));
    return button;
  });
  const counter = make("span", { class: "ag-counter" });
  const granularity = control("select", { class: "ag-granularity", "aria-label": "One step is" },
    ...model.get("_granularities").map((value) => make("option", { value }, `by ${value}`)));
  granularity.hidden = model.get("_granularities").length === 0;
  granularity.addEventListener("change", () => {
    stop();
    model.set("granularity", granularity.value);
    model.save_changes();
  });
  const scrub = control("input", { type: "range", class: "ag-scrub", min: 0, step: 1, "aria-label": "Step" });
  scrub.addEventListener("input", () => go(Number(scrub.value)));
  const buttons = {
    first: iconButton("first", "First step (Home)", () => go(0)),
    back: iconButton("back", "Step back (left arrow)", () => go(model.get("step") - 1)),
    play: iconButton("play", "Play (space)", () => (timer ? stop() : play())),
    next: iconButton("next", "Next step (right arrow)", () => go(model.get("step") + 1)),
    last: iconButton("last", "Last step (End)", () => go(last())),
  };
  const panel = make("div", { class: "ag-panel" });
  const live = make("div", { class: "ag-live", role: "status", "aria-live": "polite" });
  const table = make("table", {});

  root.append(
    make("div", { class: "ag-bar" },
      make("div", { class: "ag-phases", role: "group", "aria-label": "Phase" }, ...phases), counter, granularity),
    make("div", { class: "ag-bar" },
      make("div", { class: "ag-buttons", role: "group", "aria-label": "Steps" }, ...Object.values(buttons)), scrub),
    picture.element, panel);
  const inputs = inputSliders(model, model.get("_sliders"), inputSender(model));
  model.on("change:inputs", inputs.show);
  root.append(inputs.element);
  root.append(live, make("details", { class: "ag-table" },
    control("summary", {}, "The steps as a table"), make("div", { class: "ag-scroll" }, table)));

  function go(index) {
    const step = Math.max(0, Math.min(last(), index));
    if (index > last() || step !== index) stop();
    if (step === model.get("step")) return;
    model.set("step", step);
    model.save_changes();
  }
  function play() {
    if (model.get("step") === last()) go(0);
    timer = setInterval(() => (model.get("step") < last() ? go(model.get("step") + 1) : stop()), PLAY_EVERY);
    showPlaying();
  }
  function stop() {
    clearInterval(timer);
    timer = null;
    showPlaying();
  }
  function showPlaying() {
    iconPath(buttons.play, timer ? "pause" : "play");
    buttons.play.title = timer ? "Pause (space)" : "Play (space)";
    buttons.play.setAttribute("aria-label", buttons.play.title);
    say();
  }
  /** To the screen reader: not while playing, and not with every move of an input. */
  function say() {
    const { sentence } = steps()[Math.min(model.get("step"), last())];
    clearTimeout(saying);
    if (!timer) saying = setTimeout(() => { live.textContent = sentence; }, SAY_AFTER);
  }
  /** To the first step of the next phase, or of this one and then of the one before. */
  function goPhase(direction) {
    const starts = ["forward", "seed", "backward"].map((phase) => steps().findIndex((step) => step.phase === phase));
    const now = model.get("step");
    const there = direction > 0 ? starts.find((start) => start > now) : starts.findLast((start) => start >= 0 && start < now);
    go(there ?? (direction > 0 ? last() : 0));
  }

  const KEYS = {
    ArrowRight: () => go(model.get("step") + 1),
    ArrowLeft: () => go(model.get("step") - 1),
    Home: () => go(0),
    End: () => go(last()),
    PageDown: () => goPhase(1),
    PageUp: () => goPhase(-1),
    " ": () => (timer ? stop() : play()),
  };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return; // saving still saves
    if (event.key === "Escape") {
      stop();
      document.activeElement.blur();
      return;
    }
    event.stopPropagation();
    const own = event.target === root || event.target === scrub;
    const stepping = event.target.matches("button.ag-button, button.ag-phase") && event.key !== " ";
    if ((own || stepping) && KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  function show() {
    const { frames, steps: all } = model.get("_trace");
    const index = Math.min(model.get("step"), all.length - 1);
    const step = all[index];
    picture.show(frames, index);
    fillEquations(panel, step);
    root.dataset.step = index;
    root.dataset.phase = step.phase;
    counter.textContent = `step ${index + 1} of ${all.length}`;
    scrub.max = all.length - 1;
    scrub.value = index;
    scrub.setAttribute("aria-valuetext", step.sentence);
    granularity.value = model.get("granularity");
    for (const button of phases) {
      const here = button.dataset.phase === step.phase;
      button.toggleAttribute("disabled", !all.some((one) => one.phase === button.dataset.phase));
      if (here) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    say();
    for (const row of table.querySelectorAll("tbody tr")) {
      row.hidden = Number(row.dataset.row) > index; // what has not happened is not told
      row.classList.toggle("ag-here", Number(row.dataset.row) === index);
    }
  }
  function fillTable() {
    const { head, rows } = model.get("_trace");
    table.replaceChildren(
      make("thead", {}, make("tr", {}, ...head.map((title) => make("th", { scope: "col" }, title)))),
      make("tbody", {}, ...rows.map((row) => {
        const line = make("tr", {}, ...row.map((text) => make("td", {}, text)));
        if (Number(row[0])) { // not the row that stands for those left out
          line.dataset.row = Number(row[0]) - 1;
          line.addEventListener("click", () => go(Number(row[0]) - 1));
        }
        return line;
      })));
  }
  /** Room for the tallest equations, so that stepping moves nothing below. */
  function reserve() {
    const now = model.get("step");
    panel.style.minHeight = "";
    const heights = steps().slice(0, MEASURED).map((step) => {
      fillEquations(panel, step);
      return panel.offsetHeight;
    });
    panel.style.minHeight = `${Math.max(...heights)}px`;
    fillEquations(panel, steps()[Math.min(now, last())]);
  }
  let width = 0;
  new ResizeObserver(() => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    reserve();
  }).observe(root);
  const showAll = () => { fillTable(); show(); };
  model.on("change:step", show);
  model.on("change:_trace", showAll);
  showAll();
  return stop; // called when the view goes; anywidget takes the listeners away itself
}

function renderBench(model, root) {
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
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") document.activeElement.blur();
    else event.stopPropagation();
  });
  model.on("change:_trace", show);
  model.on("change:inputs", () => sliders.show());
  show();
}

function render({ model, el }) {
  const kind = model.get("_kind");
  const root = control("div", { class: `ag-widget ag-${kind}`, tabindex: "0", role: "group", "aria-label": model.get("_label") });
  el.append(root);
  return kind === "stepper" ? renderStepper(model, root) : renderBench(model, root);
}

export default { render };
