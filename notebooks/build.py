"""Build the stored notebooks from their text sources.

    python notebooks/build.py           build every lesson
    python notebooks/build.py 01 02     build these lessons
    python notebooks/build.py --check   build in memory, fail when a stored notebook differs

A source is sources/NN_name.md, the notebook NN_name.ipynb beside this file. Two builds give the
same bytes: cell ids count up, nothing that changes from run to run is stored.
"""

import argparse
import base64
import difflib
import json
import re
import sys
from itertools import zip_longest
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograd_lite.lessons.kernel import kernel_environment, this_kernel

HERE = Path(__file__).resolve().parent
CELL_SECONDS = 60
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
KERNELSPEC = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
# Without the version: the notebook is the same for every Python.
LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
}
DATA_URI = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


class BuildError(Exception):
    """A lesson that cannot be built, with the lesson, the cell and the reason."""


def build(source: Path, seconds: int = CELL_SECONDS) -> NotebookNode:
    """Read, run and clean one lesson. `source` is .../notebooks/sources/NN_name.md."""
    notebook = read(source)
    run(notebook, source, seconds)
    return clean(notebook)


def read(source: Path) -> NotebookNode:
    """The lesson as a notebook with fixed cell ids, not run yet."""
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="md")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, 1):
        cell.id = f"{source.name[:2]}-{number:03d}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
    notebook.metadata = {"kernelspec": KERNELSPEC}
    return notebook


def run(notebook: NotebookNode, source: Path, seconds: int) -> None:
    """Run every cell with this interpreter, in the folder of the notebooks."""
    folder = source.parent.parent
    current = ["before the first cell"]

    def remember(cell: NotebookNode, cell_index: int) -> None:
        current[0] = f"cell {cell.id}"

    client = NotebookClient(
        notebook,
        km=this_kernel(),
        timeout=seconds,
        record_timing=False,
        coalesce_streams=True,  # how prints are cut into messages changes from run to run
        on_cell_start=remember,
        extra_arguments=["--log-level=ERROR"],  # not a warning about loopback for every lesson
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=kernel_environment(), cleanup_kc=True)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        reason = f"took longer than {seconds} seconds"
    except DeadKernelError:
        reason = "the kernel died"
    else:
        return
    raise BuildError(f"{source.name}, {current[0]}: {reason}")


def clean(notebook: NotebookNode) -> NotebookNode:
    """Drop what changes from run to run and what a viewer without a kernel cannot show."""
    notebook.metadata = {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(still, cell.outputs) if output is not None]
    notebook = nbformat.from_dict(notebook)
    nbformat.validate(notebook)
    return notebook


def still(output: NotebookNode) -> NotebookNode | None:
    """The output without its live view: the picture stays. None when nothing is left."""
    if "data" not in output:
        return output
    output.data.pop(WIDGET_VIEW, None)
    output.metadata.pop(WIDGET_VIEW, None)
    return output if output.data else None


def to_text(notebook: NotebookNode) -> str:
    """The notebook as it is stored, ending in one newline."""
    text: str = nbformat.writes(notebook, indent=1, ensure_ascii=False)
    return text.rstrip("\n") + "\n"


def decoded(text: str) -> str:
    """The text with every SVG data URI replaced by the SVG inside it.

    >>> decoded('<img src="data:image/svg+xml;base64,PHN2Zy8+">')
    '<img src="<svg/>">'
    """
    return DATA_URI.sub(lambda uri: base64.b64decode(uri[1]).decode("utf-8", "replace"), text)


def difference(name: str, stored: str, built: str) -> str:
    """The first cell that differs, and a short diff of it."""
    try:
        old_cells = json.loads(stored)["cells"]
    except (ValueError, KeyError, TypeError):
        return f"{name}: the stored file is not a notebook"
    for old, new in zip_longest(old_cells, json.loads(built)["cells"]):
        if old != new:
            diff = difflib.unified_diff(lines(old), lines(new), "stored", "built", "", "", 1, "")
            short = [line if len(line) < 160 else line[:157] + "..." for line in diff][:16]
            return "\n".join([f"{name}: first difference in cell {(new or old).get('id')}", *short])
    return f"{name}: the cells are equal; the metadata, indentation or line ends differ"


def lines(cell: dict[str, object] | None) -> list[str]:
    """A cell as short lines that a person can compare: pictures are opened, one tag a line."""
    text = json.dumps(cell, indent=1, ensure_ascii=False, sort_keys=True) if cell else ""
    return decoded(text).replace("><", ">\n<").splitlines()


def select(folder: Path, lessons: list[str]) -> list[Path]:
    """The sources of these lessons ("01" or "01_two_passes"); all when none is named."""
    found = sorted((folder / "sources").glob("[0-9][0-9]_*.md"))
    for lesson in lessons:
        if not any(source.stem.startswith(lesson) for source in found):
            raise BuildError(f"no source begins with {lesson!r} in {folder / 'sources'}")
    return [s for s in found if not lessons or s.stem.startswith(tuple(lessons))]


def unpaired(folder: Path) -> list[str]:
    """A complaint for each source without a notebook and each notebook without a source."""
    sources = {source.stem for source in select(folder, [])}
    notebooks = {path.stem for path in folder.glob("*.ipynb")}
    return [f"{stem}.md: has no notebook; build it" for stem in sorted(sources - notebooks)] + [
        f"{stem}.ipynb: has no source sources/{stem}.md" for stem in sorted(notebooks - sources)
    ]


def check(source: Path, folder: Path) -> list[str]:
    """A complaint when the stored notebook is not, byte for byte, what its source builds."""
    path = folder / f"{source.stem}.ipynb"
    if not path.exists():
        return []  # unpaired() has said so
    stored, built = path.read_bytes(), to_text(build(source))
    if stored == built.encode("utf-8"):
        return []
    return [difference(path.name, stored.decode("utf-8", "replace"), built)]


def write(source: Path, folder: Path) -> None:
    """Build one lesson and store it."""
    path = folder / f"{source.stem}.ipynb"
    path.write_bytes(to_text(build(source)).encode("utf-8"))
    print(f"built {path.name}")


def main(argv: list[str] | None = None, folder: Path = HERE) -> int:
    """Build or check; 0 when all is well, 1 with the complaints on stderr."""
    parser = argparse.ArgumentParser(description="Build the stored notebooks from their sources.")
    parser.add_argument("lessons", nargs="*", help='for example "01"; every lesson when left out')
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    args = parser.parse_args(argv)
    complaints: list[str] = []
    try:
        for source in select(folder, args.lessons):
            if args.check:
                complaints += check(source, folder)
            else:
                write(source, folder)
    except BuildError as error:
        complaints.append(str(error))
    complaints += unpaired(folder) if args.check or not args.lessons else []
    if complaints:
        print("\n".join(complaints), file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
