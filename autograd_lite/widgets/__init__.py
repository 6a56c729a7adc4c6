"""Widgets: the steps under the learner's hands. Python writes, the browser only shows."""

from .bench import GateBench
from .flow import GradientFlow
from .stepper import Stepper
from .training import TrainingLoop

__all__ = ["GateBench", "GradientFlow", "Stepper", "TrainingLoop"]
