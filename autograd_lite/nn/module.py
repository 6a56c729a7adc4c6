"""Module: something with parameters that is called. A layer, a loss, a network of them."""

from collections.abc import Iterator, Mapping
from reprlib import recursive_repr
from typing import Any

import numpy as np

from ..recording import SCOPES, open_scope
from ..tensor import Tensor
from . import storage


class Module:
    """Write `forward`; parameters are the attributes that are tensors, also frozen ones.

    Attributes may also be modules, and lists, tuples or dicts of both: a network is a module too.
    Called, a module opens a `scope` with its name, so that drawings show it as one box.

    >>> import autograd_lite as ag
    >>> class Scale(ag.nn.Module):
    ...     def __init__(self, factor):
    ...         self.factor = ag.Tensor(factor)
    ...     def forward(self, x):
    ...         return self.factor * x
    >>> net = ag.nn.Sequential(Scale(2.0), Scale(3.0))
    >>> list(net.named_parameters())
    ['0.factor', '1.factor']
    >>> net(ag.Tensor(1.0)).item()
    6.0
    """

    name: str | None = None  # what its box is called; None: its class
    training = True  # Dropout drops only while this holds

    def forward(self, *inputs: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__} has no forward: write `def forward(self, x)` that returns "
            "what it computes."
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        if not self.__dict__.get("_named"):
            self._give_names()
        given = [x if type(x) is Tensor else _as_constants(x) for x in inputs]
        before = open_scope(self.name or type(self).__name__, _own(self))  # sooner than `with`
        try:
            return self.forward(*given, **options)
        finally:
            SCOPES.set(before)

    def _give_names(self) -> None:
        """The outermost module is called first: its paths, "hidden.W", become the names."""
        for path, module in _modules(self):
            if not module.__dict__.get("_named"):  # one called before may keep its results
                _refuse_computed(path, module)
        for path, parameter in self.named_parameters().items():
            if parameter.name is None:
                parameter.name = path
        for path, module in _modules(self):
            attribute = path.rpartition(".")[2]
            if module.name is None and attribute and not attribute.isdigit():
                module.name = attribute
            module.__dict__["_named"] = True

    def named_parameters(self) -> dict[str, Tensor]:
        """Every parameter by its path, such as "hidden.W", in order; a shared one once."""
        found: dict[Tensor, str] = {}
        for path, module in _modules(self):
            for name, part in _parts(module):
                if isinstance(part, Tensor):
                    found.setdefault(part, f"{path}.{name}" if path else name)
        parameters = {path: parameter for parameter, path in found.items()}
        if len(parameters) < len(found):
            twice = next(path for path in parameters if [*found.values()].count(path) > 1)
            raise ValueError(f"{type(self).__name__}: two parameters are at {twice!r}. Rename one.")
        return parameters

    def parameters(self) -> list[Tensor]:
        """Every parameter, for an optimiser."""
        return list(self.named_parameters().values())

    def zero_grad(self) -> None:
        """Forget the gradients, so that the next backward pass starts a new sum."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode: bool = True) -> "Module":
        """Say whether the module is being trained. `eval()` says that it is not."""
        for _, module in _modules(self):
            module.training = mode
        return self

    def eval(self) -> "Module":
        return self.train(False)

    def astype(self, dtype: Any) -> "Module":
        """Keep every parameter in another dtype of floats, such as np.float32: half the memory."""
        kind = np.dtype(dtype)
        if kind.kind != "f":
            raise ValueError(f"astype: received {kind}, expected floats, such as np.float32.")
        for parameter in self.parameters():
            array = np.array(parameter._data, dtype=kind)
            array.flags.writeable = False
            parameter._replace(array[()])
            parameter.grad = None
        return self

    def state_dict(self) -> dict[str, np.ndarray]:
        """A copy of every parameter's value, by its path."""
        return {path: tensor.numpy() for path, tensor in self.named_parameters().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over values from `state_dict()`: all of them, or, where one does not fit, none.

        Raises:
            ValueError: names what is missing, what is not asked for, and what has another shape.
        """
        parameters = self.named_parameters()
        arrays = {path: _array(value) for path, value in state.items()}
        problems = [
            *(f"{path} is missing" for path in parameters if path not in arrays),
            *(f"{path} is not asked for" for path in arrays if path not in parameters),
            *(
                f"{path} has shape {arrays[path].shape}, expected {parameter.shape}"
                for path, parameter in parameters.items()
                if path in arrays and arrays[path].shape != parameter.shape
            ),
            *(
                f"{path} holds {arrays[path].dtype}, expected floats"
                for path in parameters
                if path in arrays and arrays[path].dtype.kind not in "fiu"
            ),
        ]
        if problems:
            raise ValueError(
                f"load_state_dict of {type(self).__name__}: {'; '.join(problems)}. Load into a "
                "module built as the one that was saved. No parameter was changed."
            )
        # All are converted before the first is set: a number may be too large for its dtype.
        with np.errstate(over="ignore"):
            values = {path: arrays[path].astype(p.dtype) for path, p in parameters.items()}
        wrong = [path for path, value in values.items() if not np.isfinite(value).all()]
        if wrong:
            raise ValueError(
                f"load_state_dict of {type(self).__name__}: {wrong[0]} would hold a nan or an inf. "
                "No parameter was changed."
            )
        for path, parameter in parameters.items():
            parameter.data = values[path]

    def save(self, path: Any) -> None:
        """Write `state_dict()` to a .npz file. An older file stays until the new one is whole."""
        storage.write(path, self.state_dict())

    def load(self, path: Any) -> None:
        """Read what `save` wrote.

        Raises:
            ValueError: a damaged file, or parameters that do not fit. None was changed then.
        """
        state = storage.read(path)
        try:
            self.load_state_dict(state)
        except ValueError as error:
            raise ValueError(f"load: {path} does not fit. {error}") from error

    @recursive_repr()
    def __repr__(self) -> str:
        parts = (f"{key}={part!r}" for key, part in _parts(self) if isinstance(part, Module))
        return f"{type(self).__name__}({', '.join(parts)})"


def _as_constants(x: Any) -> Any:
    """Data as constants, made before the scope opens: their place is outside of the box."""
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return Tensor(x, requires_grad=False)
    return tuple([_as_constants(part) for part in x]) if type(x) is tuple else x


def _array(value: Any) -> np.ndarray:
    return value.numpy() if isinstance(value, Tensor) else np.asarray(value)


def _refuse_computed(path: str, module: Module) -> None:
    """W = Tensor(…) * 0.1 is a result: nothing would train it, and nothing would save it."""
    for name, part in _found_in(module):
        if _computed(part) and part.requires_grad:
            where = f"{path}.{name}" if path else name
            raise ValueError(
                f"{type(module).__name__}: {where} is computed, {part.describe()}, so it is no "
                "parameter. Compute with arrays first and wrap the result: ag.Tensor(0.1 * values)."
            )


def _parts(module: Module) -> Iterator[tuple[str, Any]]:
    """The parameters and the modules that a module holds itself, by their paths."""
    return (found for found in _found_in(module) if not _computed(found[1]))


def _own(module: Module) -> list[Tensor]:
    """The tensors among the parts of a module. Each call asks, and most hold no list of them."""
    own = []
    for name, value in vars(module).items():
        if type(value) is Tensor:
            if value.operation is None:
                own.append(value)
        elif isinstance(value, (Tensor, list, tuple, dict)):
            found = (part for _, part in _found(name, value) if isinstance(part, Tensor))
            own += [part for part in found if part.operation is None]
    return own


def _computed(part: Any) -> bool:
    return isinstance(part, Tensor) and part.operation is not None


def _found_in(module: Module) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        yield from _found(name, value)


def _found(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Tensor | Module):  # a frozen tensor too: it is a part of the state
        yield path, value
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _found(f"{path}.{number}", item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _found(f"{path}.{key}", item)


def _modules(root: Module) -> Iterator[tuple[str, Module]]:
    """The module and all inside it, each once, by their paths."""
    seen = {id(root)}
    waiting = [("", root)]
    while waiting:
        path, module = waiting.pop()
        yield path, module
        inside = [
            (f"{path}.{name}" if path else name, part)
            for name, part in _parts(module)
            if isinstance(part, Module) and id(part) not in seen
        ]
        seen.update(id(part) for _, part in inside)
        waiting += reversed(inside)
