"""What a Quiz answers without Python: the numbers that are shown, one by one or all together."""

from typing import Any

from .columns import pack

MOST = 64  # sets of shown numbers; beyond them only all together
MISSED = "This page cannot judge an answer: Show tells the number, and the live lesson the mistake."


def record_shows(quiz: Any) -> dict[str, Any]:
    """Every set of shown numbers and what the quiz then tells. The quiz stays as it is."""
    labels = list(quiz._asked)
    every = frozenset(labels)
    places: dict[frozenset[str], int] = {frozenset(quiz._shown): 0, every: 1}
    ways: list[dict[str, int]] = []
    for shown in (order := list(places)):  # it grows
        way = {"show": 1}
        for label in labels:
            more = shown | {label}
            if more not in places and len(places) < MOST:
                places[more] = len(places)
                order.append(more)
            if more in places:
                way[f"show {label}"] = places[more]
        ways.append(way)
    kept, verdicts, trace = set(quiz._shown), dict(quiz._verdicts), quiz._trace
    scenes = []
    for shown in order:
        quiz._shown, quiz._verdicts = set(shown), dict.fromkeys(labels, "")
        quiz._tell([label for label in labels if label in shown])
        scenes.append(quiz._trace)
    quiz._shown, quiz._verdicts = kept, verdicts
    quiz._tell([])  # the picture as it was
    quiz._trace = trace
    return {
        "ways": ways, "start": 0, "starts": [], "settings": {}, "missed": MISSED,
        **pack([{"_trace": scene} for scene in scenes]),
    }  # fmt: skip
