"""Names for the source: plain words become variables, every other label is a comment alone.

What a user calls a tensor is text. It reaches the code only as an ASCII word that means nothing
to Python; `__import__('os')`, `print` or `np` do not.
"""

import builtins
import keyword
import re
from collections.abc import Iterable

# Not operation1, …: what operations that are called as they are have in the source.
WORD = re.compile(r"(?!operation\d+$)[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
PATH = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)+")  # of a parameter in a model
RESERVED = frozenset({
    *keyword.kwlist, *keyword.softkwlist, *dir(builtins),
    "np", "math", "forward", "backward", "passes", "rates", "update",
})  # fmt: skip


class Names:
    """Gives each thing a name of its own; `wish` is what it would like to be called."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED, *taken}

    def give(self, wish: str, otherwise: str) -> str:
        """The wish, if it is free and a plain word; else `otherwise`, numbered."""
        if wish not in self._taken and WORD.fullmatch(wish):
            self._taken.add(wish)
            return wish
        number = 1
        while f"{otherwise}{number}" in self._taken:
            number += 1
        name = f"{otherwise}{number}"
        self._taken.add(name)
        return name


def variable(label: str) -> str:
    """The wish of a value with this label: ∂J/∂W1 is d_W1, and a path as 0.W is W_0."""
    if label.startswith("∂") and "/∂" in label:
        return f"d_{variable(label.rpartition('/∂')[2])}"
    if PATH.fullmatch(label):
        words = label.split(".")
        numbers = [word for word in words if word[0].isdigit()]
        return "_".join([*(word for word in words if word not in numbers), *numbers])
    return label


def comment(texts: Iterable[str]) -> str:
    """Texts on one line, whatever is in them: a line break would end the comment."""
    joined = ", ".join(text for text in texts if text)
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in joined)
