"""Layers and losses. They only add elementary operations: none has a backward of its own."""

from .activations import Flatten, ReLU, Sigmoid, Softmax, Softplus, Tanh
from .attention import Attention
from .convolution import Conv2d, MaxPool2d
from .fit import accuracy, fit
from .history import History
from .linear import Linear
from .losses import ClippedCrossEntropyLoss, CrossEntropyLoss, MSELoss
from .module import Module
from .normalise import Dropout, LayerNorm
from .recurrent import LSTMCell, RNNCell
from .sequential import Sequential

__all__ = [
    "Attention", "ClippedCrossEntropyLoss", "Conv2d", "CrossEntropyLoss", "Dropout", "Flatten",
    "History", "LSTMCell", "LayerNorm", "Linear", "MSELoss", "MaxPool2d", "Module", "RNNCell",
    "ReLU", "Sequential", "Sigmoid", "Softmax", "Softplus", "Tanh", "accuracy", "fit",
]  # fmt: skip
