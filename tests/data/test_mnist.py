"""MNIST from a folder or from a mirror: whole and checked, or a message and no change.

A server on this machine stands for the mirrors, and small files for the big ones.
"""

import gzip
import hashlib
import importlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

import autograd_lite as ag
from autograd_lite.data.mnist import FILES, File, default_folder
from tests.data.idx_files import as_idx, write_idx

module = importlib.import_module("autograd_lite.data.mnist")
loader = importlib.import_module("autograd_lite.data.download")

RNG = np.random.default_rng(0)
ARRAYS = {
    "train-images-idx3-ubyte": RNG.integers(0, 256, (6, 28, 28), dtype=np.uint8),
    "train-labels-idx1-ubyte": np.array([0, 1, 2, 3, 9, 5], np.uint8),
    "t10k-images-idx3-ubyte": RNG.integers(0, 256, (2, 28, 28), dtype=np.uint8),
    "t10k-labels-idx1-ubyte": np.array([7, 8], np.uint8),
}
PACKED = {name: gzip.compress(as_idx(array), mtime=0) for name, array in ARRAYS.items()}
SMALL = tuple(
    File(name, array.shape, len(PACKED[name]), hashlib.sha256(PACKED[name]).hexdigest())
    for name, array in ARRAYS.items()
)
IMAGES = SMALL[0].name


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of six and two examples, and no way to the network."""
    monkeypatch.setattr(module, "FILES", SMALL)
    monkeypatch.setattr(module, "MIRRORS", ())
    monkeypatch.setenv("no_proxy", "*")


class Mirror:
    """Serves what `files` has; a function there answers by itself."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[str] = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                mirror.asked.append(name)
                content = mirror.files.get(name)
                if callable(content):
                    content(self)
                elif content is None:
                    self.send_error(404)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/mnist/"
        Thread(target=partial(self.server.serve_forever, poll_interval=0.01), daemon=True).start()


@pytest.fixture
def mirrors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Mirror]]:
    both = [Mirror(), Mirror()]
    for mirror in both:
        mirror.files = {f"{name}.gz": content for name, content in PACKED.items()}
    monkeypatch.setattr(module, "MIRRORS", tuple(mirror.address for mirror in both))
    yield both
    for mirror in both:
        mirror.server.shutdown()
        mirror.server.server_close()


def fill(folder: Path, ending: str = "") -> None:
    for name, array in ARRAYS.items():
        write_idx(folder / f"{name}{ending}", array)


def assert_right(split: ag.data.Split) -> None:
    for x, name in ((split.x_train, SMALL[0].name), (split.x_test, SMALL[2].name)):
        assert x.dtype == np.float32
        assert x.shape == (len(ARRAYS[name]), 784)
        np.testing.assert_allclose(x.reshape(-1, 28, 28), ARRAYS[name] / 255, rtol=1e-6)
    for t, name in ((split.t_train, SMALL[1].name), (split.t_test, SMALL[3].name)):
        assert t.dtype.kind == "i"
        np.testing.assert_array_equal(t, ARRAYS[name])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


ALL_GZ = sorted(f"{name}.gz" for name in ARRAYS)


# From a folder


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_the_files_of_a_folder_are_read(tmp_path: Path, ending: str) -> None:
    fill(tmp_path, ending)
    assert_right(ag.data.mnist(tmp_path))
    assert_right(ag.data.mnist(str(tmp_path)))


def test_plain_files_and_packed_ones_may_be_mixed(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / IMAGES).unlink()
    write_idx(tmp_path / f"{IMAGES}.gz", ARRAYS[IMAGES])
    assert_right(ag.data.mnist(tmp_path))


def test_missing_files_are_told_with_the_folder_and_the_way_to_get_them(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    with pytest.raises(FileNotFoundError) as caught:
        ag.data.mnist(folder)
    message = str(caught.value)
    assert str(folder) in message
    assert "ag.data.mnist(download=True)" in message
    assert all(name in message for name in ARRAYS)
    assert not folder.exists()
    fill(tmp_path)
    (tmp_path / IMAGES).unlink()
    with pytest.raises(FileNotFoundError, match=rf"\.gz: {IMAGES}\. Write"):
        ag.data.mnist(tmp_path)


def test_the_environment_variable_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist").mkdir()
    fill(tmp_path / "mnist")
    monkeypatch.setenv("AUTOGRAD_LITE_DATA", str(tmp_path))
    assert_right(ag.data.mnist())


def test_without_it_the_folder_is_in_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTOGRAD_LITE_DATA", raising=False)
    assert default_folder().parts[-2:] == ("autograd_lite", "mnist")
    assert default_folder().is_absolute()

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(module, "import_module", missing)
    assert default_folder() == Path.home() / ".autograd_lite" / "mnist"


WRONG = {
    "too few": (
        IMAGES,
        ARRAYS[IMAGES][:5],
        r"shape \(6, 28, 28\), received uint8 of \(5, 28, 28\)",
    ),
    "sizes": (IMAGES, ARRAYS[IMAGES][:, 1:], r"received uint8 of \(6, 27, 28\)"),
    "dtype": (IMAGES, ARRAYS[IMAGES].astype(np.int32), "received int32"),
    "labels for images": (IMAGES, ARRAYS[SMALL[1].name], r"received uint8 of \(6,\)"),
    "a label": (SMALL[3].name, np.array([7, 10], np.uint8), "labels from 0 to 9, received 10"),
}


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize(("name", "array", "message"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_not_mnist_is_named(
    tmp_path: Path, ending: str, name: str, array: np.ndarray, message: str
) -> None:
    fill(tmp_path, ending)
    write_idx(tmp_path / f"{name}{ending}", array)
    with pytest.raises(ValueError, match=rf"{name}{ending}: .*{message}.*Delete it"):
        ag.data.mnist(tmp_path)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, ending: str) -> None:
    fill(tmp_path, ending)
    path = tmp_path / f"{IMAGES}{ending}"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ValueError, match=rf"{IMAGES}{ending}: expected .*Delete it"):
        ag.data.mnist(tmp_path)


# From a mirror


def test_nothing_is_downloaded_unless_asked(tmp_path: Path, mirrors: list[Mirror]) -> None:
    with pytest.raises(FileNotFoundError):
        ag.data.mnist(tmp_path)
    assert mirrors[0].asked == mirrors[1].asked == []


def test_missing_files_are_downloaded_once(
    tmp_path: Path, mirrors: list[Mirror], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert_right(ag.data.mnist(folder, download=True))
    assert names(folder) == ALL_GZ
    assert f"{IMAGES}.gz" in capsys.readouterr().out
    assert_right(ag.data.mnist(folder, download=True))
    assert sorted(mirrors[0].asked) == ALL_GZ
    assert mirrors[1].asked == []
    assert capsys.readouterr().out == ""


def test_what_was_downloaded_has_the_usual_permissions(
    tmp_path: Path, mirrors: list[Mirror]
) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    ag.data.mnist(tmp_path, download=True)
    assert (tmp_path / f"{IMAGES}.gz").stat().st_mode == usual.stat().st_mode


def test_what_is_there_is_not_downloaded(tmp_path: Path, mirrors: list[Mirror]) -> None:
    fill(tmp_path)
    (tmp_path / IMAGES).unlink()
    assert_right(ag.data.mnist(tmp_path, download=True))
    assert mirrors[0].asked == [f"{IMAGES}.gz"]


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Promise a whole file and give half of it."""
    content = PACKED[IMAGES]
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])


def say_nothing(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def talk_nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"good morning\r\n\r\n")


FAILURES: dict[str, tuple[object, str]] = {
    "absent": (None, "HTTP Error 404"),
    "cut off": (hang_up, r"expected [\d,]+ bytes, received|IncompleteRead"),
    "no answer": (say_nothing, "RemoteDisconnected"),
    "no HTTP": (talk_nonsense, "BadStatusLine"),
    "too short": (PACKED[IMAGES][:-1], r"expected [\d,]+ bytes, received [\d,]+"),
    "too long": (PACKED[IMAGES] + b"\0", r"received more than [\d,]+"),
    "another content": (PACKED[IMAGES][:-1] + b"!", r"expected sha256 \w{64}, received \w{64}"),
}


@pytest.mark.parametrize(("failure", "reason"), FAILURES.values(), ids=FAILURES)
def test_when_a_mirror_fails_the_next_is_asked(
    tmp_path: Path, mirrors: list[Mirror], failure: object, reason: str
) -> None:
    mirrors[0].files[f"{IMAGES}.gz"] = failure  # type: ignore[assignment]
    assert_right(ag.data.mnist(tmp_path, download=True))
    assert names(tmp_path) == ALL_GZ
    assert mirrors[1].asked == [f"{IMAGES}.gz"]


@pytest.mark.parametrize(("failure", "reason"), FAILURES.values(), ids=FAILURES)
def test_when_all_fail_each_reason_is_told_and_nothing_is_left(
    tmp_path: Path, mirrors: list[Mirror], failure: object, reason: str
) -> None:
    for mirror in mirrors:
        mirror.files[f"{IMAGES}.gz"] = failure  # type: ignore[assignment]
    with pytest.raises(OSError, match=rf"{IMAGES}\.gz could not be downloaded") as caught:
        ag.data.mnist(tmp_path, download=True)
    for mirror in mirrors:
        assert mirror.address in str(caught.value)
    assert caught.match(reason)
    assert names(tmp_path) == []


def test_an_interrupt_leaves_nothing_half_written(
    tmp_path: Path, mirrors: list[Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting:
        def update(self, chunk: bytes) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(loader.hashlib, "sha256", Interrupting)
    with pytest.raises(KeyboardInterrupt):
        ag.data.mnist(tmp_path, download=True)
    assert names(tmp_path) == []
    assert mirrors[1].asked == []


def test_a_disk_that_fails_leaves_nothing_half_written(
    tmp_path: Path, mirrors: list[Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(loader.os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        ag.data.mnist(tmp_path, download=True)
    assert names(tmp_path) == []


# The real files


def test_the_known_files_are_those_published() -> None:
    """Their lengths unpacked follow from the format."""
    lengths = [4 + 4 * len(file.shape) + int(np.prod(file.shape)) for file in FILES]
    assert lengths == [47_040_016, 60_008, 7_840_016, 10_008]
    assert len({file.sha256 for file in FILES}) == 4
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in FILES)
