// Makes the widgets of a page live: each has its state beside it, and its front end in `fronts`.

const MISSED = "Only Python can answer that: see “the live lessons” at the top of the page.";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** The widgets' colours follow what JupyterLab writes on the body of its page. */
function showTheme() {
  document.body.dataset.jpThemeLight = String(!dark.matches);
}

async function bringToLife(widget) {
  const { state, recorded } = JSON.parse(widget.querySelector("script").textContent);
  const missed = widget.querySelector(".missed");
  const model = makeModel(state, recorded, (is) => {
    missed.textContent = is ? recorded?.missed ?? MISSED : "";
  });
  let front = fronts[widget.dataset.kind];
  if (typeof front === "function") front = await front();
  await front.initialize?.({ model });
  widget.classList.add("is-live"); // before it is measured
  await front.render({ model, el: widget.querySelector(".live") });
}

/** What is wider than the page is scrolled, by keyboard too. */
function letScroll() {
  for (const wide of document.querySelectorAll("pre, .wide")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
}

showTheme();
letScroll();
addEventListener("resize", letScroll);
dark.addEventListener("change", showTheme);
for (const widget of document.querySelectorAll(".widget")) {
  bringToLife(widget).catch((error) => {
    widget.classList.remove("is-live"); // the still picture says more than half a widget
    throw error;
  });
}
