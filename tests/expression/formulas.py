"""Random formulas as Python's own trees: written by Python, computed by SymPy."""

import ast
from typing import Any

import sympy
from hypothesis import strategies as st

NAMES = ("x1", "x2", "a")
SIGNS = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.Pow: lambda x, y: x**y,
}
SMOOTH = {
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "tanh": sympy.tanh,
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)),
}
CONSTANTS = {"pi": sympy.pi, "e": sympy.E}

leaves = st.one_of(
    st.sampled_from([*NAMES, *CONSTANTS]).map(ast.Name),
    st.sampled_from([0.5, 1.0, 2.0, 3.0, 1.25]).map(ast.Constant),
)


def branches(trees: Any) -> Any:
    signs = st.sampled_from(list(SIGNS)).map(lambda sign: sign())
    return st.one_of(
        st.builds(ast.BinOp, trees, signs, trees),
        st.builds(lambda x: ast.UnaryOp(ast.USub(), x), trees),
        st.builds(
            lambda f, x: ast.Call(ast.Name(f), [x], []), st.sampled_from(list(SMOOTH)), trees
        ),
    )


trees = st.recursive(leaves, branches, max_leaves=6)


def in_sympy(tree: Any) -> Any:
    """The same formula for SymPy, without its text."""
    if isinstance(tree, ast.Name):
        return CONSTANTS.get(tree.id, sympy.Symbol(tree.id, real=True))
    if isinstance(tree, ast.Constant):
        return sympy.Rational(tree.value)
    if isinstance(tree, ast.UnaryOp):
        return -in_sympy(tree.operand)
    if isinstance(tree, ast.Call):
        return SMOOTH[tree.func.id](in_sympy(tree.args[0]))
    return SIGNS[type(tree.op)](in_sympy(tree.left), in_sympy(tree.right))
