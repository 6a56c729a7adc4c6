"""What a TrainingLoop answers without Python: the ways through it that were walked beforehand."""

from collections import deque
from collections.abc import Callable
from typing import Any

from .columns import pack
from .loop import NAMES, Loop

CYCLE = ("forward", "backward", "step", "zero")
RATES = (0.1, 0.5, 2.0, 10.0, 50.0)
TICK = 100  # steps of one press of Run
RUNS = {True: 8, False: 3}  # presses of Run, with and without zeroing
UNKNOWN = (
    "Only Python knows what comes now: this page has no record of it. Press Reset to start again."
)


class Walk:
    """Presses of the buttons, each state told by `scene(loop)`. The loop itself stays as it is."""

    def __init__(self, loop: Loop, scene: Callable[[Loop], dict[str, Any]]) -> None:
        self.scene = scene
        self.scenes = [scene(loop)]  # the first is where the widget stands
        self.ways: list[dict[str, int]] = [{}]
        self.fresh = loop.loss is None and loop.steps == 0
        self.loop = Loop(loop.model, loop.x, loop.t)
        self.loop._first = loop._first
        self._known: dict[Any, int] = {}

    def record(self, lr: float, zeroing: bool) -> dict[str, Any]:
        """All that the page knows, as plain JSON."""
        starts = []
        for rate in sorted({*RATES, lr}):
            # Longer where the learner begins, and with more wrong turns.
            cycles, turns = (4, 2) if rate == lr else (2, 1)
            by_hand = self._walk_by_hand(rate, len(CYCLE) * cycles, turns)
            for empties in RUNS:
                run = self._run(rate, empties)
                state = self._add({**self.ways[by_hand], "run": run}, by_hand)
                starts.append({"settings": {"lr": rate, "zeroing": empties}, "state": state})
                if self.fresh and (rate, empties) == (lr, zeroing):
                    self.ways[0] = self.ways[state]
        return {
            "ways": self.ways,
            "start": 0,
            "starts": starts,
            "settings": {"lr": lr, "zeroing": zeroing},
            "unknown": UNKNOWN,
            **pack([{"_trace": scene} for scene in self.scenes]),
        }

    def _walk_by_hand(self, rate: float, length: int, turns: int) -> int:
        """The cycle as it should go, and from everywhere on it a few presses of any button."""
        right = self._cycle(rate, length)
        start, state = self._visit((), rate)
        # Pressed, where that leads, and wrong turns.
        ahead: deque[tuple[tuple[str, ...], int, Any, int]] = deque([((), start, state, 0)])
        done = set()
        while ahead:
            pressed, node, state, astray = ahead.popleft()
            astray = 0 if state in right else astray
            if node in done or astray == turns or len(pressed) == length + turns:
                continue
            done.add(node)
            for button in CYCLE:
                way = (*pressed, button)
                self.ways[node][button], state = self._visit(way, rate)
                ahead.append((way, self.ways[node][button], state, astray + 1))
        return start

    def _cycle(self, rate: float, length: int) -> set[Any]:
        """The states of the cycle as it should go."""
        self.loop.reset()
        states = {_state(self.loop)}
        for place in range(length):
            self._press(CYCLE[place % 4], rate)
            states.add(_state(self.loop))
        return states

    def _visit(self, pressed: tuple[str, ...], rate: float) -> tuple[int, Any]:
        """Go there from the start; the state's number, a new one when it is new."""
        self.loop.reset()
        for button in pressed:
            self._press(button, rate)
        state = _state(self.loop)
        known = rate, state, self.loop.said, tuple(sorted(self.loop.changed.items()))
        if known not in self._known:
            self._known[known] = self._add({})
        return self._known[known], state

    def _press(self, button: str, rate: float) -> None:
        getattr(self.loop, button)(*([rate] if button == "step" else []))

    def _run(self, rate: float, zeroing: bool) -> int:
        """Run pressed again and again, until the end or until it stops; the first state."""
        self.loop.reset()
        first = len(self.scenes)
        for _ in range(RUNS[zeroing]):
            self.loop.run(TICK, rate, zeroing)
            self._add({})
            if self.loop.stopped:
                break
        for node in range(first, len(self.scenes) - 1):
            self.ways[node]["run"] = node + 1
        return first

    def _add(self, ways: dict[str, int], like: int | None = None) -> int:
        """A new state: the loop's, or one that looks like another."""
        self.scenes.append(self.scene(self.loop) if like is None else self.scenes[like])
        self.ways.append(ways)
        return len(self.scenes) - 1


def _state(loop: Loop) -> tuple[Any, ...]:
    """All that decides what the next press does."""
    parameters = [loop.parameters[name] for name in NAMES]
    return (
        *(parameter.data.tobytes() for parameter in parameters),
        *(None if p.grad is None else p.grad.tobytes() for p in parameters),
        loop.loss is None, loop.stale, loop.swept, loop.steps, tuple(loop.points),
    )  # fmt: skip
