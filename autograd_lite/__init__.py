"""autograd_lite: computations recorded as graphs, stepped forward and backward.

Importing it loads NumPy and nothing heavier; pictures and widgets load when first used.

>>> import numpy as np
>>> import autograd_lite as ag
>>> x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
>>> y = np.sin(x1) + x1 * x2
>>> y.backward()
>>> print(f"{x1.grad:.4f}")
2.5839
"""

from importlib import import_module
from typing import Any

from .anomaly import detect_anomaly
from .gradcheck import gradcheck
from .graph import ComputationGraph
from .kinds import Elementwise, Multilinear
from .operation import Operation
from .ops import FUNCTIONS
from .recording import no_grad, scope
from .steps import Contribution, Step
from .tensor import Tensor
from .transforms import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

__version__ = "0.1.0"

globals().update(FUNCTIONS)

# Loaded when first used: where each name lives.
_LATER = {
    "draw": "views",
    "draw_pass": "views",
    "paths": "views",
    "render_svg": "views",
    "Stepper": "widgets",
    "FormulaStepper": "widgets",
    "explore": "widgets",
    "GateBench": "widgets",
    "Quiz": "widgets",
    "TrainingLoop": "widgets",
    "GradientFlow": "widgets",
    "lessons": "lessons",
    "nn": "nn",
    "optim": "optim",
    "data": "data",
    "compile": "compiler.function",
}

__all__ = [
    "ComputationGraph", "Contribution", "Elementwise", "Multilinear", "Operation", "Step",
    "Tensor", "detect_anomaly", "grad", "gradcheck", "hessian", "hvp", "jacobian", "jvp",
    "no_grad", "scope", "value_and_grad", "vjp", *FUNCTIONS,
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'autograd_lite' has no attribute {name!r}")
    try:
        module = import_module(f"{__name__}.{_LATER[name]}")
    except ModuleNotFoundError as error:
        raise ImportError(
            f"autograd_lite.{name} needs {error.name}: pip install 'autograd-lite[notebooks]'"
        ) from error
    return module if name == _LATER[name] else getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
