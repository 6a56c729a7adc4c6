"""MNIST: 70,000 handwritten digits of 28×28 pixels, in four files that are not in the package."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .idx import read_idx
from .split import Split

VARIABLE = "AUTOGRAD_LITE_DATA"
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)


class File(NamedTuple):
    """One of the four: its name without .gz, the shape inside, and the .gz file as published."""

    name: str
    shape: tuple[int, ...]
    size: int
    sha256: str


FILES = (
    File(
        "train-images-idx3-ubyte", (60_000, 28, 28), 9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    File(
        "train-labels-idx1-ubyte", (60_000,), 28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    File(
        "t10k-images-idx3-ubyte", (10_000, 28, 28), 1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    File(
        "t10k-labels-idx1-ubyte", (10_000,), 4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)  # fmt: skip


def mnist(folder: Any = None, download: bool = False) -> Split:
    """60,000 digits to learn from and 10,000 to judge by; `x[i].reshape(28, 28)` is an image.

    x is float32 of shape (N, 784), from 0 (paper) to 1 (ink); t is integers of shape (N,).

    Args:
        folder: where the four IDX files are, plain or as .gz. None: the folder mnist in
            AUTOGRAD_LITE_DATA when that environment variable is set, else in the user's data
            folder.
        download: get the files that are missing. Without it nothing is ever downloaded.

    Raises:
        FileNotFoundError: files are missing; says where they are looked for, and how to get them.
        ValueError: a file that is damaged, or is not what its name says.
        OSError: a download that failed everywhere. Nothing half-written is left.

    Source: Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits.
    """
    place = default_folder() if folder is None else Path(folder)
    if download:
        _get_missing(place)
    _refuse_missing(place)
    x_train, t_train, x_test, t_test = (_read(place, file) for file in FILES)
    return Split(_images(x_train), t_train.astype(int), _images(x_test), t_test.astype(int))


def default_folder() -> Path:
    """Where MNIST is looked for when nobody says."""
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen:
        return Path(chosen) / "mnist"
    try:
        directories = import_module("platformdirs")
    except ImportError:
        return Path.home() / ".autograd_lite" / "mnist"
    return Path(directories.user_data_dir("autograd_lite", appauthor=False)) / "mnist"


def _found(folder: Path, file: File) -> Path | None:
    """The plain file or the .gz one, whichever is there."""
    paths = (folder / file.name, folder / f"{file.name}.gz")
    return next((path for path in paths if path.is_file()), None)


def _refuse_missing(folder: Path) -> None:
    missing = [file.name for file in FILES if _found(folder, file) is None]
    if missing:
        raise FileNotFoundError(
            f"MNIST is not complete in {folder}. Missing, plain or with .gz: {', '.join(missing)}. "
            "Write ag.data.mnist(download=True), or put the four files there yourself; they are "
            f"at {' and '.join(MIRRORS)}."
        )


def _get_missing(folder: Path) -> None:
    from .download import download  # loads ssl and http, which nothing else needs

    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        if _found(folder, file) is None:
            print(f"downloading {file.name}.gz, {file.size:,} bytes, to {folder}")
            download(MIRRORS, folder / f"{file.name}.gz", file.size, file.sha256)


def _read(folder: Path, file: File) -> np.ndarray:
    path = _found(folder, file)
    assert path is not None
    array = read_idx(path)
    if array.dtype != np.uint8 or array.shape != file.shape:
        raise _not_mnist(path, f"bytes of shape {file.shape}", f"{array.dtype} of {array.shape}")
    if array.ndim == 1 and array.max() > 9:
        raise _not_mnist(path, "labels from 0 to 9", f"{array.max()}")
    return array


def _not_mnist(path: Path, expected: str, received: str) -> ValueError:
    return ValueError(
        f"{path}: expected {expected}, received {received}. It is not the file of MNIST. "
        "Delete it, then write ag.data.mnist(download=True)."
    )


def _images(array: np.ndarray) -> np.ndarray:
    x = array.reshape(len(array), -1).astype(np.float32)
    x /= 255  # in place: the training images are 188 MB
    return x
