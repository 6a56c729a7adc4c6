"""The progress file survives what happens to files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd_lite import lessons
from autograd_lite.lessons import record

Captured = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]


def kept(path: Path) -> object:
    return json.loads(path.read_text(encoding="utf-8"))


def test_checks_are_kept(progress_file: Path) -> None:
    lessons.check("01.fork", 3)
    lessons.check("02.max", {"x": 0, "y": 0.7})
    lessons.check("01.own", None)
    assert kept(progress_file) == {"01.fork": "tried", "02.max": "right"}
    assert record.load() == ({"01.fork": "tried", "02.max": "right"}, "")


def test_right_is_never_turned_back(progress_file: Path) -> None:
    for answer in (3, 2.5839, 3, "text"):
        lessons.check("01.fork", answer)
    assert kept(progress_file) == {"01.fork": "right"}


def test_entries_of_another_version_are_kept(progress_file: Path) -> None:
    progress_file.parent.mkdir()
    progress_file.write_text('{"12.later": "admired"}', encoding="utf-8")
    lessons.check("00.ready", 4)
    assert kept(progress_file) == {"12.later": "admired", "00.ready": "right"}


@pytest.mark.parametrize("off", ["off", "OFF", " off "])
def test_off_writes_nothing(off: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", off)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *a, **k: str(tmp_path))
    monkeypatch.chdir(tmp_path)
    lessons.check("00.ready", 4)
    lessons.progress()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("unset", [None, "", " "])
def test_the_usual_place_is_the_users_data_folder(
    unset: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if unset is None:
        monkeypatch.delenv("AUTOGRAD_LITE_PROGRESS")
    else:
        monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", unset)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, **k: str(tmp_path / name))
    lessons.check("00.ready", 4)
    assert kept(tmp_path / "autograd_lite" / "progress.json") == {"00.ready": "right"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"01.fork": 1}', b"\xff\xfe", b"[" * 100_000, b'"words"', b"null"],
    ids=["empty", "half", "list", "number", "no text", "deep", "string", "null"],
)
def test_a_broken_file_is_set_aside(content: bytes, progress_file: Path, capsys: Captured) -> None:
    progress_file.parent.mkdir()
    progress_file.write_bytes(content)
    lessons.check("00.ready", 4)
    out = " ".join(capsys.readouterr().out.split())
    assert "✓ 00.ready: right" in out
    assert "The progress file could not be read. It is kept as" in out
    assert kept(progress_file) == {"00.ready": "right"}
    assert progress_file.with_name("progress.json.broken").read_bytes() == content


def test_a_second_broken_file_leaves_the_first_alone(progress_file: Path) -> None:
    progress_file.parent.mkdir()
    for content in ("first", "second", "third"):
        progress_file.write_text(content, encoding="utf-8")
        lessons.progress()
    aside = sorted(progress_file.parent.glob("*.broken*"))
    assert [path.read_text(encoding="utf-8") for path in aside] == ["first", "second", "third"]


def impossible_places(tmp_path: Path) -> list[Path]:
    file = tmp_path / "file"
    file.write_text("not a folder", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    return [file / "progress.json", folder, Path(".")]


def test_a_place_that_cannot_be_written_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for place in impossible_places(tmp_path):
        monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", str(place))
        lessons.check("00.ready", 4)
        lessons.progress()
        out = capsys.readouterr().out
        assert "✓ 00.ready: right" in out
        assert "Progress could not be kept" in out
    assert (tmp_path / "file").read_text(encoding="utf-8") == "not a folder"


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not read-only on Windows")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_breaks_nothing(progress_file: Path, capsys: Captured) -> None:
    progress_file.parent.mkdir()
    progress_file.write_text('{"01.fork": "right"}', encoding="utf-8")
    progress_file.parent.chmod(0o500)
    try:
        lessons.check("00.ready", 4)
        lessons.progress()
    finally:
        progress_file.parent.chmod(0o700)
    assert "Progress could not be kept" in capsys.readouterr().out
    assert kept(progress_file) == {"01.fork": "right"}


def test_the_complaint_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("AUTOGRAD_LITE_PROGRESS", str(tmp_path))
    lessons.check("00.ready", 4)
    lessons.check("00.ready", 22)
    assert capsys.readouterr().out.count("could not be kept") == 1


def test_a_write_that_fails_leaves_the_old_file_whole(
    progress_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    lessons.check("00.ready", 4)

    def full(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    lessons.check("01.fork", 3)
    assert "Progress could not be kept: No space left on device." in capsys.readouterr().out
    assert kept(progress_file) == {"00.ready": "right"}
    assert not list(progress_file.parent.glob("*.tmp"))


def test_looking_at_progress_writes_nothing(progress_file: Path) -> None:
    lessons.progress()
    assert not progress_file.parent.exists()


def test_notebooks_that_write_at_once_lose_nothing(progress_file: Path) -> None:
    code = (
        "import sys; from autograd_lite.lessons import record; input()\n"
        "for n in range(40): assert record.mark(f'{sys.argv[1]}.{n}', 'tried') == ''"
    )
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdin=subprocess.PIPE, text=True, cwd=ROOT
        )
        for name in "abcd"
    ]
    # All of them wait for a line, so that they start together.
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    states, complaint = record.load()
    assert complaint == ""
    assert set(states) == {f"{name}.{n}" for name in "abcd" for n in range(40)}
