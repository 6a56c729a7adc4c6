"""Write what the teaching notes take from elsewhere.

    python notebooks/teaching/build.py            write it
    python notebooks/teaching/build.py --check    write nothing, fail when something differs

The answers at the end of each note come from the checks of its lesson and from the solutions that
are folded in it. The glossary has the words of lesson 00 as they stand there. All else is written
by hand, and stays.
"""

import re
import sys
from itertools import pairwise
from pathlib import Path

from autograd_lite.lessons.catalogue import LESSONS, Lesson
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise
from autograd_lite.lessons.numeric import Number, Numbers
from autograd_lite.views.number import MINUS, format_number

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent / "sources"
BEGIN = "<!-- From here on written by build.py: the checks know the answers. -->"
FOLDED = re.compile(r"<details><summary>.*?</summary>\n\n(.*?)\n\n</details>", re.DOTALL)
ITEM = re.compile(r"^\*\*(\d+\. .+?)\*\*", re.MULTILINE)
# A row of a table: a word in bold, what may follow it, and its meaning.
ROW = re.compile(r"^\| (\*\*[^|]+) \| ([^|]+) \|", re.MULTILINE)


def source_of(lesson: Lesson) -> str:
    """The text from which the notebook of a lesson is built."""
    return page_of(lesson, SOURCES).read_text(encoding="utf-8")


def page_of(lesson: Lesson, folder: Path) -> Path:
    """The text of a lesson in a folder. Raises FileNotFoundError."""
    for path in folder.glob(f"{lesson.number}_*.md"):
        return path
    name = f"{lesson.number}_name.md for the lesson {lesson.title!r}"
    raise FileNotFoundError(f"notebooks/{folder.name} has no {name}: write one")


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level, up to the next one.

    >>> section("# A\\n\\n## B\\n\\nb\\n\\n## C\\n\\nc", "B")
    'b'
    """
    after = f"{text}\n".partition(f"\n## {title}\n")[2]
    return after.partition("\n## ")[0].strip()


def solution(source: str, key: str) -> str:
    """The folded solution that follows a check: code without what keeps it from running."""
    found = FOLDED.search(source.partition(f'lessons.check("{key}"')[2])
    if found is None:
        raise ValueError(f"{key}: no solution is folded below the check. Add <details> to the text")
    return found[1].replace("```text", "```python")


def written(answer: dict[str, float] | float) -> str:
    """One number, or several with their names: a whole one in full, others to four decimals.

    >>> written({"x": 15052800.0, "y": -0.25})
    'x 15,052,800, y −0.25'
    """
    if isinstance(answer, dict):
        return ", ".join(f"{name} {written(number)}" for name, number in answer.items())
    if float(answer).is_integer():
        return f"{answer:,.0f}".replace("-", MINUS)
    text = format_number(answer)
    return text if "e" in text else text.rstrip("0").rstrip(".")


def table(first: str, rows: list[tuple[str, str]]) -> str:
    """Two columns: what a learner writes, and what the check then says."""
    lines = [f"| {first} | what the check says |", "|---|---|"]
    return "\n".join([*lines, *(f"| {one} | {cell(other)} |" for one, other in rows)])


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def answer(exercise: Exercise, source: str) -> str:
    """The right answer of one exercise, and each mistake that its check knows."""
    head = f"### `{exercise.key}`"
    if isinstance(exercise, Choice):
        right, *wrong = sorted(
            zip(exercise.letters, exercise.options, strict=True),
            key=lambda pair: (pair[0] != exercise.right, pair[0]),
        )
        said = f"{exercise.prompt}\n\n**{right[0]}) {right[1].text}** {right[1].because}"
        rows = [(f"{letter}) {cell(o.text)}", o.because) for letter, o in wrong]
        return f"{head}\n\n{said}\n\n{table('other letters', rows)}"
    if isinstance(exercise, Number | Numbers):
        said = f"**{written(exercise.answer())}** {exercise.because}"
        rows = [(written(m.gives()), m.message) for m in exercise.mistakes]
        return f"{head}\n\n{said}\n\n{table('a learner writes', rows)}"
    found = solution(source, exercise.key)
    named = [f"- {mistake.message}" for mistake in getattr(exercise, "mistakes", ())]
    mistakes = "\n".join(["Mistakes that the check names:", "", *named]) if named else ""
    return "\n\n".join(filter(None, [head, found, mistakes]))


def unchecked(source: str) -> list[str]:
    """The exercises that no check judges: their titles, and the folded solutions if there are."""
    text = section(source, "Exercises")
    starts = [match.start() for match in ITEM.finditer(text)]
    found = []
    for start, end in pairwise([*starts, len(text)]):
        item = text[start:end]
        title, folded = ITEM.match(item), FOLDED.search(item)
        if title and "lessons.check(" not in item:
            said = folded[1].replace("```text", "```python") if folded else "Open: no one answer."
            found.append(f"### Exercise {title[1].rstrip('.')}\n\n{said}")
    return found


def answers(lesson: Lesson) -> str:
    """All answers of a lesson, in the order of its catalogue."""
    source = source_of(lesson)
    parts = [answer(exercise, source) for exercise in lesson.exercises] + unchecked(source)
    return "\n\n".join(["## Answers", *parts])


def note(text: str, lesson: Lesson) -> str:
    """A note with its answers written anew."""
    return f"{text.partition(BEGIN)[0].rstrip()}\n\n{BEGIN}\n\n{answers(lesson)}\n"


def words(source: str) -> dict[str, str]:
    """The words of lesson 00 and their meanings."""
    return dict(ROW.findall(section(source, "Words")))


def glossary(text: str, taught: dict[str, str]) -> str:
    """The glossary, with every word of lesson 00 as it is explained there.

    Raises ValueError for a word of lesson 00 that the glossary does not have.
    """
    missing = taught.keys() - dict(ROW.findall(text)).keys()
    if missing:
        raise ValueError(f"glossary.md has no row for {min(missing)}, a word of lesson 00: add it")
    return ROW.sub(lambda row: f"| {row[1]} | {taught.get(row[1], row[2])} |", text)


def pages(folder: Path = HERE) -> dict[Path, str]:
    """Every generated page as it should be."""
    found = {}
    for lesson in LESSONS:
        path = page_of(lesson, folder)
        found[path] = note(path.read_text(encoding="utf-8"), lesson)
    path = folder / "glossary.md"
    found[path] = glossary(path.read_text(encoding="utf-8"), words(source_of(LESSONS[0])))
    return found


def main(check: bool, folder: Path = HERE) -> int:
    try:
        wanted = pages(folder)
    except (FileNotFoundError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    different = {
        path: text for path, text in wanted.items() if path.read_text(encoding="utf-8") != text
    }
    for path, text in different.items():
        if not check:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"notebooks/teaching/{path.name} {'is not up to date' if check else 'written'}")
    return int(check and bool(different))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
