"""The engine of lesson 05 in parts, so that tests can break them one by one."""

import math
from typing import Any


class Value:
    """A right answer to 05.engine."""

    seed: Any = 1.0

    def __init__(self, data: float, inputs: Any = ()) -> None:
        self.data = data
        self.inputs = inputs
        self.grad = 0.0

    def __add__(self, other: "Value") -> "Value":
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other: "Value") -> "Value":
        product = self.data * other.data
        return type(self)(product, self.pairs(other))

    def pairs(self, other: "Value") -> Any:
        return [(self, other.data), (other, self.data)]

    def sin(self) -> "Value":
        return type(self)(math.sin(self.data), [(self, self.slope())])

    def slope(self) -> Any:
        return math.cos(self.data)

    def order(self) -> list["Value"]:
        found: list[Value] = []

        def visit(value: Value) -> None:
            if value not in found:
                for source, _ in value.inputs:
                    visit(source)
                found.append(value)

        visit(self)
        return found

    def turns(self) -> list["Value"]:
        return self.order()[::-1]

    def contribution(self, local: float) -> float:
        return self.grad * local

    def receive(self, contribution: float) -> None:
        self.grad += contribution

    def backward(self) -> Any:
        self.grad = self.data if self.seed == "value" else self.seed
        sent = []
        for value in self.turns():
            for target, local in value.inputs:
                contribution = value.contribution(local)
                target.receive(contribution)
                sent.append((value, target, contribution))
        return sent
