"""A training step: both passes and the optimiser's rule as NumPy source, all in place."""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any

import numpy as np

from ..optim.gradients import all_finite, finite_gradients
from .leaves import Leaves
from .passes import optimise, skip_gradients
from .placement import Buffer, place
from .program import Call, Input, Program, Value
from .source import Part, Writer
from .trace import trace
from .traced import Recorder, Traced
from .two_passes import HEADER, run


class TrainingStep:
    """`step(**inputs)` computes the loss and its gradients, and moves the parameters in place.

    The parameters lie one behind the other in one array, and so do their gradients: the
    optimiser's rule runs once for all of them. `lr` is read at every step; the optimiser's other
    numbers are those of the time when the step was written.

    `source` is the code. It gives what `backward()` and `optimizer.step()` give.
    """
