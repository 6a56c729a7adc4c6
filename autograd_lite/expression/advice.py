"""What learners really type, and what is said of it: received, expected, what to write."""

import keyword
import re
from collections.abc import Collection
from difflib import get_close_matches

from .tokens import Token
from .vocabulary import ARITY, CONSTANTS, ELSEWHERE

EMPTY = "Nothing is typed yet, expected a formula such as sin(x1) + x1*x2."
NO_NAME = (
    "received numbers alone, so there is nothing to differentiate by. Write a name, such as x1, "
    "in place of one of them."
)
UNCLOSED = "this ( is never closed. Write ) where it ends."
LONGEST_NAME = 20  # characters

COMPARISON = (
    "a comparison is true or false and has no slope. For the larger of two write maximum(x1, x2), "
    "for max(0, x1) write relu(x1)."
)
BRACKET = "expected ( or ): other brackets mean something else in Python."
POWER = "received ^, expected ** for a power: write"

OTHER = {
    "<": COMPARISON,
    ">": COMPARISON,
    "≤": COMPARISON,
    "≥": COMPARISON,
    "[": BRACKET,
    "]": BRACKET,
    "{": BRACKET,
    "}": BRACKET,
    "√": "received √, expected a function: write sqrt(…).",
    "|": "received |, expected a function: write abs(…).",
    "!": "received !, which no function of the package computes.",
    "%": "received %, expected a number: write 0.01*x1 for a hundredth.",
    "_": "received _ at a beginning, expected a letter: names are such as x1, w_2, θ.",
    ";": "received ;, expected one formula.",
    "'": "received a quotation mark, expected a formula without any.",
    '"': "received a quotation mark, expected a formula without any.",
}
RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"


def other(token: Token, before: Token | None, following: str) -> str:
    """A character that no formula has. `following` is the text after it."""
    sign = token.text
    if sign in "=!" and following.startswith("="):
        return COMPARISON
    if sign == "=":
        return assignment(following.strip())
    if sign == "^":
        return power(before, following)
    if sign in RAISED:
        return f"received {sign}, expected ** for a power: write **{RAISED.index(sign)}."
    if sign in LOWERED:
        return f"received {sign}, expected a digit on the line: write {LOWERED.index(sign)}."
    if sign == "." and before is not None and before.kind == "name":
        return dotted(before.text, following)
    if sign == "." and before is not None and before.kind == "number":
        return "received a second point in a number. Write numbers as 3.5."
    known = f"received {sign!r}, expected names, numbers, + - * / ** and parentheses."
    return OTHER.get(sign, known)


def assignment(right: str) -> str:
    """`y = sin(x1)`, or `x1 = 3`."""
    if re.search(r"[^\W\d]", right) and len(right) <= LONGEST_NAME:
        return f"received =, expected the right side alone: write {right}."
    return "received =, expected the right side alone. A slider sets what a name is."


def power(before: Token | None, following: str) -> str:
    """`x^2`, and `sin^2(x)`, which would be a power of nothing."""
    base = before.text if before is not None and before.kind in ("name", "number") else "(…)"
    exponent = re.match(r"\s*(-?\w+)", following)
    raised = exponent[1] if exponent else "2"
    if base in ARITY:
        return f"{POWER} {base}(…)**{raised}."
    return f"{POWER} {base}**{raised}."


def dotted(name: str, following: str) -> str:
    called = re.match(r"\w+", following)
    if called and called[0] in ARITY:
        return f"received {name}.{called[0]}, expected the function alone: write {called[0]}."
    return f"received a point after {name}, expected a name without one."


def no_value(before: Token | None, token: Token) -> str:
    """Where a number, a name or a parenthesis must stand, something else does."""
    wanted = "expected a number, a name, a function or ("
    if token.kind == "end":
        return f"the formula ends after {before.text if before else 'nothing'}, {wanted} there."
    if token.text == ")" and before is not None and before.text == "(":
        return "received () with nothing inside. Write a formula in it."
    if before is None:
        return f"received {token.text} at the beginning, {wanted} before it."
    if before.text == token.text == "/":
        return "received //, expected /: the whole part has no slope."
    if token.text == "**" and before.text == "*":
        return "received three *, expected ** for a power or * for a product."
    return f"received {token.text} after {before.text}, {wanted} between them."


def leftover(before: Token, token: Token, following: Token) -> str:
    """After a complete value stands something that neither joins it to the next nor ends it."""
    if token.kind == "name" and keyword.iskeyword(token.text):
        return python_word(token.text)
    if token.text == ")":
        return "this ) closes nothing. Leave it out, or write ( where it begins."
    if token.text == "," and before.kind == following.kind == "number":
        return f"received {before.text},{following.text}, expected a decimal point: write " + (
            f"{before.text}.{following.text}."
        )
    if token.text == ",":
        return "a comma stands between the inputs of a function only, as in maximum(x1, x2)."
    if before.kind == token.kind == "number":
        return f"received {token.text} right after {before.text}, expected a sign between them."
    if token.starts_value:
        left = before.text if before.kind in ("name", "number") else "(…)"
        right = "(…)" if token.text == "(" else token.text
        right = f"{right}(…)" if right in ARITY else right
        return (
            f"received {token.text} right after {before.text}, expected a sign between them: "
            f"write {left}*{right}."
        )
    return f"received {token.text} after {before.text}, expected + - * / ** or the end."


def no_parentheses(token: Token, following: Token, text: str) -> str:
    """`sin x`: a function without its parentheses."""
    name, taken = token.text, following.kind in ("name", "number")
    inputs = following.text if taken and ARITY[name] == 1 else ", ".join("…" * ARITY[name])
    raised = re.match(r"\s*(?:\*\*|\^)\s*(\w+)", text[token.end :])
    end = f"**{raised[1]}" if raised else ""
    return f"{name} is a function, expected its input in parentheses: write {name}({inputs}){end}."


def no_function(name: str, names: Collection[str]) -> str:
    """A name before a parenthesis that is no function."""
    received = f"received {name}(…), but {name} is no function."
    if name in ELSEWHERE:
        return f"{received} Write {ELSEWHERE[name]}(…)."
    if keyword.iskeyword(name):
        return python_word(name)
    times = f"For a product write {name}*(…)."
    if name in names or name in CONSTANTS or re.fullmatch(r"\w\d*", name):
        return f"received {name}(…), but {name} is no function. {times}"
    near = get_close_matches(name.lower(), ARITY, 1)
    if near:
        return f"{received} Did you mean {near[0]}(…)?"
    return f"{received} Functions are {', '.join(ARITY)}. {times}"


def count(name: str, expected: int, received: int, inside: str) -> str:
    """A function with too many or too few inputs, `inside` being its parentheses."""
    example = ", ".join(("x1", "x2")[:expected])
    words = f"{name} received {received or 'no'} input{'s' * (received != 1)}, expected {expected}"
    if comma := re.search(r"(\d+),(\d+)", inside) if received > expected else None:
        return f"{words}. For a decimal number write a point: {comma[1]}.{comma[2]}."
    return f"{words}: write {name}({example})."


def no_name(name: str, known: bool) -> str:
    """Why a word cannot be the name of an input; nothing if it can."""
    if keyword.iskeyword(name):
        return python_word(name)
    if len(name) > LONGEST_NAME:
        return f"received a name of {len(name)} characters, expected at most {LONGEST_NAME}."
    if re.fullmatch(r"[vc]\d+", name):
        return f"{name} is what pictures call a node of their own. Write another name, such as x1."
    if known:
        return ""
    for function in sorted(ARITY, key=len, reverse=True):
        rest = name.removeprefix(function)
        if name != rest and re.fullmatch(r"[^\W\d_]\d*|\d+", rest):
            return glued(name, f"{function}({rest})")
    parts = re.findall(r"[^\W\d_]\d+|[^\W\d_]$", name)
    if len(parts) > 1 and "".join(parts) == name:
        return glued(name, "*".join(parts))
    return ""


def glued(name: str, meant: str) -> str:
    return f"received {name}, which is one name. Write {meant}, or choose another name."


def is_product(name: str, names: Collection[str]) -> bool:
    """Whether a name is two other names, one after the other: xy beside x and y."""
    return len(name) > 1 and all(letter in names for letter in name)


def python_word(word: str) -> str:
    return (
        f"{word} is a word of Python, expected a formula of names, numbers, signs and functions. "
        "A function written in Python goes to ag.explore."
    )
