"""Layout: all parameters one behind the other in one array, and their gradients in another."""

from collections.abc import Sequence

import numpy as np

from .literals import zeros
from .placement import Buffer, can_write
from .program import Call, Input, Program, Value
from .update import Update

Copies = list[tuple[Value, Value]]  # where to, and what


class Layout:
    """Which values lie where in the flat arrays (`given`), and what has to be copied there.

    `results` are the values that the optimiser's rule gives.
    """

    def __init__(
        self, flat: np.ndarray, moved: Sequence[Input], program: Program, update: Update | None
    ) -> None:
        self.inputs: tuple[Input, ...] = (Input(flat, "parameters"), Input(flat, "gradients"))
        self.results: tuple[Value, ...] = ()
        if update is not None:
            self.inputs = update.inputs
            self.results = (update.parameters, *update.memory)
        self.given: dict[Value, Buffer] = {}
        self.parts: list[slice] = []
        self.slope_copies: Copies = []
        self.value_copies: Copies = []
        for leaf in self.inputs:
            if leaf.shape:
                self.given[leaf] = Buffer(flat, zeros(flat), [leaf])
        for leaf in moved:
            self._give_part(leaf, program.gradients[leaf])
        if update is not None:
            olds = (self.inputs[0], *update.remembered)
            for old, new in zip(olds, self.results, strict=True):
                self._write_back(old, new, update.calls)

    def _give_part(self, leaf: Input, gradient: Value | None) -> None:
        begin = self.parts[-1].stop if self.parts else 0
        part = slice(begin, begin + leaf.array.size)
        self.parts.append(part)
        like = np.empty(leaf.shape, leaf.dtype)
        shape = ", ".join(map(str, leaf.shape)) or "()"
        made = f"[{part.start}:{part.stop}]" + (
            f".reshape({shape})" if len(leaf.shape) != 1 else ""
        )
        self.given[leaf] = Buffer(like, f"parameters{made}", [leaf])
        place = Input(like, f"∂/∂{leaf.label}")
        slope = Buffer(like, f"gradients{made}", [place])
        if self._fits(gradient) and gradient is not None:
            self.given[gradient] = slope
        elif gradient is not None:
            self.given[place] = slope
            self.slope_copies.append((place, gradient))

    def _fits(self, gradient: Value | None) -> bool:
        """Whether a gradient can be computed at its place right away."""
        return (
            isinstance(gradient, Call)
            and can_write(gradient)
            and gradient not in self.given
            and gradient.array.flags.c_contiguous
        )

    def _write_back(self, old: Input, new: Value, calls: Sequence[Call]) -> None:
        """The new value goes where the old one was; at once, if nobody reads the old one later."""
        if not old.shape or new is old:
            return
        after = calls[calls.index(new) + 1 :] if isinstance(new, Call) else ()
        read = any(old in call.operands for call in after)
        if isinstance(new, Call) and can_write(new) and new not in self.given and not read:
            self.given[new] = self.given[old]
        else:
            self.value_copies.append((old, new))
