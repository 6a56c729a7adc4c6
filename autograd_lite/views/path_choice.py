"""The paths of one input, of which one at a time is marked in the picture."""

from itertools import islice

from .aside import Aside, Table
from .frames import THICK, Frame
from .leaves import find
from .marked import bare, marks
from .number import format_number
from .paths import HEAD, LISTED, Path, paths
from .picture import Picture


def choose_path(picture: Picture, name: str) -> Aside:
    """All paths from the input of this name to the output: the first ones can be marked.

    Where there are arrays on the way, the title says so, and what to write instead.
    """
    leaf = find(picture.trace, name).leaf
    if picture.gradient is not None:
        top = picture.trace.label(picture.graph.output)
        return Aside(f"Paths lead to {top} with the seed 1, and here another seed was given.")
    try:
        found = paths(picture.graph, leaf)
    except ValueError as error:
        words = str(error).removeprefix("paths: ")
        return Aside(words[0].upper() + words[1:].removesuffix("."))
    *ways, (name, gradient) = found.rows()
    rows = [((route, ""), (equation, "")) for route, equation in ways]
    rows.append(((name, ""), (gradient, "grad")))
    base = bare(picture.diagram, picture.finished)
    choices = tuple(_mark(picture, base, path) for path in islice(found, LISTED))
    return Aside(found.title, (Table(HEAD, tuple(rows)),), base, choices)


def _mark(picture: Picture, base: Frame, path: Path) -> Frame:
    """The path alone, with thick arrows, its factors, and a dot in each of its boxes."""
    edges = {(c.node, c.position): c for c in path.edges}
    marked = marks(picture.diagram, picture.finished | base, edges)
    thick = {
        f"{arrow.key}.width@stroke-width": str(THICK)
        for arrow in picture.diagram.arrows
        if any(edge in edges for edge in arrow.edges)
    }
    product = format_number(path.product)
    words = f"One path is marked: {path.route}, with the product {product}"
    return marked | thick | {"svg@aria-label": words}
