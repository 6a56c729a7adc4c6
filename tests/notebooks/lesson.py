"""A lesson's source as a learner meets it: sections, prose, cells, exercises, and their minutes."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext

from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise
from autograd_lite.lessons.found import Found
from autograd_lite.lessons.function import Function
from autograd_lite.lessons.own_engine import OwnEngine
from autograd_lite.lessons.own_layer import OwnLayer
from autograd_lite.lessons.own_loop import OwnLoop
from autograd_lite.lessons.own_operation import OwnOperation
from autograd_lite.lessons.own_pass import OwnPass

from .load import NOTEBOOKS

SOURCES = sorted((NOTEBOOKS / "sources").glob("*.md"))
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
LINK = re.compile(r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)]*)\)")
CHECK = re.compile(r'lessons\.check\(\s*"([^"]+)"')
WIDGET = re.compile(
    r"\bag\.(Stepper|FormulaStepper|explore|GateBench|Quiz|TrainingLoop|GradientFlow)\("
)
HALF_WAY = "**Half-way.**"

# How long things take. A learner reads 150 words of prose a minute, and 15 lines of code.
WORDS, LINES, PLAY = 150, 15, 2.0
WRITTEN = (Function, OwnLayer, OwnLoop, OwnOperation, OwnPass)


def minutes_of(exercise: Exercise) -> float:
    """A letter, a number found on paper, something to look for, code to write, an engine."""
    if isinstance(exercise, Choice):
        return 1.0
    if isinstance(exercise, OwnEngine):
        return 12.0
    if isinstance(exercise, WRITTEN):
        return 4.0
    return 3.0 if isinstance(exercise, Found) else 1.5


@dataclass(frozen=True)
class Cell:
    """One cell: `kind` is "code" or "markdown"."""

    kind: str
    source: str

    @property
    def checks(self) -> list[str]:
        return CHECK.findall(self.source) if self.kind == "code" else []

    @property
    def minutes(self) -> float:
        """What a learner needs for it, answers included. Folded solutions are not counted."""
        if self.kind == "markdown":
            prose = LINK.sub(lambda m: "" if m[0][0] == "!" else m[1], FOLDED.sub("", self.source))
            return len(re.findall(r"\w[\w'’]*", prose)) / WORDS
        lines = [line for line in self.source.splitlines() if line.strip()]
        answers = sum(minutes_of(EXERCISES[key]) for key in self.checks)
        return len(lines) / LINES + answers + PLAY * len(WIDGET.findall(self.source))


@dataclass(frozen=True)
class Source:
    """One lesson, read from its source."""

    path: Path

    @property
    def number(self) -> str:
        return self.path.stem[:2]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def cells(self) -> list[Cell]:
        notebook = jupytext.reads(self.text, fmt="md")
        return [Cell(cell.cell_type, cell.source) for cell in notebook.cells]

    @property
    def code(self) -> list[str]:
        return [cell.source for cell in self.cells if cell.kind == "code"]

    @cached_property
    def prose(self) -> str:
        return "\n\n".join(cell.source for cell in self.cells if cell.kind == "markdown")

    @property
    def headings(self) -> list[str]:
        """The headings of the second level."""
        return re.findall(r"^## (.+)$", re.sub(r"```.*?```", "", self.text, flags=re.S), re.M)

    def section(self, heading: str) -> str:
        """The text under the last heading that begins so."""
        return re.split(r"^## ", self.text, flags=re.M)[self._place(heading)].split("\n", 1)[1]

    def _place(self, heading: str) -> int:
        parts = re.split(r"^## ", self.text, flags=re.M)
        return max(i for i, part in enumerate(parts) if part.startswith(heading))

    @property
    def checks(self) -> list[str]:
        return [key for cell in self.cells for key in cell.checks]

    @property
    def stated(self) -> int:
        """The minutes in the opening."""
        found = re.search(r"\*\*(\d+) minutes", self.text)
        assert found, f"{self.path.name} says no minutes"
        return int(found[1])

    @property
    def sittings(self) -> list[float]:
        """Minutes by the rule, before and after the place to stop, if there is one."""
        counted = [0.0]
        for cell in self.cells:
            if cell.kind == "markdown" and HALF_WAY in cell.source:
                before, after = cell.source.split(HALF_WAY)
                counted[-1] += Cell("markdown", before).minutes
                counted.append(Cell("markdown", after).minutes)
            else:
                counted[-1] += cell.minutes
        return counted


LESSONS = [Source(path) for path in SOURCES]
