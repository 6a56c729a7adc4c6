"""Products of vectors, matrices and stacks of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..broadcasting import unbroadcast
from ..kinds import Multilinear
from ..tensor import Tensor

SOURCE = "M. Giles, Collected matrix derivative results for forward and reverse mode AD (2008)"


class Matmul(Multilinear):
    """z = x · y, of vectors, matrices and stacks. `x @ y` and `np.matmul` record it too.

    x receives dz · yᵀ, y receives xᵀ · dz: the only shapes that fit.
    Shapes (…, n, k) and (…, k, m) give (…, n, m). A vector on the left is a row, on the right
    a column, and its axis goes away; stacks broadcast.

    Raises:
        ValueError: lengths that do not fit, or a single number.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> x @ ag.Tensor([1.0, 10.0])
    Tensor([21., 43.], operation=Matmul)
    """

    __slots__ = ()
    symbol, nickname = "@", "switcher"
    rule = "each input receives the product of upstream with the other, transposed"
    formula, latex = "{x} @ {y}", r"{x} \, {y}"

    def forward(self, x: Any, y: Any) -> Any:
        return product(x, y)

    def contributions(self, dz: Any) -> Sequence[Any]:
        x, y = self.inputs
        if not plain_matrices(x, y, dz):
            return super().contributions(dz)
        for_x, for_y = self.needs
        return dz.dot(y.T) if for_x else None, x.T.dot(dz) if for_y else None

    def backward(self, dz: Any) -> Any:
        x, y = self.inputs
        if x.ndim == y.ndim == 2:
            for_x, for_y = self.needs
            return product(dz, y.T) if for_x else None, product(x.T, dz) if for_y else None
        shapes = x.shape, y.shape
        if x.ndim == 1:  # a row on the left, a column on the right
            x, dz = np.expand_dims(x, 0), np.expand_dims(dz, -1 if y.ndim == 1 else -2)
        if y.ndim == 1:
            y, dz = np.expand_dims(y, 1), np.expand_dims(dz, -1)
        dx = np.matmul(dz, np.swapaxes(y, -1, -2)) if self.needs[0] else None
        dy = np.matmul(np.swapaxes(x, -1, -2), dz) if self.needs[1] else None
        return _as_input(dx, x, shapes[0]), _as_input(dy, y, shapes[1])

    def _shape_rule(self, arrays: tuple[Any, ...]) -> str:
        x, y = arrays
        if not x.ndim or not y.ndim:
            return " Write * to multiply by a single number."
        return " x @ y fits when the last length of x is the last but one of y (or y's only one)."


def plain_matrices(x: Any, y: Any, dz: Any) -> bool:
    """Whether all are matrices of one dtype: the gradients fit then, so nobody need look."""
    return (
        type(dz) is np.ndarray
        and x.ndim == y.ndim == dz.ndim == 2
        and x.dtype is y.dtype is dz.dtype
    )


def product(x: Any, y: Any) -> Any:
    """x · y. For two matrices `dot` gives the numbers of `np.matmul` in less time."""
    if type(x) is type(y) is np.ndarray and x.ndim == y.ndim == 2:
        try:
            return x.dot(y)
        except ValueError:
            pass  # they do not fit, which np.matmul says in its words
    return np.matmul(x, y)


def _as_input(gradient: Any, matrix: Any, shape: tuple[int, ...]) -> Any:
    """The gradient summed over repeated stacks, as the vector it was if it was one."""
    return None if gradient is None else np.reshape(unbroadcast(gradient, matrix.shape), shape)


class Einsum(Multilinear):
    """z = a sum of products, written in subscripts. Each input receives dz in its place.

    The backward of an input is again such a sum: dz takes the input's place, and the letters
    of the input are the result's.
    """

    __slots__ = ("subscripts",)
    symbol = "Σ×"
    rule = "each input receives the sum of products of upstream with the other inputs"

    def __init__(self, subscripts: str) -> None:
        self.subscripts = subscripts

    @property
    def formula(self) -> str:  # type: ignore[override]
        inputs = ", ".join(f"{{{key}}}" for key in "xyzuvw"[: len(self.inputs)])
        return f"einsum({self.subscripts}, {inputs})"

    @property
    def latex(self) -> str:  # type: ignore[override]
        shown = self.subscripts.replace("->", r" \to ")
        inputs = ", ".join(f"{{{key}}}" for key in "xyzuvw"[: len(self.inputs)])
        return rf"\operatorname{{{{einsum}}}}(\mathrm{{{{{shown}}}}}, {inputs})"

    def forward(self, *inputs: Any) -> Any:
        return np.einsum(self.subscripts, *inputs, optimize=len(inputs) > 1)

    def backward(self, dz: Any) -> Any:
        terms, result = explicit(self.subscripts, [x.ndim for x in self.inputs])
        return [
            self._for_input(position, terms, result, dz) if needed else None
            for position, needed in enumerate(self.needs)
        ]

    def _for_input(self, position: int, terms: list[str], result: str, dz: Any) -> Any:
        x = self.inputs[position]
        wanted = terms[position]
        others = [i for i in range(len(terms)) if i != position]
        letters, operands = (
            [result, *(terms[i] for i in others)],
            [dz, *(self.inputs[i] for i in others)],
        )
        known = {
            letter
            for term, operand in zip(letters, operands, strict=True)
            for letter, length in zip(term, operand.shape, strict=True)
            if length != 1  # what is repeated there does not say how often
        }
        target = ""
        for axis, letter in enumerate(wanted):
            if letter in target:  # on a diagonal: one letter more, tied to the first by δ
                free = _free_letter({*"".join(letters), *wanted})
                letters.append(letter + free)
                operands.append(np.eye(x.shape[axis], dtype=x.dtype))
                letter = free
            elif letter not in known:  # summed in x alone: every element receives the same
                letters.append(letter)
                operands.append(np.ones(x.shape[axis], x.dtype))
            target += letter
        product = Einsum(f"{','.join(letters)}->{target}").apply(*operands)
        return unbroadcast(product, x.shape)


def explicit(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The letters of each input and of the result, with those written out that were implied.

    >>> explicit("ij,jk", [2, 2])
    (['ij', 'jk'], 'ik')
    >>> explicit("...i->...", [3])
    (['ABi'], 'AB')
    """
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    terms = left.split(",")
    spread = [ndim - len(term) + 3 for term, ndim in zip(terms, ndims, strict=True)]
    longest = max((n for n, term in zip(spread, terms, strict=True) if "..." in term), default=0)
    taken = set(subscripts)
    dots = ""
    for _ in range(longest):
        dots += _free_letter(taken | set(dots))
    full = [term.replace("...", dots[longest - n :]) for term, n in zip(terms, spread, strict=True)]
    if arrow:
        return full, right.replace("...", dots)
    once = sorted(letter for letter in set(left) - set(".,") if left.count(letter) == 1)
    return full, dots + "".join(once)


def _free_letter(taken: set[str]) -> str:
    return next(c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in taken)


def einsum(subscripts: str, *operands: Any) -> Tensor:
    """A sum of products in Einstein's notation, as `np.einsum`, which records it too.

    Letters name axes; a letter that the result does not have is summed over.

    Raises:
        TypeError: subscripts that are no text.
        ValueError: subscripts that do not fit the operands.

    >>> import autograd_lite as ag
    >>> x = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> ag.einsum("ij,ij->i", x, x)
    Tensor([ 5., 25.], operation=Einsum)
    """
    if not isinstance(subscripts, str):
        raise TypeError(
            f"einsum: received {type(subscripts).__name__} first, expected the subscripts as "
            'text, such as einsum("ij,jk->ik", x, y).'
        )
    return Einsum(subscripts)(*operands)
