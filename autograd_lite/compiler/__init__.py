"""The compiler: a recorded graph becomes NumPy source that is read and run.

graph → trace → program → passes → placement → source. A program is a list of NumPy calls.
"""

from .compiled import Compiled
from .function import CompiledFunction, compile
from .program import Call, Constant, Input, Program, Value
from .training import TrainingStep

__all__ = [
    "Call", "Compiled", "CompiledFunction", "Constant", "Input", "Program", "TrainingStep",
    "Value", "compile",
]  # fmt: skip
