"""What a learner may write into the cell of an exercise: all that is right, and all that is wrong.

An answer is a piece of Python. It is what the learner types; what the check must print is
asked of the exercise itself, in the process of the tests.
"""

import ast
import re
from collections.abc import Iterator
from itertools import permutations
from typing import Any, NamedTuple

from autograd_lite import ComputationGraph
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise
from autograd_lite.lessons.numeric import Number, Numbers
from autograd_lite.lessons.ordering import Ordering, edges_back
from autograd_lite.lessons.own_engine import OwnEngine
from autograd_lite.lessons.tiles import Tiles

BEFORE = (
    "from autograd_lite.lessons.catalogue import find"  # the kernel needs it for mistakes in code
)

FENCED = re.compile(r"```text\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
FOLDED = re.compile(r"<summary>Solutions?</summary>(.*?)</details>", re.DOTALL)
CODE = ast.FunctionDef, ast.ClassDef
ORDERS = 5  # wrong orders that are tried; the rest is for the tests of the check
# Parts of the folded engine of lesson 05, what takes their place, and what is said of it.
BROKEN_ENGINE = (
    ("(self, other.data), (other, self.data)", "(self, self.data), (other, other.data)",
     "In a product the two switch."),
    ("math.cos(self.data)", "math.sin(self.data)", "cos needs the input"),
    ("math.cos(self.data)", "-math.cos(self.data)", "The sign is wrong"),
    ("self.grad = 1.0", "self.grad = 0.0", "The seed is missing"),
    ("self.grad = 1.0", "self.grad = self.data", "The seed is 1."),
    ("+=", "=", "an = in place of +="),
    ("value.grad * local", "local", "multiply it by the grad of the node"),
    ("value.grad * local", "value.grad", "multiply it by the local gradient"),
)  # fmt: skip


class Answer(NamedTuple):
    """A piece of Python, and a part of what the check must say of it."""

    python: str
    said: str


def check_call(source: str | None, key: str) -> ast.Call | None:
    """The call in a cell that checks the exercise `key`."""
    for node in ast.walk(ast.parse(source or "")):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lessons.check":
            first = node.args[0]
            if isinstance(first, ast.Constant) and first.value == key:
                return node
    return None


def filled(source: str, key: str, python: str) -> str:
    """The cell with an answer where the learner writes it.

    A definition takes the place of the stub with its name; anything else the place of None, or
    of the stub's name in the check.
    """
    call = check_call(source, key)
    assert call is not None
    stub = stub_of(source, key)
    if isinstance(stub, ast.Assign):
        return replaced(source, stub.value, python)
    if stub is not None and defines(python, stub):
        return replaced(source, stub, python)
    return replaced(source, call.args[1], python)


def stub_of(source: str, key: str) -> ast.stmt | None:
    """What the cell hands in by name: an assignment, a function or a class; None for a value."""
    call = check_call(source, key)
    assert call is not None
    for node in ast.parse(source).body:
        names = [target.id for target in getattr(node, "targets", []) if hasattr(target, "id")]
        if isinstance(call.args[1], ast.Name) and call.args[1].id in [
            *names, getattr(node, "name", None),
        ]:  # fmt: skip
            return node
    return None


def defines(python: str, stub: ast.stmt) -> bool:
    """Whether the piece of Python is a definition that takes the place of this one."""
    first = ast.parse(python).body[0]
    return isinstance(stub, CODE) and isinstance(first, CODE) and first.name == stub.name


def replaced(source: str, place: ast.expr | ast.stmt, python: str) -> str:
    """The source with one of its nodes written anew."""
    lines = source.encode().splitlines(keepends=True)  # columns count bytes
    starts = [sum(map(len, lines[:number])) for number in range(len(lines))]
    assert place.end_lineno is not None
    assert place.end_col_offset is not None
    first = starts[place.lineno - 1] + place.col_offset
    last = starts[place.end_lineno - 1] + place.end_col_offset
    whole = source.encode()
    return (whole[:first] + python.encode() + whole[last:]).decode()


def solution(stub: ast.stmt, prose: str) -> str:
    """The folded solution below a stub, as the definition that takes its place."""
    folded = FOLDED.search(prose)
    assert folded is not None, f"no solution below\n{ast.unparse(stub)}"
    if fenced := FENCED.search(folded[1]):
        return fenced[1].rstrip()
    line = INLINE.search(folded[1])
    assert line is not None
    return ast.unparse(stub).replace("return None", line[1])


def right(exercise: Exercise, source: str, prose: str) -> str:
    """The right answer; for code it is the folded solution of the notebook."""
    if isinstance(exercise, Number | Numbers):
        return literal(exercise.answer())
    if isinstance(exercise, Choice):
        return repr(exercise.right)
    if isinstance(exercise, Tiles):
        return repr(list(exercise.right))
    if isinstance(exercise, Ordering):
        return repr(operations(exercise)[::-1])
    stub = stub_of(source, exercise.key)
    if isinstance(stub, CODE):
        return solution(stub, prose)
    return f"find({exercise.key!r}).answer()"


def wrong(exercise: Any, source: str, prose: str) -> Iterator[Answer]:
    """An answer for each known mistake, with the words that name it."""
    if isinstance(exercise, Choice):
        for letter, option in zip(exercise.letters, exercise.options, strict=True):
            if letter != exercise.right:
                yield Answer(repr(letter), option.because)
    elif isinstance(exercise, Tiles):
        swapped, (left, _) = list(exercise.right[::-1]), exercise.right
        for tiles in (swapped, [left, left], [f"inv({left})", swapped[0]]):
            yield Answer(repr(tiles), judged(exercise, tiles))
    elif isinstance(exercise, Ordering):
        orders = list(permutations(operations(exercise)))
        unfit = [list(order) for order in orders if "comes too late" in judged(exercise, order)]
        yield from (Answer(repr(order), judged(exercise, order)) for order in unfit[:ORDERS])
    elif isinstance(exercise, OwnEngine):
        stub = stub_of(source, exercise.key)
        assert stub is not None
        whole = solution(stub, prose)
        for part, other, said in BROKEN_ENGINE:
            assert part in whole, part
            yield Answer(whole.replace(part, other), said)
    else:
        made = "" if isinstance(stub_of(source, exercise.key), CODE) else "()"
        for number, mistake in enumerate(exercise.mistakes):
            # A number is typed; what is more than that is taken from the exercise.
            python = f"find({exercise.key!r}).mistakes[{number}].gives{made}"
            if isinstance(exercise, Number | Numbers):
                python = literal(mistake.gives())
            yield Answer(python, mistake.message)


def judged(exercise: Exercise, answer: object) -> str:
    return exercise.judge(answer).message


def operations(exercise: Ordering) -> list[str]:
    return list(edges_back(ComputationGraph(exercise.record()[0])))


def literal(answer: Any) -> str:
    """Numbers as a learner types them.

    >>> literal({"x": 2.0, "y": 0})
    '{"x": 2.0, "y": 0.0}'
    """
    if isinstance(answer, dict):
        return "{" + ", ".join(f'"{name}": {float(n)!r}' for name, n in answer.items()) + "}"
    return repr(float(answer))
