"""What the README promises: its example runs, its two commands and its links are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(compile(code, "README.md", "exec"), names)
    assert capsys.readouterr().out == "2.5839 2.0000\n"
    assert "−0.4161" in (tmp_path / "y.svg").read_text(encoding="utf-8")


def test_there_are_two_commands_and_their_files() -> None:
    commands = re.findall(r"```\n(.*?)\n```", README)
    assert commands == [
        "pip install -r requirements.txt && python -m autograd_lite.lessons",
        "pip install -r requirements-dev.txt && pytest",
    ]
    assert (ROOT / "requirements.txt").exists()
    assert (ROOT / "requirements-dev.txt").exists()


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_recorded_function_is_named() -> None:
    from autograd_lite.ops import TABLE

    for entry in TABLE:
        assert entry.operator is not None or re.search(rf"\b{entry.name}\b", README), entry.name


def test_the_tables_of_speed_are_those_of_the_command() -> None:
    from benchmarks import digits, network, sin

    assert "`python -m benchmarks`" in README
    for row in (sin.ROW, network.ROW, digits.row("float32"), digits.row("float64")):
        table = README.partition(f"**{row.title}**")[2].partition("**")[0]
        for name in row.contenders:
            assert f"\n| {name} " in table or f"\n- {name}: " in table, (row.name, name)
