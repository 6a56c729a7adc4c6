"""Lesson 12 puts PyTorch's and JAX's lines beside ours: they are run here, and must agree.

JAX is in none of the requirements: without it its column is skipped.
"""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.nested import flatten

torch = pytest.importorskip("torch")

TEXT = (Path(__file__).parents[2] / "notebooks" / "sources" / "12_beyond.md").read_text(
    encoding="utf-8"
)
# Rows of the table of functions: what it is, then an expression (or words) for each library.
ROWS = re.findall(r"^\| ([^|:]+): (.+?) \| (.+?)<br>(.+?) \|$", TEXT, re.MULTILINE)
FUNCTIONS = [row for row in ROWS if row[2].startswith("`func.")]
POINT, MOVE = [2.0, 3.0], [1.0, 2.0]


def blocks(kind: str, beginning: str) -> list[str]:
    found = re.findall(rf"```{kind}\n(.*?)```", TEXT, re.DOTALL)
    return [block for block in found if block.startswith(beginning)]


def printed(code: str, **room: Any) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, room)
    return out.getvalue()


def ours() -> str:
    (code,) = [b for b in blocks("python", "x = ag.Tensor(2.0)\n") if "g.item()" in b]
    return printed(code, ag=ag, np=np)


def room(make: Any, **modules: Any) -> dict[str, Any]:
    def f(x: Any) -> Any:
        return x[0] * x[1] ** 2

    def z(x: Any) -> Any:
        return x * x[0]

    return {"f": f, "z": z, "x": make(POINT), "v": make(MOVE), **modules}


def numbers(cell: str, names: dict[str, Any]) -> list[float]:
    """The expression in a cell of the table, run; with "the gradient first", turned round."""
    (code,) = re.findall("`(.*)`", cell)
    result = eval(code, names)
    parts = flatten(list(result) if isinstance(result, tuple) else [result])
    if "the gradient first" in cell:
        parts = parts[::-1]
    return [n for part in parts for n in np.ravel(np.asarray(part)).tolist()]


def expected(row: tuple[str, ...]) -> list[float]:
    # By columns is the learner's own: it is the Jacobian again.
    code = row[1] if "`" in row[1] else "`ag.jacobian(z)(x)`"
    return numbers(code, room(np.array, ag=ag))


def test_the_table_has_its_rows() -> None:
    assert len(FUNCTIONS) == 8
    assert "the gradient first" in FUNCTIONS[1][2]


# What PyTorch itself says while it loads its forward mode.
@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")
@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row[0])
def test_pytorch_s_column(row: tuple[str, ...]) -> None:
    names = room(lambda values: torch.tensor(values, dtype=torch.float64), func=torch.func)
    assert numbers(row[2], names) == pytest.approx(expected(row), rel=1e-12)


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row[0])
def test_jax_s_column(row: tuple[str, ...]) -> None:
    jax = pytest.importorskip("jax")
    names = room(jax.numpy.array, jax=jax)
    assert numbers(row[3], names) == pytest.approx(expected(row), rel=1e-6)


def test_the_program_prints_the_same_in_pytorch() -> None:
    (code,) = blocks("text", "import torch")
    assert printed(code) == ours() == "0.0770 -2.6509\n"


def test_the_program_prints_the_same_in_jax() -> None:
    pytest.importorskip("jax")
    (code,) = blocks("text", "import jax")
    assert printed(code) == ours()


def test_what_the_second_table_says_of_pytorch() -> None:
    x, constant = torch.tensor(2.0, requires_grad=True), torch.tensor(2.0)
    assert (x.dtype, constant.requires_grad) == (torch.float32, False)
    assert ag.Tensor(2.0).dtype == np.float64
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        (x * torch.ones(2)).backward()

    y = x * torch.sin(x)
    y.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()
    y = x * torch.sin(x)
    y.backward(retain_graph=True)
    y.backward()
    same = ag.Tensor(2.0)
    z = same * np.sin(same)
    z.backward()
    z.backward()

    assert not x.detach().requires_grad
    with torch.no_grad():
        assert not (x * x).requires_grad
    assert torch.autograd.gradcheck(lambda x: x * x, torch.ones(1).double().requires_grad_())
    assert issubclass(torch.autograd.Function, object)
    assert tuple(torch.nn.Linear(2, 3).weight.shape) == ag.nn.Linear(2, 3).W.shape[::-1] == (3, 2)
    assert torch.optim.SGD([x], 0.1).param_groups[0]["lr"] == ag.optim.SGD([same], 0.1).lr


def test_what_the_second_table_says_of_jax() -> None:
    jax = pytest.importorskip("jax")
    from jax.test_util import check_grads

    check_grads(jax.numpy.sin, (2.0,), order=2)
    assert jax.numpy.array(2.0).dtype == np.float32
    stopped = jax.grad(lambda x: x * jax.lax.stop_gradient(x))
    assert (stopped(3.0), jax.grad(stopped)(3.0)) == (3.0, 0.0)
    assert callable(jax.custom_vjp)
    _, pullback = jax.vjp(lambda x: x * x, 3.0)
    assert pullback(1.0) == pullback(1.0) == (6.0,)  # again, just so
    with pytest.raises(TypeError, match="scalar-output"):
        jax.grad(lambda x: x * x)(jax.numpy.ones(2))
    second = jax.grad(jax.grad(jax.nn.relu))
    assert [float(second(at)) for at in (2.0, -2.0, 0.0)] == [0.0, 0.0, 0.0]


def test_relu_has_no_second_derivative_anywhere_here_and_there() -> None:
    second = torch.func.grad(torch.func.grad(torch.relu))
    for at in (2.0, -2.0, 0.0):
        assert second(torch.tensor(at)).item() == ag.grad(ag.grad(ag.relu))(at) == 0.0
    assert torch.func.grad(torch.relu)(torch.tensor(0.0)).item() == ag.grad(ag.relu)(0.0) == 0.0
