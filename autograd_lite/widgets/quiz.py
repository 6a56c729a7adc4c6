"""Quiz: numbers of a graph are covered; the learner types them, and a wrong one gets its name."""

from collections.abc import Collection, Mapping
from math import isfinite
from reprlib import repr as shortened
from typing import Any

import numpy as np
import traitlets

from ..graph import ComputationGraph
from ..steps import make_seed
from ..tensor import Tensor
from ..views.covered import VALUE, CoveredPicture, Number
from ..views.number import format_number, format_short
from ..views.svg import to_text
from .asked import Asked
from .front import Refused, module
from .graph_mistakes import graph_mistakes
from .mistakes import TOLERANCE, close, find_mistake
from .questions import by_name, find_questions
from .revealed import record_shows
from .state import equation_as_json
from .typed import read_typed

NEARLY = 2e-2
HALF_A_DIGIT = 5e-5  # of the four decimals that are shown


class Quiz(Asked):
    """Predict numbers of the graph of `y`; then each is shown, with its equation.

    Args:
        y: the output, or its graph. The quiz works on a copy.
        ask: "gradients", of all nodes that are single numbers and receive one; "values", of
            all that are computed; or a list of names: "x1" is the gradient of x1, "value of v2"
            the value of v2.
        tolerance: how far off an answer may be, relative to the right number. Half a digit of
            the four decimals that are shown is allowed besides.
        gradient: the seed of the backward pass. One that is given is not asked.

    `answers` holds what was typed, by what was asked: a number, or None. Setting it is the same
    as typing, and what is left out stays as it was; "x1" will do where one number of x1 is
    asked. `right` says of each whether it is right; `score` counts those, `done` says that all
    are. A number that was shown does not count.

    Raises:
        ValueError: a name that is not there, an array, a number that is not finite, nothing to
            ask, or more than 24 numbers.

    >>> x1, x2 = Tensor(2.0, name="x1"), Tensor(3.0, name="x2")
    >>> quiz = Quiz(np.sin(x1) + x1 * x2, ask=["x1", "x2"])
    >>> quiz.answers = {"x1": 5, "x2": 2}
    >>> print(quiz.said)
    ✗ gradient of x1: 5 is not it. 2 arrows come back: upstream × local for each, and their sum.
    ✓ gradient of x2: 2.0000 is right.
    1 of 2 right.
    >>> quiz.answers = {"x1": 2.5839}
    >>> quiz.done
    True
    """

    _esm = module("quiz")
    buttons = ("check", "show")

    answers = traitlets.Dict().tag(sync=True)
    right = traitlets.Dict(read_only=True)  # not from the browser
    _svg = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        y: Tensor | ComputationGraph,
        ask: str | Collection[str] = "gradients",
        tolerance: float = TOLERANCE,
        gradient: Any = None,
    ) -> None:
        graph = y if isinstance(y, ComputationGraph) else ComputationGraph(y)
        if ask != "values" or gradient is not None:
            make_seed(graph.output, gradient)  # or the message that says what is missing
        if not isinstance(tolerance, int | float) or not 0 <= tolerance < 1:
            raise ValueError(f"tolerance: received {tolerance!r}, expected 0 or a little more.")
        self._tolerance = tolerance
        self._picture = picture = CoveredPicture(graph, gradient)
        self._asked = asked = find_questions(picture, ask, gradient is not None)
        self._shown: set[str] = set()
        self._kept: dict[str, float | None] = dict.fromkeys(asked)
        self._texts, self._verdicts = dict.fromkeys(asked, ""), dict.fromkeys(asked, "")
        super().__init__(
            _kind="quiz",
            _label=f"Quiz: {', '.join(asked)}",
            _svg=to_text(picture.skeleton),
            answers=self._kept,
        )
        self._tell([])
        self.observe(self._change, "answers")

    @property
    def score(self) -> int:
        """How many of the numbers are right."""
        return sum(self.right.values())

    @property
    def done(self) -> bool:
        """Whether all of them are right."""
        return all(self.right.values())

    def check(self, typed: Mapping[str, str]) -> str:
        """Answer in text, as the fields do. Returns what the quiz says."""
        texts = {self._find(name): str(text) for name, text in typed.items()}
        answers: dict[str, float | None] = {}
        unread = {}
        for label, text in texts.items():
            try:
                answers[label] = _read(text)
            except ValueError as error:
                answers[label], unread[label] = None, f"· {error}"
        if texts and not any(text.strip() for text in texts.values()):
            unread[next(iter(texts))] = "· Type a number first."
        with self.hold_sync():
            self.answers = answers
            self._texts.update(texts)
            self._tell(texts, unread)
        return self.said

    def show(self, name: str | None = None) -> str:
        """Show a number, or all of them. What was not right before does not count any more."""
        labels = [
            label
            for label in (self._asked if name is None else [self._find(name)])
            if not self.right[label]
        ]
        self._shown.update(labels)
        self._tell(labels)
        return self.said

    def recorded(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        with self.hold_sync():
            return {}, record_shows(self)

    def still(self) -> CoveredPicture:
        return self._picture

    @traitlets.validate("answers")
    def _valid_answers(self, proposal: Any) -> dict[str, float | None]:
        """Each by its full name; those that are not given stay as they were."""
        answers = dict(self._kept)  # a trait that is being set holds its new value already
        for name, value in proposal["value"].items():
            try:
                answers[self._find(name)] = _read(value)
            except ValueError as error:
                raise Refused(f"answers: {error}") from None
        return answers

    def _find(self, name: str) -> str:
        label = by_name(self._asked, self._picture, name)
        if label is None:
            raise ValueError(f"received {name!r}, expected some of {', '.join(self._asked)}.")
        return label

    def _change(self, change: Any) -> None:
        before, self._kept = self._kept, dict(self.answers)
        labels = [label for label in self._asked if before[label] != self._kept[label]]
        for label in labels:
            answer = self.answers[label]
            self._texts[label] = "" if answer is None else format_short(answer)
        self._tell(labels)

    def _tell(self, labels: Collection[str], unread: Mapping[str, str] | None = None) -> None:
        """Judge these answers anew, uncover what is known, and say so."""
        right = {label: self._is_right(label) for label in self._asked}
        known = [label for label in self._asked if right[label] or label in self._shown]
        picture, asked = self._picture, self._asked
        picture.cover(
            [number for label, number in asked.items() if label not in known],
            {asked[label]: " ✓" if right[label] else "" for label in known},
        )
        for label in (*labels, *self._shown):  # an equation that was awaited may be there now
            self._verdicts[label] = (unread or {}).get(label) or self._verdict(label)
        said = [f"{v[0]} {label}:{v[1:]}" for label in labels if (v := self._verdicts[label])]
        explained = [picture.explanation(asked[label]) for label in known]
        self.set_trait("right", right)
        self._trace = {
            "frames": [picture.frame()],
            "fields": [
                {
                    "label": label,
                    "text": self._texts[label],
                    "verdict": self._verdicts[label],
                    "known": label in known,
                }
                for label in asked
            ],
            "equations": [equation_as_json(equation) for equation in explained if equation],
            "said": "\n".join([*said, f"{self.score} of {len(asked)} right."]),
            "score": f"{self.score} of {len(asked)} right",
        }

    def _is_right(self, label: str) -> bool:
        answer = self.answers[label]
        if answer is None or label in self._shown:
            return False
        return same(answer, self._of(label), self._tolerance)

    def _of(self, label: str) -> float:
        return float(self._picture.read(self._asked[label]))

    def _verdict(self, label: str) -> str:
        right, answer = self._of(label), self.answers[label]
        if label in self._shown:
            later = self._picture.explanation(self._asked[label]) is None
            why = " Its equation comes when the numbers in it are known." if later else ""
            return f"· {format_number(right)} is shown, and does not count.{why}"
        if answer is None:
            return ""
        if self._is_right(label):
            return f"✓ {format_number(right)} is right."
        words = self._mistake(self._asked[label], answer, right)
        if words is None and same(answer, right, NEARLY):
            words = "close. Write at least four digits."
        return f"✗ {format_short(answer)} is {words or self._advice(self._asked[label])}"

    def _advice(self, number: Number) -> str:
        """What to do about a wrong number that nobody knows."""
        arrows = len(self._picture.trace.arrivals(number.node))
        if number.kind == VALUE:
            return "not it. Put the values at its inputs into its operation."
        if not arrows:
            return "not it. Nothing comes back to it: it is the seed of the backward pass."
        if arrows == 1:
            return "not it. Multiply what arrives at the end of the arrow by the local gradient."
        return f"not it. {arrows} arrows come back: upstream × local for each, and their sum."

    def _mistake(self, number: Number, answer: float, right: float) -> str | None:
        """What gives this answer to four decimals, or else to about three digits."""
        with np.errstate(all="ignore"):
            given = list(graph_mistakes(self._picture, number))
        named = [one for one in given if not same(one[0], right, self._tolerance)]
        exact = find_mistake(answer, named, lambda one, other: same(one, other, 0.0))
        return exact or find_mistake(answer, named)

    def __repr__(self) -> str:
        return f"Quiz({', '.join(self._asked)}: {self._trace['score']})"


def same(value: float, wanted: float, tolerance: float) -> bool:
    """Equal but for the tolerance, and for what four decimals do not show."""
    absolute = HALF_A_DIGIT if wanted == 0 or abs(wanted) >= 1e-3 else 0.0
    return close(value, wanted, tolerance, absolute)


def _read(answer: Any) -> float | None:
    """One finite number, or `None` for nothing: a number, an array of one, or text."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return None
    try:
        if isinstance(answer, bool | np.bool_):
            raise TypeError
        if isinstance(answer, str):
            value = read_typed(answer)
        else:  # item() is how arrays and tensors hand out their one number
            value = float(answer.item() if hasattr(answer, "item") else answer)
    except (TypeError, OverflowError):
        raise ValueError(
            f"received {shortened(answer)}, expected a number, such as 2.5, or None."
        ) from None
    if not isfinite(value):
        raise ValueError(f"received {shortened(answer)}, expected a finite number.")
    return value
