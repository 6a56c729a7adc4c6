"""Typed numbers: text from a field is read as a number, and never run."""

import re
from reprlib import repr as shortened

DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
NUMBER = re.compile(rf"({DECIMAL}|[+-]?inf)\s*(?:/\s*({DECIMAL}))?")
DASHES = str.maketrans({"−": "-", "–": "-", ",": "."})


def read_typed(text: str) -> float:
    """The number that a text says: 0.5, 0,5, 1/2, −2 or 6.7e-5.

    Raises:
        ValueError: the text is no number; the message says what to write.

    >>> read_typed("−0,5"), read_typed(" 1/4 ")
    (-0.5, 0.25)
    """
    found = NUMBER.fullmatch(text.strip().translate(DASHES))
    if found is None:
        raise ValueError(f"{shortened(text)} is not a number. Write it like 0.5, 1/2 or -2.")
    above, below = found.groups(default="1")
    if float(below) == 0:
        raise ValueError(f"{shortened(text)} divides by zero. Write it like 0.5, 1/2 or -2.")
    return float(above) / float(below)
