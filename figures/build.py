"""Write every figure of the course: `python figures/build.py`, or `--check` to compare only.

README.md beside them lists them all: what each shows, in the words of the lesson that shows it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

import autograd_lite as ag
from autograd_lite.lessons import (
    backward_order,
    network_231,
    network_graph,
    softmax_cross_entropy,
)
from autograd_lite.lessons.own_rules import MultiplyLayer
from autograd_lite.lessons.small_network import A, B
from autograd_lite.views import Picture

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parent / "notebooks" / "sources"
SVG = "http://www.w3.org/2000/svg"
ET.register_namespace("", SVG)
LINE = 26.0  # pixels of an equation below a picture


class Explained:
    """A picture with the equations of its last step below it."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture

    def svg(self) -> str:
        drawing = ET.fromstring(self.picture.svg())
        width, top = float(drawing.attrib["width"]), float(drawing.attrib["height"])
        equations = self.picture.equations()
        height = f"{top + LINE * len(equations):g}"
        drawing.attrib |= {"height": height, "viewBox": f"0 0 {width:g} {height}"}
        for paper in drawing.iterfind("{*}rect[@class='ag-paper']"):
            paper.set("height", height)
        for number, equation in enumerate(equations):
            place = {"x": f"{width / 2:g}", "y": f"{top + LINE * (number + 0.4):g}"}
            style = {"style": "text-anchor: middle; font-size: 13px"}
            ET.SubElement(drawing, f"{{{SVG}}}text", place | style).text = equation.text
        return ET.tostring(drawing, encoding="unicode")


def node() -> Explained:
    """A node with its gradients: what arrives, the local gradients, and what goes on."""
    return Explained(gate(ag.multiply, 2.0, 3.0))


def two_passes(step: int | None = None) -> Picture:
    """The graph of lesson 01, an edge at a time."""
    x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
    v2 = x1 * x2
    v3 = np.sin(x1)
    return ag.draw(v2 + v3, step, granularity="edge")


def gate(function: Callable[..., ag.Tensor], *inputs: float) -> Picture:
    """One gate z with an upstream gradient of 0.5."""
    z = function(*(ag.Tensor(value, name=name) for value, name in zip(inputs, "xy", strict=False)))
    z.name = "z"
    return ag.draw(z, gradient=0.5)


def scaler() -> Picture:
    """A multiplication by a constant, with an upstream gradient of 0.5."""
    z = 5 * ag.Tensor(2.0, name="x")
    z.name = "z"
    return ag.draw(z, gradient=0.5)


def small_network() -> Picture:
    """The network of lesson 02."""
    a, b = ag.Tensor(A, name="a"), ag.Tensor(B, name="b")
    p = a * b
    s = p + a
    m = ag.maximum(s, b)
    loss = ag.sigmoid(m)
    p.name, s.name, m.name, loss.name = "p", "s", "m", "L"
    return ag.draw(loss)


def start_here() -> Picture:
    """The first graph that a learner sees."""
    return ag.draw(ag.Tensor(2.0, name="a") * ag.Tensor(-3.0, name="b"))


def series() -> Picture:
    """Three operations in a row, of lesson 03."""
    x = ag.Tensor(2.0, name="x")
    u = x**2
    v = 1 / u
    loss = 8 * v
    u.name, v.name, loss.name = "u", "v", "L"
    return ag.draw(loss)


def one_path() -> Picture:
    """The path of lesson 03 that a wrong order loses."""
    return ag.paths(*backward_order.record())[2].picture()


def difference() -> Picture:
    """The forward difference of exp at 1 as a graph, of lesson 04."""
    exponent = ag.Tensor(-4.0, name="exponent")
    h = 10.0**exponent
    slope = (np.exp(1 + h) - np.e) / h
    h.name, slope.name = "h", "slope"
    return ag.draw(slope, step=5)


def composition() -> Picture:
    """y·sin(y) in place of y, three times: the graph stays small, of lesson 04."""
    y = ag.Tensor(0.5, name="x")
    for _ in range(3):
        y = y * np.sin(y)
    return ag.draw(y, step=6)


def own_multiply() -> Picture:
    """The operation of lesson 05 that keeps its inputs itself."""
    z = MultiplyLayer()(ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="y"))
    z.name = "z"
    return ag.draw(z, gradient=0.5)


def training_step() -> Picture:
    """The graph of one training step of lesson 08: network and loss closed."""
    rng = np.random.default_rng(0)
    model = ag.nn.Sequential(
        hidden=ag.nn.Linear(2, 3, rng=rng), squash=ag.nn.Sigmoid(), out=ag.nn.Linear(3, 1, rng=rng)
    )
    model.name = "network"
    x = ag.Tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], requires_grad=False, name="x")
    t = ag.Tensor([[0.0], [1.0], [1.0], [0.0]], requires_grad=False, name="t")
    loss = ag.nn.MSELoss()(model(x), t)
    loss.name = "J"
    return ag.draw(loss, closed=["network", "MSELoss"])


def sigmoid_chain() -> Picture:
    """Four sigmoids in a row, of lesson 09."""
    a = ag.Tensor(0.0, name="x")
    for number in range(1, 5):
        a = ag.sigmoid(a)
        a.name = f"a{number}"
    return ag.draw(a, step=9)


def sigmoid_layers() -> Picture:
    """Three closed layers of sigmoids, of lesson 09."""
    rng = np.random.default_rng(0)
    a = ag.Tensor(rng.normal(size=(4, 3)), requires_grad=False, name="X")
    names = ["layer 1", "layer 2", "layer 3"]
    for number, name in enumerate(names, start=1):
        weights = ag.Tensor(rng.normal(size=(3, 3)) / 3**0.5, name=f"W{number}")
        with ag.scope(name):
            a = ag.sigmoid(a @ weights)
    loss = a.mean()
    loss.name = "L"
    return ag.draw(loss, step=18, closed=names)


def layer(closed: list[str]) -> Picture:
    """The linear layer of lesson 10."""
    x = np.array([[0.5, -1.0], [2.0, 0.0], [1.0, 1.0], [-1.5, 0.5]])
    y = ag.nn.Linear(2, 3, rng=0)(x).mean()
    y.name = "y"
    return ag.draw(y, closed=closed)


def wasteful() -> Picture:
    """The function of lesson 11, before the passes of the compiler."""
    x = ag.Tensor([1.0, 2.0, 3.0], name="x")
    w = ag.Tensor([0.5, -1.0, 2.0], name="w")
    k = ag.Tensor(2.0, requires_grad=False)
    y = ((x + w) * (w + x) * (k * 3.0)).sum()
    y.name = "y"
    return ag.draw(y, step=7)


def seed() -> Picture:
    """Two outputs with the seed (1, 10), of lesson 12."""
    x1, x2 = ag.Tensor(3.0, name="x1"), ag.Tensor(2.0, name="x2")
    z1 = x1 * x2
    z2 = x1 * x1 + x2
    z = ag.stack([z1, z2])
    z1.name, z2.name, z.name = "z1", "z2", "z"
    return ag.draw(z, gradient=[1.0, 10.0])


def gradient_graph() -> Picture:
    """The gradient of x·sin x as a graph, differentiated again, of lesson 12."""
    x = ag.Tensor(2.0, name="x")
    (x * np.sin(x)).backward(create_graph=True)
    gradient = x.grad
    gradient.name = "g"
    return ag.draw(gradient)


def network() -> Picture:
    """The whole graph of lesson 06."""
    corners, wanted = network_graph.CORNERS, network_graph.EXCLUSIVE
    return ag.draw(network_graph.record(corners, wanted, *network_graph.parameters(5))["J"])


def network_cost() -> Picture:
    """The first step back of lesson 06."""
    z3, y = ag.Tensor(network_231.Z3, name="z3"), ag.Tensor(network_231.Y, name="y")
    d = z3 - y
    cost = d**2
    d.name, cost.name = "d", "J"
    return ag.draw(cost)


def network_sigmoid() -> Picture:
    """Any step back of lesson 06."""
    a = ag.sigmoid(ag.Tensor(network_231.Z2, name="z2"))
    a.name = "a2"
    return ag.draw(a, gradient=network_231.UPSTREAM)


FIGURES: dict[str, Callable[[], Picture | Explained]] = {
    "start_here": start_here,
    "two_passes_forward": lambda: two_passes(4),
    "two_passes_fork": lambda: two_passes(8),
    "two_passes": two_passes,
    "node": node,
    "gate_add": lambda: gate(ag.add, 2.0, 3.0),
    "gate_scale": scaler,
    "gate_multiply": lambda: gate(ag.multiply, 2.0, 3.0),
    "gate_max": lambda: gate(ag.maximum, 2.0, 3.0),
    "gate_sigmoid": lambda: gate(ag.sigmoid, 1.0),
    "gate_copy": lambda: gate(lambda x: x + x, 2.0),
    "small_network": small_network,
    "series": series,
    "fan_out": lambda: ag.draw(backward_order.record_fan()[0]),
    "one_path": one_path,
    "difference": difference,
    "composition": composition,
    "own_multiply": own_multiply,
    "network_231": network,
    "network_231_cost": network_cost,
    "network_231_sigmoid": network_sigmoid,
    "softmax": lambda: ag.draw(softmax_cross_entropy.record(), closed=["loss"]),
    "softmax_batch": lambda: ag.draw(
        softmax_cross_entropy.record_batch(), closed=["softmax", "loss"]
    ),
    "training_step": training_step,
    "sigmoid_chain": sigmoid_chain,
    "sigmoid_layers": sigmoid_layers,
    "layer_closed": lambda: layer(["Linear"]),
    "layer_open": lambda: layer([]),
    "wasteful": wasteful,
    "seed": seed,
    "gradient_graph": gradient_graph,
}


def shown(name: str) -> dict[str, str]:
    """The lessons that show a figure, and what they say that it shows."""
    picture = re.compile(rf"!\[([^]]+)]\(\.\./figures/{name}\.svg\)")
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SOURCES.glob("*.md"))}
    return {stem: found[1] for stem, text in texts.items() if (found := picture.search(text))}


def listing() -> str:
    """Every figure, what it shows, and where. The alt text stands there as text."""
    parts = [
        "# Figures",
        "`python figures/build.py` draws them from graphs of the package, and writes this list. "
        "The text below a figure is the alt text that its lesson gives it.",
    ]
    for name in FIGURES:
        lessons = shown(name)
        if not lessons:
            raise SystemExit(f"figures/{name}.svg is shown by no lesson")
        links = ", ".join(f"[{stem[:2]}](../notebooks/{stem}.ipynb)" for stem in lessons)
        picture, text = f'<img src="{name}.svg" alt="">', next(iter(lessons.values()))
        parts += [f"## {name}.svg", picture, f"{text}.", f"Lesson {links}"]
    return "\n\n".join(parts) + "\n"


def main(check: bool) -> int:
    drawn = {f"{name}.svg": figure().svg() + "\n" for name, figure in FIGURES.items()}
    there = {path.name for path in HERE.glob("*.svg")}
    unknown = sorted(there - drawn.keys())
    if unknown:
        print(f"figures/{unknown[0]} is drawn by nothing: delete it, or add it to figures/build.py")
        return 1
    drawn["README.md"] = listing()
    different = [
        name
        for name, text in drawn.items()
        if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != text
    ]
    for name in different:
        if not check:
            (HERE / name).write_text(drawn[name], encoding="utf-8", newline="\n")
        print(f"figures/{name} {'is not up to date' if check else 'written'}")
    return int(check and bool(different))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
