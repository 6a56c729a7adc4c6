"""Passes: each takes a program and gives one with less to do and the same numbers, to the bit."""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from .algebra import simplify
from .program import Call, Constant, Program, Value, rewrite
from .reordering import merge_factors, merge_signs, repeat_first, single_numbers, sum_by_products

Pass = Callable[[Program], Program]

# Not maximum: of 0 and −0 it gives whichever comes first.
COMMUTATIVE = frozenset({"np.add", "np.multiply"})


def skip_gradients(program: Program, wanted: Collection[Value]) -> Program:
    """Compute the gradients of the inputs `wanted`, and nothing that only others need."""
    gradients = {leaf: value for leaf, value in program.gradients.items() if leaf in wanted}
    return remove_dead(program.changed(gradients=gradients))


def remove_dead(program: Program) -> Program:
    """Leave out every call that no result depends on."""
    alive = set(program.results)
    for call in reversed(program.calls):
        if call in alive:
            alive.update(call.operands)
    return program.changed(calls=tuple(call for call in program.calls if call in alive))


def fold_constants(program: Program) -> Program:
    """Compute once, now, what depends on constants alone."""

    def folded(call: Call) -> Value:
        if call.function.name == "np.broadcast_to":  # one number is better than many copies
            return call
        fixed = call.function.pure and all(
            isinstance(operand, Constant) for operand in call.operands
        )
        return Constant(call.array, call.label) if fixed else call

    return rewrite(program, folded)


def share_common(program: Program) -> Program:
    """Compute once what is computed twice from the same values."""
    known: dict[Any, Call] = {}

    def shared(call: Call) -> Value:
        arguments = [_key(argument) for argument in call.arguments]
        if call.function.name in COMMUTATIVE:
            arguments.sort(key=repr)
        options = tuple((name, _key(option)) for name, option in call.options.items())
        return known.setdefault((call.function.name, tuple(arguments), options), call)

    return rewrite(program, shared)


def _key(tree: Any) -> Any:
    """The same for what is always the same."""
    if isinstance(tree, Constant):
        array = np.asarray(tree.array)
        return "constant", array.dtype.str, array.shape, array.strides, array.tobytes()
    if isinstance(tree, Value):
        return "value", id(tree)
    if isinstance(tree, tuple | list):
        return type(tree).__name__, *map(_key, tree)
    return type(tree).__name__, repr(tree)  # 0.0 and −0.0 differ, and so do 1 and 1.0


PASSES: dict[str, Pass] = {
    "constant folding": fold_constants,
    "algebra": simplify,
    "common subexpressions": share_common,
    "dead calls": remove_dead,
}


REORDERING: dict[str, Pass] = {
    "factors merged": merge_factors,
    "sums by products": sum_by_products,
    "signs merged": merge_signs,
    "single numbers": single_numbers,
    "rows repeated first": repeat_first,
}


def optimise(program: Program, reorder: bool = False) -> list[tuple[str, Program]]:
    """The program after each pass that changed it, until none does.

    Args:
        reorder: also run passes that change the order of arithmetic, and so the last bits.
    """
    passes = {**PASSES, **REORDERING, "dead calls": remove_dead} if reorder else PASSES
    stages: list[tuple[str, Program]] = []
    while True:
        before = program
        for name, run in passes.items():
            after = run(program)
            if not _same(program, after):
                stages.append((name, after))
                program = after
        if _same(before, program):
            return stages


def optimised(program: Program) -> Program:
    """The program after all passes that keep the bits."""
    return [("", program), *optimise(program)][-1][1]


def _same(one: Program, other: Program) -> bool:
    return one.calls == other.calls and one.results == other.results
