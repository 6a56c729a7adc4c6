"""FormulaStepper: type a formula, and step through its graph."""

from math import isfinite
from numbers import Real
from typing import Any

import traitlets

from ..expression import Expression, ExpressionError, parse
from ..views.aside import AsidePicture
from ..views.picture import Picture
from .calling import Call
from .function import FunctionStepper
from .state import make_sliders

LESSON = "sin(x1) + x1*x2"
STARTS = {"x1": 2.0, "x2": 3.0}  # as in the lessons; every other name starts at 1


class FormulaStepper(FunctionStepper):
    """Type a formula and step through its graph, with a slider for each of its names.

    Args:
        formula: names, numbers, + − * / **, parentheses, pi, e, and the package's functions of
            single numbers. It is read, never run.
        values: where its names start. Without, x1 is 2, x2 is 3, and any other name 1.

    `formula` can be set: a name that stays keeps its value. What cannot be read is refused with
    the place and with what to write instead, and the graph before it stays.

    Raises:
        ExpressionError: a formula that cannot be read. It is a ValueError.
        ValueError: a value for a name that is not in the formula, or that is no number.

    >>> stepper = FormulaStepper("exp(a)*x1", a=0.0)
    >>> stepper
    FormulaStepper(exp(a)*x1, step 1 of 7)
    >>> stepper.formula = "a**2"
    >>> stepper.inputs
    {'a': 0.0}
    """

    _formula: str
    _refused = traitlets.Dict().tag(sync=True)
    _answered = traitlets.Unicode().tag(sync=True)

    def __init__(self, formula: str = LESSON, /, **values: float) -> None:
        expression = parse(formula, values)
        self._known = {**STARTS, **_check_values(expression, values)}
        self._ranges: dict[str, tuple[float, float]] = {}
        super().__init__(_as_call(expression), self._start(expression), {})
        self._formula = expression.text
        self._keep_ranges()
        self.on_msg(lambda _, content, buffers: self._typed(content))

    @property
    def formula(self) -> str:
        """What is shown, as it was typed."""
        return self._formula

    @formula.setter
    def formula(self, text: str) -> None:
        self._build(parse(text, self._known))

    def _start(self, expression: Expression) -> dict[str, float]:
        return {name: self._known.get(name, 1.0) for name in expression.names}

    def _typed(self, content: dict[str, Any]) -> None:
        """From the browser: build what was typed, or say what is wrong with it."""
        with self.hold_sync():
            try:
                self.formula = content["with"][0]
            except ExpressionError as error:
                self._refused = self._as_json(error)
            finally:
                self._answered = content["id"]

    def _build(self, expression: Expression) -> None:
        """Show another formula. A name that was there before keeps its value and its slider."""
        self._known.update(self._values)
        call, values = _as_call(expression), self._start(expression)
        picture = self._draw(self._record(call, values))
        with self.hold_sync():
            self._call = call
            self._show(picture, values)
            self._formula, self._refused = expression.text, {}
            ranges = {name: span for name, span in self._ranges.items() if name in values}
            self._sliders = make_sliders(values, ranges)
            self._keep_ranges()
            self.inputs = values
            self._answer()

    def still(self) -> Picture | AsidePicture:
        self._picture.caption = f"{self._top} = {self.formula}."
        return super().still()

    def _as_json(self, error: ExpressionError) -> dict[str, Any]:
        """The error as the browser shows it. It counts places in UTF-16, as JavaScript does."""
        words = f"{error.message} The picture still shows {self.formula}."
        before = error.text[: error.start].encode("utf-16-le")
        return {"words": words, "lines": error.lines, "place": len(before) // 2}

    def _keep_ranges(self) -> None:
        self._ranges.update((one["name"], (one["min"], one["max"])) for one in self._sliders)

    def __repr__(self) -> str:
        count = len(self._picture.trace.steps)
        return f"FormulaStepper({self.formula}, step {self.step + 1} of {count})"


def _as_call(expression: Expression) -> Call:
    return Call(expression.text, lambda inputs: expression(**inputs))


def _check_values(expression: Expression, values: dict[str, Any]) -> dict[str, float]:
    names = ", ".join(expression.names)
    for name, value in values.items():
        if name not in expression.names:
            raise ValueError(
                f"FormulaStepper: received a value for {name}, expected one for the names in the "
                f"formula: {names}."
            )
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
            raise ValueError(f"FormulaStepper: {name} received {value!r}, expected a number.")
    return {name: float(value) for name, value in values.items()}
