"""The training loop in a real JupyterLab: each button changes what Python says it changes."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from nbformat.v4 import new_code_cell, new_notebook

import autograd_lite as ag

from .jupyter import Lab
from .worked import MARK, MARKED, NORMALIZED, SERIALIZED

if TYPE_CHECKING:
    from playwright.sync_api import Expect, Locator, Page

CELL = "import autograd_lite as ag\nloop = ag.TrainingLoop()\nloop"
BELOW = "print('below')"
BUTTONS = {
    "forward": "▸ Forward", "backward": "◂ Backward", "step": "Step", "zero": "Zero",
    "reset": "Reset",
}  # fmt: skip
# Every button in an order that also goes wrong.
PRESSED = (
    "backward", "step", "forward", "forward", "backward", "backward", "step", "step", "backward",
    "forward", "zero", "backward", "zero", "zero", "step", "reset", "step",
)  # fmt: skip
MANY_STEPS, SOME_STEPS = re.compile(r"^[\d,]*\d\d\d steps"), re.compile(r"^[1-9]\d+ steps")
HEIGHT = "root => root.offsetHeight"
WATCH_HEIGHT = """root => { root.heights = new Set([root.offsetHeight]);
    new ResizeObserver(() => root.heights.add(root.offsetHeight)).observe(root); }"""
# 200 moves of the slider to its place 5, a rate of 0.5, then at once the button.
QUICK = """slider => { for (let i = 0; i < 200; i++) {
        slider.value = (3 * i) % 13; if (i === 199) slider.value = 5;
        slider.dispatchEvent(new Event('input', {bubbles: true})); }
    slider.closest('.ag-widget').querySelector('.ag-step').click(); }"""
QUICK_BACK = """slider => { for (const place of [12, 0, 9, 7]) {
    slider.value = place; slider.dispatchEvent(new Event('input', {bubbles: true})); } }"""
# Runs that the page sends.
WATCH_SENT = """() => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    window.runs = 0;
    kernel.anyMessage.connect((_, {msg, direction}) => {
        if (direction === 'send' && msg.content?.data?.content?.press === 'run') window.runs++;
    }); }"""
# A button, and Run and Pause before its answer.
PAUSED = """forward => { const run = forward.closest('.ag-widget').querySelector('.ag-run');
    forward.click(); run.click(); run.click(); }"""
DIVERGES = """\
import autograd_lite as ag
class Model:
    def __init__(self):
        self.W, self.b = ag.Tensor([[1.0, 2.0, -1.0]] * 2), ag.Tensor([0.1, 0.2, 0.3])
        self.V, self.c = ag.Tensor([[1.0], [1.0], [-1.0]]), ag.Tensor([0.0])
    def parameters(self):
        return [self.W, self.b, self.V, self.c]
    def __call__(self, x):
        return ag.softplus(x @ self.W + self.b) @ self.V + self.c
loop = ag.TrainingLoop(Model(), lr=20.0)
loop"""
Open = Callable[..., "Locator"]


@pytest.fixture
def open_loop(lab: Lab, page: "Page") -> Open:
    """Run a notebook that shows a training loop."""

    def run(name: str, cell: str = CELL, page: "Page" = page) -> "Locator":
        cells = [new_code_cell(cell, id="c0"), new_code_cell(BELOW, id="c1")]
        lab.put(new_notebook(cells=cells), name)
        lab.open(page, name)
        lab.run_all(page)
        return page.locator(".ag-training")

    return run


def assert_shows(page: "Page", loop: "Locator", twin: ag.TrainingLoop) -> None:
    """All three panels, and the sentence, are Python's."""
    live = loop.locator("svg.ag-svg").evaluate_all(f"svgs => svgs.map({SERIALIZED})")
    wanted = [page.evaluate(NORMALIZED, svg) for svg in twin.svgs()]
    assert live == wanted
    assert loop.locator(".ag-words").first.text_content() == twin.said


@pytest.mark.parametrize("by", ["mouse", "Enter", "Space"])
def test_every_button_shows_what_python_computes(
    page: "Page", open_loop: Open, expect: "Expect", by: str
) -> None:
    loop, twin = open_loop(f"buttons_{by}.ipynb"), ag.TrainingLoop()
    said = loop.locator(".ag-words").first
    loop.evaluate(MARK)
    assert_shows(page, loop, twin)
    for name in PRESSED:
        button = loop.locator(f".ag-{name}")
        expect(button).to_have_text(BUTTONS[name])
        before = twin.said
        getattr(twin, name)()
        if by == "mouse":
            button.click()
        else:
            button.focus()
            page.keyboard.press(by)
        if twin.said != before:
            expect(said).to_have_text(twin.said)
        expect(loop.locator(".ag-counter")).to_contain_text(f"{twin._loop.steps} step")
    assert_shows(page, loop, twin)
    assert loop.evaluate(MARKED), "elements of the picture were replaced"


def test_run_and_pause_keep_the_focus_the_elements_and_the_height(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    loop, twin = open_loop("run.ipynb"), ag.TrainingLoop()
    loop.evaluate(MARK)
    loop.evaluate(WATCH_HEIGHT)
    run = loop.locator(".ag-run")
    run.focus()
    page.keyboard.press("Enter")
    expect(run).to_have_text("Pause")
    expect(loop.locator(".ag-words").first).to_have_attribute("aria-live", "off")
    expect(loop.locator(".ag-counter")).to_have_text(MANY_STEPS)
    assert run.evaluate("button => button === document.activeElement")
    page.keyboard.press("Space")
    expect(run).to_have_text("Run")
    # What was asked for before arrives, and then nothing more.
    expect(loop.locator(".ag-words").first).to_have_attribute("aria-live", "polite")
    loop.locator(".ag-zero").click()
    expect(loop.locator(".ag-words").first).to_contain_text("Zero: ")
    steps = int(str(loop.locator(".ag-counter").text_content()).split()[0].replace(",", ""))
    twin.run(steps)
    twin.zero()
    assert_shows(page, loop, twin)
    assert loop.evaluate("root => [...root.heights]") == [loop.evaluate(HEIGHT)]
    assert loop.evaluate(MARKED), "elements of the picture were replaced"


def test_a_run_that_still_waits_is_not_sent_after_pause(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    loop = open_loop("paused.ipynb")
    page.evaluate(WATCH_SENT)
    loop.locator(".ag-forward").evaluate(PAUSED)
    expect(loop.locator(".ag-words").first).to_contain_text("Forward: ")
    loop.locator(".ag-zero").click()
    expect(loop.locator(".ag-words").first).to_contain_text("Zero: ")
    assert page.evaluate("() => window.runs") == 0
    expect(loop.locator(".ag-counter")).to_have_text("0 steps taken")


def test_without_zeroing_the_gradients_pile_up(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    loop, twin = open_loop("piled.ipynb"), ag.TrainingLoop()
    loop.get_by_text("Run zeroes the gradients").click()
    loop.locator(".ag-run").click()
    expect(loop.locator(".ag-counter")).to_have_text(SOME_STEPS)
    loop.locator(".ag-forward").click()  # stops the run too
    expect(loop.locator(".ag-run")).to_have_text("Run")
    expect(loop.locator(".ag-words").first).to_contain_text("Forward: ")
    steps = int(str(loop.locator(".ag-counter").text_content()).split()[0].replace(",", ""))
    twin.zeroing = False
    twin.run(steps)
    twin.forward()
    assert_shows(page, loop, twin)


def test_quick_dragging_and_a_button_come_in_their_order(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    loop, twin = open_loop("quick.ipynb"), ag.TrainingLoop()
    rate = loop.locator("[data-input='learning rate']")
    for button in ("forward", "backward"):
        loop.locator(f".ag-{button}").click()
        getattr(twin, button)()
    rate.evaluate(QUICK)
    twin.lr = twin._rates[int(rate.input_value())]
    twin.step()
    expect(loop.locator(".ag-words").first).to_have_text(twin.said)
    assert_shows(page, loop, twin)
    expect(loop.locator("output")).to_have_text("0.5")
    rate.evaluate(QUICK_BACK)  # dragged on after the button: that step is done, this one is not
    twin.lr = 2.0
    loop.locator(".ag-step").click()
    twin.step()
    expect(loop.locator(".ag-words").first).to_have_text(twin.said)
    assert_shows(page, loop, twin)


def test_what_python_does_is_shown_and_letters_insert_no_cell(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    cell = f"{CELL}\nloop.run(5)\nloop.lr = 3.0\nloop.zeroing = False\nloop"
    loop, twin = open_loop("python.ipynb", cell), ag.TrainingLoop()
    twin.run(5)
    assert_shows(page, loop, twin)
    expect(loop.locator("output")).to_have_text("3")
    expect(loop.locator("[data-input=zeroing]")).not_to_be_checked()
    for part in (loop, loop.locator(".ag-step"), loop.locator("[data-input='learning rate']"),
                 loop.locator("[data-input=zeroing]"), loop.locator(".ag-run")):  # fmt: skip
        part.focus()
        for key in ("b", "a", "d", "d", "x"):
            page.keyboard.press(key)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    page.keyboard.press("Escape")
    assert not page.evaluate("() => document.activeElement.closest('.ag-training')")


def test_a_loss_that_is_not_finite_stops_the_run(
    page: "Page", open_loop: Open, expect: "Expect"
) -> None:
    loop = open_loop("diverges.ipynb", DIVERGES)
    loop.locator(".ag-run").click()
    expect(loop.locator(".ag-words").first).to_contain_text("the run stopped")
    expect(loop.locator(".ag-run")).to_have_text("Run")
    namespace: dict[str, ag.TrainingLoop] = {}
    exec(DIVERGES.rsplit("\n", 1)[0], namespace)
    twin = namespace["loop"]
    while not twin._loop.stopped:
        twin.run(25)
    assert_shows(page, loop, twin)


def test_without_a_kernel_it_says_so(page: "Page", open_loop: Open, expect: "Expect") -> None:
    loop = open_loop("dead.ipynb")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    loop.locator(".ag-run").click()
    expect(loop.locator(".ag-silence")).to_contain_text("Python does not answer")
    expect(loop.locator(".ag-run")).to_have_text("Run")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {}),
        ("dark", {"color_scheme": "dark"}),
        ("narrow", {"viewport": {"width": 480, "height": 1700}}),
    ],
)
def test_nothing_is_cut_off(
    open_loop: Open, new_page: "Callable[..., Page]", screenshot: Callable[..., object],
    expect: "Expect", name: str, options: dict[str, object],
) -> None:  # fmt: skip
    page = new_page(**options)
    loop = open_loop(f"look_{name}.ipynb", f"{CELL[:-5]}\nloop.run(700)\nloop", page=page)
    heights = {loop.evaluate(HEIGHT)}
    screenshot(page, f"training_{name}")
    for button in ("forward", "backward", "backward", "reset", "step"):
        loop.locator(f".ag-{button}").click()
        expect(loop.locator(".ag-words").first).to_contain_text(button.capitalize())
        heights.add(loop.evaluate(HEIGHT))
    assert len(heights) == 1, "what is below moved"
    assert loop.evaluate("root => root.scrollWidth <= root.clientWidth")
    assert loop.evaluate(
        """root => [...root.querySelectorAll('.ag-picture')].every((one) =>
            one.scrollWidth <= one.clientWidth)"""
    )
