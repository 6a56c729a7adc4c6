"""One step of lesson 08: what it moves, what is left over, and the loop around it."""

from typing import Any

from .choice import Choice, Option
from .exercise import Mistake
from .numeric import Number, Numbers
from .own_loop import OwnLoop

X, T, W, RATE = 3.0, 5.0, 1.0, 0.05


def loss(w: float) -> float:
    """J = (w·x − t)²."""
    return (w * X - T) ** 2


def slope(w: float) -> float:
    """∂J/∂w = 2·(w·x − t)·x."""
    return 2 * (w * X - T) * X


STEP = Number(
    key="08.step",
    answer=lambda: W - RATE * slope(W),
    because="Against the gradient, and a twentieth of it far.",
    mistakes=(
        Mistake(
            lambda: W + RATE * slope(W),
            "That goes up: the loss grows. A step goes against the gradient.",
        ),
        Mistake(
            lambda: W - slope(W),
            "The learning rate is missing: the whole gradient is far too long a step.",
        ),
        Mistake(
            lambda: slope(W),
            "That is the gradient. How far does w move, and where does it arrive?",
        ),
        Mistake(
            lambda: -RATE * slope(W),
            "That is how far w moves. Where does it arrive?",
        ),
        Mistake(
            lambda: W - RATE * loss(W),
            "That takes the loss for the gradient. How large J is does not say which way is down.",
        ),
        Mistake(
            lambda: W - RATE * 2 * (W * X - T),
            "The last factor of the chain rule is missing: w·x moves x times as fast as w.",
        ),
        Mistake(
            lambda: W - RATE * (W * X - T) * X,
            "The factor of the square is missing: u² moves 2·u times as fast as u.",
        ),
        Mistake(
            lambda: T / X,
            "That is where the loss is 0. A step only goes some of the way there.",
        ),
    ),
    hints=(
        "First the gradient: ∂J/∂w = 2·(w·x − t)·x, at w = 1.",
        "It is 2·(−2)·3 = −12.",
        "The new w is 1 − 0.05·(−12).",
    ),
)

MOVES = Choice(
    key="08.moves",
    prompt="Which numbers does `loss.backward()` change?",
    options=(
        Option(
            "The parameters: they move against the gradient.",
            "That is the step. backward computes gradients, and moves nothing.",
        ),
        Option(
            "The values of all nodes.",
            "The values come from the forward pass. backward reads them.",
        ),
        Option(
            "The gradients, and nothing else.",
            "Backpropagation computes a gradient. Gradient descent is what one does with it.",
        ),
        Option(
            "The parameters and the gradients.",
            "Only the gradients. It takes a step to move the parameters.",
        ),
    ),
    right="c",
    hints=(
        "In the lessons before, you called backward often. Did x1 ever change?",
        "What did the backward pass of the stepper fill in?",
        "Only the red numbers are new after a backward pass.",
    ),
)


def forgotten(kept: float = 1.0, first: float = 0.0) -> dict[str, float]:
    """w after the second and the third step, when each step adds to the `kept` part of the old."""
    w, gradient = W, first
    reached = []
    for _ in range(3):
        gradient = kept * gradient + slope(w)
        w -= RATE * gradient
        reached.append(w)
    return {"second": reached[1], "third": reached[2]}


def averaged() -> dict[str, float]:
    """As `forgotten`, with the mean of all gradients so far in place of their sum."""
    w, gradients, reached = W, [], []
    for _ in range(3):
        gradients.append(slope(w))
        w -= RATE * sum(gradients) / len(gradients)
        reached.append(w)
    return {"second": reached[1], "third": reached[2]}


def stale(added: bool) -> dict[str, float]:
    """As `forgotten`, with every gradient taken at the first w."""
    lengths = (1, 2, 3) if added else (1, 1, 1)
    second = W - RATE * slope(W) * sum(lengths[:2])
    return {"second": second, "third": W - RATE * slope(W) * sum(lengths)}


FORGOTTEN = Numbers(
    key="08.forgotten",
    answer=forgotten,
    because="Each step goes along the sum of all gradients so far: 1.6, then past the goal.",
    mistakes=(
        Mistake(
            lambda: forgotten(kept=0.0),
            "That is with zeroing: each step takes its own gradient alone. backward adds.",
        ),
        Mistake(
            averaged,
            "That is the mean of the gradients so far. backward adds them.",
        ),
        Mistake(
            lambda: stale(added=True),
            "They are added, but all are taken at w = 1. Each forward pass uses the new w.",
        ),
        Mistake(
            lambda: stale(added=False),
            "That takes the first step again and again. The gradient is computed anew, and added.",
        ),
        Mistake(
            lambda: forgotten(kept=-1.0),
            "The old gradient came in with a minus. It is added as it is.",
        ),
    ),
    hints=(
        "After the first step w is 1.6, and w.grad still holds −12.",
        "At w = 1.6 the gradient is 2·(4.8 − 5)·3 = −1.2. Together with the old one: −13.2.",
        "w is 1.6 + 0.05·13.2 after the second step. There the gradient is 10.68; add it to −13.2.",
    ),
)


def train(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    """The right loop, of the folded solution."""
    for x, t in batches:
        J = loss(model(x), t)
        optimizer.zero_grad()
        J.backward()
        optimizer.step()


def never_zeroed(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t).backward()
        optimizer.step()


def zeroed_too_late(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t).backward()
        optimizer.zero_grad()
        optimizer.step()


def never_stepped(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.zero_grad()
        loss(model(x), t).backward()


def never_stepped_nor_zeroed(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t).backward()


def only_forward(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t)


def stepped_too_early(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.step()
        optimizer.zero_grad()
        loss(model(x), t).backward()


def stepped_after_zeroing(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.zero_grad()
        optimizer.step()
        loss(model(x), t).backward()


def backward_twice(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.zero_grad()
        J = loss(model(x), t)
        J.backward()
        J.backward()
        optimizer.step()


def never_back(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t)
        optimizer.zero_grad()
        optimizer.step()


def stepped_twice(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.zero_grad()
        loss(model(x), t).backward()
        optimizer.step()
        optimizer.step()


def stepped_once(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        loss(model(x), t).backward()
    optimizer.step()


def stepped_once_for_the_last(model: Any, loss: Any, optimizer: Any, batches: Any) -> None:
    for x, t in batches:
        optimizer.zero_grad()
        loss(model(x), t).backward()
    optimizer.step()


LOOP = OwnLoop(
    key="08.loop.rule",
    answer=train,
    because="Three batches, three updates, each by its own gradient alone.",
    mistakes=(
        Mistake(
            never_zeroed,
            "The gradients of earlier batches are still there: within the loop, nothing zeroes.",
        ),
        Mistake(
            zeroed_too_late,
            "The weights do not move: zero_grad comes between backward and step, and step finds "
            "no gradient.",
        ),
        Mistake(
            never_stepped,
            "The gradients are right, and nobody uses them: the step is missing.",
        ),
        Mistake(
            never_stepped_nor_zeroed,
            "Gradients pile up and nobody uses them: step and zero_grad are missing.",
        ),
        Mistake(
            only_forward,
            "The loss is computed and that is all: nothing goes back.",
        ),
        Mistake(
            stepped_too_early,
            "step comes before backward: each update uses the gradient of the batch before.",
        ),
        Mistake(
            stepped_after_zeroing,
            "The weights do not move: step comes right after zero_grad, before any gradient.",
        ),
        Mistake(
            backward_twice,
            "backward runs twice on each loss: the gradients are added, and each step is too long.",
        ),
        Mistake(
            never_back,
            "The weights do not move: nothing goes back. Write J.backward(), with its parentheses.",
        ),
        Mistake(
            stepped_twice,
            "step runs twice for each batch, along the same gradient.",
        ),
        Mistake(
            stepped_once,
            "step stands behind the loop: the gradients of all batches make one update.",
        ),
        Mistake(
            stepped_once_for_the_last,
            "step stands behind the loop: only the last batch makes an update.",
        ),
    ),
    hints=(
        "Five things happen to each batch: a prediction, a loss, zero_grad, backward, step.",
        "The loss is J = loss(model(x), t). Then J.backward(), and then optimizer.step().",
        "Before J.backward(), write optimizer.zero_grad().",
    ),
)
