"""The compiler: a recorded graph becomes NumPy source that is read and run.

graph → trace → program → passes → placement → source. A program is a list of NumPy calls.
`function` stands above graphs, which compile themselves: it is imported by itself.
"""

from .compiled import Compiled
from .program import Call, Constant, Input, Program, Value
from .training import TrainingStep

__all__ = ["Call", "Compiled", "Constant", "Input", "Program", "TrainingStep", "Value"]
