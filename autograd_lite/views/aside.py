"""Aside: a finished picture with something marked in it, and tables of what it shows."""

from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from typing import Any

from .frames import Frame
from .panel import text_columns
from .picture import Picture
from .svg import fill, to_text
from .theme import LIGHT, moved_css

Cell = tuple[str, str]  # a text, and what it is: "value", "grad" or "" for words


@dataclass(frozen=True)
class Table:
    """Rows of texts; `bars` are shares of the longest one, for rows that have a bar."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[float, ...] = ()


@dataclass(frozen=True)
class Aside:
    """What a view beside the steps shows. Marks are put over the finished picture.

    Of `choices` one is marked at a time: each belongs to a row of the first table.
    """

    title: str
    tables: tuple[Table, ...] = ()
    marks: Frame = field(default_factory=dict)
    choices: tuple[Frame, ...] = ()
    note: str = ""
    still: tuple[Table, ...] | None = None  # the tables without digits of rounding

    def frame(self, chosen: int = 0) -> Frame:
        """All marks, when this choice is made; the last one, if there are fewer."""
        if not self.choices:
            return self.marks
        return self.marks | self.choices[min(chosen, len(self.choices) - 1)]


class AsidePicture:
    """An aside as it is kept in a notebook: the picture, and its tables."""

    def __init__(self, picture: Picture, aside: Aside, chosen: int = 0) -> None:
        self.picture = picture
        self.aside = aside
        self.chosen = chosen

    def svg(self) -> str:
        """The finished picture with the marks of the aside."""
        drawing = deepcopy(self.picture.skeleton)
        drawing[0].text = f"{drawing[0].text}{moved_css('', LIGHT)}"
        fill(drawing, self.picture.finished | self.aside.frame(self.chosen))
        return to_text(drawing)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        tables = self.aside.tables if self.aside.still is None else self.aside.still
        plain = [_text(table) for table in tables]
        note = [self.aside.note] if self.aside.note else []
        alt = f"{self.picture.described} {self.aside.title}."
        html = [f"<p>{escape(self.aside.title)}</p>", *map(_html, tables)]
        html += [f"<p>{escape(text)}</p>" for text in note]
        return {
            "text/plain": "\n".join([self.aside.title, *plain, *note]),
            "text/html": self.picture.image(self.svg(), alt) + "".join(html),
        }


def _text(table: Table) -> str:
    head = [table.head] if any(table.head) else []
    return text_columns([*head, *([text for text, _ in row] for row in table.rows)])


def _html(table: Table) -> str:
    left = ' style="text-align:left"'
    head = "".join(f'<th scope="col"{left}>{escape(title)}</th>' for title in table.head)
    above = f"<thead><tr>{head}</tr></thead>" if any(table.head) else ""
    rows = "".join(
        f"<tr>{''.join(f'<td{left}>{escape(text)}</td>' for text, _ in row)}</tr>"
        for row in table.rows
    )
    return f"<table>{above}<tbody>{rows}</tbody></table>"
