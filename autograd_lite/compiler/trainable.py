"""What a training step can be made of: a loss, parameters that it depends on, and a batch."""

from collections.abc import Sequence
from typing import Any

from ..ops.arithmetic import Drop
from ..ops.fused import CrossEntropy
from ..ops.indexing import GetItem, is_basic
from ..optim.gradients import call_of
from ..optim.optimizer import Optimizer
from .program import Input, Program


def data_of(graph: Any, inputs: Sequence[Input], optimizer: Optimizer) -> list[str]:
    """The arrays that a batch consists of: named constants that are nobody's frozen weights."""
    given = {leaf.label for leaf in inputs}
    owned = {number for scope in graph.scopes.values() for number in scope.owned}
    owned |= {parameter._number for parameter in optimizer.parameters}
    return [
        name for name, leaf in graph.inputs.items()
        if name in given and not leaf.requires_grad and leaf.ndim and leaf._number not in owned
    ]  # fmt: skip


def picks(node: Any) -> bool:
    """Whether labels were recorded in a node: as an index, or as a target without a name."""
    operation = node.operation
    if isinstance(operation, CrossEntropy):
        target = node.inputs[1]
        return target.operation is None and target.name is None
    return isinstance(operation, GetItem) and not is_basic(operation.index)


def refuse_what_cannot_be_trained(graph: Any, optimizer: Any) -> None:
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"training_step: received {type(optimizer).__name__}, expected an optimiser, such as "
            "optim.SGD(parameters, lr=0.1)."
        )
    if any(isinstance(node.operation, Drop) for node in graph.nodes):
        raise ValueError(
            "training_step: the graph has a Dropout, which drew once what it drops; every step "
            "would drop the same. Train with backward() and optimizer.step(), or call model.eval() "
            "before recording, to drop nothing."
        )
    if type(optimizer).step is not Optimizer.step:
        raise TypeError(
            f"training_step: {type(optimizer).__name__} has a step of its own, which a program "
            "would pass over. Write the rule as update(value, gradient, memory) alone."
        )
    if graph.output.size != 1:
        raise ValueError(
            f"training_step: the output has shape {graph.output.shape}, expected one number, the "
            "loss. Make it one, for example with .mean()."
        )


def moved_by(graph: Any, program: Program, optimizer: Optimizer) -> dict[int, Input]:
    """The parameters that get a gradient, by their places: they are inputs of the program."""
    by_label = {leaf.label: leaf for leaf, slope in program.gradients.items() if slope is not None}
    leaves = {node: by_label.get(graph.label(node)) for node in graph.nodes}
    found = {place: leaves.get(tensor) for place, tensor in enumerate(optimizer.parameters)}
    moved = {place: leaf for place, leaf in found.items() if leaf is not None}
    if not moved:
        raise ValueError(
            f"training_step: {graph.top} depends on none of the optimiser's parameters, of which "
            f"the first is {call_of(optimizer.parameters, 0)}. Compute the loss from them."
        )
    kinds = sorted({str(leaf.dtype) for leaf in moved.values()})
    if len(kinds) > 1:
        raise TypeError(
            f"training_step: the parameters are {' and '.join(kinds)}, expected one kind. Write "
            "model.astype(np.float32)."
        )
    return moved
