"""Widgets: the steps under the learner's hands. Python writes, the browser only shows."""

from .bench import GateBench
from .stepper import Stepper

__all__ = ["GateBench", "Stepper"]
