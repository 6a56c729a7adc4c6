"""The views beside the steps, as plain JSON for the browser."""

from itertools import chain, islice
from typing import Any

from ..views.aside import Aside
from ..views.check import check
from ..views.leaves import Number, called, elements, find, variables
from ..views.nudge import nudge
from ..views.path_choice import choose_path
from ..views.picture import Picture

VIEWS = ("steps", "paths", "check", "nudge")
OFFERED = 60  # names in the list to choose from
READY = 12  # inputs whose paths are written into a page


def make_aside(picture: Picture, view: str, leaf: str, h: float) -> Aside:
    """What a view shows now. A value that an operation refuses is told in the operation's words."""
    try:
        if view == "paths":
            return choose_path(picture, leaf)
        return check(picture) if view == "check" else nudge(picture, leaf, h)
    except Exception as error:  # whatever an operation of the learner's own raises
        return Aside((str(error) or type(error).__name__).removesuffix("."))


def aside_as_json(picture: Picture, aside: Aside, view: str, leaf: str) -> dict[str, Any]:
    """An aside with all its marks, and what can be chosen in its place."""
    options = _options(picture, view)
    chosen = _chosen(picture, view, leaf)
    boxes = {name: picture.diagram.box_of[one] for name, one in variables(picture.trace).items()}
    return {
        "view": view,
        "leaf": chosen,
        "title": aside.title,
        "note": " ".join(filter(None, [aside.note, _more(picture, view)])),
        "tables": [table.__dict__ for table in aside.tables],
        "frames": [picture.finished | aside.marks, *aside.choices],
        "options": options if chosen in options or view == "check" else [*options, chosen],
        "boxes": {box.key: name for name, box in boxes.items() if box.kind == "variable"},
    }


def pages(picture: Picture) -> dict[str, Any]:
    """Every view that needs no kernel, for each input that it can be asked about."""
    names = list(islice(variables(picture.trace), READY))
    found = {name: _page(picture, "paths", name) for name in names}
    for page in found.values():
        page["options"] = names
        page["boxes"] = {key: name for key, name in page["boxes"].items() if name in names}
    return {"paths": found, "check": {"": _page(picture, "check", "")}}


def _page(picture: Picture, view: str, leaf: str) -> dict[str, Any]:
    return aside_as_json(picture, make_aside(picture, view, leaf, 0.0), view, leaf)


def _chosen(picture: Picture, view: str, leaf: str) -> str:
    """What a view is about: a number, a whole variable, or all of them."""
    if view == "check":
        return ""
    number = find(picture.trace, leaf)
    return called(picture.trace, number if view == "nudge" else Number(number.leaf, ()))


def _options(picture: Picture, view: str) -> list[str]:
    """The names to choose from: variables, or every number of them."""
    known = variables(picture.trace)
    if view == "paths":
        return list(islice(known, OFFERED))
    numbers = chain.from_iterable(elements(name, leaf) for name, leaf in known.items())
    return list(islice(numbers, OFFERED)) if view == "nudge" else []


def _more(picture: Picture, view: str) -> str:
    """How to choose what the list leaves out."""
    known = variables(picture.trace)
    counts = {"paths": len(known), "nudge": sum(leaf.size for leaf in known.values())}
    count = counts.get(view, 0)
    if count <= OFFERED:
        return ""
    return f'The list has {OFFERED} of {count:,} inputs; stepper.leaf = "…" takes any of them.'
