"""Data to learn from: arrays, made by formulas or read from files."""

from .batches import batches
from .digits import digits
from .mnist import mnist
from .split import Split
from .toys import moons, spirals, xor

__all__ = ["Split", "batches", "digits", "mnist", "moons", "spirals", "xor"]
