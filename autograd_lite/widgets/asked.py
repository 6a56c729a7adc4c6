"""Asked: a widget whose browser asks for one thing at a time, and is told when it is done."""

from typing import Any

import traitlets

from ..views.panel import Still
from ..views.svg import to_text
from .front import Front


class Asked(Front):
    """The browser asks for changes, Python makes them.

    One channel for buttons and sliders alike keeps them in the order they were used in.
    `said` is what the widget last said.
    """

    settings: tuple[str, ...] = ()  # traits that the browser may set
    buttons: tuple[str, ...] = ()  # methods that it may call

    _answered = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(lambda _, content, buffers: self._answer(content))

    @property
    def said(self) -> str:
        """What was done last, in a sentence."""
        return str(self._trace["said"])

    def numbers(self) -> dict[str, float]:
        return {}

    def _answer(self, content: dict[str, Any]) -> None:
        with self.hold_sync():  # the answer arrives together with what it is about
            try:
                self._do(content)
            finally:
                self._answered = content["id"]

    def _do(self, content: dict[str, Any]) -> None:
        if content.get("set") in self.settings:
            setattr(self, content["set"], content["value"])
        elif content.get("press") in self.buttons:
            getattr(self, content["press"])(*content.get("with", ()))


class Panels(Asked):
    """Panels of numbers that Python draws, beside each other."""

    _panels: traitlets.List[str] = traitlets.List().tag(sync=True)
    _longest = traitlets.Unicode().tag(sync=True)  # the room that sentences need

    def __init__(self, panels: Any, **state: Any) -> None:
        super().__init__(_panels=[to_text(panel) for panel in panels], **state)

    def svgs(self) -> list[str]:
        """The panels as they are now, as SVG text: the same that the browser shows."""
        return self.still().svgs()

    def still(self) -> Still:
        """The panels as one picture, as they are now."""
        raise NotImplementedError
