// What all widgets share. The browser shows frames that Python wrote, and reports what the learner
// did. Nothing is computed here. All text is set as text, never as HTML.
// Each widget is this text with its own below it: one ES module, no imports.

const ICONS = {
  first: "M5 4v12 M16 4 8 10l8 6z",
  back: "M13 4 7 10l6 6",
  play: "M6 4l9 6-9 6z",
  pause: "M7 4v12 M13 4v12",
  next: "M7 4l6 6-6 6",
  last: "M15 4v12 M4 4l8 6-8 6z",
};

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
function makePicture(svgText, least = 0.75) {
  const parsed = new DOMParser().parseFromString(svgText, "image/svg+xml");
  const svg = document.importNode(parsed.documentElement, true);
  const slots = new Map();
  for (const element of svg.querySelectorAll("[data-slot]")) slots.set(element.dataset.slot, element);
  slots.set("svg", svg);
  const sheet = make("div", { class: "ag-sheet" }, svg);
  const width = parseFloat(svg.getAttribute("width"));
  sheet.style.minWidth = `${Math.floor(least * width) - 2}px`; // below that it scrolls
  sheet.style.maxWidth = `${1.15 * width}px`;
  const element = scrolled(make("div", { class: "ag-picture" }, sheet), "The drawing");
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
      this.follow();
    },
    follow: () => follow(element, svg.querySelector(".ag-node.ag-active")),
  };
}

/** Scopes of a picture that nobody draws anew: nothing in it claims to be a button. */
function unbutton(element) {
  for (const one of element.querySelectorAll("[data-scope]")) {
    for (const name of ["class", "role", "tabindex", "aria-expanded", "aria-label", "data-scope"]) one.removeAttribute(name);
  }
}

/** In a narrow window: scroll sideways to where something happens. */
function follow(element, active) {
  if (!active || element.scrollWidth <= element.clientWidth) return;
  const [box, view] = [active.getBoundingClientRect(), element.getBoundingClientRect()];
  if (box.left < view.left) element.scrollLeft -= view.left - box.left + 8;
  else if (box.right > view.right) element.scrollLeft += box.right - view.right + 8;
}

/** What does not fit is scrolled, by key too: so it takes the focus, but only while it does not fit. */
function reach(element, name) {
  const fits = element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight;
  const wanted = { tabindex: "0", role: "group", "aria-label": name, "data-lm-suppress-shortcuts": "true" };
  for (const [attribute, value] of Object.entries(wanted)) {
    if (fits) element.removeAttribute(attribute);
    else element.setAttribute(attribute, value);
  }
}

/** The same whenever its room changes. */
function scrolled(element, name) {
  new ResizeObserver(() => reach(element, name)).observe(element);
  return element;
}

/** A matrix as a small table; a large one tells its shape alone. */
function makeMatrix({ name, shape, kind, rows }) {
  const size = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  return make("table", { class: "ag-matrix" },
    make("caption", {}, name, make("span", { class: "ag-shape" }, ` ${size}`)),
    make("tbody", { class: `ag-is-${kind}` }, ...rows.map((row) =>
      make("tr", {}, ...row.map((number) => make("td", {}, number))))));
}

/** The equations of a step, each with its matrices; each line is a list of [text, kind]. */
function fillEquations(panel, step) {
  const blocks = step.equations.map((equation, place) => {
    const lines = equation.lines.map((line, number) =>
      make("div", { class: "ag-line" },
        make("span", { class: "ag-left" }, number ? "" : equation.left),
        make("span", { class: "ag-equals" }, "="),
        make("span", {}, ...line.map(([text, kind]) => make("span", { class: kind ? `ag-is-${kind}` : "" }, text)))));
    const notes = [equation.shapes && `shapes ${equation.shapes}`, equation.note, equation.local && `where ${equation.local}`].filter(Boolean);
    return make("div", { class: "ag-equation" }, ...lines,
      make("div", { class: "ag-note" }, notes.join("; ") || "\u00a0"),
      make("div", { class: "ag-matrices" }, ...(step.matrices?.[place] ?? []).map(makeMatrix)));
  });
  const equations = make("div", { class: "ag-equations" }, ...blocks);
  requestAnimationFrame(() => reach(equations, "The equations"));
  panel.replaceChildren(equations,
    make("div", { class: "ag-rule" }, step.rule || "\u00a0"));
}

/** All drawings of a widget, beside each other where there is room. */
function makePanels(model) {
  const pictures = model.get("_panels").map((svg) => makePicture(svg, 0.93));
  return {
    element: make("div", { class: "ag-panels" }, ...pictures.map((picture) => picture.element)),
    show() {
      const { frames } = model.get("_trace");
      pictures.forEach((picture, i) => picture.show([frames[i]], 0));
    },
  };
}

/** What was done last, in a sentence; the longest one keeps its room. */
function makeSaid(model) {
  const said = make("div", { class: "ag-words", role: "status", "aria-live": "polite" });
  const room = make("div", { class: "ag-words ag-room", "aria-hidden": "true" }, model.get("_longest"));
  return {
    element: make("div", { class: "ag-said" }, said, room),
    /** Not aloud while numbers fly by. */
    show(aloud = true) {
      said.setAttribute("aria-live", aloud ? "polite" : "off");
      said.textContent = model.get("_trace").said;
    },
  };
}

/** Whether a key is the page's: Shift+Enter still runs the cell, Ctrl+S still saves. */
function isForPage(event) {
  const held = event.ctrlKey || event.metaKey || event.altKey;
  const command = /^F\d/.test(event.key) || (event.key === "Enter" && (held || event.shiftKey))
    || (event.key === "s" && (event.ctrlKey || event.metaKey));
  if (command) { // JupyterLab passes over keys from below this attribute
    const shut = [...document.querySelectorAll("[data-lm-suppress-shortcuts]")].filter((one) => one.contains(event.target));
    for (const one of shut) one.removeAttribute("data-lm-suppress-shortcuts");
    setTimeout(() => { for (const one of shut) one.setAttribute("data-lm-suppress-shortcuts", "true"); });
  }
  return command || held;
}

/** Escape leaves; every other key stays with the widget, unless it is a command such as saving. */
function keepKeys(root, leave) {
  root.addEventListener("keydown", (event) => {
    if (isForPage(event)) return;
    if (event.key !== "Escape") return event.stopPropagation();
    leave();
    document.activeElement.blur();
  });
}

/** The root of a widget, which takes the keys. */
function mount(model, el) {
  const kind = model.get("_kind");
  const root = control("div", { class: `ag-widget ag-${kind}`, tabindex: "0", role: "group", "aria-label": model.get("_label") });
  el.append(root);
  return root;
}
