"""The compiler: a recorded graph becomes NumPy source that is read and run.

graph → trace → program → passes → placement → source. A program is a list of NumPy calls.
"""

from .compiled import Compiled
from .program import Call, Constant, Input, Program, Value

__all__ = ["Call", "Compiled", "Constant", "Input", "Program", "Value"]
