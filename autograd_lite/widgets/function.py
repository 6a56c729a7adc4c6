"""FunctionStepper: a function of the learner's own, called anew whenever an input moves."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import traitlets

from ..graph import ComputationGraph
from ..replay import nudged
from ..steps import make_seed
from ..tensor import Tensor
from ..views.aside import Aside
from ..views.leaves import called, find, variables
from ..views.number import format_number
from ..views.picture import Picture
from ..views.svg import to_text
from ..views.text import describe, happening
from ..views.trace import Trace, clean
from .calling import Call, check_call, check_range
from .front import module_around
from .state import trace_as_json
from .stepper import Stepper

LONGEST = 300  # characters of an error that are shown


class FunctionStepper(Stepper):
    """The stepper of a function; see `explore`. What it shows is what the function computed.

    `inputs` are the arguments; each change calls the function again. What it says, an error or
    a value that is no number, stands in `said`.
    """

    _esm = module_around(Stepper._esm, "own")

    _formula = traitlets.Unicode(None, allow_none=True).tag(sync=True)  # typed, if there is one
    _top = traitlets.Unicode().tag(sync=True)  # what the output is called
    _said = traitlets.Dict({"words": "", "loud": False}).tag(sync=True)

    def __init__(
        self,
        call: Call,
        values: Mapping[str, float],
        ranges: Mapping[str, tuple[float, float]],
    ) -> None:
        self._call = call
        self._values = dict(values)
        self._answers = 0
        self._pushed: int | None = None  # the step that is now the last one, or beyond it
        super().__init__(self._record(call, self._values), sliders=ranges)
        self._kind = "own"
        self._top, self._said = self._output_name(), self._remark()
        self.observe(self._forget, "step")

    def _forget(self, change: Any) -> None:
        self._pushed = None

    @property
    def said(self) -> str:
        """What is to be said of the numbers that are shown, or why others are not; or nothing."""
        return str(self._said["words"])

    def numbers(self) -> dict[str, float]:
        return dict(self._values)

    @staticmethod
    def _record(call: Call, values: Mapping[str, float]) -> ComputationGraph:
        """The graph of one call."""
        inputs = {name: Tensor(value, name=name) for name, value in values.items()}
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            y = check_output(call.name, call.function(inputs))
        if "y" in values and "z" not in values and y.operation is not None and y.name is None:
            y.name = "z"  # an input is called as the output would be
        graph = ComputationGraph(y)
        for name, tensor in inputs.items():
            if tensor in graph.ids and graph.label(tensor) != name:
                raise ValueError(
                    f"{call.name}: another node is called {name} too. Rename one of the two; v0, "
                    "v1, … and c0, c1, … are what pictures call nodes without a name."
                )
        return graph

    def _recompute(self, change: Any) -> None:
        """Call the function with the new inputs. If it refuses, everything stays as it was."""
        values = {
            name: float(value) for name, value in self.inputs.items()
        }  # JSON writes 0 for 0.0
        if values == self._values:
            return
        with self.hold_sync():
            try:
                self._show(self._draw(self._record(self._call, values)), values)
            except Exception as error:  # whatever a learner's function raises
                self.inputs = self.numbers()
                self._said = {"words": self._complaint(values, error), "loud": True}
            self._answer()

    def _complaint(self, values: Mapping[str, float], error: Exception) -> str:
        words = clean(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)
        words = words if len(words) <= LONGEST else f"{words[:LONGEST]} …"
        end = "" if words.endswith((".", "!", "?")) else "."
        return (
            f"{self._call.name}({_listed(values)}) raised {words}{end} "
            f"The picture stays at {_listed(self._values)}."
        )

    def _output_name(self) -> str:
        """What the picture calls the output; y if an input is returned as it is."""
        trace = self._picture.trace
        return "y" if trace.graph.output.operation is None else str(trace.top)

    def _remark(self) -> dict[str, Any]:
        """A value that is no number, loud; or inputs that are not in the picture, and why."""
        trace = self._picture.trace
        if words := warning(trace):
            return {"words": words, "loud": True}
        missing = [name for name in self._values if name not in trace.graph.inputs]
        if not missing:
            return {"words": "", "loud": False}
        names = ", ".join(missing)
        words = f"{trace.graph.top} was computed without {names} here: a nudge changes nothing."
        return {"words": words, "loud": False}

    def _draw(self, graph: ComputationGraph) -> Picture:
        """A picture of this graph; where it has the same scopes, they stay as they are."""
        same = graph.scopes.keys() == self._picture.graph.scopes.keys()
        return Picture(graph, self.granularity, closed=self.closed if same else None)

    def _show(self, picture: Picture, values: Mapping[str, float]) -> None:
        """Take this picture. The step stays, or comes back after fewer; the last stays the last."""
        last = self.step == len(self._picture.trace.steps) - 1
        step = self.step if not last else self._pushed  # None: whatever the last one is
        self._picture, self._values = picture, dict(values)
        names = variables(picture.trace)
        if self.leaf not in names:
            self.leaf = next(iter(names), "")
        end = len(picture.trace.steps) - 1
        self.step = end if step is None else min(step, end)
        self._pushed = step if step is not None and step >= end else None
        self.closed = picture.closed
        self._label = describe(picture.trace)
        self._svg = to_text(picture.skeleton)
        self._top, self._said = self._output_name(), self._remark()
        self._look()

    def _make_aside(self) -> Aside:
        aside = super()._make_aside()
        if self.view != "nudge" or not aside.tables:  # no table: the graph refuses the nudge
            return aside
        return replace(aside, note=self._elsewhere() or aside.note)

    def _elsewhere(self) -> str:
        """A nudge replays the graph. What the function itself does there, if it is not that."""
        trace = self._picture.trace
        number = find(trace, self.leaf)
        name = called(trace, number)
        if name not in self._values:  # a variable that the function brings along
            return ""
        there = {**self._values, name: self._values[name] + self.h}
        with np.errstate(all="ignore"):
            replayed = nudged(trace.graph, *number, self.h)[trace.graph.output].item()
        try:
            y = self._record(self._call, there).output.item()
        except Exception as error:  # whatever a learner's function raises
            does = f"raises {type(error).__name__}"
        else:
            if np.isclose(y, replayed, rtol=1e-9, atol=1e-12, equal_nan=True):
                return ""
            does = f"goes another way: there {trace.top} = {format_number(y)}"
        return (
            f"At {name} = {format_number(there[name])} the function itself {does}. The numbers "
            "here stay on the way that is drawn."
        )

    def _answer(self) -> None:
        """Tell the browser that it was heard, also when nothing else changes."""
        self._answers += 1
        self._trace = {**trace_as_json(self._picture), "answer": self._answers}

    def __repr__(self) -> str:
        count = len(self._picture.trace.steps)
        return f"FunctionStepper({self._call.name}, step {self.step + 1} of {count})"


def explore(f: Callable[..., Any], /, *unnamed: Any, **ranges: Any) -> FunctionStepper:
    """Step through a Python function, with a slider for each of its inputs.

    The function is called with named Tensors, and again whenever a slider moves: a branch such
    as `if x1 > 0` is taken as the new numbers decide.

    Args:
        f: a function of single numbers that returns one Tensor of one element.
        ranges: (low, high) for each argument of `f`, which starts in the middle; or
            (low, start, high).

    An error of `f` while a slider moves is shown as text, and the picture stays.

    Raises:
        TypeError, ValueError: what does not fit is named, with what is expected. What `f` raises
            at the start goes through.

    >>> def bend(x1, x2):
    ...     return x1 * x2 if x1 > 0 else -x1
    >>> stepper = explore(bend, x1=(-3, 2, 3), x2=(-3, 3))
    >>> stepper
    FunctionStepper(bend, step 1 of 5)
    >>> stepper.inputs = {"x1": -2.0}
    >>> stepper
    FunctionStepper(bend, step 1 of 4)
    """
    call = check_call(f, tuple(ranges), unnamed)
    spans = {name: check_range(name, given) for name, given in ranges.items()}
    values = {name: start for name, (low, start, high) in spans.items()}
    try:
        return FunctionStepper(
            call, values, {name: (low, high) for name, (low, start, high) in spans.items()}
        )
    except Exception as error:
        error.add_note(f"explore called {call.name}({_listed(values)}).")
        raise


def check_output(name: str, y: Any) -> Tensor:
    """What a function returned, if it can be stepped through."""
    if y is None:
        raise TypeError(f"{name} returned None, expected a Tensor. Is its `return` missing?")
    if isinstance(y, (tuple, list, dict)):
        raise TypeError(
            f"{name} returned a {type(y).__name__}, expected one Tensor: return one of its "
            "entries, or their sum."
        )
    if not isinstance(y, Tensor):
        raise TypeError(
            f"{name} returned {y!r:.40} ({type(y).__name__}), expected a Tensor that is computed "
            "from the arguments: with np.sin and not math.sin, without float() and .item(). For a "
            "constant write 0 * x + constant."
        )
    make_seed(y)  # one number that depends on a variable, or what is missing
    return y


def warning(trace: Trace) -> str:
    """The first step that made a nan or an inf, in either pass; nothing when all is finite."""
    for step in trace.steps:
        made = [step.value] if step.phase == "forward" else [c.value for c in step.contributions]
        kinds = [kind for value in made for kind in _not_finite(value)]
        if kinds:
            what = "is not a number" if "nan" in kinds else "is infinite"
            return (
                f"Step {step.index + 1} {what}: {happening(trace, step)}. "
                "Move a slider to where there is a value, if there is one."
            )
    return ""


def _not_finite(value: Any) -> list[str]:
    array = np.asarray(value)
    return ["nan"] * bool(np.isnan(array).any()) + ["inf"] * bool(np.isinf(array).any())


def _listed(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name} = {format_number(value)}" for name, value in values.items())
