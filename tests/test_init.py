"""The public face: importing it is light, and it shows what it has."""

import subprocess
import sys
from pathlib import Path

import pytest

import autograd_lite as ag

HEAVY = (
    "IPython", "ipywidgets", "anywidget", "matplotlib", "graphviz", "pygraphviz", "jupyter",
    "traitlets", "ipykernel", "notebook", "nbformat",
)  # fmt: skip


def test_importing_it_loads_numpy_and_nothing_heavier() -> None:
    code = "import sys, autograd_lite; print('\\n'.join(sys.modules))"
    root = Path(ag.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stderr == ""
    loaded = run.stdout.split()
    assert "numpy" in loaded
    assert [name for name in loaded if name.startswith(HEAVY)] == []
    ours = {name.split(".")[1] for name in loaded if name.startswith("autograd_lite.")}
    assert ours.isdisjoint({"views", "widgets", "lessons"})


def test_the_engine_is_there() -> None:
    for name in ("Tensor", "Operation", "Elementwise", "ComputationGraph", "Step", "Contribution",
                 "no_grad", "scope", "sin", "relu", "sum"):  # fmt: skip
        assert name in ag.__all__
        assert name in dir(ag)
        assert getattr(ag, name).__doc__


def test_what_loads_later_is_listed() -> None:
    assert {"draw", "Stepper", "TrainingLoop", "GradientFlow", "lessons"} <= set(dir(ag))


def test_a_name_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'autograd_lite' has no attribute 'sine'"):
        ag.sine  # noqa: B018


def test_a_star_import_stays_light() -> None:
    code = (
        "import sys; from autograd_lite import *; Tensor, sin, no_grad; "
        "print('\\n'.join(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(ag.__file__).parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [name for name in run.stdout.split() if name.startswith(HEAVY)] == []


@pytest.mark.parametrize("name", ["draw", "Stepper", "lessons"])
def test_a_missing_package_is_told_with_how_to_install_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(module: str) -> None:
        raise ModuleNotFoundError(name="anywidget")

    monkeypatch.setattr(ag, "import_module", missing)
    monkeypatch.delitem(
        vars(ag), name, raising=False
    )  # it is there when something imported it before
    with pytest.raises(
        ImportError, match=rf"{name} needs anywidget: .*'autograd-lite\[notebooks\]'"
    ):
        getattr(ag, name)
