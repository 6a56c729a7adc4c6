"""Compiled: a graph as NumPy source for both passes, to read and to run."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np

from ..steps import make_seed
from ..tensor import new_number
from .leaves import Leaves
from .numbers import is_of_numbers, use_math
from .passes import optimise
from .program import Call, Program
from .trace import trace
from .training import TrainingStep
from .two_passes import TwoPasses, write_both

# How Python's floats refuse what NumPy answers with inf or nan.
REFUSED = (ArithmeticError, ValueError)


class Compiled:
    """Both passes of a graph as straight-line NumPy, for inputs of the recorded shapes.

    `source` is the code. `passes` are the programs that led to it: as recorded, then after each
    pass that changed something. What Python or a mask decided when the graph was recorded stays
    decided: an `if`, a mask, an index; and so do constants without a name. The graph itself is
    not touched.

    Inputs are not copied: leave them as they are between `forward` and `backward`. What is
    computed in between is written into the same arrays at every call, so one thread at a time
    uses a program. Results are new arrays.

    >>> import numpy as np
    >>> import autograd_lite as ag
    >>> x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
    >>> compiled = ag.ComputationGraph(np.sin(x1) + x1 * x2).compile()
    >>> value, gradients = compiled.value_and_grad(x1=1.0)
    >>> print(f"{value:.4f}", {name: f"{number:.4f}" for name, number in gradients.items()})
    3.8415 {'x1': '3.5403', 'x2': '1.0000'}
    """

    def __init__(self, graph: Any) -> None:
        graph.check_unchanged()
        program, self._quiet = trace(graph)
        self.graph = graph
        self.passes: list[tuple[str, Program]] = [("as recorded", program), *optimise(program)]
        self._in_numpy = self.passes[-1][1]
        self._of_numbers = is_of_numbers(program)
        if self._of_numbers:
            self.passes.append(("Python numbers", use_math(self._in_numpy)))
        self._passes = write_both(self.passes[-1][1], graph.top)
        self._leaves = Leaves(graph, self._passes.inputs, self._of_numbers)
        self._forward, self._backward = self._passes.forward, self._passes.backward
        labels = [leaf.label for leaf in self._passes.inputs]
        quick = self._of_numbers and not self._quiet and len(labels) > 1
        # An array program finds no input "" there, and goes the longer way.
        self._all_named = itemgetter(*labels) if quick else itemgetter("", "")
        self._last: tuple[Sequence[Any], Any] | None = None

    @property
    def source(self) -> str:
        """The NumPy code of both passes."""
        return self._passes.source

    @property
    def arrays(self) -> Mapping[Call, str]:
        """For the calls of the last program that write into an array made once: its name."""
        return self._passes.arrays

    def forward(self, /, **inputs: Any) -> Any:
        """The output. Inputs that are not named have the value that their tensor has now.

        Raises:
            ValueError: an unknown name, or a value of another shape.
        """
        values = self._leaves.values(inputs)
        self._last = None  # should it fail half-way, there is nothing to go back from
        new_number()  # what is kept for the backward pass holds the leaves' arrays
        try:
            value, saved = self._run(self._forward, values)
        except REFUSED:
            value, saved = self._forward_in_numpy(values)[0], None
        self._last = values, saved
        return value

    __call__ = forward

    def backward(self, gradient: Any = None) -> dict[str, Any]:
        """The gradient of each variable by its label, at the inputs of the last forward pass.

        Args:
            gradient: the seed, of the output's shape; 1 when the output is one number.

        Raises:
            ValueError: no seed for an output of several elements, or one of another shape.
        """
        seed = self._seed(gradient)
        if self._last is None:
            raise RuntimeError("backward: there was no forward pass. Write forward(...) first.")
        values, saved = self._last
        try:
            if saved is None:
                raise ArithmeticError
            return self._run(self._backward, (*saved, *seed))
        except REFUSED:
            saved = self._forward_in_numpy(values)[1]
            return self._run(self._numpy_passes.backward, (*saved, *seed))

    def value_and_grad(self, /, **inputs: Any) -> tuple[Any, dict[str, Any]]:
        """The output, one number, and the gradient of each variable by its label."""
        # The usual call with all numbers, in few words: others take as long as the program.
        try:
            values = self._all_named(inputs)
            for value in values:
                if type(value) is not float:
                    break
            else:
                if len(inputs) == len(values):
                    result, saved = self._forward(*values)
                    self._last = values, saved
                    return result, self._backward(*saved)
        except (KeyError, *REFUSED):
            pass
        return self.forward(**inputs), self.backward()

    def training_step(self, optimizer: Any) -> TrainingStep:
        """A step of training as source: both passes and the optimiser's rule, all in place.

        Each step is called with all arrays that are named constants of the graph, or with none.

        Raises:
            ValueError: an output that is not one number, or that depends on no parameter of the
                optimiser.
        """
        return TrainingStep(self.graph, self.passes[0][1], self._quiet, optimizer)

    def _run(self, function: Any, values: Any) -> Any:
        if not self._quiet:
            return function(*values)
        with np.errstate(all="ignore"):  # a rule of the graph asked for it
            return function(*values)

    def _seed(self, gradient: Any) -> tuple[Any, ...]:
        output = self.graph.output
        if output.requires_grad and output.size == 1:
            if gradient is None:
                return ()
            raise TypeError(
                f"backward: received a gradient, but {output.describe()} is one number, whose seed "
                "is 1. Multiply the gradients by yours."
            )
        return (make_seed(output, gradient),)

    def _forward_in_numpy(self, values: Sequence[Any]) -> Any:
        """The program in NumPy and of NumPy's numbers, which answer where Python's refuse."""
        if not self._of_numbers:
            raise
        return self._run(self._numpy_passes.forward, list(map(np.float64, values)))

    @cached_property
    def _numpy_passes(self) -> TwoPasses:
        return write_both(self._in_numpy, self.graph.top)

    def __repr__(self) -> str:
        return f"Compiled({self.graph.top}, {len(self.passes[-1][1])} calls)"
