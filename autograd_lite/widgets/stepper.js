// The stepper: the graph, its steps, its sliders.

const PLAY_EVERY = 1200; // milliseconds
const SAY_AFTER = 150;
const MEASURED = 60; // steps

function render({ model, el }) {
  const root = mount(model, el);
  const steps = () => model.get("_trace").steps;
  const last = () => steps().length - 1;
  const here = () => Math.min(model.get("step"), last()); // fewer steps may have come meanwhile
  let timer = null;
  let saying = null;

  const holder = make("div", {});
  let picture = null;
  let drawn = null;
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
    back: iconButton("back", "Step back (left arrow)", () => go(here() - 1)),
    play: iconButton("play", "Play (space)", () => (timer ? stop() : play())),
    next: iconButton("next", "Next step (right arrow)", () => go(here() + 1)),
    last: iconButton("last", "Last step (End)", () => go(last())),
  };
  const panel = make("div", { class: "ag-panel" });
  const live = make("div", { class: "ag-live", role: "status", "aria-live": "polite" });
  const table = make("table", {});

  const asides = makeAsides(model, holder);
  const bars = [
    make("div", { class: "ag-bar" },
      make("div", { class: "ag-phases", role: "group", "aria-label": "Phase" }, ...phases), counter, granularity),
    make("div", { class: "ag-bar" },
      make("div", { class: "ag-buttons", role: "group", "aria-label": "Steps" }, ...Object.values(buttons)), scrub)];
  root.append(asides.chooser, ...bars, holder, panel, asides.element);
  const inputs = inputSliders(model, model.get("_sliders"), inputSender(model));
  model.on("change:inputs", inputs.show);
  root.append(inputs.element);
  const details = make("details", { class: "ag-table" },
    control("summary", {}, "The steps as a table"), make("div", { class: "ag-scroll" }, table));
  root.append(live, details);

  function go(index) {
    const step = Math.max(0, Math.min(last(), index));
    if (index > last() || step !== index) stop();
    if (step === model.get("step")) return;
    model.set("step", step);
    model.save_changes();
  }
  function play() {
    if (here() === last()) go(0);
    timer = setInterval(() => (here() < last() ? go(here() + 1) : stop()), PLAY_EVERY);
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
    const sentence = asides.isOpen() ? asides.sentence() : steps()[here()].sentence;
    clearTimeout(saying);
    if (!timer) saying = setTimeout(() => { live.textContent = sentence; }, SAY_AFTER);
  }
  /** To the first step of the next phase, or of this one and then of the one before. */
  function goPhase(direction) {
    const starts = ["forward", "seed", "backward"].map((phase) => steps().findIndex((step) => step.phase === phase));
    const now = here();
    const there = direction > 0 ? starts.find((start) => start > now) : starts.findLast((start) => start >= 0 && start < now);
    go(there ?? (direction > 0 ? last() : 0));
  }

  const alone = model.get("_granularities").length === 0; // a page without Python
  /** Open a closed scope or close an open one: Python draws the graph anew. */
  function toggle(name) {
    const closed = model.get("closed");
    model.set("closed", closed.includes(name) ? closed.filter((one) => one !== name) : [...closed, name]);
    model.save_changes();
  }
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("[data-scope]");
    if (button) toggle(button.dataset.scope);
  });

  const KEYS = {
    ArrowRight: () => go(here() + 1),
    ArrowLeft: () => go(here() - 1),
    Home: () => go(0),
    End: () => go(last()),
    PageDown: () => goPhase(1),
    PageUp: () => goPhase(-1),
    " ": () => (timer ? stop() : play()),
  };
  root.addEventListener("keydown", (event) => {
    if (isForPage(event)) return;
    if (event.key === "Escape") {
      stop();
      document.activeElement.blur();
      return;
    }
    event.stopPropagation();
    const scope = event.target.dataset?.scope;
    if (scope !== undefined && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      toggle(scope);
      return;
    }
    const own = event.target === root || event.target === scrub || scope !== undefined;
    if (asides.isOpen()) {
      asides.press(event);
      return;
    }
    const stepping = event.target.matches("button.ag-button, button.ag-phase") && event.key !== " ";
    if ((own || stepping) && KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  /** Another drawing in the same place. Who pressed a scope's button stays on it. */
  function redraw() {
    const focused = holder.contains(document.activeElement) ? document.activeElement.dataset.scope : undefined;
    drawn = model.get("_svg");
    picture = makePicture(drawn);
    holder.replaceChildren(picture.element);
    if (alone) unbutton(holder);
    if (focused !== undefined) {
      [...holder.querySelectorAll("[data-scope]")].find((one) => one.dataset.scope === focused)?.focus();
    }
  }
  let viewed = "steps";
  /** The views beside the steps stand in their place, and write into the picture. */
  function look() {
    const view = model.get("view");
    if (view === viewed) return;
    viewed = root.dataset.view = view;
    if (timer) stop();
    for (const one of [...bars, panel, details]) one.hidden = asides.isOpen();
    redraw(); // as Python drew it: nothing is left of what another view wrote
    reserve();
  }
  function show() {
    if (model.get("_svg") !== drawn) redraw();
    look();
    asides.show(picture);
    if (asides.isOpen()) {
      say();
      return;
    }
    const { frames, steps: all } = model.get("_trace");
    const index = here();
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
      const current = button.dataset.phase === step.phase;
      button.toggleAttribute("disabled", !all.some((one) => one.phase === button.dataset.phase));
      if (current) button.setAttribute("aria-current", "step");
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
    if (panel.hidden) return;
    const now = here();
    panel.style.minHeight = "";
    const heights = steps().slice(0, MEASURED).map((step) => {
      fillEquations(panel, step);
      return panel.offsetHeight;
    });
    panel.style.minHeight = `${Math.max(...heights)}px`;
    fillEquations(panel, steps()[now]);
  }
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    reserve();
    picture.follow();
  });
  observer.observe(root);
  scrolled(table.parentElement, "The steps");
  const wanted = () => [steps().length, model.get("granularity"), model.get("_svg")].join();
  let reserved = wanted();
  const showAll = () => {
    fillTable();
    if (model.get("step") > last()) go(last()); // asked for before Python had fewer steps
    show();
    if (wanted() === reserved) return;
    reserved = wanted(); // other steps, or another drawing, need other room
    reserve();
  };
  model.on("change:step", show);
  model.on("change:_svg", show);
  for (const name of ["view", "leaf", "path", "_aside"]) model.on(`change:${name}`, show);
  model.on("change:_trace", showAll);
  showAll();
  return () => { // called when the view goes; anywidget takes the listeners away itself
    stop();
    clearTimeout(saying);
    observer.disconnect();
  };
}

export default { render };
