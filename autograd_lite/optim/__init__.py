"""Optimisers: a step changes parameters by their gradients, and nothing else."""

from .adam import Adam
from .clipping import clip_grad_norm
from .optimizer import Optimizer
from .schedule import CosineLR, StepLR
from .sgd import SGD

__all__ = ["SGD", "Adam", "CosineLR", "Optimizer", "StepLR", "clip_grad_norm"]
