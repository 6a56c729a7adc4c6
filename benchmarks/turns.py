"""Contenders take turns. Each lives in a fresh process of its own, so that no library and no
garbage of one slows another down; only one works at a time, so that a busy moment hits all.
"""

import importlib
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import repeat
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np

CHECKED_STEPS = 3


class Run(NamedTuple):
    """A contender ready to go: the work that is timed, and what it returned as plain numbers."""

    step: Callable[[], Any]
    numbers: Callable[[Any], Sequence[Any]]


class Row(NamedTuple):
    """One computation, and all who do it. The first one's numbers are what all must give."""

    name: str
    title: str
    contenders: dict[str, str]  # name in the table → "module.function" in benchmarks/contenders
    arguments: tuple[Any, ...]  # for that function
    against: tuple[str, ...]  # whose times the others are divided by
    tolerance: float
    seconds: float  # how long a turn takes, about


Times = dict[str, list[float] | str]  # seconds of one step, turn by turn; or why there are none


def take_turns(row: Row, rounds: int, quick: bool = False) -> Times:
    """Time every contender of a row, after all were found to give the same numbers."""
    workers = {name: Worker(where, row.arguments) for name, where in row.contenders.items()}
    try:
        times: dict[str, Any] = {name: worker.ready() or [] for name, worker in workers.items()}
        playing = {name: workers[name] for name, said in times.items() if not isinstance(said, str)}
        agree(row, {name: worker.ask("numbers") for name, worker in playing.items()})
        steps = {}
        for name, worker in playing.items():
            steps[name] = 1 if quick else worker.ask("calibrate", row.seconds)
        for number in range(rounds):
            # In another order each time: nobody always follows the same one.
            for name in random.Random(number).sample(list(playing), len(playing)):
                times[name].append(playing[name].ask("time", steps[name]))
        return times
    finally:
        for worker in workers.values():
            worker.stop()


def ratio(times: Times, name: str, reference: str) -> float | None:
    """How many times as long it takes: the ratio of each round, and of these the median."""
    own, other = times[name], times.get(reference, "absent")
    if isinstance(own, str) or isinstance(other, str):
        return None
    return statistics.median(a / b for a, b in zip(own, other, strict=True))


def agree(row: Row, numbers: dict[str, list[np.ndarray]]) -> None:
    first, *others = numbers
    for name in others:
        for place, (got, wanted) in enumerate(zip(numbers[name], numbers[first], strict=True)):
            np.testing.assert_allclose(
                got, wanted, row.tolerance, row.tolerance, equal_nan=False,
                err_msg=f"{row.name}: {name} and {first} differ in number {place}",
            )  # fmt: skip


class Worker:
    """One contender in its own process. Threads are what the environment says at its start."""

    def __init__(self, where: str, arguments: tuple[Any, ...]) -> None:
        self._where = where
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=serve, args=(there, where, arguments), daemon=True)
        self._process.start()
        there.close()

    def ready(self) -> str | None:
        """Wait until it is. Why it cannot take part, if it cannot."""
        reason: str | None = self._answer()
        return reason

    def ask(self, *order: Any) -> Any:
        self._here.send(order)
        return self._answer()

    def _answer(self) -> Any:
        try:
            return self._here.recv()
        except EOFError:
            raise RuntimeError(f"{self._where} stopped; above is why") from None

    def stop(self) -> None:
        self._here.close()  # it reads the end of its orders, and ends
        self._process.join()


def serve(orders: Connection, where: str, arguments: tuple[Any, ...]) -> None:
    """What a worker does until nobody is there to give orders."""
    module, function = where.split(".")
    try:
        make = getattr(importlib.import_module(f"benchmarks.contenders.{module}"), function)
        run: Run = make(*arguments)
    except ImportError as error:
        if (error.name or "").startswith(("benchmarks", "autograd_lite")):
            raise  # a mistake of ours
        orders.send("not installed" if error.name else str(error))
        return
    orders.send(None)
    does = {"numbers": numbers, "calibrate": calibrate, "time": time_steps}
    while True:
        try:
            order, *details = orders.recv()
        except EOFError:
            return
        orders.send(does[order](run, *details))


def numbers(run: Run) -> list[np.ndarray]:
    for _ in range(CHECKED_STEPS):
        result = run.step()
    return [np.array(number, dtype=np.float64) for number in run.numbers(result)]


def calibrate(run: Run, seconds: float) -> int:
    """How many steps fill a turn. They warm the contender up, too."""
    steps = 1
    while (taken := time_steps(run, steps) * steps) < seconds / 2:
        steps *= 2
    return max(3, round(steps * seconds / taken))


def time_steps(run: Run, steps: int) -> float:
    """Seconds of one step. The first ones bring back what other processes pushed out of caches."""
    step = run.step
    for _ in repeat(None, 1 + steps // 10):
        step()
    start = time.perf_counter()
    for _ in repeat(None, steps):
        step()
    return (time.perf_counter() - start) / steps
