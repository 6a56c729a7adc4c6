"""Layers one after the other."""

from collections.abc import Iterator
from typing import Any

from .module import Module


class Sequential(Module):
    """Each layer receives what the one before it returns. Layers may have names.

    >>> import autograd_lite as ag
    >>> net = Sequential(hidden=ag.nn.Linear(2, 3, rng=0), squash=ag.nn.Sigmoid())
    >>> net
    Sequential(hidden=Linear(2, 3), squash=Sigmoid())
    >>> list(net.named_parameters())
    ['hidden.W', 'hidden.b']
    """

    def __init__(self, *layers: Module, **named_layers: Module) -> None:
        given = {**{str(number): layer for number, layer in enumerate(layers)}, **named_layers}
        if len(given) < len(layers) + len(named_layers):
            twice = next(key for key in map(str, range(len(layers))) if key in named_layers)
            raise ValueError(f"Sequential: two layers are called {twice!r}. Choose another name.")
        for key, layer in given.items():
            if not isinstance(layer, Module):
                hint = " Write parentheses: ReLU()." if isinstance(layer, type) else ""
                raise TypeError(
                    f"Sequential: layer {key} received {layer!r}, expected a Module.{hint}"
                )
            if hasattr(Module, key):
                raise ValueError(
                    f"Sequential: a layer cannot be called {key!r}, as a part of every module is. "
                    "Choose another name."
                )
        vars(self).update(given)
        self._layers = tuple(given)

    def forward(self, x: Any) -> Any:
        parts = vars(self)
        for key in self._layers:
            x = parts[key](x)
        return x

    def __iter__(self) -> Iterator[Module]:
        return (vars(self)[key] for key in self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __getitem__(self, place: int) -> Module:
        layer: Module = vars(self)[self._layers[place]]
        return layer

    def __repr__(self) -> str:
        parts = (
            repr(layer) if key.isdigit() else f"{key}={layer!r}"
            for key, layer in zip(self._layers, self, strict=True)
        )
        return f"Sequential({', '.join(parts)})"
