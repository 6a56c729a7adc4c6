"""Widgets: the steps under the learner's hands. Python writes, the browser only shows."""

from .bench import GateBench
from .flow import GradientFlow
from .formula import FormulaStepper
from .function import FunctionStepper, explore
from .quiz import Quiz
from .stepper import Stepper
from .training import TrainingLoop

__all__ = [
    "FormulaStepper", "FunctionStepper", "GateBench", "GradientFlow", "Quiz", "Stepper",
    "TrainingLoop", "explore",
]  # fmt: skip
