"""Copy the lessons to a folder of the learner, never over a file that is there."""

from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@dataclass
class Copied:
    """What happened to each file, as paths inside the folder."""

    added: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def course_folder() -> Path:
    """The folder that holds notebooks/ and figures/: in the installed package, or the checkout.

    Raises FileNotFoundError when the lessons are in neither place.
    """
    places = (PACKAGE / "_course", PACKAGE.parents[1])
    for place in places:
        if any(place.glob("notebooks/*.ipynb")):
            return place
    looked = " and ".join(str(place / "notebooks") for place in places)
    raise FileNotFoundError(
        f"The lesson notebooks are not there. Looked in {looked}. "
        "Install autograd_lite again, or run this from a full checkout."
    )


def copy_course(source: Path, folder: Path) -> Copied:
    """Copy notebooks/*.ipynb and figures/ of `source` into `folder`.

    A file that is already there stays as it is: `same` if equal to the course's, else `kept`.
    Raises OSError when the folder cannot be written.
    """
    copied = Copied()
    notebooks = source.glob("notebooks/*.ipynb")
    figures = source.glob("figures/**/*.svg")
    for path in sorted([*notebooks, *figures]):
        inside = path.relative_to(source)
        content = path.read_bytes()
        if _create(folder / inside, content):
            copied.added.append(inside.as_posix())
        elif _holds(folder / inside, content):
            copied.same.append(inside.as_posix())
        else:
            copied.kept.append(inside.as_posix())
    return copied


def _create(target: Path, content: bytes) -> bool:
    """Write a new file. False if there is one: "x" leaves no moment for a race."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = target.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except BaseException:
        # Half a notebook would be kept for ever.
        target.unlink(missing_ok=True)
        raise
    return True


def _holds(target: Path, content: bytes) -> bool:
    return target.is_file() and target.read_bytes() == content
