"""Lesson 04: differences, formulas, forward mode, reverse mode, and what each costs."""

from .choice import Choice, Option
from .differences import BEST, RUNS, SLOPES
from .exercise import Mistake
from .function import Function
from .numeric import COUNT, Number, Numbers

HEIGHT, WIDTH, COLOURS, HIDDEN = 224, 224, 3, 100
MISPRINT = 15_082_800.0

WEIGHTS = Number(
    key="04.weights",
    answer=lambda: float(HEIGHT * WIDTH * COLOURS * HIDDEN),
    because="Each of the numbers of the image has a weight to each hidden unit.",
    tolerance=COUNT,
    mistakes=(
        Mistake(
            lambda: MISPRINT,
            "That is the number that is often printed. It is a misprint: one digit is wrong. "
            "Multiply yourself.",
        ),
        Mistake(
            lambda: float(HEIGHT * WIDTH * HIDDEN),
            "The colours are missing: each point of the image is three numbers.",
        ),
        Mistake(
            lambda: float(HEIGHT * WIDTH * COLOURS),
            "Those are the numbers of the image. Each has a weight to every hidden unit.",
        ),
        Mistake(
            lambda: float(HEIGHT * WIDTH + COLOURS + HIDDEN),
            "The numbers are added. Each point has each colour, and each of these each unit.",
        ),
    ),
    hints=(
        "How many numbers is the image?",
        "Each of them is connected with each of the 100 hidden units.",
        "224 · 224 · 3 · 100. Python knows.",
    ),
)

SWEEPS = Number(
    key="04.sweeps",
    answer=lambda: 1.0,
    tolerance=COUNT,
    because="A backward sweep visits every node once and leaves a gradient at each of them.",
    mistakes=(
        Mistake(
            WEIGHTS.answer,
            "That is a sweep for each weight. But a sweep passes every node on its way, and all "
            "of them keep their gradient.",
        ),
        Mistake(
            lambda: float(HEIGHT * WIDTH * COLOURS),
            "That is a sweep for each input of the network. The sweep starts at the loss.",
        ),
        Mistake(
            lambda: float(HIDDEN),
            "That is a sweep for each hidden unit. They all lie on the way of the same sweep.",
        ),
        Mistake(
            lambda: 2.0,
            "That counts both passes, forward and backward. How many of them go back?",
        ),
    ),
    hints=(
        "Where does a backward sweep start, and where does it come by?",
        "In the first lessons there were two inputs. Did each have a sweep of its own?",
        "Count the outputs that a sweep starts from, not the weights.",
    ),
)

ROWS = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
SEED = (10.0, 1.0)


def pulled(first: float, second: float) -> dict[str, float]:
    """seedᵀ · J: the rows of J, each times its entry of the seed, added."""
    mixed = [first * a + second * b for a, b in zip(*ROWS, strict=True)]
    return dict(zip(("x1", "x2", "x3"), mixed, strict=True))


SEEDED = Numbers(
    key="04.seed",
    answer=lambda: pulled(*SEED),
    because="The seed mixes the rows: 10 times the first and once the second, in one sweep.",
    mistakes=(
        Mistake(
            lambda: pulled(1.0, 1.0),
            "That is the seed (1, 1), which adds the rows as they are.",
        ),
        Mistake(
            lambda: pulled(SEED[1], SEED[0]),
            "The seed is turned round: its first entry belongs to z1, the first row.",
        ),
        Mistake(
            lambda: pulled(SEED[0], 0.0),
            "The second row is missing. z2 has a seed too.",
        ),
        Mistake(
            lambda: pulled(0.0, SEED[1]),
            "Only the second row is left: it has overwritten the first. Contributions are added.",
        ),
        Mistake(
            lambda: pulled(SEED[0] / 11, SEED[1] / 11),
            "That is the mean, weighted by the seed. Contributions are added, not averaged.",
        ),
    ),
    hints=(
        "z1 receives 10 and z2 receives 1. What does each send on to x1?",
        "x1 receives seed times local gradient from both: 10·1 from z1, 1·4 from z2. Add them.",
        "10 times the row (1, 2, 3), plus the row (4, 5, 6).",
    ),
)

INPUTS, OUTPUTS = 3.0, 1000.0


def passes(forward: float, reverse: float) -> dict[str, float]:
    return {"forward": forward, "reverse": reverse}


JACOBIAN = Numbers(
    key="04.jacobian",
    answer=lambda: passes(INPUTS, OUTPUTS),
    tolerance=COUNT,
    because="Forward mode fills a column for each input, reverse mode a row for each output.",
    mistakes=(
        Mistake(
            lambda: passes(OUTPUTS, INPUTS),
            "Forward mode starts at an input, reverse mode at an output. Which of the two numbers "
            "counts the inputs, which the outputs?",
        ),
        Mistake(
            lambda: passes(INPUTS, 1.0),
            "One sweep back is enough for one output. Here there are many, and a sweep for each.",
        ),
        Mistake(
            lambda: passes(1.0, 1.0),
            "One pass gives one column or one row, not the whole Jacobian.",
        ),
        Mistake(
            lambda: passes(INPUTS * OUTPUTS, INPUTS * OUTPUTS),
            "That is a pass for each entry. A pass fills a whole column or a whole row.",
        ),
        Mistake(
            lambda: passes(INPUTS + 1, OUTPUTS + 1),
            "That counts one run more, as differences need it. A pass or a sweep needs no value "
            "to compare with.",
        ),
    ),
    hints=(
        "Which of the two starts at an input, which at an output?",
        "A pass in forward mode moves one input, and tells how all outputs move.",
        "Forward mode needs as many passes as inputs, reverse mode as many sweeps as outputs.",
    ),
)

TANGENT = Function(
    key="04.tangent_rule",
    name="multiply_forward",
    arguments=("x", "y", "dx", "dy"),
    results=("z", "dz"),
    answer=lambda x, y, dx, dy: (x * y, dx * y + x * dy),
    because="z moves because x moves, and because y moves. The two are added.",
    mistakes=(
        Mistake(
            lambda x, y, dx, dy: (x * y, dx * dy),
            "z is right. dz multiplies the two tangents; the derivative of a product is no "
            "product of derivatives.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, x * dx + y * dy),
            "z is right. In dz each tangent meets its own value. The product is a switcher.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, dx * y - x * dy),
            "z is right. In dz a minus stands for the plus: the two movements are added.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, dx * y),
            "z is right. dz is moved by x alone; y moves too.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, x * dy),
            "z is right. dz is moved by y alone; x moves too.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, x + y),
            "z is right. dz adds the local gradients. Each belongs with a tangent, dx or dy.",
        ),
        Mistake(
            lambda x, y, dx, dy: (x * y, dx + dy),
            "z is right. dz is the rule of a sum: there the local gradients are 1.",
        ),
        Mistake(
            lambda x, y, dx, dy: (dx * y + x * dy, x * y),
            "Both are right and in the wrong place. Return the value first, then the tangent.",
        ),
    ),
    hints=(
        "Move x by dx and leave y where it is. How far does z move? Now the other way round.",
        "Each tangent is multiplied by its local gradient: y for dx, x for dy.",
        "The last line is: return x * y, dx * y + x * dy",
    ),
)

NEITHER = Choice(
    key="04.quiz.1",
    prompt="What is automatic differentiation?",
    options=(
        Option(
            "Differences with a very small h.",
            "No h appears in any rule. Differences are numeric differentiation.",
        ),
        Option(
            "It writes down the formula of the derivative and puts the numbers in.",
            "That is symbolic. A loop that runs until it is done has no formula before it has run.",
        ),
        Option(
            "It applies an exact rule to the numbers of each operation.",
            "The rules are as exact as formulas, and they are applied to numbers, one by one.",
        ),
        Option(
            "A name for training a network.",
            "Training uses gradients. How they are computed is another question.",
        ),
    ),
    right="c",
    hints=(
        "Look for h in the rules of the gates. Look for a formula of the whole function.",
        "The backward pass multiplied numbers, by local gradients known exactly.",
        "It shares exact rules with one method, and working on numbers with the other.",
    ),
)

SMALLER = Choice(
    key="04.quiz.2",
    prompt="A forward difference of exp with h = 1e-8 is good. Why is h = 1e-15 bad?",
    options=(
        Option(
            "It is not: a smaller h is always better.",
            "That holds for exact numbers. Run the cell with h = 1e-15 once more.",
        ),
        Option(
            "The curve bends more over a short distance.",
            "Over a short distance it bends less. That part of the error does get smaller.",
        ),
        Option(
            "The division by h is slow.",
            "It takes as long as any other division. It is the result that is wrong.",
        ),
        Option(
            "The two values agree in almost all digits, and rounding is what is left.",
            "The subtraction leaves the last digits, which are rounded; / h makes that error big.",
        ),
    ),
    right="d",
    hints=(
        "How many digits does a float hold?",
        "What is left when two numbers that agree in 15 digits are subtracted?",
        "The last digits are rounded. Dividing by 1e-15 makes their error 1e15 times as large.",
    ),
)

CHEAPER = Choice(
    key="04.quiz.3",
    prompt="A function has two inputs and a million outputs. You want its whole Jacobian. How?",
    options=(
        Option("In forward mode, two passes.", "One pass for each input fills a whole column."),
        Option(
            "In reverse mode, one sweep.",
            "One sweep gives one row, or one mixture of rows. There are a million rows.",
        ),
        Option(
            "In reverse mode, two sweeps.",
            "Reverse mode counts the outputs, not the inputs.",
        ),
        Option(
            "By nudges: they always take fewest runs.",
            "Two nudges and one run without: more runs than forward mode, and an error besides.",
        ),
    ),
    right="a",
    hints=(
        "Is the Jacobian tall or wide?",
        "A million rows, two columns. Which mode fills a column in one pass?",
        "Start where there are few: at the inputs.",
    ),
)

FOUR_WAYS = (
    RUNS, BEST, WEIGHTS, SWEEPS, SEEDED, SLOPES, TANGENT, JACOBIAN, NEITHER, SMALLER, CHEAPER,
)  # fmt: skip
