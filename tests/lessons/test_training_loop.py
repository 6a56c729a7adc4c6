"""Lesson 08: its numbers and rules, judged by the engine, and its text as the source has it."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite import data, nn, optim
from autograd_lite.lessons import training_loop, training_rules, training_step
from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.exercise import State

SOURCE = Path(__file__).parents[2] / "notebooks" / "sources" / "08_training_loop.md"
TEXT = SOURCE.read_text(encoding="utf-8")
LOOP = EXERCISES["08.loop.rule"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("08.step", 1.6),
        ("08.forgotten", {"second": 2.26, "third": 2.386}),
        ("08.updates", 450),
        ("08.double", {"mean": 1, "sum": 2}),
        ("08.adam", 0.05),
    ],
)
def test_the_numbers_of_the_lesson(key: str, expected: Any) -> None:
    exercise: Any = EXERCISES[key]
    assert exercise.answer() == pytest.approx(expected, rel=1e-12)


def descend(zero: bool) -> list[float]:
    """Three steps of the one weight, by the engine."""
    w = ag.Tensor(training_step.W, name="w")
    reached = []
    for _ in range(3):
        if zero:
            w.grad = None
        ((w * training_step.X - training_step.T) ** 2).backward()
        w.data = w.data - training_step.RATE * w.grad
        reached.append(w.item())
    return reached


def test_the_steps_with_and_without_zeroing_are_the_engine_s() -> None:
    assert descend(zero=True) == pytest.approx([1.6, 1.66, 1.666])
    assert descend(zero=False) == pytest.approx([1.6, 2.26, 2.386])
    assert training_step.forgotten() == pytest.approx(
        dict(zip(("second", "third"), descend(zero=False)[1:], strict=True))
    )
    # The lesson says that three steps without zeroing end with a larger loss than at first.
    assert training_step.loss(descend(zero=False)[-1]) > training_step.loss(training_step.W)


def test_the_counts_are_those_of_the_digits() -> None:
    x, t = data.digits().x_train, data.digits().t_train
    assert len(x) == training_loop.IMAGES
    assert len(list(data.batches(x, t, training_loop.SIZE, 0))) == training_loop.BATCHES


@pytest.mark.parametrize("near", [449, 449.0625, 451])
def test_updates_are_counted_exactly(near: float) -> None:
    assert training_loop.UPDATES.judge(near).state is State.NOT_YET


def test_doubling_the_rows_doubles_the_gradient_of_a_sum_alone() -> None:
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    lengths = {}
    for name in ("mean", "sum"):
        for times in (1, 2):
            W = ag.Tensor(np.zeros((3, 2)))
            rows = (np.tile(x, (times, 1)) @ W) * np.tile(g, (times, 1))
            total = rows.sum()
            (total / (4 * times) if name == "mean" else total).backward()
            lengths[name, times] = np.linalg.norm(W.grad)
    for name, factor in training_loop.DOUBLE.answer().items():
        assert lengths[name, 2] / lengths[name, 1] == pytest.approx(factor)


def test_the_rules_by_hand_are_the_optimisers_steps() -> None:
    w = ag.Tensor(1.0)
    sgd = optim.SGD([w], lr=0.05, momentum=training_rules.DECAY)
    by_hand, v = 1.0, 0.0
    for _ in range(5):
        sgd.zero_grad()
        ((w * 3.0 - 5.0) ** 2).backward()
        by_hand, v = training_rules.momentum_step(by_hand, v, float(w.grad), 0.05)
        sgd.step()
        assert w.item() == pytest.approx(by_hand, rel=1e-12)

    w = ag.Tensor(1.0)
    ((w * 3.0 - 5.0) ** 2).backward()
    optim.Adam([w], lr=training_rules.RATE).step()
    assert w.grad == training_rules.GRADIENT
    assert w.item() - 1.0 == pytest.approx(training_rules.ADAM.answer(), rel=1e-6)


def blocks(kind: str, name: str) -> list[str]:
    """The blocks of the source that begin with this function."""
    return re.findall(rf"```{kind}\n(def {name}\(.*?)```", TEXT, re.DOTALL)


def written(code: str, name: str) -> Any:
    room: dict[str, Any] = {}
    exec(code.split("\n\n\n")[0], room)
    return room[name]


@pytest.mark.parametrize(
    ("name", "key"), [("train", "08.loop.rule"), ("momentum_step", "08.momentum_rule")]
)
def test_a_folded_solution_is_right_and_the_stub_is_not_tried_yet(name: str, key: str) -> None:
    assert EXERCISES[key].judge(written(blocks("text", name)[0], name)).state is State.RIGHT
    assert EXERCISES[key].judge(written(blocks("python", name)[0], name)).state is State.NOT_TRIED


BODY = ["J = loss(model(x), t)", "optimizer.zero_grad()", "J.backward()", "optimizer.step()"]


def loop(lines: list[str]) -> Any:
    inside = "".join(f"        {line}\n" for line in lines)
    code = f"def train(model, loss, optimizer, batches):\n    for x, t in batches:\n{inside}"
    return written(code, "train")


def test_the_zeroing_may_stand_at_three_places() -> None:
    J, zero, backward, step = BODY
    for lines in ([zero, J, backward, step], BODY, [J, backward, step, zero]):
        assert LOOP.judge(loop(lines)).state is State.RIGHT


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([0, 2, 3], "nothing zeroes"),
        ([0, 2, 1, 3], "comes between backward and step"),
        ([0, 1, 2], "the step is missing"),
        ([0, 2], "step and zero_grad are missing"),
        ([0], "nothing goes back"),
        ([3, 1, 0, 2], "uses the gradient of the batch before"),
        ([0, 3, 1, 2], "train stopped with RuntimeError"),
        ([0, 1, 3, 2], "right after zero_grad"),
        ([0, 1, 2, 2, 3], "backward runs twice"),
    ],
)
def test_what_the_lesson_invites_to_break_is_named(lines: list[int], message: str) -> None:
    verdict = LOOP.judge(loop([BODY[line] for line in lines]))
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            3.0,
            'without calling it: lessons.check("08.loop.rule", train).',
        ),
        (optim.SGD, "Hand in the function itself"),
        (lambda model: model, "train stopped with TypeError"),
        (loop(["J = loss(model(x), x)"]), "train stopped with ValueError: MSELoss: received"),
        (loop(["J = loss(model(t), t)"]), "train stopped with ValueError: Linear: received x of"),
        (loop([*BODY, "break"]), "Calls of the model: 1; of backward: 1; of step: 1."),
    ],
)
def test_anything_else_gets_a_sentence(answer: Any, message: str) -> None:
    verdict = LOOP.judge(answer)
    assert verdict.state is State.NOT_YET
    assert message in verdict.message


def test_the_loop_of_the_lesson_and_fit_are_the_same() -> None:
    train = written(blocks("python", "train")[1], "train")
    train.__globals__.update(np=np, data=data)
    x, t = data.moons(50, rng=0)
    ends = []
    for how in (train, lambda *args, **options: nn.fit(*args, **options, progress=False)):
        model = nn.Linear(2, 2, rng=0)
        sgd = optim.SGD(model.parameters(), lr=0.1)
        how(model, nn.CrossEntropyLoss(), sgd, x, t, epochs=2, batch_size=16, rng=0)
        ends.append(model.state_dict())
    assert all(np.array_equal(ends[0][path], ends[1][path]) for path in ends[0])
