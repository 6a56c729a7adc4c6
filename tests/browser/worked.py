"""The worked example as a notebook, and how its picture is compared with Python's."""

from typing import TYPE_CHECKING

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

import autograd_lite as ag

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CODE = """\
import numpy as np
import autograd_lite as ag
x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
v2 = x1 * x2
v3 = np.sin(x1)
y = v2 + v3
"""
STEPS = 9

SERIALIZED = "svg => new XMLSerializer().serializeToString(svg)"
NORMALIZED = """text => new XMLSerializer().serializeToString(
    new DOMParser().parseFromString(text, 'image/svg+xml').documentElement)"""
MARK = "root => root.querySelectorAll('svg *').forEach((element, i) => { element.mark = i; })"
MARKED = """root => [...root.querySelectorAll('svg *')].every((element, i) => element.mark === i)"""


def python_stepper() -> ag.Stepper:
    x1, x2 = ag.Tensor(2.0, name="x1"), ag.Tensor(3.0, name="x2")
    v2 = x1 * x2
    v3 = np.sin(x1)
    return ag.Stepper(v2 + v3)


def notebook(*cells: str) -> NotebookNode:
    sources = [CODE, *cells]
    return new_notebook(cells=[new_code_cell(s, id=f"c{i}") for i, s in enumerate(sources)])


def assert_same_picture(page: "Page", stepper: "Locator", expected: str) -> None:
    live = stepper.locator("svg.ag-svg").evaluate(SERIALIZED)
    assert live == page.evaluate(NORMALIZED, expected)
