"""Every lesson has the same parts in the same order, and each exercise all that it needs.

What is looked for is in the sources, so that it holds before a notebook is built.
"""

import re
from itertools import pairwise

import pytest

from autograd_lite.lessons.catalogue import EXERCISES
from autograd_lite.lessons.catalogue import LESSONS as CATALOGUE
from autograd_lite.lessons.choice import Choice
from autograd_lite.lessons.exercise import Exercise
from autograd_lite.lessons.numeric import Number, Numbers, close
from autograd_lite.lessons.ordering import Ordering
from autograd_lite.lessons.own_engine import OwnEngine
from autograd_lite.lessons.tiles import Tiles

from .lesson import HALF_WAY, LESSONS, Source

INDEX, *TAUGHT = LESSONS
every = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.path.stem)
taught = pytest.mark.parametrize("lesson", TAUGHT, ids=lambda lesson: lesson.path.stem)

# The parts in their order. "Break it" may also be a paragraph of its own, in bold.
PARTS = (
    r"^\*\*Question\.\*\*",
    r"^\*\*\d+ minutes\.\*\* (Half-way is a place to stop\. )?You need ",
    r"^You will be able to$",
    r"^## Predict",
    r"^(## |\*\*)Break it",
    r"^## Exercises$",
    r"^## Key points$",
    r"^## Quiz$",
    r"^## Where next$",
)
VERBS = {
    "break", "build", "choose", "close", "compute", "draw", "explain", "fill", "find", "foretell",
    "get", "judge", "list", "multiply", "put", "read", "record", "say", "see", "train", "turn",
    "use", "walk", "write", "check", "step", "answer",
}  # fmt: skip
# These find the mistake by running the answer: they have no list of mistakes.
RUNNING = (Ordering, OwnEngine, Tiles)


def bullets(text: str) -> list[str]:
    return re.findall(r"^- (.+)$", text, re.M)


def without_code(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


@taught
def test_the_parts_stand_in_their_order(lesson: Source) -> None:
    places = []
    for part in PARTS:
        found = re.search(part, lesson.text, re.M)
        assert found, part
        places.append(found.start())
    assert places == sorted(places)
    assert lesson.headings[-3:] == ["Key points", "Quiz", "Where next"]


@every
def test_one_question_and_a_title(lesson: Source) -> None:
    assert lesson.text.startswith("# ")
    question = lesson.text.split("\n\n")[1]
    assert "?" in question


@every
def test_objectives_are_verbs(lesson: Source) -> None:
    listed = lesson.text.split("You will be able to\n\n")[1].split("\n\n")[0]
    verbs = [bullet.split()[0] for bullet in bullets(listed)]
    assert len(verbs) >= 3
    assert not set(verbs) - VERBS


@taught
def test_a_prediction_comes_before_the_first_widget(lesson: Source) -> None:
    asked = lesson.text.index("lessons.check(")
    shown = re.search(r"ag\.(Stepper|GateBench|TrainingLoop|GradientFlow|draw)\(", lesson.text)
    assert shown
    assert lesson.text.index("## Predict") < asked < shown.start()


@taught
def test_there_are_exercises_and_each_has_a_check(lesson: Source) -> None:
    parts = re.split(r"^\*\*\d+\. ", lesson.section("Exercises"), flags=re.M)[1:]
    assert len(parts) >= 2
    for part in parts:
        assert "lessons.check(" in part, part[:60]
        assert "<summary>Solution" in part, part[:60]


@taught
def test_key_points_and_three_questions(lesson: Source) -> None:
    assert 4 <= len(bullets(lesson.section("Key points"))) <= 7
    quiz = [key for key in lesson.checks if ".quiz." in key]
    assert quiz == [f"{lesson.number}.quiz.{k}" for k in (1, 2, 3)]


@every
def test_the_notebook_asks_all_exercises_of_the_catalogue_in_their_order(lesson: Source) -> None:
    (known,) = (one for one in CATALOGUE if one.number == lesson.number)
    once = list(dict.fromkeys(lesson.checks))
    assert once == [exercise.key for exercise in known.exercises]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_each_exercise_knows_mistakes_and_has_three_hints(exercise: Exercise) -> None:
    assert len(exercise.hints) == 3
    if isinstance(exercise, Choice):
        wrong = [option for option in exercise.options if option.because]
        assert len(wrong) == len(exercise.options)
    elif not isinstance(exercise, RUNNING):
        assert len(getattr(exercise, "mistakes")) >= 1  # noqa: B009


@every
def test_a_folded_solution_follows_each_check(lesson: Source) -> None:
    """Letters are explained one by one; every other answer is folded before the next section."""
    for section in re.split(r"^## ", lesson.text, flags=re.M):
        for match in re.finditer(r'lessons\.check\("([^"]+)"', section):
            if not isinstance(EXERCISES[match[1]], Choice):
                assert "<summary>Solution" in section[match.end() :], match[1]


@every
def test_folded_parts_are_closed(lesson: Source) -> None:
    assert lesson.text.count("<details>") == lesson.text.count("</details>")
    assert lesson.text.count("<details>") == lesson.text.count("<summary>")


@every
def test_a_figure_is_in_the_markdown(lesson: Source) -> None:
    assert re.search(r"!\[[^\]]{20,}.*?\]\(\.\./figures/\w+\.svg\)", lesson.prose, re.DOTALL)


def test_previous_and_next_are_linked() -> None:
    for before, after in pairwise(LESSONS):
        assert f"]({after.path.stem}.ipynb)" in before.section("Where next")
        assert f"]({before.path.stem}.ipynb)" in after.section("Where next")
    for lesson in TAUGHT:
        assert f"]({INDEX.path.stem}.ipynb)" in lesson.section("Where next")


@taught
def test_the_index_has_its_question_and_its_minutes(lesson: Source) -> None:
    row = re.search(rf"^\| \[{lesson.number} .*\| (\d+) \|$", INDEX.text, re.M)
    assert row
    assert int(row[1]) == lesson.stated


LONGEST, OFF = 45, 7.5


@every
def test_the_minutes_are_those_of_the_rule(lesson: Source) -> None:
    """Stated in steps of five; see `minutes_of` and `Cell.minutes` for what is counted."""
    counted = sum(lesson.sittings)
    assert lesson.stated % 5 == 0
    assert abs(lesson.stated - counted) <= OFF, f"{counted:.0f} by the rule"


@every
def test_no_sitting_is_too_long(lesson: Source) -> None:
    """What takes more than 45 minutes says so, and has one place to stop."""
    halves = lesson.stated > LONGEST
    assert ("minutes.** Half-way is a place to stop. You need" in lesson.text) == halves
    assert lesson.text.count(HALF_WAY) == halves
    assert max(lesson.sittings) <= LONGEST + OFF


# A word, and the lesson that explains it. Earlier it is used with a link to that lesson, or not.
WORDS = {
    "gate": "02", "saturated": "02", "router": "02", "squasher": "02",
    "topological": "03",
    "Jacobian": "04", "tangent": "04", "forward mode": "04", "reverse mode": "04",
    "expression swell": "04", "gradcheck": "04", "gradient check": "05",
    "softmax": "05", "softplus": "05",
    "broadcast": "06", "learning rate": "06", "hidden unit": "04", "bias": "06",
    "cross-entropy": "07", "log-sum-exp": "07",
    "epoch": "08", "mini-batch": "08", "momentum": "08", "Adam": "08", "optimiser": "08",
    "vanish": "09", "explode": "09", "Xavier": "09", "leaky": "09", "clipping": "09",
    "recurrent": "10", "LSTM": "10", "convolution": "10", "attention": "10", "detach": "10",
    "constant folding": "11", "common subexpression": "11", "dead call": "11",
    "Hessian": "12", "create_graph": "12",
}  # fmt: skip
ORDER = [lesson.number for lesson in LESSONS]


@pytest.mark.parametrize(("word", "home"), WORDS.items(), ids=WORDS)
def test_no_word_is_used_before_its_lesson(word: str, home: str) -> None:
    pattern = re.compile(rf"\b{word}", 0 if word[0].isupper() else re.IGNORECASE)
    assert pattern.search(LESSONS[ORDER.index(home)].prose), f"{word} is not in lesson {home}"
    for lesson in TAUGHT:
        if lesson.number >= home:
            break
        prose = re.sub(r"!\[.*?\]\([^)]*\)", "", lesson.prose.split("## Where next")[0])
        for paragraph in re.split(r"\n\s*\n", without_code(prose)):
            if pattern.search(paragraph):
                assert f"]({home}_" in paragraph, f"{lesson.number}: {paragraph[:200]}"


NOT_OURS = {
    r"\bdJ/d|\bdL/d|\bdy/d|\bde/d": "∂J/∂W, ∂L/∂a, ∂y/∂v",
    r"\*\*T\b|\^T\b": "ᵀ",
    r"\bdot product of\b|\bmatmul\b": "matrix product, @",
    r"\bincoming gradient|\bdownstream gradient|\bglobal gradient": "upstream gradient",
    r"\bderror\b|\btop_diff|\blocal_diff": "upstream gradient, local gradient",
    r" -> |=>": "→",
}


@every
@pytest.mark.parametrize("other", NOT_OURS)
def test_one_notation(lesson: Source, other: str) -> None:
    prose = re.sub(r"`[^`]*`", "", without_code(lesson.prose))
    found = [prose[max(m.start() - 30, 0) : m.end() + 30] for m in re.finditer(other, prose)]
    assert not found, f"write {NOT_OURS[other]}"


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_one_notation_in_what_a_check_says(exercise: Exercise) -> None:
    said = [exercise.question, *exercise.hints, getattr(exercise, "because", "")]
    said += [option.because for option in getattr(exercise, "options", ())]
    said += [mistake.message for mistake in getattr(exercise, "mistakes", ())]
    for other, ours in NOT_OURS.items():
        assert not re.search(other, re.sub(r"`[^`]*`", "", "\n".join(said))), f"write {ours}"


COUNTED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
FIGURES = re.compile(r"(\d+(?:\.\d+)?(?:e-?\d+)?)(?:/(\d+))?")


def told(solution: str) -> list[float]:
    """The numbers of a solution, signs left out: 0.25, 15,052,800, 1/9, and "three"."""
    plain = solution.replace("e−", "e-").replace(",", "")
    found = [float(top) / float(under or 1) for top, under in FIGURES.findall(plain)]
    found += [float(top) for top, _ in FIGURES.findall(plain)]
    words = re.findall(r"[a-z]+", solution.casefold())
    return found + [COUNTED[word] for word in words if word in COUNTED]


@every
def test_a_folded_solution_holds_the_numbers_of_the_answer(lesson: Source) -> None:
    for match in re.finditer(r'lessons\.check\("([^"]+)"', lesson.text):
        exercise = EXERCISES[match[1]]
        if isinstance(exercise, Number | Numbers):
            answer = exercise.answer()
            wanted = answer.values() if isinstance(answer, dict) else [answer]
            solution = re.search(r"<details>.*?</details>", lesson.text[match.end() :], re.DOTALL)
            assert solution
            for number in wanted:
                near = [one for one in told(solution[0]) if close(one, abs(number))]
                assert near, (match[1], number)


GLOSSARY = re.findall(r"^\| \*\*(.+?)\*\*.* \| (\d\d) \|$", INDEX.section("Words"), re.MULTILINE)


def test_the_words_of_the_index_are_met_where_it_says() -> None:
    assert len(GLOSSARY) > 20
    numbers = [number for _, number in GLOSSARY]
    assert numbers == sorted(numbers)
    for word, number in GLOSSARY:
        prose = LESSONS[ORDER.index(number)].prose.replace("*", "")
        assert word.casefold() in prose.casefold(), (word, number)
