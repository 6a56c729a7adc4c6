"""`parse`: a formula becomes a function of named inputs. Its text is read, never run.

    sum     = product { ("+" | "-") product }
    product = signed { ("*" | "/") signed }
    signed  = ("-" | "+") signed | power
    power   = value [ "**" signed ]
    value   = number | name | function "(" sum { "," sum } ")" | "(" sum ")"

As in Python: ** is the strongest and goes from the right, so −x**2 is −(x²). What is read is
written down as instructions for a stack machine, so that computing needs no recursion.
"""

import operator
import re
from collections.abc import Collection
from typing import Any, NamedTuple, NoReturn

import numpy as np

from . import advice
from .refusal import ExpressionError
from .tokens import Token, tokenize
from .vocabulary import ARITY, CONSTANTS, SIGNS, function

LONGEST = 300  # characters
DEEPEST = 30  # parentheses, signs and powers inside each other
MOST = 100  # operations
NAMES = 8


class Instruction(NamedTuple):
    """Push a number or an input on the stack, or call `what` on the numbers at its top."""

    kind: str  # "number", "input" or "call"
    what: Any
    takes: int = 0


class Expression:
    """A formula as a function of its names: `f(x1=2.0, x2=3.0)`. Made by `parse`.

    `text` is what was typed, `names` are its inputs in the order in which they first stand there.
    """

    def __init__(self, text: str, names: tuple[str, ...], program: tuple[Instruction, ...]) -> None:
        self.text = text
        self.names = names
        self._program = program

    def __call__(self, /, **inputs: Any) -> Any:
        """The formula's value, recorded as a graph where the inputs are Tensors."""
        if inputs.keys() != set(self.names):
            raise TypeError(
                f"{self.text}: received values for {', '.join(inputs) or 'nothing'}, "
                f"expected one for each of {', '.join(self.names)}."
            )
        stack: list[Any] = []
        with np.errstate(all="ignore"):  # what is not finite is shown, loudly
            for kind, what, takes in self._program:
                if kind == "call":
                    stack[-takes:] = [what(*stack[-takes:])]
                else:
                    stack.append(inputs[what] if kind == "input" else what)
        return stack[0]

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def parse(text: str, known: Collection[str] = ()) -> Expression:
    """Read a formula such as "sin(x1) + x1*x2".

    Names, numbers, + − * / **, parentheses, the constants pi and e, and the package's functions
    of single numbers are all there is; · × − π are read as * * - pi. At most 300 characters,
    100 operations, 8 names, and 30 parentheses inside each other.

    Args:
        text: the formula.
        known: names that are inputs for certain: "cost" is then a name and not cos(t).

    Raises:
        ExpressionError: what was received and expected, what to write instead, and where.

    >>> from autograd_lite import Tensor
    >>> f = parse("x1**2 - 3*x2")
    >>> f.names
    ('x1', 'x2')
    >>> y = f(x1=Tensor(2.0), x2=Tensor(1.0))
    >>> y.backward()
    >>> y
    Tensor(1., operation=Subtract)
    """
    if not isinstance(text, str):
        raise TypeError(
            f"formula: received {type(text).__name__}, expected a text such as "
            '"sin(x1) + x1*x2". For a Python function there is ag.explore, for a Tensor ag.Stepper.'
        )
    text = re.sub(r"\s", " ", text.encode("utf-8", "replace").decode())
    if len(text) > LONGEST:
        raise ExpressionError(
            f"received {len(text):,} characters, expected at most {LONGEST}.",
            f"{text[:40]} …",
            0,
            1,
        )
    return _Parser(text, known).read()


class _Parser:
    """Reads the words from left to right, a method for each line of the grammar."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self.text = text
        self.known = known
        self.tokens = tokenize(text)
        self.place = 0
        self.depth = 0
        self.open: list[Token] = []
        self.names: dict[str, Token] = {}
        self.program: list[Instruction] = []

    def read(self) -> Expression:
        if self.now.kind == "end":
            self.refuse(advice.EMPTY, self.now)
        self.sum()
        if self.now.kind != "end":
            self.refuse_leftover()
        if not self.names:
            self.refuse(advice.NO_NAME, self.tokens[0], self.before)
        for name, token in self.names.items():
            if name not in self.known and advice.is_product(name, {*self.names, *self.known}):
                self.refuse(advice.glued(name, "*".join(name)), token)
        return Expression(self.text.strip(), tuple(self.names), tuple(self.program))

    def sum(self) -> None:
        self.product()
        while self.now.text in ("+", "-"):
            sign = self.take()
            self.product()
            self.call(SIGNS[sign.text], 2, sign)

    def product(self) -> None:
        self.signed()
        while self.now.text in ("*", "/"):
            sign = self.take()
            self.signed()
            self.call(SIGNS[sign.text], 2, sign)

    def signed(self) -> None:
        if self.now.text not in ("-", "+"):
            self.power()
            return
        sign = self.deeper()
        self.signed()
        if sign.text == "-":
            self.call(operator.neg, 1, sign)
        self.depth -= 1

    def power(self) -> None:
        self.value()
        if self.now.text == "**":
            sign = self.deeper()
            self.signed()
            self.call(SIGNS["**"], 2, sign)
            self.depth -= 1

    def value(self) -> None:
        token = self.now
        if token.kind == "number":
            self.number(self.take())
        elif token.kind == "name":
            self.name(self.take())
        elif token.text == "(":
            self.open.append(self.deeper())
            self.sum()
            self.close()
        else:
            self.refuse_value()

    def number(self, token: Token) -> None:
        if not np.isfinite(value := np.float64(token.text)):
            self.refuse(f"received {token.text}, expected a number up to 1e308.", token)
        self.program.append(Instruction("number", value))

    def name(self, token: Token) -> None:
        """A function with its inputs, a constant, or an input of the formula."""
        if token.text in ARITY:
            self.function(token)
        elif token.text in CONSTANTS:
            self.program.append(Instruction("number", CONSTANTS[token.text]))
        elif self.now.text == "(":
            self.refuse(advice.no_function(token.text, {*self.names, *self.known}), token)
        else:
            self.input(token)

    def input(self, token: Token) -> None:
        if message := advice.no_name(token.text, token.text in self.known):
            self.refuse(message, token)
        if len({*self.names, token.text}) > NAMES:
            self.refuse(f"{token.text} is one name too many, expected at most {NAMES}.", token)
        self.names.setdefault(token.text, token)
        self.program.append(Instruction("input", token.text))

    def function(self, token: Token) -> None:
        if self.now.text != "(":
            self.refuse(advice.no_parentheses(token, self.now, self.text), token, self.now)
        self.open.append(self.deeper())
        count = 0
        while self.now.text != ")":
            self.sum()
            count += 1
            if self.now.text != ",":
                break
            self.take()
        last = self.now
        self.close()
        if count != ARITY[token.text]:
            inside = self.text[token.end : last.end]
            self.refuse(advice.count(token.text, ARITY[token.text], count, inside), token, last)
        self.call(function(token.text), count, token)

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    @property
    def before(self) -> Token | None:
        return self.tokens[self.place - 1] if self.place else None

    def take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def deeper(self) -> Token:
        """Take the word that begins something inside of what is being read."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"this is inside more than {DEEPEST} others. Write it in parts.", self.now)
        return self.take()

    def close(self) -> None:
        """The parenthesis that closes the last open one."""
        if self.now.kind == "end":
            self.refuse(advice.UNCLOSED, self.open[-1])
        if self.now.text != ")":
            self.refuse_leftover()
        self.take()
        self.open.pop()
        self.depth -= 1

    def call(self, what: Any, takes: int, token: Token) -> None:
        self.program.append(Instruction("call", what, takes))
        if sum(instruction.kind == "call" for instruction in self.program) > MOST:
            self.refuse(f"this is one operation too many, expected at most {MOST}.", token)

    def refuse_value(self) -> NoReturn:
        """Where a value must begin, something else stands."""
        if self.now.kind == "other":
            self.refuse(advice.other(self.now, self.before, self.text[self.now.end :]), self.now)
        if self.now.kind == "end" and self.open:
            self.refuse(advice.UNCLOSED, self.open[-1])
        self.refuse(advice.no_value(self.before, self.now), self.now)

    def refuse_leftover(self) -> NoReturn:
        """A value is complete, and what follows neither joins it to another nor ends it."""
        assert self.before is not None
        if self.now.kind == "other":
            self.refuse(advice.other(self.now, self.before, self.text[self.now.end :]), self.now)
        following = self.tokens[self.place + 1]
        message = advice.leftover(self.before, self.now, following)
        decimal = self.now.text == "," and self.before.kind == following.kind == "number"
        self.refuse(message, self.before if decimal else self.now, following if decimal else None)

    def refuse(self, message: str, first: Token, last: Token | None = None) -> NoReturn:
        end = max(first.end, min(len(self.text), first.end if last is None else last.end))
        raise ExpressionError(message, self.text, first.start, end)
