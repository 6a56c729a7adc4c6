"""Functions of functions: gradients, products with the Jacobian, Hessians.

Names and order of arguments are JAX's and `torch.func`'s. Given arrays and numbers they
return arrays; given a Tensor that requires a gradient they return Tensors, which can be drawn
and differentiated again. So does a function that uses such a Tensor from outside, since one
could differentiate by that too: wrap data as Tensor(data, requires_grad=False). Arguments may
be lists, tuples and dicts of parameters. The `grad` of no tensor outside changes.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import numpy as np

from .call import Argnums, Call, as_arguments, by_argument, positions, record, title
from .nested import convert, flatten_like, rebuild
from .tensor import Tensor


def grad(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """The gradient of a function of one value, as a function of the same arguments.

    Args:
        function: it takes Tensors and returns one Tensor with one element.
        argnums: by which argument, or by which ones: a tuple gives a tuple.

    Raises:
        ValueError: a result of several elements (see `jacobian`, `vjp`).
        TypeError: a result that is no Tensor, an argument that is not made of floats.

    >>> import autograd_lite as ag
    >>> ag.grad(lambda x1, x2: np.sin(x1) + x1 * x2, argnums=(0, 1))(2.0, 3.0)
    (array(2.58385316), array(2.))
    >>> ag.grad(lambda p: p["w"] * p["w"] + p["b"])({"w": 3.0, "b": 1.0})
    {'w': array(6.), 'b': array(1.)}

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), 3.2.
    """
    both = value_and_grad(function, argnums)

    def gradient(*arguments: Any, **options: Any) -> Any:
        return both(*arguments, **options)[1]

    return _named(gradient, "grad", function)


def value_and_grad(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """Like `grad`, with the function's value before it: (value, gradient).

    >>> import autograd_lite as ag
    >>> ag.value_and_grad(lambda x: (x * x).sum())(np.array([1.0, 2.0]))
    (array(5.), array([2., 4.]))

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), 3.2.
    """

    def both(*arguments: Any, **options: Any) -> Any:
        chosen = positions("grad", argnums, arguments)
        call = record("grad", function, arguments, chosen, options)
        output = call.output
        if not isinstance(output, Tensor) or output.size != 1:
            returned = (
                f"shape {output.shape}" if isinstance(output, Tensor) else f"a {_kind(output)}"
            )
            raise ValueError(
                f"grad: {title(function)} returned {returned}, expected one element. "
                "Make one number of it, for example with .sum(), or see jacobian and vjp."
            )
        sent = call.pull([np.ones(output.shape)])
        return call.value(output), by_argument(sent, argnums, arguments)

    return _named(both, "value_and_grad", function)


def vjp(function: Callable[..., Any], *arguments: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Reverse mode: the function's value, and the pullback seed ↦ seedᵀ · J.

    The pullback takes a seed of the value's shape, and returns a tuple with one gradient for
    each argument. It may be called again and again.

    >>> import autograd_lite as ag
    >>> value, pullback = ag.vjp(lambda x: x * x, np.array([1.0, 2.0, 3.0]))
    >>> pullback(np.array([1.0, 0.0, 10.0]))
    (array([ 2.,  0., 60.]),)

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), 3.2.
    """
    call = record("vjp", function, arguments, tuple(range(len(arguments))), {})

    def pullback(seed: Any) -> Any:
        seeds = flatten_like(call.output, seed)
        if seeds is None:
            raise ValueError(
                f"vjp: the pullback received {type(seed).__name__}, expected a seed for each "
                "value that the function returned, nested in the same way. Write np.array([...]) "
                "for one array."
            )
        sent = call.pull(seeds)
        return by_argument(sent, tuple(range(len(arguments))), arguments)

    return convert(call.output, call.value), pullback


def jvp(function: Callable[..., Any], primals: Any, tangents: Any) -> tuple[Any, Any]:
    """Forward mode: the function's value, and J · tangents, in one pass along the graph.

    Args:
        primals: a tuple or list with the arguments of the function.
        tangents: how they move: the same structure and shapes.

    >>> import autograd_lite as ag
    >>> ag.jvp(lambda x1, x2: np.sin(x1) + x1 * x2, (2.0, 3.0), (1.0, 0.0))
    (array(6.90929743), array(2.58385316))

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), 3.1.
    """
    primals = as_arguments("jvp", "primals", primals)
    tangents = as_arguments("jvp", "tangents", tangents)
    moves = flatten_like(primals, tangents)
    if moves is None:
        raise ValueError(
            "jvp: primals and tangents are not nested in the same way. Each argument needs one "
            "tangent: jvp(f, (x, y), (tx, ty)), each of them np.array([...]) for one array."
        )
    call = record("jvp", function, primals, tuple(range(len(primals))), {}, moves)
    tangent = rebuild(call.output, call.push(moves))
    return convert(call.output, call.value), tangent


def jacobian(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """All partial derivatives ∂zᵢ/∂xⱼ: an array of shape z.shape + x.shape.

    One backward sweep for each element of the output.

    >>> import autograd_lite as ag
    >>> ag.jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), ch. 8.
    """

    def matrix(*arguments: Any, **options: Any) -> Any:
        chosen = positions("jacobian", argnums, arguments)
        call = record("jacobian", function, arguments, chosen, options)

        def rows(output: Tensor) -> Any:
            return by_argument(_rows(call, output), argnums, arguments)

        return convert(call.output, rows)

    return _named(matrix, "jacobian", function)


def hessian(function: Callable[..., Any], argnums: Argnums = 0) -> Callable[..., Any]:
    """All second derivatives ∂²z/∂xᵢ∂xⱼ of a function of one value: the Jacobian of `grad`.

    >>> import autograd_lite as ag
    >>> ag.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])

    Source: A. Griewank, A. Walther, Evaluating Derivatives (2nd ed., SIAM 2008), 5.4.
    """
    return _named(jacobian(grad(function, argnums), argnums), "hessian", function)


def hvp(function: Callable[..., Any], primals: Any, tangents: Any) -> Any:
    """The Hessian times a vector, without the Hessian: forward mode over the gradient.

    `primals` and `tangents` as for `jvp`; returns a tuple with one product for each argument.

    >>> import autograd_lite as ag
    >>> ag.hvp(lambda x: x[0] ** 2 * x[1], (np.array([3.0, 5.0]),), (np.array([1.0, 0.0]),))
    (array([10.,  6.]),)

    Source: B. Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994).
    """
    arguments = as_arguments("hvp", "primals", primals)
    gradient = grad(function, tuple(range(len(arguments))))
    return jvp(gradient, arguments, tangents)[1]


def _rows(call: Call, output: Tensor) -> list[Any]:
    """∂output/∂variable for each variable, one row after another."""
    one = call._replace(output=output)
    unit = np.zeros(output.shape)
    rows: list[list[Any]] = []
    for index in np.ndindex(output.shape):
        unit[index] = 1.0
        rows.append(one.pull([unit]))
        unit[index] = 0.0
    return [
        np.reshape(np.stack([row[i] for row in rows]), output.shape + variable.shape)
        if rows
        else np.zeros(output.shape + variable.shape, variable.dtype)
        for i, variable in enumerate(call.variables)
    ]


def _named(made: Callable[..., Any], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Called what it is: `grad(f)` is named "grad(f)", and has the arguments of f."""
    update_wrapper(made, function, updated=())
    made.__name__ = f"{name}({getattr(function, '__name__', 'function')})"
    return made


def _kind(value: Any) -> str:
    return type(value).__name__
