"""Which numbers of a graph a quiz asks for, found by their names."""

from collections.abc import Collection

import numpy as np

from ..views.covered import GRADIENT, VALUE, CoveredPicture, Number, numbers_of

MOST = 24  # fields that anybody fills in
KINDS = {"values": VALUE, "gradients": GRADIENT}


def find_questions(
    picture: CoveredPicture, ask: str | Collection[str], seeded: bool
) -> dict[str, Number]:
    """The numbers asked for, by their words. A seed that was given is not asked."""
    numbers = _numbers(picture)
    if isinstance(ask, str):
        if ask not in KINDS:
            raise ValueError(
                f"ask: received {ask!r}, expected 'gradients', 'values' or a list of names, "
                f"[{ask!r}]."
            )
        given = {Number(picture.graph.output, GRADIENT)} if seeded else set()
        asked = {
            words: number
            for words, number in numbers.items()
            if number.kind == KINDS[ask] and number not in given and not _unfit(picture, number)
        }
    elif not isinstance(ask, Collection):
        raise TypeError(
            f"ask: received {type(ask).__name__}, expected 'gradients', 'values' or a list of "
            "names, such as ['x1']."
        )
    else:
        asked = dict(_named(picture, numbers, name) for name in ask)
    return _checked(picture, asked)


def by_name(questions: dict[str, Number], picture: CoveredPicture, name: str) -> str | None:
    """The words of a number: "gradient of x1", or "x1" where no other number of x1 is there."""
    if name in questions:
        return name
    found = [
        words
        for words, number in questions.items()
        if name in (picture.name(number.node), picture.graph.label(number.node))
    ]
    return found[0] if len(found) == 1 else None


def _numbers(picture: CoveredPicture) -> dict[str, Number]:
    """What is computed in both passes, in the order in which it is complete."""
    found: list[Number] = []
    for step in picture.trace.steps:
        complete = [Number(c.target, GRADIENT) for c in step.contributions if not c.remaining]
        found += complete if step.contributions else numbers_of(step)
    return {picture.words(n): n for n in found if n.kind == GRADIENT or n.node.operation}


def _named(picture: CoveredPicture, numbers: dict[str, Number], name: str) -> tuple[str, Number]:
    gradients = {words: number for words, number in numbers.items() if number.kind == GRADIENT}
    words = name if name in numbers else by_name(gradients, picture, name)
    if words is None:
        raise ValueError(
            f"ask: received {name!r}, expected some of {', '.join(map(repr, numbers))}. The "
            "values of inputs are given."
        )
    unfit = _unfit(picture, numbers[words])
    if unfit:
        raise ValueError(f"ask: the {words} {unfit}")
    return words, numbers[words]


def _unfit(picture: CoveredPicture, number: Number) -> str:
    """Why a number cannot be asked for, if it cannot."""
    value = picture.read(number)
    if np.ndim(value):
        return (
            f"is an array of shape {np.shape(value)}, and a field takes one number. Make each "
            "number a node: Quiz(ComputationGraph(y).scalars())."
        )
    box = picture.diagram.box_of[number.node]
    if box.kind == "scope":
        return f"is not drawn: the graph is so large that {box.label!r} is closed."
    return ""


def _checked(picture: CoveredPicture, asked: dict[str, Number]) -> dict[str, Number]:
    if not asked:
        raise ValueError(
            "ask: there is nothing to ask: no such number, or only arrays. Make each number a "
            "node: Quiz(ComputationGraph(y).scalars())."
        )
    if len(asked) > MOST:
        raise ValueError(
            f"ask: {len(asked):,} numbers are too many to type, expected up to {MOST}. Name "
            f"some: ask=[{next(iter(asked))!r}, …]."
        )
    for words, number in asked.items():
        if not np.isfinite(picture.read(number)):
            raise ValueError(
                f"ask: the {words} is {picture.read(number)}, expected a finite number. Choose "
                "other inputs, or ask for other numbers."
            )
    first = picture.trace.steps[0]
    if numbers_of(first) & set(asked.values()):
        raise ValueError(
            "ask: the graph has no input to begin with. Give one a name: Tensor(2.0, name='x')."
        )
    return asked
