"""Move everything in a widget that can be moved, whatever kind of widget it is.

What is found is what a learner finds: buttons, sliders, choices, switches, fields, folded parts
and boxes of a drawing that open. A widget that is new needs no line here.
"""

import json
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SLIDERS = "input[type=range]"
CHOICES = "select"
SWITCHES = "input[type=checkbox], input[type=radio]"
FIELDS = "input[type=text], input[type=number], input:not([type]), textarea"
BUTTONS = "button"
FOLDS = "summary"
BOXES = "svg [role=button][data-scope]"
DRAWN_BUTTONS = "svg [role=button]:not([data-scope])"
EVERYTHING = ", ".join([SLIDERS, CHOICES, SWITCHES, FIELDS, BUTTONS, FOLDS, BOXES, DRAWN_BUTTONS])
TRIED = ("1", "x")  # typed into a field: something that may be right, and something that is not
RUNNING = re.compile("Pause|Stop")
BOXES_MOVED = 2  # each is a new drawing
# Kernels may answer a widget in a thread of its own, so "idle" alone does not say that it has.
LISTEN = """() => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    window.asked = new Set();
    window.sent = 0;
    window.raised = [];
    kernel.anyMessage.connect((_, { msg: { header, parent_header, content }, direction }) => {
        if (direction === 'send' && header.msg_type === 'comm_msg') {
            window.sent += 1;
            window.asked.add(header.msg_id);
        } else if (!window.asked.has(parent_header.msg_id)) return;
        else if (header.msg_type === 'error') window.raised.push(content.evalue);
        else if (header.msg_type === 'stream') window.raised.push(content.text);
        else if (content.execution_state === 'idle') window.asked.delete(parent_header.msg_id);
    });
}"""
RAISED = "() => window.raised"
SENT = "() => window.sent"
# The widget as it is, but for the slider itself and the number beside it.
BESIDES = """slider => {
    slider.toggleAttribute('data-moved', true);
    const copy = slider.closest('.ag-widget').cloneNode(true);
    slider.removeAttribute('data-moved');
    const own = copy.querySelector('[data-moved]');
    (own.closest('label') ?? own).remove();
    return copy.innerHTML;
}"""
SETTLED = """() => new Promise(done => {
    let quiet = 0;
    const look = () => {
        quiet = window.asked.size ? 0 : quiet + 1;
        if (quiet > 2) done(); else requestAnimationFrame(look);
    };
    look();
})"""


def listen(page: "Page") -> None:
    """Notice from now on what widgets ask of Python: needed once a page, before any move."""
    page.evaluate(LISTEN)


def move_everything(page: "Page", widget: "Locator") -> int:
    """Move every part of a widget there and back. Returns how many parts there were.

    Raises AssertionError when a slider does not reach its ends, when nothing comes of a move, or
    when Python raises or does not answer.
    """
    widget.scroll_into_view_if_needed()
    count = widget.locator(EVERYTHING).count()
    steps(page, widget)
    for kind, move in (
        (SLIDERS, move_slider), (CHOICES, choose_each), (SWITCHES, switch), (FIELDS, fill),
        (BUTTONS, press), (FOLDS, unfold),
    ):  # fmt: skip
        # A move may draw the widget anew, with more parts or fewer.
        place = 0
        while place < widget.locator(kind).count():
            part = widget.locator(kind).nth(place)
            if part.is_visible() and part.is_enabled():
                move(page, widget, part)
            place += 1
    press_drawing(page, widget)
    settle(page, widget)
    return count


def steps(page: "Page", widget: "Locator") -> None:
    """The keys of a stepper: to both ends, one step, and from phase to phase."""
    if widget.get_attribute("data-step") is None:
        return
    if (radio := widget.locator("input[type=radio][value=steps]")).count():
        radio.first.check()  # another view has no steps
    widget.focus()
    page.keyboard.press("End")
    last = int(str(widget.locator(".ag-scrub").get_attribute("max")))
    expect(widget).to_have_attribute("data-step", str(last))
    page.keyboard.press("ArrowLeft")
    expect(widget).to_have_attribute("data-step", str(max(last - 1, 0)))
    page.keyboard.press("Home")
    expect(widget).to_have_attribute("data-step", "0")
    page.keyboard.press("ArrowRight")
    expect(widget).to_have_attribute("data-step", str(min(1, last)))
    for key in ("PageDown", "PageDown", "PageUp", "PageUp"):
        page.keyboard.press(key)
    expect(widget).to_have_attribute("data-step", "0")


def move_slider(page: "Page", widget: "Locator", slider: "Locator") -> None:
    """To both ends by keys: Python hears of it, or the widget shows something else."""
    for key, end in (("Home", "min"), ("End", "max")):
        before, sent = slider.evaluate(BESIDES), page.evaluate(SENT)
        slider.press(key)
        expect(slider).to_have_value(str(slider.get_attribute(end)))
        settle(page, widget)
    name = slider.get_attribute("aria-label")
    told = page.evaluate(SENT) > sent or slider.evaluate(BESIDES) != before
    assert told, f"the slider {name!r} is moved, and nothing comes of it"
    page.keyboard.press("ArrowLeft")


def choose_each(page: "Page", widget: "Locator", choice: "Locator") -> None:
    """Every choice, and in the end the first one again."""
    before = choice.input_value()
    values = choice.locator("option").evaluate_all("all => all.map(one => one.value)")
    for value in [*values, before]:
        choice.select_option(value)
        settle(page, widget)
        expect(choice).to_have_value(value)


def switch(page: "Page", widget: "Locator", box: "Locator") -> None:
    """There and back; of several of which one holds, to this one."""
    for _ in range(1 if box.get_attribute("type") == "radio" else 2):
        box.click()
        settle(page, widget)


def fill(page: "Page", widget: "Locator", field: "Locator") -> None:
    """Type into a field and press Enter, and in the end type what stood there."""
    before = field.input_value()
    for text in (*TRIED, before):
        if not (field.is_visible() and field.is_enabled()):
            return  # an answer was taken, or another drawing has other fields
        field.press("ControlOrMeta+a")
        page.keyboard.type(text)
        field.press("Enter")
        settle(page, widget)


def press(page: "Page", widget: "Locator", button: "Locator") -> None:
    """Press a button; one that starts something is pressed again, and stops it."""
    button.click()
    if button.count() and RUNNING.search(button.get_attribute("aria-label") or button.inner_text()):
        button.click()
    settle(page, widget)


def unfold(page: "Page", widget: "Locator", fold: "Locator") -> None:
    """Open a folded part, and close it."""
    part = fold.locator("..")
    fold.click()
    expect(part).to_have_attribute("open", "")
    fold.click()


def press_drawing(page: "Page", widget: "Locator") -> None:
    """Parts of the drawing that are buttons, by key; a box that opens is put back as it was."""
    names = widget.locator(BOXES).evaluate_all("all => all.map(one => one.dataset.scope)")
    for name in names[:BOXES_MOVED]:
        box = widget.locator(f"[data-scope={json.dumps(name)}]").first
        before = box.get_attribute("aria-expanded")
        other = {"true": "false", "false": "true"}[str(before)]
        for expanded in (other, str(before)):
            box.press("Enter")
            settle(page, widget)
            expect(box).to_have_attribute("aria-expanded", expanded)
    for place in range(widget.locator(DRAWN_BUTTONS).count()):
        part = widget.locator(DRAWN_BUTTONS).nth(place)
        if part.count() and part.is_visible():
            part.press("Enter")
            settle(page, widget)


def settle(page: "Page", widget: "Locator") -> None:
    """Wait until Python has answered and the widget shows it."""
    page.evaluate(SETTLED)
    raised = page.evaluate(RAISED)
    assert not raised, f"Python raised, or printed, where no learner sees it: {raised}"
    for line in widget.locator(".ag-silence").all():
        expect(line).to_have_text("")
