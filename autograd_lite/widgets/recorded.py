"""What a widget answers without Python: every answer is asked for beforehand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from math import isclose, isfinite
from typing import Any

from .columns import pack
from .state import page_state

# How many places each slider has, with one slider, two or three. With more, one moves at a time.
PLACES = {1: 41, 2: 17, 3: 9}
ONE_AT_A_TIME = 17
NICE = (1.0, 2.0, 5.0)


class Axis:
    """One thing that can be set, and the places where Python was asked.

    `message` is a message that sets it, `resting` whether any other change sets it back.
    """

    def __init__(
        self, name: str, places: Iterable[Any], start: Any, trait: str = "", message: str = "",
        resting: bool = False,
    ) -> None:  # fmt: skip
        self.name, self.places, self.trait = name, list(places), trait or name
        self.inside = bool(trait)  # one number of several that the trait holds
        self.start = nearest(self.places, start)
        self.message, self.resting = message, resting

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name, "trait": self.trait, "inside": self.inside, "places": self.places,
            "start": self.start, "message": self.message, "resting": self.resting,
        }  # fmt: skip


def record_grid(
    axes: Sequence[Axis], ask: Callable[[dict[str, Any]], dict[str, Any] | None]
) -> dict[str, Any]:
    """What `ask` gives for {name: place} at every place of the axes; None is no answer.

    An answer is traits and their values; those that are always the same are left out. With
    more than three axes only the places along each of them, through the start, are asked for.
    """
    single = len(axes) > max(PLACES) and all(axis.inside for axis in axes)
    ways = _lines(axes) if single else product(*(axis.places for axis in axes))
    answers = [
        ask({axis.name: place for axis, place in zip(axes, places, strict=True)}) for places in ways
    ]
    given = [answer for answer in answers if answer is not None]
    moving = {name for one in given for name in one if one[name] != given[0][name]}
    places = iter(range(len(given)))
    return {
        "axes": [axis.as_json() for axis in axes],
        "single": single,
        "index": [None if answer is None else next(places) for answer in answers],
        **pack([{name: v for name, v in one.items() if name in moving} for one in given]),
    }


def _lines(axes: Sequence[Axis]) -> Iterator[tuple[Any, ...]]:
    start = [axis.places[axis.start] for axis in axes]
    for number, axis in enumerate(axes):
        for place in axis.places:
            yield (*start[:number], place, *start[number + 1 :])


def record_inputs(widget: Any) -> tuple[Any, Any]:
    """The sliders that `widget` has on a page, and what they answer."""
    sliders = [dict(one) for one in widget._sliders]
    before = dict(widget.inputs)
    most = PLACES.get(len(sliders), ONE_AT_A_TIME)
    axes = [
        Axis(one["name"], narrow(one, before[one["name"]], most), before[one["name"]], "inputs")
        for one in sliders
    ]

    def ask(inputs: dict[str, Any]) -> dict[str, Any] | None:
        try:
            widget.inputs = inputs
        except Exception:  # an operation may refuse a number: the slider then stays where it was
            return None
        # A function of the learner's own refuses without an error, and goes back.
        return page_state(widget) if widget.inputs == inputs else None

    with widget.hold_sync():  # the browser of a live lesson hears nothing of it
        recorded = record_grid(axes, ask)
        widget.inputs = before
    return sliders, recorded


def narrow(slider: dict[str, Any], start: float, most: int) -> list[float]:
    """Give a slider at most so many places, one of them its start; the places.

    >>> slider = {"name": "x1", "min": -4.0, "max": 4.0, "step": 0.01}
    >>> narrow(slider, 2.0, 9)
    [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
    >>> slider["step"]
    1.0
    """
    low, high = slider["min"], slider["max"]
    wide = high - low
    step = next(size for size in _nice_sizes(wide / most) if wide / size + 1e-6 < most)
    origin = start if isfinite(start) and low <= start <= high else low
    first = -int((origin - low) / step + 1e-9)
    last = int((high - origin) / step + 1e-9)
    places = [
        _tidy(origin + number * step, step) if number else origin
        for number in range(first, last + 1)
    ]
    slider.update(min=places[0], max=places[-1], step=step)
    return places


def _nice_sizes(least: float) -> Iterator[float]:
    """1, 2, 5, 10, 20 … of the size that is asked for."""
    power = 10.0 ** int(f"{least:e}".split("e")[1])
    while True:
        yield from (_tidy(nice * power, nice * power) for nice in NICE)
        power *= 10


def _tidy(value: float, step: float) -> float:
    """Without the last digits that sums of steps leave."""
    rounded = float(f"{value:.12g}")
    return 0.0 if isclose(rounded, 0.0, abs_tol=1e-9 * step) else rounded


def nearest(places: Sequence[Any], value: Any) -> int:
    """Which place is `value`, or for numbers next to it; the first when there is none.

    >>> nearest([0.0, 0.5, 1.0], 0.6), nearest(["add", "sin"], "sin")
    (1, 1)
    """
    if value in places:
        return places.index(value)
    if isinstance(value, int | float) and isfinite(value):
        return min(range(len(places)), key=lambda place: abs(places[place] - value))
    return 0
