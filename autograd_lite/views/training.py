"""A small network in training as three panels: parameters, values, and charts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from .blocks import Block, block_frame, block_rows, draw_block, write_key
from .chart import Ground, curve_frame, draw_curve
from .frames import Frame
from .number import format_number
from .panel import Still, new_panel, write
from .surface import draw_legend, draw_surface, surface_frame

WIDTH, HEIGHT = 344, 374
BOTH = ("value", "grad")
PARAMETERS = (
    Block("W1", "W¹", (2, 3), 6, 6, BOTH),
    Block("b1", "b¹", (1, 3), 6, 116, BOTH),
    Block("W2", "W²", (3, 1), 6, 192, BOTH),
    Block("b2", "b²", (1, 1), 192, 192, BOTH),
)
LOSS = Ground(54, 34, 276, 76)
SURFACE = Ground(54, 176, 174, 174)


@dataclass
class Scene:
    """What is shown. `changed` maps a block to the lines that the last button changed."""

    parameters: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray | None]
    values: Mapping[str, np.ndarray]
    points: Sequence[tuple[float, float]]
    predict: Callable[[np.ndarray], np.ndarray]
    stale: bool = False
    changed: Mapping[str, Sequence[str]] = field(default_factory=dict)


class TrainingView:
    """The panels for examples x (n, 2) with targets t (n, 1), and what frames put into them."""

    def __init__(self, x: np.ndarray, t: np.ndarray) -> None:
        rows = len(x)
        tall = 30 + 17 * rows
        self.values = (
            Block("z2", "z² = X·W¹ + b¹", (rows, 3), 6, 6, numbered=True),
            Block("a2", "a² = f(z²)", (rows, 3), 6, 14 + tall, numbered=True),
            Block("Y", "Ŷ", (rows, 1), 6, 22 + 2 * tall, numbered=True),
            Block("J", "J", (1, 1), 192, 22 + 2 * tall),
        )
        self.panels = [
            draw_blocks(PARAMETERS), draw_blocks(self.values), draw_charts(x, t.ravel())
        ]  # fmt: skip
        write_key(self.panels[0], 202, 288)

    def frames(self, scene: Scene) -> list[Frame]:
        """What stands in each panel."""
        return [self._parameters(scene), self._values(scene), _charts(scene)]

    def still(self, scene: Scene, said: str) -> Still:
        rows = [
            row
            for block, numbers in self._numbers(scene)
            for row in block_rows(block, numbers)
        ]  # fmt: skip
        alt = f"A network of 2 inputs, 3 hidden units and 1 output in training. {said}"
        return Still(self.panels, self.frames(scene), alt, ("name", "value", "gradient"), rows)

    def _numbers(self, scene: Scene) -> list[tuple[Block, dict[str, Any]]]:
        parameters = [
            (block, {"value": scene.parameters[block.key], "grad": scene.gradients[block.key]})
            for block in PARAMETERS
        ]
        values = [(block, {"value": scene.values.get(block.key)}) for block in self.values]
        return [*parameters, *values]

    def _parameters(self, scene: Scene) -> Frame:
        frame = {"svg@aria-label": "The parameters, each with its gradient below."}
        for block, numbers in self._numbers(scene)[: len(PARAMETERS)]:
            changed = scene.changed.get(block.key, ())
            status = ""
            if changed:
                gone = "grad" in changed and numbers["grad"] is None
                status = {"value": "moved", "grad": "∇ added to"}.get("".join(changed), "changed")
                status = "∇ emptied" if gone and "value" not in changed else status
            frame |= block_frame(block, numbers, changed, status)
        return frame

    def _values(self, scene: Scene) -> Frame:
        frame = {"svg@aria-label": "The values of the last forward pass."}
        for block, numbers in self._numbers(scene)[len(PARAMETERS) :]:
            changed = scene.changed.get(block.key, ())
            status = "out of date" if scene.stale else "computed" if changed else ""
            if not scene.values and changed:
                status = "emptied"
            frame |= block_frame(block, numbers, changed, status, scene.stale)
        return frame


def draw_blocks(blocks: Sequence[Block]) -> ET.Element:
    bottom = max(block.y + block.height for block in blocks)
    svg = new_panel(WIDTH, int(bottom) + 14)
    for block in blocks:
        draw_block(svg, block)
    return svg


def draw_charts(x: np.ndarray, t: np.ndarray) -> ET.Element:
    """The loss over the steps, and what the network answers everywhere."""
    svg = new_panel(WIDTH, HEIGHT)
    draw_curve(svg, "loss", LOSS, "Loss J", "steps taken")
    write(svg, "Ŷ by the parameters as they are", 10, 166, "ag-title")
    draw_surface(svg, SURFACE, x, t)
    draw_legend(svg, 250, 188)
    return svg


def _charts(scene: Scene) -> Frame:
    last = f"the last is {format_number(scene.points[-1][1])}" if scene.points else "none yet"
    label = f"The loss over the steps taken, {last}; and the answer Ŷ for each x."
    return {
        "svg@aria-label": label,
        **curve_frame("loss", LOSS, scene.points),
        **surface_frame(SURFACE, scene.predict),
    }
