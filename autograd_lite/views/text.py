"""Steps in words: a sentence for each, and all of them as a table."""

from html import escape

from ..steps import Step
from .equation import equations
from .number import format_value
from .trace import Trace, is_bare_number

HEAD = ("step", "phase", "node", "what happens")
FEW = 8  # nodes, up to which a sentence tells each
LONG = 60  # a longer table shows its beginning and its end


def gate_rule(step: Step) -> str:
    """What kind of gate acts in this step, and what it does: "× is a switcher: …"."""
    if step.scope is not None:
        inside = [inner.node.operation for inner in step.inner if inner.node.operation is not None]
        gates = ", ".join(one.symbol or type(one).__name__ for one in inside)
        return f"{step.scope.name} in one step: {gates}."
    operation = step.node.operation
    if operation is None or step.phase == "seed" or not operation.rule:
        return ""
    name = operation.symbol or type(operation).__name__
    rule = operation.rule
    return (
        f"{name} is a {operation.nickname}: {rule}." if operation.nickname else f"{name}: {rule}."
    )


def sentence(trace: Trace, step: Step) -> str:
    """One line that says the step aloud, for the screen reader and the table."""
    return f"Step {step.index + 1} of {len(trace.steps)}, {step.phase}: {happening(trace, step)}"


def happening(trace: Trace, step: Step) -> str:
    return "; ".join(equation.text for equation in equations(trace, step))


def rows(trace: Trace, upto: int | None = None) -> list[tuple[str, str, str, str]]:
    """The trace up to a step as rows of text: number, phase, node, what happens.

    A long trace shows its beginning and its end, and between them how many steps it leaves out.
    """
    steps = trace.steps[: None if upto is None else upto + 1]
    if len(steps) <= LONG:
        return [_row(trace, step) for step in steps]
    begin, end = steps[: LONG // 2], steps[-LONG // 2 :]
    gap = ("…", "…", "…", f"{len(steps) - len(begin) - len(end):,} steps are left out here")
    return [*(_row(trace, step) for step in begin), gap, *(_row(trace, step) for step in end)]


def _row(trace: Trace, step: Step) -> tuple[str, str, str, str]:
    name = trace.scope_label(step.scope) if step.scope else trace.name(step.node).text
    return str(step.index + 1), step.phase, name, happening(trace, step)


def text_table(trace: Trace, upto: int | None = None) -> str:
    """The trace up to a step as a plain table, in columns."""
    table = [HEAD, *rows(trace, upto)]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    return "\n".join(
        "  ".join(
            [row[0].rjust(widths[0]), row[1].ljust(widths[1]), row[2].ljust(widths[2]), row[3]]
        )
        for row in table
    )


def html_table(trace: Trace, upto: int | None = None) -> str:
    """The trace up to a step as an HTML table; every text is escaped."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows(trace, upto)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def describe(trace: Trace) -> str:
    """The whole picture in one sentence, as alternative text."""
    graph = trace.graph
    count = sum(node.operation is not None for node in graph.nodes)
    variables = [
        trace.name(node).text
        for node in graph.nodes
        if node.requires_grad and node.operation is None
    ]
    more = ", …" if len(variables) > 8 else ""
    of = f" as a function of {', '.join(variables[:8])}{more}" if variables else ""
    operations = f"{count:,} operation{'' if count == 1 else 's'}"
    return f"Computation graph: {graph.top}{of} in {operations}."


def results(trace: Trace) -> str:
    """The values and the gradients that a finished picture shows; of many, the ends alone."""
    gradients = trace.final_gradients()
    output = trace.graph.output
    nodes = [node for node in trace.graph.nodes if node is output or not is_bare_number(node)]
    rest = ""
    if len(nodes) > FEW:
        variables = [node for node in nodes if node.operation is None and node.requires_grad]
        nodes = [output, *variables[: FEW - 1]]
        rest = f" Every other value{' and gradient' if gradients else ''} is shown too."
    told = []
    for node in nodes:
        told.append(f"{trace.label(node)} is {format_value(node._data)}")
        if node in gradients:
            told[-1] += f", gradient {format_value(gradients[node])}"
    return f"{'; '.join(told)}.{rest}"
