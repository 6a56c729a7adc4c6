"""All exercises, lesson by lesson."""

import difflib
from dataclasses import dataclass

from .beyond import BEYOND
from .chain_rule import CHAIN_RULE
from .compiling import COMPILING
from .exercise import Exercise
from .four_ways import FOUR_WAYS
from .gate_rules import GATE_RULES
from .layers_are_sugar import LAYERS_ARE_SUGAR
from .network_231 import NETWORK_231
from .softmax_cross_entropy import SOFTMAX_CROSS_ENTROPY
from .start_here import START_HERE
from .training_loop import TRAINING_LOOP
from .two_passes import TWO_PASSES
from .vanishing_gradients import VANISHING_GRADIENTS
from .your_own_operation import YOUR_OWN_OPERATION


@dataclass(frozen=True)
class Lesson:
    """A lesson's number and title, and its exercises in the order of the notebook."""

    number: str
    title: str
    exercises: tuple[Exercise, ...]


LESSONS = (
    Lesson("00", "Start here", START_HERE),
    Lesson("01", "Two passes", TWO_PASSES),
    Lesson("02", "Gate rules", GATE_RULES),
    Lesson("03", "The chain rule", CHAIN_RULE),
    Lesson("04", "Four ways", FOUR_WAYS),
    Lesson("05", "Your own operation", YOUR_OWN_OPERATION),
    Lesson("06", "The [2,3,1] network", NETWORK_231),
    Lesson("07", "Softmax and batches", SOFTMAX_CROSS_ENTROPY),
    Lesson("08", "The training loop", TRAINING_LOOP),
    Lesson("09", "When gradients die", VANISHING_GRADIENTS),
    Lesson("10", "Layers are sugar", LAYERS_ARE_SUGAR),
    Lesson("11", "Compiling the graph", COMPILING),
    Lesson("12", "Beyond the gradient", BEYOND),
)

EXERCISES = {exercise.key: exercise for lesson in LESSONS for exercise in lesson.exercises}


def find(key: str) -> Exercise:
    """Find an exercise by its key.

    Raises ValueError for an unknown key: a misspelt key is the author's error, not an answer.

    >>> find("01.forks")
    Traceback (most recent call last):
    ValueError: There is no exercise '01.forks'. Did you mean '01.fork'?
    """
    if isinstance(key, str) and key in EXERCISES:
        return EXERCISES[key]
    near = difflib.get_close_matches(key, EXERCISES) if isinstance(key, str) else []
    if near:
        raise ValueError(f"There is no exercise {key!r}. Did you mean {_either(near)}?")
    raise ValueError(f"There is no exercise {key!r}. Known are {', '.join(EXERCISES)}.")


def _either(keys: list[str]) -> str:
    return " or ".join(map(repr, keys))
