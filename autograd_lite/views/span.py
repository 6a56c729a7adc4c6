"""An equation as pieces of text, each with its colour: what browsers, tables and papers show."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A piece of an equation. Its colour is set by "value", "grad", "local", "faint" or ""."""

    text: str
    latex: str
    kind: str = ""


@dataclass(frozen=True)
class Equation:
    """left = right, once per line: symbols first, the result last.

    `local` says what the local gradient is in symbols; `note` where the sum stands; `shapes`
    which shapes of arrays fit together.
    """

    left: Span
    lines: tuple[tuple[Span, ...], ...]
    local: str = ""
    note: str = ""
    shapes: str = ""

    @property
    def text(self) -> str:
        """One plain line: `v2 = x1 · x2 = 2.0000 · 3.0000 = 6.0000`."""
        sides = ["".join(span.text for span in line) for line in self.lines]
        notes = "; ".join(filter(None, [self.shapes and f"shapes {self.shapes}", self.note]))
        return " = ".join([self.left.text, *sides]) + (f" ({notes})" if notes else "")

    @property
    def latex(self) -> str:
        sides = ["".join(span.latex for span in line) for line in self.lines]
        return " = ".join([self.left.latex, *sides])
