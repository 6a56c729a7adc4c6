"""`python -m autograd_lite.lessons [FOLDER]`: copy the lessons there and open JupyterLab.

`--html FOLDER` writes the lessons into FOLDER as pages that need neither a kernel nor a network.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from . import copying
from .copying import Copied, copy_course, course_folder

DEFAULT_FOLDER = "my_lessons"
START = Path("notebooks", "00_start_here.ipynb")


def main(arguments: list[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    folder, copy_only, as_pages, extra = _parse(arguments)
    if as_pages:
        return _write_pages(folder)
    try:
        source = course_folder()
        copied = copy_course(source, folder)
    except OSError as problem:
        print(f"The lessons could not be copied: {problem}", file=sys.stderr)
        return 1
    print(_summary(folder, copied))
    if copy_only:
        return 0
    if not _has_jupyter():
        return 1
    return _run(jupyter_command(folder, extra), _environment(source))


def _has_jupyter() -> bool:
    """Whether JupyterLab is there; if not, say what brings it."""
    if importlib.util.find_spec("jupyterlab") is None:
        print("JupyterLab is missing. Run:  python -m pip install jupyterlab", file=sys.stderr)
        return False
    return True


def _write_pages(folder: Path) -> int:
    """Run every lesson and write it as a page. Returns the exit code."""
    if not _has_jupyter():  # it brings all that pages are made with
        return 1
    from .pages import write_course

    try:
        written = write_course(course_folder(), folder)
    except (OSError, RuntimeError) as problem:
        print(f"The pages could not be written: {problem}", file=sys.stderr)
        return 1
    print(f"{len(written)} files written. Open {folder / 'index.html'}")
    return 0


def jupyter_command(folder: Path, extra: list[str]) -> list[str]:
    """The command that opens lesson 00 of `folder`, with this Python."""
    # As the default address rather than as a file: the link that Jupyter prints leads there too.
    address = f"--LabApp.default_url=/lab/tree/{START.as_posix()}"
    return [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder}", address, *extra]


def _parse(arguments: list[str] | None) -> tuple[Path, bool, bool, list[str]]:
    parser = argparse.ArgumentParser(
        prog="python -m autograd_lite.lessons",
        usage="%(prog)s [FOLDER] [--copy-only] [options of jupyter lab]\n"
        "       %(prog)s --html FOLDER",
        description="Copy the lessons into FOLDER and open them in JupyterLab. Your own files "
        f"are never overwritten. FOLDER is {DEFAULT_FOLDER} unless given; what follows it goes "
        "to JupyterLab, for example --no-browser.",
        allow_abbrev=False,
    )
    parser.add_argument("--copy-only", action="store_true", help="copy, and open nothing")
    parser.add_argument(
        "--html", metavar="FOLDER", help="write the lessons as pages that need no Python"
    )
    options, rest = parser.parse_known_args(arguments)
    if options.html is not None and (rest or options.copy_only):
        parser.error(f"--html takes a folder and nothing else, not {[*rest, '--copy-only'][0]}")
    named = bool(rest) and not rest[0].startswith("-")
    folder, extra = (rest[0], rest[1:]) if named else (DEFAULT_FOLDER, rest)
    if options.copy_only and extra:
        parser.error(f"with --copy-only nothing is opened, so {extra[0]} has no meaning")
    folder = folder if options.html is None else options.html
    return Path(folder).expanduser().resolve(), options.copy_only, options.html is not None, extra


def _summary(folder: Path, copied: Copied) -> str:
    lines = [f"Lessons in {folder}: {len(copied.added)} files added."]
    for name in copied.kept:
        lines.append(f"Kept yours: {name} (rename it to get the course's copy)")
    return "\n".join(lines)


def _environment(source: Path) -> dict[str, str]:
    """In a checkout that is not installed, the kernels must find the package too."""
    environment = dict(os.environ)
    if source == copying.PACKAGE.parents[1]:
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(source), *([known] if known else [])])
    return environment


def _run(command: list[str], environment: dict[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as jupyter:
        while True:
            try:
                return jupyter.wait()
            # Ctrl-C reaches JupyterLab too, which asks before it stops.
            except KeyboardInterrupt:
                continue


if __name__ == "__main__":
    sys.exit(main())
