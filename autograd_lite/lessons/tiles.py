"""Exercises with tiles: matrices laid side by side, whose product must be a gradient."""

import re
import reprlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .exercise import Exercise, State, Unreadable, Verdict

Shape = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Tiles(Exercise):
    """Lay two tiles, for example ["a2", "dz3.T"], so that their product is the gradient of `of`.

    `arrays` gives the matrices by name, `of` among them. Each may be taken as it is, or as its
    transpose. `right` is the answer, and the check computes everything else.
    """

    arrays: Callable[[], dict[str, np.ndarray]]
    of: str
    upstream: str
    right: tuple[str, ...]
    because: str

    def compare(self, answer: Any) -> Verdict:
        arrays = self.arrays()
        tiles = read_tiles(answer, list(arrays), self.right)
        problem = self._inverse(tiles, arrays) or self._product(tiles, arrays)
        if problem:
            return Verdict(State.NOT_YET, problem)
        shapes = f"{_side_by_side(tiles, arrays)} gives {_shape(arrays[self.of])}"
        return Verdict(State.RIGHT, f"{shapes}, the shape of {self.of}. {self.because}")

    def _inverse(self, tiles: Sequence[str], arrays: dict[str, np.ndarray]) -> str:
        for tile in tiles:
            if tile.startswith("inv"):
                name = tile[4:-1].removesuffix(".T")
                return (
                    f"{name} has the shape {_shape(arrays[name])}: only a square matrix has an "
                    "inverse. Going back does not undo the product. It passes on a gradient, and "
                    "for that a transpose is enough."
                )
        return ""

    def _product(self, tiles: Sequence[str], arrays: dict[str, np.ndarray]) -> str:
        product = tile_value(tiles[0], arrays)
        for place, tile in enumerate(tiles[1:], start=1):
            following = tile_value(tile, arrays)
            inner = product.shape[1], following.shape[0]
            if inner[0] != inner[1]:
                return (
                    f"{_side_by_side(tiles[: place + 1], arrays)} does not fit: the inner numbers, "
                    f"{inner[0]} and {inner[1]}, differ."
                )
            product = product @ following
        return self._compare(tiles, product, arrays)

    def _compare(
        self, tiles: Sequence[str], product: np.ndarray, arrays: dict[str, np.ndarray]
    ) -> str:
        wanted, laid = arrays[self.of].shape, _side_by_side(tiles, arrays)
        if product.shape != wanted:
            turned = " That is its transpose: turn both tiles, and swap them." * (
                product.shape == wanted[::-1]
            )
            return (
                f"{laid} gives {product.shape}. But a gradient has the shape of what it belongs "
                f"to, and {self.of} is {wanted}.{turned}"
            )
        if not any(tile.removesuffix(".T") == self.upstream for tile in tiles):
            return (
                f"{laid} has the right shape, but {self.upstream} is not in it. Whatever goes "
                "back is upstream gradient × local gradient."
            )
        right = np.linalg.multi_dot([tile_value(tile, arrays) for tile in self.right])
        if not np.allclose(product, right):
            return (
                f"{laid} has the right shape and the wrong numbers. Two tiles are enough: the "
                "upstream gradient, and the other factor of the product."
            )
        return ""


def tile_value(tile: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The matrix on a tile.

    >>> tile_value("W.T", {"W": np.ones((2, 3))}).shape
    (3, 2)
    """
    name = tile.removesuffix(".T")
    return arrays[name].T if tile.endswith(".T") else arrays[name]


def read_tiles(answer: Any, names: Sequence[str], example: Sequence[str]) -> list[str]:
    """Read tiles from a list, or from text such as `a2.T @ dz3`.

    Raises `Unreadable`.

    >>> read_tiles(" W @ dzᵀ ", ["W", "dz"], ["W", "W"])
    ['W', 'dz.T']
    """
    wanted = f'Write {len(example)} tiles as a list, for example ["{names[0]}", "{names[1]}.T"].'
    if isinstance(answer, str):
        answer = re.split("[@·]", answer)
    if not isinstance(answer, list | tuple):
        kind = type(answer).__name__
        raise Unreadable(
            f"The tiles are asked for, in quotes, not their product ({kind}). {wanted}"
        )
    tiles = [_read_tile(entry, names, wanted) for entry in answer]
    if len(tiles) < 2:
        raise Unreadable(f"A product has at least two tiles, received {len(tiles)}. {wanted}")
    return tiles


def _read_tile(entry: Any, names: Sequence[str], wanted: str) -> str:
    if not isinstance(entry, str):
        raise Unreadable(f"A tile of type {type(entry).__name__} is not a name. {wanted}")
    text = entry.replace("ᵀ", ".T").replace(" ", "")
    inverse = re.fullmatch(r"(?:np\.linalg\.)?inv\((.*)\)|(.*)(?:⁻¹|\.I|\*\*-1)", text)
    tile = next(filter(None, inverse.groups()), "") if inverse else text
    if tile.removesuffix(".T") not in names:
        known = ", ".join(f"{name}, {name}.T" for name in names)
        raise Unreadable(f"There is no tile {reprlib.repr(entry)}. There are {known}. {wanted}")
    return f"inv({tile})" if inverse else tile


def _shape(array: np.ndarray) -> str:
    return str(array.shape)


def _side_by_side(tiles: Sequence[str], arrays: dict[str, np.ndarray]) -> str:
    """`a2.T @ dz3: (3, 4) @ (4, 1)`."""
    shapes = " @ ".join(_shape(tile_value(tile, arrays)) for tile in tiles)
    return f"{' @ '.join(tiles)}: {shapes}"
