"""What is typed is what is computed: held against Python's reading and SymPy's calculus."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_lite as ag
from autograd_lite import Tensor
from autograd_lite.expression import ExpressionError, parse
from autograd_lite.expression.parser import DEEPEST, LONGEST, MOST, NAMES
from autograd_lite.expression.vocabulary import ARITY
from tests.strategies import same_every_run

from . import formulas

POINT = {"x1": 0.7, "x2": 1.6, "a": 0.4}
FUNCTIONS = {name: getattr(ag, name) for name in ARITY}
CONSTANTS = {"pi": np.float64(np.pi), "e": np.float64(np.e)}
# The signs of the grammar as Python's tree calls them.
GRAMMAR = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd,
)  # fmt: skip


def at_point(names: tuple[str, ...]) -> dict[str, Tensor]:
    return {name: Tensor(POINT[name], name=name) for name in names}


def real(expression: sympy.Expr) -> float | None:
    """The value at the point, if there is one of a size that floats can hold well."""
    value = sympy.N(expression.subs({sympy.Symbol(n, real=True): v for n, v in POINT.items()}))
    if not value.is_real or not value.is_finite or not 1e-9 < abs(value) < 1e6:
        return None
    return float(value)


@settings(same_every_run, max_examples=150)
@given(formulas.trees)
def test_value_and_gradient_are_those_of_sympy(tree: ast.expr) -> None:
    text = ast.unparse(tree)
    expected = formulas.in_sympy(tree)
    assume(expected.free_symbols and not expected.has(sympy.zoo, sympy.nan))
    value = real(expected)
    assume(value is not None)
    f = parse(text)
    inputs = at_point(f.names)
    y = f(**inputs)
    assert y.item() == pytest.approx(value, rel=1e-6)
    y.backward()
    for name, tensor in inputs.items():
        slope = real(sympy.diff(expected, sympy.Symbol(name, real=True)))
        if slope is not None and tensor.grad is not None:
            assert float(tensor.grad) == pytest.approx(slope, rel=1e-5), name


@settings(same_every_run, max_examples=200)
@given(formulas.trees)
def test_the_graph_is_the_one_that_python_records(tree: ast.expr) -> None:
    text = ast.unparse(tree)
    names = tuple(n for n in formulas.NAMES if any(
        isinstance(node, ast.Name) and node.id == n for node in ast.walk(tree)
    ))  # fmt: skip
    assume(names)
    with np.errstate(all="ignore"):
        numbers = re.sub(r"(?<![\w.])(\d+\.\d+)", r"number(\1)", text)
        theirs = eval(numbers, {**FUNCTIONS, **CONSTANTS, "number": np.float64, **at_point(names)})
    f = parse(text)
    assert set(f.names) == set(names)
    ours = f(**at_point(names))
    one, other = ag.ComputationGraph(ours), ag.ComputationGraph(theirs)
    assert [type(n.operation) for n in one.nodes] == [type(n.operation) for n in other.nodes]
    np.testing.assert_array_equal(
        [n.data for n in one.nodes if n.operation], [n.data for n in other.nodes if n.operation]
    )


def refusal(text: str) -> ExpressionError | None:
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


PIECES = (
    "x", "x1", "y", "2", "3.5", ".5", "1e3", "sin", "maximum", "pi", "e", " ", "+", "-", "*", "/",
    "**", "^", "(", ")", ",", ".", "=", "==", "<", "[", "]", "_", "'", "lambda", "if", "not",
    "·", "π", "−", "²", "@", "%", "//", ":", "\n", "\t", "🙂", "0",
)  # fmt: skip


@settings(same_every_run, max_examples=1500)
@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), st.text(max_size=30)))
def test_anything_is_a_formula_or_refused_with_its_place(text: str) -> None:
    error = refusal(text)
    if error is not None:
        assert 0 <= error.start < error.end
        assert error.start <= len(error.text) == len(text)
        return
    f = parse(text)
    # Whatever is taken is Python, and of Python nothing but the grammar.
    as_python = text.translate(str.maketrans("·−\n\t", "*-  ")).replace("π", " pi ").strip()
    tree = ast.parse(as_python, mode="eval")
    assert all(isinstance(node, GRAMMAR) for node in ast.walk(tree))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called <= ARITY.keys()
    y = f(**{name: Tensor(1.5) for name in f.names})
    assert y.requires_grad
    assert y.shape == ()


def test_the_functions_are_those_of_single_numbers_in_the_table() -> None:
    assert {"sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "sigmoid", "relu", "softplus", "abs",
            "maximum", "minimum"} <= ARITY.keys()  # fmt: skip
    assert not {"sum", "where", "matmul", "reshape", "getitem", "max"} & ARITY.keys()


@pytest.mark.parametrize("name", ARITY)
def test_each_function_can_be_called(name: str) -> None:
    names = ("x1", "x2")[: ARITY[name]]
    f = parse(f"{name}({', '.join(names)})")
    assert f.names == names
    expected = FUNCTIONS[name](*(POINT[n] for n in names)).item()
    assert f(**at_point(names)).item() == expected


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("x1·x2 − x1×x2 ÷ 2", "x1*x2 - x1*x2/2"),
        ("2*π*a", "2*pi*a"),
        ("-x1**2", "-(x1**2)"),
        ("x1**x2**a", "x1**(x2**a)"),
        ("x1-x2-a", "(x1-x2)-a"),
        ("x1/x2/a", "(x1/x2)/a"),
        ("2**-x1", "2**(-x1)"),
        ("--x1", "-(-x1)"),
        ("+x1 - +x2", "x1 - x2"),
        ("  x1\n*\tx2 ", "x1*x2"),
        ("1e1*x1 + .5 + 5.", "10*x1 + 0.5 + 5"),
    ],
)
def test_what_is_the_same_is_computed_the_same(typed: str, python: str) -> None:
    one, other = parse(typed), parse(python)
    assert one.names == other.names
    assert one(**at_point(one.names)).item() == other(**at_point(other.names)).item()


def test_names_come_in_the_order_in_which_they_stand() -> None:
    assert parse("x2 + w_1*x1 + θ + x2").names == ("x2", "w_1", "x1", "θ")


def test_a_formula_works_on_plain_numbers_too_and_asks_for_each_name() -> None:
    f = parse("x1*x2")
    assert f(x1=2.0, x2=3.0) == 6.0
    assert repr(f) == "Expression('x1*x2')"
    for wrong in ({"x1": 1.0}, {"x1": 1.0, "x2": 1.0, "x3": 1.0}, {}):
        with pytest.raises(TypeError, match=r"x1\*x2: received values for .*expected .* x1, x2"):
            f(**wrong)


@pytest.mark.parametrize("text", ["9**9**9*x", "x**9**9**9", "x/0", "exp(1000*x)", "log(0)*x"])
def test_large_powers_are_infinite_at_once(text: str) -> None:
    assert not np.isfinite(parse(text)(x=Tensor(2.0)).item())


def test_limits_are_reached_and_not_passed() -> None:
    def nested(depth: int) -> str:
        return "sin(" * depth + "x" + ")" * depth

    room = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(400 + len(list(_stack())))
        assert parse(nested(DEEPEST)).names == ("x",)
        for deep in (nested(DEEPEST + 1), "-" * 200 + "x", "x" + "**x" * 80, "(" * 200):
            with pytest.raises(ExpressionError, match=f"more than {DEEPEST} others"):
                parse(deep)
    finally:
        sys.setrecursionlimit(room)
    assert parse("+".join("x" * (MOST + 1)))(x=1.0) == MOST + 1
    with pytest.raises(ExpressionError, match=f"at most {MOST}"):
        parse("+".join("x" * (MOST + 2)))
    letters = "abdfghijk"
    assert len(parse("+".join(letters[:NAMES])).names) == NAMES
    with pytest.raises(ExpressionError, match=f"one name too many, expected at most {NAMES}"):
        parse("+".join(letters))
    assert parse("x".ljust(LONGEST)).names == ("x",)
    for long in ("x".ljust(LONGEST + 1), "(" * 10_000, "9" * 10**6):
        with pytest.raises(ExpressionError, match=f"expected at most {LONGEST}"):
            parse(long)


def _stack() -> list[object]:
    frames, frame = [], sys._getframe()
    while frame:
        frames.append(frame)
        frame = frame.f_back  # type: ignore[assignment]
    return frames


@pytest.mark.parametrize("wrong", [None, 3, b"x", Tensor(2.0), ["x"]])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="expected a text such as"):
        parse(wrong)  # type: ignore[arg-type]


def test_nothing_is_ever_run() -> None:
    folder = Path(ag.__file__).parent / "expression"
    source = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert not re.search(r"\beval\(|\bexec\(|(?<!re\.)\bcompile\(|getattr\(|__import__", source)
