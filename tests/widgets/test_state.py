"""What is sent to the browser of a step with matrices: plain JSON, the same texts as the views'."""

import json

from autograd_lite import ComputationGraph
from autograd_lite.views.matrices import matrices
from autograd_lite.views.picture import Picture
from autograd_lite.widgets.state import trace_as_json
from tests.views.test_array_symbol import network


def test_each_equation_is_sent_with_its_shapes_and_matrices() -> None:
    picture = Picture(ComputationGraph(network()), "node", None, None)
    sent = json.loads(json.dumps(trace_as_json(picture)))
    trace = picture.trace
    for step, told in zip(trace.steps, sent["steps"], strict=True):
        expected = [[one._asdict() for one in tables] for tables in matrices(trace, step)]
        assert told["matrices"] == json.loads(json.dumps(expected))
        assert len(told["equations"]) == len(told["matrices"])
    (weights,) = [
        one for told in sent["steps"] for one in told["equations"] if one["left"] == "∂J/∂W1"
    ]
    assert weights["shapes"] == "(2, 4) @ (4, 3) → (2, 3)"
