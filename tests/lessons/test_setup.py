"""The set-up check says what is wrong and what mends it."""

import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from autograd_lite import lessons
from autograd_lite.lessons import setup

Captured = pytest.CaptureFixture[str]
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
REQUIREMENTS = PROJECT.with_name("requirements.txt")


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine where everything is there; tests take parts away."""
    versions = {**setup.PACKAGES, "pygraphviz": "2.0.4"}
    monkeypatch.setattr(metadata, "version", look_up(versions))
    monkeypatch.setattr(setup, "_pictures", lambda: setup.ENGINES["pygraphviz"])
    return versions


def look_up(versions: dict[str, str]) -> Callable[[str], str]:
    def version(package: str) -> str:
        if package not in versions:
            raise metadata.PackageNotFoundError(package)
        return versions[package]

    return version


def printed(capsys: Captured) -> dict[str, str]:
    lines = capsys.readouterr().out.splitlines()
    return {line[:12].strip(): line[12:] for line in lines}


def test_a_good_machine_prints_the_same_everywhere(
    healthy: dict[str, str], capsys: Captured
) -> None:
    lessons.setup_check()
    first = capsys.readouterr().out
    healthy.update(dict.fromkeys(setup.PACKAGES, "99.10.1rc1"))
    lessons.setup_check()
    assert capsys.readouterr().out == first
    assert first.splitlines() == [
        "Python      ok",
        "numpy       ok",
        "jupyterlab  ok",
        "ipywidgets  ok",
        "anywidget   ok",
        "graphviz    ok",
        "matplotlib  ok",
        "sympy       ok",
        "pictures    ok, Graphviz in this process (pygraphviz)",
        "Everything is ready.",
    ]


def test_what_is_missing_is_named_with_the_mend(healthy: dict[str, str], capsys: Captured) -> None:
    del healthy["anywidget"]
    healthy["ipywidgets"] = "7.8.5"
    lessons.setup_check()
    out = capsys.readouterr().out
    assert "anywidget   missing\n" in out
    assert "ipywidgets  too old: 7.8.5, needed is 8.1.5 or newer\n" in out
    assert '%pip install "ipywidgets>=8.1.5" "anywidget>=0.9.13"\n' in out
    assert "Everything is ready" not in out


def test_an_old_python_is_named(
    healthy: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(setup, "_running_python", lambda: "3.9.18")
    lessons.setup_check()
    out = capsys.readouterr().out
    assert "Python      too old: 3.9.18, needed is 3.11 or newer" in out
    assert "Install Python 3.11 or newer" in out


@pytest.mark.parametrize(
    ("installed", "mend"),
    [(False, '%pip install "pygraphviz'), (True, "apt-get install libglib2.0-0")],
)
def test_plain_pictures_come_with_the_way_to_better_ones(
    installed: bool,
    mend: str,
    healthy: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    if not installed:
        del healthy["pygraphviz"]
    monkeypatch.setattr(setup, "_pictures", lambda: setup.ENGINES["plain"])
    lessons.setup_check()
    out = capsys.readouterr().out
    assert "pictures    ok, a plain layout" in out
    assert mend in out


def test_pictures_that_fail_are_said_and_not_raised(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    layout = pytest.importorskip("autograd_lite.views.layout")

    def broken(*args: object) -> None:
        raise OSError("cannot open shared object file")

    monkeypatch.setattr(layout, "layout", broken)
    lessons.setup_check()
    assert "pictures    not working: OSError: cannot open shared" in capsys.readouterr().out


def test_the_engine_that_draws_is_the_one_that_is_named(capsys: Captured) -> None:
    layout = pytest.importorskip("autograd_lite.views.layout")
    engine = layout.layout({"box": (40.0, 20.0)}, []).engine
    lessons.setup_check()
    assert printed(capsys)["pictures"] == setup.ENGINES[engine]


@pytest.mark.parametrize(
    ("version", "least", "good"),
    [
        ("4.10.0", "4.9", True),
        ("4.0.0rc1", "4.0", True),
        ("3.6.8", "4.0", False),
        ("2", "2.0", True),
        ("8.1.10", "8.1.5", True),
        ("10.0", "4.3", True),
        ("0.20", "0.20.3", False),
    ],
)
def test_versions_are_compared_as_numbers(version: str, least: str, good: bool) -> None:
    assert (setup._judge(version, least) == "ok") is good


@pytest.mark.skipif(not PROJECT.exists(), reason="not a checkout")
def test_the_bounds_are_those_of_the_project() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={setup.PYTHON}"
    extras = project.get("optional-dependencies", {}).values()
    wishes = [*project["dependencies"], *(wish for extra in extras for wish in extra)]
    for package, least in setup.PACKAGES.items():
        for wish in wishes:
            if wish.startswith(f"{package}>="):
                assert wish == f"{package}>={least}"


@pytest.mark.skipif(not PROJECT.exists(), reason="not a checkout")
def test_the_file_of_requirements_installs_what_the_project_asks_for() -> None:
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    wishes = [*project["dependencies"], *project["optional-dependencies"]["notebooks"]]
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    assert {line for line in lines if line[0] not in "#-"} == set(wishes)
