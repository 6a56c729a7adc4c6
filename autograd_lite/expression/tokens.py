"""A formula as words: numbers, names and signs, each with its place in the text."""

import re
from typing import NamedTuple

# As it is written in the lessons, and as Python writes it.
SAME = {"·": "*", "×": "*", "⋅": "*", "∙": "*", "−": "-", "–": "-", "÷": "/", "∕": "/", "π": "pi"}

NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
NAME = re.compile(r"π|[A-Za-zα-ορ-ωΑ-Ω][A-Za-z0-9_α-ορ-ωΑ-Ω]*")
SIGN = re.compile(r"\*\*|[-+*/(),]|[·×⋅∙−–÷∕]")
SPACE = re.compile(r"\s+")


class Token(NamedTuple):
    """A word of the formula. `kind` is "number", "name", "sign", "other" or "end"."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def starts_value(self) -> bool:
        """Whether a value may begin here, as in `x`, `2` and `(`."""
        return self.kind in ("number", "name") or self.text == "("


def tokenize(text: str) -> list[Token]:
    """All words of the text, and one more that stands for its end.

    What is no part of a formula is an "other" of one character: the parser knows what to say.

    >>> [token.text for token in tokenize("2.5·x1 − sin(π)")]
    ['2.5', '*', 'x1', '-', 'sin', '(', 'pi', ')', '']
    """
    tokens, place = [], 0
    while place < len(text):
        if space := SPACE.match(text, place):
            place = space.end()
            continue
        token = _read(text, place)
        tokens.append(token)
        place = token.end
    end = len(text.rstrip())
    return [*tokens, Token("end", "", end, end + 1)]


def _read(text: str, place: int) -> Token:
    for kind, pattern in (("number", NUMBER), ("name", NAME), ("sign", SIGN)):
        if found := pattern.match(text, place):
            return Token(kind, SAME.get(found[0], found[0]), place, found.end())
    return Token("other", text[place], place, place + 1)
