"""Layers and losses. They only add elementary operations: none has a backward of its own."""

from .activations import Flatten, ReLU, Sigmoid, Softmax, Softplus, Tanh
from .linear import Linear
from .losses import ClippedCrossEntropyLoss, CrossEntropyLoss, MSELoss
from .module import Module
from .sequential import Sequential

__all__ = [
    "ClippedCrossEntropyLoss", "CrossEntropyLoss", "Flatten", "Linear", "MSELoss", "Module",
    "ReLU", "Sequential", "Sigmoid", "Softmax", "Softplus", "Tanh",
]  # fmt: skip
