"""Data to learn from: arrays, made by formulas or read from files."""

from .batches import batches
from .split import Split
from .toys import moons, spirals, xor

__all__ = ["Split", "batches", "moons", "spirals", "xor"]
