"""Lesson 08: forward, loss, backward, step, and again."""

import math

from .choice import Choice, Option
from .exercise import Mistake
from .numeric import COUNT, Number, Numbers
from .one_more_step import HALVES, LUCK, TOO_FAR
from .training_rules import ADAM, MOMENTUM
from .training_step import FORGOTTEN, LOOP, MOVES, STEP

IMAGES, SIZE, EPOCHS = 1437, 32, 10
BATCHES = math.ceil(IMAGES / SIZE)

UPDATES = Number(
    key="08.updates",
    answer=lambda: float(BATCHES * EPOCHS),
    tolerance=COUNT,
    because="Each batch makes one update, the small one at the end of an epoch too.",
    mistakes=(
        Mistake(
            lambda: float(IMAGES // SIZE * EPOCHS),
            "The images that are left over are lost. They make a batch too, a smaller one.",
        ),
        Mistake(
            lambda: float(IMAGES * EPOCHS // SIZE),
            "That cuts all epochs together into batches. Each epoch is cut by itself.",
        ),
        Mistake(
            lambda: IMAGES / SIZE * EPOCHS,
            "There is no part of a batch. What is left over makes a batch of its own.",
        ),
        Mistake(
            lambda: float(IMAGES * EPOCHS),
            "That is one update for each image. A batch makes one update, whatever its size.",
        ),
        Mistake(
            lambda: float(EPOCHS),
            "That is one update for each epoch, as if all images were one batch.",
        ),
        Mistake(
            lambda: float(BATCHES),
            "That is one epoch. How many are there?",
        ),
        Mistake(
            lambda: float(SIZE * EPOCHS),
            "That counts images of one batch. How many batches are in an epoch?",
        ),
    ),
    hints=(
        "How many batches does one epoch have?",
        "44 batches of 32 are 1408 images. 29 are left over.",
        "44 full batches and a small one, 10 times.",
    ),
)


def factors(mean: float, total: float) -> dict[str, float]:
    return {"mean": mean, "sum": total}


DOUBLE = Numbers(
    key="08.double",
    answer=lambda: factors(1.0, 2.0),
    because="A sum grows with the batch. A mean does not, so one learning rate fits all sizes.",
    mistakes=(
        Mistake(
            lambda: factors(2.0, 2.0),
            "A mean divides by the number of rows, which has grown too.",
        ),
        Mistake(
            lambda: factors(2.0, 1.0),
            "The two are swapped. Which of them divides by the number of rows?",
        ),
        Mistake(
            lambda: factors(1.0, 1.0),
            "A sum has more terms now. Each row brings its part a second time.",
        ),
        Mistake(
            lambda: factors(0.5, 1.0),
            "That divides by the larger number of rows, but does not add the new rows.",
        ),
        Mistake(
            lambda: factors(1.0, 4.0),
            "The sum has as many times more terms as the batch has more rows, and not the square.",
        ),
    ),
    hints=(
        "Each row brings a gradient of its own. What do a sum and a mean do with them?",
        "Let the gradients of two rows be 3 and 5. Their sum is 8, their mean is 4. Now take "
        "3, 5, 3 and 5.",
        "8 becomes 16, and 4 stays 4. By what were they multiplied?",
    ),
)

ONE_LOOP = Choice(
    key="08.quiz.1",
    prompt="Gradient descent, mini-batch and stochastic gradient descent: what differs?",
    options=(
        Option(
            "The way the gradient is computed.",
            "It is the same backward pass, on more rows or on fewer.",
        ),
        Option(
            "How many rows go into one update.",
            "All of them, some, or one. The loop is the same.",
        ),
        Option(
            "Only the last two use backpropagation.",
            "All three need the gradient, and all get it from the backward pass.",
        ),
        Option(
            "The first has no learning rate.",
            "All three take the same step: w − λ·gradient.",
        ),
    ),
    right="b",
    hints=(
        "Look at the function `train`. Which argument was changed?",
        "1437, 32 and 1 were three values of one argument.",
        "It is the size of the batch.",
    ),
)

ONE_BATCH = Choice(
    key="08.quiz.2",
    prompt="The loss of one batch was 0.08, that of the next is 0.15. What has happened?",
    options=(
        Option(
            "The last step made the network worse.",
            "The two numbers come from different rows. They cannot tell.",
        ),
        Option(
            "The learning rate is too large.",
            "Then the loss of all the rows would rise, and stay high. Two batches cannot tell.",
        ),
        Option(
            "The gradients were not zeroed.",
            "That would show over many batches. Two of them cannot tell.",
        ),
        Option(
            "Nothing can be said: these are other rows.",
            "The loss of one batch is a sample. Look at all the rows, or at the validation.",
        ),
    ),
    right="d",
    hints=(
        "Which rows does each of the two numbers speak of?",
        "Remember the lowest and the highest batch loss of one epoch.",
        "One batch is easy, the next is hard.",
    ),
)

SORTED = Choice(
    key="08.quiz.3",
    prompt="The rows are sorted by label, and nobody shuffles. What does each update do?",
    options=(
        Option(
            "It pulls the network towards one label, and away from the ones before.",
            "A batch of nines says: call everything a nine.",
        ),
        Option(
            "The same as always: after an epoch all rows have been seen.",
            "Seen, yes. But the last ones were seen last, and each update forgets a little.",
        ),
        Option(
            "Nothing: the gradients cancel.",
            "The rows of one label agree. It is mixed rows whose gradients partly cancel.",
        ),
        Option(
            "It raises an error.",
            "That would be kind. It runs, and the network is bad.",
        ),
    ),
    right="a",
    hints=(
        "What is in the last batch of the epoch?",
        "In the last batch there are only nines. Which answer lowers its loss?",
        "The loss of a batch of nines falls when every image is called a nine.",
    ),
)

TRAINING_LOOP = (
    STEP, MOVES, FORGOTTEN, LOOP, UPDATES, DOUBLE, MOMENTUM, ADAM, TOO_FAR, HALVES, LUCK,
    ONE_LOOP, ONE_BATCH, SORTED,
)  # fmt: skip
